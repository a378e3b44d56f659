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
 * First the roles and settings, then the listeners, then the tasks in file
 * order: "task NAME" and beneath it, after a tab, what differs from nothing:
 * roles, scope, control, count, credentials, places, requires, onexit,
 * times (only where they are not the usual ones), commands, events, and the
 * environment.  Behind a "#" each line says where its value comes from:
 * FILE:LINE, "default", an option of the command line; in the environment
 * the layer of the context and the role before it.  tests/golden compares
 * all of it.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/signame.h"
#include "../common/util.h"
#include "conf_http.h"
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

/* The end of a line: the place of a node, or what else a value is from. */
static void
from(struct conf *c, const struct node *n, const char *otherwise)
{
	if (n != NULL && n->line != 0)
		say(c, " # %s:%u\n", c->diag.conf, n->line);
	else
		say(c, " # %s\n", otherwise);
}

/*
 * What the value of a key is from: it may hide among conditions, and what
 * is written may come to nothing; then NULL.
 */
static const struct node *
source(struct conf *c, struct node *v)
{
	if (v == NULL || (v = expand_scalar(&c->ctx, v)) == NULL ||
	    node_is_null(v) || expand_is_null(&c->ctx, v->text, v->n))
		return (NULL);
	return (v);
}

static void
from_key(struct conf *c, struct node *v, const char *otherwise)
{
	from(c, source(c, v), otherwise);
}

static void
say_string(struct task *t, const char *what, struct span s, int key)
{
	if (s.len == 0)
		return;
	say(t->c, "\t%s ", what);
	quote(t->c, s.p, s.len);
	from_key(t->c, t->v[key], "default");
}

static void
say_seconds(struct task *t, const char *what, uint32_t ms, uint32_t usual,
    int key)
{
	if (ms == usual)
		return;
	say(t->c, "\t%s %u.%03u", what, ms / 1000, ms % 1000);
	from_key(t->c, t->v[key], "default");
}

static void
explain_roles(struct conf *c, bool all, struct node *v)
{
	const struct role *r;
	uint32_t i;

	if (!c->roles.on) {
		say(c, "roles off # no roles file\n");
		return;
	}
	say(c, "roles %s", all ? "all" : "any");
	from_key(c, v, "default");
	for (i = 0; i < c->roles.n; i++) {
		r = &c->roles.list[i];
		say(c, "role %s", r->name);
		if (r->value != NULL) {
			say(c, "=");
			quote(c, r->value, strlen(r->value));
		}
		say(c, " # %s:%u\n", c->diag.roles, r->line);
	}
}

void
explain_plan(struct conf *c, const struct schedrec_plan *p, struct node **v)
{
	uint32_t i;

	explain_roles(c, p->all_roles, v[KEY_SETTINGS_ALL_ROLES]);
	if (p->settle_ms != CONF_SETTLE) {
		say(c, "settle %u.%03u", p->settle_ms / 1000,
		    p->settle_ms % 1000);
		from_key(c, v[KEY_SETTINGS_SETTLE], "default");
	}
	for (i = 0; v[KEY_SETTINGS_PACKAGE_LOCKS] != NULL && i < p->nlocks;
	    i++) {
		say(c, "package_lock ");
		quote(c, p->locks[i], strlen(p->locks[i]));
		from(c, v[KEY_SETTINGS_PACKAGE_LOCKS], "default");
	}
	if (v[KEY_SETTINGS_PACKAGE_LOCKS] != NULL && p->nlocks == 0) {
		say(c, "package_lock none");
		from(c, v[KEY_SETTINGS_PACKAGE_LOCKS], "default");
	}
	if (c->emit.control_gid != NO_INDEX) {
		say(c, "control_group %u", c->emit.control_gid);
		from_key(c, v[KEY_SETTINGS_CONTROL_GROUP], "default");
	}
}

static void
listen_string(struct conf *c, const struct listener *l, const char *what,
    struct span s, int key, const char *otherwise)
{
	if (s.len == 0)
		return;
	say(c, "\t%s ", what);
	quote(c, s.p, s.len);
	from_key(c, l->v[key], otherwise);
}

void
explain_listen(struct conf *c, const struct listener *l,
    const struct plan_listen *p)
{
	uint32_t i;

	say(c, "listen ");
	quote(c, p->addr.p, p->addr.len);
	if (p->host.len > 0) {
		say(c, " at ");
		quote(c, p->host.p, p->host.len);
		say(c, " port %u", p->port);
	}
	from_key(c, l->v[KEY_HTTP_LISTEN], l->by_flags & LISTEN_BY_W ?
	    "option -w" : "default");
	listen_string(c, l, "certfile", p->certfile, KEY_HTTP_CERTFILE,
	    "option -c");
	if (p->control) {
		say(c, "\tallow_control");
		from_key(c, l->v[KEY_HTTP_ALLOW_CONTROL], "option -A");
	}
	if (p->timeout_ms != CONF_HTTP_TIMEOUT) {
		say(c, "\ttimeout %u.%03u", p->timeout_ms / 1000,
		    p->timeout_ms % 1000);
		from_key(c, l->v[KEY_HTTP_TIMEOUT], "default");
	}
	listen_string(c, l, "client_ca", p->client_ca, KEY_HTTP_CLIENT_CA,
	    "default");
	listen_string(c, l, "auth", p->auth, KEY_HTTP_AUTH, "default");
	if (p->hsts_s > 0) {
		say(c, "\thsts %u", p->hsts_s);
		from_key(c, l->v[KEY_HTTP_HSTS], "default");
	}
	for (i = 0; i < p->nallow; i++) {
		say(c, "\tallow %s", l->allow[i].p);
		from(c, l->allow_at[i], "default");
	}
}

static void
explain_scope(struct task *t)
{
	struct schedrec_task *r = &t->rec;
	uint32_t i;

	for (i = 0; i < r->nroles; i++) {
		say(t->c, "\trole %s", r->roles[i]);
		from(t->c, t->role_at[i], "default");
	}
	if (r->nroles == 0 && t->v[KEY_TASK_ROLES] != NULL) {
		say(t->c, "\trole none");
		from(t->c, t->v[KEY_TASK_ROLES], "default");
	}
	if (!r->in_role) {
		say(t->c, "\tout of scope: %s",
		    reason_name(REASON_NOT_IN_ROLE));
		from(t->c, t->v[KEY_TASK_ROLES], "default");
	} else if (r->control == CONTROL_OFF) {
		say(t->c, "\tout of scope: %s",
		    reason_name(REASON_CONTROL_OFF));
		from_key(t->c, t->v[KEY_TASK_CONTROL], "default");
	}
	if (r->held && r->control != CONTROL_OFF) {
		say(t->c, "\theld back: %s: %s", reason_name(r->why),
		    r->detail);
		from(t->c, t->held_at, "default");
	}
}

/* A group that is not configured is that of the user. */
static void
explain_creds(struct task *t)
{
	const struct node *user, *group;
	uint32_t i;

	if (!t->plan.setids)
		return;
	user = source(t->c, t->v[KEY_TASK_USER]);
	group = source(t->c, t->v[KEY_TASK_GROUP]);
	say(t->c, "\tuid %u", t->plan.uid);
	from(t->c, user, "inherited");
	say(t->c, "\tgid %u", t->plan.gid);
	from(t->c, group != NULL ? group : user, "inherited");
	say(t->c, "\tgroups");
	for (i = 0; i < t->creds.ngroups; i++)
		say(t->c, " %u", t->creds.groups[i]);
	from(t->c, user != NULL ? user : group, "inherited");
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
		from(t->c, t->cmds[i].where, "default");
	}
}

static void
explain_links(struct task *t)
{
	struct schedrec_task *r = &t->rec;
	uint32_t i;

	for (i = 0; i < r->nrequires; i++) {
		say(t->c, "\trequires %s%s",
		    t->c->tasks[r->requires[i].task].name->text,
		    r->requires[i].ok ? ":ok" : "");
		from(t->c, t->require_at[i], "default");
	}
	for (i = 0; i < r->nonexit; i++) {
		say(t->c, "\tonexit start %s",
		    t->c->tasks[r->onexit[i]].name->text);
		from(t->c, t->self->onexit[i].where, "default");
	}
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
		from(t->c, t->event_at[i], "default");
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
	if (!context_value(&t->c->ctx, s, &l->value))
		return (false);
	if (l->text.len == 0)
		return (is_inherited(s));
	return (l->value.entry->layer != CTX_ENVIRON);
}

/* The line of the roles file that a Task_role_NAME comes from, or 0. */
static uint32_t
role_line(struct conf *c, const struct ctx_sym *sym)
{
	const struct role *r = NULL;

	if (strncmp(sym->name, "Task_role_", 10) == 0)
		r = names_find(&c->roles.index, sym->name + 10,
		    sym->len - 10);
	return (r != NULL ? r->line : 0);
}

static void
explain_line(struct conf *c, const struct line *l)
{
	const struct ctx_entry *e = l->value.entry;
	uint32_t line;

	if (l->text.len == 0)
		say(c, "\tunset %s", l->sym->name);
	else {
		say(c, "\tenv %s=", l->sym->name);
		quote(c, l->text.p + l->sym->len + 1,
		    l->text.len - l->sym->len - 1);
	}
	say(c, " # %s", context_layer_name(e->layer));
	if (e->role != NULL)
		say(c, " of %s", e->role);
	if (e->node != NULL && e->node->line != 0)
		say(c, ", %s:%u", c->diag.conf, e->node->line);
	else if (e->layer == CTX_BUILTIN &&
	    (line = role_line(c, l->sym)) != 0)
		say(c, ", %s:%u", c->diag.roles, line);
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

	say(t->c, "task %s", r->name);
	from(t->c, t->self->name, "default");
	explain_scope(t);
	say(t->c, "\tcontrol %s", control_name(r->control));
	from_key(t->c, t->v[KEY_TASK_CONTROL], "default");
	say(t->c, "\tcount %u", r->count);
	from_key(t->c, t->v[KEY_TASK_COUNT], "default");
	explain_creds(t);
	say_string(t, "cwd", t->plan.cwd, KEY_TASK_CWD);
	say_string(t, "procname", t->plan.procname, KEY_TASK_PROCNAME);
	say_string(t, "pidfile", t->plan.pidfile, KEY_TASK_PIDFILE);
	explain_links(t);
	say_seconds(t, "start_delay", r->start_delay_ms, 0,
	    KEY_TASK_START_DELAY);
	say_seconds(t, "time_limit", r->time_limit_ms, 0,
	    KEY_TASK_TIME_LIMIT);
	say_seconds(t, "stop_timeout", r->stop_timeout_ms,
	    CONF_STOP_TIMEOUT, KEY_TASK_STOP_TIMEOUT);
	say_seconds(t, "check_interval", r->check_interval_ms,
	    CONF_CHECK_INTERVAL, KEY_TASK_CHECK_INTERVAL);
	say_seconds(t, "check_timeout", r->check_timeout_ms,
	    CONF_CHECK_TIMEOUT, KEY_TASK_CHECK_TIMEOUT);
	explain_commands(t);
	explain_events(t);
	explain_env(t);
}
