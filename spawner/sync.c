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
 * Sync: one path for a new plan and for a new monitor.  Everything is told;
 * the monitor compares and converges.
 */

#include <sys/types.h>

#include <string.h>
#include <unistd.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "daemon.h"
#include "foreign.h"
#include "kept.h"
#include "planstore.h"
#include "proc.h"
#include "web.h"

static void
send_sched(struct chan *c, const struct plan_store *ps)
{
	struct wbuf *w;
	uint32_t i;

	w = chan_begin(c, SYNC_SCHED, 0);
	put_plan_sched(w, NO_INDEX, ps->sched, ps->schedlen);
	chan_end(c);
	for (i = 0; i < ps->ntasks; i++) {
		w = chan_begin(c, SYNC_SCHED, 0);
		put_plan_sched(w, i, ps->tasks[i].sched,
		    ps->tasks[i].schedlen);
		chan_end(c);
	}
}

static void
send_proc(struct chan *c, const struct plan_store *ps, const struct proc *p)
{
	struct sync_proc sp = {
		.id = p->id, .task = p->task, .instance = p->instance,
		.kind = p->kind, .cmd = p->cmd,
		.pid = p->running ? p->pid : 0,
		.stale = proc_stale(p, ps), .foreign = p->foreign,
		.watched = !p->foreign || foreign_watched(p),
		.started = p->started, .started_wall = p->started_wall,
		.exited = p->exited, .exited_wall = p->exited_wall,
		.status = p->status, .last_signal = p->last_signal,
		.signalled = p->signalled, .starts = p->starts,
		.name = { p->name, strlen(p->name) }
	};

	put_sync_proc(chan_begin(c, SYNC_PROC, 0), &sp);
	chan_end(c);
}

/* All that runs or ran; a command that ended while nobody listened is told
 * once, by its absence from now on. */
static void
send_procs(struct daemon *d, struct chan *c)
{
	struct proc *p, *next;

	for (p = proctab_first(d->procs); p != NULL; p = next) {
		next = proctab_next(d->procs, p);
		if (p->kind == PROC_COMMAND && !p->running)
			proctab_drop(d->procs, p);
		else
			send_proc(c, d->plan, p);
	}
}

static void
send_notes(struct daemon *d, struct chan *c)
{
	struct note n = { .gen = d->gen };
	const struct kept_note *note;

	for (n.task = 0; n.task < d->kept->ntasks; n.task++)
		for (n.kind = 0; n.kind < NOTE_KIND_MAX; n.kind++) {
			note = d->kept->tasks[n.task].notes[n.kind];
			if (note == NULL)
				continue;
			n.blob.p = (const char *)note->data;
			n.blob.len = note->len;
			put_note(chan_begin(c, SYNC_NOTE, 0), &n);
			chan_end(c);
		}
}

static void
send_doc(struct chan *c, const struct plan_store *ps)
{
	const char *doc = ps->doc;
	size_t done, n;

	for (done = 0; done < ps->doclen; done += n) {
		n = ps->doclen - done;
		if (n > LIMIT_CHUNK)
			n = LIMIT_CHUNK;
		put_blob(chan_begin(c, SYNC_DOC, 0), doc + done, n);
		chan_end(c);
	}
}

void
sync_send(struct daemon *d, bool config_event)
{
	struct chan *c = helper_chan(d->monitor);
	struct sync_begin b = {
		.gen = d->gen, .mode = d->mode, .config_event = config_event,
		.load_ok = d->load_ok, .loaded_wall = d->loaded_wall,
		.started_wall = d->started_wall, .pid = getpid(),
		.uid = geteuid()
	};

	if (d->plan == NULL || !helper_ready(d->monitor))
		return;
	chan_bulk_begin(c);
	b.ntasks = d->plan->ntasks;
	put_sync_begin(chan_begin(c, SYNC_BEGIN, 0), &b);
	chan_end(c);
	send_sched(c, d->plan);
	send_procs(d, c);
	send_notes(d, c);
	send_doc(c, d->plan);
	chan_send(c, SYNC_END, 0);
	chan_bulk_end(c);
	if (!config_event)
		reload_tell_failure(d);
	web_tell(d->web);
}

void
sync_client(struct daemon *d, int fd, uint8_t rights)
{
	struct chan *c = helper_chan(d->monitor);

	if (!helper_ready(d->monitor)) {
		close(fd);
		return;
	}
	put_u8(chan_begin(c, S_CLIENT, 0), rights);
	chan_end_fd(c, fd);
}
