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
 * The plan on the wire, from the loader to the spawner: what may be run, as
 * whom, in which environment.  Each record has a put_ and a get_ side by
 * side in plan.c.  The get_ side checks every bound that does not depend on
 * other records; planload.c checks the rest (indexes, counts, order).
 *
 * The order of records: BEGIN, ENV*, (TASK CMD+ WATCH*)*, LISTEN*, SCHED*,
 * DOC*, END; ERR may come at any time.  A failed load is ERR*, END(ok =
 * false).
 *
 * Strings in get_ structs are borrowed from the message; arrays are read
 * with the iterators below, so that nothing is allocated here.
 */

#ifndef COMMON_PLAN_H
#define COMMON_PLAN_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

/* A task's control, in the order of spec.md 4. */
enum control {
	CONTROL_WAIT,
	CONTROL_ONCE,
	CONTROL_EVENT,
	CONTROL_SUSPEND,
	CONTROL_OFF,
	CONTROL_NOWAIT,
	CONTROL_ADOPT,
	CONTROL_MAX
};

/* "wait" ... "adopt"; "?" for what is no control. */
const char	*control_name(enum control);
/* The control, or -1. */
int		 control_find(const char *name);

/*
 * L_LOAD: what the loader is to do.  The descriptors LOADER_CONF_FD and
 * LOADER_ROLES_FD are open before it starts; the names are for messages.
 */
struct load_req {
	struct span	 conf_path;
	struct span	 roles_path;	/* empty: no roles file */
	bool		 have_roles;	/* LOADER_ROLES_FD is a roles file */
	bool		 check;		/* -C: what depends on the host is an
					   error, not a note */
	bool		 explain;	/* -n -v: print the resolved plan on
					   stdout (fd 1) */
	uint32_t	 ppid;		/* Task_ppid */
	uint32_t	 uid;		/* the spawner's effective uid: what
					   users tasks may have */
	uint32_t	 gid;
	/* -w, -c, -A: override or create the first listener. */
	bool		 http_set;	/* -w was given */
	struct span	 http_listen;
	bool		 cert_set;	/* -c was given (perhaps empty) */
	struct span	 http_cert;
	bool		 http_control;	/* -A */
};

void	 put_load_req(struct wbuf *, const struct load_req *);
int	 get_load_req(struct cursor *, struct load_req *);

/*
 * PLAN_BEGIN: counts, so that the spawner can refuse early, and what holds
 * for the daemon itself.
 */
struct plan_begin {
	uint32_t	 ntasks;
	uint32_t	 ncmds;		/* of all tasks */
	uint32_t	 nenv;		/* shared environment entries */
	uint32_t	 nlisten;
	uint32_t	 nwatch;	/* of all tasks */
	uint32_t	 control_gid;	/* group of the control socket;
					   NO_INDEX: as it is by itself */
};

void	 put_plan_begin(struct wbuf *, const struct plan_begin *);
int	 get_plan_begin(struct cursor *, struct plan_begin *);

/*
 * PLAN_ENV: u32 count, then as many texts "KEY=VALUE": the next entries of
 * the shared environment.
 */

/*
 * PLAN_TASK.  uid and gid are always numbers; setids says whether the child
 * changes to them at all (a task without user and group, or one that names
 * what the daemon already is, does not).
 */
#define PLAN_TASK_INROLE	0x01
#define PLAN_TASK_HELD		0x02	/* may not be started: host error */
#define PLAN_TASK_FLAGS		0x03

/*
 * The signals, as in plan_task, that a person may send to any task: those
 * that daemons give a meaning to, and those that stop and continue.  The
 * loader lists them for every task besides those of its events; TERM and
 * KILL need no listing.
 */
uint64_t	 plan_signals_for_all(void);

struct plan_task {
	struct span	 name;
	uint8_t		 control;	/* enum control */
	uint8_t		 flags;
	uint16_t	 count;		/* 0 ... LIMIT_INSTANCES */
	bool		 setids;
	uint32_t	 uid;
	uint32_t	 gid;
	uint64_t	 signals;	/* bit N-1: signal N may be sent */
	struct span	 cwd;		/* text, may have marks; empty: the
					   daemon's own */
	struct span	 procname;	/* text, may have marks; empty: none */
	struct span	 pidfile;	/* text, may have marks; empty: none */
	uint32_t	 ngroups;	/* supplementary groups */
	struct cursor	 groups;	/* read with get_plan_group() */
	uint32_t	 nenv;		/* own environment entries */
	struct cursor	 env;		/* read with get_plan_env() */
};

/*
 * An own entry of a task's environment: it takes the place of shared entry
 * number shared (NO_INDEX: it is added).  An empty text with a shared index
 * removes that shared entry.  Texts may have marks.
 */
struct plan_env {
	uint32_t	 shared;
	struct span	 text;		/* "KEY=VALUE" */
};

/* groups: ngroups numbers; env: nenv entries.  Both may be NULL when 0. */
void	 put_plan_task(struct wbuf *, const struct plan_task *,
	    const uint32_t *groups, const struct plan_env *env);
int	 get_plan_task(struct cursor *, struct plan_task *);
/* From the cursors in a struct plan_task that get_plan_task() accepted. */
uint32_t	 get_plan_group(struct cursor *);
void		 get_plan_env(struct cursor *, struct plan_env *);

/*
 * PLAN_CMD: a command of the task last sent; the first of each task is
 * "start".  argv texts may have marks; argc is at least 1.
 */
#define PLAN_CMD_MAXARGS	65536

struct plan_cmd {
	struct span	 name;
	uint32_t	 argc;
	struct cursor	 argv;		/* argc texts: get_text() */
};

void	 put_plan_cmd(struct wbuf *, const char *name, uint32_t argc,
	    const struct span *argv);
int	 get_plan_cmd(struct cursor *, struct plan_cmd *);

/*
 * PLAN_WATCH: text, absolute: a path that events of the task last sent are
 * about, in their order: what the spawner may be asked to look at.
 */
void	 put_plan_watch(struct wbuf *, const char *path);
int	 get_plan_watch(struct cursor *, struct span *path);

/* PLAN_LISTEN: one HTTP listener, as resolved. */
#define PLAN_NO_ADDRESS	"-"	/* host: the name in addr was not found */

struct plan_listen {
	struct span	 addr;		/* text; a Unix path has a '/' */
	struct span	 host;		/* numeric address; empty: Unix */
	uint16_t	 port;
	struct span	 certfile;	/* text; empty: no TLS */
	bool		 control;
	uint32_t	 timeout_ms;
	struct span	 client_ca;	/* text, a path; empty: clients need no
					   certificate; with TLS only */
	struct span	 auth;		/* text, a path; empty: no password */
	uint32_t	 hsts_s;	/* 0: no such header; with TLS only */
	uint32_t	 nallow;	/* 0: whoever reaches it may come in */
	struct cursor	 allow;		/* read with get_plan_allow() */
};

/* allow: nallow texts that prefix_parse() takes; may be NULL when 0. */
void	 put_plan_listen(struct wbuf *, const struct plan_listen *,
	    const struct span *allow);
int	 get_plan_listen(struct cursor *, struct plan_listen *);
/* From the cursor in a struct that get_plan_listen() accepted. */
struct span	 get_plan_allow(struct cursor *);

/*
 * PLAN_SCHED: u32 task (NO_INDEX: the whole plan), blob.  Opaque to the
 * spawner, which passes it to the monitor: see monitor/schedrec.h.
 */
void	 put_plan_sched(struct wbuf *, uint32_t task, const void *, size_t);
int	 get_plan_sched(struct cursor *, uint32_t *task, struct span *blob);

/* PLAN_DOC: blob: the next piece of the configuration as JSON. */

/* PLAN_ERR: one message about the configuration, complete for people. */
enum plan_severity {
	PLAN_NOTE,
	PLAN_WARNING,
	PLAN_ERROR,
	PLAN_SEVERITY_MAX
};

struct plan_err {
	uint8_t		 severity;
	struct span	 text;		/* "FILE:LINE:COL: what is wrong" */
};

void	 put_plan_err(struct wbuf *, enum plan_severity, const char *text);
int	 get_plan_err(struct cursor *, struct plan_err *);

/* PLAN_END. */
struct plan_end {
	bool		 ok;
	uint32_t	 nerrors;
	uint32_t	 nwarnings;
};

void	 put_plan_end(struct wbuf *, const struct plan_end *);
int	 get_plan_end(struct cursor *, struct plan_end *);

#endif /* COMMON_PLAN_H */
