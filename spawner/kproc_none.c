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

/* A system that we do not know how to ask; see kproc.h. */

#include <errno.h>

#include "kproc.h"

int
kproc_get(pid_t pid, struct kproc *k)
{
	(void)pid;
	(void)k;
	errno = ENOTSUP;
	return (-1);
}

int
kproc_usage(pid_t pid, uint64_t *cpu_ms, uint64_t *rss_bytes)
{
	(void)pid;
	(void)cpu_ms;
	(void)rss_bytes;
	errno = ENOTSUP;
	return (-1);
}
