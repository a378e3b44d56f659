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
 * What the scheduler reports, and why a task is not running, in words for
 * people: the same in the log, in status and on the page.  Names come from
 * the configuration and were checked there.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "../common/log.h"
#include "../common/signame.h"
#include "monitor.h"

#define STEP_MAX	160		/* a longer path is cut */

const char *
seconds_text(int64_t ms, char *buf, size_t size)
{
	char	 n[32];
	size_t	 len;

	snprintf(n, sizeof(n), "%lld.%03u", (long long)(ms / 1000),
	    (unsigned int)(ms % 1000));
	len = strlen(n);
	while (n[len - 1] == '0')
		len--;
	if (n[len - 1] == '.')
		len--;
	snprintf(buf, size, "%.*s s", (int)len, n);
	return (buf);
}

static void
tried_again(const struct sched_action *a, char *buf, size_t size)
{
	char	 s[32];

	if (a->ms == 0)
		snprintf(buf, size, "tried again at once");
	else
		snprintf(buf, size, "tried again in %s",
		    seconds_text(a->ms, s, sizeof(s)));
}

/* The step that failed, and with what: "exec /usr/sbin/nginx". */
static const char *
step_text(const struct schedrec_task *conf, uint16_t cmd, uint8_t stage,
    char *buf, size_t size)
{
	const char	*with = NULL;

	if (stage == STAGE_EXEC && conf != NULL && cmd < conf->ncmds)
		with = conf->cmds[cmd].program;
	else if (stage == STAGE_CHDIR && conf != NULL)
		with = conf->cwd;
	snprintf(buf, size, "%s%s%s", stage_name(stage),
	    with != NULL && with[0] != '\0' ? " " : "",
	    with != NULL ? with : "");
	return (buf);
}

/* "check: exited 1", "no answer in time": what a probe said. */
static const char *
probe_text(uint32_t status, uint32_t error, char *buf, size_t size)
{
	if (error == ETIMEDOUT)
		strlcpy(buf, "check: no answer in time", size);
	else if (error != 0)
		snprintf(buf, size, "check: %s", strerror(error));
	else if (status != 0 && status != STATUS_UNKNOWN)
		snprintf(buf, size, "check: %s", exit_text(status));
	else
		strlcpy(buf, "the process is gone", size);
	return (buf);
}

/* "pidfile /run/web.pid: cannot be read: Permission denied", with the pid it
 * names. */
static const char *
look_text(const struct schedrec_task *conf, const struct sched_action *a,
    char *buf, size_t size)
{
	char	 of[32] = "";

	if (a->pid != 0)
		snprintf(of, sizeof(of), " (pid %u)", a->pid);
	snprintf(buf, size, "pidfile%s%s: %s%s%s%s",
	    conf != NULL ? " " : "", conf != NULL ? conf->pidfile : "",
	    look_name(a->look), of,
	    a->error != 0 ? ": " : "",
	    a->error != 0 ? strerror(a->error) : "");
	return (buf);
}

static const char *
event_name(const struct schedrec_task *conf, const struct sched_action *a)
{
	if (conf == NULL || a->event >= conf->nevents)
		return ("?");
	return (schedrec_event_name(conf->events[a->event].type));
}

/* "event file_change: SIGHUP", "event self: command reload". */
static const char *
event_text(const struct schedrec_task *conf, const struct sched_action *a,
    const char *cmd, char *buf, size_t size)
{
	const char	*name = event_name(conf, a);

	if (a->sig != 0)
		snprintf(buf, size, "event %s: %s", name,
		    signame_name(a->sig));
	else if (conf != NULL && a->event < conf->nevents &&
	    conf->events[a->event].action == ACTION_STOP)
		snprintf(buf, size, "event %s: stop", name);
	else if (a->cmd == 0)
		snprintf(buf, size, "event %s: start", name);
	else
		snprintf(buf, size, "event %s: command %s", name, cmd);
	return (buf);
}

/* The configuration of the task that an action is about, or NULL. */
static const struct schedrec_task *
conf_of(const struct sched *s, const struct sched_action *a)
{
	struct sched_view	 v;

	if (a->task >= sched_ntasks(s))
		return (NULL);
	sched_view(s, a->task, &v);
	return (v.conf);
}

int
report_what(const struct sched *s, const struct sched_action *a, char *what,
    size_t size)
{
	char		 step[STEP_MAX];
	const char	*cmd = sched_cmd_name(s, a->task, a->cmd);
	bool		 down = sched_mode(s) != MODE_RUN;
	char		 t[32];
	int		 priority = LOG_INFO;

	switch ((enum sched_report)a->report) {
	case REPORT_STARTED:
		/* A mass start is one line, of sync.c. */
		priority = a->ms == 0 ? LOG_DEBUG : LOG_INFO;
		snprintf(what, size, "started, pid %u", a->pid);
		break;
	case REPORT_EXITED:
		priority = down ? LOG_DEBUG : LOG_INFO;
		snprintf(what, size, "%s after %s",
		    exit_text(a->status), seconds_text(a->ms, t, sizeof(t)));
		break;
	case REPORT_CANNOT_START:
		priority = LOG_ERR;
		tried_again(a, t, sizeof(t));
		snprintf(what, size, "cannot start: %s: %s; %s",
		    step_text(conf_of(s, a), 0, a->stage, step, sizeof(step)),
		    strerror(a->error), t);
		break;
	case REPORT_BACKOFF:
		priority = LOG_WARNING;
		snprintf(what, size, "starts again in %s",
		    seconds_text(a->ms, t, sizeof(t)));
		break;
	case REPORT_STOPPING:
		priority = down ? LOG_DEBUG : LOG_INFO;
		if (a->sig != 0)
			snprintf(what, size, "stopping by %s",
			    signame_name(a->sig));
		else
			snprintf(what, size,
			    "stopping by command %s", cmd);
		break;
	case REPORT_KILLED:
		priority = LOG_WARNING;
		snprintf(what, size, "still there after %s: killed",
		    seconds_text(a->ms, t, sizeof(t)));
		break;
	case REPORT_TIME_LIMIT:
		snprintf(what, size, "time_limit is over");
		break;
	case REPORT_CMD_EXITED:
		snprintf(what, size, "command %s: %s", cmd,
		    exit_text(a->status));
		break;
	case REPORT_CMD_FAILED:
		priority = LOG_ERR;
		snprintf(what, size, "command %s: cannot start: "
		    "%s: %s", cmd, step_text(conf_of(s, a), a->cmd, a->stage,
		    step, sizeof(step)), strerror(a->error));
		break;
	case REPORT_CMD_KILLED:
		priority = LOG_WARNING;
		snprintf(what, size, "command %s: still there: "
		    "killed", cmd);
		break;
	case REPORT_ONEXIT:
		snprintf(what, size, "is run again");
		break;
	case REPORT_FOUND:
		if (a->pid == 0)
			snprintf(what, size, "runs, says command check");
		else if (a->ms > 0)
			snprintf(what, size, "runs in the background, pid %u",
			    a->pid);
		else
			snprintf(what, size, "runs already, pid %u: taken "
			    "over", a->pid);
		break;
	case REPORT_ORPHAN:
		priority = LOG_WARNING;
		snprintf(what, size, "an earlier one still runs, "
		    "pid %u: it is ended first", a->pid);
		break;
	case REPORT_LOOK:
		priority = LOG_WARNING;
		look_text(conf_of(s, a), a, what, size);
		break;
	case REPORT_PROBE_FAILED:
		priority = LOG_WARNING;
		snprintf(what, size, "%s; starts again",
		    probe_text(a->status, a->error, step, sizeof(step)));
		break;
	case REPORT_EVENT:
		event_text(conf_of(s, a), a, cmd, what, size);
		break;
	case REPORT_VERIFY_FAILED:
		priority = LOG_WARNING;
		snprintf(what, size, "event %s: its verify command: "
		    "%s; nothing is done", event_name(conf_of(s, a), a),
		    exit_text(a->status));
		break;
	case REPORT_OPERATOR:
		/* Who asked is a line of request.c. */
		priority = LOG_DEBUG;
		snprintf(what, size, "%s was asked for", a->asked);
		break;
	case REPORT_STATE:
		priority = LOG_DEBUG;
		snprintf(what, size, "%s%s%s", state_name(a->state),
		    a->reason != REASON_NONE ? ", " : "",
		    a->reason != REASON_NONE ? reason_name(a->reason) : "");
		break;
	default:
		return (-1);
	}
	return (priority);
}

int
report_text(const struct sched *s, const struct sched_action *a, char *buf,
    size_t size)
{
	char	 what[REASON_TEXT];
	int	 priority;

	if ((priority = report_what(s, a, what, sizeof(what))) == -1)
		return (-1);
	if (priority == LOG_DEBUG && log_get_level() < LOG_LEVEL_DEBUG)
		return (-1);
	if (a->report == REPORT_STATE || a->report == REPORT_TIME_LIMIT ||
	    a->report == REPORT_ONEXIT)
		snprintf(buf, size, "task %s: %s", a->name, what);
	else
		snprintf(buf, size, "task %s[%u]: %s", a->name, a->instance,
		    what);
	return (priority);
}

/* A monotonic time to come, as the hour of the day. */
static void
hour(struct mono at, char *buf, size_t size)
{
	struct tm	 tm;
	int64_t		 wall;
	time_t		 t;

	wall = wall_now() + mono_sub(at, mono_now());
	t = wall / 1000;
	if (localtime_r(&t, &tm) == NULL ||
	    strftime(buf, size, "%H:%M:%S", &tm) == 0)
		strlcpy(buf, "?", size);
}

void
reason_text(const struct sched_view *v, char *buf, size_t size)
{
	char	 at[16] = "", step[STEP_MAX];

	if (mono_isset(v->until))
		hour(v->until, at, sizeof(at));
	buf[0] = '\0';
	switch ((enum task_reason)v->reason) {
	case REASON_NONE:
	case REASON_WAITS_FOR_EVENT:
	case REASON_HELD_BY_OPERATOR:
	case REASON_VERIFY_FAILED:
		break;
	case REASON_PROBE_FAILED:
		probe_text(v->status, v->error, step, sizeof(step));
		if (mono_isset(v->until))
			snprintf(buf, size, "%s; starts again at %s", step,
			    at);
		else
			strlcpy(buf, step, size);
		break;
	case REASON_CONTROL_OFF:
	case REASON_SUSPENDED:
		if (v->control != v->conf->control)
			strlcpy(buf, "by request", size);
		else if (v->count == 0)
			strlcpy(buf, "its count is 0", size);
		break;
	case REASON_WAITS_FOR:
		if (v->blocker != NULL)
			snprintf(buf, size, "%s (%s)", v->blocker,
			    state_name(v->blocker_state));
		else if (v->wait == WAIT_LEFT)
			snprintf(buf, size, "what its start command leaves "
			    "behind, until %s", at);
		else if (v->wait == WAIT_CHECK)
			strlcpy(buf, "its check command", size);
		else
			strlcpy(buf, "the spawner to start it", size);
		break;
	case REASON_START_DELAY:
		snprintf(buf, size, "until %s", at);
		break;
	case REASON_BACKOFF_UNTIL:
		if (v->has_exit)
			snprintf(buf, size, "%s; starts again at %s",
			    exit_text(v->status), at);
		else
			snprintf(buf, size, "starts again at %s", at);
		break;
	case REASON_CANNOT_START:
		/* Held back by the loader: nothing has been tried. */
		if (v->stage == STAGE_NONE) {
			strlcpy(buf, v->conf->detail, size);
			break;
		}
		snprintf(buf, size, "%s: %s; tried again at %s",
		    step_text(v->conf, 0, v->stage, step, sizeof(step)),
		    strerror(v->error), at);
		break;
	case REASON_EXITED:
		if (v->has_exit)
			strlcpy(buf, exit_text(v->status), size);
		break;
	case REASON_STOPPING:
		if (v->wait == WAIT_LEFT && mono_isset(v->until))
			snprintf(buf, size, "what its start command leaves "
			    "behind is stopped, too, until %s", at);
		else if (mono_isset(v->until))
			snprintf(buf, size, "killed at %s", at);
		else if (v->shutdown)
			strlcpy(buf, "the daemon stops", size);
		break;
	case REASON_NOT_IN_ROLE:
	case REASON_UNKNOWN_USER:
	case REASON_NO_PROGRAM:
	case REASON_NOT_PYTHON:
	case REASON_NOT_PRIVILEGED:
	case REASON_CONFIGURATION_ERROR:
	case REASON_MAX:
		strlcpy(buf, v->conf->detail, size);
		break;
	}
}

void
state_text(const struct sched_view *v, char *buf, size_t size)
{
	const char	*state = state_name((enum task_state)v->state);
	char		 detail[REASON_TEXT], *note;

	reason_text(v, detail, sizeof(detail));
	note = reason_note((enum task_reason)v->reason, detail,
	    strlen(detail));
	/* "stopping: killed at ...": one word for both. */
	if (strcmp(state, reason_name((enum task_reason)v->reason)) == 0)
		strlcpy(buf, note, size);
	else
		snprintf(buf, size, "%s%s%s", state,
		    note[0] != '\0' ? ", " : "", note);
	free(note);
}
