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
 * The spawner as a whole: what its parts share.  There is one struct daemon;
 * main() owns it and hands it to every part.
 */

#ifndef SPAWNER_DAEMON_H
#define SPAWNER_DAEMON_H

#include <sys/types.h>
#include <sys/queue.h>

#include <stdbool.h>
#include <stdint.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/run.h"
#include "bind.h"
#include "helper.h"

struct event;
struct event_base;
struct follower;
struct helper;
struct kept;
struct lookout;
struct options;
struct orphans;
struct plan_store;
struct proc;
struct proctab;
struct reload;
struct selfcheck;
struct sights;
struct spawner;
struct trials;
struct web;

struct daemon {
	struct event_base	*base;
	const struct options	*opt;
	struct helper_env	 henv;
	struct spawner		*spawner;
	struct proctab		*procs;
	struct helper		*monitor;
	struct web		*web;
	struct reload		*reload;
	struct orphans		*orphans;
	struct lookout		*lookout;
	struct trials		*trials;
	struct follower		*follower;
	struct selfcheck	*selfcheck;
	struct sights		*sights;

	struct plan_store	*plan;		/* NULL until the first load */
	struct kept		*kept;		/* beside it; of its tasks */
	uint32_t		 gen;		/* of plan, from 1 */
	uint32_t		 full_gen;	/* at the last full sync */
	bool			 synced;	/* of this monitor, that is */
	bool			 load_ok;	/* the last load succeeded */
	int64_t			 loaded_wall;
	int64_t			 started_wall;

	enum run_mode		 mode;
	bool			 stopping_self;	/* without the monitor */
	bool			 emptied;	/* by a reset, and not yet
						   loaded anew */
	struct event		*stop_timer;
	struct mono		 stop_asked;	/* when it was told to stop */
	struct mono		 progress;	/* a process last started, ended
						   or was signalled */

	int			 ctlsock;	/* -1: none */
	struct bound		 ctlbound;

	bool			 up;		/* start-up is complete */
	void			(*on_up)(struct daemon *);
	int			 exit_status;
	int			 stdout_error;	/* errno; 0: all was written */
};

/* reload.c: runs the loader. */
struct reload	*reload_new(struct daemon *);
void	 reload_free(struct reload *);
/* Starts a load; the tag of an R_RELOAD, or 0.  One that runs is followed
 * by another. */
void	 reload_start(struct daemon *, uint32_t tag);
/* That pid was waited for; true when it was the loader. */
bool	 reload_reaped(struct daemon *, pid_t);
/* Tells a fresh monitor why the last load failed, for status. */
void	 reload_tell_failure(struct daemon *);
/* Tags that still wait for an answer are forgotten: their asker is gone. */
void	 reload_forget_tags(struct daemon *);

/*
 * The roles that a load goes by: 0 and a new descriptor in *fd, or -1 there:
 * role filtering is off, since there is no such file and never was.  why is
 * then a warning, or "".  -1: the load fails, and why says why.
 */
int	 reload_roles(struct daemon *, int *fd, char *why, size_t);

/* request.c: the monitor's requests; the attack surface of root. */
struct helper	*monitor_new(struct daemon *);
/*
 * May what was said under that generation be taken as said of the task as it
 * is now?  The names of tasks and their order have not changed since the
 * last full sync, and the task itself has not since then.
 */
bool	 request_current(const struct daemon *, uint32_t gen, uint32_t task);

/* sync.c: tells a fresh monitor, or one with a new plan, everything. */
void	 sync_send(struct daemon *, bool config_event);
/* As that, to a monitor that knows the plan before: what has changed. */
void	 sync_delta(struct daemon *);
/* Tells the monitor what it would be told with that plan in force. */
void	 sync_trial(struct daemon *, const struct plan_store *,
	    uint32_t tag);
/* Passes a client channel with these rights to the monitor; takes fd. */
void	 sync_client(struct daemon *, int fd, uint8_t rights);

/* children.c: SIGCHLD: all that ended, and why a start failed. */
void	 children_reap(struct daemon *);
struct start_req {
	enum proc_kind	 kind;
	uint32_t	 task;
	uint16_t	 instance;
	uint16_t	 cmd;
	pid_t		 about;		/* for Task_pid; 0: itself */
	uint32_t	 again_ms;	/* standing order, or STANDING_NONE */
	uint32_t	 tag;		/* under which the monitor is told */
	bool		 output;	/* it gets what the process writes */
};
void	 children_start(struct daemon *, const struct start_req *);
/* A process of the table has ended: records it, tells it, and starts it
 * again where there is a standing order.  The record may be gone then. */
void	 children_over(struct daemon *, struct proc *, int status);
/* Sends a signal and records it. */
void	 children_signal(struct daemon *, struct proc *, int sig);
/* Tells the monitor that a start was refused. */
void	 children_refuse(struct daemon *, uint32_t tag, uint32_t task,
	    uint16_t instance, uint16_t cmd, int error);

/* stop.c: the end of the daemon, and reset.  stop_init() once, at start: 0,
 * or -1 with errno. */
int	 stop_init(struct daemon *);
void	 stop_begin(struct daemon *, enum run_mode);
void	 stop_all_stopped(struct daemon *);
/* A process ended while stopping: perhaps the last. */
void	 stop_check(struct daemon *);

#endif /* SPAWNER_DAEMON_H */
