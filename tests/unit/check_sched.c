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
 * The scheduler, rule by rule of spec.md 4 and 10: what it decides for each
 * event, at which moment.  The test is the spawner and the clock.
 */

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../common/plan.h"
#include "../../common/util.h"
#include "../../monitor/sched.h"
#include "suite.h"

#define NTASKS	12
#define EXIT_1	(1 << 8)

static struct sched		*s;
static struct sched_clock	 clk = { { 1000000 }, 1700000000000 };
static struct schedrec_task	 conf[NTASKS];
static uint32_t			 ntasks;
static uint64_t			 last_id;
static uint32_t			 first_tag = 1;
static struct mono		 armed;
static struct sched_action	 acts[256];
static size_t			 nacts;
/* The spawner's notes. */
static uint8_t			 note[NTASKS][LIMIT_NOTE];
static size_t			 notelen[NTASKS];

/* A task of one process, "wait", in scope. */
static struct schedrec_task *
task(uint32_t i, const char *name)
{
	struct schedrec_task	*t = &conf[i];

	memset(t, 0, sizeof(*t));
	t->name = xstrdup(name);
	t->detail = xstrdup("");
	t->count = 1;
	t->in_scope = true;
	t->stop_timeout_ms = 5000;
	t->ncmds = 3;
	t->cmds = xcalloc(3, sizeof(*t->cmds));
	t->cmds[0].name = xstrdup("start");
	t->cmds[1].name = xstrdup("halt");
	t->cmds[2].name = xstrdup("again");
	if (i >= ntasks)
		ntasks = i + 1;
	return (t);
}

static void
need(uint32_t i, uint32_t on, bool ok)
{
	struct schedrec_task	*t = &conf[i];

	t->requires = xreallocarray(t->requires, t->nrequires + 1,
	    sizeof(*t->requires));
	t->requires[t->nrequires++] = (struct schedrec_require){ on, ok };
}

static void
onexit_of(uint32_t i, uint32_t starts)
{
	conf[i].onexit = xcalloc(1, sizeof(*conf[i].onexit));
	conf[i].onexit[0] = starts;
	conf[i].nonexit = 1;
}

static void
event_of(uint32_t i, uint8_t type, uint8_t sig, uint16_t cmd)
{
	struct schedrec_task	*t = &conf[i];

	t->events = xcalloc(1, sizeof(*t->events));
	t->nevents = 1;
	t->events[0].type = type;
	t->events[0].action = cmd != 0 ? ACTION_COMMAND : ACTION_SIGNAL;
	t->events[0].sig = sig;
	t->events[0].cmd = cmd;
}

/* Takes over what the step decided. */
static void
took(void)
{
	const struct sched_action	*a;
	size_t				 i;

	a = sched_actions(s, &nacts);
	ck_assert_uint_le(nacts, nitems(acts));
	for (i = 0; i < nacts; i++) {
		acts[i] = a[i];
		if (a[i].what == SCHED_ARM)
			armed = a[i].at;
		if (a[i].what == SCHED_NOTE)
			notelen[a[i].task] = sched_note(s, a[i].task,
			    note[a[i].task]);
	}
	sched_actions_clear(s);
}

static void
sync_begin(uint8_t mode, bool config_event)
{
	struct sched_setup	 setup = {
		.ntasks = ntasks, .mode = mode,
		.config_event = config_event, .first_tag = first_tag
	};
	uint32_t		 i;

	s = sched_new(&setup);
	for (i = 0; i < ntasks; i++)
		ck_assert_int_eq(sched_add_task(s, i, &conf[i]), 0);
	armed = MONO_NEVER;
}

static void
sync_end(void)
{
	uint32_t	 i;

	for (i = 0; i < ntasks; i++)
		if (notelen[i] != 0)
			ck_assert_int_eq(sched_add_note(s, i, note[i],
			    notelen[i]), 0);
	ck_assert_int_eq(sched_converge(s, &clk), 0);
	took();
}

/* All that is new, nothing runs. */
static void
begin(void)
{
	sync_begin(MODE_RUN, true);
	sync_end();
}

/* The monitor is gone; the tasks are to be described anew. */
static void
crash(void)
{
	first_tag = 1;
	sched_free(s);
	s = NULL;
}

static const struct sched_action *
find(enum sched_what what, uint32_t t, uint16_t instance)
{
	size_t	 i;

	for (i = 0; i < nacts; i++)
		if (acts[i].what == what && acts[i].task == t &&
		    acts[i].instance == instance)
			return (&acts[i]);
	return (NULL);
}

static size_t
count_of(enum sched_what what)
{
	size_t	 i, n = 0;

	for (i = 0; i < nacts; i++)
		if (acts[i].what == what)
			n++;
	return (n);
}

/* Was this process sent this signal by the last step? */
static bool
signalled(uint64_t id, int sig)
{
	size_t	 i;

	for (i = 0; i < nacts; i++)
		if (acts[i].what == SCHED_SIGNAL && acts[i].id == id &&
		    acts[i].sig == sig)
			return (true);
	return (false);
}

static uint8_t
state(uint32_t t)
{
	struct sched_view	 v;

	sched_view(s, t, &v);
	return (v.state);
}

static uint8_t
reason(uint32_t t)
{
	struct sched_view	 v;

	sched_view(s, t, &v);
	return (v.reason);
}

#define ck_state(t, st, re) do {					\
	ck_assert_str_eq(state_name(state(t)), state_name(st));		\
	ck_assert_str_eq(reason_name(reason(t)), reason_name(re));	\
} while (0)

static uint64_t
answer(const struct sched_action *a)
{
	struct spawned	 m = {
		.id = ++last_id, .task = a->task, .instance = a->instance,
		.cmd = a->cmd, .pid = 5000 + last_id, .at = clk.now,
		.wall = clk.wall
	};

	ck_assert_int_eq(sched_spawned(s, &clk, a->tag, &m), 0);
	took();
	return (m.id);
}

/* The slot was asked for by the last step; it runs now. */
static uint64_t
up(uint32_t t, uint16_t instance)
{
	const struct sched_action	*a = find(SCHED_SPAWN, t, instance);

	ck_assert_msg(a != NULL, "task %u[%u] is not started", t, instance);
	return (answer(a));
}

static void
refused(uint32_t t, uint16_t instance)
{
	const struct sched_action	*a = find(SCHED_SPAWN, t, instance);
	struct spawnfail		 m = {
		.task = t, .instance = instance, .stage = STAGE_FORK,
		.error = EAGAIN, .at = clk.now, .wall = clk.wall
	};

	ck_assert_ptr_nonnull(a);
	ck_assert_int_eq(sched_spawnfail(s, &clk, a->tag, &m), 0);
	took();
}

static void
gone(uint64_t id, uint32_t status)
{
	struct exited	 m = {
		.id = id, .status = status, .at = clk.now, .wall = clk.wall
	};

	ck_assert_int_eq(sched_exited(s, &clk, &m), 0);
	took();
}

static void
wait_ms(int64_t ms)
{
	clk.now = mono_add(clk.now, ms);
	clk.wall += ms;
}

/* Lets exactly that time pass until the timer that is armed fires. */
static void
timer_after(int64_t ms)
{
	ck_assert_msg(mono_isset(armed), "no timer is armed");
	ck_assert_int_eq(mono_sub(armed, clk.now), ms);
	wait_ms(ms);
	armed = MONO_NEVER;
	sched_timer(s, &clk);
	took();
}

static void
shut(enum run_mode mode)
{
	sched_shutdown(s, &clk, mode);
	took();
}

static struct sync_proc
record(uint32_t t, uint16_t instance, uint64_t id)
{
	struct sync_proc	 p = {
		.id = id, .task = t, .instance = instance,
		.pid = id != 0 ? 5000 + id : 0, .started = clk.now,
		.started_wall = clk.wall, .starts = 1
	};

	p.name.p = "gone";
	p.name.len = 4;
	return (p);
}

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
	conf[0].in_scope = false;
	conf[0].why = REASON_CONTROL_OFF;
	task(1, "role")->in_scope = false;
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
	task(1, "o")->in_scope = false;
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
	conf[0].in_scope = false;
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
		time_limit_stops_and_wait_starts_again,
		term_then_kill,
		a_stop_command_then_kill,
		a_stop_command_has_a_minute,
		a_stop_command_that_cannot_run_is_term,
		nothing_starts_while_the_stop_command_runs,
		one_command_for_all_or_one_for_each,
		events_restart_and_stop_take_the_place_of_the_signal,
		shutdown_is_in_reverse_order,
		who_dies_out_of_turn_holds_the_order,
		the_order_passes_what_does_not_run,
		asked_for_and_no_longer_wanted,
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
		what_contradicts_itself_is_refused,
		answers_to_the_one_before_are_ignored,
		an_event_costs_what_it_touches,
		orders_are_given_where_nothing_else_matters,
		a_standing_order_takes_the_place_of_asking,
		what_came_by_order_and_is_not_wanted_is_stopped,
		an_order_that_cannot_be_carried_out_is_a_failed_start
	};

	return (SUITE_RUN("sched", tests));
}
