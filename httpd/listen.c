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
 * Listeners.  The spawner opened them and says what they are; clients that
 * come in may be anybody.  More than LISTEN_CONNS wait in the backlog, and
 * when somebody waits there, who does nothing with its connection goes: see
 * room.c.  All listeners together have COST_MAX: they can be many, and one
 * who attacks all of them gets no more memory than that.
 *
 * A listener that is taken away is closed at once; what is connected by it
 * gets the answer that is under way, and the service is freed with the last
 * connection.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/mono.h"
#include "../common/run.h"
#include "../common/util.h"
#include "access.h"
#include "listen.h"
#include "reply.h"
#include "room.h"
#include "tls.h"

#define BODY_MAX	(64 * 1024)
#define HEADERS_MAX	(16 * 1024)

/* What a connection takes at most, besides input and answer, in KiB. */
#define COST_PLAIN	8
#define COST_TLS	56
#define COST_MAX	(28 * 1024)

/* What the kernel keeps of an answer that is not read. */
#define SEND_BUFFER	(64 * 1024)

/*
 * How long connections end with their answer after somebody had to wait, in
 * ms: so that the room goes round, and nobody has a thousand requests
 * answered in one go.
 */
#define CROWDED		1000

/* How long nothing is accepted after accept(2) has failed, in ms. */
#define ACCEPT_PAUSE	200

/* Everything we answer ourselves, if only with 405. */
#define METHODS		(EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | \
			EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | \
			EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | \
			EVHTTP_REQ_PATCH)

struct service {
	bool			 unix_domain;
	bool			 wanted[HTTP_FILE_MAX];
	bool			 have[HTTP_FILE_MAX];
	bool			 paused;	/* accept failed: wait */
	bool			 removed;
	uint32_t		 timeout_ms;
	uint32_t		 hsts_s;
	char			*addr;
	char			*host;
	int			 fd;		/* -1: evhttp has it */
	struct tls		*tls;		/* NULL: plain HTTP */
	struct access		*access;
	struct evhttp		*http;
	struct evhttp_bound_socket *bound;
	struct evconnlistener	*ev;		/* of bound */
	struct event		*later;		/* to go on, or to be freed */
	struct event		*waiting;	/* full, and one more comes */
	struct event		*patience;	/* until who is in may go */
	struct mono		 crowded;	/* when somebody waited */
	struct conn_tree	 conns;
	struct room		 room;
	unsigned int		 nconns;
};

static struct {
	struct event_base	*base;
	bool			 control;
	bool			 serving;
	unsigned int		 cost;		/* of all connections */
	struct service		*all[LIMIT_LISTEN];
} listeners;

static struct bufferevent	*on_accept(struct event_base *, void *);
static void	on_accept_error(struct evconnlistener *, void *);
static void	on_later(evutil_socket_t, short, void *);
static void	on_waiting(evutil_socket_t, short, void *);

void
listen_init(struct event_base *base, bool control)
{
	listeners.base = base;
	listeners.control = control;
}

struct event_base *
listen_base(void)
{
	return (listeners.base);
}

bool
listen_control(void)
{
	return (listeners.control);
}

struct conn_tree *
listen_conns(struct service *s)
{
	return (&s->conns);
}

struct room *
listen_room(struct service *s)
{
	return (&s->room);
}

uint32_t
listen_timeout(const struct service *s)
{
	return (s->timeout_ms);
}

uint32_t
listen_hsts(const struct service *s)
{
	return (s->hsts_s);
}

bool
listen_unix(const struct service *s)
{
	return (s->unix_domain);
}

bool
listen_has_tls(const struct service *s)
{
	return (s->tls != NULL);
}

bool
listen_removed(const struct service *s)
{
	return (s->removed);
}

bool
listen_crowded(const struct service *s)
{
	return (mono_isset(s->crowded) &&
	    mono_sub(mono_now(), s->crowded) < CROWDED);
}

const char *
listen_addr(const struct service *s)
{
	return (s->addr);
}

const char *
listen_host(const struct service *s)
{
	return (s->host);
}

struct access *
listen_access(struct service *s)
{
	return (s->access);
}

/* Whether all the files it needs are there. */
static bool
is_ready(const struct service *s)
{
	int i;

	for (i = 0; i < HTTP_FILE_MAX; i++)
		if (s->wanted[i] && !s->have[i])
			return (false);
	return (true);
}

static unsigned int
cost_of(const struct service *s)
{
	return (s->tls != NULL ? COST_TLS : COST_PLAIN);
}

/* A listener whose first one comes is never full. */
static bool
is_full(const struct service *s)
{
	return (s->nconns >= LISTEN_CONNS || (s->nconns > 0 &&
	    listeners.cost + cost_of(s) > COST_MAX));
}

/*
 * Accepts as long as there is room, and only as it is asked for; when there
 * is none it is watched whether somebody waits for it.
 */
static void
update(struct service *s)
{
	if (s->ev == NULL)
		return;
	if (!s->paused && is_ready(s) && !is_full(s)) {
		evconnlistener_enable(s->ev);
		event_del(s->waiting);
		event_del(s->patience);
		return;
	}
	evconnlistener_disable(s->ev);
	if (s->paused || !is_ready(s))
		event_del(s->waiting);
	else if (!event_pending(s->patience, EV_TIMEOUT, NULL) &&
	    event_add(s->waiting, NULL) == -1)
		fatal("http %s: event", s->addr);
}

static bool
somebody_waits(struct service *s)
{
	struct pollfd pfd = { .fd = evconnlistener_get_fd(s->ev),
	    .events = POLLIN };

	return (poll(&pfd, 1, 0) == 1);
}

/* Of whom one is to leave: ours, unless we have few and others many. */
static struct service *
who_has_most(struct service *s)
{
	struct service *t, *most = s;
	size_t i;

	if (s->nconns >= LISTEN_CONNS)
		return (s);
	for (i = 0; i < nitems(listeners.all); i++)
		if ((t = listeners.all[i]) != NULL && t->nconns *
		    cost_of(t) > most->nconns * cost_of(most))
			most = t;
	return (most);
}

/* Those who have had their time leave, as long as others wait. */
static void
make_room(struct service *s)
{
	struct timeval tv = { 0, 0 };
	int64_t wait;

	while (is_full(s) && somebody_waits(s)) {
		s->crowded = mono_now();
		if (conn_evict(who_has_most(s), &wait) == -1) {
			tv.tv_usec = wait * 1000;
			event_del(s->waiting);
			if (event_add(s->patience, &tv) == -1)
				fatal("http %s: timer", s->addr);
			break;
		}
	}
	update(s);
}

static void
on_waiting(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	make_room(arg);
}

/* "host" of "host:port" and "[v6]:port"; empty where there is none. */
static char *
host_of(struct span addr)
{
	const char *p = addr.p;
	size_t n;

	if (addr.len > 0 && p[0] == '[') {
		p++;
		for (n = 0; n + 1 < addr.len && p[n] != ']'; n++)
			continue;
	} else
		for (n = 0; n < addr.len && p[n] != ':'; n++)
			continue;
	return (xstrndup(p, n));
}

static void
service_free(struct service *s)
{
	if (s->http != NULL)
		evhttp_free(s->http);
	if (s->later != NULL)
		event_free(s->later);
	if (s->waiting != NULL)
		event_free(s->waiting);
	if (s->patience != NULL)
		event_free(s->patience);
	if (s->fd != -1)
		close(s->fd);
	tls_free(s->tls);
	access_free(s->access);
	free(s->addr);
	free(s->host);
	free(s);
}

/*
 * What its connections get from it.  An answer leaves whole, no piece of it
 * waits for an acknowledgement; and the kernel shall not keep megabytes of
 * it for who does not read.
 */
static void
set_options(struct service *s)
{
	int on = 1, size = SEND_BUFFER;

	if (setsockopt(s->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) ==
	    -1 || (!s->unix_domain && setsockopt(s->fd, IPPROTO_TCP,
	    TCP_NODELAY, &on, sizeof(on)) == -1))
		log_warn("http %s: setsockopt", s->addr);
}

static void
serve(struct service *s)
{
	set_options(s);
	if (fd_nonblock(s->fd) == -1 || fd_cloexec(s->fd) == -1)
		fatal("http %s: fcntl", s->addr);
	if ((s->http = evhttp_new(listeners.base)) == NULL ||
	    (s->later = event_new(listeners.base, -1, 0, on_later,
	    s)) == NULL || (s->waiting = event_new(listeners.base, s->fd,
	    EV_READ | EV_PERSIST, on_waiting, s)) == NULL ||
	    (s->patience = event_new(listeners.base, -1, 0, on_waiting,
	    s)) == NULL)
		fatal("http %s", s->addr);
	evhttp_set_bevcb(s->http, on_accept, s);
	evhttp_set_gencb(s->http, reply_request, s);
	evhttp_set_allowed_methods(s->http, METHODS);
	evhttp_set_max_headers_size(s->http, HEADERS_MAX);
	evhttp_set_max_body_size(s->http, BODY_MAX);
	/*
	 * What is too long is read, so that the 413 is not lost in a reset:
	 * with TLS by evhttp, without by conn.c, which also tells those who
	 * only announce it.
	 */
	if (s->tls != NULL && evhttp_set_flags(s->http,
	    EVHTTP_SERVER_LINGERING_CLOSE) == -1)
		fatalx("http %s: lingering close", s->addr);
	/* The spawner listens already: no backlog.  No callback: not yet. */
	if ((s->ev = evconnlistener_new(listeners.base, NULL, NULL,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, s->fd)) == NULL)
		fatal("http %s", s->addr);
	s->fd = -1;
	if ((s->bound = evhttp_bind_listener(s->http, s->ev)) == NULL)
		fatal("http %s", s->addr);
	evconnlistener_set_error_cb(s->ev, on_accept_error);
	update(s);
	log_debug("http %s: serving%s%s", s->addr, s->tls != NULL ? ", TLS" :
	    "", listeners.control ? ", control" : "");
}

int
listen_add(const struct http_listen *hl, int fd)
{
	struct cursor allow = hl->allow;
	struct service *s;
	uint32_t i;

	if (listeners.all[hl->index] != NULL) {
		close(fd);
		return (-1);
	}
	s = xcalloc(1, sizeof(*s));
	s->unix_domain = hl->unix_domain;
	s->wanted[HTTP_FILE_CERT] = hl->tls;
	s->wanted[HTTP_FILE_CLIENT_CA] = hl->client_ca;
	s->wanted[HTTP_FILE_AUTH] = hl->auth;
	s->timeout_ms = hl->timeout_ms;
	s->hsts_s = hl->tls ? hl->hsts_s : 0;
	s->addr = xstrndup(hl->addr.p, hl->addr.len);
	s->host = hl->unix_domain ? xstrdup("") : host_of(hl->addr);
	s->fd = fd;
	s->access = access_new(hl->auth);
	if (hl->tls)
		s->tls = tls_new(hl->client_ca);
	RB_INIT(&s->conns);
	room_init(&s->room, hl->tls ? ROOM_GRACE_TLS : ROOM_GRACE);
	for (i = 0; i < hl->nallow; i++)
		if (access_allow(s->access, get_str(&allow)) == -1) {
			service_free(s);
			return (-1);
		}
	listeners.all[hl->index] = s;
	if (listeners.serving)
		serve(s);
	return (0);
}

int
listen_remove(uint32_t index)
{
	struct service *s;

	if (index >= nitems(listeners.all) ||
	    (s = listeners.all[index]) == NULL)
		return (-1);
	listeners.all[index] = NULL;
	s->removed = true;
	log_debug("http %s: served no more", s->addr);
	if (s->http == NULL) {
		service_free(s);
		return (0);
	}
	event_del(s->waiting);
	event_del(s->patience);
	event_del(s->later);
	evhttp_del_accept_socket(s->http, s->bound);
	s->ev = NULL;
	conn_retire(s);
	if (s->nconns == 0)
		event_active(s->later, EV_TIMEOUT, 0);
	return (0);
}

int
listen_file(uint32_t index, uint8_t which, int fd, char *error, size_t size)
{
	static const char *const names[] = {
		[HTTP_FILE_CERT] = "certfile",
		[HTTP_FILE_CLIENT_CA] = "client_ca",
		[HTTP_FILE_AUTH] = "auth",
	};
	struct service *s;
	int ret;

	if (index >= nitems(listeners.all) || which >= HTTP_FILE_MAX ||
	    (s = listeners.all[index]) == NULL || !s->wanted[which]) {
		close(fd);
		return (-1);
	}
	if (which == HTTP_FILE_AUTH)
		ret = access_read(s->access, fd, error, size);
	else
		ret = tls_read(s->tls, which == HTTP_FILE_CLIENT_CA, fd, error,
		    size);
	close(fd);
	if (ret == -1) {
		log_warnx("http %s: %s: %s; %s", s->addr, names[which], error,
		    s->have[which] ? "the one from before stays" :
		    "not serving without one");
		return (0);
	}
	error[0] = '\0';
	if (s->have[which])
		log_info("http %s: new %s", s->addr, names[which]);
	s->have[which] = true;
	update(s);
	return (0);
}

void
listen_serve(void)
{
	size_t i;

	listeners.serving = true;
	for (i = 0; i < nitems(listeners.all); i++)
		if (listeners.all[i] != NULL)
			serve(listeners.all[i]);
}

/*
 * evhttp has accepted a connection and wants a bufferevent for it.  Without
 * one it would speak plain HTTP on a TLS port: so no memory is the end.
 */
static struct bufferevent *
on_accept(struct event_base *base, void *arg)
{
	struct service *s = arg;
	struct bufferevent *bev;

	if (s->tls != NULL)
		bev = tls_accept(s->tls, base);
	else
		bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		fatal("http %s: new connection", s->addr);
	conn_new(s, bev);
	s->nconns++;
	listeners.cost += cost_of(s);
	if (is_full(s))
		make_room(s);
	return (bev);
}

void
listen_conn_gone(struct service *s)
{
	bool scarce = listeners.cost + COST_TLS > COST_MAX;
	size_t i;

	s->nconns--;
	listeners.cost -= cost_of(s);
	if (s->nconns == LISTEN_CONNS - 1)
		update(s);
	for (i = 0; scarce && i < nitems(listeners.all); i++)
		if (listeners.all[i] != NULL)
			update(listeners.all[i]);
	/* Not here: evhttp is in the middle of it. */
	if (s->nconns == 0 && s->removed)
		event_active(s->later, EV_TIMEOUT, 0);
}

/*
 * Out of descriptors, as a rule.  One who has had its time makes room; if
 * there is none, the connection waits, and so do we.
 */
static void
on_accept_error(struct evconnlistener *ev, void *arg)
{
	static const struct timeval pause = { 0, ACCEPT_PAUSE * 1000 };
	struct service *s;
	int64_t wait;
	size_t i;

	(void)arg;
	for (i = 0; i < nitems(listeners.all); i++)
		if ((s = listeners.all[i]) != NULL && s->ev == ev)
			break;
	if (i == nitems(listeners.all))
		return;
	if ((errno == EMFILE || errno == ENFILE) &&
	    conn_evict(who_has_most(s), &wait) == 0)
		return;
	log_warn("http %s: accept", s->addr);
	s->paused = true;
	update(s);
	if (event_add(s->later, &pause) == -1)
		fatal("http %s: timer", s->addr);
}

static void
on_later(evutil_socket_t fd, short what, void *arg)
{
	struct service *s = arg;

	(void)fd;
	(void)what;
	if (s->removed) {
		service_free(s);
		return;
	}
	s->paused = false;
	update(s);
}
