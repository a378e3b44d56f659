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
#include "states.h"
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
	STAGE_PIDFILE,		/* could not look who runs already */
	STAGE_CHECK,		/* could not run the command that says so */
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

/*
 * What a sync is.  FULL: everything the monitor knew before is void.
 * DELTA: only after a FULL one on the same channel: the tasks are the same
 * by name and index; SYNC_SCHED comes for those whose record differs,
 * SYNC_PROC for running processes of those of them that are stale now
 * (nothing else of these records counts but id and stale), no SYNC_NOTE.
 * TRIAL: as FULL, but of a plan that is not in force, for the R_TRIAL with
 * that tag: nothing is done about it.
 */
enum sync_kind {
	SYNC_FULL,
	SYNC_DELTA,
	SYNC_TRIAL,
	SYNC_KIND_MAX
};

struct sync_begin {
	uint8_t		 kind;		/* enum sync_kind */
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

/* In what a running process differs from what the plan would start now. */
#define STALE_ARGV	0x01
#define STALE_ENV	0x02
#define STALE_CWD	0x04
#define STALE_USER	0x08	/* uid, gid or groups */
#define STALE_PROCNAME	0x10
#define STALE_ALL	0x1f

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
	uint8_t		 stale;		/* STALE_*: was started from something
					   else than the plan now says */
	bool		 foreign;	/* not our child: found by S_FOUND */
	bool		 watched;	/* S_EXITED will tell its end; always
					   so for a child */
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
 * SYNC_NOTE and R_NOTE: u32 generation, u8 kind, u32 task, blob of at most
 * LIMIT_NOTE bytes: what the monitor asked the spawner to keep for it, of
 * each kind one a task.  A note from before the last full sync is dropped,
 * since its index may mean another task by now.
 * Notes follow their task by name through reloads, and end with it and with
 * a reset; a monitor that lives sends again what a reload crossed.
 */
enum note_kind {
	NOTE_SCHED,		/* of the scheduler */
	NOTE_WATCH,		/* of the watcher of files */
	NOTE_KIND_MAX
};

struct note {
	uint32_t	 gen;
	uint8_t		 kind;		/* enum note_kind */
	uint32_t	 task;
	struct span	 blob;
};

#define NOTE_MIN	13	/* and the blob */
void	 put_note(struct wbuf *, const struct note *);
int	 get_note(struct cursor *, struct note *);

/*
 * SYNC_DOC + fd: u32 length: the configuration as JSON, to be read with
 * pread(2) (see memfile.h).  It may be missing.
 * SYNC_END: empty.
 */

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
 * The status of what was not our child is STATUS_UNKNOWN of states.h.
 */
#define STANDING_TAG	0

struct exited {
	uint64_t	 id;
	uint32_t	 pid;
	uint32_t	 status;	/* wait(2) status */
	bool		 again;
	uint8_t		 last_signal;	/* that it was sent, or 0 */
	struct mono	 at;
	int64_t		 wall;
};

#define EXITED_LEN	34
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

/*
 * S_FOUND: the answer to an R_LOOK, by its tag: a live process that none of
 * our starts made is in the table now, in that slot.  Where the system can
 * tell its end, S_EXITED comes, with STATUS_UNKNOWN; else the monitor looks
 * again from time to time (the same id is found, or another).
 */
struct found {
	uint64_t	 id;
	uint32_t	 task;
	uint16_t	 instance;
	uint32_t	 pid;
	bool		 watched;
	uint8_t		 stale;		/* 0 when it is not known what it was
					   started with */
	struct mono	 started;	/* as the kernel has it */
	int64_t		 started_wall;
};

#define FOUND_LEN	36
void	 put_found(struct wbuf *, const struct found *);
int	 get_found(struct cursor *, struct found *);

/* Why there is no such process.  Words by look_name(). */
enum look {
	LOOK_NONE,
	LOOK_REFUSED,		/* not one the plan allows, or not now */
	LOOK_ERROR,		/* could not look: error says why */
	LOOK_NO_FILE,
	LOOK_UNREADABLE,	/* by the task's user: error */
	LOOK_GARBAGE,		/* no pid above 1 in it */
	LOOK_DEAD,		/* no such process */
	LOOK_RECYCLED,		/* started after the file was written */
	LOOK_OURS,		/* one of our own processes */
	LOOK_DENIED,		/* the task's user may not signal it */
	LOOK_MAX
};

/* "no pidfile", "no such process", ...: into "pidfile /run/x.pid: ...". */
const char	*look_name(enum look);

/* S_NOTFOUND: the other answer to an R_LOOK. */
struct notfound {
	uint32_t	 task;
	uint16_t	 instance;
	uint8_t		 look;		/* enum look */
	uint32_t	 error;		/* errno, or 0 */
	uint32_t	 pid;		/* that the file names, or 0 */
};

#define NOTFOUND_LEN	15
void	 put_notfound(struct wbuf *, const struct notfound *);
int	 get_notfound(struct cursor *, struct notfound *);

/* What is at a path, symbolic links followed; only error counts unless 0. */
struct file_id {
	uint32_t	 error;		/* errno; 0: it is there */
	uint64_t	 dev;
	uint64_t	 ino;
	int64_t		 size;
	int64_t		 mtime_ns;	/* since the Epoch */
};

#define FILE_ID_LEN	36
void	 put_file_id(struct wbuf *, const struct file_id *);
void	 get_file_id(struct cursor *, struct file_id *);

/*
 * S_FOLLOW: u32 count, then as many struct follow: the daemon's own files,
 * which the monitor is to follow, in the place of those told before.  It
 * comes after each sync and each load.
 */
enum follow_what {
	FOLLOW_CONF,
	FOLLOW_ROLES,		/* there may be two places for it */
	FOLLOW_CERT,		/* of a listener; its other files, too */
	FOLLOW_PROGRAM,		/* taskforced and its helpers */
	FOLLOW_MAX
};

#define FOLLOW_FILES	(6 + 3 * LIMIT_LISTEN)	/* at most */

struct follow {
	uint8_t		 what;		/* enum follow_what */
	struct span	 path;		/* text, absolute */
	struct file_id	 id;		/* of what was loaded last */
};

#define FOLLOW_LEN	(5 + FILE_ID_LEN)	/* at least */
void	 put_follow(struct wbuf *, const struct follow *);
void	 get_follow(struct cursor *, struct follow *);

/*
 * S_CHECKED: str: why programs that were replaced are not used, for people;
 * "" when nothing is wrong.  After each sync, and after each check.
 */

/* S_OUTPUT + fd: empty: the pipe of an R_OUTPUT, by its tag. */
/* S_STATED: struct file_id: the answer to an R_STAT, by its tag.  ESTALE:
 * it was about another plan. */

/*
 * S_LISTENER: the state of an HTTP listener, for status; with an empty addr
 * there is none of that index any more.
 */
struct listener {
	uint32_t	 index;
	bool		 control;
	bool		 tls;
	bool		 up;
	struct span	 addr;		/* str */
	struct span	 error;		/* str; why it is not up; or, when it
					   is, what is wrong all the same */
};

void	 put_listener(struct wbuf *, const struct listener *);
int	 get_listener(struct cursor *, struct listener *);

/*
 * R_LOOK: is there a live process that the task's pidfile names?  When the
 * slot's process is in the table and runs, that very one is found (if it is
 * foreign) or the request is refused (if it is a child).
 */
struct look_req {
	uint32_t	 gen;
	uint32_t	 task;
	uint16_t	 instance;
};

#define LOOK_REQ_LEN	10
void	 put_look_req(struct wbuf *, const struct look_req *);
int	 get_look_req(struct cursor *, struct look_req *);

/*
 * R_COUNT: so many instances of the task are wanted now (at most
 * LIMIT_INSTANCES), under that control, whatever the plan says; until the
 * next load.  It voids the standing orders of the task.  Under nowait and
 * adopt, what a start leaves behind is not ended; under adopt its processes
 * outlive the daemon.  As in the plan these two need a pidfile, or the
 * commands check and stop.
 */
struct count_req {
	uint32_t	 gen;
	uint32_t	 task;
	uint16_t	 count;
	uint8_t		 control;	/* enum control of plan.h */
};

#define COUNT_REQ_LEN	11
void	 put_count_req(struct wbuf *, const struct count_req *);
int	 get_count_req(struct cursor *, struct count_req *);

/*
 * R_FILE: u8 FILE_CONF or FILE_ROLES, str name for messages, and a
 * descriptor that a client opened: for the R_TRIAL that follows.
 * R_TRIAL: bool check, bool no_roles: the loader compiles these files (where
 * one was not given, the daemon's own).  Its messages come as S_LOADERR with
 * the tag, then S_LOADED with the tag; where that is ok and check is false,
 * a SYNC_TRIAL follows.  check: what depends on the host is an error.
 */
#define FILE_CONF	0
#define FILE_ROLES	1
#define FILE_NAME_MAX	1023

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

/*
 * R_OUTPUT: as R_RUN with id 0, and what the command writes to its standard
 * output comes to us: S_OUTPUT with the tag brings the pipe, before S_SPAWNED
 * or S_SPAWNFAIL.  Its writer is the task's user, who may write anything.
 */
#define RUN_REQ_LEN	20
void	 put_run_req(struct wbuf *, const struct run_req *);
int	 get_run_req(struct cursor *, struct run_req *);

/*
 * R_STAT: look at a path that the monitor may not see: PLAN_WATCH number
 * index of the task; with task NO_INDEX, of the last S_FOLLOW.
 */
struct stat_req {
	uint32_t	 gen;
	uint32_t	 task;
	uint32_t	 index;
};

#define STAT_REQ_LEN	12
void	 put_stat_req(struct wbuf *, const struct stat_req *);
int	 get_stat_req(struct cursor *, struct stat_req *);

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
 * R_RENEW: empty.  A certificate file has changed.
 * R_REPLACED: empty.  A program of the daemon's own has been replaced.
 * R_STOPREQ, R_ALLSTOPPED: u8 enum run_mode (MODE_STOP or MODE_RESET).
 */

/*
 * To httpd.  HTTP_LISTEN + fd: a listening socket, served as soon as the
 * files it wants are there; HTTP_UNLISTEN: u32 index: it is not served any
 * more, who is connected gets the answer that is under way; HTTP_FILE + fd:
 * u32 index, u8 enum http_file: such a file, or what it has become, answered
 * by one HTTP_TAKEN; HTTP_PEER + fd: empty: the client channel to the
 * monitor, takes the place of an earlier one; HTTP_DONE: empty: the first
 * set is complete: serve; HTTP_UP: empty, back: serving.
 */
struct http_listen {
	uint32_t	 index;
	bool		 unix_domain;
	bool		 tls;		/* FILE_CERT follows */
	bool		 client_ca;	/* FILE_CLIENT_CA follows */
	bool		 auth;		/* FILE_AUTH follows */
	uint32_t	 timeout_ms;
	uint32_t	 hsts_s;	/* 0: none */
	struct span	 addr;		/* str, for the log */
	uint32_t	 nallow;	/* 0: everybody */
	struct cursor	 allow;		/* nallow strs: get_str() */
};

enum http_file {
	HTTP_FILE_CERT,		/* key, certificate and chain, PEM */
	HTTP_FILE_CLIENT_CA,	/* certificates of authorities, PEM */
	HTTP_FILE_AUTH,		/* who may come in, a line each */
	HTTP_FILE_MAX
};

/* HTTP_TAKEN: what became of a file. */
struct http_taken {
	uint32_t	 index;
	uint8_t		 which;		/* enum http_file */
	struct span	 error;		/* str; empty: it is in use */
};

/*
 * HTTP_ASK_FACTS: empty, to the spawner; answered by HTTP_FACTS: u32 count,
 * then as many of these: our own processes, for /metrics.
 */
struct http_fact {
	struct span	 name;		/* str: "spawner", "monitor", ... */
	uint32_t	 starts;	/* so far; more than 1: restarts */
	uint64_t	 cpu_ms;	/* of this run of it */
	uint64_t	 rss;		/* bytes; 0: not known */
};

#define HTTP_FACT_MIN	22	/* bytes */

void	 put_http_fact(struct wbuf *, const struct http_fact *);
/* One of several: the cursor need not be at its end afterwards. */
void	 get_http_fact(struct cursor *, struct http_fact *);

void	 put_http_taken(struct wbuf *, const struct http_taken *);
int	 get_http_taken(struct cursor *, struct http_taken *);

void	 put_http_listen(struct wbuf *, const struct http_listen *,
	    const char *const *allow);
int	 get_http_listen(struct cursor *, struct http_listen *);

#endif /* COMMON_RUN_H */
