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

/* A system that cannot tell; see watchpid.h. */

#include <errno.h>
#include <stddef.h>

#include "watchpid.h"

struct watchpid *
watchpid_new(struct event_base *base, pid_t pid, void (*gone)(void *),
    void *arg)
{
	(void)base;
	(void)pid;
	(void)gone;
	(void)arg;
	errno = ENOTSUP;
	return (NULL);
}

void
watchpid_free(struct watchpid *w)
{
	(void)w;
}

int
watchpid_signal(const struct watchpid *w, int sig)
{
	(void)w;
	(void)sig;
	errno = ENOTSUP;
	return (-1);
}
