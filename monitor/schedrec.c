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
 * The schedule part of the plan, written by the loader and read by the
 * monitor.  It passes through the spawner, which does not look into it; the
 * reader trusts nothing: every index, enum and flag is checked before it is
 * kept.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "schedrec.h"

#define MAX_SIGNAL	64	/* what a signal mask of ours can hold */

static const char *const event_names[] = {
	[EVENT_FILE_CHANGE] = "file_change",
	[EVENT_SELF] = "self",
	[EVENT_PYTHON] = "python",
	[EVENT_RESTART] = "restart",
	[EVENT_STOP] = "stop"
};
_Static_assert(nitems(event_names) == EVENT_TYPE_MAX, "a name a type");

const char *
schedrec_event_name(enum schedrec_event_type type)
{
	if ((unsigned int)type >= EVENT_TYPE_MAX)
		return ("?");
	return (event_names[type]);
}

static void
put_names(struct wbuf *w, uint32_t n, char *const *names)
{
	uint32_t i;

	put_u32(w, n);
	for (i = 0; i < n; i++)
		put_text(w, names[i]);
}

static void
free_names(uint32_t n, char **names)
{
	uint32_t i;

	for (i = 0; names != NULL && i < n; i++)
		free(names[i]);
	free(names);
}

/* New memory for n things; the cursor is bad when there is none. */
static void *
array(struct cursor *c, uint32_t n, size_t size)
{
	void *p;

	if (c->bad || n == 0)
		return (NULL);
	if ((p = calloc(n, size)) == NULL)
		c->bad = true;
	return (p);
}

static char *
copy(struct cursor *c, struct span s)
{
	char *p;

	if (c->bad)
		return (NULL);
	if ((p = span_dup(s)) == NULL)
		c->bad = true;
	return (p);
}

static void
get_names(struct cursor *c, uint32_t *n, char ***names)
{
	uint32_t i, count;

	count = get_count(c, sizeof(uint32_t));
	*names = array(c, count, sizeof(char *));
	*n = *names != NULL ? count : 0;
	for (i = 0; i < *n; i++)
		(*names)[i] = copy(c, get_text(c));
}

void
put_schedrec_plan(struct wbuf *w, const struct schedrec_plan *p)
{
	put_bool(w, p->roles_on);
	put_bool(w, p->all_roles);
	put_names(w, p->nroles, p->roles);
	put_u32(w, p->settle_ms);
	put_names(w, p->nlocks, p->locks);
}

int
get_schedrec_plan(struct cursor *c, struct schedrec_plan *p)
{
	memset(p, 0, sizeof(*p));
	p->roles_on = get_bool(c);
	p->all_roles = get_bool(c);
	get_names(c, &p->nroles, &p->roles);
	p->settle_ms = get_u32(c);
	get_names(c, &p->nlocks, &p->locks);
	if (cursor_done(c))
		return (0);
	schedrec_plan_clear(p);
	errno = EBADMSG;
	return (-1);
}

void
schedrec_plan_clear(struct schedrec_plan *p)
{
	free_names(p->nroles, p->roles);
	free_names(p->nlocks, p->locks);
	memset(p, 0, sizeof(*p));
}

static void
put_event(struct wbuf *w, const struct schedrec_event *e)
{
	put_u8(w, e->type);
	put_u8(w, e->action);
	put_u16(w, e->cmd);
	put_u8(w, e->sig);
	put_u16(w, e->verify);
	put_bool(w, e->content);
	put_names(w, e->npaths, e->paths);
}

static void
get_event(struct cursor *c, struct schedrec_event *e, uint32_t ncmds)
{
	e->type = get_u8(c);
	e->action = get_u8(c);
	e->cmd = get_u16(c);
	e->sig = get_u8(c);
	e->verify = get_u16(c);
	e->content = get_bool(c);
	get_names(c, &e->npaths, &e->paths);
	if (e->type >= EVENT_TYPE_MAX || e->action >= ACTION_MAX ||
	    (e->verify != 0 && e->verify >= ncmds))
		c->bad = true;
	/* Command 0 is start, which has an action of its own. */
	if (e->action == ACTION_COMMAND ? e->cmd == 0 || e->cmd >= ncmds :
	    e->cmd != 0)
		c->bad = true;
	if (e->action == ACTION_SIGNAL ? e->sig == 0 || e->sig > MAX_SIGNAL :
	    e->sig != 0)
		c->bad = true;
}

static void
put_cmds(struct wbuf *w, const struct schedrec_task *t)
{
	uint32_t i;

	put_u32(w, t->ncmds);
	for (i = 0; i < t->ncmds; i++) {
		put_str(w, t->cmds[i].name);
		put_str(w, t->cmds[i].program);
		put_bool(w, t->cmds[i].per_process);
	}
	put_u16(w, t->stop_cmd);
	put_u16(w, t->check_cmd);
}

static void
get_cmds(struct cursor *c, struct schedrec_task *t)
{
	uint32_t i, n;

	n = get_count(c, 2 * sizeof(uint16_t) + 1);
	if (n < 1 || n > LIMIT_CMDS)
		c->bad = true;
	t->cmds = array(c, n, sizeof(*t->cmds));
	t->ncmds = t->cmds != NULL ? n : 0;
	for (i = 0; i < t->ncmds; i++) {
		t->cmds[i].name = copy(c, get_str(c));
		t->cmds[i].program = copy(c, get_str(c));
		t->cmds[i].per_process = get_bool(c);
	}
	t->stop_cmd = get_u16(c);
	t->check_cmd = get_u16(c);
	if (t->stop_cmd >= t->ncmds || t->check_cmd >= t->ncmds)
		c->bad = true;
}

static void
put_links(struct wbuf *w, const struct schedrec_task *t)
{
	uint32_t i;

	put_u32(w, t->nrequires);
	for (i = 0; i < t->nrequires; i++) {
		put_u32(w, t->requires[i].task);
		put_bool(w, t->requires[i].ok);
	}
	put_u32(w, t->nonexit);
	for (i = 0; i < t->nonexit; i++)
		put_u32(w, t->onexit[i]);
}

static void
get_links(struct cursor *c, struct schedrec_task *t, uint32_t ntasks)
{
	uint32_t i, n;

	n = get_count(c, sizeof(uint32_t) + 1);
	t->requires = array(c, n, sizeof(*t->requires));
	t->nrequires = t->requires != NULL ? n : 0;
	for (i = 0; i < t->nrequires; i++) {
		t->requires[i].task = get_u32(c);
		t->requires[i].ok = get_bool(c);
		if (t->requires[i].task >= ntasks)
			c->bad = true;
	}
	n = get_count(c, sizeof(uint32_t));
	t->onexit = array(c, n, sizeof(*t->onexit));
	t->nonexit = t->onexit != NULL ? n : 0;
	for (i = 0; i < t->nonexit; i++) {
		t->onexit[i] = get_u32(c);
		if (t->onexit[i] >= ntasks)
			c->bad = true;
	}
}

void
put_schedrec_task(struct wbuf *w, const struct schedrec_task *t)
{
	uint32_t i;

	put_str(w, t->name);
	put_u8(w, t->control);
	put_u32(w, t->count);
	put_bool(w, t->in_role);
	put_u8(w, t->why);
	put_bool(w, t->held);
	put_str(w, t->detail);
	put_str(w, t->cwd);
	put_u32(w, t->start_delay_ms);
	put_u32(w, t->time_limit_ms);
	put_u32(w, t->stop_timeout_ms);
	put_u32(w, t->check_interval_ms);
	put_u32(w, t->check_timeout_ms);
	put_links(w, t);
	put_names(w, t->nroles, t->roles);
	put_cmds(w, t);
	put_u32(w, t->nevents);
	for (i = 0; i < t->nevents; i++)
		put_event(w, &t->events[i]);
	put_bool(w, t->has_pidfile);
	put_str(w, t->pidfile);
}

int
get_schedrec_task(struct cursor *c, struct schedrec_task *t, uint32_t ntasks)
{
	uint32_t i, n;

	memset(t, 0, sizeof(*t));
	t->name = copy(c, get_str(c));
	t->control = get_u8(c);
	t->count = get_u32(c);
	t->in_role = get_bool(c);
	t->why = get_u8(c);
	t->held = get_bool(c);
	t->detail = copy(c, get_str(c));
	t->cwd = copy(c, get_str(c));
	t->start_delay_ms = get_u32(c);
	t->time_limit_ms = get_u32(c);
	t->stop_timeout_ms = get_u32(c);
	t->check_interval_ms = get_u32(c);
	t->check_timeout_ms = get_u32(c);
	get_links(c, t, ntasks);
	get_names(c, &t->nroles, &t->roles);
	get_cmds(c, t);
	/* The least of an event: eight bytes and its number of paths. */
	n = get_count(c, 8 + sizeof(uint32_t));
	t->events = array(c, n, sizeof(*t->events));
	t->nevents = t->events != NULL ? n : 0;
	for (i = 0; i < t->nevents; i++)
		get_event(c, &t->events[i], t->ncmds);
	t->has_pidfile = get_bool(c);
	t->pidfile = copy(c, get_str(c));
	if (cursor_done(c) && t->control < CONTROL_MAX &&
	    t->count <= LIMIT_INSTANCES && t->why < REASON_MAX &&
	    t->name[0] != '\0' && strlen(t->name) <= LIMIT_NAME)
		return (0);
	schedrec_task_clear(t);
	errno = EBADMSG;
	return (-1);
}

void
schedrec_task_clear(struct schedrec_task *t)
{
	uint32_t i;

	free(t->name);
	free(t->detail);
	free(t->cwd);
	free(t->pidfile);
	free(t->requires);
	free(t->onexit);
	free_names(t->nroles, t->roles);
	for (i = 0; i < t->ncmds; i++) {
		free(t->cmds[i].name);
		free(t->cmds[i].program);
	}
	free(t->cmds);
	for (i = 0; i < t->nevents; i++)
		free_names(t->events[i].npaths, t->events[i].paths);
	free(t->events);
	memset(t, 0, sizeof(*t));
}
