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
 * How a task hangs together with others and with the roles of this host.
 */

#include <string.h>

#include "../common/ipc.h"
#include "conf_task.h"

/* "name", or that and REQUIRES_OK; it is cut out.  -1: another suffix. */
static int
split_requirement(struct arena *a, const char *text, const char **name,
    bool *ok)
{
	const char *colon;

	*ok = false;
	*name = text;
	if ((colon = strchr(text, ':')) == NULL)
		return (0);
	if (strcmp(colon, REQUIRES_OK) != 0)
		return (-1);
	*ok = true;
	*name = arena_strn(a, text, colon - text);
	return (0);
}

static void
add_requirement(struct task *t, struct conf_task *to, bool ok,
    struct node *where)
{
	struct schedrec_task *r = &t->rec;

	if (to->required_by == t->self->index + 1) {
		r->requires[to->required_as].ok |= ok;
		return;
	}
	to->required_by = t->self->index + 1;
	to->required_as = r->nrequires;
	t->require_at[r->nrequires] = where;
	r->requires[r->nrequires].task = to->index;
	r->requires[r->nrequires++].ok = ok;
}

void
task_requires(struct task *t)
{
	struct conf *c = t->c;
	struct conf_words w;
	struct conf_task *to;
	const char *name;
	uint32_t i;
	bool ok;

	conf_names(c, t->v[KEY_TASK_REQUIRES], "requires", &w);
	t->rec.requires = arena_alloc(&c->ctx.task_arena,
	    w.n * sizeof(*t->rec.requires));
	t->require_at = arena_alloc(&c->ctx.task_arena,
	    w.n * sizeof(*t->require_at));
	for (i = 0; i < w.n; i++) {
		if (split_requirement(&c->ctx.task_arena, w.words[i], &name,
		    &ok) == -1) {
			diag_error(&c->diag, w.nodes[i], "'requires' is "
			    "'%.100s': only ':ok' may follow a task's name",
			    w.words[i]);
			continue;
		}
		to = conf_find_task(c, w.nodes[i], name, "requires");
		if (to != NULL)
			add_requirement(t, to, ok, w.nodes[i]);
	}
	t->self->nrequires = t->rec.nrequires;
	t->self->requires = arena_alloc(&c->arena,
	    t->rec.nrequires * sizeof(*t->self->requires));
	for (i = 0; i < t->rec.nrequires; i++)
		t->self->requires[i] = (struct conf_link){
		    .task = t->rec.requires[i].task,
		    .where = t->require_at[i] };
}

static void
add_onexit(struct task *t, struct node *map)
{
	struct conf *c = t->c;
	struct node *v[KEY_ONEXIT_MAX];
	struct conf_task *to;
	const char *type, *name, *start;
	bool fits;

	if (map->type != NODE_MAP) {
		diag_error(&c->diag, map, "'onexit' must be a map or a list "
		    "of maps, not %s", node_kind(map));
		return;
	}
	keys_scan(KEYS_ONEXIT, &c->diag, map, v);
	fits = conf_scalar(c, map, "type", v[KEY_ONEXIT_TYPE],
	    &v[KEY_ONEXIT_TYPE]);
	fits &= conf_scalar(c, map, "task", v[KEY_ONEXIT_TASK],
	    &v[KEY_ONEXIT_TASK]);
	if (!fits)
		return;
	type = conf_text(c, v[KEY_ONEXIT_TYPE], "type", NULL);
	name = conf_text(c, v[KEY_ONEXIT_TASK], "task", NULL);
	start = key_word(SHAPE_ONEXIT_TYPE, 0);
	if (v[KEY_ONEXIT_TYPE] != NULL && type == NULL)
		return;
	if (type == NULL || strcmp(type, start) != 0) {
		diag_error(&c->diag, type != NULL ? v[KEY_ONEXIT_TYPE] : map,
		    "the type of 'onexit' must be '%s'%s%.60s%s", start,
		    type != NULL ? ", not '" : "", type != NULL ? type : "",
		    type != NULL ? "'" : "");
		return;
	}
	if (v[KEY_ONEXIT_TASK] == NULL)
		diag_error(&c->diag, map, "'onexit' does not name a task");
	if (name == NULL)
		return;
	to = conf_find_task(c, v[KEY_ONEXIT_TASK], name, "onexit");
	if (to == NULL)
		return;
	if (to->started_by == t->self->index + 1)
		return;
	to->started_by = t->self->index + 1;
	t->self->onexit[t->self->nonexit].task = to->index;
	t->self->onexit[t->self->nonexit++].where = v[KEY_ONEXIT_TASK];
	t->rec.onexit[t->rec.nonexit++] = to->index;
}

void
task_onexit(struct task *t)
{
	struct node *v = t->v[KEY_TASK_ONEXIT], **items = &v;
	uint32_t i, n = 1;

	if (v == NULL)
		return;
	if (v->type == NODE_LIST) {
		items = v->items;
		n = v->n;
	}
	t->self->onexit = arena_alloc(&t->c->arena,
	    n * sizeof(*t->self->onexit));
	t->rec.onexit = arena_alloc(&t->c->ctx.task_arena,
	    n * sizeof(*t->rec.onexit));
	for (i = 0; i < n; i++)
		add_onexit(t, items[i]);
}

/* Whether the active roles are those that the task wants. */
static bool
roles_match(struct task *t, const struct conf_words *w)
{
	uint32_t i, matched = 0;

	for (i = 0; i < w->n; i++)
		matched += roles_active(&t->c->roles, w->spans[i].p,
		    w->spans[i].len);
	if (t->c->all_roles)
		return (matched == w->n && w->n > 0);
	return (matched > 0);
}

void
task_scope(struct task *t)
{
	struct schedrec_task *r = &t->rec;
	struct conf_words w;
	uint32_t i;

	r->in_role = true;
	r->why = REASON_NONE;
	if (t->v[KEY_TASK_ROLES] != NULL) {
		conf_names(t->c, t->v[KEY_TASK_ROLES], "roles", &w);
		r->roles = arena_alloc(&t->c->ctx.task_arena,
		    w.n * sizeof(char *));
		for (i = 0; i < w.n; i++)
			r->roles[i] = arena_strn(&t->c->ctx.task_arena,
			    w.spans[i].p, w.spans[i].len);
		r->nroles = w.n;
		t->role_at = w.nodes;
		if (t->c->roles.on && !roles_match(t, &w)) {
			r->in_role = false;
			r->why = REASON_NOT_IN_ROLE;
		}
	}
}
