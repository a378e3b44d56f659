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
 * Status and configuration, as long answers.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/util.h"
#include "client.h"

static_assert((int)RESTART_EXIT == (int)CAUSE_EXIT &&
    (int)RESTART_PROBE == (int)CAUSE_PROBE &&
    (int)RESTART_CAUSE_MAX == (int)CAUSE_MAX, "the scheduler's causes");

/* Names in one answer; beyond, the list is cut. */
#define NAMES_MAX	4096

static void
put_summary(struct client *cl)
{
	struct monitor		*m = cl->mon;
	const struct told	*t = &m->now;
	char			*alerts[ALERTS_MAX];
	uint32_t		 i;
	struct answer_summary	 s = {
		.change = sched_changes(t->sched) + m->changes,
		.gen = t->begin.gen,
		.pid = t->begin.pid,
		.mode = sched_mode(t->sched),
		.load_ok = m->load_ok,
		.roles_on = t->plan.roles_on,
		.loaded_wall = t->begin.loaded_wall,
		.started_wall = t->begin.started_wall,
		.ntasks = t->begin.ntasks,
		.nrunning = sched_nrunning(t->sched),
		.version = { PACKAGE_VERSION, strlen(PACKAGE_VERSION) }
	};

	if (!m->load_ok && m->load.error != NULL) {
		s.load_error.p = m->load.error;
		s.load_error.len = strlen(m->load.error);
	}
	s.nroles = t->plan.nroles < NAMES_MAX ? t->plan.nroles : NAMES_MAX;
	s.nalerts = alerts_list(m, alerts);
	put_answer_summary(chan_begin(cl->chan, A_SUMMARY, cl->answer.tag),
	    &s, (const char *const *)t->plan.roles,
	    (const char *const *)alerts);
	chan_end(cl->chan);
	for (i = 0; i < s.nalerts; i++)
		free(alerts[i]);
	listeners_put(m, cl->chan, cl->answer.tag);
}

static void
put_task(struct client *cl, uint32_t task)
{
	struct sched		*s = cl->mon->now.sched;
	struct sched_view	 v;
	struct answer_task	 t = { 0 };
	const char		**requires;
	char			 detail[REASON_TEXT];
	uint32_t		 i;

	sched_view(s, task, &v);
	reason_text(&v, detail, sizeof(detail));
	t.name.p = v.conf->name;
	t.name.len = strlen(v.conf->name);
	t.control = v.control;
	t.count = v.count;
	t.running = v.running;
	t.state = v.state;
	t.reason = v.reason;
	t.detail.p = detail;
	t.detail.len = strlen(detail);
	t.since_wall = v.since_wall;
	t.restarts = v.restarts;
	t.in_scope = v.in_scope;
	t.counts.starts = v.counts->starts;
	t.counts.start_failures = v.counts->start_failures;
	t.counts.exits_ok = v.counts->exits_ok;
	t.counts.exits_bad = v.counts->exits_bad;
	t.counts.exits_signal = v.counts->exits_signal;
	for (i = 0; i < RESTART_CAUSE_MAX; i++)
		t.counts.restarts[i] = v.counts->restarts[i];
	t.nrequires = v.conf->nrequires < NAMES_MAX ? v.conf->nrequires :
	    NAMES_MAX;
	t.nroles = v.conf->nroles < NAMES_MAX ? v.conf->nroles : NAMES_MAX;
	requires = xcalloc(t.nrequires + 1, sizeof(*requires));
	for (i = 0; i < t.nrequires; i++)
		requires[i] = sched_task_name(s, v.conf->requires[i].task);
	put_answer_task(chan_begin(cl->chan, A_TASK, cl->answer.tag), &t,
	    requires, (const char *const *)v.conf->roles);
	chan_end(cl->chan);
	free(requires);
}

static void
put_proc(struct client *cl, const struct sched_proc_view *v)
{
	struct answer_proc	 p = {
		.instance = v->instance,
		.pid = v->pid,
		.exit_pending = v->stopping,
		.held = v->held,
		.exited = v->ended,
		.started_wall = v->started_wall,
		.exited_wall = v->ended ? v->exited_wall : 0,
		.status = v->ended ? v->status : 0,
		.starts = v->starts
	};

	if (v->pid != 0)
		p.uptime_ms = mono_sub(mono_now(), v->started);
	put_answer_proc(chan_begin(cl->chan, A_PROC, cl->answer.tag), &p);
	chan_end(cl->chan);
}

static bool
more_status(struct client *cl)
{
	struct sched		*s = cl->mon->now.sched;
	struct answer		*a = &cl->answer;
	struct sched_view	 v;
	struct sched_proc_view	 p;
	uint32_t		 task;

	if (answer_is_old(cl))
		return (true);
	while (a->next < a->ntasks) {
		task = a->tasks[a->next];
		sched_view(s, task, &v);
		if (a->nextproc == 0)
			put_task(cl, task);
		while (a->nextproc < v.nprocs) {
			sched_proc_view(s, task, a->nextproc++, &p);
			put_proc(cl, &p);
		}
		a->nextproc = 0;
		a->next++;
		if (chan_queued(cl->chan) > CLIENT_PIECE)
			return (false);
	}
	chan_send(cl->chan, A_END, a->tag);
	return (true);
}

int
on_c_status(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;
	uint32_t	*tasks, n;
	int		 r;

	(void)c;
	if ((r = target_ask(cl, m, &tasks, &n)) != 1)
		return (r);
	answer_start(cl, m->tag, more_status);
	cl->answer.tasks = tasks;
	cl->answer.ntasks = n;
	cl->armed = true;
	put_summary(cl);
	answer_more(cl);
	return (0);
}

static bool
more_config(struct client *cl)
{
	static char	 buf[LIMIT_CHUNK];
	struct answer	*a = &cl->answer;
	size_t		 left;
	ssize_t		 n;

	while (a->doc != NULL && (left = a->doc->len - a->off) > 0) {
		n = pread(a->doc->fd, buf, left < sizeof(buf) ? left :
		    sizeof(buf), a->off);
		if (n <= 0) {
			client_fail(cl, a->tag, FAIL_FAILED,
			    "the configuration cannot be read");
			return (true);
		}
		put_blob(chan_begin(cl->chan, A_CHUNK, a->tag), buf, n);
		chan_end(cl->chan);
		a->off += n;
		if (chan_queued(cl->chan) > CLIENT_PIECE)
			return (false);
	}
	chan_send(cl->chan, A_END, a->tag);
	return (true);
}

int
on_c_config(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;

	(void)c;
	answer_start(cl, m->tag, more_config);
	cl->answer.doc = cl->mon->now.doc;
	if (cl->answer.doc != NULL)
		cl->answer.doc->refs++;
	answer_more(cl);
	return (0);
}
