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
 * Trial loads, one at a time.  The files come from a client by way of the
 * monitor, opened by that client, or are the daemon's own; whoever wrote
 * them, only the loader reads them, and its plan is told and forgotten.
 */

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/util.h"
#include "daemon.h"
#include "helper.h"
#include "loadrun.h"
#include "options.h"
#include "planstore.h"
#include "trial.h"

#define WAITING_MAX	8
#define FILE_MAX	(16 * 1024 * 1024)	/* what the loader takes */

struct trial_fd {
	int		 fd;		/* -1: none */
	char		*name;		/* NULL: no memory for it */
};

struct trial {
	TAILQ_ENTRY(trial) entry;
	uint32_t	 tag;
	bool		 check;
	bool		 no_roles;
	struct trial_fd	 files[2];	/* FILE_CONF, FILE_ROLES */
};

struct trials {
	struct daemon	*daemon;
	TAILQ_HEAD(, trial) waiting;	/* the first is the one that runs */
	unsigned int	 nwaiting;
	struct trial_fd	 files[2];	/* for the next */
	struct loadrun	*run;		/* the last one; NULL: none yet */
	bool		 loading;
};

static void	go_on(struct trials *);

static void
drop_file(struct trial_fd *f)
{
	if (f->fd != -1)
		close(f->fd);
	free(f->name);
	f->fd = -1;
	f->name = NULL;
}

struct trials *
trial_new(struct daemon *d)
{
	struct trials *t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return (NULL);
	t->daemon = d;
	TAILQ_INIT(&t->waiting);
	t->files[FILE_CONF].fd = t->files[FILE_ROLES].fd = -1;
	return (t);
}

static void
drop(struct trials *t, struct trial *one)
{
	TAILQ_REMOVE(&t->waiting, one, entry);
	t->nwaiting--;
	drop_file(&one->files[FILE_CONF]);
	drop_file(&one->files[FILE_ROLES]);
	free(one);
}

void
trial_forget(struct trials *t)
{
	drop_file(&t->files[FILE_CONF]);
	drop_file(&t->files[FILE_ROLES]);
	while (!TAILQ_EMPTY(&t->waiting))
		drop(t, TAILQ_FIRST(&t->waiting));
	loadrun_free(t->run);
	t->run = NULL;
	t->loading = false;
}

void
trial_free(struct trials *t)
{
	pid_t pid;

	if (t == NULL)
		return;
	pid = loadrun_pid(t->run);
	trial_forget(t);
	helper_wait(pid);
	free(t);
}

void
trial_file(struct trials *t, uint8_t which, struct span name, int fd)
{
	struct trial_fd *f = &t->files[which];

	drop_file(f);
	f->fd = fd;
	f->name = span_dup(name);
}

static void
message(enum plan_severity severity, const char *text, void *arg)
{
	struct trials *t = arg;
	struct helper *m = t->daemon->monitor;
	struct trial *one = TAILQ_FIRST(&t->waiting);

	if (!helper_ready(m))
		return;
	put_plan_err(chan_begin(helper_chan(m), S_LOADERR, one->tag),
	    severity, text);
	chan_end(helper_chan(m));
}

static void __attribute__((__format__(printf, 3, 4)))
problem(struct trials *t, enum plan_severity severity, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	message(severity, text, t);
}

static void
tell_loaded(struct daemon *d, uint32_t tag, const struct loaded *l)
{
	struct chan *c = helper_chan(d->monitor);

	if (!helper_ready(d->monitor))
		return;
	put_loaded(chan_begin(c, S_LOADED, tag), l);
	chan_end(c);
}

/* The one that runs is over; the plan, if there is one, is let go of. */
static void
over(struct trials *t, const struct planload_result *res)
{
	struct trial *one = TAILQ_FIRST(&t->waiting);
	struct daemon *d = t->daemon;
	struct loaded l = {
		.ok = res->plan != NULL, .gen = d->gen,
		.nerrors = res->nerrors, .nwarnings = res->nwarnings
	};

	if (!l.ok && l.nerrors == 0)
		l.nerrors = 1;
	tell_loaded(d, one->tag, &l);
	if (l.ok && !one->check)
		sync_trial(d, res->plan, one->tag);
	planstore_unref(res->plan);
	t->loading = false;
	drop(t, one);
}

static void
done(const struct planload_result *res, void *arg)
{
	struct trials *t = arg;

	over(t, res);
	go_on(t);
}

/* Whether a client's descriptor is a file that the loader may be given. */
static bool
is_file(struct trials *t, const struct trial_fd *f)
{
	struct stat st;

	if (f->name == NULL || fstat(f->fd, &st) == -1)
		problem(t, PLAN_ERROR, "a file of the asker: %s",
		    strerror(errno));
	else if (!S_ISREG(st.st_mode))
		problem(t, PLAN_ERROR, "%s: not a regular file", f->name);
	else if (st.st_size > FILE_MAX)
		problem(t, PLAN_ERROR, "%s: more than %d MiB", f->name,
		    FILE_MAX / 1024 / 1024);
	else
		return (true);
	return (false);
}

static int
open_conf(struct trials *t, struct trial *one)
{
	struct trial_fd *f = &one->files[FILE_CONF];
	char why[256];

	if (f->fd != -1)
		return (is_file(t, f) ? 0 : -1);
	if ((f->name = strdup(t->daemon->opt->config_name)) == NULL)
		return (-1);
	if ((f->fd = load_open_conf(t->daemon, why, sizeof(why))) == -1) {
		problem(t, PLAN_ERROR, "%s", why);
		return (-1);
	}
	return (0);
}

/* Leaves -1 where there is no file of roles, which is not an error. */
static int
open_roles(struct trials *t, struct trial *one)
{
	struct trial_fd *f = &one->files[FILE_ROLES];
	const char *name = load_roles_name(t->daemon);
	char why[512];
	int r;

	if (one->no_roles) {
		drop_file(f);
		return (0);
	}
	if (f->fd != -1)
		return (is_file(t, f) ? 0 : -1);
	if (name != NULL && (f->name = strdup(name)) == NULL)
		return (-1);
	r = reload_roles(t->daemon, &f->fd, why, sizeof(why));
	if (*why != '\0')
		problem(t, r == -1 ? PLAN_ERROR : PLAN_WARNING, "%s", why);
	return (r);
}

static int
run(struct trials *t, struct trial *one)
{
	struct loadrun_conf conf = {
		.daemon = t->daemon, .out = -1, .check = one->check,
		.arg = t, .message = message, .done = done
	};

	if (t->daemon->mode != MODE_RUN) {
		problem(t, PLAN_ERROR, "the daemon is stopping");
		return (-1);
	}
	if (open_conf(t, one) == -1 || open_roles(t, one) == -1)
		return (-1);
	conf.conffd = one->files[FILE_CONF].fd;
	conf.conf_name = one->files[FILE_CONF].name;
	conf.rolesfd = one->files[FILE_ROLES].fd;
	conf.roles_name = one->files[FILE_ROLES].name;
	loadrun_free(t->run);
	if ((t->run = loadrun_start(&conf)) == NULL) {
		problem(t, PLAN_ERROR, "%s: cannot start the loader: %s",
		    conf.conf_name, strerror(errno));
		return (-1);
	}
	t->loading = true;
	return (0);
}

static void
go_on(struct trials *t)
{
	struct planload_result failed = { .nerrors = 1 };

	while (!t->loading && !TAILQ_EMPTY(&t->waiting))
		if (run(t, TAILQ_FIRST(&t->waiting)) == -1)
			over(t, &failed);
}

void
trial_start(struct trials *t, uint32_t tag, bool check, bool no_roles)
{
	struct loaded failed = { .gen = t->daemon->gen, .nerrors = 1 };
	struct trial *one;

	/* Our own monitor asks for no more: it is not told to the log. */
	if (t->nwaiting == WAITING_MAX ||
	    (one = calloc(1, sizeof(*one))) == NULL) {
		drop_file(&t->files[FILE_CONF]);
		drop_file(&t->files[FILE_ROLES]);
		tell_loaded(t->daemon, tag, &failed);
		return;
	}
	one->tag = tag;
	one->check = check;
	one->no_roles = no_roles;
	memcpy(one->files, t->files, sizeof(one->files));
	t->files[FILE_CONF] = t->files[FILE_ROLES] =
	    (struct trial_fd){ .fd = -1 };
	TAILQ_INSERT_TAIL(&t->waiting, one, entry);
	t->nwaiting++;
	go_on(t);
}

bool
trial_reaped(struct trials *t, pid_t pid)
{
	return (loadrun_reaped(t->run, pid));
}
