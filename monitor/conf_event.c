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
 * Events of a task: what they watch is told to the monitor, what they do is
 * checked here.
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/signame.h"
#include "../common/util.h"
#include "conf_task.h"

/* 0, or -1: there is no such type. */
static int
read_type(struct task *t, struct node *map, struct node *v,
    struct schedrec_event *e)
{
	struct diag *d = &t->c->diag;
	struct diag_guess g;
	const char *text, *word;
	size_t i;

	if (!conf_scalar(t->c, map, "type", v, &v))
		return (-1);
	if (v == NULL)
		diag_error(d, map, "an event has no type");
	if ((text = conf_text(t->c, v, "type", NULL)) == NULL)
		return (-1);
	for (i = 0; (word = key_word(SHAPE_EVENT_TYPE, i)) != NULL; i++)
		if (strcmp(word, text) == 0) {
			e->type = i;
			return (0);
		}
	diag_error(d, v, "unknown event type '%.60s'%s", text,
	    key_hint(SHAPE_EVENT_TYPE, d, &g, text));
	return (-1);
}

/* A signal's name in capitals and without "SIG", as signame_word() has it. */
static const char *
plain_name(struct task *t, const char *text)
{
	char *p, *name;

	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	name = arena_strn(&t->c->ctx.task_arena, text, strlen(text));
	for (p = name; *p != '\0'; p++)
		*p = toupper((unsigned char)*p);
	return (name);
}

static int
read_signal(struct task *t, struct node *v, struct schedrec_event *e)
{
	const char *text, *word;
	struct diag_guess g;
	size_t i;
	int sig;

	if ((text = conf_text(t->c, v, "signal", NULL)) == NULL)
		return (-1);
	if ((sig = signame_number(text)) < 1 || sig > 64) {
		if (diag_guess(&t->c->diag, &g, plain_name(t, text)))
			for (i = 0; (word = signame_word(i)) != NULL; i++)
				if (signame_number(word) != 0)
					diag_offer(&g, word);
		diag_error(&t->c->diag, v, "'%.60s' is no signal%s", text,
		    diag_near(&g));
		return (-1);
	}
	e->action = ACTION_SIGNAL;
	e->sig = sig;
	t->plan.signals |= 1ULL << (sig - 1);
	return (0);
}

/* 0, or -1: an error, or an action that is left out with a warning. */
static int
builtin_stop(struct task *t, struct node *v, struct schedrec_event *e)
{
	struct diag *d = &t->c->diag;

	if (t->rec.control == CONTROL_ONCE ||
	    t->rec.control == CONTROL_EVENT) {
		diag_warn(d, v, "'stop' is ignored in the events of a task "
		    "with control %s", control_name(t->rec.control));
		return (-1);
	}
	if (e->type == EVENT_RESTART || e->type == EVENT_STOP) {
		diag_warn(d, v, "'stop' is what the event type '%s' does "
		    "anyway: ignored", schedrec_event_name(e->type));
		return (-1);
	}
	e->action = ACTION_STOP;
	return (0);
}

static int
start_action(struct task *t, struct node *v, struct schedrec_event *e)
{
	if (t->rec.control == CONTROL_ONCE ||
	    t->rec.control == CONTROL_EVENT) {
		e->action = ACTION_START;
		return (0);
	}
	diag_warn(&t->c->diag, v, "'start' is ignored in the events of a "
	    "task with control %s: it starts one with control once or event",
	    control_name(t->rec.control));
	return (-1);
}

/*
 * The number of a command that is not start, or 0 and an error.  builtin:
 * a command that need not be written down, for the suggestion.
 */
static uint32_t
find_command(struct task *t, struct node *v, const char *text,
    const char *builtin)
{
	struct diag *d = &t->c->diag;
	struct diag_guess g;
	uint32_t i;

	for (i = 1; i < t->ncmds; i++)
		if (strcmp(t->cmds[i].name, text) == 0)
			return (i);
	if (diag_guess(d, &g, text)) {
		if (builtin != NULL)
			diag_offer(&g, builtin);
		for (i = builtin == NULL; i < t->ncmds; i++)
			diag_offer(&g, t->cmds[i].name);
	}
	diag_error(d, v, "the task has no command '%.60s'%s", text,
	    diag_near(&g));
	return (0);
}

static int
read_command(struct task *t, struct node *v, struct schedrec_event *e)
{
	const char *text;

	if ((text = conf_text(t->c, v, "command", NULL)) == NULL)
		return (-1);
	if (strcmp(text, "stop") == 0)
		return (builtin_stop(t, v, e));
	if (strcmp(text, "start") == 0)
		return (start_action(t, v, e));
	if ((e->cmd = find_command(t, v, text, "stop")) == 0)
		return (-1);
	e->action = ACTION_COMMAND;
	return (0);
}

static int
read_action(struct task *t, struct node *map, struct node **v,
    struct schedrec_event *e)
{
	struct node *command, *signal;
	bool fits;

	fits = conf_scalar(t->c, map, "command", v[KEY_EVENT_COMMAND],
	    &command);
	fits &= conf_scalar(t->c, map, "signal", v[KEY_EVENT_SIGNAL],
	    &signal);
	if (!fits)
		return (-1);
	if ((command == NULL) == (signal == NULL)) {
		diag_error(&t->c->diag, map, "an event needs either a "
		    "command or a signal%s", command != NULL ?
		    ", not both" : "");
		return (-1);
	}
	if (signal != NULL)
		return (read_signal(t, signal, e));
	return (read_command(t, command, e));
}

/* What has to be true of a change before it is acted on. */
static void
read_conditions(struct task *t, struct node **v, struct schedrec_event *e)
{
	struct node *verify = v[KEY_EVENT_VERIFY];
	struct node *content = v[KEY_EVENT_CONTENT];
	struct diag *d = &t->c->diag;
	const char *text;
	bool changes;

	verify = conf_node(t->c, verify);
	changes = e->type != EVENT_RESTART && e->type != EVENT_STOP;
	text = conf_text(t->c, verify, "verify", NULL);
	if (text != NULL && strcmp(text, "start") == 0)
		diag_error(d, verify, "'verify' cannot be the command "
		    "'start', which starts the task: name one that only "
		    "looks");
	else if (text != NULL)
		e->verify = find_command(t, verify, text, NULL);
	e->content = conf_bool(t->c, content, "content", false);
	if (changes)
		return;
	/* Nothing may hold up a stop, and no file is looked at. */
	if (e->verify != 0)
		diag_warn(d, verify, "'verify' says nothing for the event "
		    "type '%s': ignored", schedrec_event_name(e->type));
	if (e->content)
		diag_warn(d, content, "'content' says nothing for the event "
		    "type '%s': ignored", schedrec_event_name(e->type));
	e->verify = 0;
	e->content = false;
}

/* As a process of the task would find it: from where it starts. */
static char *
absolute_path(struct task *t, const char *p, size_t len)
{
	struct arena *a = &t->c->ctx.task_arena;
	char *copy, *name;
	size_t n;

	copy = arena_strn(a, p, len);
	if (*copy == '/')
		return (copy);
	if (t->cwd != NULL && !t->cwd_late && *t->cwd == '/') {
		n = strlen(t->cwd) + 1 + len;
		name = arena_alloc(a, n + 1);
		snprintf(name, n + 1, "%s/%s", t->cwd, copy);
		return (name);
	}
	if ((name = path_absolute(copy)) == NULL)
		fatal("out of memory");
	copy = arena_strn(a, name, strlen(name));
	free(name);
	return (copy);
}

static void
read_paths(struct task *t, struct node *map, struct node *v,
    struct schedrec_event *e)
{
	struct arena *a = &t->c->ctx.task_arena;
	const char *script;
	struct conf_words w;
	uint32_t i;

	if (e->type == EVENT_SELF && t->program != NULL) {
		e->paths = arena_alloc(a, sizeof(char *));
		e->paths[0] = absolute_path(t, t->program,
		    strlen(t->program));
		e->npaths = 1;
	}
	if (e->type == EVENT_PYTHON && (script = task_python(t)) != NULL) {
		e->paths = arena_alloc(a, sizeof(char *));
		e->paths[0] = absolute_path(t, script, strlen(script));
		e->npaths = 1;
	}
	if (e->type != EVENT_FILE_CHANGE) {
		if (v != NULL)
			diag_warn(&t->c->diag, v, "'path' says nothing for "
			    "the event type '%s'",
			    schedrec_event_name(e->type));
		return;
	}
	conf_names(t->c, v, "path", &w);
	if (w.n == 0 && v == NULL)
		diag_error(&t->c->diag, map, "an event of type file_change "
		    "needs a path");
	e->paths = arena_alloc(a, w.n * sizeof(char *));
	for (i = 0; i < w.n; i++) {
		if (w.spans[i].len == 0) {
			diag_error(&t->c->diag, w.nodes[i], "the path of an "
			    "event is empty");
			continue;
		}
		e->paths[e->npaths++] = absolute_path(t, w.spans[i].p,
		    w.spans[i].len);
	}
}

static void
add_event(struct task *t, struct node *map)
{
	struct schedrec_event *e = &t->rec.events[t->rec.nevents];
	struct node *v[KEY_EVENT_MAX];
	int type, action;

	memset(e, 0, sizeof(*e));
	if (map->type != NODE_MAP) {
		diag_error(&t->c->diag, map, "an event must be a map, not "
		    "%s", node_kind(map));
		return;
	}
	keys_scan(KEYS_EVENT, &t->c->diag, map, v);
	/* Both are looked at, so that both are complained of. */
	type = read_type(t, map, v[KEY_EVENT_TYPE], e);
	action = read_action(t, map, v, e);
	if (type == -1)
		return;
	read_conditions(t, v, e);
	read_paths(t, map, v[KEY_EVENT_PATH], e);
	if (action == 0)
		t->event_at[t->rec.nevents++] = map;
}

void
task_events(struct task *t)
{
	struct node *v = t->v[KEY_TASK_EVENTS], **items = &v;
	uint32_t i, n = 1;

	t->plan.signals = plan_signals_for_all();
	if (v == NULL)
		return;
	if (v->type == NODE_LIST) {
		items = v->items;
		n = v->n;
	}
	t->rec.events = arena_alloc(&t->c->ctx.task_arena,
	    n * sizeof(*t->rec.events));
	t->event_at = arena_alloc(&t->c->ctx.task_arena,
	    n * sizeof(*t->event_at));
	for (i = 0; i < n; i++)
		add_event(t, items[i]);
}
