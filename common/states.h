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
 * The closed lists of states and reasons (spec.md 10): one table of words
 * for status, why, HTTP and the log.
 */

#ifndef COMMON_STATES_H
#define COMMON_STATES_H

#include <stddef.h>
#include <stdint.h>

enum task_state {
	STATE_OFF,
	STATE_IDLE,		/* an event task that waits for its event */
	STATE_WAITING,		/* for what it requires */
	STATE_STARTING,		/* runs, start_delay not over; or asked for */
	STATE_RUNNING,
	STATE_STOPPING,
	STATE_BACKOFF,		/* starts again at a known time */
	STATE_DONE,		/* a once or event task that has run */
	STATE_SUSPENDED,
	STATE_FAILED,		/* held back: cannot be started */
	STATE_MAX
};

enum task_reason {
	REASON_NONE,		/* running */
	REASON_NOT_IN_ROLE,
	REASON_CONTROL_OFF,
	REASON_WAITS_FOR,
	REASON_START_DELAY,
	REASON_BACKOFF_UNTIL,
	REASON_CANNOT_START,
	REASON_HELD_BY_OPERATOR,
	REASON_SUSPENDED,
	REASON_EXITED,
	REASON_STOPPING,
	REASON_UNKNOWN_USER,
	REASON_NO_PROGRAM,
	REASON_NOT_PYTHON,
	REASON_NOT_PRIVILEGED,
	REASON_PROBE_FAILED,
	REASON_CONFIGURATION_ERROR,
	REASON_WAITS_FOR_EVENT,
	REASON_VERIFY_FAILED,	/* runs, but an event was not acted on */
	REASON_MAX
};

/* "running", "waits-for"; "?" beyond the list. */
const char	*state_name(enum task_state);
const char	*reason_name(enum task_reason);

/* Of a process that was not our child: nobody knows. */
#define STATUS_UNKNOWN	UINT32_MAX

/*
 * A reason and its detail (len bytes) as people read them, in new memory:
 * "waits-for: db (backoff)", "not-in-role"; a detail that begins with the
 * reason's own word ("exited 3") says it all.
 */
char		*reason_note(enum task_reason, const char *detail, size_t len);

/*
 * "exited ok", "exited 3", "died on SIGSEGV (core dumped)" for a wait(2)
 * status; "is gone" for STATUS_UNKNOWN.  Static buffer, good until the next
 * call.
 */
const char	*exit_text(int status);

#endif /* COMMON_STATES_H */
