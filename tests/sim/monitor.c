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

static struct sched_clock
clock_of(const struct world *w)
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
		say(w, "    -> run %s[%u] command %u about %llu",
		    sched_task_name(w->sched, a->task), a->instance, a->cmd,
		    (unsigned long long)a->id);
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

/* What the step decided goes on its way. */
static void
flush(struct world *w, const struct sim_msg *m)
{
	const struct sched_action	*a;
	struct sim_req			*q;
	size_t				 i, n;

	a = sched_actions(w->sched, &n);
	for (i = 0; i < n; i++)
		say_action(w, &a[i]);
	check_actions(w, m);
	for (i = 0; i < n; i++) {
		if (a[i].what == SCHED_ARM) {
			w->armed = a[i].at.ms;
			continue;
		}
		if (a[i].what == SCHED_REPORT)
			continue;
		if (w->from_tail - w->from_head >= SIM_QUEUE) {
			fprintf(stderr, "sim: queue to the spawner is full\n");
			exit(2);
		}
		q = &w->from[w->from_tail++ % SIM_QUEUE];
		memset(q, 0, sizeof(*q));
		q->act = a[i];
		q->gen = w->sched_gen;
		if (a[i].what == SCHED_NOTE)
			q->notelen = sched_note(w->sched, a[i].task, q->note);
	}
	sched_actions_clear(w->sched);
	check_views(w);
}

/* A record as the spawner would put it on the wire. */
static void
add_proc(struct world *w, const struct sim_sync *y, const struct sim_proc *p)
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
		.stale = i == -1 || p->print != y->conf.t[i].print,
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
	if (sched_add_proc(w->sched, &sp) == -1)
		wrong(w, "a sync is understood", "process of %s[%u]",
		    sim_name(p->name), p->instance);
}

static void
take_sync(struct world *w, const struct sim_sync *y)
{
	struct schedrec_task	 rec;
	struct sched_setup	 setup = {
		.ntasks = y->conf.n, .mode = y->mode,
		.config_event = y->config_event, .first_tag = w->first_tag
	};
	struct sched_clock	 clk = clock_of(w);
	struct sched		*before = w->sched;
	uint32_t		 i;

	if (before != NULL)
		setup.first_tag = sched_next_tag(before);
	w->armed = 0;
	w->sched = sched_new(&setup);
	w->sched_gen = y->gen;
	for (i = 0; i < y->conf.n; i++) {
		conf_record(&y->conf, i, &rec);
		if (sched_add_task(w->sched, i, &rec) == -1)
			wrong(w, "a sync is understood", "task %u", i);
	}
	for (i = 0; i < SIM_PROCS; i++)
		if (y->procs[i].used)
			add_proc(w, y, &y->procs[i]);
	for (i = 0; i < y->conf.n; i++)
		(void)sched_add_note(w->sched, i, y->note[y->conf.t[i].name],
		    y->notelen[y->conf.t[i].name]);
	if (before != NULL)
		sched_add_before(w->sched, before);
	sched_free(before);
	if (sched_converge(w->sched, &clk) == -1)
		wrong(w, "a sync is understood", "converge");
}

bool
monitor_busy(const struct world *w)
{
	return (w->to_head != w->to_tail);
}

void
monitor_step(struct world *w)
{
	struct sched_clock	 clk = clock_of(w);
	struct sim_msg		 m;
	int			 r = 0;

	if (!monitor_busy(w))
		return;
	m = w->to[w->to_head++ % SIM_QUEUE];
	check_told(w, &m);
	switch (m.type) {
	case TO_SYNC:
		say(w, "monitor: sync %u%s", m.sync->gen,
		    m.sync->config_event ? "" : " after a crash");
		take_sync(w, m.sync);
		break;
	case TO_SPAWNED:
		say(w, "monitor: spawned %llu tag %u",
		    (unsigned long long)m.spawned.id, m.tag);
		r = sched_spawned(w->sched, &clk, m.tag, &m.spawned);
		break;
	case TO_FAILED:
		say(w, "monitor: failed %llu tag %u",
		    (unsigned long long)m.failed.id, m.tag);
		r = sched_spawnfail(w->sched, &clk, m.tag, &m.failed);
		break;
	case TO_EXITED:
		say(w, "monitor: exited %llu",
		    (unsigned long long)m.exited.id);
		r = sched_exited(w->sched, &clk, &m.exited);
		break;
	case TO_SHUTDOWN:
		say(w, "monitor: shutdown %u", m.mode);
		sched_shutdown(w->sched, &clk, m.mode);
		break;
	}
	if (r == -1)
		wrong(w, "every answer is understood", "message %d",
		    (int)m.type);
	flush(w, &m);
	if (m.type == TO_SYNC)
		free(m.sync);
}

void
monitor_timer(struct world *w)
{
	struct sched_clock	 clk = clock_of(w);

	say(w, "monitor: timer");
	w->armed = 0;
	sched_timer(w->sched, &clk);
	flush(w, NULL);
	check_time(w);
}
