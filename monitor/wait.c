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
 * Waiting for what becomes of requests.  After each step of the scheduler
 * only the tasks that it said something about are looked at, so that it
 * costs nothing to wait for many; one timer has the earliest deadline.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "../common/log.h"
#include "../common/util.h"
#include "request.h"

/* What was started has begun when it is still there after that. */
#define BEGUN_MS	500

RB_GENERATE(waittree, request_item, entry, request_item_cmp)

static struct monitor *
mon_of(const struct request_item *it)
{
	return (it->req->client->mon);
}

/* The first that waits for a task, or for one behind it. */
static struct request_item *
first_of(struct monitor *m, uint32_t task)
{
	struct request_item	 key = { .task = task };

	return (RB_NFIND(waittree, &m->waits, &key));
}

/* --- answering --------------------------------------------------------- */

static const char *
result_text(const struct request_item *it)
{
	if (it->text != NULL)
		return (it->text);
	return (it->code == RESULT_SAME ? "no change" : "ok");
}

static void
put_result(struct client *cl, const struct request_item *it)
{
	struct answer_result	 a = { .code = it->code };
	char			*name;

	if (it->instance == SCHED_ALL)
		name = xstrdup(it->name);
	else
		xasprintf(&name, "%s:%u", it->name, it->instance);
	a.name.p = name;
	a.name.len = strlen(name);
	a.text.p = result_text(it);
	a.text.len = strlen(a.text.p);
	put_answer_result(chan_begin(cl->chan, A_RESULT, cl->answer.tag),
	    &a);
	chan_end(cl->chan);
	free(name);
}

static void
put_verdict(struct client *cl, const struct request *r)
{
	char	 text[96];
	size_t	 i, bad = 0, unknown = 0;

	for (i = 0; i < r->n; i++) {
		bad += r->items[i].code != RESULT_OK &&
		    r->items[i].code != RESULT_SAME;
		unknown += r->items[i].code == RESULT_NOT_FOUND;
	}
	if (bad == 0) {
		client_ok(cl, cl->answer.tag, "");
		return;
	}
	if (r->refused)
		snprintf(text, sizeof(text), "nothing was changed");
	else
		snprintf(text, sizeof(text), "%s did not succeed for %zu of "
		    "%zu", request_verb(r), bad, r->n);
	client_fail(cl, cl->answer.tag, unknown > 0 ? FAIL_NOT_FOUND :
	    FAIL_FAILED, text);
}

static bool
more_results(struct client *cl)
{
	struct answer	*a = &cl->answer;

	while (a->next < a->request->n) {
		put_result(cl, &a->request->items[a->next++]);
		if (chan_queued(cl->chan) > CLIENT_PIECE)
			return (false);
	}
	put_verdict(cl, a->request);
	return (true);
}

void
requests_answer(struct client *cl)
{
	struct request	*r;

	if (cl->answer.more != NULL)
		return;
	TAILQ_FOREACH(r, &cl->requests, entry)
		if (r->done)
			break;
	if (r == NULL)
		return;
	TAILQ_REMOVE(&cl->requests, r, entry);
	cl->nrequests--;
	answer_start(cl, r->tag, more_results);
	cl->answer.request = r;
	answer_more(cl);
}

/* --- the deadlines ----------------------------------------------------- */

static struct mono
due_at(const struct request *r)
{
	return (mono_earlier(r->look, r->deadline));
}

/* Of the requests of all clients, the one to be looked at first. */
static struct request *
first_due(struct monitor *m)
{
	struct client	*cl;
	struct request	*r, *first = NULL;

	TAILQ_FOREACH(cl, &m->clients, entry)
		TAILQ_FOREACH(r, &cl->requests, entry)
			if (!r->done && (first == NULL ||
			    mono_cmp(due_at(r), due_at(first)) < 0))
				first = r;
	return (first);
}

static void
arm(struct monitor *m)
{
	struct timeval	 tv;
	struct request	*r;

	if ((r = first_due(m)) == NULL) {
		evtimer_del(m->wait_timer);
		return;
	}
	tv = mono_left(due_at(r));
	if (evtimer_add(m->wait_timer, &tv) == -1)
		fatalx("cannot arm the timer of requests");
}

static void
finish(struct request *r)
{
	r->done = true;
	arm(r->client->mon);
	requests_answer(r->client);
}

/* It waits no more; the last of a request finishes that. */
static void
over(struct request_item *it)
{
	RB_REMOVE(waittree, &mon_of(it)->waits, it);
	it->waits = false;
	if (--it->req->nwaiting == 0)
		finish(it->req);
}

/* --- how far things have come ------------------------------------------ */

static enum sched_goal
goal_of(const struct request *r)
{
	switch (r->type) {
	case C_START:
	case C_RESTART:
	case C_RUN:
		return (GOAL_UP);
	case C_STOP:
		return (GOAL_DOWN);
	default:
		return (GOAL_STEADY);
	}
}

/* It stays as it is until somebody does something. */
static bool
rests(const struct sched_view *v)
{
	return (v->state == STATE_OFF || v->state == STATE_SUSPENDED ||
	    v->state == STATE_FAILED || v->state == STATE_DONE);
}

/*
 * A task that waits for another, and so on to one that will not come by
 * itself: whoever asks is told so now, and not when his time is up.  What
 * turns out so only later does take that long, as nothing is said of this
 * task then.
 */
static bool
is_stuck(struct request_item *it)
{
	const struct sched		*s = mon_of(it)->now.sched;
	const struct schedrec_require	*via;
	struct sched_view		 v, root;
	uint32_t			 at = why_root(s, it->task, &via);
	char				 mine[REASON_TEXT], its[REASON_TEXT];
	char				*text;

	sched_view(s, at, &root);
	if (at == it->task || !rests(&root))
		return (false);
	sched_view(s, it->task, &v);
	state_text(&v, mine, sizeof(mine));
	state_text(&root, its, sizeof(its));
	xasprintf(&text, "%s; %s is %s", mine, root.conf->name, its);
	/* A count or control is changed all the same. */
	request_result(it, goal_of(it->req) == GOAL_STEADY ? RESULT_OK :
	    RESULT_FAILED, text);
	free(text);
	return (true);
}

/*
 * It runs, but only just: a program that cannot work often says so and ends
 * at once, and is not to be called running.  Asks to be looked at again.
 */
static bool
is_young(struct request_item *it)
{
	struct request	*r = it->req;
	struct mono	 at, now = mono_now();

	at = sched_newest(mon_of(it)->now.sched, it->task, it->instance);
	if (!mono_isset(at) || mono_sub(now, at) >= BEGUN_MS ||
	    mono_cmp(r->deadline, now) <= 0)
		return (false);
	r->look = mono_earlier(r->look, mono_add(at, BEGUN_MS));
	arm(mon_of(it));
	return (true);
}

/* Sets the result of what has come as far as it will; false: not yet. */
static bool
is_over(struct request_item *it)
{
	const struct sched	*s = mon_of(it)->now.sched;
	const struct request	*r = it->req;
	enum sched_reached	 reached;
	struct sched_view	 v;
	char			 text[REASON_TEXT];

	/* But what runs "start" waits as one that starts. */
	if (r->type == C_RUN && strcmp(r->word, "start") != 0)
		return (it->ticket == 0);
	if (r->type == C_SIGNAL || (it->code == RESULT_SAME &&
	    goal_of(r) == GOAL_STEADY))
		return (true);
	reached = sched_reached(s, it->task, it->instance, goal_of(r));
	if (sched_mode(s) != MODE_RUN && reached != REACHED) {
		request_result(it, RESULT_FAILED, "the daemon stops");
		return (true);
	}
	if (reached == REACHED_NOT_YET)
		return (goal_of(r) != GOAL_DOWN && is_stuck(it));
	if (reached == REACHED && goal_of(r) == GOAL_UP && is_young(it))
		return (false);
	sched_view(s, it->task, &v);
	state_text(&v, text, sizeof(text));
	if (reached == REACHED_NEVER)
		request_result(it, RESULT_FAILED, text);
	else if (it->code == RESULT_OK && it->instance == SCHED_ALL)
		request_result(it, RESULT_OK, r->type == C_STOP ? "stopped" :
		    text);
	return (true);
}

/* A process of the command that it waits for has ended, or never began. */
static void
command_said(struct request_item *it, const struct sched_action *a)
{
	char	 text[REASON_TEXT];

	if (a->report != REPORT_CMD_EXITED && a->report != REPORT_CMD_FAILED &&
	    a->report != REPORT_CMD_KILLED)
		return;
	if ((a->report != REPORT_CMD_EXITED || a->status != 0) &&
	    it->code == RESULT_OK) {
		(void)report_what(mon_of(it)->now.sched, a, text,
		    sizeof(text));
		request_result(it, RESULT_FAILED, text);
	}
	if (a->report != REPORT_CMD_KILLED && a->left == 0)
		over(it);
}

void
wait_step(struct monitor *m, const struct sched_action *acts, size_t n)
{
	const struct sched_action	*a;
	struct request_item		*it, *next;
	size_t				 i;

	for (i = 0; i < n && !RB_EMPTY(&m->waits); i++) {
		a = &acts[i];
		if (a->what != SCHED_REPORT || a->task == NO_INDEX)
			continue;
		for (it = first_of(m, a->task); it != NULL &&
		    it->task == a->task; it = next) {
			next = RB_NEXT(waittree, &m->waits, it);
			if (it->ticket != 0) {
				if (it->ticket == a->ticket)
					command_said(it, a);
			} else if (is_over(it))
				over(it);
		}
	}
}

static void
timed_out(struct request_item *it)
{
	struct sched_view	 v;
	char			 state[REASON_TEXT], *text, t[32];

	sched_view(mon_of(it)->now.sched, it->task, &v);
	state_text(&v, state, sizeof(state));
	xasprintf(&text, "not within %s: %s",
	    seconds_text(it->req->wait_ms, t, sizeof(t)),
	    it->ticket != 0 ? "its command still runs" : state);
	request_result(it, RESULT_TIMEOUT, text);
	free(text);
}

/* Its time is up, or what it waits for is to be looked at again. */
static void
look(struct request *r, struct mono now)
{
	struct request_item	*it, *last = NULL;
	bool			 late = mono_cmp(r->deadline, now) <= 0;
	size_t			 i;

	r->look = MONO_NEVER;
	for (i = 0; i < r->n; i++) {
		it = &r->items[i];
		if (!it->waits)
			continue;
		if (it->ticket != 0 || !is_over(it)) {
			if (!late)
				continue;
			timed_out(it);
		}
		/* The last of them ends the request. */
		if (last != NULL)
			over(last);
		last = it;
	}
	if (last != NULL)
		over(last);
}

static void
on_wait_timer(evutil_socket_t fd, short what, void *arg)
{
	struct monitor	*m = arg;
	struct mono	 now = mono_now();
	struct request	*r;

	(void)fd;
	(void)what;
	while ((r = first_due(m)) != NULL && mono_cmp(due_at(r), now) <= 0)
		look(r, now);
	arm(m);
}

static void
begin(struct request_item *it)
{
	struct monitor	*m = mon_of(it);

	it->id = m->next_wait++;
	it->waits = true;
	/* It was under way already: what comes of it counts. */
	it->code = RESULT_OK;
	it->req->nwaiting++;
	RB_INSERT(waittree, &m->waits, it);
}

void
wait_begin(struct request *r)
{
	struct client	*cl = r->client;
	struct monitor	*m = cl->mon;
	size_t		 i;

	TAILQ_INSERT_TAIL(&cl->requests, r, entry);
	cl->nrequests++;
	r->deadline = mono_add(mono_now(), r->wait_ms);
	for (i = 0; !r->refused && r->wait_ms > 0 && i < r->n; i++)
		if ((r->items[i].code == RESULT_OK ||
		    r->items[i].code == RESULT_SAME) && !is_over(&r->items[i]))
			begin(&r->items[i]);
	if (r->nwaiting == 0)
		finish(r);
	else
		arm(m);
	act_flush(m);
}

/* --- what comes in between --------------------------------------------- */

void
wait_init(struct monitor *m)
{
	RB_INIT(&m->waits);
	if ((m->wait_timer = evtimer_new(m->base, on_wait_timer, m)) == NULL)
		fatalx("cannot set up the timer of requests");
}

void
requests_drop(struct client *cl)
{
	struct request	*r;
	size_t		 i;

	while ((r = TAILQ_FIRST(&cl->requests)) != NULL) {
		TAILQ_REMOVE(&cl->requests, r, entry);
		for (i = 0; i < r->n; i++)
			if (r->items[i].waits)
				RB_REMOVE(waittree, &cl->mon->waits,
				    &r->items[i]);
		request_free(r);
	}
	cl->nrequests = 0;
	arm(cl->mon);
}

static int
by_name(const void *a, const void *b)
{
	const struct request_item *const	*i = a, *const *k = b;

	return (strcmp((*i)->name, (*k)->name));
}

/* The new index of what waits, or its result. */
static void
found_again(struct request_item *it, uint32_t task)
{
	struct monitor	*m = mon_of(it);

	it->task = task;
	RB_INSERT(waittree, &m->waits, it);
	if (task == NO_INDEX)
		request_result(it, RESULT_FAILED,
		    "it was removed from the configuration");
	else if (it->ticket != 0)
		request_result(it, RESULT_FAILED, "the configuration was "
		    "loaded anew meanwhile: the log says how it ends");
	else if (!is_over(it))
		return;
	over(it);
}

void
waits_synced(struct monitor *m)
{
	struct request_item	**all, *it;
	const char		**names;
	uint32_t		 *tasks;
	size_t			  n = 0, i;

	RB_FOREACH(it, waittree, &m->waits)
		n++;
	if (n == 0)
		return;
	all = xcalloc(n, sizeof(*all));
	names = xcalloc(n, sizeof(*names));
	tasks = xcalloc(n, sizeof(*tasks));
	i = 0;
	RB_FOREACH(it, waittree, &m->waits)
		all[i++] = it;
	RB_INIT(&m->waits);
	qsort(all, n, sizeof(*all), by_name);
	for (i = 0; i < n; i++)
		names[i] = all[i]->name;
	target_find(m->now.sched, names, n, tasks);
	/* The last item of a request ends that, so none is looked at twice. */
	for (i = 0; i < n; i++)
		found_again(all[i], tasks[i]);
	free(all);
	free(names);
	free(tasks);
}
