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

/* What the files of taskforcectl share: exit statuses and the options. */

#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/mono.h"

/* Exit status, spec.md 9. */
enum ctl_exit {
	CTL_OK,
	CTL_FAILED,		/* a change did not succeed */
	CTL_USAGE,		/* wrong usage, or configuration invalid */
	CTL_NOT_RUNNING,	/* status -q: a task is not running */
	CTL_NOT_FOUND,		/* no such task, slot or role */
	CTL_TIMEOUT,
	CTL_UNREACHABLE,	/* no daemon there, or none that we speak to */
	CTL_DENIED
};

#define CTL_SOCKET	"/var/run/taskforced.sock"
#define CTL_WAIT_MS	30000			/* -t */
#define CTL_WAIT_MAX	(24 * 60 * 60)		/* seconds */
/*
 * How much longer we wait than the daemon does for us: its word on what has
 * not come true in time is better than ours.
 */
#define CTL_GRACE_MS	2000

struct output;

struct ctl {
	const char		*socket;
	const struct output	*out;
	bool			 quiet;
	int64_t			 wait_ms;	/* -t; 0: do not wait */
	struct mono		 deadline;	/* of the whole conversation */
	const char		*promises;	/* pledge(2), once connected */
	/* Of plan and check; NULL: not given. */
	const char		*file;		/* -f */
	const char		*roles_file;	/* -r */
	const char		*roles;		/* -R */
};

/* Says on stderr what went wrong, unless -q; returns code. */
enum ctl_exit	 ctl_fail(const struct ctl *, enum ctl_exit code,
		    const char *fmt, ...)
		    __attribute__((__format__(printf, 3, 4)));

/* The commands; argv holds the argc words behind the command. */
/* status.c */
enum ctl_exit	 action_status(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_version(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_why(struct ctl *, int argc, char **argv);
/* change.c */
enum ctl_exit	 action_control(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_count(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_restart(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_run(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_signal(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_start(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_stop(struct ctl *, int argc, char **argv);
/* load.c */
enum ctl_exit	 action_check(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_plan(struct ctl *, int argc, char **argv);
enum ctl_exit	 action_reload(struct ctl *, int argc, char **argv);
/* daemon.c */
enum ctl_exit	 action_reset(struct ctl *, int argc, char **argv);
enum ctl_exit	 daemon_stop(struct ctl *);

#endif /* CTL_CTL_H */
