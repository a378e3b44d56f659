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

/* After the faults: everything is as the configuration asks. */

#include "../../common/plan.h"
#include "../../common/util.h"
#include "sim.h"

/* Can it run, given that nothing fails any more? */
static bool
reachable(const struct world *w, const struct sim_task *t)
{
	const struct sim_task	*r;
	struct sched_view	 v;
	uint32_t		 k;
	int			 i;

	if (!sim_enabled(t))
		return (false);
	for (k = 0; k < t->nreq; k++) {
		if ((i = conf_find(&w->told, t->req[k])) == -1)
			return (false);
		r = &w->told.t[i];
		if (!sim_in_scope(r))
			return (false);
		if (r->control == CONTROL_SUSPEND ||
		    r->control == CONTROL_EVENT)
			continue;
		sched_view(w->sched, i, &v);
		if (r->control == CONTROL_ONCE) {
			/* Ended badly before the calm: it stays so. */
			if (t->ok[k] || v.state != STATE_DONE)
				return (false);
			continue;
		}
		if (!reachable(w, r))
			return (false);
	}
	return (true);
}

static void
check_procs(struct world *w)
{
	const struct sim_task	*t;
	const struct sim_proc	*p;
	uint32_t		 i;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (!p->used || !p->running || (p->foreign &&
		    !w->out[p->name][p->instance].alive))
			continue;
		t = conf_task(&w->told, p->name);
		if (t == NULL || p->instance >= t->count || !sim_may_run(t))
			wrong(w, "comes to rest", "%s[%u] runs still",
			    sim_name(p->name), p->instance);
		else if (p->print != t->print && !t->held)
			wrong(w, "comes to rest", "%s[%u] is stale",
			    sim_name(p->name), p->instance);
		else if (p->kind == PROC_COMMAND && p->cmd != DO_CHECK)
			wrong(w, "comes to rest", "a command of %s runs",
			    sim_name(p->name));
	}
}

/* Does it run in truth, and once? */
static uint32_t
nprocs(struct world *w, const struct sim_task *t, uint8_t instance)
{
	const struct sim_proc	*p = world_slot(w, t->name, instance);

	return ((p != NULL && p->running && !p->foreign) +
	    w->out[t->name][instance].alive);
}

static void
check_task(struct world *w, uint32_t i)
{
	const struct sim_task	*t = &w->told.t[i];
	struct sched_view	 v;
	uint32_t		 k;

	sched_view(w->sched, i, &v);
	if (!reachable(w, t))
		return;
	if (t->control == CONTROL_ONCE && v.state != STATE_DONE)
		wrong(w, "comes to rest", "%s is %s", sim_name(t->name),
		    state_name(v.state));
	if (w->owes_run[t->name])
		wrong(w, "an event is acted on", "%s was not started",
		    sim_name(t->name));
	if (sim_once(t))
		return;
	if (v.state != STATE_RUNNING)
		wrong(w, "comes to rest", "%s is %s, %u of %u",
		    sim_name(t->name), state_name(v.state), v.running,
		    t->count);
	for (k = 0; k < t->count; k++)
		if (nprocs(w, t, k) != 1)
			wrong(w, "comes to rest", "%s[%u] runs %u times",
			    sim_name(t->name), k, nprocs(w, t, k));
	if (sched_reached(w->sched, i, SCHED_ALL, GOAL_UP) != REACHED ||
	    sched_reached(w->sched, i, SCHED_ALL, GOAL_STEADY) != REACHED)
		wrong(w, "what was asked for is reached", "%s",
		    sim_name(t->name));
}

/* Is there anything that is looked at from time to time? */
static bool
probes(const struct world *w)
{
	const struct sim_task	*t;
	uint32_t		 i, k;

	for (i = 0; i < w->told.n; i++) {
		t = &w->told.t[i];
		for (k = 0; k < SIM_COUNT; k++)
			if (shadow_there(&w->shadow[t->name][k]) &&
			    ((sim_probed(t) && t->check) ||
			    !w->shadow[t->name][k].watched))
				return (true);
	}
	return (false);
}

void
check_rest(struct world *w)
{
	uint32_t	 i;

	if (w->armed != 0 && !probes(w))
		wrong(w, "no timer when nothing is due", "armed");
	if (w->ntickets != 0)
		wrong(w, "a ticket ends once", "%u did not", w->tickets[0]);
	check_procs(w);
	for (i = 0; i < w->told.n; i++)
		check_task(w, i);
}
