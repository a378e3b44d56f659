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
 *
 * Where something may run already, START takes a way round, which
 * sched_probe.c has: EMPTY -> LOOK or CHECK -> UP when it is found, else
 * ASKED; and so does an EXITED of a task that is probed: UP -> LOOK or CHECK
 * (-> GRACE ->) UP when it has left something running, else (over).  A STOP
 * in these goes to SEEK, which waits for the same, to stop it.
 */

#include <sys/wait.h>

#include <errno.h>
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
	return (st != SLOT_EMPTY && st != SLOT_BACKOFF && st != SLOT_CHECK &&
	    st != SLOT_GRACE);
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
	s->nup += (st == SLOT_UP) - (old == SLOT_UP);
	sl->state = st;
	if (old == SLOT_UP || (old == SLOT_CHECK && st != SLOT_SEEK) ||
	    (old == SLOT_SEEK && st != SLOT_CHECK))
		probe_drop(sl);
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

void
slot_spawn(struct sched *s, struct slot *sl)
{
	struct sched_action	*a;

	sl->tag = s->next_tag++;
	a = sched_emit(s, SCHED_SPAWN);
	a->task = sl->task->idx;
	a->instance = sl->instance;
	a->tag = sl->tag;
	a->again_ms = standing_order(sl);
	slot_set(s, sl, SLOT_ASKED);
}

static void
begin(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)ev;
	timers_del(&s->timers, &sl->timer);
	if (s->coming == sl) {
		s->coming = NULL;
		sl->tag = STANDING_TAG;
		slot_set(s, sl, SLOT_ASKED);
	} else if (!probe_before(s, sl))
		slot_spawn(s, sl);
}

/* Not known yet is what its start has left, which would run on. */
static bool
seek(struct sched *s, struct slot *sl, const struct slot_event *ev)
{
	if (ev->type != SLOT_EV_STOP || ev->again || !probe_may_seek(s, sl))
		return (false);
	sl->again = false;
	sl->cause = ev->cause;
	slot_set(s, sl, SLOT_SEEK);
	return (true);
}

static void
cancel(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	if (sl->state == SLOT_LOOK && seek(s, sl, ev))
		return;
	sl->again = ev->again;
	sl->cause = ev->cause;
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
there(struct sched *s, struct slot *sl, const struct slot_event *ev)
{
	sl->pid = ev->pid;
	sl->started = ev->at;
	sl->started_wall = ev->wall;
	sl->has_exit = false;
	sl->stopped = sl->anew = false;
	sl->stop_sig = 0;
	sl->probe_failed = false;
	sl->grace = sl->not_before = sl->exited = MONO_NEVER;
	sl->last_signal = 0;
	sl->stage = STAGE_NONE;
	sl->error = 0;
	sl->last_id = ev->id;
	if (ev->id != 0)
		proctree_add(s, &sl->ref, ev->id);
	slot_set(s, sl, SLOT_UP);
	probe_arm(s, sl);
}

void
slot_found(struct sched *s, struct slot *sl, const struct slot_event *ev)
{
	sl->foreign = true;
	sl->answered = true;
	sl->watched = ev->watched;
	sl->stale = ev->stale;
	there(s, sl, ev);
}

static void
up(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	sl->foreign = false;
	sl->answered = false;
	sl->watched = true;
	sl->stale = 0;
	sl->starts++;
	sl->task->counts.starts++;
	if (sl->starts > 1)
		sl->task->counts.restarts[sl->cause]++;
	sl->cause = CAUSE_EXIT;
	/* It has read whatever was refused to its predecessor. */
	sl->task->verify_failed = 0;
	a = sched_report(s, REPORT_STARTED, sl->task, sl->instance);
	a->pid = ev->pid;
	a->ms = sl->starts - 1;
	there(s, sl, ev);
}

void
slot_signal(struct sched *s, struct slot *sl, int sig)
{
	sched_report(s, REPORT_STOPPING, sl->task, sl->instance)->sig = sig;
	sched_signal(s, sl->ref.id, sig);
	sl->stop_sig = sig;
	sl->stop_at = s->clk.now;
	timers_set(&s->timers, &sl->timer,
	    mono_add(s->clk.now, sl->task->conf.stop_timeout_ms));
	slot_set(s, sl, SLOT_STOPPING);
}

static void
forget_process(struct sched *s, struct slot *sl)
{
	timers_del(&s->timers, &sl->timer);
	proctree_del(s, &sl->ref);
	sl->pid = 0;
}

/* What is adopted outlives us: it is left as it runs. */
static void
leave(struct sched *s, struct slot *sl)
{
	forget_process(s, sl);
	slot_set(s, sl, SLOT_EMPTY);
	shutdown_check(s, sl->task);
}

/* No process is known of it, only its check command says that it runs. */
static bool
stop_unknown(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	if (sl->pid != 0 || ev->how.cmd != 0)
		return (false);
	ev->how.cmd = sl->task->conf.stop_cmd;
	if (ev->how.cmd != 0) {
		ev->how.shared =
		    !sl->task->conf.cmds[ev->how.cmd].per_process;
		return (false);
	}
	timers_del(&s->timers, &sl->timer);
	slot_over(s, sl, false);
	return (true);
}

static void
stop(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	if (s->mode != MODE_RUN && sl->task->control == CONTROL_ADOPT) {
		leave(s, sl);
		return;
	}
	sl->again = ev->again;
	sl->cause = ev->cause;
	sl->stopped = true;
	if (stop_unknown(s, sl, ev))
		return;
	if (ev->how.cmd == 0) {
		slot_signal(s, sl, ev->how.sig);
		return;
	}
	timers_del(&s->timers, &sl->timer);
	/* About all of them: no standing order may start one again. */
	if (ev->run == NULL || !ev->how.shared)
		ev->run = cmd_start(s, sl->task, sl->instance,
		    ev->how.shared && task_nlive(sl->task) > 1 ? 0 :
		    sl->ref.id, ev->how.cmd, CMD_FOR_STOP);
	sl->run = ev->run;
	sl->stop_at = s->clk.now;
	a = sched_report(s, REPORT_STOPPING, sl->task, sl->instance);
	a->cmd = ev->how.cmd;
	slot_set(s, sl, SLOT_STOPCMD);
}

void
slot_stop_one(struct sched *s, struct slot *sl, bool again,
    enum sched_cause cause)
{
	struct slot_event	 ev = { .type = SLOT_EV_STOP };

	task_how(sl->task, again, &ev.how);
	/* Others may live on: what stops all of them is not for one. */
	if (ev.how.shared && task_nlive(sl->task) > 1)
		ev.how = (struct stop_how){ .sig = SIGTERM };
	ev.again = again;
	ev.cause = cause;
	slot_event(s, sl, &ev);
}

/* It was to be stopped before it even ran, or was found. */
static void
up_and_stop(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	enum sched_cause	 cause = sl->cause;
	bool			 again = sl->again;

	if (ev->type == SLOT_EV_FOUND) {
		slot_found(s, sl, ev);
		/* The daemon stops meanwhile: it falls in its turn. */
		if (s->mode != MODE_RUN && sl->task->nblock > 0)
			return;
	} else
		up(s, sl, ev);
	slot_stop_one(s, sl, again, cause);
}

void
slot_over(struct sched *s, struct slot *sl, bool failed)
{
	slot_set(s, sl, SLOT_EMPTY);
	task_slot_over(s, sl, failed);
}

void
slot_unused(struct sched *s, struct slot *sl)
{
	timers_del(&s->timers, &sl->timer);
	slot_set(s, sl, SLOT_EMPTY);
	task_slot_unused(s, sl);
}

/*
 * Of no use any more: what was to be found out before a start, or after an
 * end.  To be stopped and started again is no reason to ask a second time.
 */
static void
drop_probe(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	if ((ev->type == SLOT_EV_STOP && ev->again) || seek(s, sl, ev))
		return;
	if (sl->look_for == LOOK_FOR_LEFT) {
		timers_del(&s->timers, &sl->timer);
		slot_over(s, sl, false);
	} else
		slot_unused(s, sl);
}

/* Either nothing was started, or what was started could not exec. */
static void
fail(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	forget_process(s, sl);
	/* Asked under a plan that another has replaced. */
	if (ev->stage == STAGE_REFUSED && ev->error == ESTALE) {
		slot_unused(s, sl);
		return;
	}
	sl->task->counts.start_failures++;
	sl->stage = ev->stage;
	sl->error = ev->error;
	sl->failed = ev->at;
	if (sl->run != NULL) {
		sl->exited = ev->at;
		slot_set(s, sl, SLOT_LINGER);
	} else
		slot_over(s, sl, true);
}

static void
count_exit(struct sched_counts *n, uint32_t status)
{
	if (status == 0)
		n->exits_ok++;
	else if (WIFSIGNALED((int)status))
		n->exits_signal++;
	else
		n->exits_bad++;
}

static void
gone(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	struct sched_action	*a;

	forget_process(s, sl);
	sl->exited = ev->at;
	if (ev->status != STATUS_UNKNOWN) {
		sl->has_exit = sl->ended = true;
		sl->exited_wall = ev->wall;
		sl->status = ev->status;
		count_exit(&sl->task->counts, ev->status);
	}
	a = sched_report(s, REPORT_EXITED, sl->task, sl->instance);
	a->status = ev->status;
	a->ms = mono_sub(sl->exited, sl->started);
	if (ev->status == 0 && ev->sig == 0)
		probe_left(sl);
	/*
	 * Nothing is started while the stop command still runs: it might
	 * stop the successor.
	 */
	if (sl->run != NULL)
		slot_set(s, sl, SLOT_LINGER);
	else if (sl->stopped && !sl->again && s->coming != sl)
		probe_seek(s, sl);
	else if (sl->stopped || s->coming == sl ||
	    !probe_after(s, sl))
		slot_over(s, sl, false);
}

/* The stop command is over, the process is not. */
static void
grace(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	if (sl->pid == 0) {
		slot_over(s, sl, false);
		return;
	}
	if (ev->unrun) {
		slot_signal(s, sl, SIGTERM);
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
	/* Nobody knows what to kill; the command is killed by now. */
	if (sl->pid == 0) {
		slot_set(s, sl, SLOT_LINGER);
		return;
	}
	a = sched_report(s, REPORT_KILLED, sl->task, sl->instance);
	a->ms = mono_sub(s->clk.now, sl->stop_at);
	sched_signal(s, sl->ref.id, SIGKILL);
	slot_set(s, sl, SLOT_KILLED);
}

static void
linger_over(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)ev;
	if (sl->again)
		slot_over(s, sl, false);
	else
		probe_seek(s, sl);
}

static void
seek_more(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	stop_more(s, sl, ev);
	probe_seek_less(s, sl);
}

/* There it is.  Under another control by now, what is wanted starts anew. */
static void
sought(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	sl->again = sl->due && task_wanted(s, sl->task);
	if (sl->again && task_probed(sl->task))
		probe_found(s, sl, ev);
	else
		up_and_stop(s, sl, ev);
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

/* The answers to what only probing asks. */
static void
found(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	probe_found(s, sl, ev);
}

static void
not_found(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	probe_notfound(s, sl, ev);
}

static void
checked(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	if (ev->unrun)
		probe_unrun(s, sl, ev->error);
	else
		probe_checked(s, sl, ev->ok);
}

static void
look_again(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)ev;
	probe_due(s, sl);
}

static void
looked(struct sched *s, struct slot *sl, struct slot_event *ev)
{
	(void)ev;
	probe_arm(s, sl);
}

#define ROW(START, STOP, SPAWNED, FAILED, EXITED, CMDEND, TIMER, FOUND,	\
    NOTFOUND, CHECKED)							\
{									\
	[SLOT_EV_START] = (START),					\
	[SLOT_EV_STOP] = (STOP),					\
	[SLOT_EV_SPAWNED] = (SPAWNED),					\
	[SLOT_EV_FAILED] = (FAILED),					\
	[SLOT_EV_EXITED] = (EXITED),					\
	[SLOT_EV_CMDEND] = (CMDEND),					\
	[SLOT_EV_TIMER] = (TIMER),					\
	[SLOT_EV_FOUND] = (FOUND),					\
	[SLOT_EV_NOTFOUND] = (NOTFOUND),				\
	[SLOT_EV_CHECKED] = (CHECKED)					\
}

static slot_fn *const actions[SLOT_MAX][SLOT_EV_MAX] = {
/*  START  STOP        SPAWNED      FAILED  EXITED  CMDEND       TIMER
    FOUND        NOTFOUND    CHECKED */
[SLOT_EMPTY] = ROW(
    begin, none,       never,       never,  never,  never,       never,
    never,       never,      never),
[SLOT_ASKED] = ROW(
    none,  cancel,     up,          fail,   never,  never,       never,
    never,       never,      never),
[SLOT_CANCEL] = ROW(
    none,  stop_more,  up_and_stop, fail,   never,  never,       never,
    up_and_stop, drop_probe, never),
[SLOT_UP] = ROW(
    none,  stop,       never,       fail,   gone,   never,       look_again,
    looked,      looked,     checked),
[SLOT_STOPCMD] = ROW(
    none,  stop_more,  never,       fail,   gone,   grace,       kill_it,
    none,        none,       never),
[SLOT_STOPPING] = ROW(
    none,  stop_more,  never,       fail,   gone,   none,        kill_it,
    none,        none,       never),
[SLOT_KILLED] = ROW(
    none,  stop_more,  never,       fail,   gone,   none,        none,
    none,        none,       never),
[SLOT_LINGER] = ROW(
    none,  stop_more,  never,       never,  never,  linger_over, none,
    none,        none,       never),
[SLOT_BACKOFF] = ROW(
    begin, drop,       never,       never,  never,  never,       retry,
    never,       never,      never),
[SLOT_LOOK] = ROW(
    none,  cancel,     never,       never,  never,  never,       never,
    found,       not_found,  never),
[SLOT_CHECK] = ROW(
    none,  drop_probe, never,       never,  never,  never,       never,
    never,       never,      checked),
[SLOT_GRACE] = ROW(
    none,  drop_probe, never,       never,  never,  never,       look_again,
    never,       never,      never),
[SLOT_SEEK] = ROW(
    none,  seek_more,  never,       never,  never,  never,       look_again,
    sought,      not_found,  checked),
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
