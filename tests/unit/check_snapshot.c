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

/* What httpd keeps of the monitor's answers, and what it refuses. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/log.h"
#include "../../common/plan.h"
#include "../../common/states.h"
#include "../../httpd/render.h"
#include "../../httpd/snapshot.h"
#include "suite.h"

static const struct span empty = { "", 0 };

static int
add(struct snapshot *s, struct wbuf *w, int (*fn)(struct snapshot *,
    struct cursor *))
{
	struct cursor c;
	int ret;

	ck_assert(!w->failed);
	cursor_init(&c, w->data, w->len);
	ret = fn(s, &c);
	wbuf_free(w);
	return (ret);
}

static int
add_summary(struct snapshot *s, uint64_t change, uint32_t gen)
{
	struct answer_summary sum;
	struct wbuf w = { 0 };

	memset(&sum, 0, sizeof(sum));
	sum.change = change;
	sum.gen = gen;
	sum.version = sum.load_error = empty;
	put_answer_summary(&w, &sum, NULL, NULL);
	return (add(s, &w, snapshot_add_summary));
}

static int
add_task(struct snapshot *s, const char *name)
{
	struct answer_task t;
	struct wbuf w = { 0 };

	memset(&t, 0, sizeof(t));
	t.name = (struct span){ name, strlen(name) };
	t.control = CONTROL_ONCE;
	t.count = 2;
	t.state = STATE_RUNNING;
	t.detail = empty;
	put_answer_task(&w, &t, NULL, NULL);
	return (add(s, &w, snapshot_add_task));
}

static int
add_proc(struct snapshot *s, uint16_t instance, uint32_t pid, int64_t uptime)
{
	struct answer_proc p;
	struct wbuf w = { 0 };

	memset(&p, 0, sizeof(p));
	p.instance = instance;
	p.pid = pid;
	p.uptime_ms = uptime;
	put_answer_proc(&w, &p);
	return (add(s, &w, snapshot_add_proc));
}

START_TEST(records_come_back_in_order)
{
	struct snapshot *s = snapshot_new();
	struct snapshot_record r;
	size_t pos = 0;

	ck_assert(!snapshot_complete(s));
	ck_assert_int_eq(add_summary(s, 77, 3), 0);
	ck_assert(snapshot_complete(s));
	ck_assert_uint_eq(snapshot_change(s), 77);
	ck_assert_uint_eq(snapshot_gen(s), 3);
	ck_assert_int_eq(add_task(s, "b"), 0);
	ck_assert_int_eq(add_proc(s, 0, 100, 5000), 0);
	ck_assert_int_eq(add_proc(s, 1, 0, 0), 0);
	ck_assert_int_eq(add_task(s, "a"), 0);

	ck_assert(snapshot_next(s, &pos, &r));
	ck_assert(r.is_task && span_is(r.task.name, "b"));
	ck_assert(snapshot_next(s, &pos, &r));
	ck_assert(!r.is_task && r.proc.pid == 100);
	ck_assert_int_ge(r.proc.uptime_ms, 5000);
	ck_assert_int_lt(r.proc.uptime_ms, 5000 + 10000);
	ck_assert(snapshot_next(s, &pos, &r));
	/* Nobody who does not run grows older. */
	ck_assert(!r.is_task && r.proc.uptime_ms == 0);
	ck_assert(snapshot_next(s, &pos, &r));
	ck_assert(r.is_task && span_is(r.task.name, "a"));
	ck_assert(!snapshot_next(s, &pos, &r));
	ck_assert(!snapshot_next(s, &pos, &r));
	snapshot_free(s);
}
END_TEST

START_TEST(wrong_order_is_refused)
{
	struct snapshot *s = snapshot_new();

	ck_assert_int_eq(add_task(s, "a"), -1);
	ck_assert_int_eq(add_proc(s, 0, 1, 1), -1);
	ck_assert_int_eq(add_summary(s, 1, 1), 0);
	ck_assert_int_eq(add_proc(s, 0, 1, 1), -1);
	ck_assert_int_eq(add_summary(s, 1, 1), -1);
	snapshot_free(s);
}
END_TEST

START_TEST(malformed_is_refused)
{
	struct snapshot *s = snapshot_new();
	struct wbuf w = { 0 };

	put_u32(&w, 1);
	ck_assert_int_eq(add(s, &w, snapshot_add_summary), -1);
	snapshot_free(s);
	s = snapshot_new();
	ck_assert_int_eq(add_summary(s, 1, 1), 0);
	put_u32(&w, 1);
	ck_assert_int_eq(add(s, &w, snapshot_add_task), -1);
	put_u32(&w, 1);
	ck_assert_int_eq(add(s, &w, snapshot_add_proc), -1);
	snapshot_free(s);
}
END_TEST

START_TEST(rendering)
{
	struct snapshot *s = snapshot_new();
	struct text *t;

	ck_assert_int_eq(add_summary(s, 1, 1), 0);
	t = render_tasks(s, 0);
	ck_assert_str_eq(t->data, "{}\n");
	ck_assert_uint_eq(t->len, 3);
	text_unref(t);
	ck_assert_int_eq(add_task(s, "web\"1"), 0);
	ck_assert_int_eq(add_proc(s, 0, 100, 5000), 0);
	ck_assert_int_eq(add_task(s, "db"), 0);
	t = render_tasks(s, 0);
	ck_assert_uint_eq(strlen(t->data), t->len);
	ck_assert_int_eq(strncmp(t->data, "{\"web\\\"1\": {", 12), 0);
	ck_assert_ptr_nonnull(strstr(t->data, "\"control\": \"once\""));
	ck_assert_ptr_nonnull(strstr(t->data, "\"pid\": 100"));
	ck_assert_ptr_nonnull(strstr(t->data, "\"uptime\": 5."));
	ck_assert_ptr_nonnull(strstr(t->data, "}]}, \"db\": {"));
	ck_assert_ptr_nonnull(strstr(t->data, "\"processes\": []}}\n"));
	text_unref(t);
	snapshot_free(s);
}
END_TEST

START_TEST(texts_live_as_long_as_they_are_used)
{
	struct text *t = text_new(strdup("x"), 1);

	ck_assert_ptr_eq(text_ref(t), t);
	text_unref(t);
	ck_assert_str_eq(t->data, "x");
	text_unref(t);
	text_unref(NULL);
}
END_TEST

START_TEST(version)
{
	static const char start[] = "{\"taskforce\": \"" PACKAGE_VERSION
	    "\", \"platform\": {\"system\": \"";
	struct text *t;

	render_init();
	t = render_version(false, 0);
	ck_assert_int_eq(strncmp(t->data, start, strlen(start)), 0);
	ck_assert_ptr_null(strstr(t->data, "release"));
	text_unref(t);
	t = render_version(true, 0);
	ck_assert_ptr_nonnull(strstr(t->data, "\"release\": \""));
	ck_assert_ptr_nonnull(strstr(t->data, "\"platform\": \""));
	text_unref(t);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		records_come_back_in_order,
		wrong_order_is_refused,
		malformed_is_refused,
		rendering,
		texts_live_as_long_as_they_are_used,
		version,
	};

	return (SUITE_RUN("snapshot", tests));
}
