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
 * The life of a slot, as one total table: for every state and every event
 * there is exactly one function.  What is told here has been checked by the
 * caller: the event is about this slot.
 *
 *                    START                 SPAWNED
 *      +---------> EMPTY ----> ASKED ---------------------> UP
 *      |            ^ ^          |  \                      / | \
 *      |            | |     STOP |   \ FAILED       EXITED/  |  \ STOP,
 *      |   retry    | |          v    \           FAILED /   |   \ by a
 *      |   TIMER,   | |  FAILED         v               v    |    \ command
 *   BACKOFF STOP    | +-------- CANCEL  (over) <--------     |     v
 *      ^            |             |       |                  |   STOPCMD
 *      |            |     SPAWNED |       |             STOP,|    | |  \
 *      |            |             v       |         by signal| TIMER|   \ gone
 *      |            |   as STOP in UP     |                  v    | |    v
 *      |            |                     |    EXITED     STOPPING<-+ LINGER
 *      |            |                     | <--------------- |  CMDEND   |
 *      |            |                     |                  | TIMER     |
 *      |            |                     |    EXITED        v           |
 *      |            |                     | <------------- KILLED        |
 *      |            |                     | <----------------------------+
 *      +------------+---------------------+               CMDEND
 *       by the row of delays, or at once
 *
 * (over) is task_slot_over(): it decides what becomes of an empty slot.
 */

#include <signal.h>

#include "../common/log.h"
#include "slot.h"

static void
touch(struct sched *s, struct slot *sl)
{
	task_dirty(s, sl->task);
}

/* Has a process, or will have one as soon as the spawner answers. */
static bool
is_live(enum slot_state st)
{
	return (st != SLOT_EMPTY && st != SLOT_BACKOFF);
}

void
slot_set(struct sched *s, struct slot *sl, enum slot_state st)
{
	struct task	*t = sl->task;
	enum slot_state	 old = sl->state;

	if (old == st)
		return;
	t->nstate[old]--;
	t->nstate[st]++;
	if (is_live(old) && !is_live(st))
		s->nlive--;
	if (!is_live(old) && is_live(st))
		s->nlive++;
	sl->state = st;
	touch(s, sl);
	if (old == SLOT_UP || st == SLOT_UP)
		task_up_changed(s, t);
}

static void
none(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)s;
	(void)sl;
	(void)ev;
}

/* The callers see to it that this never happens. */
static void
never(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)s;
	fatalx("slot %s[%u]: event %d in state %d", sl->task->conf.name,
	    sl->instance, (int)ev->type, (int)sl->state);
}

/*
 * What the spawner may do by itself when the process ends: only what we
 * would ask for then in any case.  A task that requires others, or whose
 * end starts another, has to be looked at.
 */
static uint32_t
standing_order(const struct slot *sl)
{
	const struct task	*t = sl->task;

	if (t->control != CONTROL_WAIT || t->conf.nrequires > 0 ||
	    t->conf.nonexit > 0)
		return (STANDING_NONE);
	return (sl->nfail == 0 ? 0 : STANDING_MS);
}

static void
ask(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	(void)ev;
	timers_del(&s->timers, &sl->timer);
	if (s->coming == sl) {
		s->coming = NULL;
		sl->tag = STANDING_TAG;
		slot_set(s, sl, SLOT_ASKED);
		return;
	}
	sl->tag = s->next_tag++;
	a = sched_emit(s, SCHED_SPAWN);
	a->task = sl->task->idx;
	a->instance = sl->instance;
	a->tag = sl->tag;
	a->again_ms = standing_order(sl);
	slot_set(s, sl, SLOT_ASKED);
}

static void
cancel(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	sl->again = ev->again;
	slot_set(s, sl, SLOT_CANCEL);
}

/* Asked to stop a second time: the wish to run it again may be withdrawn. */
static void
stop_more(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)s;
	sl->again = sl->again && ev->again;
}

static void
up(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	sl->pid = ev->pid;
	sl->started = ev->at;
	sl->started_wall = ev->wall;
	sl->has_exit = false;
	sl->stale = false;
	sl->stopped = false;
	sl->last_signal = 0;
	sl->stage = STAGE_NONE;
	sl->error = 0;
	sl->starts++;
	proctree_add(s, &sl->ref, ev->id);
	a = sched_report(s, REPORT_STARTED, sl->task, sl->instance);
	a->pid = ev->pid;
	a->ms = sl->starts - 1;
	slot_set(s, sl, SLOT_UP);
}

static void
by_signal(struct sched *s, struct slot *sl, int sig)
{
	sched_report(s, REPORT_STOPPING, sl->task, sl->instance)->sig = sig;
	sched_signal(s, sl->ref.id, sig);
	sl->stop_at = s->clk.now;
	timers_set(&s->timers, &sl->timer,
	    mono_add(s->clk.now, sl->task->conf.stop_timeout_ms));
	slot_set(s, sl, SLOT_STOPPING);
}

static void
stop(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	sl->again = ev->again;
	sl->stopped = true;
	if (ev->how.cmd == 0) {
		by_signal(s, sl, ev->how.sig);
		return;
	}
	if (ev->run == NULL || !ev->how.shared)
		ev->run = cmd_start(s, sl, ev->how.cmd);
	sl->run = ev->run;
	sl->stop_at = s->clk.now;
	a = sched_report(s, REPORT_STOPPING, sl->task, sl->instance);
	a->cmd = ev->how.cmd;
	slot_set(s, sl, SLOT_STOPCMD);
}

/* It was to be stopped before it even ran. */
static void
up_and_stop(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct slot_event	 e = { .type = SLOT_EV_STOP };
	bool			 again = sl->again;

	up(s, sl, ev);
	task_how(sl->task, again, &e.how);
	/* Others may live on: what stops all of them is not for one. */
	if (e.how.shared && task_nlive(sl->task) > 1)
		e.how = (struct stop_how){ .sig = SIGTERM };
	e.again = again;
	slot_event(s, sl, &e);
}

static void
forget_process(struct sched *s, struct slot *sl)
{
	timers_del(&s->timers, &sl->timer);
	proctree_del(s, &sl->ref);
	sl->pid = 0;
}

static void
over(struct sched *s, struct slot *sl, bool failed)
{
	slot_set(s, sl, SLOT_EMPTY);
	task_slot_over(s, sl, failed);
}

/* Either nothing was started, or what was started could not exec. */
static void
fail(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	forget_process(s, sl);
	sl->stage = ev->stage;
	sl->error = ev->error;
	/* As from an exit, the row of delays counts from here. */
	sl->exited = ev->at;
	if (sl->run != NULL)
		slot_set(s, sl, SLOT_LINGER);
	else
		over(s, sl, true);
}

static void
gone(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	forget_process(s, sl);
	sl->has_exit = sl->ended = true;
	sl->exited = ev->at;
	sl->exited_wall = ev->wall;
	sl->status = ev->status;
	a = sched_report(s, REPORT_EXITED, sl->task, sl->instance);
	a->status = ev->status;
	a->ms = mono_sub(sl->exited, sl->started);
	/*
	 * Nothing is started while the stop command still runs: it might
	 * stop the successor.
	 */
	if (sl->run != NULL)
		slot_set(s, sl, SLOT_LINGER);
	else
		over(s, sl, false);
}

/* The stop command is over, the process is not. */
static void
grace(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	if (ev->unrun) {
		by_signal(s, sl, SIGTERM);
		return;
	}
	timers_set(&s->timers, &sl->timer,
	    mono_add(s->clk.now, sl->task->conf.stop_timeout_ms));
	slot_set(s, sl, SLOT_STOPPING);
}

static void
kill_it(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	(void)ev;
	timers_del(&s->timers, &sl->timer);
	a = sched_report(s, REPORT_KILLED, sl->task, sl->instance);
	a->ms = mono_sub(s->clk.now, sl->stop_at);
	sched_signal(s, sl->ref.id, SIGKILL);
	slot_set(s, sl, SLOT_KILLED);
}

static void
linger_over(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)ev;
	over(s, sl, false);
}

static void
drop(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)ev;
	timers_del(&s->timers, &sl->timer);
	slot_set(s, sl, SLOT_EMPTY);
}

static void
retry(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	drop(s, sl, ev);
	task_consider_slot(s, sl);
}

typedef void slot_fn(struct sched *, struct slot *, struct slot_event *);

#define ROW(START, STOP, SPAWNED, FAILED, EXITED, CMDEND, TIMER)	\
{									\
	[SLOT_EV_START] = (START),					\
	[SLOT_EV_STOP] = (STOP),					\
	[SLOT_EV_SPAWNED] = (SPAWNED),					\
	[SLOT_EV_FAILED] = (FAILED),					\
	[SLOT_EV_EXITED] = (EXITED),					\
	[SLOT_EV_CMDEND] = (CMDEND),					\
	[SLOT_EV_TIMER] = (TIMER),					\
}

static slot_fn *const actions[SLOT_MAX][SLOT_EV_MAX] = {
/*  START  STOP       SPAWNED      FAILED  EXITED  CMDEND        TIMER */
[SLOT_EMPTY] = ROW(
    ask,   none,      never,       never,  never,  never,        never),
[SLOT_ASKED] = ROW(
    none,  cancel,    up,          fail,   never,  never,        never),
[SLOT_CANCEL] = ROW(
    none,  stop_more, up_and_stop, fail,   never,  never,        never),
[SLOT_UP] = ROW(
    none,  stop,      never,       fail,   gone,   never,        never),
[SLOT_STOPCMD] = ROW(
    none,  stop_more, never,       fail,   gone,   grace,        kill_it),
[SLOT_STOPPING] = ROW(
    none,  stop_more, never,       fail,   gone,   none,         kill_it),
[SLOT_KILLED] = ROW(
    none,  stop_more, never,       fail,   gone,   none,         none),
[SLOT_LINGER] = ROW(
    none,  stop_more, never,       never,  never,  linger_over,  none),
[SLOT_BACKOFF] = ROW(
    ask,   drop,      never,       never,  never,  never,        retry),
};

void
slot_event(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	actions[sl->state][ev->type](s, sl, ev);
}

void
slot_exited_again(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	bool	 later;

	s->coming = sl;
	slot_event(s, sl, ev);
	if (s->coming == NULL)
		return;
	/*
	 * We would not have asked: what comes is stopped as soon as it is
	 * here.  A stop command still under way was about the process that
	 * ended.
	 */
	s->coming = NULL;
	later = sl->state == SLOT_BACKOFF || (sl->state == SLOT_LINGER &&
	    sl->again);
	timers_del(&s->timers, &sl->timer);
	sl->run = NULL;
	sl->tag = STANDING_TAG;
	sl->again = later;
	slot_set(s, sl, SLOT_CANCEL);
}
