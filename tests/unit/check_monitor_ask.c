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
 * Requests that change tasks, asked of the monitor as it is built: what is
 * meant by the words, and that all of it is done or nothing.
 */

#include "ask_rig.h"
#include "suite.h"

static char			*role_web[] = { (char *)(uintptr_t)"web" };

static void
two_slots(uint32_t i, struct schedrec_task *t)
{
	if (i == 1)
		t->count = 2;
	if (i >= 2) {
		t->roles = role_web;
		t->nroles = 1;
	}
	if (i == 3) {
		t->in_role = false;
		t->why = REASON_NOT_IN_ROLE;
	}
}

START_TEST(targets_are_named_in_many_ways)
{
	struct imsgbuf	*b;

	shape = two_slots;
	birth();
	sync_n(1, 4, true);
	b = client(BOTH);
	signalled(103, SIGTERM);	/* out of its role */
	starts(1, 300);			/* its second slot */
	/* Each task once, in order of name, whatever the words. */
	ASK(b, C_RESTART, 1, NOWAIT, "", "t1:1", "t[01]", "t1:0", "t0", "t1:1");
	result(b, 1, "t0", RESULT_OK, "ok");
	result(b, 1, "t1", RESULT_OK, "ok");
	all_ok(b, 1);
	signalled(100, SIGTERM);
	signalled(101, SIGTERM);
	signalled(300, SIGTERM);
	/* A slot alone; those of a role, but not what is out of scope. */
	ASK(b, C_STOP, 2, NOWAIT, "", "t1:1");
	result(b, 2, "t1:1", RESULT_OK, "ok");
	all_ok(b, 2);
	ASK(b, C_RESTART, 3, NOWAIT, "", "@web");
	result(b, 3, "t2", RESULT_OK, "ok");
	all_ok(b, 3);
	signalled(102, SIGTERM);
	/* By its name it is an error. */
	ASK(b, C_RESTART, 4, NOWAIT, "", "t3", "t2");
	result(b, 4, "t2", RESULT_SAME, "no change");
	result(b, 4, "t3", RESULT_FAILED, "stopping: killed at *");
	death();
}
END_TEST

START_TEST(all_of_it_or_nothing)
{
	struct imsgbuf	*b;

	shape = two_slots;
	birth();
	sync_n(1, 3, true);
	b = client(BOTH);
	starts(1, 300);
	ASK(b, C_STOP, 1, LONG, "", "t0", "zz", "x*", "@none", "t1:2",
	    "t0:x");
	result(b, 1, "@none", RESULT_NOT_FOUND, "no task has that role");
	result(b, 1, "t0", RESULT_SAME, "no change");
	result(b, 1, "t0:x", RESULT_NOT_FOUND, "not found");
	result(b, 1, "t1:2", RESULT_NOT_FOUND, "no such slot: its count is 2");
	result(b, 1, "x*", RESULT_NOT_FOUND, "not found");
	result(b, 1, "zz", RESULT_NOT_FOUND, "not found");
	expect_fail(b, 1, FAIL_NOT_FOUND);
	/* Nothing of it went to the spawner: this is the first that does. */
	ASK(b, C_STOP, 2, NOWAIT, "", "t2");
	result(b, 2, "t2", RESULT_OK, "ok");
	all_ok(b, 2);
	signalled(102, SIGTERM);
	/* No target at all. */
	ask(b, C_STOP, 3, NOWAIT, "", (const char *const[]){ NULL });
	expect_fail(b, 3, FAIL_NOT_FOUND);
	death();
}
END_TEST

START_TEST(counts)
{
	struct count_req	 q;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;

	birth();
	sync_n(1, 8, true);
	b = client(BOTH);
	ASK(b, C_COUNT, 1, NOWAIT, "", "t0=2", "t1=0", "t2=-3", "t3=x",
	    "t4=", "t5=1025", "t6=99999999999999999999", "t7=1",
	    "t9=1");
	result(b, 1, "t0", RESULT_SAME, "no change");
	result(b, 1, "t1", RESULT_BAD_VALUE, "non-positive count '0'");
	result(b, 1, "t2", RESULT_BAD_VALUE, "non-positive count '-3'");
	result(b, 1, "t3", RESULT_BAD_VALUE, "bad count \"x\"");
	result(b, 1, "t4", RESULT_BAD_VALUE, "bad count \"\"");
	result(b, 1, "t5", RESULT_BAD_VALUE, "bad count \"1025\": at most "
	    "1024");
	result(b, 1, "t6", RESULT_BAD_VALUE, "bad count "
	    "\"99999999999999999999\": at most 1024");
	result(b, 1, "t7", RESULT_SAME, "no change");
	result(b, 1, "t9", RESULT_NOT_FOUND, "not found");
	expect_fail(b, 1, FAIL_NOT_FOUND);
	ASK(b, C_COUNT, 2, LONG, "", "t0=2", "t7=1");
	expect(spawner, R_COUNT, &m, &c);
	ck_assert_int_eq(get_count_req(&c, &q), 0);
	ck_assert_uint_eq(q.task, 0);
	ck_assert_uint_eq(q.count, 2);
	ck_assert_uint_eq(q.control, CONTROL_WAIT);
	starts(0, 300);
	result(b, 2, "t0", RESULT_OK, "running");
	result(b, 2, "t7", RESULT_SAME, "no change");
	all_ok(b, 2);
	/* Two values for one task are none. */
	ASK(b, C_COUNT, 3, NOWAIT, "", "t[01]=3", "t0=4", "t1=3");
	result(b, 3, "t0", RESULT_BAD_VALUE, "both '4' and '3' asked for");
	result(b, 3, "t1", RESULT_SAME, "no change");
	expect_fail(b, 3, FAIL_FAILED);
	death();
}
END_TEST

START_TEST(controls)
{
	struct count_req	 q;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;

	birth();
	sync_n(1, 3, true);
	b = client(BOTH);
	ASK(b, C_CONTROL, 1, NOWAIT, "", "t0=off", "t1=upside-down",
	    "t2=adopt");
	result(b, 1, "t0", RESULT_SAME, "no change");
	result(b, 1, "t1", RESULT_BAD_VALUE, "bad control 'upside-down'");
	result(b, 1, "t2", RESULT_BAD_VALUE, "bad control 'adopt': the task "
	    "has no pidfile, and not both commands check and stop");
	expect_fail(b, 1, FAIL_FAILED);
	ASK(b, C_CONTROL, 2, LONG, "", "t0=off", "t1=wait");
	expect(spawner, R_COUNT, &m, &c);
	ck_assert_int_eq(get_count_req(&c, &q), 0);
	ck_assert_uint_eq(q.task, 0);
	ck_assert_uint_eq(q.count, 1);
	ck_assert_uint_eq(q.control, CONTROL_OFF);
	signalled(100, SIGTERM);
	exits(100, 1000, 0);
	result(b, 2, "t0", RESULT_OK, "off, control-off: by request");
	result(b, 2, "t1", RESULT_SAME, "no change");
	all_ok(b, 2);
	death();
}
END_TEST

START_TEST(signals)
{
	struct imsgbuf	*b;

	birth();
	sync_n(1, 2, true);
	b = client(BOTH);
	ASK(b, C_SIGNAL, 1, LONG, "HUP", "all");
	result(b, 1, "t0", RESULT_OK, "ok");
	result(b, 1, "t1", RESULT_OK, "ok");
	all_ok(b, 1);
	signalled(100, SIGHUP);
	signalled(101, SIGHUP);
	ASK(b, C_SIGNAL, 2, LONG, "HUPP", "t0");
	result(b, 2, "t0", RESULT_BAD_VALUE, "bad signal 'HUPP'");
	expect_fail(b, 2, FAIL_FAILED);
	/* The spawner would take us for an intruder. */
	ASK(b, C_SIGNAL, 3, LONG, "SEGV", "t0");
	result(b, 3, "t0", RESULT_BAD_VALUE, "SIGSEGV may not be sent: no "
	    "event of the task sends it");
	expect_fail(b, 3, FAIL_FAILED);
	death();
}
END_TEST

START_TEST(who_may_see_may_not_change_tasks)
{
	static const uint16_t	 types[] = { C_START, C_STOP, C_RESTART,
	    C_COUNT, C_CONTROL, C_SIGNAL, C_RUN };
	struct imsgbuf		*b;
	uint32_t		 i;

	birth();
	sync_n(1, 1, true);
	b = client(RIGHT_STATUS);
	for (i = 0; i < nitems(types); i++) {
		ASK(b, types[i], i, NOWAIT, "", "t0=1");
		expect_fail(b, i, FAIL_DENIED);
	}
	ASK(client(BOTH), C_STOP, 9, NOWAIT, "", "t0");
	signalled(100, SIGTERM);
	death();
}
END_TEST

/* Twenty thousand results, and nobody reads for a while. */
START_TEST(long_answers_come_in_pieces)
{
	struct answer_result	 r;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;
	char			 before[16] = "", name[16];
	uint32_t		 i;

	birth();
	sync_n(1, 20000, true);
	b = client(BOTH);
	for (i = 0; i < 3; i++)
		ASK(b, C_CONTROL, i, NOWAIT, "", "*=wait", "t1*=wait");
	for (i = 0; i < 20000; i++) {
		expect(b, A_RESULT, &m, &c);
		ck_assert_int_eq(get_answer_result(&c, &r), 0);
		ck_assert_uint_eq(r.code, RESULT_SAME);
		snprintf(name, sizeof(name), "%.*s", (int)r.name.len,
		    r.name.p);
		ck_assert_int_lt(strcmp(before, name), 0);
		memcpy(before, name, sizeof(before));
	}
	all_ok(b, 0);
	for (i = 0; i < 20000; i++)
		expect(b, A_RESULT, &m, NULL);
	all_ok(b, 1);
	death();
}
END_TEST

START_TEST(a_question_that_lies_ends_its_client)
{
	struct imsgbuf	*b, *good;
	struct wbuf	*w;
	struct imsg	 m;

	birth();
	sync_n(1, 1, true);
	good = client(BOTH);
	b = client(BOTH);
	w = imsgbuf_begin(b, C_STOP, 1);
	put_u32(w, 0);
	put_bool(w, false);
	put_str(w, "");
	put_u32(w, 4000);
	end(b);
	ck_assert(!get(b, &m));
	ask_status(good, 1, NULL);
	ck_assert_uint_eq(read_status(good, 1), 1);
	ck_assert_int_eq(death(), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		targets_are_named_in_many_ways,
		all_of_it_or_nothing,
		counts,
		controls,
		signals,
		who_may_see_may_not_change_tasks,
		long_answers_come_in_pieces,
		a_question_that_lies_ends_its_client
	};

	if (rig_init(argc, argv) == -1)
		return (2);
	return (SUITE_RUN("monitor_ask", tests));
}
