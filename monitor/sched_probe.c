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
 * Is it running?  Tasks under nowait and adopt end up in the background,
 * where nobody can wait for them: their check command or their pidfile says
 * whether they run (spec.md 5).  And what an earlier run of the daemon left
 * behind is ended before a slot is first started (spec.md 4, pidfile).
 *
 * What a check command or a pidfile says may be wrong or a lie of the task's
 * user: it decides about that task alone, and which process a pidfile may
 * name is judged by the spawner.
 */

#include <errno.h>
#include <signal.h>

#include "slot.h"

bool
task_probed(const struct task *t)
{
	return (t->control == CONTROL_NOWAIT || t->control == CONTROL_ADOPT);
}

static void
look(struct sched *s, struct slot *sl, enum look_for what)
{
	struct sched_action	*a;

	sl->look_for = what;
	sl->tag = s->next_tag++;
	a = sched_emit(s, SCHED_LOOK);
	a->task = sl->task->idx;
	a->instance = sl->instance;
	a->tag = sl->tag;
	if (sl->state != SLOT_SEEK && (sl->state != SLOT_UP || sl->pid == 0))
		slot_set(s, sl, SLOT_LOOK);
}

static void
check(struct sched *s, struct slot *sl)
{
	sl->probe = cmd_start(s, sl->task, sl->instance, sl->ref.id,
	    sl->task->conf.check_cmd, CMD_FOR_CHECK);
	sl->probe->slot = sl;
}

static void
find_out(struct sched *s, struct slot *sl, enum look_for what)
{
	if (sl->task->conf.check_cmd == 0) {
		look(s, sl, what);
		return;
	}
	sl->look_for = what;
	if (sl->state != SLOT_SEEK)
		slot_set(s, sl, SLOT_CHECK);
	check(s, sl);
}

/* May something appear yet that a start of it left behind? */
static bool
in_grace(const struct sched *s, const struct slot *sl)
{
	return (task_probed(sl->task) && mono_isset(sl->grace) &&
	    mono_cmp(s->clk.now, sl->grace) < 0);
}

/*
 * As in_grace(), and it is to be stopped then; also where it is none any more
 * that is probed.  What is adopted outlives the daemon.
 */
bool
probe_may_seek(const struct sched *s, const struct slot *sl)
{
	const struct task	*t = sl->task;

	return (mono_isset(sl->grace) && mono_cmp(s->clk.now, sl->grace) < 0 &&
	    t->idx != NO_INDEX && !t->conf.held &&
	    (t->conf.check_cmd != 0 || t->conf.has_pidfile) &&
	    (s->mode == MODE_RUN || t->control != CONTROL_ADOPT));
}

/* Before a start.  True: that is found out first. */
bool
probe_before(struct sched *s, struct slot *sl)
{
	const struct task	*t = sl->task;

	if (task_probed(t))
		find_out(s, sl, in_grace(s, sl) ? LOOK_FOR_LEFT :
		    LOOK_FOR_START);
	else if (t->control == CONTROL_WAIT && t->conf.has_pidfile &&
	    sl->starts == 0 && !sl->looked)
		look(s, sl, LOOK_FOR_START);
	else
		return (false);
	return (true);
}

/*
 * It ended well and by itself, also where it was to be stopped: it may have
 * left something in the background, which may take a moment to show.
 * Whatever comes between, it is not started again before that is over.
 */
void
probe_left(struct slot *sl)
{
	if (task_probed(sl->task) && !sl->foreign)
		sl->grace = mono_add(sl->exited,
		    sl->task->conf.check_timeout_ms);
}

/* After an exit.  True: what it has left is found out first. */
bool
probe_after(struct sched *s, struct slot *sl)
{
	const struct task	*t = sl->task;

	if (!task_probed(t) || !sl->due || !task_wanted(s, t))
		return (false);
	find_out(s, sl, LOOK_FOR_LEFT);
	return (true);
}

/* While it runs.  What the system tells by itself is not asked for. */
static bool
needs_probe(const struct sched *s, const struct slot *sl)
{
	return (!sl->watched || (task_probed(sl->task) &&
	    sl->task->conf.check_cmd != 0 && s->mode == MODE_RUN));
}

void
probe_arm(struct sched *s, struct slot *sl)
{
	if (sl->state != SLOT_UP || sl->task->idx == NO_INDEX)
		return;
	if (needs_probe(s, sl))
		timers_set(&s->timers, &sl->timer,
		    mono_add(s->clk.now, sl->task->conf.check_interval_ms));
	else
		timers_del(&s->timers, &sl->timer);
}

/* Nobody wants it to run any more, whatever the answer would be. */
static bool
is_void(const struct sched *s, const struct slot *sl)
{
	return (!sl->due || sl->task->conf.held ||
	    !task_wanted(s, sl->task));
}

/* It has ended, and whether that is all of it is not known yet. */
bool
probe_is_open(const struct slot *sl)
{
	return ((sl->state == SLOT_CHECK || sl->state == SLOT_GRACE) &&
	    sl->look_for == LOOK_FOR_LEFT);
}

/* In SLOT_SEEK: the spawner looks at the pidfile, and will answer. */
static bool
is_asked(const struct slot *sl)
{
	return (sl->state == SLOT_SEEK && sl->probe == NULL &&
	    sl->timer.pos == 0);
}

/* Is it open of some slot whether something was left running? */
bool
probe_open(const struct sched *s, const struct task *t)
{
	const struct slot	*sl;
	uint32_t		 i;

	for (i = 0; i < t->nslots; i++)
		if ((sl = t->slots[i]) != NULL && !is_void(s, sl) &&
		    (probe_is_open(sl) || (sl->state == SLOT_EMPTY &&
		    in_grace(s, sl))))
			return (true);
	return (false);
}

/* What is open and is not asked for any more has ended, and that is all. */
void
probe_close(struct sched *s, struct task *t)
{
	struct slot	*sl;
	uint32_t	 i;
	bool		 open;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || (task_probed(t) &&
		    !is_void(s, sl)))
			continue;
		open = probe_is_open(sl) || sl->state == SLOT_SEEK;
		/* What the monitor before us has asked for is not known. */
		if (sl->state == SLOT_EMPTY && probe_may_seek(s, sl))
			probe_seek(s, sl);
		else if (open && probe_may_seek(s, sl))
			slot_set(s, sl, SLOT_SEEK);
		else if (is_asked(sl))
			slot_set(s, sl, is_void(s, sl) ? SLOT_CANCEL :
			    SLOT_LOOK);
		else if (open) {
			timers_del(&s->timers, &sl->timer);
			slot_over(s, sl, false);
		}
	}
}

/*
 * Its control may be another by now.  What was asked for only because it is
 * probed is void; whoever calls this looks at the task afterwards, and at
 * what is open (probe_close) when all tasks are as they shall be.
 */
void
probe_revise(struct sched *s, struct slot *sl)
{
	if ((!task_probed(sl->task) || is_void(s, sl)) && !probe_is_open(sl) &&
	    (sl->state == SLOT_CHECK || sl->state == SLOT_GRACE)) {
		timers_del(&s->timers, &sl->timer);
		slot_set(s, sl, SLOT_EMPTY);
	}
	/* To be stopped no more: what is asked for is the same. */
	if (sl->state == SLOT_SEEK && task_probed(sl->task) && !is_void(s, sl))
		slot_set(s, sl, is_asked(sl) ? SLOT_LOOK :
		    sl->probe != NULL ? SLOT_CHECK : SLOT_GRACE);
	/* One that comes soon enough is not put off. */
	if (sl->state == SLOT_UP && sl->timer.pos != 0 &&
	    needs_probe(s, sl) && mono_cmp(sl->timer.at, mono_add(s->clk.now,
	    sl->task->conf.check_interval_ms)) <= 0)
		return;
	probe_arm(s, sl);
}

/* What a start left may yet appear: looks again a little later. */
static void
wait_for_it(struct sched *s, struct slot *sl)
{
	struct mono	 next = mono_add(s->clk.now, GRACE_STEP_MS);

	if (mono_cmp(sl->grace, next) < 0)
		next = sl->grace;
	sl->look_for = LOOK_FOR_LEFT;
	timers_set(&s->timers, &sl->timer, next);
	if (sl->state != SLOT_SEEK)
		slot_set(s, sl, SLOT_GRACE);
}

static void
give_up(struct sched *s, struct slot *sl)
{
	/* That it ended has not been dealt with yet. */
	if (sl->look_for == LOOK_FOR_LEFT && probe_may_seek(s, sl)) {
		slot_set(s, sl, SLOT_SEEK);
		wait_for_it(s, sl);
	} else if (sl->look_for == LOOK_FOR_LEFT)
		slot_over(s, sl, false);
	else
		slot_unused(s, sl);
}

/* It is time to look, in SLOT_UP, or to look again, in SLOT_GRACE. */
void
probe_due(struct sched *s, struct slot *sl)
{
	if (sl->state == SLOT_GRACE && is_void(s, sl)) {
		if (probe_may_seek(s, sl))
			probe_seek(s, sl);
		else
			give_up(s, sl);
	} else if (sl->state == SLOT_GRACE || sl->state == SLOT_SEEK)
		find_out(s, sl, LOOK_FOR_LEFT);
	else if (task_probed(sl->task) && sl->task->conf.check_cmd != 0) {
		/* What is to be stopped anyway is not asked. */
		if (sl->probe == NULL && s->mode == MODE_RUN)
			check(s, sl);
	} else
		look(s, sl, LOOK_FOR_PID);
}

/* Nobody waits for its answer any more. */
void
probe_drop(struct slot *sl)
{
	if (sl->probe == NULL)
		return;
	sl->probe->use = CMD_FOR_NOBODY;
	sl->probe->slot = NULL;
	sl->probe = NULL;
}

static void
report_found(struct sched *s, const struct slot *sl, uint32_t pid)
{
	struct sched_action	*a;

	a = sched_report(s, REPORT_FOUND, sl->task, sl->instance);
	a->pid = pid;
	a->ms = sl->starts;
}

/* Its check says that it runs, and nobody knows as what. */
static void
is_unknown(struct sched *s, struct slot *sl, struct mono at, int64_t wall)
{
	struct slot_event	 ev = {
		.type = SLOT_EV_FOUND, .at = at, .wall = wall
	};

	if (sl->state == SLOT_SEEK)
		slot_event(s, sl, &ev);
	else
		slot_found(s, sl, &ev);
}

/* In SLOT_SEEK: not yet, or not at all. */
static void
not_shown(struct sched *s, struct slot *sl)
{
	if (probe_may_seek(s, sl))
		wait_for_it(s, sl);
	else
		slot_over(s, sl, false);
}

void
probe_seek(struct sched *s, struct slot *sl)
{
	if (!probe_may_seek(s, sl)) {
		slot_over(s, sl, false);
		return;
	}
	slot_set(s, sl, SLOT_SEEK);
	find_out(s, sl, LOOK_FOR_LEFT);
}

/* In SLOT_SEEK, and the daemon stops: what is adopted is left to come. */
void
probe_seek_less(struct sched *s, struct slot *sl)
{
	if (probe_may_seek(s, sl))
		return;
	if (is_asked(sl))
		slot_set(s, sl, SLOT_CANCEL);
	else {
		timers_del(&s->timers, &sl->timer);
		slot_over(s, sl, false);
	}
}

static void
not_there(struct sched *s, struct slot *sl)
{
	if (sl->state == SLOT_SEEK) {
		not_shown(s, sl);
		return;
	}
	switch ((enum look_for)sl->look_for) {
	case LOOK_FOR_START:
	case LOOK_FOR_ORPHAN:
		/* What it requires may have ended meanwhile. */
		if (in_grace(s, sl))
			wait_for_it(s, sl);
		else if (task_may_start(s, sl))
			slot_spawn(s, sl);
		else
			slot_unused(s, sl);
		break;
	case LOOK_FOR_PID:
		/* Without a check there is no other word for it. */
		if (!task_probed(sl->task) || sl->task->conf.check_cmd == 0) {
			slot_unused(s, sl);
			break;
		}
		is_unknown(s, sl, s->clk.now, s->clk.wall);
		break;
	case LOOK_FOR_LEFT:
		if (in_grace(s, sl)) {
			wait_for_it(s, sl);
			break;
		}
		if (probe_may_seek(s, sl)) {
			slot_set(s, sl, SLOT_SEEK);
			wait_for_it(s, sl);
			break;
		}
		sl->probe_failed = !sl->has_exit || sl->status == 0;
		slot_over(s, sl, false);
		break;
	}
}

/* One that an earlier run of the daemon has left, and that may not stay. */
static void
end_orphan(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	sched_report(s, REPORT_ORPHAN, sl->task, sl->instance)->pid = ev->pid;
	slot_found(s, sl, ev);
	sl->stopped = sl->again = true;
	slot_signal(s, sl, SIGTERM);
}

void
probe_found(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	sl->looked = true;
	/* While the daemon stops it falls in its turn, as all that runs. */
	if (s->mode == MODE_RUN && (!task_probed(sl->task) ||
	    sl->look_for == LOOK_FOR_ORPHAN)) {
		end_orphan(s, sl, ev);
		return;
	}
	report_found(s, sl, ev->pid);
	slot_found(s, sl, ev);
	if (ev->stale == 0 || sl->task->conf.held || s->mode != MODE_RUN)
		return;
	/* Started by us, and the plan has changed since. */
	slot_stop_one(s, sl, true, CAUSE_CONFIG);
}

static bool
worth_telling(const struct sched *s, const struct slot *sl, enum look look_)
{
	if (sl->look_for == LOOK_FOR_LEFT && in_grace(s, sl))
		return (false);
	return (look_ == LOOK_GARBAGE || look_ == LOOK_UNREADABLE ||
	    look_ == LOOK_RECYCLED || look_ == LOOK_DENIED ||
	    look_ == LOOK_ERROR);
}

/* Whether it runs cannot be found out: it might be started a second time. */
static void
cannot_ask(struct sched *s, struct slot *sl, enum stage stage,
    uint32_t error)
{
	sl->task->counts.start_failures++;
	sl->stage = stage;
	sl->error = error;
	sl->failed = s->clk.now;
	slot_over(s, sl, true);
}

void
probe_notfound(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	if (sl->state == SLOT_SEEK) {
		if (sl->look_for == LOOK_FOR_PID && ev->look != LOOK_REFUSED)
			is_unknown(s, sl, s->clk.now, s->clk.wall);
		else
			not_shown(s, sl);
		return;
	}
	if (ev->look == LOOK_REFUSED && ev->error == ESTALE) {
		/* Of the plan before: what holds now is asked anew. */
		if (sl->look_for != LOOK_FOR_LEFT)
			slot_unused(s, sl);
		else if (task_probed(sl->task) && !is_void(s, sl))
			find_out(s, sl, LOOK_FOR_LEFT);
		else
			probe_seek(s, sl);
		return;
	}
	if (worth_telling(s, sl, ev->look)) {
		a = sched_report(s, REPORT_LOOK, sl->task, sl->instance);
		a->look = ev->look;
		a->error = ev->error;
		a->pid = ev->pid;
	}
	if (ev->look == LOOK_ERROR && (sl->look_for == LOOK_FOR_START ||
	    sl->look_for == LOOK_FOR_ORPHAN)) {
		cannot_ask(s, sl, STAGE_PIDFILE, ev->error);
		return;
	}
	sl->looked = true;
	if (is_void(s, sl) && sl->look_for != LOOK_FOR_PID)
		give_up(s, sl);
	else if (sl->look_for == LOOK_FOR_START && task_probed(sl->task) &&
	    sl->task->conf.check_cmd != 0)
		/* It was not probed yet: its check has not been asked. */
		slot_unused(s, sl);
	else
		not_there(s, sl);
}

/* In SLOT_UP: what does not answer as it should is started again. */
static void
probe_lost(struct sched *s, struct slot *sl)
{
	timers_del(&s->timers, &sl->timer);
	sl->probe_failed = true;
	if (sl->pid == 0) {
		sl->cause = CAUSE_PROBE;
		sl->exited = s->clk.now;
		slot_over(s, sl, false);
		return;
	}
	slot_stop_one(s, sl, true, CAUSE_PROBE);
}

void
probe_checked(struct sched *s, struct slot *sl, bool ok)
{
	const struct task	*t = sl->task;

	if (sl->state == SLOT_UP) {
		/* A start command that is still at work is given the time. */
		if (ok || !sl->answered || s->mode != MODE_RUN)
			probe_arm(s, sl);
		else
			probe_lost(s, sl);
		sl->answered |= ok;
	} else if (!ok && sl->state == SLOT_SEEK)
		not_shown(s, sl);
	else if (!ok && is_void(s, sl))
		give_up(s, sl);
	else if (!ok && sl->look_for == LOOK_FOR_START &&
	    t->conf.has_pidfile && sl->starts == 0 && !sl->looked)
		look(s, sl, LOOK_FOR_ORPHAN);
	else if (!ok)
		not_there(s, sl);
	else if (t->conf.has_pidfile)
		look(s, sl, LOOK_FOR_PID);
	else {
		if (sl->state != SLOT_SEEK)
			report_found(s, sl, 0);
		/* What a start of ours left runs since that. */
		if (sl->look_for == LOOK_FOR_LEFT)
			is_unknown(s, sl, sl->started, sl->started_wall);
		else
			is_unknown(s, sl, s->clk.now, s->clk.wall);
	}
}

/* The check command could not be run, which says nothing. */
void
probe_unrun(struct sched *s, struct slot *sl, uint32_t error)
{
	if (sl->state == SLOT_UP)
		probe_arm(s, sl);
	else if (sl->state == SLOT_SEEK)
		not_shown(s, sl);
	else if (is_void(s, sl))
		give_up(s, sl);
	else if (error == ESTALE)
		/* Of the plan before: what holds now is asked. */
		find_out(s, sl, sl->look_for);
	else if (sl->look_for == LOOK_FOR_LEFT && in_grace(s, sl))
		wait_for_it(s, sl);
	else
		cannot_ask(s, sl, STAGE_CHECK, error);
}

/* The slot that asked, in a state where the answer still matters. */
static struct slot *
find_looking(struct sched *s, uint32_t task, uint16_t instance, uint32_t tag)
{
	struct slot	*sl;

	if ((sl = task_has_slot(&s->tasks[task], instance)) == NULL ||
	    sl->tag != tag || (sl->state != SLOT_LOOK &&
	    sl->state != SLOT_CANCEL && sl->state != SLOT_UP &&
	    sl->state != SLOT_SEEK))
		return (NULL);
	return (sl);
}

int
sched_found(struct sched *s, const struct sched_clock *clk, uint32_t tag,
    const struct found *m)
{
	struct slot_event	 ev = { .type = SLOT_EV_FOUND };
	struct procref		*ref;
	struct slot		*sl;

	if (sched_is_old(s, tag))
		return (0);
	if (m->task >= s->ntasks || m->id == 0 || m->pid == 0)
		return (-1);
	if ((sl = find_looking(s, m->task, m->instance, tag)) == NULL)
		return (0);
	/* The very process that is known already, or a new one. */
	ref = proctree_find(s, m->id);
	if (ref != NULL && (ref->slot != sl || sl->state != SLOT_UP))
		return (-1);
	s->clk = *clk;
	ev.at = m->started;
	ev.wall = m->started_wall;
	ev.id = m->id;
	ev.pid = m->pid;
	ev.watched = m->watched;
	ev.stale = m->stale;
	slot_event(s, sl, &ev);
	sched_step_end(s);
	return (0);
}

int
sched_notfound(struct sched *s, const struct sched_clock *clk, uint32_t tag,
    const struct notfound *m)
{
	struct slot_event	 ev = { .type = SLOT_EV_NOTFOUND };
	struct slot		*sl;

	if (sched_is_old(s, tag))
		return (0);
	if (m->task >= s->ntasks)
		return (-1);
	if ((sl = find_looking(s, m->task, m->instance, tag)) == NULL)
		return (0);
	s->clk = *clk;
	ev.look = m->look;
	ev.error = m->error;
	ev.pid = m->pid;
	slot_event(s, sl, &ev);
	sched_step_end(s);
	return (0);
}
