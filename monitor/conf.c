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
 * The top level of the configuration and the order in which everything is
 * compiled.  The file is the administrator's; it decides what runs as whom,
 * so it is trusted in what it means, but not in its form.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/util.h"
#include "conf_task.h"
#include "yaml.h"

void
conf_values(struct conf *c, struct node *map)
{
	struct pair *p;
	uint32_t i;

	for (i = 0; map != NULL && i < map->n; i++) {
		p = &map->pairs[i];
		if (!p->key->told &&
		    (p->key->n == 0 || strchr(p->key->text, '=') != NULL))
			diag_error(&c->diag, p->key, "'%.60s' cannot be a "
			    "name: it %s", p->key->text,
			    p->key->n == 0 ? "is empty" : "has a '='");
		if (p->value->type != NODE_LIST || p->value->told)
			continue;
		diag_error(&c->diag, p->value, "the value of '%.60s' must be "
		    "one value, not a list", p->key->text);
		p->value->told = true;
	}
}

void
conf_role_values(struct conf *c, struct node *map)
{
	struct pair *p;
	uint32_t i;

	for (i = 0; map != NULL && i < map->n; i++) {
		p = &map->pairs[i];
		if (p->value->type == NODE_MAP)
			conf_values(c, p->value);
		else if (!node_is_null(p->value))
			diag_error(&c->diag, p->value, "the role '%.60s' "
			    "must have a map, not %s", p->key->text,
			    node_kind(p->value));
	}
}

static void
builtin(struct conf *c, const char *name, const char *text)
{
	context_literal(&c->ctx, CTX_BUILTIN, name, strlen(name), text,
	    strlen(text));
}

/*
 * The environment the daemon was started with.  Task_ names are those of an
 * outer taskforced; a value with our mark in it could not be told from one
 * that is to be replaced.
 */
static void
inherit(struct conf *c, char *const *environ)
{
	const char *eq;
	size_t len;

	for (; environ != NULL && *environ != NULL; environ++) {
		eq = strchr(*environ, '=');
		if (eq == NULL || eq == *environ ||
		    strncmp(*environ, "Task_", 5) == 0)
			continue;
		len = eq - *environ;
		if (strchr(*environ, LATE_MARK) != NULL) {
			diag_warn(&c->diag, NULL, "the environment's "
			    "%.*s has the byte 0x01 and is not passed on",
			    len > 60 ? 60 : (int)len, *environ);
			continue;
		}
		context_literal(&c->ctx, CTX_ENVIRON, *environ, len, eq + 1,
		    strlen(eq + 1));
	}
}

static void
role_items(struct conf *c)
{
	const struct role *r;
	char *name;
	uint32_t i;

	for (i = 0; i < c->roles.n; i++) {
		r = &c->roles.list[i];
		if (r->value == NULL)
			continue;
		/* Such a name would end early in an environment. */
		if (strchr(r->name, '=') != NULL)
			continue;
		xasprintf(&name, "Task_role_%s", r->name);
		context_literal(&c->ctx, CTX_BUILTIN, name, strlen(name),
		    r->value, strlen(r->value));
		free(name);
	}
}

static void
top_context(struct conf *c, const struct conf_input *in, struct node **v)
{
	char ppid[16];

	snprintf(ppid, sizeof(ppid), "%u", c->req->ppid);
	inherit(c, in->environ);
	builtin(c, "Task_ppid", arena_strn(&c->arena, ppid, strlen(ppid)));
	builtin(c, "Task_host", in->host);
	builtin(c, "Task_fqdn", in->fqdn);
	role_items(c);
	conf_values(c, v[KEY_TOP_DEFINES]);
	conf_values(c, v[KEY_TOP_DEFAULTS]);
	conf_role_values(c, v[KEY_TOP_ROLE_DEFINES]);
	conf_role_values(c, v[KEY_TOP_ROLE_DEFAULTS]);
	context_map(&c->ctx, CTX_TOP_DEFINES, v[KEY_TOP_DEFINES], NULL);
	context_role_maps(&c->ctx, CTX_TOP_ROLE_DEFINES,
	    v[KEY_TOP_ROLE_DEFINES], &c->roles);
	context_map(&c->ctx, CTX_TOP_DEFAULTS, v[KEY_TOP_DEFAULTS], NULL);
	context_role_maps(&c->ctx, CTX_TOP_ROLE_DEFAULTS,
	    v[KEY_TOP_ROLE_DEFAULTS], &c->roles);
	taskenv_share(&c->env, &c->ctx);
	c->emit.env = c->env.shared;
	c->emit.nenv = c->env.nshared;
}

static void
tasks(struct conf *c, struct node *map)
{
	struct conf_task *t;
	uint32_t i;

	if (map->n > LIMIT_TASKS) {
		diag_error(&c->diag, map, "more than %d tasks", LIMIT_TASKS);
		return;
	}
	c->tasks = xcalloc(map->n + 1, sizeof(*c->tasks));
	c->ntasks = map->n;
	for (i = 0; i < c->ntasks; i++) {
		t = &c->tasks[i];
		t->index = i;
		t->name = map->pairs[i].key;
		t->map = map->pairs[i].value;
		names_add(&c->task_index, t->name->text, t->name->n, t);
	}
	for (i = 0; i < c->ntasks; i++) {
		conf_task(c, &c->tasks[i]);
		/* It will not be used: the rest need not be made. */
		if (context_spent(&c->ctx) ||
		    emit_records(&c->emit) > LIMIT_PLAN)
			return;
	}
	if (c->nprocs > LIMIT_PROCS)
		diag_error(&c->diag, map, "the tasks ask for more than %d "
		    "processes", LIMIT_PROCS);
	conf_order(c);
}

static void
document(struct conf *c, struct node *root)
{
	struct json *j;

	if ((j = json_new(0)) == NULL)
		fatalx("out of memory");
	node_json(j, root);
	if ((c->doc = json_finish(j, &c->emit.doclen)) == NULL)
		fatalx("out of memory");
	json_free(j);
	c->emit.doc = c->doc;
}

static void
compile(struct conf *c, const struct conf_input *in, struct node *root)
{
	struct node *v[KEY_TOP_MAX];

	if (root->type != NODE_MAP) {
		diag_error(&c->diag, root, "the configuration must be a map, "
		    "not %s", node_kind(root));
		return;
	}
	keys_scan(KEYS_TOP, &c->diag, root, v);
	top_context(c, in, v);
	conf_settings(c, v[KEY_TOP_SETTINGS]);
	if (v[KEY_TOP_TASKS] != NULL)
		tasks(c, v[KEY_TOP_TASKS]);
	else if (node_find(root, "tasks") == NULL)
		diag_error(&c->diag, root, "'tasks' is missing");
	if (c->diag.nerrors > 0)
		return;
	document(c, root);
	if (emit_size(&c->emit) > LIMIT_PLAN)
		diag_error(&c->diag, NULL, "the plan has more than %d bytes",
		    LIMIT_PLAN);
}

void
conf_compile(struct conf *c, const struct conf_input *in)
{
	const struct load_req *req = in->req;
	struct node *root;

	c->req = req;
	diag_init(&c->diag, arena_strn(&c->arena, req->conf_path.p,
	    req->conf_path.len), arena_strn(&c->arena, req->roles_path.p,
	    req->roles_path.len));
	context_init(&c->ctx, &c->arena, &c->diag);
	host_init(&c->host, &c->arena, req->uid, req->gid);
	if (req->have_roles)
		roles_parse(&c->roles, in->roles, in->roleslen, &c->arena,
		    &c->diag);
	root = yaml_load(in->conf, in->conflen, &c->arena, &c->diag);
	if (root != NULL)
		compile(c, in, root);
	else if (c->diag.nerrors == 0)
		diag_error(&c->diag, NULL, "the file is empty: 'tasks' is "
		    "missing");
	diag_sort(&c->diag);
}

void
conf_free(struct conf *c)
{
	emit_free(&c->emit);
	wbuf_free(&c->explain);
	free(c->doc);
	names_free(&c->task_index);
	free(c->tasks);
	taskenv_free(&c->env);
	host_free(&c->host);
	context_free(&c->ctx);
	roles_free(&c->roles);
	diag_free(&c->diag);
	arena_free(&c->arena);
	memset(c, 0, sizeof(*c));
}
