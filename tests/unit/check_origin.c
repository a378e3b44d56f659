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

/* Requests from other sites change nothing; those of programs may. */

#include "config.h"

#include "../../httpd/origin.h"
#include "suite.h"

static const char *const ours[] = { "192.0.2.1", "", "2001:db8::1", "box" };

static struct origin_request
request(const char *host)
{
	struct origin_request r = { 0 };

	r.host = host;
	r.ours = ours;
	r.nours = sizeof(ours) / sizeof(ours[0]);
	return (r);
}

static bool
host_taken(const char *host)
{
	struct origin_request r = request(host);

	return (origin_refused(&r) == NULL);
}

START_TEST(hosts_that_are_ours)
{
	ck_assert(host_taken(NULL));
	ck_assert(host_taken("localhost"));
	ck_assert(host_taken("LocalHost:8080"));
	ck_assert(host_taken("localhost.:8080"));
	ck_assert(host_taken("127.0.0.1:8080"));
	ck_assert(host_taken("127.1.2.3"));
	ck_assert(host_taken("[::1]:8080"));
	ck_assert(host_taken("[::1]"));
	ck_assert(host_taken("[0:0:0:0:0:0:0:1]"));
	ck_assert(host_taken("192.0.2.1:8080"));
	ck_assert(host_taken("[2001:db8:0::1]:8443"));
	ck_assert(host_taken("BOX:8080"));
}
END_TEST

START_TEST(hosts_that_are_not)
{
	ck_assert(!host_taken("evil.example"));
	ck_assert(!host_taken("evil.example:8080"));
	ck_assert(!host_taken("localhost.evil.example"));
	ck_assert(!host_taken("127.0.0.1.evil.example"));
	ck_assert(!host_taken("192.0.2.2"));
	ck_assert(!host_taken("box.evil.example"));
	ck_assert(!host_taken("[2001:db8::2]"));
	ck_assert(!host_taken("[::1"));
	ck_assert(!host_taken("[::1]x"));
	ck_assert(!host_taken(""));
	ck_assert(!host_taken(":8080"));
}
END_TEST

START_TEST(any_host_by_unix_socket)
{
	struct origin_request r = request("whatever");

	r.unix_domain = true;
	ck_assert_ptr_null(origin_refused(&r));
	/* But what says that it is foreign is. */
	r.origin = "https://evil.example";
	ck_assert_ptr_nonnull(origin_refused(&r));
}
END_TEST

static bool
origin_taken(const char *origin, const char *host)
{
	struct origin_request r = request(host), s = request(host);
	bool taken;

	r.origin = origin;
	s.referer = origin;
	taken = origin_refused(&r) == NULL;
	/* The two are judged alike. */
	ck_assert(taken == (origin_refused(&s) == NULL));
	return (taken);
}

START_TEST(origins)
{
	ck_assert(origin_taken("http://localhost:8080", "localhost:8080"));
	ck_assert(origin_taken("https://LOCALHOST:8080", "localhost:8080"));
	ck_assert(origin_taken("http://box", "box"));
	ck_assert(origin_taken("http://[::1]:8080/", "[::1]:8080"));
	ck_assert(!origin_taken("http://evil.example", "localhost:8080"));
	ck_assert(!origin_taken("http://localhost:9090", "localhost:8080"));
	ck_assert(!origin_taken("http://localhost", "localhost:8080"));
	ck_assert(!origin_taken("http://localhost:8080.evil.example",
	    "localhost:8080"));
	ck_assert(!origin_taken("null", "localhost:8080"));
	ck_assert(!origin_taken("", "localhost:8080"));
	ck_assert(!origin_taken("http://localhost", NULL));
	ck_assert(!origin_taken("http://", "localhost"));
}
END_TEST

START_TEST(referers_have_paths)
{
	struct origin_request r = request("localhost:8080");

	r.referer = "http://localhost:8080/page?x=y#z";
	ck_assert_ptr_null(origin_refused(&r));
	r.referer = "http://evil.example/localhost:8080";
	ck_assert_ptr_nonnull(origin_refused(&r));
	r.referer = "http://localhost:8080@evil.example/";
	ck_assert_ptr_nonnull(origin_refused(&r));
}
END_TEST

START_TEST(fetch_sites)
{
	static const struct {
		const char	*site;
		bool		 taken;
	} sites[] = {
		{ "same-origin", true },
		{ "none", true },
		{ "same-site", false },
		{ "cross-site", false },
		{ "", false },
		{ "something new", false },
	};
	struct origin_request r = request("localhost:8080");
	size_t i;

	for (i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
		r.fetch_site = sites[i].site;
		ck_assert_msg((origin_refused(&r) == NULL) == sites[i].taken,
		    "%s", sites[i].site);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		hosts_that_are_ours,
		hosts_that_are_not,
		any_host_by_unix_socket,
		origins,
		referers_have_paths,
		fetch_sites,
	};

	return (SUITE_RUN("origin", tests));
}
