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
 * HTTP listeners and their helpers, from root's side.  Nothing of HTTP is
 * read here: sockets are bound, certificates opened, descriptors passed on.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/run.h"
#include "../common/util.h"
#include "bind.h"
#include "daemon.h"
#include "helper.h"
#include "planstore.h"
#include "privopen.h"
#include "web.h"

#define RETRY_SECONDS	5
#define WEB_MAXOUT	(256 * 1024)
#define ARGV_MAX	10

enum right {
	STATUS,
	CONTROL,
	NRIGHTS
};

struct site {
	char		*addr;
	char		*host;		/* NULL: Unix-domain */
	uint16_t	 port;
	char		*certfile;	/* NULL: no TLS */
	enum right	 right;
	uint32_t	 timeout_ms;
	int		 fd;		/* -1: not open */
	struct bound	 bound;		/* of a Unix-domain socket */
	char		 error[160];	/* why it is not served */
};

struct web_helper {
	struct web	*web;
	enum right	 right;
	struct helper	*helper;
	char		*argv[ARGV_MAX];
	char		 uid[16];
	char		 gid[16];
	bool		 served;	/* has a set of listeners */
};

struct web {
	struct daemon	*daemon;
	struct site	*sites;
	uint32_t	 nsites;
	struct web_helper helpers[NRIGHTS];
	struct event	*retry;
};

static int	on_up(struct chan *, struct msg *, void *);
static void	on_retry(evutil_socket_t, short, void *);
static void	arm_retry(struct web *);

static const struct chan_rule rules[] = {
	{ HTTP_UP, CHAN_SETUP, CHAN_NOFD, 0, 0, on_up }
};

static void
set_argv(struct web_helper *w, const struct helper_env *env)
{
	static char name[] = "httpd", control[] = "-c", none[] = "-n";
	static char dir[] = "-d", uid[] = "-u", gid[] = "-g";
	size_t n = 0;

	w->argv[n++] = name;
	if (w->right == CONTROL)
		w->argv[n++] = control;
	if (!env->drop) {
		w->argv[n++] = none;
	} else {
		snprintf(w->uid, sizeof(w->uid), "%u",
		    (unsigned int)env->web_uid);
		snprintf(w->gid, sizeof(w->gid), "%u",
		    (unsigned int)env->web_gid);
		w->argv[n++] = dir;
		w->argv[n++] = env->web_root;
		w->argv[n++] = uid;
		w->argv[n++] = w->uid;
		w->argv[n++] = gid;
		w->argv[n++] = w->gid;
	}
	w->argv[n] = NULL;
}

static void
close_site(struct site *s)
{
	if (s->fd == -1)
		return;
	close(s->fd);
	if (s->host == NULL)
		bind_remove(s->addr, &s->bound);
	s->fd = -1;
}

static void
drop_site(struct site *s)
{
	close_site(s);
	free(s->addr);
	free(s->host);
	free(s->certfile);
}

static bool
is_up(const struct site *s)
{
	return (s->fd != -1 && s->error[0] == '\0');
}

static void
tell_site(struct web *w, uint32_t index)
{
	const struct site *s = &w->sites[index];
	struct chan *c = helper_chan(w->daemon->monitor);
	struct listener l = {
		.index = index, .control = s->right == CONTROL,
		.tls = s->certfile != NULL, .up = is_up(s),
		.addr = { s->addr, strlen(s->addr) },
		.error = { s->error, strlen(s->error) }
	};

	if (!helper_ready(w->daemon->monitor))
		return;
	put_listener(chan_begin(c, S_LISTENER, 0), &l);
	chan_end(c);
}

void
web_tell(struct web *w)
{
	uint32_t i;

	for (i = 0; i < w->nsites; i++)
		tell_site(w, i);
}

/* What cannot be served: said in the log once, until it changes. */
static void
site_fails(struct web *w, struct site *s, const char *why)
{
	if (strcmp(s->error, why) == 0)
		return;
	strlcpy(s->error, why, sizeof(s->error));
	log_warnx("http %s: %s; trying again every %d s", s->addr, why,
	    RETRY_SECONDS);
	tell_site(w, s - w->sites);
}

static void
site_works(struct web *w, struct site *s)
{
	if (s->error[0] == '\0')
		return;
	s->error[0] = '\0';
	log_info("http %s: open", s->addr);
	tell_site(w, s - w->sites);
}

/* The certificate of a site, or -1 and the site has failed. */
static int
open_cert(struct web *w, struct site *s)
{
	char why[160];
	int fd;

	if ((fd = privopen_file(s->certfile, why, sizeof(why))) == -1)
		site_fails(w, s, why);
	return (fd);
}

static void
open_site(struct web *w, struct site *s)
{
	const struct helper_env *env = &w->daemon->henv;
	char why[160];
	int cert;

	if (s->fd != -1)
		return;
	/* Nobody shall connect to what cannot answer. */
	if (s->certfile != NULL) {
		if ((cert = open_cert(w, s)) == -1)
			return;
		close(cert);
	}
	if (s->host == NULL)
		s->fd = bind_unix(s->addr, env->drop ? env->gid : (gid_t)-1,
		    &s->bound);
	else
		s->fd = bind_tcp(s->host, s->port);
	if (s->fd == -1) {
		snprintf(why, sizeof(why), "cannot listen: %s",
		    strerror(errno));
		site_fails(w, s, why);
	} else
		site_works(w, s);
}

/* Hands the set of one right to its httpd, which has just been born. */
static void
serve(struct web_helper *wh, struct chan *c)
{
	struct web *w = wh->web;
	struct http_listen l;
	struct site *s;
	uint32_t i;
	int fd, cert;

	for (i = 0; i < w->nsites; i++) {
		s = &w->sites[i];
		if (s->right != wh->right || s->fd == -1)
			continue;
		cert = -1;
		if (s->certfile != NULL &&
		    (cert = open_cert(w, s)) == -1) {
			close_site(s);
			continue;
		}
		if ((fd = fcntl(s->fd, F_DUPFD_CLOEXEC, 0)) == -1) {
			site_fails(w, s, strerror(errno));
			if (cert != -1)
				close(cert);
			continue;
		}
		memset(&l, 0, sizeof(l));
		l.index = i;
		l.unix_domain = s->host == NULL;
		l.tls = cert != -1;
		l.timeout_ms = s->timeout_ms;
		l.addr.p = s->addr;
		l.addr.len = strlen(s->addr);
		put_http_listen(chan_begin(c, HTTP_LISTEN, 0), &l);
		chan_end_fd(c, fd);
		if (cert != -1) {
			put_u32(chan_begin(c, HTTP_CERT, 0), i);
			chan_end_fd(c, cert);
		}
	}
}

/* A client channel from this httpd to the monitor. */
static void
connect_peer(struct web_helper *wh)
{
	struct chan *c = helper_chan(wh->helper);
	int sv[2];

	if (c == NULL || chan_get_phase(c) == CHAN_HELLO ||
	    !helper_ready(wh->web->daemon->monitor))
		return;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0, sv) == -1) {
		log_warn("httpd: no channel to the monitor");
		return;
	}
	sync_client(wh->web->daemon, sv[0], wh->right == CONTROL ?
	    RIGHT_STATUS | RIGHT_MANAGE : RIGHT_STATUS);
	chan_begin(c, HTTP_PEER, 0);
	chan_end_fd(c, sv[1]);
}

static void
on_greeted(struct helper *h, void *arg)
{
	struct web_helper *wh = arg;
	struct chan *c = helper_chan(h);

	serve(wh, c);
	arm_retry(wh->web);
	connect_peer(wh);
	chan_send(c, HTTP_DONE, 0);
}

static int
on_up(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)m;
	helper_set_ready(arg);
	return (0);
}

static void
on_httpd_gone(struct helper *h, void *arg)
{
	(void)h;
	(void)arg;
}

struct web *
web_new(struct daemon *d)
{
	struct helper_conf conf = {
		.env = &d->henv, .user = HELPER_AS_ROOT, .role = ROLE_HTTPD,
		.rules = rules, .nrules = nitems(rules),
		.maxout = WEB_MAXOUT, .greeted = on_greeted,
		.gone = on_httpd_gone
	};
	struct web_helper *wh;
	struct web *w;
	int i;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		return (NULL);
	w->daemon = d;
	if ((w->retry = evtimer_new(d->base, on_retry, w)) == NULL)
		goto fail;
	for (i = 0; i < NRIGHTS; i++) {
		wh = &w->helpers[i];
		wh->web = w;
		wh->right = i;
		set_argv(wh, &d->henv);
		conf.name = i == CONTROL ? "httpd-control" : "httpd-status";
		conf.argv = wh->argv;
		conf.arg = wh;
		if ((wh->helper = helper_new(&conf)) == NULL)
			goto fail;
	}
	return (w);
fail:
	web_free(w);
	return (NULL);
}

void
web_free(struct web *w)
{
	uint32_t i;

	if (w == NULL)
		return;
	for (i = 0; i < NRIGHTS; i++)
		helper_free(w->helpers[i].helper);
	for (i = 0; i < w->nsites; i++)
		drop_site(&w->sites[i]);
	free(w->sites);
	if (w->retry != NULL)
		event_free(w->retry);
	free(w);
}

static bool
same(const char *a, const char *b)
{
	return (a == NULL || b == NULL ? a == b : strcmp(a, b) == 0);
}

/* The open socket of the same address moves over to the new set. */
static void
take_over(struct web *w, struct site *s)
{
	struct site *old;
	uint32_t i;

	for (i = 0; i < w->nsites; i++) {
		old = &w->sites[i];
		if (old->fd != -1 && same(old->addr, s->addr) &&
		    same(old->host, s->host) && old->port == s->port) {
			s->fd = old->fd;
			s->bound = old->bound;
			old->fd = -1;
			return;
		}
	}
}

static int
copy_site(struct site *s, const struct store_listen *l)
{
	s->fd = -1;
	s->port = l->port;
	s->right = l->control ? CONTROL : STATUS;
	s->timeout_ms = l->timeout_ms;
	if ((s->addr = strdup(l->addr)) == NULL ||
	    (l->host != NULL && (s->host = strdup(l->host)) == NULL) ||
	    (l->certfile != NULL &&
	    (s->certfile = strdup(l->certfile)) == NULL))
		return (-1);
	return (0);
}

static bool
unchanged(const struct web *w, const struct plan_store *ps)
{
	const struct store_listen *l;
	const struct site *s;
	uint32_t i;

	if (w->nsites != ps->nlisten)
		return (false);
	for (i = 0; i < w->nsites; i++) {
		s = &w->sites[i];
		l = &ps->listen[i];
		if (!same(s->addr, l->addr) || !same(s->host, l->host) ||
		    s->port != l->port || !same(s->certfile, l->certfile) ||
		    (s->right == CONTROL) != l->control ||
		    s->timeout_ms != l->timeout_ms)
			return (false);
	}
	return (true);
}

/* Starts, restarts or ends the httpd of each right. */
static void
update_helpers(struct web *w, bool changed)
{
	struct web_helper *wh;
	uint32_t i, n;
	int r;

	for (r = 0; r < NRIGHTS; r++) {
		wh = &w->helpers[r];
		for (n = 0, i = 0; i < w->nsites; i++)
			n += w->sites[i].right == wh->right &&
			    w->sites[i].fd != -1;
		if (n == 0)
			helper_stop(wh->helper);
		else if (wh->served && changed)
			helper_restart(wh->helper, NULL, true);
		else
			helper_start(wh->helper);
		wh->served = n > 0;
	}
}

static void
arm_retry(struct web *w)
{
	struct timeval tv = { RETRY_SECONDS, 0 };
	uint32_t i;

	for (i = 0; i < w->nsites; i++)
		if (!is_up(&w->sites[i])) {
			if (evtimer_add(w->retry, &tv) == -1)
				log_warn("http: cannot set a timer");
			return;
		}
	evtimer_del(w->retry);
}

static bool
open_sites(struct web *w)
{
	bool opened = false, had;
	uint32_t i;

	for (i = 0; i < w->nsites; i++) {
		had = w->sites[i].fd != -1;
		open_site(w, &w->sites[i]);
		opened = opened || (!had && w->sites[i].fd != -1);
	}
	return (opened);
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct web *w = arg;
	bool opened;

	(void)fd;
	(void)what;
	opened = open_sites(w);
	update_helpers(w, opened);
	arm_retry(w);
}

void
web_apply(struct web *w, const struct plan_store *ps)
{
	struct site *sites;
	uint32_t i;

	if (unchanged(w, ps))
		return;
	if ((sites = calloc(ps->nlisten + 1, sizeof(*sites))) == NULL) {
		log_warn("http: the listeners stay as they were");
		return;
	}
	for (i = 0; i < ps->nlisten; i++) {
		if (copy_site(&sites[i], &ps->listen[i]) == -1) {
			log_warn("http: the listeners stay as they were");
			while (i-- > 0)
				drop_site(&sites[i]);
			free(sites);
			return;
		}
	}
	for (i = 0; i < ps->nlisten; i++)
		take_over(w, &sites[i]);
	for (i = 0; i < w->nsites; i++)
		drop_site(&w->sites[i]);
	free(w->sites);
	w->sites = sites;
	w->nsites = ps->nlisten;
	open_sites(w);
	update_helpers(w, true);
	arm_retry(w);
}

void
web_peer_found(struct web *w)
{
	int i;

	for (i = 0; i < NRIGHTS; i++)
		connect_peer(&w->helpers[i]);
}

bool
web_reaped(struct web *w, pid_t pid, int status)
{
	int i;

	for (i = 0; i < NRIGHTS; i++)
		if (helper_reaped(w->helpers[i].helper, pid, status))
			return (true);
	return (false);
}
