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
 * What one event costs the scheduler does not grow with the number of tasks:
 * 100 and 10,000 in a chain, a star and at random.  Counted is not the time
 * alone, which a busy machine makes long, but the least of many: it may be
 * dearer by caches that do not hold ten thousand tasks, not by a walk over
 * them.  out/tests/bench_sched prints the figures.
 */

#include <stdio.h>
#include <time.h>

#include "sched_load.h"
#include "suite.h"

#define FACTOR	20	/* of what is in no cache */
#define FLOOR	1500	/* ns: less cannot be told apart */
/* Of what is: a walk over 10,000 would be far beyond it. */
#define WARM_FACTOR	3
#define WARM_FLOOR	300

static void
compare(enum load_shape shape)
{
	struct load_cost	 few, many;

	load_measure(shape, 100, 400, &few);
	load_measure(shape, 10000, 400, &many);
	ck_assert_msg(many.exit_ns <= FACTOR * (few.exit_ns + FLOOR),
	    "an exit costs %lld ns, of 100 tasks %lld ns",
	    (long long)many.exit_ns, (long long)few.exit_ns);
	ck_assert_msg(many.again_ns <= WARM_FACTOR *
	    (few.again_ns + WARM_FLOOR),
	    "an exit costs %lld ns once more, of 100 tasks %lld ns",
	    (long long)many.again_ns, (long long)few.again_ns);
	ck_assert_msg(many.request_ns <= FACTOR * (few.request_ns + FLOOR),
	    "a request costs %lld ns, of 100 tasks %lld ns",
	    (long long)many.request_ns, (long long)few.request_ns);
	ck_assert_msg(many.timer_ns <= FACTOR * (few.timer_ns + FLOOR),
	    "a timer costs %lld ns, of 100 tasks %lld ns",
	    (long long)many.timer_ns, (long long)few.timer_ns);
	/* And what is due is all that is armed. */
	ck_assert(!few.armed && !many.armed);
}

START_TEST(a_chain)
{
	compare(LOAD_CHAIN);
}
END_TEST

START_TEST(a_star)
{
	compare(LOAD_STAR);
}
END_TEST

START_TEST(at_random)
{
	compare(LOAD_RANDOM);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { a_chain, a_star, at_random };

	return (SUITE_RUN("sched_speed", tests));
}
