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
 * A plan that differs in a few tasks, taken on in place: what is not said
 * to have changed is not even looked at, so that a reload costs what has
 * changed.  It comes to the same as a sync of everything (sched_sync.c);
 * the simulator compares the two.
 *
 * The records come as they do there, and are checked as they are there.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "slot.h"

void
sched_update_begin(struct sched *s, uint32_t gen)
{
	struct task	*t;

	s->gen = gen;
	while ((t = TAILQ_FIRST(&s->touched)) != NULL) {
		TAILQ_REMOVE(&s->touched, t, touch);
		t->outcome = (struct sched_outcome){ 0 };
	}
	s->sum = (struct sched_sum){ 0 };
	s->updating = true;
	s->regraph = false;
}

/* The index that a command has in the new record; 0: it is gone. */
static uint16_t
renumber(const struct schedrec_task *was, const struct schedrec_task *now,
    uint16_t cmd)
{
	uint32_t	 i;

	if (cmd >= was->ncmds)
		return (0);
	for (i = 1; i < now->ncmds; i++)
		if (strcmp(now->cmds[i].name, was->cmds[cmd].name) == 0)
			return (i);
	return (0);
}

static bool
same_requires(const struct schedrec_task *a, const struct schedrec_task *b)
{
	uint32_t	 i;

	if (a->nrequires != b->nrequires)
		return (false);
	for (i = 0; i < a->nrequires; i++)
		if (a->requires[i].task != b->requires[i].task)
			return (false);
	return (true);
}

static void
count_parents(struct sched *s, const struct schedrec_task *conf, int by)
{
	uint32_t	 i;

	for (i = 0; i < conf->nrequires; i++)
		s->tasks[conf->requires[i].task].nparents += by;
}

/* Commands under way belong to events that may be others now. */
static void
take_commands(struct task *t, const struct schedrec_task *conf)
{
	struct cmdrun	*c;
	bool		 same = t->conf.nevents == conf->nevents;
	uint32_t	 i;

	for (i = 0; same && i < conf->nevents; i++)
		same = t->conf.events[i].type == conf->events[i].type &&
		    t->conf.events[i].action == conf->events[i].action &&
		    (t->conf.events[i].verify == 0) ==
		    (conf->events[i].verify == 0);
	LIST_FOREACH(c, &t->cmds, entry) {
		c->cmd = renumber(&t->conf, conf, c->cmd);
		if (!same)
			c->event = NO_EVENT;
	}
	if (same)
		return;
	/* What has happened is not lost by being verified otherwise. */
	t->pending = events_hash(&t->conf) == events_hash(conf) ?
	    events_pending(t) : 0;
	free(t->events);
	t->events = xcalloc(conf->nevents + 1, sizeof(*t->events));
	t->verify_failed = 0;
}

int
sched_update_task(struct sched *s, uint32_t task, struct schedrec_task *conf)
{
	struct task	*t;

	if (!s->updating || task >= s->ntasks ||
	    sync_conf_check(s, conf) == -1 ||
	    strcmp(s->tasks[task].conf.name, conf->name) != 0)
		return (-1);
	t = &s->tasks[task];
	if (!same_requires(&t->conf, conf)) {
		count_parents(s, &t->conf, -1);
		count_parents(s, conf, 1);
		s->regraph = true;
	}
	take_commands(t, conf);
	schedrec_task_clear(&t->conf);
	t->conf = *conf;
	*conf = (struct schedrec_task){ 0 };
	sync_touch(s, t);
	return (0);
}

int
sched_update_stale(struct sched *s, uint64_t id, uint8_t stale)
{
	struct procref	*ref;

	if (!s->updating)
		return (-1);
	/* One that has ended meanwhile, or is a command's. */
	if ((ref = proctree_find(s, id)) == NULL || ref->slot == NULL)
		return (0);
	/* Of a task that is gone: it is on its way out. */
	if (ref->slot->task->idx == NO_INDEX)
		return (0);
	ref->slot->stale = stale;
	sync_touch(s, ref->slot->task);
	return (0);
}

/* A new plan is a new try for all that could not be started. */
static void
touch_failed(struct sched *s)
{
	struct timer	*tm;
	struct slot	*sl;
	uint32_t	 i;

	for (i = 1; i <= s->timers.n; i++) {
		tm = s->timers.heap[i];
		if (tm->kind != TIMER_SLOT)
			continue;
		sl = tm->owner;
		if (sl->state == SLOT_BACKOFF && sl->stage != STAGE_NONE)
			sync_touch(s, sl->task);
	}
}

static void
try_again(struct sched *s, struct task *t)
{
	struct slot	*sl;
	uint32_t	 i;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL ||
		    (sl->stage == STAGE_NONE && sl->stale == 0 &&
		    !task_probed(t)))
			continue;
		sl->not_before = MONO_NEVER;
		if (sl->state != SLOT_BACKOFF)
			continue;
		timers_del(&s->timers, &sl->timer);
		slot_set(s, sl, SLOT_EMPTY);
	}
}

static void
take_effect(struct sched *s, struct task *t)
{
	uint32_t	 i;

	task_unrequest(s, t);
	sync_find_due(s, t);
	if (!task_wanted(s, t) || t->ndue == 0)
		task_unwait(t);
	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL)
			probe_revise(s, t->slots[i]);
	try_again(s, t);
	task_up_changed(s, t);
	task_dirty(s, t);
}

int
sched_update_end(struct sched *s, const struct sched_clock *clk)
{
	struct task	*t;

	if (!s->updating)
		return (-1);
	s->updating = false;
	s->clk = *clk;
	if (s->regraph && graph_check(s) == -1)
		return (-1);
	TAILQ_FOREACH(t, &s->requested, request)
		sync_touch(s, t);
	touch_failed(s);
	TAILQ_FOREACH(t, &s->touched, touch)
		take_effect(s, t);
	s->changes++;
	if (s->mode != MODE_RUN) {
		/* The order of the stop may be another one now. */
		shutdown_begin(s);
		sched_step_end(s);
		return (0);
	}
	TAILQ_FOREACH(t, &s->touched, touch)
		sync_stop_wrong(s, t);
	/* What was not even looked at is kept, too. */
	s->sum.kept = s->nup;
	TAILQ_FOREACH(t, &s->touched, touch)
		sync_late(s, t);
	TAILQ_FOREACH(t, &s->touched, touch) {
		/* What it counts as may be news to those that wait. */
		if (task_met(t, true) || task_met(t, false))
			task_wake(s, t);
		task_consider(s, t);
	}
	TAILQ_FOREACH(t, &s->touched, touch)
		sync_started(s, t);
	sched_step_end(s);
	return (0);
}
