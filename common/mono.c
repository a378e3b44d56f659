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

/* The two clocks.  See mono.h for why they have different types. */

#include <time.h>

#include "mono.h"

static int64_t
clock_ms(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) == -1)
		return (0);
	return ((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

struct mono
mono_now(void)
{
	return ((struct mono){ clock_ms(CLOCK_MONOTONIC) });
}

int64_t
wall_now(void)
{
	return (clock_ms(CLOCK_REALTIME));
}

struct timeval
mono_timeval(int64_t ms)
{
	if (ms < 0)
		ms = 0;
	return ((struct timeval){ ms / 1000, ms % 1000 * 1000 });
}

struct timeval
mono_left(struct mono at)
{
	return (mono_timeval(mono_sub(at, mono_now())));
}
