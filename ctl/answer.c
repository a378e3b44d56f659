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
 * Collecting an answer.  The messages come from the daemon, or from whoever
 * listens in its place: each is checked by its get_ function, and one out of
 * place ends the conversation.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/util.h"
#include "answer.h"

/*
 * What one answer may make us keep.  The longest that is true: the summary,
 * 65,536 tasks with all they require, and their processes.
 */
#define ANSWER_MAX	((size_t)128 * 1024 * 1024)	/* bytes */
#define LIST_MAX	(2 * LIMIT_TASKS)		/* of anything */

enum step {
	STEP_MORE,
	STEP_DONE,
	STEP_BAD
};

/* Counts n bytes more; false when that is beyond all bounds. */
static bool
keep(struct answer *a, size_t n)
{
	if (n > ANSWER_MAX - a->kept)
		return (false);
	a->kept += n;
	return (true);
}

static void *
copy_payload(const struct imsg *m, struct cursor *body)
{
	void		*copy;

	copy = xcalloc(1, m->len + 1);
	memcpy(copy, m->data, m->len);
	cursor_init(body, copy, m->len);
	return (copy);
}

/* Room for one more after n of them; grown by doubling: there may be many. */
static void *
grow(void *list, size_t n, size_t size)
{
	if ((n & (n - 1)) == 0)
		list = xreallocarray(list, n == 0 ? 1 : n * 2, size);
	memset((char *)list + n * size, 0, size);
	return (list);
}

static enum step
on_summary(struct answer *a, const struct imsg *m)
{
	struct cursor	 body;

	if (a->have_summary)
		return (STEP_BAD);
	a->have_summary = true;
	a->copy = copy_payload(m, &body);
	if (get_answer_summary(&body, &a->summary) == -1)
		return (STEP_BAD);
	return (STEP_MORE);
}

static enum step
on_listener(struct answer *a, const struct imsg *m)
{
	struct answer_listener	*l;
	struct cursor		 body;

	if (a->nlisteners == LIMIT_LISTEN)
		return (STEP_BAD);
	a->listeners = grow(a->listeners, a->nlisteners,
	    sizeof(*a->listeners));
	l = &a->listeners[a->nlisteners++];
	l->copy = copy_payload(m, &body);
	return (get_listener(&body, &l->listener) == -1 ? STEP_BAD :
	    STEP_MORE);
}

static enum step
on_task(struct answer *a, const struct imsg *m)
{
	struct answer_entry	*e;
	struct cursor		 body;

	if (a->ntasks == LIMIT_TASKS)
		return (STEP_BAD);
	a->tasks = grow(a->tasks, a->ntasks, sizeof(*a->tasks));
	e = &a->tasks[a->ntasks++];
	e->copy = copy_payload(m, &body);
	if (get_answer_task(&body, &e->task) == -1)
		return (STEP_BAD);
	return (STEP_MORE);
}

static enum step
on_proc(struct answer *a, const struct imsg *m)
{
	struct answer_entry	*e;
	struct cursor		 body;

	if (a->ntasks == 0)
		return (STEP_BAD);
	e = &a->tasks[a->ntasks - 1];
	if (e->nslots == LIMIT_INSTANCES)
		return (STEP_BAD);
	e->slots = grow(e->slots, e->nslots, sizeof(*e->slots));
	cursor_init(&body, m->data, m->len);
	if (get_answer_proc(&body, &e->slots[e->nslots].proc) == -1)
		return (STEP_BAD);
	e->nslots++;
	return (STEP_MORE);
}

static enum step
on_why(struct answer *a, const struct imsg *m)
{
	struct answer_link	*l;
	struct cursor		 body;

	if (a->nlinks == LIST_MAX)
		return (STEP_BAD);
	a->links = grow(a->links, a->nlinks, sizeof(*a->links));
	l = &a->links[a->nlinks++];
	l->copy = copy_payload(m, &body);
	/* A chain begins with the task that was asked about. */
	if (get_answer_why(&body, &l->why) == -1 ||
	    (a->nlinks == 1 && l->why.depth != 0))
		return (STEP_BAD);
	return (STEP_MORE);
}

static enum step
on_result(struct answer *a, const struct imsg *m)
{
	struct answer_outcome	*o;
	struct cursor		 body;

	if (a->noutcomes == LIST_MAX)
		return (STEP_BAD);
	a->outcomes = grow(a->outcomes, a->noutcomes, sizeof(*a->outcomes));
	o = &a->outcomes[a->noutcomes++];
	o->copy = copy_payload(m, &body);
	if (get_answer_result(&body, &o->result) == -1)
		return (STEP_BAD);
	return (STEP_MORE);
}

static enum step
on_change(struct answer *a, const struct imsg *m)
{
	struct answer_effect	*e;
	struct cursor		 body;

	if (a->neffects == LIST_MAX)
		return (STEP_BAD);
	a->effects = grow(a->effects, a->neffects, sizeof(*a->effects));
	e = &a->effects[a->neffects++];
	e->copy = copy_payload(m, &body);
	if (get_answer_change(&body, &e->change) == -1)
		return (STEP_BAD);
	return (STEP_MORE);
}

static enum step
on_chunk(struct answer *a, const struct imsg *m)
{
	struct cursor	 body;
	struct span	 s;

	cursor_init(&body, m->data, m->len);
	s = get_blob(&body);
	if (!cursor_done(&body))
		return (STEP_BAD);
	/* With room for as much again: there may be many. */
	if (a->chunks == NULL || s.len >= a->chunkroom - a->nchunks) {
		a->chunkroom = 2 * (a->nchunks + s.len) + 1;
		a->chunks = xreallocarray(a->chunks, a->chunkroom, 1);
	}
	memcpy(a->chunks + a->nchunks, s.p, s.len);
	a->nchunks += s.len;
	a->chunks[a->nchunks] = '\0';
	return (STEP_MORE);
}

static enum step
on_ok(struct answer *a, const struct imsg *m)
{
	struct cursor	 body;
	struct span	 s;

	cursor_init(&body, m->data, m->len);
	s = get_str(&body);
	if (!cursor_done(&body))
		return (STEP_BAD);
	a->text = xstrndup(s.p, s.len);
	return (STEP_DONE);
}

static enum step
on_fail(struct answer *a, const struct imsg *m)
{
	struct answer_fail	 f;
	struct cursor		 body;

	cursor_init(&body, m->data, m->len);
	if (get_answer_fail(&body, &f) == -1)
		return (STEP_BAD);
	a->failed = true;
	a->code = (enum fail_code)f.code;
	a->text = xstrndup(f.text.p, f.text.len);
	return (STEP_DONE);
}

static enum step
on_end(struct answer *a, const struct imsg *m)
{
	(void)a;
	return (m->len == 0 ? STEP_DONE : STEP_BAD);
}

static const struct {
	uint16_t	 type;
	enum step	(*fn)(struct answer *, const struct imsg *);
} steps[] = {
	{ A_SUMMARY,	on_summary },
	{ A_LISTENER,	on_listener },
	{ A_TASK,	on_task },
	{ A_PROC,	on_proc },
	{ A_WHY,	on_why },
	{ A_RESULT,	on_result },
	{ A_CHANGE,	on_change },
	{ A_CHUNK,	on_chunk },
	{ A_OK,		on_ok },
	{ A_FAIL,	on_fail },
	{ A_END,	on_end }
};

static enum step
take(struct answer *a, const struct imsg *m)
{
	size_t		 i;

	if (!keep(a, m->len))
		return (STEP_BAD);
	for (i = 0; i < nitems(steps); i++)
		if (steps[i].type == m->type)
			return (steps[i].fn(a, m));
	return (STEP_BAD);
}

enum ctl_exit
answer_read(struct conn *c, uint32_t tag, struct answer *a)
{
	struct imsg	 m;
	enum ctl_exit	 code;
	enum step	 step;

	memset(a, 0, sizeof(*a));
	do {
		if ((code = conn_next(c, &m)) != CTL_OK)
			return (code);
		step = m.tag == tag ? take(a, &m) : STEP_MORE;
		if (step == STEP_BAD) {
			snprintf(c->error, sizeof(c->error), "%s: the daemon "
			    "sent an answer that breaks the protocol",
			    c->path);
			return (CTL_UNREACHABLE);
		}
	} while (step == STEP_MORE);
	return (CTL_OK);
}

void
answer_free(struct answer *a)
{
	size_t		 i;

	for (i = 0; i < a->ntasks; i++) {
		free(a->tasks[i].slots);
		free(a->tasks[i].copy);
	}
	for (i = 0; i < a->nlisteners; i++)
		free(a->listeners[i].copy);
	free(a->listeners);
	for (i = 0; i < a->nlinks; i++)
		free(a->links[i].copy);
	for (i = 0; i < a->noutcomes; i++)
		free(a->outcomes[i].copy);
	for (i = 0; i < a->neffects; i++)
		free(a->effects[i].copy);
	free(a->tasks);
	free(a->links);
	free(a->outcomes);
	free(a->effects);
	free(a->copy);
	free(a->chunks);
	free(a->text);
	memset(a, 0, sizeof(*a));
}

/* A stream into memory; one that cannot be had is as good as none. */
static FILE *
open_list(char **buf, size_t *len)
{
	FILE		*fp;

	if ((fp = open_memstream(buf, len)) == NULL)
		fatal("open_memstream");
	return (fp);
}

static char *
close_list(FILE *fp, char **buf, const size_t *len)
{
	if (fclose(fp) == EOF)
		fatal("open_memstream");
	if (*len > 0)
		return (*buf);
	free(*buf);
	return (xstrdup("-"));
}

char *
answer_strs(uint32_t n, struct cursor strs)
{
	FILE		*fp;
	struct span	 s;
	char		*buf;
	size_t		 len;
	uint32_t	 i;

	fp = open_list(&buf, &len);
	for (i = 0; i < n; i++) {
		s = get_str(&strs);
		fprintf(fp, "%s%.*s", i > 0 ? "," : "", (int)s.len, s.p);
	}
	return (close_list(fp, &buf, &len));
}

char *
answer_pids(const struct answer_entry *e, size_t max)
{
	FILE		*fp;
	char		*buf;
	size_t		 i, len, n;

	fp = open_list(&buf, &len);
	n = 0;
	for (i = 0; i < e->nslots; i++) {
		if (e->slots[i].hidden || e->slots[i].proc.pid == 0)
			continue;
		if (max == 0 || n < max)
			fprintf(fp, "%s%u", n > 0 ? "," : "",
			    e->slots[i].proc.pid);
		n++;
	}
	if (max != 0 && n > max)
		fprintf(fp, ",+%zu", n - max);
	return (close_list(fp, &buf, &len));
}

int64_t
answer_uptime(const struct answer_entry *e)
{
	const struct answer_proc	*p;
	int64_t				 uptime;
	size_t				 i;

	uptime = -1;
	for (i = 0; i < e->nslots; i++) {
		p = &e->slots[i].proc;
		if (e->slots[i].hidden || p->pid == 0)
			continue;
		if (uptime == -1 || p->uptime_ms < uptime)
			uptime = p->uptime_ms;
	}
	return (uptime);
}

void
answer_lines(const struct answer *a, void (*fn)(const char *, size_t, void *),
    void *arg)
{
	const char	*s, *end, *nl;

	if (a->nchunks == 0)
		return;
	end = a->chunks + a->nchunks;
	for (s = a->chunks; s < end; s = nl + 1) {
		if ((nl = memchr(s, '\n', (size_t)(end - s))) == NULL)
			nl = end;
		fn(s, (size_t)(nl - s), arg);
	}
}

/* rank: of several tasks, the one that counts for all; 0: no failure. */
static const struct {
	const char	*word;
	enum ctl_exit	 code;
	int		 rank;
} outcomes[RESULT_MAX] = {
	[RESULT_OK] =		{ "ok", CTL_OK, 0 },
	[RESULT_SAME] =		{ "same", CTL_OK, 0 },
	[RESULT_NOT_FOUND] =	{ "not-found", CTL_NOT_FOUND, 3 },
	[RESULT_BAD_VALUE] =	{ "bad-value", CTL_USAGE, 4 },
	[RESULT_FAILED] =	{ "failed", CTL_FAILED, 2 },
	[RESULT_TIMEOUT] =	{ "timeout", CTL_TIMEOUT, 1 }
};

const char *
answer_word(uint8_t code)
{
	return (code < nitems(outcomes) ? outcomes[code].word : "?");
}

enum ctl_exit
answer_exit(const struct answer *a)
{
	static const enum ctl_exit	 exits[FAIL_MAX] = {
		[FAIL_NONE] =		CTL_FAILED,
		[FAIL_FAILED] =		CTL_FAILED,
		[FAIL_CONFIG] =		CTL_USAGE,
		[FAIL_NOT_FOUND] =	CTL_NOT_FOUND,
		[FAIL_DENIED] =		CTL_DENIED,
		[FAIL_BUSY] =		CTL_FAILED
	};
	uint8_t				 worst = RESULT_OK, code;
	size_t				 i;

	for (i = 0; i < a->noutcomes; i++) {
		code = a->outcomes[i].result.code;
		if (outcomes[code].rank > outcomes[worst].rank)
			worst = code;
	}
	if (worst != RESULT_OK)
		return (outcomes[worst].code);
	if (!a->failed)
		return (CTL_OK);
	return ((size_t)a->code < nitems(exits) ? exits[a->code] :
	    CTL_FAILED);
}
