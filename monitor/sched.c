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
 * The steps of the scheduler: an event comes in, the slots and tasks it
 * concerns move, and what is to be done goes out as actions.  What happened
 * was told by the spawner; see sched.h for how far it is believed.
 */

#include <errno.h>
#include <stdlib.h>

#include "../common/util.h"
#include "slot.h"

RB_GENERATE(proctree, procref, entry, procref_cmp)

struct procref *
proctree_find(struct sched *s, uint64_t id)
{
	struct procref	 key = { .id = id };

	return (id == 0 ? NULL : RB_FIND(proctree, &s->procs, &key));
}

void
proctree_add(struct sched *s, struct procref *ref, uint64_t id)
{
	ref->id = id;
	if (RB_INSERT(proctree, &s->procs, ref) != NULL)
		ref->id = 0;
}

void
proctree_del(struct sched *s, struct procref *ref)
{
	if (ref->id == 0)
		return;
	RB_REMOVE(proctree, &s->procs, ref);
	ref->id = 0;
}

struct sched_action *
sched_emit(struct sched *s, enum sched_what what)
{
	struct sched_action	*a;

	if (s->nacts == s->maxacts) {
		s->maxacts = s->maxacts == 0 ? 16 : s->maxacts * 2;
		s->acts = xreallocarray(s->acts, s->maxacts,
		    sizeof(*s->acts));
	}
	a = &s->acts[s->nacts++];
	*a = (struct sched_action){ .what = what, .task = NO_INDEX };
	return (a);
}

struct sched_action *
sched_report(struct sched *s, enum sched_report what, const struct task *t,
    uint16_t instance)
{
	struct sched_action	*a;

	a = sched_emit(s, SCHED_REPORT);
	a->report = what;
	a->task = t->idx;
	a->name = t->conf.name;
	a->instance = instance;
	return (a);
}

/* How many slots of it there may be, and its control, whatever the plan
 * says. */
void
sched_count(struct sched *s, const struct task *t)
{
	struct sched_action	*a;

	a = sched_emit(s, SCHED_COUNT);
	a->task = t->idx;
	a->count = t->count;
	a->control = t->control;
}

void
sched_signal(struct sched *s, uint64_t id, int sig)
{
	struct sched_action	*a;

	a = sched_emit(s, SCHED_SIGNAL);
	a->id = id;
	a->sig = sig;
}

struct slot *
task_has_slot(const struct task *t, uint32_t instance)
{
	return (instance < t->nslots ? t->slots[instance] : NULL);
}

/* The slot of an instance, made when it is not there yet. */
struct slot *
task_slot(struct task *t, uint16_t instance)
{
	struct slot	*sl;
	uint32_t	 n;

	if (instance >= t->nslots) {
		n = (uint32_t)instance + 1;
		t->slots = xreallocarray(t->slots, n, sizeof(*t->slots));
		while (t->nslots < n)
			t->slots[t->nslots++] = NULL;
	}
	if (t->slots[instance] != NULL)
		return (t->slots[instance]);
	sl = xcalloc(1, sizeof(*sl));
	sl->task = t;
	sl->instance = instance;
	sl->ref.slot = sl;
	sl->timer.kind = TIMER_SLOT;
	sl->timer.owner = sl;
	t->nstate[SLOT_EMPTY]++;
	t->slots[instance] = sl;
	return (sl);
}

static void
arm(struct sched *s)
{
	struct timer	*first;
	struct mono	 at = MONO_NEVER;

	if ((first = timers_first(&s->timers)) != NULL)
		at = first->at;
	if (mono_cmp(at, s->armed) == 0)
		return;
	s->armed = at;
	sched_emit(s, SCHED_ARM)->at = at;
}

void
sched_step_end(struct sched *s)
{
	struct task	*t;

	for (;;) {
		if ((t = TAILQ_FIRST(&s->ready)) != NULL) {
			TAILQ_REMOVE(&s->ready, t, work);
			t->queued = false;
			task_consider(s, t);
		} else if (!TAILQ_EMPTY(&s->falling))
			shutdown_fall(s);
		else
			break;
	}
	while ((t = TAILQ_FIRST(&s->dirty)) != NULL) {
		TAILQ_REMOVE(&s->dirty, t, change);
		t->dirty = false;
		if (t->idx == NO_INDEX)
			continue;
		task_work_out(s, t);
		if (note_changed(s, t))
			sched_emit(s, SCHED_NOTE)->task = t->idx;
	}
	if (s->mode != MODE_RUN && s->nlive == 0 && !s->told) {
		s->told = true;
		sched_emit(s, SCHED_ALLSTOPPED)->mode = s->mode;
	}
	arm(s);
}

/* The task's command under way that was asked for by tag, or NULL. */
static struct cmdrun *
find_asked(struct task *t, uint32_t tag)
{
	struct cmdrun	*c;

	LIST_FOREACH(c, &t->cmds, entry)
		if (c->state == CMD_ASKED && c->tag == tag)
			return (c);
	return (NULL);
}

static struct slot *
find_slot(struct task *t, uint16_t instance, uint32_t tag)
{
	struct slot	*sl;

	if ((sl = task_has_slot(t, instance)) == NULL || sl->tag != tag ||
	    (sl->state != SLOT_ASKED && sl->state != SLOT_CANCEL))
		return (NULL);
	return (sl);
}

/* An answer to what a scheduler before this one asked. */
bool
sched_is_old(const struct sched *s, uint32_t tag)
{
	return (tag != STANDING_TAG && tag < s->first_tag);
}

/* The end of a command, for the log and for who waits for it. */
static struct sched_action *
report_cmd(struct sched *s, enum sched_report what, const struct cmdrun *c)
{
	const struct cmdrun	*other;
	struct sched_action	*a;

	a = sched_report(s, what, c->task, c->instance);
	a->cmd = c->cmd;
	a->ticket = c->ticket;
	a->event = c->event;
	if (c->ticket != 0)
		LIST_FOREACH(other, &c->task->cmds, entry)
			if (other != c && other->ticket == c->ticket)
				a->left++;
	return (a);
}

int
sched_spawned(struct sched *s, const struct sched_clock *clk, uint32_t tag,
    const struct spawned *m)
{
	struct slot_event	 ev = { .type = SLOT_EV_SPAWNED };
	struct cmdrun		*c;
	struct slot		*sl;

	if (sched_is_old(s, tag))
		return (0);
	if (m->task >= s->ntasks || m->id == 0 ||
	    proctree_find(s, m->id) != NULL)
		return (-1);
	s->clk = *clk;
	if (m->cmd != 0) {
		if ((c = find_asked(&s->tasks[m->task], tag)) == NULL)
			return (-1);
		cmd_spawned(s, c, m->id);
	} else {
		sl = find_slot(&s->tasks[m->task], m->instance, tag);
		if (sl == NULL || m->pid == 0)
			return (-1);
		ev.at = m->at;
		ev.wall = m->wall;
		ev.id = m->id;
		ev.pid = m->pid;
		slot_event(s, sl, &ev);
	}
	sched_step_end(s);
	return (0);
}

int
sched_spawnfail(struct sched *s, const struct sched_clock *clk, uint32_t tag,
    const struct spawnfail *m)
{
	struct slot_event	 ev = { .type = SLOT_EV_FAILED };
	struct sched_action	*a;
	struct procref		*ref;
	struct cmdrun		*c = NULL;
	struct slot		*sl = NULL;

	/* By its id where there was a process: it may be older than us. */
	if (m->id != 0) {
		if ((ref = proctree_find(s, m->id)) == NULL)
			return (0);
		sl = ref->slot;
		c = ref->run;
	} else {
		if (sched_is_old(s, tag))
			return (0);
		if (m->task >= s->ntasks)
			return (-1);
		if (m->cmd != 0)
			c = find_asked(&s->tasks[m->task], tag);
		else
			sl = find_slot(&s->tasks[m->task], m->instance, tag);
	}
	if (c == NULL && sl == NULL)
		return (-1);
	s->clk = *clk;
	if (c != NULL && m->stage == STAGE_REFUSED && m->error == ESTALE)
		cmd_again(s, c);
	else if (c != NULL) {
		a = report_cmd(s, REPORT_CMD_FAILED, c);
		a->stage = m->stage;
		a->error = m->error;
		cmd_over(s, c, true, m->error);
	} else {
		ev.at = m->at;
		ev.stage = m->stage;
		ev.error = m->error;
		slot_event(s, sl, &ev);
	}
	sched_step_end(s);
	return (0);
}

int
sched_exited(struct sched *s, const struct sched_clock *clk,
    const struct exited *m)
{
	struct slot_event	 ev = { .type = SLOT_EV_EXITED };
	struct sched_action	*a;
	struct procref		*ref;

	/* One that we were never told of is none of ours. */
	if ((ref = proctree_find(s, m->id)) == NULL)
		return (0);
	s->clk = *clk;
	if (ref->run != NULL) {
		/* A probe that says yes is no news. */
		if (ref->run->use != CMD_FOR_CHECK &&
		    (ref->run->use != CMD_FOR_NOBODY || m->status != 0)) {
			a = report_cmd(s, REPORT_CMD_EXITED, ref->run);
			a->status = m->status;
		}
		cmd_over(s, ref->run, false, m->status);
	} else {
		ev.at = m->at;
		ev.wall = m->wall;
		ev.status = m->status;
		ev.sig = m->last_signal;
		if (m->again)
			slot_exited_again(s, ref->slot, &ev);
		else
			slot_event(s, ref->slot, &ev);
	}
	sched_step_end(s);
	return (0);
}

void
sched_timer(struct sched *s, const struct sched_clock *clk)
{
	struct slot_event	 ev = { .type = SLOT_EV_TIMER };
	struct timer		*tm;

	s->clk = *clk;
	s->armed = MONO_NEVER;
	while ((tm = timers_first(&s->timers)) != NULL &&
	    mono_cmp(tm->at, clk->now) <= 0) {
		timers_del(&s->timers, tm);
		switch (tm->kind) {
		case TIMER_SLOT:
			slot_event(s, tm->owner, &ev);
			break;
		case TIMER_SETTLE:
			task_up_changed(s, tm->owner);
			task_dirty(s, tm->owner);
			break;
		case TIMER_LIMIT:
			task_limit(s, tm->owner);
			break;
		case TIMER_CMD:
			cmd_timer(s, tm->owner);
			break;
		}
	}
	sched_step_end(s);
}

void
sched_shutdown(struct sched *s, const struct sched_clock *clk,
    enum run_mode mode)
{
	if (mode == MODE_RUN || s->mode == mode || s->mode == MODE_STOP)
		return;
	s->clk = *clk;
	if (s->mode == MODE_RUN) {
		s->mode = mode;
		shutdown_begin(s);
	} else {
		/* The reset has become a stop. */
		s->mode = mode;
		s->told = false;
	}
	s->changes++;
	sched_step_end(s);
}

const struct sched_action *
sched_actions(const struct sched *s, size_t *n)
{
	*n = s->nacts;
	return (s->acts);
}

void
sched_actions_clear(struct sched *s)
{
	s->nacts = 0;
	/* What a mass start needed is not kept for ever. */
	if (s->maxacts > 1024) {
		free(s->acts);
		s->acts = NULL;
		s->maxacts = 0;
	}
}

uint32_t
sched_next_tag(const struct sched *s)
{
	return (s->next_tag);
}

uint32_t
sched_ntasks(const struct sched *s)
{
	return (s->ntasks);
}

uint32_t
sched_nrunning(const struct sched *s)
{
	return (s->nrunning);
}

enum run_mode
sched_mode(const struct sched *s)
{
	return (s->mode);
}

uint64_t
sched_changes(const struct sched *s)
{
	return (s->changes);
}

const struct sched_sum *
sched_sum(const struct sched *s)
{
	return (&s->sum);
}

void
sched_outcome(const struct sched *s, uint32_t task, struct sched_outcome *o)
{
	*o = s->tasks[task].outcome;
}

const char *
sched_task_name(const struct sched *s, uint32_t task)
{
	return (s->tasks[task].conf.name);
}

const char *
sched_cmd_name(const struct sched *s, uint32_t task, uint16_t cmd)
{
	if (task >= s->ntasks || cmd >= s->tasks[task].conf.ncmds)
		return ("?");
	return (s->tasks[task].conf.cmds[cmd].name);
}
