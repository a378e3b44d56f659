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
 * The client protocol: what httpd and taskforcectl ask the monitor.  Both
 * speak the same; what a client may ask is decided by its channel (RIGHT_*
 * of run.h), never by a message.  Every question is answered by any number
 * of A_ messages with the question's tag, the last of which is A_OK, A_FAIL
 * or A_END.  put_ and get_ side by side in client.c.
 *
 * On a fresh channel both send M_HELLO; the client first.
 */

#ifndef COMMON_CLIENT_H
#define COMMON_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

/*
 * Questions.  RIGHT_STATUS:
 * C_STATUS: u32 count, then as many strs: task names or shell patterns
 *     (fnmatch(3)), "@role", "all"; none means all tasks.
 *     Answer: A_SUMMARY, A_LISTENER* (struct listener of run.h, of those
 *     there are), then for each task in file order A_TASK and its
 *     A_PROC*, then A_END; or A_FAIL(FAIL_NOT_FOUND).
 * C_CONFIG: empty.  Answer: A_CHUNK* (the configuration as JSON), A_END.
 * C_VERSION: empty.  Answer: A_CHUNK* (a line each part: "monitor 0.1.0"),
 *     A_END.
 * C_SUBSCRIBE: empty.  Answer: A_OK, and from then on A_CHANGED (tag 0)
 *     when the state has changed since the last C_STATUS or A_CHANGED:
 *     at most one is outstanding, the next C_STATUS arms it again.
 * C_WHY: as C_STATUS.  Answer: for each task A_WHY+ (the task itself first,
 *     then what it waits for, down to the root), then A_END; or
 *     A_FAIL(FAIL_NOT_FOUND).
 * RIGHT_MANAGE:
 * C_RELOAD: empty.  Answer: A_CHUNK* (messages of the load, a line each),
 *     A_CHANGE* (what was done), then A_OK (text: the sum of it) or
 *     A_FAIL(FAIL_CONFIG).
 * C_FILE: u8 FILE_* of run.h, str name, and a descriptor: a file that the
 *     asker has opened, for the C_PLAN that follows.  No answer.
 * C_PLAN: bool check, bool no_roles.  Answer as C_RELOAD, of a reload of
 *     those files that is not carried out.  check: the messages only, and
 *     what depends on the host is an error.
 * C_START, C_STOP, C_RESTART, C_COUNT, C_CONTROL, C_SIGNAL, C_RUN: struct
 *     ask_change.  All of it is applied or nothing: where a target is wrong,
 *     those that are not say RESULT_SAME.  What only a pattern, a role or
 *     "all" covers, and cannot be meant (a task that is off, to be started),
 *     is left out.  Answer: A_RESULT a task, in order of name, then A_OK when
 *     all are RESULT_OK or RESULT_SAME, else A_FAIL; or A_FAIL(FAIL_BUSY).
 * C_SHUTDOWN, C_RESET: empty.  Answer: A_OK at once; then, for C_SHUTDOWN,
 *     the channel closes when the daemon is gone.
 */

enum fail_code {
	FAIL_NONE,
	FAIL_FAILED,		/* the change did not succeed */
	FAIL_CONFIG,		/* the configuration is invalid */
	FAIL_NOT_FOUND,		/* no such task, slot or role */
	FAIL_DENIED,		/* not permitted on this channel */
	FAIL_BUSY,		/* stopping, or too many questions */
	FAIL_MAX
};

/*
 * The body of a question that changes tasks.  The targets are task names,
 * "web:2" (a slot; start, stop, restart, signal and run only), shell
 * patterns, "@role", "all"; with exact, task names only.  word: for C_COUNT
 * and C_CONTROL the value of that target, as written; else unused ("").
 */
struct ask_change {
	uint32_t	 wait_ms;	/* how long the result is waited for;
					   0: not at all */
	bool		 exact;
	struct span	 word;		/* str: C_SIGNAL: the signal's name;
					   C_RUN: the command's */
	uint32_t	 n;
	struct cursor	 targets;	/* n times get_target() */
};

struct ask_target {
	struct span	 name;		/* str */
	struct span	 value;		/* str */
};

#define TARGETS_MAX	1024
#define PATTERNS_MAX	256	/* of one C_STATUS or C_WHY */

void	 put_ask_change(struct wbuf *, const struct ask_change *,
	    const struct ask_target *);
int	 get_ask_change(struct cursor *, struct ask_change *);
/* From the cursor in a struct ask_change that was accepted. */
void	 get_target(struct cursor *, struct ask_target *);

enum result_code {
	RESULT_OK,		/* done; begun, where it was not waited for */
	RESULT_SAME,		/* nothing was to be done */
	RESULT_NOT_FOUND,	/* no such task, slot or command */
	RESULT_BAD_VALUE,	/* no such control, count or signal */
	RESULT_FAILED,		/* it did not succeed: text says why */
	RESULT_TIMEOUT,		/* not within wait_ms */
	RESULT_MAX
};

/* A_RESULT.  text is the whole of what HTTP says behind the name. */
struct answer_result {
	struct span	 name;		/* the task's, or as it was asked */
	uint8_t		 code;		/* enum result_code */
	struct span	 text;		/* str: "ok", "no change", ... */
};

void	 put_answer_result(struct wbuf *, const struct answer_result *);
int	 get_answer_result(struct cursor *, struct answer_result *);

/* A_WHY: a link of a chain of causes. */
struct answer_why {
	uint16_t	 depth;		/* 0: the task that was asked about */
	struct span	 name;
	uint8_t		 state;		/* enum task_state */
	uint8_t		 reason;	/* enum task_reason */
	struct span	 detail;	/* str: of the reason, for people */
	struct span	 remedy;	/* str: what would clear it; "" unless
					   this is the root */
	int64_t		 since_wall;
};

void	 put_answer_why(struct wbuf *, const struct answer_why *);
int	 get_answer_why(struct cursor *, struct answer_why *);

/* A_CHANGE: what a load does to the processes of a task. */
struct answer_change {
	struct span	 name;
	bool		 added;		/* the task is new */
	bool		 removed;	/* it is gone from the file */
	uint32_t	 kept;
	uint32_t	 started;	/* or to be, when its time comes */
	uint32_t	 stopped;
	uint32_t	 restarted;
	struct span	 why;		/* str: "command, environment",
					   "count 2 -> 3", ...; may be empty */
};

void	 put_answer_change(struct wbuf *, const struct answer_change *);
int	 get_answer_change(struct cursor *, struct answer_change *);

struct answer_summary {
	uint64_t	 change;	/* grows with every change of state */
	uint32_t	 gen;		/* of the configuration */
	uint32_t	 pid;		/* of the spawner */
	uint8_t		 mode;		/* enum run_mode */
	bool		 load_ok;
	bool		 roles_on;	/* false: role filtering is off */
	int64_t		 loaded_wall;
	int64_t		 started_wall;
	uint32_t	 ntasks;	/* configured */
	uint32_t	 nrunning;	/* in state running or starting */
	struct span	 version;
	struct span	 load_error;	/* str: first error of a failed load */
	uint32_t	 nroles;
	struct cursor	 roles;		/* nroles strs: get_str() */
	uint32_t	 nalerts;
	struct cursor	 alerts;	/* strs: what is not right with the
					   daemon, a line each for people */
};

void	 put_answer_summary(struct wbuf *, const struct answer_summary *,
	    const char *const *roles, const char *const *alerts);
int	 get_answer_summary(struct cursor *, struct answer_summary *);

/* What a restart is counted under; words by cause_name(). */
enum restart_cause {
	RESTART_EXIT,		/* it ended by itself */
	RESTART_OPERATOR,
	RESTART_CONFIG,
	RESTART_EVENT,
	RESTART_TIME_LIMIT,
	RESTART_PROBE,
	RESTART_CAUSE_MAX
};

/* "exit", "operator", ...; "?" beyond the list. */
const char	*cause_name(enum restart_cause);

/* Since the monitor was started. */
struct task_counts {
	uint64_t	 starts;
	uint64_t	 start_failures;
	uint64_t	 exits_ok;
	uint64_t	 exits_bad;
	uint64_t	 exits_signal;
	uint64_t	 restarts[RESTART_CAUSE_MAX];
};

struct answer_task {
	struct span	 name;
	uint8_t		 control;	/* enum control, as now in force */
	uint32_t	 count;		/* wanted */
	uint32_t	 running;
	uint8_t		 state;		/* enum task_state */
	uint8_t		 reason;	/* enum task_reason */
	struct span	 detail;	/* str: of the reason, for people */
	int64_t		 since_wall;	/* of the state */
	uint32_t	 restarts;
	bool		 in_scope;
	struct task_counts counts;
	uint32_t	 nrequires;
	struct cursor	 requires;	/* strs */
	uint32_t	 nroles;
	struct cursor	 roles;		/* strs */
};

void	 put_answer_task(struct wbuf *, const struct answer_task *,
	    const char *const *requires, const char *const *roles);
int	 get_answer_task(struct cursor *, struct answer_task *);

struct answer_proc {
	uint16_t	 instance;
	uint32_t	 pid;		/* 0: not running */
	bool		 exit_pending;	/* is being stopped */
	bool		 held;		/* stopped by request, until asked */
	bool		 exited;	/* the exit fields are set */
	int64_t		 started_wall;	/* 0: never */
	int64_t		 exited_wall;
	int64_t		 uptime_ms;	/* 0 when not running */
	uint32_t	 status;	/* wait(2) status */
	uint32_t	 starts;
};

void	 put_answer_proc(struct wbuf *, const struct answer_proc *);
int	 get_answer_proc(struct cursor *, struct answer_proc *);

/* A_CHUNK: blob.  A_OK: str.  A_END: empty.  A_CHANGED: u64 change. */

struct answer_fail {
	uint8_t		 code;		/* enum fail_code */
	struct span	 text;		/* str */
};

void	 put_answer_fail(struct wbuf *, enum fail_code, const char *text);
int	 get_answer_fail(struct cursor *, struct answer_fail *);

#endif /* COMMON_CLIENT_H */
