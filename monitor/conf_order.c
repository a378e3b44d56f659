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
 * What only all tasks together can show: circles of requires, and onexit
 * that starts a task which cannot be started.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "conf.h"

#define SHOWN_IN_CYCLE	16	/* names; a longer circle is cut */

enum mark {
	UNSEEN,
	ON_PATH,
	DONE
};

/* Depth-first, without recursion: a chain may be 65,536 long. */
struct walk {
	struct conf	*c;
	uint8_t		*marks;		/* enum mark, one a task */
	uint32_t	*path;
	uint32_t	*next;		/* of each task on the path */
	uint32_t	 depth;
};

/*
 * The circle that closes with a step back to the task, told of where that
 * task requires the next.
 */
static void
tell_cycle(struct walk *w, uint32_t back)
{
	const struct conf_link *step;
	struct conf_task *t;
	char text[SHOWN_IN_CYCLE * 132];
	uint32_t i, start, shown = 0;

	for (start = w->depth - 1; w->path[start] != back; start--)
		;
	text[0] = '\0';
	for (i = start; i < w->depth && shown < SHOWN_IN_CYCLE - 2;
	    i++, shown++) {
		strlcat(text, w->c->tasks[w->path[i]].name->text,
		    sizeof(text));
		strlcat(text, " -> ", sizeof(text));
	}
	if (i < w->depth)
		strlcat(text, "... -> ", sizeof(text));
	t = &w->c->tasks[back];
	strlcat(text, t->name->text, sizeof(text));
	w->c->diag.task = t->name->text;
	step = &t->requires[w->next[back] - 1];
	diag_error(&w->c->diag, step->where, "cycle of requires: %s", text);
	w->c->diag.task = NULL;
}

static void
enter(struct walk *w, uint32_t task)
{
	w->marks[task] = ON_PATH;
	w->next[task] = 0;
	w->path[w->depth++] = task;
}

static void
walk_from(struct walk *w, uint32_t first)
{
	struct conf_task *t;
	uint32_t to;

	enter(w, first);
	while (w->depth > 0) {
		t = &w->c->tasks[w->path[w->depth - 1]];
		if (w->next[t->index] == t->nrequires) {
			w->marks[t->index] = DONE;
			w->depth--;
			continue;
		}
		to = t->requires[w->next[t->index]++].task;
		if (w->marks[to] == ON_PATH)
			tell_cycle(w, to);
		else if (w->marks[to] == UNSEEN)
			enter(w, to);
	}
}

static void
check_onexit(struct conf *c, const struct conf_task *t)
{
	struct conf_task *to;
	uint32_t i;

	for (i = 0; i < t->nonexit; i++) {
		to = &c->tasks[t->onexit[i].task];
		if (to->control == CONTROL_ONCE ||
		    to->control == CONTROL_EVENT)
			continue;
		c->diag.task = t->name->text;
		diag_error(&c->diag, t->onexit[i].where, "'onexit' can "
		    "start a task with control once or event, not '%.60s' "
		    "with control %s", to->name->text,
		    control_name(to->control));
		c->diag.task = NULL;
	}
}

void
conf_order(struct conf *c)
{
	struct walk w = { .c = c };
	uint32_t i;

	if (c->ntasks == 0)
		return;
	w.marks = xcalloc(c->ntasks, sizeof(*w.marks));
	w.path = xcalloc(c->ntasks, sizeof(*w.path));
	w.next = xcalloc(c->ntasks, sizeof(*w.next));
	for (i = 0; i < c->ntasks; i++) {
		if (w.marks[i] == UNSEEN)
			walk_from(&w, i);
		check_onexit(c, &c->tasks[i]);
	}
	free(w.marks);
	free(w.path);
	free(w.next);
}
