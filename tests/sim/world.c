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
 * The made-up spawner and what it starts.  It keeps to run.h: one process a
 * slot, requests of an old generation refused, everything told in order; it
 * may be as late as it likes.  Processes fail to start, die, ignore TERM.
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

uint32_t
world_nrunning(const struct world *w)
{
	uint32_t	 i, n = 0;

	for (i = 0; i < SIM_PROCS; i++)
		if (w->procs[i].used && w->procs[i].running)
			n++;
	return (n);
}

static struct sim_proc *
proc_by_id(struct world *w, uint64_t id)
{
	uint32_t	 i;

	for (i = 0; id != 0 && i < SIM_PROCS; i++)
		if (w->procs[i].used && w->procs[i].id == id)
			return (&w->procs[i]);
	return (NULL);
}

static struct sim_proc *
proc_in_slot(struct world *w, uint8_t name, uint8_t instance)
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

static struct sim_proc *
proc_new(struct world *w)
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

/* How long it lives and how it ends. */
static void
give_life(struct world *w, struct sim_proc *p, uint8_t control)
{
	struct rng	*r = &w->rng;

	p->stubborn = chance(r, 15);
	p->dies_with = chance(r, 60) ? 0 : chance(r, 50) ? 1 << 8 : SIGSEGV;
	if (p->kind == PROC_COMMAND) {
		p->dies = chance(r, w->calm ? 0 : 5) ? 0 :
		    w->now + 1 + rnd(r, 2000);
		return;
	}
	if (control == CONTROL_ONCE || control == CONTROL_EVENT) {
		p->dies = !w->calm && chance(r, 10) ? 0 :
		    w->now + 1 + rnd(r, 3000);
		if (w->calm)
			p->dies_with = 0;
	} else if (w->calm || chance(r, 50))
		p->dies = 0;
	else if (chance(r, 50))
		p->dies = w->now + 1 + rnd(r, 100);
	else
		p->dies = w->now + 1 + rnd(r, 12000);
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
	give_life(w, p, t->control);
}

static void
do_spawn(struct world *w, const struct sim_req *q)
{
	struct sim_proc	*p;
	struct sim_task	*t;
	uint32_t	 starts = 0;

	if (q->gen != w->gen) {
		refuse(w, q, STAGE_REFUSED, ESTALE, 0);
		return;
	}
	t = &w->conf.t[q->act.task];
	if (q->act.instance >= t->count)
		wrong(w, "never more than count", "%s[%u] of %u",
		    sim_name(t->name), q->act.instance, t->count);
	p = proc_in_slot(w, t->name, q->act.instance);
	if (p != NULL && p->running) {
		wrong(w, "one process a slot", "%s[%u] runs already",
		    sim_name(t->name), q->act.instance);
		refuse(w, q, STAGE_REFUSED, EEXIST, 0);
		return;
	}
	if (!w->calm && chance(&w->rng, 6)) {
		refuse(w, q, STAGE_FORK, EAGAIN, 0);
		return;
	}
	if (p == NULL)
		p = proc_new(w);
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
void_orders(struct world *w, const struct sim_req *q)
{
	struct sim_proc	*p;
	uint32_t	 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (p->used && p->kind == PROC_START && (q->act.id != 0 ?
		    p->id == q->act.id :
		    p->name == w->conf.t[q->act.task].name))
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
	void_orders(w, q);
	p = proc_new(w);
	p->kind = PROC_COMMAND;
	p->target = q->act.id;
	start(w, q, p, &w->conf.t[q->act.task]);
}

static void
do_signal(struct world *w, const struct sim_req *q)
{
	struct sim_proc	*p;

	if ((p = proc_by_id(w, q->act.id)) == NULL || !p->running)
		return;
	p->last_signal = q->act.sig;
	p->signalled = w->now;
	if (q->act.sig == SIGKILL) {
		p->dies = w->now + 1 + rnd(&w->rng, 5);
		p->dies_with = SIGKILL;
	} else if (!p->stubborn) {
		p->dies = w->now + 1 + rnd(&w->rng, 300);
		p->dies_with = q->act.sig;
	}
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
	struct sim_task		*t;

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
	case SCHED_SIGNAL:
		do_signal(w, q);
		break;
	case SCHED_NOTE:
		if (q->gen != w->gen)
			break;
		t = &w->conf.t[q->act.task];
		memcpy(w->note[t->name], q->note, q->notelen);
		w->notelen[t->name] = q->notelen;
		break;
	case SCHED_ALLSTOPPED:
		if (w->mode != q->act.mode)
			break;
		if (world_nrunning(w) != 0)
			wrong(w, "all stopped", "%u processes run",
			    world_nrunning(w));
		if (w->mode == MODE_STOP) {
			w->allstopped = true;
			break;
		}
		/* A reset: no history, all anew. */
		say(w, "  spawner: reset");
		memset(w->procs, 0, sizeof(w->procs));
		memset(w->notelen, 0, sizeof(w->notelen));
		w->mode = MODE_RUN;
		w->gen++;
		world_sync(w, true);
		break;
	}
}

/* A stop command that ended did its work, mostly. */
static void
command_done(struct world *w, struct sim_proc *c)
{
	struct sim_proc	*p;
	uint32_t	 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (!p->used || !p->running || p->kind != PROC_START ||
		    p->name != c->name || p->id > c->id)
			continue;
		if (p->id != c->target && chance(&w->rng, 50))
			continue;
		if (p->dies == 0 && !chance(&w->rng, 20)) {
			p->dies = w->now + 1 + rnd(&w->rng, 50);
			p->dies_with = 0;
		}
	}
}

static bool
has_standing_order(const struct world *w, const struct sim_proc *p)
{
	int	 task;

	if (p->kind != PROC_START || p->again_ms == STANDING_NONE ||
	    p->gen != w->gen || p->last_signal != 0 ||
	    w->mode != MODE_RUN ||
	    p->exited - p->started < (int64_t)p->again_ms)
		return (false);
	task = conf_find(&w->conf, p->name);
	return (task != -1 && p->instance < w->conf.t[task].count);
}

/* The successor: by the spawner itself, with or without a monitor. */
static void
start_again(struct world *w, const struct sim_proc *p)
{
	struct sim_req	 q = { .gen = w->gen };

	q.act.what = SCHED_SPAWN;
	q.act.task = conf_find(&w->conf, p->name);
	q.act.instance = p->instance;
	q.act.tag = STANDING_TAG;
	q.act.again_ms = STANDING_MS;
	do_spawn(w, &q);
}

void
world_deaths(struct world *w)
{
	struct sim_msg	*m;
	struct sim_proc	*p;
	uint32_t	 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (!p->used || !p->running || p->dies == 0 ||
		    p->dies > w->now)
			continue;
		p->running = false;
		p->exited = w->now;
		p->status = p->dies_with;
		say(w, "  %s[%u] id %llu%s exits %x", sim_name(p->name),
		    p->instance, (unsigned long long)p->id,
		    p->kind == PROC_COMMAND ? " (command)" : "", p->status);
		if (w->up) {
			m = world_send(w, TO_EXITED);
			m->exited = (struct exited){
				.id = p->id, .pid = p->pid,
				.status = p->status,
				.again = has_standing_order(w, p),
				.at = { w->now }, .wall = w->now
			};
		}
		if (p->kind == PROC_COMMAND) {
			command_done(w, p);
			p->used = false;
		} else if (conf_find(&w->conf, p->name) == -1)
			p->used = false;
		else if (has_standing_order(w, p))
			start_again(w, p);
	}
}

int64_t
world_next_death(const struct world *w)
{
	const struct sim_proc	*p;
	int64_t			 at = 0;
	uint32_t		 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (p->used && p->running && p->dies != 0 &&
		    (at == 0 || p->dies < at))
			at = p->dies;
	}
	return (at);
}

void
world_sync(struct world *w, bool config_event)
{
	struct sim_sync	*s;

	w->up = true;
	s = xcalloc(1, sizeof(*s));
	s->gen = w->gen;
	s->mode = w->mode;
	s->config_event = config_event;
	s->conf = w->conf;
	memcpy(s->procs, w->procs, sizeof(s->procs));
	memcpy(s->note, w->note, sizeof(s->note));
	memcpy(s->notelen, w->notelen, sizeof(s->notelen));
	world_send(w, TO_SYNC)->sync = s;
}

/* A new configuration is in force: what is gone from it is forgotten. */
void
world_reload(struct world *w)
{
	struct sim_proc	*p;
	uint32_t	 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (p->used && !p->running &&
		    conf_find(&w->conf, p->name) == -1)
			p->used = false;
	}
	for (i = 0; i < SIM_TASKS; i++)
		if (conf_find(&w->conf, i) == -1)
			w->notelen[i] = 0;
	w->gen++;
	world_sync(w, true);
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
	world_deaths(w);
	world_sync(w, false);
}
