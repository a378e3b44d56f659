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
 * Builds the sealed plan from what the loader says.  The loader runs
 * unprivileged and may be wrong or captured; what it says is what root will
 * run, which is why it is started anew for each load, from files only root
 * can write, and ends with it.  What is checked here is that the records are
 * in order and fit each other: no index, count or order is believed.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/memfile.h"
#include "../common/util.h"
#include "planload.h"
#include "planstore.h"

#define LOAD_SECONDS	120	/* the largest legal file takes a few */
#define LOAD_MAXOUT	(256 * 1024)
#define MESSAGES_MAX	10000

/* How far the records have come: they never go back. */
enum part {
	PART_NONE,
	PART_ENV,
	PART_TASKS,
	PART_LISTEN,
	PART_SCHED,
	PART_DOC,
	PART_END
};

struct planload {
	struct planload_conf	 conf;
	struct chan		*chan;
	struct event		*timer;
	struct plan_store	*ps;
	struct plan_begin	 want;
	struct memfile		 doc;
	enum part		 part;
	uint32_t		 ncmds;
	uint32_t		 nsched;
	uint32_t		 nmessages;
	struct store_cmd	*pending;	/* commands of the last task */
	bool			 over;
	struct planload_result	 res;
	char			 why[256];
};

static int	on_hello(struct chan *, struct msg *, void *);
static int	on_begin(struct chan *, struct msg *, void *);
static int	on_env(struct chan *, struct msg *, void *);
static int	on_task(struct chan *, struct msg *, void *);
static int	on_cmd(struct chan *, struct msg *, void *);
static int	on_watch(struct chan *, struct msg *, void *);
static int	on_listen(struct chan *, struct msg *, void *);
static int	on_sched(struct chan *, struct msg *, void *);
static int	on_doc(struct chan *, struct msg *, void *);
static int	on_err(struct chan *, struct msg *, void *);
static int	on_end(struct chan *, struct msg *, void *);

#define BIG	(1024 * 1024)

static const struct chan_rule rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ PLAN_BEGIN, CHAN_RUN, CHAN_NOFD, 24, 24, on_begin },
	{ PLAN_ENV, CHAN_RUN, CHAN_NOFD, 4, BIG, on_env },
	{ PLAN_TASK, CHAN_RUN, CHAN_NOFD, 44, BIG, on_task },
	{ PLAN_CMD, CHAN_RUN, CHAN_NOFD, 11, BIG, on_cmd },
	{ PLAN_WATCH, CHAN_RUN, CHAN_NOFD, 5, BIG, on_watch },
	{ PLAN_LISTEN, CHAN_RUN, CHAN_NOFD, 20, BIG, on_listen },
	{ PLAN_SCHED, CHAN_RUN, CHAN_NOFD, 8, BIG, on_sched },
	{ PLAN_DOC, CHAN_RUN, CHAN_NOFD, 4, BIG, on_doc },
	{ PLAN_ERR, CHAN_RUN, CHAN_NOFD, 3, BIG, on_err },
	{ PLAN_END, CHAN_RUN, CHAN_NOFD, 9, 9, on_end }
};

/*
 * The end, told once and from the event loop: the callee frees us, which no
 * handler of our own channel would survive.
 */
static void
finish(struct planload *l, const struct planload_result *res)
{
	if (l->over)
		return;
	l->over = true;
	l->res = *res;
	event_active(l->timer, EV_TIMEOUT, 0);
}

static void
fail(struct planload *l, const char *why)
{
	struct planload_result res = { .why = l->why };

	if (l->over)
		return;
	strlcpy(l->why, why, sizeof(l->why));
	finish(l, &res);
}

static void
on_gone(struct chan *c, const char *why, void *arg)
{
	char text[128] = "the loader ended before it was done";

	(void)c;
	if (why != NULL)
		snprintf(text, sizeof(text), "the loader was ended: %s", why);
	fail(arg, text);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct planload *l = arg;
	struct planload_result res;

	(void)fd;
	(void)what;
	if (!l->over) {
		l->over = true;
		l->res.why = "the loader took too long";
	}
	/* From here on the plan is the callee's. */
	res = l->res;
	l->res.plan = NULL;
	l->conf.done(&res, l->conf.arg);
}

struct planload *
planload_start(const struct planload_conf *conf)
{
	struct chan_conf cc = {
		.name = "loader", .rules = rules, .nrules = nitems(rules),
		.maxout = LOAD_MAXOUT, .gone = on_gone
	};
	struct timeval tv = { LOAD_SECONDS, 0 };
	struct planload *l;
	struct wbuf *w;
	int save;

	if ((l = calloc(1, sizeof(*l))) == NULL) {
		close(conf->fd);
		return (NULL);
	}
	l->conf = *conf;
	l->doc = MEMFILE_CLOSED;
	cc.arg = l;
	if ((l->chan = chan_new(conf->base, conf->fd, &cc)) == NULL ||
	    (l->ps = planstore_new()) == NULL ||
	    memfile_open(&l->doc, "taskforced configuration") == -1 ||
	    (l->timer = evtimer_new(conf->base, on_timer, l)) == NULL ||
	    evtimer_add(l->timer, &tv) == -1) {
		save = errno;
		planload_free(l);
		errno = save;
		return (NULL);
	}
	w = chan_begin(l->chan, M_HELLO, 0);
	put_hello(w, ROLE_SPAWNER);
	chan_end(l->chan);
	w = chan_begin(l->chan, M_VERBOSE, 0);
	put_u8(w, conf->level);
	chan_end(l->chan);
	w = chan_begin(l->chan, L_LOAD, 0);
	put_load_req(w, &conf->req);
	chan_end(l->chan);
	return (l);
}

void
planload_free(struct planload *l)
{
	if (l == NULL)
		return;
	chan_free(l->chan);
	if (l->timer != NULL)
		event_free(l->timer);
	planstore_unref(l->ps);
	/* Freed before it was told: nobody else has it. */
	planstore_unref(l->res.plan);
	memfile_close(&l->doc);
	free(l->pending);
	free(l);
}

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	struct hello h;

	(void)arg;
	if (get_hello(&m->body, &h) == -1 || h.role != ROLE_LOADER)
		return (-1);
	chan_phase(c, CHAN_RUN);
	return (0);
}

/* Out of memory is no fault of the loader's: the load fails, no more. */
static int
no_memory(struct planload *l)
{
	char why[128];

	snprintf(why, sizeof(why), "cannot keep the plan: %s",
	    strerror(errno));
	chan_close(l->chan, why);
	return (0);
}

static int
on_begin(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct plan_store *ps = l->ps;

	(void)c;
	if (l->part != PART_NONE ||
	    get_plan_begin(&m->body, &l->want) == -1 ||
	    l->want.nenv > LIMIT_PLAN / sizeof(*ps->env) ||
	    l->want.nwatch > LIMIT_PLAN / sizeof(*ps->watch))
		return (-1);
	l->part = PART_ENV;
	ps->control_gid = l->want.control_gid;
	ps->tasks = planstore_alloc(ps, l->want.ntasks * sizeof(*ps->tasks));
	ps->env = planstore_alloc(ps, (l->want.nenv + 1) * sizeof(*ps->env));
	ps->watch = planstore_alloc(ps, l->want.nwatch *
	    sizeof(*ps->watch));
	ps->listen = planstore_alloc(ps, l->want.nlisten *
	    sizeof(*ps->listen));
	if (ps->tasks == NULL || ps->env == NULL || ps->watch == NULL ||
	    ps->listen == NULL)
		return (no_memory(l));
	return (0);
}

static int
on_env(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct plan_store *ps = l->ps;
	struct span s;
	uint32_t i, n;

	(void)c;
	n = get_count(&m->body, sizeof(uint32_t));
	if (l->part != PART_ENV || n > l->want.nenv - ps->nenv)
		return (-1);
	for (i = 0; i < n; i++) {
		s = get_text(&m->body);
		/* Marks would be expanded where there is no room for it. */
		if (m->body.bad || memchr(s.p, '=', s.len) == NULL ||
		    memchr(s.p, LATE_MARK, s.len) != NULL)
			return (-1);
		if ((ps->env[ps->nenv] = planstore_string(ps, s)) == NULL)
			return (no_memory(l));
		ps->nenv++;
	}
	return (0);
}

static bool
has_mark(const char *s)
{
	return (strchr(s, LATE_MARK) != NULL);
}

/* The commands collected for the last task become its own. */
static int
close_task(struct planload *l)
{
	struct store_task *t;
	size_t size;

	if (l->ps->ntasks == 0)
		return (0);
	t = &l->ps->tasks[l->ps->ntasks - 1];
	if (t->cmds != NULL)
		return (0);
	if (t->ncmds == 0 || strcmp(l->pending[0].name, "start") != 0)
		return (-1);
	size = t->ncmds * sizeof(*t->cmds);
	if ((t->cmds = planstore_alloc(l->ps, size)) == NULL)
		return (no_memory(l));
	memcpy(t->cmds, l->pending, size);
	return (0);
}

static int
keep_task(struct plan_store *ps, struct store_task *t, struct plan_task *p)
{
	struct plan_env e;
	uint32_t i;

	t->name = planstore_string(ps, p->name);
	t->groups = planstore_alloc(ps, p->ngroups * sizeof(*t->groups));
	t->env = planstore_alloc(ps, p->nenv * sizeof(*t->env));
	if (t->name == NULL || t->groups == NULL || t->env == NULL)
		return (-1);
	if ((p->cwd.len > 0 &&
	    (t->cwd = planstore_string(ps, p->cwd)) == NULL) ||
	    (p->procname.len > 0 &&
	    (t->procname = planstore_string(ps, p->procname)) == NULL) ||
	    (p->pidfile.len > 0 &&
	    (t->pidfile = planstore_string(ps, p->pidfile)) == NULL))
		return (-1);
	for (i = 0; i < p->ngroups; i++)
		t->groups[i] = get_plan_group(&p->groups);
	for (i = 0; i < p->nenv; i++) {
		get_plan_env(&p->env, &e);
		t->env[i].shared = e.shared;
		if (e.text.len == 0)
			continue;
		if ((t->env[i].text = planstore_string(ps, e.text)) == NULL)
			return (-1);
		t->env_marks = t->env_marks || has_mark(t->env[i].text);
	}
	t->control = p->control;
	t->firstwatch = ps->nwatch;
	t->in_role = p->flags & PLAN_TASK_INROLE;
	t->held = p->flags & PLAN_TASK_HELD;
	t->setids = p->setids;
	t->count = p->count;
	t->uid = p->uid;
	t->gid = p->gid;
	t->ngroups = p->ngroups;
	t->signals = p->signals;
	t->nenv = p->nenv;
	return (0);
}

static int
on_task(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct plan_store *ps = l->ps;
	struct plan_env e;
	struct plan_task p;
	struct cursor env;
	uint32_t i;

	(void)c;
	if ((l->part != PART_ENV && l->part != PART_TASKS) ||
	    ps->nenv != l->want.nenv || ps->ntasks == l->want.ntasks ||
	    get_plan_task(&m->body, &p) == -1 || close_task(l) == -1)
		return (-1);
	l->part = PART_TASKS;
	env = p.env;
	for (i = 0; i < p.nenv; i++) {
		get_plan_env(&env, &e);
		if (e.shared != NO_INDEX && e.shared >= ps->nenv)
			return (-1);
	}
	if (keep_task(ps, &ps->tasks[ps->ntasks], &p) == -1)
		return (no_memory(l));
	ps->ntasks++;
	return (0);
}

static int
keep_cmd(struct plan_store *ps, struct store_cmd *cmd, struct plan_cmd *p)
{
	uint32_t i;

	cmd->name = planstore_string(ps, p->name);
	cmd->argv = planstore_alloc(ps, (p->argc + 1) * sizeof(*cmd->argv));
	if (cmd->name == NULL || cmd->argv == NULL)
		return (-1);
	cmd->argc = p->argc;
	cmd->marks = false;
	for (i = 0; i < p->argc; i++) {
		cmd->argv[i] = planstore_string(ps, get_text(&p->argv));
		if (cmd->argv[i] == NULL)
			return (-1);
		cmd->marks = cmd->marks || has_mark(cmd->argv[i]);
	}
	return (0);
}

static int
on_cmd(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct plan_store *ps = l->ps;
	struct store_task *t;
	struct plan_cmd p;

	(void)c;
	if (l->part != PART_TASKS || ps->ntasks == 0 ||
	    l->ncmds == l->want.ncmds || get_plan_cmd(&m->body, &p) == -1)
		return (-1);
	t = &ps->tasks[ps->ntasks - 1];
	if (t->ncmds == LIMIT_CMDS)
		return (-1);
	if (l->pending == NULL && (l->pending = calloc(LIMIT_CMDS,
	    sizeof(*l->pending))) == NULL)
		return (no_memory(l));
	if (keep_cmd(ps, &l->pending[t->ncmds], &p) == -1)
		return (no_memory(l));
	t->ncmds++;
	l->ncmds++;
	return (0);
}

static int
on_watch(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct plan_store *ps = l->ps;
	struct span path;

	(void)c;
	if (l->part != PART_TASKS || ps->ntasks == 0 ||
	    ps->nwatch == l->want.nwatch ||
	    get_plan_watch(&m->body, &path) == -1)
		return (-1);
	ps->watch[ps->nwatch] = planstore_string(ps, path);
	if (ps->watch[ps->nwatch] == NULL)
		return (no_memory(l));
	ps->nwatch++;
	ps->tasks[ps->ntasks - 1].nwatch++;
	return (0);
}

/* From the first record after the tasks on, all of them must be there. */
static int
tasks_complete(struct planload *l)
{
	if (l->part == PART_NONE || l->ps->nenv != l->want.nenv ||
	    l->ps->nwatch != l->want.nwatch ||
	    l->ps->ntasks != l->want.ntasks || l->ncmds != l->want.ncmds)
		return (-1);
	return (close_task(l));
}

/*
 * A file that a listener needs, if it does; a relative path means one below
 * the directory that we were started in.  0, or -1: no memory.
 */
static int
keep_path(struct plan_store *ps, const char **to, struct span path)
{
	char *abs;

	if (path.len == 0)
		return (0);
	if ((*to = planstore_string(ps, path)) == NULL)
		return (-1);
	if (path.p[0] == '/')
		return (0);
	if ((abs = path_absolute(*to)) == NULL)
		return (-1);
	*to = planstore_string(ps, (struct span){ abs, strlen(abs) });
	free(abs);
	return (*to == NULL ? -1 : 0);
}

/* 0, or -1: no memory. */
static int
keep_listen(struct plan_store *ps, struct store_listen *s,
    struct plan_listen *p)
{
	uint32_t i;

	if ((s->addr = planstore_string(ps, p->addr)) == NULL ||
	    (p->host.len > 0 &&
	    (s->host = planstore_string(ps, p->host)) == NULL) ||
	    keep_path(ps, &s->certfile, p->certfile) == -1 ||
	    keep_path(ps, &s->client_ca, p->client_ca) == -1 ||
	    keep_path(ps, &s->auth, p->auth) == -1 ||
	    (s->allow = planstore_alloc(ps, (p->nallow + 1) *
	    sizeof(*s->allow))) == NULL)
		return (-1);
	for (i = 0; i < p->nallow; i++)
		if ((s->allow[i] = planstore_string(ps,
		    get_plan_allow(&p->allow))) == NULL)
			return (-1);
	s->nallow = p->nallow;
	s->port = p->port;
	s->control = p->control;
	s->timeout_ms = p->timeout_ms;
	s->hsts_s = p->hsts_s;
	return (0);
}

static int
on_listen(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct plan_store *ps = l->ps;
	struct plan_listen p;

	(void)c;
	if (l->part > PART_LISTEN || tasks_complete(l) == -1 ||
	    ps->nlisten == l->want.nlisten ||
	    get_plan_listen(&m->body, &p) == -1)
		return (-1);
	l->part = PART_LISTEN;
	if (keep_listen(ps, &ps->listen[ps->nlisten], &p) == -1)
		return (no_memory(l));
	ps->nlisten++;
	return (0);
}

static const void *
keep_blob(struct plan_store *ps, struct span blob)
{
	void *p;

	if ((p = planstore_alloc(ps, blob.len + 1)) != NULL && blob.len > 0)
		memcpy(p, blob.p, blob.len);
	return (p);
}

static int
on_sched(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct plan_store *ps = l->ps;
	struct span blob;
	const void *p;
	uint32_t task;

	(void)c;
	if (l->part > PART_SCHED || tasks_complete(l) == -1 ||
	    get_plan_sched(&m->body, &task, &blob) == -1 ||
	    blob.len > BIG - 64)
		return (-1);
	l->part = PART_SCHED;
	if (task != NO_INDEX && task >= ps->ntasks)
		return (-1);
	/* One for each task and one for all, never a second. */
	if ((task == NO_INDEX ? ps->sched : ps->tasks[task].sched) != NULL)
		return (-1);
	if ((p = keep_blob(ps, blob)) == NULL)
		return (no_memory(l));
	if (task == NO_INDEX) {
		ps->sched = p;
		ps->schedlen = blob.len;
	} else {
		ps->tasks[task].sched = p;
		ps->tasks[task].schedlen = blob.len;
	}
	l->nsched++;
	return (0);
}

static int
on_doc(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct span blob;

	(void)c;
	if (l->part > PART_DOC || tasks_complete(l) == -1)
		return (-1);
	l->part = PART_DOC;
	blob = get_blob(&m->body);
	if (m->body.bad || blob.len > LIMIT_PLAN - l->ps->doclen)
		return (-1);
	if (memfile_write(&l->doc, blob.p, blob.len) == -1)
		return (no_memory(l));
	l->ps->doclen += blob.len;
	return (0);
}

static int
on_err(struct chan *c, struct msg *m, void *arg)
{
	struct planload *l = arg;
	struct plan_err e;
	char *text;

	(void)c;
	if (get_plan_err(&m->body, &e) == -1)
		return (-1);
	/* Nobody reads more, and a loader gone wild could fill every log. */
	if (++l->nmessages > MESSAGES_MAX)
		return (0);
	if ((text = span_dup(e.text)) == NULL)
		return (0);
	l->conf.message(e.severity, text, l->conf.arg);
	free(text);
	return (0);
}

static int
on_end(struct chan *c, struct msg *m, void *arg)
{
	struct planload_result res = { 0 };
	struct planload *l = arg;
	struct plan_store *ps = l->ps;
	struct plan_end e;

	(void)c;
	/* There is but one: the plan is no longer ours after it. */
	if (l->over || get_plan_end(&m->body, &e) == -1)
		return (-1);
	res.nerrors = e.nerrors;
	res.nwarnings = e.nwarnings;
	if (!e.ok) {
		if (e.nerrors == 0)
			return (-1);
		finish(l, &res);
		return (0);
	}
	if (tasks_complete(l) == -1 || ps->nlisten != l->want.nlisten ||
	    l->nsched != ps->ntasks + 1)
		return (-1);
	l->part = PART_END;
	if ((ps->docfd = memfile_finish(&l->doc)) == -1 ||
	    planstore_seal(ps) == -1)
		return (no_memory(l));
	l->ps = NULL;
	res.plan = ps;
	finish(l, &res);
	return (0);
}
