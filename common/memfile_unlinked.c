/*
 * Copyright (c) 2026 The taskforced developers
 *
 * Permission to use, copy, modify, and distribute this software for any
 * purpose with or without fee is hereby granted, provided that the above
 * copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
 * ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
 * OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */

/* A temporary file; see memfile.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "memfile.h"
#include "util.h"

int
memfile_open(struct memfile *m, const char *name)
{
	char path[64];
	int save;

	*m = MEMFILE_CLOSED;
	snprintf(path, sizeof(path), "/tmp/%.32s.XXXXXXXXXX", name);
	if ((m->fd = mkstemp(path)) == -1)
		return (-1);
	m->reader = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	save = errno;
	unlink(path);
	if (m->reader != -1 && fd_cloexec(m->fd) == 0)
		return (0);
	memfile_close(m);
	errno = save;
	return (-1);
}

int
memfile_finish(struct memfile *m)
{
	int fd = m->reader;

	m->reader = -1;
	memfile_close(m);
	return (fd);
}
