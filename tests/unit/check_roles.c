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

/* roles.c: lines of the roles file, good and bad. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../monitor/roles.h"
#include "suite.h"

static struct arena arena;
static struct diag diag;
static struct roles roles;

static void
parse_bytes(const char *text, size_t len)
{
	memset(&roles, 0, sizeof(roles));
	diag_init(&diag, "f", "r");
	roles_parse(&roles, text, len, &arena, &diag);
}

static void
parse(const char *text)
{
	parse_bytes(text, strlen(text));
}

static void
clean(void)
{
	roles_free(&roles);
	diag_free(&diag);
	arena_free(&arena);
}

static void
assert_role(uint32_t i, const char *name, const char *value)
{
	ck_assert_uint_lt(i, roles.n);
	ck_assert_str_eq(roles.list[i].name, name);
	if (value == NULL)
		ck_assert_ptr_null(roles.list[i].value);
	else
		ck_assert_str_eq(roles.list[i].value, value);
}

START_TEST(empty)
{
	parse("");
	ck_assert(roles.on);
	ck_assert_uint_eq(roles.n, 0);
	ck_assert(!roles_active(&roles, "", 0));
	clean();
	parse("\n  \n\t\n# nothing\n");
	ck_assert(roles.on);
	ck_assert_uint_eq(roles.n, 0);
	ck_assert_uint_eq(diag.nmsgs, 0);
	clean();
}
END_TEST

START_TEST(names_and_values)
{
	parse("# comment\nweb\n  app \t\ndb=x\n two words = a=b \nempty=\n"
	    " #late\nlast= end");
	ck_assert_uint_eq(diag.nmsgs, 0);
	ck_assert_uint_eq(roles.n, 7);
	assert_role(0, "web", NULL);
	assert_role(1, "app", NULL);
	assert_role(2, "db", "x");
	assert_role(3, "two words", " a=b ");
	assert_role(4, "empty", "");
	assert_role(5, "#late", NULL);
	assert_role(6, "last", " end");
	ck_assert(roles_active(&roles, "db", 2));
	ck_assert(!roles_active(&roles, "d", 1));
	ck_assert(!roles_active(&roles, "dbx", 3));
	clean();
}
END_TEST

START_TEST(carriage_returns)
{
	parse("web\r\ndb=x\r\n");
	assert_role(0, "web", NULL);
	assert_role(1, "db", "x\r");
	clean();
}
END_TEST

START_TEST(a_role_twice)
{
	parse("a=1\nb\na=2\n");
	ck_assert_uint_eq(roles.n, 2);
	ck_assert_uint_eq(diag.nwarnings, 1);
	ck_assert_uint_eq(diag.nerrors, 0);
	ck_assert_str_eq(diag.msgs[0].text, "r:3:1: role 'a' is here again "
	    "(first at line 1); this line counts");
	assert_role(0, "b", NULL);
	assert_role(1, "a", "2");
	clean();
}
END_TEST

START_TEST(bad_lines)
{
	char text[200];

	parse("=x\n  = y\nok\n");
	ck_assert_uint_eq(diag.nerrors, 2);
	ck_assert_uint_eq(roles.n, 1);
	clean();
	parse("a\002b\n");
	ck_assert_uint_eq(diag.nerrors, 1);
	clean();
	parse("a=\001p\n");
	ck_assert_uint_eq(diag.nerrors, 1);
	ck_assert_uint_eq(roles.n, 0);
	clean();
	parse_bytes("a=x\0y\nb\0c\n", 10);
	ck_assert_uint_eq(diag.nerrors, 2);
	clean();
	memset(text, 'n', sizeof(text));
	parse_bytes(text, 127);
	ck_assert_uint_eq(diag.nerrors, 0);
	clean();
	parse_bytes(text, 128);
	ck_assert_uint_eq(diag.nerrors, 1);
	clean();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		empty,
		names_and_values,
		carriage_returns,
		a_role_twice,
		bad_lines
	};

	return (SUITE_RUN("roles", tests));
}
