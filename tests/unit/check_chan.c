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
 * chan.c: the rule table is all that gets through, one violation ends the
 * channel once, and output is bounded.
 */

#include <sys/socket.h>

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/chan.h"
#include "../../common/imsg.h"
#include "../../common/util.h"
#include "suite.h"

#define T_ANY	0x0101		/* 0 to 8 bytes, once greeted */
#define T_HELLO	0x0102		/* only first; moves on to CHAN_RUN */
#define T_U32	0x0103		/* exactly 4 bytes, CHAN_RUN */
#define T_FD	0x0104		/* brings a descriptor */
#define T_SHORT	0x0105		/* its handler does not read */
#define T_NO	0x0106		/* its handler refuses */
#define T_CLOSE	0x0107		/* its handler closes */

static struct event_base	*base;
static struct chan		*ch;
static struct imsgbuf		*peer;
static int	 ngone, nany, nu32, nfd, ndrained, keptfd = -1;
static uint32_t	 last_u32, last_tag;
static char	 why[256];

static int
on_any(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	while (m->body.left > 0)
		get_u8(&m->body);
	nany++;
	return (0);
}

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	(void)m;
	ck_assert_ptr_eq(arg, &why);
	ck_assert_ptr_eq(chan_arg(c), &why);
	chan_phase(c, CHAN_RUN);
	return (0);
}

static int
on_u32(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	ck_assert_int_eq(m->fd, -1);
	last_u32 = get_u32(&m->body);
	last_tag = m->tag;
	nu32++;
	return (0);
}

static int
on_fd(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	ck_assert_int_ne(m->fd, -1);
	if (++nfd % 2 == 1) {
		keptfd = m->fd;
		m->fd = -1;
	}
	return (0);
}

static int
on_short(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)m;
	(void)arg;
	return (0);
}

static int
on_no(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)m;
	(void)arg;
	return (-1);
}

static int
on_close(struct chan *c, struct msg *m, void *arg)
{
	(void)m;
	(void)arg;
	chan_close(c, "as asked");
	/* Never from inside a call. */
	ck_assert_int_eq(ngone, 0);
	return (0);
}

static const struct chan_rule rules[] = {
	{ T_HELLO, CHAN_HELLO, CHAN_NOFD, 0, 0, on_hello },
	{ T_ANY, CHAN_ANY, CHAN_NOFD, 0, 8, on_any },
	{ T_U32, CHAN_RUN, CHAN_NOFD, 4, 4, on_u32 },
	{ T_FD, CHAN_RUN, CHAN_FD, 0, 0, on_fd },
	{ T_SHORT, CHAN_RUN, CHAN_NOFD, 0, 8, on_short },
	{ T_NO, CHAN_RUN, CHAN_NOFD, 0, 8, on_no },
	{ T_CLOSE, CHAN_RUN, CHAN_NOFD, 0, 0, on_close }
};

static void
on_gone(struct chan *c, const char *text, void *arg)
{
	ck_assert_ptr_eq(c, ch);
	ck_assert_ptr_eq(arg, &why);
	ngone++;
	strlcpy(why, text != NULL ? text : "(closed)", sizeof(why));
}

static void
on_drained(struct chan *c, void *arg)
{
	ck_assert_ptr_eq(c, ch);
	ck_assert_ptr_eq(arg, &why);
	ndrained++;
}

/* Turns the loop until it has nothing more to do. */
static void
turn(void)
{
	int i;

	for (i = 0; i < 50; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static void
setup(uint8_t phase, size_t maxout)
{
	struct chan_conf conf = {
		.name = "peer", .rules = rules, .nrules = nitems(rules),
		.maxout = maxout, .arg = &why, .gone = on_gone
	};
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_ptr_nonnull(base = event_base_new());
	ck_assert_ptr_nonnull(ch = chan_new(base, fds[0], &conf));
	ck_assert_int_eq(chan_get_phase(ch), CHAN_HELLO);
	ck_assert_str_eq(chan_name(ch), "peer");
	ck_assert_int_eq(chan_fileno(ch), fds[0]);
	ck_assert(fcntl(fds[0], F_GETFL) & O_NONBLOCK);
	ck_assert_int_eq(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
	chan_phase(ch, phase);
	fd_nonblock(fds[1]);
	ck_assert_ptr_nonnull(peer = imsgbuf_new(fds[1]));
}

static void
teardown(void)
{
	chan_free(ch);
	imsgbuf_free(peer);
	event_base_free(base);
	ch = NULL;
	peer = NULL;
	ngone = nany = nu32 = nfd = 0;
	why[0] = '\0';
}

static void
say(uint16_t type, size_t len, int fd)
{
	struct wbuf *w = imsgbuf_begin(peer, type, 77);

	while (len-- > 0)
		put_u8(w, 5);
	ck_assert_int_eq(imsgbuf_end(peer, fd), 0);
	ck_assert_int_ne(imsgbuf_flush(peer), -1);
}

/* One message in one phase must end the channel, and tell why. */
static void
must_end(uint8_t phase, uint16_t type, size_t len, int fd, const char *text)
{
	setup(phase, 1000);
	say(type, len, fd);
	/* What comes behind a violation is not looked at. */
	say(T_ANY, 1, -1);
	turn();
	ck_assert_int_eq(ngone, 1);
	ck_assert_msg(strstr(why, text) != NULL, "\"%s\", not \"%s\"", why,
	    text);
	ck_assert_int_eq(nany, 0);
	ck_assert_int_eq(nu32, 0);
	teardown();
}

START_TEST(what_the_table_says_gets_through)
{
	setup(CHAN_HELLO, 1000);
	say(T_HELLO, 0, -1);
	say(T_U32, 4, -1);
	say(T_ANY, 0, -1);
	say(T_ANY, 8, -1);
	turn();
	ck_assert_int_eq(ngone, 0);
	ck_assert_int_eq(nany, 2);
	ck_assert_int_eq(nu32, 1);
	ck_assert_uint_eq(last_u32, 0x05050505);
	ck_assert_uint_eq(last_tag, 77);
	ck_assert_int_eq(chan_get_phase(ch), CHAN_RUN);
	teardown();
}
END_TEST

START_TEST(what_it_does_not_say_ends_it)
{
	must_end(CHAN_RUN, 0x0999, 0, -1, "unknown");
	must_end(CHAN_RUN, 0, 0, -1, "unknown");
	must_end(CHAN_HELLO, T_U32, 4, -1, "phase");
	must_end(CHAN_SETUP, T_U32, 4, -1, "phase");
	must_end(CHAN_HELLO, T_ANY, 0, -1, "phase");
	must_end(CHAN_RUN, T_HELLO, 0, -1, "phase");
	must_end(CHAN_RUN, T_U32, 3, -1, "length");
	must_end(CHAN_RUN, T_U32, 5, -1, "length");
	must_end(CHAN_RUN, T_U32, 0, -1, "length");
	must_end(CHAN_RUN, T_ANY, 9, -1, "length");
	must_end(CHAN_RUN, T_ANY, 100000, -1, "length");
	must_end(CHAN_RUN, T_SHORT, 1, -1, "left over");
	must_end(CHAN_RUN, T_NO, 0, -1, "not allowed");
	must_end(CHAN_RUN, T_FD, 0, -1, "lacks");
	must_end(CHAN_RUN, T_U32, 4, dup(0), "brings");
	must_end(CHAN_RUN, T_CLOSE, 0, -1, "as asked");
}
END_TEST

START_TEST(a_length_is_judged_before_the_payload_is_there)
{
	static const uint8_t header[IMSG_HDRLEN] = {
		0, 0x0f, 0xff, 0xff, T_U32 >> 8, T_U32 & 0xff
	};

	setup(CHAN_RUN, 1000);
	ck_assert_int_eq(write(imsgbuf_fd(peer), header, sizeof(header)),
	    sizeof(header));
	turn();
	ck_assert_int_eq(ngone, 1);
	ck_assert_ptr_nonnull(strstr(why, "length"));
	teardown();
}
END_TEST

START_TEST(bad_framing)
{
	setup(CHAN_RUN, 1000);
	ck_assert_int_eq(write(imsgbuf_fd(peer), "GET / HTTP/1.0\r\n", 16),
	    16);
	turn();
	ck_assert_int_eq(ngone, 1);
	ck_assert_ptr_nonnull(strstr(why, "framing"));
	teardown();
}
END_TEST

START_TEST(a_kept_descriptor_stays_and_another_is_closed)
{
	int fds[2];
	char c;

	setup(CHAN_RUN, 1000);
	ck_assert_int_eq(pipe(fds), 0);
	say(T_FD, 0, dup(fds[1]));	/* kept */
	turn();
	ck_assert_int_eq(nfd, 1);
	ck_assert_int_eq(write(keptfd, "x", 1), 1);
	close(keptfd);
	say(T_FD, 0, fds[1]);		/* not kept */
	turn();
	ck_assert_int_eq(nfd, 2);
	ck_assert_int_eq(read(fds[0], &c, 1), 1);
	ck_assert_int_eq(read(fds[0], &c, 1), 0);
	ck_assert_int_eq(ngone, 0);
	teardown();
}
END_TEST

START_TEST(the_end_of_the_peer_comes_after_its_words)
{
	setup(CHAN_RUN, 1000);
	say(T_ANY, 1, -1);
	say(T_ANY, 2, -1);
	shutdown(imsgbuf_fd(peer), SHUT_WR);
	turn();
	ck_assert_int_eq(nany, 2);
	ck_assert_int_eq(ngone, 1);
	ck_assert_str_eq(why, "(closed)");
	teardown();
}
END_TEST

START_TEST(what_was_said_before_an_end_that_is_known_is_taken_in)
{
	int i;

	setup(CHAN_RUN, 1000);
	/* More than one burst, and an end in the middle of them. */
	for (i = 0; i < 600; i++) {
		(void)imsgbuf_begin(peer, T_ANY, 77);
		ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	}
	say(T_CLOSE, 0, -1);
	say(T_ANY, 1, -1);
	imsgbuf_free(peer);
	peer = NULL;
	chan_drain(ch);
	ck_assert_int_eq(nany, 600);
	ck_assert_int_eq(ngone, 0);
	turn();
	ck_assert_int_eq(ngone, 1);
	ck_assert_str_eq(why, "as asked");
	teardown();

	/* The end itself is for its owner to know; nobody is waited for. */
	setup(CHAN_RUN, 1000);
	say(T_ANY, 1, -1);
	chan_drain(ch);
	chan_drain(ch);
	ck_assert_int_eq(nany, 1);
	turn();
	ck_assert_int_eq(ngone, 0);
	teardown();
}
END_TEST

START_TEST(half_a_message_and_the_end)
{
	setup(CHAN_RUN, 1000);
	ck_assert_int_eq(write(imsgbuf_fd(peer), "\0\0\0", 3), 3);
	turn();
	ck_assert_int_eq(ngone, 0);
	shutdown(imsgbuf_fd(peer), SHUT_WR);
	turn();
	ck_assert_int_eq(ngone, 1);
	teardown();
}
END_TEST

START_TEST(many_messages_in_one_read)
{
	int i;

	setup(CHAN_RUN, 1000);
	for (i = 0; i < 3000; i++)
		put_u32(imsgbuf_begin(peer, T_U32, i), i),
		    imsgbuf_end(peer, -1);
	while (imsgbuf_flush(peer) == 0)
		turn();
	turn();
	ck_assert_int_eq(nu32, 3000);
	ck_assert_uint_eq(last_u32, 2999);
	teardown();
}
END_TEST

START_TEST(sending)
{
	struct imsg m;
	struct cursor c;
	int i;

	setup(CHAN_RUN, 100000);
	chan_on_drained(ch, on_drained);
	for (i = 0; i < 10; i++) {
		put_u32(chan_begin(ch, 0x500, i), i * 3);
		chan_end(ch);
	}
	chan_send(ch, 0x501, 99);
	chan_begin(ch, 0x502, 0);
	chan_end_fd(ch, dup(0));
	ck_assert_uint_eq(chan_queued(ch), 10 * 16 + 12 + 12);
	turn();
	ck_assert_uint_eq(chan_queued(ch), 0);
	ck_assert_int_ge(ndrained, 1);
	ck_assert_int_gt(imsgbuf_read(peer), 0);
	for (i = 0; i < 10; i++) {
		ck_assert_int_eq(imsgbuf_get(peer, &m), 1);
		ck_assert_uint_eq(m.tag, i);
		cursor_init(&c, m.data, m.len);
		ck_assert_uint_eq(get_u32(&c), i * 3);
	}
	ck_assert_int_eq(imsgbuf_get(peer, &m), 1);
	ck_assert_uint_eq(m.type, 0x501);
	ck_assert_uint_eq(m.tag, 99);
	while (imsgbuf_get(peer, &m) == 0)
		ck_assert_int_gt(imsgbuf_read(peer), 0);
	ck_assert_uint_eq(m.type, 0x502);
	ck_assert_int_ne(m.fd, -1);
	close(m.fd);
	teardown();
}
END_TEST

START_TEST(who_does_not_read_is_ended)
{
	static char big[10000];
	int i;

	setup(CHAN_RUN, 100000);
	for (i = 0; i < 1000 && ngone == 0; i++) {
		put_blob(chan_begin(ch, 0x500, 0), big, sizeof(big));
		chan_end(ch);
		turn();
		ck_assert_uint_lt(chan_queued(ch), 120000);
	}
	ck_assert_int_eq(ngone, 1);
	ck_assert_ptr_nonnull(strstr(why, "does not read"));
	/* To send more is harmless. */
	chan_send(ch, 0x501, 0);
	turn();
	ck_assert_int_eq(ngone, 1);
	teardown();
}
END_TEST

START_TEST(a_paused_channel_does_not_read)
{
	setup(CHAN_RUN, 1000);
	chan_pause(ch, true);
	say(T_ANY, 1, -1);
	turn();
	ck_assert_int_eq(nany, 0);
	chan_pause(ch, false);
	turn();
	ck_assert_int_eq(nany, 1);
	teardown();
}
END_TEST

START_TEST(closing_tells_once_and_later)
{
	setup(CHAN_RUN, 1000);
	say(T_ANY, 1, -1);
	chan_close(ch, "first");
	chan_close(ch, "second");
	ck_assert_int_eq(ngone, 0);
	turn();
	ck_assert_int_eq(ngone, 1);
	ck_assert_str_eq(why, "first");
	ck_assert_int_eq(nany, 0);
	teardown();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_the_table_says_gets_through,
		what_it_does_not_say_ends_it,
		a_length_is_judged_before_the_payload_is_there,
		bad_framing,
		a_kept_descriptor_stays_and_another_is_closed,
		the_end_of_the_peer_comes_after_its_words,
		what_was_said_before_an_end_that_is_known_is_taken_in,
		half_a_message_and_the_end,
		many_messages_in_one_read,
		sending,
		who_does_not_read_is_ended,
		a_paused_channel_does_not_read,
		closing_tells_once_and_later
	};

	return (SUITE_RUN("chan", tests));
}
