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
 * The scheduler, rule by rule of spec.md 4 and 10: what starts when, what
 * counts as run, what starts again, and what is refused.
 */

#include "sched_rig.h"
#include "suite.h"

START_TEST(a_wait_task_starts_and_starts_again)
{
	uint64_t	 id;

	task(0, "a");
	begin();
	ck_state(0, STATE_STARTING, REASON_WAITS_FOR);
	id = up(0, 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
	ck_assert(!mono_isset(armed));
	wait_ms(5000);
	gone(id, 0);
	up(0, 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

START_TEST(the_row_of_delays)
{
	static const int64_t	 row[] = {
		250, 500, 1000, 2000, 4000, 5000, 5000, 5000
	};
	uint64_t		 id;
	size_t			 i;

	task(0, "a");
	begin();
	id = up(0, 0);
	wait_ms(4999);
	gone(id, EXIT_1);
	for (i = 0; i < nitems(row); i++) {
		gone(up(0, 0), EXIT_1);
		ck_state(0, STATE_BACKOFF, REASON_BACKOFF_UNTIL);
		ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
		timer_after(row[i]);
	}
	/* After 5 s of running the row starts anew. */
	id = up(0, 0);
	wait_ms(5000);
	gone(id, EXIT_1);
	gone(up(0, 0), EXIT_1);
	gone(up(0, 0), EXIT_1);
	timer_after(250);
	up(0, 0);
}
END_TEST

START_TEST(a_failed_start_is_tried_by_the_same_row)
{
	struct sched_view	 v;

	task(0, "a");
	begin();
	refused(0, 0);
	refused(0, 0);
	ck_state(0, STATE_BACKOFF, REASON_CANNOT_START);
	sched_view(s, 0, &v);
	ck_assert_uint_eq(v.stage, STAGE_FORK);
	ck_assert_uint_eq(v.error, EAGAIN);
	timer_after(250);
	refused(0, 0);
	timer_after(500);
	up(0, 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

START_TEST(an_exec_that_fails_after_spawned)
{
	struct spawnfail	 m = {
		.stage = STAGE_EXEC, .error = ENOENT
	};

	task(0, "a");
	begin();
	m.id = up(0, 0);
	m.at = clk.now;
	ck_assert_int_eq(sched_spawnfail(s, &clk, 1, &m), 0);
	took();
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 0, 0));
	/* Its end is not told twice. */
	gone(m.id, 0);
	ck_assert_uint_eq(nacts, 0);
}
END_TEST

START_TEST(requires_and_start_delay)
{
	task(0, "b");
	task(1, "a")->start_delay_ms = 1500;
	need(0, 1, false);
	begin();
	ck_state(0, STATE_WAITING, REASON_WAITS_FOR);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 1);
	up(1, 0);
	ck_state(1, STATE_STARTING, REASON_START_DELAY);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	timer_after(1500);
	ck_state(1, STATE_RUNNING, REASON_NONE);
	up(0, 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

START_TEST(all_instances_must_run)
{
	task(0, "a")->count = 2;
	task(1, "b");
	need(1, 0, false);
	begin();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 2);
	{
		struct sched_action	 second = *find(SCHED_SPAWN, 0, 1);

		up(0, 0);
		ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
		answer(&second);
	}
	up(1, 0);
}
END_TEST

START_TEST(what_runs_is_not_touched_by_what_it_requires)
{
	uint64_t	 a, b;

	task(0, "a");
	task(1, "b");
	need(1, 0, false);
	begin();
	a = up(0, 0);
	b = up(1, 0);
	gone(a, EXIT_1);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	ck_state(1, STATE_RUNNING, REASON_NONE);
	/* But its own start waits again. */
	gone(b, EXIT_1);
	ck_state(1, STATE_WAITING, REASON_WAITS_FOR);
}
END_TEST

START_TEST(once_counts_when_all_have_exited)
{
	struct sched_action	 second;
	uint64_t		 x;

	task(0, "a")->control = CONTROL_ONCE;
	conf[0].count = 2;
	task(1, "any");
	need(1, 0, false);
	task(2, "good");
	need(2, 0, true);
	begin();
	second = *find(SCHED_SPAWN, 0, 1);
	x = up(0, 0);
	gone(x, EXIT_1);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	gone(answer(&second), 0);
	ck_state(0, STATE_DONE, REASON_EXITED);
	ck_assert_ptr_nonnull(find(SCHED_SPAWN, 1, 0));
	ck_assert_ptr_null(find(SCHED_SPAWN, 2, 0));
	ck_state(2, STATE_WAITING, REASON_WAITS_FOR);
	ck_assert(!mono_isset(armed));
}
END_TEST

START_TEST(event_and_suspend_count_at_once)
{
	task(0, "ev")->control = CONTROL_EVENT;
	task(1, "su")->control = CONTROL_SUSPEND;
	task(2, "x");
	need(2, 0, true);
	need(2, 1, false);
	begin();
	ck_state(0, STATE_IDLE, REASON_WAITS_FOR_EVENT);
	ck_state(1, STATE_SUSPENDED, REASON_SUSPENDED);
	up(2, 0);
}
END_TEST

START_TEST(what_requires_the_absent_waits)
{
	struct sched_view	 v;

	task(0, "off")->control = CONTROL_OFF;
	task(1, "role")->in_role = false;
	conf[1].why = REASON_NOT_IN_ROLE;
	task(2, "held")->held = true;
	conf[2].why = REASON_UNKNOWN_USER;
	task(3, "x");
	need(3, 0, false);
	task(4, "y");
	need(4, 1, false);
	task(5, "z");
	need(5, 2, false);
	begin();
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_OFF, REASON_CONTROL_OFF);
	ck_state(1, STATE_OFF, REASON_NOT_IN_ROLE);
	ck_state(2, STATE_FAILED, REASON_UNKNOWN_USER);
	sched_view(s, 3, &v);
	ck_assert_str_eq(v.blocker, "off");
	sched_view(s, 4, &v);
	ck_assert_str_eq(v.blocker, "role");
	sched_view(s, 5, &v);
	ck_assert_str_eq(v.blocker, "held");
}
END_TEST

START_TEST(onexit_runs_a_once_task_again)
{
	uint64_t	 b;

	task(0, "set")->control = CONTROL_ONCE;
	task(1, "clock");
	need(1, 0, false);
	onexit_of(1, 0);
	begin();
	gone(up(0, 0), 0);
	b = up(1, 0);
	wait_ms(6000);
	gone(b, EXIT_1);
	/* The once task first, and what it is required by waits for it. */
	ck_assert_ptr_null(find(SCHED_SPAWN, 1, 0));
	ck_state(1, STATE_WAITING, REASON_WAITS_FOR);
	gone(up(0, 0), 0);
	up(1, 0);
}
END_TEST

START_TEST(onexit_waits_for_the_last_instance)
{
	struct sched_action	 second;
	uint64_t		 a, b;

	task(0, "ev")->control = CONTROL_EVENT;
	task(1, "x")->count = 2;
	conf[1].control = CONTROL_ONCE;
	onexit_of(1, 0);
	begin();
	second = *find(SCHED_SPAWN, 1, 1);
	a = up(1, 0);
	b = answer(&second);
	gone(a, 0);
	ck_assert_ptr_null(find(SCHED_SPAWN, 0, 0));
	gone(b, 0);
	gone(up(0, 0), 0);
	ck_state(0, STATE_DONE, REASON_EXITED);
}
END_TEST

START_TEST(what_contradicts_itself_is_refused)
{
	struct sync_proc	 p;
	struct spawned		 m = { .id = 9, .pid = 9 };

	/* A cycle. */
	task(0, "a");
	task(1, "b");
	need(0, 1, false);
	need(1, 0, false);
	sync_begin(MODE_RUN, true);
	ck_assert_int_eq(sched_converge(s, &clk), -1);
	crash();
	/* A task that is missing, or comes twice. */
	ntasks = 0;
	task(0, "a");
	ntasks = 2;
	task(1, "b");
	{
		struct sched_setup	 two = { .ntasks = 2 };

		s = sched_new(&two);
		ck_assert_int_eq(sched_add_task(s, 0, &conf[0]), 0);
		ck_assert_int_eq(sched_add_task(s, 0, &conf[1]), -1);
		ck_assert_int_eq(sched_add_task(s, 2, &conf[1]), -1);
		ck_assert_int_eq(sched_converge(s, &clk), -1);
		schedrec_task_clear(&conf[1]);
	}
	crash();
	/* Two processes in a slot, one of a task that is none. */
	ntasks = 0;
	task(0, "a");
	sync_begin(MODE_RUN, true);
	p = record(0, 0, 7);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	ck_assert_int_eq(sched_add_proc(s, &p), -1);
	p.id = 8;
	ck_assert_int_eq(sched_add_proc(s, &p), -1);
	p = record(1, 0, 9);
	ck_assert_int_eq(sched_add_proc(s, &p), -1);
	p = record(0, LIMIT_INSTANCES, 9);
	ck_assert_int_eq(sched_add_proc(s, &p), -1);
	sync_end();
	/* An answer that nobody asked for. */
	ck_assert_int_eq(sched_spawned(s, &clk, 55, &m), -1);
	m.task = 7;
	ck_assert_int_eq(sched_spawned(s, &clk, 55, &m), -1);
}
END_TEST

START_TEST(answers_to_the_one_before_are_ignored)
{
	struct sched_action	 old;
	struct spawned		 m = { .id = 9, .pid = 9 };
	struct spawnfail	 f = { .stage = STAGE_REFUSED };

	task(0, "a");
	begin();
	old = *find(SCHED_SPAWN, 0, 0);
	first_tag = sched_next_tag(s);
	sched_free(s);
	task(0, "a");
	begin();
	ck_assert_int_eq(sched_spawnfail(s, &clk, old.tag, &f), 0);
	ck_assert_int_eq(sched_spawned(s, &clk, old.tag, &m), 0);
	sched_actions_clear(s);
	up(0, 0);
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

/* A hub with many around it: its restarts cost nothing for those that run. */
START_TEST(an_event_costs_what_it_touches)
{
	static struct sched_action	 asked[256];
	struct sched_setup		 many = { .ntasks = 200 };
	size_t				 i, n;
	uint64_t			 hub;

	s = sched_new(&many);
	for (i = 0; i < 200; i++) {
		task(0, "x");
		free(conf[0].name);
		xasprintf(&conf[0].name, "t%zu", i);
		if (i > 0)
			need(0, 0, false);
		ck_assert_int_eq(sched_add_task(s, i, &conf[0]), 0);
	}
	ck_assert_int_eq(sched_converge(s, &clk), 0);
	n = 0;
	(void)sched_actions(s, &n);
	nacts = n;
	memcpy(acts, sched_actions(s, &n), sizeof(acts[0]));
	sched_actions_clear(s);
	ck_assert_uint_eq(acts[0].what, SCHED_SPAWN);
	{
		struct spawned	 m = { .id = 1, .pid = 1, .at = clk.now };
		const struct sched_action *a;

		ck_assert_int_eq(sched_spawned(s, &clk, acts[0].tag, &m), 0);
		a = sched_actions(s, &n);
		for (i = 0, nacts = 0; i < n; i++)
			if (a[i].what == SCHED_SPAWN)
				asked[nacts++] = a[i];
		sched_actions_clear(s);
		ck_assert_uint_eq(nacts, 199);
		for (i = 0; i < 199; i++) {
			m.id = m.pid = 10 + i;
			m.task = asked[i].task;
			ck_assert_int_eq(sched_spawned(s, &clk, asked[i].tag,
			    &m), 0);
			sched_actions_clear(s);
		}
	}
	hub = 1;
	wait_ms(6000);
	last_id = 1000;
	gone(hub, 0);
	ck_assert_uint_le(nacts, 4);
	up(0, 0);
	ck_assert_uint_le(nacts, 3);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_wait_task_starts_and_starts_again,
		the_row_of_delays,
		a_failed_start_is_tried_by_the_same_row,
		an_exec_that_fails_after_spawned,
		requires_and_start_delay,
		all_instances_must_run,
		what_runs_is_not_touched_by_what_it_requires,
		once_counts_when_all_have_exited,
		event_and_suspend_count_at_once,
		what_requires_the_absent_waits,
		onexit_runs_a_once_task_again,
		onexit_waits_for_the_last_instance,
		what_contradicts_itself_is_refused,
		answers_to_the_one_before_are_ignored,
		an_event_costs_what_it_touches
	};

	return (SUITE_RUN("sched", tests));
}
