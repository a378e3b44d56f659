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
 * Foreign processes: taking them into the table, signals, and their end.
 * What they are was found by a child of ours as the task's user; here it is
 * made sure that a pid given again meanwhile is never taken for them.
 */

#include <sys/types.h>
#include <sys/queue.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/log.h"
#include "daemon.h"
#include "foreign.h"
#include "kproc.h"
#include "proc.h"
#include "watchpid.h"

/* The first look, and how much rarer they become: see delay(). */
#define LOOK_MS		50
#define LOOK_PART	8

/* By which we hold on to one that runs. */
struct foreign {
	LIST_ENTRY(foreign) entry;	/* while since is set */
	struct daemon	*daemon;
	struct proc	*proc;
	struct watchpid	*watch;		/* NULL: its end cannot be told */
	uint64_t	 start;
	struct mono	 since;		/* its end is looked for */
};

/* Those that may be on their way out and cannot be watched. */
struct lookout {
	LIST_HEAD(, foreign) list;
	struct daemon	*daemon;
	struct event	*timer;		/* pending only while there are any */
};

/*
 * Until the next look: soon at first, and ever later after what did not end
 * it.  So an end is seen with a delay of no more than an eighth of the time
 * that it took, and one that lives on costs less and less.
 */
static int64_t
delay(const struct foreign *f, struct mono now)
{
	int64_t ms = mono_sub(now, f->since) / LOOK_PART;

	return (ms > LOOK_MS ? ms : LOOK_MS);
}

static void
lookout_arm(struct lookout *l)
{
	struct mono now = mono_now();
	struct foreign *f;
	struct timeval tv;
	int64_t ms = 0;

	LIST_FOREACH(f, &l->list, entry)
		if (ms == 0 || delay(f, now) < ms)
			ms = delay(f, now);
	if (ms == 0) {
		evtimer_del(l->timer);
		return;
	}
	tv = mono_timeval(ms);
	if (evtimer_add(l->timer, &tv) == -1)
		log_warn("foreign processes: cannot set a timer");
}

static void
on_lookout(evutil_socket_t fd, short what, void *arg)
{
	struct lookout *l = arg;
	struct foreign *f, *next;

	(void)fd;
	(void)what;
	/* One that has gone is off the list, and no other. */
	LIST_FOREACH_SAFE(f, &l->list, entry, next)
		(void)foreign_there(l->daemon, f->proc);
	lookout_arm(l);
	stop_check(l->daemon);
}

struct lookout *
foreign_lookout(struct daemon *d)
{
	struct lookout *l;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return (NULL);
	LIST_INIT(&l->list);
	l->daemon = d;
	if ((l->timer = evtimer_new(d->base, on_lookout, l)) == NULL) {
		free(l);
		return (NULL);
	}
	return (l);
}

void
foreign_may_end(struct proc *p)
{
	struct foreign *f = p->hold;

	if (!p->running || f == NULL || f->watch != NULL)
		return;
	if (!mono_isset(f->since))
		LIST_INSERT_HEAD(&f->daemon->lookout->list, f, entry);
	f->since = mono_now();
	lookout_arm(f->daemon->lookout);
}

static void
on_gone(void *arg)
{
	struct foreign *f = arg;
	struct daemon *d = f->daemon;

	children_over(d, f->proc, (int)STATUS_UNKNOWN);
	stop_check(d);
}

void
foreign_release(struct proc *p)
{
	if (p->hold == NULL)
		return;
	if (mono_isset(p->hold->since))
		LIST_REMOVE(p->hold, entry);
	watchpid_free(p->hold->watch);
	free(p->hold);
	p->hold = NULL;
}

/*
 * Of the daemon itself: one of the table, or a child, as its helpers are.
 * Process 1 has children that others left behind.
 */
static bool
is_ours(struct daemon *d, pid_t pid, const struct kproc *k)
{
	struct proc *p = proctab_bypid(d->procs, pid);

	if (p != NULL && (!p->foreign || foreign_there(d, p)))
		return (true);
	return (pid == getpid() || (k->ppid == getpid() && getpid() != 1));
}

/* LOOK_NONE: it is the very process that was found, and still there. */
static enum look
check(struct daemon *d, const struct foreign_req *r, struct kproc *k,
    int *error)
{
	if (kproc_get(r->pid, k) == -1) {
		if (errno == ESRCH)
			return (LOOK_DEAD);
		*error = errno;
		return (LOOK_ERROR);
	}
	if (k->start != r->start)
		return (LOOK_RECYCLED);
	return (is_ours(d, r->pid, k) ? LOOK_OURS : LOOK_NONE);
}

struct proc *
foreign_take(struct daemon *d, const struct foreign_req *r, enum look *look,
    int *error)
{
	struct proc_found found = {
		.task = r->task, .instance = r->instance, .pid = r->pid
	};
	struct foreign *f;
	struct kproc k;
	struct proc *p;

	*error = 0;
	if ((f = calloc(1, sizeof(*f))) == NULL) {
		*look = LOOK_ERROR;
		*error = errno;
		return (NULL);
	}
	f->daemon = d;
	f->start = r->start;
	/* In this order: what is watched from here on is what is checked
	 * next.  One that cannot be watched is taken all the same. */
	f->watch = watchpid_new(d->base, r->pid, on_gone, f);
	if ((*look = check(d, r, &k, error)) != LOOK_NONE)
		goto fail;
	found.started = k.started;
	found.started_wall = k.started_wall;
	if ((p = proctab_found(d->procs, d->plan, &found)) == NULL) {
		*look = errno == EEXIST ? LOOK_REFUSED : LOOK_ERROR;
		*error = errno;
		goto fail;
	}
	p->hold = f;
	f->proc = p;
	return (p);
fail:
	watchpid_free(f->watch);
	free(f);
	return (NULL);
}

bool
foreign_watched(const struct proc *p)
{
	return (p->hold != NULL && p->hold->watch != NULL);
}

/* Without a watch: whether the pid is still that process's. */
static bool
is_there(const struct proc *p)
{
	struct kproc k;

	if (kproc_get(p->pid, &k) == 0)
		return (k.start == p->hold->start);
	return (errno != ESRCH);
}

bool
foreign_there(struct daemon *d, struct proc *p)
{
	if (foreign_watched(p) || is_there(p))
		return (true);
	children_over(d, p, (int)STATUS_UNKNOWN);
	return (false);
}

void
foreign_recycled(struct daemon *d, pid_t pid)
{
	struct proc *p;

	if ((p = proctab_bypid(d->procs, pid)) != NULL && p->foreign)
		children_over(d, p, (int)STATUS_UNKNOWN);
}

int
foreign_signal(struct proc *p, int sig)
{
	foreign_may_end(p);
	if (p->hold->watch != NULL) {
		if (watchpid_signal(p->hold->watch, sig) == 0)
			return (0);
		if (errno != ENOTSUP && errno != ENOSYS)
			return (-1);
	}
	if (!is_there(p)) {
		errno = ESRCH;
		return (-1);
	}
	return (kill(p->pid, sig));
}

void
foreign_sweep(struct daemon *d)
{
	struct proc *p, *next;

	for (p = proctab_first(d->procs); p != NULL; p = next) {
		next = proctab_next(d->procs, p);
		if (p->running && p->foreign)
			foreign_there(d, p);
	}
}
