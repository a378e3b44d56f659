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
 * The client channel to the monitor.  The monitor is a process of ours that
 * an attacker may have taken over: its messages are checked, and one that
 * breaks the protocol ends this httpd, which the spawner then starts
 * afresh.  A monitor that just goes away is waited for.
 *
 * At most one C_STATUS and one C_CONFIG are in flight; all who want to know
 * wait for the same answer.  A_CHANGED makes what is remembered stale; it
 * is sent once, until the next C_STATUS: so while the tasks are fresh we
 * would hear of any change, of the configuration too.
 */

#include <sys/queue.h>

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/client.h"
#include "../common/imsg.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/mono.h"
#include "../common/util.h"
#include "answers.h"
#include "peer.h"
#include "snapshot.h"

#define PEER_MAXOUT	(1024 * 1024)	/* our questions are tiny */
#define ANSWER_MAX	(IMSG_MAX - IMSG_HDRLEN)

struct ask {
	TAILQ_ENTRY(ask)	 entry;
	enum peer_question	 what;
	struct mono		 deadline;
	uint32_t		 tag;	/* a change that was sent, else 0 */
	void			(*fn)(enum peer_result, const char *, void *);
					/* NULL: nobody waits any more */
	void			*arg;
};

static struct {
	struct event_base	*base;
	struct event		*timer;		/* the first deadline */
	struct chan		*chan;		/* NULL: no monitor */
	TAILQ_HEAD(, ask)	 asks;
	uint32_t		 last_tag;
	uint32_t		 subscribe_tag;
	bool			 subscribed;	/* A_CHANGED will come */
	uint32_t		 status_tag;	/* 0: not in flight */
	struct snapshot		*status;	/* what came of it so far */
	uint32_t		 config_tag;
	struct wbuf		 config;
	uint64_t		 changed;	/* heard of while in flight */
	bool			 fresh;
} peer;

static int	on_hello(struct chan *, struct msg *, void *);
static int	on_record(struct chan *, struct msg *, void *);
static int	on_chunk(struct chan *, struct msg *, void *);
static int	on_ok(struct chan *, struct msg *, void *);
static int	on_fail(struct chan *, struct msg *, void *);
static int	on_end(struct chan *, struct msg *, void *);
static int	on_changed(struct chan *, struct msg *, void *);
static void	on_gone(struct chan *, const char *, void *);
static void	on_deadline(evutil_socket_t, short, void *);

static const struct chan_rule rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ A_SUMMARY, CHAN_RUN, CHAN_NOFD, 1, ANSWER_MAX, on_record },
	{ A_TASK, CHAN_RUN, CHAN_NOFD, 1, ANSWER_MAX, on_record },
	{ A_PROC, CHAN_RUN, CHAN_NOFD, 1, ANSWER_MAX, on_record },
	{ A_CHUNK, CHAN_RUN, CHAN_NOFD, 4, ANSWER_MAX, on_chunk },
	{ A_OK, CHAN_RUN, CHAN_NOFD, 2, ANSWER_MAX, on_ok },
	{ A_FAIL, CHAN_RUN, CHAN_NOFD, 3, ANSWER_MAX, on_fail },
	{ A_END, CHAN_RUN, CHAN_NOFD, 0, 0, on_end },
	{ A_CHANGED, CHAN_RUN, CHAN_NOFD, 8, 8, on_changed },
};

void
peer_init(struct event_base *base)
{
	peer.base = base;
	TAILQ_INIT(&peer.asks);
	if ((peer.timer = event_new(base, -1, 0, on_deadline, NULL)) == NULL)
		fatal("peer timer");
}

static bool
is_change(enum peer_question what)
{
	return (what >= ASK_RELOAD);
}

static uint32_t
next_tag(void)
{
	if (++peer.last_tag == 0)
		peer.last_tag = 1;	/* 0 is A_CHANGED's */
	return (peer.last_tag);
}

/* Forgets an ask and tells who asked; a sent change stays until its end. */
static void
complete(struct ask *a, enum peer_result result, const char *detail,
    bool keep)
{
	void (*fn)(enum peer_result, const char *, void *) = a->fn;
	void *arg = a->arg;

	a->fn = NULL;
	if (!keep) {
		TAILQ_REMOVE(&peer.asks, a, entry);
		free(a);
	}
	if (fn != NULL)
		fn(result, detail, arg);
}

/*
 * Completes all asks of a kind that can be, those too that come up
 * meanwhile: an fn may ask and cancel, so the list is begun anew each time.
 */
static void
complete_all(enum peer_question what, enum peer_result result,
    const char *detail)
{
	struct ask *a;

	for (;;) {
		TAILQ_FOREACH(a, &peer.asks, entry)
			if (a->what == what)
				break;
		if (a == NULL)
			return;
		complete(a, result, detail, false);
	}
}

static struct ask *
find_tag(uint32_t tag)
{
	struct ask *a;

	TAILQ_FOREACH(a, &peer.asks, entry)
		if (a->tag != 0 && a->tag == tag)
			return (a);
	return (NULL);
}

static void
arm_timer(void)
{
	struct timeval tv;
	struct ask *a;
	int64_t ms;

	/* All wait equally long: the list is in the order of deadlines. */
	TAILQ_FOREACH(a, &peer.asks, entry)
		if (a->fn != NULL)
			break;
	if (a == NULL) {
		event_del(peer.timer);
		return;
	}
	if ((ms = mono_sub(a->deadline, mono_now())) < 0)
		ms = 0;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	if (event_add(peer.timer, &tv) == -1)
		fatal("peer timer");
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct mono now = mono_now();
	struct ask *a;

	(void)fd;
	(void)what;
	(void)arg;
	for (;;) {
		TAILQ_FOREACH(a, &peer.asks, entry)
			if (a->fn != NULL)
				break;
		if (a == NULL || mono_cmp(a->deadline, now) > 0)
			break;
		/* A load may take its time; it has been initiated. */
		if (a->what == ASK_RELOAD && a->tag != 0)
			complete(a, PEER_OK, "", true);
		else
			complete(a, PEER_AWAY, "", a->tag != 0);
	}
	arm_timer();
}

static void
ask_status(void)
{
	if (peer.status_tag != 0)
		return;
	if ((peer.status = snapshot_new()) == NULL)
		fatal("snapshot");
	peer.status_tag = next_tag();
	peer.changed = 0;
	put_u32(chan_begin(peer.chan, C_STATUS, peer.status_tag), 0);
	chan_end(peer.chan);
}

static void
ask_config(void)
{
	if (peer.config_tag != 0)
		return;
	peer.config_tag = next_tag();
	wbuf_reset(&peer.config);
	chan_send(peer.chan, C_CONFIG, peer.config_tag);
}

static void
ask_change(struct ask *a)
{
	static const uint16_t types[] = {
		[ASK_RELOAD] = C_RELOAD,
		[ASK_STOP] = C_SHUTDOWN,
		[ASK_RESET] = C_RESET,
	};

	if (a->tag != 0)
		return;
	a->tag = next_tag();
	chan_send(peer.chan, types[a->what], a->tag);
}

/* Sends what is waiting and not in flight. */
static void
kick(void)
{
	struct ask *a;

	if (peer.chan == NULL || chan_get_phase(peer.chan) != CHAN_RUN)
		return;
	TAILQ_FOREACH(a, &peer.asks, entry) {
		if (is_change(a->what))
			ask_change(a);
		else if (a->what == ASK_CONFIG && peer.fresh)
			ask_config();
		else
			ask_status();
	}
}

struct ask *
peer_ask(enum peer_question what, void (*fn)(enum peer_result, const char *,
    void *), void *arg)
{
	struct ask *a;

	a = xcalloc(1, sizeof(*a));
	a->what = what;
	a->deadline = mono_add(mono_now(), PEER_WAIT);
	a->fn = fn;
	a->arg = arg;
	TAILQ_INSERT_TAIL(&peer.asks, a, entry);
	if (!event_pending(peer.timer, EV_TIMEOUT, NULL))
		arm_timer();
	kick();
	return (a);
}

void
peer_cancel(struct ask *a)
{
	a->fn = NULL;
	if (a->tag == 0) {
		TAILQ_REMOVE(&peer.asks, a, entry);
		free(a);
	}
}

struct text *
peer_tasks(unsigned int indent)
{
	return (answers_tasks(indent));
}

struct text *
peer_config(unsigned int indent)
{
	return (answers_config(indent));
}

struct text *
peer_fresh_tasks(unsigned int indent)
{
	return (peer.fresh ? answers_tasks(indent) : NULL);
}

struct text *
peer_fresh_config(unsigned int indent)
{
	if (!peer.fresh || answers_config_gen() != answers_gen())
		return (NULL);
	return (answers_config(indent));
}

/* Nothing that was in flight will be answered. */
static void
lost(void)
{
	struct ask *a;

	snapshot_free(peer.status);
	peer.status = NULL;
	peer.status_tag = peer.config_tag = 0;
	peer.fresh = peer.subscribed = false;
	answers_forget();
	for (;;) {
		TAILQ_FOREACH(a, &peer.asks, entry)
			if (a->tag != 0)
				break;
		if (a == NULL)
			return;
		complete(a, PEER_AWAY, "", false);
	}
}

void
peer_connect(int fd)
{
	const struct chan_conf conf = {
		.name = "monitor",
		.rules = rules,
		.nrules = nitems(rules),
		.maxout = PEER_MAXOUT,
		.gone = on_gone
	};

	if (peer.chan != NULL) {
		chan_free(peer.chan);
		peer.chan = NULL;
		lost();
	}
	if ((peer.chan = chan_new(peer.base, fd, &conf)) == NULL) {
		log_warn("monitor: cannot use the channel");
		return;
	}
	put_hello(chan_begin(peer.chan, M_HELLO, 0), ROLE_HTTPD);
	chan_end(peer.chan);
}

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	struct hello h;

	(void)arg;
	if (get_hello(&m->body, &h) == -1 || h.role != ROLE_MONITOR)
		return (-1);
	chan_phase(c, CHAN_RUN);
	peer.subscribe_tag = next_tag();
	chan_send(c, C_SUBSCRIBE, peer.subscribe_tag);
	kick();
	return (0);
}

static int
on_record(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	if (peer.status_tag == 0 || m->tag != peer.status_tag)
		return (-1);
	switch (m->type) {
	case A_SUMMARY:
		return (snapshot_add_summary(peer.status, &m->body));
	case A_TASK:
		return (snapshot_add_task(peer.status, &m->body));
	default:
		return (snapshot_add_proc(peer.status, &m->body));
	}
}

static int
on_chunk(struct chan *c, struct msg *m, void *arg)
{
	struct span bytes;
	struct ask *a;

	(void)c;
	(void)arg;
	bytes = get_blob(&m->body);
	if (m->body.bad)
		return (-1);
	if (m->tag == peer.config_tag && peer.config_tag != 0) {
		if (bytes.len > LIMIT_PLAN - peer.config.len ||
		    wbuf_room(&peer.config, bytes.len) == -1)
			return (-1);
		memcpy(peer.config.data + peer.config.len, bytes.p, bytes.len);
		peer.config.len += bytes.len;
		return (0);
	}
	/* What a load has to say: it is under way. */
	if ((a = find_tag(m->tag)) == NULL || a->what != ASK_RELOAD)
		return (-1);
	complete(a, PEER_OK, "", true);
	return (0);
}

static int
on_ok(struct chan *c, struct msg *m, void *arg)
{
	struct ask *a;

	(void)c;
	(void)arg;
	get_str(&m->body);
	if (!cursor_done(&m->body))
		return (-1);
	if (peer.subscribe_tag != 0 && m->tag == peer.subscribe_tag) {
		peer.subscribe_tag = 0;
		peer.subscribed = true;
		return (0);
	}
	if ((a = find_tag(m->tag)) == NULL)
		return (-1);
	complete(a, PEER_OK, "", false);
	return (0);
}

static enum peer_result
fail_result(uint8_t code)
{
	switch (code) {
	case FAIL_CONFIG:
		/* The load took place; status shows what came of it. */
		return (PEER_OK);
	case FAIL_DENIED:
		return (PEER_DENIED);
	case FAIL_BUSY:
		return (PEER_BUSY);
	default:
		return (PEER_FAILED);
	}
}

static int
on_fail(struct chan *c, struct msg *m, void *arg)
{
	struct answer_fail f;
	enum peer_result result;
	struct ask *a;
	char *detail;
	int ret;

	(void)c;
	(void)arg;
	if (get_answer_fail(&m->body, &f) == -1)
		return (-1);
	if ((detail = span_dup(f.text)) == NULL)
		fatal("monitor: failure text");
	result = fail_result(f.code);
	ret = 0;
	if (peer.subscribe_tag != 0 && m->tag == peer.subscribe_tag) {
		/* Then each request costs a question. */
		log_warnx("monitor: no news of changes: %s", detail);
		peer.subscribe_tag = 0;
	} else if (peer.status_tag != 0 && m->tag == peer.status_tag) {
		peer.status_tag = 0;
		snapshot_free(peer.status);
		peer.status = NULL;
		complete_all(ASK_TASKS, result, detail);
		complete_all(ASK_CONFIG, result, detail);
	} else if (peer.config_tag != 0 && m->tag == peer.config_tag) {
		peer.config_tag = 0;
		complete_all(ASK_CONFIG, result, detail);
	} else if ((a = find_tag(m->tag)) != NULL)
		complete(a, result, detail, false);
	else
		ret = -1;
	free(detail);
	return (ret);
}

static void
end_status(void)
{
	struct ask *a;

	peer.fresh = peer.subscribed &&
	    peer.changed <= snapshot_change(peer.status);
	answers_set_tasks(peer.status);
	peer.status = NULL;
	peer.status_tag = 0;
	complete_all(ASK_TASKS, PEER_OK, "");
	if (answers_config_gen() == answers_gen()) {
		complete_all(ASK_CONFIG, PEER_OK, "");
		return;
	}
	TAILQ_FOREACH(a, &peer.asks, entry)
		if (a->what == ASK_CONFIG)
			break;
	if (a != NULL)
		ask_config();
}

static int
on_end(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	if (peer.status_tag != 0 && m->tag == peer.status_tag) {
		if (!snapshot_complete(peer.status))
			return (-1);
		end_status();
		return (0);
	}
	if (peer.config_tag == 0 || m->tag != peer.config_tag)
		return (-1);
	/*
	 * If it was loaded anew since the status, it is newer than the
	 * generation we give it: then A_CHANGED comes, and it is asked for
	 * once more.
	 */
	peer.config_tag = 0;
	answers_set_config(&peer.config, answers_gen());
	complete_all(ASK_CONFIG, PEER_OK, "");
	return (0);
}

static int
on_changed(struct chan *c, struct msg *m, void *arg)
{
	uint64_t change;

	(void)c;
	(void)arg;
	change = get_u64(&m->body);
	if (m->body.bad || m->tag != 0)
		return (-1);
	peer.fresh = false;
	if (change > peer.changed)
		peer.changed = change;
	return (0);
}

static bool
hung_up(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return (poll(&pfd, 1, 0) == 1 && pfd.revents & (POLLHUP | POLLERR));
}

static void
on_gone(struct chan *c, const char *why, void *arg)
{
	(void)arg;
	/*
	 * One that is still there but breaks the protocol is not to be
	 * talked to again; starting anew is how to get another.
	 */
	if (why != NULL && !hung_up(chan_fileno(c)))
		fatalx("monitor: %s", why);
	log_debug("monitor: gone%s%s", why != NULL ? ": " : "",
	    why != NULL ? why : "");
	chan_free(c);
	peer.chan = NULL;
	lost();
}
