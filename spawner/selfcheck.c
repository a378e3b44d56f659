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
 * The check of new programs by themselves.  The monitor says when to look,
 * and may say so at any time: nothing is done unless a program is another
 * one than before.  Only a program is executed that nobody but its owner, who
 * is root or who started us, can have put there; it runs as we do, reads
 * what we read at our start, and starts nothing.
 *
 *	idle --changed, safe--> checking --exit 0--> reset
 *	  ^                        |
 *	  +---- told, logged <-----+-- else, or not within CHECK_SECONDS
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/states.h"
#include "../common/util.h"
#include "daemon.h"
#include "follow.h"
#include "helperlog.h"
#include "options.h"
#include "privopen.h"
#include "selfcheck.h"

#define CHECK_SECONDS	150	/* the loader alone may take 120 */
#define ARGS_MAX	20

struct program {
	char		*path;		/* NULL: not known, or not there */
	struct file_id	 id;		/* as last looked at */
};

struct selfcheck {
	struct daemon	*daemon;
	struct program	 files[SELFCHECK_FILES];	/* 0: the daemon */
	struct event	*timer;
	pid_t		 pid;		/* of the check; 0: none */
	bool		 again;		/* they changed meanwhile */
	char		*failure;	/* of the last check, or NULL */
};

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct selfcheck *s = arg;

	(void)fd;
	(void)what;
	if (s->pid == 0)
		return;
	log_warnx("the check by %s takes longer than %d s: killing it",
	    s->files[0].path, CHECK_SECONDS);
	kill(s->pid, SIGKILL);
}

static bool
same_file(const struct file_id *a, const struct file_id *b)
{
	return (a->error == b->error && a->dev == b->dev &&
	    a->ino == b->ino && a->size == b->size &&
	    a->mtime_ns == b->mtime_ns);
}

/* Has one of them changed since the last time?  Takes note of it. */
static bool
have_changed(struct selfcheck *s)
{
	struct file_id id;
	bool changed = false;
	size_t i;

	for (i = 0; i < nitems(s->files); i++) {
		if (s->files[i].path == NULL)
			continue;
		follow_look(s->files[i].path, &id);
		/* One that is gone will come back, or is not wanted. */
		if (id.error != 0 || same_file(&id, &s->files[i].id))
			continue;
		s->files[i].id = id;
		changed = true;
	}
	return (changed);
}

struct selfcheck *
selfcheck_new(struct daemon *d, const char *argv0)
{
	static const char *const helpers[] = { "monitor", "httpd" };
	struct selfcheck *s;
	char *path;
	size_t i;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->daemon = d;
	if ((s->timer = evtimer_new(d->base, on_timer, s)) == NULL)
		goto fail;
	/* A check of ours is not to be checked. */
	if (d->opt->check || (s->files[0].path =
	    privopen_self(argv0)) == NULL)
		return (s);
	for (i = 0; i < nitems(helpers); i++) {
		if (asprintf(&path, "%s/%s", d->henv.dir, helpers[i]) == -1)
			goto fail;
		s->files[i + 1].path = realpath(path, NULL);
		free(path);
	}
	(void)have_changed(s);
	return (s);
fail:
	selfcheck_free(s);
	return (NULL);
}

void
selfcheck_free(struct selfcheck *s)
{
	size_t i;

	if (s == NULL)
		return;
	if (s->pid != 0) {
		kill(s->pid, SIGKILL);
		helper_wait(s->pid);
	}
	if (s->timer != NULL)
		event_free(s->timer);
	for (i = 0; i < nitems(s->files); i++)
		free(s->files[i].path);
	free(s->failure);
	free(s);
}

const char *
selfcheck_file(const struct selfcheck *s, unsigned int n,
    const struct file_id **id)
{
	*id = &s->files[n].id;
	return (s->files[n].path);
}

void
selfcheck_tell(const struct selfcheck *s)
{
	struct daemon *d = s->daemon;
	struct chan *c = helper_chan(d->monitor);

	if (!helper_ready(d->monitor) || d->plan == NULL)
		return;
	put_str(chan_begin(c, S_CHECKED, 0),
	    s->failure != NULL ? s->failure : "");
	chan_end(c);
}

/* It does not come to a reset. */
static void __attribute__((__format__(printf, 2, 3)))
failed(struct selfcheck *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	free(s->failure);
	if (vasprintf(&s->failure, fmt, ap) == -1)
		s->failure = NULL;
	va_end(ap);
	if (s->failure != NULL)
		log_warnx("%s", s->failure);
	selfcheck_tell(s);
}

/* The check of what we were started with. */
static void
arguments(const struct options *opt, char **argv)
{
	static char name[] = "taskforced", check[] = "-n", none[] = "-p-";
	const struct {
		const char	*flag;
		const char	*value;
	} with[] = {
		{ "-f", opt->config_file }, { "-r", opt->roles_file },
		{ "-u", opt->user }, { "-w", opt->http },
		{ "-c", opt->certfile }
	};
	static char allow[] = "-A";
	size_t i, n = 0;

	argv[n++] = name;
	argv[n++] = check;
	argv[n++] = none;
	for (i = 0; i < nitems(with); i++) {
		if (with[i].value == NULL)
			continue;
		/* exec takes them unchanged, but not as const. */
		argv[n++] = (char *)(uintptr_t)with[i].flag;
		argv[n++] = (char *)(uintptr_t)with[i].value;
	}
	if (opt->allow_control)
		argv[n++] = allow;
	argv[n] = NULL;
}

static int
run_check(struct selfcheck *s)
{
	struct timeval tv = { CHECK_SECONDS, 0 };
	struct daemon *d = s->daemon;
	char *argv[ARGS_MAX];
	struct helper_birth birth = {
		.argv = argv, .path = s->files[0].path,
		.user = HELPER_AS_ROOT, .full_env = true,
		.inherit = { -1, -1 }, .out = -1
	};
	int fd, logfd;
	pid_t pid;

	arguments(d->opt, argv);
	if ((pid = helper_fork(&d->henv, &birth, &fd, &logfd)) == -1)
		return (-1);
	/* We have nothing to say to it. */
	close(fd);
	s->pid = pid;
	if (helperlog_start(d->base, logfd, "check", pid) == -1)
		log_warn("check: its log is lost");
	if (evtimer_add(s->timer, &tv) == -1)
		log_warn("check: cannot set a timer");
	return (0);
}

/* The programs have changed. */
static void
check(struct selfcheck *s)
{
	char why[512];
	size_t i;

	for (i = 0; i < nitems(s->files); i++)
		if (s->files[i].path != NULL && privopen_alone(
		    s->files[i].path, why, sizeof(why)) == -1) {
			failed(s, "%s or its helpers have been replaced, and "
			    "are not trusted: %s; the old ones go on",
			    s->files[0].path, why);
			return;
		}
	log_info("%s or its helpers have been replaced: checking whether the "
	    "new ones take the running configuration", s->files[0].path);
	if (run_check(s) == -1)
		failed(s, "%s or its helpers have been replaced, and cannot "
		    "be checked: %s; the old ones go on", s->files[0].path,
		    strerror(errno));
}

void
selfcheck_start(struct selfcheck *s)
{
	if (s->pid != 0)
		s->again = true;
	else if (s->files[0].path != NULL && s->daemon->mode == MODE_RUN &&
	    have_changed(s))
		check(s);
}

bool
selfcheck_reaped(struct selfcheck *s, pid_t pid, int status)
{
	bool again = s->again;

	if (s->pid == 0 || s->pid != pid)
		return (false);
	s->pid = 0;
	s->again = false;
	evtimer_del(s->timer);
	/* What was checked is not what is there any more. */
	if (again && s->daemon->mode == MODE_RUN && have_changed(s)) {
		check(s);
		return (true);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		failed(s, "the new %s does not take the running "
		    "configuration: its check %s, and the log says why; the "
		    "old one goes on", s->files[0].path, exit_text(status));
		return (true);
	}
	free(s->failure);
	s->failure = NULL;
	selfcheck_tell(s);
	log_info("the new %s takes the running configuration",
	    s->files[0].path);
	stop_begin(s->daemon, MODE_RESET);
	return (true);
}
