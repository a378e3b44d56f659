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
 * Loading: opens the configuration and the roles as root, has the loader
 * compile them, and puts the new plan in place of the old.  A load that
 * fails changes nothing.  One that fails for want of memory, descriptors or
 * processes, or because its loader died, says nothing about the files: it is
 * tried again, later each time.
 */

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/util.h"
#include "daemon.h"
#include "follow.h"
#include "helper.h"
#include "kept.h"
#include "loadrun.h"
#include "options.h"
#include "orphan.h"
#include "planstore.h"
#include "privopen.h"
#include "proc.h"
#include "spawn.h"
#include "web.h"

#define TAGS_MAX	64
#define RETRY_MIN	10	/* seconds */
#define RETRY_MAX	320

struct reload {
	struct daemon	*daemon;
	struct loadrun	*run;		/* the last; NULL: none yet */
	bool		 loading;	/* it is under way */
	bool		 delta;		/* the monitor knows the plan before */
	bool		 again;		/* asked for while one ran */
	uint32_t	 tags[TAGS_MAX]; /* R_RELOADs this load answers */
	uint32_t	 ntags;
	uint32_t	 next[TAGS_MAX]; /* and the one after it */
	uint32_t	 nnext;
	/*
	 * When the roles file vanishes, the roles of the last load that
	 * succeeded hold: a copy, since the file may have been written over
	 * before.  newroles: those of the load under way.
	 */
	int		 rolesfd;
	int		 newroles;
	struct event	*relay;		/* of what the loader explains */
	char		*failure;	/* the first error of a failed load */
	bool		 no_verdict;	/* it failed, and not by its files */
	struct event	*retry;		/* then */
	int		 retry_s;	/* after that time; 0: not yet */
};

static void	load_done(const struct planload_result *, void *);
static void	on_retry(evutil_socket_t, short, void *);

struct reload *
reload_new(struct daemon *d)
{
	struct reload *r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return (NULL);
	r->daemon = d;
	r->rolesfd = r->newroles = -1;
	if ((r->retry = evtimer_new(d->base, on_retry, r)) == NULL) {
		free(r);
		return (NULL);
	}
	return (r);
}

void
reload_free(struct reload *r)
{
	pid_t pid;

	if (r == NULL)
		return;
	pid = loadrun_pid(r->run);
	loadrun_free(r->run);
	helper_wait(pid);
	if (r->rolesfd != -1)
		close(r->rolesfd);
	if (r->newroles != -1)
		close(r->newroles);
	event_free(r->retry);
	free(r->failure);
	free(r);
}

/*
 * Start-up has nobody else to tell: what is wrong with the configuration
 * goes to a person's terminal as it is, or to the log.
 */
static void
load_message(enum plan_severity severity, const char *text, void *arg)
{
	struct reload *r = arg;
	struct daemon *d = r->daemon;
	struct chan *c = helper_chan(d->monitor);

	if (d->opt->check)
		fprintf(stderr, "%s\n", text);
	else
		log_at(severity == PLAN_ERROR ? LOG_ERR :
		    severity == PLAN_WARNING ? LOG_WARNING : LOG_INFO, "%s",
		    text);
	if (severity == PLAN_ERROR && r->failure == NULL)
		r->failure = strdup(text);
	if (d->plan == NULL || !helper_ready(d->monitor))
		return;
	put_plan_err(chan_begin(c, S_LOADERR, 0), severity, text);
	chan_end(c);
}

void
reload_tell_failure(struct daemon *d)
{
	if (d->load_ok || d->reload->failure == NULL)
		return;
	put_plan_err(chan_begin(helper_chan(d->monitor), S_LOADERR, 0),
	    PLAN_ERROR, d->reload->failure);
	chan_end(helper_chan(d->monitor));
}

/* A problem of ours with the files, told like those of the loader. */
static void __attribute__((__format__(printf, 3, 4)))
problem(struct reload *r, enum plan_severity severity, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	load_message(severity, text, r);
}

static void
answer(struct reload *r, bool ok, uint32_t nerrors, uint32_t nwarnings)
{
	struct daemon *d = r->daemon;
	struct chan *c = helper_chan(d->monitor);
	struct loaded l = {
		.ok = ok, .gen = d->gen, .nerrors = nerrors,
		.nwarnings = nwarnings
	};
	uint32_t i;

	if (!helper_ready(d->monitor))
		return;
	/* One without a tag, so that the monitor hears of every load. */
	if (r->ntags == 0)
		r->tags[r->ntags++] = 0;
	for (i = 0; i < r->ntags; i++) {
		put_loaded(chan_begin(c, S_LOADED, r->tags[i]), &l);
		chan_end(c);
	}
}

/* The group that may open the control socket, as the plan has it. */
static void
regroup(struct daemon *d)
{
	uint32_t gid = d->plan->control_gid;

	if (d->ctlsock != -1 && bind_regroup(d->opt->socket, &d->ctlbound,
	    gid == NO_INDEX ? (gid_t)-1 : gid) == -1)
		log_warn("control socket %s: cannot be given to group %u, "
		    "which settings.control_group asks for", d->opt->socket,
		    gid);
}

/* The new plan is in d->plan: act on it. */
static void
take_effect(struct daemon *d)
{
	log_info("configuration %s loaded: %u tasks", d->opt->config_name,
	    d->plan->ntasks);
	regroup(d);
	web_apply(d->web, d->plan);
	if (d->reload->delta)
		sync_delta(d);
	else
		sync_send(d, true);
	if (helper_ready(d->monitor) && d->on_up != NULL)
		d->on_up(d);
}

/* The roles of a load are good when it has succeeded. */
static void
settle_roles(struct reload *r, bool ok)
{
	int *old = ok ? &r->rolesfd : &r->newroles;

	if (r->newroles == -1)
		return;
	if (*old != -1)
		close(*old);
	if (ok)
		r->rolesfd = r->newroles;
	r->newroles = -1;
}

/* What may be otherwise in a while, whatever the files are. */
static bool
is_want(int error)
{
	return (error == ENOMEM || error == EMFILE || error == ENFILE ||
	    error == EAGAIN || error == ENOSPC);
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct reload *r = arg;

	(void)fd;
	(void)what;
	/* A reset loads by itself when all has stopped. */
	if (r->daemon->mode == MODE_RUN)
		reload_start(r->daemon, 0);
}

/* The start has nobody to wait for, and what we have is nothing. */
static bool
retry_later(struct reload *r)
{
	struct timeval tv = { 0, 0 };

	if (!r->no_verdict || r->daemon->plan == NULL) {
		r->retry_s = 0;
		return (false);
	}
	r->retry_s = r->retry_s == 0 ? RETRY_MIN : r->retry_s * 2;
	if (r->retry_s > RETRY_MAX)
		r->retry_s = RETRY_MAX;
	tv.tv_sec = r->retry_s;
	if (evtimer_add(r->retry, &tv) == -1)
		return (false);
	problem(r, PLAN_WARNING, "%s: the load is tried again in %d s",
	    r->daemon->opt->config_name, r->retry_s);
	return (true);
}

/* This load is over: the next, if one was asked for meanwhile. */
static void
load_over(struct reload *r, bool ok, uint32_t nerrors, uint32_t nwarnings)
{
	struct daemon *d = r->daemon;

	settle_roles(r, ok);
	if (retry_later(r))
		nwarnings++;
	d->load_ok = ok;
	/* Before the sync: who asked is answered when that has arrived. */
	answer(r, ok, nerrors, nwarnings);
	if (ok && !d->opt->check)
		take_effect(d);
	else if (d->emptied && helper_ready(d->monitor)) {
		/* All was stopped for it: the old plan is started again. */
		sync_send(d, true);
		reload_tell_failure(d);
	}
	d->emptied = false;
	follow_send(d);
	r->ntags = r->nnext;
	memcpy(r->tags, r->next, sizeof(r->tags));
	r->nnext = 0;
	if (d->opt->check || (!ok && d->plan == NULL)) {
		d->exit_status = ok ? 0 : d->opt->check ? 1 : 3;
		/* Not loopbreak: we may be here before the loop runs.  What
		 * is still being explained is waited for. */
		if (r->relay == NULL)
			event_base_loopexit(d->base, NULL);
		return;
	}
	if (r->again) {
		r->again = false;
		reload_start(d, 0);
	}
}

/*
 * A file of roles that is there and cannot be read never starts everything:
 * the roles read before stay, and without any the load fails.
 */
int
reload_roles(struct daemon *d, int *fd, char *why, size_t size)
{
	const struct reload *r = d->reload;
	char what[256];

	*why = '\0';
	*fd = -1;
	if (d->opt->sanity ||
	    (*fd = load_open_roles(d, what, sizeof(what))) != -1)
		return (0);
	if (r->rolesfd != -1) {
		snprintf(why, size, "roles file: %s; the roles read before "
		    "stay in force", what);
		*fd = fcntl(r->rolesfd, F_DUPFD_CLOEXEC, 0);
		return (*fd == -1 ? -1 : 0);
	}
	if (errno == ENOENT || errno == ENOTDIR) {
		snprintf(why, size, "roles file: %s: role filtering is off, "
		    "all tasks are in scope", what);
		return (0);
	}
	snprintf(why, size, "roles file: %s", what);
	return (-1);
}

/* The roles of a load, which owns the descriptor. */
static int
open_roles(struct reload *r, int *fd)
{
	char why[512];
	int copy, ret;

	ret = reload_roles(r->daemon, fd, why, sizeof(why));
	r->no_verdict = ret == -1 && is_want(errno);
	if (*why != '\0')
		problem(r, ret == -1 ? PLAN_ERROR : PLAN_WARNING, "%s", why);
	if (*fd == -1)
		return (ret);
	/* One byte too many, so that the loader can say so. */
	if ((copy = privopen_copy(*fd, LIMIT_ROLES + 1)) != -1) {
		close(*fd);
		*fd = copy;
	}
	r->newroles = *fd;
	return (ret);
}

/* The plan in words, to our stdout: the loader may not write to files. */
static void
on_explained(evutil_socket_t fd, short what, void *arg)
{
	struct reload *r = arg;
	char buf[16384];
	ssize_t n;

	(void)what;
	if ((n = read(fd, buf, sizeof(buf))) > 0) {
		if (fwrite(buf, 1, n, stdout) != (size_t)n)
			r->daemon->stdout_error = errno;
		return;
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	event_free(r->relay);
	r->relay = NULL;
	close(fd);
	/* The load may have waited for this. */
	if (!r->loading)
		event_base_loopbreak(r->daemon->base);
}

/* The loader's end of the pipe, or -1 with errno. */
static int
start_relay(struct reload *r)
{
	int pv[2];

	if (pipe2(pv, O_CLOEXEC) == -1)
		return (-1);
	if (fd_nonblock(pv[0]) == 0 &&
	    (r->relay = event_new(r->daemon->base, pv[0],
	    EV_READ | EV_PERSIST, on_explained, r)) != NULL &&
	    event_add(r->relay, NULL) == 0)
		return (pv[1]);
	close(pv[0]);
	close(pv[1]);
	return (-1);
}

static int
run_loader(struct reload *r, int conffd, int rolesfd)
{
	struct daemon *d = r->daemon;
	struct loadrun_conf conf = {
		.daemon = d, .conffd = conffd, .rolesfd = rolesfd, .out = -1,
		.conf_name = d->opt->config_name,
		.roles_name = load_roles_name(d), .check = d->opt->check,
		.arg = r, .message = load_message, .done = load_done
	};

	if (d->opt->explain && (conf.out = start_relay(r)) == -1)
		return (-1);
	loadrun_free(r->run);
	r->run = loadrun_start(&conf);
	if (conf.out != -1)
		close(conf.out);
	r->loading = r->run != NULL;
	return (r->loading ? 0 : -1);
}

static void
add_tag(struct reload *r, uint32_t tag)
{
	bool later = r->loading;
	uint32_t *tags = later ? r->next : r->tags;
	uint32_t *n = later ? &r->nnext : &r->ntags;

	/* More than can wait are answered together with the last. */
	if (tag != 0 && *n < TAGS_MAX)
		tags[(*n)++] = tag;
}

void
reload_start(struct daemon *d, uint32_t tag)
{
	struct reload *r = d->reload;
	char why[256];
	int fd, rolesfd;

	add_tag(r, tag);
	if (r->loading) {
		r->again = true;
		return;
	}
	free(r->failure);
	r->failure = NULL;
	r->no_verdict = false;
	evtimer_del(r->retry);
	follow_load(d);
	if ((fd = load_open_conf(d, why, sizeof(why))) == -1) {
		r->no_verdict = is_want(errno);
		problem(r, PLAN_ERROR, "%s", why);
		load_over(r, false, 1, 0);
		return;
	}
	if (open_roles(r, &rolesfd) == -1)
		load_over(r, false, 1, 0);
	else if (run_loader(r, fd, rolesfd) == -1) {
		r->no_verdict = true;
		problem(r, PLAN_ERROR, "%s: cannot start the loader %s/monitor"
		    ": %s", d->opt->config_name, d->henv.dir,
		    strerror(errno));
		load_over(r, false, 1, 0);
	}
	close(fd);
}

/* Notes and processes find their tasks by name. */
static int
replan(struct daemon *d, const struct plan_store *ps)
{
	struct kept *kept;
	uint32_t i, task;

	if ((kept = kept_new(ps->ntasks)) == NULL)
		return (-1);
	if (proctab_replan(d->procs, ps) == -1) {
		kept_free(kept);
		return (-1);
	}
	for (i = 0; d->plan != NULL && i < d->plan->ntasks; i++) {
		task = planstore_find(ps, d->plan->tasks[i].name);
		if (task != NO_INDEX)
			kept_move(&kept->tasks[task], &d->kept->tasks[i]);
	}
	kept_free(d->kept);
	d->kept = kept;
	return (0);
}

/* All stands where it stood; some tasks have changed. */
static void
compare(struct daemon *d, const struct plan_store *ps)
{
	uint32_t i;

	kept_uncount(d->kept);
	for (i = 0; i < ps->ntasks; i++) {
		proctab_set_control(d->procs, i, ps->tasks[i].control);
		if (ps->tasks[i].sum != d->plan->tasks[i].sum)
			d->kept->tasks[i].changed = d->gen + 1;
	}
}

/* The new plan in place of the old.  0, or -1 with errno: nothing is done. */
static int
swap_plan(struct daemon *d, struct plan_store *ps)
{
	bool same = d->plan != NULL && planstore_same_names(d->plan, ps);

	if (same)
		compare(d, ps);
	else if (replan(d, ps) == -1)
		return (-1);
	d->reload->delta = same && d->synced && !d->emptied;
	if (!d->reload->delta)
		orphan_forget(d->orphans);
	spawner_sweep(d->spawner);
	planstore_unref(d->plan);
	d->plan = ps;
	d->gen++;
	/* Unless the monitor goes on from here, all that was said is void. */
	if (!d->reload->delta)
		d->full_gen = d->gen;
	d->loaded_wall = wall_now();
	return (0);
}

static void
load_done(const struct planload_result *res, void *arg)
{
	struct reload *r = arg;
	struct daemon *d = r->daemon;
	bool ok = res->plan != NULL;

	if (ok && !d->opt->check && swap_plan(d, res->plan) == -1) {
		problem(r, PLAN_ERROR, "%s: cannot take on the new plan: %s",
		    d->opt->config_name, strerror(errno));
		planstore_unref(res->plan);
		ok = false;
		r->no_verdict = true;
	}
	if (res->why != NULL)
		r->no_verdict = true;
	if (ok && d->opt->check)
		planstore_unref(res->plan);
	r->loading = false;
	load_over(r, ok, res->nerrors, res->nwarnings);
}

bool
reload_reaped(struct daemon *d, pid_t pid)
{
	return (loadrun_reaped(d->reload->run, pid));
}

void
reload_forget_tags(struct daemon *d)
{
	d->reload->ntags = 0;
	d->reload->nnext = 0;
}
