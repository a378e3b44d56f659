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
 * The spawner sends it; the schedule part was made by the loader.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	free(doc->text);
	free(doc);
}

static void
told_clear(struct told *t)
{
	sched_free(t->sched);
	if (t->have_plan)
		schedrec_plan_clear(&t->plan);
	doc_release(t->doc);
	memset(t, 0, sizeof(*t));
}

int
on_sync_begin(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sched_setup	 setup;
	struct told		*t = &m->next;

	(void)c;
	told_clear(t);
	if (get_sync_begin(&msg->body, &t->begin) == -1)
		return (-1);
	/* What is asked from here on, nobody would understand. */
	act_stop(m);
	watcher_sync_begin(m->watcher);
	m->syncing = true;
	clients_hold(m);
	setup = (struct sched_setup){
		.ntasks = t->begin.ntasks,
		.gen = t->begin.gen,
		.mode = t->begin.mode,
		.config_event = t->begin.config_event,
		.first_tag = 1
	};
	if (m->now.sched != NULL) {
		setup.first_tag = sched_next_tag(m->now.sched);
		setup.changes = sched_changes(m->now.sched);
	}
	t->sched = sched_new(&setup);
	t->doc = xcalloc(1, sizeof(*t->doc));
	t->doc->refs = 1;
	return (0);
}

int
on_sync_sched(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct schedrec_task	 conf;
	struct cursor		 rec;
	struct span		 blob;
	struct told		*t = &m->next;
	uint32_t		 task;

	(void)c;
	if (!m->syncing || get_plan_sched(&msg->body, &task, &blob) == -1)
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
	if (sched_add_task(t->sched, task, &conf) == -1) {
		schedrec_task_clear(&conf);
		return (-1);
	}
	return (0);
}

int
on_sync_proc(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sync_proc	 p;

	(void)c;
	if (!m->syncing || get_sync_proc(&msg->body, &p) == -1)
		return (-1);
	return (sched_add_proc(m->next.sched, &p));
}

int
on_sync_note(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;
	struct note	 n;

	(void)c;
	if (!m->syncing || get_note(&msg->body, &n) == -1)
		return (-1);
	if (n.kind == NOTE_WATCH) {
		if (n.task >= m->next.begin.ntasks)
			return (-1);
		watcher_note(m->watcher, n.task, n.blob.p, n.blob.len);
		return (0);
	}
	return (sched_add_note(m->next.sched, n.task, n.blob.p, n.blob.len));
}

int
on_sync_doc(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;
	struct doc	*d = m->next.doc;
	struct span	 piece;

	(void)c;
	piece = get_blob(&msg->body);
	if (!m->syncing || msg->body.bad ||
	    piece.len > LIMIT_PLAN - d->len)
		return (-1);
	if (piece.len > d->cap - d->len) {
		d->cap = (d->cap == 0 ? piece.len : d->cap * 2) + piece.len;
		d->text = xreallocarray(d->text, d->cap, 1);
	}
	memcpy(d->text + d->len, piece.p, piece.len);
	d->len += piece.len;
	return (0);
}

int
on_sync_end(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sched_clock	 clk;
	const struct sched_sum	*sum;
	struct doc		*d = m->next.doc;

	(void)c;
	(void)msg;
	if (!m->syncing || !m->next.have_plan)
		return (-1);
	if (m->now.sched != NULL)
		sched_add_before(m->next.sched, m->now.sched);
	act_clock(&clk);
	if (sched_converge(m->next.sched, &clk) == -1)
		return (-1);
	/* It stays long: give back what it was not filled with. */
	if (d->len > 0) {
		d->text = xreallocarray(d->text, d->len, 1);
		d->cap = d->len;
	}
	told_clear(&m->now);
	m->now = m->next;
	memset(&m->next, 0, sizeof(m->next));
	m->syncing = false;
	m->epoch++;
	m->load_ok = m->now.begin.load_ok;
	/* What it sees now is what the processes will be started with. */
	watcher_synced(m->watcher);
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
