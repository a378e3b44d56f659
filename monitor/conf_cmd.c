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
 * The commands of a task, resolved to words.
 */

#include <string.h>

#include "../common/ipc.h"
#include "conf_task.h"

/* A name that goes into requests and messages. */
static bool
name_fits(const struct node *n)
{
	uint32_t i;

	if (n->n < 1 || n->n > LIMIT_NAME)
		return (false);
	for (i = 0; i < n->n; i++)
		if ((unsigned char)n->text[i] < 0x20 || n->text[i] == 0x7f)
			return (false);
	return (true);
}

static void
add_command(struct task *t, struct node *name, struct node *words)
{
	struct conf *c = t->c;
	struct task_cmd *cmd;
	struct conf_words w;

	if (!name_fits(name)) {
		diag_error(&c->diag, name, "a command's name has 1 to %d "
		    "bytes, none a control character", LIMIT_NAME);
		return;
	}
	if (words->type == NODE_SCALAR) {
		diag_error(&c->diag, words, "the command '%.60s' must be a "
		    "list of words, not text", name->text);
		return;
	}
	conf_words(c, words, &w, true);
	/* Conditions that come to nothing are as if there were no key. */
	if (w.n == 0 && words->type == NODE_MAP && t->ncmds > 0)
		return;
	if (w.n == 0 || w.n > PLAN_CMD_MAXARGS) {
		diag_error(&c->diag, words, "the command '%.60s' has %s",
		    name->text, w.n > 0 ? "too many words" : words->n > 0 ?
		    "no words: all it has comes to nothing" : "no words");
		return;
	}
	if (t->ncmds == LIMIT_CMDS) {
		diag_error(&c->diag, name, "more than %d commands",
		    LIMIT_CMDS);
		return;
	}
	t->rec.cmds[t->ncmds].name = arena_strn(&c->ctx.task_arena,
	    name->text, name->n);
	t->rec.cmds[t->ncmds].program = conf_readable(&c->ctx.task_arena,
	    w.spans[0]);
	t->rec.cmds[t->ncmds].per_process = w.late;
	cmd = &t->cmds[t->ncmds++];
	cmd->name = name->text;
	cmd->argv = w.spans;
	cmd->argc = w.n;
	cmd->where = words;
	cmd->program_at = w.nodes[0];
}

static void
find_standard(struct task *t)
{
	uint32_t i;

	for (i = 1; i < t->ncmds; i++) {
		if (strcmp(t->cmds[i].name, "stop") == 0)
			t->rec.stop_cmd = i;
		if (strcmp(t->cmds[i].name, "check") == 0)
			t->rec.check_cmd = i;
	}
}

/* There is nothing to start; perhaps it is there by another name. */
static void
no_start(struct task *t, struct node *map)
{
	struct node *v = NULL;
	struct diag_guess g;
	uint32_t i;

	if (t->self->map->type == NODE_MAP)
		v = node_find(t->self->map, "commands");
	/* Commands of the wrong shape have their own message. */
	if (map == NULL && !node_is_null(v))
		return;
	for (i = 0; map != NULL && i < map->n; i++)
		if (diag_guess(&t->c->diag, &g, map->pairs[i].key->text)) {
			diag_offer(&g, "start");
			if (g.best == NULL || g.distance == 0)
				continue;
			diag_error(&t->c->diag, map->pairs[i].key,
			    "commands.start is missing, there is '%.60s'%s",
			    g.word, diag_near(&g));
			return;
		}
	diag_error(&t->c->diag, map != NULL ? map : t->self->name,
	    "commands.start is missing");
}

void
task_commands(struct task *t)
{
	struct node *map = t->v[KEY_TASK_COMMANDS], *start = NULL;
	struct arena *a = &t->c->ctx.task_arena;
	uint32_t i, n;

	n = map != NULL ? map->n : 0;
	if (n > LIMIT_CMDS)
		n = LIMIT_CMDS;
	/* One more may be added: CMD_MODULES. */
	t->cmds = arena_alloc(a, (n + 2) * sizeof(*t->cmds));
	t->rec.cmds = arena_alloc(a, (n + 2) * sizeof(*t->rec.cmds));
	if (map != NULL)
		start = node_find(map, "start");
	if (node_is_null(start)) {
		no_start(t, map);
		return;
	}
	for (i = 0; i < map->n; i++)
		if (map->pairs[i].value == start)
			add_command(t, map->pairs[i].key, start);
	for (i = 0; i < map->n; i++)
		if (map->pairs[i].value != start &&
		    !node_is_null(map->pairs[i].value))
			add_command(t, map->pairs[i].key,
			    map->pairs[i].value);
	find_standard(t);
	t->rec.ncmds = t->ncmds;
}

static bool
has_mark(const char *text)
{
	return (text != NULL && strchr(text, LATE_MARK) != NULL);
}

void
task_programs(struct task *t)
{
	struct context *ctx = &t->c->ctx;
	const char *path = NULL, *found;
	struct host_fault fault;
	struct ctx_value v;
	unsigned int flags;
	uint32_t i;

	if (context_find(ctx, "PATH", 4, &v) && !v.is_null)
		path = expand_value(ctx, &v, &flags, false).p;
	if (has_mark(path) || t->cwd_late)
		return;
	for (i = 0; i < t->ncmds; i++) {
		if (has_mark(t->cmds[i].argv[0].p))
			continue;
		found = host_program(&t->c->host, t->cmds[i].argv[0].p, path,
		    t->cwd, &fault);
		if (i == 0)
			t->program = found;
		if (fault.reason != REASON_NONE)
			task_hold(t, t->cmds[i].program_at, &fault);
	}
}
