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
 * The scheduler: how and in which order things are stopped (spec.md 4).
 */

#include "sched_rig.h"
#include "suite.h"

START_TEST(time_limit_stops_and_wait_starts_again)
{
	uint64_t	 id;

	task(0, "a")->time_limit_ms = 800;
	task(1, "o")->control = CONTROL_ONCE;
	conf[1].time_limit_ms = 800;
	task(2, "x");
	need(2, 1, false);
	begin();
	{
		struct sched_action	 o = *find(SCHED_SPAWN, 1, 0);
		uint64_t		 oid;

		id = up(0, 0);
		oid = answer(&o);
		timer_after(800);
		ck_assert(signalled(id, SIGTERM));
		ck_assert(signalled(oid, SIGTERM));
		gone(id, SIGTERM);
		/* It did not fail: no delay. */
		ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
		gone(oid, SIGTERM);
		ck_state(1, STATE_DONE, REASON_EXITED);
		ck_assert_ptr_nonnull(find(SCHED_SPAWN, 2, 0));
	}
}
END_TEST

START_TEST(term_then_kill)
{
	uint64_t	 id;

	task(0, "a")->stop_timeout_ms = 700;
	begin();
	id = up(0, 0);
	shut(MODE_STOP);
	ck_assert(signalled(id, SIGTERM));
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	timer_after(700);
	ck_assert(signalled(id, SIGKILL));
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 0);
	gone(id, SIGKILL);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_assert(!mono_isset(armed));
}
END_TEST

START_TEST(a_stop_command_then_kill)
{
	uint64_t	 id, cmd;

	task(0, "a")->stop_cmd = 1;
	begin();
	id = up(0, 0);
	shut(MODE_STOP);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	ck_assert_uint_eq(find(SCHED_RUN, 0, 0)->id, id);
	cmd = answer(find(SCHED_RUN, 0, 0));
	wait_ms(30000);
	gone(cmd, 0);
	timer_after(5000);
	ck_assert(signalled(id, SIGKILL));
	gone(id, SIGKILL);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

START_TEST(a_stop_command_has_a_minute)
{
	uint64_t	 id, cmd;

	task(0, "a")->stop_cmd = 1;
	begin();
	id = up(0, 0);
	shut(MODE_STOP);
	cmd = answer(find(SCHED_RUN, 0, 0));
	timer_after(60000);
	ck_assert(signalled(id, SIGKILL));
	ck_assert(signalled(cmd, SIGKILL));
	gone(id, SIGKILL);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 0);
	gone(cmd, SIGKILL);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

START_TEST(a_stop_command_that_cannot_run_is_term)
{
	struct spawnfail	 m = {
		.cmd = 1, .stage = STAGE_EXEC, .error = ENOENT
	};
	uint64_t		 id;

	task(0, "a")->stop_cmd = 1;
	begin();
	id = up(0, 0);
	shut(MODE_STOP);
	ck_assert_int_eq(sched_spawnfail(s, &clk,
	    find(SCHED_RUN, 0, 0)->tag, &m), 0);
	took();
	ck_assert(signalled(id, SIGTERM));
	timer_after(5000);
	ck_assert(signalled(id, SIGKILL));
}
END_TEST

/* A successor might be stopped by the command that was for another. */
/* A reload had it refused; what it was to stop has ended meanwhile. */
START_TEST(a_stop_command_is_not_asked_again_for_nothing)
{
	struct sched_action	 halt;
	struct spawnfail	 m = {
		.cmd = 1, .stage = STAGE_REFUSED, .error = ESTALE
	};
	uint64_t		 id;

	task(0, "a")->stop_cmd = 1;
	begin();
	id = up(0, 0);
	ck_assert_int_eq(sched_stop(s, &clk, 0, 0), VERDICT_OK);
	took();
	halt = *find(SCHED_RUN, 0, 0);
	ck_assert_int_eq(sched_spawnfail(s, &clk, halt.tag, &m), 0);
	took();
	halt = *find(SCHED_RUN, 0, 0);
	gone(id, 0);
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	ck_assert_int_eq(sched_spawnfail(s, &clk, halt.tag, &m), 0);
	took();
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
	ck_state(0, STATE_SUSPENDED, REASON_HELD_BY_OPERATOR);
}
END_TEST

START_TEST(nothing_starts_while_the_stop_command_runs)
{
	uint64_t	 id, cmd;

	task(0, "a")->stop_cmd = 1;
	conf[0].time_limit_ms = 100;
	begin();
	id = up(0, 0);
	timer_after(100);
	cmd = answer(find(SCHED_RUN, 0, 0));
	gone(id, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	gone(cmd, 0);
	up(0, 0);
}
END_TEST

START_TEST(one_command_for_all_or_one_for_each)
{
	struct sched_action	 a[2];
	uint32_t		 t;

	for (t = 0; t < 2; t++) {
		task(t, t == 0 ? "all" : "each")->count = 2;
		conf[t].stop_cmd = 1;
		conf[t].cmds[1].per_process = t == 1;
	}
	begin();
	a[0] = *find(SCHED_SPAWN, 0, 1);
	a[1] = *find(SCHED_SPAWN, 1, 1);
	{
		struct sched_action	 b = *find(SCHED_SPAWN, 1, 0);

		up(0, 0);
		answer(&b);
	}
	answer(&a[0]);
	answer(&a[1]);
	shut(MODE_STOP);
	ck_assert_uint_eq(count_of(SCHED_RUN), 3);
	ck_assert_ptr_nonnull(find(SCHED_RUN, 1, 0));
	ck_assert_ptr_nonnull(find(SCHED_RUN, 1, 1));
}
END_TEST

START_TEST(events_restart_and_stop_take_the_place_of_the_signal)
{
	uint64_t	 r, t;

	task(0, "r")->time_limit_ms = 100;
	event_of(0, EVENT_RESTART, SIGUSR1, 0);
	task(1, "t");
	event_of(1, EVENT_STOP, SIGINT, 0);
	begin();
	{
		struct sched_action	 a = *find(SCHED_SPAWN, 1, 0);

		r = up(0, 0);
		t = answer(&a);
	}
	timer_after(100);
	ck_assert(signalled(r, SIGUSR1));
	timer_after(5000);
	ck_assert(signalled(r, SIGKILL));
	gone(r, SIGKILL);
	r = up(0, 0);
	shut(MODE_STOP);
	ck_assert(signalled(r, SIGTERM));
	ck_assert(signalled(t, SIGINT));
}
END_TEST

START_TEST(shutdown_is_in_reverse_order)
{
	uint64_t	 a, b, c;

	task(0, "a");
	task(1, "b");
	need(1, 0, false);
	task(2, "c");
	need(2, 1, false);
	task(3, "alone");
	begin();
	{
		struct sched_action	 d = *find(SCHED_SPAWN, 3, 0);

		a = up(0, 0);
		b = up(1, 0);
		c = up(2, 0);
		answer(&d);
	}
	shut(MODE_RESET);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 2);
	ck_assert(signalled(c, SIGTERM));
	ck_assert(signalled(last_id, SIGTERM));
	gone(last_id, 0);
	gone(c, 0);
	ck_assert(signalled(b, SIGTERM));
	/* One that dies out of turn is not started again. */
	gone(a, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	gone(b, 0);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
	/* A stop after the reset is told as well. */
	shut(MODE_STOP);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

START_TEST(who_dies_out_of_turn_holds_the_order)
{
	uint64_t	 a, b, c;

	task(0, "a");
	task(1, "b");
	need(1, 0, false);
	task(2, "c");
	need(2, 1, false);
	begin();
	a = up(0, 0);
	b = up(1, 0);
	c = up(2, 0);
	shut(MODE_STOP);
	gone(b, EXIT_1);
	ck_assert(!signalled(a, SIGTERM));
	gone(c, 0);
	ck_assert(signalled(a, SIGTERM));
}
END_TEST

/* Between two that run is one that does not. */
START_TEST(the_order_passes_what_does_not_run)
{
	uint64_t	 a, c;

	task(0, "a");
	task(1, "b")->control = CONTROL_ONCE;
	need(1, 0, false);
	task(2, "c");
	need(2, 1, false);
	begin();
	a = up(0, 0);
	gone(up(1, 0), 0);
	c = up(2, 0);
	shut(MODE_STOP);
	ck_assert(signalled(c, SIGTERM));
	ck_assert(!signalled(a, SIGTERM));
	gone(c, 0);
	ck_assert(signalled(a, SIGTERM));
}
END_TEST

START_TEST(asked_for_and_no_longer_wanted)
{
	struct sched_action	 a;
	uint64_t		 id;

	task(0, "a");
	begin();
	a = *find(SCHED_SPAWN, 0, 0);
	shut(MODE_STOP);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 0);
	id = answer(&a);
	ck_assert(signalled(id, SIGTERM));
	gone(id, SIGTERM);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

/* It is over, the process is not, and a new monitor comes. */
START_TEST(what_a_stop_command_left_is_killed_by_the_next_monitor)
{
	const struct sched_action	*a;
	struct sync_proc		 p;
	uint64_t			 id;

	task(0, "a")->stop_cmd = 1;
	begin();
	id = up(0, 0);
	wait_ms(10000);
	ck_assert_int_eq(sched_restart(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	a = find(SCHED_RUN, 0, 0);
	ck_assert_ptr_nonnull(a);
	gone(answer(a), 0);
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	wait_ms(1000);
	crash();
	task(0, "a")->stop_cmd = 1;
	sync_begin(MODE_RUN, false);
	/* A signal of long ago is none of this stop. */
	p = record(0, 0, id);
	p.last_signal = SIGHUP;
	p.signalled = mono_add(clk.now, -9000);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	timer_after(5000);
	ck_assert(signalled(id, SIGKILL));
	gone(id, SIGKILL);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		time_limit_stops_and_wait_starts_again,
		term_then_kill,
		a_stop_command_then_kill,
		a_stop_command_has_a_minute,
		a_stop_command_that_cannot_run_is_term,
		a_stop_command_is_not_asked_again_for_nothing,
		nothing_starts_while_the_stop_command_runs,
		one_command_for_all_or_one_for_each,
		events_restart_and_stop_take_the_place_of_the_signal,
		shutdown_is_in_reverse_order,
		who_dies_out_of_turn_holds_the_order,
		the_order_passes_what_does_not_run,
		asked_for_and_no_longer_wanted,
		what_a_stop_command_left_is_killed_by_the_next_monitor
	};

	return (SUITE_RUN("sched_stop", tests));
}
