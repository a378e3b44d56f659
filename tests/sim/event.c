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
 * Events: what has happened is acted on, once.  What happens again while a
 * command of the same event is under way is acted on once more after it.
 */

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "sim.h"

/* Processes that an action can be about. */
static bool
any_up(const struct world *w, uint8_t name)
{
	const struct shadow	*sh;
	uint32_t		 k;

	for (k = 0; k < SIM_COUNT; k++) {
		sh = &w->shadow[name][k];
		if (shadow_there(sh) && !sh->stopping)
			return (true);
	}
	return (false);
}

static bool
all_held(const struct world *w, const struct sim_task *t)
{
	uint8_t	 all = (1U << t->count) - 1;

	return ((w->wish[t->name].held & all) == all);
}

/* The built-in stop: the row of delays starts anew. */
static void
again(struct world *w, uint8_t name, uint8_t e)
{
	const struct sim_task	*t = conf_task(&w->told, name);
	uint32_t		 k;

	if (t == NULL || e >= t->nev || t->action[e] != ACTION_STOP)
		return;
	told_moot(w, name, SCHED_ALL);
	for (k = 0; k < SIM_COUNT; k++) {
		w->shadow[name][k].nfail = 0;
		w->shadow[name][k].notbefore = 0;
	}
}

void
event_fired(struct world *w, uint8_t name, uint8_t e)
{
	const struct sim_task	*t = conf_task(&w->told, name);
	struct shadow_event	*ev = &w->ev[name][e];

	again(w, name, e);
	if (!sim_may_run(t) || sched_mode(w->sched) != MODE_RUN ||
	    w->wish[name].held != 0) {
		/* One that waits for another to end is still to be done. */
		ev->may = ev->may || ev->must || !all_held(w, t);
		return;
	}
	ev->may = true;
	/* Of no process there is none to do it for. */
	ev->must = any_up(w, name) || t->action[e] == ACTION_START ||
	    (!t->each && t->action[e] == ACTION_COMMAND);
}

static bool
busy(const struct world *w, uint8_t name, uint8_t e)
{
	return (shadow_cmd_runs(w, name, SCHED_ALL, DO_EVENT + e) ||
	    shadow_cmd_runs(w, name, SCHED_ALL, DO_VERIFY + e));
}

/* Has an event that starts it happened, and was not acted on yet? */
bool
event_owes_start(const struct world *w, uint8_t name)
{
	const struct sim_task	*t = conf_task(&w->told, name);
	uint32_t		 e;

	for (e = 0; e < t->nev; e++)
		if (t->action[e] == ACTION_START &&
		    (w->ev[name][e].must || busy(w, name, e)))
			return (true);
	return (false);
}

/*
 * Was an event that stops it being verified when the sync came, by which it
 * is not verified any more?  Then that stops it, and not the sync.
 */
bool
event_owes_stop(const struct world *w, const struct sim_task *t)
{
	uint32_t	 e;

	for (e = 0; e < t->nev; e++)
		if (t->action[e] == ACTION_STOP && !t->verify[e] &&
		    w->ev[t->name][e].free)
			return (true);
	return (false);
}

/* A command of an event has come to its end; it is still in the list. */
void
event_told(struct world *w, const struct shadow_cmd *c, bool failed,
    uint32_t status, uint32_t error)
{
	struct shadow_cmd	*o;
	struct shadow_event	*ev;
	uint32_t		 i, e;

	if (c->cmd < DO_EVENT || c->cmd >= DO_ASKED)
		return;
	e = (c->cmd - DO_EVENT) % SIM_EVENTS;
	ev = &w->ev[c->name][e];
	if (failed && error == ESTALE) {
		/* It crossed a reload: it is asked for again, or not. */
		ev->may = true;
		ev->stray = c->old;
		return;
	}
	if (c->old || c->cmd < DO_VERIFY)
		return;
	if (failed || status != 0) {
		/* That settles it: nobody waits for the others. */
		for (i = 0; i < SIM_SHADOWS; i++) {
			o = &w->cmds[i];
			if (o->used && o->name == c->name && o->cmd == c->cmd)
				o->old = true;
		}
		return;
	}
	for (i = 0; i < SIM_SHADOWS; i++) {
		o = &w->cmds[i];
		if (o->used && o != c && !o->old && o->name == c->name &&
		    o->cmd == c->cmd)
			return;
	}
	ev->act = true;
	again(w, c->name, e);
}

/* Acted on otherwise than by a command: is it done with this step? */
static void
check_done(struct world *w, const struct sim_task *t, uint8_t e, bool hup)
{
	const struct sim_task	*o;
	uint32_t		 k;
	bool			 live = false;
	uint8_t			 which;

	for (k = 0; k < SIM_COUNT; k++)
		if (shadow_there(&w->shadow[t->name][k]) ||
		    w->shadow[t->name][k].asked)
			live = true;
	switch (t->action[e]) {
	case ACTION_SIGNAL:
		for (k = 0; k < SIM_COUNT && !hup; k++)
			if (w->shadow[t->name][k].live &&
			    !w->shadow[t->name][k].stopping)
				wrong(w, "an event is acted on",
				    "%s event %u: no signal",
				    sim_name(t->name), e);
		break;
	case ACTION_STOP:
		again(w, t->name, e);
		if (!sim_once(t) && any_up(w, t->name))
			wrong(w, "an event is acted on",
			    "%s event %u: it is not stopped",
			    sim_name(t->name), e);
		break;
	case ACTION_START:
		if (!sim_once(t) || !sim_enabled(t))
			break;
		o = conf_task(&w->told, t->name);
		if (!live && w->wish[t->name].held == 0 &&
		    check_requirements(w, o, &which) &&
		    w->owes_run[t->name])
			wrong(w, "an event is acted on",
			    "%s event %u: it is not started",
			    sim_name(t->name), e);
		break;
	}
}

static void
check_event(struct world *w, const struct sim_task *t, uint8_t e, bool ran,
    bool verified, bool hup)
{
	struct shadow_event	*ev = &w->ev[t->name][e];
	bool			 act, direct;

	if (ev->free) {
		ev->act = ev->must = false;
		ev->may = true;
		ev->free = busy(w, t->name, e);
		return;
	}
	/* What is not wanted any more is not acted on. */
	if (!sim_may_run(t) || sched_mode(w->sched) != MODE_RUN)
		ev->act = ev->must = false;
	if (verified && !ev->must && !ev->may)
		wrong(w, "an event is acted on once", "%s event %u: verify",
		    sim_name(t->name), e);
	if (ran && !ev->act && !ev->must && !ev->may)
		wrong(w, "an event is acted on once", "%s event %u",
		    sim_name(t->name), e);
	/* Of no process there is none to verify it for. */
	direct = ev->must && !busy(w, t->name, e) &&
	    (!t->verify[e] || (t->each && !any_up(w, t->name)));
	act = ev->act || direct;
	if (verified || (ran && !ev->act))
		ev->must = ev->may = false;
	if (act && t->action[e] != ACTION_COMMAND) {
		check_done(w, t, e, hup);
		if (!ev->act || direct)
			ev->must = ev->may = false;
	} else if (ev->act && !ran && (!t->each || any_up(w, t->name)) &&
	    !ev->may)
		wrong(w, "an event is acted on", "%s event %u: verified",
		    sim_name(t->name), e);
	ev->act = false;
	/* Of no process there is none to do it for. */
	if (!busy(w, t->name, e) && t->each && !any_up(w, t->name))
		ev->must = false;
	if (ev->must && !busy(w, t->name, e) && sim_may_run(t) &&
	    sched_mode(w->sched) == MODE_RUN && w->wish[t->name].held == 0)
		wrong(w, "an event is acted on", "%s event %u", sim_name(
		    t->name), e);
}

void
event_actions(struct world *w)
{
	const struct sched_action	*a;
	const struct sim_task		*t;
	bool				 ran[SIM_TASKS][SIM_CMDS] = { 0 };
	bool				 hup[SIM_TASKS] = { 0 };
	uint8_t				 name, instance;
	uint32_t			 e, k;
	size_t				 i, n;

	a = sched_actions(w->sched, &n);
	for (i = 0; i < n; i++) {
		if (a[i].what == SCHED_RUN)
			ran[w->told.t[a[i].task].name][a[i].cmd] = true;
		if (a[i].what == SCHED_SIGNAL && a[i].sig == SIGHUP &&
		    shadow_by_id(w, a[i].id, &name, &instance) != NULL)
			hup[name] = true;
	}
	for (k = 0; k < w->told.n; k++) {
		t = &w->told.t[k];
		for (e = 0; e < t->nev; e++)
			check_event(w, t, e, ran[t->name][DO_EVENT + e],
			    ran[t->name][DO_VERIFY + e], hup[t->name]);
		for (e = 0; e < SIM_EVENTS; e++)
			w->ev[t->name][e].stray = false;
	}
}

/*
 * What was under way when a sync came may be done again by the next monitor,
 * or be known to none: the note is as old as it may be.
 */
void
event_sync(struct world *w)
{
	uint32_t	 i, e;

	for (i = 0; i < SIM_TASKS; i++)
		for (e = 0; e < SIM_EVENTS; e++)
			w->ev[i][e] = (struct shadow_event){ .may = true,
			    .free = busy(w, i, e) };
	memset(w->owes_run, 0, sizeof(w->owes_run));
}
