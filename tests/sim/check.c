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
 * What must never be.  The rules are worked out anew, from what the monitor
 * was told and asked for, not from what it believes.
 */

#include <signal.h>
#include <string.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "sim.h"

static const int64_t	 row[] = { 0, 250, 500, 1000, 2000, 4000, 5000 };

static struct shadow *
shadow_by_id(struct world *w, uint64_t id, uint8_t *name, uint8_t *instance)
{
	uint32_t	 i, k;

	for (i = 0; i < SIM_TASKS; i++)
		for (k = 0; k < SIM_COUNT; k++)
			if (w->shadow[i][k].live &&
			    w->shadow[i][k].id == id) {
				*name = i;
				*instance = k;
				return (&w->shadow[i][k]);
			}
	return (NULL);
}

static void
quick_end(struct shadow *sh, int64_t at)
{
	sh->notbefore = at + row[sh->nfail < 6 ? sh->nfail : 6];
	sh->nfail++;
}

/* May what runs of it go on? */
static bool
may_run(const struct sim_task *t)
{
	return (t->in_scope && t->control != CONTROL_SUSPEND &&
	    t->control != CONTROL_OFF);
}

/* May it be started? */
static bool
enabled(const struct sim_task *t)
{
	return (may_run(t) && !t->held);
}

/* Stop commands under way. */
static void
told_commands(struct world *w, const struct sim_sync *y)
{
	const struct sim_proc	*p;
	struct shadow		*sh;
	uint32_t		 i, k;
	int			 n;

	for (i = 0; i < SIM_PROCS; i++) {
		p = &y->procs[i];
		if (!p->used || !p->running || p->kind != PROC_COMMAND ||
		    (n = conf_find(&y->conf, p->name)) == -1 ||
		    (y->conf.t[n].stop != BY_SHARED &&
		    y->conf.t[n].stop != BY_EACH))
			continue;
		for (k = 0; k < SIM_COUNT; k++) {
			sh = &w->shadow[p->name][k];
			if (sh->live && sh->started <= p->started &&
			    (y->conf.t[n].stop == BY_SHARED ||
			    k == p->instance))
				sh->stopping = true;
		}
	}
}

static void
told_sync(struct world *w, const struct sim_sync *y)
{
	const struct sim_proc	*p;
	const struct sim_task	*t;
	struct sched_view	 v;
	struct shadow		*sh;
	uint32_t		 i, k;
	int			 n;

	memset(w->was_done, 0, sizeof(w->was_done));
	for (i = 0; w->sched != NULL && i < w->told.n; i++) {
		sched_view(w->sched, i, &v);
		t = &w->told.t[i];
		if (v.state == STATE_DONE && t->in_scope &&
		    t->control == CONTROL_ONCE)
			w->was_done[t->name] = true;
	}
	/* Whose end starts it is another matter. */
	for (i = 0; i < y->conf.n; i++)
		if (y->conf.t[i].onexit != 0)
			w->was_done[y->conf.t[i].onexit - 1] = false;
	memset(w->shadow, 0, sizeof(w->shadow));
	for (i = 0; i < SIM_PROCS; i++) {
		p = &y->procs[i];
		if (!p->used || p->kind != PROC_START)
			continue;
		sh = &w->shadow[p->name][p->instance];
		sh->live = p->running;
		sh->exited = !p->running;
		sh->id = p->id;
		sh->started = p->started;
		sh->status = p->status;
		sh->print = p->print;
		n = conf_find(&y->conf, p->name);
		/* Another signal is for stopping if there was a reason. */
		sh->stopping = p->running && (p->last_signal == SIGTERM ||
		    p->last_signal == SIGKILL || (p->last_signal != 0 &&
		    (n == -1 || y->mode != MODE_RUN ||
		    !may_run(&y->conf.t[n]) ||
		    (y->conf.t[n].time_limit > 0 && p->signalled -
		    p->started >= y->conf.t[n].time_limit) ||
		    p->instance >= y->conf.t[n].count ||
		    p->print != y->conf.t[n].print)));
		if (n != -1 && p->running && p->last_signal == SIGTERM)
			sh->kill_by = p->signalled +
			    y->conf.t[n].stop_timeout;
		if (sh->kill_by != 0 && sh->kill_by < w->now)
			sh->kill_by = w->now;
	}
	told_commands(w, y);
	/* A reset has no history. */
	for (i = 0; i < SIM_TASKS; i++) {
		for (k = 0; k < SIM_COUNT; k++)
			if (w->shadow[i][k].exited)
				break;
		if (k == SIM_COUNT)
			w->was_done[i] = false;
	}
	w->told = y->conf;
}

void
check_told(struct world *w, const struct sim_msg *m)
{
	struct shadow	*sh;
	uint8_t		 name, instance;

	switch (m->type) {
	case TO_SYNC:
		told_sync(w, m->sync);
		break;
	case TO_SPAWNED:
		if (m->spawned.cmd != 0)
			break;
		name = w->told.t[m->spawned.task].name;
		sh = &w->shadow[name][m->spawned.instance];
		sh->asked = false;
		sh->live = true;
		sh->exited = false;
		sh->stopping = false;
		sh->kill_by = 0;
		sh->id = m->spawned.id;
		sh->started = m->spawned.at.ms;
		sh->print = w->told.t[m->spawned.task].print;
		break;
	case TO_FAILED:
		if (m->failed.cmd != 0)
			break;
		if (m->failed.id != 0)
			sh = shadow_by_id(w, m->failed.id, &name, &instance);
		else {
			if (m->failed.task >= w->told.n)
				break;
			name = w->told.t[m->failed.task].name;
			sh = &w->shadow[name][m->failed.instance];
			if (!sh->asked || sh->tag != m->tag)
				break;
		}
		if (sh == NULL)
			break;
		sh->asked = sh->live = false;
		sh->kill_by = 0;
		quick_end(sh, m->failed.at.ms);
		break;
	case TO_EXITED:
		sh = shadow_by_id(w, m->exited.id, &name, &instance);
		if (sh == NULL)
			break;
		sh->live = false;
		sh->exited = true;
		sh->kill_by = 0;
		sh->status = m->exited.status;
		sh->notbefore = 0;
		if (!sh->stopping) {
			if (m->exited.at.ms - sh->started >= 5000)
				sh->nfail = 0;
			else
				quick_end(sh, m->exited.at.ms);
		}
		/* The spawner has already asked itself. */
		if (m->exited.again) {
			sh->asked = true;
			sh->tag = STANDING_TAG;
		}
		break;
	case TO_SHUTDOWN:
		break;
	}
}

/* Has it run, as far as the monitor can know? */
static bool
met(const struct world *w, uint8_t name, bool ok)
{
	const struct sim_task	*t;
	const struct shadow	*sh;
	struct sched_view	 v;
	uint32_t		 k;
	int			 i;
	bool			 any = false;

	if ((i = conf_find(&w->told, name)) == -1)
		return (false);
	t = &w->told.t[i];
	if (!t->in_scope || t->control == CONTROL_OFF)
		return (false);
	if (t->control == CONTROL_SUSPEND || t->control == CONTROL_EVENT)
		return (true);
	for (k = 0; k < t->count; k++) {
		sh = &w->shadow[name][k];
		if (t->control == CONTROL_ONCE) {
			if (sh->live || sh->asked)
				return (false);
			any = any || sh->exited;
			if (ok && sh->exited && sh->status != 0)
				return (false);
		} else {
			if (!sh->live || sh->stopping ||
			    w->now - sh->started < t->start_delay)
				return (false);
			any = true;
		}
	}
	/* The record may be gone by a later start that failed. */
	if (!any && t->control == CONTROL_ONCE) {
		sched_view(w->sched, i, &v);
		any = v.state == STATE_DONE;
	}
	return (any);
}

static bool
requirements(const struct world *w, const struct sim_task *t, uint8_t *which)
{
	uint32_t	 k;

	for (k = 0; k < t->nreq; k++) {
		*which = t->req[k];
		if (!met(w, t->req[k], t->ok[k]))
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

	if (sh->live || sh->asked)
		wrong(w, "one process a slot", "%s[%u]", n, a->instance);
	if (a->instance >= t->count)
		wrong(w, "never more than count", "%s[%u] of %u", n,
		    a->instance, t->count);
	if (!enabled(t))
		wrong(w, "what shall not run is not started", "%s", n);
	if (sched_mode(w->sched) != MODE_RUN)
		wrong(w, "nothing starts while the daemon stops", "%s", n);
	if (!requirements(w, t, &which))
		wrong(w, "nothing starts before what it requires",
		    "%s before %s", n, sim_name(which));
	if (t->control == CONTROL_WAIT && w->now < sh->notbefore)
		wrong(w, "the row of delays", "%s[%u] %lld ms early", n,
		    a->instance, (long long)(sh->notbefore - w->now));
	if (m != NULL && m->type == TO_SYNC && w->was_done[t->name] &&
	    t->control == CONTROL_ONCE)
		wrong(w, "once is not run again by a reload", "%s", n);
	sh->asked = true;
	sh->tag = a->tag;
}

/* Nothing runs that requires it, directly or by way of others. */
static void
check_order(struct world *w, uint8_t name, uint8_t of)
{
	const struct sim_task	*other;
	uint32_t		 i, k, r;

	for (i = 0; i < w->told.n; i++) {
		other = &w->told.t[i];
		for (r = 0; r < other->nreq; r++)
			if (other->req[r] == of)
				break;
		if (r == other->nreq)
			continue;
		for (k = 0; k < SIM_COUNT; k++)
			if (w->shadow[other->name][k].live ||
			    w->shadow[other->name][k].asked)
				wrong(w, "reverse order of requires",
				    "%s before %s[%u]", sim_name(name),
				    sim_name(other->name), k);
		check_order(w, name, other->name);
	}
}

static void
check_stop(struct world *w, const struct sched_action *a,
    const struct sim_msg *m)
{
	const struct sim_task	*t;
	struct shadow		*sh;
	uint32_t		 k;
	uint8_t			 name, instance;
	int			 idx;

	if ((sh = shadow_by_id(w, a->id, &name, &instance)) == NULL)
		return;		/* a command */
	idx = conf_find(&w->told, name);
	t = idx == -1 ? NULL : &w->told.t[idx];
	if (a->what == SCHED_SIGNAL && a->sig == SIGKILL) {
		if (!sh->stopping)
			wrong(w, "KILL comes after something milder",
			    "%s[%u]", sim_name(name), instance);
		sh->kill_by = 0;
		return;
	}
	if (!sh->stopping && t != NULL && m != NULL && m->type == TO_SYNC &&
	    sched_mode(w->sched) == MODE_RUN && enabled(t) &&
	    instance < t->count && sh->print == t->print &&
	    t->time_limit == 0)
		wrong(w, "what is as it shall be is kept", "%s[%u]",
		    sim_name(name), instance);
	if (t != NULL && !sh->stopping && sched_mode(w->sched) != MODE_RUN)
		check_order(w, name, name);
	sh->stopping = true;
	if (a->what == SCHED_SIGNAL)
		sh->kill_by = w->now + (t != NULL ? t->stop_timeout : 5000);
	else {
		/* Its minute begins when it is there. */
		sh->kill_by = w->now + 60000 + 5000 + t->stop_timeout;
		for (k = 0; t->stop == BY_SHARED && k < SIM_COUNT; k++)
			if (w->shadow[name][k].live) {
				w->shadow[name][k].stopping = true;
				w->shadow[name][k].kill_by = sh->kill_by;
			}
	}
}

static bool
runs_once(const struct world *w, uint8_t name)
{
	int	 i = conf_find(&w->told, name);

	return (i != -1 && w->told.t[i].control == CONTROL_ONCE);
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
			if (sh->id != m->exited.id || sh->live)
				continue;
			if (t->control == CONTROL_WAIT && enabled(t) &&
			    sched_mode(w->sched) == MODE_RUN &&
			    t->onexit == 0 && !was_stopping &&
			    m->exited.at.ms - sh->started >= 5000 &&
			    requirements(w, t, &which) && !sh->asked)
				wrong(w, "what ran long starts at once",
				    "%s[%u]", sim_name(t->name), k);
		}
	}
}

void
check_actions(struct world *w, const struct sim_msg *m)
{
	const struct sched_action	*a;
	struct shadow			*sh;
	size_t				 i, n;
	uint32_t			 k, l;
	bool				 was_stopping = false;

	for (k = 0; m != NULL && m->type == TO_EXITED && k < SIM_TASKS; k++)
		for (l = 0; l < SIM_COUNT; l++) {
			sh = &w->shadow[k][l];
			if (sh->id != m->exited.id)
				continue;
			was_stopping = sh->stopping;
			sh->stopping = false;
		}
	a = sched_actions(w->sched, &n);
	for (i = 0; i < n; i++) {
		switch (a[i].what) {
		case SCHED_SPAWN:
			check_spawn(w, &a[i], m);
			break;
		case SCHED_RUN:
		case SCHED_SIGNAL:
			check_stop(w, &a[i], m);
			break;
		case SCHED_ALLSTOPPED:
			for (k = 0; k < SIM_TASKS; k++)
				for (l = 0; l < SIM_COUNT; l++)
					if (w->shadow[k][l].live ||
					    w->shadow[k][l].asked)
						wrong(w, "all stopped",
						    "%s[%u] is not",
						    sim_name(k), l);
			break;
		default:
			break;
		}
	}
	if (m != NULL && m->type == TO_EXITED)
		check_again(w, m, was_stopping);
}

void
check_views(struct world *w)
{
	struct sched_view	 v;
	const struct sim_task	*t;
	uint32_t		 i, k, live, running = 0;

	for (i = 0; i < w->told.n; i++) {
		t = &w->told.t[i];
		sched_view(w->sched, i, &v);
		if (v.state >= STATE_MAX || v.reason >= REASON_MAX ||
		    (v.state == STATE_RUNNING) != (v.reason == REASON_NONE))
			wrong(w, "every state but running has a reason",
			    "%s: %s, %s", sim_name(t->name),
			    state_name(v.state), reason_name(v.reason));
		for (k = live = 0; k < SIM_COUNT; k++)
			if (w->shadow[t->name][k].live)
				live++;
		if (live != v.running)
			wrong(w, "what it shows is what it was told",
			    "%s: %u run, %u shown", sim_name(t->name), live,
			    v.running);
		if (v.state == STATE_WAITING &&
		    (v.reason != REASON_WAITS_FOR || v.blocker == NULL))
			wrong(w, "who waits knows for whom", "%s",
			    sim_name(t->name));
		if (v.state == STATE_RUNNING || v.state == STATE_STARTING)
			running++;
		if (v.state == STATE_RUNNING && live == 0)
			wrong(w, "running means running", "%s",
			    sim_name(t->name));
	}
	if (running != sched_nrunning(w->sched))
		wrong(w, "the sum is the sum", "%u running, not %u", running,
		    sched_nrunning(w->sched));
}

/* After the timer: nothing is left behind. */
void
check_time(struct world *w)
{
	struct sched_view	 v;
	const struct shadow	*sh;
	uint32_t		 i, k;

	for (i = 0; i < w->told.n; i++) {
		sched_view(w->sched, i, &v);
		if (mono_isset(v.until) && v.until.ms <= w->now)
			wrong(w, "deadlines are kept", "%s: %s, %lld ms ago",
			    sim_name(w->told.t[i].name), state_name(v.state),
			    (long long)(w->now - v.until.ms));
	}
	for (i = 0; i < SIM_TASKS; i++)
		for (k = 0; k < SIM_COUNT; k++) {
			sh = &w->shadow[i][k];
			if (sh->live && sh->kill_by != 0 &&
			    w->now > sh->kill_by)
				wrong(w, "a stop escalates on time",
				    "%s[%u], %lld ms late", sim_name(i), k,
				    (long long)(w->now - sh->kill_by));
		}
}

/* Can it run, given that nothing fails any more? */
static bool
reachable(const struct world *w, const struct sim_task *t)
{
	const struct sim_task	*r;
	struct sched_view	 v;
	uint32_t		 k;
	int			 i;

	if (!enabled(t))
		return (false);
	for (k = 0; k < t->nreq; k++) {
		if ((i = conf_find(&w->told, t->req[k])) == -1)
			return (false);
		r = &w->told.t[i];
		if (!r->in_scope || r->control == CONTROL_OFF)
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

/* At rest: everything is as the configuration says, nothing is armed. */
void
check_calm(struct world *w)
{
	const struct sim_task	*t;
	const struct sim_proc	*p;
	struct sched_view	 v;
	uint32_t		 i;
	int			 k;

	if (w->armed != 0)
		wrong(w, "no timer when nothing is due", "armed");
	for (i = 0; i < SIM_PROCS; i++) {
		p = &w->procs[i];
		if (!p->used || !p->running)
			continue;
		k = conf_find(&w->told, p->name);
		t = k == -1 ? NULL : &w->told.t[k];
		if (t == NULL || p->instance >= t->count || !t->in_scope ||
		    t->control == CONTROL_SUSPEND)
			wrong(w, "comes to rest", "%s[%u] runs still",
			    sim_name(p->name), p->instance);
		else if (p->print != t->print && !t->held)
			wrong(w, "comes to rest", "%s[%u] is stale",
			    sim_name(p->name), p->instance);
	}
	for (i = 0; i < w->told.n; i++) {
		t = &w->told.t[i];
		sched_view(w->sched, i, &v);
		if (t->control == CONTROL_WAIT && reachable(w, t) &&
		    (v.state != STATE_RUNNING || v.running != t->count))
			wrong(w, "comes to rest", "%s is %s, %u of %u",
			    sim_name(t->name), state_name(v.state), v.running,
			    t->count);
		if (t->control == CONTROL_ONCE && reachable(w, t) &&
		    v.state != STATE_DONE)
			wrong(w, "comes to rest", "%s is %s",
			    sim_name(t->name), state_name(v.state));
	}
}
