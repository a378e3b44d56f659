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
 * read here: sockets are bound, files opened, descriptors passed on.  What
 * an httpd says (HTTP_TAKEN) is counted, since it may be in other hands.
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
#include "daemon.h"
#include "facts.h"
#include "helper.h"
#include "planstore.h"
#include "site.h"
#include "web.h"

#define RETRY_SECONDS	5
#define WEB_MAXOUT	(256 * 1024)
#define ARGV_MAX	10

struct web_helper {
	struct web	*web;
	enum right	 right;
	struct helper	*helper;
	char		*argv[ARGV_MAX];
	char		 uid[16];
	char		 gid[16];
	unsigned int	 owed;		/* HTTP_TAKENs to come */
};

struct web {
	struct daemon	*daemon;
	struct site	**sites;
	uint32_t	 nsites;
	struct web_helper helpers[NRIGHTS];
	struct event	*retry;
};

static int	on_up(struct chan *, struct msg *, void *);
static int	on_taken(struct chan *, struct msg *, void *);
static int	on_ask_facts(struct chan *, struct msg *, void *);
static void	on_retry(evutil_socket_t, short, void *);
static void	arm_retry(struct web *);

static const struct chan_rule rules[] = {
	{ HTTP_UP, CHAN_SETUP, CHAN_NOFD, 0, 0, on_up },
	{ HTTP_ASK_FACTS, CHAN_RUN, CHAN_NOFD, 0, 0, on_ask_facts },
	{ HTTP_TAKEN, CHAN_SETUP | CHAN_RUN, CHAN_NOFD, 7, 1024, on_taken }
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
tell_site(struct web *w, const struct site *s)
{
	struct chan *c = helper_chan(w->daemon->monitor);
	const char *problem = site_problem(s);
	struct listener l = {
		.index = s->index, .control = s->right == CONTROL,
		.tls = s->files[HTTP_FILE_CERT].path != NULL,
		.up = s->fd != -1 && s->error[0] == '\0',
		.addr = { s->addr, strlen(s->addr) },
		.error = { problem, strlen(problem) }
	};

	if (!helper_ready(w->daemon->monitor))
		return;
	put_listener(chan_begin(c, S_LISTENER, 0), &l);
	chan_end(c);
}

static void
tell_gone(struct web *w, uint32_t index)
{
	struct listener l = { .index = index, .addr = { "", 0 },
	    .error = { "", 0 } };

	if (!helper_ready(w->daemon->monitor))
		return;
	put_listener(chan_begin(helper_chan(w->daemon->monitor), S_LISTENER,
	    0), &l);
	chan_end(helper_chan(w->daemon->monitor));
}

void
web_tell(struct web *w)
{
	uint32_t i;

	for (i = 0; i < w->nsites; i++)
		tell_site(w, w->sites[i]);
}

/* What cannot be served: said in the log once, until it changes. */
static void
site_fails(struct web *w, struct site *s, const char *why)
{
	if (strcmp(s->error, why) == 0)
		return;
	strlcpy(s->error, why, sizeof(s->error));
	/* Of a name that was not found the loader has said so. */
	if (site_waits(s))
		log_warnx("http %s: %s; trying again every %d s", s->addr,
		    why, RETRY_SECONDS);
	tell_site(w, s);
}

static void
site_works(struct web *w, struct site *s)
{
	if (s->error[0] == '\0')
		return;
	s->error[0] = '\0';
	log_info("http %s: open", s->addr);
	tell_site(w, s);
}

/* A file that is not as it should be, while one from before is in use. */
static void
file_fails(struct web *w, struct site *s, enum http_file which,
    const char *why)
{
	struct site_file *f = &s->files[which];

	if (strcmp(f->error, why) == 0)
		return;
	strlcpy(f->error, why, sizeof(f->error));
	tell_site(w, s);
}

static bool
open_site(struct web *w, struct site *s)
{
	const struct helper_env *env = &w->daemon->henv;
	char why[SITE_ERROR];

	if (site_open(s, env->drop ? env->gid : (gid_t)-1, why,
	    sizeof(why)) == -1) {
		site_fails(w, s, why);
		return (false);
	}
	site_works(w, s);
	return (true);
}

/* The channel that listeners are sent on, or NULL: it comes with greeting. */
static struct chan *
chan_of(const struct web *w, const struct site *s)
{
	struct chan *c = helper_chan(w->helpers[s->right].helper);

	return (c == NULL || chan_get_phase(c) == CHAN_HELLO ? NULL : c);
}

static void
give_file(struct web *w, struct site *s, enum http_file which, int fd)
{
	struct chan *c = chan_of(w, s);
	struct wbuf *buf;

	buf = chan_begin(c, HTTP_FILE, 0);
	put_u32(buf, s->index);
	put_u8(buf, which);
	chan_end_fd(c, fd);
	w->helpers[s->right].owed++;
}

/* Its httpd serves it from now on, if it is open. */
static void
give(struct web *w, struct site *s)
{
	struct chan *c = chan_of(w, s);
	int fds[HTTP_FILE_MAX], f, fd;
	char why[SITE_ERROR];

	if (c == NULL || s->fd == -1 || s->given)
		return;
	for (f = 0; f < HTTP_FILE_MAX; f++)
		fds[f] = -1;
	for (f = 0; f < HTTP_FILE_MAX; f++)
		if (s->files[f].path != NULL &&
		    (fds[f] = site_open_file(s, f, why, sizeof(why))) == -1)
			goto fail;
	if ((fd = fcntl(s->fd, F_DUPFD_CLOEXEC, 0)) == -1) {
		strlcpy(why, strerror(errno), sizeof(why));
		goto fail;
	}
	site_put(s, chan_begin(c, HTTP_LISTEN, 0));
	chan_end_fd(c, fd);
	for (f = 0; f < HTTP_FILE_MAX; f++)
		if (fds[f] != -1)
			give_file(w, s, f, fds[f]);
	s->given = true;
	return;
fail:
	for (f = 0; f < HTTP_FILE_MAX; f++)
		if (fds[f] != -1)
			close(fds[f]);
	site_close(s);
	site_fails(w, s, why);
}

/* Its httpd serves it no more. */
static void
withdraw(struct web *w, struct site *s)
{
	struct chan *c = chan_of(w, s);

	if (c != NULL && s->given) {
		put_u32(chan_begin(c, HTTP_UNLISTEN, 0), s->index);
		chan_end(c);
	}
	s->given = false;
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
	struct web *w = wh->web;
	uint32_t i;

	wh->owed = 0;
	for (i = 0; i < w->nsites; i++)
		if (w->sites[i]->right == wh->right) {
			w->sites[i]->given = false;
			give(w, w->sites[i]);
		}
	arm_retry(w);
	connect_peer(wh);
	chan_send(helper_chan(h), HTTP_DONE, 0);
}

static int
on_up(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)m;
	helper_set_ready(arg);
	return (0);
}

/* One for each file, so that nobody is flooded with bad news. */
static int
on_taken(struct chan *c, struct msg *m, void *arg)
{
	struct web_helper *wh = helper_arg(arg);
	struct web *w = wh->web;
	struct http_taken t;
	char why[SITE_ERROR];
	struct site *s;
	uint32_t i;

	(void)c;
	if (get_http_taken(&m->body, &t) == -1 || wh->owed == 0)
		return (-1);
	wh->owed--;
	for (i = 0; i < w->nsites; i++) {
		s = w->sites[i];
		/* Or it is gone, which crossed this. */
		if (s->index != t.index || s->right != wh->right ||
		    s->files[t.which].path == NULL)
			continue;
		snprintf(why, sizeof(why), "%s%s%.*s",
		    t.error.len > 0 ? s->files[t.which].path : "",
		    t.error.len > 0 ? ": " : "",
		    (int)(t.error.len < SITE_ERROR ? t.error.len :
		    SITE_ERROR), t.error.p);
		file_fails(w, s, t.which, why);
	}
	return (0);
}

/* Our own processes, for those who watch us. */
static int
on_ask_facts(struct chan *c, struct msg *m, void *arg)
{
	struct web_helper *wh = helper_arg(arg);
	struct web *w = wh->web;
	const struct helper *all[] = { w->daemon->monitor,
	    w->helpers[STATUS].helper, w->helpers[CONTROL].helper };

	(void)m;
	facts_put(chan_begin(c, HTTP_FACTS, 0), all, nitems(all));
	chan_end(c);
	return (0);
}

static void
on_httpd_gone(struct helper *h, void *arg)
{
	struct web_helper *wh = arg;
	uint32_t i;

	(void)h;
	for (i = 0; i < wh->web->nsites; i++)
		if (wh->web->sites[i]->right == wh->right)
			wh->web->sites[i]->given = false;
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
	/* They end side by side, and are waited for one by one. */
	for (i = 0; i < NRIGHTS; i++)
		helper_stop(w->helpers[i].helper);
	for (i = 0; i < NRIGHTS; i++)
		helper_free(w->helpers[i].helper);
	for (i = 0; i < w->nsites; i++)
		site_free(w->sites[i]);
	free(w->sites);
	if (w->retry != NULL)
		event_free(w->retry);
	free(w);
}

/* An httpd for each right that has something to serve, and no other. */
static void
update_helpers(struct web *w)
{
	uint32_t i, n;
	int r;

	for (r = 0; r < NRIGHTS; r++) {
		for (n = 0, i = 0; i < w->nsites; i++)
			n += (int)w->sites[i]->right == r &&
			    w->sites[i]->fd != -1;
		if (n == 0)
			helper_stop(w->helpers[r].helper);
		else
			helper_start(w->helpers[r].helper);
	}
}

static void
arm_retry(struct web *w)
{
	struct timeval tv = { RETRY_SECONDS, 0 };
	uint32_t i;

	for (i = 0; i < w->nsites; i++)
		if (site_waits(w->sites[i])) {
			if (evtimer_add(w->retry, &tv) == -1)
				log_warn("http: cannot set a timer");
			return;
		}
	evtimer_del(w->retry);
}

/* Opens what is not open, and hands over what its httpd does not have. */
static void
open_sites(struct web *w)
{
	uint32_t i;

	for (i = 0; i < w->nsites; i++)
		if (!w->sites[i]->given)
			open_site(w, w->sites[i]);
	update_helpers(w);
	for (i = 0; i < w->nsites; i++)
		give(w, w->sites[i]);
	arm_retry(w);
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	open_sites(arg);
}

/* A number that no other has. */
static uint32_t
free_index(const struct web *w)
{
	uint32_t i, index;

	for (index = 0; index < LIMIT_LISTEN - 1; index++) {
		for (i = 0; i < w->nsites; i++)
			if (w->sites[i] != NULL &&
			    w->sites[i]->index == index)
				break;
		if (i == w->nsites)
			break;
	}
	return (index);
}

/* The site of the set before that has this socket, taken out of it. */
static struct site *
take_old(struct site **old, uint32_t n, const struct store_listen *l)
{
	struct site *s;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if ((s = old[i]) == NULL || !site_same_socket(s, l))
			continue;
		old[i] = NULL;
		return (s);
	}
	return (NULL);
}

/*
 * The site of the new set in the place of one of the old: the socket moves
 * over.  What has not changed at all stays as it is; *s is then the old.
 */
static void
replace(struct web *w, struct site **s, struct site *old,
    const struct store_listen *l)
{
	struct site *fresh = *s;

	if (site_same(old, l)) {
		site_free(fresh);
		*s = old;
		return;
	}
	withdraw(w, old);
	site_move_socket(fresh, old);
	site_free(old);
}

/* New sites for all of the plan; NULL: no memory. */
static struct site **
new_sites(const struct plan_store *ps)
{
	struct site **sites;
	uint32_t i;

	if ((sites = calloc(ps->nlisten + 1, sizeof(*sites))) == NULL)
		return (NULL);
	for (i = 0; i < ps->nlisten; i++) {
		if ((sites[i] = site_new(&ps->listen[i])) != NULL)
			continue;
		while (i-- > 0)
			site_free(sites[i]);
		free(sites);
		return (NULL);
	}
	return (sites);
}

void
web_apply(struct web *w, const struct plan_store *ps)
{
	struct site **sites, **old = w->sites, *before;
	uint32_t i, nold = w->nsites;
	bool *kept;

	sites = new_sites(ps);
	kept = calloc(ps->nlisten + 1, sizeof(*kept));
	if (sites == NULL || kept == NULL) {
		log_warn("http: the listeners stay as they were");
		for (i = 0; sites != NULL && i < ps->nlisten; i++)
			site_free(sites[i]);
		free(sites);
		free(kept);
		return;
	}
	for (i = 0; i < ps->nlisten; i++) {
		before = take_old(old, nold, &ps->listen[i]);
		if (before == NULL)
			continue;
		replace(w, &sites[i], before, &ps->listen[i]);
		kept[i] = sites[i] == before;
	}
	for (i = 0; i < nold; i++) {
		if (old[i] == NULL)
			continue;
		withdraw(w, old[i]);
		tell_gone(w, old[i]->index);
		site_free(old[i]);
	}
	free(old);
	/* Numbers for the new ones, beside those that stay. */
	for (i = 0; i < ps->nlisten; i++)
		if (!kept[i])
			sites[i]->index = UINT32_MAX;
	w->sites = sites;
	w->nsites = ps->nlisten;
	for (i = 0; i < ps->nlisten; i++)
		if (!kept[i])
			sites[i]->index = free_index(w);
	free(kept);
	open_sites(w);
	web_cert_changed(w);
}

void
web_cert_changed(struct web *w)
{
	char why[SITE_ERROR];
	struct site *s;
	uint32_t i;
	int f, fd;

	for (i = 0; i < w->nsites; i++) {
		s = w->sites[i];
		for (f = 0; s->given && f < HTTP_FILE_MAX; f++) {
			if (!site_file_changed(s, f))
				continue;
			fd = site_open_file(s, f, why, sizeof(why));
			if (fd != -1) {
				give_file(w, s, f, fd);
				continue;
			}
			log_warnx("http %s: %s; the one from before stays",
			    s->addr, why);
			file_fails(w, s, f, why);
		}
	}
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
