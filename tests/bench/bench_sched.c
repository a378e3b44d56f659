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
 * What one event costs the scheduler among 100, 1,000 and 10,000 tasks: an
 * exit, a timer, a request; in a chain, a star and at random.  "exit" is of
 * a task that is in no cache when there are many, "again" of the same one
 * once more: the difference is the price of memory, not of work.
 */

#include "../unit/sched_load.h"

int
main(void)
{
	static const char *const names[] = { "chain", "star", "random" };
	static const uint32_t	 counts[] = { 100, 1000, 10000 };
	struct load_cost	 cost;
	uint32_t		 shape, i;

	printf("%-8s %8s %10s %10s %10s %10s\n", "shape", "tasks",
	    "exit ns", "again ns", "timer ns", "request ns");
	for (shape = LOAD_CHAIN; shape <= LOAD_RANDOM; shape++)
		for (i = 0; i < nitems(counts); i++) {
			load_measure(shape, counts[i], 2000, &cost);
			printf("%-8s %8u %10lld %10lld %10lld %10lld%s\n",
			    names[shape], counts[i], (long long)cost.exit_ns,
			    (long long)cost.again_ns,
			    (long long)cost.timer_ns,
			    (long long)cost.request_ns,
			    cost.armed ? "  a timer is armed at rest" : "");
		}
	return (0);
}
