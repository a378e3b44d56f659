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
 * plan.c: each record of the plan is read as it was written, at its exact
 * length, and refused when a bound is broken.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../common/plan.h"
#include "exact.h"
#include "suite.h"

static struct wbuf w;

START_TEST(controls)
{
	static const char *const words[] = {
		"wait", "once", "event", "suspend", "off", "nowait", "adopt"
	};
	int i;

	for (i = 0; i < CONTROL_MAX; i++) {
		ck_assert_str_eq(control_name(i), words[i]);
		ck_assert_int_eq(control_find(words[i]), i);
	}
	ck_assert_str_eq(control_name(CONTROL_MAX), "?");
	ck_assert_str_eq(control_name(-1), "?");
	ck_assert_int_eq(control_find("Wait"), -1);
	ck_assert_int_eq(control_find("wai"), -1);
	ck_assert_int_eq(control_find(""), -1);
}
END_TEST

START_TEST(load_request)
{
	struct load_req r, in = {
		.conf_path = SPAN("/etc/x.conf"), .roles_path = SPAN("roles"),
		.have_roles = true, .check = false, .explain = true,
		.ppid = 4242, .uid = 1, .gid = 2, .http_set = true,
		.http_listen = SPAN("[::1]:80"), .cert_set = true,
		.http_cert = SPAN(""), .http_control = true
	};

	put_load_req(&w, &in);
	EXACT(&w, get_load_req, &r);
	READ_BACK(&w, get_load_req, &r);
	ck_assert(span_is(r.conf_path, "/etc/x.conf"));
	ck_assert(span_is(r.roles_path, "roles"));
	ck_assert(r.have_roles && !r.check && r.explain);
	ck_assert_uint_eq(r.ppid, 4242);
	ck_assert_uint_eq(r.uid, 1);
	ck_assert_uint_eq(r.gid, 2);
	ck_assert(r.http_set && r.cert_set && r.http_control);
	ck_assert(span_is(r.http_listen, "[::1]:80"));
	ck_assert(span_is(r.http_cert, ""));
}
END_TEST

START_TEST(begin)
{
	struct plan_begin b, in = { 3, 5, 7, 2, 9, 101 };

	put_plan_begin(&w, &in);
	EXACT(&w, get_plan_begin, &b);
	READ_BACK(&w, get_plan_begin, &b);
	ck_assert_uint_eq(b.ntasks, 3);
	ck_assert_uint_eq(b.ncmds, 5);
	ck_assert_uint_eq(b.nenv, 7);
	ck_assert_uint_eq(b.nlisten, 2);
	ck_assert_uint_eq(b.nwatch, 9);
	ck_assert_uint_eq(b.control_gid, 101);
}
END_TEST

START_TEST(begin_beyond_the_limits)
{
	static const struct plan_begin bad[] = {
		{ LIMIT_TASKS + 1, LIMIT_TASKS + 1, 0, 0, 0, 0 },
		{ UINT32_MAX, UINT32_MAX, 0, 0, 0, 0 },
		{ 3, 2, 0, 0, 0, 0 },
		{ 1, 200, 0, 0, 0, 0 },
		{ 0, UINT32_MAX, 0, 0, 0, 0 },
		{ 1, 1, 0, LIMIT_LISTEN + 1, 0, 0 }
	};
	struct plan_begin b;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		wbuf_reset(&w);
		put_plan_begin(&w, &bad[i]);
		REFUSED(&w, get_plan_begin, &b);
	}
	put_plan_begin(&w, &(struct plan_begin){
	    LIMIT_TASKS, LIMIT_TASKS, 0, LIMIT_LISTEN, 0, 0 });
	READ_BACK(&w, get_plan_begin, &b);
}
END_TEST

/* A task that is right in everything, to break one thing at a time. */
static const uint32_t groups[] = { 100, 4294967294U };
static const struct plan_env env[] = {
	{ 4, { "A=1", 3 } }, { 5, { "", 0 } }, { NO_INDEX, { "B=", 2 } }
};

static struct plan_task
good_task(void)
{
	return ((struct plan_task){
		.name = SPAN("web"), .control = CONTROL_ONCE,
		.flags = PLAN_TASK_INROLE, .count = 4, .setids = true,
		.uid = 33, .gid = 34, .signals = 1ULL << 63 | 1,
		.cwd = SPAN("/srv\n/x"), .procname = SPAN("w-\001i"),
		.pidfile = SPAN("/run/w.\001p"), .ngroups = 2, .nenv = 3
	});
}

START_TEST(task)
{
	struct plan_task t, in = good_task();
	struct plan_env e;

	put_plan_task(&w, &in, groups, env);
	EXACT(&w, get_plan_task, &t);
	READ_BACK(&w, get_plan_task, &t);
	ck_assert(span_is(t.name, "web"));
	ck_assert_uint_eq(t.control, CONTROL_ONCE);
	ck_assert_uint_eq(t.flags, PLAN_TASK_INROLE);
	ck_assert_uint_eq(t.count, 4);
	ck_assert(t.setids);
	ck_assert_uint_eq(t.uid, 33);
	ck_assert_uint_eq(t.gid, 34);
	ck_assert(t.signals == (1ULL << 63 | 1));
	ck_assert(span_is(t.cwd, "/srv\n/x"));
	ck_assert(span_is(t.procname, "w-\001i"));
	ck_assert(span_is(t.pidfile, "/run/w.\001p"));
	ck_assert_uint_eq(t.ngroups, 2);
	ck_assert_uint_eq(get_plan_group(&t.groups), 100);
	ck_assert_uint_eq(get_plan_group(&t.groups), 4294967294U);
	ck_assert_uint_eq(t.nenv, 3);
	get_plan_env(&t.env, &e);
	ck_assert_uint_eq(e.shared, 4);
	ck_assert(span_is(e.text, "A=1"));
	get_plan_env(&t.env, &e);
	ck_assert_uint_eq(e.shared, 5);
	ck_assert(span_is(e.text, ""));
	get_plan_env(&t.env, &e);
	ck_assert_uint_eq(e.shared, NO_INDEX);
	ck_assert(span_is(e.text, "B="));
	ck_assert(cursor_done(&t.env));
}
END_TEST

static void
task_refused(struct plan_task in)
{
	static uint32_t many[LIMIT_GROUPS + 1];
	struct plan_task t;

	put_plan_task(&w, &in, in.ngroups > 2 ? many : groups, env);
	REFUSED(&w, get_plan_task, &t);
}

START_TEST(task_beyond_the_limits)
{
	static const struct plan_env nothing[] = { { NO_INDEX, { "", 0 } } };
	static const struct plan_env nopair[] = { { 1, { "A", 1 } } };
	struct plan_task in, t;
	char longest[LIMIT_NAME + 2];

	memset(longest, 'x', sizeof(longest));
	in = good_task(), in.name.len = 0, task_refused(in);
	in = good_task();
	in.name = (struct span){ longest, LIMIT_NAME + 1 };
	task_refused(in);
	in = good_task(), in.control = CONTROL_MAX, task_refused(in);
	in = good_task(), in.control = 255, task_refused(in);
	in = good_task(), in.flags = 0x80, task_refused(in);
	in = good_task(), in.count = LIMIT_INSTANCES + 1, task_refused(in);
	in = good_task(), in.ngroups = LIMIT_GROUPS + 1, task_refused(in);
	in = good_task(), in.nenv = 1;
	put_plan_task(&w, &in, groups, nothing);
	REFUSED(&w, get_plan_task, &t);
	put_plan_task(&w, &in, groups, nopair);
	REFUSED(&w, get_plan_task, &t);

	in = good_task();
	in.name = (struct span){ longest, LIMIT_NAME };
	in.count = LIMIT_INSTANCES;
	put_plan_task(&w, &in, groups, env);
	READ_BACK(&w, get_plan_task, &t);
}
END_TEST

START_TEST(a_nul_ends_no_argument)
{
	struct plan_task in = good_task(), t;
	struct plan_cmd cmd;
	struct span argv[] = { SPAN("/bin/x"), { "a\0b", 3 } };

	in.cwd = (struct span){ "/a\0b", 4 };
	put_plan_task(&w, &in, groups, env);
	REFUSED(&w, get_plan_task, &t);
	put_plan_cmd(&w, "start", 2, argv);
	REFUSED(&w, get_plan_cmd, &cmd);
}
END_TEST

START_TEST(command)
{
	struct span argv[] = { SPAN("/bin/x"), SPAN(""), SPAN("-l\001p") };
	struct plan_cmd cmd;

	put_plan_cmd(&w, "start", 3, argv);
	EXACT(&w, get_plan_cmd, &cmd);
	READ_BACK(&w, get_plan_cmd, &cmd);
	ck_assert(span_is(cmd.name, "start"));
	ck_assert_uint_eq(cmd.argc, 3);
	ck_assert(span_is(get_text(&cmd.argv), "/bin/x"));
	ck_assert(span_is(get_text(&cmd.argv), ""));
	ck_assert(span_is(get_text(&cmd.argv), "-l\001p"));
	ck_assert(cursor_done(&cmd.argv));

	wbuf_reset(&w);
	put_plan_cmd(&w, "start", 0, NULL);
	REFUSED(&w, get_plan_cmd, &cmd);
	put_plan_cmd(&w, "", 3, argv);
	REFUSED(&w, get_plan_cmd, &cmd);
	/* A count that promises more than there is. */
	put_str(&w, "start");
	put_u32(&w, UINT32_MAX);
	put_text(&w, "x");
	REFUSED(&w, get_plan_cmd, &cmd);
}
END_TEST

START_TEST(listener)
{
	struct plan_listen l, in = {
		.addr = SPAN("*:80"), .host = SPAN("0.0.0.0"), .port = 80,
		.certfile = SPAN("/c.pem"), .control = true,
		.timeout_ms = 3000, .client_ca = SPAN("/ca.pem"),
		.auth = SPAN("/users"), .hsts_s = 86400, .nallow = 2
	};
	struct span allow[] = { SPAN("192.0.2.0/24"), SPAN("::1/128") };

	put_plan_listen(&w, &in, allow);
	EXACT(&w, get_plan_listen, &l);
	READ_BACK(&w, get_plan_listen, &l);
	ck_assert(span_is(l.addr, "*:80"));
	ck_assert(span_is(l.host, "0.0.0.0"));
	ck_assert_uint_eq(l.port, 80);
	ck_assert(span_is(l.certfile, "/c.pem"));
	ck_assert(l.control);
	ck_assert_uint_eq(l.timeout_ms, 3000);
	ck_assert(span_is(l.client_ca, "/ca.pem"));
	ck_assert(span_is(l.auth, "/users"));
	ck_assert_uint_eq(l.hsts_s, 86400);
	ck_assert_uint_eq(l.nallow, 2);
	ck_assert(span_is(get_plan_allow(&l.allow), "192.0.2.0/24"));
	ck_assert(span_is(get_plan_allow(&l.allow), "::1/128"));

	wbuf_reset(&w);
	allow[1] = SPAN("::1/129");
	put_plan_listen(&w, &in, allow);
	REFUSED(&w, get_plan_listen, &l);
	in.nallow = 0;
	in.certfile.len = 0;
	put_plan_listen(&w, &in, NULL);
	REFUSED(&w, get_plan_listen, &l);
	in.client_ca.len = 0;
	put_plan_listen(&w, &in, NULL);
	REFUSED(&w, get_plan_listen, &l);
	in.hsts_s = 0;
	put_plan_listen(&w, &in, NULL);
	READ_BACK(&w, get_plan_listen, &l);
	wbuf_reset(&w);
	in.host.len = 0;
	put_plan_listen(&w, &in, allow);
	REFUSED(&w, get_plan_listen, &l);
	in.addr = SPAN("./sock");
	put_plan_listen(&w, &in, allow);
	READ_BACK(&w, get_plan_listen, &l);
	wbuf_reset(&w);
	in.addr.len = 0;
	put_plan_listen(&w, &in, allow);
	REFUSED(&w, get_plan_listen, &l);
}
END_TEST

START_TEST(schedule)
{
	struct cursor c;
	struct span blob;
	uint32_t n;

	put_plan_sched(&w, 12, "\0\1\2", 3);
	cursor_init(&c, w.data, w.len);
	ck_assert_int_eq(get_plan_sched(&c, &n, &blob), 0);
	ck_assert_uint_eq(n, 12);
	ck_assert_uint_eq(blob.len, 3);
	ck_assert_mem_eq(blob.p, "\0\1\2", 3);
	cursor_init(&c, w.data, w.len - 1);
	ck_assert_int_eq(get_plan_sched(&c, &n, &blob), -1);
	put_u8(&w, 0);
	cursor_init(&c, w.data, w.len);
	ck_assert_int_eq(get_plan_sched(&c, &n, &blob), -1);
}
END_TEST

START_TEST(messages)
{
	struct plan_err e;

	put_plan_err(&w, PLAN_WARNING, "f:1:2: unknown key");
	EXACT(&w, get_plan_err, &e);
	READ_BACK(&w, get_plan_err, &e);
	ck_assert_uint_eq(e.severity, PLAN_WARNING);
	ck_assert(span_is(e.text, "f:1:2: unknown key"));
	wbuf_reset(&w);
	put_plan_err(&w, PLAN_SEVERITY_MAX, "x");
	REFUSED(&w, get_plan_err, &e);
}
END_TEST

START_TEST(end)
{
	struct plan_end e;

	put_plan_end(&w, &(struct plan_end){ true, 0, 3 });
	EXACT(&w, get_plan_end, &e);
	READ_BACK(&w, get_plan_end, &e);
	ck_assert(e.ok);
	ck_assert_uint_eq(e.nerrors, 0);
	ck_assert_uint_eq(e.nwarnings, 3);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		controls,
		load_request,
		begin,
		begin_beyond_the_limits,
		task,
		task_beyond_the_limits,
		a_nul_ends_no_argument,
		command,
		listener,
		schedule,
		messages,
		end
	};

	return (SUITE_RUN("plan", tests));
}
