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

/* What is the same on every system; see memfile.h. */

#include <errno.h>
#include <unistd.h>

#include "memfile.h"

int
memfile_write(struct memfile *m, const void *p, size_t len)
{
	const char *from = p;
	ssize_t n;

	while (len > 0) {
		if ((n = write(m->fd, from, len)) == -1) {
			if (errno == EINTR)
				continue;
			return (-1);
		}
		from += n;
		len -= n;
	}
	return (0);
}

void
memfile_close(struct memfile *m)
{
	if (m->fd != -1)
		close(m->fd);
	if (m->reader != -1)
		close(m->reader);
	*m = MEMFILE_CLOSED;
}
