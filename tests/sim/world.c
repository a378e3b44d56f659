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
 * The made-up spawner.  It keeps to run.h: one process a slot, requests of
 * an old generation refused, everything told in order; it may be as late as
 * it likes, and what it is asked for may fail.
 */

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "sim.h"

void
say(struct world *w, const char *fmt, ...)
{
	va_list	 ap;

	if (!w->verbose)
		return;
	printf("%9.3f ", (double)w->now / 1000);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

/* The first broken rule is the one that counts. */
void
wrong(struct world *w, const char *rule, const char *fmt, ...)
{
	va_list	 ap;

	if (w->wrong != NULL)
		return;
	w->wrong = rule;
	va_start(ap, fmt);
	vsnprintf(w->detail, sizeof(w->detail), fmt, ap);
	va_end(ap);
	say(w, "WRONG: %s: %s", rule, w->detail);
}

struct sim_msg *
world_send(struct world *w, enum sim_msg_type type)
{
	struct sim_msg	*m;

	if (w->to_tail - w->to_head >= SIM_QUEUE) {
		fprintf(stderr, "sim: queue to the monitor is full\n");
		exit(2);
	}
	m = &w->to[w->to_tail++ % SIM_QUEUE];
	memset(m, 0, sizeof(*m));
	m->type = type;
	return (m);
}

const struct sim_task *
world_in_force(const struct world *w, uint8_t name)
{
	const struct sim_task	*t = NULL;

	if (w->sched != NULL)
		t = conf_task(&w->told, name);
	return (t != NULL ? t : conf_task(&w->conf, name));
}

/* As the plan has it, or the monitor has said. */
static bool
stays(const struct world *w, uint8_t name)
{
	const struct sim_task	*t = conf_task(&w->conf, name);

	if (t == NULL)
		return (false);
	return ((w->ruled[name] != 0 ? w->ruled[name] - 1 : t->control) ==
	    CONTROL_ADOPT);
}

/* What adopt tasks run may stay. */
uint32_t
world_nrunning(const struct world *w)
{
	const struct sim_proc	*p;
	uint32_t		 i, n = 0;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (!p->used || !p->running || (p->foreign &&
		    !w->out[p->name][p->instance].alive))
			continue;
		if (p->kind == PROC_START && stays(w, p->name))
			continue;
		n++;
	}
	return (n);
}

struct sim_proc *
world_proc(struct world *w, uint64_t id)
{
	uint32_t	 i;

	for (i = 0; id != 0 && i < SIM_PROCS; i++)
		if (w->procs[i].used && w->procs[i].id == id)
			return (&w->procs[i]);
	return (NULL);
}

struct sim_proc *
world_slot(struct world *w, uint8_t name, uint8_t instance)
{
	struct sim_proc	*p;
	uint32_t	 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (p->used && p->kind == PROC_START && p->name == name &&
		    p->instance == instance)
			return (p);
	}
	return (NULL);
}

struct sim_proc *
world_new_proc(struct world *w)
{
	uint32_t	 i;

	for (i = 0; i < SIM_PROCS; i++)
		if (!w->procs[i].used) {
			memset(&w->procs[i], 0, sizeof(w->procs[i]));
			w->procs[i].used = true;
			return (&w->procs[i]);
		}
	fprintf(stderr, "sim: process table is full\n");
	exit(2);
}

static void
refuse(struct world *w, const struct sim_req *q, uint8_t stage, int error,
    uint64_t id)
{
	struct sim_msg	*m;

	if (!w->up)
		return;
	m = world_send(w, TO_FAILED);
	m->tag = q->act.tag;
	m->failed = (struct spawnfail){
		.id = id, .task = q->act.task, .instance = q->act.instance,
		.cmd = q->act.cmd, .stage = stage, .error = error,
		.at = { w->now }, .wall = w->now
	};
}

static void
tell_spawned(struct world *w, const struct sim_req *q,
    const struct sim_proc *p)
{
	struct sim_msg	*m;

	if (!w->up)
		return;
	m = world_send(w, TO_SPAWNED);
	m->tag = q->act.tag;
	m->spawned = (struct spawned){
		.id = p->id, .task = q->act.task, .instance = q->act.instance,
		.cmd = q->act.cmd, .pid = p->pid, .at = { w->now },
		.wall = w->now
	};
}

/* Fills a fresh record and tells of it; it may yet fail to exec. */
static void
start(struct world *w, const struct sim_req *q, struct sim_proc *p,
    const struct sim_task *t)
{
	bool	 fails = !w->calm && chance(&w->rng, 6);

	p->id = ++w->next_id;
	p->pid = 1000 + p->id;
	p->name = t->name;
	p->instance = q->act.instance;
	p->cmd = q->act.cmd;
	p->print = t->print;
	p->started = w->now;
	tell_spawned(w, q, p);
	if (fails) {
		refuse(w, q, STAGE_EXEC, ENOENT, p->id);
		p->used = false;
		return;
	}
	p->running = true;
	life_give(w, p, t);
}

static uint8_t
count_of(const struct world *w, const struct sim_task *t)
{
	return (w->counted[t->name] != 0 ? w->counted[t->name] : t->count);
}

static void
do_spawn(struct world *w, const struct sim_req *q)
{
	const struct sim_task	*t;
	struct sim_proc		*p;
	uint32_t		 starts = 0;

	if (q->gen != w->gen) {
		refuse(w, q, STAGE_REFUSED, ESTALE, 0);
		return;
	}
	t = &w->conf.t[q->act.task];
	if (!t->in_role || t->held)
		wrong(w, "what shall not run is not started", "%s",
		    sim_name(t->name));
	if (w->mode != MODE_RUN) {
		refuse(w, q, STAGE_REFUSED, EPERM, 0);
		return;
	}
	if (q->act.instance >= count_of(w, t))
		wrong(w, "never more than count", "%s[%u] of %u",
		    sim_name(t->name), q->act.instance, count_of(w, t));
	p = world_slot(w, t->name, q->act.instance);
	if (p != NULL && p->running) {
		wrong(w, "one process a slot", "%s[%u] runs already",
		    sim_name(t->name), q->act.instance);
		refuse(w, q, STAGE_REFUSED, EEXIST, 0);
		return;
	}
	if (life_findable(w, t, q->act.instance))
		wrong(w, "one process a slot", "%s[%u] was running",
		    sim_name(t->name), q->act.instance);
	if (!w->calm && chance(&w->rng, 6)) {
		refuse(w, q, STAGE_FORK, EAGAIN, 0);
		return;
	}
	if (p == NULL)
		p = world_new_proc(w);
	else
		starts = p->starts;
	memset(p, 0, sizeof(*p));
	p->used = true;
	p->kind = PROC_START;
	p->starts = starts + 1;
	p->again_ms = q->act.again_ms;
	p->gen = w->gen;
	start(w, q, p, t);
	say(w, "  spawner: %s[%u] id %llu%s", sim_name(t->name),
	    q->act.instance, (unsigned long long)p->id,
	    p->used ? "" : " cannot exec");
}

/* As the spawner does: a command may be there to stop things. */
static void
void_orders(struct world *w, uint8_t name, uint64_t id)
{
	struct sim_proc	*p;
	uint32_t	 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (p->used && p->kind == PROC_START &&
		    (id != 0 ? p->id == id : p->name == name))
			p->again_ms = STANDING_NONE;
	}
}

static void
do_run(struct world *w, const struct sim_req *q)
{
	struct sim_proc	*p;

	if (q->gen != w->gen) {
		refuse(w, q, STAGE_REFUSED, ESTALE, 0);
		return;
	}
	if (!w->calm && chance(&w->rng, 10)) {
		refuse(w, q, STAGE_MEMORY, ENOMEM, 0);
		return;
	}
	void_orders(w, w->conf.t[q->act.task].name, q->act.id);
	p = world_new_proc(w);
	p->kind = PROC_COMMAND;
	p->target = q->act.id;
	start(w, q, p, &w->conf.t[q->act.task]);
	say(w, "  spawner: %s[%u] command %u id %llu%s", sim_name(p->name),
	    q->act.instance, q->act.cmd, (unsigned long long)p->id,
	    p->used ? "" : " cannot exec");
}

static void
do_note(struct world *w, const struct sim_req *q)
{
	const struct sim_task	*t;

	/* From before the last full sync its index may mean another. */
	if (q->gen < w->full_gen)
		return;
	t = &w->conf.t[q->act.task];
	memcpy(w->note[t->name], q->note, q->notelen);
	w->notelen[t->name] = q->notelen;
	w->noted[t->name] = q->gen == w->gen ? q->wish : (struct sim_wish){
	    0 };
	memcpy(w->leaving[t->name], q->leaving, sizeof(q->leaving));
}

static void
do_allstopped(struct world *w, const struct sim_req *q)
{
	struct sim_proc	*p;
	uint32_t	 i;

	if (w->mode != q->act.mode)
		return;
	if (world_nrunning(w) != 0)
		wrong(w, "all stopped", "%u processes run",
		    world_nrunning(w));
	if (w->mode == MODE_STOP) {
		w->allstopped = true;
		return;
	}
	/* A reset: no history, all anew; what is adopted stays. */
	say(w, "  spawner: reset");
	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (!p->used || !p->running)
			p->used = false;
		p->exited = 0;
	}
	for (i = 0; i < SIM_TASKS * SIM_COUNT; i++)
		w->out[i / SIM_COUNT][i % SIM_COUNT].comes = 0;
	memset(w->notelen, 0, sizeof(w->notelen));
	memset(w->noted, 0, sizeof(w->noted));
	memset(w->leaving, 0, sizeof(w->leaving));
	memset(w->counted, 0, sizeof(w->counted));
	memset(w->ruled, 0, sizeof(w->ruled));
	w->mode = MODE_RUN;
	w->gen++;
	world_sync(w, SYNC_FULL, true);
}

bool
world_spawner_busy(const struct world *w)
{
	return (w->from_head != w->from_tail);
}

void
world_spawner_step(struct world *w)
{
	const struct sim_req	*q;
	struct sim_proc		*p;

	if (!world_spawner_busy(w))
		return;
	q = &w->from[w->from_head++ % SIM_QUEUE];
	switch (q->act.what) {
	case SCHED_SPAWN:
		do_spawn(w, q);
		break;
	case SCHED_RUN:
		do_run(w, q);
		break;
	case SCHED_LOOK:
		life_look(w, q);
		break;
	case SCHED_COUNT:
		if (q->gen != w->gen)
			break;
		w->counted[w->conf.t[q->act.task].name] = q->act.count;
		w->ruled[w->conf.t[q->act.task].name] = q->act.control + 1;
		void_orders(w, w->conf.t[q->act.task].name, 0);
		break;
	case SCHED_SIGNAL:
		if ((p = world_proc(w, q->act.id)) != NULL && p->running)
			life_signal(w, p, q->act.sig);
		break;
	case SCHED_NOTE:
		do_note(w, q);
		break;
	case SCHED_ALLSTOPPED:
		do_allstopped(w, q);
		break;
	}
}

/* The successor: by the spawner itself, with or without a monitor. */
void
world_spawn_again(struct world *w, const struct sim_proc *p)
{
	struct sim_req	 q = { .gen = w->gen };

	q.act.what = SCHED_SPAWN;
	q.act.task = conf_find(&w->conf, p->name);
	q.act.instance = p->instance;
	q.act.tag = STANDING_TAG;
	q.act.again_ms = STANDING_MS;
	do_spawn(w, &q);
}

struct sim_sync *
world_make_sync(const struct world *w, enum sync_kind kind, bool config_event)
{
	struct sim_sync	*s;
	uint32_t	 i;

	s = xcalloc(1, sizeof(*s));
	s->kind = kind;
	s->gen = w->gen;
	s->mode = w->mode;
	s->config_event = config_event;
	s->conf = w->conf;
	for (i = 0; kind == SYNC_DELTA && i < w->conf.n; i++)
		s->differs[i] = memcmp(&w->conf.t[i], &w->sent.t[i],
		    sizeof(w->conf.t[i])) != 0;
	memcpy(s->procs, w->procs, sizeof(s->procs));
	memcpy(s->out, w->out, sizeof(s->out));
	memcpy(s->note, w->note, sizeof(s->note));
	memcpy(s->notelen, w->notelen, sizeof(s->notelen));
	memcpy(s->wish, w->noted, sizeof(s->wish));
	memcpy(s->leaving, w->leaving, sizeof(s->leaving));
	return (s);
}

void
world_sync(struct world *w, enum sync_kind kind, bool config_event)
{
	struct sim_sync	*s;

	w->up = true;
	s = world_make_sync(w, kind, config_event);
	if (kind == SYNC_FULL)
		w->full_gen = w->gen;
	w->sent = w->conf;
	conf_say(w);
	world_send(w, TO_SYNC)->sync = s;
}

/* A new configuration is in force: what is gone from it is forgotten. */
void
world_reload(struct world *w, bool delta)
{
	const struct sim_task	*a, *b;
	struct sim_proc		*p;
	uint32_t		 i, k;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (p->used && !p->running &&
		    conf_find(&w->conf, p->name) == -1)
			p->used = false;
	}
	for (i = 0; i < SIM_TASKS; i++) {
		if (conf_find(&w->conf, i) == -1) {
			w->notelen[i] = 0;
			memset(w->leaving[i], 0, sizeof(w->leaving[i]));
		}
		/* How a task is probed may have changed with its control. */
		a = conf_task(&w->sent, i);
		b = conf_task(&w->conf, i);
		if (a != NULL && b != NULL && a->control == b->control &&
		    w->wish[i].control == 0 &&
		    a->pidfile == b->pidfile && a->check == b->check)
			continue;
		for (k = 0; k < SIM_COUNT; k++) {
			w->out[i][k].lied = true;
			w->out[i][k].comes = 0;
		}
	}
	memset(w->noted, 0, sizeof(w->noted));
	memset(w->counted, 0, sizeof(w->counted));
	memset(w->ruled, 0, sizeof(w->ruled));
	w->gen++;
	/* One that has not been told all cannot be told the difference. */
	delta = delta && w->up && w->mode == MODE_RUN &&
	    conf_same(&w->conf, &w->sent);
	world_sync(w, delta ? SYNC_DELTA : SYNC_FULL, true);
}

void
world_shutdown(struct world *w, uint8_t mode)
{
	w->mode = mode;
	world_send(w, TO_SHUTDOWN)->mode = mode;
}

/* What was on its way to it is lost; what it asked is partly heard. */
void
world_kill_monitor(struct world *w)
{
	struct sim_msg	*m;
	uint32_t	 heard;

	say(w, "monitor dies");
	heard = rnd(&w->rng, w->from_tail - w->from_head + 1);
	while (heard-- > 0)
		world_spawner_step(w);
	w->from_head = w->from_tail = 0;
	for (; w->to_head != w->to_tail; w->to_head++) {
		m = &w->to[w->to_head % SIM_QUEUE];
		if (m->type == TO_SYNC)
			free(m->sync);
	}
	sched_free(w->sched);
	w->sched = NULL;
	w->up = false;
	w->armed = 0;
	w->first_tag = 1;
	/* A while without one: things go on happening. */
	w->now += rnd(&w->rng, 3000);
	life_pass(w);
	world_sync(w, SYNC_FULL, false);
}
