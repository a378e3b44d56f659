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
 * Runs the loader.  The files are opened here, or by a client who may open
 * them; they are read and compiled by an unprivileged process that is
 * started for it and ends with it.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/log.h"
#include "daemon.h"
#include "helper.h"
#include "helperlog.h"
#include "loadrun.h"
#include "options.h"
#include "privopen.h"

struct loadrun {
	struct loadrun_conf conf;
	char		*name;		/* of the configuration */
	struct planload	*load;
	pid_t		 pid;
};

static void	on_message(enum plan_severity, const char *, void *);
static void	on_done(const struct planload_result *, void *);

int
load_open_conf(const struct daemon *d, char *why, size_t size)
{
	if (!d->opt->sanity)
		return (privopen_file(d->opt->config_file, why, size));
	strlcpy(why, "cannot make a temporary file", size);
	return (options_sanity_file());
}

const char *
load_roles_name(const struct daemon *d)
{
	if (d->opt->roles_file != NULL)
		return (d->opt->roles_file);
	return (options_default_roles());
}

int
load_open_roles(const struct daemon *d, char *why, size_t size)
{
	const char *path = load_roles_name(d);

	if (path != NULL)
		return (privopen_file(path, why, size));
	strlcpy(why, "there is none", size);
	errno = ENOENT;
	return (-1);
}

static struct span
span_of(const char *s)
{
	return ((struct span){ s != NULL ? s : "", s != NULL ? strlen(s) : 0 });
}

/* The process; our end of its channel in *fd. */
static int
start_process(struct loadrun *r, int *fd)
{
	static char name[] = "monitor", flag[] = "-l";
	static char *argv[] = { name, flag, NULL };
	struct daemon *d = r->conf.daemon;
	struct helper_birth birth = {
		.argv = argv, .user = HELPER_AS_MONITOR, .full_env = true,
		.inherit = { r->conf.conffd, r->conf.rolesfd },
		.out = r->conf.out
	};
	int logfd, null = -1;

	if (r->conf.rolesfd == -1 &&
	    (birth.inherit[1] = null = open("/dev/null",
	    O_RDONLY | O_CLOEXEC)) == -1)
		return (-1);
	r->pid = helper_fork(&d->henv, &birth, fd, &logfd);
	if (null != -1)
		close(null);
	if (r->pid == -1) {
		r->pid = 0;
		return (-1);
	}
	if (helperlog_start(d->base, logfd, "loader", r->pid) == -1)
		log_warn("loader: its log is lost");
	return (0);
}

static int
start_load(struct loadrun *r, int fd)
{
	const struct options *opt = r->conf.daemon->opt;
	struct planload_conf conf = {
		.base = r->conf.daemon->base, .fd = fd,
		.level = log_get_level(), .arg = r,
		.message = on_message, .done = on_done
	};

	conf.req.conf_path = span_of(r->conf.conf_name);
	conf.req.roles_path = span_of(r->conf.roles_name);
	conf.req.have_roles = r->conf.rolesfd != -1;
	conf.req.check = r->conf.check;
	conf.req.explain = r->conf.out != -1;
	conf.req.ppid = getpid();
	conf.req.uid = geteuid();
	conf.req.gid = getegid();
	conf.req.http_set = opt->http != NULL;
	conf.req.http_listen = span_of(opt->http);
	conf.req.cert_set = opt->certfile != NULL;
	conf.req.http_cert = span_of(opt->certfile);
	conf.req.http_control = opt->allow_control;
	return ((r->load = planload_start(&conf)) == NULL ? -1 : 0);
}

struct loadrun *
loadrun_start(const struct loadrun_conf *conf)
{
	struct loadrun *r;
	int fd, save;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return (NULL);
	r->conf = *conf;
	if ((r->name = strdup(conf->conf_name)) == NULL ||
	    start_process(r, &fd) == -1 || start_load(r, fd) == -1) {
		save = errno;
		loadrun_free(r);
		errno = save;
		return (NULL);
	}
	return (r);
}

void
loadrun_free(struct loadrun *r)
{
	if (r == NULL)
		return;
	/* One that has said all and still is there is of no use. */
	if (r->pid != 0)
		kill(r->pid, SIGKILL);
	planload_free(r->load);
	free(r->name);
	free(r);
}

pid_t
loadrun_pid(const struct loadrun *r)
{
	return (r != NULL ? r->pid : 0);
}

bool
loadrun_reaped(struct loadrun *r, pid_t pid)
{
	if (r == NULL || r->pid == 0 || r->pid != pid)
		return (false);
	/* Its channel tells the rest. */
	r->pid = 0;
	return (true);
}

static void
on_message(enum plan_severity severity, const char *text, void *arg)
{
	struct loadrun *r = arg;

	r->conf.message(severity, text, r->conf.arg);
}

static void
on_done(const struct planload_result *res, void *arg)
{
	struct loadrun *r = arg;
	struct planload *l = r->load;
	char text[1024];

	if (res->plan == NULL && res->why != NULL) {
		snprintf(text, sizeof(text), "%s: %s", r->name, res->why);
		r->conf.message(PLAN_ERROR, text, r->conf.arg);
		if (r->pid != 0)
			kill(r->pid, SIGKILL);
	}
	r->load = NULL;
	r->conf.done(res, r->conf.arg);
	/* The run may be gone now; this was still needed. */
	planload_free(l);
}
