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
 * The state of a task and its reason (spec.md 10), worked out from its
 * slots and what holds it; kept, so that it is known since when.
 */

#include "../common/util.h"
#include "sched_int.h"

/* A slot in that state, the one that moves first. */
static const struct slot *
slot_in(const struct task *t, enum slot_state st)
{
	const struct slot	*sl, *best = NULL;
	uint32_t		 i;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || sl->state != st)
			continue;
		if (best == NULL ||
		    mono_cmp(sl->timer.at, best->timer.at) < 0)
			best = sl;
	}
	return (best);
}

static const struct slot *
stopping_slot(const struct task *t)
{
	const struct slot	*sl;

	if ((sl = slot_in(t, SLOT_STOPPING)) == NULL &&
	    (sl = slot_in(t, SLOT_STOPCMD)) == NULL &&
	    (sl = slot_in(t, SLOT_KILLED)) == NULL &&
	    (sl = slot_in(t, SLOT_LINGER)) == NULL &&
	    (sl = slot_in(t, SLOT_CANCEL)) == NULL)
		sl = slot_in(t, SLOT_SEEK);
	return (sl);
}

static uint32_t
nstopping(const struct task *t)
{
	return (t->nstate[SLOT_CANCEL] + t->nstate[SLOT_STOPCMD] +
	    t->nstate[SLOT_STOPPING] + t->nstate[SLOT_KILLED] +
	    t->nstate[SLOT_LINGER] + t->nstate[SLOT_SEEK]);
}

struct word {
	uint8_t	 state;
	uint8_t	 reason;
};

static struct word
work_out(const struct sched *s, const struct task *t)
{
	const struct slot	*sl;
	uint32_t		 up = t->nstate[SLOT_UP];

	if (up > 0 && up >= t->ndue) {
		if (!t->settled && t->ndue > 0 && !task_runs_once(t))
			return ((struct word){ STATE_STARTING,
			    REASON_START_DELAY });
		return ((struct word){ STATE_RUNNING, t->verify_failed != 0 ?
		    REASON_VERIFY_FAILED : REASON_NONE });
	}
	if (nstopping(t) > 0)
		return ((struct word){ STATE_STOPPING, REASON_STOPPING });
	if (t->nstate[SLOT_ASKED] + t->nstate[SLOT_LOOK] +
	    t->nstate[SLOT_CHECK] + t->nstate[SLOT_GRACE] > 0)
		return ((struct word){ STATE_STARTING, REASON_WAITS_FOR });
	if (!t->conf.in_role)
		return ((struct word){ STATE_OFF, REASON_NOT_IN_ROLE });
	if (t->control == CONTROL_SUSPEND)
		return ((struct word){ STATE_SUSPENDED, REASON_SUSPENDED });
	if (t->control == CONTROL_OFF || t->count == 0)
		return ((struct word){ STATE_OFF, REASON_CONTROL_OFF });
	if (t->conf.held)
		return ((struct word){ STATE_FAILED,
		    t->conf.why != REASON_NONE ? t->conf.why :
		    REASON_CONFIGURATION_ERROR });
	if (t->ndue == 0 && task_is_held(t))
		return ((struct word){ STATE_SUSPENDED,
		    REASON_HELD_BY_OPERATOR });
	if (t->ndue == 0 && t->ran)
		return ((struct word){ STATE_DONE, REASON_EXITED });
	if (t->ndue == 0 && t->control == CONTROL_EVENT)
		return ((struct word){ STATE_IDLE, REASON_WAITS_FOR_EVENT });
	if (s->mode != MODE_RUN)
		return ((struct word){ up > 0 ? STATE_STOPPING : STATE_OFF,
		    REASON_STOPPING });
	if ((sl = slot_in(t, SLOT_BACKOFF)) != NULL)
		return ((struct word){ STATE_BACKOFF,
		    sl->stage != STAGE_NONE ? REASON_CANNOT_START :
		    sl->probe_failed ? REASON_PROBE_FAILED :
		    REASON_BACKOFF_UNTIL });
	return ((struct word){ STATE_WAITING, t->blocker != NULL ?
	    REASON_WAITS_FOR : REASON_NONE });
}

static bool
counts_as_running(uint8_t state)
{
	return (state == STATE_RUNNING || state == STATE_STARTING);
}

/* What a kept process was before we came: its state is older than us. */
static int64_t
since_before(const struct sched *s, const struct task *t)
{
	const struct slot	*sl;
	int64_t			 wall = 0;
	uint32_t		 i;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL)
			continue;
		switch (t->state) {
		case STATE_RUNNING:
		case STATE_STARTING:
			if (sl->state == SLOT_UP && sl->started_wall > wall)
				wall = sl->started_wall;
			break;
		case STATE_DONE:
		case STATE_BACKOFF:
			if (sl->has_exit && sl->exited_wall > wall)
				wall = sl->exited_wall;
			break;
		default:
			break;
		}
	}
	return (wall != 0 ? wall : s->clk.wall);
}

void
task_work_out(struct sched *s, struct task *t)
{
	struct sched_action	*a;
	struct word		 now;

	s->changes++;
	now = work_out(s, t);
	if (t->since_wall != 0 && now.state == t->state &&
	    now.reason == t->reason)
		return;
	if (t->since_wall != 0 && counts_as_running(t->state))
		s->nrunning--;
	if (counts_as_running(now.state) && t->idx != NO_INDEX)
		s->nrunning++;
	/* A state keeps its time when only the reason changes. */
	if (t->since_wall == 0 || now.state != t->state) {
		bool	 first = t->since_wall == 0;

		t->state = now.state;
		t->since_wall = first ? since_before(s, t) : s->clk.wall;
	}
	t->reason = now.reason;
	a = sched_report(s, REPORT_STATE, t, 0);
	a->state = t->state;
	a->reason = t->reason;
}

/* A slot beyond count is, while something is there. */
static bool
worth_a_word(const struct slot *sl)
{
	return (sl->instance < sl->task->count || sl->pid != 0 ||
	    sl->state != SLOT_EMPTY);
}

void
sched_view(const struct sched *s, uint32_t task, struct sched_view *v)
{
	const struct task	*t = &s->tasks[task];
	const struct slot	*sl;
	uint32_t		 i;

	*v = (struct sched_view){
		.conf = &t->conf,
		.control = t->control,
		.state = t->state,
		.reason = t->reason,
		.count = t->count,
		.since_wall = t->since_wall,
		.shutdown = s->mode != MODE_RUN,
		.in_scope = task_in_scope(t),
		.counts = &t->counts,
		.blocker_task = NO_INDEX
	};
	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL)
			continue;
		if (!worth_a_word(sl))
			continue;
		v->nprocs++;
		if (sl->pid != 0 || sl->state == SLOT_UP)
			v->running++;
		if (sl->starts > 1)
			v->restarts += sl->starts - 1;
		/* Of several exits, a bad one says more. */
		if (sl->has_exit && (!v->has_exit || v->status == 0)) {
			v->has_exit = true;
			v->status = sl->status;
		}
	}
	switch (t->reason) {
	case REASON_WAITS_FOR:
		if (t->blocker != NULL) {
			v->blocker = t->blocker->conf.name;
			v->blocker_task = t->blocker->idx;
			v->blocker_state = t->blocker->state;
		}
		if (t->nstate[SLOT_CHECK] > 0)
			v->wait = WAIT_CHECK;
		if ((sl = slot_in(t, SLOT_GRACE)) != NULL) {
			v->wait = WAIT_LEFT;
			v->until = sl->grace;
		}
		break;
	case REASON_START_DELAY:
		v->until = t->settle.at;
		break;
	case REASON_STOPPING:
		if ((sl = stopping_slot(t)) == NULL)
			break;
		if (sl->state == SLOT_SEEK)
			v->wait = WAIT_LEFT;
		if (sl->timer.pos != 0)
			v->until = sl->state == SLOT_SEEK ? sl->grace :
			    sl->timer.at;
		break;
	case REASON_CANNOT_START:
	case REASON_BACKOFF_UNTIL:
	case REASON_PROBE_FAILED:
		if ((sl = slot_in(t, SLOT_BACKOFF)) == NULL)
			break;
		v->until = sl->timer.at;
		v->stage = sl->stage;
		v->error = sl->error;
		v->has_exit = sl->has_exit;
		v->status = sl->status;
		break;
	default:
		break;
	}
}

/* The k-th slot that there is a word about. */
void
sched_proc_view(const struct sched *s, uint32_t task, uint32_t k,
    struct sched_proc_view *v)
{
	const struct task	*t = &s->tasks[task];
	const struct slot	*sl = NULL;
	uint32_t		 i;

	*v = (struct sched_proc_view){ 0 };
	for (i = 0; i < t->nslots; i++) {
		sl = t->slots[i];
		if (sl == NULL || !worth_a_word(sl))
			continue;
		if (k-- == 0)
			break;
	}
	if (i == t->nslots)
		return;
	v->instance = sl->instance;
	v->pid = sl->pid;
	v->stopping = sl->pid != 0 && sl->state != SLOT_UP;
	v->foreign = sl->pid != 0 && sl->foreign;
	v->held = sl->held;
	v->ended = sl->ended;
	v->slot = sl->state;
	v->status = sl->status;
	v->starts = sl->starts;
	v->id = sl->pid != 0 ? sl->ref.id : 0;
	v->started = sl->started;
	v->started_wall = sl->started_wall;
	v->exited_wall = sl->exited_wall;
}
