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
 * The records of the plan, put_ and get_ side by side.  The loader writes
 * them and the spawner reads them: the loader is as good as the file it
 * read, but a bug in it must not become root's, so get_ checks everything.
 */

#include <signal.h>
#include <string.h>

#include "ipc.h"
#include "plan.h"
#include "prefix.h"
#include "util.h"

static const int signals_for_all[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH, SIGTTIN,
	SIGTTOU, SIGTSTP, SIGSTOP, SIGCONT
};

uint64_t
plan_signals_for_all(void)
{
	uint64_t mask = 0;
	size_t i;

	for (i = 0; i < nitems(signals_for_all); i++)
		mask |= 1ULL << (signals_for_all[i] - 1);
	return (mask);
}

static const char *const control_names[] = {
	[CONTROL_WAIT] = "wait",
	[CONTROL_ONCE] = "once",
	[CONTROL_EVENT] = "event",
	[CONTROL_SUSPEND] = "suspend",
	[CONTROL_OFF] = "off",
	[CONTROL_NOWAIT] = "nowait",
	[CONTROL_ADOPT] = "adopt"
};
_Static_assert(nitems(control_names) == CONTROL_MAX, "a name a control");

const char *
control_name(enum control control)
{
	if ((unsigned int)control >= CONTROL_MAX)
		return ("?");
	return (control_names[control]);
}

int
control_find(const char *name)
{
	int i;

	for (i = 0; i < CONTROL_MAX; i++)
		if (strcmp(control_names[i], name) == 0)
			return (i);
	return (-1);
}

static void
put_span(struct wbuf *w, struct span s)
{
	put_textn(w, s.p, s.len);
}

void
put_load_req(struct wbuf *w, const struct load_req *r)
{
	put_span(w, r->conf_path);
	put_span(w, r->roles_path);
	put_bool(w, r->have_roles);
	put_bool(w, r->check);
	put_bool(w, r->explain);
	put_u32(w, r->ppid);
	put_u32(w, r->uid);
	put_u32(w, r->gid);
	put_bool(w, r->http_set);
	put_span(w, r->http_listen);
	put_bool(w, r->cert_set);
	put_span(w, r->http_cert);
	put_bool(w, r->http_control);
}

int
get_load_req(struct cursor *c, struct load_req *r)
{
	r->conf_path = get_text(c);
	r->roles_path = get_text(c);
	r->have_roles = get_bool(c);
	r->check = get_bool(c);
	r->explain = get_bool(c);
	r->ppid = get_u32(c);
	r->uid = get_u32(c);
	r->gid = get_u32(c);
	r->http_set = get_bool(c);
	r->http_listen = get_text(c);
	r->cert_set = get_bool(c);
	r->http_cert = get_text(c);
	r->http_control = get_bool(c);
	return (cursor_done(c) ? 0 : -1);
}

void
put_plan_begin(struct wbuf *w, const struct plan_begin *b)
{
	put_u32(w, b->ntasks);
	put_u32(w, b->ncmds);
	put_u32(w, b->nenv);
	put_u32(w, b->nlisten);
	put_u32(w, b->nwatch);
	put_u32(w, b->control_gid);
}

int
get_plan_begin(struct cursor *c, struct plan_begin *b)
{
	b->ntasks = get_u32(c);
	b->ncmds = get_u32(c);
	b->nenv = get_u32(c);
	b->nlisten = get_u32(c);
	b->nwatch = get_u32(c);
	b->control_gid = get_u32(c);
	if (!cursor_done(c) || b->ntasks > LIMIT_TASKS ||
	    b->ncmds < b->ntasks || b->ncmds / LIMIT_CMDS > b->ntasks ||
	    b->nlisten > LIMIT_LISTEN)
		return (-1);
	return (0);
}

/* A task's or command's name: it goes into messages and requests. */
static bool
name_ok(struct span s)
{
	return (s.len >= 1 && s.len <= LIMIT_NAME);
}

void
put_plan_task(struct wbuf *w, const struct plan_task *t,
    const uint32_t *groups, const struct plan_env *env)
{
	uint32_t i;

	put_strn(w, t->name.p, t->name.len);
	put_u8(w, t->control);
	put_u8(w, t->flags);
	put_u16(w, t->count);
	put_bool(w, t->setids);
	put_u32(w, t->uid);
	put_u32(w, t->gid);
	put_u64(w, t->signals);
	put_span(w, t->cwd);
	put_span(w, t->procname);
	put_span(w, t->pidfile);
	put_u32(w, t->ngroups);
	for (i = 0; i < t->ngroups; i++)
		put_u32(w, groups[i]);
	put_u32(w, t->nenv);
	for (i = 0; i < t->nenv; i++) {
		put_u32(w, env[i].shared);
		put_span(w, env[i].text);
	}
}

uint32_t
get_plan_group(struct cursor *c)
{
	return (get_u32(c));
}

void
get_plan_env(struct cursor *c, struct plan_env *e)
{
	e->shared = get_u32(c);
	e->text = get_text(c);
}

int
get_plan_task(struct cursor *c, struct plan_task *t)
{
	struct plan_env e;
	uint32_t i;

	t->name = get_str(c);
	t->control = get_u8(c);
	t->flags = get_u8(c);
	t->count = get_u16(c);
	t->setids = get_bool(c);
	t->uid = get_u32(c);
	t->gid = get_u32(c);
	t->signals = get_u64(c);
	t->cwd = get_text(c);
	t->procname = get_text(c);
	t->pidfile = get_text(c);
	t->ngroups = get_count(c, sizeof(uint32_t));
	t->groups = *c;
	for (i = 0; i < t->ngroups; i++)
		get_plan_group(c);
	t->nenv = get_count(c, 2 * sizeof(uint32_t));
	t->env = *c;
	for (i = 0; i < t->nenv; i++) {
		get_plan_env(c, &e);
		/* Added, changed or removed: an addition must be a pair. */
		if (e.text.len == 0 ? e.shared == NO_INDEX :
		    memchr(e.text.p, '=', e.text.len) == NULL)
			return (-1);
	}
	if (!cursor_done(c) || !name_ok(t->name) ||
	    t->control >= CONTROL_MAX || (t->flags & ~PLAN_TASK_FLAGS) ||
	    t->count > LIMIT_INSTANCES || t->ngroups > LIMIT_GROUPS)
		return (-1);
	return (0);
}

void
put_plan_cmd(struct wbuf *w, const char *name, uint32_t argc,
    const struct span *argv)
{
	uint32_t i;

	put_str(w, name);
	put_u32(w, argc);
	for (i = 0; i < argc; i++)
		put_span(w, argv[i]);
}

int
get_plan_cmd(struct cursor *c, struct plan_cmd *cmd)
{
	uint32_t i;

	cmd->name = get_str(c);
	cmd->argc = get_count(c, sizeof(uint32_t));
	cmd->argv = *c;
	for (i = 0; i < cmd->argc; i++)
		get_text(c);
	if (!cursor_done(c) || !name_ok(cmd->name) || cmd->argc < 1 ||
	    cmd->argc > PLAN_CMD_MAXARGS)
		return (-1);
	return (0);
}

void
put_plan_watch(struct wbuf *w, const char *path)
{
	put_text(w, path);
}

int
get_plan_watch(struct cursor *c, struct span *path)
{
	*path = get_text(c);
	return (cursor_done(c) && path->len > 0 && path->p[0] == '/' ?
	    0 : -1);
}

void
put_plan_listen(struct wbuf *w, const struct plan_listen *l,
    const struct span *allow)
{
	uint32_t i;

	put_span(w, l->addr);
	put_span(w, l->host);
	put_u16(w, l->port);
	put_span(w, l->certfile);
	put_bool(w, l->control);
	put_u32(w, l->timeout_ms);
	put_span(w, l->client_ca);
	put_span(w, l->auth);
	put_u32(w, l->hsts_s);
	put_u32(w, l->nallow);
	for (i = 0; i < l->nallow; i++)
		put_span(w, allow[i]);
}

struct span
get_plan_allow(struct cursor *c)
{
	return (get_text(c));
}

int
get_plan_listen(struct cursor *c, struct plan_listen *l)
{
	struct prefix prefix;
	struct span s;
	uint32_t i;

	l->addr = get_text(c);
	l->host = get_text(c);
	l->port = get_u16(c);
	l->certfile = get_text(c);
	l->control = get_bool(c);
	l->timeout_ms = get_u32(c);
	l->client_ca = get_text(c);
	l->auth = get_text(c);
	l->hsts_s = get_u32(c);
	l->nallow = get_count(c, sizeof(uint32_t));
	l->allow = *c;
	for (i = 0; i < l->nallow; i++) {
		s = get_plan_allow(c);
		if (c->bad || prefix_parse(s.p, s.len, &prefix) == -1)
			return (-1);
	}
	/* Both are a matter of TLS: without it they would say nothing. */
	if (l->certfile.len == 0 && (l->client_ca.len > 0 || l->hsts_s > 0))
		return (-1);
	/* A Unix path has a '/', an address has a host and a port. */
	if (!cursor_done(c) || l->addr.len == 0 || l->nallow > LIMIT_ALLOW ||
	    (l->host.len == 0 && memchr(l->addr.p, '/', l->addr.len) == NULL))
		return (-1);
	return (0);
}

void
put_plan_sched(struct wbuf *w, uint32_t task, const void *p, size_t len)
{
	put_u32(w, task);
	put_blob(w, p, len);
}

int
get_plan_sched(struct cursor *c, uint32_t *task, struct span *blob)
{
	*task = get_u32(c);
	*blob = get_blob(c);
	return (cursor_done(c) ? 0 : -1);
}

void
put_plan_err(struct wbuf *w, enum plan_severity severity, const char *text)
{
	put_u8(w, severity);
	put_str(w, text);
}

int
get_plan_err(struct cursor *c, struct plan_err *e)
{
	e->severity = get_u8(c);
	e->text = get_str(c);
	if (!cursor_done(c) || e->severity >= PLAN_SEVERITY_MAX)
		return (-1);
	return (0);
}

void
put_plan_end(struct wbuf *w, const struct plan_end *e)
{
	put_bool(w, e->ok);
	put_u32(w, e->nerrors);
	put_u32(w, e->nwarnings);
}

int
get_plan_end(struct cursor *c, struct plan_end *e)
{
	e->ok = get_bool(c);
	e->nerrors = get_u32(c);
	e->nwarnings = get_u32(c);
	return (cursor_done(c) ? 0 : -1);
}
