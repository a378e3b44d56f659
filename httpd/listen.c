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
 * come in may be anybody.  More than LISTEN_CONNS wait in the backlog.
 */

#include <sys/types.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/run.h"
#include "../common/util.h"
#include "listen.h"
#include "reply.h"
#include "tls.h"

#define BODY_MAX	(64 * 1024)
#define HEADERS_MAX	(16 * 1024)

/* How long nothing is accepted after accept(2) has failed, in ms. */
#define ACCEPT_PAUSE	200

/* Everything we answer ourselves, if only with 405. */
#define METHODS		(EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | \
			EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | \
			EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | \
			EVHTTP_REQ_PATCH)

struct service {
	bool			 used;
	bool			 unix_domain;
	bool			 tls_wanted;
	bool			 paused;	/* accept failed: wait */
	uint32_t		 timeout_ms;
	char			*addr;
	char			*host;
	int			 fd;		/* -1: evhttp has it */
	struct tls		*tls;
	struct evhttp		*http;
	struct evconnlistener	*ev;
	struct event		*resume;
	struct conn_tree	 conns;
	unsigned int		 nconns;
};

static struct {
	struct event_base	*base;
	bool			 control;
	struct service		 all[LIMIT_LISTEN];
} listeners;

static struct bufferevent	*on_accept(struct event_base *, void *);
static void	on_accept_error(struct evconnlistener *, void *);
static void	on_resume(evutil_socket_t, short, void *);

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

uint32_t
listen_timeout(const struct service *s)
{
	return (s->timeout_ms);
}

bool
listen_unix(const struct service *s)
{
	return (s->unix_domain);
}

bool
listen_has_tls(const struct service *s)
{
	return (s->tls_wanted);
}

const char *
listen_host(const struct service *s)
{
	return (s->host);
}

/* Accepts as long as there is room, and TLS where it is asked for. */
static void
update(struct service *s)
{
	if (s->ev == NULL)
		return;
	if (s->nconns >= LISTEN_CONNS || s->paused ||
	    (s->tls_wanted && s->tls == NULL))
		evconnlistener_disable(s->ev);
	else
		evconnlistener_enable(s->ev);
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

int
listen_add(const struct http_listen *hl, int fd)
{
	struct service *s;

	if (hl->index >= nitems(listeners.all) ||
	    listeners.all[hl->index].used) {
		close(fd);
		return (-1);
	}
	s = &listeners.all[hl->index];
	s->used = true;
	s->unix_domain = hl->unix_domain;
	s->tls_wanted = hl->tls;
	s->timeout_ms = hl->timeout_ms;
	s->addr = xstrndup(hl->addr.p, hl->addr.len);
	s->host = hl->unix_domain ? xstrdup("") : host_of(hl->addr);
	s->fd = fd;
	RB_INIT(&s->conns);
	return (0);
}

int
listen_cert(uint32_t index, int fd)
{
	struct service *s;
	struct tls *tls;
	char error[128];

	if (index >= nitems(listeners.all) || !listeners.all[index].used ||
	    !listeners.all[index].tls_wanted) {
		close(fd);
		return (-1);
	}
	s = &listeners.all[index];
	tls = tls_new(fd, error, sizeof(error));
	close(fd);
	if (tls == NULL) {
		log_warnx("http %s: %s; %s", s->addr, error, s->tls != NULL ?
		    "the certificate from before stays" :
		    "not serving without one");
		return (0);
	}
	if (s->tls != NULL)
		log_info("http %s: new certificate", s->addr);
	tls_free(s->tls);
	s->tls = tls;
	update(s);
	return (0);
}

static void
serve(struct service *s)
{
	if (fd_nonblock(s->fd) == -1 || fd_cloexec(s->fd) == -1)
		fatal("http %s: fcntl", s->addr);
	if ((s->http = evhttp_new(listeners.base)) == NULL ||
	    (s->resume = event_new(listeners.base, -1, 0, on_resume,
	    s)) == NULL)
		fatal("http %s", s->addr);
	evhttp_set_bevcb(s->http, on_accept, s);
	evhttp_set_gencb(s->http, reply_request, s);
	evhttp_set_allowed_methods(s->http, METHODS);
	evhttp_set_max_headers_size(s->http, HEADERS_MAX);
	evhttp_set_max_body_size(s->http, BODY_MAX);
	/* Read what is too long, so that the 413 is not lost in a reset. */
	if (evhttp_set_flags(s->http, EVHTTP_SERVER_LINGERING_CLOSE) == -1)
		fatalx("http %s: lingering close", s->addr);
	/* The spawner listens already: no backlog.  No callback: not yet. */
	if ((s->ev = evconnlistener_new(listeners.base, NULL, NULL,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, s->fd)) == NULL)
		fatal("http %s", s->addr);
	s->fd = -1;
	if (evhttp_bind_listener(s->http, s->ev) == NULL)
		fatal("http %s", s->addr);
	evconnlistener_set_error_cb(s->ev, on_accept_error);
	update(s);
	log_debug("http %s: serving%s%s", s->addr, s->tls_wanted ? ", TLS" :
	    "", listeners.control ? ", control" : "");
}

void
listen_serve(void)
{
	size_t i;

	for (i = 0; i < nitems(listeners.all); i++)
		if (listeners.all[i].used)
			serve(&listeners.all[i]);
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

	if (s->tls_wanted)
		bev = tls_accept(s->tls, base);
	else
		bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		fatal("http %s: new connection", s->addr);
	conn_new(s, bev);
	if (++s->nconns >= LISTEN_CONNS)
		update(s);
	return (bev);
}

void
listen_conn_gone(struct service *s)
{
	if (s->nconns-- == LISTEN_CONNS)
		update(s);
}

/* Out of descriptors, as a rule: the connection waits, and so do we. */
static void
on_accept_error(struct evconnlistener *ev, void *arg)
{
	static const struct timeval pause = { 0, ACCEPT_PAUSE * 1000 };
	struct service *s;
	size_t i;

	(void)arg;
	s = NULL;
	for (i = 0; i < nitems(listeners.all); i++)
		if (listeners.all[i].ev == ev)
			s = &listeners.all[i];
	if (s == NULL)
		return;
	log_warn("http %s: accept", s->addr);
	s->paused = true;
	update(s);
	if (event_add(s->resume, &pause) == -1)
		fatal("http %s: timer", s->addr);
}

static void
on_resume(evutil_socket_t fd, short what, void *arg)
{
	struct service *s = arg;

	(void)fd;
	(void)what;
	s->paused = false;
	update(s);
}
