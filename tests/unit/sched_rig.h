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
 * The rig of the scheduler's units: tasks in a few words, and the test as
 * spawner and clock.  Each test runs in a process of its own, so that the
 * variables here begin anew.
 */

#ifndef TESTS_UNIT_SCHED_RIG_H
#define TESTS_UNIT_SCHED_RIG_H

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../common/plan.h"
#include "../../common/util.h"
#include "../../monitor/sched.h"

#define NTASKS	12
#define EXIT_1	(1 << 8)

static struct sched		*s;
static struct sched_clock	 clk = { { 1000000 }, 1700000000000 };
static struct schedrec_task	 conf[NTASKS];
static uint32_t			 ntasks;
static uint64_t			 last_id;
static uint32_t			 first_tag = 1;
static uint32_t			 gen = 1;
static struct mono		 armed;
static struct sched_action	 acts[256];
static size_t			 nacts;
/* The spawner's notes. */
static uint8_t			 note[NTASKS][LIMIT_NOTE];
static size_t			 notelen[NTASKS];

/* A task of one process, "wait", in scope. */
static inline struct schedrec_task *
task(uint32_t i, const char *name)
{
	struct schedrec_task	*t = &conf[i];

	memset(t, 0, sizeof(*t));
	t->name = xstrdup(name);
	t->detail = xstrdup("");
	t->count = 1;
	t->in_role = true;
	t->stop_timeout_ms = 5000;
	t->check_interval_ms = 5000;
	t->check_timeout_ms = 5000;
	t->ncmds = 3;
	t->cmds = xcalloc(3, sizeof(*t->cmds));
	t->cmds[0].name = xstrdup("start");
	t->cmds[1].name = xstrdup("halt");
	t->cmds[2].name = xstrdup("again");
	if (i >= ntasks)
		ntasks = i + 1;
	return (t);
}

static inline void
need(uint32_t i, uint32_t on, bool ok)
{
	struct schedrec_task	*t = &conf[i];

	t->requires = xreallocarray(t->requires, t->nrequires + 1,
	    sizeof(*t->requires));
	t->requires[t->nrequires++] = (struct schedrec_require){ on, ok };
}

static inline void
onexit_of(uint32_t i, uint32_t starts)
{
	conf[i].onexit = xcalloc(1, sizeof(*conf[i].onexit));
	conf[i].onexit[0] = starts;
	conf[i].nonexit = 1;
}

static inline void
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
static inline void
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

static inline void
sync_begin(uint8_t mode, bool config_event)
{
	struct sched_setup	 setup = {
		.ntasks = ntasks, .gen = gen, .mode = mode,
		.config_event = config_event, .first_tag = first_tag
	};
	uint32_t		 i;

	s = sched_new(&setup);
	for (i = 0; i < ntasks; i++)
		ck_assert_int_eq(sched_add_task(s, i, &conf[i]), 0);
	armed = MONO_NEVER;
}

/* With all that a scheduler before it knew, where there is one. */
static inline void
sync_end_after(const struct sched *before)
{
	uint32_t	 i;

	for (i = 0; i < ntasks; i++)
		if (notelen[i] != 0)
			ck_assert_int_eq(sched_add_note(s, i, note[i],
			    notelen[i]), 0);
	if (before != NULL)
		sched_add_before(s, before);
	ck_assert_int_eq(sched_converge(s, &clk), 0);
	took();
}

static inline void
sync_end(void)
{
	sync_end_after(NULL);
}

/* All that is new, nothing runs. */
static inline void
begin(void)
{
	sync_begin(MODE_RUN, true);
	sync_end();
}

/* The monitor is gone; the tasks are to be described anew. */
static inline void
crash(void)
{
	first_tag = 1;
	sched_free(s);
	s = NULL;
}

static inline const struct sched_action *
find(enum sched_what what, uint32_t t, uint16_t instance)
{
	size_t	 i;

	for (i = 0; i < nacts; i++)
		if (acts[i].what == what && acts[i].task == t &&
		    acts[i].instance == instance)
			return (&acts[i]);
	return (NULL);
}

static inline size_t
count_of(enum sched_what what)
{
	size_t	 i, n = 0;

	for (i = 0; i < nacts; i++)
		if (acts[i].what == what)
			n++;
	return (n);
}

/* Was this process sent this signal by the last step? */
static inline bool
signalled(uint64_t id, int sig)
{
	size_t	 i;

	for (i = 0; i < nacts; i++)
		if (acts[i].what == SCHED_SIGNAL && acts[i].id == id &&
		    acts[i].sig == sig)
			return (true);
	return (false);
}

static inline uint8_t
state(uint32_t t)
{
	struct sched_view	 v;

	sched_view(s, t, &v);
	return (v.state);
}

static inline uint8_t
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

static inline uint64_t
answer(const struct sched_action *a)
{
	struct spawned	 m = {
		.task = a->task, .instance = a->instance, .cmd = a->cmd,
		.at = clk.now, .wall = clk.wall
	};

	m.id = ++last_id;
	m.pid = 5000 + last_id;
	ck_assert_int_eq(sched_spawned(s, &clk, a->tag, &m), 0);
	took();
	return (m.id);
}

/* The slot was asked for by the last step; it runs now. */
static inline uint64_t
up(uint32_t t, uint16_t instance)
{
	const struct sched_action	*a = find(SCHED_SPAWN, t, instance);

	ck_assert_msg(a != NULL, "task %u[%u] is not started", t, instance);
	return (answer(a));
}

/* The command that the last step asked for is there now; its id. */
static inline uint64_t
asked_run(uint32_t t, uint16_t cmd)
{
	const struct sched_action	*a = find(SCHED_RUN, t, 0);

	ck_assert_msg(a != NULL, "task %u: no command is run", t);
	ck_assert_uint_eq(a->cmd, cmd);
	return (answer(a));
}

/* The look that the last step asked for. */
static inline struct sched_action
asked_look(uint32_t t)
{
	const struct sched_action	*a = find(SCHED_LOOK, t, 0);

	ck_assert_msg(a != NULL, "task %u is not looked for", t);
	return (*a);
}

/* The answers to a SCHED_LOOK. */
static inline uint64_t
found(const struct sched_action *a, bool watched)
{
	struct found	 m = {
		.task = a->task, .instance = a->instance, .watched = watched,
		.started = clk.now, .started_wall = clk.wall
	};

	m.id = ++last_id;
	m.pid = 5000 + last_id;
	ck_assert_int_eq(sched_found(s, &clk, a->tag, &m), 0);
	took();
	return (m.id);
}

static inline void
notfound(const struct sched_action *a, enum look look)
{
	struct notfound	 m = {
		.task = a->task, .instance = a->instance, .look = look
	};

	ck_assert_int_eq(sched_notfound(s, &clk, a->tag, &m), 0);
	took();
}

static inline void
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

static inline void
gone(uint64_t id, uint32_t status)
{
	struct exited	 m = {
		.id = id, .status = status, .at = clk.now, .wall = clk.wall
	};

	ck_assert_int_eq(sched_exited(s, &clk, &m), 0);
	took();
}

static inline void
wait_ms(int64_t ms)
{
	clk.now = mono_add(clk.now, ms);
	clk.wall += ms;
}

/* Lets exactly that time pass until the timer that is armed fires. */
static inline void
timer_after(int64_t ms)
{
	ck_assert_msg(mono_isset(armed), "no timer is armed");
	ck_assert_int_eq(mono_sub(armed, clk.now), ms);
	wait_ms(ms);
	armed = MONO_NEVER;
	sched_timer(s, &clk);
	took();
}

/* A reload: task i, described anew, differs; stale: so does this process. */
static inline void
update(uint32_t i, uint64_t stale)
{
	sched_update_begin(s, ++gen);
	ck_assert_int_eq(sched_update_task(s, i, &conf[i]), 0);
	if (stale != 0)
		ck_assert_int_eq(sched_update_stale(s, stale, STALE_ENV), 0);
	ck_assert_int_eq(sched_update_end(s, &clk), 0);
	took();
}

static inline void
shut(enum run_mode mode)
{
	sched_shutdown(s, &clk, mode);
	took();
}

static inline struct sync_proc
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

#endif /* TESTS_UNIT_SCHED_RIG_H */
