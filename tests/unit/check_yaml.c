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
 * yaml.c: the tree that comes out, with its places; anchors, merge keys,
 * tags; every limit at and beyond its edge.
 */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/util.h"
#include "../../monitor/yaml.h"
#include "suite.h"

static struct arena arena;
static struct diag diag;

static struct node *
load_bytes(const char *text, size_t len)
{
	diag_free(&diag);
	arena_free(&arena);
	diag_init(&diag, "f", "r");
	return (yaml_load(text, len, &arena, &diag));
}

static struct node *
load(const char *text)
{
	return (load_bytes(text, strlen(text)));
}

static void
clean(void)
{
	diag_free(&diag);
	arena_free(&arena);
}

/* The one message of the last load. */
static const char *
message(void)
{
	ck_assert_uint_eq(diag.nmsgs, 1);
	return (diag.msgs[0].text);
}

/* The tree as JSON, which shows all but the places. */
static void
assert_tree(const char *text, const char *json)
{
	struct node *n;
	struct json *j;
	size_t len;
	char *got;

	ck_assert_ptr_nonnull(n = load(text));
	ck_assert_msg(diag.nmsgs == 0, "%s", diag.nmsgs > 0 ?
	    diag.msgs[0].text : "");
	ck_assert_ptr_nonnull(j = json_new(0));
	node_json(j, n);
	ck_assert_ptr_nonnull(got = json_finish(j, &len));
	got[len - 1] = '\0';
	ck_assert_str_eq(got, json);
	free(got);
	json_free(j);
	clean();
}

static void
assert_error(const char *text, const char *error)
{
	load(text);
	ck_assert_str_eq(message(), error);
	ck_assert_uint_eq(diag.nerrors, 1);
	clean();
}

START_TEST(shapes)
{
	assert_tree("a", "\"a\"");
	assert_tree("{}", "{}");
	assert_tree("[]", "[]");
	assert_tree("{ a: [ b, { c: d } ], \"e\": 1, }",
	    "{\"a\": [\"b\", {\"c\": \"d\"}], \"e\": 1}");
	assert_tree("a:\n - b\n - c: d\n   e:\n", "{\"a\": [\"b\", "
	    "{\"c\": \"d\", \"e\": null}]}");
	assert_tree("[ -l: x ]", "[{\"-l\": \"x\"}]");
	assert_tree("--- # comment\na: b\n...\n", "{\"a\": \"b\"}");
}
END_TEST

START_TEST(nothing_is_no_tree)
{
	ck_assert_ptr_null(load(""));
	ck_assert_ptr_null(load("# only this\n"));
	ck_assert_uint_eq(diag.nmsgs, 0);
	clean();
}
END_TEST

START_TEST(places)
{
	struct node *n, *v;

	ck_assert_ptr_nonnull(n = load("a: b\n# x\nlonger:\n  - c\n"
	    "  -   [ d, e ]\n"));
	ck_assert_uint_eq(n->line, 1);
	ck_assert_uint_eq(n->col, 1);
	ck_assert_ptr_nonnull(v = node_find(n, "longer"));
	ck_assert_uint_eq(v->n, 2);
	ck_assert_uint_eq(v->items[0]->line, 4);
	ck_assert_uint_eq(v->items[0]->col, 5);
	ck_assert_uint_eq(v->items[1]->line, 5);
	ck_assert_uint_eq(v->items[1]->col, 7);
	ck_assert_uint_eq(v->items[1]->items[1]->col, 12);
	ck_assert_ptr_null(node_find(n, "long"));
	clean();
}
END_TEST

START_TEST(plain_and_quoted)
{
	struct node *n;

	ck_assert_ptr_nonnull(n = load("[ ~, '~', \"\", null ]"));
	ck_assert(node_is_null(n->items[0]));
	ck_assert(!node_is_null(n->items[1]));
	ck_assert(!node_is_null(n->items[2]));
	ck_assert(node_is_null(n->items[3]));
	ck_assert(node_is_null(NULL));
	ck_assert_str_eq(node_kind(n->items[0]), "nothing");
	ck_assert_str_eq(node_kind(n), "a list");
	clean();
}
END_TEST

START_TEST(aliases)
{
	assert_tree("[ &a x, *a, &b [ *a ], *b, &a y, *a ]",
	    "[\"x\", \"x\", [\"x\"], [\"x\"], \"y\", \"y\"]");
	assert_error("[ *a, &a x ]",
	    "f:1:3: there is no anchor '&a' for this alias");
	assert_error("&a [ *a ]",
	    "f:1:6: the alias '*a' stands inside what it repeats");
}
END_TEST

START_TEST(merge_keys)
{
	assert_tree("[ &a { x: 1, y: 2 }, { y: 3, <<: *a, z: 4 } ]",
	    "[{\"x\": 1, \"y\": 2}, {\"y\": 3, \"x\": 1, \"z\": 4}]");
	assert_tree("[ &a { x: 1 }, &b { x: 2, y: 3 }, "
	    "{ <<: [ *a, *b ] }, { <<: [ *b, *a ] } ]",
	    "[{\"x\": 1}, {\"x\": 2, \"y\": 3}, {\"x\": 1, \"y\": 3}, "
	    "{\"x\": 2, \"y\": 3}]");
	assert_tree("{ <<: { a: 1, <<: { a: 2, b: 3 } } }",
	    "{\"a\": 1, \"b\": 3}");
	assert_tree("{ '<<': x }", "{\"<<\": \"x\"}");
	assert_tree("{ <<: ~, a: b }", "{\"a\": \"b\"}");
	assert_error("{ <<: x }",
	    "f:1:7: '<<' needs a map or a list of maps");
	assert_error("{ <<: [ {}, 1 ] }",
	    "f:1:13: '<<' needs a map or a list of maps");
}
END_TEST

START_TEST(duplicate_keys)
{
	struct node *n;
	char text[4096];
	size_t i, len = 0;

	assert_error("a: 1\nb: 2\na: 3\n",
	    "f:3:1: duplicate key 'a' (first at line 1)");
	assert_error("{ a: 1, 'a': 2 }",
	    "f:1:9: duplicate key 'a' (first at line 1)");
	assert_error("{ <<: {}, <<: {} }",
	    "f:1:11: duplicate key '<<' (first at line 1)");
	/* So many that they are hashed. */
	for (i = 0; i < 100; i++)
		len += snprintf(text + len, sizeof(text) - len,
		    "key%zu: %zu\n", i, i);
	ck_assert_ptr_nonnull(n = load(text));
	ck_assert_uint_eq(diag.nmsgs, 0);
	ck_assert_uint_eq(n->n, 100);
	snprintf(text + len, sizeof(text) - len, "key57: again\n");
	assert_error(text, "f:101:1: duplicate key 'key57' "
	    "(first at line 58)");
}
END_TEST

START_TEST(all_errors_of_a_readable_file)
{
	ck_assert_ptr_nonnull(load("{ a: !x b, a: *c, [ d ]: e }"));
	ck_assert_uint_eq(diag.nerrors, 4);
	clean();
}
END_TEST

START_TEST(tags)
{
	assert_tree("[ !!str 1, ! 2, !!int 3, !!null ~, !!seq [], !!map {} ]",
	    "[\"1\", \"2\", 3, null, [], {}]");
	assert_error("!!python/name:os x",
	    "f:1:1: the tag '!!python/name:os' is not supported");
	assert_error("!!binary x",
	    "f:1:1: the tag '!!binary' is not supported");
	assert_error("!!map []",
	    "f:1:1: the tag '!!map' is not supported here");
	assert_error("!local x", "f:1:1: the tag '!local' is not supported");
}
END_TEST

START_TEST(the_task_is_named)
{
	assert_error("tasks:\n  a: { b: 1, b: 2 }\n",
	    "f:2:14: task a: duplicate key 'b' (first at line 2)");
	assert_error("tasks:\n  a: { c: { b: 1, b: 2 } }\n",
	    "f:2:19: task a: duplicate key 'b' (first at line 2)");
	assert_error("tasks:\n  a: *b\n",
	    "f:2:6: task a: there is no anchor '&b' for this alias");
	/* What is not within one names none. */
	assert_error("tasks:\n  a: {}\n  a: {}\n",
	    "f:3:3: duplicate key 'a' (first at line 2)");
	assert_error("x:\n  a: { b: 1, b: 2 }\n",
	    "f:2:14: duplicate key 'b' (first at line 2)");
	assert_error("tasks:\n- a: { b: 1, b: 2 }\n",
	    "f:2:14: duplicate key 'b' (first at line 2)");
	/* The library reads ahead: the next task's fault is its own. */
	assert_error("tasks:\n  a:\n    b: c\n  @d: {}\n",
	    "f:4:3: text that begins with '@' needs quotes");
	assert_error("tasks:\n  a:\n    b: @\n",
	    "f:3:8: task a: text that begins with '@' needs quotes");
}
END_TEST

START_TEST(bytes_that_are_refused)
{
	assert_error("a: \"x\\0y\"", "f:1:4: text cannot hold a NUL byte");
	assert_error("a: \"x\\x01y\"",
	    "f:1:4: text cannot hold the byte 0x01");
	assert_error("a: \x02", "f:1:4: a control character cannot stand in "
	    "the file (0x02)");
	assert_error("a: b\nc: \xff\n", "f:2:4: this is not UTF-8, nor UTF-16 "
	    "with a byte order mark: invalid leading UTF-8 octet (0xff)");
	/* Any end of line counts, as it does for the library. */
	assert_error("a: b\rc: \xff\n", "f:2:4: this is not UTF-8, nor UTF-16 "
	    "with a byte order mark: invalid leading UTF-8 octet (0xff)");
	load_bytes("a: \0b", 6);
	ck_assert_uint_eq(diag.nerrors, 1);
	clean();
}
END_TEST

static char *
repeat(const char *head, const char *s, size_t n, const char *tail)
{
	size_t hl = strlen(head), sl = strlen(s), tl = strlen(tail), i;
	char *p, *text;

	ck_assert_ptr_nonnull(text = p = malloc(hl + n * sl + tl + 1));
	memcpy(p, head, hl);
	p += hl;
	for (i = 0; i < n; i++, p += sl)
		memcpy(p, s, sl);
	memcpy(p, tail, tl + 1);
	return (text);
}

START_TEST(levels)
{
	char *open, *both;

	open = repeat("", "[", YAML_MAX_LEVELS, "");
	both = repeat(open, "]", YAML_MAX_LEVELS, "");
	ck_assert_ptr_nonnull(load(both));
	ck_assert_uint_eq(diag.nmsgs, 0);
	free(open);
	free(both);
	open = repeat("", "[", YAML_MAX_LEVELS + 1, "");
	both = repeat(open, "]", YAML_MAX_LEVELS + 1, "");
	ck_assert_ptr_null(load(both));
	ck_assert_str_eq(message(), "f:1:65: more than 64 levels");
	free(open);
	free(both);
	clean();
}
END_TEST

START_TEST(levels_by_aliases)
{
	char *text, *row;

	/* 32 levels in an anchor, used at the 32nd and at the 33rd level. */
	row = repeat("[ &a ", "[", 32, "");
	text = repeat(row, "]", 32, ", [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ *a "
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] ]");
	ck_assert_ptr_nonnull(load(text));
	ck_assert_uint_eq(diag.nmsgs, 0);
	free(text);
	text = repeat(row, "]", 32, ", [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ *a "
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] ]");
	ck_assert_ptr_null(load(text));
	ck_assert_ptr_nonnull(strstr(message(), "more than 64 levels, by "
	    "the alias '*a'"));
	free(text);
	free(row);
	clean();
}
END_TEST

START_TEST(nodes)
{
	char *text;

	/* The list itself is one. */
	text = repeat("[", "a,", YAML_MAX_NODES - 1, "]");
	ck_assert_ptr_nonnull(load(text));
	ck_assert_uint_eq(diag.nmsgs, 0);
	free(text);
	text = repeat("[", "a,", YAML_MAX_NODES, "]");
	ck_assert_ptr_null(load(text));
	ck_assert_ptr_nonnull(strstr(message(), "more than 2000000 nodes"));
	free(text);
	clean();
}
END_TEST

START_TEST(nodes_by_aliases)
{
	char *text;

	text = repeat("[ &a [ x, x, x, x, x, x, x, x, x ],", "*a,",
	    YAML_MAX_ALIASED / 10, "]");
	ck_assert_ptr_nonnull(load(text));
	ck_assert_uint_eq(diag.nmsgs, 0);
	free(text);
	text = repeat("[ &a [ x, x, x, x, x, x, x, x, x ],", "*a,",
	    YAML_MAX_ALIASED / 10 + 1, "]");
	ck_assert_ptr_null(load(text));
	ck_assert_ptr_nonnull(strstr(message(),
	    "aliases add more than 100000 nodes"));
	free(text);
	clean();
}
END_TEST

START_TEST(bytes)
{
	char *text;

	text = repeat("[]\n#", "x", YAML_MAX_BYTES - 4, "");
	ck_assert_ptr_nonnull(load(text));
	ck_assert_uint_eq(diag.nmsgs, 0);
	free(text);
	text = repeat("[]\n#", "x", YAML_MAX_BYTES - 3, "");
	ck_assert_ptr_null(load(text));
	ck_assert_str_eq(message(), "f:1:1: larger than 16777216 bytes");
	free(text);
	clean();
}
END_TEST

START_TEST(one_document)
{
	assert_error("a\n---\nb\n", "f:2:1: a second document begins; the "
	    "configuration must be one");
	load("a: b\n---\n");
	ck_assert_uint_eq(diag.nerrors, 1);
	clean();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		shapes,
		nothing_is_no_tree,
		places,
		plain_and_quoted,
		aliases,
		merge_keys,
		duplicate_keys,
		the_task_is_named,
		all_errors_of_a_readable_file,
		tags,
		bytes_that_are_refused,
		levels,
		levels_by_aliases,
		nodes,
		nodes_by_aliases,
		bytes,
		one_document
	};

	return (SUITE_RUN("yaml", tests));
}
