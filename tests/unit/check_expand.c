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

/* expand.c: substitution and conditional maps, with all their bounds. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../common/util.h"
#include "../../monitor/expand.h"
#include "../../monitor/yaml.h"
#include "suite.h"

static struct arena arena;
static struct diag diag;
static struct context ctx;

static struct node *
yaml(const char *text)
{
	struct node *n;

	ck_assert_ptr_nonnull(n = yaml_load(text, strlen(text), &arena,
	    &diag));
	return (n);
}

static void
begin(const char *defines)
{
	diag_init(&diag, "f", "r");
	context_init(&ctx, &arena, &diag);
	context_literal(&ctx, CTX_ENVIRON, "RAW", 3, "{a} {{b}}", 9);
	context_map(&ctx, CTX_TOP_DEFINES, yaml(defines), NULL);
	context_literal(&ctx, CTX_PROCESS, "late", 4, "\001p", 2);
}

static void
clean(void)
{
	context_free(&ctx);
	diag_free(&diag);
	arena_free(&arena);
}

static unsigned int
expand(const char *text, const char *want)
{
	unsigned int flags;
	struct span s;

	s = expand_text(&ctx, node_text(&arena, text), &flags, false);
	ck_assert_msg(span_is(s, want), "'%s' is '%.*s', not '%s'", text,
	    (int)s.len, s.p, want);
	ck_assert_int_eq(s.p[s.len], '\0');
	return (flags);
}

START_TEST(names)
{
	begin("{ a: A, b: '<{a}>', c: '{b}{b}', e: '' }");
	ck_assert_uint_eq(expand("", ""), 0);
	ck_assert_uint_eq(expand("plain", "plain"), 0);
	ck_assert_uint_eq(expand("{a}", "A"), 0);
	ck_assert_uint_eq(expand("x{a}y{b}z", "xAy<A>z"), 0);
	ck_assert_uint_eq(expand("{c}", "<A><A>"), 0);
	ck_assert_uint_eq(expand("{e}", ""), 0);
	ck_assert_uint_eq(expand("${a}", "$A"), 0);
	clean();
}
END_TEST

START_TEST(braces)
{
	begin("{ a: A, j: '{{\"x\": \"{a}\"}}' }");
	ck_assert_uint_eq(expand("{{a}}", "{a}"), 0);
	ck_assert_uint_eq(expand("{{{a}}}", "{A}"), 0);
	ck_assert_uint_eq(expand("{{{{a}}}}", "{{a}}"), 0);
	ck_assert_uint_eq(expand("{", "{"), 0);
	ck_assert_uint_eq(expand("}", "}"), 0);
	ck_assert_uint_eq(expand("a{", "a{"), 0);
	ck_assert_uint_eq(expand("{a", "{a"), 0);
	ck_assert_uint_eq(expand("}{a}{", "}A{"), 0);
	ck_assert_uint_eq(expand("{x {a}", "{x A"), 0);
	ck_assert_uint_eq(expand("{{", "{"), 0);
	ck_assert_uint_eq(expand("}}", "}"), 0);
	ck_assert_uint_eq(expand("{j}", "{\"x\": \"A\"}"), 0);
	clean();
}
END_TEST

START_TEST(unknown_names_leave_the_text)
{
	begin("{ a: A, n: ~, u: '{a}{zzz}' }");
	ck_assert_uint_eq(expand("{zzz}", "{zzz}"), EXPAND_UNKNOWN);
	ck_assert_uint_eq(expand("{a}{zzz}{{", "{a}{zzz}{{"),
	    EXPAND_UNKNOWN);
	ck_assert_uint_eq(expand("{n}{a}", "{n}{a}"), EXPAND_UNKNOWN);
	ck_assert_uint_eq(expand("{}", "{}"), EXPAND_UNKNOWN);
	ck_assert_uint_eq(expand("{ a }", "{ a }"), EXPAND_UNKNOWN);
	/* Another text that stayed as it was is a value like any other. */
	ck_assert_uint_eq(expand("{a}:{u}", "A:{a}{zzz}"), 0);
	clean();
}
END_TEST

START_TEST(inherited_values_are_taken_as_they_are)
{
	begin("{ a: A, b: 'x{RAW}y' }");
	ck_assert_uint_eq(expand("{RAW}", "{a} {{b}}"), 0);
	ck_assert_uint_eq(expand("{b}", "x{a} {{b}}y"), 0);
	clean();
}
END_TEST

START_TEST(ten_rounds)
{
	begin("{ d1: '{d2}', d2: '{d3}', d3: '{d4}', d4: '{d5}', d5: '{d6}', "
	    "d6: '{d7}', d7: '{d8}', d8: '{d9}', d9: '{d10}', d10: '{d11}', "
	    "d11: end, s: 'x{s}' }");
	ck_assert_uint_eq(expand("{d2}", "end"), 0);
	ck_assert_uint_eq(expand("{d1}", "{d11}"), 0);
	ck_assert_uint_eq(expand("{s}", "xxxxxxxxxx{s}"), 0);
	clean();
}
END_TEST

START_TEST(marks)
{
	begin("{ a: 'n{late}' }");
	ck_assert_uint_eq(expand("x{late}", "x\001p"), EXPAND_LATE);
	ck_assert_uint_eq(expand("{a}.", "n\001p."), EXPAND_LATE);
	/* A text that stays as it is has none. */
	ck_assert_uint_eq(expand("{late}{zzz}", "{late}{zzz}"),
	    EXPAND_UNKNOWN);
	clean();
}
END_TEST

START_TEST(values_that_multiply)
{
	unsigned int flags;

	begin("{ a: '0123456789', b: '{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}', "
	    "c: '{b}{b}{b}{b}{b}{b}{b}{b}{b}{b}', "
	    "d: '{c}{c}{c}{c}{c}{c}{c}{c}{c}{c}', "
	    "e: '{d}{d}{d}{d}{d}{d}{d}{d}{d}{d}', "
	    "f: '{e}{e}{e}{e}{e}{e}{e}{e}{e}{e}', "
	    "z0: '', z1: '{z0}{z0}{z0}{z0}{z0}{z0}{z0}{z0}{z0}{z0}', "
	    "z2: '{z1}{z1}{z1}{z1}{z1}{z1}{z1}{z1}{z1}{z1}', "
	    "z3: '{z2}{z2}{z2}{z2}{z2}{z2}{z2}{z2}{z2}{z2}', "
	    "z4: '{z3}{z3}{z3}{z3}{z3}{z3}{z3}{z3}{z3}{z3}', "
	    "z5: '{z4}{z4}{z4}{z4}{z4}{z4}{z4}{z4}{z4}{z4}' }");
	expand_text(&ctx, node_text(&arena, "{e}"), &flags, false);
	ck_assert_uint_eq(flags, 0);
	expand_text(&ctx, node_text(&arena, "{f}"), &flags, false);
	ck_assert_uint_eq(flags & EXPAND_FAILED, EXPAND_FAILED);
	ck_assert_uint_eq(diag.nerrors, 1);
	expand_text(&ctx, node_text(&arena, "{z5}"), &flags, false);
	ck_assert_uint_eq(flags & EXPAND_FAILED, EXPAND_FAILED);
	ck_assert_uint_eq(diag.nerrors, 2);
	clean();
}
END_TEST

START_TEST(null_by_name)
{
	begin("{ n: ~, i: '{n}', j: '{i}', v: x, s: '{s}', t: ' {n}' }");
	ck_assert(expand_is_null(&ctx, "{n}", 3));
	ck_assert(expand_is_null(&ctx, "{j}", 3));
	ck_assert(!expand_is_null(&ctx, "{v}", 3));
	ck_assert(!expand_is_null(&ctx, "{s}", 3));
	ck_assert(!expand_is_null(&ctx, "{t}", 3));
	ck_assert(!expand_is_null(&ctx, "{zzz}", 5));
	ck_assert(!expand_is_null(&ctx, "{n}x", 4));
	ck_assert(!expand_is_null(&ctx, "{n}{n}", 6));
	ck_assert(!expand_is_null(&ctx, "{}", 2));
	ck_assert(!expand_is_null(&ctx, "", 0));
	clean();
}
END_TEST

static void
assert_list(const char *text, const char *want)
{
	struct expand_list l;
	char got[256];
	size_t i;

	got[0] = '\0';
	expand_list(&ctx, yaml(text), &l);
	for (i = 0; i < l.n; i++) {
		strlcat(got, l.items[i]->text, sizeof(got));
		strlcat(got, "|", sizeof(got));
	}
	expand_list_free(&l);
	ck_assert_str_eq(got, want);
}

START_TEST(lists)
{
	begin("{ a: A, n: ~ }");
	assert_list("x", "x|");
	assert_list("~", "");
	assert_list("[]", "");
	assert_list("[ x, [ y, [ z ] ], ~, '' ]", "x|y|z||");
	assert_list("{ a: x, b: y, n: z }", "x|z|");
	assert_list("[ w, { a: [ x, { b: y } ] }, z ]", "w|x|z|");
	assert_list("[ { a: { n: { a: deep } } } ]", "deep|");
	clean();
}
END_TEST

START_TEST(a_pair_with_a_dash)
{
	begin("{ a: A }");
	assert_list("[ x, -l: '{a}', y ]", "x|-l|{a}|y|");
	assert_list("[ { -l: [ 1, { a: 2, b: 3 } ] } ]", "-l|1|2|");
	assert_list("[ { -l: } ]", "-l|");
	assert_list("[ { --long: x } ]", "--long|x|");
	/* Two pairs are conditions, and so is a pair outside a list. */
	assert_list("[ { -l: x, -m: y } ]", "");
	assert_list("{ -l: x }", "");
	assert_list("[ { a: { -l: x } } ]", "");
	assert_list("[ { a: [ -l: x ] } ]", "-l|x|");
	clean();
}
END_TEST

START_TEST(scalars)
{
	struct node *n;

	begin("{ a: A, c: C }");
	ck_assert_ptr_nonnull(n = expand_scalar(&ctx, yaml("x")));
	ck_assert(node_is(n, "x"));
	ck_assert_ptr_nonnull(n = expand_scalar(&ctx,
	    yaml("{ b: x, a: [ y ] }")));
	ck_assert(node_is(n, "y"));
	ck_assert_ptr_null(expand_scalar(&ctx, yaml("{ b: x }")));
	ck_assert_uint_eq(diag.nerrors, 0);
	ck_assert_ptr_null(expand_scalar(&ctx, yaml("{ a: x, c: y }")));
	ck_assert_uint_eq(diag.nerrors, 1);
	ck_assert_ptr_null(expand_scalar(&ctx, n = yaml("[ x ]")));
	ck_assert_uint_eq(diag.nerrors, 2);
	/* Said once is enough. */
	ck_assert_ptr_null(expand_scalar(&ctx, n));
	ck_assert_uint_eq(diag.nerrors, 2);
	clean();
}
END_TEST

START_TEST(near_names)
{
	struct node *n;

	begin("{ confdir: /etc }");
	n = node_text(&arena, "{confdri}/x");
	n->line = 3;
	n->col = 4;
	expand_text(&ctx, n, NULL, true);
	ck_assert_uint_eq(diag.nwarnings, 1);
	ck_assert_str_eq(diag.msgs[0].text, "f:3:4: the name 'confdri' is "
	    "not known, '{confdri}/x' stays as it is (did you mean "
	    "'confdir'?)");
	/* Somebody's program is not complained of. */
	expand_text(&ctx, node_text(&arena, "{ print $1 }"), NULL, true);
	ck_assert_uint_eq(diag.nwarnings, 1);
	clean();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		names,
		braces,
		unknown_names_leave_the_text,
		inherited_values_are_taken_as_they_are,
		ten_rounds,
		marks,
		values_that_multiply,
		null_by_name,
		lists,
		a_pair_with_a_dash,
		scalars,
		near_names
	};

	return (SUITE_RUN("expand", tests));
}
