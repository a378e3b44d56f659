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
 * fails changes nothing.
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
#include "helper.h"
#include "helperlog.h"
#include "kept.h"
#include "options.h"
#include "planload.h"
#include "planstore.h"
#include "privopen.h"
#include "proc.h"
#include "spawn.h"
#include "web.h"

#define TAGS_MAX	64

struct reload {
	struct daemon	*daemon;
	struct planload	*load;		/* NULL: none under way */
	pid_t		 pid;		/* of the loader; 0: reaped */
	bool		 again;		/* asked for while one ran */
	uint32_t	 tags[TAGS_MAX]; /* R_RELOADs this load answers */
	uint32_t	 ntags;
	uint32_t	 next[TAGS_MAX]; /* and the one after it */
	uint32_t	 nnext;
	/* The last roles file that could be read stays open: when the file
	 * vanishes, these roles hold. */
	int		 rolesfd;
	struct event	*relay;		/* of what the loader explains */
	char		*failure;	/* the first error of a failed load */
};

static void	load_done(const struct planload_result *, void *);

struct reload *
reload_new(struct daemon *d)
{
	struct reload *r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return (NULL);
	r->daemon = d;
	r->rolesfd = -1;
	return (r);
}

void
reload_free(struct reload *r)
{
	if (r == NULL)
		return;
	if (r->pid != 0)
		kill(r->pid, SIGKILL);
	helper_wait(r->pid);
	planload_free(r->load);
	if (r->rolesfd != -1)
		close(r->rolesfd);
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
	sync_send(d, true);
	if (helper_ready(d->monitor) && d->on_up != NULL)
		d->on_up(d);
}

/* This load is over: the next, if one was asked for meanwhile. */
static void
load_over(struct reload *r, bool ok, uint32_t nerrors, uint32_t nwarnings)
{
	struct daemon *d = r->daemon;

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

/* No roles: all tasks are in scope, which people should know. */
static void
roles_off(struct reload *r, const char *why)
{
	problem(r, PLAN_WARNING, "roles file: %s: role filtering is off, all "
	    "tasks are in scope", why);
}

/*
 * The roles: a descriptor to pass on, in *fd; -1 there: filtering is off,
 * because there is no such file and never was.  A file that is there and
 * cannot be read never starts everything: the roles read before stay, and
 * without any the load fails: -1.
 */
static int
open_roles(struct reload *r, int *fd)
{
	const struct options *opt = r->daemon->opt;
	const char *path = opt->roles_file;
	char why[256] = "there is none";

	*fd = -1;
	if (opt->sanity)
		return (0);
	errno = ENOENT;
	if (path == NULL)
		path = options_default_roles();
	if (path != NULL &&
	    (*fd = privopen_file(path, why, sizeof(why))) != -1) {
		if (r->rolesfd != -1)
			close(r->rolesfd);
		r->rolesfd = *fd;
		return (0);
	}
	if (r->rolesfd == -1) {
		if (errno == ENOENT || errno == ENOTDIR) {
			roles_off(r, why);
			return (0);
		}
		problem(r, PLAN_ERROR, "roles file: %s", why);
		return (-1);
	}
	problem(r, PLAN_WARNING, "roles file: %s; the roles read before stay "
	    "in force", why);
	if (lseek(r->rolesfd, 0, SEEK_SET) == -1)
		return (-1);
	*fd = r->rolesfd;
	return (0);
}

static struct span
span_of(const char *s)
{
	return ((struct span){ s != NULL ? s : "", s != NULL ? strlen(s) : 0 });
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
		fwrite(buf, 1, n, stdout);
		return;
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	event_free(r->relay);
	r->relay = NULL;
	close(fd);
	/* The load may have waited for this. */
	if (r->load == NULL)
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
	static char name[] = "monitor", flag[] = "-l";
	static char *argv[] = { name, flag, NULL };
	struct daemon *d = r->daemon;
	const struct options *opt = d->opt;
	struct helper_birth birth = {
		.argv = argv, .user = HELPER_AS_MONITOR, .full_env = true,
		.inherit = { conffd, -1 }, .out = -1
	};
	struct planload_conf conf = {
		.base = d->base, .level = log_get_level(), .arg = r,
		.message = load_message, .done = load_done
	};
	int logfd, null = -1;

	if (rolesfd == -1 && (null = open("/dev/null",
	    O_RDONLY | O_CLOEXEC)) == -1)
		return (-1);
	/* One that has said all and still is there is of no use. */
	if (r->pid != 0)
		kill(r->pid, SIGKILL);
	birth.inherit[1] = rolesfd != -1 ? rolesfd : null;
	if (opt->explain && (birth.out = start_relay(r)) == -1) {
		if (null != -1)
			close(null);
		return (-1);
	}
	r->pid = helper_fork(&d->henv, &birth, &conf.fd, &logfd);
	if (null != -1)
		close(null);
	if (birth.out != -1)
		close(birth.out);
	if (r->pid == -1) {
		r->pid = 0;
		return (-1);
	}
	if (helperlog_start(d->base, logfd, "loader", r->pid) == -1)
		log_warn("loader: its log is lost");
	conf.req.conf_path = span_of(opt->config_name);
	conf.req.roles_path = span_of(opt->roles_file != NULL ?
	    opt->roles_file : options_default_roles());
	conf.req.have_roles = rolesfd != -1;
	conf.req.check = opt->check;
	conf.req.explain = opt->explain;
	conf.req.ppid = getpid();
	conf.req.uid = geteuid();
	conf.req.gid = getegid();
	conf.req.http_set = opt->http != NULL;
	conf.req.http_listen = span_of(opt->http);
	conf.req.cert_set = opt->certfile != NULL;
	conf.req.http_cert = span_of(opt->certfile);
	conf.req.http_control = opt->allow_control;
	if ((r->load = planload_start(&conf)) == NULL) {
		kill(r->pid, SIGKILL);
		return (-1);
	}
	return (0);
}

static void
add_tag(struct reload *r, uint32_t tag)
{
	bool later = r->load != NULL;
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
	char why[256] = "cannot make a temporary file";
	int fd, rolesfd;

	add_tag(r, tag);
	if (r->load != NULL) {
		r->again = true;
		return;
	}
	free(r->failure);
	r->failure = NULL;
	if (d->opt->sanity)
		fd = options_sanity_file();
	else
		fd = privopen_file(d->opt->config_file, why, sizeof(why));
	if (fd == -1) {
		problem(r, PLAN_ERROR, "%s", why);
		load_over(r, false, 1, 0);
		return;
	}
	if (open_roles(r, &rolesfd) == -1)
		load_over(r, false, 1, 0);
	else if (run_loader(r, fd, rolesfd) == -1) {
		problem(r, PLAN_ERROR, "%s: cannot start the loader %s/monitor"
		    ": %s", d->opt->config_name, d->henv.dir,
		    strerror(errno));
		load_over(r, false, 1, 0);
	}
	close(fd);
}

/* The new plan in place of the old: notes and processes find their tasks. */
static int
swap_plan(struct daemon *d, struct plan_store *ps)
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
	spawner_sweep(d->spawner);
	planstore_unref(d->plan);
	kept_free(d->kept);
	d->plan = ps;
	d->kept = kept;
	d->gen++;
	d->loaded_wall = wall_now();
	return (0);
}

static void
load_done(const struct planload_result *res, void *arg)
{
	struct reload *r = arg;
	struct daemon *d = r->daemon;
	struct planload *l = r->load;
	bool ok = res->plan != NULL;

	if (!ok && res->why != NULL) {
		problem(r, PLAN_ERROR, "%s: %s", d->opt->config_name,
		    res->why);
		if (r->pid != 0)
			kill(r->pid, SIGKILL);
	}
	if (ok && !d->opt->check && swap_plan(d, res->plan) == -1) {
		problem(r, PLAN_ERROR, "%s: cannot take on the new plan: %s",
		    d->opt->config_name, strerror(errno));
		planstore_unref(res->plan);
		ok = false;
	}
	if (ok && d->opt->check)
		planstore_unref(res->plan);
	r->load = NULL;
	load_over(r, ok, res->nerrors, res->nwarnings);
	planload_free(l);
}

bool
reload_reaped(struct daemon *d, pid_t pid)
{
	if (d->reload->pid == 0 || d->reload->pid != pid)
		return (false);
	/* Its channel tells the rest. */
	d->reload->pid = 0;
	return (true);
}

void
reload_forget_tags(struct daemon *d)
{
	d->reload->ntags = 0;
	d->reload->nnext = 0;
}
