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
 * Values of keys, as they come out of conditions and substitution.
 */

#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "conf.h"
#include "value.h"

static bool
refuse_late(struct conf *c, struct node *n, const char *key,
    unsigned int flags)
{
	if (!(flags & EXPAND_LATE))
		return (false);
	diag_error(&c->diag, n, "'%s' cannot use what only each process "
	    "knows (Task_instance, Task_pid)", key);
	return (true);
}

struct node *
conf_node(struct conf *c, struct node *n)
{
	if (n == NULL || (n = expand_scalar(&c->ctx, n)) == NULL ||
	    node_is_null(n) || expand_is_null(&c->ctx, n->text, n->n))
		return (NULL);
	return (n);
}

bool
conf_scalar(struct conf *c, const struct node *map, const char *key,
    struct node *v, struct node **n)
{
	uint32_t before = c->diag.nerrors;

	*n = NULL;
	if (v == NULL)
		return (node_is_null(node_find(map, key)));
	*n = conf_node(c, v);
	return (c->diag.nerrors == before);
}

const char *
conf_text(struct conf *c, struct node *n, const char *key, bool *late)
{
	unsigned int flags;
	struct span s;

	if (late != NULL)
		*late = false;
	if ((n = conf_node(c, n)) == NULL)
		return (NULL);
	s = expand_text(&c->ctx, n, &flags, true);
	if (flags & EXPAND_FAILED)
		return (NULL);
	if (late != NULL)
		*late = (flags & EXPAND_LATE) != 0;
	else if (refuse_late(c, n, key, flags))
		return (NULL);
	return (s.p);
}

char *
conf_readable(struct arena *a, struct span s)
{
	static const char pid[] = "{Task_pid}", instance[] = "{Task_instance}";
	size_t i, marks = 0;
	char *text, *to;

	for (i = 0; i < s.len; i++)
		marks += s.p[i] == LATE_MARK;
	to = text = arena_alloc(a, s.len + marks * sizeof(instance) + 1);
	for (i = 0; i < s.len; i++) {
		if (s.p[i] != LATE_MARK || i + 1 == s.len)
			*to++ = s.p[i];
		else
			to += strlcpy(to, s.p[++i] == LATE_PID ? pid :
			    instance, sizeof(instance));
	}
	*to = '\0';
	return (text);
}

bool
conf_bool(struct conf *c, struct node *n, const char *key, bool otherwise)
{
	const char *text;
	bool b;

	n = conf_node(c, n);
	if ((text = conf_text(c, n, key, NULL)) == NULL)
		return (otherwise);
	if (value_bool(text, &b) == 0)
		return (b);
	diag_error(&c->diag, n, "'%s' must be true or false, not '%.60s'",
	    key, text);
	return (otherwise);
}

uint32_t
conf_seconds(struct conf *c, struct node **v, enum key_place place, int id,
    uint32_t otherwise)
{
	struct node *at = conf_node(c, v[id]);
	const struct key *key;
	const char *text;
	uint32_t ms;
	size_t n;

	key = &keys_list(place, &n)[id];
	if ((text = conf_text(c, at, key->name, NULL)) == NULL)
		return (otherwise);
	switch (value_seconds(text, &ms)) {
	case 0:
		if (ms > 0 || !(key->flags & KEY_POSITIVE))
			return (ms);
		diag_error(&c->diag, at, "'%s' must be more than 0 seconds",
		    key->name);
		break;
	case -2:
		diag_error(&c->diag, at, "'%s' must be from 0 to %d seconds, "
		    "not '%.60s'", key->name, SECONDS_MAX, text);
		break;
	default:
		diag_error(&c->diag, at, "'%s' must be a number of seconds, "
		    "not '%.60s'", key->name, text);
	}
	return (otherwise);
}

int64_t
conf_number(struct conf *c, struct node *n, const char *key, int64_t min,
    int64_t max, int64_t otherwise)
{
	const char *text;
	int64_t v;

	n = conf_node(c, n);
	if ((text = conf_text(c, n, key, NULL)) == NULL)
		return (otherwise);
	if (value_int(text, min, max, &v) == 0)
		return (v);
	diag_error(&c->diag, n, "'%s' must be a whole number from %lld to "
	    "%lld, not '%.60s'", key, (long long)min, (long long)max, text);
	return (otherwise);
}

static void
words(struct conf *c, struct node *n, struct conf_words *w, bool tell,
    const char *key)
{
	struct expand_list l;
	unsigned int flags;
	struct span s;
	size_t i;

	memset(w, 0, sizeof(*w));
	if (n == NULL)
		return;
	expand_list(&c->ctx, n, &l);
	w->words = arena_alloc(&c->ctx.task_arena,
	    l.n * sizeof(const char *));
	w->spans = arena_alloc(&c->ctx.task_arena, l.n * sizeof(*w->spans));
	w->nodes = arena_alloc(&c->ctx.task_arena,
	    l.n * sizeof(struct node *));
	for (i = 0; i < l.n; i++) {
		if (key != NULL && expand_is_null(&c->ctx,
		    l.items[i]->text, l.items[i]->n))
			continue;
		s = expand_text(&c->ctx, l.items[i], &flags, tell);
		if (flags & EXPAND_LATE)
			w->late = true;
		if (key != NULL && refuse_late(c, l.items[i], key, flags))
			continue;
		w->spans[w->n] = s;
		w->words[w->n] = s.p;
		w->nodes[w->n++] = l.items[i];
	}
	expand_list_free(&l);
}

void
conf_words(struct conf *c, struct node *n, struct conf_words *w, bool tell)
{
	words(c, n, w, tell, NULL);
}

void
conf_names(struct conf *c, struct node *n, const char *key,
    struct conf_words *w)
{
	words(c, n, w, true, key);
}

struct conf_task *
conf_find_task(struct conf *c, struct node *where, const char *name,
    const char *key)
{
	struct conf_task *t;
	struct diag_guess g;
	uint32_t i;

	if ((t = names_find(&c->task_index, name, strlen(name))) != NULL)
		return (t);
	if (diag_guess(&c->diag, &g, name))
		for (i = 0; i < c->ntasks; i++)
			diag_offer(&g, c->tasks[i].name->text);
	diag_error(&c->diag, where, "'%s' names the task '%.60s', which is "
	    "not configured%s", key, name, diag_near(&g));
	return (NULL);
}
