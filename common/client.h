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
 *     Answer: A_SUMMARY, then for each task in file order A_TASK and its
 *     A_PROC*, then A_END; or A_FAIL(FAIL_NOT_FOUND).
 * C_CONFIG: empty.  Answer: A_CHUNK* (the configuration as JSON), A_END.
 * C_VERSION: empty.  Answer: A_CHUNK* (a line each part: "monitor 0.1.0"),
 *     A_END.
 * C_SUBSCRIBE: empty.  Answer: A_OK, and from then on A_CHANGED (tag 0)
 *     when the state has changed since the last C_STATUS or A_CHANGED:
 *     at most one is outstanding, the next C_STATUS arms it again.
 * RIGHT_MANAGE:
 * C_RELOAD: empty.  Answer: A_CHUNK* (messages of the load, a line each),
 *     then A_OK (text says what was done) or A_FAIL(FAIL_CONFIG).
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
};

void	 put_answer_summary(struct wbuf *, const struct answer_summary *,
	    const char *const *roles);
int	 get_answer_summary(struct cursor *, struct answer_summary *);

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
