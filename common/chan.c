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
 * A channel in the event loop.  What comes in is judged by the rule table
 * before it is stored (type, phase, length, descriptor) and after it was
 * read (nothing may be left over).  The peer may lie, flood or not read.
 *
 * An ended channel reads and writes nothing more; its owner hears of it by
 * gone(), which is called from the event loop and never from inside a chan_
 * call, so that no caller finds its own structures gone under its feet.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "chan.h"
#include "imsg.h"
#include "util.h"

/* Messages handled before others get their turn. */
#define CHAN_BURST	512
#define DRAIN_READS	256	/* of 64 KiB at most */

struct chan {
	char		*name;
	struct imsgbuf	*ibuf;
	struct event	*rev;		/* reading */
	struct event	*wev;		/* writing, and the end of a turn */
	struct event	*gev;		/* more to handle, or gone */
	const struct chan_rule	*rules;
	size_t		 nrules;
	size_t		 maxout;
	size_t		 limit;		/* maxout and an unsent bulk */
	void		*arg;
	void		(*gone)(struct chan *, const char *, void *);
	void		(*drained)(struct chan *, void *);
	uint8_t		 phase;
	bool		 ended;
	bool		 paused;
	bool		 flushing;	/* wev is active or pending */
	char		 why[160];
};

static void	on_read(evutil_socket_t, short, void *);
static void	on_write(evutil_socket_t, short, void *);
static void	on_later(evutil_socket_t, short, void *);

struct chan *
chan_new(struct event_base *base, int fd, const struct chan_conf *conf)
{
	struct chan *c;
	int save;

	if ((c = calloc(1, sizeof(*c))) == NULL) {
		close(fd);
		return (NULL);
	}
	c->rules = conf->rules;
	c->nrules = conf->nrules;
	c->maxout = c->limit = conf->maxout;
	c->arg = conf->arg;
	c->gone = conf->gone;
	c->phase = CHAN_HELLO;
	if (fd_nonblock(fd) == -1 || fd_cloexec(fd) == -1 ||
	    (c->ibuf = imsgbuf_new(fd)) == NULL) {
		close(fd);
		goto fail;
	}
	if ((c->name = strdup(conf->name)) == NULL ||
	    (c->rev = event_new(base, fd, EV_READ | EV_PERSIST, on_read,
	    c)) == NULL ||
	    (c->wev = event_new(base, fd, EV_WRITE, on_write, c)) == NULL ||
	    (c->gev = event_new(base, -1, 0, on_later, c)) == NULL ||
	    event_add(c->rev, NULL) == -1)
		goto fail;
	return (c);
fail:
	save = errno;
	chan_free(c);
	errno = save;
	return (NULL);
}

void
chan_free(struct chan *c)
{
	if (c == NULL)
		return;
	if (c->rev != NULL)
		event_free(c->rev);
	if (c->wev != NULL)
		event_free(c->wev);
	if (c->gev != NULL)
		event_free(c->gev);
	imsgbuf_free(c->ibuf);
	free(c->name);
	free(c);
}

void
chan_phase(struct chan *c, uint8_t phase)
{
	c->phase = phase;
}

uint8_t
chan_get_phase(const struct chan *c)
{
	return (c->phase);
}

const char *
chan_name(const struct chan *c)
{
	return (c->name);
}

int
chan_fileno(const struct chan *c)
{
	return (imsgbuf_fd(c->ibuf));
}

void *
chan_arg(const struct chan *c)
{
	return (c->arg);
}

void
chan_close(struct chan *c, const char *why)
{
	if (c->ended)
		return;
	c->ended = true;
	strlcpy(c->why, why != NULL ? why : "", sizeof(c->why));
	event_del(c->rev);
	event_del(c->wev);
	event_active(c->gev, EV_TIMEOUT, 0);
}

static const struct chan_rule *
find_rule(const struct chan *c, uint16_t type)
{
	size_t i;

	for (i = 0; i < c->nrules; i++)
		if (c->rules[i].type == type)
			return (&c->rules[i]);
	return (NULL);
}

static void
violation(struct chan *c, const struct imsg *m, const char *what)
{
	char why[sizeof(c->why)];

	snprintf(why, sizeof(why),
	    "protocol violation: message 0x%04x of %zu bytes: %s", m->type,
	    m->len, what);
	chan_close(c, why);
}

/* Judges a header; NULL when the channel ended over it. */
static const struct chan_rule *
judge(struct chan *c, const struct imsg *m)
{
	const struct chan_rule *r;

	if ((r = find_rule(c, m->type)) == NULL) {
		violation(c, m, "unknown here");
		return (NULL);
	}
	if ((r->phases & c->phase) == 0) {
		violation(c, m, "not in this phase");
		return (NULL);
	}
	if (m->len < r->min || m->len > r->max) {
		violation(c, m, "length out of bounds");
		return (NULL);
	}
	if (((m->flags & IMSGF_FD) != 0) != (r->fd == CHAN_FD)) {
		violation(c, m, r->fd == CHAN_FD ? "lacks its descriptor" :
		    "brings a descriptor");
		return (NULL);
	}
	return (r);
}

/* Hands one complete message to its handler. */
static void
handle(struct chan *c, const struct chan_rule *r, const struct imsg *m)
{
	struct msg msg;

	msg.type = m->type;
	msg.tag = m->tag;
	msg.fd = m->fd;
	cursor_init(&msg.body, m->data, m->len);
	if (r->fn(c, &msg, c->arg) == -1)
		violation(c, m, "malformed or not allowed");
	else if (!c->ended && !cursor_done(&msg.body))
		violation(c, m, "bytes missing or left over");
	if (msg.fd != -1)
		close(msg.fd);
}

/* All complete messages, up to a burst: then true, there may be more. */
static bool
take_burst(struct chan *c)
{
	const struct chan_rule *r;
	struct imsg m;
	int i, n;

	for (i = 0; i < CHAN_BURST; i++) {
		if (c->ended || c->paused)
			return (false);
		if ((n = imsgbuf_peek(c->ibuf, &m)) == 1) {
			if ((r = judge(c, &m)) == NULL)
				return (false);
			if ((n = imsgbuf_get(c->ibuf, &m)) == 1) {
				handle(c, r, &m);
				continue;
			}
		}
		if (n == -1)
			chan_close(c, "protocol violation: bad framing");
		return (false);
	}
	return (true);
}

/* The rest after the others' turn. */
static void
take_input(struct chan *c)
{
	if (take_burst(c))
		event_active(c->gev, EV_TIMEOUT, 0);
}

static void
on_read(evutil_socket_t fd, short what, void *arg)
{
	struct chan *c = arg;
	ssize_t n;

	(void)fd;
	(void)what;
	if (c->ended)
		return;
	if ((n = imsgbuf_read(c->ibuf)) == -1) {
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			chan_close(c, strerror(errno));
		return;
	}
	if (n == 0) {
		chan_close(c, NULL);
		return;
	}
	take_input(c);
}

static void
on_later(evutil_socket_t fd, short what, void *arg)
{
	struct chan *c = arg;

	(void)fd;
	(void)what;
	if (!c->ended) {
		take_input(c);
		return;
	}
	/* The owner may free the channel in here. */
	c->gone(c, c->why[0] != '\0' ? c->why : NULL, c->arg);
}

static void
on_write(evutil_socket_t fd, short what, void *arg)
{
	struct chan *c = arg;

	(void)fd;
	(void)what;
	c->flushing = false;
	if (c->ended)
		return;
	switch (imsgbuf_flush(c->ibuf)) {
	case -1:
		/*
		 * What the peer said before it went is still to be read:
		 * the end is seen by on_read(), unless nothing is read now.
		 */
		if (c->paused || (errno != EPIPE && errno != ECONNRESET))
			chan_close(c, strerror(errno));
		return;
	case 0:
		c->flushing = true;
		if (event_add(c->wev, NULL) == -1)
			chan_close(c, "cannot wait for the peer to read");
		return;
	default:
		c->limit = c->maxout;
		if (c->drained != NULL)
			c->drained(c, c->arg);
		return;
	}
}

struct wbuf *
chan_begin(struct chan *c, uint16_t type, uint32_t tag)
{
	return (imsgbuf_begin(c->ibuf, type, tag));
}

void
chan_end_fd(struct chan *c, int fd)
{
	if (imsgbuf_end(c->ibuf, fd) == -1) {
		chan_close(c, strerror(errno));
		return;
	}
	if (c->ended)
		return;
	if (imsgbuf_queued(c->ibuf) > c->limit) {
		chan_close(c, "does not read what it is sent");
		return;
	}
	if (!c->flushing) {
		/* Runs in this turn of the loop, after what is active now. */
		c->flushing = true;
		event_active(c->wev, EV_WRITE, 0);
	}
}

void
chan_end(struct chan *c)
{
	chan_end_fd(c, -1);
}

void
chan_send(struct chan *c, uint16_t type, uint32_t tag)
{
	chan_begin(c, type, tag);
	chan_end(c);
}

void
chan_bulk_begin(struct chan *c)
{
	if (imsgbuf_queued(c->ibuf) > c->maxout)
		chan_close(c, "does not read what it is sent");
	c->limit = SIZE_MAX;
}

void
chan_bulk_end(struct chan *c)
{
	c->limit = imsgbuf_queued(c->ibuf) + c->maxout;
}

size_t
chan_queued(const struct chan *c)
{
	return (imsgbuf_queued(c->ibuf));
}

size_t
chan_queued_fds(const struct chan *c)
{
	return (imsgbuf_queued_fds(c->ibuf));
}

void
chan_on_drained(struct chan *c, void (*fn)(struct chan *, void *))
{
	c->drained = fn;
}

void
chan_pause(struct chan *c, bool pause)
{
	if (c->ended || c->paused == pause)
		return;
	c->paused = pause;
	if (pause) {
		event_del(c->rev);
		return;
	}
	if (event_add(c->rev, NULL) == -1) {
		chan_close(c, "cannot read again");
		return;
	}
	/* What was read before the pause is still in the buffer. */
	event_active(c->gev, EV_TIMEOUT, 0);
}

/*
 * No more than a socket can hold of one that is dead: where it left somebody
 * behind who has its end of the channel, too, that one is not heard to the end.
 */
void
chan_drain(struct chan *c)
{
	int i;

	for (i = 0; i < DRAIN_READS; i++) {
		while (take_burst(c))
			continue;
		if (c->ended || c->paused || imsgbuf_read(c->ibuf) <= 0)
			return;
	}
}
