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
 * The spawner's end of httpd.  The spawner is root and is trusted, but its
 * messages are checked like any: listeners and their files first, then
 * HTTP_DONE, upon which we enter the sandbox, say HTTP_UP and serve.  After
 * that listeners come and go, and so do new certificates and a new monitor.
 */

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/imsg.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/run.h"
#include "../common/sandbox.h"
#include "../common/util.h"
#include "listen.h"
#include "metrics.h"
#include "peer.h"
#include "setup.h"

#define SETUP_MAXOUT	65536		/* HELLO and HTTP_UP */

/* A path or address, and who may come. */
#define LISTEN_MIN	22
#define LISTEN_MAX	(IMSG_MAX - IMSG_HDRLEN)

static int	on_hello(struct chan *, struct msg *, void *);
static int	on_verbose(struct chan *, struct msg *, void *);
static int	on_listen(struct chan *, struct msg *, void *);
static int	on_unlisten(struct chan *, struct msg *, void *);
static int	on_file(struct chan *, struct msg *, void *);
static int	on_peer(struct chan *, struct msg *, void *);
static int	on_facts(struct chan *, struct msg *, void *);
static int	on_done(struct chan *, struct msg *, void *);
static void	on_gone(struct chan *, const char *, void *);

static const struct chan_rule rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ M_VERBOSE, CHAN_ANY, CHAN_NOFD, 1, 1, on_verbose },
	{ HTTP_LISTEN, CHAN_ANY, CHAN_FD, LISTEN_MIN, LISTEN_MAX, on_listen },
	{ HTTP_UNLISTEN, CHAN_ANY, CHAN_NOFD, 4, 4, on_unlisten },
	{ HTTP_FILE, CHAN_ANY, CHAN_FD, 5, 5, on_file },
	{ HTTP_PEER, CHAN_ANY, CHAN_FD, 0, 0, on_peer },
	{ HTTP_FACTS, CHAN_RUN, CHAN_NOFD, 4, 65536, on_facts },
	{ HTTP_DONE, CHAN_SETUP, CHAN_NOFD, 0, 0, on_done },
};

static struct chan	*spawner;	/* when it goes, so do we */

void
setup_begin(struct event_base *base)
{
	const struct chan_conf conf = {
		.name = "spawner",
		.rules = rules,
		.nrules = nitems(rules),
		.maxout = SETUP_MAXOUT,
		.arg = base,
		.gone = on_gone
	};

	if ((spawner = chan_new(base, HELPER_FD, &conf)) == NULL)
		fatal("spawner: cannot use descriptor %d", HELPER_FD);
	put_hello(chan_begin(spawner, M_HELLO, 0), ROLE_HTTPD);
	chan_end(spawner);
}

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	struct hello h;

	(void)arg;
	if (get_hello(&m->body, &h) == -1 || h.role != ROLE_SPAWNER)
		return (-1);
	chan_phase(c, CHAN_SETUP);
	return (0);
}

static int
on_verbose(struct chan *c, struct msg *m, void *arg)
{
	uint8_t level;

	(void)c;
	(void)arg;
	level = get_u8(&m->body);
	if (level > LOG_LEVEL_DEBUG)
		return (-1);
	log_set_level(level);
	return (0);
}

/* The descriptor of a message is ours from here. */
static int
take_fd(struct msg *m)
{
	int fd = m->fd;

	m->fd = -1;
	return (fd);
}

static int
on_listen(struct chan *c, struct msg *m, void *arg)
{
	struct http_listen l;

	(void)c;
	(void)arg;
	if (get_http_listen(&m->body, &l) == -1)
		return (-1);
	return (listen_add(&l, take_fd(m)));
}

static int
on_unlisten(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	return (listen_remove(get_u32(&m->body)));
}

static int
on_file(struct chan *c, struct msg *m, void *arg)
{
	struct http_taken t = { .index = get_u32(&m->body) };
	char error[256];

	(void)arg;
	t.which = get_u8(&m->body);
	if (listen_file(t.index, t.which, take_fd(m), error,
	    sizeof(error)) == -1)
		return (-1);
	t.error.p = error;
	t.error.len = strlen(error);
	put_http_taken(chan_begin(c, HTTP_TAKEN, 0), &t);
	chan_end(c);
	return (0);
}

static int
on_peer(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	peer_connect(take_fd(m));
	return (0);
}

void
setup_ask_facts(void)
{
	chan_send(spawner, HTTP_ASK_FACTS, 0);
}

static int
on_facts(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	return (metrics_facts(&m->body));
}

static int
on_done(struct chan *c, struct msg *m, void *arg)
{
	char active[128];

	(void)m;
	(void)arg;
	listen_serve();
	if (sandbox_enter(SANDBOX_HTTPD, active, sizeof(active)) == -1)
		fatal("sandbox: %s", active);
	log_info("sandbox: %s", active);
	chan_phase(c, CHAN_RUN);
	chan_send(c, HTTP_UP, 0);
	return (0);
}

static void
on_gone(struct chan *c, const char *why, void *arg)
{
	struct event_base *base = arg;

	if (why != NULL)
		log_warnx("spawner: %s", why);
	chan_free(c);
	event_base_loopbreak(base);
}
