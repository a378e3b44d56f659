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
 * The words for states, reasons and exits: status, HTTP and the log all
 * take them from here.  Numbers may come from another process and lie;
 * beyond the list the word is "?".
 */

#include <sys/wait.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "signame.h"
#include "states.h"
#include "util.h"

static const char *const states[] = {
	[STATE_OFF] =			"off",
	[STATE_IDLE] =			"idle",
	[STATE_WAITING] =		"waiting",
	[STATE_STARTING] =		"starting",
	[STATE_RUNNING] =		"running",
	[STATE_STOPPING] =		"stopping",
	[STATE_BACKOFF] =		"backoff",
	[STATE_DONE] =			"done",
	[STATE_SUSPENDED] =		"suspended",
	[STATE_FAILED] =		"failed",
};
static_assert(nitems(states) == STATE_MAX, "a word for each state");

static const char *const reasons[] = {
	[REASON_NONE] =			"none",
	[REASON_NOT_IN_ROLE] =		"not-in-role",
	[REASON_CONTROL_OFF] =		"control-off",
	[REASON_WAITS_FOR] =		"waits-for",
	[REASON_START_DELAY] =		"start-delay",
	[REASON_BACKOFF_UNTIL] =	"backoff-until",
	[REASON_CANNOT_START] =		"cannot-start",
	[REASON_HELD_BY_OPERATOR] =	"held-by-operator",
	[REASON_SUSPENDED] =		"suspended",
	[REASON_EXITED] =		"exited",
	[REASON_STOPPING] =		"stopping",
	[REASON_UNKNOWN_USER] =		"unknown-user",
	[REASON_NO_PROGRAM] =		"no-program",
	[REASON_NOT_PYTHON] =		"not-python",
	[REASON_NOT_PRIVILEGED] =	"not-privileged",
	[REASON_PROBE_FAILED] =		"probe-failed",
	[REASON_CONFIGURATION_ERROR] =	"configuration-error",
	[REASON_WAITS_FOR_EVENT] =	"waits-for-event",
	[REASON_VERIFY_FAILED] =	"verify-failed",
};
static_assert(nitems(reasons) == REASON_MAX, "a word for each reason");

const char *
state_name(enum task_state state)
{
	if ((unsigned int)state >= nitems(states))
		return ("?");
	return (states[state]);
}

const char *
reason_name(enum task_reason reason)
{
	if ((unsigned int)reason >= nitems(reasons))
		return ("?");
	return (reasons[reason]);
}

char *
reason_note(enum task_reason reason, const char *detail, size_t len)
{
	const char	*name = reason_name(reason);
	char		*s;

	if (reason == REASON_NONE || (len > strlen(name) &&
	    memcmp(detail, name, strlen(name)) == 0))
		return (xstrndup(detail, len));
	xasprintf(&s, "%s%s%.*s", name, len > 0 ? ": " : "", (int)len,
	    detail);
	return (s);
}

const char *
exit_text(int status)
{
	static char	 buf[64];

	if ((uint32_t)status == STATUS_UNKNOWN)
		return ("is gone");
	if (WIFEXITED(status)) {
		if (WEXITSTATUS(status) == 0)
			return ("exited ok");
		snprintf(buf, sizeof(buf), "exited %d", WEXITSTATUS(status));
	} else if (WIFSIGNALED(status)) {
		snprintf(buf, sizeof(buf), "died on %s%s",
		    signame_name(WTERMSIG(status)),
		    WCOREDUMP(status) ? " (core dumped)" : "");
	} else
		snprintf(buf, sizeof(buf), "wait status 0x%x",
		    (unsigned int)status);
	return (buf);
}
