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

/* ipc.c: HELLO is accepted only from who speaks our very protocol. */

#include <check.h>

#include "../../config.h"
#include "../../common/ipc.h"
#include "suite.h"

static struct wbuf w;
static struct cursor c;
static struct hello h;

static int
read_back(void)
{
	cursor_init(&c, w.data, w.len);
	return (get_hello(&c, &h));
}

START_TEST(hello_comes_back)
{
	int role;

	for (role = ROLE_SPAWNER; role <= ROLE_CTL; role++) {
		wbuf_reset(&w);
		put_hello(&w, role);
		ck_assert_uint_ge(w.len, HELLO_MIN);
		ck_assert_uint_le(w.len, HELLO_MAX);
		ck_assert_int_eq(read_back(), 0);
		ck_assert_int_eq(h.role, role);
		ck_assert(span_is(h.build, PACKAGE_VERSION));
	}
}
END_TEST

static void
hello(uint32_t magic, uint16_t version, uint8_t role)
{
	wbuf_reset(&w);
	put_u32(&w, magic);
	put_u16(&w, version);
	put_u8(&w, role);
	put_str(&w, "x");
}

START_TEST(strangers_are_refused)
{
	hello(PROTO_MAGIC, PROTO_VERSION, ROLE_MONITOR);
	ck_assert_int_eq(read_back(), 0);
	hello(PROTO_MAGIC + 1, PROTO_VERSION, ROLE_MONITOR);
	ck_assert_int_eq(read_back(), -1);
	hello(PROTO_MAGIC, PROTO_VERSION + 1, ROLE_MONITOR);
	ck_assert_int_eq(read_back(), -1);
	hello(PROTO_MAGIC, PROTO_VERSION - 1, ROLE_MONITOR);
	ck_assert_int_eq(read_back(), -1);
	hello(PROTO_MAGIC, PROTO_VERSION, 0);
	ck_assert_int_eq(read_back(), -1);
	hello(PROTO_MAGIC, PROTO_VERSION, ROLE_CTL + 1);
	ck_assert_int_eq(read_back(), -1);
	hello(PROTO_MAGIC, PROTO_VERSION, 255);
	ck_assert_int_eq(read_back(), -1);
}
END_TEST

START_TEST(every_other_length_is_refused)
{
	size_t len;

	put_hello(&w, ROLE_CTL);
	for (len = 0; len < w.len; len++) {
		cursor_init(&c, w.data, len);
		ck_assert_int_eq(get_hello(&c, &h), -1);
	}
	put_u8(&w, 0);
	ck_assert_int_eq(read_back(), -1);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		hello_comes_back,
		strangers_are_refused,
		every_other_length_is_refused
	};

	return (SUITE_RUN("ipc", tests));
}
