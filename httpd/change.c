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
 * Changes of tasks, from the form to the lines of the answer (spec.md 7).
 * The form comes from whoever may reach a control listener, the results from
 * the monitor, which may be in other hands: both are checked.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/client.h"
#include "../common/log.h"
#include "../common/util.h"
#include "change.h"
#include "form.h"

struct target {
	char	*name;
	char	*value;
};

struct result {
	char	*name;
	char	*text;
	uint8_t	 code;		/* enum result_code */
};

struct change {
	struct target	*targets;
	size_t		 n;
	struct result	*results;
	size_t		 nresults;
};

struct change *
change_new(void)
{
	return (xcalloc(1, sizeof(struct change)));
}

void
change_free(struct change *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++) {
		free(c->targets[i].name);
		free(c->targets[i].value);
	}
	for (i = 0; i < c->nresults; i++) {
		free(c->results[i].name);
		free(c->results[i].text);
	}
	free(c->targets);
	free(c->results);
	free(c);
}

/* Takes both strings. */
static void
append(struct change *c, char *name, char *value)
{
	c->targets = xreallocarray(c->targets, c->n + 1,
	    sizeof(*c->targets));
	c->targets[c->n].name = name;
	c->targets[c->n++].value = value;
}

void
change_add(struct change *c, const char *name, const char *value)
{
	append(c, xstrdup(name), xstrdup(value));
}

static int
by_name(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return (strcmp(x->name, y->name));
}

/* In order of name; of those with one name the first that came stays. */
static void
sort(struct change *c, size_t before)
{
	size_t i, j, n;

	for (i = n = before; i < c->n; i++) {
		for (j = 0; j < n; j++)
			if (strcmp(c->targets[j].name,
			    c->targets[i].name) == 0)
				break;
		if (j == n)
			c->targets[n++] = c->targets[i];
		else {
			free(c->targets[i].name);
			free(c->targets[i].value);
		}
	}
	c->n = n;
	if (n > 0)
		qsort(c->targets, n, sizeof(*c->targets), by_name);
}

int
change_add_form(struct change *c, const char *form, size_t len)
{
	struct form f = { form, len };
	char *name, *value;
	size_t before = c->n;
	int got;

	while ((got = form_next(&f, &name, &value)) == 1) {
		append(c, name, value);
		if (c->n - before > TARGETS_MAX)
			return (-1);
	}
	sort(c, before);
	return (got == -1 || c->n > TARGETS_MAX ? -1 : 0);
}

size_t
change_count(const struct change *c)
{
	return (c->n);
}

void
change_put(const struct change *c, struct wbuf *w)
{
	struct ask_change q = { .exact = true, .n = c->n };
	struct ask_target *targets;
	size_t i;

	targets = xcalloc(c->n + 1, sizeof(*targets));
	for (i = 0; i < c->n; i++) {
		targets[i].name.p = c->targets[i].name;
		targets[i].name.len = strlen(c->targets[i].name);
		targets[i].value.p = c->targets[i].value;
		targets[i].value.len = strlen(c->targets[i].value);
	}
	q.word.p = "";
	put_ask_change(w, &q, targets);
	free(targets);
}

int
change_result(struct change *c, struct cursor *cur)
{
	struct answer_result r;
	struct result *to;

	if (get_answer_result(cur, &r) == -1 || c->nresults >= c->n)
		return (-1);
	c->results = xreallocarray(c->results, c->nresults + 1,
	    sizeof(*c->results));
	to = &c->results[c->nresults++];
	to->name = xstrndup(r.name.p, r.name.len);
	to->text = xstrndup(r.text.p, r.text.len);
	to->code = r.code;
	return (0);
}

/* The status that one result asks for; the greatest is the answer's. */
static int
status_of(uint8_t code)
{
	switch (code) {
	case RESULT_OK:
		return (202);
	case RESULT_SAME:
		return (200);
	case RESULT_NOT_FOUND:
	case RESULT_BAD_VALUE:
		return (404);
	default:
		return (409);
	}
}

int
change_status(const struct change *c)
{
	size_t i;
	int status, most = 0;

	for (i = 0; i < c->nresults; i++)
		if ((status = status_of(c->results[i].code)) > most)
			most = status;
	return (most);
}

char *
change_text(const struct change *c, size_t *len)
{
	const struct result *r;
	bool refused = change_status(c) >= 400;
	char *text;
	size_t i;
	FILE *fp;

	if ((fp = open_memstream(&text, len)) == NULL)
		fatal("answer");
	for (i = 0; i < c->nresults; i++) {
		r = &c->results[i];
		/* All or nothing: what could have been done was not. */
		fprintf(fp, "%s\t%s\n", r->name,
		    refused && r->code == RESULT_OK ? "no change" : r->text);
	}
	if (fclose(fp) == EOF)
		fatal("answer");
	return (text);
}
