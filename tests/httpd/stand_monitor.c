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

/* The monitor that the stand for httpd plays: see httpd_stand.c. */

#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/chan.h"
#include "../../common/client.h"
#include "../../common/ipc.h"
#include "../../common/mono.h"
#include "../../common/plan.h"
#include "../../common/run.h"
#include "../../common/states.h"
#include "../../common/util.h"
#include "stand.h"

#define CONFIG_1	"{\"settings\": {\"http\": [{\"listen\": \":8080\"}"
#define CONFIG_2	"]}, \"tasks\": {\"web0\": {\"count\": 1e0}}}"

static int	on_hello(struct chan *, struct msg *, void *);
static int	on_question(struct chan *, struct msg *, void *);
static int	on_change(struct chan *, struct msg *, void *);

static const struct chan_rule client_rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ C_STATUS, CHAN_RUN, CHAN_NOFD, 4, 4, on_question },
	{ C_CONFIG, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_VERSION, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_SUBSCRIBE, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_RELOAD, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_SHUTDOWN, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_RESET, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_CONTROL, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
	{ C_COUNT, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
	{ C_START, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
	{ C_STOP, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
	{ C_RESTART, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
};

static void
on_client_gone(struct chan *c, const char *why, void *arg)
{
	(void)arg;
	if (why != NULL)
		warnx("client channel: %s", why);
	chan_free(c);
	stand.client = NULL;
}

void
stand_peer(void)
{
	const struct chan_conf conf = {
		.name = "client",
		.rules = client_rules,
		.nrules = nitems(client_rules),
		.maxout = 256 * 1024 * 1024,
		.gone = on_client_gone
	};
	int fd[2];

	if (stand.client != NULL)
		chan_free(stand.client);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) == -1 ||
	    (stand.client = chan_new(stand.base, fd[0], &conf)) == NULL)
		err(1, "client channel");
	put_hello(chan_begin(stand.client, M_HELLO, 0), ROLE_MONITOR);
	chan_end(stand.client);
	chan_begin(stand.httpd, HTTP_PEER, 0);
	chan_end_fd(stand.httpd, fd[1]);
}

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	struct hello h;

	(void)arg;
	if (get_hello(&m->body, &h) == -1 || h.role != ROLE_HTTPD)
		return (-1);
	chan_phase(c, CHAN_RUN);
	return (0);
}

/* One task: a running one, one that exited, one that was killed, ... */
static void
answer_task(uint32_t i, uint32_t tag)
{
	static const char *const requires[] = { "web0" };
	struct answer_task t;
	struct answer_proc p;
	int64_t now = wall_now();
	char *name;

	xasprintf(&name, "web%u", i);
	memset(&t, 0, sizeof(t));
	t.name = (struct span){ name, strlen(name) };
	t.detail = (struct span){ "", 0 };
	t.control = CONTROL_WAIT;
	t.count = 1;
	t.in_scope = true;
	t.state = i % 10 == 9 ? STATE_BACKOFF : STATE_RUNNING;
	t.reason = i % 10 == 9 ? REASON_BACKOFF_UNTIL : REASON_NONE;
	t.running = i % 10 != 9;
	t.since_wall = now - 5000;
	t.nrequires = i > 0;
	put_answer_task(chan_begin(stand.client, A_TASK, tag), &t, requires,
	    NULL);
	chan_end(stand.client);
	free(name);

	memset(&p, 0, sizeof(p));
	p.pid = t.running ? 1000 + i : 0;
	p.started_wall = now - 5000;
	p.uptime_ms = t.running ? 5000 : 0;
	p.starts = 1;
	if (!t.running) {
		p.exited = true;
		p.exited_wall = now - 1000;
		p.status = i % 20 == 9 ? SIGKILL : 3 << 8;
	}
	put_answer_proc(chan_begin(stand.client, A_PROC, tag), &p);
	chan_end(stand.client);
}

static void
answer_status(uint32_t tag)
{
	struct answer_summary s;
	struct span empty = { "", 0 };
	uint32_t i;

	memset(&s, 0, sizeof(s));
	s.change = stand.change;
	s.gen = stand.gen;
	s.load_ok = true;
	s.ntasks = stand.ntasks;
	s.version = s.load_error = empty;
	put_answer_summary(chan_begin(stand.client, A_SUMMARY, tag), &s,
	    NULL, NULL);
	chan_end(stand.client);
	for (i = 0; i < stand.ntasks; i++)
		answer_task(i, tag);
	chan_send(stand.client, A_END, tag);
}

static void
answer_config(uint32_t tag)
{
	put_blob(chan_begin(stand.client, A_CHUNK, tag), CONFIG_1,
	    strlen(CONFIG_1));
	chan_end(stand.client);
	put_blob(chan_begin(stand.client, A_CHUNK, tag), CONFIG_2,
	    strlen(CONFIG_2));
	chan_end(stand.client);
	chan_send(stand.client, A_END, tag);
}

static void
answer_ok(uint32_t tag, const char *text)
{
	put_str(chan_begin(stand.client, A_OK, tag), text);
	chan_end(stand.client);
}

static int
on_question(struct chan *c, struct msg *m, void *arg)
{
	static const struct {
		uint16_t	 type;
		const char	*name;
	} names[] = {
		{ C_STATUS, "status" },
		{ C_CONFIG, "config" },
		{ C_VERSION, "version" },
		{ C_SUBSCRIBE, "subscribe" },
		{ C_RELOAD, "reload" },
		{ C_SHUTDOWN, "stop" },
		{ C_RESET, "reset" },
	};
	size_t i;

	(void)c;
	(void)arg;
	for (i = 0; i < nitems(names); i++)
		if (names[i].type == m->type)
			say("asked", names[i].name);
	if (m->type == C_STATUS && get_u32(&m->body) != 0)
		return (-1);
	if (stand.mute)
		return (0);
	switch (m->type) {
	case C_STATUS:
		answer_status(m->tag);
		break;
	case C_CONFIG:
		answer_config(m->tag);
		break;
	case C_VERSION:
		put_blob(chan_begin(c, A_CHUNK, m->tag), "stand 1", 7);
		chan_end(c);
		chan_send(c, A_END, m->tag);
		break;
	default:
		answer_ok(m->tag, "");
		break;
	}
	return (0);
}

/*
 * A change of tasks: "asked change TYPE NAME=VALUE ..."; there are web0 and
 * so on, "same" is what they all are, "bad" is no value.
 */
static int
on_change(struct chan *c, struct msg *m, void *arg)
{
	struct ask_change q;
	struct ask_target t;
	struct answer_result r;
	struct span text;
	char *line, *more;
	bool good = true;

	(void)arg;
	if (get_ask_change(&m->body, &q) == -1)
		return (-1);
	xasprintf(&line, "change %u", m->type - C_STATUS);
	while (!stand.mute && q.n-- > 0) {
		get_target(&q.targets, &t);
		xasprintf(&more, "%s %.*s=%.*s", line, (int)t.name.len,
		    t.name.p, (int)t.value.len, t.value.p);
		free(line);
		line = more;
		r.name = t.name;
		r.code = RESULT_OK;
		text = (struct span){ "ok", 2 };
		if (span_is(t.value, "same")) {
			r.code = RESULT_SAME;
			text = (struct span){ "no change", 9 };
		} else if (span_is(t.value, "bad")) {
			r.code = RESULT_BAD_VALUE;
			text = (struct span){ "bad control 'bad'", 17 };
		}
		if (t.name.len < 3 || memcmp(t.name.p, "web", 3) != 0) {
			r.code = RESULT_NOT_FOUND;
			text = (struct span){ "not found", 9 };
		}
		r.text = text;
		good = good && r.code <= RESULT_SAME;
		put_answer_result(chan_begin(c, A_RESULT, m->tag), &r);
		chan_end(c);
	}
	say("asked", line);
	free(line);
	if (stand.mute)
		return (0);
	if (good) {
		answer_ok(m->tag, "");
		return (0);
	}
	put_answer_fail(chan_begin(c, A_FAIL, m->tag), FAIL_FAILED, "no");
	chan_end(c);
	return (0);
}
