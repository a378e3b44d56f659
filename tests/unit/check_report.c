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

/* What people read of the scheduler: log lines, and why a task waits. */

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "../../common/ipc.h"
#include "../../common/log.h"
#include "../../common/util.h"
#include "../../monitor/monitor.h"
#include "suite.h"

static char	 text[512];

/* The line for a report about web[2] of a scheduler with that one task. */
static int
line(struct sched_action a)
{
	struct sched_setup	 setup = { .ntasks = 1 };
	struct schedrec_task	 conf = {
		.name = xstrdup("web"), .detail = xstrdup(""), .count = 1,
		.pidfile = xstrdup("/run/web.pid"),
		.ncmds = 2, .cmds = xcalloc(2, sizeof(*conf.cmds)),
		.nevents = 2, .events = xcalloc(2, sizeof(*conf.events))
	};
	struct sched		*s = sched_new(&setup);
	int			 priority;

	conf.cmds[0].name = xstrdup("start");
	conf.cmds[1].name = xstrdup("reconfig");
	conf.events[0].type = EVENT_FILE_CHANGE;
	conf.events[0].cmd = 1;
	conf.events[1].type = EVENT_SELF;
	conf.events[1].action = ACTION_STOP;
	ck_assert_int_eq(sched_add_task(s, 0, &conf), 0);
	a.name = "web";
	a.instance = 2;
	priority = report_text(s, &a, text, sizeof(text));
	sched_free(s);
	return (priority);
}

START_TEST(lines_say_what_came_and_what_comes)
{
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_CANNOT_START, .stage = STAGE_CHDIR,
	    .error = ENOENT, .ms = 250 }), LOG_ERR);
	ck_assert_str_eq(text, "task web[2]: cannot start: chdir: No such "
	    "file or directory; tried again in 0.25 s");
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_EXITED, .status = SIGSEGV, .ms = 3007 }),
	    LOG_INFO);
	ck_assert_str_eq(text, "task web[2]: died on SIGSEGV after 3.007 s");
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_BACKOFF, .ms = 5000 }), LOG_WARNING);
	ck_assert_str_eq(text, "task web[2]: starts again in 5 s");
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_STOPPING, .sig = SIGTERM }), LOG_INFO);
	ck_assert_str_eq(text, "task web[2]: stopping by SIGTERM");
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_CMD_EXITED, .cmd = 1, .status = 3 << 8 }),
	    LOG_INFO);
	ck_assert_str_eq(text, "task web[2]: command reconfig: exited 3");
	/* A command or task that is not there any more. */
	(void)line((struct sched_action){ .report = REPORT_CMD_KILLED,
	    .cmd = 9, .task = NO_INDEX });
	ck_assert_str_eq(text, "task web[2]: command ?: still there: killed");
}
END_TEST

START_TEST(lines_about_what_was_found)
{
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_FOUND, .pid = 7 }), LOG_INFO);
	ck_assert_str_eq(text, "task web[2]: runs already, pid 7: taken over");
	line((struct sched_action){
	    .report = REPORT_FOUND, .pid = 7, .ms = 1 });
	ck_assert_str_eq(text, "task web[2]: runs in the background, pid 7");
	line((struct sched_action){ .report = REPORT_FOUND });
	ck_assert_str_eq(text, "task web[2]: runs, says command check");
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_ORPHAN, .pid = 7 }), LOG_WARNING);
	ck_assert_str_eq(text, "task web[2]: an earlier one still runs, pid "
	    "7: it is ended first");
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_LOOK, .look = LOOK_UNREADABLE,
	    .error = EACCES }), LOG_WARNING);
	ck_assert_str_eq(text, "task web[2]: pidfile /run/web.pid: cannot "
	    "be read: Permission denied");
	(void)line((struct sched_action){ .report = REPORT_LOOK,
	    .look = LOOK_OURS, .pid = 9 });
	ck_assert_str_eq(text, "task web[2]: pidfile /run/web.pid: names a "
	    "process of our own (pid 9)");
}
END_TEST

START_TEST(lines_about_probes)
{
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_PROBE_FAILED, .status = 1 << 8 }), LOG_WARNING);
	ck_assert_str_eq(text, "task web[2]: check: exited 1; starts again");
	(void)line((struct sched_action){ .report = REPORT_PROBE_FAILED,
	    .error = ETIMEDOUT });
	ck_assert_str_eq(text, "task web[2]: check: no answer in time; starts "
	    "again");
	(void)line((struct sched_action){ .report = REPORT_PROBE_FAILED,
	    .status = STATUS_UNKNOWN });
	ck_assert_str_eq(text, "task web[2]: the process is gone; starts "
	    "again");
}
END_TEST

START_TEST(lines_about_events)
{
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_EVENT, .sig = SIGHUP }), LOG_INFO);
	ck_assert_str_eq(text, "task web[2]: event file_change: SIGHUP");
	(void)line((struct sched_action){ .report = REPORT_EVENT,
	    .cmd = 1 });
	ck_assert_str_eq(text, "task web[2]: event file_change: command "
	    "reconfig");
	(void)line((struct sched_action){ .report = REPORT_EVENT,
	    .event = 1 });
	ck_assert_str_eq(text, "task web[2]: event self: stop");
	ck_assert_int_eq(line((struct sched_action){
	    .report = REPORT_VERIFY_FAILED, .status = 2 << 8 }),
	    LOG_WARNING);
	ck_assert_str_eq(text, "task web[2]: event file_change: its verify "
	    "command: exited 2; nothing is done");
	/* One that is not there any more. */
	(void)line((struct sched_action){ .report = REPORT_EVENT,
	    .event = 5 });
	ck_assert_str_eq(text, "task web[2]: event ?: start");
}
END_TEST

/* A thousand tasks that start for the first time are one line elsewhere. */
START_TEST(a_first_start_is_for_the_verbose)
{
	struct sched_action	 a = { .report = REPORT_STARTED, .pid = 7 };

	log_init("check", LOG_TO_STDERR, LOG_LEVEL_INFO);
	ck_assert_int_eq(line(a), -1);
	a.ms = 1;
	ck_assert_int_eq(line(a), LOG_INFO);
	ck_assert_str_eq(text, "task web[2]: started, pid 7");
	log_set_level(LOG_LEVEL_DEBUG);
	a.ms = 0;
	ck_assert_int_eq(line(a), LOG_DEBUG);
}
END_TEST

START_TEST(every_reason_but_none_needs_no_more_than_its_view)
{
	struct schedrec_task	 conf = {
		.detail = (char *)(uintptr_t)"user bob: unknown"
	};
	struct sched_view	 v = { .conf = &conf, .count = 1 };

	for (v.reason = 0; v.reason < REASON_MAX; v.reason++)
		reason_text(&v, text, sizeof(text));
	v.reason = REASON_UNKNOWN_USER;
	reason_text(&v, text, sizeof(text));
	ck_assert_str_eq(text, "user bob: unknown");
	v.reason = REASON_WAITS_FOR;
	v.blocker = "db";
	v.blocker_state = STATE_BACKOFF;
	reason_text(&v, text, sizeof(text));
	ck_assert_str_eq(text, "db (backoff)");
	v.reason = REASON_CANNOT_START;
	v.stage = STAGE_CHDIR;
	v.error = ENOENT;
	conf.cwd = (char *)(uintptr_t)"/srv/web";
	reason_text(&v, text, sizeof(text));
	ck_assert_str_eq(text, "chdir /srv/web: No such file or directory; "
	    "tried again at ");
	v.reason = REASON_EXITED;
	v.has_exit = true;
	v.status = 2 << 8;
	reason_text(&v, text, sizeof(text));
	ck_assert_str_eq(text, "exited 2");
	v.reason = REASON_STOPPING;
	v.shutdown = true;
	reason_text(&v, text, sizeof(text));
	ck_assert_str_eq(text, "the daemon stops");
}
END_TEST

/* A reason with a time names the hour of the day, on the wall. */
START_TEST(times_are_hours_of_the_day)
{
	struct schedrec_task	 conf = { .detail = NULL };
	struct sched_view	 v = {
		.conf = &conf, .reason = REASON_BACKOFF_UNTIL,
		.has_exit = true, .status = 1 << 8
	};

	setenv("TZ", "UTC", 1);
	tzset();
	v.until = mono_add(mono_now(), 3600 * 1000);
	reason_text(&v, text, sizeof(text));
	ck_assert_int_eq(strncmp(text, "exited 1; starts again at ", 26), 0);
	ck_assert_uint_eq(strlen(text), 26 + 8);
}
END_TEST

START_TEST(every_reason_has_a_remedy)
{
	char			 web[] = "web", db[] = "db", srv[] = "/srv";
	char			 program[] = "/bin/web";
	char			*roles[] = { web, db };
	struct schedrec_cmd	 cmd = { .program = program };
	struct schedrec_task	 conf = {
		.name = web, .cwd = srv, .ncmds = 1,
		.cmds = &cmd, .roles = roles, .nroles = 2,
		.control = CONTROL_ADOPT
	};
	struct schedrec_plan	 plan = { .roles = roles, .nroles = 1 };
	struct sched_view	 v = { .conf = &conf };

	for (v.reason = REASON_NONE + 1; v.reason < REASON_MAX; v.reason++) {
		remedy_text(&v, &plan, NULL, text, sizeof(text));
		ck_assert_msg(text[0] != '\0', "%s", reason_name(v.reason));
	}
	v.reason = REASON_NOT_IN_ROLE;
	remedy_text(&v, &plan, NULL, text, sizeof(text));
	ck_assert_str_eq(text, "role db is not in force: add it to the roles "
	    "file");
	v.reason = REASON_SUSPENDED;
	v.control = CONTROL_SUSPEND;
	remedy_text(&v, &plan, NULL, text, sizeof(text));
	ck_assert_str_eq(text, "taskforcectl control web=adopt");
	v.reason = REASON_CANNOT_START;
	v.stage = STAGE_EXEC;
	v.error = ENOENT;
	remedy_text(&v, &plan, NULL, text, sizeof(text));
	ck_assert_str_eq(text, "install /bin/web (or, if it is there, the "
	    "interpreter that its first line names), or correct "
	    "commands.start");
	v.stage = STAGE_NONE;
	remedy_text(&v, &plan, NULL, text, sizeof(text));
	ck_assert_str_eq(text, "make /srv a directory that the task's "
	    "user may enter, or correct cwd, then taskforcectl reload");
	v.reason = REASON_WAITS_FOR;
	v.wait = WAIT_LEFT;
	reason_text(&v, text, sizeof(text));
	ck_assert_str_eq(text, "what its start command leaves behind, until ");
	/* What runs needs none. */
	v.reason = REASON_NONE;
	remedy_text(&v, &plan, NULL, text, sizeof(text));
	ck_assert_str_eq(text, "");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		lines_say_what_came_and_what_comes,
		lines_about_what_was_found,
		lines_about_probes,
		lines_about_events,
		a_first_start_is_for_the_verbose,
		every_reason_but_none_needs_no_more_than_its_view,
		times_are_hours_of_the_day,
		every_reason_has_a_remedy
	};

	return (SUITE_RUN("report", tests));
}
