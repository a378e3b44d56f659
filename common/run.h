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
 * What the spawner and its long-lived helpers say to each other.  put_ and
 * get_ side by side in run.c.  All times on the wire are s64 milliseconds:
 * mono since boot, wall since the Epoch.
 */

#ifndef COMMON_RUN_H
#define COMMON_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "mono.h"
#include "wire.h"

/* How a start failed: the step of spawn.c.  Words by stage_name(). */
enum stage {
	STAGE_NONE,
	STAGE_REFUSED,		/* the request is not one the plan allows, or
				   not now; errno says why (ESTALE: an old
				   generation, EEXIST: the slot is taken,
				   ENOENT: no such, EPERM: held or out of
				   scope, E2BIG: beyond count) */
	STAGE_MEMORY,
	STAGE_FORK,
	STAGE_SETSID,
	STAGE_STDIO,
	STAGE_LIMITS,
	STAGE_GROUPS,
	STAGE_GID,
	STAGE_UID,
	STAGE_CHDIR,
	STAGE_EXEC,
	STAGE_MAX
};

/* "fork", "chdir", ...: goes into "cannot start: chdir: <errno>". */
const char	*stage_name(enum stage);

/* What a process of the table is there for. */
enum proc_kind {
	PROC_START,		/* the task's own process in its slot */
	PROC_COMMAND,		/* stop, check or an event's command */
	PROC_KIND_MAX
};

/* What the daemon as a whole is doing. */
enum run_mode {
	MODE_RUN,
	MODE_STOP,		/* stop all, then exit */
	MODE_RESET,		/* stop all, load anew, start all */
	MODE_MAX
};

/* SYNC_BEGIN: everything the monitor knew before is void. */
struct sync_begin {
	uint32_t	 gen;		/* of the plan, from 1 */
	uint32_t	 ntasks;
	uint8_t		 mode;		/* enum run_mode */
	bool		 config_event;	/* a (re)load, not a crash: requested
					   control and count are void */
	bool		 load_ok;	/* false: the last load failed, this
					   is the plan from before */
	int64_t		 loaded_wall;	/* when this plan was loaded */
	int64_t		 started_wall;	/* the daemon itself */
	uint32_t	 pid;		/* of the spawner */
	uint32_t	 uid;		/* its effective uid */
};

void	 put_sync_begin(struct wbuf *, const struct sync_begin *);
int	 get_sync_begin(struct cursor *, struct sync_begin *);

/* SYNC_SCHED: as PLAN_SCHED; tasks in order of index, NO_INDEX first. */

/*
 * SYNC_PROC: a slot's (or command's) last or present process.  Tasks that
 * are gone from the plan have task NO_INDEX and still run: to be stopped.
 */
struct sync_proc {
	uint64_t	 id;		/* given by the spawner, never reused */
	uint32_t	 task;
	uint16_t	 instance;
	uint8_t		 kind;		/* enum proc_kind */
	uint16_t	 cmd;		/* index of the command; 0: start */
	uint32_t	 pid;		/* 0: exited */
	bool		 stale;		/* was started from something else
					   than the plan now says */
	struct mono	 started;
	int64_t		 started_wall;
	struct mono	 exited;	/* never: still running */
	/* Of the last that exited in the slot; 0: none yet. */
	int64_t		 exited_wall;
	uint32_t	 status;	/* wait(2) status */
	uint8_t		 last_signal;	/* sent by us, 0: none */
	struct mono	 signalled;	/* when */
	uint32_t	 starts;	/* processes started in this slot */
	struct span	 name;		/* of the task it was started as */
};

void	 put_sync_proc(struct wbuf *, const struct sync_proc *);
int	 get_sync_proc(struct cursor *, struct sync_proc *);

/*
 * SYNC_NOTE and R_NOTE: u32 generation, u32 task, blob of at most LIMIT_NOTE
 * bytes: what the monitor asked the spawner to keep for it.  A note of an
 * old generation is dropped, since its index may mean another task by now.
 * Notes follow their task by name through reloads, and end with it and with
 * a reset; a monitor that lives sends again what a reload crossed.
 */
struct note {
	uint32_t	 gen;
	uint32_t	 task;
	struct span	 blob;
};

void	 put_note(struct wbuf *, const struct note *);
int	 get_note(struct cursor *, struct note *);

/* SYNC_DOC: blob: the next piece of the configuration as JSON.
 * SYNC_END: empty. */

/* S_SPAWNED: the tag is that of the R_SPAWN or R_RUN. */
struct spawned {
	uint64_t	 id;
	uint32_t	 task;
	uint16_t	 instance;
	uint16_t	 cmd;
	uint32_t	 pid;
	struct mono	 at;
	int64_t		 wall;
};

void	 put_spawned(struct wbuf *, const struct spawned *);
int	 get_spawned(struct cursor *, struct spawned *);

/*
 * S_SPAWNFAIL: nothing runs.  id is 0 when there was not even a process;
 * else S_SPAWNED with that id came before, and no S_EXITED will follow.
 */
struct spawnfail {
	uint64_t	 id;
	uint32_t	 task;
	uint16_t	 instance;
	uint16_t	 cmd;
	uint8_t		 stage;		/* enum stage */
	uint32_t	 error;		/* errno */
	struct mono	 at;
	int64_t		 wall;
};

void	 put_spawnfail(struct wbuf *, const struct spawnfail *);
int	 get_spawnfail(struct cursor *, struct spawnfail *);

/*
 * S_EXITED.  again: a standing order was carried out: S_SPAWNED or
 * S_SPAWNFAIL of the same slot, with tag STANDING_TAG, follows at once.
 */
#define STANDING_TAG	0

struct exited {
	uint64_t	 id;
	uint32_t	 pid;
	uint32_t	 status;	/* wait(2) status */
	bool		 again;
	struct mono	 at;
	int64_t		 wall;
};

void	 put_exited(struct wbuf *, const struct exited *);
int	 get_exited(struct cursor *, struct exited *);

/*
 * S_LOADERR: as PLAN_ERR: a message of the load that is under way.
 * S_LOADED: it is over; when ok, SYNC_BEGIN ... follows.  The tag is that
 * of the R_RELOAD, or 0 when nobody in the monitor asked.
 */
struct loaded {
	bool		 ok;
	uint32_t	 gen;		/* of the plan now in force */
	uint32_t	 nerrors;
	uint32_t	 nwarnings;
};

void	 put_loaded(struct wbuf *, const struct loaded *);
int	 get_loaded(struct cursor *, struct loaded *);

/*
 * S_CLIENT + fd: u8 rights (bits RIGHT_*): a connected client channel.
 * S_CTLSOCK + fd: empty: the listening control socket.
 * S_SHUTDOWN: u8 enum run_mode (MODE_STOP or MODE_RESET).
 */
#define RIGHT_STATUS	0x01
#define RIGHT_MANAGE	0x02

/* S_LISTENER: the state of an HTTP listener, for status. */
struct listener {
	uint32_t	 index;
	bool		 control;
	bool		 tls;
	bool		 up;
	struct span	 addr;		/* str */
	struct span	 error;		/* str; empty when up */
};

void	 put_listener(struct wbuf *, const struct listener *);
int	 get_listener(struct cursor *, struct listener *);

/*
 * R_SPAWN: start a slot.  A slot that runs is refused, as is an instance
 * that neither the plan nor a requested count allows.
 *
 * It may bring a standing order: when the process ends by itself after at
 * least again_ms, its slot is started again at once, whether or not there
 * is a monitor to ask for it.  Anything sent to the process, a command about
 * it, a new plan and the end of the daemon void the order.  A process
 * started by such an order has one of its own, with STANDING_MS.
 */
#define STANDING_NONE	UINT32_MAX
#define STANDING_MS	5000

struct spawn_req {
	uint32_t	 gen;
	uint32_t	 task;
	uint16_t	 instance;
	uint32_t	 again_ms;	/* STANDING_NONE: no order */
};

#define SPAWN_REQ_LEN	14
void	 put_spawn_req(struct wbuf *, const struct spawn_req *);
int	 get_spawn_req(struct cursor *, struct spawn_req *);

/* R_RUN: run a command (not start) of a task. */
struct run_req {
	uint32_t	 gen;
	uint32_t	 task;
	uint16_t	 cmd;
	uint16_t	 instance;	/* for Task_instance */
	uint64_t	 id;		/* the process it is about, for
					   Task_pid; 0: none */
};

#define RUN_REQ_LEN	20
void	 put_run_req(struct wbuf *, const struct run_req *);
int	 get_run_req(struct cursor *, struct run_req *);

/* R_SIGNAL: to one process of the table. */
struct signal_req {
	uint64_t	 id;
	uint8_t		 sig;
};

#define SIGNAL_REQ_LEN	9
void	 put_signal_req(struct wbuf *, const struct signal_req *);
int	 get_signal_req(struct cursor *, struct signal_req *);

/*
 * R_READY: empty.
 * R_RELOAD: empty.  Each tag is answered by one S_LOADED; those that come
 * while a load runs wait for the next.  At most 64 may wait.
 * R_STOPREQ, R_ALLSTOPPED: u8 enum run_mode (MODE_STOP or MODE_RESET).
 */

/*
 * HTTP_LISTEN + fd: a listening socket for httpd; HTTP_CERT + fd: the
 * certificate chain and key (PEM) of listener index: u32 index;
 * HTTP_PEER + fd: empty: the client channel to the monitor, takes the place
 * of an earlier one; HTTP_DONE: empty: the set is complete: serve;
 * HTTP_UP: empty, back: serving.
 */
struct http_listen {
	uint32_t	 index;
	bool		 unix_domain;
	bool		 tls;		/* HTTP_CERT follows */
	uint32_t	 timeout_ms;
	struct span	 addr;		/* str, for the log */
};

void	 put_http_listen(struct wbuf *, const struct http_listen *);
int	 get_http_listen(struct cursor *, struct http_listen *);

#endif /* COMMON_RUN_H */
