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
 * Looking at paths for the monitor, which only names entries of the sealed
 * plan, but may do so as often as it likes.  What has been asked for in one
 * turn is looked at by one child, one path after the other.  A path at which
 * the child does not come back within LOOK_MS is the fault of its file
 * system: the child is killed and may hang there until that answers; the
 * others get a child of their own, and nobody looks at that path again
 * before the one that hangs has ended.
 *
 *	asked --> waiting --> with the child --> answered
 *	             ^              |--LOOK_MS, the first--> ETIMEDOUT
 *	             +---the others-+
 */

#include <sys/types.h>
#include <sys/queue.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/run.h"
#include "../common/util.h"
#include "become.h"
#include "daemon.h"
#include "follow.h"
#include "planstore.h"
#include "sight.h"

#define BATCH_MAX	1024	/* reports that a pipe takes whole */
#define WAITING_MAX	65536
#define HANGING_MAX	8
#define LOOK_MS		5000	/* for one path */
#define REPORT_FD	3

struct sight {
	TAILQ_ENTRY(sight) entry;
	uint32_t	 tag;
	struct stat_req	 req;
};
TAILQ_HEAD(sight_list, sight);

/* A child that was killed and has not ended; where it hangs. */
struct hanging {
	pid_t		 pid;		/* 0: none */
	char		*path;		/* NULL: no memory for it */
};

struct sights {
	struct daemon	*daemon;
	struct sight_list waiting;
	struct sight_list looking;	/* with the child, in its order */
	uint32_t	 nasked;	/* in both */
	struct hanging	 hanging[HANGING_MAX];
	pid_t		 pid;		/* of the child; 0: none, or ended */
	int		 fd;		/* from it; -1: there is none */
	struct event	*readable;
	struct event	*begin;
	struct event	*timer;		/* the child's time */
};

static void	on_begin(evutil_socket_t, short, void *);
static void	on_timer(evutil_socket_t, short, void *);

struct sights *
sight_new(struct daemon *d)
{
	struct sights *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->daemon = d;
	s->fd = -1;
	TAILQ_INIT(&s->waiting);
	TAILQ_INIT(&s->looking);
	s->begin = evtimer_new(d->base, on_begin, s);
	s->timer = evtimer_new(d->base, on_timer, s);
	if (s->begin != NULL && s->timer != NULL)
		return (s);
	if (s->begin != NULL)
		event_free(s->begin);
	free(s);
	return (NULL);
}

const char *
sight_path(const struct daemon *d, const struct stat_req *r)
{
	const struct store_task *t;

	if (r->task == NO_INDEX)
		return (follow_path(d->follower, r->index));
	if (r->task >= d->plan->ntasks)
		return (NULL);
	t = &d->plan->tasks[r->task];
	return (r->index < t->nwatch ?
	    d->plan->watch[t->firstwatch + r->index] : NULL);
}

/* Tells the monitor, and is done with it; it is in no list any more. */
static void
answer(struct sights *s, struct sight *one, const struct file_id *id)
{
	struct file_id stale = { .error = ESTALE };
	struct daemon *d = s->daemon;
	struct chan *c = helper_chan(d->monitor);

	if (helper_ready(d->monitor)) {
		put_file_id(chan_begin(c, S_STATED, one->tag),
		    one->req.gen == d->gen ? id : &stale);
		chan_end(c);
	}
	s->nasked--;
	free(one);
}

static void
refuse(struct sights *s, struct sight *one, int error)
{
	struct file_id id = { .error = error };

	answer(s, one, &id);
}

static void
arm(struct sights *s)
{
	struct timeval tv = mono_timeval(LOOK_MS);

	if (evtimer_add(s->timer, &tv) == -1)
		log_warn("watched files: cannot set a timer");
}

static bool
hangs(const struct sights *s, const char *path)
{
	size_t i, n = 0;

	for (i = 0; i < nitems(s->hanging); i++) {
		if (s->hanging[i].pid == 0)
			continue;
		n++;
		if (s->hanging[i].path != NULL &&
		    strcmp(s->hanging[i].path, path) == 0)
			return (true);
	}
	/* There is no room for one more. */
	return (n == nitems(s->hanging));
}

/* Those that can be looked at now. */
static void
choose(struct sights *s)
{
	struct daemon *d = s->daemon;
	struct sight *one;
	const char *path;
	unsigned int n = 0;

	while (n < BATCH_MAX && (one = TAILQ_FIRST(&s->waiting)) != NULL) {
		TAILQ_REMOVE(&s->waiting, one, entry);
		if (one->req.gen != d->gen ||
		    (path = sight_path(d, &one->req)) == NULL)
			refuse(s, one, ESTALE);
		else if (hangs(s, path))
			refuse(s, one, ETIMEDOUT);
		else {
			TAILQ_INSERT_TAIL(&s->looking, one, entry);
			n++;
		}
	}
}

static void __attribute__((__noreturn__))
child(const struct sights *s, int out)
{
	const struct sight *one;
	struct file_id id;

	become_fresh();
	if (dup2(out, REPORT_FD) == -1)
		_exit(1);
	closefrom(REPORT_FD + 1);
	TAILQ_FOREACH(one, &s->looking, entry) {
		follow_look(sight_path(s->daemon, &one->req), &id);
		if (write(REPORT_FD, &id, sizeof(id)) != sizeof(id))
			_exit(1);
	}
	_exit(0);
}

/* The child is of no use any more; what it has not said is to be done. */
static void
child_over(struct sights *s)
{
	event_free(s->readable);
	s->readable = NULL;
	close(s->fd);
	s->fd = -1;
	evtimer_del(s->timer);
	TAILQ_CONCAT(&s->looking, &s->waiting, entry);
	TAILQ_CONCAT(&s->waiting, &s->looking, entry);
}

static void	on_report(evutil_socket_t, short, void *);

static int
start_child(struct sights *s)
{
	sigset_t all, old;
	int pv[2];

	if (pipe2(pv, O_CLOEXEC) == -1)
		return (-1);
	if (fd_nonblock(pv[0]) == -1 ||
	    (s->readable = event_new(s->daemon->base, pv[0],
	    EV_READ | EV_PERSIST, on_report, s)) == NULL)
		goto fail;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	if ((s->pid = fork()) == 0)
		child(s, pv[1]);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (s->pid == -1)
		goto fail;
	close(pv[1]);
	s->fd = pv[0];
	arm(s);
	if (event_add(s->readable, NULL) == -1)
		log_warn("watched files: cannot wait for a report");
	return (0);
fail:
	s->pid = 0;
	if (s->readable != NULL)
		event_free(s->readable);
	s->readable = NULL;
	close(pv[0]);
	close(pv[1]);
	return (-1);
}

static void
go_on(struct sights *s)
{
	struct sight *one;
	int error;

	/* One that has said all is still to be waited for: that is soon. */
	if (s->fd != -1 || s->pid != 0)
		return;
	choose(s);
	if (TAILQ_EMPTY(&s->looking) || start_child(s) == 0)
		return;
	error = errno;
	log_warn("watched files: cannot look at them");
	while ((one = TAILQ_FIRST(&s->looking)) != NULL) {
		TAILQ_REMOVE(&s->looking, one, entry);
		refuse(s, one, error);
	}
}

/*
 * Kills the child, which may hang all the same.  The first of those that it
 * has not told of is where it is.
 */
static void
give_up(struct sights *s)
{
	const struct sight *one = TAILQ_FIRST(&s->looking);
	const char *path = NULL;
	size_t i;

	if (one != NULL && one->req.gen == s->daemon->gen)
		path = sight_path(s->daemon, &one->req);
	if (s->pid != 0) {
		/* choose() left room for one. */
		for (i = 0; i < nitems(s->hanging) - 1; i++)
			if (s->hanging[i].pid == 0)
				break;
		kill(s->pid, SIGKILL);
		s->hanging[i].pid = s->pid;
		s->hanging[i].path = path != NULL ? strdup(path) : NULL;
		s->pid = 0;
	}
	if (s->fd != -1)
		child_over(s);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct sights *s = arg;
	struct sight *one = TAILQ_FIRST(&s->looking);
	const char *path = NULL;

	(void)fd;
	(void)what;
	if (one != NULL && one->req.gen == s->daemon->gen)
		path = sight_path(s->daemon, &one->req);
	log_warnx("%s: its file system does not answer", path != NULL ? path :
	    "a watched file");
	give_up(s);
	/* It is at the head of those that wait again. */
	if (one != NULL) {
		TAILQ_REMOVE(&s->waiting, one, entry);
		refuse(s, one, ETIMEDOUT);
	}
	go_on(s);
}

static void
on_begin(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	go_on(arg);
}

/* Each was written at once, so none is read in parts. */
static void
on_report(evutil_socket_t fd, short what, void *arg)
{
	struct sights *s = arg;
	struct sight *one;
	struct file_id id;
	ssize_t n;

	(void)what;
	while ((one = TAILQ_FIRST(&s->looking)) != NULL &&
	    (n = read(fd, &id, sizeof(id))) == sizeof(id)) {
		TAILQ_REMOVE(&s->looking, one, entry);
		answer(s, one, &id);
	}
	if (one != NULL && n == -1 && (errno == EAGAIN || errno == EINTR)) {
		arm(s);
		return;
	}
	/* It ended before its time: who knows what of. */
	if (one != NULL) {
		TAILQ_REMOVE(&s->looking, one, entry);
		refuse(s, one, EIO);
	}
	child_over(s);
	go_on(s);
}

void
sight_ask(struct sights *s, uint32_t tag, const struct stat_req *r)
{
	struct sight *one;

	if ((one = calloc(1, sizeof(*one))) == NULL) {
		log_warn("watched files: cannot look at one");
		return;
	}
	one->tag = tag;
	one->req = *r;
	if (++s->nasked > WAITING_MAX) {
		refuse(s, one, EAGAIN);
		return;
	}
	TAILQ_INSERT_TAIL(&s->waiting, one, entry);
	/* When all that was asked for in this turn is here. */
	if (s->fd == -1 && s->pid == 0)
		event_active(s->begin, EV_TIMEOUT, 0);
}

void
sight_forget(struct sights *s)
{
	struct sight *one;

	give_up(s);
	while ((one = TAILQ_FIRST(&s->waiting)) != NULL) {
		TAILQ_REMOVE(&s->waiting, one, entry);
		free(one);
	}
	s->nasked = 0;
}

void
sight_free(struct sights *s)
{
	size_t i;

	if (s == NULL)
		return;
	sight_forget(s);
	event_free(s->begin);
	event_free(s->timer);
	for (i = 0; i < nitems(s->hanging); i++)
		free(s->hanging[i].path);
	free(s);
}

bool
sight_reaped(struct sights *s, pid_t pid)
{
	size_t i;

	if (s->pid == pid) {
		s->pid = 0;
		/* Its last words are in the pipe, if they were not read. */
		go_on(s);
		return (true);
	}
	for (i = 0; i < nitems(s->hanging); i++)
		if (s->hanging[i].pid == pid) {
			free(s->hanging[i].path);
			s->hanging[i].path = NULL;
			s->hanging[i].pid = 0;
			return (true);
		}
	return (false);
}
