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

/* Forms, and the changes of tasks that they ask for. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/client.h"
#include "../../httpd/change.h"
#include "../../httpd/form.h"
#include "suite.h"

static int
param(const char *form, const char *name, char *buf, size_t size)
{
	return (form_value(form, strlen(form), name, buf, size));
}

START_TEST(form_decoding)
{
	char buf[8];

	ck_assert_int_eq(param("a=b+c", "a", buf, sizeof(buf)), 1);
	ck_assert_str_eq(buf, "b c");
	ck_assert_int_eq(param("a=%2B%c3%A4", "a", buf, sizeof(buf)), 1);
	ck_assert_str_eq(buf, "+\xc3\xa4");
	ck_assert_int_eq(param("a=b=c", "a", buf, sizeof(buf)), 1);
	ck_assert_str_eq(buf, "b=c");
	ck_assert_int_eq(param("&&a=1&", "a", buf, sizeof(buf)), 1);
	ck_assert_str_eq(buf, "1");
	ck_assert_int_eq(param("", "a", buf, sizeof(buf)), 0);
	ck_assert_int_eq(param("&", "a", buf, sizeof(buf)), 0);
	ck_assert_int_eq(param("aa=1&b=a", "a", buf, sizeof(buf)), 0);
	ck_assert_int_eq(param("=1", "a", buf, sizeof(buf)), 0);
	ck_assert_int_eq(param("a=1234567", "a", buf, sizeof(buf)), 1);
	ck_assert_int_eq(param("a=12345678", "a", buf, sizeof(buf)), -1);
	ck_assert_int_eq(param("a=%", "a", buf, sizeof(buf)), -1);
	ck_assert_int_eq(param("a=%4", "a", buf, sizeof(buf)), -1);
	ck_assert_int_eq(param("a=%00", "a", buf, sizeof(buf)), -1);
	ck_assert_int_eq(param("a=%g0", "a", buf, sizeof(buf)), -1);
	/* Not NUL-terminated: nothing beyond the length counts. */
	ck_assert_int_eq(form_value("a=%41", 3, "a", buf, sizeof(buf)), -1);
	ck_assert_int_eq(form_value("a=12", 3, "a", buf, sizeof(buf)), 1);
	ck_assert_str_eq(buf, "1");
}
END_TEST

START_TEST(pairs)
{
	const char text[] = "&a=1&&b+c=%41%26=&d&=e&";
	struct form f = { text, sizeof(text) - 1 };
	static const char *const want[] = { "a", "1", "b c", "A&=", "d", "",
	    "", "e" };
	char *name, *value;
	size_t i;

	for (i = 0; i < 8; i += 2) {
		ck_assert_int_eq(form_next(&f, &name, &value), 1);
		ck_assert_str_eq(name, want[i]);
		ck_assert_str_eq(value, want[i + 1]);
		free(name);
		free(value);
	}
	ck_assert_int_eq(form_next(&f, &name, &value), 0);
}
END_TEST

START_TEST(bad_pairs)
{
	static const char *const bad[] = { "a=%", "%4=x", "a=%00", "%0a=x",
	    "a=%7f", "a=\n", "a=1&b=%zz" };
	struct change *c;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c = change_new();
		ck_assert_int_eq(change_add_form(c, bad[i], strlen(bad[i])),
		    -1);
		change_free(c);
	}
}
END_TEST

static void
add(struct change *c, const char *form)
{
	ck_assert_int_eq(change_add_form(c, form, strlen(form)), 0);
}

START_TEST(sorted_and_the_first_wins)
{
	static const char *const want[] = { "a", "4", "b", "1", "c", "3" };
	struct change *c = change_new();
	struct wbuf w = { 0 };
	struct ask_change q;
	struct ask_target t;
	struct cursor cur;
	size_t i;

	add(c, "b=1&b=2&c=3");
	add(c, "a=4&c=5&b=6&a=7");
	ck_assert_uint_eq(change_count(c), 3);
	change_put(c, &w);
	cursor_init(&cur, w.data, w.len);
	ck_assert_int_eq(get_ask_change(&cur, &q), 0);
	ck_assert_uint_eq(q.n, 3);
	ck_assert(q.exact);
	ck_assert_uint_eq(q.wait_ms, 0);
	for (i = 0; i < 6; i += 2) {
		get_target(&q.targets, &t);
		ck_assert(span_is(t.name, want[i]));
		ck_assert(span_is(t.value, want[i + 1]));
	}
	wbuf_free(&w);
	change_free(c);
}
END_TEST

START_TEST(too_many)
{
	struct change *c = change_new();
	char *form;
	size_t i, len = 0;

	form = malloc(TARGETS_MAX * 8 + 32);
	ck_assert_ptr_nonnull(form);
	for (i = 0; i < TARGETS_MAX; i++)
		len += snprintf(form + len, 9, "t%zu=1&", i);
	add(c, form);
	ck_assert_uint_eq(change_count(c), TARGETS_MAX);
	ck_assert_int_eq(change_add_form(c, "more=1", 6), -1);
	change_free(c);
	c = change_new();
	memcpy(form + len, "more=1", 7);
	ck_assert_int_eq(change_add_form(c, form, strlen(form)), -1);
	change_free(c);
	free(form);
}
END_TEST

/* The monitor's answer about one task. */
static int
result(struct change *c, const char *name, enum result_code code,
    const char *text)
{
	struct answer_result r = { .code = code };
	struct wbuf w = { 0 };
	struct cursor cur;
	int ret;

	r.name = (struct span){ name, strlen(name) };
	r.text = (struct span){ text, strlen(text) };
	put_answer_result(&w, &r);
	cursor_init(&cur, w.data, w.len);
	ret = change_result(c, &cur);
	wbuf_free(&w);
	return (ret);
}

static void
expect(struct change *c, int status, const char *text)
{
	char *s;
	size_t len;

	ck_assert_int_eq(change_status(c), status);
	s = change_text(c, &len);
	ck_assert_str_eq(s, text);
	ck_assert_uint_eq(len, strlen(text));
	free(s);
	change_free(c);
}

static struct change *
asked(const char *form)
{
	struct change *c = change_new();

	add(c, form);
	return (c);
}

START_TEST(answers)
{
	struct change *c;

	c = asked("a=off&b=off");
	ck_assert_int_eq(change_status(c), 0);
	ck_assert_int_eq(result(c, "a", RESULT_SAME, "no change"), 0);
	ck_assert_int_eq(change_status(c), 200);
	ck_assert_int_eq(result(c, "b", RESULT_OK, "ok"), 0);
	/* More than was asked for. */
	ck_assert_int_eq(result(c, "c", RESULT_OK, "ok"), -1);
	expect(c, 202, "a\tno change\nb\tok\n");

	c = asked("a=off&b=of&c=off");
	ck_assert_int_eq(result(c, "a", RESULT_OK, "ok"), 0);
	ck_assert_int_eq(result(c, "b", RESULT_BAD_VALUE,
	    "bad control 'of'"), 0);
	ck_assert_int_eq(result(c, "c", RESULT_NOT_FOUND, "not found"), 0);
	expect(c, 404, "a\tno change\nb\tbad control 'of'\nc\tnot found\n");

	c = asked("a=off");
	ck_assert_int_eq(result(c, "a", RESULT_FAILED, "is stopping"), 0);
	expect(c, 409, "a\tis stopping\n");
	c = asked("a=off");
	ck_assert_int_eq(result(c, "a", RESULT_MAX, "?"), -1);
	change_free(c);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		form_decoding,
		pairs,
		bad_pairs,
		sorted_and_the_first_wins,
		too_many,
		answers,
	};

	return (SUITE_RUN("change", tests));
}
