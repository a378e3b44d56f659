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

/* The process table.  Nothing here comes from another process. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "proc.h"

/* The slots of one task, and how many of its commands run. */
struct slots {
	struct proc	**proc;
	uint16_t	  n;
	uint8_t		  control;	/* in force: enum control */
	uint32_t	  ncmds;
};

/* Commands at a time: a stop and an event for each process, and some. */
#define CMDS_SPARE	16

struct proctab {
	RB_HEAD(proc_ids, proc)	 ids;
	RB_HEAD(proc_pids, proc) pids;
	uint64_t	 lastid;
	struct slots	*tasks;
	uint32_t	 ntasks;
	uint32_t	 running;
	uint32_t	 staying;	/* of them: see struct proc */
};

static int
cmp_id(const struct proc *a, const struct proc *b)
{
	return (a->id < b->id ? -1 : a->id > b->id);
}

static int
cmp_pid(const struct proc *a, const struct proc *b)
{
	return (a->pid < b->pid ? -1 : a->pid > b->pid);
}

RB_PROTOTYPE(proc_ids, proc, byid, cmp_id)
RB_GENERATE(proc_ids, proc, byid, cmp_id)
RB_PROTOTYPE(proc_pids, proc, bypid, cmp_pid)
RB_GENERATE(proc_pids, proc, bypid, cmp_pid)

struct proctab *
proctab_new(void)
{
	struct proctab *t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return (NULL);
	RB_INIT(&t->ids);
	RB_INIT(&t->pids);
	return (t);
}

static void
free_slots(struct slots *tasks, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		free(tasks[i].proc);
	free(tasks);
}

static void
free_proc(struct proc *p)
{
	free(p->name);
	free(p);
}

void
proctab_free(struct proctab *t)
{
	struct proc *p, *next;

	if (t == NULL)
		return;
	RB_FOREACH_SAFE(p, proc_ids, &t->ids, next) {
		RB_REMOVE(proc_ids, &t->ids, p);
		free_proc(p);
	}
	free_slots(t->tasks, t->ntasks);
	free(t);
}

/* Room for instance in the slots of a task. */
static int
grow(struct slots *s, uint16_t instance)
{
	struct proc **p;

	if (instance < s->n)
		return (0);
	p = recallocarray(s->proc, s->n, instance + 1, sizeof(*p));
	if (p == NULL)
		return (-1);
	s->proc = p;
	s->n = instance + 1;
	return (0);
}

/*
 * Where the record belongs under a plan: most stand where they stood, and a
 * removed task's exits belong nowhere.
 */
static uint32_t
place(const struct plan_store *ps, const struct proc *p)
{
	if (p->task < ps->ntasks &&
	    strcmp(ps->tasks[p->task].name, p->name) == 0)
		return (p->task);
	return (planstore_find(ps, p->name));
}

/* Is left running when the daemon ends. */
static bool
stays(const struct proctab *t, const struct proc *p)
{
	return (p->kind == PROC_START && p->task != NO_INDEX &&
	    t->tasks[p->task].control == CONTROL_ADOPT);
}

static void
see_stays(struct proctab *t, struct proc *p)
{
	t->staying -= p->running && p->stays;
	p->stays = stays(t, p);
	t->staying += p->running && p->stays;
}

int
proctab_replan(struct proctab *t, const struct plan_store *ps)
{
	struct slots *tasks;
	struct proc *p, *next;
	uint32_t task;

	if ((tasks = calloc(ps->ntasks + 1, sizeof(*tasks))) == NULL)
		return (-1);
	for (task = 0; task < ps->ntasks; task++)
		tasks[task].control = ps->tasks[task].control;
	RB_FOREACH(p, proc_ids, &t->ids) {
		if (p->kind != PROC_START ||
		    (task = place(ps, p)) == NO_INDEX)
			continue;
		if (grow(&tasks[task], p->instance) == -1) {
			free_slots(tasks, ps->ntasks);
			return (-1);
		}
		/* A removed task that came back: its old process first. */
		if (tasks[task].proc[p->instance] == NULL ||
		    !tasks[task].proc[p->instance]->running)
			tasks[task].proc[p->instance] = p;
	}
	free_slots(t->tasks, t->ntasks);
	t->tasks = tasks;
	t->ntasks = ps->ntasks;
	RB_FOREACH_SAFE(p, proc_ids, &t->ids, next) {
		p->task = place(ps, p);
		if (p->kind == PROC_COMMAND && p->running &&
		    p->task != NO_INDEX)
			tasks[p->task].ncmds++;
		if (p->kind == PROC_START && p->task != NO_INDEX &&
		    tasks[p->task].proc[p->instance] != p)
			p->task = NO_INDEX;
		if (p->task == NO_INDEX && !p->running) {
			proctab_drop(t, p);
			continue;
		}
		see_stays(t, p);
	}
	return (0);
}

void
proctab_set_control(struct proctab *t, uint32_t task, enum control control)
{
	struct slots *s = &t->tasks[task];
	uint16_t i;

	if (s->control == control)
		return;
	s->control = control;
	for (i = 0; i < s->n; i++)
		if (s->proc[i] != NULL)
			see_stays(t, s->proc[i]);
}

enum control
proctab_control(const struct proctab *t, uint32_t task)
{
	return (t->tasks[task].control);
}

uint32_t
proc_would_be(const struct proc *p, const struct plan_store *now,
    const struct plan_store *other)
{
	/* One whose slot another has taken stays a stranger. */
	if (p->task == NO_INDEX && planstore_find(now, p->name) != NO_INDEX)
		return (NO_INDEX);
	return (place(other, p));
}

void
proctab_forget(struct proctab *t)
{
	struct proc *p, *next;

	RB_FOREACH_SAFE(p, proc_ids, &t->ids, next)
		if (!p->running)
			proctab_drop(t, p);
}

struct proc *
proctab_slot(struct proctab *t, uint32_t task, uint16_t instance)
{
	if (task >= t->ntasks || instance >= t->tasks[task].n)
		return (NULL);
	return (t->tasks[task].proc[instance]);
}

uint16_t
proctab_nslots(const struct proctab *t, uint32_t task)
{
	return (task < t->ntasks ? t->tasks[task].n : 0);
}

/* There may be more slots than the plan has: a count was asked for. */
static uint32_t
cmds_max(const struct store_task *st, const struct slots *s)
{
	return (2U * (s->n > st->count ? s->n : st->count) + CMDS_SPARE);
}

struct proc *
proctab_prepare(struct proctab *t, const struct plan_store *ps,
    enum proc_kind kind, uint32_t task, uint16_t instance, uint16_t cmd)
{
	const struct store_task *st = &ps->tasks[task];
	struct proc *p, *old = NULL;

	if (t->running >= LIMIT_PROCS || (kind == PROC_COMMAND &&
	    t->tasks[task].ncmds >= cmds_max(st, &t->tasks[task]))) {
		errno = EAGAIN;
		return (NULL);
	}
	if (kind == PROC_START) {
		old = proctab_slot(t, task, instance);
		if (old != NULL && old->running) {
			errno = EEXIST;
			return (NULL);
		}
		if (grow(&t->tasks[task], instance) == -1)
			return (NULL);
	}
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return (NULL);
	if ((p->name = strdup(st->name)) == NULL) {
		free(p);
		return (NULL);
	}
	p->id = ++t->lastid;
	p->kind = kind;
	p->task = task;
	p->instance = instance;
	p->cmd = cmd;
	p->finger = st->finger;
	p->stays = stays(t, p);
	p->starts = 1;
	if (old != NULL) {
		p->starts += old->starts;
		p->exited_wall = old->exited_wall;
		p->status = old->status;
	}
	return (p);
}

void
proctab_started(struct proctab *t, struct proc *p, pid_t pid)
{
	struct proc *old;

	if (p->kind == PROC_START) {
		old = t->tasks[p->task].proc[p->instance];
		if (old != NULL)
			proctab_drop(t, old);
		t->tasks[p->task].proc[p->instance] = p;
	} else
		t->tasks[p->task].ncmds++;
	p->pid = pid;
	p->running = true;
	p->started = mono_now();
	p->started_wall = wall_now();
	RB_INSERT(proc_ids, &t->ids, p);
	RB_INSERT(proc_pids, &t->pids, p);
	t->running++;
	t->staying += p->stays;
}

void
proctab_cancel(struct proctab *t, struct proc *p)
{
	(void)t;
	free_proc(p);
}

/*
 * A daemon is forked while its start command runs, or shortly after by one
 * in between.  The kernel reckons in hundredths of a second.
 */
static bool
is_work_of(const struct proc *cmd, const struct proc_found *f)
{
	return (!cmd->foreign && mono_sub(f->started, cmd->started) >= -50 &&
	    mono_sub(f->started, cmd->exited) <= 1000);
}

struct proc *
proctab_found(struct proctab *t, const struct plan_store *ps,
    const struct proc_found *f)
{
	struct proc *old, *p;

	p = proctab_prepare(t, ps, PROC_START, f->task, f->instance, 0);
	if (p == NULL)
		return (NULL);
	p->foreign = true;
	p->unknown = true;
	p->again_ms = STANDING_NONE;
	p->starts--;
	old = proctab_slot(t, f->task, f->instance);
	if (old != NULL && is_work_of(old, f)) {
		p->unknown = false;
		p->finger = old->finger;
	}
	proctab_started(t, p, f->pid);
	p->started = f->started;
	p->started_wall = f->started_wall;
	return (p);
}

struct proc *
proctab_find(struct proctab *t, uint64_t id)
{
	struct proc key = { .id = id };

	return (RB_FIND(proc_ids, &t->ids, &key));
}

struct proc *
proctab_bypid(struct proctab *t, pid_t pid)
{
	struct proc key = { .pid = pid };

	return (RB_FIND(proc_pids, &t->pids, &key));
}

void
proctab_exited(struct proctab *t, struct proc *p, int status)
{
	RB_REMOVE(proc_pids, &t->pids, p);
	t->running--;
	t->staying -= p->stays;
	if (p->kind == PROC_COMMAND && p->task != NO_INDEX)
		t->tasks[p->task].ncmds--;
	p->running = false;
	p->status = status;
	p->exited = mono_now();
	p->exited_wall = wall_now();
}

void
proctab_drop(struct proctab *t, struct proc *p)
{
	struct slots *s;

	if (p->task < t->ntasks) {
		s = &t->tasks[p->task];
		if (p->instance < s->n && s->proc[p->instance] == p)
			s->proc[p->instance] = NULL;
	}
	RB_REMOVE(proc_ids, &t->ids, p);
	free_proc(p);
}

uint32_t
proctab_running(const struct proctab *t)
{
	return (t->running);
}

uint32_t
proctab_tostop(const struct proctab *t)
{
	return (t->running - t->staying);
}

struct proc *
proctab_first(struct proctab *t)
{
	return (RB_MIN(proc_ids, &t->ids));
}

struct proc *
proctab_next(struct proctab *t, struct proc *p)
{
	(void)t;
	return (RB_NEXT(proc_ids, &t->ids, p));
}

uint8_t
proc_stale(const struct proc *p, const struct plan_store *ps)
{
	if (p->task == NO_INDEX)
		return (STALE_ALL);
	if (p->unknown)
		return (0);
	return (finger_differs(&p->finger, &ps->tasks[p->task].finger));
}
