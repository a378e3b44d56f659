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

/* What a request asks for, from its path, query and body. */

#include "config.h"

#include <string.h>

#include "../../httpd/route.h"
#include "suite.h"

static struct route
find(enum route_method method, const char *path, const char *query,
    const char *body, bool control)
{
	struct route_request req = { 0 };
	struct route r;

	req.method = method;
	req.path = path;
	req.query = query;
	req.body = body;
	req.bodylen = body == NULL ? 0 : strlen(body);
	req.control = control;
	route_find(&req, &r);
	return (r);
}

static void
expect_answer(struct route r, int status, const char *text)
{
	ck_assert_int_eq(r.what, ROUTE_ANSWER);
	ck_assert_int_eq(r.status, status);
	ck_assert_ptr_nonnull(strstr(r.text, text));
	ck_assert(!route_changes(&r));
}

START_TEST(status_paths)
{
	static const struct {
		const char	*path;
		enum route_what	 what;
	} paths[] = {
		{ "/status/version", ROUTE_VERSION },
		{ "/status/tasks", ROUTE_TASKS },
		{ "/status/config", ROUTE_CONFIG },
		{ "/healthz", ROUTE_HEALTH },
		{ "/metrics", ROUTE_METRICS },
		{ "/status/events", ROUTE_EVENTS },
		{ "/page.css", ROUTE_CSS },
		{ "/page.js", ROUTE_JS },
		{ "/icon.svg", ROUTE_ICON },
	};
	struct route r;
	size_t i;
	int m;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		for (m = METHOD_GET; m <= METHOD_POST; m++) {
			r = find(m, paths[i].path, NULL, NULL, i == 1);
			ck_assert_int_eq(r.what, paths[i].what);
			ck_assert_int_eq(r.status, 200);
			ck_assert_uint_eq(r.indent, 0);
			ck_assert(!route_changes(&r));
		}
		r = find(METHOD_OTHER, paths[i].path, NULL, NULL, false);
		expect_answer(r, 405, "");
		ck_assert_str_eq(r.allow, "GET, HEAD, POST");
	}
}
END_TEST

START_TEST(page)
{
	ck_assert_int_eq(find(METHOD_GET, "/", NULL, NULL, true).what,
	    ROUTE_PAGE);
	ck_assert_int_eq(find(METHOD_HEAD, "/", NULL, NULL, false).what,
	    ROUTE_PAGE);
	ck_assert_int_eq(find(METHOD_POST, "/", NULL, "", true).what,
	    ROUTE_ACTION);
	ck_assert(route_changes(&(struct route){ .what = ROUTE_ACTION }));
	expect_answer(find(METHOD_POST, "/", NULL, "", false), 403, "");
	expect_answer(find(METHOD_OTHER, "/", NULL, "", true), 405, "");
}
END_TEST

START_TEST(manage_paths)
{
	static const struct {
		const char	*path;
		enum route_what	 what;
		const char	*text;
	} paths[] = {
		{ "/manage/control", ROUTE_CONTROL, "" },
		{ "/manage/count", ROUTE_COUNT, "" },
		{ "/manage/reload", ROUTE_RELOAD,
		    "Taskforce config reload initiated" },
		{ "/manage/stop", ROUTE_STOP, "Taskforce exit initiated" },
		{ "/manage/reset", ROUTE_RESET, "Taskforce reset initiated" },
	};
	struct route r;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		r = find(METHOD_GET, paths[i].path, NULL, NULL, true);
		ck_assert_int_eq(r.what, paths[i].what);
		ck_assert_int_eq(r.status, 202);
		ck_assert_str_eq(r.text, paths[i].text);
		ck_assert(route_changes(&r));
		r = find(METHOD_POST, paths[i].path, NULL, "", true);
		ck_assert_int_eq(r.what, paths[i].what);
		/* HEAD must not change anything. */
		r = find(METHOD_HEAD, paths[i].path, NULL, NULL, true);
		expect_answer(r, 405, "");
		ck_assert_str_eq(r.allow, "GET, POST");
		r = find(METHOD_OTHER, paths[i].path, NULL, NULL, true);
		expect_answer(r, 405, "");
	}
	expect_answer(find(METHOD_GET, "/manage/foo", NULL, NULL, true),
	    404, "Unknown control path -- /manage/foo");
	expect_answer(find(METHOD_GET, "/manage/", NULL, NULL, true),
	    404, "Unknown control path -- /manage/");
}
END_TEST

START_TEST(no_management_without_the_right)
{
	static const char *const paths[] = { "/manage/reload", "/manage/stop",
	    "/manage/reset", "/manage/control", "/manage/count",
	    "/manage/foo", "/manage/" };
	size_t i;
	int m;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		for (m = METHOD_GET; m <= METHOD_OTHER; m++)
			expect_answer(find(m, paths[i], NULL, NULL, false),
			    403, "");
}
END_TEST

START_TEST(other_paths)
{
	static const char *const paths[] = { "", "//", "/.", "*",
	    "/status", "/status/", "/status/tasks/", "/STATUS/tasks",
	    "/status//tasks", "/status/./tasks", "/status/%74asks",
	    "/manage", "/managex/stop", "/../status/tasks", "/metrics/",
	    "/healthz/" };
	char path[1000];
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		expect_answer(find(METHOD_GET, paths[i], NULL, NULL, true),
		    404, "");
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	expect_answer(find(METHOD_GET, path, NULL, NULL, true), 404, "/xxx");
}
END_TEST

static void
expect_indent(const char *query, const char *body, unsigned int want)
{
	struct route r;

	r = find(METHOD_POST, "/status/tasks", query, body, false);
	ck_assert_int_eq(r.what, ROUTE_TASKS);
	ck_assert_uint_eq(r.indent, want);
}

START_TEST(indent)
{
	expect_indent("indent=4", NULL, 4);
	expect_indent("indent=0", NULL, 0);
	expect_indent("indent=16", NULL, 16);
	expect_indent("indent=17", NULL, 16);
	expect_indent("indent=999999", NULL, 16);
	expect_indent("indent=-3", NULL, 0);
	expect_indent("a=b&indent=3&c", NULL, 3);
	expect_indent("%69ndent=%33", NULL, 3);
	expect_indent(NULL, "indent=5", 5);
	expect_indent("indent=2", "indent=5", 2);
	expect_indent("fmt=json", "indent=5", 5);
	expect_indent("indent=2&indent=3", NULL, 2);
	expect_answer(find(METHOD_GET, "/status/tasks", "indent=x", NULL,
	    false), 400, "indent");
	expect_answer(find(METHOD_GET, "/status/tasks", "indent=", NULL,
	    false), 400, "indent");
	expect_answer(find(METHOD_GET, "/status/tasks", "indent", NULL,
	    false), 400, "indent");
	expect_answer(find(METHOD_GET, "/status/tasks", "indent=%zz", NULL,
	    false), 400, "indent");
	/* The body of a GET means nothing. */
	ck_assert_uint_eq(find(METHOD_GET, "/status/tasks", NULL, "indent=5",
	    false).indent, 0);
}
END_TEST

START_TEST(format)
{
	ck_assert_int_eq(find(METHOD_GET, "/status/version", "fmt=json",
	    NULL, false).what, ROUTE_VERSION);
	expect_answer(find(METHOD_GET, "/status/version", "fmt=xml", NULL,
	    false), 415, "");
	expect_answer(find(METHOD_GET, "/status/version", "fmt=", NULL,
	    false), 415, "");
	expect_answer(find(METHOD_GET, "/status/version", "fmt=JSON", NULL,
	    false), 415, "");
	expect_answer(find(METHOD_POST, "/status/version", NULL, "fmt=xml",
	    false), 415, "");
	ck_assert_int_eq(find(METHOD_POST, "/status/version", "fmt=json",
	    "fmt=xml", false).what, ROUTE_VERSION);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		status_paths,
		page,
		manage_paths,
		no_management_without_the_right,
		other_paths,
		indent,
		format,
	};

	return (SUITE_RUN("route", tests));
}
