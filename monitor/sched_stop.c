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
 * How things are stopped: by which signal or command, with which deadline,
 * in which order (spec.md 4).
 */

#include <signal.h>

#include "../common/util.h"
#include "slot.h"

bool
pick_all(const struct slot *sl)
{
	(void)sl;
	return (true);
}

bool
pick_up(const struct slot *sl)
{
	return (sl->state == SLOT_UP);
}

bool
pick_surplus(const struct slot *sl)
{
	return (sl->instance >= sl->task->count);
}

bool
pick_stale(const struct slot *sl)
{
	return (sl->stale != 0 && sl->instance < sl->task->count);
}

/* Up by the word of its check command, and not to be probed any more. */
bool
pick_unknown(const struct slot *sl)
{
	return (sl->state == SLOT_UP && sl->pid == 0 &&
	    !task_probed(sl->task));
}

/* Those that the caller has chosen within this step. */
bool
pick_marked(const struct slot *sl)
{
	return (sl->picked);
}

static void
how_cmd(const struct task *t, uint16_t cmd, struct stop_how *how)
{
	how->cmd = cmd;
	how->shared = !t->conf.cmds[cmd].per_process;
}

/*
 * An event of type restart (when it will run again) or stop comes first,
 * then commands.stop, then TERM.
 */
void
task_how(const struct task *t, bool again, struct stop_how *how)
{
	const struct schedrec_event	*e;
	uint32_t			 i;

	*how = (struct stop_how){ .sig = SIGTERM };
	for (i = 0; i < t->conf.nevents; i++) {
		e = &t->conf.events[i];
		if (e->type != (again ? EVENT_RESTART : EVENT_STOP))
			continue;
		if (e->action == ACTION_SIGNAL) {
			how->sig = e->sig;
			return;
		}
		if (e->action == ACTION_COMMAND) {
			how_cmd(t, e->cmd, how);
			return;
		}
	}
	if (t->conf.stop_cmd != 0)
		how_cmd(t, t->conf.stop_cmd, how);
}

/* Is it by this command that processes of the task are stopped? */
bool
task_stops_by(const struct task *t, uint16_t cmd)
{
	struct stop_how	 how;

	if (cmd == 0)
		return (false);
	if (cmd == t->conf.stop_cmd)
		return (true);
	task_how(t, true, &how);
	if (how.cmd == cmd)
		return (true);
	task_how(t, false, &how);
	return (how.cmd == cmd);
}

/*
 * Stops the slots that pick chooses.  A command that is the same for all
 * processes stops all of them: where some are to live on, it is TERM.
 */
void
task_stop(struct sched *s, struct task *t, slot_pick *pick, bool again,
    enum sched_cause cause)
{
	struct slot_event	 ev = { .type = SLOT_EV_STOP };
	uint32_t		 i, n = 0;

	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL && t->slots[i]->state == SLOT_UP &&
		    pick(t->slots[i]))
			n++;
	ev.again = again;
	ev.cause = cause;
	task_how(t, again, &ev.how);
	if (ev.how.shared && n < t->nstate[SLOT_UP])
		ev.how = (struct stop_how){ .sig = SIGTERM };
	for (i = 0; i < t->nslots; i++)
		if (t->slots[i] != NULL && pick(t->slots[i]))
			slot_event(s, t->slots[i], &ev);
}

/* Its time_limit is over. */
void
task_limit(struct sched *s, struct task *t)
{
	/* Its turn comes anyway. */
	if (s->mode != MODE_RUN)
		return;
	sched_report(s, REPORT_TIME_LIMIT, t, 0);
	task_stop(s, t, pick_up, !task_runs_once(t), CAUSE_TIME_LIMIT);
}

/*
 * The built-in stop, by an event or a person: what is kept running starts
 * again, and what waits to be started again need not wait.
 */
void
task_bounce(struct sched *s, struct task *t, slot_pick *pick,
    enum sched_cause cause)
{
	struct slot	*sl;
	uint32_t	 i;

	task_stop(s, t, pick, !task_runs_once(t), cause);
	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || !sl->due || !pick(sl))
			continue;
		sl->nfail = 0;
		sl->not_before = MONO_NEVER;
		if (sl->state == SLOT_EMPTY)
			task_consider_slot(s, sl);
	}
}

/*
 * The daemon stops: tasks fall in reverse order of requires.  Each knows how
 * many that require it are not down yet; at none its turn has come.
 */
static void
fall_later(struct sched *s, struct task *t)
{
	if (t->queued)
		TAILQ_REMOVE(&s->ready, t, work);
	t->queued = true;
	TAILQ_INSERT_TAIL(&s->falling, t, work);
}

void
shutdown_begin(struct sched *s)
{
	struct cmdrun	*c;
	struct task	*t;
	uint32_t	 i;

	for (i = 0; i < s->ntasks; i++) {
		t = &s->tasks[i];
		task_dirty(s, t);
		LIST_FOREACH(c, &t->cmds, entry)
			cmd_stop(s, c);
		t->down = false;
		t->nblock = t->nparents;
		if (t->nblock == 0)
			fall_later(s, t);
	}
}

/* Does a slot wait for what its start has left, and is yet to be stopped? */
static bool
is_open(const struct sched *s, const struct task *t)
{
	const struct slot	*sl;
	uint32_t		 i;

	if (t->nstate[SLOT_CHECK] + t->nstate[SLOT_GRACE] == 0)
		return (false);
	for (i = 0; i < t->nslots; i++)
		if ((sl = t->slots[i]) != NULL && probe_is_open(sl) &&
		    probe_may_seek(s, sl))
			return (true);
	return (false);
}

/* Is it down, and whose turn has come by that? */
void
shutdown_check(struct sched *s, struct task *t)
{
	struct task	*r;
	uint32_t	 i;

	if (s->mode == MODE_RUN || t->idx == NO_INDEX || t->down ||
	    t->nblock > 0 || task_nlive(t) > 0 || is_open(s, t))
		return;
	t->down = true;
	for (i = 0; i < t->conf.nrequires; i++) {
		r = &s->tasks[t->conf.requires[i].task];
		if (--r->nblock == 0)
			fall_later(s, r);
	}
}

/* Stops those whose turn has come, until nothing more falls at once. */
void
shutdown_fall(struct sched *s)
{
	struct task	*t;

	while ((t = TAILQ_FIRST(&s->falling)) != NULL) {
		TAILQ_REMOVE(&s->falling, t, work);
		t->queued = false;
		task_stop(s, t, pick_all, false, CAUSE_EXIT);
		shutdown_check(s, t);
	}
}
