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
 * The scheduler and standing orders (run.h): which it gives, and what it
 * makes of those that were carried out.
 */

#include "sched_rig.h"
#include "suite.h"

static void
gone_again(uint64_t id, uint32_t status)
{
	struct exited	 m = {
		.id = id, .status = status, .again = true, .at = clk.now,
		.wall = clk.wall
	};

	ck_assert_int_eq(sched_exited(s, &clk, &m), 0);
	took();
}

/* What the spawner started by itself. */
static uint64_t
came(uint32_t t, uint16_t instance)
{
	const struct sched_action	 a = {
		.task = t, .instance = instance, .tag = STANDING_TAG
	};

	return (answer(&a));
}

START_TEST(orders_are_given_where_nothing_else_matters)
{
	uint64_t	 id;

	task(0, "a");
	task(1, "b");
	task(2, "c")->control = CONTROL_ONCE;
	need(1, 0, false);
	begin();
	ck_assert_uint_eq(find(SCHED_SPAWN, 0, 0)->again_ms, 0);
	ck_assert_uint_eq(find(SCHED_SPAWN, 2, 0)->again_ms, STANDING_NONE);
	id = up(0, 0);
	ck_assert_uint_eq(find(SCHED_SPAWN, 1, 0)->again_ms, STANDING_NONE);
	gone(id, EXIT_1);
	/* The next quick end would have to wait. */
	ck_assert_uint_eq(find(SCHED_SPAWN, 0, 0)->again_ms, STANDING_MS);
}
END_TEST

START_TEST(a_standing_order_takes_the_place_of_asking)
{
	uint64_t	 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	gone_again(id, EXIT_1);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_STARTING, REASON_WAITS_FOR);
	id = came(0, 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	/* It counts in the row like any other. */
	gone(id, EXIT_1);
	ck_state(0, STATE_BACKOFF, REASON_BACKOFF_UNTIL);
	timer_after(250);
	up(0, 0);
}
END_TEST

/* The order was carried out while our signal was on its way. */
START_TEST(what_came_by_order_and_is_not_wanted_is_stopped)
{
	uint64_t	 id, next;

	task(0, "a");
	begin();
	id = up(0, 0);
	shut(MODE_STOP);
	ck_assert(signalled(id, SIGTERM));
	gone_again(id, EXIT_1);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 0);
	next = came(0, 0);
	ck_assert(signalled(next, SIGTERM));
	gone(next, SIGTERM);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

START_TEST(an_order_that_cannot_be_carried_out_is_a_failed_start)
{
	struct spawnfail	 m = {
		.stage = STAGE_FORK, .error = EAGAIN
	};
	uint64_t		 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	wait_ms(6000);
	gone_again(id, 0);
	m.at = clk.now;
	ck_assert_int_eq(sched_spawnfail(s, &clk, STANDING_TAG, &m), 0);
	took();
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
	/* One that we know nothing of cannot be. */
	ck_assert_int_eq(sched_spawnfail(s, &clk, STANDING_TAG, &m), -1);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		orders_are_given_where_nothing_else_matters,
		a_standing_order_takes_the_place_of_asking,
		what_came_by_order_and_is_not_wanted_is_stopped,
		an_order_that_cannot_be_carried_out_is_a_failed_start
	};

	return (SUITE_RUN("sched_order", tests));
}
