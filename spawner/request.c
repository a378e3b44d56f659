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
 * What the monitor may ask of root: this table and these handlers are the
 * whole of it.  The monitor is unprivileged and long-lived and reads what
 * others write: it may be captured, and then it lies.  It can only name
 * entries of the sealed plan and processes of our own table.
 *
 * What cannot be a race is a breach and ends the monitor (-1); what can be
 * one, a request for the plan of a moment ago or for a process that just
 * ended, is answered or ignored.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/run.h"
#include "../common/util.h"
#include "daemon.h"
#include "follow.h"
#include "helper.h"
#include "kept.h"
#include "orphan.h"
#include "planstore.h"
#include "proc.h"
#include "selfcheck.h"
#include "sight.h"
#include "trial.h"
#include "web.h"

/* Answers not yet read, beside a sync: those of many thousand requests. */
#define MONITOR_MAXOUT	(8 * 1024 * 1024)

static int	on_ready(struct chan *, struct msg *, void *);
static int	on_spawn(struct chan *, struct msg *, void *);
static int	on_run(struct chan *, struct msg *, void *);
static int	on_look(struct chan *, struct msg *, void *);
static int	on_count(struct chan *, struct msg *, void *);
static int	on_signal(struct chan *, struct msg *, void *);
static int	on_note(struct chan *, struct msg *, void *);
static int	on_stat(struct chan *, struct msg *, void *);
static int	on_renew(struct chan *, struct msg *, void *);
static int	on_replaced(struct chan *, struct msg *, void *);
static int	on_reload(struct chan *, struct msg *, void *);
static int	on_file(struct chan *, struct msg *, void *);
static int	on_trial(struct chan *, struct msg *, void *);
static int	on_stopreq(struct chan *, struct msg *, void *);
static int	on_allstopped(struct chan *, struct msg *, void *);

static const struct chan_rule rules[] = {
	{ R_READY, CHAN_SETUP, CHAN_NOFD, 0, 0, on_ready },
	{ R_SPAWN, CHAN_RUN, CHAN_NOFD, SPAWN_REQ_LEN, SPAWN_REQ_LEN,
	    on_spawn },
	{ R_RUN, CHAN_RUN, CHAN_NOFD, RUN_REQ_LEN, RUN_REQ_LEN, on_run },
	{ R_OUTPUT, CHAN_RUN, CHAN_NOFD, RUN_REQ_LEN, RUN_REQ_LEN, on_run },
	{ R_LOOK, CHAN_RUN, CHAN_NOFD, LOOK_REQ_LEN, LOOK_REQ_LEN, on_look },
	{ R_COUNT, CHAN_RUN, CHAN_NOFD, COUNT_REQ_LEN, COUNT_REQ_LEN,
	    on_count },
	{ R_SIGNAL, CHAN_RUN, CHAN_NOFD, SIGNAL_REQ_LEN, SIGNAL_REQ_LEN,
	    on_signal },
	{ R_NOTE, CHAN_RUN, CHAN_NOFD, NOTE_MIN, NOTE_MIN + LIMIT_NOTE,
	    on_note },
	{ R_STAT, CHAN_RUN, CHAN_NOFD, STAT_REQ_LEN, STAT_REQ_LEN, on_stat },
	{ R_RENEW, CHAN_RUN, CHAN_NOFD, 0, 0, on_renew },
	{ R_REPLACED, CHAN_RUN, CHAN_NOFD, 0, 0, on_replaced },
	{ R_RELOAD, CHAN_RUN, CHAN_NOFD, 0, 0, on_reload },
	{ R_FILE, CHAN_RUN, CHAN_FD, 3, 3 + FILE_NAME_MAX, on_file },
	{ R_TRIAL, CHAN_RUN, CHAN_NOFD, 2, 2, on_trial },
	{ R_STOPREQ, CHAN_RUN, CHAN_NOFD, 1, 1, on_stopreq },
	{ R_ALLSTOPPED, CHAN_RUN, CHAN_NOFD, 1, 1, on_allstopped }
};

static struct daemon *
daemon_of(void *arg)
{
	return (helper_arg(arg));
}

static void
on_greeted(struct helper *h, void *arg)
{
	(void)h;
	(void)arg;
}

/* Without a monitor we reap and record, and wait for the next one. */
static void
on_monitor_gone(struct helper *h, void *arg)
{
	struct daemon *d = arg;

	(void)h;
	d->synced = false;
	reload_forget_tags(d);
	orphan_forget(d->orphans);
	sight_forget(d->sights);
	trial_forget(d->trials);
}

struct helper *
monitor_new(struct daemon *d)
{
	static char name[] = "monitor";
	static char *argv[] = { name, NULL };
	struct helper_conf conf = {
		.env = &d->henv, .name = name, .argv = argv,
		.user = HELPER_AS_MONITOR, .role = ROLE_MONITOR,
		.rules = rules, .nrules = nitems(rules),
		.maxout = MONITOR_MAXOUT, .arg = d, .greeted = on_greeted,
		.gone = on_monitor_gone
	};

	return (helper_new(&conf));
}

static int
on_ready(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	int fd;

	(void)m;
	helper_set_ready(arg);
	if (d->ctlsock != -1) {
		fd = fcntl(d->ctlsock, F_DUPFD_CLOEXEC, 0);
		if (fd == -1)
			log_warn("control socket: cannot pass it on");
		else {
			chan_begin(c, S_CTLSOCK, 0);
			chan_end_fd(c, fd);
		}
	}
	web_peer_found(d->web);
	sync_send(d, false);
	follow_send(d);
	selfcheck_tell(d->selfcheck);
	if (d->mode != MODE_RUN) {
		put_u8(chan_begin(c, S_SHUTDOWN, 0), d->mode);
		chan_end(c);
	}
	if (d->plan != NULL && d->on_up != NULL)
		d->on_up(d);
	return (0);
}

/* Not from before the last full sync, nor of a plan that is yet to come. */
static bool
is_of_now(const struct daemon *d, uint32_t gen)
{
	return (gen >= d->full_gen && gen <= d->gen);
}

bool
request_current(const struct daemon *d, uint32_t gen, uint32_t task)
{
	return (is_of_now(d, gen) && gen >= d->kept->tasks[task].changed);
}

static int
on_spawn(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	struct start_req start = { .kind = PROC_START };
	const struct store_task *t;
	struct spawn_req r;
	int error = 0;

	(void)c;
	if (get_spawn_req(&m->body, &r) == -1 || d->plan == NULL)
		return (-1);
	if (!is_of_now(d, r.gen)) {
		children_refuse(d, m->tag, r.task, r.instance, 0, ESTALE);
		return (0);
	}
	if (r.task >= d->plan->ntasks)
		return (-1);
	t = &d->plan->tasks[r.task];
	if (!request_current(d, r.gen, r.task))
		error = ESTALE;
	else if (!t->in_role || t->held || d->mode != MODE_RUN)
		error = EPERM;
	else if (r.instance >= kept_count(d->kept, d->plan, r.task))
		error = E2BIG;
	if (error != 0)
		children_refuse(d, m->tag, r.task, r.instance, 0, error);
	else {
		start.task = r.task;
		start.instance = r.instance;
		start.again_ms = r.again_ms;
		start.tag = m->tag;
		children_start(d, &start);
	}
	return (0);
}

/* A command may be there to stop the process, or all of the task's. */
static void
void_orders(struct daemon *d, uint32_t task, struct proc *about)
{
	struct proc *p;
	uint16_t i;

	if (about != NULL) {
		about->again_ms = STANDING_NONE;
		return;
	}
	for (i = 0; i < proctab_nslots(d->procs, task); i++)
		if ((p = proctab_slot(d->procs, task, i)) != NULL)
			p->again_ms = STANDING_NONE;
}

static int
on_run(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	struct start_req start = {
		.kind = PROC_COMMAND, .again_ms = STANDING_NONE
	};
	const struct store_task *t;
	struct proc *about = NULL;
	struct run_req r;

	(void)c;
	if (get_run_req(&m->body, &r) == -1 || d->plan == NULL)
		return (-1);
	if (!is_of_now(d, r.gen)) {
		children_refuse(d, m->tag, r.task, r.instance, r.cmd, ESTALE);
		return (0);
	}
	if (r.task >= d->plan->ntasks)
		return (-1);
	/* It may have other commands now: nothing is said of those. */
	if (!request_current(d, r.gen, r.task)) {
		children_refuse(d, m->tag, r.task, r.instance, r.cmd, ESTALE);
		return (0);
	}
	t = &d->plan->tasks[r.task];
	/* Command 0 is start: that is R_SPAWN's, with its own rules. */
	if (r.cmd == 0 || r.cmd >= t->ncmds)
		return (-1);
	if (r.id != 0) {
		if (m->type == R_OUTPUT)
			return (-1);
		about = proctab_find(d->procs, r.id);
		if (about == NULL || !about->running) {
			children_refuse(d, m->tag, r.task, r.instance, r.cmd,
			    ESRCH);
			return (0);
		}
		if (about->kind != PROC_START || about->task != r.task)
			return (-1);
	}
	if (t->held || d->stopping_self) {
		children_refuse(d, m->tag, r.task, r.instance, r.cmd, EPERM);
		return (0);
	}
	if (about != NULL)
		start.about = about->pid;
	/* One whose output is read is there to tell something. */
	if (m->type == R_OUTPUT)
		start.output = true;
	else
		void_orders(d, r.task, about);
	start.task = r.task;
	start.instance = r.instance;
	start.cmd = r.cmd;
	start.tag = m->tag;
	children_start(d, &start);
	return (0);
}

/* Is there a process that the task's pidfile names? */
static int
on_look(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	struct look_req r;

	(void)c;
	if (get_look_req(&m->body, &r) == -1 || d->plan == NULL)
		return (-1);
	if (!is_of_now(d, r.gen)) {
		orphan_refuse(d, m->tag, &r, ESTALE);
		return (0);
	}
	if (r.task >= d->plan->ntasks)
		return (-1);
	orphan_look(d->orphans, m->tag, &r);
	return (0);
}

static bool
has_command(const struct store_task *t, const char *name)
{
	uint32_t i;

	for (i = 1; i < t->ncmds; i++)
		if (strcmp(t->cmds[i].name, name) == 0)
			return (true);
	return (false);
}

/* What is left running must be something that can be found again. */
static bool
may_control(const struct store_task *t, enum control control)
{
	return ((control != CONTROL_NOWAIT && control != CONTROL_ADOPT) ||
	    control == t->control || t->pidfile != NULL ||
	    (has_command(t, "check") && has_command(t, "stop")));
}

/* How many instances of a task there may be, and its control, until the next
 * load. */
static int
on_count(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	struct count_req r;

	(void)c;
	if (get_count_req(&m->body, &r) == -1 || d->plan == NULL)
		return (-1);
	/* The load that it crossed made it void. */
	if (r.gen != d->gen)
		return (0);
	if (r.task >= d->plan->ntasks ||
	    !may_control(&d->plan->tasks[r.task], r.control))
		return (-1);
	void_orders(d, r.task, NULL);
	d->kept->tasks[r.task].counted = true;
	d->kept->tasks[r.task].count = r.count;
	proctab_set_control(d->procs, r.task, r.control);
	return (0);
}

/* TERM and KILL always; others when the plan names them for that task. */
static bool
may_signal(const struct daemon *d, const struct proc *p, int sig)
{
	if (sig == SIGTERM || sig == SIGKILL)
		return (true);
	if (p->kind != PROC_START || p->task == NO_INDEX)
		return (false);
	return ((d->plan->tasks[p->task].signals >> (sig - 1)) & 1);
}

static int
on_signal(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	struct signal_req r;
	struct proc *p;

	(void)c;
	if (get_signal_req(&m->body, &r) == -1)
		return (-1);
	/* It may just have ended: S_EXITED is on its way. */
	if ((p = proctab_find(d->procs, r.id)) == NULL || !p->running)
		return (0);
	if (!may_signal(d, p, r.sig))
		return (-1);
	children_signal(d, p, r.sig);
	return (0);
}

static int
on_note(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	struct note n;

	(void)c;
	if (get_note(&m->body, &n) == -1 || d->plan == NULL)
		return (-1);
	if (!is_of_now(d, n.gen))
		return (0);
	if (n.task >= d->plan->ntasks)
		return (-1);
	if (kept_note(d->kept, &n) == -1)
		log_warn("task %s: a note of the monitor is not kept",
		    d->plan->tasks[n.task].name);
	return (0);
}

/*
 * Only what the sealed plan names, or we told it of.  Which of the daemon's
 * own files it was told of may have changed since: that is no breach.
 */
static bool
may_stat(const struct daemon *d, const struct stat_req *r)
{
	if (r->gen != d->gen)
		return (true);
	return (r->task == NO_INDEX ? r->index < FOLLOW_FILES :
	    sight_path(d, r) != NULL);
}

static int
on_stat(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	struct stat_req r;

	(void)c;
	if (get_stat_req(&m->body, &r) == -1 || d->plan == NULL ||
	    !may_stat(d, &r))
		return (-1);
	sight_ask(d->sights, m->tag, &r);
	return (0);
}

static int
on_renew(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);

	(void)c;
	(void)m;
	web_cert_changed(d->web);
	return (0);
}

static int
on_replaced(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)m;
	selfcheck_start(daemon_of(arg)->selfcheck);
	return (0);
}

static int
on_reload(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	reload_start(daemon_of(arg), m->tag);
	return (0);
}

/* A file that a client has opened, for the trial that follows. */
static int
on_file(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	struct span name;
	uint8_t which;

	(void)c;
	which = get_u8(&m->body);
	name = get_str(&m->body);
	if (!cursor_done(&m->body) ||
	    (which != FILE_CONF && which != FILE_ROLES))
		return (-1);
	trial_file(d->trials, which, name, m->fd);
	m->fd = -1;
	return (0);
}

static int
on_trial(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	bool check, no_roles;

	(void)c;
	check = get_bool(&m->body);
	no_roles = get_bool(&m->body);
	if (!cursor_done(&m->body) || d->plan == NULL)
		return (-1);
	trial_start(d->trials, m->tag, check, no_roles);
	return (0);
}

/* MODE_STOP or MODE_RESET; anything else is malformed. */
static int
get_mode(struct cursor *body)
{
	int mode;

	mode = get_u8(body);
	return (mode == MODE_STOP || mode == MODE_RESET ? mode : -1);
}

static int
on_stopreq(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	int mode;

	(void)c;
	if ((mode = get_mode(&m->body)) == -1)
		return (-1);
	/* It changes nothing; and however many there are, they fill no log. */
	if (mode == MODE_RESET && (d->mode != MODE_RUN || !d->up))
		return (0);
	stop_begin(d, mode);
	return (0);
}

static int
on_allstopped(struct chan *c, struct msg *m, void *arg)
{
	struct daemon *d = daemon_of(arg);
	int mode;

	(void)c;
	if ((mode = get_mode(&m->body)) == -1 || d->mode == MODE_RUN)
		return (-1);
	/* A reset that became a stop: the later word counts. */
	if (mode == (int)d->mode)
		stop_all_stopped(d);
	return (0);
}
