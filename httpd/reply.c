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
 * Answers requests.  evhttp has taken them apart; all of their contents may
 * be anything.  What route.c makes of them is answered at once where the
 * answer is known, else when the monitor has spoken.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "../common/log.h"
#include "../common/util.h"
#include "access.h"
#include "change.h"
#include "action.h"
#include "conn.h"
#include "events.h"
#include "exchange.h"
#include "listen.h"
#include "metrics.h"
#include "origin.h"
#include "page.h"
#include "peer.h"
#include "render.h"
#include "reply.h"
#include "route.h"
#include "tls.h"

#define JSON	"application/json"

/* What came of each task, a line each. */
static void
send_results(struct exchange *x)
{
	char *text;
	size_t len;
	int status;

	if ((status = change_status(x->change)) == 0) {
		send_failure(x, PEER_FAILED, "");
		return;
	}
	text = change_text(x->change, &len);
	send_text(x, status, "text/plain", text_new(text, len));
}

static void
on_answer(enum peer_result result, const char *detail, void *arg)
{
	struct exchange *x = arg;

	x->ask = NULL;
	if (result != PEER_OK) {
		send_failure(x, result, detail);
		return;
	}
	switch (x->route.what) {
	case ROUTE_TASKS:
		send_made(x, JSON, peer_tasks(x->route.indent));
		break;
	case ROUTE_CONFIG:
		send_made(x, JSON, peer_config(x->route.indent));
		break;
	case ROUTE_HEALTH:
		send_line(x, x->route.status, "ok");
		break;
	case ROUTE_PAGE:
		send_page(x, 200, peer_page(listen_control()));
		break;
	case ROUTE_CONTROL:
	case ROUTE_COUNT:
		send_results(x);
		break;
	default:
		send_line(x, x->route.status, x->route.text);
		break;
	}
}

/* From the fresh answer if there is one, else from the monitor. */
static void
send_or_ask(struct exchange *x, struct text *fresh,
    enum peer_question question)
{
	if (fresh != NULL)
		send_made(x, JSON, fresh);
	else
		x->ask = peer_ask(question, NULL, on_answer, x);
}

/* The tasks that query and body name; the query wins over the body. */
static void
ask_about_tasks(struct exchange *x, enum peer_question question)
{
	const char *query, *body;
	size_t len;

	query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(x->req));
	body = exchange_body(x, &len);
	x->change = change_new();
	if ((query != NULL &&
	    change_add_form(x->change, query, strlen(query)) == -1) ||
	    (len > 0 && change_add_form(x->change, body, len) == -1))
		send_line(x, 400, "Malformed names or values, or too many");
	else if (change_count(x->change) == 0)
		send_line(x, 400, "No task was named");
	else
		x->ask = peer_ask(question, x->change, on_answer, x);
}

static void
perform(struct exchange *x)
{
	struct route *r = &x->route;
	struct text *t;

	switch (r->what) {
	case ROUTE_ANSWER:
		if (r->allow != NULL)
			send_header(x, "Allow", r->allow);
		send_line(x, r->status, r->text);
		break;
	case ROUTE_VERSION:
		send_made(x, JSON, render_version(listen_control(), r->indent));
		break;
	case ROUTE_TASKS:
		send_or_ask(x, peer_fresh_tasks(r->indent), ASK_TASKS);
		break;
	case ROUTE_CONFIG:
		send_or_ask(x, peer_fresh_config(r->indent), ASK_CONFIG);
		break;
	case ROUTE_PAGE:
		if ((t = peer_fresh_page(listen_control())) != NULL)
			send_page(x, r->status, t);
		else
			x->ask = peer_ask(ASK_TASKS, NULL, on_answer, x);
		break;
	case ROUTE_CSS:
		send_text(x, r->status, "text/css", page_css());
		break;
	case ROUTE_JS:
		send_text(x, r->status, "text/javascript", page_js());
		break;
	case ROUTE_ICON:
		send_text(x, r->status, "image/svg+xml", page_icon());
		break;
	case ROUTE_EVENTS:
		if (evhttp_request_get_command(x->req) == EVHTTP_REQ_HEAD)
			send_text(x, r->status, "text/event-stream",
			    text_new(xstrdup(""), 0));
		else
			events_open(x);
		break;
	case ROUTE_METRICS:
		metrics_begin(x);
		break;
	case ROUTE_ACTION:
		action_begin(x);
		break;
	case ROUTE_HEALTH:
		x->ask = peer_ask(ASK_HEALTH, NULL, on_answer, x);
		break;
	case ROUTE_CONTROL:
		ask_about_tasks(x, ASK_CONTROL);
		break;
	case ROUTE_COUNT:
		ask_about_tasks(x, ASK_COUNT);
		break;
	case ROUTE_RELOAD:
		x->ask = peer_ask(ASK_RELOAD, NULL, on_answer, x);
		break;
	case ROUTE_STOP:
		x->ask = peer_ask(ASK_STOP, NULL, on_answer, x);
		break;
	case ROUTE_RESET:
		x->ask = peer_ask(ASK_RESET, NULL, on_answer, x);
		break;
	}
}

/* Our end's address as text; "" when it has none. */
static void
local_address(struct evhttp_connection *evcon, char *buf, size_t size)
{
	struct sockaddr_storage ss;
	struct sockaddr_in *sin = (struct sockaddr_in *)&ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&ss;
	socklen_t len = sizeof(ss);
	const void *addr;
	int family;

	buf[0] = '\0';
	if (getsockname(bufferevent_getfd(evhttp_connection_get_bufferevent(
	    evcon)), (struct sockaddr *)&ss, &len) == -1)
		return;
	family = ss.ss_family;
	if (family == AF_INET)
		addr = &sin->sin_addr;
	else if (family != AF_INET6)
		return;
	else if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
		/* IPv4 on a socket that takes both. */
		family = AF_INET;
		addr = sin6->sin6_addr.s6_addr + 12;
	} else
		addr = &sin6->sin6_addr;
	if (inet_ntop(family, addr, buf, size) == NULL)
		buf[0] = '\0';
}

static const char *
why_not_from_there(struct evhttp_request *req, const struct service *s)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(req);
	char local[INET6_ADDRSTRLEN];
	const char *ours[3];
	struct origin_request or;

	local_address(evhttp_request_get_connection(req), local,
	    sizeof(local));
	ours[0] = local;
	ours[1] = listen_host(s);
	ours[2] = render_nodename();
	or.host = evhttp_find_header(headers, "Host");
	or.origin = evhttp_find_header(headers, "Origin");
	or.referer = evhttp_find_header(headers, "Referer");
	or.fetch_site = evhttp_find_header(headers, "Sec-Fetch-Site");
	or.unix_domain = listen_unix(s);
	or.ours = ours;
	or.nours = nitems(ours);
	return (origin_refused(&or));
}

/*
 * Of these there is one at most (RFC 9110, 5.3; RFC 9112, 6.3).  We would heed
 * the first of two, and who stands before us perhaps the other.
 */
static bool
is_ambiguous(struct evhttp_request *req)
{
	static const char *const single[] = {
		"Authorization", "Content-Length", "Host", "Origin",
		"Sec-Fetch-Site", "Transfer-Encoding"
	};
	const struct evkeyval *kv;
	unsigned int n;
	size_t i;

	for (i = 0; i < nitems(single); i++) {
		n = 0;
		TAILQ_FOREACH(kv, evhttp_request_get_input_headers(req), next)
			n += strcasecmp(kv->key, single[i]) == 0;
		if (n > 1)
			return (true);
	}
	return (false);
}

static enum route_method
method_of(struct evhttp_request *req)
{
	switch (evhttp_request_get_command(req)) {
	case EVHTTP_REQ_GET:
		return (METHOD_GET);
	case EVHTTP_REQ_HEAD:
		return (METHOD_HEAD);
	case EVHTTP_REQ_POST:
		return (METHOD_POST);
	default:
		return (METHOD_OTHER);
	}
}

static void
find_route(struct exchange *x)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(x->req);
	struct route_request rr;

	rr.method = method_of(x->req);
	rr.path = evhttp_uri_get_path(uri);
	if (rr.path == NULL)
		rr.path = "";
	/* "//any/manage/stop" is a host and a path to libevent, and to a
	 * proxy that guards /manage/ a path: so it is here. */
	if (strncmp(evhttp_request_get_uri(x->req), "//", 2) == 0)
		rr.path = evhttp_request_get_uri(x->req);
	rr.query = evhttp_uri_get_query(uri);
	rr.body = exchange_body(x, &rr.bodylen);
	rr.control = listen_control();
	route_find(&rr, &x->route);
}

void
exchange_from(struct exchange *x, char *buf, size_t size)
{
	struct evhttp_connection *evcon;
	char *addr = NULL, name[256];
	ev_uint16_t port;

	evcon = evhttp_request_get_connection(x->req);
	evhttp_connection_get_peer(evcon, &addr, &port);
	strlcpy(buf, listen_unix(x->service) || addr == NULL ? "a Unix socket"
	    : addr, size);
	if (listen_has_tls(x->service) && tls_peer_name(
	    evhttp_connection_get_bufferevent(evcon), name, sizeof(name))) {
		strlcat(buf, ", certificate of ", size);
		strlcat(buf, name, size);
	}
	if (x->who[0] != '\0') {
		strlcat(buf, ", user ", size);
		strlcat(buf, x->who, size);
	}
}

/* Whether the client may ask at all; if not, it has been told so. */
static bool
is_known(struct exchange *x)
{
	struct access *a = listen_access(x->service);
	char from[512];

	switch (access_check(a, evhttp_find_header(
	    evhttp_request_get_input_headers(x->req), "Authorization"),
	    x->who)) {
	case ACCESS_YES:
		return (true);
	case ACCESS_LATER:
		send_header(x, "Retry-After", "2");
		send_line(x, 429, "Too many wrong passwords");
		return (false);
	default:
		break;
	}
	if (evhttp_find_header(evhttp_request_get_input_headers(x->req),
	    "Authorization") != NULL) {
		exchange_from(x, from, sizeof(from));
		access_refused("http %s: wrong password or token from %s",
		    listen_addr(x->service), from);
	}
	send_header(x, "WWW-Authenticate", access_challenge(a));
	send_line(x, 401, "Who are you?");
	return (false);
}

void
reply_request(struct evhttp_request *req, void *arg)
{
	struct service *s = arg;
	struct exchange *x;
	const char *why;
	char from[512];

	x = xcalloc(1, sizeof(*x));
	x->req = req;
	x->service = s;
	x->conn = conn_find(s, evhttp_request_get_connection(req));
	if (x->conn == NULL)
		fatalx("a request without a connection");
	conn_working(x->conn, x);
	if (is_ambiguous(req)) {
		/* Nobody can tell where the next one begins. */
		send_header(x, "Connection", "close");
		send_line(x, 400, "Bad Request: a header stands there twice");
		return;
	}
	if (!is_known(x))
		return;
	find_route(x);
	if (route_changes(&x->route) &&
	    (why = why_not_from_there(req, s)) != NULL) {
		access_refused("http %s: %.200s refused: %s", listen_addr(s),
		    evhttp_request_get_uri(req), why);
		x->route.what = ROUTE_ANSWER;
		x->route.status = 403;
		snprintf(x->route.text, sizeof(x->route.text),
		    "Request refused: %s", why);
	}
	/* A button says itself what it does. */
	if (route_changes(&x->route) && x->route.what != ROUTE_ACTION) {
		exchange_from(x, from, sizeof(from));
		log_info("http %s: %.200s from %s", listen_addr(s),
		    evhttp_request_get_uri(req), from);
	}
	perform(x);
}

void
reply_closed(struct exchange *x)
{
	if (x->ask != NULL)
		peer_cancel(x->ask);
	if (x->stream != NULL)
		events_gone(x->stream);
	if (x->route.what == ROUTE_METRICS)
		metrics_gone(x);
	/* evhttp frees the request, unless it has let go of it already. */
	if (evhttp_request_get_connection(x->req) == NULL)
		evhttp_request_free(x->req);
	exchange_free(x);
}
