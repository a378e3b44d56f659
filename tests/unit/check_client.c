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
 * client.c: questions and answers are read as they were written, at their
 * exact length, and what is out of range is refused.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/client.h"
#include "../../common/plan.h"
#include "../../common/run.h"
#include "../../common/states.h"
#include "exact.h"
#include "suite.h"

static struct wbuf w;
static const char *const words[] = { "frontend", "backend" };

START_TEST(summary)
{
	struct answer_summary s, in = {
		.change = 1ULL << 33, .gen = 2, .pid = 3, .mode = MODE_STOP,
		.load_ok = true, .roles_on = false, .loaded_wall = 4,
		.started_wall = 5, .ntasks = 6, .nrunning = 7,
		.version = SPAN("0.1.0"), .load_error = SPAN("f:1:1: no"),
		.nroles = 2, .nalerts = 1
	};

	put_answer_summary(&w, &in, words, words + 1);
	EXACT(&w, get_answer_summary, &s);
	READ_BACK(&w, get_answer_summary, &s);
	ck_assert(s.change == 1ULL << 33);
	ck_assert_uint_eq(s.gen, 2);
	ck_assert_uint_eq(s.pid, 3);
	ck_assert_uint_eq(s.mode, MODE_STOP);
	ck_assert(s.load_ok && !s.roles_on);
	ck_assert_int_eq(s.loaded_wall, 4);
	ck_assert_int_eq(s.started_wall, 5);
	ck_assert_uint_eq(s.ntasks, 6);
	ck_assert_uint_eq(s.nrunning, 7);
	ck_assert(span_is(s.version, "0.1.0"));
	ck_assert(span_is(s.load_error, "f:1:1: no"));
	ck_assert_uint_eq(s.nroles, 2);
	ck_assert(span_is(get_str(&s.roles), "frontend"));
	ck_assert(span_is(get_str(&s.roles), "backend"));
	ck_assert_uint_eq(s.nalerts, 1);
	ck_assert(span_is(get_str(&s.alerts), "backend"));
	wbuf_reset(&w);
	in.mode = MODE_MAX;
	put_answer_summary(&w, &in, words, words + 1);
	REFUSED(&w, get_answer_summary, &s);
}
END_TEST

START_TEST(task)
{
	struct answer_task t, good = {
		.name = SPAN("web"), .control = CONTROL_ADOPT, .count = 3,
		.running = 2, .state = STATE_FAILED,
		.reason = REASON_WAITS_FOR_EVENT, .detail = SPAN("why"),
		.since_wall = 9, .restarts = 8, .in_scope = true,
		.nrequires = 1, .nroles = 2
	}, in;

	put_answer_task(&w, &good, words, words);
	EXACT(&w, get_answer_task, &t);
	READ_BACK(&w, get_answer_task, &t);
	ck_assert(span_is(t.name, "web"));
	ck_assert_uint_eq(t.control, CONTROL_ADOPT);
	ck_assert_uint_eq(t.count, 3);
	ck_assert_uint_eq(t.running, 2);
	ck_assert_uint_eq(t.state, STATE_FAILED);
	ck_assert_uint_eq(t.reason, REASON_WAITS_FOR_EVENT);
	ck_assert(span_is(t.detail, "why"));
	ck_assert_int_eq(t.since_wall, 9);
	ck_assert_uint_eq(t.restarts, 8);
	ck_assert(t.in_scope);
	ck_assert_uint_eq(t.nrequires, 1);
	ck_assert(span_is(get_str(&t.requires), "frontend"));
	ck_assert_uint_eq(t.nroles, 2);
	ck_assert(span_is(get_str(&t.roles), "frontend"));
	ck_assert(span_is(get_str(&t.roles), "backend"));

	wbuf_reset(&w);
	in = good, in.control = CONTROL_MAX;
	put_answer_task(&w, &in, words, words);
	REFUSED(&w, get_answer_task, &t);
	in = good, in.state = STATE_MAX;
	put_answer_task(&w, &in, words, words);
	REFUSED(&w, get_answer_task, &t);
	in = good, in.reason = REASON_MAX;
	put_answer_task(&w, &in, words, words);
	REFUSED(&w, get_answer_task, &t);
}
END_TEST

START_TEST(process)
{
	struct answer_proc p, in = {
		.instance = 1, .pid = 2, .exit_pending = true,
		.held = true,
		.exited = false, .started_wall = 3, .exited_wall = 4,
		.uptime_ms = 5, .status = 6, .starts = 7
	};

	put_answer_proc(&w, &in);
	EXACT(&w, get_answer_proc, &p);
	READ_BACK(&w, get_answer_proc, &p);
	ck_assert_uint_eq(p.instance, 1);
	ck_assert_uint_eq(p.pid, 2);
	ck_assert(p.exit_pending && p.held && !p.exited);
	ck_assert_int_eq(p.started_wall, 3);
	ck_assert_int_eq(p.exited_wall, 4);
	ck_assert_int_eq(p.uptime_ms, 5);
	ck_assert_uint_eq(p.status, 6);
	ck_assert_uint_eq(p.starts, 7);
}
END_TEST

START_TEST(failure)
{
	struct answer_fail f;

	put_answer_fail(&w, FAIL_DENIED, "not permitted");
	EXACT(&w, get_answer_fail, &f);
	READ_BACK(&w, get_answer_fail, &f);
	ck_assert_uint_eq(f.code, FAIL_DENIED);
	ck_assert(span_is(f.text, "not permitted"));
	wbuf_reset(&w);
	put_answer_fail(&w, FAIL_MAX, "x");
	REFUSED(&w, get_answer_fail, &f);
}
END_TEST

START_TEST(a_change_asked_for)
{
	const struct ask_target	 targets[] = {
		{ SPAN("web:2"), SPAN("") }, { SPAN("db"), SPAN("3") }
	};
	struct ask_change	 q, in = {
		.wait_ms = 30000, .exact = true, .word = SPAN("HUP"), .n = 2
	};
	struct ask_target	 t, many[TARGETS_MAX + 1] = { 0 };

	put_ask_change(&w, &in, targets);
	EXACT(&w, get_ask_change, &q);
	READ_BACK(&w, get_ask_change, &q);
	ck_assert_uint_eq(q.wait_ms, 30000);
	ck_assert(q.exact);
	ck_assert(span_is(q.word, "HUP"));
	ck_assert_uint_eq(q.n, 2);
	get_target(&q.targets, &t);
	ck_assert(span_is(t.name, "web:2") && t.value.len == 0);
	get_target(&q.targets, &t);
	ck_assert(span_is(t.name, "db") && span_is(t.value, "3"));
	ck_assert(cursor_done(&q.targets));
	wbuf_reset(&w);
	in.n = TARGETS_MAX;
	put_ask_change(&w, &in, many);
	READ_BACK(&w, get_ask_change, &q);
	wbuf_reset(&w);
	in.n = TARGETS_MAX + 1;
	put_ask_change(&w, &in, many);
	REFUSED(&w, get_ask_change, &q);
}
END_TEST

START_TEST(a_result)
{
	struct answer_result	 r, in = {
		.name = SPAN("web"), .code = RESULT_TIMEOUT,
		.text = SPAN("not within 30 s")
	};

	put_answer_result(&w, &in);
	EXACT(&w, get_answer_result, &r);
	READ_BACK(&w, get_answer_result, &r);
	ck_assert(span_is(r.name, "web"));
	ck_assert_uint_eq(r.code, RESULT_TIMEOUT);
	ck_assert(span_is(r.text, "not within 30 s"));
	wbuf_reset(&w);
	in.code = RESULT_MAX;
	put_answer_result(&w, &in);
	REFUSED(&w, get_answer_result, &r);
}
END_TEST

START_TEST(a_link_of_a_chain)
{
	struct answer_why	 y, good = {
		.depth = 300, .name = SPAN("db"), .state = STATE_BACKOFF,
		.reason = REASON_CANNOT_START, .detail = SPAN("exec db"),
		.remedy = SPAN("install it"), .since_wall = -1
	}, in;

	put_answer_why(&w, &good);
	EXACT(&w, get_answer_why, &y);
	READ_BACK(&w, get_answer_why, &y);
	ck_assert_uint_eq(y.depth, 300);
	ck_assert(span_is(y.name, "db"));
	ck_assert_uint_eq(y.state, STATE_BACKOFF);
	ck_assert_uint_eq(y.reason, REASON_CANNOT_START);
	ck_assert(span_is(y.detail, "exec db"));
	ck_assert(span_is(y.remedy, "install it"));
	ck_assert_int_eq(y.since_wall, -1);
	wbuf_reset(&w);
	in = good, in.state = STATE_MAX;
	put_answer_why(&w, &in);
	REFUSED(&w, get_answer_why, &y);
	in = good, in.reason = REASON_MAX;
	put_answer_why(&w, &in);
	REFUSED(&w, get_answer_why, &y);
}
END_TEST

START_TEST(a_change_of_a_task)
{
	struct answer_change	 a, in = {
		.name = SPAN("web"), .added = true, .kept = 1, .started = 2,
		.stopped = 3, .restarted = 4, .why = SPAN("new")
	};

	put_answer_change(&w, &in);
	EXACT(&w, get_answer_change, &a);
	READ_BACK(&w, get_answer_change, &a);
	ck_assert(span_is(a.name, "web"));
	ck_assert(a.added && !a.removed);
	ck_assert_uint_eq(a.kept, 1);
	ck_assert_uint_eq(a.started, 2);
	ck_assert_uint_eq(a.stopped, 3);
	ck_assert_uint_eq(a.restarted, 4);
	ck_assert(span_is(a.why, "new"));
}
END_TEST

START_TEST(a_count_of_words_that_lies)
{
	struct answer_summary s, in = { .mode = MODE_RUN };
	struct ask_change q = { .n = 0 };

	put_answer_summary(&w, &in, NULL, NULL);
	/* The last four bytes say how many roles follow. */
	memset(w.data + w.len - 4, 0xff, 4);
	REFUSED(&w, get_answer_summary, &s);
	put_ask_change(&w, &q, NULL);
	memset(w.data + w.len - 4, 0xff, 4);
	REFUSED(&w, get_ask_change, &q);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		summary,
		task,
		process,
		failure,
		a_change_asked_for,
		a_result,
		a_link_of_a_chain,
		a_change_of_a_task,
		a_count_of_words_that_lies
	};

	return (SUITE_RUN("client", tests));
}
