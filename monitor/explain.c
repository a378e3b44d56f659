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
 * "taskforced -n -v": the plan as text, in a form that depends on nothing
 * but the plan: one fact a line, strings quoted as in JSON, the marks of
 * late-bound words shown as {Task_pid} and {Task_instance}, entries of the
 * environment sorted by name.  Only what the environment adds to, changes in
 * or takes from that of the daemon is shown, each with where it comes from.
 *
 * First a line "roles", then one for each listener, then the tasks in file
 * order: "task NAME" and beneath it, after a tab, what differs from nothing:
 * roles, scope, control, count, credentials, places, requires, onexit,
 * times (only where they are not the usual ones), commands, events, and the
 * environment with, behind a "#", the layer of the context, the role and the
 * line a value comes from.  tests/golden compares all of it.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/signame.h"
#include "../common/util.h"
#include "conf_task.h"

static void
raw(struct conf *c, const char *p, size_t len)
{
	if (len == 0)
		return;
	if (wbuf_room(&c->explain, len) == -1)
		fatalx("out of memory");
	memcpy(c->explain.data + c->explain.len, p, len);
	c->explain.len += len;
}

static void __attribute__((__format__(printf, 2, 3)))
say(struct conf *c, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len == -1)
		fatalx("out of memory");
	raw(c, text, len);
	free(text);
}

/* A string in quotes. */
static void
quote(struct conf *c, const char *p, size_t len)
{
	unsigned char ch;
	size_t i;

	raw(c, "\"", 1);
	for (i = 0; i < len; i++) {
		ch = p[i];
		if (ch == LATE_MARK && i + 1 < len) {
			i++;
			say(c, "{%s}", p[i] == LATE_PID ? "Task_pid" :
			    "Task_instance");
		} else if (ch == '"' || ch == '\\')
			say(c, "\\%c", ch);
		else if (ch == '\n')
			raw(c, "\\n", 2);
		else if (ch == '\t')
			raw(c, "\\t", 2);
		else if (ch < 0x20 || ch == 0x7f)
			say(c, "\\u%04x", ch);
		else
			raw(c, p + i, 1);
	}
	raw(c, "\"", 1);
}

static void
say_string(struct conf *c, const char *what, struct span s)
{
	if (s.len == 0)
		return;
	say(c, "\t%s ", what);
	quote(c, s.p, s.len);
	say(c, "\n");
}

static void
say_seconds(struct conf *c, const char *what, uint32_t ms, uint32_t usual)
{
	if (ms != usual)
		say(c, "\t%s %u.%03u\n", what, ms / 1000, ms % 1000);
}

void
explain_plan(struct conf *c, const struct schedrec_plan *p)
{
	uint32_t i;

	if (!p->roles_on)
		say(c, "roles off\n");
	else {
		say(c, "roles %s", p->all_roles ? "all" : "any");
		for (i = 0; i < p->nroles; i++)
			say(c, " %s", p->roles[i]);
		say(c, "\n");
	}
}

void
explain_listen(struct conf *c, const struct plan_listen *l,
    const struct span *allow)
{
	uint32_t i;

	say(c, "listen ");
	quote(c, l->addr.p, l->addr.len);
	if (l->host.len > 0) {
		say(c, " at ");
		quote(c, l->host.p, l->host.len);
		say(c, " port %u", l->port);
	}
	if (l->certfile.len > 0) {
		say(c, " certfile ");
		quote(c, l->certfile.p, l->certfile.len);
	}
	say(c, "%s timeout %u.%03u", l->control ? " control" : "",
	    l->timeout_ms / 1000, l->timeout_ms % 1000);
	if (l->client_ca.len > 0) {
		say(c, " client_ca ");
		quote(c, l->client_ca.p, l->client_ca.len);
	}
	if (l->auth.len > 0) {
		say(c, " auth ");
		quote(c, l->auth.p, l->auth.len);
	}
	if (l->hsts_s > 0)
		say(c, " hsts %u", l->hsts_s);
	if (l->nallow > 0)
		say(c, " allow");
	for (i = 0; i < l->nallow; i++)
		say(c, " %s", allow[i].p);
	say(c, "\n");
}

static void
explain_scope(struct task *t)
{
	struct schedrec_task *r = &t->rec;
	uint32_t i;

	if (r->nroles > 0 || t->v[KEY_TASK_ROLES] != NULL) {
		say(t->c, "\troles");
		for (i = 0; i < r->nroles; i++)
			say(t->c, " %s", r->roles[i]);
		say(t->c, "\n");
	}
	if (!r->in_role || r->control == CONTROL_OFF)
		say(t->c, "\tout of scope: %s\n", reason_name(!r->in_role ?
		    REASON_NOT_IN_ROLE : REASON_CONTROL_OFF));
	if (r->held && r->control != CONTROL_OFF)
		say(t->c, "\theld back: %s: %s\n", reason_name(r->why),
		    r->detail);
}

static void
explain_creds(struct task *t)
{
	uint32_t i;

	if (!t->plan.setids)
		return;
	say(t->c, "\tuid %u gid %u groups", t->plan.uid, t->plan.gid);
	for (i = 0; i < t->creds.ngroups; i++)
		say(t->c, " %u", t->creds.groups[i]);
	say(t->c, "\n");
}

static void
explain_commands(struct task *t)
{
	uint32_t i, j;

	for (i = 0; i < t->ncmds; i++) {
		say(t->c, "\tcommand %s", t->cmds[i].name);
		for (j = 0; j < t->cmds[i].argc; j++) {
			say(t->c, " ");
			quote(t->c, t->cmds[i].argv[j].p,
			    t->cmds[i].argv[j].len);
		}
		say(t->c, "\n");
	}
}

static void
explain_links(struct task *t)
{
	struct schedrec_task *r = &t->rec;
	uint32_t i;

	if (r->nrequires > 0) {
		say(t->c, "\trequires");
		for (i = 0; i < r->nrequires; i++)
			say(t->c, " %s%s",
			    t->c->tasks[r->requires[i].task].name->text,
			    r->requires[i].ok ? ":ok" : "");
		say(t->c, "\n");
	}
	for (i = 0; i < r->nonexit; i++)
		say(t->c, "\tonexit start %s\n",
		    t->c->tasks[r->onexit[i]].name->text);
}

static void
explain_events(struct task *t)
{
	const struct schedrec_event *e;
	uint32_t i, j;

	for (i = 0; i < t->rec.nevents; i++) {
		e = &t->rec.events[i];
		say(t->c, "\tevent %s", schedrec_event_name(e->type));
		if (e->action == ACTION_SIGNAL)
			say(t->c, " signal %s", signame_name(e->sig));
		else
			say(t->c, " command %s",
			    e->action == ACTION_STOP ? "stop" :
			    e->action == ACTION_START ? "start" :
			    t->cmds[e->cmd].name);
		if (e->verify != 0)
			say(t->c, " verify %s", t->cmds[e->verify].name);
		if (e->content)
			say(t->c, " content");
		for (j = 0; j < e->npaths; j++) {
			say(t->c, " ");
			quote(t->c, e->paths[j], strlen(e->paths[j]));
		}
		say(t->c, "\n");
	}
}

/* A name of the task's environment and what becomes of it. */
struct line {
	const struct ctx_sym	*sym;
	struct span		 text;		/* length 0: taken away */
	struct ctx_value	 value;		/* where it comes from */
};

static int
cmp_line(const void *a, const void *b)
{
	const struct line *la = a, *lb = b;

	return (strcmp(la->sym->name, lb->sym->name));
}

static bool
is_inherited(const struct ctx_sym *s)
{
	const struct ctx_entry *e;

	for (e = s->top; e != NULL; e = e->weaker)
		if (e->layer == CTX_ENVIRON)
			return (true);
	return (false);
}

/* What the task sees under a name: its own entry, or the shared one. */
static bool
find_line(struct task *t, struct ctx_sym *s, struct line *l)
{
	struct taskenv *env = &t->c->env;
	uint32_t i;
	bool own = false;

	memset(l, 0, sizeof(*l));
	l->sym = s;
	if (s->gen == t->c->ctx.gen || s->may_differ)
		for (i = 0; i < env->nown && !own; i++)
			if (env->own_sym[i] == s) {
				l->text = env->own[i].text;
				own = true;
			}
	if (!own && s->shared_text != NULL)
		l->text = (struct span){ s->shared_text,
		    strlen(s->shared_text) };
	if (l->text.len == 0)
		return (is_inherited(s));
	if (!context_value(&t->c->ctx, s, &l->value))
		return (false);
	return (l->value.entry->layer != CTX_ENVIRON);
}

static void
explain_line(struct conf *c, const struct line *l)
{
	const struct ctx_entry *e = l->value.entry;

	if (l->text.len == 0) {
		say(c, "\tunset %s\n", l->sym->name);
		return;
	}
	say(c, "\tenv %s=", l->sym->name);
	quote(c, l->text.p + l->sym->len + 1, l->text.len - l->sym->len - 1);
	say(c, " # %s", context_layer_name(e->layer));
	if (e->role != NULL)
		say(c, " of %s", e->role);
	if (e->node != NULL && e->node->line != 0)
		say(c, ", line %u", e->node->line);
	say(c, "\n");
}

static void
explain_env(struct task *t)
{
	struct context *ctx = &t->c->ctx;
	struct line *lines;
	size_t i, n = 0;

	lines = xcalloc(ctx->nsyms + 1, sizeof(*lines));
	for (i = 0; i < ctx->nsyms; i++)
		if (find_line(t, ctx->syms[i], &lines[n]))
			n++;
	qsort(lines, n, sizeof(*lines), cmp_line);
	for (i = 0; i < n; i++)
		explain_line(t->c, &lines[i]);
	free(lines);
}

void
explain_task(struct task *t)
{
	struct schedrec_task *r = &t->rec;

	say(t->c, "task %s\n", r->name);
	explain_scope(t);
	say(t->c, "\tcontrol %s\n\tcount %u\n", control_name(r->control),
	    r->count);
	explain_creds(t);
	say_string(t->c, "cwd", t->plan.cwd);
	say_string(t->c, "procname", t->plan.procname);
	say_string(t->c, "pidfile", t->plan.pidfile);
	explain_links(t);
	say_seconds(t->c, "start_delay", r->start_delay_ms, 0);
	say_seconds(t->c, "time_limit", r->time_limit_ms, 0);
	say_seconds(t->c, "stop_timeout", r->stop_timeout_ms,
	    CONF_STOP_TIMEOUT);
	say_seconds(t->c, "check_interval", r->check_interval_ms,
	    CONF_CHECK_INTERVAL);
	say_seconds(t->c, "check_timeout", r->check_timeout_ms,
	    CONF_CHECK_TIMEOUT);
	explain_commands(t);
	explain_events(t);
	explain_env(t);
}
