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
 * The files that taskforcectl passes with a plan, and what it shows of
 * plans, checks, reloads and chains of causes.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/client.h"
#include "../../common/ipc.h"
#include "../../common/run.h"
#include "../../common/util.h"
#include "../../ctl/output.h"
#include "fake_daemon.h"
#include "suite.h"

static char	 got[512];	/* of the daemon: what it was passed */

static void
note_file(const struct imsg *m)
{
	struct cursor	 body;
	struct span	 name;
	struct stat	 st;
	char		 text[128], part[256];
	ssize_t		 n;
	uint8_t		 which;

	cursor_init(&body, m->data, m->len);
	which = get_u8(&body);
	name = get_str(&body);
	if (!cursor_done(&body) || m->fd == -1 || fstat(m->fd, &st) == -1 ||
	    !S_ISREG(st.st_mode))
		_exit(9);
	if ((n = read(m->fd, text, sizeof(text) - 1)) == -1)
		_exit(9);
	close(m->fd);
	text[n] = '\0';
	snprintf(part, sizeof(part), "%s %.*s [%s]\n", which == FILE_CONF ?
	    "conf" : "roles", (int)name.len, name.p, text);
	(void)strlcat(got, part, sizeof(got));
}

/* Tells in its messages what it was passed. */
static void
plans(struct imsgbuf *ib, const struct imsg *m)
{
	struct cursor	 body;
	bool		 check, no_roles;

	switch (m->type) {
	case M_HELLO:
		fake_hello(ib);
		break;
	case C_FILE:
		note_file(m);
		break;
	case C_PLAN:
		cursor_init(&body, m->data, m->len);
		check = get_bool(&body);
		no_roles = get_bool(&body);
		if (!cursor_done(&body))
			_exit(9);
		if (check)
			(void)strlcat(got, "check\n", sizeof(got));
		if (no_roles)
			(void)strlcat(got, "no roles\n", sizeof(got));
		put_blob(imsgbuf_begin(ib, A_CHUNK, m->tag), got,
		    strlen(got));
		fake_finish(ib);
		fake_say(ib, A_OK, m->tag, "the sum");
		got[0] = '\0';
		break;
	default:
		_exit(9);
	}
}

static char	 path[256];

static void
make_file(const char *text)
{
	FILE		*fp;

	snprintf(path, sizeof(path), "%s.conf", fake.path);
	fp = fopen(path, "w");
	fputs(text, fp);
	fclose(fp);
}

START_TEST(files_are_passed)
{
	char		 want[1200];

	fake_start(plans);
	make_file("tasks: {}");
	fake.ctl.file = path;
	fake.ctl.roles_file = path;
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT(action_check(&fake.ctl, 0, NULL) == CTL_OK);
	unlink(path);
	snprintf(want, sizeof(want), "conf %s [tasks: {}]\n"
	    "roles %s [tasks: {}]\nthe sum\nconf %s [tasks: {}]\n"
	    "roles %s [tasks: {}]\ncheck\nthe sum\n", path, path, path, path);
	fake_expect(strcmp(fake_output(1), want) == 0, want);
	fake_end();
}
END_TEST

/* What the daemon is passed for -R. */
static void
expect_roles(const char *roles, const char *want)
{
	char		 all[256];

	fake.ctl.roles = roles;
	fake_forget();
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_OK);
	snprintf(all, sizeof(all), "roles -R [%s]\nthe sum\n", want);
	fake_expect(strstr(fake_output(1), all) != NULL, all);
}

START_TEST(roles_become_a_file)
{
	fake_start(plans);
	expect_roles("front", "front\n");
	expect_roles("front,back=a b", "front\nback=a b\n");
	/* A host without a role, which is not the same as no roles file. */
	expect_roles("", "");
	fake.ctl.roles = NULL;
	fake.ctl.roles_file = "";
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("no roles\nthe sum\n");
	fake_forget();
	fake.ctl.roles_file = NULL;
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("the sum\n");
	EXPECT(strstr(fake_output(1), "roles") == NULL);
	fake_end();
}
END_TEST

START_TEST(files_that_are_none)
{
	static const char *const	 bad[] = { "a,,b", "#a", "=x", " a",
	    "a\nb", "," };
	size_t				 i;

	fake_start(plans);
	fake.ctl.file = "/nonexistent/file";
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_USAGE);
	EXPECT_ERR("/nonexistent/file: cannot open: No such file");
	fake.ctl.file = "/dev/null";
	EXPECT(action_check(&fake.ctl, 0, NULL) == CTL_USAGE);
	EXPECT_ERR("/dev/null: not a regular file");
	fake.ctl.file = NULL;
	snprintf(path, sizeof(path), "%s.fifo", fake.path);
	EXPECT(mkfifo(path, 0600) == 0);
	fake.ctl.roles_file = path;	/* that nobody writes to */
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_USAGE);
	unlink(path);
	fake.ctl.roles = "front";
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_USAGE);
	EXPECT_ERR("one of -r and -R\n");
	fake.ctl.roles_file = NULL;
	for (i = 0; i < nitems(bad); i++) {
		fake.ctl.roles = bad[i];
		EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_USAGE);
	}
	EXPECT(fake_output(1)[0] == '\0');
	fake_end();
}
END_TEST

static const uint32_t	 kept[] = { 2, 0, 0, 0 }, mixed[] = { 1, 2, 3, 4 },
			 fresh[] = { 0, 1, 0, 0 }, old[] = { 0, 0, 1, 0 };

static void
changes(struct imsgbuf *ib, const struct imsg *m)
{
	static const char	 messages[] = "c.conf:3:1: odd\n";

	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	put_blob(imsgbuf_begin(ib, A_CHUNK, m->tag), messages,
	    strlen(messages));
	fake_finish(ib);
	fake_change(ib, m->tag, "still", kept, "");
	fake_change(ib, m->tag, "web", mixed, "environment, cwd");
	fake_change(ib, m->tag, "b\033", fresh, "new");
	fake_change(ib, m->tag, "gone", old, "removed");
	fake_say(ib, A_OK, m->tag, "4 restarted");
}

START_TEST(effects_for_people)
{
	fake_start(changes);
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT(strcmp(fake_output(1), "c.conf:3:1: odd\n"
	    "TASK   WOULD                               BECAUSE\n"
	    "still  keep 2\n"
	    "web    stop 3, restart 4, start 2, keep 1  environment, cwd\n"
	    "b?     start 1                             new\n"
	    "gone   stop 1                              removed\n"
	    "4 restarted\n") == 0);
	fake_forget();
	EXPECT(action_reload(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("TASK  DONE  ");
	EXPECT_OUT("\nweb   stopped 3, restarted 4, started 2, kept 1  env");
	/* What is as before is not of interest. */
	EXPECT(strstr(fake_output(1), "still") == NULL);
	fake_end();
}
END_TEST

START_TEST(effects_for_scripts)
{
	static const char	 want[] = "message\tc.conf:3:1: odd\n"
	    "task\tstill\t2\t0\t0\t0\t-\t-\n"
	    "task\tweb\t1\t2\t3\t4\t-\tenvironment, cwd\n"
	    "task\tb?\t0\t1\t0\t0\tnew\t-\n"
	    "task\tgone\t0\t0\t1\t0\tremoved\t-\n"
	    "ok\t4 restarted\n";

	fake_start(changes);
	fake.ctl.out = &output_plain;
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT(strcmp(fake_output(1), want) == 0);
	fake_forget();
	EXPECT(action_reload(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("task\tstill\t2\t0");
	fake_forget();
	fake.ctl.out = &output_json;
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("\"messages\": [\n    \"c.conf:3:1: odd\"\n");
	EXPECT_OUT("\"web\": {\n      \"new\": false,\n"
	    "      \"removed\": false,\n      \"kept\": 1,\n"
	    "      \"started\": 2,\n      \"stopped\": 3,\n"
	    "      \"restarted\": 4,\n      \"why\": \"environment, cwd\"\n");
	fake_end();
}
END_TEST

static void
invalid(struct imsgbuf *ib, const struct imsg *m)
{
	static const char	 messages[] = "c.conf:3:1: bad\n";

	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	put_blob(imsgbuf_begin(ib, A_CHUNK, m->tag), messages,
	    strlen(messages));
	fake_finish(ib);
	fake_fail(ib, m->tag, FAIL_CONFIG, "1 error");
}

START_TEST(invalid_configurations)
{
	fake_start(invalid);
	EXPECT(action_check(&fake.ctl, 0, NULL) == CTL_USAGE);
	EXPECT(action_plan(&fake.ctl, 0, NULL) == CTL_USAGE);
	EXPECT(action_reload(&fake.ctl, 0, NULL) == CTL_USAGE);
	EXPECT_OUT("c.conf:3:1: bad\n");
	EXPECT_ERR("taskforcectl: 1 error\n");
	fake.ctl.out = &output_json;
	EXPECT(action_check(&fake.ctl, 0, NULL) == CTL_USAGE);
	EXPECT_OUT("\"ok\": false");
	fake_end();
}
END_TEST

/* "app" waits for "db", which fails; "web" runs. */
static void
explains(struct imsgbuf *ib, const struct imsg *m)
{
	switch (m->type) {
	case M_HELLO:
		fake_hello(ib);
		break;
	case C_STATUS:
		fake_summary(ib, m->tag, MODE_RUN, 1, NULL);
		fake_task(ib, m->tag, "app", STATE_WAITING, REASON_WAITS_FOR,
		    "db", 1);
		fake_proc(ib, m->tag, 0, FAKE_HELD);
		fake_say(ib, A_END, m->tag, NULL);
		break;
	case C_WHY:
		fake_why(ib, m->tag, 0, "app", STATE_WAITING, REASON_WAITS_FOR,
		    "db", "");
		fake_why(ib, m->tag, 1, "db", STATE_FAILED,
		    REASON_CANNOT_START, "chdir /x: \033", "make /x");
		fake_why(ib, m->tag, 0, "web", STATE_RUNNING, REASON_NONE, "",
		    "");
		fake_say(ib, A_END, m->tag, NULL);
		break;
	default:
		_exit(9);
	}
}

START_TEST(causes)
{
	char		 app[] = "app", slot[] = "app:0", none[] = "app:1";
	char		*args[] = { app }, *good[] = { slot },
			*bad[] = { none };

	fake_start(explains);
	EXPECT(action_why(&fake.ctl, 1, args) == CTL_OK);
	EXPECT(strcmp(fake_output(1), "app: waiting: waits-for: db\n"
	    "  db: failed: cannot-start: chdir /x: ?\n"
	    "    to clear it: make /x\n"
	    "\nweb: running\n") == 0);
	EXPECT(action_why(&fake.ctl, 1, good) == CTL_OK);
	EXPECT_OUT("\napp:0: does not run; held; exited 3 at ");
	EXPECT_OUT("  to clear it: taskforcectl start app:0\n");
	EXPECT(action_why(&fake.ctl, 1, bad) == CTL_NOT_FOUND);
	EXPECT_ERR("app:1: no such slot\n");
	fake_forget();
	fake.ctl.out = &output_plain;
	EXPECT(action_why(&fake.ctl, 1, args) == CTL_OK);
	EXPECT(strcmp(fake_output(1),
	    "0\tapp\twaiting\twaits-for\tdb\t-\n"
	    "1\tdb\tfailed\tcannot-start\tchdir /x: ?\tmake /x\n"
	    "0\tweb\trunning\t-\t-\t-\n") == 0);
	fake_forget();
	fake.ctl.out = &output_json;
	EXPECT(action_why(&fake.ctl, 1, args) == CTL_OK);
	EXPECT_OUT("\"remedy\": \"make /x\"\n      }\n    ],\n    [\n");
	fake_end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		files_are_passed,
		roles_become_a_file,
		files_that_are_none,
		effects_for_people,
		effects_for_scripts,
		invalid_configurations,
		causes
	};

	return (SUITE_RUN("ctl_load", tests));
}
