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
 * The channels of clients: from the spawner with the rights it says, and
 * from the control socket with those of the user at the other end, whom the
 * kernel names.  Nothing here is limited by good will: clients are counted,
 * each user's too, and one that does not read is not written to.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/log.h"
#include "../common/util.h"
#include "client.h"

static void	ctl_resume(struct monitor *);

void
clients_init(struct monitor *m)
{
	TAILQ_INIT(&m->clients);
	TAILQ_INIT(&m->trials);
	wait_init(m);
	m->ctl_fd = -1;
	/*
	 * A descriptor in reserve: when none is left, it is given up for as
	 * long as it takes to accept and drop the client, else the socket
	 * would stay readable and we would spin.
	 */
	if ((m->reserve_fd = fcntl(HELPER_FD, F_DUPFD_CLOEXEC, 0)) == -1)
		fatal("no descriptor in reserve");
}

static void
on_client_gone(struct chan *c, const char *why, void *arg)
{
	struct client	*cl = arg;
	struct monitor	*m = cl->mon;

	if (why != NULL)
		log_info("client %s: %s", chan_name(c), why);
	TAILQ_REMOVE(&m->clients, cl, entry);
	if (cl->counted)
		m->nclients--;
	requests_drop(cl);
	ready_drop(cl);
	trials_leave(cl);
	answer_clear(&cl->answer);
	chan_free(cl->chan);
	free(cl);
	ctl_resume(m);
}

void
client_resume(struct client *cl)
{
	/* Before the first sync there is nothing to say. */
	chan_pause(cl->chan, cl->answer.more != NULL || cl->mon->syncing ||
	    cl->mon->now.sched == NULL);
}

static void
on_client_drained(struct chan *c, void *arg)
{
	(void)c;
	answer_more(arg);
}

/* Takes fd. */
static void
client_new(struct monitor *m, int fd, uint8_t rights, bool counted,
    uint32_t uid)
{
	struct chan_conf	 conf = { 0 };
	struct client		*cl;
	char			*name;

	cl = xcalloc(1, sizeof(*cl));
	m->next_client++;
	if (counted)
		xasprintf(&name, "%llu (uid %u)",
		    (unsigned long long)m->next_client, uid);
	else
		xasprintf(&name, "%llu (httpd)",
		    (unsigned long long)m->next_client);
	conf.name = name;
	conf.rules = (rights & RIGHT_MANAGE) != 0 ? client_rules_manage :
	    client_rules_status;
	conf.nrules = client_nrules;
	conf.maxout = CLIENT_MAXOUT;
	conf.arg = cl;
	conf.gone = on_client_gone;
	cl->mon = m;
	cl->uid = uid;
	cl->counted = counted;
	cl->chan = chan_new(m->base, fd, &conf);
	free(name);
	if (cl->chan == NULL) {
		log_warn("client: cannot be served");
		free(cl);
		return;
	}
	TAILQ_INIT(&cl->requests);
	TAILQ_INIT(&cl->ready);
	TAILQ_INSERT_TAIL(&m->clients, cl, entry);
	if (counted)
		m->nclients++;
	chan_on_drained(cl->chan, on_client_drained);
	client_resume(cl);
}

int
on_s_client(struct chan *c, struct msg *msg, void *arg)
{
	uint8_t	 rights;

	(void)c;
	rights = get_u8(&msg->body);
	if ((rights & RIGHT_STATUS) == 0 ||
	    (rights & ~(RIGHT_STATUS | RIGHT_MANAGE)) != 0)
		return (-1);
	client_new(arg, msg->fd, rights, false, 0);
	msg->fd = -1;
	return (0);
}

/* Root, and who runs the daemon. */
static bool
may_manage(const struct monitor *m, uint32_t uid)
{
	return (uid == 0 || uid == m->now.begin.uid);
}

/* Is there room for one more of that user? */
static bool
has_room(const struct monitor *m, uint32_t uid)
{
	const struct client	*cl;
	unsigned int		 own = 0, look = 0;

	TAILQ_FOREACH(cl, &m->clients, entry) {
		own += cl->counted && cl->uid == uid;
		look += cl->counted && !may_manage(m, cl->uid);
	}
	return (own < CLIENTS_UID &&
	    (may_manage(m, uid) || look < CLIENTS_LOOK));
}

static void
ctl_resume(struct monitor *m)
{
	if (m->ctl_event != NULL && m->nclients < CLIENTS_MAX &&
	    event_add(m->ctl_event, NULL) == -1)
		log_warnx("control socket: cannot wait for clients");
}

/* No descriptor is left: the client gets nothing, but does not hang. */
static void
accept_and_drop(struct monitor *m)
{
	int	 fd;

	log_warnx("control socket: no descriptor left: a client is dropped");
	close(m->reserve_fd);
	if ((fd = accept(m->ctl_fd, NULL, NULL)) != -1)
		close(fd);
	if ((m->reserve_fd = fcntl(HELPER_FD, F_DUPFD_CLOEXEC, 0)) == -1)
		log_warn("no descriptor in reserve");
}

static void
on_ctl_readable(evutil_socket_t lfd, short what, void *arg)
{
	struct monitor	*m = arg;
	uid_t		 uid;
	gid_t		 gid;
	uint8_t		 rights = RIGHT_STATUS;
	int		 fd;

	(void)what;
	if ((fd = accept(lfd, NULL, NULL)) == -1) {
		if (errno == EMFILE || errno == ENFILE)
			accept_and_drop(m);
		else if (errno != EAGAIN && errno != EWOULDBLOCK &&
		    errno != ECONNABORTED && errno != EINTR)
			log_warn("control socket: accept");
		return;
	}
	if (getpeereid(fd, &uid, &gid) == -1) {
		log_warn("control socket: cannot tell who connects");
		close(fd);
		return;
	}
	if (!has_room(m, uid)) {
		log_info("control socket: no room for one more client of uid "
		    "%u: at most %d of a user, %d of all who may only look",
		    (unsigned int)uid, CLIENTS_UID, CLIENTS_LOOK);
		close(fd);
		return;
	}
	if (may_manage(m, uid))
		rights |= RIGHT_MANAGE;
	client_new(m, fd, rights, true, uid);
	if (m->nclients >= CLIENTS_MAX)
		event_del(m->ctl_event);
}

int
on_s_ctlsock(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;

	(void)c;
	if (m->ctl_event != NULL) {
		event_free(m->ctl_event);
		close(m->ctl_fd);
	}
	m->ctl_fd = msg->fd;
	msg->fd = -1;
	if (fd_nonblock(m->ctl_fd) == -1 || fd_cloexec(m->ctl_fd) == -1)
		fatal("control socket");
	m->ctl_event = event_new(m->base, m->ctl_fd, EV_READ | EV_PERSIST,
	    on_ctl_readable, m);
	if (m->ctl_event == NULL)
		fatalx("control socket: no memory");
	/* Who may do what is known from the first sync on. */
	if (m->now.sched != NULL)
		ctl_resume(m);
	return (0);
}

void
clients_synced(struct monitor *m)
{
	struct client	*cl;

	TAILQ_FOREACH(cl, &m->clients, entry)
		client_resume(cl);
	ctl_resume(m);
}

void
clients_hold(struct monitor *m)
{
	struct client	*cl;

	TAILQ_FOREACH(cl, &m->clients, entry)
		client_resume(cl);
}

void
clients_changed(struct monitor *m)
{
	struct client	*cl;
	uint64_t	 change;

	if (m->now.sched == NULL)
		return;
	change = sched_changes(m->now.sched) + m->changes;
	if (change == m->told_changes)
		return;
	m->told_changes = change;
	TAILQ_FOREACH(cl, &m->clients, entry) {
		if (!cl->subscribed || !cl->armed)
			continue;
		cl->armed = false;
		put_u64(chan_begin(cl->chan, A_CHANGED, 0), change);
		chan_end(cl->chan);
	}
}
