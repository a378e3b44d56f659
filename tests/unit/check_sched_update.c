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
 * The scheduler: a plan that differs in a few tasks, taken on in place, and
 * where a whole sync, which has but records and notes, must come to the same.
 */

#include "sched_rig.h"
#include "suite.h"

/* Describes task i anew; what is not described again stays. */
static struct schedrec_task *
anew(uint32_t i, const char *name)
{
	return (task(i, name));
}

START_TEST(only_what_differs_is_touched)
{
	struct sched_outcome	 o;
	struct sched_action	 b;
	uint64_t		 ida, idb;

	task(0, "a");
	task(1, "b");
	begin();
	b = *find(SCHED_SPAWN, 1, 0);
	ida = up(0, 0);
	idb = answer(&b);
	anew(0, "a")->stop_timeout_ms = 100;
	update(0, 0);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	sched_outcome(s, 0, &o);
	ck_assert(o.touched);
	ck_assert_uint_eq(o.kept, 1);
	sched_outcome(s, 1, &o);
	ck_assert(!o.touched);
	/* And what was started from something else is started again. */
	anew(0, "a");
	update(0, ida);
	ck_assert(signalled(ida, SIGTERM));
	ck_assert(!signalled(idb, SIGTERM));
	sched_outcome(s, 0, &o);
	ck_assert_uint_eq(o.restarted, 1);
	ck_assert_uint_eq(o.stale, STALE_ENV);
	gone(ida, SIGTERM);
	up(0, 0);
}
END_TEST

START_TEST(another_name_is_refused)
{
	task(0, "a");
	begin();
	anew(0, "other");
	sched_update_begin(s, 2);
	ck_assert_int_eq(sched_update_task(s, 0, &conf[0]), -1);
}
END_TEST

START_TEST(count_and_control_in_place)
{
	uint64_t	 id;

	task(0, "a");
	begin();
	id = up(0, 0);
	anew(0, "a")->count = 2;
	update(0, 0);
	up(0, 1);
	anew(0, "a")->count = 1;
	update(0, 0);
	ck_assert(!signalled(id, SIGTERM));
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 1);
	anew(0, "a")->control = CONTROL_SUSPEND;
	update(0, 0);
	ck_assert(signalled(id, SIGTERM));
}
END_TEST

START_TEST(once_runs_again_when_it_is_back_in_scope)
{
	uint64_t	 id;

	task(0, "a")->control = CONTROL_ONCE;
	begin();
	id = up(0, 0);
	wait_ms(10);
	gone(id, 0);
	ck_state(0, STATE_DONE, REASON_EXITED);
	wait_ms(10);
	anew(0, "a")->control = CONTROL_ONCE;
	conf[0].time_limit_ms = 1000;
	update(0, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	anew(0, "a")->control = CONTROL_OFF;
	update(0, 0);
	ck_state(0, STATE_OFF, REASON_CONTROL_OFF);
	anew(0, "a")->control = CONTROL_ONCE;
	update(0, 0);
	up(0, 0);
}
END_TEST

static struct schedrec_task *
event_verified(uint16_t verify)
{
	struct schedrec_task	*t = anew(0, "a");

	event_of(0, EVENT_FILE_CHANGE, 0, 0);
	t->events[0].action = ACTION_STOP;
	t->events[0].verify = verify;
	return (t);
}

/* What has happened is acted on as it is configured now. */
START_TEST(an_event_outlives_its_verify_command)
{
	uint64_t	 id;

	event_verified(2);
	begin();
	id = up(0, 0);
	sched_fire(s, &clk, 0, 0);
	took();
	ck_assert_uint_eq(find(SCHED_RUN, 0, 0)->cmd, 2);
	event_verified(0);
	update(0, 0);
	ck_assert(signalled(id, SIGTERM));
	gone(id, SIGTERM);
	id = up(0, 0);
	/* Not for good: it was acted on once. */
	event_verified(2);
	update(0, 0);
	ck_assert(!signalled(id, SIGTERM));
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
}
END_TEST

START_TEST(what_was_asked_for_ends_with_it)
{
	uint64_t	 id;

	task(0, "a");
	task(1, "b");
	begin();
	{
		struct sched_action	 b = *find(SCHED_SPAWN, 1, 0);

		id = up(0, 0);
		answer(&b);
	}
	ck_assert_int_eq(sched_stop(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	gone(id, SIGTERM);
	/* Whatever it is that differs. */
	anew(1, "b")->stop_timeout_ms = 77;
	update(1, 0);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
}
END_TEST

/* As a sync of everything has it: the spawner keeps the record. */
START_TEST(a_run_counts_while_its_slot_is_away)
{
	uint64_t	 b;

	task(0, "a")->control = CONTROL_ONCE;
	conf[0].count = 2;
	begin();
	{
		struct sched_action	 a = *find(SCHED_SPAWN, 0, 0);

		b = up(0, 1);
		answer(&a);
	}
	gone(b, 0);
	anew(0, "a")->control = CONTROL_ONCE;
	update(0, 0);
	anew(0, "a")->control = CONTROL_ONCE;
	conf[0].count = 3;
	update(0, 0);
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 1));
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 2));
}
END_TEST

/* It was asked for under a control that the reload took back. */
START_TEST(a_start_that_was_refused_may_be_void)
{
	struct sched_action	 start;
	struct spawnfail	 m = {
		.stage = STAGE_REFUSED, .error = ESTALE
	};

	task(0, "a")->control = CONTROL_EVENT;
	begin();
	ck_assert_int_eq(sched_set_control(s, &clk, 0, CONTROL_ONCE),
	    VERDICT_OK);
	took();
	start = *find(SCHED_SPAWN, 0, 0);
	anew(0, "a")->control = CONTROL_EVENT;
	update(0, 0);
	ck_assert_int_eq(sched_spawnfail(s, &clk, start.tag, &m), 0);
	took();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_IDLE, REASON_WAITS_FOR_EVENT);
}
END_TEST

/* Its exit was dealt with; that it could not be started since is none. */
START_TEST(a_start_that_failed_is_no_exit)
{
	struct sched_action	 a;

	task(0, "set")->control = CONTROL_ONCE;
	task(1, "clock");
	onexit_of(1, 0);
	begin();
	a = *find(SCHED_SPAWN, 1, 0);
	gone(up(0, 0), 0);
	gone(answer(&a), 0);
	a = *find(SCHED_SPAWN, 1, 0);
	gone(up(0, 0), 0);
	wait_ms(10);
	acts[0] = a;
	nacts = 1;
	refused(1, 0);
	ck_state(1, STATE_BACKOFF, REASON_CANNOT_START);
	anew(1, "clock");
	onexit_of(1, 0);
	update(1, 0);
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 0));
	ck_state(0, STATE_DONE, REASON_EXITED);
}
END_TEST

static void
once_of_two(void)
{
	task(0, "a")->control = CONTROL_ONCE;
	conf[0].count = 2;
}

/* Restarted, but the signal was not sent: when it ends, that is its end. */
START_TEST(what_is_up_is_not_run_anew)
{
	struct sync_proc	 p, q;
	struct sched_action	 b;

	once_of_two();
	begin();
	b = *find(SCHED_SPAWN, 0, 1);
	p = record(0, 0, up(0, 0));
	q = record(0, 1, answer(&b));
	ck_assert_int_eq(sched_restart(s, &clk, 0, 0), VERDICT_OK);
	took();
	crash();
	once_of_two();
	sync_begin(MODE_RUN, false);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	ck_assert_int_eq(sched_add_proc(s, &q), 0);
	sync_end();
	ck_state(0, STATE_RUNNING, REASON_NONE);
	gone(p.id, 0);
	/* Nor for who comes after. */
	crash();
	once_of_two();
	sync_begin(MODE_RUN, true);
	p.pid = 0;
	p.exited = clk.now;
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	ck_assert_int_eq(sched_add_proc(s, &q), 0);
	sync_end();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
}
END_TEST

/* A whole sync beside a scheduler that lives, as after a reload. */
static void
sync_after(const struct sync_proc *p)
{
	struct sched	*before = s;

	sync_begin(MODE_RUN, true);
	ck_assert_int_eq(sched_add_proc(s, p), 0);
	sync_end_after(before);
	sched_free(before);
}

/* It ended before the signal of its stop reached it. */
START_TEST(what_was_stopped_has_no_delay_by_its_record)
{
	struct sync_proc	 p;
	uint64_t		 id;

	task(0, "a");
	begin();
	gone(up(0, 0), 0);
	gone(up(0, 0), 0);
	timer_after(250);
	id = up(0, 0);
	p = record(0, 0, id);
	wait_ms(10);
	ck_assert_int_eq(sched_stop(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	gone(id, 0);
	p.pid = 0;
	p.exited = clk.now;
	task(0, "a");
	sync_after(&p);
	up(0, 0);
}
END_TEST

/* It ends by itself: what is required is asked for when it is over. */
START_TEST(a_delay_is_told_before_a_requirement)
{
	struct sync_proc	 p;

	task(0, "a");
	task(1, "b")->control = CONTROL_ONCE;
	begin();
	gone(up(0, 0), 0);
	p = record(0, 0, up(0, 0));
	gone(p.id, 0);
	ck_state(0, STATE_BACKOFF, REASON_BACKOFF_UNTIL);
	p.pid = 0;
	p.exited = clk.now;
	task(0, "a");
	need(0, 1, false);
	task(1, "b")->control = CONTROL_ONCE;
	sync_after(&p);
	ck_state(0, STATE_BACKOFF, REASON_BACKOFF_UNTIL);
	{
		struct sched_action	 b = *find(SCHED_SPAWN, 1, 0);

		timer_after(250);
		ck_state(0, STATE_WAITING, REASON_WAITS_FOR);
		gone(answer(&b), 0);
	}
	up(0, 0);
}
END_TEST

/* Whether the requirement had gone before its end or goes after it, and by
 * whatever sync. */
START_TEST(a_delay_is_told_by_every_sync_alike)
{
	struct sync_proc	 p;
	uint64_t		 b;
	uint32_t		 i;

	task(0, "a");
	need(0, 1, false);
	task(1, "b");
	begin();
	b = up(1, 0);
	gone(up(0, 0), 0);
	p = record(0, 0, up(0, 0));
	ck_assert_int_eq(sched_stop(s, &clk, 1, SCHED_ALL), VERDICT_OK);
	took();
	ck_assert(signalled(b, SIGTERM));
	gone(p.id, 0);
	ck_state(0, STATE_BACKOFF, REASON_BACKOFF_UNTIL);
	p.pid = 0;
	p.exited = clk.now;
	for (i = 0; i < 2; i++) {
		task(1, "b")->control = CONTROL_EVENT;
		conf[1].in_role = false;
		if (i == 0)
			update(1, 0);
		else {
			task(0, "a");
			need(0, 1, false);
			sync_after(&p);
		}
		ck_state(0, STATE_BACKOFF, REASON_BACKOFF_UNTIL);
	}
	timer_after(250);
	ck_state(0, STATE_WAITING, REASON_WAITS_FOR);
}
END_TEST

static void
once_of_foreign(void)
{
	once_of_two();
	conf[0].has_pidfile = true;
}

/* Both ran as nowait.  That one has ended is its run, though nobody can tell
 * how, and no reload runs it once more. */
START_TEST(the_end_of_what_was_found_is_a_run)
{
	struct sync_proc	 p[2];
	struct sched_action	 look;
	uint32_t		 i;

	once_of_foreign();
	conf[0].control = CONTROL_NOWAIT;
	begin();
	look = *find(SCHED_LOOK, 0, 1);
	p[0] = record(0, 0, found(find(SCHED_LOOK, 0, 0), true));
	p[1] = record(0, 1, found(&look, true));
	p[0].foreign = p[1].foreign = p[0].watched = p[1].watched = true;
	once_of_foreign();
	update(0, 0);
	gone(p[1].id, STATUS_UNKNOWN);
	p[1].pid = 0;
	p[1].exited = clk.now;
	p[1].status = STATUS_UNKNOWN;
	wait_ms(10);
	once_of_foreign();
	conf[0].stop_timeout_ms = 77;
	update(0, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	crash();
	once_of_foreign();
	sync_begin(MODE_RUN, true);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(sched_add_proc(s, &p[i]), 0);
	sync_end();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	gone(p[0].id, STATUS_UNKNOWN);
	ck_state(0, STATE_DONE, REASON_EXITED);
	/* Only what comes back into scope runs anew. */
	wait_ms(10);
	once_of_foreign();
	conf[0].in_role = false;
	update(0, 0);
	once_of_foreign();
	update(0, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 2);
}
END_TEST

static struct schedrec_task *
nowait_with_onexit(void)
{
	struct schedrec_task	*t = task(0, "a");

	t->control = CONTROL_NOWAIT;
	t->has_pidfile = true;
	onexit_of(0, 1);
	return (t);
}

/* It ends, a reload comes, and what it has left was asked under the plan
 * before that. */
static void
end_amid_a_reload(bool held)
{
	struct sched_action	 a;
	struct notfound		 m = {
		.look = LOOK_REFUSED, .error = ESTALE
	};

	nowait_with_onexit();
	task(1, "b")->control = CONTROL_EVENT;
	begin();
	a = *find(SCHED_LOOK, 0, 0);
	notfound(&a, LOOK_NO_FILE);
	gone(up(0, 0), EXIT_1);
	a = *find(SCHED_LOOK, 0, 0);
	nowait_with_onexit()->held = held;
	update(0, 0);
	ck_assert_ptr_null(find(SCHED_SPAWN, 1, 0));
	ck_assert_int_eq(sched_notfound(s, &clk, a.tag, &m), 0);
	took();
}

/* What is held now is not asked for any more: it has ended, and that is all. */
START_TEST(an_end_is_one_though_its_question_was_refused)
{
	end_amid_a_reload(true);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 1, 0));
	ck_state(0, STATE_FAILED, REASON_CONFIGURATION_ERROR);
}
END_TEST

START_TEST(a_question_about_an_end_is_asked_anew)
{
	struct sched_action	 a;

	end_amid_a_reload(false);
	ck_assert_ptr_null(find(SCHED_SPAWN, 1, 0));
	a = *find(SCHED_LOOK, 0, 0);
	notfound(&a, LOOK_NO_FILE);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 1, 0));
}
END_TEST

/* Of what ran last, and was stopped, only a check knew. */
START_TEST(a_run_that_only_a_check_knew_is_the_last)
{
	struct sync_proc	 p;
	struct sched_action	 a;

	task(0, "a")->control = CONTROL_ONCE;
	conf[0].check_cmd = 2;
	conf[0].has_pidfile = true;
	begin();
	p = record(0, 0, up(0, 0));
	gone(p.id, 0);
	p.pid = 0;
	p.exited = clk.now;
	ck_assert_int_eq(sched_set_control(s, &clk, 0, CONTROL_NOWAIT),
	    VERDICT_OK);
	took();
	a = *find(SCHED_RUN, 0, 0);
	gone(answer(&a), 0);
	a = *find(SCHED_LOOK, 0, 0);
	notfound(&a, LOOK_NO_FILE);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	ck_assert_int_eq(sched_stop(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	ck_state(0, STATE_SUSPENDED, REASON_HELD_BY_OPERATOR);
	/* That was no run of what is to run once. */
	task(0, "a")->control = CONTROL_ONCE;
	sync_after(&p);
	up(0, 0);
}
END_TEST

static struct schedrec_task *
stopped_by_command(uint8_t control)
{
	struct schedrec_task	*t = task(0, "a");

	t->control = control;
	t->stop_cmd = 1;
	t->check_cmd = 2;
	return (t);
}

/* Of what only a check knows no record tells: who lived on tells of it. */
START_TEST(what_only_a_check_knows_is_stopped_by_every_sync)
{
	struct sched	*before;
	uint32_t	 i;

	for (i = 0; i < 2; i++) {
		stopped_by_command(CONTROL_ADOPT);
		begin();
		gone(answer(find(SCHED_RUN, 0, 0)), 0);
		ck_state(0, STATE_RUNNING, REASON_NONE);
		/* Out of scope, or one of which nobody would see the end. */
		stopped_by_command(i == 0 ? CONTROL_ADOPT :
		    CONTROL_WAIT)->in_role = i != 0;
		before = s;
		sync_begin(MODE_RUN, true);
		sync_end_after(before);
		sched_free(before);
		ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
		ck_assert_uint_eq(find(SCHED_RUN, 0, 0)->cmd, 1);
		gone(answer(find(SCHED_RUN, 0, 0)), 0);
		ck_assert_uint_eq(count_of(SCHED_SPAWN), i);
		crash();
		memset(notelen, 0, sizeof(notelen));
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		only_what_differs_is_touched,
		another_name_is_refused,
		count_and_control_in_place,
		once_runs_again_when_it_is_back_in_scope,
		an_event_outlives_its_verify_command,
		a_start_that_was_refused_may_be_void,
		a_start_that_failed_is_no_exit,
		what_was_asked_for_ends_with_it,
		a_run_counts_while_its_slot_is_away,
		what_is_up_is_not_run_anew,
		what_was_stopped_has_no_delay_by_its_record,
		a_delay_is_told_before_a_requirement,
		a_delay_is_told_by_every_sync_alike,
		the_end_of_what_was_found_is_a_run,
		an_end_is_one_though_its_question_was_refused,
		a_question_about_an_end_is_asked_anew,
		a_run_that_only_a_check_knew_is_the_last,
		what_only_a_check_knows_is_stopped_by_every_sync
	};

	return (SUITE_RUN("sched_update", tests));
}
