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

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "../common/log.h"
#include "daemon.h"
#include "foreign.h"
#include "kproc.h"
#include "proc.h"
#include "watchpid.h"

/* By which we hold on to one that runs. */
struct foreign {
	struct daemon	*daemon;
	struct proc	*proc;
	struct watchpid	*watch;		/* NULL: its end cannot be told */
	uint64_t	 start;
};

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
foreign_signal(const struct proc *p, int sig)
{
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
