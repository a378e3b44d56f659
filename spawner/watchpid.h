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
 * Hearing of the end of a process that is not our child.
 *
 * watchpid_linux.c: pidfd_open(2), which names the process itself, so that a
 * signal cannot hit another with its pid.  watchpid_kqueue.c: NOTE_EXIT.
 * watchpid_none.c: nothing; one looks again from time to time.
 */

#ifndef SPAWNER_WATCHPID_H
#define SPAWNER_WATCHPID_H

#include <sys/types.h>

struct event_base;
struct watchpid;

/*
 * gone is called once, from the event loop, when the process has ended; the
 * callee frees the watch, then or later.  NULL with errno: ESRCH: there is no
 * such process; anything else: it cannot be watched.
 */
struct watchpid	*watchpid_new(struct event_base *, pid_t,
		    void (*gone)(void *), void *arg);
/* NULL is none. */
void	 watchpid_free(struct watchpid *);

/*
 * Sends a signal to that very process.  0, or -1 with errno: ESRCH: it has
 * ended; ENOTSUP: a watch does not hold it fast here, use kill(2).
 */
int	 watchpid_signal(const struct watchpid *, int sig);

#endif /* SPAWNER_WATCHPID_H */
