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
 * One task: from its map, in the context of the whole, to its records.
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "conf_task.h"

void
task_hold(struct task *t, struct node *where, const struct host_fault *f)
{
	struct diag *d = &t->c->diag;

	if (!t->rec.in_role || t->rec.held)
		return;
	t->rec.held = true;
	t->held_at = where;
	t->rec.why = f->reason;
	t->rec.detail = arena_strn(&t->c->ctx.task_arena, f->detail,
	    strlen(f->detail));
	/* Nobody misses it until a person takes it out of "off". */
	if (t->rec.control == CONTROL_OFF)
		return;
	if (t->c->req->check) {
		diag_error(d, where, "%s", f->detail);
		d->nhost++;
	} else
		diag_warn(d, where, "%s: the task is held back", f->detail);
}

/* A literal that goes when the task is done. */
static void
literal(struct task *t, enum ctx_layer layer, const char *name,
    const char *text, size_t len)
{
	context_literal(&t->c->ctx, layer, name, strlen(name), text, len);
}

static void
configured(struct task *t, const char *name, struct node *value)
{
	if (value != NULL)
		context_add(&t->c->ctx, CTX_BUILTIN, name, strlen(name),
		    value, NULL);
}

/* The task's part of the context; spec.md 2 has the order. */
static void
build_context(struct task *t)
{
	static const char late_pid[] = { LATE_MARK, LATE_PID, '\0' };
	static const char late_instance[] = { LATE_MARK, LATE_INSTANCE,
	    '\0' };
	struct context *ctx = &t->c->ctx;
	struct node *name = t->self->name;

	literal(t, CTX_BUILTIN, "Task_name", name->text, name->n);
	configured(t, "Task_user", t->v[KEY_TASK_USER]);
	configured(t, "Task_group", t->v[KEY_TASK_GROUP]);
	configured(t, "Task_pidfile", t->v[KEY_TASK_PIDFILE]);
	configured(t, "Task_cwd", t->v[KEY_TASK_CWD]);
	context_map(ctx, CTX_TASK_DEFINES, t->v[KEY_TASK_DEFINES], NULL);
	context_role_maps(ctx, CTX_TASK_ROLE_DEFINES,
	    t->v[KEY_TASK_ROLE_DEFINES], &t->c->roles);
	context_map(ctx, CTX_TASK_DEFAULTS, t->v[KEY_TASK_DEFAULTS], NULL);
	context_role_maps(ctx, CTX_TASK_ROLE_DEFAULTS,
	    t->v[KEY_TASK_ROLE_DEFAULTS], &t->c->roles);
	literal(t, CTX_PROCESS, "Task_instance", late_instance, 2);
	literal(t, CTX_PROCESS, "Task_pid", late_pid, 2);
}

static void
read_control(struct task *t)
{
	struct node *v = t->v[KEY_TASK_CONTROL];
	struct diag *d = &t->c->diag;
	struct diag_guess g;
	int control;

	t->rec.control = CONTROL_WAIT;
	if (v != NULL && (v = expand_scalar(&t->c->ctx, v)) != NULL &&
	    !node_is_null(v)) {
		if ((control = control_find(v->text)) != -1)
			t->rec.control = control;
		else {
			diag_error(d, v, "unknown control '%.60s'%s", v->text,
			    key_hint(SHAPE_CONTROL, d, &g, v->text));
		}
	}
	t->self->control = t->plan.control = t->rec.control;
}

/* Whom it runs as: numbers that go into the context as well. */
static void
read_creds(struct task *t)
{
	struct node *user, *group;
	struct host_fault fault;
	char buf[16];
	const char *u, *g;

	user = conf_node(t->c, t->v[KEY_TASK_USER]);
	group = conf_node(t->c, t->v[KEY_TASK_GROUP]);
	u = conf_text(t->c, user, "user", NULL);
	g = conf_text(t->c, group, "group", NULL);
	host_creds(&t->c->host, u, g, &t->creds, &fault);
	if (fault.reason != REASON_NONE) {
		task_hold(t, fault.of_group ? group : user, &fault);
		/* Whatever its scope becomes, not as somebody else. */
		t->plan.flags |= PLAN_TASK_HELD;
	}
	t->plan.setids = t->creds.setids;
	t->plan.uid = t->creds.uid;
	t->plan.gid = t->creds.gid;
	t->plan.ngroups = t->creds.ngroups;
	snprintf(buf, sizeof(buf), "%u", t->creds.uid);
	literal(t, CTX_PROCESS, "Task_uid", arena_strn(&t->c->ctx.task_arena,
	    buf, strlen(buf)), strlen(buf));
	snprintf(buf, sizeof(buf), "%u", t->creds.gid);
	literal(t, CTX_PROCESS, "Task_gid", arena_strn(&t->c->ctx.task_arena,
	    buf, strlen(buf)), strlen(buf));
}

static struct span
text_span(const char *text)
{
	if (text == NULL)
		return ((struct span){ "", 0 });
	return ((struct span){ text, strlen(text) });
}

static void
read_places(struct task *t)
{
	struct host_fault fault;
	const char *text;
	bool late;

	t->cwd = conf_text(t->c, t->v[KEY_TASK_CWD], "cwd", &t->cwd_late);
	t->plan.cwd = text_span(t->cwd);
	t->rec.cwd = conf_readable(&t->c->ctx.task_arena, t->plan.cwd);
	if (t->cwd != NULL && !t->cwd_late) {
		host_dir(&t->c->host, t->cwd, &fault);
		if (fault.reason != REASON_NONE)
			task_hold(t, conf_node(t->c, t->v[KEY_TASK_CWD]),
			    &fault);
	}
	text = conf_text(t->c, t->v[KEY_TASK_PROCNAME], "procname", &late);
	t->plan.procname = text_span(text);
	text = conf_text(t->c, t->v[KEY_TASK_PIDFILE], "pidfile", &late);
	t->plan.pidfile = text_span(text);
	t->rec.has_pidfile = t->plan.pidfile.len > 0;
	t->rec.pidfile = conf_readable(&t->c->ctx.task_arena, t->plan.pidfile);
}

static void
read_numbers(struct task *t)
{
	struct schedrec_task *r = &t->rec;
	struct conf *c = t->c;

	r->count = conf_number(c, t->v[KEY_TASK_COUNT], "count", 1,
	    LIMIT_INSTANCES, 1);
	t->plan.count = r->count;
	r->start_delay_ms = conf_seconds(c, t->v, KEYS_TASK,
	    KEY_TASK_START_DELAY, 0);
	r->time_limit_ms = conf_seconds(c, t->v, KEYS_TASK,
	    KEY_TASK_TIME_LIMIT, 0);
	r->stop_timeout_ms = conf_seconds(c, t->v, KEYS_TASK,
	    KEY_TASK_STOP_TIMEOUT, CONF_STOP_TIMEOUT);
	r->check_interval_ms = conf_seconds(c, t->v, KEYS_TASK,
	    KEY_TASK_CHECK_INTERVAL, CONF_CHECK_INTERVAL);
	r->check_timeout_ms = conf_seconds(c, t->v, KEYS_TASK,
	    KEY_TASK_CHECK_TIMEOUT, CONF_CHECK_TIMEOUT);
}

/* nowait and adopt tell by probes whether the task runs. */
static void
check_probed(struct task *t)
{
	struct node *v = conf_node(t->c, t->v[KEY_TASK_CONTROL]);

	if (t->rec.control != CONTROL_NOWAIT &&
	    t->rec.control != CONTROL_ADOPT)
		return;
	if (!t->rec.has_pidfile &&
	    (t->rec.check_cmd == 0 || t->rec.stop_cmd == 0))
		diag_error(&t->c->diag, v, "control %s needs a pidfile, or "
		    "the commands check and stop",
		    control_name(t->rec.control));
}

static void
emit(struct task *t)
{
	struct conf *c = t->c;
	const struct schedrec_event *e;
	uint32_t i, k;
	bool fits;

	if (t->rec.in_role)
		t->plan.flags |= PLAN_TASK_INROLE;
	if (t->rec.held)
		t->plan.flags |= PLAN_TASK_HELD;
	t->plan.nenv = c->env.nown;
	fits = emit_task(&c->emit, &t->plan, t->creds.groups, c->env.own) == 0;
	for (i = 0; i < t->ncmds; i++)
		fits &= emit_cmd(&c->emit, t->cmds[i].name, t->cmds[i].argc,
		    t->cmds[i].argv) == 0;
	for (i = 0; i < t->rec.nevents; i++) {
		e = &t->rec.events[i];
		for (k = 0; k < e->npaths; k++)
			fits &= emit_watch(&c->emit, e->paths[k]) == 0;
	}
	fits &= emit_sched_task(&c->emit, t->self->index, &t->rec) == 0;
	if (!fits)
		diag_error(&c->diag, t->self->name, "environment, commands "
		    "and events of a task have at most 1 MiB each");
}

static bool
name_fits(const struct node *n)
{
	unsigned char ch;
	uint32_t i;

	if (n->n < 1 || n->n > LIMIT_NAME)
		return (false);
	for (i = 0; i < n->n; i++) {
		ch = n->text[i];
		if (ch <= ' ' || ch == 0x7f ||
		    strchr(TASK_NAME_NOT, ch) != NULL)
			return (false);
	}
	return (true);
}

void
conf_task(struct conf *c, struct conf_task *self)
{
	struct task t;

	memset(&t, 0, sizeof(t));
	t.c = c;
	t.self = self;
	c->diag.task = self->name->text;
	if (!name_fits(self->name)) {
		diag_error(&c->diag, self->name, "a task's name has 1 to %d "
		    "bytes without '/', ':', white space and control "
		    "characters", LIMIT_NAME);
		goto done;
	}
	if (self->map->type != NODE_MAP && !node_is_null(self->map)) {
		diag_error(&c->diag, self->map, "a task must be a map, not "
		    "%s", node_kind(self->map));
		goto done;
	}
	t.rec.name = arena_strn(&c->arena, self->name->text, self->name->n);
	t.rec.detail = arena_strn(&c->arena, "", 0);
	t.plan.name = (struct span){ self->name->text, self->name->n };
	if (self->map->type == NODE_MAP)
		keys_scan(KEYS_TASK, &c->diag, self->map, t.v);
	conf_values(c, t.v[KEY_TASK_DEFINES]);
	conf_values(c, t.v[KEY_TASK_DEFAULTS]);
	conf_role_values(c, t.v[KEY_TASK_ROLE_DEFINES]);
	conf_role_values(c, t.v[KEY_TASK_ROLE_DEFAULTS]);
	context_next_task(&c->ctx);
	build_context(&t);
	read_control(&t);
	task_scope(&t);
	read_creds(&t);
	read_places(&t);
	read_numbers(&t);
	task_commands(&t);
	task_programs(&t);
	check_probed(&t);
	task_requires(&t);
	task_onexit(&t);
	task_events(&t);
	taskenv_task(&c->env, &c->ctx);
	c->nprocs += t.rec.count;
	if (c->diag.nerrors == 0)
		emit(&t);
	if (c->req->explain && c->diag.nerrors == c->diag.nhost)
		explain_task(&t);
done:
	c->diag.task = NULL;
}
