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
 * A name's environment entry is worked out once, without a task.  For a
 * task only those names are looked at again that it has entries of its own
 * for, or whose value is substituted or conditional and so may come out
 * differently.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "expand.h"
#include "taskenv.h"

static bool
may_differ(const struct ctx_sym *s)
{
	const struct ctx_entry *e;

	for (e = s->top; e != NULL; e = e->weaker)
		if (e->node != NULL && (e->node->type != NODE_SCALAR ||
		    expand_has_braces(e->node->text, e->node->n)))
			return (true);
	return (false);
}

/*
 * The entry of a name: text in the context's task arena, length 0 when the
 * name is not exported.
 */
static struct span
entry_text(struct context *c, struct ctx_sym *s)
{
	struct span none = { "", 0 }, text;
	struct ctx_value v;
	unsigned int flags;
	char *p;

	if (!context_value(c, s, &v) || v.is_null)
		return (none);
	text = expand_value(c, &v, &flags, c->gen != 0 &&
	    (v.entry->layer == CTX_TASK_DEFINES ||
	    v.entry->layer == CTX_TASK_ROLE_DEFINES));
	if (flags & EXPAND_FAILED)
		return (none);
	p = arena_alloc(&c->task_arena, s->len + text.len + 2);
	memcpy(p, s->name, s->len);
	p[s->len] = '=';
	memcpy(p + s->len + 1, text.p, text.len);
	p[s->len + 1 + text.len] = '\0';
	return ((struct span){ p, s->len + 1 + text.len });
}

void
taskenv_share(struct taskenv *t, struct context *c)
{
	struct ctx_sym *s;
	struct span text;
	size_t i;

	t->shared = xcalloc(c->nsyms + 1, sizeof(*t->shared));
	t->differ = xcalloc(c->nsyms + 1, sizeof(*t->differ));
	for (i = 0; i < c->nsyms; i++) {
		s = c->syms[i];
		if ((s->may_differ = may_differ(s)))
			t->differ[t->ndiffer++] = s;
		if ((text = entry_text(c, s)).len == 0)
			continue;
		s->shared = t->nshared;
		s->shared_text = arena_strn(c->arena, text.p, text.len);
		t->shared[t->nshared++] = s->shared_text;
	}
}

static void
add_own(struct taskenv *t, struct context *c, struct ctx_sym *s)
{
	struct span text;

	text = entry_text(c, s);
	if (text.len == 0 ? s->shared_text == NULL :
	    s->shared_text != NULL && span_is(text, s->shared_text))
		return;
	if (t->nown == t->capown) {
		t->capown = t->capown == 0 ? 64 : t->capown * 2;
		t->own = xreallocarray(t->own, t->capown, sizeof(*t->own));
		t->own_sym = xreallocarray(t->own_sym, t->capown,
		    sizeof(*t->own_sym));
	}
	t->own[t->nown].shared = s->shared;
	t->own[t->nown].text = text;
	t->own_sym[t->nown++] = s;
}

void
taskenv_task(struct taskenv *t, struct context *c)
{
	size_t i;

	t->nown = 0;
	for (i = 0; i < c->ntouched; i++)
		add_own(t, c, c->touched[i]);
	for (i = 0; i < t->ndiffer; i++) {
		if (!context_step(c, t->differ[i]->top->node))
			break;
		if (t->differ[i]->gen != c->gen)
			add_own(t, c, t->differ[i]);
	}
}

void
taskenv_free(struct taskenv *t)
{
	free(t->shared);
	free(t->differ);
	free(t->own);
	free(t->own_sym);
	memset(t, 0, sizeof(*t));
}
