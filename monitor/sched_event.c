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
 * Events (spec.md 6): from "it has happened" to the action, by way of the
 * verify command where the event has one.  What happens again while the
 * action is under way is acted on once more after it: nothing is lost, and
 * nothing is done twice for one change.  People run commands on the same
 * way.
 *
 * Who calls sched_fire() is the watcher of files; indexes are its own.
 */

#include <string.h>

#include "../common/util.h"
#include "slot.h"

/* Runs a command for each process of it, or once; how many that are. */
static uint32_t
run_cmd(struct sched *s, struct task *t, uint16_t instance, uint16_t cmd,
    const struct cmdrun *like)
{
	struct cmdrun	*c;
	struct slot	*sl, *first = NULL;
	uint32_t	 i, n = 0;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || sl->state != SLOT_UP ||
		    (instance != SCHED_ALL && instance != i))
			continue;
		if (first == NULL)
			first = sl;
		if (!t->conf.cmds[cmd].per_process)
			break;
		c = cmd_start(s, t, i, sl->ref.id, cmd, like->use);
		c->event = like->event;
		c->ticket = like->ticket;
		n++;
	}
	if (t->conf.cmds[cmd].per_process)
		return (n);
	c = cmd_start(s, t, first != NULL ? first->instance : 0,
	    first != NULL ? first->ref.id : 0, cmd, like->use);
	c->event = like->event;
	c->ticket = like->ticket;
	return (1);
}

static bool
send_signal(struct sched *s, struct task *t, uint16_t instance, int sig)
{
	struct slot	*sl;
	uint32_t	 i;
	bool		 any = false;

	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || sl->state != SLOT_UP ||
		    sl->pid == 0 || (instance != SCHED_ALL && instance != i))
			continue;
		sched_signal(s, sl->ref.id, sig);
		any = true;
	}
	return (any);
}

static void
start_once_more(struct sched *s, struct task *t)
{
	if (t->ndue > 0 || task_nlive(t) > 0)
		t->rerun = true;
	else
		task_start(s, t);
}

static void	begin(struct sched *, struct task *, uint32_t);

/* The action is over, or needs no waiting for. */
static void
finish(struct sched *s, struct task *t, uint32_t event)
{
	bool	 again = (t->events[event] & EV_AGAIN) != 0;

	t->events[event] = 0;
	task_dirty(s, t);
	if (again && task_wanted(s, t))
		begin(s, t, event);
}

static void
act(struct sched *s, struct task *t, uint32_t event)
{
	const struct schedrec_event	*e = &t->conf.events[event];
	struct sched_action		*a;
	struct cmdrun			 like = { .event = event };

	t->events[event] &= ~EV_VERIFYING;
	t->verify_failed = 0;
	a = sched_report(s, REPORT_EVENT, t, 0);
	a->event = event;
	a->cmd = e->cmd;
	a->sig = e->sig;
	switch ((enum schedrec_action)e->action) {
	case ACTION_COMMAND:
		like.use = CMD_FOR_EVENT;
		if (run_cmd(s, t, SCHED_ALL, e->cmd, &like) > 0)
			return;
		break;
	case ACTION_STOP:
		if (!task_runs_once(t))
			task_bounce(s, t, pick_all, CAUSE_EVENT);
		break;
	case ACTION_START:
		if (task_runs_once(t))
			start_once_more(s, t);
		break;
	case ACTION_SIGNAL:
		send_signal(s, t, SCHED_ALL, e->sig);
		break;
	case ACTION_MAX:
		break;
	}
	finish(s, t, event);
}

static void
begin(struct sched *s, struct task *t, uint32_t event)
{
	const struct schedrec_event	*e = &t->conf.events[event];
	struct cmdrun			 like = { .event = event };

	t->events[event] |= EV_BUSY;
	task_dirty(s, t);
	if (e->verify == 0) {
		act(s, t, event);
		return;
	}
	t->events[event] |= EV_VERIFYING;
	like.use = CMD_FOR_VERIFY;
	/* Of no process there is none to verify it for: it is acted on. */
	if (run_cmd(s, t, SCHED_ALL, e->verify, &like) == 0)
		act(s, t, event);
}

void
event_fire(struct sched *s, struct task *t, uint32_t event)
{
	if (event >= t->conf.nevents || !task_wanted(s, t))
		return;
	/* What a person has stopped stays as it is. */
	if (t->ndue == 0 && task_is_held(t))
		return;
	if ((t->events[event] & EV_BUSY) != 0) {
		t->events[event] |= EV_AGAIN;
		task_dirty(s, t);
		return;
	}
	begin(s, t, event);
}

void
sched_fire(struct sched *s, const struct sched_clock *clk, uint32_t task,
    uint32_t event)
{
	s->clk = *clk;
	event_fire(s, &s->tasks[task], event);
	sched_step_end(s);
}

/* One of its commands is over.  With several, one no is a no. */
void
event_cmd_over(struct sched *s, struct task *t, uint32_t event,
    enum cmd_for use, bool ok)
{
	struct sched_action	*a;
	struct cmdrun		*c;

	/* Run by a person, or of a plan that had other events. */
	if (event == NO_EVENT)
		return;
	if (use == CMD_FOR_VERIFY && !ok) {
		t->verify_failed = event + 1;
		a = sched_report(s, REPORT_VERIFY_FAILED, t, 0);
		a->event = event;
		a->cmd = t->conf.events[event].verify;
		LIST_FOREACH(c, &t->cmds, entry)
			if (c->event == event)
				c->event = NO_EVENT;
		finish(s, t, event);
		return;
	}
	LIST_FOREACH(c, &t->cmds, entry)
		if (c->event == event)
			return;
	if (use == CMD_FOR_VERIFY && task_wanted(s, t))
		act(s, t, event);
	else
		finish(s, t, event);
}

/* Those whose action was not begun, a bit an event: for the note. */
uint32_t
events_pending(const struct task *t)
{
	uint32_t	 i, bits = 0;

	for (i = 0; i < t->conf.nevents && i < EVENTS_NOTED; i++)
		if ((t->events[i] & (EV_VERIFYING | EV_AGAIN)) != 0)
			bits |= 1U << i;
	return (bits);
}

uint32_t
events_hash(const struct schedrec_task *conf)
{
	const struct schedrec_event	*e;
	uint64_t			 h = conf->nevents;
	uint32_t			 i, k;
	uint8_t				 b[4];

	for (i = 0; i < conf->nevents; i++) {
		e = &conf->events[i];
		b[0] = e->type;
		b[1] = e->action;
		b[2] = e->sig;
		b[3] = e->cmd;
		h = hash_bytes(h, b, sizeof(b));
		for (k = 0; k < e->npaths; k++)
			h = hash_bytes(h, e->paths[k], strlen(e->paths[k]));
	}
	return ((uint32_t)h);
}

static uint16_t
find_cmd(const struct task *t, const char *name)
{
	uint32_t	 i;

	for (i = 1; i < t->conf.ncmds; i++)
		if (strcmp(t->conf.cmds[i].name, name) == 0)
			return (i);
	return (0);
}

enum sched_verdict
sched_run(struct sched *s, const struct sched_clock *clk, uint32_t task,
    uint16_t instance, const char *name, uint32_t *ticket)
{
	struct task	*t = &s->tasks[task];
	struct cmdrun	 like = { .event = NO_EVENT };
	struct slot	*sl;
	uint32_t	 i, n;
	uint16_t	 cmd;

	*ticket = 0;
	if (s->mode != MODE_RUN)
		return (VERDICT_SHUTDOWN);
	if (strcmp(name, "start") == 0)
		return (sched_start(s, clk, task, instance));
	if (!task_in_scope(t))
		return (VERDICT_OUT_OF_SCOPE);
	if (t->conf.held)
		return (VERDICT_HELD);
	if (instance != SCHED_ALL && instance >= t->count)
		return (VERDICT_NO_SLOT);
	s->clk = *clk;
	if (strcmp(name, "stop") == 0) {
		for (i = n = 0; i < t->nslots; i++) {
			if ((sl = t->slots[i]) == NULL)
				continue;
			sl->picked = instance == SCHED_ALL || instance == i;
			if (sl->picked && sl->state == SLOT_UP)
				n++;
		}
		if (n == 0)
			return (VERDICT_NOT_RUNNING);
		task_bounce(s, t, pick_marked, CAUSE_OPERATOR);
	} else {
		if ((cmd = find_cmd(t, name)) == 0)
			return (VERDICT_NO_COMMAND);
		like.use = CMD_FOR_EVENT;
		like.ticket = ++s->next_ticket;
		if (run_cmd(s, t, instance, cmd, &like) == 0)
			return (VERDICT_NOT_RUNNING);
		*ticket = like.ticket;
	}
	sched_step_end(s);
	return (VERDICT_OK);
}

enum sched_verdict
sched_signal_task(struct sched *s, const struct sched_clock *clk,
    uint32_t task, uint16_t instance, int sig)
{
	struct task	*t = &s->tasks[task];

	if (instance != SCHED_ALL && instance >= t->count)
		return (VERDICT_NO_SLOT);
	s->clk = *clk;
	if (!send_signal(s, t, instance, sig))
		return (VERDICT_NOT_RUNNING);
	sched_step_end(s);
	return (VERDICT_OK);
}
