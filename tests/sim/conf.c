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

/* A configuration, and the records that a loader would make of it. */

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "sim.h"

const char *
sim_name(uint8_t name)
{
	static char	 names[SIM_TASKS][4];

	snprintf(names[name], sizeof(names[name]), "%c", 'a' + name);
	return (names[name]);
}

int
conf_find(const struct sim_conf *c, uint8_t name)
{
	uint32_t	 i;

	for (i = 0; i < c->n; i++)
		if (c->t[i].name == name)
			return (i);
	return (-1);
}

const struct sim_task *
conf_task(const struct sim_conf *c, uint8_t name)
{
	int	 i = conf_find(c, name);

	return (i == -1 ? NULL : &c->t[i]);
}

bool
conf_same(const struct sim_conf *a, const struct sim_conf *b)
{
	uint32_t	 i;

	for (i = 0; i < a->n && i < b->n; i++)
		if (a->t[i].name != b->t[i].name)
			return (false);
	return (a->n == b->n);
}

bool
sim_in_scope(const struct sim_task *t)
{
	return (t->in_role && t->control != CONTROL_OFF);
}

/* May what runs of it go on? */
bool
sim_may_run(const struct sim_task *t)
{
	return (sim_in_scope(t) && t->control != CONTROL_SUSPEND);
}

/* May it be started? */
bool
sim_enabled(const struct sim_task *t)
{
	return (sim_may_run(t) && !t->held);
}

bool
sim_probed(const struct sim_task *t)
{
	return (t->control == CONTROL_NOWAIT || t->control == CONTROL_ADOPT);
}

bool
sim_once(const struct sim_task *t)
{
	return (t->control == CONTROL_ONCE || t->control == CONTROL_EVENT);
}

static void
record_events(const struct sim_task *t, struct schedrec_task *out)
{
	struct schedrec_event	*e;
	uint32_t		 k;

	out->events = xcalloc(SIM_EVENTS + 1, sizeof(*out->events));
	for (k = 0; k < t->nev; k++) {
		e = &out->events[out->nevents++];
		e->type = EVENT_FILE_CHANGE;
		e->action = t->action[k];
		if (e->action == ACTION_COMMAND)
			e->cmd = DO_EVENT + k;
		if (e->action == ACTION_SIGNAL)
			e->sig = SIGHUP;
		if (t->verify[k])
			e->verify = DO_VERIFY + k;
	}
	if (t->stop == BY_EVENT) {
		e = &out->events[out->nevents++];
		e->type = EVENT_RESTART;
		e->action = ACTION_SIGNAL;
		e->sig = SIGUSR1;
	}
}

void
conf_record(const struct sim_conf *c, uint32_t i, struct schedrec_task *out)
{
	static const char *const names[SIM_CMDS] = {
		"start", "halt", "probe", "x0", "x1", "v0", "v1", "asked"
	};
	const struct sim_task	*t = &c->t[i];
	uint32_t		 k;

	memset(out, 0, sizeof(*out));
	out->name = xstrdup(sim_name(t->name));
	out->control = t->control;
	out->count = t->count;
	out->in_role = t->in_role;
	out->held = t->held;
	out->why = !t->in_role ? REASON_NOT_IN_ROLE :
	    t->held ? REASON_NO_PROGRAM : REASON_NONE;
	out->detail = xstrdup("");
	out->cwd = xstrdup("");
	out->start_delay_ms = t->start_delay;
	out->time_limit_ms = t->time_limit;
	out->stop_timeout_ms = t->stop_timeout;
	out->check_interval_ms = t->check_interval;
	out->check_timeout_ms = t->check_timeout;
	out->has_pidfile = t->pidfile;
	out->pidfile = xstrdup("");
	out->nrequires = t->nreq;
	out->requires = xcalloc(t->nreq + 1, sizeof(*out->requires));
	for (k = 0; k < t->nreq; k++) {
		out->requires[k].task = conf_find(c, t->req[k]);
		out->requires[k].ok = t->ok[k];
	}
	if (t->onexit != 0) {
		out->nonexit = 1;
		out->onexit = xcalloc(1, sizeof(*out->onexit));
		out->onexit[0] = conf_find(c, t->onexit - 1);
	}
	out->ncmds = SIM_CMDS;
	out->cmds = xcalloc(SIM_CMDS, sizeof(*out->cmds));
	for (k = 0; k < SIM_CMDS; k++) {
		out->cmds[k].name = xstrdup(names[k]);
		out->cmds[k].program = xstrdup(names[k]);
		out->cmds[k].per_process = t->each;
	}
	if (t->stop == BY_SHARED || t->stop == BY_EACH)
		out->stop_cmd = DO_STOP;
	out->cmds[DO_STOP].per_process = t->stop == BY_EACH;
	if (t->check)
		out->check_cmd = DO_CHECK;
	record_events(t, out);
}

void
conf_say(struct world *w)
{
	static const char *const stops[] = {
		"", ", stop", ", stop each", ", restart USR1"
	};
	const struct sim_task	*t;
	uint32_t		 i, k;

	for (i = 0; w->verbose && i < w->conf.n; i++) {
		t = &w->conf.t[i];
		say(w, "  %s: %s x%u%s%s%s%s%s%s, delay %u, limit %u, kill %u",
		    sim_name(t->name), control_name(t->control), t->count,
		    t->in_role ? "" : ", not in role", t->held ? ", held" :
		    "", t->check ? ", check" : "", t->pidfile ? ", pidfile" :
		    "", stops[t->stop], t->each ? ", each" : "",
		    t->start_delay, t->time_limit, t->stop_timeout);
		for (k = 0; k < t->nreq; k++)
			say(w, "    requires %s%s", sim_name(t->req[k]),
			    t->ok[k] ? ":ok" : "");
		for (k = 0; k < t->nev; k++)
			say(w, "    event %u: action %u%s", k, t->action[k],
			    t->verify[k] ? ", verified" : "");
	}
}
