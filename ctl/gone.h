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

/* Waiting for the daemon's end. */

#ifndef CTL_GONE_H
#define CTL_GONE_H

#include "conn.h"

/*
 * A descriptor that becomes readable when the daemon at the other end of c
 * has exited, or -1 where the system has no such thing.  Ask before the
 * daemon is told to stop.  The caller closes it.
 */
int		 gone_watch(const struct conn *c);

/*
 * Waits until the daemon is gone: by watch, or, when that is -1, until its
 * socket takes no connection any more.  CTL_OK, or CTL_TIMEOUT at the
 * deadline of c.
 */
enum ctl_exit	 gone_wait(struct conn *c, int watch);

#endif /* CTL_GONE_H */
