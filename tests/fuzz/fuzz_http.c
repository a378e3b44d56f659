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
 * From the bytes of a connection to routed requests: evhttp reads them as it
 * does in httpd, with the same limits, and what comes out is routed.  The
 * first byte says in how many pieces the rest comes.
 */

#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "../../httpd/base64.h"
#include "../../httpd/change.h"
#include "../../httpd/etag.h"
#include "../../httpd/origin.h"
#include "../../httpd/route.h"
#include "fuzz.h"

static struct {
	struct event_base	*base;
	struct evhttp		*http;
	struct sockaddr_un	 sun;
	socklen_t		 len;
} fuzz;

static void
check_route(struct evhttp_request *req, const struct route_request *rr)
{
	struct route r;

	(void)req;
	route_find(rr, &r);
	if (r.indent > ROUTE_INDENT_MAX || r.status > 599 ||
	    memchr(r.text, '\0', sizeof(r.text)) == NULL)
		abort();
	/* Without the right nothing changes; by HEAD, never. */
	if (route_changes(&r) && (!rr->control ||
	    rr->method == METHOD_HEAD || rr->method == METHOD_OTHER))
		abort();
}

static void
check_change(const struct route_request *rr)
{
	struct change *c = change_new();
	struct wbuf w = { 0 };

	if ((rr->query == NULL || change_add_form(c, rr->query,
	    strlen(rr->query)) == 0) && (rr->body == NULL ||
	    change_add_form(c, rr->body, rr->bodylen) == 0))
		change_put(c, &w);
	wbuf_free(&w);
	change_free(c);
}

static void
check_headers(struct evhttp_request *req)
{
	static const char *const ours[] = { "192.0.2.1", "box" };
	struct evkeyvalq *h = evhttp_request_get_input_headers(req);
	struct origin_request or = { .ours = ours, .nours = 2 };
	const char *p;
	char buf[64];

	or.host = evhttp_find_header(h, "Host");
	or.origin = evhttp_find_header(h, "Origin");
	or.referer = evhttp_find_header(h, "Referer");
	or.fetch_site = evhttp_find_header(h, "Sec-Fetch-Site");
	origin_refused(&or);
	if ((p = evhttp_find_header(h, "If-None-Match")) != NULL)
		etag_listed(p, "W/\"x\"");
	if ((p = evhttp_find_header(h, "Authorization")) != NULL &&
	    base64_decode(p, buf, sizeof(buf)) >= (int)sizeof(buf))
		abort();
}

static void
on_request(struct evhttp_request *req, void *arg)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
	struct evbuffer *body = evhttp_request_get_input_buffer(req);
	struct route_request rr = { 0 };

	(void)arg;
	rr.method = evhttp_request_get_command(req) == EVHTTP_REQ_GET ?
	    METHOD_GET : evhttp_request_get_command(req) ==
	    EVHTTP_REQ_HEAD ? METHOD_HEAD :
	    evhttp_request_get_command(req) == EVHTTP_REQ_POST ?
	    METHOD_POST : METHOD_OTHER;
	if ((rr.path = evhttp_uri_get_path(uri)) == NULL)
		rr.path = "";
	rr.query = evhttp_uri_get_query(uri);
	rr.bodylen = evbuffer_get_length(body);
	rr.body = (const char *)evbuffer_pullup(body, -1);
	if (rr.bodylen > 64 * 1024)
		abort();
	check_route(req, &rr);
	rr.control = true;
	check_route(req, &rr);
	check_change(&rr);
	check_headers(req);
	evhttp_send_reply(req, 200, NULL, NULL);
}

/* A socket that only we can reach, with no name in the file system. */
static void
set_up(void)
{
	int fd;

	fuzz.sun.sun_family = AF_UNIX;
	fuzz.len = sizeof(fuzz.sun);
	if ((fuzz.base = event_base_new()) == NULL ||
	    (fuzz.http = evhttp_new(fuzz.base)) == NULL ||
	    (fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)&fuzz.sun,
	    sizeof(sa_family_t)) == -1 || listen(fd, 16) == -1 ||
	    getsockname(fd, (struct sockaddr *)&fuzz.sun, &fuzz.len) == -1 ||
	    evhttp_accept_socket(fuzz.http, fd) == -1)
		abort();
	evhttp_set_gencb(fuzz.http, on_request, NULL);
	evhttp_set_max_headers_size(fuzz.http, 16 * 1024);
	evhttp_set_max_body_size(fuzz.http, 64 * 1024);
	evhttp_set_timeout(fuzz.http, 1);
}

static void
turn(void)
{
	int i;

	for (i = 0; i < 4; i++)
		event_base_loop(fuzz.base, EVLOOP_NONBLOCK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char sink[65536];
	size_t pieces, n, sent;
	int fd;

	if (size < 2)
		return (0);
	if (fuzz.base == NULL)
		set_up();
	pieces = data[0] % 4 + 1;
	data++;
	size--;
	if ((fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1 || connect(fd,
	    (struct sockaddr *)&fuzz.sun, fuzz.len) == -1)
		abort();
	fcntl(fd, F_SETFL, O_NONBLOCK);
	turn();
	for (sent = 0; sent < size; sent += n) {
		n = (size + pieces - 1) / pieces;
		if (n > size - sent)
			n = size - sent;
		if (send(fd, data + sent, n, MSG_NOSIGNAL) == -1)
			break;
		turn();
		while (recv(fd, sink, sizeof(sink), 0) > 0)
			turn();
	}
	close(fd);
	turn();
	return (0);
}
