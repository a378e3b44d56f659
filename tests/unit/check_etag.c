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

/* Entity tags and the lists of them that clients send. */

#include "config.h"

#include <string.h>

#include "../../httpd/etag.h"
#include "suite.h"

START_TEST(lists)
{
	static const struct {
		const char	*list;
		bool		 there;
	} cases[] = {
		{ "\"a\"", true },
		{ "W/\"a\"", true },
		{ " \"b\" , W/\"a\"", true },
		{ "\"b\",\"a\"", true },
		{ "\"b\"\"a\"", true },
		{ "*", true },
		{ " *", true },
		{ "\"a", false },
		{ "a", false },
		{ "", false },
		{ "W/", false },
		{ "w/\"a\"", false },
		{ "\"aa\"", false },
		{ "\"b\", *", false },
		{ "\"b\", x\"a\"", false },
		{ ",,,", false },
		{ "\"\"", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(etag_listed(cases[i].list, "\"a\"") ==
		    cases[i].there, "%s", cases[i].list);
		ck_assert_msg(etag_listed(cases[i].list, "W/\"a\"") ==
		    cases[i].there, "%s", cases[i].list);
	}
}
END_TEST

START_TEST(strong)
{
	char a[ETAG_SIZE], b[ETAG_SIZE];

	etag_strong(a, "hello", 5);
	etag_strong(b, "hello", 5);
	ck_assert_str_eq(a, b);
	ck_assert_int_eq(a[0], '"');
	ck_assert_int_eq(a[strlen(a) - 1], '"');
	etag_strong(b, "hellp", 5);
	ck_assert_str_ne(a, b);
	etag_strong(b, "hell", 4);
	ck_assert_str_ne(a, b);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		lists,
		strong,
	};

	return (SUITE_RUN("etag", tests));
}
