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
 * Why a task does not run: the chain from it to the task at which the cause
 * lies, by what each waits for.  The scheduler allows no cycle, and a chain
 * that is longer than anybody reads is cut in its middle.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "client.h"

#define WHY_LINKS	32		/* of a chain; the last is the root */

static void
put_why(struct client *cl, uint32_t task, uint32_t depth, bool root,
    const struct schedrec_require *via)
{
	struct monitor		*m = cl->mon;
	struct sched_view	 v;
	struct answer_why	 y = { 0 };
	char			 detail[REASON_TEXT], remedy[REASON_TEXT] = "";

	sched_view(m->now.sched, task, &v);
	reason_text(&v, detail, sizeof(detail));
	if (root)
		remedy_text(&v, &m->now.plan, via, remedy, sizeof(remedy));
	y.depth = depth < UINT16_MAX ? depth : UINT16_MAX;
	y.name.p = v.conf->name;
	y.name.len = strlen(v.conf->name);
	y.state = v.state;
	y.reason = v.reason;
	y.detail.p = detail;
	y.detail.len = strlen(detail);
	y.remedy.p = remedy;
	y.remedy.len = strlen(remedy);
	y.since_wall = v.since_wall;
	put_answer_why(chan_begin(cl->chan, A_WHY, cl->answer.tag), &y);
	chan_end(cl->chan);
}

/* What a task waits for, and how it asks for that; false: for no task. */
static bool
next_link(const struct sched *s, uint32_t task, uint32_t *next,
    const struct schedrec_require **via)
{
	struct sched_view	 v;
	uint32_t		 i;

	sched_view(s, task, &v);
	if (v.reason != REASON_WAITS_FOR || v.blocker_task == NO_INDEX)
		return (false);
	*next = v.blocker_task;
	*via = NULL;
	for (i = 0; i < v.conf->nrequires; i++)
		if (v.conf->requires[i].task == *next)
			*via = &v.conf->requires[i];
	return (true);
}

uint32_t
why_root(const struct sched *s, uint32_t task,
    const struct schedrec_require **via)
{
	const struct schedrec_require	*next_via;
	uint32_t			 depth, next = NO_INDEX;

	*via = NULL;
	/* No chain is longer than all tasks. */
	for (depth = 0; depth < sched_ntasks(s) &&
	    next_link(s, task, &next, &next_via); depth++) {
		task = next;
		*via = next_via;
	}
	return (task);
}

static void
put_chain(struct client *cl, uint32_t task)
{
	const struct sched		*s = cl->mon->now.sched;
	const struct schedrec_require	*via = NULL, *next_via;
	uint32_t			 depth, next = NO_INDEX;

	for (depth = 0; depth < sched_ntasks(s) &&
	    next_link(s, task, &next, &next_via); depth++) {
		if (depth < WHY_LINKS - 1)
			put_why(cl, task, depth, false, via);
		task = next;
		via = next_via;
	}
	put_why(cl, task, depth, true, via);
}

static bool
more_why(struct client *cl)
{
	struct answer	*a = &cl->answer;

	if (answer_is_old(cl))
		return (true);
	while (a->next < a->ntasks) {
		put_chain(cl, a->tasks[a->next++]);
		if (chan_queued(cl->chan) > CLIENT_PIECE)
			return (false);
	}
	chan_send(cl->chan, A_END, a->tag);
	return (true);
}

int
on_c_why(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;
	uint32_t	*tasks, n;
	int		 r;

	(void)c;
	if ((r = target_ask(cl, m, &tasks, &n)) != 1)
		return (r);
	answer_start(cl, m->tag, more_why);
	cl->answer.tasks = tasks;
	cl->answer.ntasks = n;
	answer_more(cl);
	return (0);
}
