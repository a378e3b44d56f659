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
 * wire.c: what was put is got, byte for byte; what is short, long or
 * malformed is found, whatever the length in it says.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/wire.h"
#include "suite.h"

static struct wbuf w;
static struct cursor c;

static void
again(void)
{
	wbuf_free(&w);
	memset(&w, 0, sizeof(w));
}

START_TEST(integers_are_big_endian)
{
	static const uint8_t want[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
		0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x01, 0x00
	};

	put_u8(&w, 0x01);
	put_u16(&w, 0x0203);
	put_u32(&w, 0x04050607);
	put_u64(&w, 0x08090a0b0c0d0e0fULL);
	put_s64(&w, -2);
	put_bool(&w, true);
	put_bool(&w, false);
	ck_assert(!w.failed);
	ck_assert_uint_eq(w.len, sizeof(want));
	ck_assert_mem_eq(w.data, want, sizeof(want));

	cursor_init(&c, w.data, w.len);
	ck_assert_uint_eq(get_u8(&c), 0x01);
	ck_assert_uint_eq(get_u16(&c), 0x0203);
	ck_assert_uint_eq(get_u32(&c), 0x04050607);
	ck_assert(get_u64(&c) == 0x08090a0b0c0d0e0fULL);
	ck_assert(get_s64(&c) == -2);
	ck_assert(get_bool(&c));
	ck_assert(!cursor_done(&c));
	ck_assert(!get_bool(&c));
	ck_assert(cursor_done(&c));
}
END_TEST

START_TEST(extremes_come_back)
{
	put_u64(&w, UINT64_MAX);
	put_s64(&w, INT64_MIN);
	put_s64(&w, INT64_MAX);
	put_u32(&w, UINT32_MAX);
	cursor_init(&c, w.data, w.len);
	ck_assert(get_u64(&c) == UINT64_MAX);
	ck_assert(get_s64(&c) == INT64_MIN);
	ck_assert(get_s64(&c) == INT64_MAX);
	ck_assert(get_u32(&c) == UINT32_MAX);
	ck_assert(cursor_done(&c));
}
END_TEST

START_TEST(every_shorter_message_is_bad)
{
	size_t len;

	put_u32(&w, 7);
	put_str(&w, "name");
	put_text(&w, "/some/path");
	put_blob(&w, "\0\1\2", 3);
	for (len = 0; len <= w.len; len++) {
		/* Its own memory, so that a sanitizer sees an overread. */
		uint8_t *copy = malloc(len == 0 ? 1 : len);

		memcpy(copy, w.data, len);
		cursor_init(&c, copy, len);
		get_u32(&c);
		get_str(&c);
		get_text(&c);
		get_blob(&c);
		ck_assert_int_eq(cursor_done(&c), len == w.len);
		free(copy);
	}
}
END_TEST

START_TEST(a_longer_message_is_not_done)
{
	put_u16(&w, 1);
	put_u8(&w, 0);
	cursor_init(&c, w.data, w.len);
	get_u16(&c);
	ck_assert(!cursor_done(&c));
	ck_assert(!c.bad);
}
END_TEST

START_TEST(bad_is_sticky)
{
	put_u8(&w, 9);
	put_u32(&w, 77);
	cursor_init(&c, w.data, w.len);
	ck_assert(get_u64(&c) == 0);
	/* Enough is left for these, but it is too late. */
	ck_assert_uint_eq(get_u32(&c), 0);
	ck_assert_uint_eq(get_u8(&c), 0);
	ck_assert_uint_eq(get_str(&c).len, 0);
	ck_assert(!cursor_done(&c));
}
END_TEST

START_TEST(an_empty_message_is_done)
{
	cursor_init(&c, NULL, 0);
	ck_assert(cursor_done(&c));
	ck_assert_uint_eq(get_u8(&c), 0);
	ck_assert(!cursor_done(&c));
}
END_TEST

START_TEST(a_bool_is_0_or_1)
{
	put_u8(&w, 2);
	cursor_init(&c, w.data, w.len);
	ck_assert(!get_bool(&c));
	ck_assert(!cursor_done(&c));
}
END_TEST

START_TEST(lengths_that_lie)
{
	static const uint8_t str[] = { 0xff, 0xff, 'a' };
	static const uint8_t blob[] = { 0xff, 0xff, 0xff, 0xff, 'a' };
	static const uint8_t near[] = { 0, 0, 0, 2, 'a' };

	cursor_init(&c, str, sizeof(str));
	ck_assert_uint_eq(get_str(&c).len, 0);
	ck_assert(c.bad);
	cursor_init(&c, blob, sizeof(blob));
	ck_assert_uint_eq(get_blob(&c).len, 0);
	ck_assert(c.bad);
	cursor_init(&c, blob, sizeof(blob));
	ck_assert_uint_eq(get_text(&c).len, 0);
	ck_assert(c.bad);
	cursor_init(&c, near, sizeof(near));
	ck_assert_uint_eq(get_blob(&c).len, 0);
	ck_assert(c.bad);
}
END_TEST

START_TEST(a_str_has_no_control_characters)
{
	static const uint8_t nul[] = { 0, 2, 'a', 0 };
	static const uint8_t nl[] = { 0, 2, '\n', 'b' };
	static const uint8_t del[] = { 0, 1, 0x7f };
	struct span s;

	cursor_init(&c, nul, sizeof(nul));
	get_str(&c);
	ck_assert(c.bad);
	cursor_init(&c, nl, sizeof(nl));
	get_str(&c);
	ck_assert(c.bad);
	cursor_init(&c, del, sizeof(del));
	get_str(&c);
	ck_assert(c.bad);

	/* The writer makes them harmless; UTF-8 goes through. */
	put_str(&w, "a\tb\033[2J\xc3\xa9");
	cursor_init(&c, w.data, w.len);
	s = get_str(&c);
	ck_assert(cursor_done(&c));
	ck_assert(span_is(s, "a?b?[2J\xc3\xa9"));
}
END_TEST

START_TEST(a_str_that_is_too_long_is_cut)
{
	char *s = malloc(70001);

	memset(s, 'x', 70000);
	s[70000] = '\0';
	put_str(&w, s);
	put_u8(&w, 42);
	cursor_init(&c, w.data, w.len);
	ck_assert_uint_eq(get_str(&c).len, 65535);
	ck_assert_uint_eq(get_u8(&c), 42);
	ck_assert(cursor_done(&c));
	free(s);
}
END_TEST

START_TEST(a_text_has_no_nul_but_may_have_lines)
{
	struct span s;

	put_text(&w, "a\nb\001p");
	cursor_init(&c, w.data, w.len);
	s = get_text(&c);
	ck_assert(cursor_done(&c));
	ck_assert(span_is(s, "a\nb\001p"));

	again();
	put_textn(&w, "a\0b", 3);
	cursor_init(&c, w.data, w.len);
	ck_assert_uint_eq(get_text(&c).len, 0);
	ck_assert(!cursor_done(&c));
}
END_TEST

START_TEST(a_blob_is_any_bytes)
{
	struct span s;

	put_blob(&w, "\0\377\n", 3);
	put_blob(&w, NULL, 0);
	cursor_init(&c, w.data, w.len);
	s = get_blob(&c);
	ck_assert_uint_eq(s.len, 3);
	ck_assert_mem_eq(s.p, "\0\377\n", 3);
	ck_assert_uint_eq(get_blob(&c).len, 0);
	ck_assert(cursor_done(&c));
}
END_TEST

START_TEST(a_count_must_fit_what_follows)
{
	put_u32(&w, 3);
	put_u32(&w, 1);
	put_u32(&w, 2);
	put_u32(&w, 3);
	cursor_init(&c, w.data, w.len);
	ck_assert_uint_eq(get_count(&c, 4), 3);
	ck_assert(!c.bad);
	cursor_init(&c, w.data, w.len - 1);
	ck_assert_uint_eq(get_count(&c, 4), 0);
	ck_assert(c.bad);

	again();
	put_u32(&w, UINT32_MAX);
	put_u64(&w, 0);
	cursor_init(&c, w.data, w.len);
	ck_assert_uint_eq(get_count(&c, 8), 0);
	ck_assert(!cursor_done(&c));
}
END_TEST

START_TEST(spans)
{
	struct span s = { "abcdef", 3 };
	char *p;

	ck_assert(span_is(s, "abc"));
	ck_assert(!span_is(s, "abcd"));
	ck_assert(!span_is(s, "ab"));
	ck_assert(!span_is(s, "abd"));
	p = span_dup(s);
	ck_assert_str_eq(p, "abc");
	free(p);
	s.len = 0;
	p = span_dup(s);
	ck_assert_str_eq(p, "");
	free(p);
}
END_TEST

START_TEST(a_buffer_grows_and_is_used_again)
{
	unsigned int i;

	for (i = 0; i < 100000; i++)
		put_u32(&w, i);
	ck_assert_uint_eq(w.len, 400000);
	cursor_init(&c, w.data, w.len);
	for (i = 0; i < 100000; i++)
		ck_assert_uint_eq(get_u32(&c), i);
	ck_assert(cursor_done(&c));
	wbuf_reset(&w);
	ck_assert_uint_eq(w.len, 0);
	put_u8(&w, 5);
	ck_assert_uint_eq(w.data[0], 5);
	wbuf_free(&w);
	ck_assert_ptr_null(w.data);
	ck_assert_uint_eq(w.len, 0);
}
END_TEST

START_TEST(no_memory_is_remembered)
{
	put_u8(&w, 1);
	ck_assert_int_eq(wbuf_room(&w, SIZE_MAX - 1), -1);
	ck_assert(w.failed);
	put_u8(&w, 2);
	ck_assert_uint_eq(w.len, 1);
	ck_assert(w.failed);
	wbuf_reset(&w);
	ck_assert(!w.failed);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		integers_are_big_endian,
		extremes_come_back,
		every_shorter_message_is_bad,
		a_longer_message_is_not_done,
		bad_is_sticky,
		an_empty_message_is_done,
		a_bool_is_0_or_1,
		lengths_that_lie,
		a_str_has_no_control_characters,
		a_str_that_is_too_long_is_cut,
		a_text_has_no_nul_but_may_have_lines,
		a_blob_is_any_bytes,
		a_count_must_fit_what_follows,
		spans,
		a_buffer_grows_and_is_used_again,
		no_memory_is_remembered
	};

	return (SUITE_RUN("wire", tests));
}
