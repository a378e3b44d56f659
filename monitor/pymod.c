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
 * The modules of Python scripts.  The script's own interpreter tells them,
 * run by the spawner as the task's user; what it writes is read from a pipe.
 * Who wrote the script, or a module of that name, decides what comes out of
 * it: any bytes, too many, none, or never an end.  It is taken for a list of
 * absolute paths, each ended by a NUL, within limits of size, number and
 * time; all it can bring about is that files are watched.
 */

#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/util.h"
#include "pymod.h"

#define OUTPUT_MAX	(512 * 1024)
#define MODULES_MAX	4096
#define TIME_LIMIT_S	30
#define AT_A_TIME	4	/* interpreters that run */

struct pymod {
	TAILQ_ENTRY(pymod) entry;
	struct pymods	*all;
	uint32_t	 task;
	uint16_t	 cmd;
	uint32_t	 tag;		/* 0: waits for its turn */
	uint64_t	 id;		/* of the process; 0: not yet told */
	bool		 eof;
	bool		 exited;
	uint32_t	 status;
	const char	*failure;	/* NULL: none so far */
	int		 fd;
	struct event	*readable;
	struct event	*deadline;
	char		*buf;
	size_t		 len;
	void		(*done)(void *, char **, uint32_t, const char *);
	void		*arg;
};

struct pymods {
	struct monitor	*mon;
	TAILQ_HEAD(, pymod) list;
	unsigned int	 running;
	uint32_t	 next_tag;
};

struct pymods *
pymods_new(struct monitor *m)
{
	struct pymods	*all;

	all = xcalloc(1, sizeof(*all));
	all->mon = m;
	TAILQ_INIT(&all->list);
	return (all);
}

static void
stop_reading(struct pymod *p)
{
	if (p->readable != NULL)
		event_free(p->readable);
	p->readable = NULL;
	if (p->fd != -1)
		close(p->fd);
	p->fd = -1;
}

static void
pymod_free(struct pymod *p)
{
	TAILQ_REMOVE(&p->all->list, p, entry);
	if (p->tag != 0)
		p->all->running--;
	stop_reading(p);
	if (p->deadline != NULL)
		event_free(p->deadline);
	free(p->buf);
	free(p);
}

static int
by_text(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

/* A path that could be of a module; others would spoil the log. */
static bool
is_path(const char *s, size_t len)
{
	size_t	 i;

	if (len == 0 || len >= PATH_MAX || s[0] != '/')
		return (false);
	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == '\177')
			return (false);
	return (true);
}

/* Takes the output apart, in place: sorted, each once. */
static uint32_t
split(struct pymod *p, char **names)
{
	size_t		 off = 0, len;
	uint32_t	 i, n = 0, kept = 0;

	while (off < p->len) {
		len = strnlen(p->buf + off, p->len - off);
		/* Without its end it is not whole. */
		if (off + len == p->len)
			break;
		if (is_path(p->buf + off, len)) {
			if (n == MODULES_MAX) {
				p->failure = "it has too many modules";
				return (0);
			}
			names[n++] = p->buf + off;
		}
		off += len + 1;
	}
	qsort(names, n, sizeof(*names), by_text);
	for (i = 0; i < n; i++)
		if (i == 0 || strcmp(names[i], names[kept - 1]) != 0)
			names[kept++] = names[i];
	return (kept);
}

static void	 start_next(struct pymods *);

static void
finish(struct pymod *p)
{
	struct pymods	*all = p->all;
	char		**names = NULL;
	uint32_t	 n = 0;

	if (p->failure == NULL && p->exited && p->status != 0)
		p->failure = WIFEXITED(p->status) ?
		    "the interpreter failed on it" :
		    "the interpreter died of it";
	if (p->failure == NULL) {
		names = xcalloc(MODULES_MAX, sizeof(*names));
		n = split(p, names);
	}
	if (p->done != NULL)
		p->done(p->arg, names, n, p->failure);
	free(names);
	pymod_free(p);
	start_next(all);
}

static void
try_finish(struct pymod *p)
{
	if (p->exited && (p->eof || p->failure != NULL))
		finish(p);
}

/* It is of no use any more: its process is ended, and waited for. */
static void
give_up(struct pymod *p, const char *why)
{
	struct signal_req	 r = { .id = p->id, .sig = SIGKILL };

	p->failure = why;
	stop_reading(p);
	if (p->id != 0 && !p->exited) {
		put_signal_req(chan_begin(p->all->mon->spawner, R_SIGNAL, 0),
		    &r);
		chan_end(p->all->mon->spawner);
	}
	try_finish(p);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct pymod	*p = arg;

	(void)fd;
	(void)what;
	/* A descendant that keeps the pipe open is not waited for. */
	give_up(p, "the interpreter takes too long");
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct pymod	*p = arg;
	ssize_t		 n;

	(void)what;
	if (p->buf == NULL)
		p->buf = xcalloc(1, OUTPUT_MAX);
	n = read(fd, p->buf + p->len, OUTPUT_MAX - p->len);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		p->len += n;
		if (p->len == OUTPUT_MAX)
			give_up(p, "the interpreter says too much");
		return;
	}
	stop_reading(p);
	p->eof = true;
	try_finish(p);
}

static void
start_next(struct pymods *all)
{
	static const struct timeval	 limit = { TIME_LIMIT_S, 0 };
	struct monitor			*m = all->mon;
	struct run_req			 r;
	struct pymod			*p;

	if (m->syncing)
		return;
	TAILQ_FOREACH(p, &all->list, entry) {
		if (all->running == AT_A_TIME)
			return;
		if (p->tag != 0)
			continue;
		p->tag = PYMOD_TAG | ++all->next_tag;
		all->running++;
		r = (struct run_req){ .gen = m->now.begin.gen,
		    .task = p->task, .cmd = p->cmd };
		put_run_req(chan_begin(m->spawner, R_OUTPUT, p->tag), &r);
		chan_end(m->spawner);
		p->deadline = evtimer_new(m->base, on_deadline, p);
		if (p->deadline == NULL ||
		    evtimer_add(p->deadline, &limit) == -1)
			fatalx("cannot arm a timer");
	}
}

struct pymod *
pymod_start(struct pymods *all, uint32_t task, uint16_t cmd,
    void (*done)(void *, char **, uint32_t, const char *), void *arg)
{
	struct pymod	*p;

	p = xcalloc(1, sizeof(*p));
	p->all = all;
	p->task = task;
	p->cmd = cmd;
	p->fd = -1;
	p->done = done;
	p->arg = arg;
	TAILQ_INSERT_TAIL(&all->list, p, entry);
	start_next(all);
	return (p);
}

void
pymod_cancel(struct pymod *p)
{
	p->done = NULL;
	if (p->tag == 0)
		pymod_free(p);
	else
		give_up(p, "nobody asks for it any more");
}

void
pymods_forget(struct pymods *all)
{
	struct pymod	*p;

	while ((p = TAILQ_FIRST(&all->list)) != NULL)
		pymod_free(p);
}

static struct pymod *
by_tag(struct pymods *all, uint32_t tag)
{
	struct pymod	*p;

	TAILQ_FOREACH(p, &all->list, entry)
		if (p->tag == tag)
			return (p);
	return (NULL);
}

void
pymod_output(struct pymods *all, uint32_t tag, int fd)
{
	struct pymod	*p;

	p = by_tag(all, tag);
	if (p == NULL || p->failure != NULL || p->fd != -1 ||
	    fd_nonblock(fd) == -1) {
		close(fd);
		return;
	}
	p->fd = fd;
	p->readable = event_new(all->mon->base, fd, EV_READ | EV_PERSIST,
	    on_readable, p);
	if (p->readable == NULL || event_add(p->readable, NULL) == -1)
		fatalx("cannot wait for an interpreter");
}

void
pymod_spawned(struct pymods *all, uint32_t tag, uint64_t id)
{
	struct pymod	*p;

	if ((p = by_tag(all, tag)) == NULL)
		return;
	p->id = id;
	if (p->failure != NULL)
		give_up(p, p->failure);
}

bool
pymod_spawnfail(struct pymods *all, uint32_t tag, uint64_t id)
{
	struct pymod	*p;

	p = tag != 0 ? by_tag(all, tag) : NULL;
	if (p == NULL)
		TAILQ_FOREACH(p, &all->list, entry)
			if (id != 0 && p->id == id)
				break;
	/* That tag is ours, even if it is of a run that was forgotten. */
	if (p == NULL)
		return ((tag & PYMOD_TAG) != 0);
	p->exited = true;
	p->failure = "the interpreter cannot be started";
	finish(p);
	return (true);
}

bool
pymod_exited(struct pymods *all, uint64_t id, uint32_t status)
{
	struct pymod	*p;

	TAILQ_FOREACH(p, &all->list, entry)
		if (p->id == id && p->tag != 0)
			break;
	if (p == NULL)
		return (false);
	p->exited = true;
	p->status = status;
	try_finish(p);
	return (true);
}
