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

/* The JSON writer: what it writes is JSON, whatever it is given. */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/json.h"
#include "suite.h"

/* The finished text must be want and a newline. */
static void
expect(struct json *j, const char *want)
{
	size_t len;
	char *text;

	text = json_finish(j, &len);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(len, strlen(text));
	ck_assert_uint_gt(len, 0);
	ck_assert_int_eq(text[len - 1], '\n');
	text[len - 1] = '\0';
	ck_assert_str_eq(text, want);
	free(text);
}

static void
expect_string(const char *s, size_t len, const char *want)
{
	struct json *j = json_new(0);

	json_stringn(j, s, len);
	expect(j, want);
	json_free(j);
}

static void
write_sample(struct json *j)
{
	json_object(j);
	json_key(j, "a");
	json_array(j);
	json_int(j, -1);
	json_uint(j, 2);
	json_array_end(j);
	json_key(j, "b");
	json_object(j);
	json_object_end(j);
	json_keyn(j, "cxx", 1);
	json_array(j);
	json_array_end(j);
	json_key(j, "d");
	json_object(j);
	json_key(j, "e");
	json_null(j);
	json_key(j, "f");
	json_bool(j, true);
	json_key(j, "g");
	json_bool(j, false);
	json_key(j, "h");
	json_raw(j, "1.50", 4);
	json_object_end(j);
	json_object_end(j);
}

START_TEST(on_one_line)
{
	struct json *j = json_new(0);

	write_sample(j);
	expect(j, "{\"a\": [-1, 2], \"b\": {}, \"c\": [], \"d\": "
	    "{\"e\": null, \"f\": true, \"g\": false, \"h\": 1.50}}");
	/* Empty again, and of use. */
	json_string(j, "x");
	expect(j, "\"x\"");
	json_free(j);
}
END_TEST

START_TEST(indented)
{
	struct json *j = json_new(2);

	write_sample(j);
	expect(j, "{\n  \"a\": [\n    -1,\n    2\n  ],\n  \"b\": {},\n"
	    "  \"c\": [],\n  \"d\": {\n    \"e\": null,\n    \"f\": true,\n"
	    "    \"g\": false,\n    \"h\": 1.50\n  }\n}");
	json_free(j);
}
END_TEST

START_TEST(numbers_at_their_ends)
{
	struct json *j = json_new(0);

	json_array(j);
	json_int(j, 0);
	json_int(j, INT64_MAX);
	json_int(j, INT64_MIN);
	json_uint(j, UINT64_MAX);
	json_array_end(j);
	expect(j, "[0, 9223372036854775807, -9223372036854775808, "
	    "18446744073709551615]");
	json_free(j);
}
END_TEST

START_TEST(strings_are_escaped)
{
	expect_string("", 0, "\"\"");
	expect_string("plain", 5, "\"plain\"");
	expect_string("a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\"");
	expect_string("\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"");
	expect_string("\0\1\x1f\x7f", 4,
	    "\"\\u0000\\u0001\\u001f\\u007f\"");
	expect_string("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9,
	    "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
}
END_TEST

#define FFFD	"\xef\xbf\xbd"

START_TEST(what_is_not_utf8_is_replaced)
{
	expect_string("\x80", 1, "\"" FFFD "\"");
	expect_string("\xff" "a", 2, "\"" FFFD "a\"");
	/* Cut off, overlong, a surrogate, beyond the last character. */
	expect_string("\xe2\x82", 2, "\"" FFFD FFFD "\"");
	expect_string("\xc0\xaf", 2, "\"" FFFD FFFD "\"");
	expect_string("\xe0\x80\x80", 3, "\"" FFFD FFFD FFFD "\"");
	expect_string("\xed\xa0\x80", 3, "\"" FFFD FFFD FFFD "\"");
	expect_string("\xf4\x90\x80\x80", 4, "\"" FFFD FFFD FFFD FFFD "\"");
	expect_string("\xf0\x80\x80\x80", 4, "\"" FFFD FFFD FFFD FFFD "\"");
	/* The last that are. */
	expect_string("\xf4\x8f\xbf\xbf\xed\x9f\xbf", 7,
	    "\"\xf4\x8f\xbf\xbf\xed\x9f\xbf\"");
}
END_TEST

static void
expect_reindent(const char *text, unsigned int indent, const char *want)
{
	size_t len;
	char *got;

	got = json_reindent(text, strlen(text), indent, &len);
	ck_assert_msg(got != NULL, "refused: %s", text);
	ck_assert_uint_eq(len, strlen(got));
	ck_assert_str_eq(got, want);
	free(got);
}

static void
expect_refused(const char *text)
{
	size_t len;

	errno = 0;
	ck_assert_msg(json_reindent(text, strlen(text), 0, &len) == NULL,
	    "taken: %s", text);
	ck_assert_int_eq(errno, EINVAL);
}

START_TEST(reindent_keeps_everything_else)
{
	expect_reindent("{\"a\":[1,-2.50e+3,\"x\\u00e4\\n\"],\"b\":{}}", 0,
	    "{\"a\": [1, -2.50e+3, \"x\\u00e4\\n\"], \"b\": {}}\n");
	expect_reindent(" [ true ,\n\tfalse , null ]\r\n", 1,
	    "[\n true,\n false,\n null\n]\n");
	expect_reindent("0", 4, "0\n");
	expect_reindent("\"\xc3\xa4\"", 4, "\"\xc3\xa4\"\n");
	/* The same key twice, and their order, are not its business. */
	expect_reindent("{\"b\":1,\"a\":2,\"b\":3}", 0,
	    "{\"b\": 1, \"a\": 2, \"b\": 3}\n");
}
END_TEST

START_TEST(reindent_refuses_what_is_not_json)
{
	static const char *const bad[] = { "", " ", "{", "}", "[", "[1,]",
	    "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}",
	    "[1 2]", "1 2", "01", "-", "+1", "1.", ".5", "1e", "1e+", "tru",
	    "nul", "truefalse", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"",
	    "\"\\u12g4\"", "\"\n\"", "\"\x80\"", "'a'", "[1}", "{\"a\":1]" };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_refused(bad[i]);
}
END_TEST

START_TEST(reindent_has_a_depth)
{
	char text[400];
	size_t len;
	char *got;

	memset(text, '[', 128);
	memset(text + 128, ']', 128);
	got = json_reindent(text, 256, 0, &len);
	ck_assert_ptr_nonnull(got);
	free(got);
	/* One more that holds something. */
	memset(text, '[', 129);
	text[129] = '1';
	memset(text + 130, ']', 129);
	text[130 + 129] = '\0';
	expect_refused(text);
}
END_TEST

START_TEST(long_texts_grow)
{
	struct json *j = json_new(1);
	size_t i, len, len2;
	char *text, *again;

	json_array(j);
	for (i = 0; i < 100000; i++)
		json_string(j, "0123456789");
	json_array_end(j);
	text = json_finish(j, &len);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(len, 100000 * 15 + 3);
	again = json_reindent(text, len, 1, &len2);
	ck_assert_ptr_nonnull(again);
	ck_assert_str_eq(text, again);
	free(again);
	free(text);
	json_free(j);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		on_one_line,
		indented,
		numbers_at_their_ends,
		strings_are_escaped,
		what_is_not_utf8_is_replaced,
		reindent_keeps_everything_else,
		reindent_refuses_what_is_not_json,
		reindent_has_a_depth,
		long_texts_grow,
	};

	return (SUITE_RUN("json", tests));
}
