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
 * What the monitor has been told, slot by slot and command by command, kept
 * beside the scheduler and not by it: the rules are worked out from this.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "../../monitor/sched_int.h"
#include "sim.h"

static const int64_t	 row[] = { 0, 250, 500, 1000, 2000, 4000, 5000 };

struct shadow *
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

/* Something is there, whether or not it is known which process. */
bool
shadow_there(const struct shadow *sh)
{
	return (sh->live || sh->known_up);
}

struct shadow_cmd *
shadow_cmd_new(struct world *w)
{
	uint32_t	 i;

	for (i = 0; i < SIM_SHADOWS; i++)
		if (!w->cmds[i].used) {
			memset(&w->cmds[i], 0, sizeof(w->cmds[i]));
			w->cmds[i].used = true;
			return (&w->cmds[i]);
		}
	fprintf(stderr, "sim: too many commands\n");
	exit(2);
}

struct shadow_cmd *
shadow_cmd_by_id(struct world *w, uint64_t id)
{
	uint32_t	 i;

	for (i = 0; i < SIM_SHADOWS; i++)
		if (w->cmds[i].used && w->cmds[i].running &&
		    w->cmds[i].id == id)
			return (&w->cmds[i]);
	return (NULL);
}

static struct shadow_cmd *
shadow_cmd_by_tag(struct world *w, uint32_t tag)
{
	uint32_t	 i;

	for (i = 0; i < SIM_SHADOWS; i++)
		if (w->cmds[i].used && !w->cmds[i].running &&
		    w->cmds[i].tag == tag)
			return (&w->cmds[i]);
	return (NULL);
}

bool
shadow_cmd_runs(const struct world *w, uint8_t name, uint16_t instance,
    uint8_t cmd)
{
	const struct shadow_cmd	*c;
	uint32_t		 i;

	for (i = 0; i < SIM_SHADOWS; i++) {
		c = &w->cmds[i];
		if (c->used && !c->old && !c->moot && c->name == name &&
		    c->cmd == cmd &&
		    (instance == SCHED_ALL || c->instance == instance))
			return (true);
	}
	return (false);
}

/* Nobody waits for what is being asked about these slots. */
void
told_moot(struct world *w, uint8_t name, uint16_t instance)
{
	struct shadow_cmd	*c;
	uint32_t		 i;

	for (i = 0; i < SIM_SHADOWS; i++) {
		c = &w->cmds[i];
		if (c->cmd == DO_CHECK && c->name == name &&
		    (instance == SCHED_ALL || c->instance == instance))
			c->moot = true;
	}
}

/* What people asked for is in force beside the configuration. */
void
told_wishes(struct world *w, uint8_t name)
{
	struct sim_wish	*wish = &w->wish[name];
	struct sim_task	*t;
	uint32_t	 k;
	int		 i = conf_find(&w->told, name);

	if (i == -1) {
		memset(wish, 0, sizeof(*wish));
		return;
	}
	t = &w->told.t[i];
	if (wish->control != 0)
		t->control = wish->control - 1;
	if (wish->count != 0)
		t->count = wish->count;
	wish->held &= (1U << t->count) - 1;
	/* How one ended that is surplus now is not part of the run. */
	for (k = t->count; k < SIM_COUNT; k++)
		w->shadow[name][k].seen = false;
}

static void
quick_end(struct shadow *sh, int64_t at)
{
	sh->notbefore = at + row[sh->nfail < 6 ? sh->nfail : 6];
	sh->nfail++;
}

/* Commands under way; those that stop are for what is older than they. */
static void
told_commands(struct world *w, const struct sim_sync *y)
{
	const struct sim_proc	*p;
	const struct sim_task	*t;
	struct shadow_cmd	*c;
	struct shadow		*sh;
	uint32_t		 i, k;

	memset(w->cmds, 0, sizeof(w->cmds));
	for (i = 0; i < SIM_PROCS; i++) {
		p = &y->procs[i];
		if (!p->used || !p->running || p->kind != PROC_COMMAND)
			continue;
		c = shadow_cmd_new(w);
		c->running = true;
		c->old = true;		/* nobody waits for it any more */
		c->name = p->name;
		c->instance = p->instance;
		c->cmd = p->cmd;
		c->id = p->id;
		t = conf_task(&y->conf, p->name);
		if (p->cmd != DO_STOP || t == NULL ||
		    (t->stop != BY_SHARED && t->stop != BY_EACH))
			continue;
		for (k = 0; k < SIM_COUNT; k++) {
			sh = &w->shadow[p->name][k];
			if (sh->live && sh->started <= p->started &&
			    (t->stop == BY_SHARED || k == p->instance)) {
				if (!sh->stopping) {
					sh->by_cmd = true;
					sh->by = c;
					sh->cmd_over = false;
				}
				sh->stopping = true;
			}
		}
	}
}

/* A once task that has run must not run again for this sync. */
static void
told_done(struct world *w, const struct sim_sync *y)
{
	struct sched_view	 v;
	const struct sim_task	*t;
	uint32_t		 i;

	memset(w->was_done, 0, sizeof(w->was_done));
	for (i = 0; w->sched != NULL && i < w->told.n; i++) {
		sched_view(w->sched, i, &v);
		t = &w->told.t[i];
		/* What an event has asked for is another matter. */
		if (v.state == STATE_DONE && sim_in_scope(t) &&
		    t->control == CONTROL_ONCE &&
		    !event_owes_start(w, t->name))
			w->was_done[t->name] = true;
	}
	/* Whose end starts it is another matter. */
	for (i = 0; i < y->conf.n; i++)
		if (y->conf.t[i].onexit != 0)
			w->was_done[y->conf.t[i].onexit - 1] = false;
}

static void
told_proc(struct world *w, const struct sim_sync *y, const struct sim_proc *p)
{
	const struct sim_task	*t = conf_task(&w->told, p->name);
	const struct leaving	*l = &y->leaving[p->name][p->instance];
	struct shadow		*sh = &w->shadow[p->name][p->instance];

	sh->live = p->running;
	sh->exited = !p->running;
	sh->foreign = p->foreign;
	sh->watched = !p->foreign || y->out[p->name][p->instance].watched;
	sh->id = p->id;
	sh->started = sh->up_since = p->started;
	sh->probed = w->now;
	sh->status = p->status;
	sh->print = p->print;
	sh->stopping = told_stopping(y, p, t);
	if (t == NULL || !sh->stopping)
		return;
	if (y->known[p->name][p->instance] == p->id)
		sh->kill_by = y->kill_by[p->name][p->instance];
	else if (l->id == p->id && l->by_cmd && p->last_signal != SIGKILL)
		sh->kill_by = w->now + t->stop_timeout;
	else if (p->last_signal == SIGTERM)
		sh->kill_by = p->signalled + t->stop_timeout;
	if (sh->stopping && l->id == p->id)
		sh->by_cmd = sh->cmd_over = l->by_cmd;
	if (sh->kill_by != 0 && sh->kill_by < w->now)
		sh->kill_by = w->now;
}

static void
told_full(struct world *w, struct sim_sync *y)
{
	uint32_t	 i, k;

	told_done(w, y);
	if (w->sched != NULL)
		told_before(w, y);
	w->told = y->conf;
	if (y->config_event)
		memset(w->wish, 0, sizeof(w->wish));
	else
		memcpy(w->wish, y->wish, sizeof(w->wish));
	for (i = 0; i < SIM_TASKS; i++)
		told_wishes(w, i);
	memset(w->shadow, 0, sizeof(w->shadow));
	for (i = 0; i < SIM_PROCS; i++)
		if (y->procs[i].used && y->procs[i].kind == PROC_START)
			told_proc(w, y, &y->procs[i]);
	told_commands(w, y);
	/* A reset has no history. */
	for (i = 0; i < SIM_TASKS; i++) {
		for (k = 0; k < SIM_COUNT; k++)
			if (w->shadow[i][k].exited)
				break;
		if (k == SIM_COUNT)
			w->was_done[i] = false;
	}
	w->ntickets = 0;
	memset(w->partly, 0, sizeof(w->partly));
}

static bool
same_events(const struct sim_task *a, const struct sim_task *b)
{
	return (a->nev == b->nev && (a->stop == BY_EVENT) ==
	    (b->stop == BY_EVENT) && memcmp(a->action, b->action,
	    a->nev * sizeof(a->action[0])) == 0 && memcmp(a->verify,
	    b->verify, a->nev * sizeof(a->verify[0])) == 0);
}

/* What runs for events that are others now runs for none of these. */
static void
told_events(struct world *w, const struct sim_sync *y)
{
	const struct sim_task	*a, *b;
	struct shadow_cmd	*c;
	uint32_t		 i;

	for (i = 0; i < SIM_SHADOWS; i++) {
		c = &w->cmds[i];
		if (!c->used || c->cmd < DO_EVENT || c->cmd >= DO_ASKED)
			continue;
		a = conf_task(&w->told, c->name);
		b = conf_task(&y->conf, c->name);
		if (a == NULL || b == NULL || !same_events(a, b))
			c->old = true;
	}
}

static void
told_delta(struct world *w, const struct sim_sync *y)
{
	uint32_t	 i, k;

	told_done(w, y);
	told_events(w, y);
	w->told = y->conf;
	memset(w->wish, 0, sizeof(w->wish));
	for (i = 0; i < SIM_TASKS; i++) {
		told_wishes(w, i);
		told_moot(w, i, SCHED_ALL);
		for (k = 0; k < SIM_COUNT; k++) {
			w->shadow[i][k].probed = w->now;
			/* A new plan is a new try. */
			w->shadow[i][k].notbefore = 0;
			w->shadow[i][k].nfail = 0;
		}
	}
}

static void
told_spawned(struct world *w, const struct sim_msg *m)
{
	struct shadow_cmd	*c;
	struct shadow		*sh;
	const struct sim_task	*t = &w->told.t[m->spawned.task];

	if (m->spawned.cmd != 0) {
		if ((c = shadow_cmd_by_tag(w, m->tag)) == NULL)
			return;
		c->running = true;
		c->id = m->spawned.id;
		if (c->cmd == DO_CHECK)
			c->kill_by = w->now + t->check_timeout;
		return;
	}
	sh = &w->shadow[t->name][m->spawned.instance];
	sh->asked = sh->exited = sh->stopping = sh->foreign = false;
	sh->by_cmd = false;
	sh->failed = sh->known_up = sh->probe_no = false;
	sh->live = sh->watched = true;
	sh->kill_by = 0;
	sh->id = m->spawned.id;
	sh->started = sh->up_since = m->spawned.at.ms;
	sh->probed = w->now;
	sh->print = t->print;
}

static void
told_cmd_failed(struct world *w, const struct sim_msg *m)
{
	struct shadow_cmd	*c;
	struct shadow		*sh;

	c = m->failed.id != 0 ? shadow_cmd_by_id(w, m->failed.id) :
	    shadow_cmd_by_tag(w, m->tag);
	if (c == NULL)
		return;
	sh = &w->shadow[c->name][c->instance];
	/* Which says nothing. */
	if (c->cmd == DO_CHECK && !c->dropped)
		sh->probed = w->now;
	event_told(w, c, true, 0, m->failed.error);
	c->used = false;
}

static void
told_failed(struct world *w, const struct sim_msg *m)
{
	struct shadow	*sh;
	uint8_t		 name, instance;

	if (m->failed.cmd != 0) {
		told_cmd_failed(w, m);
		return;
	}
	if (m->failed.id != 0)
		sh = shadow_by_id(w, m->failed.id, &name, &instance);
	else {
		if (m->failed.task >= w->told.n)
			return;
		name = w->told.t[m->failed.task].name;
		sh = &w->shadow[name][m->failed.instance];
		if (!sh->asked || sh->tag != m->tag)
			return;
	}
	if (sh == NULL)
		return;
	sh->asked = sh->live = false;
	sh->kill_by = 0;
	/* What crossed a reload did not fail. */
	if (m->failed.stage == STAGE_REFUSED && m->failed.error == ESTALE)
		return;
	sh->failed = true;
	/* What was to be stopped anyway did not fail. */
	if (!sh->stopping)
		quick_end(sh, m->failed.at.ms);
}

static void
told_exited(struct world *w, const struct sim_msg *m)
{
	const struct sim_task	*t;
	struct shadow_cmd	*c;
	struct shadow		*sh;
	uint8_t			 name, instance;

	if ((c = shadow_cmd_by_id(w, m->exited.id)) != NULL) {
		sh = &w->shadow[c->name][c->instance];
		if (c->cmd == DO_CHECK && !c->old && !c->dropped) {
			sh->probed = w->now;
			sh->check_ok = m->exited.status == 0;
			sh->probe_no = !sh->check_ok;
		}
		/* The probe of the monitor before may go on. */
		if (c->cmd == DO_CHECK && c->old)
			sh->probed = w->now;
		event_told(w, c, false, m->exited.status, 0);
		c->used = false;
		told_stop_over(w, c);
		return;
	}
	if ((sh = shadow_by_id(w, m->exited.id, &name, &instance)) == NULL)
		return;
	/* What was asked about it is of no interest any more. */
	told_moot(w, name, instance);
	sh->live = sh->failed = sh->looking = false;
	t = conf_task(&w->told, name);
	sh->exited = true;
	sh->seen = t != NULL && instance < t->count;
	sh->probe_no = false;
	sh->kill_by = 0;
	sh->status = m->exited.status;
	sh->notbefore = 0;
	if (!sh->stopping) {
		/* Of what is probed it may not have been the end. */
		if (m->exited.at.ms - sh->started >= 5000 ||
		    (t != NULL && (sim_once(t) || sim_probed(t))))
			sh->nfail = 0;
		else
			quick_end(sh, m->exited.at.ms);
	}
	/* The spawner has already asked itself. */
	if (m->exited.again) {
		sh->asked = true;
		sh->tag = STANDING_TAG;
	}
}

static struct shadow *
told_looked(struct world *w, uint32_t task, uint16_t instance, uint32_t tag)
{
	struct shadow	*sh;

	if (task >= w->told.n)
		return (NULL);
	sh = &w->shadow[w->told.t[task].name][instance];
	if (!sh->looking || sh->tag != tag)
		return (NULL);
	sh->looking = false;
	sh->probed = w->now;
	return (sh);
}

static void
told_found(struct world *w, const struct sim_msg *m)
{
	struct shadow	*sh;

	sh = told_looked(w, m->found.task, m->found.instance, m->tag);
	if (sh == NULL)
		return;
	sh->probe_no = sh->check_ok = false;
	if (sh->live && sh->id == m->found.id)
		return;
	sh->live = sh->foreign = true;
	sh->watched = m->found.watched;
	sh->exited = sh->stopping = sh->known_up = sh->failed = false;
	sh->kill_by = 0;
	sh->id = m->found.id;
	sh->started = sh->up_since = m->found.started.ms;
	sh->print = w->told.t[m->found.task].print;
}

static void
told_notfound(struct world *w, const struct sim_msg *m)
{
	struct shadow	*sh;

	sh = told_looked(w, m->notfound.task, m->notfound.instance, m->tag);
	if (sh == NULL || m->notfound.look == LOOK_REFUSED ||
	    m->notfound.look == LOOK_ERROR)
		return;
	/* A check that says yes is not put in doubt by it. */
	sh->probe_no = !sh->check_ok ||
	    !w->told.t[m->notfound.task].check;
	sh->check_ok = false;
}

void
check_told(struct world *w, const struct sim_msg *m)
{
	switch (m->type) {
	case TO_SYNC:
		event_sync(w);
		if (m->sync->kind == SYNC_DELTA)
			told_delta(w, m->sync);
		else
			told_full(w, m->sync);
		break;
	case TO_SPAWNED:
		told_spawned(w, m);
		break;
	case TO_FAILED:
		told_failed(w, m);
		break;
	case TO_EXITED:
		told_exited(w, m);
		break;
	case TO_FOUND:
		told_found(w, m);
		break;
	case TO_NOTFOUND:
		told_notfound(w, m);
		break;
	case TO_SHUTDOWN:
		break;
	}
}

/*
 * A check command can say that it runs, and no pidfile as what: only the
 * scheduler knows when it took that for granted.
 */
void
told_known_up(struct world *w)
{
	struct sched_view	 v;
	struct sched_proc_view	 p;
	struct shadow		*sh;
	uint32_t		 i, k;
	uint8_t			 name;
	bool			 up[SIM_COUNT];
	int64_t			 since[SIM_COUNT];

	for (i = 0; i < w->told.n; i++) {
		name = w->told.t[i].name;
		memset(up, 0, sizeof(up));
		sched_view(w->sched, i, &v);
		for (k = 0; k < v.nprocs; k++) {
			sched_proc_view(w->sched, i, k, &p);
			if (p.pid == 0 && p.slot == SLOT_UP &&
			    p.instance < SIM_COUNT)
				up[p.instance] = true;
			if (p.instance < SIM_COUNT)
				since[p.instance] = p.started.ms;
		}
		for (k = 0; k < SIM_COUNT; k++) {
			sh = &w->shadow[name][k];
			if (up[k] && !sh->known_up) {
				sh->up_since = since[k];
				sh->probed = w->now;
				sh->stopping = false;
				/* At the end it waits for its turn. */
				if (sh->probe_no || (sched_mode(w->sched) ==
				    MODE_RUN && !sim_probed(&w->told.t[i])))
					wrong(w, "what nobody saw is not up",
					    "%s[%u]", sim_name(name), k);
			}
			/* What was asked about it is of no interest. */
			if (!up[k] && sh->known_up)
				told_moot(w, name, k);
			sh->known_up = up[k];
		}
	}
}
