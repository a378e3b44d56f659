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
 * Streams of events.  Those who listen may be anybody, and may not read: one
 * whose last event is still unsent is left out, and one who has read nothing
 * from one heartbeat to the next is dropped.
 *
 * An event is two lines, "event:" and "data:" with JSON: "change" when the
 * state is another one, "away" when the monitor does not answer.
 */

#include <sys/queue.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "../common/log.h"
#include "../common/mono.h"
#include "../common/util.h"
#include "conn.h"
#include "events.h"
#include "exchange.h"
#include "listen.h"
#include "metrics.h"

#define STREAMS_MAX	256
#define PACE_MS		250	/* between two events */
#define AWAY_MS		2000	/* until a silent monitor is asked again */
#define HEARTBEAT	15	/* seconds */

struct stream {
	TAILQ_ENTRY(stream)	 entry;
	struct exchange		*x;
	bool			 stuck;	/* at the last heartbeat */
};

static struct {
	TAILQ_HEAD(, stream)	 all;
	unsigned int		 n;
	struct event		*pace;
	struct event		*heartbeat;
	struct ask		*ask;
	bool			 changed;	/* while we were asking */
	struct mono		 last;		/* event */
} events;

static void	on_pace(evutil_socket_t, short, void *);
static void	on_heartbeat(evutil_socket_t, short, void *);

void
events_init(struct event_base *base)
{
	TAILQ_INIT(&events.all);
	events.last = MONO_NEVER;
	if ((events.pace = event_new(base, -1, 0, on_pace, NULL)) == NULL ||
	    (events.heartbeat = event_new(base, -1, EV_PERSIST, on_heartbeat,
	    NULL)) == NULL)
		fatal("timers of streams");
}

static struct bufferevent *
bev_of(const struct stream *s)
{
	return (evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(s->x->req)));
}

static bool
has_unsent(const struct stream *s)
{
	return (evbuffer_get_length(bufferevent_get_output(bev_of(s))) > 0);
}

static void
write_text(struct stream *s, const char *text, size_t len)
{
	struct evbuffer *buf;

	if ((buf = evbuffer_new()) == NULL ||
	    evbuffer_add(buf, text, len) == -1)
		fatal("stream");
	/* The connection may be gone after this. */
	evhttp_send_reply_chunk(s->x->req, buf);
	evbuffer_free(buf);
}

static void
write_all(const char *text, size_t len)
{
	struct stream *s, *next;

	TAILQ_FOREACH_SAFE(s, &events.all, entry, next)
		if (!has_unsent(s))
			write_text(s, text, len);
}

static void
later(int ms)
{
	struct timeval tv = mono_timeval(ms);

	if (event_add(events.pace, &tv) == -1)
		fatal("timer of streams");
}

static void
on_answer(enum peer_result result, const char *detail, void *arg)
{
	char *text;
	int len;

	(void)detail;
	(void)arg;
	events.ask = NULL;
	events.last = mono_now();
	if (result == PEER_OK)
		len = xasprintf(&text, "event: change\ndata: {\"change\": "
		    "%llu}\n\n", (unsigned long long)peer_change());
	else
		len = xasprintf(&text, "event: away\ndata: {}\n\n");
	write_all(text, len);
	free(text);
	if (result != PEER_OK)
		later(AWAY_MS);
	else if (events.changed)
		later(PACE_MS);
	events.changed = false;
}

/* To ask for the state is also what makes the monitor tell of the next. */
static void
on_pace(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (TAILQ_EMPTY(&events.all) || events.ask != NULL)
		return;
	events.ask = peer_ask(ASK_TASKS, NULL, on_answer, NULL);
}

void
events_changed(void)
{
	int64_t ms = 0;

	if (TAILQ_EMPTY(&events.all))
		return;
	if (events.ask != NULL) {
		events.changed = true;
		return;
	}
	if (mono_isset(events.last))
		ms = PACE_MS - mono_sub(mono_now(), events.last);
	later(ms > 0 ? (int)ms : 0);
}

static void
on_heartbeat(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s, *next;

	(void)fd;
	(void)what;
	(void)arg;
	TAILQ_FOREACH_SAFE(s, &events.all, entry, next) {
		if (!has_unsent(s)) {
			s->stuck = false;
			write_text(s, ":\n\n", 3);
		} else if (s->stuck)
			conn_drop(s->x->conn);
		else
			s->stuck = true;
	}
}

void
events_open(struct exchange *x)
{
	static const struct timeval beat = { HEARTBEAT, 0 };
	struct stream *s;

	if (events.n >= STREAMS_MAX) {
		send_header(x, "Retry-After", "5");
		send_line(x, 503, "Too many listen already");
		return;
	}
	s = xcalloc(1, sizeof(*s));
	s->x = x;
	x->stream = s;
	TAILQ_INSERT_TAIL(&events.all, s, entry);
	if (events.n++ == 0 && event_add(events.heartbeat, &beat) == -1)
		fatal("timer of streams");
	send_common(x);
	send_header(x, "Content-Type", "text/event-stream");
	send_header(x, "Cache-Control", "no-store");
	metrics_count(listen_addr(x->service), 200);
	conn_streaming(x->conn, x);
	evhttp_send_reply_start(x->req, 200, NULL);
	/* evhttp's own patience would end it. */
	bufferevent_set_timeouts(bev_of(s), NULL, NULL);
	write_text(s, "retry: 2000\n\n", 13);
	events_changed();
}

void
events_gone(struct stream *s)
{
	TAILQ_REMOVE(&events.all, s, entry);
	free(s);
	if (--events.n > 0)
		return;
	event_del(events.heartbeat);
	event_del(events.pace);
	if (events.ask != NULL)
		peer_cancel(events.ask);
	events.ask = NULL;
	events.changed = false;
}
