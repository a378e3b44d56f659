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
 * Deadlines: a binary min-heap of timers that are part of what they belong
 * to.  Setting and deleting cost log n, looking at the first costs nothing;
 * no memory is asked for while a timer that was set once is set again.
 */

#ifndef MONITOR_SCHED_TIME_H
#define MONITOR_SCHED_TIME_H

#include <stdint.h>

#include "../common/mono.h"

/* All zero: not set. */
struct timer {
	struct mono	 at;
	uint32_t	 pos;	/* in the heap, from 1; 0: not set */
	uint8_t		 kind;	/* the owner's own word */
	void		*owner;
};

struct timers {
	struct timer	**heap;
	uint32_t	 n;
	uint32_t	 cap;
};

/* Sets t to at, or moves it there.  Owner and kind are the caller's. */
void	 timers_set(struct timers *, struct timer *t, struct mono at);
/* Nothing happens when t is not set. */
void	 timers_del(struct timers *, struct timer *t);
/* The one that is due first, or NULL. */
struct timer	*timers_first(const struct timers *);
void	 timers_free(struct timers *);

#endif /* MONITOR_SCHED_TIME_H */
