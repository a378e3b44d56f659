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
 * The scheduler after a sync: what is kept, stopped, run again and still
 * known when the monitor is another (design.md 2).
 */

#include "sched_rig.h"
#include "suite.h"

START_TEST(a_sync_keeps_what_is_right)
{
	struct sync_proc	 p;
	struct sched_view	 v;

	task(0, "a")->start_delay_ms = 3000;
	task(1, "b");
	need(1, 0, false);
	sync_begin(MODE_RUN, false);
	p = record(0, 0, 7);
	wait_ms(1000);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_assert_uint_eq(count_of(SCHED_SPAWN) + count_of(SCHED_SIGNAL), 0);
	ck_assert_uint_eq(sched_sum(s)->kept, 1);
	sched_view(s, 0, &v);
	ck_assert_int_eq(v.since_wall, p.started_wall);
	/* The delay counts from the start that another monitor saw. */
	timer_after(2000);
	up(1, 0);
}
END_TEST

START_TEST(a_sync_restarts_what_is_stale)
{
	struct sync_proc	 p;

	task(0, "a");
	task(1, "o")->control = CONTROL_ONCE;
	sync_begin(MODE_RUN, true);
	p = record(0, 0, 7);
	p.stale = true;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	p = record(1, 0, 8);
	p.stale = true;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_assert(signalled(7, SIGTERM));
	ck_assert(signalled(8, SIGTERM));
	ck_assert_uint_eq(sched_sum(s)->restarted, 2);
	last_id = 10;
	gone(7, SIGTERM);
	up(0, 0);
	/* A once task that was ended for that runs again. */
	gone(8, SIGTERM);
	gone(up(1, 0), 0);
	ck_state(1, STATE_DONE, REASON_EXITED);
}
END_TEST

START_TEST(count_touches_the_highest_only)
{
	struct sync_proc	 p;
	uint16_t		 i;

	task(0, "a")->count = 2;
	conf[0].stop_cmd = 1;
	sync_begin(MODE_RUN, true);
	for (i = 0; i < 4; i++) {
		p = record(0, i, 7 + i);
		ck_assert_int_eq(sched_add_proc(s, &p), 0);
	}
	sync_end();
	/* The command would stop all of them. */
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 2);
	ck_assert(signalled(9, SIGTERM));
	ck_assert(signalled(10, SIGTERM));
	ck_state(0, STATE_RUNNING, REASON_NONE);
	gone(9, 0);
	gone(10, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);

	crash();
	task(0, "a")->count = 3;
	sync_begin(MODE_RUN, true);
	for (i = 0; i < 2; i++) {
		p = record(0, i, 7 + i);
		ck_assert_int_eq(sched_add_proc(s, &p), 0);
	}
	sync_end();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 1);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 2));
}
END_TEST

START_TEST(what_is_gone_from_the_plan_is_stopped)
{
	struct sync_proc	 p;

	task(0, "a");
	sync_begin(MODE_RUN, true);
	p = record(NO_INDEX, 3, 7);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_assert(signalled(7, SIGTERM));
	timer_after(5000);
	ck_assert(signalled(7, SIGKILL));
	gone(7, SIGKILL);
	ck_assert(!mono_isset(armed));
}
END_TEST

START_TEST(suspended_and_out_of_scope_are_stopped)
{
	struct sync_proc	 p;

	task(0, "s")->control = CONTROL_SUSPEND;
	task(1, "o")->in_role = false;
	task(2, "h")->held = true;
	conf[2].why = REASON_NO_PROGRAM;
	sync_begin(MODE_RUN, true);
	p = record(0, 0, 7);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	p = record(1, 0, 8);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	p = record(2, 0, 9);
	p.stale = true;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_assert(signalled(7, SIGTERM));
	ck_assert(signalled(8, SIGTERM));
	/* What could not be started again runs on. */
	ck_assert(!signalled(9, SIGTERM));
	gone(7, 0);
	ck_state(0, STATE_SUSPENDED, REASON_SUSPENDED);
	gone(8, 0);
	ck_state(1, STATE_OFF, REASON_NOT_IN_ROLE);
	gone(9, 0);
	ck_state(2, STATE_FAILED, REASON_NO_PROGRAM);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
}
END_TEST

START_TEST(a_pending_stop_goes_on)
{
	struct sync_proc	 p;

	task(0, "a");
	sync_begin(MODE_RUN, false);
	p = record(0, 0, 7);
	p.last_signal = SIGTERM;
	p.signalled = clk.now;
	wait_ms(3000);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	timer_after(2000);
	ck_assert(signalled(7, SIGKILL));
	last_id = 10;
	gone(7, SIGKILL);
	up(0, 0);
}
END_TEST

START_TEST(a_passed_time_limit_is_not_left_to_the_timer)
{
	struct sync_proc	 p;

	task(0, "a")->time_limit_ms = 2000;
	event_of(0, EVENT_RESTART, SIGUSR1, 0);
	task(1, "b");
	need(1, 0, false);
	sync_begin(MODE_RUN, false);
	p = record(0, 0, 7);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	wait_ms(3000);
	sync_end();
	ck_assert(signalled(7, SIGUSR1));
	ck_assert_ptr_null(find(SCHED_SPAWN, 1, 0));
	crash();

	/* Once more: it was signalled, and is not signalled again. */
	task(0, "a")->time_limit_ms = 2000;
	event_of(0, EVENT_RESTART, SIGUSR1, 0);
	task(1, "b");
	need(1, 0, false);
	sync_begin(MODE_RUN, false);
	p.last_signal = SIGUSR1;
	p.signalled = clk.now;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	wait_ms(1000);
	sync_end();
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	timer_after(4000);
	ck_assert(signalled(7, SIGKILL));
}
END_TEST

START_TEST(a_stop_command_under_way_goes_on)
{
	struct sync_proc	 p;

	task(0, "a")->stop_cmd = 1;
	sync_begin(MODE_STOP, false);
	p = record(0, 0, 7);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	p = record(0, 0, 8);
	p.kind = PROC_COMMAND;
	p.cmd = 1;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	wait_ms(20000);
	sync_end();
	ck_assert_uint_eq(count_of(SCHED_RUN) + count_of(SCHED_SIGNAL), 0);
	timer_after(40000);
	ck_assert(signalled(7, SIGKILL));
	ck_assert(signalled(8, SIGKILL));
}
END_TEST

START_TEST(once_has_run_and_does_not_run_again)
{
	struct sync_proc	 p;

	task(0, "o")->control = CONTROL_ONCE;
	task(1, "x");
	need(1, 0, true);
	begin();
	gone(up(0, 0), 0);
	crash();

	/* Another command and one more instance: a new configuration. */
	task(0, "o")->control = CONTROL_ONCE;
	conf[0].count = 2;
	task(1, "x");
	need(1, 0, true);
	sync_begin(MODE_RUN, true);
	p = record(0, 0, 0);
	p.exited = mono_add(clk.now, 1);
	p.stale = true;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 0));
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 1));
	ck_state(0, STATE_DONE, REASON_EXITED);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 1, 0));
}
END_TEST

START_TEST(once_runs_again_when_it_comes_back_into_scope)
{
	struct sync_proc	 p;

	task(0, "o")->control = CONTROL_ONCE;
	begin();
	gone(up(0, 0), 0);
	crash();
	p = record(0, 0, 0);
	p.exited = clk.now;
	wait_ms(10);

	task(0, "o")->control = CONTROL_ONCE;
	conf[0].in_role = false;
	sync_begin(MODE_RUN, true);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_state(0, STATE_OFF, REASON_NOT_IN_ROLE);
	crash();

	task(0, "o")->control = CONTROL_ONCE;
	sync_begin(MODE_RUN, true);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	up(0, 0);
}
END_TEST

START_TEST(the_row_survives_the_monitor)
{
	struct sync_proc	 p;
	int			 i;

	task(0, "a");
	begin();
	gone(up(0, 0), EXIT_1);
	for (i = 0; i < 2; i++) {
		gone(up(0, 0), EXIT_1);
		timer_after(i == 0 ? 250 : 500);
	}
	gone(up(0, 0), EXIT_1);
	crash();
	task(0, "a");
	sync_begin(MODE_RUN, false);
	p = record(0, 0, 0);
	p.exited = clk.now;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	wait_ms(400);
	sync_end();
	ck_state(0, STATE_BACKOFF, REASON_BACKOFF_UNTIL);
	timer_after(600);
	gone(up(0, 0), EXIT_1);
	timer_after(2000);
}
END_TEST

START_TEST(an_exit_that_nobody_saw_runs_onexit)
{
	struct sync_proc	 p;
	uint64_t		 id;

	task(0, "set")->control = CONTROL_ONCE;
	task(1, "clock");
	onexit_of(1, 0);
	begin();
	{
		struct sched_action	 a = *find(SCHED_SPAWN, 1, 0);

		gone(up(0, 0), 0);
		id = answer(&a);
	}
	p = record(1, 0, 0);
	wait_ms(7000);
	p.exited = clk.now;
	crash();
	ck_assert_uint_ne(id, 0);

	task(0, "set")->control = CONTROL_ONCE;
	task(1, "clock");
	onexit_of(1, 0);
	sync_begin(MODE_RUN, false);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 1, 0));
}
END_TEST

/* Two slots that have run; the second alone is asked for once more. */
START_TEST(a_start_of_one_slot_outlives_a_sync)
{
	struct sync_proc	 p[2];
	uint64_t		 b;

	task(0, "a")->control = CONTROL_ONCE;
	conf[0].count = 2;
	begin();
	{
		struct sched_action	 one = *find(SCHED_SPAWN, 0, 1);

		gone(up(0, 0), 0);
		acts[0] = one;
		nacts = 1;
		b = up(0, 1);
	}
	p[0] = record(0, 0, 0);
	p[1] = record(0, 1, 0);
	p[0].id = 1;
	p[1].id = b;
	p[0].exited = p[1].exited = clk.now;
	gone(b, 0);
	wait_ms(100);
	ck_assert_int_eq(sched_start(s, &clk, 0, 1), VERDICT_OK);
	took();
	crash();
	task(0, "a")->control = CONTROL_ONCE;
	conf[0].count = 2;
	sync_begin(MODE_RUN, true);
	ck_assert_int_eq(sched_add_proc(s, &p[0]), 0);
	ck_assert_int_eq(sched_add_proc(s, &p[1]), 0);
	sync_end();
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 0));
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 1));
}
END_TEST

/* Its record says USR1 and not why; there is no other reason to stop it. */
START_TEST(a_restart_by_another_signal_outlives_a_crash)
{
	struct sync_proc	 p;
	uint64_t		 id;

	task(0, "a");
	event_of(0, EVENT_RESTART, SIGUSR1, 0);
	begin();
	id = up(0, 0);
	p = record(0, 0, id);
	ck_assert_int_eq(sched_restart(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	ck_assert(signalled(id, SIGUSR1));
	p.last_signal = SIGUSR1;
	p.signalled = clk.now;
	crash();
	task(0, "a");
	event_of(0, EVENT_RESTART, SIGUSR1, 0);
	wait_ms(1000);
	sync_begin(MODE_RUN, false);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	timer_after(4000);
	ck_assert(signalled(id, SIGKILL));
	/* Of another process it says nothing. */
	crash();
	task(0, "a");
	event_of(0, EVENT_RESTART, SIGUSR1, 0);
	sync_begin(MODE_RUN, false);
	p.id += 1;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

/* Restarted by a person, and its end is all that the next one is told. */
START_TEST(a_run_that_was_broken_off_is_done_once_more)
{
	struct sync_proc	 p;
	uint64_t		 id;

	task(0, "a")->control = CONTROL_ONCE;
	begin();
	id = up(0, 0);
	p = record(0, 0, id);
	wait_ms(10);
	ck_assert_int_eq(sched_restart(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	p.pid = 0;
	p.exited = clk.now;
	p.last_signal = SIGTERM;
	p.status = SIGTERM;
	crash();
	task(0, "a")->control = CONTROL_ONCE;
	sync_begin(MODE_RUN, false);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	up(0, 0);
}
END_TEST

/* The records were made before the signal was heard. */
START_TEST(a_signal_that_crosses_a_reload_is_one)
{
	struct sched	*before;
	struct sync_proc p;
	uint64_t	 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	p = record(0, 0, id);
	ck_assert_int_eq(sched_restart(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	ck_assert(signalled(id, SIGTERM));
	before = s;
	wait_ms(1000);
	task(0, "a");
	sync_begin(MODE_RUN, true);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end_after(before);
	sched_free(before);
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	ck_assert(!signalled(id, SIGTERM));
	timer_after(4000);
	ck_assert(signalled(id, SIGKILL));
}
END_TEST

/* The note of its start was lost in a crash, and the count is less now. */
START_TEST(a_run_in_a_slot_too_many_is_not_over)
{
	struct sync_proc	 p;

	task(0, "a")->control = CONTROL_ONCE;
	task(1, "b");
	need(1, 0, false);
	begin();
	gone(up(0, 0), 0);
	up(1, 0);
	crash();
	task(0, "a")->control = CONTROL_ONCE;
	task(1, "b");
	need(1, 0, false);
	sync_begin(MODE_RUN, true);
	p = record(0, 0, 0);
	p.exited = clk.now;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	p = record(0, 1, 6);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_assert(signalled(6, SIGTERM));
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	last_id = 10;
	gone(6, SIGTERM);
	up(1, 0);
}
END_TEST

/* What a reset leaves running is not on its way out for having been sent TERM
 * by a person before. */
START_TEST(what_a_reset_leaves_was_not_asked_to_go)
{
	struct schedrec_task	*t;
	struct sched_action	 look;
	struct sched		*before;
	struct sync_proc	 p;
	uint64_t		 id;

	t = task(0, "a");
	t->control = CONTROL_ADOPT;
	t->has_pidfile = true;
	begin();
	look = *find(SCHED_LOOK, 0, 0);
	id = found(&look, true);
	p = record(0, 0, id);
	p.last_signal = SIGTERM;
	p.signalled = clk.now;
	shut(MODE_RESET);
	ck_assert(!signalled(id, SIGTERM));
	before = s;
	wait_ms(1000);
	t = task(0, "a");
	t->control = CONTROL_ADOPT;
	t->has_pidfile = true;
	sync_begin(MODE_RUN, true);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end_after(before);
	sched_free(before);
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_sync_keeps_what_is_right,
		a_sync_restarts_what_is_stale,
		count_touches_the_highest_only,
		what_is_gone_from_the_plan_is_stopped,
		suspended_and_out_of_scope_are_stopped,
		a_pending_stop_goes_on,
		a_passed_time_limit_is_not_left_to_the_timer,
		a_stop_command_under_way_goes_on,
		once_has_run_and_does_not_run_again,
		once_runs_again_when_it_comes_back_into_scope,
		the_row_survives_the_monitor,
		an_exit_that_nobody_saw_runs_onexit,
		a_start_of_one_slot_outlives_a_sync,
		a_restart_by_another_signal_outlives_a_crash,
		a_run_that_was_broken_off_is_done_once_more,
		a_signal_that_crosses_a_reload_is_one,
		a_run_in_a_slot_too_many_is_not_over,
		what_a_reset_leaves_was_not_asked_to_go
	};

	return (SUITE_RUN("sched_sync", tests));
}
