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
 * Monotonic time as a type of its own, so that it can never be mixed up
 * with wall-clock time: a scheduler that reckons with the wall clock stops
 * services when somebody sets the date.  The unit is the millisecond, as on
 * the wire.  Wall-clock times, for showing only, are plain int64_t named
 * *_wall, in milliseconds since the Epoch.
 */

#ifndef COMMON_MONO_H
#define COMMON_MONO_H

#include <sys/time.h>

#include <stdbool.h>
#include <stdint.h>

struct mono {
	int64_t	 ms;	/* since boot (CLOCK_MONOTONIC); 0 means "never" */
};

#define MONO_NEVER	((struct mono){ 0 })

/* The time now.  clock_gettime(2) with CLOCK_MONOTONIC cannot fail here. */
struct mono	 mono_now(void);

/* Milliseconds since the Epoch, for people to read; may jump. */
int64_t		 wall_now(void);

/* For timers: so many milliseconds, none for less than that; and what is left
 * until then, none when that has come. */
struct timeval	 mono_timeval(int64_t ms);
struct timeval	 mono_left(struct mono);

static inline bool
mono_isset(struct mono t)
{
	return (t.ms != 0);
}

static inline struct mono
mono_add(struct mono t, int64_t ms)
{
	return ((struct mono){ t.ms + ms });
}

/* Milliseconds from b to a: positive when a is later. */
static inline int64_t
mono_sub(struct mono a, struct mono b)
{
	return (a.ms - b.ms);
}

static inline int
mono_cmp(struct mono a, struct mono b)
{
	return (a.ms < b.ms ? -1 : a.ms > b.ms);
}

/* The earlier of two, where never is later than anything. */
static inline struct mono
mono_earlier(struct mono a, struct mono b)
{
	if (!mono_isset(a))
		return (b);
	return (mono_isset(b) && b.ms < a.ms ? b : a);
}

#endif /* COMMON_MONO_H */
