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

/* The monitor's part of act.c and sync.c, between two queues. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/util.h"
#include "sim.h"

struct sched_clock
monitor_clock(const struct world *w)
{
	/* The wall clock jumps, also backwards: nobody may care. */
	return ((struct sched_clock){ { w->now },
	    1000000 + (w->now * 7919) % 100000 });
}

static void
say_action(struct world *w, const struct sched_action *a)
{
	struct sched_view	 v;

	switch (a->what) {
	case SCHED_SPAWN:
		say(w, "    -> spawn %s[%u] tag %u",
		    sched_task_name(w->sched, a->task), a->instance, a->tag);
		break;
	case SCHED_RUN:
		say(w, "    -> run %s[%u] command %u about %llu tag %u",
		    sched_task_name(w->sched, a->task), a->instance, a->cmd,
		    (unsigned long long)a->id, a->tag);
		break;
	case SCHED_LOOK:
		say(w, "    -> look for %s[%u] tag %u",
		    sched_task_name(w->sched, a->task), a->instance, a->tag);
		break;
	case SCHED_COUNT:
		say(w, "    -> count of %s is %u",
		    sched_task_name(w->sched, a->task), a->count);
		break;
	case SCHED_SIGNAL:
		say(w, "    -> signal %llu %u", (unsigned long long)a->id,
		    a->sig);
		break;
	case SCHED_ALLSTOPPED:
		say(w, "    -> all stopped");
		break;
	case SCHED_ARM:
		say(w, "    -> timer %.3f", (double)a->at.ms / 1000);
		break;
	case SCHED_REPORT:
		if (a->report != REPORT_STATE)
			break;
		sched_view(w->sched, a->task, &v);
		say(w, "    %s: %s, %s%s%s", a->name, state_name(a->state),
		    reason_name(a->reason), v.blocker != NULL ? " " : "",
		    v.blocker != NULL ? v.blocker : "");
		break;
	}
}

static void
send_action(struct world *w, const struct sched_action *a)
{
	struct sim_req	*q;
	uint32_t	 k;
	uint8_t		 name;

	if (w->from_tail - w->from_head >= SIM_QUEUE) {
		fprintf(stderr, "sim: queue to the spawner is full\n");
		exit(2);
	}
	q = &w->from[w->from_tail++ % SIM_QUEUE];
	memset(q, 0, sizeof(*q));
	q->act = *a;
	q->gen = w->sched_gen;
	if (a->what == SCHED_NOTE) {
		name = w->told.t[a->task].name;
		q->notelen = sched_note(w->sched, a->task, q->note);
		q->wish = w->wish[name];
		for (k = 0; k < SIM_COUNT; k++)
			q->leaving[k] = told_leaving(&w->shadow[name][k]);
		w->wished[name] = false;
	}
}

void
monitor_flush(struct world *w, const struct sim_msg *m)
{
	const struct sched_action	*a;
	uint32_t			 k;
	size_t				 i, n;

	a = sched_actions(w->sched, &n);
	for (i = 0; i < n; i++)
		say_action(w, &a[i]);
	check_actions(w, m);
	for (i = 0; i < n; i++) {
		if (a[i].what == SCHED_ARM)
			w->armed = a[i].at.ms;
		else if (a[i].what != SCHED_REPORT)
			send_action(w, &a[i]);
	}
	sched_actions_clear(w->sched);
	check_views(w);
	/* A monitor that is started anew must know it. */
	for (k = 0; k < SIM_TASKS; k++) {
		if (w->wished[k])
			wrong(w, "what is asked for is noted", "%s",
			    sim_name(k));
		w->wished[k] = false;
	}
}

/* A record as the spawner would put it on the wire. */
static void
add_proc(struct world *w, struct sched *s, const struct sim_sync *y,
    const struct sim_proc *p)
{
	struct sync_proc	 sp;
	int			 i;

	i = conf_find(&y->conf, p->name);
	sp = (struct sync_proc){
		.id = p->id,
		.task = i == -1 ? NO_INDEX : (uint32_t)i,
		.instance = p->instance,
		.kind = p->kind,
		.cmd = p->cmd,
		.pid = p->running ? p->pid : 0,
		.stale = i == -1 || p->print != y->conf.t[i].print ?
		    STALE_ARGV : 0,
		.foreign = p->foreign,
		.watched = !p->foreign ||
		    y->out[p->name][p->instance].watched,
		.started = { p->started },
		.started_wall = p->started,
		.exited = { p->running ? 0 : p->exited },
		.exited_wall = p->exited,
		.status = p->status,
		.last_signal = p->last_signal,
		.signalled = { p->signalled },
		.starts = p->starts
	};
	sp.name.p = sim_name(p->name);
	sp.name.len = strlen(sp.name.p);
	if (sched_add_proc(s, &sp) == -1)
		wrong(w, "a sync is understood", "process of %s[%u]",
		    sim_name(p->name), p->instance);
}

struct sched *
monitor_build(struct world *w, const struct sim_sync *y,
    const struct sched *before)
{
	struct schedrec_task	 rec;
	struct sched_setup	 setup = {
		.ntasks = y->conf.n, .gen = y->gen, .mode = y->mode,
		.config_event = y->config_event, .first_tag = w->first_tag
	};
	struct sched_clock	 clk = monitor_clock(w);
	struct sched		*s;
	uint32_t		 i;

	if (before != NULL)
		setup.first_tag = sched_next_tag(before);
	s = sched_new(&setup);
	for (i = 0; i < y->conf.n; i++) {
		conf_record(&y->conf, i, &rec);
		if (sched_add_task(s, i, &rec) == -1)
			wrong(w, "a sync is understood", "task %u", i);
	}
	for (i = 0; i < SIM_PROCS; i++)
		if (y->procs[i].used)
			add_proc(w, s, y, &y->procs[i]);
	for (i = 0; i < y->conf.n; i++)
		if (y->notelen[y->conf.t[i].name] != 0)
			(void)sched_add_note(s, i,
			    y->note[y->conf.t[i].name],
			    y->notelen[y->conf.t[i].name]);
	if (before != NULL)
		sched_add_before(s, before);
	if (sched_converge(s, &clk) == -1)
		wrong(w, "a sync is understood", "converge");
	return (s);
}

static void
take_delta(struct world *w, const struct sim_sync *y)
{
	struct schedrec_task	 rec;
	struct sched_clock	 clk = monitor_clock(w);
	const struct sim_proc	*p;
	uint32_t		 i;
	int			 k;

	sched_update_begin(w->sched, y->gen);
	for (i = 0; i < y->conf.n; i++) {
		if (!y->differs[i])
			continue;
		conf_record(&y->conf, i, &rec);
		if (sched_update_task(w->sched, i, &rec) == -1)
			wrong(w, "a sync is understood", "task %u", i);
	}
	for (i = 0; i < SIM_PROCS; i++) {
		p = &y->procs[i];
		if (!p->used || !p->running || p->kind != PROC_START)
			continue;
		k = conf_find(&y->conf, p->name);
		if (k == -1 || !y->differs[k] ||
		    p->print == y->conf.t[k].print)
			continue;
		if (sched_update_stale(w->sched, p->id, STALE_ARGV) == -1)
			wrong(w, "a sync is understood", "stale %s[%u]",
			    sim_name(p->name), p->instance);
	}
	if (sched_update_end(w->sched, &clk) == -1)
		wrong(w, "a sync is understood", "update");
}

static void
take_sync(struct world *w, const struct sim_sync *y)
{
	struct sched	*before = w->sched;

	w->sched_gen = y->gen;
	if (y->kind == SYNC_DELTA) {
		take_delta(w, y);
		return;
	}
	w->armed = 0;
	w->sched = monitor_build(w, y, before);
	sched_free(before);
}

bool
monitor_busy(const struct world *w)
{
	return (w->to_head != w->to_tail);
}

void
monitor_step(struct world *w)
{
	struct sched_clock	 clk = monitor_clock(w);
	struct sim_msg		 m;
	int			 r = 0;

	if (!monitor_busy(w))
		return;
	m = w->to[w->to_head++ % SIM_QUEUE];
	check_told(w, &m);
	switch (m.type) {
	case TO_SYNC:
		say(w, "monitor: sync %u%s%s", m.sync->gen,
		    m.sync->kind == SYNC_DELTA ? ", what differs" : "",
		    m.sync->config_event ? "" : " after a crash");
		take_sync(w, m.sync);
		break;
	case TO_SPAWNED:
		say(w, "monitor: spawned %llu tag %u",
		    (unsigned long long)m.spawned.id, m.tag);
		r = sched_spawned(w->sched, &clk, m.tag, &m.spawned);
		break;
	case TO_FAILED:
		say(w, "monitor: failed %llu tag %u, error %u",
		    (unsigned long long)m.failed.id, m.tag, m.failed.error);
		r = sched_spawnfail(w->sched, &clk, m.tag, &m.failed);
		break;
	case TO_EXITED:
		say(w, "monitor: exited %llu",
		    (unsigned long long)m.exited.id);
		r = sched_exited(w->sched, &clk, &m.exited);
		break;
	case TO_FOUND:
		say(w, "monitor: found %llu tag %u%s",
		    (unsigned long long)m.found.id, m.tag,
		    m.found.watched ? ", watched" : "");
		r = sched_found(w->sched, &clk, m.tag, &m.found);
		break;
	case TO_NOTFOUND:
		say(w, "monitor: not found, tag %u: %s", m.tag,
		    look_name(m.notfound.look));
		r = sched_notfound(w->sched, &clk, m.tag, &m.notfound);
		break;
	case TO_SHUTDOWN:
		say(w, "monitor: shutdown %u", m.mode);
		sched_shutdown(w->sched, &clk, m.mode);
		break;
	}
	if (r == -1)
		wrong(w, "every answer is understood", "message %d",
		    (int)m.type);
	monitor_flush(w, &m);
	if (m.type == TO_SYNC)
		free(m.sync);
}

void
monitor_timer(struct world *w)
{
	struct sched_clock	 clk = monitor_clock(w);

	say(w, "monitor: timer");
	w->armed = 0;
	sched_timer(w->sched, &clk);
	monitor_flush(w, NULL);
	check_time(w);
}
