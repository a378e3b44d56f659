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
#include "asks.h"
#include "change.h"
#include "events.h"
#include "peer.h"
#include "snapshot.h"

#define PEER_MAXOUT	(1024 * 1024)	/* our questions are tiny */
#define ANSWER_MAX	(IMSG_MAX - IMSG_HDRLEN)

static struct {
	struct event_base	*base;
	struct chan		*chan;		/* NULL: no monitor */
	uint32_t		 last_tag;
	uint32_t		 subscribe_tag;
	bool			 subscribed;	/* A_CHANGED will come */
	uint32_t		 status_tag;	/* 0: not in flight */
	struct snapshot		*status;	/* what came of it so far */
	uint32_t		 config_tag;
	struct wbuf		 config;
	uint32_t		 health_tag;
	uint64_t		 changed;	/* heard of while in flight */
	bool			 fresh;
} peer;

static int	on_hello(struct chan *, struct msg *, void *);
static int	on_record(struct chan *, struct msg *, void *);
static int	on_chunk(struct chan *, struct msg *, void *);
static int	on_result(struct chan *, struct msg *, void *);
static int	on_change(struct chan *, struct msg *, void *);
static int	on_ok(struct chan *, struct msg *, void *);
static int	on_fail(struct chan *, struct msg *, void *);
static int	on_end(struct chan *, struct msg *, void *);
static int	on_changed(struct chan *, struct msg *, void *);
static void	on_gone(struct chan *, const char *, void *);

static const struct chan_rule rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ A_SUMMARY, CHAN_RUN, CHAN_NOFD, 1, ANSWER_MAX, on_record },
	{ A_LISTENER, CHAN_RUN, CHAN_NOFD, 1, ANSWER_MAX, on_record },
	{ A_TASK, CHAN_RUN, CHAN_NOFD, 1, ANSWER_MAX, on_record },
	{ A_PROC, CHAN_RUN, CHAN_NOFD, 1, ANSWER_MAX, on_record },
	{ A_CHUNK, CHAN_RUN, CHAN_NOFD, 4, ANSWER_MAX, on_chunk },
	{ A_RESULT, CHAN_RUN, CHAN_NOFD, 5, ANSWER_MAX, on_result },
	{ A_CHANGE, CHAN_RUN, CHAN_NOFD, 1, ANSWER_MAX, on_change },
	{ A_OK, CHAN_RUN, CHAN_NOFD, 2, ANSWER_MAX, on_ok },
	{ A_FAIL, CHAN_RUN, CHAN_NOFD, 3, ANSWER_MAX, on_fail },
	{ A_END, CHAN_RUN, CHAN_NOFD, 0, 0, on_end },
	{ A_CHANGED, CHAN_RUN, CHAN_NOFD, 8, 8, on_changed },
};

void
peer_init(struct event_base *base)
{
	peer.base = base;
	asks_init(base);
	answers_init();
}

static uint32_t
next_tag(void)
{
	if (++peer.last_tag == 0)
		peer.last_tag = 1;	/* 0 is A_CHANGED's */
	return (peer.last_tag);
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

/* Nothing is remembered of this one: it is to be said now. */
static void
ask_health(void)
{
	if (peer.health_tag != 0)
		return;
	peer.health_tag = next_tag();
	chan_send(peer.chan, C_VERSION, peer.health_tag);
}

/* Once: whether it was done is not known when no answer comes. */
static void
ask_change(struct ask *a)
{
	static const uint16_t types[] = {
		[ASK_RELOAD] = C_RELOAD,
		[ASK_STOP] = C_SHUTDOWN,
		[ASK_RESET] = C_RESET,
		[ASK_CONTROL] = C_CONTROL,
		[ASK_COUNT] = C_COUNT,
		[ASK_TASK_START] = C_START,
		[ASK_TASK_STOP] = C_STOP,
		[ASK_TASK_RESTART] = C_RESTART,
	};
	struct wbuf *w;

	if (a->tag != 0)
		return;
	a->tag = next_tag();
	w = chan_begin(peer.chan, types[a->what], a->tag);
	if (a->change != NULL)
		change_put(a->change, w);
	chan_end(peer.chan);
}

/* Sends what is waiting and not in flight. */
static void
kick(void)
{
	struct ask *a;

	if (peer.chan == NULL || chan_get_phase(peer.chan) != CHAN_RUN)
		return;
	for (a = asks_first(); a != NULL; a = asks_next(a)) {
		if (ask_is_change(a))
			ask_change(a);
		else if (a->what == ASK_HEALTH)
			ask_health();
		else if (a->what == ASK_CONFIG && peer.fresh)
			ask_config();
		else
			ask_status();
	}
}

struct ask *
peer_ask(enum peer_question what, struct change *change,
    void (*fn)(enum peer_result, const char *, void *), void *arg)
{
	struct ask *a;

	a = ask_new(what, change, fn, arg);
	kick();
	return (a);
}

void
peer_cancel(struct ask *a)
{
	ask_cancel(a);
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
peer_page(bool control)
{
	return (answers_page(control));
}

const struct snapshot *
peer_snapshot(void)
{
	return (answers_snapshot());
}

bool
peer_is_fresh(void)
{
	return (peer.fresh);
}

uint64_t
peer_change(void)
{
	return (answers_change());
}

struct text *
peer_fresh_page(bool control)
{
	return (peer.fresh ? answers_page(control) : NULL);
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
	snapshot_free(peer.status);
	peer.status = NULL;
	peer.status_tag = peer.config_tag = peer.health_tag = 0;
	peer.fresh = peer.subscribed = false;
	answers_forget();
	asks_lost();
	events_changed();
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
	events_changed();
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
	case A_LISTENER:
		return (snapshot_add_listener(peer.status, &m->body));
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
	if (m->tag == peer.health_tag && peer.health_tag != 0)
		return (0);
	/* What a load has to say: it is under way. */
	if ((a = asks_find(m->tag)) == NULL || a->what != ASK_RELOAD)
		return (-1);
	ask_complete(a, PEER_OK, "", true);
	return (0);
}

/* What came of one task of a change; who asked may have gone away. */
static int
on_result(struct chan *c, struct msg *m, void *arg)
{
	struct answer_result r;
	struct ask *a;

	(void)c;
	(void)arg;
	if ((a = asks_find(m->tag)) == NULL || !ask_is_task_change(a))
		return (-1);
	if (a->change == NULL)
		return (get_answer_result(&m->body, &r));
	return (change_result(a->change, &m->body));
}

/* What a load did, when it is over: status shows it. */
static int
on_change(struct chan *c, struct msg *m, void *arg)
{
	struct answer_change ch;
	struct ask *a;

	(void)c;
	(void)arg;
	if ((a = asks_find(m->tag)) == NULL || a->what != ASK_RELOAD)
		return (-1);
	return (get_answer_change(&m->body, &ch));
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
	if ((a = asks_find(m->tag)) == NULL)
		return (-1);
	ask_complete(a, PEER_OK, "", false);
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
		asks_complete(ASK_TASKS, result, detail);
		asks_complete(ASK_CONFIG, result, detail);
	} else if (peer.config_tag != 0 && m->tag == peer.config_tag) {
		peer.config_tag = 0;
		asks_complete(ASK_CONFIG, result, detail);
	} else if (peer.health_tag != 0 && m->tag == peer.health_tag) {
		/* It answers, if not this. */
		peer.health_tag = 0;
		asks_complete(ASK_HEALTH, PEER_OK, "");
	} else if ((a = asks_find(m->tag)) != NULL)
		ask_complete(a, ask_has_results(a) ? PEER_OK : result,
		    detail, false);
	else
		ret = -1;
	free(detail);
	return (ret);
}

static void
end_status(void)
{
	peer.fresh = peer.subscribed &&
	    peer.changed <= snapshot_change(peer.status);
	answers_set_tasks(peer.status);
	peer.status = NULL;
	peer.status_tag = 0;
	asks_complete(ASK_TASKS, PEER_OK, "");
	if (answers_config_gen() == answers_gen()) {
		asks_complete(ASK_CONFIG, PEER_OK, "");
		return;
	}
	if (asks_any(ASK_CONFIG))
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
	if (peer.health_tag != 0 && m->tag == peer.health_tag) {
		peer.health_tag = 0;
		asks_complete(ASK_HEALTH, PEER_OK, "");
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
	asks_complete(ASK_CONFIG, PEER_OK, "");
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
	events_changed();
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
