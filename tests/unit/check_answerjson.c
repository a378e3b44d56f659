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

/* answerjson.c: the members that /status/tasks and taskforcectl -j share. */

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../common/answerjson.h"
#include "../../common/plan.h"
#include "../../common/states.h"
#include "suite.h"

static struct span
span(const char *s)
{
	return ((struct span){ s, strlen(s) });
}

static void
set_zone(const char *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

START_TEST(times_are_local_with_a_numeric_zone)
{
	char		 buf[ISO_TIME_SIZE];

	set_zone("UTC0");
	ck_assert_str_eq(iso_time(1000000000250, buf, sizeof(buf)),
	    "2001-09-09T01:46:40.250+00:00");
	set_zone("XXX-5:30");
	ck_assert_str_eq(iso_time(1000000000007, buf, sizeof(buf)),
	    "2001-09-09T07:16:40.007+05:30");
	set_zone("XXX3");
	ck_assert_str_eq(iso_time(0, buf, sizeof(buf)),
	    "1969-12-31T21:00:00.000-03:00");
}
END_TEST

START_TEST(times_that_nobody_has)
{
	char		 buf[ISO_TIME_SIZE];

	set_zone("UTC0");
	ck_assert_str_eq(iso_time(-1, buf, sizeof(buf)),
	    "1969-12-31T23:59:59.999+00:00");
	/* Years that fit neither the buffer nor struct tm. */
	ck_assert_str_eq(iso_time(INT64_MAX, buf, sizeof(buf)), "?");
	ck_assert_str_eq(iso_time(INT64_MIN, buf, sizeof(buf)), "?");
}
END_TEST

static char *
task_json(struct answer_task *t, const struct answer_proc *procs, size_t n)
{
	static const char *const	 requires[] = { "db", "net" };
	static const char *const	 roles[] = { "front" };
	struct answer_task		 got;
	struct wbuf			 w;
	struct cursor			 c;
	struct json			*j;
	char				*text;
	size_t				 i, len;

	memset(&w, 0, sizeof(w));
	put_answer_task(&w, t, requires, roles);
	cursor_init(&c, w.data, w.len);
	ck_assert_int_eq(get_answer_task(&c, &got), 0);
	j = json_new(0);
	json_object(j);
	json_answer_task(j, &got);
	for (i = 0; i < n; i++)
		json_answer_proc(j, &procs[i]);
	json_answer_task_end(j);
	json_object_end(j);
	text = json_finish(j, &len);
	ck_assert_ptr_nonnull(text);
	json_free(j);
	wbuf_free(&w);
	return (text);
}

START_TEST(a_task_that_waits)
{
	struct answer_task	 t;
	char			*text;

	set_zone("UTC0");
	memset(&t, 0, sizeof(t));
	t.name = span("web");
	t.control = CONTROL_ONCE;
	t.count = 4;
	t.state = STATE_WAITING;
	t.reason = REASON_WAITS_FOR;
	t.detail = span("db");
	t.since_wall = 1000000000000;
	t.restarts = 3;
	t.in_scope = true;
	t.nrequires = 2;
	t.nroles = 1;
	text = task_json(&t, NULL, 0);
	ck_assert_str_eq(text, "{\"web\": {\"control\": \"once\", "
	    "\"count\": 4, \"running\": 0, "
	    "\"state\": \"waiting\", \"reason\": \"waits-for\", "
	    "\"detail\": \"db\", \"since\": \"2001-09-09T01:46:40.000+00:00\", "
	    "\"since_t\": 1000000000, \"in_scope\": true, "
	    "\"requires\": [\"db\", \"net\"], \"roles\": [\"front\"], "
	    "\"restarts\": 3, \"processes\": []}}\n");
	free(text);
}
END_TEST

START_TEST(processes_that_run_and_that_ended)
{
	struct answer_task	 t;
	struct answer_proc	 p[2];
	char			*text;

	set_zone("UTC0");
	memset(&t, 0, sizeof(t));
	memset(p, 0, sizeof(p));
	t.name = span("web");
	t.count = 2;
	t.running = 1;
	t.state = STATE_RUNNING;
	p[0].pid = 42;
	p[0].started_wall = 1000000000000;
	p[0].uptime_ms = 61005;
	p[0].exit_pending = true;
	p[1].instance = 1;
	p[1].started_wall = 1000000000000;
	p[1].held = true;
	p[1].exited = true;
	p[1].exited_wall = 1000000002000;
	p[1].status = 3 << 8;
	text = task_json(&t, p, 2);
	ck_assert_ptr_nonnull(strstr(text, "\"reason\": null,"));
	ck_assert_ptr_nonnull(strstr(text, "\"processes\": ["
	    "{\"instance\": 0, \"pid\": 42, \"uptime\": 61.005, "
	    "\"started\": \"2001-09-09T01:46:40.000+00:00\", "
	    "\"started_t\": 1000000000, \"exit_pending\": true}, "
	    "{\"instance\": 1, "
	    "\"started\": \"2001-09-09T01:46:40.000+00:00\", "
	    "\"started_t\": 1000000000, \"held\": true, \"status\": 768, "
	    "\"exit\": \"exited 3\", "
	    "\"exited\": \"2001-09-09T01:46:42.000+00:00\", "
	    "\"exited_t\": 1000000002}]"));
	free(text);
}
END_TEST

START_TEST(numbers_that_lie_stay_json)
{
	struct answer_task	 t;
	struct answer_proc	 p;
	char			*text, *again;
	size_t			 len;

	memset(&t, 0, sizeof(t));
	memset(&p, 0, sizeof(p));
	t.name = span("a\"b\\c");
	t.since_wall = INT64_MIN;
	p.pid = UINT32_MAX;
	p.uptime_ms = INT64_MIN;
	p.started_wall = INT64_MAX;
	p.exited = true;
	p.exited_wall = -5;
	p.status = UINT32_MAX;
	text = task_json(&t, &p, 1);
	again = json_reindent(text, strlen(text), 2, &len);
	ck_assert_ptr_nonnull(again);
	free(again);
	free(text);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		times_are_local_with_a_numeric_zone,
		times_that_nobody_has,
		a_task_that_waits,
		processes_that_run_and_that_ended,
		numbers_that_lie_stay_json
	};

	return (SUITE_RUN("answerjson", tests));
}
