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
 * Substitution and conditional maps.  The texts are the administrator's and
 * may refer to each other in circles or multiply without end: rounds, size
 * and work are bounded.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "expand.h"

struct expansion {
	struct context	*c;
	const struct node *node;	/* the text, for messages */
	struct wbuf	*out;
	unsigned int	 work;
	bool		 failed;
	struct span	 unknown;	/* the first name that was not known */
	bool		 was_deep;	/* the last round had more */
	struct span	 deep;		/* what stayed of it, if it is known */
};

bool
expand_has_braces(const char *text, size_t len)
{
	return (memchr(text, '{', len) != NULL ||
	    memchr(text, '}', len) != NULL);
}

static void
append(struct expansion *x, const char *p, size_t len)
{
	if (x->failed)
		return;
	if (len > EXPAND_MAX - x->out->len) {
		x->failed = true;
		return;
	}
	/* A put_blob() without its length; memory is checked at the end. */
	if (len == 0 || wbuf_room(x->out, len) == -1)
		return;
	memcpy(x->out->data + x->out->len, p, len);
	x->out->len += len;
}

/*
 * The length of the "{NAME}" at the front of the text, 0 if there is none.
 * A brace that nothing closes before the next one opens is just a brace.
 */
static size_t
tag_length(const char *p, size_t len)
{
	size_t i;

	for (i = 1; i < len; i++) {
		if (p[i] == '}')
			return (i + 1);
		if (p[i] == '{')
			return (0);
	}
	return (0);
}

/* The first tag in a text that another round would replace. */
static struct span
known_tag(struct context *c, const char *text, size_t len)
{
	struct ctx_value v;
	size_t i, n;

	for (i = 0; i < len; i += n > 0 ? n : 1) {
		n = 0;
		if (text[i] == '{' && i + 1 < len && text[i + 1] == '{')
			n = 2;
		else if (text[i] == '{' &&
		    (n = tag_length(text + i, len - i)) > 0 &&
		    context_find(c, text + i + 1, n - 2, &v) && !v.is_null)
			return ((struct span){ text + i, n });
	}
	return ((struct span){ NULL, 0 });
}

static int	 substitute(struct expansion *, const char *, size_t,
		    unsigned int);

/* A name's value in place of its tag; -1: it has none. */
static int
substitute_name(struct expansion *x, const char *name, size_t len,
    unsigned int round)
{
	struct ctx_value v = { .is_null = false };

	if (++x->work > EXPAND_WORK || !context_step(x->c, x->node))
		x->failed = true;
	if (x->failed)
		return (0);
	if (!context_find(x->c, name, len, &v) || v.is_null) {
		/* Deeper down it is some other text that stays as it is. */
		if (round == 1 && !v.is_null) {
			x->unknown.p = name;
			x->unknown.len = len;
		}
		return (-1);
	}
	if (v.literal)
		append(x, v.text.p, v.text.len);
	else
		substitute(x, v.text.p, v.text.len, round + 1);
	return (0);
}

/* Appends the text with its names replaced; -1: it stayed as written. */
static int
substitute(struct expansion *x, const char *text, size_t len,
    unsigned int round)
{
	size_t i, n, start = x->out->len, from = 0;

	if (round > EXPAND_ROUNDS || !expand_has_braces(text, len)) {
		if (round > EXPAND_ROUNDS && !x->was_deep)
			x->deep = known_tag(x->c, text, len);
		x->was_deep |= round > EXPAND_ROUNDS;
		append(x, text, len);
		return (0);
	}
	for (i = 0; i < len && !x->failed; i += n) {
		n = 1;
		if (text[i] != '{' && text[i] != '}')
			continue;
		if (i + 1 < len && text[i + 1] == text[i]) {
			/* Doubled: the first one is kept. */
			append(x, text + from, i + 1 - from);
			from = i + 2;
			n = 2;
			continue;
		}
		if (text[i] == '{')
			n = tag_length(text + i, len - i);
		if (text[i] == '}' || n == 0) {
			n = 1;
			continue;
		}
		append(x, text + from, i - from);
		from = i + n;
		if (substitute_name(x, text + i + 1, n - 2, round) == -1) {
			x->out->len = start;
			append(x, text, len);
			return (-1);
		}
	}
	append(x, text + from, len - from);
	return (0);
}

/* Names that look like names; "{ print $1 }" is somebody's program. */
static bool
looks_like_name(struct span s)
{
	size_t i;

	if (s.len == 0 || s.len > 60 || isdigit((unsigned char)s.p[0]))
		return (false);
	for (i = 0; i < s.len; i++)
		if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '_')
			return (false);
	return (true);
}

static void
tell_unknown(struct context *c, struct node *n, struct span name)
{
	struct diag_guess g;
	struct ctx_sym *s;
	char word[64];
	size_t i;

	if (n->told || !looks_like_name(name))
		return;
	/* A name whose conditions do not hold is known all the same. */
	if ((s = names_find(&c->index, name.p, name.len)) != NULL &&
	    (s->top != NULL || s->gen == c->gen))
		return;
	n->told = true;
	memcpy(word, name.p, name.len);
	word[name.len] = '\0';
	if (diag_guess(c->diag, &g, word))
		for (i = 0; i < c->nsyms; i++)
			if (c->syms[i]->top != NULL ||
			    c->syms[i]->gen == c->gen)
				diag_offer(&g, c->syms[i]->name);
	diag_warn(c->diag, n, "the name '%s' is not known, '%.60s' stays as "
	    "it is%s", word, n->text, diag_near(&g));
}

/* Of names that stand for each other, or one for itself, some is left. */
static void
tell_deep(struct context *c, struct node *n, struct span tag)
{
	if (n->told)
		return;
	n->told = true;
	diag_warn(c->diag, n, "the names in '%.60s' were replaced %d times, "
	    "and '%.*s' is still left: does it refer to itself?", n->text,
	    EXPAND_ROUNDS, tag.len < 60 ? (int)tag.len : 60, tag.p);
}

struct span
expand_text(struct context *c, struct node *n, unsigned int *flags, bool tell)
{
	struct expansion x = { .c = c, .node = n, .out = &c->scratch };
	struct span s = { n->text, n->n };
	unsigned int f = 0;

	if (flags != NULL)
		*flags = 0;
	if (!expand_has_braces(n->text, n->n))
		return (s);
	wbuf_reset(&c->scratch);
	if (substitute(&x, n->text, n->n, 1) == -1)
		f |= EXPAND_UNKNOWN;
	if (x.failed || c->scratch.failed) {
		f |= EXPAND_FAILED;
		if (!n->told && !context_spent(c))
			diag_error(c->diag, n, "'%.60s' comes to more than "
			    "%d bytes, or %d names, when its names are "
			    "replaced", n->text, EXPAND_MAX, EXPAND_WORK);
		n->told = true;
	} else {
		s.len = c->scratch.len;
		s.p = s.len == 0 ? "" : arena_strn(&c->task_arena,
		    (const char *)c->scratch.data, s.len);
	}
	if (tell && x.unknown.p != NULL)
		tell_unknown(c, n, x.unknown);
	/* Without a task, the value of a name may not be the last word. */
	if ((tell || c->gen != 0) && x.deep.p != NULL)
		tell_deep(c, n, x.deep);
	if (memchr(s.p, LATE_MARK, s.len) != NULL)
		f |= EXPAND_LATE;
	if (flags != NULL)
		*flags = f;
	return (s);
}

struct span
expand_value(struct context *c, const struct ctx_value *v,
    unsigned int *flags, bool tell)
{
	struct node scalar;
	struct span s;

	*flags = 0;
	if (v->literal || !expand_has_braces(v->text.p, v->text.len))
		return (v->text);
	/* The text may be one out of a conditional value. */
	scalar = *v->entry->node;
	scalar.type = NODE_SCALAR;
	scalar.text = v->text.p;
	scalar.n = v->text.len;
	s = expand_text(c, &scalar, flags, tell);
	v->entry->node->told = scalar.told;
	return (s);
}

bool
expand_is_null(struct context *c, const char *text, size_t len)
{
	struct ctx_value v;
	unsigned int round;

	for (round = 0; round < EXPAND_ROUNDS; round++) {
		if (len < 3 || text[0] != '{' || text[1] == '{' ||
		    tag_length(text, len) != len)
			return (false);
		if (!context_find(c, text + 1, len - 2, &v))
			return (false);
		if (v.is_null)
			return (true);
		if (v.literal)
			return (false);
		text = v.text.p;
		len = v.text.len;
	}
	return (false);
}

static void
list_add(struct expand_list *l, struct node *n)
{
	if (node_is_null(n))
		return;
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 16 : l->cap * 2;
		l->items = xreallocarray(l->items, l->cap,
		    sizeof(struct node *));
	}
	l->items[l->n++] = n;
}

/*
 * {NAME} without quotes is a map, and one that never adds anything: most
 * likely the value of NAME was meant.
 */
static void
tell_unquoted(struct context *c, const struct pair *p)
{
	struct node *value = p->value;

	if (value->type != NODE_SCALAR || !value->plain || value->n > 0 ||
	    value->told)
		return;
	value->told = true;
	diag_warn(c->diag, p->key, "{%.60s} without quotes is a condition "
	    "that adds nothing; for the value of the name write "
	    "\"{%.60s}\"", p->key->text, p->key->text);
}

/*
 * The scalars that a node stands for.  A map in a list that is one pair
 * whose key begins with "-" is that pair: ["-l": "{LOGFILE}"].
 */
static void
collect(struct context *c, struct node *n, bool in_list,
    struct expand_list *out)
{
	struct ctx_value v;
	struct node *key;
	uint32_t i;

	switch (n->type) {
	case NODE_SCALAR:
		list_add(out, n);
		break;
	case NODE_LIST:
		for (i = 0; i < n->n; i++)
			collect(c, n->items[i], true, out);
		break;
	case NODE_MAP:
		if (in_list && n->n == 1 && n->pairs[0].key->text[0] == '-') {
			list_add(out, n->pairs[0].key);
			collect(c, n->pairs[0].value, true, out);
			break;
		}
		for (i = 0; i < n->n; i++) {
			key = n->pairs[i].key;
			if (!context_step(c, key))
				break;
			tell_unquoted(c, &n->pairs[i]);
			if (context_find(c, key->text, key->n, &v))
				collect(c, n->pairs[i].value, false, out);
		}
		break;
	}
}

void
expand_list(struct context *c, struct node *n, struct expand_list *out)
{
	memset(out, 0, sizeof(*out));
	collect(c, n, false, out);
}

void
expand_list_free(struct expand_list *l)
{
	free(l->items);
	memset(l, 0, sizeof(*l));
}

struct node *
expand_scalar(struct context *c, struct node *n)
{
	struct expand_list l;
	struct node *found = NULL;

	if (n->type == NODE_SCALAR)
		return (n);
	if (n->type == NODE_LIST) {
		if (!n->told)
			diag_error(c->diag, n, "one value is wanted here, "
			    "not a list");
		n->told = true;
		return (NULL);
	}
	expand_list(c, n, &l);
	if (l.n == 1)
		found = l.items[0];
	else if (l.n > 1) {
		if (!n->told)
			diag_error(c->diag, n, "one value is wanted here, "
			    "the conditions give %zu ('%.40s' and '%.40s')",
			    l.n, l.items[0]->text, l.items[1]->text);
		n->told = true;
	}
	expand_list_free(&l);
	return (found);
}
