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
 * taskforcectl against daemons made up for the purpose: what it shows, its
 * exit status for every outcome, and that an answer which lies, stops in the
 * middle or never comes neither harms nor holds it.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/client.h"
#include "../../common/imsg.h"
#include "../../common/ipc.h"
#include "../../common/plan.h"
#include "../../common/run.h"
#include "../../common/states.h"
#include "../../common/util.h"
#include "../../ctl/gone.h"
#include "../../ctl/output.h"
#include "suite.h"

/* What the daemon does with each question; runs in a child. */
typedef void handler(struct imsgbuf *, const struct imsg *);

static char		 dir[] = "/tmp/tfctl.XXXXXX";
static struct sockaddr_un sun;
static pid_t		 daemon_pid;
static struct ctl	 ctl;
static int		 saved[2];

static struct span
span(const char *s)
{
	return ((struct span){ s, strlen(s) });
}

static void
wait_in(struct imsgbuf *ib)
{
	struct pollfd	 pfd = { .fd = imsgbuf_fd(ib), .events = POLLIN };

	poll(&pfd, 1, -1);
}

static void
finish(struct imsgbuf *ib)
{
	if (imsgbuf_end(ib, -1) == -1)
		_exit(9);
}

static void
say(struct imsgbuf *ib, uint16_t type, uint32_t tag, const char *str)
{
	struct wbuf	*w;

	w = imsgbuf_begin(ib, type, tag);
	if (str != NULL)
		put_str(w, str);
	finish(ib);
}

static void
say_hello(struct imsgbuf *ib)
{
	put_hello(imsgbuf_begin(ib, M_HELLO, 0), ROLE_MONITOR);
	finish(ib);
}

/* Serves one connection after the other for as long as it lives. */
static void
serve(int listener, handler *fn)
{
	struct imsgbuf	*ib;
	struct imsg	 m;
	int		 fd, got;

	for (;;) {
		if ((fd = accept(listener, NULL, NULL)) == -1 ||
		    fd_nonblock(fd) == -1 || (ib = imsgbuf_new(fd)) == NULL)
			_exit(9);
		for (;;) {
			while ((got = imsgbuf_get(ib, &m)) == 1) {
				fn(ib, &m);
				(void)imsgbuf_flush(ib);
			}
			if (got == -1)
				break;
			wait_in(ib);
			if (imsgbuf_read(ib) == 0)
				break;
		}
		imsgbuf_free(ib);
	}
}

/* Starts the daemon and sets up ctl to speak to it. */
static void
start(handler *fn)
{
	int		 listener, ready[2];
	char		 c;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	sun.sun_family = AF_UNIX;
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/s", dir);
	ck_assert_int_eq(pipe(ready), 0);
	ck_assert_int_ne(daemon_pid = fork(), -1);
	if (daemon_pid == 0) {
		listener = socket(AF_UNIX, SOCK_STREAM, 0);
		if (bind(listener, (struct sockaddr *)&sun, sizeof(sun)) ==
		    -1 || listen(listener, 5) == -1)
			_exit(9);
		close(ready[0]);
		close(ready[1]);
		serve(listener, fn);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &c, 1), 0);
	close(ready[0]);

	memset(&ctl, 0, sizeof(ctl));
	ctl.socket = sun.sun_path;
	ctl.out = &output_text;
	ctl.seconds = 20;
	ctl.deadline = mono_add(mono_now(), 20000);

	/* Where its output goes. */
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		char	 path[128];

		saved[i] = dup(i + 1);
		snprintf(path, sizeof(path), "%s/%d", dir, i + 1);
		int fd = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
		ck_assert_int_ne(dup2(fd, i + 1), -1);
		close(fd);
	}
}

/* What was written to stdout (1) or stderr (2); good until the next call. */
static const char *
output(int fd)
{
	static char	 buf[16384];
	ssize_t		 n;

	fflush(stdout);
	n = pread(fd, buf, sizeof(buf) - 1, 0);
	buf[n < 0 ? 0 : n] = '\0';
	return (buf);
}

static void
end(void)
{
	char		 path[128];

	if (daemon_pid > 0) {
		kill(daemon_pid, SIGKILL);
		waitpid(daemon_pid, NULL, 0);
	}
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		dup2(saved[i], i + 1);
		snprintf(path, sizeof(path), "%s/%d", dir, i + 1);
		unlink(path);
	}
	unlink(sun.sun_path);
	rmdir(dir);
}

/* Compares before stdout is restored; prints what there was if it differs. */
static void
expect(bool ok, const char *what)
{
	char		*out, *err;

	if (ok)
		return;
	out = strdup(output(1));
	err = strdup(output(2));
	end();
	ck_abort_msg("%s\nstdout: %s\nstderr: %s", what, out, err);
}

#define EXPECT(e)	expect((e), #e)
#define EXPECT_OUT(s)	expect(strstr(output(1), (s)) != NULL, "stdout: " s)
#define EXPECT_ERR(s)	expect(strstr(output(2), (s)) != NULL, "stderr: " s)

static void
say_summary(struct imsgbuf *ib, uint32_t tag, enum run_mode mode, uint32_t gen,
    const char *load_error)
{
	static const char *const	 roles[] = { "front", "back" };
	struct answer_summary		 s;

	memset(&s, 0, sizeof(s));
	s.gen = gen;
	s.pid = 4242;
	s.mode = mode;
	s.load_ok = load_error == NULL;
	s.roles_on = true;
	s.loaded_wall = s.started_wall = wall_now() - 5000;
	s.ntasks = 3;
	s.nrunning = 1;
	s.version = span("9.8.7");
	s.load_error = span(load_error == NULL ? "" : load_error);
	s.nroles = 2;
	put_answer_summary(imsgbuf_begin(ib, A_SUMMARY, tag), &s, roles);
	finish(ib);
}

static void
say_task(struct imsgbuf *ib, uint32_t tag, const char *name,
    enum task_state state, enum task_reason reason, const char *detail,
    uint32_t count)
{
	static const char *const	 requires[] = { "db" };
	static const char *const	 roles[] = { "front" };
	struct answer_task		 t;

	memset(&t, 0, sizeof(t));
	t.name = span(name);
	t.count = count;
	t.running = state == STATE_RUNNING ? count : 0;
	t.state = state;
	t.reason = reason;
	t.detail = span(detail);
	t.restarts = 7;
	t.in_scope = true;
	t.nrequires = t.nroles = 1;
	put_answer_task(imsgbuf_begin(ib, A_TASK, tag), &t, requires, roles);
	finish(ib);
}

static void
say_proc(struct imsgbuf *ib, uint32_t tag, uint16_t instance, uint32_t pid)
{
	struct answer_proc	 p;

	memset(&p, 0, sizeof(p));
	p.instance = instance;
	p.pid = pid;
	p.started_wall = wall_now();
	p.uptime_ms = 61000 + instance;
	p.exited = pid == 0;
	p.exited_wall = p.started_wall;
	p.status = 3 << 8;
	put_answer_proc(imsgbuf_begin(ib, A_PROC, tag), &p);
	finish(ib);
}

/* A daemon as it should be: "web" runs twice, "db" waits, "cron" is idle. */
static void
good(struct imsgbuf *ib, const struct imsg *m)
{
	struct cursor	 body;
	struct span	 name;
	uint32_t	 n;

	cursor_init(&body, m->data, m->len);
	switch (m->type) {
	case M_HELLO:
		say_hello(ib);
		break;
	case C_STATUS:
		n = get_u32(&body);
		name = n > 0 ? get_str(&body) : span("all");
		if (!span_is(name, "all") && !span_is(name, "web")) {
			put_answer_fail(imsgbuf_begin(ib, A_FAIL, m->tag),
			    FAIL_NOT_FOUND, "no such task");
			finish(ib);
			break;
		}
		say_summary(ib, m->tag, MODE_RUN, 3, NULL);
		say_task(ib, m->tag, "web", STATE_RUNNING, REASON_NONE, "", 2);
		say_proc(ib, m->tag, 0, 111);
		say_proc(ib, m->tag, 1, 222);
		if (!span_is(name, "web")) {
			say_task(ib, m->tag, "db", STATE_WAITING,
			    REASON_WAITS_FOR, "disk", 1);
			say_proc(ib, m->tag, 0, 0);
			say_task(ib, m->tag, "cron", STATE_IDLE,
			    REASON_WAITS_FOR_EVENT, "", 1);
		}
		say(ib, A_END, m->tag, NULL);
		break;
	case C_VERSION:
		put_blob(imsgbuf_begin(ib, A_CHUNK, m->tag),
		    "monitor 9.8.7\nspawner \033[31m\n", 30);
		finish(ib);
		say(ib, A_END, m->tag, NULL);
		break;
	case C_RELOAD:
		put_blob(imsgbuf_begin(ib, A_CHUNK, m->tag),
		    "c.conf:3:1: odd\n", 16);
		finish(ib);
		say(ib, A_OK, m->tag, "1 task restarted");
		break;
	default:
		_exit(9);
	}
}

START_TEST(status_of_all)
{
	start(good);
	EXPECT(action_status(&ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("TASK  STATE    RUN  PIDS     UPTIME  RESTARTS  ROLES  "
	    "NOTE\n"
	    "web   running  2/2  111,222    1m1s         7  front\n"
	    "db    waiting  0/1  -             -         7  front  "
	    "waits-for: disk\n"
	    "cron  idle     0/1  -             -         7  front  "
	    "waits-for-event\n\n"
	    "taskforced 9.8.7, pid 4242, up 5.");
	EXPECT_OUT(": 1 of 3 tasks running; roles: front,back; "
	    "configuration 3 of ");
	/* No colour: this is no terminal. */
	EXPECT(strchr(output(1), '\033') == NULL);
	end();
}
END_TEST

START_TEST(status_in_detail)
{
	char		 web[] = "web";
	char		*args[] = { web };

	start(good);
	EXPECT(action_status(&ctl, 1, args) == CTL_OK);
	EXPECT_OUT("web: running, 2 of 2 running\n");
	EXPECT_OUT("    requires  db\n");
	EXPECT_OUT("  111 ");
	EXPECT_OUT("  222 ");
	EXPECT(strstr(output(1), "cron") == NULL);
	end();
}
END_TEST

START_TEST(status_of_a_slot)
{
	char		 slot[] = "web:1", none[] = "web:2";
	char		*args[] = { slot }, *bad[] = { none };

	start(good);
	EXPECT(action_status(&ctl, 1, args) == CTL_OK);
	EXPECT_OUT("  222 ");
	EXPECT(strstr(output(1), "  111 ") == NULL);
	EXPECT(action_status(&ctl, 1, bad) == CTL_NOT_FOUND);
	EXPECT_ERR("taskforcectl: web:2: no such slot\n");
	end();
}
END_TEST

START_TEST(status_for_scripts)
{
	start(good);
	ctl.out = &output_plain;
	EXPECT(action_status(&ctl, 0, NULL) == CTL_OK);
	EXPECT(strcmp(output(1),
	    "web\trunning\t2\t2\t111,222\t61\t7\tfront\t-\t-\n"
	    "db\twaiting\t0\t1\t-\t-\t7\tfront\twaits-for\tdisk\n"
	    "cron\tidle\t0\t1\t-\t-\t7\tfront\twaits-for-event\t-\n") == 0);
	end();
}
END_TEST

START_TEST(status_in_json)
{
	start(good);
	ctl.out = &output_json;
	EXPECT(action_status(&ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("\"version\": \"9.8.7\"");
	EXPECT_OUT("\"reason\": \"waits-for\"");
	EXPECT_OUT("\"pid\": 222");
	end();
}
END_TEST

START_TEST(quiet_status_tells_by_exit)
{
	char		 web[] = "web", all[] = "all", none[] = "none";
	char		*args[] = { web }, *args2[] = { all },
			*args3[] = { none };

	start(good);
	ctl.quiet = true;
	ctl.out = &output_none;
	EXPECT(action_status(&ctl, 1, args) == CTL_OK);
	EXPECT(action_status(&ctl, 1, args2) == CTL_NOT_RUNNING);
	EXPECT(action_status(&ctl, 0, NULL) == CTL_NOT_RUNNING);
	EXPECT(action_status(&ctl, 1, args3) == CTL_NOT_FOUND);
	EXPECT(output(1)[0] == '\0' && output(2)[0] == '\0');
	end();
}
END_TEST

START_TEST(version_and_reload)
{
	start(good);
	EXPECT(action_version(&ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("taskforcectl " PACKAGE_VERSION "\nmonitor 9.8.7\n");
	EXPECT_OUT("spawner \\033[31m\n");
	EXPECT(action_reload(&ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("c.conf:3:1: odd\n1 task restarted\n");
	ctl.nowait = true;
	EXPECT(action_reload(&ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("reload initiated\n");
	end();
}
END_TEST

static enum fail_code	 fail_with;

static void
refuses(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO) {
		say_hello(ib);
		return;
	}
	put_answer_fail(imsgbuf_begin(ib, A_FAIL, m->tag), fail_with,
	    "because\tso");
	finish(ib);
}

START_TEST(refusals_have_their_exit_status)
{
	static const enum ctl_exit	 want[FAIL_MAX] = { CTL_FAILED,
	    CTL_FAILED, CTL_USAGE, CTL_NOT_FOUND, CTL_DENIED, CTL_FAILED };

	fail_with = (enum fail_code)_i;
	start(refuses);
	EXPECT(action_reload(&ctl, 0, NULL) == want[_i]);
	EXPECT_ERR("taskforcectl: because?so\n");
	EXPECT(action_stop(&ctl, 0, NULL) == want[_i]);
	EXPECT(action_reset(&ctl, 0, NULL) == want[_i]);
	EXPECT(action_status(&ctl, 0, NULL) == want[_i]);
	EXPECT(action_version(&ctl, 0, NULL) == want[_i]);
	ctl.nowait = true;
	EXPECT(action_reload(&ctl, 0, NULL) == want[_i]);
	end();
}
END_TEST

static void
silent(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO)
		say_hello(ib);
}

static void
mute(struct imsgbuf *ib, const struct imsg *m)
{
	(void)ib;
	(void)m;
}

START_TEST(no_answer_is_a_timeout)
{
	start(_i == 0 ? silent : mute);
	ctl.deadline = mono_add(mono_now(), 100);
	EXPECT(action_status(&ctl, 0, NULL) == CTL_TIMEOUT);
	EXPECT_ERR("did not answer in time");
	end();
}
END_TEST

static void
dies(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO)
		say_hello(ib);
	else
		_exit(0);
}

START_TEST(daemons_that_are_not_there)
{
	start(dies);
	EXPECT(action_status(&ctl, 0, NULL) == CTL_UNREACHABLE);
	EXPECT_ERR("the daemon closed the connection\n");
	/* Now the socket is stale. */
	EXPECT(action_status(&ctl, 0, NULL) == CTL_UNREACHABLE);
	EXPECT_ERR("Connection refused: nothing listens there any more; "
	    "start taskforced");
	unlink(sun.sun_path);
	EXPECT(action_status(&ctl, 0, NULL) == CTL_UNREACHABLE);
	EXPECT_ERR("/s: No such file or directory: start taskforced");
	end();
}
END_TEST

START_TEST(sockets_that_are_not_ours_to_open)
{
	if (geteuid() == 0)
		return;		/* root may open any */
	start(good);
	chmod(sun.sun_path, 0);
	EXPECT(action_status(&ctl, 0, NULL) == CTL_DENIED);
	EXPECT_ERR("Permission denied: become root");
	end();
}
END_TEST

static void
lies(struct imsgbuf *ib, const struct imsg *m)
{
	struct wbuf	*w;

	if (m->type == M_HELLO) {
		say_hello(ib);
		return;
	}
	switch (m->tag) {	/* the number of the question, see below */
	case 1:			/* a process of no task */
		say_summary(ib, m->tag, MODE_RUN, 1, NULL);
		say_proc(ib, m->tag, 0, 1);
		break;
	case 2:
		say_summary(ib, m->tag, MODE_RUN, 1, NULL);
		say_summary(ib, m->tag, MODE_RUN, 1, NULL);
		break;
	case 3:			/* a task that is too short */
		put_u32(imsgbuf_begin(ib, A_TASK, m->tag), 1);
		finish(ib);
		break;
	case 4:			/* a state that is none */
		say_task(ib, m->tag, "x", STATE_MAX, REASON_NONE, "", 1);
		break;
	case 5:			/* no such message */
		say(ib, 0x7777, m->tag, NULL);
		break;
	case 6:			/* an end that goes on */
		say(ib, A_END, m->tag, "more");
		break;
	case 7:			/* a blob longer than its message */
		put_u32(imsgbuf_begin(ib, A_CHUNK, m->tag), UINT32_MAX);
		finish(ib);
		break;
	case 8:			/* a descriptor nobody asked for */
		w = imsgbuf_begin(ib, A_END, m->tag);
		(void)w;
		if (imsgbuf_end(ib, dup(0)) == -1)
			_exit(9);
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

	start(lies);
	EXPECT(conn_open(&c, ctl.socket, ctl.deadline) == CTL_OK);
	c.tag = (uint32_t)_i;
	put_u32(conn_ask(&c, C_STATUS), 0);
	EXPECT(conn_send(&c) == CTL_OK);
	EXPECT(answer_read(&c, c.tag, &a) == CTL_UNREACHABLE);
	EXPECT(strstr(c.error, "the daemon sent ") != NULL);
	answer_free(&a);
	conn_close(&c);
	end();
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
	finish(ib);
}

START_TEST(another_version_of_the_protocol)
{
	start(other_protocol);
	EXPECT(action_status(&ctl, 0, NULL) == CTL_UNREACHABLE);
	EXPECT_ERR("must be of the same version");
	end();
}
END_TEST

/* Says yes, closes, and is gone only a while later. */
static void
stops(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO) {
		say_hello(ib);
		return;
	}
	say(ib, A_OK, m->tag, "exit initiated");
	(void)imsgbuf_flush(ib);
	shutdown(imsgbuf_fd(ib), SHUT_RDWR);
	poll(NULL, 0, 300);
	_exit(0);
}

START_TEST(stop_waits_until_the_daemon_is_gone)
{
	start(stops);
	EXPECT(action_stop(&ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("taskforced has stopped\n");
	EXPECT(waitpid(daemon_pid, NULL, WNOHANG) == daemon_pid);
	daemon_pid = 0;
	end();
}
END_TEST

START_TEST(the_end_is_seen_without_help_of_the_kernel)
{
	struct conn	 c;

	start(stops);
	EXPECT(conn_open(&c, ctl.socket, ctl.deadline) == CTL_OK);
	(void)conn_ask(&c, C_SHUTDOWN);
	EXPECT(conn_send(&c) == CTL_OK);
	EXPECT(gone_wait(&c, -1) == CTL_OK);
	conn_close(&c);
	/* Its socket is closed: all but gone. */
	EXPECT(waitpid(daemon_pid, NULL, 0) == daemon_pid);
	daemon_pid = 0;
	end();
}
END_TEST

static void
stops_never(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO)
		say_hello(ib);
	else
		say(ib, A_OK, m->tag, "exit initiated");
}

START_TEST(stop_that_takes_too_long)
{
	start(stops_never);
	ctl.deadline = mono_add(mono_now(), 150);
	EXPECT(action_stop(&ctl, 0, NULL) == CTL_TIMEOUT);
	EXPECT_ERR("has not stopped within");
	ctl.nowait = true;
	ctl.deadline = mono_add(mono_now(), 20000);
	EXPECT(action_stop(&ctl, 0, NULL) == CTL_OK);
	EXPECT_OUT("exit initiated\n");
	end();
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
		say_hello(ib);
		break;
	case C_STATUS:
		n++;
		say_summary(ib, m->tag, n == 2 ? MODE_RESET : MODE_RUN,
		    n == 3 && new_error == NULL ? 4 : 3,
		    n == 3 ? new_error : NULL);
		say(ib, A_END, m->tag, NULL);
		if (n == 2) {
			put_u64(imsgbuf_begin(ib, A_CHANGED, 0), 1);
			finish(ib);
		}
		break;
	default:
		say(ib, A_OK, m->tag, "reset initiated");
	}
}

START_TEST(reset_waits_until_it_is_done)
{
	new_error = _i == 0 ? NULL : "c.conf:1:1: bad";
	start(resets);
	if (_i == 0) {
		EXPECT(action_reset(&ctl, 0, NULL) == CTL_OK);
		EXPECT_OUT("reset done: configuration 4 is in force\n");
	} else {
		EXPECT(action_reset(&ctl, 0, NULL) == CTL_USAGE);
		EXPECT_ERR("configuration 3 as before");
		EXPECT_ERR("c.conf:1:1: bad\n");
	}
	end();
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
	tcase_add_test(tc, status_of_all);
	tcase_add_test(tc, status_in_detail);
	tcase_add_test(tc, status_of_a_slot);
	tcase_add_test(tc, status_for_scripts);
	tcase_add_test(tc, status_in_json);
	tcase_add_test(tc, quiet_status_tells_by_exit);
	tcase_add_test(tc, version_and_reload);
	tcase_add_loop_test(tc, refusals_have_their_exit_status, 0, FAIL_MAX);
	tcase_add_loop_test(tc, no_answer_is_a_timeout, 0, 2);
	tcase_add_test(tc, daemons_that_are_not_there);
	tcase_add_test(tc, sockets_that_are_not_ours_to_open);
	tcase_add_loop_test(tc, lies_end_the_conversation, 0, 9);
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
