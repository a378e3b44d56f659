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

/* Who may use a listener: files of users, passwords, tokens, base64. */

#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../httpd/access.h"
#include "../../httpd/base64.h"
#include "suite.h"

/* bcrypt of "secret" and cost 4; SHA-256 of "token". */
#define HASH	"$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"
#define DIGEST	"3c469e9d6c5875d37a43f353d4f88e61" \
		"fcf812c66eee3457465a40b0da4153e0"

static char	error[128];

static int
read_text(struct access *a, const char *text)
{
	char name[] = "/tmp/check_access.XXXXXX";
	int fd, ret;

	if ((fd = mkstemp(name)) == -1 || unlink(name) == -1 ||
	    write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "%s", name);
	ret = access_read(a, fd, error, sizeof(error));
	close(fd);
	return (ret);
}

START_TEST(bad_files)
{
	static const struct {
		const char	*text;
		const char	*error;
	} files[] = {
		{ "", "nobody is in it" },
		{ "\n# nobody\n\n", "nobody is in it" },
		{ "bob:secret", "line 1: neither a bcrypt" },
		{ "# x\nbob", "line 2: neither user:hash" },
		{ ":" HASH, "line 1: no name" },
		{ "bob:$2b$13$abcdefghijklmnopqrstuubvyPymzHAYtBRegDQuJJhBge"
		    "Q0eXVPy", "cost above 12" },
		{ "bob:$2b$04$abc", "neither a bcrypt" },
		{ "bob:$6$04$abcdefghijklmnopqrstuubvyPymzHAYtBRegDQuJJhBgeQ0"
		    "eXVPy", "neither a bcrypt" },
		{ "t:" DIGEST "0", "neither a bcrypt" },
		{ "good:" HASH "\nbob:x\n", "line 2:" },
	};
	struct access *a = access_new(true);
	char who[ACCESS_WHO];
	size_t i;

	ck_assert_int_eq(read_text(a, "t:" DIGEST "\n"), 0);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		ck_assert_int_eq(read_text(a, files[i].text), -1);
		ck_assert_msg(strstr(error, files[i].error) != NULL, "%s",
		    error);
	}
	/* The good one is still in force. */
	ck_assert_int_eq(access_check(a, "Bearer token", who), ACCESS_YES);
	access_free(a);
}
END_TEST

START_TEST(users_and_tokens)
{
	struct access *a = access_new(true);
	char who[ACCESS_WHO];

	ck_assert_int_eq(access_check(a, "Bearer token", who), ACCESS_NO);
	ck_assert_int_eq(read_text(a, "# us\r\nbob:" HASH "\r\nci:" DIGEST
	    "\n"), 0);
	ck_assert_int_eq(access_check(a, NULL, who), ACCESS_NO);
	/* bob:secret */
	ck_assert_int_eq(access_check(a, "Basic Ym9iOnNlY3JldA==", who),
	    ACCESS_YES);
	ck_assert_str_eq(who, "bob");
	ck_assert_int_eq(access_check(a, "basic  Ym9iOnNlY3JldA==", who),
	    ACCESS_YES);
	/* bob:secreT, and then the right one from memory. */
	ck_assert_int_eq(access_check(a, "Basic Ym9iOnNlY3JlVA==", who),
	    ACCESS_NO);
	ck_assert_str_eq(who, "");
	ck_assert_int_eq(access_check(a, "Basic Ym9iOnNlY3JldA==", who),
	    ACCESS_YES);
	/* ci:token is a token and no password; no colon; not base64. */
	ck_assert_int_eq(access_check(a, "Basic Y2k6dG9rZW4=", who),
	    ACCESS_NO);
	ck_assert_int_eq(access_check(a, "Basic Ym9i", who), ACCESS_NO);
	ck_assert_int_eq(access_check(a, "Basic ====", who), ACCESS_NO);
	ck_assert_int_eq(access_check(a, "Basic", who), ACCESS_NO);
	ck_assert_int_eq(access_check(a, "Bearer token", who), ACCESS_YES);
	ck_assert_str_eq(who, "ci");
	ck_assert_int_eq(access_check(a, "Bearer toke", who), ACCESS_NO);
	ck_assert_int_eq(access_check(a, "Bearer ", who), ACCESS_NO);
	ck_assert_int_eq(access_check(a, "Digest token", who), ACCESS_NO);
	/* Other users, at once. */
	ck_assert_int_eq(read_text(a, DIGEST), 0);
	ck_assert_int_eq(access_check(a, "Basic Ym9iOnNlY3JldA==", who),
	    ACCESS_NO);
	ck_assert_int_eq(access_check(a, "Bearer token", who), ACCESS_YES);
	ck_assert_str_eq(who, "token");
	ck_assert_ptr_nonnull(strstr(access_challenge(a), "Bearer"));
	access_free(a);
}
END_TEST

START_TEST(wrong_passwords_are_limited)
{
	struct access *a = access_new(true);
	char who[ACCESS_WHO];
	int i, later = 0;

	ck_assert_int_eq(read_text(a, "bob:" HASH), 0);
	ck_assert_int_eq(access_check(a, "Basic Ym9iOnNlY3JldA==", who),
	    ACCESS_YES);
	for (i = 0; i < 100; i++) {
		if (access_check(a, "Basic Ym9iOnNlY3JlVA==", who) ==
		    ACCESS_LATER)
			later++;
		/* Who is known is not kept out by it. */
		ck_assert_int_eq(access_check(a, "Basic Ym9iOnNlY3JldA==",
		    who), ACCESS_YES);
	}
	ck_assert_int_ge(later, 50);
	access_free(a);
}
END_TEST

START_TEST(addresses)
{
	struct access *a = access_new(false);
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct span net = { "192.0.2.0/24", 12 }, bad = { "nobody", 6 };

	inet_pton(AF_INET, "198.51.100.1", &sin.sin_addr);
	ck_assert(access_admits(a, (struct sockaddr *)&sin, "x"));
	ck_assert_int_eq(access_allow(a, net), 0);
	ck_assert_int_eq(access_allow(a, bad), -1);
	ck_assert(!access_admits(a, (struct sockaddr *)&sin, "x"));
	inet_pton(AF_INET, "192.0.2.77", &sin.sin_addr);
	ck_assert(access_admits(a, (struct sockaddr *)&sin, "x"));
	access_free(a);
}
END_TEST

START_TEST(base64)
{
	static const struct {
		const char	*text;
		const char	*want;
	} good[] = {
		{ "", "" }, { "YQ==", "a" }, { "YWI=", "ab" },
		{ "YWJj", "abc" }, { "YWJjZA== ", "abcd" },
		{ "w7/Dvg==", "\xc3\xbf\xc3\xbe" },
	};
	static const char *const bad[] = { "Y", "YQ", "YQ=", "YQ===", "=",
	    "Y*==", "YWJjZGVmZw==", "YWJj=", "AAAA", "YW Jj", "YQ==YQ==" };
	char buf[7];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_int_eq(base64_decode(good[i].text, buf,
		    sizeof(buf)), (int)strlen(good[i].want));
		ck_assert_str_eq(buf, good[i].want);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(base64_decode(bad[i], buf, sizeof(buf)) == -1,
		    "%s", bad[i]);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		bad_files,
		users_and_tokens,
		wrong_passwords_are_limited,
		addresses,
		base64,
	};

	return (SUITE_RUN("access", tests));
}
