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
 * context.c and taskenv.c: which layer wins, what a task adds, changes and
 * takes away, and that nothing of one task is left in the next.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../monitor/expand.h"
#include "../../monitor/taskenv.h"
#include "../../monitor/yaml.h"
#include "suite.h"

static struct arena arena;
static struct diag diag;
static struct context ctx;
static struct taskenv env;

static void
begin(void)
{
	diag_init(&diag, "f", "r");
	context_init(&ctx, &arena, &diag);
}

static void
clean(void)
{
	taskenv_free(&env);
	context_free(&ctx);
	diag_free(&diag);
	arena_free(&arena);
}

static struct node *
yaml(const char *text)
{
	struct node *n;

	ck_assert_ptr_nonnull(n = yaml_load(text, strlen(text), &arena,
	    &diag));
	return (n);
}

static void
add(enum ctx_layer layer, const char *map)
{
	context_map(&ctx, layer, yaml(map), NULL);
}

static void
literal(enum ctx_layer layer, const char *name, const char *text)
{
	context_literal(&ctx, layer, name, strlen(name), text,
	    strlen(text));
}

static void
assert_value(const char *name, const char *want)
{
	struct ctx_value v;

	if (want == NULL) {
		ck_assert(!context_find(&ctx, name, strlen(name), &v));
		return;
	}
	ck_assert(context_find(&ctx, name, strlen(name), &v));
	ck_assert_msg(span_is(v.text, want), "%s is %.*s, not %s", name,
	    (int)v.text.len, v.text.p, want);
}

/* The task's own entry of a name; NULL: none, "": taken away. */
static void
assert_own(const char *name, const char *want)
{
	uint32_t i;

	for (i = 0; i < env.nown; i++) {
		if (strcmp(env.own_sym[i]->name, name) != 0)
			continue;
		ck_assert_ptr_nonnull(want);
		ck_assert_msg(span_is(env.own[i].text, want),
		    "%s is %.*s, not %s", name, (int)env.own[i].text.len,
		    env.own[i].text.p, want);
		ck_assert_uint_eq(env.own[i].shared,
		    env.own_sym[i]->shared);
		return;
	}
	ck_assert_msg(want == NULL, "%s has no own entry", name);
}

START_TEST(stronger_layers_win)
{
	static const char *const maps[] = { "{ x: '0' }", "{ x: '1' }",
	    "{ x: '2' }", "{ x: '3' }", "{ x: '4' }", "{ x: '5' }",
	    "{ x: '6' }", "{ x: '7' }", "{ x: '8' }", "{ x: '9' }",
	    "{ x: '10' }" };
	char want[3];
	int i, j;

	/* In whatever order they come. */
	for (i = 0; i < CTX_LAYER_MAX; i++)
		for (j = 0; j <= i; j++) {
			begin();
			context_next_task(&ctx);
			add(i, maps[i]);
			add(j, maps[j]);
			snprintf(want, sizeof(want), "%d", i);
			assert_value("x", want);
			clean();
			begin();
			context_next_task(&ctx);
			add(j, maps[j]);
			add(i, maps[i]);
			assert_value("x", want);
			clean();
		}
}
END_TEST

START_TEST(a_task_leaves_nothing_behind)
{
	begin();
	add(CTX_TOP_DEFINES, "{ a: top, b: top }");
	context_next_task(&ctx);
	add(CTX_TASK_DEFINES, "{ a: one, c: one }");
	assert_value("a", "one");
	assert_value("c", "one");
	context_next_task(&ctx);
	assert_value("a", "top");
	assert_value("b", "top");
	assert_value("c", NULL);
	add(CTX_TASK_DEFINES, "{ b: two }");
	assert_value("b", "two");
	clean();
}
END_TEST

START_TEST(conditional_values)
{
	begin();
	literal(CTX_ENVIRON, "SET", "1");
	add(CTX_TOP_DEFAULTS, "{ b: weak }");
	add(CTX_TOP_DEFINES, "{ a: { SET: yes, UNSET: no }, b: { UNSET: x }, "
	    "c: { a: [ deep ] }, d: { e: 1 }, e: { d: 1 }, f: { UNSET: 1 } }");
	assert_value("a", "yes");
	assert_value("b", "weak");
	assert_value("c", "deep");
	assert_value("d", NULL);
	assert_value("e", NULL);
	assert_value("f", NULL);
	context_next_task(&ctx);
	add(CTX_TASK_DEFINES, "{ UNSET: '' }");
	assert_value("b", "x");
	assert_value("f", "1");
	/* Now two conditions hold, which is an error. */
	assert_value("a", NULL);
	ck_assert_uint_eq(diag.nerrors, 1);
	clean();
}
END_TEST

START_TEST(active_roles)
{
	struct roles roles;

	memset(&roles, 0, sizeof(roles));
	begin();
	roles_parse(&roles, "front\nback\n", 11, &arena, &diag);
	context_role_maps(&ctx, CTX_TOP_ROLE_DEFINES, yaml("{ back: { x: b, "
	    "y: b }, other: { z: o }, front: { x: f }, none: ~ }"), &roles);
	assert_value("x", "f");
	assert_value("y", "b");
	assert_value("z", NULL);
	ck_assert_uint_eq(diag.nmsgs, 1);
	ck_assert_int_eq(diag.msgs[0].severity, PLAN_NOTE);
	roles_free(&roles);
	clean();
}
END_TEST

START_TEST(a_null_is_there_without_a_value)
{
	struct ctx_value v;

	begin();
	add(CTX_TOP_DEFINES, "{ a: ~, b: 'null', c: { a: x } }");
	add(CTX_TOP_DEFAULTS, "{ a: weak }");
	ck_assert(context_find(&ctx, "a", 1, &v));
	ck_assert(v.is_null);
	ck_assert(context_find(&ctx, "b", 1, &v));
	ck_assert(!v.is_null);
	assert_value("c", "x");
	clean();
}
END_TEST

START_TEST(only_differences)
{
	begin();
	literal(CTX_ENVIRON, "HOME", "/root");
	literal(CTX_ENVIRON, "LANG", "C");
	literal(CTX_ENVIRON, "GONE", "1");
	add(CTX_TOP_DEFINES, "{ base: /srv, log: '{base}/{Task_name}', "
	    "data: '{base}/data', GONE: ~, none: ~ }");
	taskenv_share(&env, &ctx);
	/* HOME, LANG, base, log, data */
	ck_assert_uint_eq(env.nshared, 5);
	context_next_task(&ctx);
	literal(CTX_BUILTIN, "Task_name", "web");
	add(CTX_TASK_DEFINES, "{ LANG: C, HOME: /home, none: some, x: y }");
	taskenv_task(&env, &ctx);
	assert_own("Task_name", "Task_name=web");
	assert_own("log", "log=/srv/web");
	assert_own("data", NULL);
	assert_own("base", NULL);
	assert_own("LANG", NULL);
	assert_own("GONE", NULL);
	assert_own("HOME", "HOME=/home");
	assert_own("none", "none=some");
	assert_own("x", "x=y");
	context_next_task(&ctx);
	literal(CTX_BUILTIN, "Task_name", "db");
	add(CTX_TASK_DEFINES, "{ LANG: ~, base: /own, GONE: back }");
	taskenv_task(&env, &ctx);
	assert_own("LANG", "");
	assert_own("base", "base=/own");
	assert_own("data", "data=/own/data");
	assert_own("log", "log=/own/db");
	assert_own("GONE", "GONE=back");
	assert_own("HOME", NULL);
	assert_own("x", NULL);
	clean();
}
END_TEST

START_TEST(long_rows_of_conditions_end)
{
	char text[20000];
	size_t len;
	int i;

	begin();
	len = snprintf(text, sizeof(text), "{ d0: x");
	for (i = 1; i < 500; i++)
		len += snprintf(text + len, sizeof(text) - len,
		    ", d%d: { d%d: x }", i, i - 1);
	snprintf(text + len, sizeof(text) - len, " }");
	add(CTX_TOP_DEFINES, text);
	assert_value("d50", "x");
	assert_value("d499", NULL);
	ck_assert_uint_eq(diag.nerrors, 1);
	clean();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		stronger_layers_win,
		a_task_leaves_nothing_behind,
		conditional_values,
		active_roles,
		a_null_is_there_without_a_value,
		only_differences,
		long_rows_of_conditions_end
	};

	return (SUITE_RUN("context", tests));
}
