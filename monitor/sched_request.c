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
 * What people ask of tasks (spec.md 9): start, stop and hold, restart, count
 * and control.  What is asked for holds until the next configuration event
 * and is in the task's note until then.  Whether the asker may ask was
 * decided before.
 */

#include "../common/util.h"
#include "slot.h"

/* It has something that a configuration event takes back. */
void
task_request(struct sched *s, struct task *t)
{
	if (t->requested)
		return;
	t->requested = true;
	TAILQ_INSERT_TAIL(&s->requested, t, request);
}

/* The configuration holds again; what follows from that is the caller's. */
void
task_unrequest(struct sched *s, struct task *t)
{
	uint32_t	 i;

	if (t->requested)
		TAILQ_REMOVE(&s->requested, t, request);
	t->requested = t->control_set = t->count_set = false;
	t->control = t->conf.control;
	t->count = t->conf.count;
	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL)
			t->slots[i]->held = false;
}

/* Marks the slots that are meant; makes those that are not there yet. */
static void
pick(struct task *t, uint16_t instance)
{
	uint32_t	 i;

	for (i = 0; i < t->count; i++)
		task_slot(t, i);
	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL)
			t->slots[i]->picked = i < t->count &&
			    (instance == SCHED_ALL || instance == i);
}

static enum sched_verdict
may_start(const struct sched *s, const struct task *t, uint16_t instance)
{
	if (s->mode != MODE_RUN)
		return (VERDICT_SHUTDOWN);
	if (!task_in_scope(t))
		return (VERDICT_OUT_OF_SCOPE);
	if (t->control == CONTROL_SUSPEND)
		return (VERDICT_SUSPENDED);
	if (t->conf.held)
		return (VERDICT_HELD);
	if (instance != SCHED_ALL && instance >= t->count)
		return (VERDICT_NO_SLOT);
	return (VERDICT_OK);
}

/*
 * Noted before anything is asked for because of it: should the monitor die
 * in between, the next one knows at least what the spawner was told to do.
 */
static void
note_first(struct sched *s, struct task *t)
{
	if (note_changed(s, t))
		sched_emit(s, SCHED_NOTE)->task = t->idx;
}

static void
report_asked(struct sched *s, struct task *t, uint16_t instance,
    const char *what)
{
	struct sched_action	*a;

	a = sched_report(s, REPORT_OPERATOR, t, instance == SCHED_ALL ? 0 :
	    instance);
	a->asked = what;
	a->count = t->count;
	task_dirty(s, t);
}

/* One slot of those that sched_start() is for; false: nothing to be done. */
static bool
start_slot(struct sched *s, struct slot *sl)
{
	struct task	*t = sl->task;

	if (!sl->held && sl->state != SLOT_BACKOFF &&
	    (sl->due || sl->state != SLOT_EMPTY))
		return (false);
	sl->held = false;
	sl->nfail = 0;
	sl->not_before = MONO_NEVER;
	sl->cause = CAUSE_OPERATOR;
	task_set_due(t, sl, true);
	if (sl->state == SLOT_BACKOFF) {
		timers_del(&s->timers, &sl->timer);
		slot_set(s, sl, SLOT_EMPTY);
	} else if (sl->state != SLOT_EMPTY)
		sl->again = true;
	return (true);
}

enum sched_verdict
sched_start(struct sched *s, const struct sched_clock *clk, uint32_t task,
    uint16_t instance)
{
	struct task		*t = &s->tasks[task];
	enum sched_verdict	 v;
	uint32_t		 i;
	bool			 any = false;

	if ((v = may_start(s, t, instance)) != VERDICT_OK)
		return (v);
	s->clk = *clk;
	pick(t, instance);
	for (i = 0; i < t->count; i++)
		if (t->slots[i]->picked)
			any |= start_slot(s, t->slots[i]);
	if (!any)
		return (VERDICT_NO_CHANGE);
	if (task_runs_once(t)) {
		for (i = 0; i < t->count; i++)
			t->slots[i]->left_out = !t->slots[i]->due &&
			    !t->slots[i]->held;
		t->ran = t->ran_ok = false;
		t->asked = true;
		t->void_before = s->clk.now;
	}
	report_asked(s, t, instance, "start");
	note_first(s, t);
	task_up_changed(s, t);
	task_consider(s, t);
	sched_step_end(s);
	return (VERDICT_OK);
}

enum sched_verdict
sched_stop(struct sched *s, const struct sched_clock *clk, uint32_t task,
    uint16_t instance)
{
	struct task	*t = &s->tasks[task];
	struct slot	*sl;
	uint32_t	 i;
	bool		 any = false;

	if (s->mode != MODE_RUN)
		return (VERDICT_SHUTDOWN);
	if (instance != SCHED_ALL && instance >= t->count)
		return (VERDICT_NO_SLOT);
	if (!task_enabled(t) && task_nlive(t) == 0)
		return (VERDICT_NO_CHANGE);
	s->clk = *clk;
	pick(t, instance);
	for (i = 0; i < t->count; i++) {
		sl = t->slots[i];
		if (!sl->picked || sl->held)
			continue;
		any = true;
		sl->held = true;
		task_set_due(t, sl, false);
	}
	if (!any)
		return (VERDICT_NO_CHANGE);
	t->rerun = false;
	task_request(s, t);
	report_asked(s, t, instance, "stop");
	note_first(s, t);
	task_stop(s, t, pick_marked, false, CAUSE_OPERATOR);
	if (t->ndue == 0)
		task_unwait(t);
	task_up_changed(s, t);
	sched_step_end(s);
	return (VERDICT_OK);
}

enum sched_verdict
sched_restart(struct sched *s, const struct sched_clock *clk, uint32_t task,
    uint16_t instance)
{
	struct task		*t = &s->tasks[task];
	enum sched_verdict	 v;
	struct slot		*sl;
	uint32_t		 i;
	bool			 any = false;

	if ((v = may_start(s, t, instance)) != VERDICT_OK)
		return (v);
	s->clk = *clk;
	pick(t, instance);
	for (i = 0; i < t->count; i++) {
		sl = t->slots[i];
		if (!sl->picked || sl->held || (sl->state != SLOT_UP &&
		    sl->state != SLOT_ASKED))
			sl->picked = false;
		else
			any = true;
	}
	if (!any)
		return (sched_start(s, clk, task, instance));
	report_asked(s, t, instance, "restart");
	/* Those that do not run need no stop, only a start. */
	for (i = 0; i < t->count; i++)
		if ((instance == SCHED_ALL || instance == i) &&
		    (t->slots[i]->held || t->slots[i]->state ==
		    SLOT_BACKOFF))
			start_slot(s, t->slots[i]);
	note_first(s, t);
	task_stop(s, t, pick_marked, true, CAUSE_OPERATOR);
	task_consider(s, t);
	sched_step_end(s);
	return (VERDICT_OK);
}

/* Every slot as count and control now have it. */
static void
put_in_force(struct sched *s, struct task *t)
{
	struct slot	*sl;
	uint32_t	 i;
	bool		 on = task_enabled(t);

	note_first(s, t);
	sched_count(s, t);
	for (i = 0; i < t->count || i < t->nslots; i++) {
		sl = i < t->count ? task_slot(t, i) : t->slots[i];
		if (sl == NULL)
			continue;
		if (i >= t->count)
			sl->held = false;
		task_set_due(t, sl, on && i < t->count && !sl->held &&
		    (!task_runs_once(t) || task_run_due(t, sl)));
	}
	if (!task_wanted(s, t)) {
		task_unwait(t);
		task_stop(s, t, pick_all, false, CAUSE_OPERATOR);
	} else
		task_stop(s, t, pick_surplus, false, CAUSE_OPERATOR);
	task_stop(s, t, pick_unknown, true, CAUSE_OPERATOR);
	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL)
			probe_revise(s, t->slots[i]);
	task_up_changed(s, t);
	probe_close(s, t);
	task_find_ran(s, t);
	if (task_met(t, true))
		task_wake(s, t);
	task_dirty(s, t);
	task_consider(s, t);
}

enum sched_verdict
sched_may_count(const struct sched *s, uint32_t task, uint32_t count)
{
	if (s->mode != MODE_RUN)
		return (VERDICT_SHUTDOWN);
	return (s->tasks[task].count == count ? VERDICT_NO_CHANGE :
	    VERDICT_OK);
}

enum sched_verdict
sched_set_count(struct sched *s, const struct sched_clock *clk,
    uint32_t task, uint32_t count)
{
	struct task		*t = &s->tasks[task];
	enum sched_verdict	 v;

	if ((v = sched_may_count(s, task, count)) != VERDICT_OK)
		return (v);
	s->clk = *clk;
	t->count = count;
	t->count_set = true;
	task_request(s, t);
	report_asked(s, t, SCHED_ALL, "count");
	put_in_force(s, t);
	sched_step_end(s);
	return (VERDICT_OK);
}

enum sched_verdict
sched_may_control(const struct sched *s, uint32_t task, enum control control)
{
	const struct schedrec_task	*conf = &s->tasks[task].conf;

	if (s->mode != MODE_RUN)
		return (VERDICT_SHUTDOWN);
	/* As the loader has it: nobody could tell whether it runs. */
	if ((control == CONTROL_NOWAIT || control == CONTROL_ADOPT) &&
	    !conf->has_pidfile &&
	    (conf->check_cmd == 0 || conf->stop_cmd == 0))
		return (VERDICT_NO_PROBE);
	return (s->tasks[task].control == control ? VERDICT_NO_CHANGE :
	    VERDICT_OK);
}

enum sched_verdict
sched_set_control(struct sched *s, const struct sched_clock *clk,
    uint32_t task, enum control control)
{
	struct task		*t = &s->tasks[task];
	enum sched_verdict	 v;

	if ((v = sched_may_control(s, task, control)) != VERDICT_OK)
		return (v);
	s->clk = *clk;
	/* What runs once runs when it comes back into scope. */
	if (!task_in_scope(t)) {
		t->ran = t->ran_ok = t->asked = false;
		t->void_before = s->clk.now;
		task_all_in(t);
	}
	t->control = control;
	t->control_set = true;
	task_request(s, t);
	report_asked(s, t, SCHED_ALL, "control");
	if (!task_runs_once(t)) {
		t->ran = t->asked = t->rerun = false;
		task_all_in(t);
	}
	put_in_force(s, t);
	sched_step_end(s);
	return (VERDICT_OK);
}

/*
 * What was asked to run once has come to that when it has; what only has
 * another count or control by now may go on running.
 */
static bool
is_up(const struct task *t, const struct slot *sl, enum sched_goal goal)
{
	return ((sl->state == SLOT_UP && (t->control != CONTROL_ONCE ||
	    goal == GOAL_STEADY)) || (task_runs_once(t) && !sl->due &&
	    sl->has_exit && sl->status == 0));
}

/* It was tried, and did not come up. */
static bool
has_failed(const struct task *t, const struct slot *sl)
{
	return (sl->state == SLOT_BACKOFF || (task_runs_once(t) && !sl->due &&
	    sl->has_exit && sl->status != 0));
}

enum sched_reached
sched_reached(const struct sched *s, uint32_t task, uint16_t instance,
    enum sched_goal goal)
{
	const struct task	*t = &s->tasks[task];
	const struct slot	*sl;
	uint32_t		 i;
	bool			 up = goal == GOAL_UP, all = true;

	if (goal == GOAL_STEADY) {
		for (i = t->count; i < t->nslots; i++)
			if (t->slots[i] != NULL &&
			    t->slots[i]->state != SLOT_EMPTY)
				return (REACHED_NOT_YET);
		up = task_enabled(t) && t->ndue > 0;
		/* Nothing has to run for an event or a hold. */
		if (task_enabled(t) && !up)
			return (REACHED);
	}
	if (goal == GOAL_UP && (!task_enabled(t) || t->conf.held))
		return (REACHED_NEVER);
	for (i = 0; i < t->nslots || i < t->count; i++) {
		if (instance != SCHED_ALL && i != instance)
			continue;
		sl = task_has_slot(t, i);
		if (!up) {
			if (sl != NULL && sl->state != SLOT_EMPTY)
				return (REACHED_NOT_YET);
			continue;
		}
		if (i >= t->count)
			continue;
		if (goal == GOAL_UP && sl != NULL && sl->held)
			return (REACHED_NEVER);
		if (goal == GOAL_STEADY && (sl == NULL || !sl->due))
			continue;
		if (sl == NULL)
			return (REACHED_NOT_YET);
		if (has_failed(t, sl) && !is_up(t, sl, goal))
			return (REACHED_NEVER);
		if (!is_up(t, sl, goal))
			all = false;
	}
	if (up && all && !task_runs_once(t) && instance == SCHED_ALL &&
	    !t->settled)
		return (REACHED_NOT_YET);
	return (all ? REACHED : REACHED_NOT_YET);
}

struct mono
sched_newest(const struct sched *s, uint32_t task, uint16_t instance)
{
	const struct task	*t = &s->tasks[task];
	const struct slot	*sl;
	struct mono		 newest = MONO_NEVER;
	uint32_t		 i;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || sl->state != SLOT_UP ||
		    sl->foreign || (instance != SCHED_ALL && i != instance))
			continue;
		if (!mono_isset(newest) || mono_cmp(sl->started, newest) > 0)
			newest = sl->started;
	}
	return (newest);
}
