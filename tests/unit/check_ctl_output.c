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
 * What taskforcectl shows of a daemon as it should be: as text, in columns,
 * as JSON, and by its exit status alone.
 */

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/client.h"
#include "../../common/ipc.h"
#include "../../ctl/output.h"
#include "fake_daemon.h"
#include "suite.h"

static const char	 versions[] = "monitor 9.8.7\nspawner \033[31m\n";
static const char	 messages[] = "c.conf:3:1: odd\n";

/* A daemon as it should be: "web" runs twice, "db" waits, "cron" is idle. */
static void
good(struct imsgbuf *ib, const struct imsg *m)
{
	struct cursor	 body;
	struct span	 name;
	uint32_t	 n;

	cursor_init(&body, m->data, m->len);
	switch (m->type) {
	case M_HELLO:
		fake_hello(ib);
		break;
	case C_STATUS:
		n = get_u32(&body);
		name = n > 0 ? get_str(&body) : fake_span("all");
		if (!span_is(name, "all") && !span_is(name, "web")) {
			put_answer_fail(imsgbuf_begin(ib, A_FAIL, m->tag),
			    FAIL_NOT_FOUND, "no such task");
			fake_finish(ib);
			break;
		}
		fake_summary(ib, m->tag, MODE_RUN, 3, NULL);
		fake_task(ib, m->tag, "web", STATE_RUNNING, REASON_NONE, "", 2);
		fake_proc(ib, m->tag, 0, 111);
		fake_proc(ib, m->tag, 1, 222);
		if (!span_is(name, "web")) {
			fake_task(ib, m->tag, "db", STATE_WAITING,
			    REASON_WAITS_FOR, "disk", 1);
			fake_proc(ib, m->tag, 0, 0);
			fake_task(ib, m->tag, "cron", STATE_IDLE,
			    REASON_WAITS_FOR_EVENT, "", 1);
		}
		fake_say(ib, A_END, m->tag, NULL);
		break;
	case C_VERSION:
		put_blob(imsgbuf_begin(ib, A_CHUNK, m->tag), versions,
		    strlen(versions));
		fake_finish(ib);
		fake_say(ib, A_END, m->tag, NULL);
		break;
	case C_RELOAD:
		put_blob(imsgbuf_begin(ib, A_CHUNK, m->tag),
		    messages, strlen(messages));
		fake_finish(ib);
		fake_say(ib, A_OK, m->tag, "1 task restarted");
		break;
	default:
		_exit(9);
	}
}

START_TEST(status_of_all)
{
	fake_start(good);
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("TASK  STATE    RUN  PIDS     UPTIME  RESTARTS  ROLES  "
	    "NOTE\n"
	    "web   running  2/2  111,222    1m1s         7  front\n"
	    "db    waiting  0/1  -             -         7  front  "
	    "waits-for: disk\n"
	    "cron  idle     0/1  -             -         7  front  "
	    "waits-for-event\n\n"
	    "taskforced 9.8.7, pid 4242, up 5.");
	EXPECT_OUT(": 1 of 3 tasks running (1 waiting); roles: front,back; "
	    "configuration 3 of ");
	/* No colour: this is no terminal. */
	EXPECT(strchr(fake_output(1), '\033') == NULL);
	fake_end();
}
END_TEST

START_TEST(status_in_detail)
{
	char		 web[] = "web";
	char		*args[] = { web };

	fake_start(good);
	EXPECT(action_status(&fake.ctl, 1, args) == CTL_OK);
	EXPECT_OUT("web: running, 2 of 2 running\n");
	EXPECT_OUT("    requires  db\n");
	EXPECT_OUT("  111 ");
	EXPECT_OUT("  222 ");
	EXPECT(strstr(fake_output(1), "cron") == NULL);
	fake_end();
}
END_TEST

START_TEST(status_of_a_slot)
{
	char		 slot[] = "web:1", none[] = "web:2";
	char		*args[] = { slot }, *bad[] = { none };

	fake_start(good);
	EXPECT(action_status(&fake.ctl, 1, args) == CTL_OK);
	EXPECT_OUT("  222 ");
	EXPECT(strstr(fake_output(1), "  111 ") == NULL);
	EXPECT(action_status(&fake.ctl, 1, bad) == CTL_NOT_FOUND);
	EXPECT_ERR("taskforcectl: web:2: no such slot\n");
	fake_end();
}
END_TEST

static void
expect_suggestion(const char *word, const char *want)
{
	char		 copy[64], *args[] = { copy }, all[128];

	(void)strlcpy(copy, word, sizeof(copy));
	fake_forget();
	EXPECT(action_status(&fake.ctl, 1, args) == CTL_NOT_FOUND);
	(void)strlcpy(all, "taskforcectl: no such task\n", sizeof(all));
	if (want != NULL)
		snprintf(all, sizeof(all), "taskforcectl: no such task\n"
		    "taskforcectl: did you mean '%s'?\n", want);
	fake_expect(strcmp(fake_output(2), all) == 0, word);
}

START_TEST(names_that_are_near)
{
	fake_start(good);
	expect_suggestion("wbe", "web");
	expect_suggestion("wbe:1", "web");
	expect_suggestion("c", "cron");
	expect_suggestion("corn", "cron");
	expect_suggestion("@fornt", "@front");
	expect_suggestion("@web", NULL);
	expect_suggestion("we?x", NULL);
	expect_suggestion("x", NULL);
	expect_suggestion("cron", NULL);
	fake.ctl.quiet = true;
	fake.ctl.out = &output_none;
	fake_forget();
	EXPECT(action_status(&fake.ctl, 1, (char *[]){ (char []){ "wbe" } }) ==
	    CTL_NOT_FOUND);
	EXPECT(fake_output(2)[0] == '\0');
	fake_end();
}
END_TEST

START_TEST(status_for_scripts)
{
	fake_start(good);
	fake.ctl.out = &output_plain;
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT(strcmp(fake_output(1),
	    "web\trunning\t2\t2\t111,222\t61\t7\tfront\t-\t-\n"
	    "db\twaiting\t0\t1\t-\t-\t7\tfront\twaits-for\tdisk\n"
	    "cron\tidle\t0\t1\t-\t-\t7\tfront\twaits-for-event\t-\n") == 0);
	fake_end();
}
END_TEST

START_TEST(status_in_json)
{
	fake_start(good);
	fake.ctl.out = &output_json;
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("\"version\": \"9.8.7\"");
	EXPECT_OUT("\"reason\": \"waits-for\"");
	EXPECT_OUT("\"pid\": 222");
	fake_end();
}
END_TEST

START_TEST(quiet_status_tells_by_exit)
{
	char		 web[] = "web", all[] = "all", none[] = "none";
	char		*args[] = { web }, *args2[] = { all },
			*args3[] = { none };

	fake_start(good);
	fake.ctl.quiet = true;
	fake.ctl.out = &output_none;
	EXPECT(action_status(&fake.ctl, 1, args) == CTL_OK);
	EXPECT(action_status(&fake.ctl, 1, args2) == CTL_NOT_RUNNING);
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_NOT_RUNNING);
	EXPECT(action_status(&fake.ctl, 1, args3) == CTL_NOT_FOUND);
	EXPECT(fake_output(1)[0] == '\0' && fake_output(2)[0] == '\0');
	fake_end();
}
END_TEST

START_TEST(version_and_reload)
{
	fake_start(good);
	EXPECT(action_version(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("taskforcectl " PACKAGE_VERSION "\nmonitor 9.8.7\n");
	EXPECT_OUT("spawner \\033[31m\n");
	EXPECT(action_reload(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("c.conf:3:1: odd\n1 task restarted\n");
	fake.ctl.wait_ms = 0;
	EXPECT(action_reload(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("reload initiated\n");
	fake_end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		status_of_all,
		status_in_detail,
		status_of_a_slot,
		names_that_are_near,
		status_for_scripts,
		status_in_json,
		quiet_status_tells_by_exit,
		version_and_reload
	};

	return (SUITE_RUN("ctl_output", tests));
}
