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
 * What a load does: the tasks before it are held against those after it, by
 * name, and the scheduler says what it did to their processes.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/plan.h"
#include "../common/util.h"
#include "client.h"
#include "outcome.h"

#define WHY_TEXT	512

/* A task as it was. */
struct was {
	char		*name;
	uint8_t		 control;	/* in force, as count is */
	uint8_t		 state;
	uint8_t		 reason;
	uint32_t	 count;
	uint32_t	 running;
	bool		 in_role;
	bool		 held;		/* by the loader */
};

struct before {
	size_t		 n;
	struct was	*v;		/* in order of name */
	uint32_t	*order;		/* which of them, in file order */
};

struct placed {
	const char	*name;
	uint32_t	 task;
};

static int
by_name(const void *a, const void *b)
{
	return (strcmp(((const struct placed *)a)->name,
	    ((const struct placed *)b)->name));
}

struct before *
before_new(const struct sched *s)
{
	struct sched_view	 v;
	struct placed		*sorted;
	struct before		*b;
	struct was		*w;
	uint32_t		 i;

	b = xcalloc(1, sizeof(*b));
	b->n = sched_ntasks(s);
	b->v = xcalloc(b->n + 1, sizeof(*b->v));
	b->order = xcalloc(b->n + 1, sizeof(*b->order));
	sorted = xcalloc(b->n + 1, sizeof(*sorted));
	for (i = 0; i < b->n; i++)
		sorted[i] = (struct placed){ sched_task_name(s, i), i };
	qsort(sorted, b->n, sizeof(*sorted), by_name);
	for (i = 0; i < b->n; i++) {
		sched_view(s, sorted[i].task, &v);
		w = &b->v[i];
		w->name = xstrdup(sorted[i].name);
		w->control = v.control;
		w->state = v.state;
		w->reason = v.reason;
		w->count = v.count;
		w->running = v.running;
		w->in_role = v.conf->in_role;
		w->held = v.conf->held;
		b->order[sorted[i].task] = i;
	}
	free(sorted);
	return (b);
}

void
before_free(struct before *b)
{
	size_t	 i;

	if (b == NULL)
		return;
	for (i = 0; i < b->n; i++)
		free(b->v[i].name);
	free(b->v);
	free(b->order);
	free(b);
}

/* One more of the reasons. */
static void __attribute__((__format__(printf, 2, 3)))
add(char *why, const char *fmt, ...)
{
	size_t	 len = strlen(why);
	va_list	 ap;

	if (len > 0 && len + 2 < WHY_TEXT)
		len = strlcat(why, ", ", WHY_TEXT);
	if (len >= WHY_TEXT - 1)
		return;
	va_start(ap, fmt);
	vsnprintf(why + len, WHY_TEXT - len, fmt, ap);
	va_end(ap);
}

/* In what its processes differ from what would be started now. */
static void
add_stale(char *why, uint8_t stale)
{
	static const struct {
		uint8_t		 bit;
		const char	*text;
	} words[] = {
		{ STALE_ARGV, "command" },
		{ STALE_ENV, "environment" },
		{ STALE_CWD, "working directory" },
		{ STALE_USER, "user" },
		{ STALE_PROCNAME, "process name" }
	};
	size_t	 i;

	for (i = 0; i < nitems(words); i++)
		if ((stale & words[i].bit) != 0)
			add(why, "%s", words[i].text);
}

/* Why a task that is new, or was not to run, does not run. */
static void
add_absence(char *why, const struct sched_view *v)
{
	if (!v->conf->in_role)
		add(why, "not in role");
	else if (v->conf->held)
		add(why, "held back, %s: %s",
		    reason_name((enum task_reason)v->conf->why),
		    v->conf->detail);
}

/* What is new about a task that was there before. */
static void
add_differences(char *why, const struct was *w, const struct sched_view *v)
{
	if (w->in_role != v->conf->in_role)
		add(why, v->conf->in_role ? "in role now" : "not in role");
	if (w->control != v->control)
		add(why, "control %s -> %s",
		    control_name((enum control)w->control),
		    control_name((enum control)v->control));
	if (w->count != v->count)
		add(why, "count %u -> %u", w->count, v->count);
	if (w->held && !v->conf->held)
		add(why, "no longer held back");
	else if (!w->held && v->conf->held && v->conf->in_role)
		add_absence(why, v);
	if (w->reason == REASON_HELD_BY_OPERATOR &&
	    v->reason != REASON_HELD_BY_OPERATOR)
		add(why, "no longer held by an operator");
}

/* How many were on their way already: that they go on is no news. */
static uint32_t
were_to_start(const struct was *w)
{
	if (w->state != STATE_WAITING && w->state != STATE_STARTING &&
	    w->state != STATE_BACKOFF && w->state != STATE_STOPPING)
		return (0);
	return (w->count > w->running ? w->count - w->running : 0);
}

static void
append(struct outcomes *o, const char *name, const char *why,
    const struct sched_outcome *did)
{
	struct outcome	*out;

	/* Doubles when it is full: n is a power of two then. */
	if ((o->n & (o->n - 1)) == 0)
		o->v = xreallocarray(o->v, o->n == 0 ? 1 : o->n * 2,
		    sizeof(*o->v));
	o->started += did->started;
	out = &o->v[o->n++];
	*out = (struct outcome){
		.name = xstrdup(name), .why = xstrdup(why),
		.kept = did->kept, .started = did->started,
		.stopped = did->stopped, .restarted = did->restarted
	};
}

/* w: NULL when the task is new. */
static void
compare(struct outcomes *o, const struct sched *s, uint32_t task,
    const struct was *w)
{
	struct sched_outcome	 did;
	struct sched_view	 v;
	char			 why[WHY_TEXT] = "";
	uint32_t		 on_way;

	sched_view(s, task, &v);
	sched_outcome(s, task, &did);
	if (w == NULL) {
		add_absence(why, &v);
		if (v.conf->in_role && (v.control == CONTROL_OFF ||
		    v.control == CONTROL_SUSPEND))
			add(why, "control %s",
			    control_name((enum control)v.control));
	} else {
		on_way = were_to_start(w);
		did.started -= on_way < did.started ? on_way : did.started;
		add_differences(why, w, &v);
		if (did.restarted > 0)
			add_stale(why, did.stale);
		if (why[0] == '\0' && did.stopped == 0 &&
		    did.restarted == 0 && did.started == 0)
			return;
	}
	append(o, v.conf->name, why, &did);
	o->v[o->n - 1].added = w == NULL;
}

struct outcomes *
outcomes_new(const struct before *b, const struct sched *now)
{
	const struct was	**was;
	struct sched_outcome	  gone;
	struct outcomes		 *o;
	const char		**names;
	uint32_t		 *tasks, i;

	o = xcalloc(1, sizeof(*o));
	names = xcalloc(b->n + 1, sizeof(*names));
	tasks = xcalloc(b->n + 1, sizeof(*tasks));
	was = xcalloc((size_t)sched_ntasks(now) + 1, sizeof(*was));
	for (i = 0; i < b->n; i++)
		names[i] = b->v[i].name;
	target_find(now, names, b->n, tasks);
	for (i = 0; i < b->n; i++)
		if (tasks[i] != NO_INDEX)
			was[tasks[i]] = &b->v[i];
	for (i = 0; i < sched_ntasks(now); i++)
		compare(o, now, i, was[i]);
	for (i = 0; i < b->n; i++) {
		if (tasks[b->order[i]] != NO_INDEX)
			continue;
		gone = (struct sched_outcome){
			.stopped = b->v[b->order[i]].running
		};
		append(o, b->v[b->order[i]].name, "", &gone);
		o->v[o->n - 1].removed = true;
	}
	free(names);
	free(tasks);
	free(was);
	return (o);
}

void
outcomes_free(struct outcomes *o)
{
	size_t	 i;

	if (o == NULL)
		return;
	for (i = 0; i < o->n; i++) {
		free(o->v[i].name);
		free(o->v[i].why);
	}
	free(o->v);
	free(o);
}

void
outcomes_sum(const struct outcomes *o, const struct sched *now, char *buf,
    size_t size)
{
	const struct sched_sum	*sum = sched_sum(now);

	snprintf(buf, size, "%u restarted, %u started, %u stopped, %u kept",
	    sum->restarted, o->started, sum->stopped, sum->kept);
}
