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
 * Answers as JSON, with the words of /status/tasks (answerjson.c) for tasks
 * and processes.  And no output at all, for -q: a table like the others.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/answerjson.h"
#include "../common/log.h"
#include "../common/run.h"
#include "../common/states.h"
#include "output.h"

#define INDENT	2

static struct json *
start(void)
{
	struct json	*j;

	if ((j = json_new(INDENT)) == NULL)
		fatal("json_new");
	json_object(j);
	return (j);
}

static void
finish(struct json *j)
{
	char		*text;
	size_t		 len;

	json_object_end(j);
	if ((text = json_finish(j, &len)) == NULL)
		fatal("json_finish");
	fwrite(text, 1, len, stdout);
	free(text);
	json_free(j);
}

static void
add_summary(struct json *j, const struct answer_summary *s)
{
	static const char *const	 modes[MODE_MAX] = { "run", "stop",
	    "reset" };
	struct cursor			 roles, alerts;
	struct span			 role, text;
	char				 buf[ISO_TIME_SIZE];
	uint32_t			 i;

	json_key(j, "daemon");
	json_object(j);
	json_key(j, "version");
	json_stringn(j, s->version.p, s->version.len);
	json_key(j, "pid");
	json_uint(j, s->pid);
	json_key(j, "mode");
	json_string(j, modes[s->mode]);
	json_key(j, "started");
	json_string(j, iso_time(s->started_wall, buf, sizeof(buf)));
	json_key(j, "tasks");
	json_uint(j, s->ntasks);
	json_key(j, "running");
	json_uint(j, s->nrunning);
	json_key(j, "roles");
	if (s->roles_on) {
		roles = s->roles;
		json_array(j);
		for (i = 0; i < s->nroles; i++) {
			role = get_str(&roles);
			json_stringn(j, role.p, role.len);
		}
		json_array_end(j);
	} else
		json_null(j);
	json_key(j, "alerts");
	alerts = s->alerts;
	json_array(j);
	for (i = 0; i < s->nalerts; i++) {
		text = get_str(&alerts);
		json_stringn(j, text.p, text.len);
	}
	json_array_end(j);
	json_key(j, "configuration");
	json_object(j);
	json_key(j, "generation");
	json_uint(j, s->gen);
	json_key(j, "loaded");
	json_string(j, iso_time(s->loaded_wall, buf, sizeof(buf)));
	json_key(j, "ok");
	json_bool(j, s->load_ok);
	json_key(j, "error");
	if (s->load_ok)
		json_null(j);
	else
		json_stringn(j, s->load_error.p, s->load_error.len);
	json_object_end(j);
	json_object_end(j);
}

static void
add_listeners(struct json *j, const struct answer *a)
{
	const struct listener	*l;
	size_t			 i;

	json_key(j, "listeners");
	json_array(j);
	for (i = 0; i < a->nlisteners; i++) {
		l = &a->listeners[i].listener;
		json_object(j);
		json_key(j, "listen");
		json_stringn(j, l->addr.p, l->addr.len);
		json_key(j, "control");
		json_bool(j, l->control);
		json_key(j, "tls");
		json_bool(j, l->tls);
		json_key(j, "up");
		json_bool(j, l->up);
		json_key(j, "error");
		if (l->error.len == 0)
			json_null(j);
		else
			json_stringn(j, l->error.p, l->error.len);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
json_status(const struct answer *a, bool detail)
{
	const struct answer_entry	*e;
	struct json			*j;
	size_t				 i, k;

	(void)detail;
	j = start();
	if (a->have_summary)
		add_summary(j, &a->summary);
	add_listeners(j, a);
	json_key(j, "tasks");
	json_object(j);
	for (i = 0; i < a->ntasks; i++) {
		e = &a->tasks[i];
		json_answer_task(j, &e->task);
		for (k = 0; k < e->nslots; k++)
			if (!e->slots[k].hidden)
				json_answer_proc(j, &e->slots[k].proc);
		json_answer_task_end(j);
	}
	json_object_end(j);
	finish(j);
}

static void
add_line(const char *s, size_t len, void *arg)
{
	json_stringn(arg, s, len);
}

static void
add_result(struct json *j, const struct answer *a)
{
	json_key(j, "ok");
	json_bool(j, answer_exit(a) == CTL_OK);
	json_key(j, "text");
	json_string(j, a->text == NULL ? "" : a->text);
}

static void
json_result(const struct answer *a)
{
	struct json	*j;

	j = start();
	add_result(j, a);
	finish(j);
}

static void
add_span(struct json *j, const char *key, struct span s)
{
	json_key(j, key);
	json_stringn(j, s.p, s.len);
}

static void
add_link(struct json *j, const struct answer_why *y)
{
	char		 buf[ISO_TIME_SIZE];

	json_object(j);
	json_key(j, "depth");
	json_uint(j, y->depth);
	add_span(j, "task", y->name);
	json_key(j, "state");
	json_string(j, state_name((enum task_state)y->state));
	json_key(j, "reason");
	if (y->reason == REASON_NONE)
		json_null(j);
	else
		json_string(j, reason_name((enum task_reason)y->reason));
	add_span(j, "detail", y->detail);
	if (y->since_wall != 0) {
		json_key(j, "since");
		json_string(j, iso_time(y->since_wall, buf, sizeof(buf)));
	}
	if (y->remedy.len > 0)
		add_span(j, "remedy", y->remedy);
	json_object_end(j);
}

/* A list of chains; each a list that begins with the task asked about. */
static void
json_why(const struct answer *a, const struct answer *status)
{
	struct json	*j;
	size_t		 i;

	(void)status;
	j = start();
	json_key(j, "why");
	json_array(j);
	for (i = 0; i < a->nlinks; i++) {
		if (a->links[i].why.depth == 0) {
			if (i > 0)
				json_array_end(j);
			json_array(j);
		}
		add_link(j, &a->links[i].why);
	}
	if (a->nlinks > 0)
		json_array_end(j);
	json_array_end(j);
	finish(j);
}

static void
add_effect(struct json *j, const struct answer_change *c)
{
	json_keyn(j, c->name.p, c->name.len);
	json_object(j);
	json_key(j, "new");
	json_bool(j, c->added);
	json_key(j, "removed");
	json_bool(j, c->removed);
	json_key(j, "kept");
	json_uint(j, c->kept);
	json_key(j, "started");
	json_uint(j, c->started);
	json_key(j, "stopped");
	json_uint(j, c->stopped);
	json_key(j, "restarted");
	json_uint(j, c->restarted);
	add_span(j, "why", c->why);
	json_object_end(j);
}

static void
json_load(const struct answer *a, enum load_kind kind)
{
	struct json	*j;
	size_t		 i;

	j = start();
	add_result(j, a);
	json_key(j, "messages");
	json_array(j);
	answer_lines(a, add_line, j);
	json_array_end(j);
	if (kind != LOAD_CHECK) {
		json_key(j, "tasks");
		json_object(j);
		for (i = 0; i < a->neffects; i++)
			add_effect(j, &a->effects[i].change);
		json_object_end(j);
	}
	finish(j);
}

static void
json_outcomes(const struct answer *a, const char *done)
{
	const struct answer_result	*r;
	struct json			*j;
	size_t				 i;

	(void)done;
	j = start();
	add_result(j, a);
	json_key(j, "tasks");
	json_array(j);
	for (i = 0; i < a->noutcomes; i++) {
		r = &a->outcomes[i].result;
		json_object(j);
		add_span(j, "task", r->name);
		json_key(j, "result");
		json_string(j, answer_word(r->code));
		add_span(j, "text", r->text);
		json_object_end(j);
	}
	json_array_end(j);
	finish(j);
}

/* "monitor 0.1.0"; a list, since a part may run more than once. */
static void
add_part(const char *s, size_t len, void *arg)
{
	const char	*blank;
	size_t		 n;

	blank = memchr(s, ' ', len);
	n = blank == NULL ? len : (size_t)(blank - s);
	json_object(arg);
	json_key(arg, "part");
	json_stringn(arg, s, n);
	json_key(arg, "version");
	json_stringn(arg, blank == NULL ? "" : blank + 1,
	    blank == NULL ? 0 : len - n - 1);
	json_object_end(arg);
}

static void
json_version(const struct answer *a)
{
	struct json	*j;

	j = start();
	json_key(j, "taskforcectl");
	json_string(j, PACKAGE_VERSION);
	json_key(j, "parts");
	json_array(j);
	answer_lines(a, add_part, j);
	json_array_end(j);
	finish(j);
}

const struct output output_json = {
	.status = json_status,
	.why = json_why,
	.load = json_load,
	.outcomes = json_outcomes,
	.result = json_result,
	.version = json_version
};

static void
no_status(const struct answer *a, bool detail)
{
	(void)a;
	(void)detail;
}

static void
no_why(const struct answer *a, const struct answer *status)
{
	(void)a;
	(void)status;
}

static void
no_load(const struct answer *a, enum load_kind kind)
{
	(void)a;
	(void)kind;
}

static void
no_outcomes(const struct answer *a, const char *done)
{
	(void)a;
	(void)done;
}

static void
no_answer(const struct answer *a)
{
	(void)a;
}

const struct output output_none = {
	.status = no_status,
	.why = no_why,
	.load = no_load,
	.outcomes = no_outcomes,
	.result = no_answer,
	.version = no_answer
};
