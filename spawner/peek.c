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
 * The child that looks at a pidfile.  The path may lead anywhere and the
 * file may hold anything: both belong to the task's user, whom the child has
 * become before it looks.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/util.h"
#include "become.h"
#include "kproc.h"
#include "launch.h"
#include "peek.h"

#define HEAD_MAX	64	/* of the file: a pid, and perhaps more */
#define REPORT_FD	3
/*
 * The time of a file and the start of a process come from clocks that tick
 * every few milliseconds: one that writes its pid at once seems to be
 * younger than its file.
 */
#define SLACK_MS	50

/* The number that the text begins with, if it is a pid above 1; else 0. */
static pid_t
parse_pid(const char *s)
{
	long long n = 0;

	s += strspn(s, " \t");
	if (*s < '0' || *s > '9')
		return (0);
	for (; *s >= '0' && *s <= '9'; s++)
		if ((n = n * 10 + (*s - '0')) > INT_MAX)
			return (0);
	if (*s != '\0' && strchr(" \t\r\n", *s) == NULL)
		return (0);
	return (n > 1 ? n : 0);
}

static enum look
cannot_open(struct peek_report *r)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return (LOOK_NO_FILE);
	r->error = errno;
	return (LOOK_UNREADABLE);
}

static enum look
read_file(struct peek_report *r, const char *path, struct stat *st)
{
	char head[HEAD_MAX + 1];
	ssize_t n;
	int fd;

	/* O_NONBLOCK: a FIFO must not stop us before fstat() has seen it. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return (cannot_open(r));
	if (fstat(fd, st) == -1)
		return (cannot_open(r));
	if (!S_ISREG(st->st_mode))
		return (LOOK_GARBAGE);
	if ((n = read(fd, head, HEAD_MAX)) == -1) {
		r->error = errno;
		return (LOOK_UNREADABLE);
	}
	/* A NUL ends it here, as it would for anybody who reads text. */
	head[n] = '\0';
	if ((r->pid = parse_pid(head)) == 0)
		return (LOOK_GARBAGE);
	return (LOOK_NONE);
}

static enum look
check_process(struct peek_report *r, const struct stat *st)
{
	struct kproc k;

	if (kill(r->pid, 0) == -1)
		return (errno == EPERM ? LOOK_DENIED : LOOK_DEAD);
	if (kproc_get(r->pid, &k) == -1) {
		if (errno == ESRCH)
			return (LOOK_DEAD);
		r->error = errno;
		return (LOOK_ERROR);
	}
	if (k.started_wall > (int64_t)st->st_mtim.tv_sec * 1000 +
	    st->st_mtim.tv_nsec / 1000000 + SLACK_MS)
		return (LOOK_RECYCLED);
	r->start = k.start;
	return (LOOK_NONE);
}

/*
 * The task's directory could not be entered: the start that follows says so
 * better than we could.  An absolute path does not need it, and in one that
 * is not there nothing is.
 */
static bool
can_do_without(const char *pidfile, int error)
{
	return (pidfile[0] == '/' || error == ENOENT || error == ENOTDIR);
}

static enum look
look(const struct peek *p, struct peek_report *r)
{
	const struct store_task *t = p->task;
	struct late late = { getpid(), p->instance };
	enum stage stage;
	struct stat st;
	enum look found;
	char *text;
	int error;

	/* It had one when the look was asked for. */
	if (t->pidfile == NULL)
		return (LOOK_NO_FILE);
	text = malloc(late_size(t->pidfile) +
	    (t->cwd != NULL ? late_size(t->cwd) : 0) + 1);
	if (text == NULL) {
		r->error = ENOMEM;
		return (LOOK_ERROR);
	}
	error = -become_task(t, &late, &text, &stage);
	if (error != 0 && (stage != STAGE_CHDIR ||
	    !can_do_without(t->pidfile, error))) {
		r->error = error;
		return (LOOK_ERROR);
	}
	if (error != 0 && t->pidfile[0] != '/')
		return (LOOK_NO_FILE);
	found = read_file(r, late_expand(&late, t->pidfile, &text), &st);
	return (found == LOOK_NONE ? check_process(r, &st) : found);
}

static void __attribute__((__noreturn__))
child(const struct peek *p, int out)
{
	struct peek_report r;

	memset(&r, 0, sizeof(r));
	r.id = p->id;
	become_fresh();
	/* What root has open is nothing for the task's user. */
	if (child_setsid() < 0 || dup2(out, REPORT_FD) == -1)
		_exit(1);
	closefrom(REPORT_FD + 1);
	r.look = look(p, &r);
	if (write(REPORT_FD, &r, sizeof(r)) != sizeof(r))
		_exit(1);
	_exit(0);
}

pid_t
peek_start(const struct peek *p, int out)
{
	sigset_t all, old;
	pid_t pid;
	int save;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	if ((pid = fork()) == 0)
		child(p, out);
	save = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = save;
	return (pid);
}
