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
 * the monitor compares and converges.  Where the plan differs from the one
 * before in a few tasks only, those are told (a delta); what a plan would do
 * that is not in force, is told in the same words (a trial).
 */

#include <sys/types.h>

#include <fcntl.h>
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

struct sync {
	struct daemon	*d;
	struct chan	*c;
	const struct plan_store *ps;	/* of a trial: not d->plan */
	enum sync_kind	 kind;
	uint32_t	 tag;
};

static void
send_begin(const struct sync *s, bool config_event)
{
	const struct daemon *d = s->d;
	struct sync_begin b = {
		.kind = s->kind, .gen = d->gen, .ntasks = s->ps->ntasks,
		.mode = d->mode, .config_event = config_event,
		.load_ok = s->kind == SYNC_TRIAL || d->load_ok,
		.loaded_wall = d->loaded_wall,
		.started_wall = d->started_wall, .pid = getpid(),
		.uid = geteuid()
	};

	put_sync_begin(chan_begin(s->c, SYNC_BEGIN, s->tag), &b);
	chan_end(s->c);
}

static void
send_sched(const struct sync *s, uint32_t task)
{
	struct wbuf *w = chan_begin(s->c, SYNC_SCHED, s->tag);

	if (task == NO_INDEX)
		put_plan_sched(w, task, s->ps->sched, s->ps->schedlen);
	else
		put_plan_sched(w, task, s->ps->tasks[task].sched,
		    s->ps->tasks[task].schedlen);
	chan_end(s->c);
}

static void
send_scheds(const struct sync *s)
{
	uint32_t i;

	send_sched(s, NO_INDEX);
	for (i = 0; i < s->ps->ntasks; i++)
		send_sched(s, i);
}

/* A record of the table, its task as the plan of the sync has it. */
static void
send_proc(const struct sync *s, const struct proc *p)
{
	struct sync_proc sp = {
		.id = p->id, .task = p->task, .instance = p->instance,
		.kind = p->kind, .cmd = p->cmd,
		.pid = p->running ? p->pid : 0,
		.stale = proc_stale(p, s->ps), .foreign = p->foreign,
		.watched = !p->foreign || foreign_watched(p),
		.started = p->started, .started_wall = p->started_wall,
		.exited = p->exited, .exited_wall = p->exited_wall,
		.status = p->status, .last_signal = p->last_signal,
		.signalled = p->signalled, .starts = p->starts,
		.name = { p->name, strlen(p->name) }
	};

	put_sync_proc(chan_begin(s->c, SYNC_PROC, s->tag), &sp);
	chan_end(s->c);
}

/*
 * All that runs or ran; a command that ended while nobody listened is told
 * once, by its absence from now on.
 */
static void
send_procs(const struct sync *s)
{
	struct proctab *procs = s->d->procs;
	struct proc *p, *next, other;

	for (p = proctab_first(procs); p != NULL; p = next) {
		next = proctab_next(procs, p);
		if (s->kind == SYNC_TRIAL) {
			other = *p;
			other.task = proc_would_be(p, s->d->plan, s->ps);
			if (p->running || other.task != NO_INDEX)
				send_proc(s, &other);
		} else if (p->kind == PROC_COMMAND && !p->running)
			proctab_drop(procs, p);
		else
			send_proc(s, p);
	}
}

static void
send_note(const struct sync *s, uint32_t task, enum note_kind kind,
    const struct kept_note *note)
{
	struct note n = { .gen = s->d->gen, .kind = kind, .task = task,
	    .blob = { (const char *)note->data, note->len } };

	put_note(chan_begin(s->c, SYNC_NOTE, s->tag), &n);
	chan_end(s->c);
}

static void
send_notes(const struct sync *s)
{
	const struct daemon *d = s->d;
	const struct kept_task *k;
	uint32_t i, task;
	int kind;

	for (i = 0; i < d->kept->ntasks; i++) {
		k = &d->kept->tasks[i];
		if (k->notes[NOTE_SCHED] == NULL &&
		    k->notes[NOTE_WATCH] == NULL)
			continue;
		task = s->ps == d->plan ? i :
		    planstore_find(s->ps, d->plan->tasks[i].name);
		if (task == NO_INDEX)
			continue;
		for (kind = 0; kind < NOTE_KIND_MAX; kind++)
			if (k->notes[kind] != NULL)
				send_note(s, task, kind, k->notes[kind]);
	}
}

/* Without it there is no document, which is shown to people only. */
static void
send_doc(const struct sync *s)
{
	int fd;

	if ((fd = fcntl(s->ps->docfd, F_DUPFD_CLOEXEC, 0)) == -1) {
		log_warn("the configuration cannot be passed on");
		return;
	}
	put_u32(chan_begin(s->c, SYNC_DOC, s->tag), s->ps->doclen);
	chan_end_fd(s->c, fd);
}

static void
send_all(const struct sync *s, bool config_event)
{
	chan_bulk_begin(s->c);
	send_begin(s, config_event);
	send_scheds(s);
	send_procs(s);
	send_notes(s);
	if (s->kind != SYNC_TRIAL)
		send_doc(s);
	chan_send(s->c, SYNC_END, s->tag);
	chan_bulk_end(s->c);
}

/* What changed with the plan that is now in force: see kept.h. */
static void
send_changed(const struct sync *s)
{
	struct proctab *procs = s->d->procs;
	struct proc *p;
	uint32_t i;
	uint16_t k;

	for (i = 0; i < s->ps->ntasks; i++)
		if (s->d->kept->tasks[i].changed == s->d->gen)
			send_sched(s, i);
	for (i = 0; i < s->ps->ntasks; i++) {
		if (s->d->kept->tasks[i].changed != s->d->gen)
			continue;
		for (k = 0; k < proctab_nslots(procs, i); k++) {
			p = proctab_slot(procs, i, k);
			if (p != NULL && p->running &&
			    proc_stale(p, s->ps) != 0)
				send_proc(s, p);
		}
	}
}

static struct sync
sync_of(struct daemon *d, enum sync_kind kind)
{
	return ((struct sync){ .d = d, .c = helper_chan(d->monitor),
	    .ps = d->plan, .kind = kind });
}

void
sync_send(struct daemon *d, bool config_event)
{
	struct sync s = sync_of(d, SYNC_FULL);

	if (d->plan == NULL || !helper_ready(d->monitor))
		return;
	d->full_gen = d->gen;
	d->synced = true;
	send_all(&s, config_event);
	if (!config_event)
		reload_tell_failure(d);
	web_tell(d->web);
}

void
sync_delta(struct daemon *d)
{
	struct sync s = sync_of(d, SYNC_DELTA);

	if (!helper_ready(d->monitor))
		return;
	chan_bulk_begin(s.c);
	send_begin(&s, true);
	send_sched(&s, NO_INDEX);
	send_changed(&s);
	send_doc(&s);
	chan_send(s.c, SYNC_END, 0);
	chan_bulk_end(s.c);
	web_tell(d->web);
}

void
sync_trial(struct daemon *d, const struct plan_store *ps, uint32_t tag)
{
	struct sync s = sync_of(d, SYNC_TRIAL);

	if (!helper_ready(d->monitor))
		return;
	s.ps = ps;
	s.tag = tag;
	send_all(&s, true);
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
