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
 * Writes answers.  Who they go to may be anybody, and may not read them:
 * see conn.c.
 */

#include <stdio.h>
#include <stdlib.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "../common/log.h"
#include "../common/util.h"
#include "change.h"
#include "conn.h"
#include "etag.h"
#include "exchange.h"
#include "listen.h"
#include "metrics.h"
#include "page.h"
#include "render.h"

void
exchange_free(struct exchange *x)
{
	change_free(x->change);
	free(x);
}

const char *
exchange_body(struct exchange *x, size_t *len)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(x->req);

	*len = 0;
	if (evhttp_request_get_command(x->req) != EVHTTP_REQ_POST)
		return (NULL);
	*len = evbuffer_get_length(body);
	return ((const char *)evbuffer_pullup(body, -1));
}

static void
release_text(const void *data, size_t len, void *arg)
{
	(void)data;
	(void)len;
	text_unref(arg);
}

/* evhttp has sent the last byte, and may wait for the next request. */
static void
on_sent(struct evhttp_request *req, void *arg)
{
	struct service *s = arg;
	struct conn *c;

	c = conn_find(s, evhttp_request_get_connection(req));
	if (c != NULL)
		conn_idle(c);
}

void
send_header(struct exchange *x, const char *key, const char *value)
{
	if (evhttp_add_header(evhttp_request_get_output_headers(x->req), key,
	    value) == -1)
		fatal("answer header");
}

/* Whether the client says that it has this very text. */
static bool
has_it(struct exchange *x, const struct text *t)
{
	const char *list;

	list = evhttp_find_header(evhttp_request_get_input_headers(x->req),
	    "If-None-Match");
	return (list != NULL && evhttp_request_get_command(x->req) !=
	    EVHTTP_REQ_POST && etag_listed(list, t->etag));
}

void
send_common(struct exchange *x)
{
	char number[32];

	send_header(x, "X-Content-Type-Options", "nosniff");
	if (listen_hsts(x->service) > 0) {
		snprintf(number, sizeof(number), "max-age=%u",
		    listen_hsts(x->service));
		send_header(x, "Strict-Transport-Security", number);
	}
	/* It is not listened there any more or otherwise; or others wait. */
	if (listen_removed(x->service) || listen_crowded(x->service))
		send_header(x, "Connection", "close");
}

/* The headers that say what is sent; the status, which they may change. */
static int
describe(struct exchange *x, int status, const char *type,
    const struct text *t)
{
	char number[32];

	send_common(x);
	if (status != 200 || t->etag[0] == '\0')
		send_header(x, "Cache-Control", "no-store");
	else {
		send_header(x, "Cache-Control", "no-cache");
		send_header(x, "ETag", t->etag);
		if (has_it(x, t))
			return (304);
	}
	send_header(x, "Content-Type", type);
	snprintf(number, sizeof(number), "%zu", t->len);
	send_header(x, "Content-Length", number);
	return (status);
}

void
send_text(struct exchange *x, int status, const char *type, struct text *t)
{
	struct evhttp_connection *evcon;
	struct bufferevent *bev;
	struct evbuffer *buf;
	size_t len = t->len;

	evcon = evhttp_request_get_connection(x->req);
	bev = evhttp_connection_get_bufferevent(evcon);
	status = describe(x, status, type, t);
	metrics_count(listen_addr(x->service), status);
	if ((buf = evbuffer_new()) == NULL)
		fatal("answer");
	if (evhttp_request_get_command(x->req) == EVHTTP_REQ_HEAD ||
	    status == 304) {
		len = 0;
		text_unref(t);
	} else if (evbuffer_add_reference(buf, t->data, len, release_text,
	    t) == -1)
		fatal("answer");
	/* Nobody has it but this client. */
	if (len > 0 && t->refs == 1)
		text_retire(t);
	conn_check_memory();
	conn_answering(x->conn, len);
	evhttp_request_set_on_complete_cb(x->req, on_sent, x->service);

	/* Sending may close and free the connection. */
	bufferevent_incref(bev);
	evhttp_send_reply(x->req, status, NULL, buf);
	/*
	 * Nothing is read before the answer is out: a client that has shut
	 * down its end after the request still gets it, and one that floods
	 * us fills its own buffers.
	 */
	if (conn_find(x->service, evcon) != NULL)
		bufferevent_disable(bev, EV_READ);
	bufferevent_decref(bev);
	evbuffer_free(buf);
	exchange_free(x);
}

void
send_page(struct exchange *x, int status, struct text *t)
{
	send_header(x, "Content-Security-Policy", PAGE_CSP);
	/* A form of ours must be able to say where it comes from. */
	send_header(x, "Referrer-Policy", "same-origin");
	send_text(x, status, "text/html; charset=utf-8", t);
}

void
send_line(struct exchange *x, int status, const char *line)
{
	char *data;
	int len;

	len = xasprintf(&data, "%s\n", line);
	send_text(x, status, "text/plain", text_new(data, len));
}

void
send_made(struct exchange *x, const char *type, struct text *t)
{
	if (t == NULL) {
		log_warn("http: cannot make an answer");
		send_line(x, 500, "Cannot make an answer");
	} else
		send_text(x, x->route.status, type, t);
}

void
send_failure(struct exchange *x, enum peer_result result, const char *detail)
{
	static const struct {
		int		 status;
		const char	*text;
	} failures[] = {
		[PEER_AWAY] = { 503, "Taskforce does not answer" },
		[PEER_BUSY] = { 503, "Taskforce is busy" },
		[PEER_DENIED] = { 403, "Not permitted" },
		[PEER_FAILED] = { 500, "Taskforce could not do it" },
	};
	char line[512];

	snprintf(line, sizeof(line), "%s%s%s", failures[result].text,
	    detail[0] != '\0' ? ": " : "", detail);
	if (failures[result].status == 503)
		send_header(x, "Retry-After", "1");
	send_line(x, failures[result].status, line);
}
