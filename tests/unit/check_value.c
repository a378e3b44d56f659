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

/* value.c: the spellings of YAML 1.1 and 1.2, in every place they count. */

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/util.h"
#include "../../monitor/value.h"
#include "suite.h"

START_TEST(nulls)
{
	static const char *const yes[] = { "", "~", "null", "Null", "NULL" };
	static const char *const no[] = { "nULL", "none", "~~", " ", "nil" };
	size_t i;

	for (i = 0; i < nitems(yes); i++)
		ck_assert(value_is_null(yes[i]));
	for (i = 0; i < nitems(no); i++)
		ck_assert(!value_is_null(no[i]));
}
END_TEST

START_TEST(booleans)
{
	static const char *const yes[] = { "y", "Y", "yes", "Yes", "YES",
	    "true", "True", "TRUE", "on", "On", "ON" };
	static const char *const no[] = { "n", "N", "no", "No", "NO",
	    "false", "False", "FALSE", "off", "Off", "OFF" };
	static const char *const neither[] = { "", "1", "0", "yEs", "t",
	    "truee", "null" };
	size_t i;
	bool b;

	for (i = 0; i < nitems(yes); i++) {
		b = false;
		ck_assert_int_eq(value_bool(yes[i], &b), 0);
		ck_assert(b);
	}
	for (i = 0; i < nitems(no); i++) {
		b = true;
		ck_assert_int_eq(value_bool(no[i], &b), 0);
		ck_assert(!b);
	}
	for (i = 0; i < nitems(neither); i++)
		ck_assert_int_eq(value_bool(neither[i], &b), -1);
}
END_TEST

START_TEST(whole_numbers)
{
	static const struct {
		const char	*text;
		int64_t		 n;
	} good[] = {
		{ "0", 0 }, { "-0", 0 }, { "+7", 7 }, { "-7", -7 },
		{ "42", 42 }, { "1_000", 1000 }, { "010", 8 },
		{ "0_10", 8 }, { "0x1f", 31 }, { "0xFF_FF", 65535 },
		{ "0b101", 5 }, { "1:30", 90 }, { "1:2:3", 3723 },
		{ "08", 8 }, { "0o17", 15 }, { "-0x10", -16 },
		{ "9223372036854775807", INT64_MAX }
	};
	static const char *const bad[] = { "", "-", "+", "x", "1x", "0x",
	    "0xg", "0b2", "0o8", "1.5", "1:60", "1:", ":1", "1e3", " 1",
	    "1 ", "_1", "--1", "0x_", "0b", "0o" };
	static const char *const far[] = { "9223372036854775808",
	    "99999999999999999999", "-9223372036854775809",
	    "0xFFFFFFFFFFFFFFFFF" };
	int64_t n;
	size_t i;

	for (i = 0; i < nitems(good); i++) {
		n = -1;
		ck_assert_msg(value_int(good[i].text, INT64_MIN, INT64_MAX,
		    &n) == 0, "%s", good[i].text);
		ck_assert_int_eq(n, good[i].n);
	}
	for (i = 0; i < nitems(bad); i++)
		ck_assert_msg(value_int(bad[i], INT64_MIN, INT64_MAX, &n) ==
		    -1, "'%s'", bad[i]);
	for (i = 0; i < nitems(far); i++)
		ck_assert_msg(value_int(far[i], INT64_MIN, INT64_MAX, &n) ==
		    -2, "'%s'", far[i]);
	ck_assert_int_eq(value_int("0", 1, 5, &n), -2);
	ck_assert_int_eq(value_int("1", 1, 5, &n), 0);
	ck_assert_int_eq(value_int("5", 1, 5, &n), 0);
	ck_assert_int_eq(value_int("6", 1, 5, &n), -2);
}
END_TEST

START_TEST(seconds)
{
	static const struct {
		const char	*text;
		uint32_t	 ms;
	} good[] = {
		{ "0", 0 }, { "5", 5000 }, { "5.0", 5000 }, { ".25", 250 },
		{ "5.", 5000 }, { "1.5", 1500 }, { "+1.5", 1500 },
		{ "0.0004", 1 }, { "1e-9", 1 }, { "0.0005", 1 },
		{ "0.0015", 2 },
		{ "1e2", 100000 }, { "1.5e+1", 15000 }, { "1E-1", 100 },
		{ "010", 8000 }, { "1:30", 90000 }, { "1:30.5", 90500 },
		{ "1_000.5", 1000500 }, { "4294967", 4294967000U },
		{ "-0", 0 }, { "-0.0", 0 }, { "0.1", 100 }
	};
	static const char *const bad[] = { "", "x", "1s", "1.5.5", "1e",
	    "e1", ".", "-", ".inf", ".nan", "1e+", "1,5", " 1", "0x1.8",
	    "infinity", "nan" };
	static const char *const far[] = { "-1", "-0.5", "4294968", "1e10",
	    "99999999999999999999999", "1e300" };
	uint32_t ms;
	size_t i;

	for (i = 0; i < nitems(good); i++) {
		ms = 77;
		ck_assert_msg(value_seconds(good[i].text, &ms) == 0, "%s",
		    good[i].text);
		ck_assert_msg(ms == good[i].ms, "%s is %u", good[i].text,
		    ms);
	}
	for (i = 0; i < nitems(bad); i++)
		ck_assert_msg(value_seconds(bad[i], &ms) == -1, "'%s'",
		    bad[i]);
	for (i = 0; i < nitems(far); i++)
		ck_assert_msg(value_seconds(far[i], &ms) == -2, "'%s'",
		    far[i]);
}
END_TEST

START_TEST(json)
{
	static const struct {
		const char	*text;
		const char	*json;
	} cases[] = {
		{ "~", "null\n" }, { "", "null\n" }, { "yes", "true\n" },
		{ "Off", "false\n" }, { "y", "\"y\"\n" }, { "010", "8\n" },
		{ "0x1F", "31\n" }, { "-7", "-7\n" }, { "1:30", "90\n" },
		{ "08", "\"08\"\n" }, { "1e3", "\"1e3\"\n" },
		{ "1.50", "1.50\n" }, { ".5", "0.5\n" }, { "5.", "5.0\n" },
		{ "-.5", "-0.5\n" }, { "007.5", "7.5\n" },
		{ "1.5e+3", "1.5e+3\n" }, { "1.5e3", "\"1.5e3\"\n" },
		{ ".inf", "\".inf\"\n" },
		{ "18446744073709551615", "18446744073709551615\n" },
		{ "+18446744073709551616", "18446744073709551616\n" },
		{ "-9223372036854775809", "-9223372036854775809\n" },
		{ "0xFFFFFFFFFFFFFFFFF", "\"0xFFFFFFFFFFFFFFFFF\"\n" },
		{ "2001-01-01", "\"2001-01-01\"\n" }
	};
	struct json *j;
	size_t i, len;
	char *text;

	ck_assert_ptr_nonnull(j = json_new(0));
	for (i = 0; i < nitems(cases); i++) {
		value_json(j, cases[i].text, strlen(cases[i].text));
		ck_assert_ptr_nonnull(text = json_finish(j, &len));
		ck_assert_str_eq(text, cases[i].json);
		free(text);
	}
	json_free(j);
}
END_TEST

/* Text of any length is only text. */
START_TEST(long_text)
{
	char *text;
	uint32_t ms;
	int64_t n;

	ck_assert_ptr_nonnull(text = malloc(1000001));
	memset(text, '9', 1000000);
	text[1000000] = '\0';
	ck_assert_int_eq(value_int(text, 0, 9, &n), -2);
	ck_assert_int_eq(value_seconds(text, &ms), -2);
	text[500000] = '.';
	ck_assert_int_eq(value_int(text, 0, 9, &n), -1);
	ck_assert_int_eq(value_seconds(text, &ms), -1);
	free(text);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		nulls,
		booleans,
		whole_numbers,
		seconds,
		json,
		long_text
	};

	return (SUITE_RUN("value", tests));
}
