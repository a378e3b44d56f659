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

/* For people: chains of causes, what a load does, what came of a change. */

#include <stdlib.h>
#include <string.h>

#include "../common/states.h"
#include "../common/util.h"
#include "text.h"

#define STEP_IN		2	/* blanks a link of a chain */
#define DEPTH_SHOWN	16	/* further ones are not moved any more */

static void
print_link(const struct answer_why *y)
{
	char		*name, *note, *text, buf[32];
	int		 in;

	in = STEP_IN * (y->depth < DEPTH_SHOWN ? y->depth : DEPTH_SHOWN);
	name = visible(y->name.p, y->name.len, NULL);
	printf("%*s%s: %s%s%s", in, "", name, text_state_colour(y->state),
	    state_name((enum task_state)y->state), text_off());
	free(name);
	if (y->since_wall != 0)
		printf(" since %s", text_when(y->since_wall, buf,
		    sizeof(buf)));
	note = reason_note((enum task_reason)y->reason, y->detail.p,
	    y->detail.len);
	text = visible(note, strlen(note), NULL);
	printf("%s%s\n", *text == '\0' ? "" : ": ", text);
	free(text);
	free(note);
	if (y->remedy.len > 0) {
		text = visible(y->remedy.p, y->remedy.len, NULL);
		printf("%*sto clear it: %s\n", in + STEP_IN, "", text);
		free(text);
	}
}

/* A slot has no chain of its own: its last end is what there is to tell. */
static void
print_slot(const struct answer_entry *e, const struct answer_proc *p)
{
	char		*last, *name;

	name = visible(e->task.name.p, e->task.name.len, NULL);
	printf("%s:%u: ", name, p->instance);
	last = text_last_exit(p);
	if (p->pid != 0)
		printf("runs, pid %u", p->pid);
	else if (p->starts == 0)
		fputs("was never started", stdout);
	else
		fputs("does not run", stdout);
	printf("%s%s\n", *last == '\0' ? "" : "; ", last);
	free(last);
	if (p->held)
		printf("%*sto clear it: taskforcectl start %s:%u\n", STEP_IN,
		    "", name, p->instance);
	free(name);
}

void
text_why(const struct answer *a, const struct answer *status)
{
	const struct answer_entry	*e;
	size_t				 i, k;

	for (i = 0; i < status->ntasks; i++) {
		e = &status->tasks[i];
		for (k = 0; !e->whole && k < e->nslots; k++)
			if (!e->slots[k].hidden)
				print_slot(e, &e->slots[k].proc);
	}
	for (i = 0; i < a->nlinks; i++) {
		/* An empty line between chains of more than one link. */
		if (i > 0 && a->links[i].why.depth == 0 &&
		    (a->links[i - 1].why.depth > 0 ||
		    a->links[i - 1].why.remedy.len > 0))
			putchar('\n');
		print_link(&a->links[i].why);
	}
}

/* "restart 1, keep 2", or with what has happened. */
static void
add_effect(struct table *t, const struct answer_change *c, bool done)
{
	const struct {
		const char	*would;
		const char	*did;
		uint32_t	 n;
		const char	*colour;
	} parts[] = {
		{ "stop", "stopped", c->stopped, COLOUR_BAD },
		{ "restart", "restarted", c->restarted, COLOUR_MOVES },
		{ "start", "started", c->started, COLOUR_GOOD },
		{ "keep", "kept", c->kept, "" }
	};
	const char	*colour;
	char		 buf[160], part[40];
	size_t		 i;

	buf[0] = '\0';
	colour = "";
	for (i = 0; i < nitems(parts); i++) {
		if (parts[i].n == 0)
			continue;
		snprintf(part, sizeof(part), "%s%s %u", buf[0] == '\0' ? "" :
		    ", ", done ? parts[i].did : parts[i].would, parts[i].n);
		(void)strlcat(buf, part, sizeof(buf));
		if (*colour == '\0')
			colour = parts[i].colour;
	}
	table_str(t, buf[0] == '\0' ? "-" : buf);
	table_colour(t, text_colour(colour));
}

/* What the daemon says of it; a flag is not said twice. */
static void
add_cause(struct table *t, const struct answer_change *c)
{
	const char	*flag = c->added ? "new" : c->removed ? "removed" : "";
	size_t		 len = strlen(flag);
	char		*s;

	if (c->why.len >= len && memcmp(c->why.p, flag, len) == 0) {
		table_cell(t, c->why.p, c->why.len);
		return;
	}
	xasprintf(&s, "%s%s%.*s", flag, c->why.len > 0 ? ", " : "",
	    (int)c->why.len, c->why.p);
	text_cell(t, s);
}

/* Nothing but kept, and nothing to say of it. */
static bool
untouched(const struct answer_change *c)
{
	return (!c->added && !c->removed && c->started == 0 &&
	    c->stopped == 0 && c->restarted == 0 && c->why.len == 0);
}

/* A plan tells all of it; of what was done, only what is different now. */
static void
print_effects(const struct answer *a, bool done)
{
	static const unsigned int	 flags[] = { 0, 0, 0 };
	const struct answer_change	*c;
	struct table			*t;
	size_t				 i, shown;

	t = table_new(flags, nitems(flags));
	table_str(t, "TASK");
	table_str(t, done ? "DONE" : "WOULD");
	table_str(t, "BECAUSE");
	table_heading(t);
	for (i = shown = 0; i < a->neffects; i++) {
		c = &a->effects[i].change;
		if (done && untouched(c))
			continue;
		table_cell(t, c->name.p, c->name.len);
		add_effect(t, c, done);
		add_cause(t, c);
		shown++;
	}
	if (shown > 0)
		table_print(t, stdout, "", text_columns());
	table_free(t);
}

void
text_load(const struct answer *a, enum load_kind kind)
{
	visible_lines(stdout, a->chunks, a->nchunks);
	/* A refusal is said on stderr, by ctl_fail(). */
	if (a->failed)
		return;
	if (a->neffects > 0)
		print_effects(a, kind == LOAD_RELOAD);
	visible_lines(stdout, a->text, a->text == NULL ? 0 : strlen(a->text));
}

void
text_outcomes(const struct answer *a, const char *done)
{
	static const unsigned int	 flags[] = { 0, 0 };
	const struct answer_result	*r;
	struct table			*t;
	size_t				 i;

	t = table_new(flags, nitems(flags));
	for (i = 0; i < a->noutcomes; i++) {
		r = &a->outcomes[i].result;
		table_cell(t, r->name.p, r->name.len);
		if (r->code == RESULT_OK && span_is(r->text, "ok"))
			table_str(t, done);
		else
			table_cell(t, r->text.p, r->text.len);
		if (r->code > RESULT_SAME)
			table_colour(t, text_colour(COLOUR_BAD));
	}
	table_print(t, stdout, "", text_columns());
	table_free(t);
}
