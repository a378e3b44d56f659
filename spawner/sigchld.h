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

/*
 * Hearing of children that ended.  sigchld_linux.c reads a signalfd(2), so
 * that a thousand exits do not interrupt us a thousand times;
 * sigchld_event.c leaves it to libevent, which has kqueue(2) where that is
 * the system's way.  configure chooses.
 */

#ifndef SPAWNER_SIGCHLD_H
#define SPAWNER_SIGCHLD_H

struct event_base;

/* Calls fn(arg) from the event loop after one or more children ended.  For
 * the life of the process.  0, or -1 with errno. */
int	 sigchld_watch(struct event_base *, void (*fn)(void *), void *arg);

#endif /* SPAWNER_SIGCHLD_H */
