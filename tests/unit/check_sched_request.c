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
 * The scheduler: what people ask for (spec.md 9), and that it holds.
 */

#include "sched_rig.h"
#include "suite.h"

static enum sched_verdict
ask_stop(uint32_t t, uint16_t instance)
{
	enum sched_verdict	 v = sched_stop(s, &clk, t, instance);

	took();
	return (v);
}

static enum sched_verdict
ask_start(uint32_t t, uint16_t instance)
{
	enum sched_verdict	 v = sched_start(s, &clk, t, instance);

	took();
	return (v);
}

static enum sched_verdict
ask_count(uint32_t t, uint32_t count)
{
	enum sched_verdict	 v = sched_set_count(s, &clk, t, count);

	took();
	return (v);
}

static enum sched_verdict
ask_control(uint32_t t, enum control control)
{
	enum sched_verdict	 v = sched_set_control(s, &clk, t, control);

	took();
	return (v);
}

/* The same plan anew, for a monitor that has died. */
static void
again_after_crash(void)
{
	crash();
	task(0, "a");
	sync_begin(MODE_RUN, false);
}

START_TEST(a_stop_holds_until_start)
{
	uint64_t	 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	ck_assert_int_eq(ask_stop(0, SCHED_ALL), VERDICT_OK);
	ck_assert(signalled(id, SIGTERM));
	ck_assert_uint_eq(count_of(SCHED_NOTE), 1);
	ck_assert_int_eq(sched_reached(s, 0, SCHED_ALL, GOAL_DOWN),
	    REACHED_NOT_YET);
	gone(id, SIGTERM);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_SUSPENDED, REASON_HELD_BY_OPERATOR);
	ck_assert_int_eq(sched_reached(s, 0, SCHED_ALL, GOAL_DOWN), REACHED);
	ck_assert_int_eq(ask_stop(0, SCHED_ALL), VERDICT_NO_CHANGE);
	ck_assert_uint_eq(nacts, 0);
	ck_assert_int_eq(ask_start(0, SCHED_ALL), VERDICT_OK);
	up(0, 0);
	ck_assert_int_eq(sched_reached(s, 0, SCHED_ALL, GOAL_UP), REACHED);
	ck_assert_int_eq(ask_start(0, SCHED_ALL), VERDICT_NO_CHANGE);
}
END_TEST

START_TEST(one_slot_is_stopped_alone)
{
	struct sched_action	 b;
	uint64_t		 ida, idb;

	task(0, "a")->count = 2;
	begin();
	b = *find(SCHED_SPAWN, 0, 1);
	ida = up(0, 0);
	idb = answer(&b);
	ck_assert_int_eq(ask_stop(0, 1), VERDICT_OK);
	ck_assert(signalled(idb, SIGTERM));
	ck_assert(!signalled(ida, SIGTERM));
	gone(idb, SIGTERM);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	ck_assert_int_eq(ask_stop(0, 2), VERDICT_NO_SLOT);
}
END_TEST

START_TEST(a_hold_outlives_the_monitor)
{
	uint64_t	 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	ck_assert_int_eq(ask_stop(0, SCHED_ALL), VERDICT_OK);
	gone(id, SIGTERM);
	again_after_crash();
	sync_end();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_SUSPENDED, REASON_HELD_BY_OPERATOR);
}
END_TEST

/* The note says it, but it is of the plan before. */
START_TEST(a_reload_that_was_not_noted_has_ended_it)
{
	uint64_t	 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	ck_assert_int_eq(ask_stop(0, SCHED_ALL), VERDICT_OK);
	gone(id, SIGTERM);
	ck_assert_int_eq(ask_count(0, 3), VERDICT_OK);
	gen++;
	again_after_crash();
	sync_end();
	up(0, 0);
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 1));
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

START_TEST(count_starts_and_stops_the_highest)
{
	struct sched_action	 b;
	uint64_t		 ida, idb;

	task(0, "a");
	begin();
	ida = up(0, 0);
	ck_assert_int_eq(sched_may_count(s, 0, 1), VERDICT_NO_CHANGE);
	ck_assert_int_eq(ask_count(0, 2), VERDICT_OK);
	/* The spawner hears of it before it is asked for more. */
	ck_assert_uint_eq(count_of(SCHED_COUNT), 1);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 1));
	ck_assert(find(SCHED_COUNT, 0, 0) < find(SCHED_SPAWN, 0, 1));
	b = *find(SCHED_SPAWN, 0, 1);
	idb = answer(&b);
	ck_assert_int_eq(sched_reached(s, 0, SCHED_ALL, GOAL_STEADY),
	    REACHED);
	ck_assert_int_eq(ask_count(0, 1), VERDICT_OK);
	ck_assert(signalled(idb, SIGTERM));
	ck_assert(!signalled(ida, SIGTERM));
	gone(idb, SIGTERM);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
}
END_TEST

START_TEST(control_off_and_back)
{
	uint64_t	 id;

	task(0, "a");
	task(1, "b");
	need(1, 0, false);
	begin();
	id = up(0, 0);
	ck_assert_int_eq(ask_control(0, CONTROL_OFF), VERDICT_OK);
	ck_assert(signalled(id, SIGTERM));
	gone(id, SIGTERM);
	ck_state(0, STATE_OFF, REASON_CONTROL_OFF);
	ck_assert_int_eq(ask_start(0, SCHED_ALL), VERDICT_OUT_OF_SCOPE);
	ck_assert_int_eq(ask_control(0, CONTROL_SUSPEND), VERDICT_OK);
	ck_state(0, STATE_SUSPENDED, REASON_SUSPENDED);
	ck_assert_int_eq(ask_start(0, SCHED_ALL), VERDICT_SUSPENDED);
	ck_assert_int_eq(ask_control(0, CONTROL_WAIT), VERDICT_OK);
	up(0, 0);
}
END_TEST

START_TEST(what_cannot_be_probed_is_not_made_nowait)
{
	task(0, "a");
	begin();
	ck_assert_int_ne(sched_may_control(s, 0, CONTROL_NOWAIT),
	    VERDICT_OK);
	ck_assert_int_ne(ask_control(0, CONTROL_ADOPT), VERDICT_OK);
	ck_assert_uint_eq(nacts, 0);
}
END_TEST

/* The spawner is told, and told again by the next monitor. */
START_TEST(the_spawner_knows_the_control)
{
	uint64_t	 id;

	task(0, "a")->has_pidfile = true;
	begin();
	notfound(find(SCHED_LOOK, 0, 0), LOOK_NO_FILE);
	id = up(0, 0);
	ck_assert_int_eq(ask_control(0, CONTROL_ADOPT), VERDICT_OK);
	ck_assert_uint_eq(find(SCHED_COUNT, 0, 0)->control, CONTROL_ADOPT);
	ck_assert_uint_eq(find(SCHED_COUNT, 0, 0)->count, 1);
	again_after_crash();
	conf[0].has_pidfile = true;
	{
		struct sync_proc	 p = record(0, 0, id);

		ck_assert_int_eq(sched_add_proc(s, &p), 0);
	}
	sync_end();
	ck_assert_uint_eq(find(SCHED_COUNT, 0, 0)->control, CONTROL_ADOPT);
	shut(MODE_STOP);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
	/* And while the daemon stops, when it counts. */
	crash();
	task(0, "a")->has_pidfile = true;
	sync_begin(MODE_STOP, false);
	sync_end();
	ck_assert_uint_eq(find(SCHED_COUNT, 0, 0)->control, CONTROL_ADOPT);
}
END_TEST

/* A once task that has run under another control has run. */
START_TEST(control_once_of_what_has_ended)
{
	uint64_t	 id;

	task(0, "a");
	task(1, "b");
	need(1, 0, false);
	begin();
	id = up(0, 0);
	ck_assert_int_eq(ask_control(0, CONTROL_ONCE), VERDICT_OK);
	gone(id, 0);
	ck_state(0, STATE_DONE, REASON_EXITED);
	ck_assert_int_eq(ask_control(0, CONTROL_SUSPEND), VERDICT_OK);
	ck_assert_int_eq(ask_control(0, CONTROL_ONCE), VERDICT_OK);
	ck_assert(state(0) == STATE_DONE || state(0) == STATE_STARTING);
}
END_TEST

START_TEST(restart_replaces_the_process)
{
	uint64_t	 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	ck_assert_int_eq(sched_restart(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	ck_assert(signalled(id, SIGTERM));
	gone(id, SIGTERM);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

START_TEST(a_command_has_a_ticket_and_an_end)
{
	const struct sched_action	*r;
	uint32_t			 ticket = 9;
	uint64_t			 id, cmd;
	size_t				 i;
	bool				 told = false;

	task(0, "a");
	begin();
	id = up(0, 0);
	ck_assert_int_eq(sched_run(s, &clk, 0, SCHED_ALL, "nosuch", &ticket),
	    VERDICT_NO_COMMAND);
	ck_assert_uint_eq(ticket, 0);
	ck_assert_int_eq(sched_run(s, &clk, 0, SCHED_ALL, "again", &ticket),
	    VERDICT_OK);
	took();
	ck_assert_uint_ne(ticket, 0);
	r = find(SCHED_RUN, 0, 0);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(r->id, id);
	cmd = answer(r);
	gone(cmd, EXIT_1);
	for (i = 0; i < nacts; i++)
		if (acts[i].what == SCHED_REPORT &&
		    acts[i].report == REPORT_CMD_EXITED &&
		    acts[i].ticket == ticket) {
			told = true;
			ck_assert_uint_eq(acts[i].left, 0);
			ck_assert_uint_eq(acts[i].status, EXIT_1);
		}
	ck_assert(told);
}
END_TEST

/* The place of an action among those of the last step. */
static size_t
place_of(enum sched_what what)
{
	size_t	 i;

	for (i = 0; i < nacts && acts[i].what != what; i++)
		;
	ck_assert_msg(i < nacts, "action %d is not there", (int)what);
	return (i);
}

/* The monitor may die when the spawner has heard only some of it. */
START_TEST(what_is_asked_for_is_noted_before_it_is_done)
{
	uint64_t	 id;

	task(0, "a")->control = CONTROL_ONCE;
	begin();
	id = up(0, 0);
	ck_assert_int_eq(ask_stop(0, SCHED_ALL), VERDICT_OK);
	ck_assert_uint_lt(place_of(SCHED_NOTE), place_of(SCHED_SIGNAL));
	gone(id, SIGTERM);
	ck_assert_int_eq(ask_start(0, SCHED_ALL), VERDICT_OK);
	ck_assert_uint_lt(place_of(SCHED_NOTE), place_of(SCHED_SPAWN));
	/* And of several slots, where some are only started. */
	ck_assert_int_eq(ask_count(0, 2), VERDICT_OK);
	up(0, 1);
	ck_assert_int_eq(ask_stop(0, 0), VERDICT_OK);
	ck_assert_int_eq(sched_restart(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	ck_assert_uint_lt(place_of(SCHED_NOTE), place_of(SCHED_SIGNAL));
}
END_TEST

START_TEST(nothing_is_begun_while_the_daemon_stops)
{
	uint32_t	 ticket;
	uint64_t	 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	shut(MODE_STOP);
	ck_assert_int_eq(ask_start(0, SCHED_ALL), VERDICT_SHUTDOWN);
	ck_assert_int_eq(ask_stop(0, SCHED_ALL), VERDICT_SHUTDOWN);
	ck_assert_int_eq(ask_count(0, 2), VERDICT_SHUTDOWN);
	ck_assert_int_eq(ask_control(0, CONTROL_OFF), VERDICT_SHUTDOWN);
	ck_assert_int_eq(sched_run(s, &clk, 0, 0, "again", &ticket),
	    VERDICT_SHUTDOWN);
	gone(id, SIGTERM);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

/* Two quick ends, and its slot taken away and given back in the delay. */
START_TEST(the_delay_is_not_shortened_by_a_count)
{
	task(0, "a")->count = 2;
	begin();
	gone(up(0, 1), EXIT_1);
	gone(up(0, 1), EXIT_1);
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 1));
	wait_ms(100);
	ck_assert_int_eq(sched_set_count(s, &clk, 0, 1), VERDICT_OK);
	took();
	ck_assert(!mono_isset(armed));
	wait_ms(100);
	ck_assert_int_eq(sched_set_count(s, &clk, 0, 2), VERDICT_OK);
	took();
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 1));
	timer_after(50);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 1));
	/* But a start is one. */
	gone(up(0, 1), EXIT_1);
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 1));
	ck_assert_int_eq(sched_stop(s, &clk, 0, 1), VERDICT_OK);
	took();
	ck_assert_int_eq(sched_start(s, &clk, 0, 1), VERDICT_OK);
	took();
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 1));
}
END_TEST

/* A start that fails while nobody wants it any more has failed as well. */
START_TEST(the_delay_is_not_shortened_by_a_control)
{
	struct sched_action	 start;
	struct spawnfail	 m = {
		.stage = STAGE_FORK, .error = EAGAIN
	};

	task(0, "a");
	begin();
	gone(up(0, 0), 0);
	start = *find(SCHED_SPAWN, 0, 0);
	ck_assert_int_eq(ask_control(0, CONTROL_SUSPEND), VERDICT_OK);
	m.at = clk.now;
	ck_assert_int_eq(sched_spawnfail(s, &clk, start.tag, &m), 0);
	took();
	ck_state(0, STATE_SUSPENDED, REASON_SUSPENDED);
	ck_assert_int_eq(ask_control(0, CONTROL_WAIT), VERDICT_OK);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	timer_after(250);
	up(0, 0);
}
END_TEST

/* Looked for as an orphan, and probed by the time of the answer. */
START_TEST(what_becomes_nowait_is_checked_before_it_is_started)
{
	struct sched_action	 look;

	task(0, "a")->has_pidfile = true;
	conf[0].check_cmd = 2;
	begin();
	look = *find(SCHED_LOOK, 0, 0);
	ck_assert_int_eq(ask_control(0, CONTROL_NOWAIT), VERDICT_OK);
	notfound(&look, LOOK_NO_FILE);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_assert_uint_eq(find(SCHED_RUN, 0, 0)->cmd, 2);
	gone(answer(find(SCHED_RUN, 0, 0)), EXIT_1);
	up(0, 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_stop_holds_until_start,
		one_slot_is_stopped_alone,
		a_hold_outlives_the_monitor,
		a_reload_that_was_not_noted_has_ended_it,
		count_starts_and_stops_the_highest,
		control_off_and_back,
		what_cannot_be_probed_is_not_made_nowait,
		the_spawner_knows_the_control,
		control_once_of_what_has_ended,
		restart_replaces_the_process,
		a_command_has_a_ticket_and_an_end,
		what_is_asked_for_is_noted_before_it_is_done,
		nothing_is_begun_while_the_daemon_stops,
		the_delay_is_not_shortened_by_a_count,
		the_delay_is_not_shortened_by_a_control,
		what_becomes_nowait_is_checked_before_it_is_started
	};

	return (SUITE_RUN("sched_request", tests));
}
