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
 * What must never be, for each thing that the monitor asks for.  The rules
 * are worked out anew, from what it was told, not from what it believes.
 */

#include <signal.h>
#include <string.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "../../monitor/sched_int.h"
#include "sim.h"

/* Has it run, as far as the monitor can know? */
bool
check_met(const struct world *w, uint8_t name, bool ok)
{
	const struct sim_task	*t = conf_task(&w->told, name);
	const struct shadow	*sh;
	struct sched_view	 v;
	uint32_t		 k;
	bool			 any = false;

	if (t == NULL || !sim_in_scope(t))
		return (false);
	if (t->control == CONTROL_SUSPEND || t->control == CONTROL_EVENT)
		return (true);
	for (k = 0; k < t->count; k++) {
		sh = &w->shadow[name][k];
		if (t->control == CONTROL_ONCE) {
			if (sh->live || sh->asked)
				return (false);
			any = any || sh->exited;
			if (ok && sh->seen && sh->status != 0 &&
			    sh->status != STATUS_UNKNOWN)
				return (false);
			continue;
		}
		/* What a person has stopped is not waited for. */
		if ((w->wish[name].held & 1U << k) != 0)
			continue;
		if (!shadow_there(sh) || sh->stopping ||
		    w->now - sh->up_since < t->start_delay)
			return (false);
		any = true;
	}
	/* The record may be gone by a later start that failed. */
	if (!any && t->control == CONTROL_ONCE) {
		sched_view(w->sched, conf_find(&w->told, name), &v);
		any = v.state == STATE_DONE;
	}
	return (any);
}

bool
check_requirements(const struct world *w, const struct sim_task *t,
    uint8_t *which)
{
	uint32_t	 k;

	for (k = 0; k < t->nreq; k++) {
		*which = t->req[k];
		if (!check_met(w, t->req[k], t->ok[k]))
			return (false);
	}
	return (true);
}

static void
check_spawn(struct world *w, const struct sched_action *a,
    const struct sim_msg *m)
{
	const struct sim_task	*t = &w->told.t[a->task];
	struct shadow		*sh = &w->shadow[t->name][a->instance];
	const char		*n = sim_name(t->name);
	uint8_t			 which = 0;

	if (shadow_there(sh) || sh->asked || sh->looking)
		wrong(w, "one process a slot", "%s[%u]", n, a->instance);
	if (a->instance >= t->count)
		wrong(w, "never more than count", "%s[%u] of %u", n,
		    a->instance, t->count);
	if (!sim_enabled(t))
		wrong(w, "what shall not run is not started", "%s", n);
	if ((w->wish[t->name].held & 1U << a->instance) != 0)
		wrong(w, "what is stopped stays stopped", "%s[%u]", n,
		    a->instance);
	if (sched_mode(w->sched) != MODE_RUN)
		wrong(w, "nothing starts while the daemon stops", "%s", n);
	if (!check_requirements(w, t, &which))
		wrong(w, "nothing starts before what it requires",
		    "%s before %s", n, sim_name(which));
	if (t->control == CONTROL_WAIT && w->now < sh->notbefore)
		wrong(w, "the row of delays", "%s[%u] %lld ms early", n,
		    a->instance, (long long)(sh->notbefore - w->now));
	if (m != NULL && m->type == TO_SYNC && w->was_done[t->name] &&
	    t->control == CONTROL_ONCE)
		wrong(w, "once is not run again by a reload", "%s", n);
	if (sim_probed(t) && !sh->probe_no)
		wrong(w, "what may run is asked for before it is started",
		    "%s[%u]", n, a->instance);
	sh->asked = true;
	sh->stopping = false;
	sh->tag = a->tag;
	w->owes_run[t->name] = false;
}

static void
check_look(struct world *w, const struct sched_action *a)
{
	const struct sim_task	*t = &w->told.t[a->task];
	struct shadow		*sh = &w->shadow[t->name][a->instance];

	if (sh->looking || sh->asked)
		wrong(w, "never two probes at once", "%s[%u]",
		    sim_name(t->name), a->instance);
	/* But what it has left is to be stopped. */
	if (a->instance >= t->count && !sh->exited && !shadow_there(sh))
		wrong(w, "never more than count", "%s[%u] of %u",
		    sim_name(t->name), a->instance, t->count);
	sh->looking = true;
	sh->tag = a->tag;
}

/* Nothing runs that requires it, directly or by way of others. */
static void
check_order(struct world *w, uint8_t name, uint8_t of)
{
	const struct sim_task	*other;
	const struct shadow	*sh;
	uint32_t		 i, k, r;

	for (i = 0; i < w->told.n; i++) {
		other = &w->told.t[i];
		for (r = 0; r < other->nreq; r++)
			if (other->req[r] == of)
				break;
		/* What is adopted stays, and holds up nobody. */
		if (r == other->nreq)
			continue;
		for (k = 0; k < SIM_COUNT; k++) {
			sh = &w->shadow[other->name][k];
			if ((shadow_there(sh) || sh->asked) &&
			    other->control != CONTROL_ADOPT)
				wrong(w, "reverse order of requires",
				    "%s before %s[%u]", sim_name(name),
				    sim_name(other->name), k);
		}
		check_order(w, name, other->name);
	}
}

/* May it be asked to go? */
static void
check_may_stop(struct world *w, uint8_t name, uint8_t instance,
    const struct sim_msg *m)
{
	const struct sim_task	*t = conf_task(&w->told, name);
	const struct shadow	*sh = &w->shadow[name][instance];

	if (t == NULL || sh->stopping)
		return;
	if (m != NULL && m->type == TO_SYNC &&
	    sched_mode(w->sched) == MODE_RUN && sim_enabled(t) &&
	    instance < t->count && sh->print == t->print &&
	    (w->wish[name].held & 1U << instance) == 0 &&
	    t->time_limit == 0 && (sim_probed(t) ||
	    (sh->live && !sh->foreign)) && !event_owes_stop(w, t))
		wrong(w, "what is as it shall be is kept", "%s[%u]",
		    sim_name(name), instance);
	if (sched_mode(w->sched) == MODE_RUN)
		return;
	/* An orphan is nobody's requirement; a person's stop came before. */
	if ((!sh->foreign || sim_probed(t)) &&
	    (w->wish[name].held & 1U << instance) == 0)
		check_order(w, name, name);
	if (sh->live && t->control == CONTROL_ADOPT && t->in_role &&
	    instance < t->count)
		wrong(w, "what is adopted survives", "%s[%u]",
		    sim_name(name), instance);
}

/*
 * A command for all stops those that are to be stopped, as it says; also
 * what runs by the word of its check command alone.
 */
static bool
shows_stopping(const struct world *w, uint32_t task, uint8_t instance)
{
	struct sched_view	 v;
	struct sched_proc_view	 p;
	uint32_t		 k;

	sched_view(w->sched, task, &v);
	for (k = 0; k < v.nprocs; k++) {
		sched_proc_view(w->sched, task, k, &p);
		if (p.instance == instance)
			return (p.stopping || p.slot == SLOT_STOPCMD);
	}
	return (false);
}

static void
check_run(struct world *w, const struct sched_action *a,
    const struct sim_msg *m)
{
	const struct sim_task	*t = &w->told.t[a->task];
	struct shadow_cmd	*c;
	struct shadow		*sh = &w->shadow[t->name][a->instance];
	uint32_t		 k;

	if (a->cmd == DO_CHECK &&
	    shadow_cmd_runs(w, t->name, a->instance, DO_CHECK))
		wrong(w, "never two probes at once", "%s[%u]",
		    sim_name(t->name), a->instance);
	for (k = 0; a->cmd == DO_CHECK && k < SIM_SHADOWS; k++)
		if (w->cmds[k].cmd == DO_CHECK && w->cmds[k].name ==
		    t->name && w->cmds[k].instance == a->instance)
			w->cmds[k].dropped = true;
	c = shadow_cmd_new(w);
	c->name = t->name;
	c->instance = a->instance;
	c->cmd = a->cmd;
	c->tag = a->tag;
	if (a->cmd >= DO_EVENT && a->cmd < DO_ASKED)
		c->old = w->ev[t->name][(a->cmd - DO_EVENT) %
		    SIM_EVENTS].stray;
	if (a->cmd != DO_STOP)
		return;
	for (k = 0; k < SIM_COUNT; k++) {
		sh = &w->shadow[t->name][k];
		if (k != a->instance && !shows_stopping(w, a->task, k))
			continue;
		/* One that has gone is waited for by none but its slot. */
		if (shadow_there(sh))
			check_may_stop(w, t->name, k, m);
		told_moot(w, t->name, k);
		if (!sh->stopping) {
			sh->by_cmd = true;
			sh->cmd_over = false;
			sh->by = NULL;
		}
		/* What a reload has refused is asked for once more. */
		if (sh->by_cmd && !sh->cmd_over &&
		    (sh->by == NULL || !sh->by->running) &&
		    (t->stop != BY_EACH || k == a->instance))
			sh->by = c;
		sh->stopping = true;
		/* Its minute begins when it is there. */
		sh->kill_by = w->now + 60000 + 5000 + t->stop_timeout;
	}
}

static void
check_signal(struct world *w, const struct sched_action *a,
    const struct sim_msg *m)
{
	const struct sim_task	*t;
	struct shadow_cmd	*c;
	struct shadow		*sh;
	uint8_t			 name, instance;

	if ((c = shadow_cmd_by_id(w, a->id)) != NULL) {
		c->killed = true;
		return;
	}
	if (w->asked_for || a->sig == SIGHUP ||
	    (sh = shadow_by_id(w, a->id, &name, &instance)) == NULL)
		return;
	if (a->sig == SIGKILL) {
		if (!sh->stopping)
			wrong(w, "KILL comes after something milder",
			    "%s[%u]", sim_name(name), instance);
		sh->kill_by = 0;
		sh->by_cmd = false;
		return;
	}
	check_may_stop(w, name, instance, m);
	told_moot(w, name, instance);
	t = conf_task(&w->told, name);
	sh->stopping = true;
	sh->by_cmd = false;
	sh->kill_by = w->now + (t != NULL ? t->stop_timeout : 5000);
}

static bool
runs_once(const struct world *w, uint8_t name)
{
	const struct sim_task	*t = conf_task(&w->told, name);

	return (t != NULL && t->control == CONTROL_ONCE);
}

/* What ran long and ends is there again with the same step. */
static void
check_again(struct world *w, const struct sim_msg *m, bool was_stopping)
{
	const struct sim_task	*t;
	const struct shadow	*sh;
	uint32_t		 i, k;
	uint8_t			 which;

	for (i = 0; i < w->told.n; i++) {
		t = &w->told.t[i];
		/* Of a once task the records do not say all. */
		for (k = 0; k < t->nreq; k++)
			if (runs_once(w, t->req[k]))
				break;
		if (k < t->nreq)
			continue;
		for (k = 0; k < t->count; k++) {
			sh = &w->shadow[t->name][k];
			if (sh->id != m->exited.id || sh->live ||
			    (w->wish[t->name].held & 1U << k) != 0)
				continue;
			if (t->control == CONTROL_WAIT && sim_enabled(t) &&
			    sched_mode(w->sched) == MODE_RUN &&
			    t->onexit == 0 && !was_stopping &&
			    !sh->foreign &&
			    m->exited.at.ms - sh->started >= 5000 &&
			    check_requirements(w, t, &which) && !sh->asked)
				wrong(w, "what ran long starts at once",
				    "%s[%u]", sim_name(t->name), k);
		}
	}
}

static void
check_allstopped(struct world *w)
{
	const struct sim_task	*t;
	const struct shadow	*sh;
	uint32_t		 k, l;

	for (k = 0; k < SIM_TASKS; k++)
		for (l = 0; l < SIM_COUNT; l++) {
			t = conf_task(&w->told, k);
			sh = &w->shadow[k][l];
			if ((shadow_there(sh) && (t == NULL ||
			    t->control != CONTROL_ADOPT)) || sh->asked)
				wrong(w, "all stopped", "%s[%u] is not",
				    sim_name(k), l);
		}
}

static bool
is_over(struct world *w, const struct sim_msg *m)
{
	struct shadow	*sh;
	uint32_t	 k, l;
	bool		 was_stopping = false;

	for (k = 0; k < SIM_TASKS; k++)
		for (l = 0; l < SIM_COUNT; l++) {
			sh = &w->shadow[k][l];
			if (sh->live || sh->id != m->exited.id)
				continue;
			was_stopping = sh->stopping;
			sh->stopping = false;
		}
	return (was_stopping);
}

static void
check_ticket(struct world *w, const struct sched_action *a)
{
	uint32_t	 i;

	if (a->ticket == 0 || a->left > 0 ||
	    (a->report != REPORT_CMD_EXITED &&
	    a->report != REPORT_CMD_FAILED))
		return;
	for (i = 0; i < w->ntickets; i++)
		if (w->tickets[i] == a->ticket) {
			w->tickets[i] = w->tickets[--w->ntickets];
			return;
		}
	wrong(w, "a ticket ends once", "%u", a->ticket);
}

void
check_actions(struct world *w, const struct sim_msg *m)
{
	const struct sched_action	*a;
	size_t				 i, n;
	bool				 was_stopping = false;

	if (m != NULL && m->type == TO_EXITED)
		was_stopping = is_over(w, m);
	told_known_up(w);
	a = sched_actions(w->sched, &n);
	for (i = 0; i < n; i++) {
		switch (a[i].what) {
		case SCHED_SPAWN:
			check_spawn(w, &a[i], m);
			break;
		case SCHED_LOOK:
			check_look(w, &a[i]);
			break;
		case SCHED_RUN:
			check_run(w, &a[i], m);
			break;
		case SCHED_SIGNAL:
			check_signal(w, &a[i], m);
			break;
		case SCHED_ALLSTOPPED:
			check_allstopped(w);
			break;
		case SCHED_REPORT:
			check_ticket(w, &a[i]);
			break;
		default:
			break;
		}
	}
	event_actions(w);
	if (m != NULL && m->type == TO_EXITED)
		check_again(w, m, was_stopping);
}

static bool
is_checked(const struct world *w, uint8_t name, uint8_t instance)
{
	uint32_t	 i;

	for (i = 0; i < SIM_SHADOWS; i++)
		if (w->cmds[i].used && w->cmds[i].name == name &&
		    w->cmds[i].instance == instance &&
		    w->cmds[i].cmd == DO_CHECK)
			return (true);
	return (false);
}

/* Does a probe have to come by itself? */
static bool
needs_probe(const struct world *w, const struct sim_task *t, uint8_t instance)
{
	const struct shadow	*sh = &w->shadow[t->name][instance];

	return (sim_probed(t) && sim_may_run(t) && instance < t->count &&
	    sched_mode(w->sched) == MODE_RUN && shadow_there(sh) &&
	    !sh->stopping && !sh->looking &&
	    (w->wish[t->name].held & 1U << instance) == 0 &&
	    !is_checked(w, t->name, instance) &&
	    (t->check || (sh->foreign && !sh->watched)));
}

static void
check_slot_time(struct world *w, uint8_t name, uint8_t instance)
{
	const struct sim_task	*t = conf_task(&w->told, name);
	const struct shadow	*sh = &w->shadow[name][instance];

	if (sh->live && sh->kill_by != 0 && w->now > sh->kill_by)
		wrong(w, "a stop escalates on time", "%s[%u], %lld ms late",
		    sim_name(name), instance,
		    (long long)(w->now - sh->kill_by));
	if (t == NULL)
		return;
	if (needs_probe(w, t, instance) &&
	    w->now > sh->probed + t->check_interval)
		wrong(w, "probes come on time", "%s[%u], %lld ms late",
		    sim_name(name), instance, (long long)(w->now -
		    sh->probed - t->check_interval));
	if (t->time_limit > 0 && sh->live && !sh->stopping &&
	    sim_may_run(t) && sched_mode(w->sched) == MODE_RUN &&
	    w->now - sh->started > t->time_limit + t->start_delay)
		wrong(w, "a time limit is kept", "%s[%u]", sim_name(name),
		    instance);
}

/* After the timer: nothing is left behind. */
void
check_time(struct world *w)
{
	struct sched_view	 v;
	uint32_t		 i, k;

	for (i = 0; i < w->told.n; i++) {
		sched_view(w->sched, i, &v);
		if (mono_isset(v.until) && v.until.ms <= w->now)
			wrong(w, "deadlines are kept", "%s: %s, %lld ms ago",
			    sim_name(w->told.t[i].name), state_name(v.state),
			    (long long)(w->now - v.until.ms));
	}
	for (i = 0; i < SIM_TASKS; i++)
		for (k = 0; k < SIM_COUNT; k++)
			check_slot_time(w, i, k);
	for (i = 0; i < SIM_SHADOWS; i++)
		if (w->cmds[i].used && w->cmds[i].kill_by != 0 &&
		    !w->cmds[i].killed && w->now > w->cmds[i].kill_by)
			wrong(w, "a check that does not answer is ended",
			    "%s[%u]", sim_name(w->cmds[i].name),
			    w->cmds[i].instance);
}
