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
 * Requests and what they ask for (spec.md 7).  Everything here comes from
 * whoever can reach a listener and may be anything.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "form.h"
#include "route.h"

#define MANAGE	"/manage/"

static const struct {
	const char	*path;
	enum route_what	 what;
	const char	*text;
} paths[] = {
	{ "/status/version",	ROUTE_VERSION, NULL },
	{ "/status/tasks",	ROUTE_TASKS, NULL },
	{ "/status/config",	ROUTE_CONFIG, NULL },
	{ "/",			ROUTE_PAGE, NULL },
	{ "/page.css",		ROUTE_CSS, NULL },
	{ "/page.js",		ROUTE_JS, NULL },
	{ "/icon.svg",		ROUTE_ICON, NULL },
	{ "/status/events",	ROUTE_EVENTS, NULL },
	{ "/metrics",		ROUTE_METRICS, NULL },
	{ "/healthz",		ROUTE_HEALTH, NULL },
	{ "/manage/control",	ROUTE_CONTROL, "" },
	{ "/manage/count",	ROUTE_COUNT, "" },
	{ "/manage/reload",	ROUTE_RELOAD,
	    "Taskforce config reload initiated" },
	{ "/manage/stop",	ROUTE_STOP, "Taskforce exit initiated" },
	{ "/manage/reset",	ROUTE_RESET, "Taskforce reset initiated" },
};

static void	answer(struct route *, int, const char *, ...)
		    __attribute__((__format__(printf, 3, 4)));

static void
answer(struct route *r, int status, const char *fmt, ...)
{
	va_list ap;

	r->what = ROUTE_ANSWER;
	r->status = status;
	va_start(ap, fmt);
	vsnprintf(r->text, sizeof(r->text), fmt, ap);
	va_end(ap);
}

/* The query wins over the body. */
static int
param(const struct route_request *req, const char *name, char *buf,
    size_t size)
{
	int n;

	if (req->query != NULL && (n = form_value(req->query,
	    strlen(req->query), name, buf, size)) != 0)
		return (n);
	if (req->method == METHOD_POST && req->body != NULL)
		return (form_value(req->body, req->bodylen, name, buf, size));
	return (0);
}

/* What all of /status/ takes: indent=N and fmt=json. */
static void
status_params(const struct route_request *req, struct route *r)
{
	const char *errstr;
	char buf[64];
	long long n;

	switch (param(req, "fmt", buf, sizeof(buf))) {
	case 0:
		break;
	case 1:
		if (strcmp(buf, "json") == 0)
			break;
		/* FALLTHROUGH */
	default:
		answer(r, 415, "Unsupported format, only json is known");
		return;
	}
	switch (param(req, "indent", buf, sizeof(buf))) {
	case 0:
		return;
	case 1:
		n = strtonum(buf, -1000000, 1000000, &errstr);
		if (errstr == NULL) {
			r->indent = n < 0 ? 0 : n > ROUTE_INDENT_MAX ?
			    ROUTE_INDENT_MAX : (unsigned int)n;
			return;
		}
		/* FALLTHROUGH */
	default:
		answer(r, 400, "Bad indent, 0 to %d is possible",
		    ROUTE_INDENT_MAX);
		return;
	}
}

bool
route_changes(const struct route *r)
{
	return (r->what >= ROUTE_CONTROL);
}

void
route_find(const struct route_request *req, struct route *r)
{
	bool manage;
	size_t i;

	memset(r, 0, sizeof(*r));
	manage = strncmp(req->path, MANAGE, strlen(MANAGE)) == 0;
	if (manage && !req->control) {
		answer(r, 403, "Control is not allowed on this service");
		return;
	}
	for (i = 0; i < nitems(paths); i++)
		if (strcmp(req->path, paths[i].path) == 0)
			break;
	if (i == nitems(paths)) {
		if (manage)
			answer(r, 404, "Unknown control path -- %s",
			    req->path);
		else
			answer(r, 404, "Not found -- %s", req->path);
		return;
	}
	/* HEAD is asked to have no effect: it has no place in /manage/. */
	if (req->method == METHOD_OTHER ||
	    (manage && req->method == METHOD_HEAD)) {
		answer(r, 405, "Method not allowed");
		r->allow = manage ? "GET, POST" : "GET, HEAD, POST";
		return;
	}
	r->what = paths[i].what;
	if (r->what == ROUTE_PAGE && req->method == METHOD_POST) {
		if (req->control)
			r->what = ROUTE_ACTION;
		else
			answer(r, 403, "Control is not allowed on this "
			    "service");
		return;
	}
	if (manage) {
		r->status = 202;
		strlcpy(r->text, paths[i].text, sizeof(r->text));
		return;
	}
	r->status = 200;
	status_params(req, r);
}
