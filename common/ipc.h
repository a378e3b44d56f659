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
 * The numbers of all messages, and the limits they keep to.  Blocks of 256
 * a channel; a number that is retired stays reserved.  PROTO_VERSION goes up
 * with any change: both ends of a channel must say the same.
 */

#ifndef COMMON_IPC_H
#define COMMON_IPC_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

#define PROTO_MAGIC	0x54464431U	/* "TFD1" */
#define PROTO_VERSION	6

#define LIMIT_TASKS	65536
#define LIMIT_INSTANCES	1024		/* of one task */
#define LIMIT_PROCS	131072		/* processes of all tasks */
#define LIMIT_PLAN	(64 * 1024 * 1024)	/* bytes of one plan */
#define LIMIT_NAME	127		/* a task's or command's name */
#define LIMIT_CMDS	64		/* commands of one task */
#define LIMIT_GROUPS	1024		/* supplementary groups */
#define LIMIT_LISTEN	64		/* HTTP listeners */
#define LIMIT_ALLOW	1024		/* prefixes one of them allows */
#define LIMIT_ROLES	(1024 * 1024)	/* bytes of the roles file */
#define LIMIT_NOTE	2112		/* bytes of a task's note */
#define LIMIT_CHUNK	60000		/* bytes of a blob chunk */

#define NO_INDEX	UINT32_MAX	/* "no such", "not one task" */

/* The fixed descriptors of a helper. */
#define HELPER_FD	3		/* the channel to the spawner */
#define LOADER_CONF_FD	4		/* the configuration, opened by root */
#define LOADER_ROLES_FD	5		/* the roles; /dev/null if none */

/*
 * The words of a late-bound string: the byte 0x01 and a letter, which the
 * child replaces between fork and exec.  0x01 itself is refused in
 * configuration text.
 */
#define LATE_MARK	'\001'
#define LATE_PID	'p'		/* Task_pid */
#define LATE_INSTANCE	'i'		/* Task_instance */

enum proto_role {
	ROLE_SPAWNER = 1,
	ROLE_LOADER,
	ROLE_MONITOR,
	ROLE_HTTPD,
	ROLE_CTL
};

enum msg_type {
	/* Both ways on every channel. */
	M_HELLO = 0x0001,
	M_VERBOSE,		/* u8 enum log_level */

	/* spawner -> loader; see plan.h */
	L_LOAD = 0x0100,

	/* loader -> spawner; see plan.h */
	PLAN_BEGIN = 0x0200,
	PLAN_ENV,
	PLAN_TASK,
	PLAN_CMD,
	PLAN_LISTEN,
	PLAN_WATCH,
	PLAN_SCHED,
	PLAN_DOC,
	PLAN_ERR,
	PLAN_END,

	/* spawner -> monitor; see run.h */
	SYNC_BEGIN = 0x0300,
	SYNC_SCHED,
	SYNC_PROC,
	SYNC_NOTE,
	SYNC_DOC,
	SYNC_END,
	S_SPAWNED,
	S_SPAWNFAIL,
	S_EXITED,
	S_LOADERR,
	S_LOADED,
	S_CLIENT,
	S_CTLSOCK,
	S_SHUTDOWN,
	S_LISTENER,
	S_FOUND,
	S_NOTFOUND,
	S_FOLLOW,
	S_STATED,
	S_OUTPUT,
	S_CHECKED,

	/* monitor -> spawner: the attack surface of root; see run.h */
	R_READY = 0x0400,
	R_SPAWN,
	R_RUN,
	R_SIGNAL,
	R_NOTE,
	R_RELOAD,
	R_STOPREQ,
	R_ALLSTOPPED,
	R_LOOK,
	R_COUNT,
	R_FILE,
	R_TRIAL,
	R_STAT,
	R_RENEW,
	R_OUTPUT,
	R_REPLACED,

	/* spawner -> httpd, and back HTTP_UP, HTTP_TAKEN and
	   HTTP_ASK_FACTS; see run.h */
	HTTP_LISTEN = 0x0500,
	HTTP_FILE,
	HTTP_PEER,
	HTTP_DONE,
	HTTP_UP,
	HTTP_UNLISTEN,
	HTTP_TAKEN,
	HTTP_ASK_FACTS,
	HTTP_FACTS,

	/* client (httpd, taskforcectl) -> monitor; see client.h */
	C_STATUS = 0x0600,
	C_CONFIG,
	C_VERSION,
	C_SUBSCRIBE,
	C_RELOAD,
	C_SHUTDOWN,
	C_RESET,
	C_WHY,
	C_START,
	C_STOP,
	C_RESTART,
	C_CONTROL,
	C_COUNT,
	C_SIGNAL,
	C_RUN,
	C_FILE,
	C_PLAN,

	/* monitor -> client; see client.h */
	A_SUMMARY = 0x0700,
	A_TASK,
	A_PROC,
	A_CHUNK,
	A_OK,
	A_FAIL,
	A_END,
	A_CHANGED,
	A_WHY,
	A_RESULT,
	A_CHANGE,
	A_LISTENER
};

/* HELLO: u32 magic, u16 protocol, u8 role, str build. */
struct hello {
	enum proto_role	 role;
	struct span	 build;		/* PACKAGE_VERSION of the peer */
};

#define HELLO_MIN	9
#define HELLO_BUILD	64		/* the longest version */
#define HELLO_MAX	(HELLO_MIN + HELLO_BUILD)

void	 put_hello(struct wbuf *, enum proto_role me);
/* 0, or -1: not ours, another protocol version, or malformed. */
int	 get_hello(struct cursor *, struct hello *);

#endif /* COMMON_IPC_H */
