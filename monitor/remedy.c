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
 * What would clear the reason why a task does not run, for the person who
 * asks "why": a command to type where there is one, else where to look, or
 * that waiting is all there is to do.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../common/plan.h"
#include "monitor.h"

static bool
in_force(const struct schedrec_plan *plan, const char *role)
{
	uint32_t	 i;

	for (i = 0; i < plan->nroles; i++)
		if (strcmp(plan->roles[i], role) == 0)
			return (true);
	return (false);
}

/* The roles that would bring the task into scope. */
static void
roles_wanted(const struct schedrec_task *conf,
    const struct schedrec_plan *plan, char *buf, size_t size)
{
	char		 names[256] = "";
	uint32_t	 i, n = 0;

	for (i = 0; i < conf->nroles; i++) {
		if (in_force(plan, conf->roles[i]))
			continue;
		if (n++ > 0)
			strlcat(names, ", ", sizeof(names));
		strlcat(names, conf->roles[i], sizeof(names));
	}
	if (n == 0)
		strlcpy(buf, "its list of roles is empty: name a role in it, "
		    "or leave out the key", size);
	else if (n == 1)
		snprintf(buf, size, "role %s is not in force: add it to the "
		    "roles file", names);
	else if (plan->all_roles)
		snprintf(buf, size, "roles %s are not in force and it needs "
		    "all: add them to the roles file", names);
	else
		snprintf(buf, size, "none of the roles %s is in force: add "
		    "one to the roles file", names);
}

/* Control off or suspend: by the configuration, or by request. */
static void
control_wanted(const struct sched_view *v, char *buf, size_t size)
{
	const struct schedrec_task	*conf = v->conf;

	if (v->control != CONTROL_SUSPEND && v->control != CONTROL_OFF)
		snprintf(buf, size, "taskforcectl count %s=1", conf->name);
	else if (conf->control == v->control)
		snprintf(buf, size, "taskforcectl control %s=wait, or change "
		    "control in the configuration", conf->name);
	else
		snprintf(buf, size, "taskforcectl control %s=%s", conf->name,
		    control_name((enum control)conf->control));
}

/* A start that failed at this step. */
static void
start_failed(const struct sched_view *v, char *buf, size_t size)
{
	const char	*program = "the program";

	if (v->conf->ncmds > 0 && v->conf->cmds[0].program[0] != '\0')
		program = v->conf->cmds[0].program;
	switch ((enum stage)v->stage) {
	case STAGE_NONE:
		if (v->conf->cwd[0] != '\0')
			snprintf(buf, size, "make %s a directory that the "
			    "task's user may enter, or correct cwd, then "
			    "taskforcectl reload", v->conf->cwd);
		else
			strlcpy(buf, "put that right, then taskforcectl "
			    "reload", size);
		break;
	case STAGE_REFUSED:
		strlcpy(buf, "taskforcectl reload", size);
		break;
	case STAGE_GROUPS:
	case STAGE_GID:
	case STAGE_UID:
		strlcpy(buf, "start taskforced as root, or take user and "
		    "group from the task", size);
		break;
	case STAGE_CHDIR:
		snprintf(buf, size, "make %s a directory that the task's "
		    "user may enter, or correct cwd", v->conf->cwd[0] != '\0' ?
		    v->conf->cwd : "/");
		break;
	case STAGE_EXEC:
		if (v->error == ENOENT)
			snprintf(buf, size, "install %s (or, if it is there, "
			    "the interpreter that its first line names), or "
			    "correct commands.start", program);
		else
			snprintf(buf, size, "make %s a program that the "
			    "task's user may execute", program);
		break;
	case STAGE_PIDFILE:
		strlcpy(buf, "see to it that the task's user can read its "
		    "pidfile: it is tried again by itself", size);
		break;
	case STAGE_CHECK:
		strlcpy(buf, "see to it that commands.check can be run: it "
		    "is tried again by itself", size);
		break;
	default:
		strlcpy(buf, "the system lacks something: it is tried again "
		    "by itself", size);
		break;
	}
}

/* It runs or has run, but does not count as what another requires. */
static void
not_enough(const struct sched_view *v, const struct schedrec_require *via,
    char *buf, size_t size)
{
	const char	*name = v->conf->name;

	if (v->control != CONTROL_ONCE)
		snprintf(buf, size, "it counts when all its processes run: "
		    "taskforcectl start %s", name);
	else if (v->state != STATE_DONE)
		strlcpy(buf, "wait: it counts when it has ended", size);
	else if (via->ok)
		snprintf(buf, size, "exit 0 is required: find out why it "
		    "failed, then taskforcectl start %s", name);
	else
		snprintf(buf, size, "taskforcectl start %s", name);
}

void
remedy_text(const struct sched_view *v, const struct schedrec_plan *plan,
    const struct schedrec_require *via, char *buf, size_t size)
{
	const char	*name = v->conf->name;

	buf[0] = '\0';
	switch ((enum task_reason)v->reason) {
	case REASON_NONE:
		if (via != NULL)
			not_enough(v, via, buf, size);
		break;
	case REASON_NOT_IN_ROLE:
		roles_wanted(v->conf, plan, buf, size);
		break;
	case REASON_CONTROL_OFF:
	case REASON_SUSPENDED:
		control_wanted(v, buf, size);
		break;
	case REASON_WAITS_FOR:
		if (v->wait == WAIT_LEFT)
			strlcpy(buf, "wait, or see to it that its pidfile or "
			    "its check command tells of what it left", size);
		else
			strlcpy(buf, "wait: it is being started", size);
		break;
	case REASON_START_DELAY:
		strlcpy(buf, "wait: its start_delay is not over", size);
		break;
	case REASON_BACKOFF_UNTIL:
		snprintf(buf, size, "find out why it ends; taskforcectl start "
		    "%s does not wait", name);
		break;
	case REASON_CANNOT_START:
		start_failed(v, buf, size);
		break;
	case REASON_HELD_BY_OPERATOR:
	case REASON_WAITS_FOR_EVENT:
		snprintf(buf, size, "taskforcectl start %s", name);
		break;
	case REASON_EXITED:
		if (via != NULL)
			not_enough(v, via, buf, size);
		else
			snprintf(buf, size, "taskforcectl start %s runs it "
			    "again", name);
		break;
	case REASON_STOPPING:
		strlcpy(buf, v->shutdown ? "wait: the daemon stops" :
		    "wait: it is being stopped", size);
		break;
	case REASON_UNKNOWN_USER:
		strlcpy(buf, "create that account or correct user and group, "
		    "then taskforcectl reload", size);
		break;
	case REASON_NO_PROGRAM:
		strlcpy(buf, "install it or correct commands.start, then "
		    "taskforcectl reload", size);
		break;
	case REASON_NOT_PYTHON:
		strlcpy(buf, "start a Python script, or take the event of "
		    "type python from the task", size);
		break;
	case REASON_NOT_PRIVILEGED:
		strlcpy(buf, "start taskforced as root, or take user and "
		    "group from the task", size);
		break;
	case REASON_PROBE_FAILED:
		snprintf(buf, size, "find out why it is gone; taskforcectl "
		    "start %s does not wait", name);
		break;
	case REASON_VERIFY_FAILED:
		strlcpy(buf, "correct what its verify command complains of: "
		    "it is asked again at the next change", size);
		break;
	case REASON_CONFIGURATION_ERROR:
		strlcpy(buf, "correct the configuration, then taskforcectl "
		    "reload", size);
		break;
	case REASON_MAX:
		break;
	}
}
