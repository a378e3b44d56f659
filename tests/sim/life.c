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
 * What the spawner starts and what it finds: processes live, die, ignore
 * TERM, and leave others behind that are nobody's children; a pidfile may
 * say anything.
 */

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "../../common/plan.h"
#include "sim.h"

#define FOREIGN_PID	100000

/* How long it lives and how it ends. */
void
life_give(struct world *w, struct sim_proc *p, const struct sim_task *t)
{
	const struct sim_task	*f = world_in_force(w, p->name);
	struct rng		*r = &w->rng;

	if (f == NULL)
		f = t;
	p->stubborn = chance(r, 15);
	p->dies_with = chance(r, 60) ? 0 : chance(r, 50) ? 1 << 8 : SIGSEGV;
	if (p->kind == PROC_COMMAND) {
		if (w->calm)
			p->dies_with = 0;
		p->dies = w->now + 1 + rnd(r, p->cmd == DO_CHECK ? 100 : 2000);
		if (!w->calm && chance(r, 5))
			p->dies = 0;
	} else if (sim_once(f)) {
		p->dies = !w->calm && chance(r, 10) ? 0 :
		    w->now + 1 + rnd(r, 3000);
		if (w->calm)
			p->dies_with = 0;
	} else if (sim_probed(f) && t->leaves == LEAVES_DAEMON) {
		p->dies = w->now + 1 + rnd(r, 300);
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
out_begin(struct world *w, struct sim_out *o)
{
	struct rng	*r = &w->rng;

	o->alive = true;
	o->id = 0;
	o->pid = FOREIGN_PID + ++w->next_id;
	o->started = w->now;
	o->watched = chance(r, 70);
	o->stubborn = chance(r, 15);
	o->dies = w->calm || chance(r, 50) ? 0 : w->now + 1 + rnd(r, 20000);
}

/* What an earlier daemon left behind. */
void
life_begin(struct world *w)
{
	const struct sim_task	*t;
	struct sim_out		*o;
	uint32_t		 i, k;

	for (i = 0; i < w->conf.n; i++) {
		t = &w->conf.t[i];
		if (!t->pidfile && !sim_probed(t))
			continue;
		for (k = 0; k < t->count; k++) {
			if (!chance(&w->rng, 40))
				continue;
			o = &w->out[t->name][k];
			out_begin(w, o);
			o->file = chance(&w->rng, 80) ? PID_GOOD :
			    rnd(&w->rng, PID_MAX);
		}
	}
}

bool
life_findable(const struct world *w, const struct sim_task *t,
    uint8_t instance)
{
	const struct sim_out	*o = &w->out[t->name][instance];
	const struct sim_task	*f = world_in_force(w, t->name);

	if (!o->alive || o->lied)
		return (false);
	if (sim_probed(f) && t->check)
		return (true);
	return (t->pidfile && o->file == PID_GOOD &&
	    (sim_probed(f) || f->control == CONTROL_WAIT));
}

/* The record of the process outside is over, and it is told. */
static void
out_exited(struct world *w, struct sim_out *o, struct sim_proc *p)
{
	struct sim_msg	*m;

	o->id = 0;
	if (p == NULL || !p->running)
		return;
	p->running = false;
	p->exited = w->now;
	p->status = STATUS_UNKNOWN;
	if (!w->up)
		return;
	m = world_send(w, TO_EXITED);
	m->exited = (struct exited){
		.id = p->id, .pid = p->pid, .status = STATUS_UNKNOWN,
		.last_signal = p->last_signal, .at = { w->now }, .wall = w->now
	};
}

static void
out_dies(struct world *w, uint8_t name, uint8_t instance)
{
	struct sim_out	*o = &w->out[name][instance];
	struct sim_proc	*p = world_proc(w, o->id);

	say(w, "  %s[%u] outside %u ends%s", sim_name(name), instance,
	    o->pid, o->watched ? "" : ", not watched");
	o->alive = false;
	/* The spawner looks after what it has sent a signal. */
	if (o->watched || p == NULL || p->last_signal != 0)
		out_exited(w, o, p);
}

/* A daemon that was left behind is there, unless there is one already. */
static void
out_comes(struct world *w, uint8_t name, uint8_t instance)
{
	const struct sim_task	*t = conf_task(&w->conf, name);
	struct sim_out		*o = &w->out[name][instance];

	o->comes = 0;
	if (o->alive || t == NULL)
		return;
	out_begin(w, o);
	if (t->pidfile)
		o->file = !w->calm && chance(&w->rng, 5) ?
		    rnd(&w->rng, PID_MAX) : PID_GOOD;
	say(w, "  %s[%u] outside %u is there", sim_name(name), instance,
	    o->pid);
}

void
life_signal(struct world *w, struct sim_proc *p, uint8_t sig)
{
	struct sim_out	*o = &w->out[p->name][p->instance];
	int64_t		 at = w->now + 1 + rnd(&w->rng, sig == SIGKILL ? 5 :
			    300);

	p->last_signal = sig;
	p->signalled = w->now;
	if (p->kind == PROC_COMMAND && p->cmd == DO_CHECK)
		o->lied = true;
	if (p->foreign) {
		if (!o->alive || o->id != p->id) {
			/* Nobody there to signal: that is seen now. */
			out_exited(w, o, p);
			return;
		}
		if (sig == SIGKILL || (sig == SIGTERM && !o->stubborn))
			if (o->dies == 0 || o->dies > at)
				o->dies = at;
		return;
	}
	if (sig == SIGHUP)
		return;
	if (sig == SIGKILL || !p->stubborn) {
		p->dies = at;
		p->dies_with = sig;
	}
}

static void
tell_found(struct world *w, const struct sim_req *q, const struct sim_proc *p)
{
	struct sim_msg	*m;

	if (!w->up)
		return;
	m = world_send(w, TO_FOUND);
	m->tag = q->act.tag;
	m->found = (struct found){
		.id = p->id, .task = q->act.task, .instance = q->act.instance,
		.pid = p->pid,
		.watched = w->out[p->name][p->instance].watched,
		.started = { p->started }, .started_wall = p->started
	};
}

static void
tell_notfound(struct world *w, const struct sim_req *q, enum look look,
    int error)
{
	struct sim_msg	*m;

	if (!w->up)
		return;
	m = world_send(w, TO_NOTFOUND);
	m->tag = q->act.tag;
	m->notfound = (struct notfound){
		.task = q->act.task, .instance = q->act.instance,
		.look = look, .error = error
	};
}

/* Takes what was found into the table. */
static struct sim_proc *
take_in(struct world *w, const struct sim_task *t, uint8_t instance,
    struct sim_proc *p)
{
	struct sim_out	*o = &w->out[t->name][instance];
	uint32_t	 starts = p != NULL ? p->starts : 0;

	if (p == NULL)
		p = world_new_proc(w);
	*p = (struct sim_proc){
		.used = true, .running = true, .foreign = true,
		.name = t->name, .instance = instance, .kind = PROC_START,
		.print = t->print, .pid = o->pid, .starts = starts,
		.again_ms = STANDING_NONE, .id = ++w->next_id,
		.started = o->started
	};
	o->id = p->id;
	return (p);
}

void
life_look(struct world *w, const struct sim_req *q)
{
	static const enum look	 looks[PID_MAX] = {
		[PID_NONE] = LOOK_NO_FILE,
		[PID_GOOD] = LOOK_DEAD,
		[PID_GARBAGE] = LOOK_GARBAGE,
		[PID_DEAD] = LOOK_DEAD,
		[PID_RECYCLED] = LOOK_RECYCLED,
		[PID_OURS] = LOOK_OURS,
		[PID_UNREADABLE] = LOOK_UNREADABLE,
		[PID_DENIED] = LOOK_DENIED
	};
	const struct sim_task	*t;
	struct sim_proc		*p;
	struct sim_out		*o;

	if (q->gen != w->gen) {
		tell_notfound(w, q, LOOK_REFUSED, ESTALE);
		return;
	}
	t = &w->conf.t[q->act.task];
	o = &w->out[t->name][q->act.instance];
	p = world_slot(w, t->name, q->act.instance);
	say(w, "  spawner: looks for %s[%u]", sim_name(t->name),
	    q->act.instance);
	if (p != NULL && p->running && !p->foreign) {
		tell_notfound(w, q, LOOK_REFUSED, EEXIST);
		return;
	}
	if (p != NULL && p->running && o->alive && o->id == p->id) {
		tell_found(w, q, p);
		return;
	}
	/* The one that was known is over, and that is seen now. */
	if (p != NULL && p->running)
		out_exited(w, o, p);
	else if (!t->pidfile)
		wrong(w, "no look without a pidfile", "%s",
		    sim_name(t->name));
	if (!t->pidfile) {
		tell_notfound(w, q, LOOK_REFUSED, ENOENT);
		return;
	}
	if (!w->calm && chance(&w->rng, 5)) {
		o->lied = true;
		tell_notfound(w, q, LOOK_ERROR, EAGAIN);
		return;
	}
	if (o->alive && o->file == PID_GOOD)
		tell_found(w, q, take_in(w, t, q->act.instance, p));
	else
		tell_notfound(w, q, looks[o->file], 0);
}

/* A stop command that ended did its work, mostly. */
static void
stop_done(struct world *w, const struct sim_proc *c)
{
	const struct sim_task	*t = conf_task(&w->conf, c->name);
	struct sim_proc		*p;
	struct sim_out		*o;
	uint32_t		 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (!p->used || !p->running || p->kind != PROC_START ||
		    p->name != c->name || p->id > c->id || p->foreign)
			continue;
		if (p->id != c->target && chance(&w->rng, 50))
			continue;
		if (p->dies == 0 && !chance(&w->rng, 20)) {
			p->dies = w->now + 1 + rnd(&w->rng, 50);
			p->dies_with = 1 << 8;
		}
	}
	for (i = 0; i < SIM_COUNT; i++) {
		o = &w->out[c->name][i];
		if (!o->alive || o->started > c->started ||
		    (t != NULL && t->stop == BY_EACH && i != c->instance))
			continue;
		/* What no signal reaches is ended by this alone. */
		if (o->dies == 0 && (o->id == 0 || !chance(&w->rng, 20)))
			o->dies = w->now + 1 + rnd(&w->rng, 50);
	}
}

/* What the check command says; it may lie, in either way. */
static uint32_t
check_says(struct world *w, const struct sim_proc *c)
{
	struct sim_out	*o = &w->out[c->name][c->instance];
	struct sim_proc	*p = world_slot(w, c->name, c->instance);
	bool		 up;

	up = o->alive || (p != NULL && p->running && !p->foreign);
	if (!w->calm && chance(&w->rng, 5)) {
		o->lied = true;
		up = !up;
	}
	return (up ? 0 : 1 << 8);
}

static bool
has_standing_order(const struct world *w, const struct sim_proc *p)
{
	const struct sim_task	*t;

	if (p->kind != PROC_START || p->again_ms == STANDING_NONE ||
	    p->gen != w->gen || p->last_signal != 0 ||
	    w->mode != MODE_RUN ||
	    p->exited - p->started < (int64_t)p->again_ms)
		return (false);
	t = conf_task(&w->conf, p->name);
	return (t != NULL && t->in_role && !t->held && p->instance <
	    (w->counted[p->name] != 0 ? w->counted[p->name] : t->count));
}

/* A start command that ended by itself, and well, may leave a daemon. */
static void
leave(struct world *w, const struct sim_proc *p)
{
	const struct sim_task	*t = conf_task(&w->conf, p->name);
	struct sim_out		*o = &w->out[p->name][p->instance];
	uint8_t			 control = w->noted[p->name].control;

	/* What somebody has asked for is known to the next monitor. */
	if (w->sched == NULL && control != 0 &&
	    control - 1 != CONTROL_NOWAIT && control - 1 != CONTROL_ADOPT)
		return;
	/* Of a plan before, that had it probed: nobody would look for it. */
	if (t != NULL && p->gen != w->gen && !sim_probed(t))
		return;
	if (t == NULL || t->leaves != LEAVES_DAEMON || p->status != 0 ||
	    p->last_signal != 0 || !sim_probed(world_in_force(w, p->name)))
		return;
	o->comes = w->now;
	if (chance(&w->rng, 50))
		o->comes += rnd(&w->rng, t->check_timeout < 800 ?
		    t->check_timeout / 2 : 400);
	if (o->comes <= w->now)
		out_comes(w, p->name, p->instance);
}

static void
proc_dies(struct world *w, struct sim_proc *p)
{
	struct sim_msg	*m;

	p->running = false;
	p->exited = w->now;
	p->status = p->dies_with;
	if (p->kind == PROC_COMMAND && p->cmd == DO_CHECK &&
	    p->last_signal == 0)
		p->status = check_says(w, p);
	say(w, "  %s[%u] id %llu%s exits %x", sim_name(p->name),
	    p->instance, (unsigned long long)p->id,
	    p->kind == PROC_COMMAND ? " (command)" : "", p->status);
	if (p->kind == PROC_START)
		leave(w, p);
	if (w->up) {
		m = world_send(w, TO_EXITED);
		m->exited = (struct exited){
			.id = p->id, .pid = p->pid, .status = p->status,
			.again = has_standing_order(w, p),
			.last_signal = p->last_signal,
			.at = { w->now }, .wall = w->now
		};
	}
	if (p->kind == PROC_COMMAND) {
		if (p->cmd == DO_STOP)
			stop_done(w, p);
		p->used = false;
	} else if (conf_find(&w->conf, p->name) == -1)
		p->used = false;
	else if (has_standing_order(w, p))
		world_spawn_again(w, p);
}

void
life_pass(struct world *w)
{
	struct sim_proc	*p;
	struct sim_out	*o;
	uint32_t	 i, k;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (p->used && p->running && !p->foreign && p->dies != 0 &&
		    p->dies <= w->now)
			proc_dies(w, p);
	}
	for (i = 0; i < SIM_TASKS; i++)
		for (k = 0; k < SIM_COUNT; k++) {
			o = &w->out[i][k];
			if (o->alive && o->dies != 0 && o->dies <= w->now)
				out_dies(w, i, k);
			if (o->comes != 0 && o->comes <= w->now)
				out_comes(w, i, k);
		}
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return (a == 0 || (b != 0 && b < a) ? b : a);
}

int64_t
life_next(const struct world *w)
{
	const struct sim_proc	*p;
	const struct sim_out	*o;
	int64_t			 at = 0;
	uint32_t		 i, k;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (p->used && p->running && !p->foreign)
			at = sooner(at, p->dies);
	}
	for (i = 0; i < SIM_TASKS; i++)
		for (k = 0; k < SIM_COUNT; k++) {
			o = &w->out[i][k];
			if (o->alive)
				at = sooner(at, o->dies);
			at = sooner(at, o->comes);
		}
	return (at);
}

/* No faults any more: what runs goes on, what runs once ends. */
void
life_calm(struct world *w)
{
	const struct sim_task	*t;
	struct sim_proc		*p;
	struct sim_out		*o;
	uint32_t		 i, k;

	w->calm = true;
	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		/* One that was killed had its answer on the way. */
		if (p->kind == PROC_COMMAND && p->cmd == DO_CHECK)
			p->last_signal = 0;
		if (!p->used || !p->running || p->foreign || (p->dies != 0 &&
		    (p->last_signal == SIGTERM || p->last_signal == SIGKILL)))
			continue;
		/* One that hangs is a fault: it answers before its time. */
		if (p->kind == PROC_COMMAND && p->cmd == DO_CHECK &&
		    p->last_signal == 0) {
			p->dies = w->now + 1;
			continue;
		}
		t = conf_task(&w->conf, p->name);
		if (p->kind == PROC_START && t != NULL && !sim_once(t) &&
		    (!sim_probed(t) || t->leaves == LEAVES_NOTHING))
			p->dies = 0;
		else if (p->dies == 0)
			p->dies = w->now + 100;
	}
	for (i = 0; i < SIM_TASKS; i++)
		for (k = 0; k < SIM_COUNT; k++) {
			o = &w->out[i][k];
			t = conf_task(&w->conf, i);
			o->lied = false;
			if (!o->alive)
				continue;
			/* No one knows of it, or not that it is the second:
			 * no one can be blamed. */
			p = world_slot(w, i, k);
			if ((p != NULL && p->running && !p->foreign) ||
			    t == NULL || k >= t->count || (o->id == 0 &&
			    !sim_probed(t)) || (o->id == 0 &&
			    (o->file != PID_GOOD || !t->pidfile) &&
			    !(sim_probed(t) && t->check)))
				out_dies(w, i, k);
			else if (o->dies != 0 && p != NULL &&
			    (p->last_signal == SIGTERM ||
			    p->last_signal == SIGKILL))
				continue;
			else if (sim_probed(t)) {
				o->dies = 0;
				o->file = PID_GOOD;
			} else if (sim_once(t) && o->dies == 0)
				o->dies = w->now + 100;
		}
}
