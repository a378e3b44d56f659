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
 * Taking in a sync: SYNC_BEGIN, everything there is to know, SYNC_END.  It
 * is gathered beside what is in force and takes its place as a whole, so
 * that clients are answered from one or the other and never from a mixture.
 * A delta is gathered likewise and then applied to what is in force, a trial
 * is shown to who asked for it and forgotten.
 * The spawner sends it; the schedule part was made by the loader.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/plan.h"
#include "../common/util.h"
#include "monitor.h"
#include "watcher.h"

void
doc_release(struct doc *doc)
{
	if (doc == NULL || --doc->refs > 0)
		return;
	close(doc->fd);
	free(doc);
}

static void
told_clear(struct told *t)
{
	uint32_t	 i;

	sched_free(t->sched);
	if (t->have_plan)
		schedrec_plan_clear(&t->plan);
	doc_release(t->doc);
	for (i = 0; i < t->nchanged; i++)
		schedrec_task_clear(&t->changed[i].conf);
	free(t->changed);
	free(t->stale);
	memset(t, 0, sizeof(*t));
}

/* Of what is in force, or would be. */
static void
new_sched(struct monitor *m, struct told *t)
{
	struct sched_setup	 setup = {
		.ntasks = t->begin.ntasks, .gen = t->begin.gen,
		.mode = t->begin.mode,
		.config_event = t->begin.config_event, .first_tag = 1
	};

	if (m->now.sched != NULL) {
		setup.first_tag = sched_next_tag(m->now.sched);
		setup.changes = sched_changes(m->now.sched);
	}
	t->sched = sched_new(&setup);
}

int
on_sync_begin(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sync_begin	 begin;
	struct told		*t;

	(void)c;
	if (m->into != NULL || get_sync_begin(&msg->body, &begin) == -1)
		return (-1);
	if (begin.kind != SYNC_FULL && m->now.sched == NULL)
		return (-1);
	t = begin.kind == SYNC_TRIAL ? &m->trial : &m->next;
	told_clear(t);
	t->begin = begin;
	m->into = t;
	if (begin.kind == SYNC_DELTA) {
		if (begin.ntasks != m->now.begin.ntasks)
			return (-1);
	} else
		new_sched(m, t);
	if (begin.kind == SYNC_FULL) {
		/* What is asked from here on, nobody would understand. */
		act_stop(m);
		watcher_sync_begin(m->watcher);
		m->syncing = true;
		clients_hold(m);
	}
	return (0);
}

/* Takes the record, to be applied with all others. */
static void
keep_changed(struct told *t, uint32_t task, const struct schedrec_task *conf)
{
	t->changed = xreallocarray(t->changed, t->nchanged + 1,
	    sizeof(*t->changed));
	t->changed[t->nchanged].task = task;
	t->changed[t->nchanged++].conf = *conf;
}

int
on_sync_sched(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct schedrec_task	 conf;
	struct cursor		 rec;
	struct span		 blob;
	struct told		*t = m->into;
	uint32_t		 task;

	(void)c;
	if (t == NULL || get_plan_sched(&msg->body, &task, &blob) == -1)
		return (-1);
	cursor_init(&rec, blob.p, blob.len);
	if (task == NO_INDEX) {
		if (t->have_plan || get_schedrec_plan(&rec, &t->plan) == -1)
			return (-1);
		t->have_plan = true;
		return (0);
	}
	if (get_schedrec_task(&rec, &conf, t->begin.ntasks) == -1)
		return (-1);
	if (t->begin.kind == SYNC_DELTA)
		keep_changed(t, task, &conf);
	else if (sched_add_task(t->sched, task, &conf) == -1) {
		schedrec_task_clear(&conf);
		return (-1);
	}
	return (0);
}

int
on_sync_proc(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct told		*t = m->into;
	struct sync_proc	 p;

	(void)c;
	if (t == NULL || get_sync_proc(&msg->body, &p) == -1)
		return (-1);
	if (t->begin.kind != SYNC_DELTA)
		return (sched_add_proc(t->sched, &p));
	t->stale = xreallocarray(t->stale, t->nstale + 1, sizeof(*t->stale));
	t->stale[t->nstale].id = p.id;
	t->stale[t->nstale++].stale = p.stale;
	return (0);
}

int
on_sync_note(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;
	struct told	*t = m->into;
	struct note	 n;

	(void)c;
	if (t == NULL || t->begin.kind == SYNC_DELTA ||
	    get_note(&msg->body, &n) == -1 || n.task >= t->begin.ntasks)
		return (-1);
	if (n.kind == NOTE_SCHED)
		return (sched_add_note(t->sched, n.task, n.blob.p,
		    n.blob.len));
	if (t->begin.kind == SYNC_FULL)
		watcher_note(m->watcher, n.task, n.blob.p, n.blob.len);
	return (0);
}

int
on_sync_doc(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;
	struct told	*t = m->into;
	uint32_t	 len;

	(void)c;
	len = get_u32(&msg->body);
	if (t == NULL || t->begin.kind == SYNC_TRIAL || t->doc != NULL ||
	    len > LIMIT_PLAN)
		return (-1);
	t->doc = xcalloc(1, sizeof(*t->doc));
	t->doc->refs = 1;
	t->doc->len = len;
	t->doc->fd = msg->fd;
	msg->fd = -1;
	return (0);
}

/* All is new. */
static int
take_full(struct monitor *m, const struct sched_clock *clk)
{
	if (m->now.sched != NULL)
		sched_add_before(m->next.sched, m->now.sched);
	if (sched_converge(m->next.sched, clk) == -1)
		return (-1);
	told_clear(&m->now);
	m->now = m->next;
	memset(&m->next, 0, sizeof(m->next));
	m->syncing = false;
	m->epoch++;
	/* What it sees now is what the processes will be started with. */
	watcher_synced(m->watcher);
	return (0);
}

/* Does the watcher of files have to do with that change? */
static bool
has_events(const struct sched *s, const struct told_task *t)
{
	struct sched_view	 v;

	sched_view(s, t->task, &v);
	return (v.conf->nevents > 0 || t->conf.nevents > 0);
}

/* What is not spoken of stays as it is, and costs nothing. */
static int
take_delta(struct monitor *m, const struct sched_clock *clk)
{
	struct told	*t = &m->next, *now = &m->now;
	struct sched	*s = now->sched;
	uint32_t	 i, *tasks, n = 0;

	tasks = xcalloc(t->nchanged + 1, sizeof(*tasks));
	sched_update_begin(s, t->begin.gen);
	for (i = 0; i < t->nchanged; i++) {
		if (t->changed[i].task >= now->begin.ntasks)
			goto fail;
		if (has_events(s, &t->changed[i]))
			tasks[n++] = t->changed[i].task;
		if (sched_update_task(s, t->changed[i].task,
		    &t->changed[i].conf) == -1)
			goto fail;
	}
	for (i = 0; i < t->nstale; i++)
		if (sched_update_stale(s, t->stale[i].id,
		    t->stale[i].stale) == -1)
			goto fail;
	schedrec_plan_clear(&now->plan);
	now->plan = t->plan;
	t->have_plan = false;
	now->begin = t->begin;
	doc_release(now->doc);
	now->doc = t->doc;
	t->doc = NULL;
	if (sched_update_end(s, clk) == -1)
		goto fail;
	told_clear(t);
	watcher_changed(m->watcher, tasks, n);
	free(tasks);
	return (0);
fail:
	free(tasks);
	return (-1);
}

/* Nothing is done about it but to show it. */
static int
take_trial(struct monitor *m, const struct sched_clock *clk, uint32_t tag)
{
	sched_add_before(m->trial.sched, m->now.sched);
	if (sched_converge(m->trial.sched, clk) == -1)
		return (-1);
	trial_synced(m, tag);
	told_clear(&m->trial);
	return (0);
}

int
on_sync_end(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sched_clock	 clk;
	const struct sched_sum	*sum;
	struct told		*t = m->into;
	uint8_t			 kind;

	(void)c;
	if (t == NULL || !t->have_plan)
		return (-1);
	m->into = NULL;
	kind = t->begin.kind;
	act_clock(&clk);
	if (kind == SYNC_TRIAL)
		return (take_trial(m, &clk, msg->tag));
	reload_syncing(m);
	if ((kind == SYNC_FULL ? take_full(m, &clk) :
	    take_delta(m, &clk)) == -1)
		return (-1);
	m->load_ok = m->now.begin.load_ok;
	if (kind == SYNC_FULL)
		waits_synced(m);
	act_flush(m);
	sum = sched_sum(m->now.sched);
	log_info("configuration %u: %u tasks; processes: %u kept, %u started, "
	    "%u stopped, %u to restart", m->now.begin.gen,
	    m->now.begin.ntasks, sum->kept, sum->started, sum->stopped,
	    sum->restarted);
	reload_synced(m);
	clients_synced(m);
	return (0);
}
