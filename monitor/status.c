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
 * The long answers: status and configuration.  They are made piece by piece
 * as the client reads, so that one that does not read costs a piece and no
 * more; meanwhile its further questions wait in its socket.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "client.h"

/* Names in one answer; beyond, the list is cut. */
#define NAMES_MAX	4096

void
answer_clear(struct answer *a)
{
	free(a->tasks);
	doc_release(a->doc);
	*a = (struct answer){ 0 };
}

static void
answer_start(struct client *cl, uint32_t tag)
{
	cl->answer.busy = true;
	cl->answer.tag = tag;
	cl->answer.epoch = cl->mon->epoch;
	chan_pause(cl->chan, true);
}

static void
answer_over(struct client *cl)
{
	answer_clear(&cl->answer);
	chan_pause(cl->chan, false);
}

static bool
has_role(const struct schedrec_task *conf, const char *role)
{
	uint32_t	 i;

	for (i = 0; i < conf->nroles; i++)
		if (strcmp(conf->roles[i], role) == 0)
			return (true);
	return (false);
}

/* Marks what one word of the question names; false: nothing. */
static bool
select_tasks(const struct sched *s, const char *word, bool *chosen)
{
	struct sched_view	 v;
	uint32_t		 i, n = sched_ntasks(s);
	bool			 any = false, hit;

	if (strcmp(word, "all") == 0) {
		memset(chosen, true, n);
		return (true);
	}
	for (i = 0; i < n; i++) {
		if (word[0] == '@') {
			sched_view(s, i, &v);
			hit = has_role(v.conf, word + 1);
		} else
			hit = match_name(word, sched_task_name(s, i));
		if (hit)
			any = chosen[i] = true;
	}
	return (any);
}

static void
put_summary(struct client *cl)
{
	struct monitor		*m = cl->mon;
	const struct told	*t = &m->now;
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
	put_answer_summary(chan_begin(cl->chan, A_SUMMARY, cl->answer.tag),
	    &s, (const char *const *)t->plan.roles);
	chan_end(cl->chan);
}

int
on_c_status(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;
	struct sched	*s = cl->mon->now.sched;
	struct answer	*a = &cl->answer;
	struct span	 sp;
	char		*word, *text;
	bool		*chosen, ok = true;
	uint32_t	 i, n, ntasks = sched_ntasks(s);

	(void)c;
	n = get_count(&m->body, 2);
	if (n > PATTERNS_MAX)
		return (-1);
	chosen = xcalloc(ntasks + 1, sizeof(*chosen));
	if (n == 0)
		memset(chosen, true, ntasks);
	for (i = 0; i < n; i++) {
		sp = get_str(&m->body);
		/* One failure is the answer; the rest is only read. */
		if (m->body.bad || !ok)
			continue;
		word = xstrndup(sp.p, sp.len);
		if (!(ok = select_tasks(s, word, chosen))) {
			xasprintf(&text, "%s: no such task or role", word);
			client_fail(cl, m->tag, FAIL_NOT_FOUND, text);
			free(text);
		}
		free(word);
	}
	if (!cursor_done(&m->body) || !ok) {
		free(chosen);
		return (cursor_done(&m->body) ? 0 : -1);
	}
	answer_start(cl, m->tag);
	a->tasks = xcalloc(ntasks + 1, sizeof(*a->tasks));
	for (i = 0; i < ntasks; i++)
		if (chosen[i])
			a->tasks[a->ntasks++] = i;
	free(chosen);
	cl->armed = true;
	put_summary(cl);
	answer_more(cl);
	return (0);
}

int
on_c_config(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;

	(void)c;
	answer_start(cl, m->tag);
	cl->answer.doc = cl->mon->now.doc;
	cl->answer.doc->refs++;
	answer_more(cl);
	return (0);
}

static void
put_task(struct client *cl, uint32_t task)
{
	struct sched		*s = cl->mon->now.sched;
	struct sched_view	 v;
	struct answer_task	 t = { 0 };
	const char		**requires;
	char			 detail[512];
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

/* A piece of a status answer; true when it was the last. */
static bool
more_status(struct client *cl)
{
	struct sched		*s = cl->mon->now.sched;
	struct answer		*a = &cl->answer;
	struct sched_view	 v;
	struct sched_proc_view	 p;
	uint32_t		 task;

	if (a->epoch != cl->mon->epoch) {
		client_fail(cl, a->tag, FAIL_BUSY,
		    "the configuration was reloaded meanwhile: ask again");
		return (true);
	}
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

static bool
more_config(struct client *cl)
{
	struct answer	*a = &cl->answer;
	size_t		 n;

	while (a->off < a->doc->len) {
		if ((n = a->doc->len - a->off) > LIMIT_CHUNK)
			n = LIMIT_CHUNK;
		put_blob(chan_begin(cl->chan, A_CHUNK, a->tag),
		    a->doc->text + a->off, n);
		chan_end(cl->chan);
		a->off += n;
		if (chan_queued(cl->chan) > CLIENT_PIECE)
			return (false);
	}
	chan_send(cl->chan, A_END, a->tag);
	return (true);
}

void
answer_more(struct client *cl)
{
	if (!cl->answer.busy)
		return;
	if (cl->answer.doc != NULL ? more_config(cl) : more_status(cl))
		answer_over(cl);
}
