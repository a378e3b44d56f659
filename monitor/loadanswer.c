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
 * What is answered about a load, carried out or only tried: its messages,
 * what it does to each task, and the sum of that.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/plan.h"
#include "../common/util.h"
#include "client.h"
#include "outcome.h"

#define LOADLOG_MAX	(256 * 1024)	/* of messages kept; the log has all */

/* Outcomes that wait for their turn, when another answer is under way. */
struct ready {
	TAILQ_ENTRY(ready) entry;
	uint32_t	 tag;
	struct outcomes	*outcomes;
	char		*text;
};

void
loadlog_clear(struct loadlog *l)
{
	free(l->text);
	free(l->error);
	*l = (struct loadlog){ 0 };
}

void
loadlog_add(struct loadlog *l, const struct plan_err *e)
{
	if (e->severity == PLAN_ERROR && l->error == NULL)
		l->error = xstrndup(e->text.p, e->text.len);
	if (e->text.len + 1 > LOADLOG_MAX - l->len)
		return;
	l->text = xreallocarray(l->text, l->len + e->text.len + 1, 1);
	memcpy(l->text + l->len, e->text.p, e->text.len);
	l->len += e->text.len;
	l->text[l->len++] = '\n';
}

void
loadlog_send(const struct loadlog *l, struct client *cl, uint32_t tag)
{
	size_t	 done, n;

	for (done = 0; done < l->len; done += n) {
		if ((n = l->len - done) > LIMIT_CHUNK)
			n = LIMIT_CHUNK;
		put_blob(chan_begin(cl->chan, A_CHUNK, tag), l->text + done,
		    n);
		chan_end(cl->chan);
	}
}

static void
put_outcome(struct client *cl, const struct outcome *o)
{
	struct answer_change	 a = {
		.name = { o->name, strlen(o->name) },
		.added = o->added, .removed = o->removed, .kept = o->kept,
		.started = o->started, .stopped = o->stopped,
		.restarted = o->restarted,
		.why = { o->why, strlen(o->why) }
	};

	put_answer_change(chan_begin(cl->chan, A_CHANGE, cl->answer.tag),
	    &a);
	chan_end(cl->chan);
}

static bool
more_outcomes(struct client *cl)
{
	struct answer	*a = &cl->answer;

	while (a->next < a->ready->outcomes->n) {
		put_outcome(cl, &a->ready->outcomes->v[a->next++]);
		if (chan_queued(cl->chan) > CLIENT_PIECE)
			return (false);
	}
	client_ok(cl, a->tag, a->ready->text);
	return (true);
}

void
ready_free(struct ready *r)
{
	if (r == NULL)
		return;
	outcomes_free(r->outcomes);
	free(r->text);
	free(r);
}

void
ready_answer(struct client *cl)
{
	struct ready	*r;

	if (cl->answer.more != NULL || (r = TAILQ_FIRST(&cl->ready)) == NULL)
		return;
	TAILQ_REMOVE(&cl->ready, r, entry);
	answer_start(cl, r->tag, more_outcomes);
	cl->answer.ready = r;
	answer_more(cl);
}

void
ready_drop(struct client *cl)
{
	struct ready	*r;

	while ((r = TAILQ_FIRST(&cl->ready)) != NULL) {
		TAILQ_REMOVE(&cl->ready, r, entry);
		ready_free(r);
	}
}

void
load_answer(struct client *cl, uint32_t tag, const char *what,
    const struct before *before, const struct sched *now)
{
	struct ready	*r;
	char		 sum[128];

	r = xcalloc(1, sizeof(*r));
	r->tag = tag;
	r->outcomes = outcomes_new(before, now);
	outcomes_sum(r->outcomes, now, sum, sizeof(sum));
	xasprintf(&r->text, "%s: %s", what, sum);
	TAILQ_INSERT_TAIL(&cl->ready, r, entry);
	ready_answer(cl);
}
