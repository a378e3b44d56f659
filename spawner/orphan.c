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
 * Looks at pidfiles, a few at a time.  A child of ours does it as the task's
 * user (peek.c) and may hang, be stopped or be killed by that user; what it
 * reports is checked again by foreign.c before anything is believed.
 *
 *	asked --> waiting --> running --> answered
 *	              |           |--10 s--> killed: LOOK_ERROR
 *	              +-----------+--monitor gone--> forgotten
 */

#include <sys/types.h>
#include <sys/queue.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/util.h"
#include "daemon.h"
#include "foreign.h"
#include "helper.h"
#include "kept.h"
#include "orphan.h"
#include "peek.h"
#include "proc.h"

#define RUNNING_MAX	8	/* at a time */
#define HANGING_MAX	64	/* killed, but still to be waited for */
#define WAITING_MAX	LIMIT_PROCS
#define LOOK_MS		10000

struct look_job {
	TAILQ_ENTRY(look_job) entry;
	uint64_t	 id;
	pid_t		 pid;		/* of the child that looks */
	uint32_t	 tag;
	struct look_req	 req;
	struct mono	 deadline;
	bool		 answered;	/* or nobody waits for it */
};
TAILQ_HEAD(look_jobs, look_job);

struct orphans {
	struct daemon	*daemon;
	struct look_jobs waiting;
	struct look_jobs running;	/* the oldest first */
	uint32_t	 nwaiting;
	uint32_t	 nrunning;	/* not yet answered */
	uint32_t	 nhanging;	/* answered */
	uint64_t	 lastid;
	int		 report[2];	/* written by the children */
	struct event	*timer;
};

static void	on_timer(evutil_socket_t, short, void *);

struct orphans *
orphan_new(struct daemon *d)
{
	struct orphans *o;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return (NULL);
	o->daemon = d;
	TAILQ_INIT(&o->waiting);
	TAILQ_INIT(&o->running);
	if (pipe2(o->report, O_CLOEXEC) == -1 ||
	    fd_nonblock(o->report[0]) == -1 ||
	    (o->timer = evtimer_new(d->base, on_timer, o)) == NULL)
		return (NULL);
	return (o);
}

static void
tell_not_found(struct daemon *d, uint32_t tag, const struct notfound *n)
{
	struct chan *c = helper_chan(d->monitor);

	if (!helper_ready(d->monitor))
		return;
	put_notfound(chan_begin(c, S_NOTFOUND, tag), n);
	chan_end(c);
}

static void
tell_found(struct daemon *d, uint32_t tag, const struct proc *p)
{
	struct chan *c = helper_chan(d->monitor);
	struct found f = {
		.id = p->id, .task = p->task, .instance = p->instance,
		.pid = p->pid, .watched = foreign_watched(p),
		.stale = proc_stale(p, d->plan), .started = p->started,
		.started_wall = p->started_wall
	};

	if (!helper_ready(d->monitor))
		return;
	put_found(chan_begin(c, S_FOUND, tag), &f);
	chan_end(c);
}

void
orphan_refuse(struct daemon *d, uint32_t tag, const struct look_req *r,
    int error)
{
	struct notfound n = {
		.task = r->task, .instance = r->instance,
		.look = LOOK_REFUSED, .error = error
	};

	tell_not_found(d, tag, &n);
}

/* The child's time is over, or it has said what it found. */
static void
answered(struct orphans *o, struct look_job *j)
{
	j->answered = true;
	o->nrunning--;
	o->nhanging++;
}

static void
answer(struct orphans *o, struct look_job *j, const struct peek_report *r)
{
	struct foreign_req req = {
		.task = j->req.task, .instance = j->req.instance,
		.pid = r->pid, .start = r->start
	};
	struct notfound n = {
		.task = j->req.task, .instance = j->req.instance,
		.look = r->look, .error = r->error, .pid = r->pid
	};
	struct proc *p = NULL;
	enum look look = r->look;
	int error = r->error;

	answered(o, j);
	if (!request_current(o->daemon, j->req.gen, j->req.task)) {
		look = LOOK_REFUSED;
		error = ESTALE;
	}
	if (look == LOOK_NONE)
		p = foreign_take(o->daemon, &req, &look, &error);
	if (p != NULL) {
		tell_found(o->daemon, j->tag, p);
		return;
	}
	n.look = look;
	n.error = error;
	tell_not_found(o->daemon, j->tag, &n);
}

static void
fail(struct orphans *o, struct look_job *j, int error)
{
	struct peek_report r = { .look = LOOK_ERROR, .error = error };

	answer(o, j, &r);
}

static void
arm(struct orphans *o)
{
	struct look_job *j;
	struct timeval tv;

	TAILQ_FOREACH(j, &o->running, entry)
		if (!j->answered)
			break;
	if (j == NULL) {
		evtimer_del(o->timer);
		return;
	}
	tv = mono_left(j->deadline);
	if (evtimer_add(o->timer, &tv) == -1)
		log_warn("pidfiles: cannot set a timer");
}

static bool
start(struct orphans *o, struct look_job *j)
{
	struct peek peek = {
		.id = j->id, .task = &o->daemon->plan->tasks[j->req.task],
		.instance = j->req.instance
	};

	if ((j->pid = peek_start(&peek, o->report[1])) == -1)
		return (false);
	j->deadline = mono_add(mono_now(), LOOK_MS);
	return (true);
}

/* As many of those that wait as may run. */
static void
go_on(struct orphans *o)
{
	struct look_job *j;

	while (o->nrunning < RUNNING_MAX && o->nhanging < HANGING_MAX &&
	    (j = TAILQ_FIRST(&o->waiting)) != NULL) {
		TAILQ_REMOVE(&o->waiting, j, entry);
		o->nwaiting--;
		o->nrunning++;
		if (start(o, j))
			TAILQ_INSERT_TAIL(&o->running, j, entry);
		else {
			fail(o, j, errno);
			o->nhanging--;
			free(j);
		}
	}
	arm(o);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct orphans *o = arg;
	struct mono now = mono_now();
	struct look_job *j;

	(void)fd;
	(void)what;
	TAILQ_FOREACH(j, &o->running, entry) {
		if (j->answered || mono_cmp(now, j->deadline) < 0)
			continue;
		kill(j->pid, SIGKILL);
		fail(o, j, ETIMEDOUT);
	}
	go_on(o);
}

static struct look_job *
find_id(struct orphans *o, uint64_t id)
{
	struct look_job *j;

	TAILQ_FOREACH(j, &o->running, entry)
		if (j->id == id)
			return (j);
	return (NULL);
}

/* Written at once, so read at once: never a part of one. */
static void
read_reports(struct orphans *o)
{
	struct peek_report r;
	struct look_job *j;
	ssize_t n;

	while ((n = read(o->report[0], &r, sizeof(r))) == sizeof(r) ||
	    (n == -1 && errno == EINTR)) {
		if (n == -1)
			continue;
		j = find_id(o, r.id);
		if (j != NULL && !j->answered)
			answer(o, j, &r);
	}
}

bool
orphan_reaped(struct orphans *o, pid_t pid)
{
	struct look_job *j;

	TAILQ_FOREACH(j, &o->running, entry)
		if (j->pid == pid)
			break;
	if (j == NULL)
		return (false);
	/* What it said, it said before it ended. */
	read_reports(o);
	if (!j->answered)
		fail(o, j, ECANCELED);
	TAILQ_REMOVE(&o->running, j, entry);
	o->nhanging--;
	free(j);
	go_on(o);
	return (true);
}

/*
 * 0, or the errno of a refusal.  What runs in the slot is found without a
 * look if it is foreign.
 */
static int
refusal(struct daemon *d, const struct look_req *r, struct proc **found)
{
	const struct store_task *t = &d->plan->tasks[r->task];
	struct proc *p = proctab_slot(d->procs, r->task, r->instance);

	*found = NULL;
	if (!request_current(d, r->gen, r->task))
		return (ESTALE);
	if (p != NULL && p->running) {
		if (!p->foreign)
			return (EEXIST);
		if (foreign_there(d, p)) {
			*found = p;
			return (0);
		}
	}
	if (t->held || d->stopping_self)
		return (EPERM);
	/*
	 * What a start of ours left behind is to be stopped, too, where the
	 * slot is not to run any more.
	 */
	if (p == NULL && (!t->in_role || d->mode != MODE_RUN))
		return (EPERM);
	if (p == NULL && r->instance >= kept_count(d->kept, d->plan, r->task))
		return (E2BIG);
	return (t->pidfile == NULL ? ENOENT : 0);
}

void
orphan_look(struct orphans *o, uint32_t tag, const struct look_req *r)
{
	struct daemon *d = o->daemon;
	struct look_job *j;
	struct proc *found;
	int error;

	if ((error = refusal(d, r, &found)) == 0 && found == NULL &&
	    o->nwaiting >= WAITING_MAX)
		error = EAGAIN;
	if (error != 0) {
		orphan_refuse(d, tag, r, error);
		return;
	}
	if (found != NULL) {
		tell_found(d, tag, found);
		return;
	}
	if ((j = calloc(1, sizeof(*j))) == NULL) {
		orphan_refuse(d, tag, r, errno);
		return;
	}
	j->id = ++o->lastid;
	j->tag = tag;
	j->req = *r;
	TAILQ_INSERT_TAIL(&o->waiting, j, entry);
	o->nwaiting++;
	go_on(o);
}

void
orphan_forget(struct orphans *o)
{
	struct look_job *j;

	while ((j = TAILQ_FIRST(&o->waiting)) != NULL) {
		TAILQ_REMOVE(&o->waiting, j, entry);
		free(j);
	}
	o->nwaiting = 0;
	TAILQ_FOREACH(j, &o->running, entry)
		if (!j->answered) {
			kill(j->pid, SIGKILL);
			answered(o, j);
		}
	arm(o);
}
