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
 * From the records of a sync to a scheduler that goes on where the one
 * before was, whether that was a crash, a reload or the very start
 * (design.md 2): what runs is found in its place, timers are reckoned from
 * the times in the records, and then the difference between what is and
 * what shall be is acted on.
 *
 * The records come from the spawner, but parts of them were made by the
 * loader from a file: indexes are checked.
 */

#include <signal.h>
#include <stdlib.h>

#include "../common/util.h"
#include "slot.h"

struct sched *
sched_new(const struct sched_setup *setup)
{
	struct sched	*s;

	s = xcalloc(1, sizeof(*s));
	s->ntasks = setup->ntasks;
	s->tasks = xcalloc(s->ntasks + 1, sizeof(*s->tasks));
	s->mode = setup->mode;
	s->gen = setup->gen;
	s->config_event = setup->config_event;
	s->first_tag = s->next_tag = setup->first_tag;
	s->changes = setup->changes;
	RB_INIT(&s->procs);
	TAILQ_INIT(&s->ready);
	TAILQ_INIT(&s->falling);
	TAILQ_INIT(&s->dirty);
	TAILQ_INIT(&s->touched);
	TAILQ_INIT(&s->requested);
	return (s);
}

static void
task_clear(struct task *t)
{
	struct cmdrun	*c;
	uint32_t	 i;

	while ((c = LIST_FIRST(&t->cmds)) != NULL) {
		LIST_REMOVE(c, entry);
		free(c);
	}
	for (i = 0; i < t->nslots; i++)
		free(t->slots[i]);
	free(t->slots);
	free(t->events);
	schedrec_task_clear(&t->conf);
}

void
sched_free(struct sched *s)
{
	uint32_t	 i;

	if (s == NULL)
		return;
	for (i = 0; i < s->ntasks; i++)
		task_clear(&s->tasks[i]);
	for (i = 0; i < s->nghosts; i++) {
		task_clear(s->ghosts[i]);
		free(s->ghosts[i]);
	}
	free(s->ghosts);
	free(s->tasks);
	free(s->cmdrecs);
	free(s->acts);
	timers_free(&s->timers);
	free(s);
}

static void
task_init(struct task *t, uint32_t idx)
{
	t->idx = idx;
	t->control = t->conf.control;
	t->count = t->conf.count;
	t->known = true;
	t->events = xcalloc(t->conf.nevents + 1, sizeof(*t->events));
	LIST_INIT(&t->cmds);
	LIST_INIT(&t->waiters);
	t->settle.kind = TIMER_SETTLE;
	t->settle.owner = t;
	t->limit.kind = TIMER_LIMIT;
	t->limit.owner = t;
}

/* Does a record stay within itself and the plan?  0, or -1. */
int
sync_conf_check(const struct sched *s, const struct schedrec_task *conf)
{
	uint32_t	 i;

	if (conf->count > LIMIT_INSTANCES || conf->control >= CONTROL_MAX ||
	    (conf->stop_cmd != 0 && conf->stop_cmd >= conf->ncmds) ||
	    (conf->check_cmd != 0 && conf->check_cmd >= conf->ncmds))
		return (-1);
	for (i = 0; i < conf->nrequires; i++)
		if (conf->requires[i].task >= s->ntasks)
			return (-1);
	for (i = 0; i < conf->nonexit; i++)
		if (conf->onexit[i] >= s->ntasks)
			return (-1);
	for (i = 0; i < conf->nevents; i++)
		if ((conf->events[i].action == ACTION_COMMAND &&
		    conf->events[i].cmd >= conf->ncmds) ||
		    (conf->events[i].verify != 0 &&
		    conf->events[i].verify >= conf->ncmds))
			return (-1);
	return (0);
}

int
sched_add_task(struct sched *s, uint32_t idx, struct schedrec_task *conf)
{
	struct task	*t;

	if (idx >= s->ntasks || s->tasks[idx].known ||
	    sync_conf_check(s, conf) == -1)
		return (-1);
	t = &s->tasks[idx];
	t->conf = *conf;
	*conf = (struct schedrec_task){ 0 };
	task_init(t, idx);
	/* What every task starts with needs no telling. */
	(void)note_changed(s, t);
	return (0);
}

/* Holds what still runs of a task that is gone from the plan. */
static struct task *
ghost_new(struct sched *s, struct span name)
{
	struct task	*t;

	t = xcalloc(1, sizeof(*t));
	t->conf.name = xstrndup(name.p, name.len);
	t->conf.control = CONTROL_OFF;
	t->conf.stop_timeout_ms = STOP_TIMEOUT_MS;
	task_init(t, NO_INDEX);
	s->ghosts = xreallocarray(s->ghosts, s->nghosts + 1,
	    sizeof(*s->ghosts));
	s->ghosts[s->nghosts++] = t;
	return (t);
}

int
sched_add_proc(struct sched *s, const struct sync_proc *p)
{
	struct task	*t;
	struct slot	*sl;

	if (p->instance >= LIMIT_INSTANCES || p->kind >= PROC_KIND_MAX ||
	    (p->task != NO_INDEX && (p->task >= s->ntasks ||
	    !s->tasks[p->task].known)) ||
	    (p->pid != 0 && (p->id == 0 ||
	    proctree_find(s, p->id) != NULL)))
		return (-1);
	if (p->task == NO_INDEX) {
		if (p->pid == 0)
			return (0);
		t = ghost_new(s, p->name);
	} else
		t = &s->tasks[p->task];

	if (p->kind == PROC_COMMAND) {
		s->cmdrecs = xreallocarray(s->cmdrecs, s->ncmdrecs + 1,
		    sizeof(*s->cmdrecs));
		s->cmdrecs[s->ncmdrecs].rec = *p;
		s->cmdrecs[s->ncmdrecs].rec.name = (struct span){ NULL, 0 };
		s->cmdrecs[s->ncmdrecs++].task = t;
		return (0);
	}
	sl = task_slot(t, p->instance);
	if (sl->pid != 0 || sl->has_exit)
		return (-1);
	sl->started = p->started;
	sl->started_wall = p->started_wall;
	sl->starts = p->starts;
	sl->last_id = p->id;
	sl->stale = p->stale;
	sl->foreign = sl->answered = p->foreign;
	sl->watched = p->watched || !p->foreign;
	sl->last_signal = p->last_signal;
	sl->stop_at = p->signalled;
	if (p->pid != 0) {
		sl->pid = p->pid;
		proctree_add(s, &sl->ref, p->id);
	} else if (mono_isset(p->exited)) {
		sl->has_exit = p->status != STATUS_UNKNOWN;
		sl->exited = p->exited;
	}
	sl->ended = p->exited_wall != 0 && p->status != STATUS_UNKNOWN;
	sl->exited_wall = p->exited_wall;
	sl->status = p->status;
	return (0);
}

/* What shall run: sets due for every slot. */
void
sync_find_due(struct sched *s, struct task *t)
{
	struct slot	*sl;
	uint32_t	 i;
	bool		 old = t->ran, runs = false;

	for (i = 0; i < t->count || i < t->nslots; i++) {
		if (i >= t->count) {
			if ((sl = t->slots[i]) == NULL)
				continue;
			runs |= sl->pid != 0;
			task_set_due(t, sl, false);
			sl->held = false;
			continue;
		}
		sl = task_slot(t, i);
		if (sl->pid != 0 || (slot_has_ended(sl) &&
		    mono_cmp(sl->started, t->void_before) >= 0))
			old = true;
		task_set_due(t, sl, task_enabled(t) && !sl->held &&
		    (!task_runs_once(t) || task_run_due(t, sl)));
	}
	/* A run under way, of whose start the note was lost. */
	if (task_runs_once(t) && (t->ndue > 0 || runs))
		t->ran = t->ran_ok = false;
	if (!task_runs_once(t)) {
		t->ran = t->asked = t->rerun = false;
		task_all_in(t);
	}
	if (!task_in_scope(t) && old) {
		/* When it comes back into scope, it runs anew. */
		t->ran = t->asked = false;
		t->void_before = s->clk.now;
		task_all_in(t);
	}
}

/* Had its time_limit passed when it was sent its last signal? */
static bool
was_over(const struct task *t, const struct slot *sl)
{
	return (t->conf.time_limit_ms > 0 &&
	    mono_sub(sl->stop_at, sl->started) >= t->conf.time_limit_ms);
}

/*
 * Was it asked to go?  TERM says so, and its note; where that was lost, a
 * signal that an event of type restart or stop sends says so if there was a
 * reason to send it for that.
 */
static bool
was_stopped(const struct sched *s, const struct task *t,
    const struct slot *sl)
{
	struct stop_how	 how;

	if (sl->last_signal == SIGTERM || sl->was_asked)
		return (true);
	if (sl->last_signal == 0 || (sl->stale == 0 && task_wanted(s, t) &&
	    sl->instance < t->count && !was_over(t, sl)))
		return (false);
	task_how(t, true, &how);
	if (how.cmd == 0 && how.sig == sl->last_signal)
		return (true);
	task_how(t, false, &how);
	return (how.cmd == 0 && how.sig == sl->last_signal);
}

static void
stopping_since(struct sched *s, struct slot *sl, struct mono since, uint8_t sig)
{
	sl->stopped = true;
	sl->again = sl->stale != 0 || sl->anew;
	sl->cause = sl->stale != 0 ? CAUSE_CONFIG : CAUSE_EXIT;
	sl->stop_sig = sig;
	sl->stop_at = since;
	timers_set(&s->timers, &sl->timer,
	    mono_add(since, sl->task->conf.stop_timeout_ms));
	slot_set(s, sl, SLOT_STOPPING);
}

/* What is found running: in which state of its life is it? */
static void
place_live(struct sched *s, struct slot *sl)
{
	if (sl->last_signal == SIGKILL) {
		sl->stopped = true;
		sl->again = sl->stale != 0 || sl->anew;
		slot_set(s, sl, SLOT_KILLED);
	} else if (was_stopped(s, sl->task, sl))
		stopping_since(s, sl, mono_isset(sl->stop_at) ?
		    sl->stop_at : s->clk.now, sl->last_signal);
	else {
		slot_set(s, sl, SLOT_UP);
		probe_arm(s, sl);
	}
}

/* What is found not running: does a delay of the row still hold it? */
static void
place_gone(struct sched *s, struct slot *sl)
{
	struct task	*t = sl->task;
	struct mono	 until;

	if (sl->has_exit && sl->status == 0 && sl->last_signal == 0 &&
	    !sl->grace_known)
		probe_left(sl);
	if (task_probed(t) || (s->config_event && (sl->stale != 0 ||
	    sl->stage != STAGE_NONE)))
		sl->not_before = MONO_NEVER;
	if (!sl->due || task_probed(t))
		return;
	if (sl->stage != STAGE_NONE) {
		/* When it failed is not told; a new plan is a new try. */
		until = s->config_event ? s->clk.now :
		    mono_add(s->clk.now, backoff_delay(sl->nfail - 1));
	} else if (sl->row_known)
		until = sl->not_before;
	else if (task_runs_once(t) || !sl->has_exit ||
	    sl->last_signal != 0 || (s->config_event && sl->stale != 0) ||
	    mono_sub(sl->exited, sl->started) >= RAN_LONG_MS) {
		sl->nfail = 0;
		return;
	} else {
		if (sl->nfail == 0)
			sl->nfail = 1;
		until = mono_add(sl->exited, backoff_delay(sl->nfail - 1));
	}
	if (!task_wanted(s, t) || mono_cmp(until, s->clk.now) <= 0)
		return;
	/* It waits as that: task_consider_slot(). */
	sl->not_before = until;
}

/* Known to run by its check command alone, and stopped like what is. */
static void
place_unknown(struct sched *s, struct slot *sl)
{
	sl->answered = true;
	sl->watched = false;
	slot_set(s, sl, SLOT_UP);
	probe_arm(s, sl);
}

static void
place(struct sched *s, struct task *t)
{
	struct slot	*sl;
	uint32_t	 i;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL)
			continue;
		if (sl->pid != 0)
			place_live(s, sl);
		else if (sl->was_up)
			place_unknown(s, sl);
		else
			place_gone(s, sl);
	}
}

/* A stop command and the slots it is about: those older than it. */
static void
place_stop_cmd(struct sched *s, struct cmdrec *cr, struct cmdrun *c)
{
	const struct sync_proc	*p = &cr->rec;
	struct task		*t = cr->task;
	struct slot		*sl;
	uint32_t		 i;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || sl->run != NULL ||
		    (t->conf.cmds[p->cmd].per_process && i != p->instance))
			continue;
		if (sl->pid != 0 && mono_cmp(sl->started, p->started) > 0)
			continue;
		if (c == NULL) {
			/* It is over: the process has its grace. */
			if (sl->state == SLOT_UP)
				stopping_since(s, sl, p->exited, 0);
			continue;
		}
		sl->run = c;
		/* What was signalled before keeps its deadline. */
		if (sl->state == SLOT_STOPPING || sl->state == SLOT_KILLED)
			continue;
		sl->stopped = true;
		sl->stop_at = p->started;
		timers_del(&s->timers, &sl->timer);
		if (sl->pid == 0) {
			sl->again = sl->due;
			slot_set(s, sl, SLOT_LINGER);
		} else {
			sl->again = sl->stale != 0 || sl->anew;
			slot_set(s, sl, SLOT_STOPCMD);
		}
	}
}

static void
place_cmd(struct sched *s, struct cmdrec *cr)
{
	const struct sync_proc	*p = &cr->rec;
	struct task		*t = cr->task;
	struct cmdrun		*c = NULL;
	struct slot		*sl;
	bool			 stops;

	stops = t->idx != NO_INDEX && p->cmd < t->conf.ncmds &&
	    task_stops_by(t, p->cmd);
	if (p->pid != 0) {
		c = cmd_new(s, t, p->cmd, p->instance);
		c->use = stops ? CMD_FOR_STOP : CMD_FOR_NOBODY;
		c->state = CMD_RUNNING;
		proctree_add(s, &c->ref, p->id);
		if (p->last_signal == SIGKILL)
			c->state = CMD_KILLED;
		else if (stops)
			timers_set(&s->timers, &c->timer,
			    mono_add(p->started, CMD_LIMIT_MS));
		else if (p->last_signal == SIGTERM) {
			c->state = CMD_TERMED;
			timers_set(&s->timers, &c->timer,
			    mono_add(p->signalled, STOP_TIMEOUT_MS));
		} else if (t->idx == NO_INDEX)
			cmd_stop(s, c);
		else if (p->cmd == t->conf.check_cmd && task_probed(t) &&
		    (sl = task_has_slot(t, p->instance)) != NULL &&
		    sl->state == SLOT_UP && sl->probe == NULL) {
			/* The probe goes on where it was. */
			c->use = CMD_FOR_CHECK;
			c->slot = sl;
			sl->probe = c;
			timers_del(&s->timers, &sl->timer);
			timers_set(&s->timers, &c->timer, mono_add(p->started,
			    t->conf.check_timeout_ms));
		}
	}
	if (stops && (c != NULL || mono_isset(p->exited)))
		place_stop_cmd(s, cr, c);
}

void
sync_touch(struct sched *s, struct task *t)
{
	if (t->outcome.touched)
		return;
	t->outcome = (struct sched_outcome){ .touched = true };
	TAILQ_INSERT_TAIL(&s->touched, t, touch);
}

/* What a person has stopped, and whose stop was not even begun. */
static bool
pick_held(const struct slot *sl)
{
	return (sl->held);
}

/* Stops what runs and shall not, or not so. */
void
sync_stop_wrong(struct sched *s, struct task *t)
{
	struct sched_outcome	*o = &t->outcome;
	uint32_t		 was = t->nstate[SLOT_UP], up, i;
	bool			 stale = false;

	sync_touch(s, t);
	if (!task_wanted(s, t))
		task_stop(s, t, pick_all, false, CAUSE_CONFIG);
	else {
		if (t->nslots > t->count)
			task_stop(s, t, pick_surplus, false, CAUSE_CONFIG);
		if (t->requested)
			task_stop(s, t, pick_held, false, CAUSE_OPERATOR);
	}
	up = t->nstate[SLOT_UP];
	o->stopped = was - up;
	/* A limit that has passed is not left to the timer. */
	if (t->limit.pos != 0 && mono_cmp(t->limit.at, s->clk.now) <= 0)
		task_limit(s, t);
	for (i = 0; i < t->nslots && up > 0; i++) {
		if (t->slots[i] == NULL || t->slots[i]->state != SLOT_UP ||
		    t->slots[i]->stale == 0)
			continue;
		stale = true;
		o->stale |= t->slots[i]->stale;
	}
	/* What could not be started again is better left running. */
	if (stale && !t->conf.held)
		task_stop(s, t, pick_stale, true, CAUSE_CONFIG);
	task_stop(s, t, pick_unknown, true, CAUSE_CONFIG);
	o->kept = t->nstate[SLOT_UP];
	o->restarted = up - o->kept;
	s->sum.stopped += o->stopped;
	s->sum.kept += o->kept;
	s->sum.restarted += o->restarted;
}

/* How many there are to be that are not there: once all is asked for. */
void
sync_started(struct sched *s, struct task *t)
{
	const struct slot	*sl;
	uint32_t		 i;

	if (t->conf.held || !task_wanted(s, t))
		return;
	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || !sl->due)
			continue;
		if (sl->state == SLOT_EMPTY || sl->state == SLOT_ASKED ||
		    sl->state == SLOT_BACKOFF || sl->state == SLOT_LOOK ||
		    sl->state == SLOT_CHECK || sl->state == SLOT_GRACE)
			t->outcome.started++;
	}
	s->sum.started += t->outcome.started;
}

/* Exits that no monitor has seen. */
void
sync_late(struct sched *s, struct task *t)
{
	uint32_t	 i, pending = t->pending;

	/* And events whose action was not begun. */
	t->pending = 0;
	for (i = 0; i < EVENTS_NOTED && pending != 0; i++)
		if ((pending & 1U << i) != 0)
			event_fire(s, t, i);

	probe_close(s, t);
	task_find_ran(s, t);
	if (t->conf.nonexit == 0 || task_nlive(t) > 0 || probe_open(s, t))
		return;
	if (!mono_isset(t->seen_exit)) {
		t->seen_exit = s->clk.now;
		return;
	}
	for (i = 0; i < t->nslots; i++) {
		if (t->slots[i] == NULL || !t->slots[i]->has_exit ||
		    mono_cmp(t->slots[i]->exited, t->seen_exit) <= 0)
			continue;
		task_all_exited(s, t);
		break;
	}
}

/* The end of a run that is to be done once more is none. */
static void
forget_broken_off(struct task *t)
{
	uint32_t	 i;

	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL && t->slots[i]->anew &&
		    t->slots[i]->pid == 0)
			t->slots[i]->has_exit = false;
}

/* What is up is not on its way out: nothing is to be done once more. */
static void
forget_anew(struct task *t)
{
	uint32_t	 i;

	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL && t->slots[i]->state == SLOT_UP)
			t->slots[i]->anew = false;
}

int
sched_converge(struct sched *s, const struct sched_clock *clk)
{
	uint32_t	 i;

	s->clk = *clk;
	for (i = 0; i < s->ntasks; i++)
		if (!s->tasks[i].known)
			return (-1);
	if (graph_build(s) == -1)
		return (-1);
	for (i = 0; i < s->ntasks; i++) {
		forget_broken_off(&s->tasks[i]);
		sync_find_due(s, &s->tasks[i]);
		place(s, &s->tasks[i]);
		task_dirty(s, &s->tasks[i]);
	}
	for (i = 0; i < s->nghosts; i++)
		place(s, s->ghosts[i]);
	for (i = 0; i < s->ncmdrecs; i++)
		place_cmd(s, &s->cmdrecs[i]);
	free(s->cmdrecs);
	s->cmdrecs = NULL;
	s->ncmdrecs = 0;
	for (i = 0; i < s->ntasks; i++) {
		forget_anew(&s->tasks[i]);
		probe_close(s, &s->tasks[i]);
	}

	for (i = 0; i < s->nghosts; i++) {
		task_stop(s, s->ghosts[i], pick_all, false, CAUSE_CONFIG);
		s->sum.stopped++;
	}
	/* It may not have been heard before the monitor died. */
	for (i = 0; i < s->ntasks; i++)
		if (s->tasks[i].count_set || s->tasks[i].control_set)
			sched_count(s, &s->tasks[i]);
	if (s->mode != MODE_RUN)
		shutdown_begin(s);
	else {
		for (i = 0; i < s->ntasks; i++)
			sync_stop_wrong(s, &s->tasks[i]);
		for (i = 0; i < s->ntasks; i++)
			sync_late(s, &s->tasks[i]);
		for (i = 0; i < s->ntasks; i++)
			task_consider(s, &s->tasks[i]);
		for (i = 0; i < s->ntasks; i++)
			sync_started(s, &s->tasks[i]);
	}
	sched_step_end(s);
	return (0);
}
