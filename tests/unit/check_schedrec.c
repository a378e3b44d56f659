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
 * schedrec.c: a schedule record is read as it was written, at its exact
 * length, and refused when one of its numbers is out of bounds.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../monitor/schedrec.h"
#include "suite.h"

#define NTASKS	9	/* in the plan of these tests */

static char start[] = "start", stop[] = "stop", path[] = "/a b",
    role1[] = "web", role2[] = "db", name[] = "task", detail[] = "why",
    cwd[] = "/srv", prog[] = "/bin/prog", pidfile[] = "/run/task.pid";
static char *roles[] = { role1, role2 };
static char *paths[] = { path };
static struct schedrec_require requires[] = { { 3, true }, { 8, false } };
static uint32_t onexit_tasks[] = { 5 };
static struct schedrec_cmd cmds[] = {
	{ start, prog, false }, { stop, prog, true }
};
static struct schedrec_event events[] = {
	{ EVENT_FILE_CHANGE, ACTION_COMMAND, 1, 0, 1, true, 1, paths },
	{ EVENT_STOP, ACTION_SIGNAL, 0, 15, 0, false, 0, NULL },
	{ EVENT_SELF, ACTION_STOP, 0, 0, 0, false, 0, NULL }
};

static struct schedrec_task
sample(void)
{
	return ((struct schedrec_task){
	    .name = name, .control = CONTROL_ONCE, .count = 7,
	    .in_role = true, .why = REASON_NO_PROGRAM, .held = true,
	    .detail = detail, .cwd = cwd, .start_delay_ms = 1,
	    .time_limit_ms = 2, .stop_timeout_ms = 3, .check_interval_ms = 4,
	    .check_timeout_ms = 5, .nrequires = 2, .requires = requires,
	    .nonexit = 1, .onexit = onexit_tasks, .nroles = 2,
	    .roles = roles, .ncmds = 2, .cmds = cmds, .stop_cmd = 1,
	    .check_cmd = 0, .nevents = 3, .events = events,
	    .has_pidfile = true, .pidfile = pidfile });
}

static int
read_back(const struct wbuf *w, struct schedrec_task *t, uint32_t ntasks)
{
	struct cursor c;

	cursor_init(&c, w->data, w->len);
	return (get_schedrec_task(&c, t, ntasks));
}

/* The record is refused once something in it is wrong. */
static void
assert_refused(const struct schedrec_task *t)
{
	struct schedrec_task got;
	struct wbuf w;

	memset(&w, 0, sizeof(w));
	put_schedrec_task(&w, t);
	ck_assert_int_eq(read_back(&w, &got, NTASKS), -1);
	ck_assert_ptr_null(got.name);
	wbuf_free(&w);
}

START_TEST(a_task_comes_back)
{
	struct schedrec_task t = sample(), got;
	struct wbuf w;

	memset(&w, 0, sizeof(w));
	put_schedrec_task(&w, &t);
	ck_assert_int_eq(read_back(&w, &got, NTASKS), 0);
	ck_assert_str_eq(got.name, "task");
	ck_assert_int_eq(got.control, CONTROL_ONCE);
	ck_assert_uint_eq(got.count, 7);
	ck_assert(got.in_role);
	ck_assert(got.held);
	ck_assert_int_eq(got.why, REASON_NO_PROGRAM);
	ck_assert_str_eq(got.detail, "why");
	ck_assert_str_eq(got.cwd, "/srv");
	ck_assert_str_eq(got.cmds[1].program, "/bin/prog");
	ck_assert_uint_eq(got.start_delay_ms, 1);
	ck_assert_uint_eq(got.time_limit_ms, 2);
	ck_assert_uint_eq(got.stop_timeout_ms, 3);
	ck_assert_uint_eq(got.check_interval_ms, 4);
	ck_assert_uint_eq(got.check_timeout_ms, 5);
	ck_assert_uint_eq(got.nrequires, 2);
	ck_assert_uint_eq(got.requires[0].task, 3);
	ck_assert(got.requires[0].ok);
	ck_assert_uint_eq(got.requires[1].task, 8);
	ck_assert(!got.requires[1].ok);
	ck_assert_uint_eq(got.nonexit, 1);
	ck_assert_uint_eq(got.onexit[0], 5);
	ck_assert_uint_eq(got.nroles, 2);
	ck_assert_str_eq(got.roles[1], "db");
	ck_assert_uint_eq(got.ncmds, 2);
	ck_assert_str_eq(got.cmds[1].name, "stop");
	ck_assert(got.cmds[1].per_process);
	ck_assert_uint_eq(got.stop_cmd, 1);
	ck_assert_uint_eq(got.nevents, 3);
	ck_assert_uint_eq(got.events[0].npaths, 1);
	ck_assert_str_eq(got.events[0].paths[0], "/a b");
	ck_assert_int_eq(got.events[1].sig, 15);
	ck_assert(got.has_pidfile);
	ck_assert_str_eq(got.pidfile, "/run/task.pid");
	schedrec_task_clear(&got);
	wbuf_free(&w);
}
END_TEST

START_TEST(no_other_length_will_do)
{
	struct schedrec_task t = sample(), got;
	struct cursor c;
	struct wbuf w;
	uint8_t *copy;
	size_t len;

	memset(&w, 0, sizeof(w));
	put_schedrec_task(&w, &t);
	for (len = 0; len <= w.len + 1; len++) {
		copy = calloc(1, len + 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, w.data, len < w.len ? len : w.len);
		cursor_init(&c, copy, len);
		ck_assert_int_eq(get_schedrec_task(&c, &got, NTASKS),
		    len == w.len ? 0 : -1);
		schedrec_task_clear(&got);
		free(copy);
	}
	wbuf_free(&w);
}
END_TEST

/* Any single byte may have been changed on the way. */
START_TEST(no_byte_can_harm)
{
	struct schedrec_task t = sample(), got;
	struct cursor c;
	struct wbuf w;
	unsigned int v;
	size_t i;
	uint8_t was;

	memset(&w, 0, sizeof(w));
	put_schedrec_task(&w, &t);
	for (i = 0; i < w.len; i++) {
		was = w.data[i];
		for (v = 0; v < 256; v++) {
			w.data[i] = v;
			cursor_init(&c, w.data, w.len);
			if (get_schedrec_task(&c, &got, NTASKS) == 0) {
				ck_assert_int_lt(got.control, CONTROL_MAX);
				ck_assert_uint_lt(got.stop_cmd, got.ncmds);
				schedrec_task_clear(&got);
			}
		}
		w.data[i] = was;
	}
	wbuf_free(&w);
}
END_TEST

START_TEST(indexes)
{
	struct schedrec_require bad_require[] = { { NTASKS, false } };
	uint32_t bad_onexit[] = { NTASKS };
	struct schedrec_task t;

	t = sample();
	t.requires = bad_require;
	t.nrequires = 1;
	assert_refused(&t);
	t = sample();
	t.onexit = bad_onexit;
	assert_refused(&t);
	t = sample();
	t.stop_cmd = 2;
	assert_refused(&t);
	t = sample();
	t.check_cmd = 2;
	assert_refused(&t);
}
END_TEST

START_TEST(enums_and_limits)
{
	struct schedrec_cmd many[LIMIT_CMDS + 1];
	struct schedrec_task t;
	char long_name[LIMIT_NAME + 2], none[] = "";
	size_t i;

	t = sample();
	t.control = CONTROL_MAX;
	assert_refused(&t);
	t = sample();
	t.why = REASON_MAX;
	assert_refused(&t);
	t = sample();
	t.count = LIMIT_INSTANCES + 1;
	assert_refused(&t);
	t = sample();
	t.name = none;
	assert_refused(&t);
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	t.name = long_name;
	assert_refused(&t);
	t = sample();
	t.ncmds = 0;
	t.stop_cmd = 0;
	t.nevents = 0;
	assert_refused(&t);
	for (i = 0; i < LIMIT_CMDS + 1; i++)
		many[i] = cmds[0];
	t = sample();
	t.cmds = many;
	t.ncmds = LIMIT_CMDS + 1;
	assert_refused(&t);
}
END_TEST

START_TEST(events_are_judged)
{
	static const struct schedrec_event bad[] = {
		{ EVENT_TYPE_MAX, ACTION_STOP, 0, 0, 0, false, 0, NULL },
		{ EVENT_SELF, ACTION_STOP, 0, 0, 2, false, 0, NULL },
		{ EVENT_SELF, ACTION_MAX, 0, 0, 0, false, 0, NULL },
		{ EVENT_SELF, ACTION_COMMAND, 0, 0, 0, false, 0, NULL },
		{ EVENT_SELF, ACTION_COMMAND, 2, 0, 0, false, 0, NULL },
		{ EVENT_SELF, ACTION_COMMAND, 1, 9, 0, false, 0, NULL },
		{ EVENT_SELF, ACTION_STOP, 1, 0, 0, false, 0, NULL },
		{ EVENT_SELF, ACTION_SIGNAL, 0, 0, 0, false, 0, NULL },
		{ EVENT_SELF, ACTION_SIGNAL, 0, 65, 0, false, 0, NULL },
		{ EVENT_SELF, ACTION_SIGNAL, 1, 9, 0, false, 0, NULL }
	};
	struct schedrec_event e;
	struct schedrec_task t = sample();
	size_t i;

	t.events = &e;
	t.nevents = 1;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = bad[i];
		assert_refused(&t);
	}
}
END_TEST

START_TEST(the_plan)
{
	struct schedrec_plan p = { .roles_on = true, .all_roles = true,
	    .nroles = 2, .roles = roles, .settle_ms = 100, .nlocks = 1,
	    .locks = roles + 1 }, got;
	struct cursor c;
	struct wbuf w;
	size_t len;

	memset(&w, 0, sizeof(w));
	put_schedrec_plan(&w, &p);
	for (len = 0; len <= w.len; len++) {
		cursor_init(&c, w.data, len);
		ck_assert_int_eq(get_schedrec_plan(&c, &got),
		    len == w.len ? 0 : -1);
		if (len < w.len)
			ck_assert(got.roles == NULL && got.locks == NULL);
	}
	ck_assert(got.roles_on);
	ck_assert(got.all_roles);
	ck_assert_uint_eq(got.nroles, 2);
	ck_assert_str_eq(got.roles[0], "web");
	ck_assert_uint_eq(got.settle_ms, 100);
	ck_assert_uint_eq(got.nlocks, 1);
	ck_assert_str_eq(got.locks[0], roles[1]);
	schedrec_plan_clear(&got);
	wbuf_free(&w);
}
END_TEST

/* A count that the message cannot hold asks for no memory. */
START_TEST(a_count_that_lies)
{
	struct schedrec_plan got;
	struct cursor c;
	struct wbuf w;

	memset(&w, 0, sizeof(w));
	put_bool(&w, true);
	put_bool(&w, false);
	put_u32(&w, UINT32_MAX);
	put_u32(&w, 0);
	cursor_init(&c, w.data, w.len);
	ck_assert_int_eq(get_schedrec_plan(&c, &got), -1);
	wbuf_free(&w);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_task_comes_back,
		no_other_length_will_do,
		no_byte_can_harm,
		indexes,
		enums_and_limits,
		events_are_judged,
		the_plan,
		a_count_that_lies
	};

	return (SUITE_RUN("schedrec", tests));
}
