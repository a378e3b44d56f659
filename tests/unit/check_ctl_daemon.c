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
 * taskforcectl against daemons that refuse, lie, hang or die: the exit status
 * for every outcome, and that no answer harms or holds it.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../../common/client.h"
#include "../../common/ipc.h"
#include "../../common/states.h"
#include "../../ctl/gone.h"
#include "../../ctl/output.h"
#include "fake_daemon.h"

static enum fail_code	 fail_with;

static void
refuses(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	put_answer_fail(imsgbuf_begin(ib, A_FAIL, m->tag), fail_with,
	    "because\tso");
	fake_finish(ib);
}

START_TEST(refusals_have_their_exit_status)
{
	static const enum ctl_exit	 want[FAIL_MAX] = { CTL_FAILED,
	    CTL_FAILED, CTL_USAGE, CTL_NOT_FOUND, CTL_DENIED, CTL_FAILED };

	fail_with = (enum fail_code)_i;
	fake_start(refuses);
	EXPECT(action_reload(&fake.ctl, 0, NULL) == want[_i]);
	EXPECT_ERR("taskforcectl: because?so\n");
	EXPECT(action_stop(&fake.ctl, 0, NULL) == want[_i]);
	EXPECT(action_reset(&fake.ctl, 0, NULL) == want[_i]);
	EXPECT(action_status(&fake.ctl, 0, NULL) == want[_i]);
	EXPECT(action_version(&fake.ctl, 0, NULL) == want[_i]);
	fake.ctl.wait_ms = 0;
	EXPECT(action_reload(&fake.ctl, 0, NULL) == want[_i]);
	fake_end();
}
END_TEST

static void
silent(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO)
		fake_hello(ib);
}

static void
mute(struct imsgbuf *ib, const struct imsg *m)
{
	(void)ib;
	(void)m;
}

START_TEST(no_answer_is_a_timeout)
{
	fake_start(_i == 0 ? silent : mute);
	fake.ctl.deadline = mono_add(mono_now(), 100);
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_TIMEOUT);
	EXPECT_ERR("did not answer in time");
	fake_end();
}
END_TEST

static void
dies(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO)
		fake_hello(ib);
	else
		_exit(0);
}

START_TEST(daemons_that_are_not_there)
{
	fake_start(dies);
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_UNREACHABLE);
	EXPECT_ERR("the daemon closed the connection\n");
	/* Now the socket is stale. */
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_UNREACHABLE);
	EXPECT_ERR("Connection refused: nothing listens there any more; "
	    "start taskforced");
	unlink(fake.path);
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_UNREACHABLE);
	EXPECT_ERR("/s: No such file or directory: start taskforced");
	fake_end();
}
END_TEST

START_TEST(sockets_that_are_not_ours_to_open)
{
	if (geteuid() == 0)
		return;		/* root may open any */
	fake_start(silent);
	chmod(fake.path, 0);
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_DENIED);
	EXPECT_ERR("Permission denied: become root");
	fake_end();
}
END_TEST

static void
lies(struct imsgbuf *ib, const struct imsg *m)
{
	struct wbuf	*w;
	int		 n;

	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	switch (m->tag) {	/* the number of the question, see below */
	case 1:			/* a process of no task */
		fake_summary(ib, m->tag, MODE_RUN, 1, NULL);
		fake_proc(ib, m->tag, 0, 1);
		break;
	case 2:
		fake_summary(ib, m->tag, MODE_RUN, 1, NULL);
		fake_summary(ib, m->tag, MODE_RUN, 1, NULL);
		break;
	case 3:			/* a task that is too short */
		put_u32(imsgbuf_begin(ib, A_TASK, m->tag), 1);
		fake_finish(ib);
		break;
	case 4:			/* a state that is none */
		fake_task(ib, m->tag, "x", STATE_MAX, REASON_NONE, "", 1);
		break;
	case 5:			/* no such message */
		fake_say(ib, 0x7777, m->tag, NULL);
		break;
	case 6:			/* an end that goes on */
		fake_say(ib, A_END, m->tag, "more");
		break;
	case 7:			/* a blob longer than its message */
		put_u32(imsgbuf_begin(ib, A_CHUNK, m->tag), UINT32_MAX);
		fake_finish(ib);
		break;
	case 8:			/* a descriptor nobody asked for */
		w = imsgbuf_begin(ib, A_END, m->tag);
		(void)w;
		if (imsgbuf_end(ib, dup(0)) == -1)
			_exit(9);
		break;
	case 9:			/* a chain that begins with its middle */
		fake_why(ib, m->tag, 1, "x", STATE_IDLE, REASON_NONE, "", "");
		break;
	case 10:		/* an outcome that is none */
		fake_result(ib, m->tag, "x", RESULT_MAX, "");
		break;
	case 11:		/* an effect with something behind it */
		put_u64(imsgbuf_begin(ib, A_CHANGE, m->tag), 1);
		fake_finish(ib);
		break;
	case 12:		/* more processes than a task can have */
		fake_summary(ib, m->tag, MODE_RUN, 1, NULL);
		fake_task(ib, m->tag, "x", STATE_IDLE, REASON_NONE, "", 1);
		for (n = 0; n <= LIMIT_INSTANCES; n++)
			fake_proc(ib, m->tag, (uint16_t)n, 1);
		break;
	default:		/* no framing at all */
		(void)send(imsgbuf_fd(ib), "HTTP/1.1 400 Bad Request\r\n\r\n",
		    28, MSG_NOSIGNAL);
	}
}

START_TEST(lies_end_the_conversation)
{
	struct answer	 a;
	struct conn	 c;

	fake_start(lies);
	EXPECT(conn_open(&c, fake.ctl.socket, fake.ctl.deadline) == CTL_OK);
	c.tag = (uint32_t)_i;
	put_u32(conn_ask(&c, C_STATUS), 0);
	EXPECT(conn_send(&c) == CTL_OK);
	EXPECT(answer_read(&c, c.tag, &a) == CTL_UNREACHABLE);
	EXPECT(strstr(c.error, "the daemon sent ") != NULL);
	answer_free(&a);
	conn_close(&c);
	fake_end();
}
END_TEST

static uint16_t	 flood_type;
static uint32_t	 flood_tag;	/* added to that of the question */

/*
 * Does not stop talking, in messages that cost less to write than to read,
 * and is gone when nobody listens any more.
 */
static void
floods(struct imsgbuf *ib, const struct imsg *m)
{
	static char	 piece[100000];
	struct wbuf	 w = { 0 };
	size_t		 len = flood_tag == 0 ? sizeof(piece) : 0;

	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	while (w.len < sizeof(piece)) {
		put_u32(&w, (uint32_t)(IMSG_HDRLEN + 4 + len));
		put_u16(&w, flood_type);
		put_u16(&w, 0);
		put_u32(&w, m->tag + flood_tag);
		put_blob(&w, piece, len);
	}
	(void)fcntl(imsgbuf_fd(ib), F_SETFL, 0);
	while (send(imsgbuf_fd(ib), w.data, w.len, MSG_NOSIGNAL) != -1)
		;
	_exit(0);
}

START_TEST(answers_without_end)
{
	static const struct {
		uint16_t	 type;
		uint32_t	 tag;
		enum ctl_exit	 code;
	} cases[] = {
		{ A_CHUNK, 0, CTL_UNREACHABLE },	/* too much */
		{ A_CHUNK, 1, CTL_TIMEOUT },		/* never to the point */
		{ A_CHANGED, -1U, CTL_TIMEOUT }
	};

	flood_type = cases[_i].type;
	flood_tag = cases[_i].tag;
	fake_start(floods);
	fake.ctl.deadline = mono_add(mono_now(),
	    cases[_i].code == CTL_TIMEOUT ? 500 : 25000);
	EXPECT(action_version(&fake.ctl, 0, NULL) == cases[_i].code);
	fake_end();
}
END_TEST

/* Else one that keeps the socket full could hold us for ever. */
START_TEST(nothing_is_read_after_the_deadline)
{
	struct conn	 c;
	struct imsg	 m;
	struct pollfd	 pfd;

	flood_type = A_CHUNK;
	flood_tag = 1;
	fake_start(floods);
	EXPECT(conn_open(&c, fake.ctl.socket, fake.ctl.deadline) == CTL_OK);
	(void)conn_ask(&c, C_VERSION);
	EXPECT(conn_send(&c) == CTL_OK);
	pfd.fd = imsgbuf_fd(c.ib);
	pfd.events = POLLIN;
	EXPECT(poll(&pfd, 1, 20000) == 1);
	c.deadline = mono_now();
	EXPECT(conn_next(&c, &m) == CTL_TIMEOUT);
	conn_close(&c);
	fake_end();
}
END_TEST

static int	 busy_for;	/* so many answers */

static void
busy(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO)
		fake_hello(ib);
	else if (busy_for-- > 0)
		fake_fail(ib, m->tag, FAIL_BUSY, "ask again");
	else {
		fake_summary(ib, m->tag, MODE_RUN, 1, NULL);
		fake_say(ib, A_END, m->tag, NULL);
	}
}

/* A reload between question and answer is not the caller's business. */
START_TEST(who_is_busy_is_asked_again)
{
	busy_for = _i;
	fake_start(busy);
	EXPECT(action_status(&fake.ctl, 0, NULL) == (_i < 3 ? CTL_OK :
	    CTL_FAILED));
	fake_end();
}
END_TEST

static void
other_protocol(struct imsgbuf *ib, const struct imsg *m)
{
	struct wbuf	*w;

	(void)m;
	w = imsgbuf_begin(ib, M_HELLO, 0);
	put_u32(w, PROTO_MAGIC);
	put_u16(w, PROTO_VERSION + 1);
	put_u8(w, ROLE_MONITOR);
	put_str(w, "99");
	fake_finish(ib);
}

START_TEST(another_version_of_the_protocol)
{
	fake_start(other_protocol);
	EXPECT(action_status(&fake.ctl, 0, NULL) == CTL_UNREACHABLE);
	EXPECT_ERR("must be of the same version");
	fake_end();
}
END_TEST

/* Says yes, closes, and is gone only a while later. */
static void
stops(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	fake_say(ib, A_OK, m->tag, "exit initiated");
	(void)imsgbuf_flush(ib);
	shutdown(imsgbuf_fd(ib), SHUT_RDWR);
	poll(NULL, 0, 300);
	_exit(0);
}

START_TEST(stop_waits_until_the_daemon_is_gone)
{
	fake_start(stops);
	EXPECT(action_stop(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("taskforced has stopped\n");
	EXPECT(waitpid(fake.pid, NULL, WNOHANG) == fake.pid);
	fake.pid = 0;
	fake_end();
}
END_TEST

START_TEST(the_end_is_seen_without_help_of_the_kernel)
{
	struct conn	 c;

	fake_start(stops);
	EXPECT(conn_open(&c, fake.ctl.socket, fake.ctl.deadline) == CTL_OK);
	(void)conn_ask(&c, C_SHUTDOWN);
	EXPECT(conn_send(&c) == CTL_OK);
	EXPECT(gone_wait(&c, -1) == CTL_OK);
	conn_close(&c);
	/* Its socket is closed: all but gone. */
	EXPECT(waitpid(fake.pid, NULL, 0) == fake.pid);
	fake.pid = 0;
	fake_end();
}
END_TEST

static void
stops_never(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO)
		fake_hello(ib);
	else
		fake_say(ib, A_OK, m->tag, "exit initiated");
}

START_TEST(stop_that_takes_too_long)
{
	fake_start(stops_never);
	/* Long enough for the "yes". */
	fake.ctl.deadline = mono_add(mono_now(), 2000);
	EXPECT(action_stop(&fake.ctl, 0, NULL) == CTL_TIMEOUT);
	EXPECT_ERR("has not stopped within 20s");
	fake.ctl.wait_ms = 0;
	fake.ctl.deadline = mono_add(mono_now(), 20000);
	EXPECT(action_stop(&fake.ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("exit initiated\n");
	fake_end();
}
END_TEST

static const char	*new_error;

/* Resets: the third status tells that it is over. */
static void
resets(struct imsgbuf *ib, const struct imsg *m)
{
	static int	 n;

	switch (m->type) {
	case M_HELLO:
		fake_hello(ib);
		break;
	case C_STATUS:
		n++;
		fake_summary(ib, m->tag, n == 2 ? MODE_RESET : MODE_RUN,
		    n == 3 && new_error == NULL ? 4 : 3,
		    n == 3 ? new_error : NULL);
		fake_say(ib, A_END, m->tag, NULL);
		if (n == 2) {
			put_u64(imsgbuf_begin(ib, A_CHANGED, 0), 1);
			fake_finish(ib);
		}
		break;
	default:
		fake_say(ib, A_OK, m->tag, "reset initiated");
	}
}

START_TEST(reset_waits_until_it_is_done)
{
	new_error = _i == 0 ? NULL : "c.conf:1:1: bad";
	fake_start(resets);
	if (_i == 0) {
		EXPECT(action_reset(&fake.ctl, 0, NULL) == CTL_OK);
		EXPECT_OUT("reset done: configuration 4 is in force\n");
	} else {
		EXPECT(action_reset(&fake.ctl, 0, NULL) == CTL_USAGE);
		EXPECT_ERR("configuration 3 as before");
		EXPECT_ERR("c.conf:1:1: bad\n");
	}
	fake_end();
}
END_TEST

int
main(void)
{
	Suite		*suite = suite_create("ctl_daemon");
	TCase		*tc = tcase_create("ctl_daemon");
	SRunner		*runner;
	int		 failed;

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, refusals_have_their_exit_status, 0, FAIL_MAX);
	tcase_add_loop_test(tc, no_answer_is_a_timeout, 0, 2);
	tcase_add_test(tc, daemons_that_are_not_there);
	tcase_add_test(tc, sockets_that_are_not_ours_to_open);
	tcase_add_loop_test(tc, lies_end_the_conversation, 0, 14);
	tcase_add_loop_test(tc, answers_without_end, 0, 3);
	tcase_add_test(tc, nothing_is_read_after_the_deadline);
	tcase_add_loop_test(tc, who_is_busy_is_asked_again, 1, 4);
	tcase_add_test(tc, another_version_of_the_protocol);
	tcase_add_test(tc, stop_waits_until_the_daemon_is_gone);
	tcase_add_test(tc, the_end_is_seen_without_help_of_the_kernel);
	tcase_add_test(tc, stop_that_takes_too_long);
	tcase_add_loop_test(tc, reset_waits_until_it_is_done, 0, 2);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return (failed != 0);
}
