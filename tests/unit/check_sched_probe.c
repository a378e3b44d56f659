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
 * The scheduler: nowait, adopt and what earlier runs left behind (spec.md 4
 * and 5).
 */

#include "sched_rig.h"
#include "suite.h"

#define CHECK	2	/* the command that is it, where there is one */

static struct schedrec_task *
probed(uint32_t i, const char *name, bool check)
{
	struct schedrec_task	*t = task(i, name);

	t->control = CONTROL_NOWAIT;
	t->has_pidfile = !check;
	t->check_cmd = check ? CHECK : 0;
	t->stop_cmd = check ? 1 : 0;
	return (t);
}

/* The check that the last step asked for is there now; its id. */
static uint64_t
asked_check(uint32_t t)
{
	return (asked_run(t, CHECK));
}

START_TEST(looked_for_before_it_is_started)
{
	struct sched_action	 look;
	uint64_t		 id;

	probed(0, "a", false);
	begin();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	/* It leaves a daemon, whose pidfile comes a little later. */
	id = up(0, 0);
	gone(id, 0);
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	timer_after(250);
	look = asked_look(0);
	found(&look, true);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	/* Its end will be told: nothing is asked for. */
	ck_assert(!mono_isset(armed));
}
END_TEST

START_TEST(found_running_is_kept)
{
	struct sched_action	 look;
	uint64_t		 id;

	probed(0, "a", false);
	begin();
	look = asked_look(0);
	id = found(&look, true);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	wait_ms(20000);
	gone(id, STATUS_UNKNOWN);
	/* Is there another?  No, nor when it is to be started. */
	look = asked_look(0);
	notfound(&look, LOOK_DEAD);
	look = asked_look(0);
	notfound(&look, LOOK_DEAD);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

START_TEST(what_cannot_be_watched_is_looked_at)
{
	struct sched_action	 look;
	uint64_t		 id;
	struct found		 same = { 0 };

	probed(0, "a", false)->check_interval_ms = 700;
	begin();
	look = asked_look(0);
	id = found(&look, false);
	timer_after(700);
	look = asked_look(0);
	same = (struct found){ .id = id, .pid = 5000 + id,
	    .started = clk.now };
	ck_assert_int_eq(sched_found(s, &clk, look.tag, &same), 0);
	took();
	timer_after(700);
	asked_look(0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

START_TEST(the_check_command_decides)
{
	uint64_t	 id, check;

	probed(0, "a", true)->check_interval_ms = 1000;
	begin();
	check = asked_check(0);
	gone(check, EXIT_1);
	id = up(0, 0);
	gone(id, 0);
	check = asked_check(0);
	gone(check, 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	timer_after(1000);
	check = asked_check(0);
	gone(check, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	timer_after(1000);
	check = asked_check(0);
	gone(check, EXIT_1);
	/* By what it is stopped with, or at once: it is started again. */
	if (find(SCHED_RUN, 0, 0) != NULL) {
		check = asked_check(0);
		gone(check, EXIT_1);
	}
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

START_TEST(a_check_that_hangs_has_said_no)
{
	uint64_t	 check;

	probed(0, "a", true)->check_timeout_ms = 300;
	begin();
	check = asked_check(0);
	timer_after(300);
	ck_assert(signalled(check, SIGKILL));
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	gone(check, SIGKILL);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

/* It had come to its end, and that was not told yet. */
START_TEST(the_answer_of_a_check_may_be_on_its_way)
{
	uint64_t	 check;

	probed(0, "a", true)->check_timeout_ms = 300;
	begin();
	check = asked_check(0);
	timer_after(300);
	ck_assert(signalled(check, SIGKILL));
	gone(check, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

START_TEST(a_check_that_cannot_be_killed_has_said_no)
{
	probed(0, "a", true)->check_timeout_ms = 300;
	begin();
	(void)asked_check(0);
	timer_after(300);
	timer_after(5000);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	up(0, 0);
}
END_TEST

static void
check_fails(uint64_t id)
{
	struct spawnfail	 m = {
		.id = id, .cmd = CHECK, .stage = STAGE_EXEC,
		.error = ENOENT, .at = clk.now, .wall = clk.wall
	};

	ck_assert_int_eq(sched_spawnfail(s, &clk, 0, &m), 0);
	took();
}

/* That says nothing: it might run already, and what is up stays up. */
START_TEST(a_check_that_cannot_be_run_is_no_answer)
{
	struct sched_view	 v;
	uint64_t		 id;

	probed(0, "a", true)->check_interval_ms = 1000;
	conf[0].check_timeout_ms = 600;
	begin();
	check_fails(asked_check(0));
	/* As from any start that failed: at once, then after the delay. */
	check_fails(asked_check(0));
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_BACKOFF, REASON_CANNOT_START);
	sched_view(s, 0, &v);
	ck_assert_uint_eq(v.stage, STAGE_CHECK);
	ck_assert_uint_eq(v.error, ENOENT);
	timer_after(250);
	gone(asked_check(0), EXIT_1);
	id = up(0, 0);
	gone(id, 0);
	/* What it leaves may yet appear: asked again a little later. */
	check_fails(asked_check(0));
	timer_after(250);
	gone(asked_check(0), 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	timer_after(1000);
	check_fails(asked_check(0));
	ck_state(0, STATE_RUNNING, REASON_NONE);
	timer_after(1000);
	gone(asked_check(0), 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

/* What it requires has ended while it was asked whether it runs. */
START_TEST(not_started_when_the_answer_comes_too_late)
{
	struct sched_action	 look;
	uint64_t		 id;

	task(0, "r");
	probed(1, "a", false);
	need(1, 0, false);
	begin();
	id = up(0, 0);
	look = asked_look(1);
	gone(id, EXIT_1);
	refused(0, 0);
	notfound(&look, LOOK_NO_FILE);
	ck_assert_ptr_null(find(SCHED_SPAWN, 1, 0));
	ck_state(1, STATE_WAITING, REASON_WAITS_FOR);
}
END_TEST

START_TEST(an_event_does_not_ask_twice)
{
	probed(0, "a", true);
	event_of(0, EVENT_FILE_CHANGE, 0, 0);
	conf[0].events[0].action = ACTION_STOP;
	begin();
	(void)asked_check(0);
	sched_fire(s, &clk, 0, 0);
	took();
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
}
END_TEST

START_TEST(what_is_not_probed_any_more_is_not_asked)
{
	uint64_t	 check;

	probed(0, "a", true);
	begin();
	check = asked_check(0);
	ck_assert_int_eq(sched_set_control(s, &clk, 0, CONTROL_WAIT),
	    VERDICT_OK);
	took();
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
	up(0, 0);
	/* Its answer is nobody's. */
	gone(check, 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	ck_assert(!mono_isset(armed));
}
END_TEST

START_TEST(a_foreign_process_is_looked_at_under_wait)
{
	struct sched_action	 look;

	probed(0, "a", false);
	begin();
	look = asked_look(0);
	found(&look, false);
	ck_assert_int_eq(sched_set_control(s, &clk, 0, CONTROL_WAIT),
	    VERDICT_OK);
	took();
	ck_state(0, STATE_RUNNING, REASON_NONE);
	timer_after(5000);
	asked_look(0);
}
END_TEST

START_TEST(an_orphan_is_ended_before_the_first_start)
{
	struct sched_action	 look;
	uint64_t		 id;

	task(0, "a")->has_pidfile = true;
	begin();
	look = asked_look(0);
	id = found(&look, true);
	ck_assert(signalled(id, SIGTERM));
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	timer_after(5000);
	ck_assert(signalled(id, SIGKILL));
	gone(id, STATUS_UNKNOWN);
	id = up(0, 0);
	/* Of what it left itself nothing is looked for. */
	wait_ms(10000);
	gone(id, 0);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
	ck_assert_uint_eq(count_of(SCHED_LOOK), 0);
}
END_TEST

START_TEST(no_start_before_the_pidfile_was_read)
{
	struct sched_action	 look;

	task(0, "a")->has_pidfile = true;
	begin();
	look = asked_look(0);
	notfound(&look, LOOK_ERROR);
	look = asked_look(0);
	notfound(&look, LOOK_ERROR);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_BACKOFF, REASON_CANNOT_START);
	timer_after(250);
	look = asked_look(0);
	notfound(&look, LOOK_GARBAGE);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

START_TEST(what_is_adopted_outlives_the_daemon)
{
	struct sched_action	 look;

	probed(0, "a", false)->control = CONTROL_ADOPT;
	begin();
	look = asked_look(0);
	found(&look, true);
	shut(MODE_STOP);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

/* Its turn comes when that which requires it is down, not by a probe. */
START_TEST(a_daemon_that_stops_probes_nothing)
{
	uint64_t	 r, check;

	probed(0, "a", true)->check_interval_ms = 1000;
	task(1, "r");
	need(1, 0, false);
	begin();
	gone(asked_check(0), 0);
	r = up(1, 0);
	timer_after(1000);
	check = asked_check(0);
	shut(MODE_STOP);
	ck_assert(signalled(check, SIGTERM));
	gone(check, SIGTERM);
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	gone(r, SIGTERM);
	ck_assert_uint_eq(find(SCHED_RUN, 0, 0)->cmd, 1);
}
END_TEST

/* A start command that ends well while it is being asked to go. */
START_TEST(what_it_leaves_is_waited_for_though_it_was_to_stop)
{
	struct sched_action	 look;
	struct exited		 m = { 0 };
	uint64_t		 id;

	probed(0, "a", false);
	begin();
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	id = up(0, 0);
	ck_assert_int_eq(sched_restart(s, &clk, 0, 0), VERDICT_OK);
	took();
	ck_assert(signalled(id, SIGTERM));
	/* It was over before the signal came. */
	gone(id, 0);
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	wait_ms(5000);
	sched_timer(s, &clk);
	took();
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	id = up(0, 0);
	/* What has ended by the signal leaves nothing. */
	ck_assert_int_eq(sched_restart(s, &clk, 0, 0), VERDICT_OK);
	took();
	m = (struct exited){ .id = id, .last_signal = SIGTERM,
	    .at = clk.now, .wall = clk.wall };
	ck_assert_int_eq(sched_exited(s, &clk, &m), 0);
	took();
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	up(0, 0);
}
END_TEST

/* It was looked for before, and found only then. */
START_TEST(an_orphan_falls_in_its_turn)
{
	struct sched_action	 look;
	uint64_t		 r, id;

	task(0, "a")->has_pidfile = true;
	task(1, "e")->control = CONTROL_EVENT;
	task(2, "r");
	need(1, 0, false);
	need(2, 1, false);
	begin();
	look = asked_look(0);
	r = up(2, 0);
	shut(MODE_STOP);
	ck_assert(signalled(r, SIGTERM));
	id = found(&look, true);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	gone(r, SIGTERM);
	ck_assert(signalled(id, SIGTERM));
	gone(id, STATUS_UNKNOWN);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

/* A crash in the moment between its start command and its pidfile. */
START_TEST(the_grace_outlives_the_monitor)
{
	struct sync_proc	 p;
	struct sched_action	 look;

	probed(0, "a", false);
	sync_begin(MODE_RUN, false);
	p = record(0, 0, 0);
	p.exited = clk.now;
	p.exited_wall = clk.wall;
	wait_ms(100);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	timer_after(250);
	look = asked_look(0);
	wait_ms(5000);
	notfound(&look, LOOK_NO_FILE);
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

/* Its start command has ended well, what it leaves is not there yet. */
static void
left_something(uint32_t t)
{
	struct sched_action	 look = asked_look(t);

	notfound(&look, LOOK_NO_FILE);
	gone(up(t, 0), 0);
	look = asked_look(t);
	notfound(&look, LOOK_NO_FILE);
}

/* It has not come to its end as long as that is not known. */
START_TEST(a_reload_does_not_take_the_grace_for_an_end)
{
	struct sched_action	 look;
	struct sync_proc	 p;

	task(0, "z")->control = CONTROL_EVENT;
	probed(1, "a", false)->check_timeout_ms = 100;
	onexit_of(1, 0);
	begin();
	left_something(1);
	timer_after(100);
	look = asked_look(1);
	notfound(&look, LOOK_NO_FILE);
	look = asked_look(1);
	gone(up(0, 0), 0);
	ck_state(0, STATE_DONE, REASON_EXITED);
	wait_ms(10);
	notfound(&look, LOOK_NO_FILE);
	gone(up(1, 0), 0);
	look = asked_look(1);
	notfound(&look, LOOK_NO_FILE);
	ck_state(0, STATE_DONE, REASON_EXITED);
	/* By what differs, and as a whole. */
	probed(1, "a", false);
	onexit_of(1, 0);
	update(1, 0);
	ck_state(0, STATE_DONE, REASON_EXITED);
	crash();
	task(0, "z")->control = CONTROL_EVENT;
	probed(1, "a", false);
	onexit_of(1, 0);
	sync_begin(MODE_RUN, true);
	p = record(1, 0, 0);
	p.exited = clk.now;
	p.exited_wall = clk.wall;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_state(0, STATE_DONE, REASON_EXITED);
	ck_assert_ptr_nonnull(find(SCHED_LOOK, 1, 0));
}
END_TEST

START_TEST(what_is_not_probed_any_more_has_ended)
{
	struct sched_action	 look;

	/* Its first quick end; the second is that which is open. */
	probed(0, "a", false)->check_timeout_ms = 100;
	begin();
	left_something(0);
	timer_after(100);
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	left_something(0);
	task(0, "a");
	update(0, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_BACKOFF, REASON_BACKOFF_UNTIL);
	timer_after(250);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

/* And was none of the runs that events ask for. */
START_TEST(what_is_an_event_task_by_then_waits_for_one)
{
	struct sched_action	 look;
	uint64_t		 id;

	probed(0, "a", false);
	begin();
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	id = up(0, 0);
	gone(id, 0);
	look = asked_look(0);
	notfound(&look, LOOK_NO_FILE);
	task(0, "a")->control = CONTROL_EVENT;
	update(0, 0);
	ck_state(0, STATE_IDLE, REASON_WAITS_FOR_EVENT);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		looked_for_before_it_is_started,
		found_running_is_kept,
		what_cannot_be_watched_is_looked_at,
		the_check_command_decides,
		a_check_that_hangs_has_said_no,
		the_answer_of_a_check_may_be_on_its_way,
		a_check_that_cannot_be_killed_has_said_no,
		a_check_that_cannot_be_run_is_no_answer,
		not_started_when_the_answer_comes_too_late,
		an_event_does_not_ask_twice,
		what_is_not_probed_any_more_is_not_asked,
		a_foreign_process_is_looked_at_under_wait,
		an_orphan_is_ended_before_the_first_start,
		no_start_before_the_pidfile_was_read,
		what_is_adopted_outlives_the_daemon,
		a_daemon_that_stops_probes_nothing,
		what_it_leaves_is_waited_for_though_it_was_to_stop,
		an_orphan_falls_in_its_turn,
		the_grace_outlives_the_monitor,
		a_reload_does_not_take_the_grace_for_an_end,
		what_is_not_probed_any_more_has_ended,
		what_is_an_event_task_by_then_waits_for_one
	};

	return (SUITE_RUN("sched_probe", tests));
}
