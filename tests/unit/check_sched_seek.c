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
 * The scheduler: what is stopped while it is not known yet what its start
 * command leaves behind (spec.md 4 and 5).  That is waited for as long as it
 * may take to show, and is stopped when it does.
 */

#include "sched_rig.h"
#include "suite.h"

#define STOP	1	/* commands, where there are any */
#define CHECK	2

static struct schedrec_task *
probed(uint32_t i, const char *name, bool check)
{
	struct schedrec_task	*t = task(i, name);

	t->control = CONTROL_NOWAIT;
	t->check_timeout_ms = 600;
	t->has_pidfile = !check;
	t->check_cmd = check ? CHECK : 0;
	t->stop_cmd = check ? STOP : 0;
	return (t);
}

static void
finds_none(uint32_t t)
{
	struct sched_action	 look = asked_look(t);

	notfound(&look, LOOK_NO_FILE);
}

/* Its start command has ended well, and left nothing that shows; its id. */
static uint64_t
left_something(uint32_t t)
{
	uint64_t	 id;

	finds_none(t);
	id = up(t, 0);
	gone(id, 0);
	finds_none(t);
	return (id);
}

static void
stop(uint32_t t)
{
	ck_assert_int_eq(sched_stop(s, &clk, t, SCHED_ALL), VERDICT_OK);
	took();
}

static void
ck_down(uint32_t t, enum sched_reached r)
{
	ck_assert_int_eq(sched_reached(s, t, SCHED_ALL, GOAL_DOWN), r);
}

START_TEST(what_comes_after_the_stop_is_stopped)
{
	struct sched_action	 look;
	struct sched_view	 v;
	uint64_t		 id;

	probed(0, "a", false);
	begin();
	left_something(0);
	stop(0);
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	ck_down(0, REACHED_NOT_YET);
	sched_view(s, 0, &v);
	ck_assert_int_eq(v.wait, WAIT_LEFT);
	ck_assert_int_eq(mono_sub(v.until, clk.now), 600);
	timer_after(250);
	look = asked_look(0);
	id = found(&look, true);
	ck_assert(signalled(id, SIGTERM));
	timer_after(5000);
	ck_assert(signalled(id, SIGKILL));
	gone(id, SIGKILL);
	ck_state(0, STATE_SUSPENDED, REASON_HELD_BY_OPERATOR);
	ck_down(0, REACHED);
	ck_assert(!mono_isset(armed));
}
END_TEST

START_TEST(what_never_comes_is_not_waited_for)
{
	probed(0, "a", false);
	begin();
	left_something(0);
	stop(0);
	timer_after(250);
	finds_none(0);
	timer_after(250);
	/* Nor does it matter that nobody can look. */
	finds_none(0);
	timer_after(100);
	ck_down(0, REACHED_NOT_YET);
	finds_none(0);
	ck_state(0, STATE_SUSPENDED, REASON_HELD_BY_OPERATOR);
	ck_down(0, REACHED);
	ck_assert(!mono_isset(armed));
}
END_TEST

/* While the question is on its way, and by a check. */
START_TEST(the_answer_that_is_to_come_is_enough)
{
	struct sched_action	 look;
	uint64_t		 id;

	probed(0, "a", false);
	begin();
	finds_none(0);
	gone(up(0, 0), 0);
	look = asked_look(0);
	stop(0);
	ck_assert_ptr_null(find(SCHED_LOOK, 0, 0));
	id = found(&look, true);
	ck_assert(signalled(id, SIGTERM));
	crash();

	memset(notelen, 0, sizeof(notelen));
	probed(0, "a", true);
	begin();
	gone(asked_run(0, CHECK), EXIT_1);
	gone(up(0, 0), 0);
	id = asked_run(0, CHECK);
	stop(0);
	gone(id, EXIT_1);
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	timer_after(250);
	/* It runs, nobody knows as what: its stop command does. */
	gone(asked_run(0, CHECK), 0);
	gone(asked_run(0, STOP), 0);
	ck_state(0, STATE_SUSPENDED, REASON_HELD_BY_OPERATOR);
	ck_assert(!mono_isset(armed));
}
END_TEST

START_TEST(suspended_in_its_grace_it_ends_with_that)
{
	task(0, "z")->control = CONTROL_EVENT;
	probed(1, "a", false);
	onexit_of(1, 0);
	begin();
	left_something(1);
	ck_assert_int_eq(sched_set_control(s, &clk, 1, CONTROL_SUSPEND),
	    VERDICT_OK);
	took();
	ck_state(1, STATE_STOPPING, REASON_STOPPING);
	timer_after(250);
	finds_none(1);
	timer_after(250);
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 0));
	wait_ms(100);
	finds_none(1);
	ck_state(1, STATE_SUSPENDED, REASON_SUSPENDED);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

START_TEST(the_daemon_does_not_end_before)
{
	struct sched_action	 look;
	uint64_t		 id;

	probed(0, "a", false);
	probed(1, "b", false)->control = CONTROL_ADOPT;
	begin();
	look = asked_look(1);
	left_something(0);
	found(&look, true);
	wait_ms(10);
	shut(MODE_STOP);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 0);
	timer_after(240);
	look = asked_look(0);
	id = found(&look, true);
	ck_assert(signalled(id, SIGTERM));
	gone(id, SIGTERM);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

/* It may stay, whenever it comes. */
START_TEST(what_is_adopted_is_not_waited_for)
{
	probed(0, "a", false)->control = CONTROL_ADOPT;
	begin();
	left_something(0);
	shut(MODE_STOP);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

/* What requires it is stopped first; by then it has shown itself. */
START_TEST(it_falls_in_its_turn)
{
	struct sched_action	 look;
	uint64_t		 a, b;

	probed(0, "a", false);
	task(1, "b");
	need(1, 0, false);
	begin();
	look = asked_look(0);
	a = found(&look, true);
	b = up(1, 0);
	gone(a, STATUS_UNKNOWN);
	finds_none(0);
	left_something(0);
	shut(MODE_STOP);
	ck_assert(signalled(b, SIGTERM));
	timer_after(250);
	look = asked_look(0);
	a = found(&look, true);
	ck_assert(!signalled(a, SIGTERM));
	gone(b, SIGTERM);
	ck_assert(signalled(a, SIGTERM));
	gone(a, SIGTERM);
	ck_assert_uint_eq(count_of(SCHED_ALLSTOPPED), 1);
}
END_TEST

START_TEST(the_next_monitor_goes_on)
{
	struct sched_action	 look;
	struct sync_proc	 p;
	uint64_t		 id, last;

	probed(0, "a", false);
	begin();
	last = left_something(0);
	stop(0);
	wait_ms(100);
	crash();
	probed(0, "a", false);
	sync_begin(MODE_RUN, false);
	p = record(0, 0, 0);
	p.id = last;
	p.started = mono_add(clk.now, -200);
	p.exited = mono_add(clk.now, -100);
	p.exited_wall = clk.wall;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	ck_state(0, STATE_STOPPING, REASON_STOPPING);
	look = asked_look(0);
	id = found(&look, true);
	ck_assert(signalled(id, SIGTERM));
}
END_TEST

/* It is not started beside what may come. */
START_TEST(started_again_it_is_what_came)
{
	struct sched_action	 look;
	uint64_t		 id;

	probed(0, "a", false);
	begin();
	left_something(0);
	stop(0);
	ck_assert_int_eq(sched_start(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	timer_after(250);
	look = asked_look(0);
	id = found(&look, true);
	ck_assert(!signalled(id, SIGTERM));
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_comes_after_the_stop_is_stopped,
		what_never_comes_is_not_waited_for,
		the_answer_that_is_to_come_is_enough,
		suspended_in_its_grace_it_ends_with_that,
		the_daemon_does_not_end_before,
		what_is_adopted_is_not_waited_for,
		it_falls_in_its_turn,
		the_next_monitor_goes_on,
		started_again_it_is_what_came
	};

	return (SUITE_RUN("sched_seek", tests));
}
