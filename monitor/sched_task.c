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
 * What a task wants (spec.md 4): whether it shall run, whether it counts as
 * run for those that require it, what happens when a process of it is gone.
 */

#include "../common/util.h"
#include "slot.h"

/* Is run once for each start, not kept running. */
bool
task_runs_once(const struct task *t)
{
	return (t->control == CONTROL_ONCE || t->control == CONTROL_EVENT);
}

bool
task_in_scope(const struct task *t)
{
	return (t->idx != NO_INDEX && t->conf.in_role &&
	    t->control != CONTROL_OFF);
}

/* May it run at all?  Whether its requirements hold is another matter. */
bool
task_enabled(const struct task *t)
{
	return (task_in_scope(t) && t->control != CONTROL_SUSPEND);
}

/* And does the daemon want to run things? */
bool
task_wanted(const struct sched *s, const struct task *t)
{
	return (s->mode == MODE_RUN && task_enabled(t));
}

/* Has a person stopped it, or a slot of it? */
bool
task_is_held(const struct task *t)
{
	uint32_t	 i;

	for (i = 0; i < t->count && i < t->nslots; i++)
		if (t->slots[i] != NULL && t->slots[i]->held)
			return (true);
	return (false);
}

/* Has its last process ended?  Of what is not our child no status is told. */
bool
slot_has_ended(const struct slot *sl)
{
	return (sl->has_exit || (sl->foreign && sl->pid == 0 &&
	    mono_isset(sl->exited)));
}

/* A slot of what runs once: is a run of it still to come, or under way? */
bool
task_run_due(const struct task *t, const struct slot *sl)
{
	if (sl->pid != 0 || sl->state == SLOT_ASKED)
		return (true);
	if (t->ran || sl->left_out)
		return (false);
	if (sl->anew)
		return (true);
	/* It has run, unless it was ended to be run again. */
	if (slot_has_ended(sl) &&
	    mono_cmp(sl->started, t->void_before) >= 0 && (sl->stale == 0 ||
	    sl->last_signal == 0))
		return (false);
	return (t->control == CONTROL_ONCE || t->asked);
}

/* The next run of it is of all its slots again. */
void
task_all_in(struct task *t)
{
	uint32_t	 i;

	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL)
			t->slots[i]->left_out = t->slots[i]->anew = false;
}

/*
 * Does it count as run?  ":ok" means something for what runs and ends; of
 * what is kept running there is no exit to ask for.
 */
bool
task_met(const struct task *t, bool ok)
{
	if (!task_in_scope(t))
		return (false);
	switch (t->control) {
	case CONTROL_SUSPEND:
	case CONTROL_EVENT:
		return (true);
	case CONTROL_ONCE:
		return (t->ran && (!ok || t->ran_ok));
	default:
		return (t->settled);
	}
}

uint32_t
task_nlive(const struct task *t)
{
	return (t->nstate[SLOT_ASKED] + t->nstate[SLOT_CANCEL] +
	    t->nstate[SLOT_UP] + t->nstate[SLOT_STOPCMD] +
	    t->nstate[SLOT_STOPPING] + t->nstate[SLOT_KILLED] +
	    t->nstate[SLOT_LINGER] + t->nstate[SLOT_LOOK] +
	    t->nstate[SLOT_SEEK]);
}

void
task_set_due(struct task *t, struct slot *sl, bool due)
{
	if (sl->due == due)
		return;
	sl->due = due;
	if (due)
		t->ndue++;
	else
		t->ndue--;
}

void
task_dirty(struct sched *s, struct task *t)
{
	if (t->dirty)
		return;
	t->dirty = true;
	TAILQ_INSERT_TAIL(&s->dirty, t, change);
}

void
task_unwait(struct task *t)
{
	if (t->blocker == NULL)
		return;
	LIST_REMOVE(t, wait);
	t->blocker = NULL;
}

/* It has run: all that wait for it are looked at before the step ends. */
void
task_wake(struct sched *s, struct task *t)
{
	struct task	*w;

	while ((w = LIST_FIRST(&t->waiters)) != NULL) {
		task_unwait(w);
		task_dirty(s, w);
		if (!w->queued) {
			w->queued = true;
			TAILQ_INSERT_TAIL(&s->ready, w, work);
		}
	}
}

/* Do all requirements hold?  If not, it waits for the first that does not. */
static bool
is_ready(struct sched *s, struct task *t)
{
	const struct schedrec_require	*q;
	struct task			*r;
	uint32_t			 i;

	for (i = 0; i < t->conf.nrequires; i++) {
		q = &t->conf.requires[i];
		r = &s->tasks[q->task];
		if (task_met(r, q->ok))
			continue;
		if (t->blocker != r) {
			task_unwait(t);
			t->blocker = r;
			LIST_INSERT_HEAD(&r->waiters, t, wait);
			task_dirty(s, t);
		}
		return (false);
	}
	if (t->blocker != NULL) {
		task_unwait(t);
		task_dirty(s, t);
	}
	return (true);
}

/* Would a slot of it be started now?  If only a requirement is in the way,
 * the task waits for it from here on. */
bool
task_may_start(struct sched *s, const struct slot *sl)
{
	struct task	*t = sl->task;

	return (sl->due && !t->conf.held && task_wanted(s, t) &&
	    is_ready(s, t));
}

void
task_consider_slot(struct sched *s, struct slot *sl)
{
	struct slot_event	 ev = { .type = SLOT_EV_START };

	if (sl->state != SLOT_EMPTY || !sl->due || !task_wanted(s, sl->task))
		return;
	/*
	 * The delay comes first: it ends by itself, whatever becomes of the
	 * requirements meanwhile, which are asked for when it is over.
	 */
	if (mono_isset(sl->not_before) &&
	    mono_cmp(sl->not_before, s->clk.now) > 0) {
		timers_set(&s->timers, &sl->timer, sl->not_before);
		slot_set(s, sl, SLOT_BACKOFF);
	} else if (task_may_start(s, sl))
		slot_event(s, sl, &ev);
}

void
task_consider(struct sched *s, struct task *t)
{
	uint32_t	 i;

	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL)
			task_consider_slot(s, t->slots[i]);
}

/*
 * The command "start", by onexit or an event: one more run of a task that
 * runs once.  One that is already on its way is not started twice.
 */
void
task_start(struct sched *s, struct task *t)
{
	uint32_t	 i;

	if (!task_runs_once(t) || !task_wanted(s, t) || t->ndue > 0 ||
	    task_nlive(t) > 0 || t->conf.held || task_is_held(t))
		return;
	t->ran = false;
	t->ran_ok = false;
	t->asked = true;
	t->void_before = s->clk.now;
	task_all_in(t);
	for (i = 0; i < t->count; i++) {
		task_slot(t, i)->nfail = 0;
		t->slots[i]->not_before = MONO_NEVER;
		task_set_due(t, t->slots[i], true);
	}
	sched_report(s, REPORT_ONEXIT, t, 0);
	task_dirty(s, t);
	task_consider(s, t);
}

/* The n-th quick end in a row: how long to wait (spec.md 4). */
int64_t
backoff_delay(uint8_t nfail)
{
	static const int64_t	 row[] = { 0, 250, 500, 1000, 2000, 4000 };

	return (nfail < nitems(row) ? row[nfail] : 5000);
}

/*
 * The start_delay of a task runs from the moment that the last of its
 * processes has started; its time_limit from that of the oldest.
 */
void
task_up_changed(struct sched *s, struct task *t)
{
	struct mono	 newest = MONO_NEVER, oldest = MONO_NEVER;
	struct slot	*sl;
	uint32_t	 i;
	bool		 all;

	/* What a person has stopped is not waited for. */
	all = t->ndue > 0 && t->nstate[SLOT_UP] >= t->ndue;
	if ((all && t->conf.start_delay_ms > 0) ||
	    t->conf.time_limit_ms > 0) {
		for (i = 0; i < t->nslots; i++) {
			if ((sl = t->slots[i]) == NULL ||
			    sl->state != SLOT_UP)
				continue;
			if (!mono_isset(newest) ||
			    mono_cmp(sl->started, newest) > 0)
				newest = sl->started;
			if (!mono_isset(oldest) ||
			    mono_cmp(sl->started, oldest) < 0)
				oldest = sl->started;
		}
	}
	newest = mono_add(newest, t->conf.start_delay_ms);
	if (!all) {
		timers_del(&s->timers, &t->settle);
		t->settled = false;
	} else if (t->conf.start_delay_ms == 0 ||
	    mono_cmp(newest, s->clk.now) <= 0) {
		timers_del(&s->timers, &t->settle);
		t->settled = true;
		task_wake(s, t);
	} else {
		t->settled = false;
		timers_set(&s->timers, &t->settle, newest);
	}
	if (t->conf.time_limit_ms > 0 && mono_isset(oldest))
		timers_set(&s->timers, &t->limit,
		    mono_add(oldest, t->conf.time_limit_ms));
	else
		timers_del(&s->timers, &t->limit);
}

/* All processes have exited. */
void
task_all_exited(struct sched *s, struct task *t)
{
	uint32_t	 i;

	if (t->conf.nonexit == 0 || s->mode != MODE_RUN)
		return;
	t->seen_exit = s->clk.now;
	for (i = 0; i < t->conf.nonexit; i++)
		task_start(s, &s->tasks[t->conf.onexit[i]]);
}

/* The last of the runs that were due is over. */
void
task_all_ran(struct sched *s, struct task *t)
{
	uint32_t	 i;

	t->ran = true;
	t->asked = false;
	t->ran_ok = true;
	task_all_in(t);
	for (i = 0; i < t->count && i < t->nslots; i++)
		if (t->slots[i] != NULL && (t->slots[i]->has_exit ?
		    t->slots[i]->status != 0 : t->slots[i]->foreign))
			t->ran_ok = false;
	task_wake(s, t);
}

/* Is it over, though nobody has seen the last of its runs end? */
void
task_find_ran(struct sched *s, struct task *t)
{
	if (task_runs_once(t) && task_enabled(t) && !t->ran && t->ndue == 0 &&
	    task_nlive(t) == 0 && !task_is_held(t) && t->count > 0 &&
	    (t->control == CONTROL_ONCE || t->asked))
		task_all_ran(s, t);
}

/* A slot has become empty that held nothing but a question. */
void
task_slot_unused(struct sched *s, struct slot *sl)
{
	struct task	*t = sl->task;

	sl->again = sl->stopped = false;
	task_dirty(s, t);
	/* What was asked for under a control of before may be void. */
	if (sl->instance >= t->count || (task_runs_once(t) &&
	    !task_run_due(t, sl)))
		task_set_due(t, sl, false);
	if (!sl->due || !task_wanted(s, t)) {
		if (task_wanted(s, t))
			task_find_ran(s, t);
		shutdown_check(s, t);
	} else
		task_consider_slot(s, sl);
}

/*
 * Is the run over, of all but what a person has stopped?  That has ended,
 * too, by then.
 */
static bool
some_ran(const struct sched *s, const struct task *t)
{
	const struct slot	*sl;
	uint32_t		 i;

	if (!task_runs_once(t) || t->ran || t->ndue > 0 ||
	    task_nlive(t) > 0 || (s->coming != NULL && s->coming->task == t))
		return (false);
	/* What no event has asked for was not the run of one. */
	if (t->control == CONTROL_EVENT && !t->asked)
		return (false);
	for (i = 0; i < t->count && i < t->nslots; i++) {
		sl = t->slots[i];
		if (sl != NULL && !sl->held && slot_has_ended(sl) &&
		    mono_cmp(sl->started, t->void_before) >= 0)
			return (true);
	}
	return (!task_is_held(t));
}

/*
 * Where a slot goes that has just become empty: it is left, starts at once,
 * or after a delay.  Who had to be stopped by us did not fail.
 */
void
task_slot_over(struct sched *s, struct slot *sl, bool failed)
{
	struct task		*t = sl->task;
	struct sched_action	*a;
	struct mono		 from = failed ? sl->failed : sl->exited;
	int64_t			 delay = 0;
	bool			 again = sl->again, stopped = sl->stopped;

	/* Of a run that is void by now: the one that counts is to come. */
	if (task_runs_once(t) && mono_cmp(sl->started, t->void_before) < 0)
		again = true;
	sl->again = sl->stopped = false;
	task_dirty(s, t);
	if (sl->instance >= t->count)
		task_set_due(t, sl, false);
	if (failed || (!stopped &&
	    mono_sub(sl->exited, sl->started) < RAN_LONG_MS)) {
		delay = backoff_delay(sl->nfail);
		if (sl->nfail < UINT8_MAX)
			sl->nfail++;
	} else if (!stopped)
		sl->nfail = 0;

	if (task_runs_once(t) && !failed && !again && sl->due &&
	    task_wanted(s, t)) {
		sl->nfail = 0;
		delay = 0;
		task_set_due(t, sl, false);
	}
	/* A run that was broken off, to be done anew, is none. */
	if (task_runs_once(t) && again && sl->due) {
		sl->has_exit = false;
		sl->anew = true;
	}
	if (task_wanted(s, t) && some_ran(s, t))
		task_all_ran(s, t);
	if (!failed && task_nlive(t) == 0 && !probe_open(s, t))
		task_all_exited(s, t);
	if (failed) {
		a = sched_report(s, REPORT_CANNOT_START, t, sl->instance);
		a->stage = sl->stage;
		a->error = sl->error;
		a->ms = delay;
	}
	if (t->rerun && task_wanted(s, t) && t->ndue == 0 &&
	    task_nlive(t) == 0) {
		t->rerun = false;
		task_start(s, t);
		return;
	}
	/* Also should it only be wanted again before that is over. */
	if (delay > 0)
		sl->not_before = mono_add(from, delay);
	if (!sl->due || !task_wanted(s, t))
		shutdown_check(s, t);
	else
		task_consider_slot(s, sl);
	if (sl->state == SLOT_BACKOFF && !failed)
		sched_report(s, REPORT_BACKOFF, t, sl->instance)->ms = delay;
}
