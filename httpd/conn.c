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
 * Connections, from accept to close.  The other end may be anybody: one who
 * says nothing, drips, or does not read is dropped at a deadline, and before
 * that when others need the room (room.c).
 *
 *	new --> idle --first byte--> reading --request--> working
 *	         ^                                           |
 *	         +------------ sent -- answering <-----------+
 *
 * evhttp has no hook for a new connection: it asks for a bufferevent, and
 * hands itself to us only with the first complete request.  So a conn is
 * made with the bufferevent, and before anything can happen on it, in the
 * same turn of the event loop, it is attached: the argument of evhttp's
 * callbacks on the bufferevent is the evhttp_connection.
 *
 * Memory has an end for all connections together, too.  Of what has come in
 * and is no whole request yet, they hold INPUT_TOTAL: beyond that who holds
 * most is dropped, which is never an honest request.  Texts that are out of
 * date and live only because somebody did not read them have STALE_TOTAL:
 * then the one who has been reading longest is dropped.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "../common/log.h"
#include "../common/mono.h"
#include "../common/util.h"
#include "access.h"
#include "conn.h"
#include "listen.h"
#include "metrics.h"
#include "refusal.h"
#include "render.h"
#include "reply.h"
#include "room.h"
#include "tls.h"

/* A body, or a header block; what comes beyond waits outside. */
#define INPUT_MAX	(64 * 1024 + 1)
#define INPUT_TOTAL	(6 * 1024 * 1024)
#define INPUT_LESS	(4 * 1024 * 1024)	/* when that was exceeded */
#define STALE_TOTAL	(12 * 1024 * 1024)
/* What is handed to the kernel at once. */
#define WRITE_MAX	(256 * 1024)
/* An answer's deadline grows with its length: 64 bytes a ms. */
#define ANSWER_RATE	64
/* Bytes read and forgotten in one turn. */
#define DISCARD_MAX	(256 * 1024)

enum conn_state {
	CONN_NEW,		/* not attached */
	CONN_IDLE,
	CONN_READING,
	CONN_WORKING,
	CONN_ANSWERING,
	CONN_STREAMING,		/* an answer without end: events.c */
	CONN_LINGERING		/* evhttp has left it; see linger() */
};

struct conn {
	RB_ENTRY(conn)			 entry;
	TAILQ_ENTRY(conn)		 all;
	TAILQ_ENTRY(conn)		 refusal;
	struct seat			 seat;
	size_t				 held;	/* bytes of input */
	struct mono			 moved;	/* bytes came or went */
	uint64_t			 sent;	/* TLS: when last looked at */
	bool				 spoken;	/* sent a first byte */
	bool				 refused;	/* in conns.refused */
	struct evhttp_connection	*evcon;
	struct bufferevent		*bev;
	struct service			*service;
	struct exchange			*exchange;	/* CONN_WORKING */
	struct event			*timer;
	enum conn_state			 state;
	struct mono			 deadline;	/* never: none */
	struct mono			 armed;	/* when the timer fires */
	bool				 overdue;
	struct event			*leftover;	/* CONN_LINGERING */
};

static struct {
	TAILQ_HEAD(, conn)	 all;		/* that evhttp has */
	size_t			 held;		/* by all of them */
	struct event		*memory;	/* too much of it is used */
	TAILQ_HEAD(, conn)	 refused;	/* by evhttp itself */
	struct event		*refusal;	/* there are such */
} conns;

static int	cmp(const struct conn *, const struct conn *);
static void	on_timer(evutil_socket_t, short, void *);
static void	on_input(struct evbuffer *, const struct evbuffer_cb_info *,
		    void *);
static void	on_output(struct evbuffer *, const struct evbuffer_cb_info *,
		    void *);
static void	on_close(struct evhttp_connection *, void *);
static void	on_leftover(evutil_socket_t, short, void *);
static void	on_memory(evutil_socket_t, short, void *);
static void	on_refusal(evutil_socket_t, short, void *);

RB_PROTOTYPE(conn_tree, conn, entry, cmp)
RB_GENERATE(conn_tree, conn, entry, cmp)

static int
cmp(const struct conn *a, const struct conn *b)
{
	uintptr_t x = (uintptr_t)a->evcon, y = (uintptr_t)b->evcon;

	return (x < y ? -1 : x > y);
}

void
conn_init(struct event_base *base)
{
	TAILQ_INIT(&conns.all);
	TAILQ_INIT(&conns.refused);
	/* They have priority: before more is read, before it is sent. */
	if ((conns.memory = event_new(base, -1, 0, on_memory, NULL)) ==
	    NULL || event_priority_set(conns.memory, 0) == -1 ||
	    (conns.refusal = event_new(base, -1, 0, on_refusal, NULL)) ==
	    NULL || event_priority_set(conns.refusal, 0) == -1)
		fatal("events of connections");
}

static void
claim(struct conn *c, enum room_claim what)
{
	seat_claim(listen_room(c->service), &c->seat, what, mono_now());
}

void
conn_new(struct service *s, struct bufferevent *bev)
{
	struct conn *c;

	c = xcalloc(1, sizeof(*c));
	c->service = s;
	c->bev = bev;
	seat_init(&c->seat);
	if ((c->timer = event_new(listen_base(), -1, 0, on_timer, c)) == NULL)
		fatal("connection timer");
	/* Lest the bufferevent be freed and used anew before we look. */
	bufferevent_incref(bev);
	event_active(c->timer, EV_TIMEOUT, 0);
}

static void
conn_free(struct conn *c)
{
	claim(c, ROOM_NONE);
	listen_conn_gone(c->service);
	if (c->leftover != NULL) {
		close(event_get_fd(c->leftover));
		event_free(c->leftover);
	}
	event_free(c->timer);
	free(c);
}

struct conn *
conn_find(struct service *s, struct evhttp_connection *evcon)
{
	struct conn key = { .evcon = evcon };

	return (RB_FIND(conn_tree, listen_conns(s), &key));
}

/*
 * The timer is set only when none is pending that comes early enough; when
 * it fires too early it is set again.  A busy connection costs no timers.
 */
static void
set_deadline(struct conn *c, int64_t ms)
{
	struct timeval tv;

	c->deadline = mono_add(mono_now(), ms);
	if (mono_isset(c->armed) && mono_cmp(c->armed, c->deadline) <= 0)
		return;
	c->armed = c->deadline;
	tv = mono_timeval(ms);
	if (event_add(c->timer, &tv) == -1)
		fatal("connection timer");
}

static bool
is_welcome(struct conn *c)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	memset(&ss, 0, sizeof(ss));
	if (listen_unix(c->service))
		return (true);
	if (getpeername(bufferevent_getfd(c->bev), (struct sockaddr *)&ss,
	    &len) == -1)
		return (false);
	return (access_admits(listen_access(c->service),
	    (struct sockaddr *)&ss, listen_addr(c->service)));
}

static void
attach(struct conn *c)
{
	struct bufferevent *bev = c->bev;
	void *arg;

	bufferevent_getcb(bev, NULL, NULL, NULL, &arg);
	if (arg == NULL) {
		/* evhttp gave it up at once. */
		bufferevent_decref(bev);
		conn_free(c);
		return;
	}
	c->evcon = arg;
	if (evhttp_connection_get_bufferevent(c->evcon) != bev)
		fatalx("this libevent does not work as we think it does");
	bufferevent_decref(bev);
	if (!is_welcome(c)) {
		/* Before a byte of TLS or HTTP is read. */
		evhttp_connection_free(c->evcon);
		conn_free(c);
		return;
	}
	bufferevent_set_max_single_write(bev, WRITE_MAX);
	evhttp_connection_set_closecb(c->evcon, on_close, c);
	bufferevent_setwatermark(bev, EV_READ, 0, INPUT_MAX);
	if (evbuffer_add_cb(bufferevent_get_input(bev), on_input, c) ==
	    NULL || evbuffer_add_cb(bufferevent_get_output(bev), on_output,
	    c) == NULL)
		fatal("connection buffers");
	RB_INSERT(conn_tree, listen_conns(c->service), c);
	TAILQ_INSERT_TAIL(&conns.all, c, all);
	c->state = CONN_IDLE;
	claim(c, ROOM_OWING);
	set_deadline(c, listen_timeout(c->service));
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;
	int64_t left;

	(void)fd;
	(void)what;
	if (c->state == CONN_NEW) {
		attach(c);
		return;
	}
	c->armed = MONO_NEVER;
	if (!mono_isset(c->deadline))
		return;
	if ((left = mono_sub(c->deadline, mono_now())) > 0) {
		set_deadline(c, left);
		return;
	}
	if (c->state == CONN_LINGERING) {
		conn_free(c);
		return;
	}
	conn_drop(c);
}

/* The first byte of a request; with TLS, after the handshake. */
static void
on_input(struct evbuffer *buf, const struct evbuffer_cb_info *info,
    void *arg)
{
	struct conn *c = arg;

	(void)buf;
	c->held += info->n_added - info->n_deleted;
	conns.held += info->n_added - info->n_deleted;
	if (conns.held > INPUT_TOTAL)
		event_active(conns.memory, EV_TIMEOUT, 0);
	if (info->n_added == 0)
		return;
	c->moved = mono_now();
	if (c->state != CONN_IDLE)
		return;
	c->state = CONN_READING;
	c->spoken = true;
	/* A first request is owed since the connection was accepted. */
	if (c->seat.claim == ROOM_SPENT)
		claim(c, ROOM_OWING);
	set_deadline(c, listen_timeout(c->service));
}

static void
on_output(struct evbuffer *buf, const struct evbuffer_cb_info *info,
    void *arg)
{
	struct conn *c = arg;

	(void)buf;
	if (info->n_deleted > 0)
		c->moved = mono_now();
	if (info->n_added == 0 || c->refused || (c->state != CONN_IDLE &&
	    c->state != CONN_READING))
		return;
	c->refused = true;
	TAILQ_INSERT_TAIL(&conns.refused, c, refusal);
	event_active(conns.refusal, EV_TIMEOUT, 0);
}

/* evhttp answers by itself: not a byte of it has been sent. */
static void
on_refusal(evutil_socket_t fd, short what, void *arg)
{
	struct evbuffer *out;
	struct conn *c;
	int status;

	(void)fd;
	(void)what;
	(void)arg;
	while ((c = TAILQ_FIRST(&conns.refused)) != NULL) {
		TAILQ_REMOVE(&conns.refused, c, refusal);
		c->refused = false;
		out = bufferevent_get_output(c->bev);
		evbuffer_remove_cb(out, on_output, c);
		/* Only bufferevents are to take away from its beginning. */
		evbuffer_unfreeze(out, 1);
		status = refusal_rewrite(out);
		if (!listen_has_tls(c->service))
			evbuffer_freeze(out, 1);
		if (evbuffer_add_cb(out, on_output, c) == NULL)
			fatal("connection buffers");
		if (status != 0)
			metrics_count(listen_addr(c->service), status);
	}
}

void
conn_working(struct conn *c, struct exchange *x)
{
	c->state = CONN_WORKING;
	c->exchange = x;
	c->deadline = MONO_NEVER;
	claim(c, ROOM_NONE);
}

void
conn_answering(struct conn *c, size_t len)
{
	c->state = CONN_ANSWERING;
	c->exchange = NULL;
	claim(c, ROOM_OWING);
	set_deadline(c, listen_timeout(c->service) +
	    (int64_t)(len / ANSWER_RATE));
}

void
conn_streaming(struct conn *c, struct exchange *x)
{
	c->state = CONN_STREAMING;
	c->exchange = x;
	c->deadline = MONO_NEVER;
}

void
conn_drop(struct conn *c)
{
	c->overdue = true;
	/* Calls on_close(). */
	evhttp_connection_free(c->evcon);
}

/* It has sent what we did not read yet. */
static bool
has_unread(struct conn *c)
{
	char byte;

	return (recv(bufferevent_getfd(c->bev), &byte, 1, MSG_PEEK |
	    MSG_DONTWAIT) == 1);
}

/* There is an answer that we could go on with, and did not yet. */
static bool
has_unsent(struct conn *c)
{
	struct pollfd pfd = { .fd = bufferevent_getfd(c->bev),
	    .events = POLLOUT };

	return (poll(&pfd, 1, 0) == 1 && pfd.revents == POLLOUT);
}

/* We have answered in the handshake since this was last asked. */
static bool
has_new_step(struct conn *c)
{
	uint64_t before = c->sent;

	if (c->spoken || !listen_has_tls(c->service))
		return (false);
	c->sent = tls_sent(c->bev);
	return (c->sent != before);
}

/* Whether it may stay a while, since it is not its fault, or it moves. */
static bool
may_stay(struct conn *c, struct mono now)
{
	struct room *room = listen_room(c->service);
	bool late, moves;

	if (c->state == CONN_LINGERING)
		return (false);
	moves = mono_sub(now, c->moved) < room->grace;
	late = c->state == CONN_ANSWERING ? has_unsent(c) : has_unread(c);
	if (late && !moves) {
		seat_keep(room, &c->seat, now);
		return (true);
	}
	return ((moves || has_new_step(c)) &&
	    seat_renew(room, &c->seat, now) == 0);
}

static struct conn *
conn_of(struct seat *s)
{
	return ((struct conn *)((char *)s - offsetof(struct conn, seat)));
}

int
conn_evict(struct service *s, int64_t *wait)
{
	struct mono now = mono_now();
	struct seat *seat;
	struct conn *c;

	while ((seat = room_first(listen_room(s), now, wait)) != NULL) {
		c = conn_of(seat);
		if (may_stay(c, now))
			continue;
		if (c->state == CONN_LINGERING)
			conn_free(c);
		else
			conn_drop(c);
		return (0);
	}
	return (-1);
}

/* Who holds most of the input; NULL: nobody holds any. */
static struct conn *
biggest(void)
{
	struct conn *c, *found = NULL;

	TAILQ_FOREACH(c, &conns.all, all)
		if (c->held > (found == NULL ? 0 : found->held))
			found = c;
	return (found);
}

static struct conn *
longest_reading(void)
{
	struct conn *c, *found = NULL;

	TAILQ_FOREACH(c, &conns.all, all)
		if (c->state == CONN_ANSWERING && (found == NULL ||
		    mono_cmp(c->seat.since, found->seat.since) < 0))
			found = c;
	return (found);
}

static void
on_memory(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c;

	(void)fd;
	(void)what;
	(void)arg;
	if (conns.held > INPUT_TOTAL)
		while (conns.held > INPUT_LESS && (c = biggest()) != NULL)
			conn_drop(c);
	while (text_stale() > STALE_TOTAL && (c = longest_reading()) != NULL)
		conn_drop(c);
}

void
conn_check_memory(void)
{
	if (text_stale() > STALE_TOTAL)
		event_active(conns.memory, EV_TIMEOUT, 0);
}

void
conn_retire(struct service *s)
{
	struct conn *c, *next;

	RB_FOREACH_SAFE(c, conn_tree, listen_conns(s), next)
		if (c->state == CONN_STREAMING)
			conn_drop(c);
}

void
conn_idle(struct conn *c)
{
	c->state = CONN_IDLE;
	claim(c, ROOM_SPENT);
	set_deadline(c, listen_timeout(c->service));
}

/* Reads and forgets.  0: the other end is done, -1: there may be more. */
static int
discard_input(int fd)
{
	char buf[16384];
	size_t total;
	ssize_t n;

	for (total = 0; total < DISCARD_MAX; total += n)
		if ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) <= 0)
			return (n == -1 && errno == EAGAIN ? -1 : 0);
	return (-1);
}

/*
 * A socket that is closed with bytes unread is reset, and the answer is
 * lost on the way.  evhttp does so to a request that it refused half way,
 * and when we end a connection after an answer that further ones follow;
 * so we take the descriptor from it and read on until the other end has
 * seen the answer, or for as long as a request may take.  evhttp shuts down
 * our sending side.
 */
static void
linger(struct conn *c)
{
	int fd;

	fd = bufferevent_getfd(c->bev);
	if (fd == -1 || bufferevent_setfd(c->bev, -1) == -1) {
		conn_free(c);
		return;
	}
	c->state = CONN_LINGERING;
	claim(c, ROOM_SPENT);
	c->leftover = event_new(listen_base(), fd, EV_READ | EV_PERSIST,
	    on_leftover, c);
	if (c->leftover == NULL || event_add(c->leftover, NULL) == -1)
		fatal("connection input");
	set_deadline(c, listen_timeout(c->service));
}

static void
on_leftover(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)what;
	if (discard_input(fd) == 0)
		conn_free(c);
}

static void
on_close(struct evhttp_connection *evcon, void *arg)
{
	struct conn *c = arg;

	(void)evcon;
	evbuffer_remove_cb(bufferevent_get_input(c->bev), on_input, c);
	evbuffer_remove_cb(bufferevent_get_output(c->bev), on_output, c);
	if (c->refused)
		TAILQ_REMOVE(&conns.refused, c, refusal);
	if (c->exchange != NULL)
		reply_closed(c->exchange);
	c->exchange = NULL;
	conns.held -= c->held;
	RB_REMOVE(conn_tree, listen_conns(c->service), c);
	TAILQ_REMOVE(&conns.all, c, all);
	if (listen_has_tls(c->service)) {
		tls_goodbye(c->bev);
		discard_input(bufferevent_getfd(c->bev));
		conn_free(c);
	} else if (!c->overdue && (c->state == CONN_READING ||
	    (c->state == CONN_IDLE && listen_crowded(c->service))))
		linger(c);
	else
		conn_free(c);
}
