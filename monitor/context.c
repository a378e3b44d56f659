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
 * The layers of the context.  Values are the administrator's text; they are
 * looked at only when somebody asks for the name, because a conditional
 * value depends on names that come later.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "context.h"
#include "expand.h"

static bool
is_task_layer(enum ctx_layer layer)
{
	return (layer == CTX_TASK_DEFAULTS ||
	    layer == CTX_TASK_ROLE_DEFAULTS || layer == CTX_BUILTIN ||
	    layer == CTX_TASK_DEFINES || layer == CTX_TASK_ROLE_DEFINES ||
	    layer == CTX_PROCESS);
}

void
context_init(struct context *c, struct arena *arena, struct diag *diag)
{
	memset(c, 0, sizeof(*c));
	c->arena = arena;
	c->diag = diag;
	/* Generation 0 is "no task": symbols begin with it and no entries. */
}

void
context_free(struct context *c)
{
	arena_free(&c->task_arena);
	names_free(&c->index);
	free(c->syms);
	free(c->touched);
	wbuf_free(&c->scratch);
	memset(c, 0, sizeof(*c));
}

void
context_next_task(struct context *c)
{
	c->gen++;
	c->ntouched = 0;
	arena_reset(&c->task_arena);
}

static struct ctx_sym *
intern(struct context *c, const char *name, size_t len)
{
	struct ctx_sym *s;

	if ((s = names_find(&c->index, name, len)) != NULL)
		return (s);
	s = arena_alloc(c->arena, sizeof(*s));
	memset(s, 0, sizeof(*s));
	s->name = arena_strn(c->arena, name, len);
	s->len = len;
	s->shared = NO_INDEX;
	names_add(&c->index, s->name, len, s);
	if (c->nsyms == c->capsyms) {
		c->capsyms = c->capsyms == 0 ? 256 : c->capsyms * 2;
		c->syms = xreallocarray(c->syms, c->capsyms,
		    sizeof(struct ctx_sym *));
	}
	c->syms[c->nsyms++] = s;
	return (s);
}

static void
touch(struct context *c, struct ctx_sym *s)
{
	if (s->gen == c->gen)
		return;
	s->gen = c->gen;
	s->task = NULL;
	if (c->ntouched == c->captouched) {
		c->captouched = c->captouched == 0 ? 64 : c->captouched * 2;
		c->touched = xreallocarray(c->touched, c->captouched,
		    sizeof(struct ctx_sym *));
	}
	c->touched[c->ntouched++] = s;
}

/*
 * Puts an entry into its chain, before those of the same layer: the one
 * that comes last wins, which settles what two active roles say.
 */
static struct ctx_entry *
enter(struct context *c, enum ctx_layer layer, const char *name, size_t len)
{
	bool for_task = c->gen != 0 && is_task_layer(layer);
	struct ctx_entry *e, **at;
	struct ctx_sym *s;

	s = intern(c, name, len);
	if (for_task)
		touch(c, s);
	e = arena_alloc(for_task ? &c->task_arena : c->arena, sizeof(*e));
	memset(e, 0, sizeof(*e));
	e->layer = layer;
	for (at = for_task ? &s->task : &s->top;
	    *at != NULL && (*at)->layer > layer; at = &(*at)->weaker)
		;
	e->weaker = *at;
	*at = e;
	return (e);
}

void
context_add(struct context *c, enum ctx_layer layer, const char *name,
    size_t len, struct node *value, const char *role)
{
	struct ctx_entry *e;

	e = enter(c, layer, name, len);
	e->node = value;
	e->role = role;
	if (role != NULL && e->weaker != NULL && e->weaker->layer == layer &&
	    !c->clash_noted) {
		diag_note(c->diag, value, "'%.60s' is set for the roles "
		    "'%.60s' and '%.60s', both active: the last one counts",
		    name, e->weaker->role, role);
		c->clash_noted = true;
	}
}

void
context_literal(struct context *c, enum ctx_layer layer, const char *name,
    size_t len, const char *text, size_t textlen)
{
	struct ctx_entry *e;

	e = enter(c, layer, name, len);
	e->text.p = text;
	e->text.len = textlen;
}

void
context_map(struct context *c, enum ctx_layer layer, const struct node *map,
    const char *role)
{
	uint32_t i;

	if (map == NULL || map->type != NODE_MAP)
		return;
	for (i = 0; i < map->n; i++)
		if (map->pairs[i].key->n > 0)
			context_add(c, layer, map->pairs[i].key->text,
			    map->pairs[i].key->n, map->pairs[i].value, role);
}

void
context_role_maps(struct context *c, enum ctx_layer layer,
    const struct node *map, const struct roles *roles)
{
	uint32_t i;

	if (map == NULL || map->type != NODE_MAP)
		return;
	for (i = 0; i < map->n; i++)
		if (roles_active(roles, map->pairs[i].key->text,
		    map->pairs[i].key->n))
			context_map(c, layer, map->pairs[i].value,
			    map->pairs[i].key->text);
}

bool
context_spent(const struct context *c)
{
	return (c->work > CTX_MAX_WORK);
}

bool
context_step(struct context *c, const struct node *where)
{
	if (context_spent(c))
		return (false);
	if (++c->work <= CTX_MAX_WORK)
		return (true);
	diag_error(c->diag, where, "names and conditions are looked at more "
	    "than %d times: too many tasks use too many of them",
	    CTX_MAX_WORK);
	return (false);
}

/*
 * What a conditional value comes to.  Its conditions may be conditional
 * themselves, in a long row or a wide fan: depth and work are bounded.
 */
static struct node *
conditional(struct context *c, struct node *n)
{
	struct node *found = NULL;

	if (!context_step(c, n))
		return (NULL);
	if (c->depth < CTX_MAX_DEPTH) {
		c->depth++;
		found = expand_scalar(c, n);
		c->depth--;
	} else if (!n->told) {
		diag_error(c->diag, n, "too many conditions depend on each "
		    "other");
		n->told = true;
	}
	return (found);
}

/* Whether an entry has something to say, and what. */
static bool
entry_value(struct context *c, const struct ctx_entry *e,
    struct ctx_value *v)
{
	struct node *n = e->node;

	v->entry = e;
	v->literal = n == NULL;
	v->is_null = false;
	if (n == NULL) {
		v->text = e->text;
		return (true);
	}
	if (n->type != NODE_SCALAR && (n = conditional(c, n)) == NULL)
		return (false);
	/* A key whose value is one null name is as if it were not there. */
	if (e->layer == CTX_BUILTIN && expand_is_null(c, n->text, n->n))
		return (false);
	v->is_null = node_is_null(n);
	v->text.p = n->text;
	v->text.len = n->n;
	return (true);
}

bool
context_value(struct context *c, struct ctx_sym *s, struct ctx_value *v)
{
	struct ctx_entry *task, *top, **from;
	bool found = false;

	/* A value that depends on itself has none. */
	if (s->resolving)
		return (false);
	s->resolving = true;
	task = s->gen == c->gen ? s->task : NULL;
	top = s->top;
	while (!found && (task != NULL || top != NULL)) {
		if (top == NULL || (task != NULL && task->layer > top->layer))
			from = &task;
		else
			from = &top;
		found = entry_value(c, *from, v);
		*from = (*from)->weaker;
	}
	s->resolving = false;
	return (found);
}

bool
context_find(struct context *c, const char *name, size_t len,
    struct ctx_value *v)
{
	struct ctx_sym *s;

	if ((s = names_find(&c->index, name, len)) == NULL)
		return (false);
	return (context_value(c, s, v));
}

const char *
context_layer_name(enum ctx_layer layer)
{
	static const char *const names[] = {
		[CTX_TOP_DEFAULTS] = "top-level defaults",
		[CTX_TOP_ROLE_DEFAULTS] = "top-level role_defaults",
		[CTX_TASK_DEFAULTS] = "defaults",
		[CTX_TASK_ROLE_DEFAULTS] = "role_defaults",
		[CTX_ENVIRON] = "environment",
		[CTX_BUILTIN] = "built-in",
		[CTX_TOP_DEFINES] = "top-level defines",
		[CTX_TOP_ROLE_DEFINES] = "top-level role_defines",
		[CTX_TASK_DEFINES] = "defines",
		[CTX_TASK_ROLE_DEFINES] = "role_defines",
		[CTX_PROCESS] = "built-in"
	};

	_Static_assert(nitems(names) == CTX_LAYER_MAX, "a name a layer");
	return (names[layer]);
}
