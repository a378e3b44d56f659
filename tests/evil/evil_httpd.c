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
 * A captured status httpd.  It takes its listeners and its client channel to
 * the monitor as the real one does, and then abuses the channel to the
 * spawner (s_...) or the one to the monitor (m_...) in the way that the file
 * "attack" names: m_change_N asks for the Nth of the changes, m_bytes_N sends
 * the Nth question with a body that means nothing, m_flood_N sends that
 * question without end and reads no answer.
 */

#include "../../config.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/client.h"
#include "../../common/imsg.h"
#include "../../common/ipc.h"
#include "../../common/run.h"
#include "../../common/util.h"
#include "evil.h"

#define FLOOD	200000

static struct imsgbuf	*peer;	/* to the monitor */

static void
end(struct imsgbuf *b)
{
	if (imsgbuf_end(b, -1) == -1)
		err(1, "imsgbuf_end");
	if (imsgbuf_queued(b) > 65536)
		evil_flush(b);
}

static void
empty(struct imsgbuf *b, uint16_t type)
{
	imsgbuf_begin(b, type, 1);
	end(b);
}

static void
raw(struct imsgbuf *b, uint32_t length, uint16_t type, const void *p,
    size_t len)
{
	evil_raw(b, &(struct evil_msg){ length, type, 0, p, len });
}

static void
hello(struct imsgbuf *b, uint16_t version, uint8_t role)
{
	struct wbuf *w = imsgbuf_begin(b, M_HELLO, 0);

	put_u32(w, PROTO_MAGIC);
	put_u16(w, version);
	put_u8(w, role);
	put_str(w, "evil");
	end(b);
	evil_flush(b);
}

static void
wait_done(void)
{
	struct imsg m;
	int flags;

	while (evil_get(evil_chan, &m)) {
		if (m.type == HTTP_PEER && m.fd != -1) {
			flags = fcntl(m.fd, F_GETFL);
			fcntl(m.fd, F_SETFL, flags & ~O_NONBLOCK);
			if ((peer = imsgbuf_new(m.fd)) == NULL)
				err(1, "peer");
		}
		/* The monitor may be up only after us. */
		if (peer != NULL)
			return;
	}
	errx(1, "no channel to the monitor");
}

/* The changes that a client may ask for, if it has the right to. */
static const struct {
	uint16_t	 type;
	const char	*word;
	const char	*value;
} changes[] = {
	{ C_START, "", "" },
	{ C_STOP, "", "" },
	{ C_RESTART, "", "" },
	{ C_CONTROL, "", "off" },
	{ C_COUNT, "", "9" },
	{ C_SIGNAL, "KILL", "" },
	{ C_RUN, "start", "" },
};

static void
put_change(uint32_t tag, size_t i)
{
	struct ask_target t = { .name = { "all", 3 },
	    .value = { changes[i].value, strlen(changes[i].value) } };
	struct ask_change q = { .n = 1,
	    .word = { changes[i].word, strlen(changes[i].word) } };

	put_ask_change(imsgbuf_begin(peer, changes[i].type, tag), &q, &t);
	end(peer);
}

/* Puts the question, with descriptor and body as they should be. */
static void
put_question(uint32_t tag, uint16_t type)
{
	struct wbuf *w;
	size_t i;

	for (i = 0; i < nitems(changes); i++)
		if (changes[i].type == type) {
			put_change(tag, i);
			return;
		}
	w = imsgbuf_begin(peer, type, tag);
	if (type == C_STATUS || type == C_WHY)
		put_u32(w, 0);
	else if (type == C_PLAN)
		put_u16(w, 0);
	else if (type == C_FILE) {
		put_u8(w, 0);
		put_str(w, "conf");
		if (imsgbuf_end(peer, dup(2)) == -1)
			err(1, "imsgbuf_end");
		return;
	}
	end(peer);
}

/* The N of "m_change_N"; -1: another attack. */
static int
which(const char *prefix, int max)
{
	char name[32];
	int i;

	for (i = 0; i < max; i++) {
		snprintf(name, sizeof(name), "%s%d", prefix, i);
		if (evil_is(name))
			return (i);
	}
	return (-1);
}

/* The monitor must answer that we may not. */
static void
ask_in_vain(uint16_t type)
{
	struct answer_fail f;
	struct cursor c;
	struct imsg m;

	put_question(77, type);
	evil_flush(peer);
	while (evil_get(peer, &m)) {
		cursor_init(&c, m.data, m.len);
		if (m.type == A_FAIL && m.tag == 77 &&
		    get_answer_fail(&c, &f) == 0 && f.code == FAIL_DENIED) {
			evil_record("denied");
			break;
		}
	}
	evil_done(peer);
}

/* Attacks that every question has; returns when it is another one. */
static void
questions(void)
{
	char junk[20];
	int i, n;

	if ((n = which("m_change_", C_PLAN - C_STATUS + 1)) != -1)
		ask_in_vain(C_STATUS + n);
	if ((n = which("m_bytes_", C_PLAN - C_STATUS + 1)) != -1) {
		memset(junk, 0xff, sizeof(junk));
		raw(peer, 12 + sizeof(junk), C_STATUS + n, junk,
		    sizeof(junk));
		evil_flush(peer);
		evil_done(peer);
	}
	if ((n = which("m_flood_", C_PLAN - C_STATUS + 1)) != -1) {
		/* It may be paused for good: then no end comes. */
		evil_record("attacked");
		for (i = 0; i < FLOOD; i++)
			put_question(i, C_STATUS + n);
		evil_flush(peer);
		evil_done(peer);
	}
}

static void
spawner(void)
{
	static char big[IMSG_MAX];
	uint32_t i;

	if (evil_is("s_unknown"))
		empty(evil_chan, 0x05ff);
	else if (evil_is("s_monitor"))
		empty(evil_chan, R_RELOAD);
	else if (evil_is("s_spawn"))
		raw(evil_chan, 12 + 10, R_SPAWN, big, 10);
	else if (evil_is("s_stop"))
		raw(evil_chan, 12 + 1, R_STOPREQ, "\1", 1);
	else if (evil_is("s_plan"))
		raw(evil_chan, 12 + 20, PLAN_BEGIN, big, 20);
	else if (evil_is("s_long"))
		raw(evil_chan, 12 + 1, HTTP_UP, big, 1);
	else if (evil_is("s_taken"))
		/* No file was sent that it could be about. */
		raw(evil_chan, 12 + 7, HTTP_TAKEN, big, 7);
	else if (evil_is("s_index"))
		raw(evil_chan, 12 + 7, HTTP_TAKEN, "\0\0\1\0\0\0\0", 7);
	else if (evil_is("s_huge"))
		raw(evil_chan, IMSG_MAX, HTTP_UP, big, IMSG_MAX - 12);
	else if (evil_is("s_junk"))
		(void)!write(HELPER_FD, "GET / HTTP/1.0\r\n\r\n", 18);
	else if (evil_is("s_facts_early"))
		/* Before HTTP_UP. */
		empty(evil_chan, HTTP_ASK_FACTS);
	else if (evil_is("s_facts_long")) {
		empty(evil_chan, HTTP_UP);
		raw(evil_chan, 12 + 4, HTTP_ASK_FACTS, big, 4);
	} else if (evil_is("s_facts_flood")) {
		/* And none of the answers is read. */
		empty(evil_chan, HTTP_UP);
		for (i = 0; i < FLOOD; i++)
			empty(evil_chan, HTTP_ASK_FACTS);
	} else if (evil_is("s_fd")) {
		imsgbuf_begin(evil_chan, HTTP_UP, 0);
		if (imsgbuf_end(evil_chan, dup(2)) == -1)
			err(1, "imsgbuf_end");
	} else if (evil_is("s_twice")) {
		empty(evil_chan, HTTP_UP);
		empty(evil_chan, HTTP_UP);
	} else if (evil_is("s_flood"))
		for (i = 0; i < FLOOD; i++)
			empty(evil_chan, HTTP_UP);
	else
		return;
	evil_flush(evil_chan);
	evil_done(evil_chan);
}

static void
monitor(void)
{
	static char big[IMSG_MAX];
	struct wbuf *w;
	uint32_t i;

	if (evil_is("m_version"))
		hello(peer, PROTO_VERSION + 1, ROLE_HTTPD);
	else if (evil_is("m_role"))
		hello(peer, PROTO_VERSION, ROLE_SPAWNER);
	else if (evil_is("m_skip"))
		raw(peer, 12 + 4, C_STATUS, "\0\0\0\0", 4);
	else {
		hello(peer, PROTO_VERSION, ROLE_HTTPD);
		questions();
		if (evil_is("m_unknown"))
			empty(peer, 0x06ff);
		else if (evil_is("m_spawn"))
			raw(peer, 12 + 10, R_SPAWN, big, 10);
		else if (evil_is("m_sync"))
			empty(peer, SYNC_END);
		else if (evil_is("m_short"))
			raw(peer, 12 + 2, C_STATUS, big, 2);
		else if (evil_is("m_count"))
			raw(peer, 12 + 4, C_STATUS, "\377\377\377\377", 4);
		else if (evil_is("m_huge"))
			raw(peer, IMSG_MAX, C_STATUS, big, IMSG_MAX - 12);
		else if (evil_is("m_junk"))
			(void)!write(imsgbuf_fd(peer), big, 1000);
		else if (evil_is("m_fd")) {
			imsgbuf_begin(peer, C_VERSION, 0);
			if (imsgbuf_end(peer, dup(2)) == -1)
				err(1, "imsgbuf_end");
		} else if (evil_is("m_fdflood")) {
			raw(peer, 12 + 100, C_STATUS, NULL, 0);
			for (;;)
				evil_fds(peer, 10);
		} else if (evil_is("m_half"))
			(void)!write(imsgbuf_fd(peer), "\0\0\0", 3);
		else if (evil_is("m_flood")) {
			/* It may be paused for good: then no end comes. */
			evil_record("attacked");
			for (i = 0; i < FLOOD; i++) {
				w = imsgbuf_begin(peer, C_STATUS, i);
				put_u32(w, 0);
				end(peer);
			}
		}
	}
	evil_flush(peer);
	evil_done(peer);
}

int
main(int argc, char **argv)
{
	(void)argc;
	evil_init();
	evil_record("start");
	if (evil_is("none"))
		evil_real(argv);
	if (evil_is("s_exit"))
		exit(0);
	if (evil_is("s_crash"))
		abort();
	evil_connect();
	if (evil_is("s_role") || evil_is("s_version")) {
		hello(evil_chan, evil_is("s_role") ? PROTO_VERSION :
		    PROTO_VERSION + 1, evil_is("s_role") ? ROLE_MONITOR :
		    ROLE_HTTPD);
		evil_done(evil_chan);
	}
	hello(evil_chan, PROTO_VERSION, ROLE_HTTPD);
	if (evil_is("s_hello")) {
		hello(evil_chan, PROTO_VERSION, ROLE_HTTPD);
		evil_done(evil_chan);
	}
	wait_done();
	spawner();
	empty(evil_chan, HTTP_UP);
	evil_flush(evil_chan);
	monitor();
}
