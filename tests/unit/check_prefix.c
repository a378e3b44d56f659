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

/* Network prefixes: what is one, how it is spelled, who is in it. */

#include <sys/types.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <arpa/inet.h>

#include <check.h>
#include <string.h>
#include <sys/un.h>

#include "../../common/prefix.h"
#include "suite.h"

static bool
has(const char *prefix, const char *addr)
{
	struct sockaddr_storage ss;
	struct sockaddr_in *sin = (struct sockaddr_in *)&ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&ss;
	struct prefix p;

	ck_assert_int_eq(prefix_parse(prefix, strlen(prefix), &p), 0);
	memset(&ss, 0, sizeof(ss));
	if (strchr(addr, ':') != NULL) {
		ss.ss_family = AF_INET6;
		ck_assert_int_eq(inet_pton(AF_INET6, addr, &sin6->sin6_addr),
		    1);
	} else {
		ss.ss_family = AF_INET;
		ck_assert_int_eq(inet_pton(AF_INET, addr, &sin->sin_addr), 1);
	}
	return (prefix_has(&p, (struct sockaddr *)&ss));
}

START_TEST(spellings)
{
	static const struct {
		const char	*in, *out;
		bool		 stray;
	} good[] = {
		{ "192.0.2.1", "192.0.2.1/32", false },
		{ "192.0.2.0/24", "192.0.2.0/24", false },
		{ "192.0.2.9/24", "192.0.2.0/24", true },
		{ "10.255.0.0/9", "10.128.0.0/9", true },
		{ "0.0.0.0/0", "0.0.0.0/0", false },
		{ "1.2.3.4/0", "0.0.0.0/0", true },
		{ "::/0", "::/0", false },
		{ "2001:db8::/32", "2001:db8::/32", false },
		{ "2001:DB8:0:0::1", "2001:db8::1/128", false },
		{ "2001:db8::1/127", "2001:db8::/127", true },
		{ "::ffff:192.0.2.1", "192.0.2.1/32", false },
		{ "::ffff:192.0.2.0/120", "192.0.2.0/24", false }
	};
	static const char *const bad[] = { "", "/", "/8", "192.0.2.0/",
	    "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/08", "192.0.2.0/8 ",
	    "192.0.2.0/+8", "192.0.2.0/255.255.255.0", "192.0.2", "all",
	    "::1/129", "::1/1000", "[::1]", "localhost", " ::1", "::1%lo",
	    "1.2.3.4:80", "192.0.2.0/8/8" };
	char buf[PREFIX_TEXT];
	struct prefix p;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_int_eq(prefix_parse(good[i].in, strlen(good[i].in),
		    &p), 0);
		ck_assert_str_eq(prefix_text(&p, buf), good[i].out);
		ck_assert_int_eq(p.stray, good[i].stray);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(prefix_parse(bad[i], strlen(bad[i]), &p) == -1,
		    "'%s' is taken", bad[i]);
	/* The length counts, not a NUL. */
	ck_assert_int_eq(prefix_parse("::1/128", 3, &p), 0);
	ck_assert_int_eq(p.bits, 128);
	ck_assert_int_eq(prefix_parse("::1\0/64", 7, &p), -1);
}
END_TEST

START_TEST(membership)
{
	struct prefix p;
	struct sockaddr_un sun;

	ck_assert(has("192.0.2.0/24", "192.0.2.255"));
	ck_assert(!has("192.0.2.0/24", "192.0.3.0"));
	ck_assert(has("192.0.2.0/23", "192.0.3.0"));
	ck_assert(!has("192.0.2.128/25", "192.0.2.127"));
	ck_assert(has("192.0.2.7", "192.0.2.7"));
	ck_assert(!has("192.0.2.7", "192.0.2.6"));
	ck_assert(has("0.0.0.0/0", "8.8.8.8"));
	ck_assert(!has("0.0.0.0/0", "2001:db8::1"));
	ck_assert(!has("::/0", "8.8.8.8"));
	ck_assert(has("::/0", "2001:db8::1"));
	ck_assert(has("2001:db8::/33", "2001:db8:7fff::1"));
	ck_assert(!has("2001:db8::/33", "2001:db8:8000::1"));
	/* An IPv4 peer of a socket that takes both. */
	ck_assert(has("192.0.2.0/24", "::ffff:192.0.2.1"));
	ck_assert(!has("192.0.2.0/24", "::ffff:192.0.3.1"));
	ck_assert(!has("::/0", "::ffff:192.0.2.1"));
	ck_assert_int_eq(prefix_parse("0.0.0.0/0", 9, &p), 0);
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	ck_assert(!prefix_has(&p, (struct sockaddr *)&sun));
}
END_TEST

START_TEST(loopback)
{
	static const char *const yes[] = { "127.0.0.1", "127.9.9.9",
	    "127.0.0.0/8", "::1", "::ffff:127.0.0.1" };
	static const char *const no[] = { "126.0.0.0/7", "128.0.0.1",
	    "0.0.0.0", "::", "::/127", "::2", "7f00::1" };
	struct prefix p;
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		ck_assert_int_eq(prefix_parse(yes[i], strlen(yes[i]), &p), 0);
		ck_assert_msg(prefix_is_loopback(&p), "%s", yes[i]);
	}
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		ck_assert_int_eq(prefix_parse(no[i], strlen(no[i]), &p), 0);
		ck_assert_msg(!prefix_is_loopback(&p), "%s", no[i]);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		spellings,
		membership,
		loopback
	};

	return (SUITE_RUN("prefix", tests));
}
