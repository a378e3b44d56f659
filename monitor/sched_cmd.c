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
 * The commands of a task beside its processes: to stop them, to check them,
 * for events and for people.  Who waits for the end of one is told.
 */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "../common/util.h"
#include "slot.h"

struct cmdrun *
cmd_new(struct sched *s, struct task *t, uint16_t cmd, uint16_t instance)
{
	struct cmdrun	*c;

	c = xcalloc(1, sizeof(*c));
	c->task = t;
	c->cmd = cmd;
	c->instance = instance;
	c->event = NO_EVENT;
	c->ref.run = c;
	c->timer.kind = TIMER_CMD;
	c->timer.owner = c;
	LIST_INSERT_HEAD(&t->cmds, c, entry);
	s->nlive++;
	return (c);
}

static void
cmd_ask(struct sched *s, struct cmdrun *c, uint64_t id)
{
	struct sched_action	*a;

	c->tag = s->next_tag++;
	c->about = id;
	a = sched_emit(s, SCHED_RUN);
	a->task = c->task->idx;
	a->instance = c->instance;
	a->cmd = c->cmd;
	a->id = id;
	a->tag = c->tag;
}

/* Asks for a command about the process with that id, or about none (0). */
struct cmdrun *
cmd_start(struct sched *s, struct task *t, uint16_t instance, uint64_t id,
    uint16_t cmd, enum cmd_for use)
{
	struct cmdrun	*c;

	c = cmd_new(s, t, cmd, instance);
	c->use = use;
	cmd_ask(s, c, id);
	return (c);
}

/* Is all that it was to stop gone by now? */
static bool
stops_nothing(const struct cmdrun *c)
{
	const struct slot	*sl;
	uint32_t		 i;

	for (i = 0; i < c->task->nslots; i++)
		if ((sl = c->task->slots[i]) != NULL && sl->run == c &&
		    sl->state != SLOT_LINGER)
			return (false);
	return (true);
}

void
cmd_again(struct sched *s, struct cmdrun *c)
{
	/* The plan has no such command any more, or nobody asks. */
	if (c->cmd == 0 || c->use == CMD_FOR_NOBODY ||
	    (c->use == CMD_FOR_STOP && stops_nothing(c)) ||
	    (c->use == CMD_FOR_VERIFY && c->event == NO_EVENT) ||
	    (s->mode != MODE_RUN && c->use != CMD_FOR_STOP)) {
		cmd_over(s, c, true, ESTALE);
		return;
	}
	cmd_ask(s, c, c->about);
}

void
cmd_spawned(struct sched *s, struct cmdrun *c, uint64_t id)
{
	int64_t	 limit = CMD_LIMIT_MS;

	proctree_add(s, &c->ref, id);
	c->state = CMD_RUNNING;
	switch ((enum cmd_for)c->use) {
	case CMD_FOR_CHECK:
		limit = c->task->conf.check_timeout_ms;
		/* FALLTHROUGH */
	case CMD_FOR_STOP:
	case CMD_FOR_VERIFY:
		timers_set(&s->timers, &c->timer,
		    mono_add(s->clk.now, limit));
		break;
	case CMD_FOR_EVENT:
	case CMD_FOR_NOBODY:
		break;
	}
	if (c->use == CMD_FOR_NOBODY || (s->mode != MODE_RUN &&
	    (c->use != CMD_FOR_CHECK || c->slot->state != SLOT_SEEK)))
		cmd_stop(s, c);
}

static void
tell_slots(struct sched *s, struct task *t, struct cmdrun *c, bool unrun)
{
	struct slot_event	 ev = { .type = SLOT_EV_CMDEND };
	struct slot		*sl;
	uint32_t		 i;

	ev.unrun = unrun;
	for (i = 0; i < t->nslots; i++) {
		if ((sl = t->slots[i]) == NULL || sl->run != c)
			continue;
		sl->run = NULL;
		slot_event(s, sl, &ev);
	}
}

/*
 * The answer of a check command, for the slot that waits for it; one that
 * could not even be run (error) has none.
 */
static void
tell_checked(struct sched *s, struct cmdrun *c, bool ok, bool unrun,
    uint32_t error)
{
	struct slot_event	 ev = { .type = SLOT_EV_CHECKED };
	struct slot		*sl = c->slot;

	ev.ok = ok;
	ev.unrun = unrun;
	ev.error = error;
	c->use = CMD_FOR_NOBODY;
	c->slot = NULL;
	sl->probe = NULL;
	slot_event(s, sl, &ev);
}

/* "Not yet", before it has ever run, is no news. */
static void
probe_report(struct sched *s, struct cmdrun *c, uint32_t status,
    uint32_t error)
{
	struct sched_action	*a;

	if (c->slot->state != SLOT_UP || !c->slot->answered)
		return;
	a = sched_report(s, REPORT_PROBE_FAILED, c->task, c->instance);
	a->cmd = c->cmd;
	a->status = status;
	a->error = error;
}

void
cmd_over(struct sched *s, struct cmdrun *c, bool unrun, uint32_t status)
{
	struct task	*t = c->task;
	enum cmd_for	 use = c->use;
	uint32_t	 event = c->event;
	bool		 late = c->state == CMD_KILLED;
	bool		 ok = !unrun && status == 0;

	timers_del(&s->timers, &c->timer);
	proctree_del(s, &c->ref);
	LIST_REMOVE(c, entry);
	s->nlive--;
	switch (use) {
	case CMD_FOR_STOP:
		tell_slots(s, t, c, unrun);
		break;
	case CMD_FOR_CHECK:
		if (!ok && !unrun)
			probe_report(s, c, late ? 0 : status,
			    late ? ETIMEDOUT : 0);
		tell_checked(s, c, ok, unrun, status);
		break;
	case CMD_FOR_EVENT:
	case CMD_FOR_VERIFY:
		event_cmd_over(s, t, event, use, ok);
		break;
	case CMD_FOR_NOBODY:
		break;
	}
	free(c);
}

/* Ends a command that is of no use any more, as a process is ended. */
void
cmd_stop(struct sched *s, struct cmdrun *c)
{
	if (c->state != CMD_RUNNING || c->use == CMD_FOR_STOP)
		return;
	sched_signal(s, c->ref.id, SIGTERM);
	c->state = CMD_TERMED;
	timers_set(&s->timers, &c->timer,
	    mono_add(s->clk.now, STOP_TIMEOUT_MS));
}

/*
 * Its time is up.  A stop command takes what it should stop with it; a
 * check command that does not answer has answered no, which its end will
 * say: its yes may be on the way to us.  One that cannot even be killed is
 * not waited for.
 */
void
cmd_timer(struct sched *s, struct cmdrun *c)
{
	struct slot_event	 ev = { .type = SLOT_EV_TIMER };
	struct slot		*sl;
	uint32_t		 i;

	if (c->state == CMD_KILLED) {
		if (c->use == CMD_FOR_CHECK) {
			probe_report(s, c, 0, ETIMEDOUT);
			tell_checked(s, c, false, false, 0);
		}
		return;
	}
	sched_signal(s, c->ref.id, SIGKILL);
	c->state = CMD_KILLED;
	if (c->use == CMD_FOR_CHECK) {
		timers_set(&s->timers, &c->timer,
		    mono_add(s->clk.now, STOP_TIMEOUT_MS));
		return;
	}
	sched_report(s, REPORT_CMD_KILLED, c->task, c->instance)->cmd = c->cmd;
	for (i = 0; i < c->task->nslots; i++) {
		sl = c->task->slots[i];
		if (sl != NULL && sl->run == c)
			slot_event(s, sl, &ev);
	}
}
