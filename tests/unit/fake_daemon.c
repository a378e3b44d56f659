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

/* The child, its socket and the two files that stdout and stderr become. */

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
#include "../../common/ipc.h"
#include "../../common/util.h"
#include "../../ctl/output.h"
#include "fake_daemon.h"

struct fake		 fake;

static char		 dir[64];	/* short: so are paths of sockets */
static struct sockaddr_un sun;
static int		 saved[2];

struct span
fake_span(const char *s)
{
	return ((struct span){ s, strlen(s) });
}

static void
wait_in(struct imsgbuf *ib)
{
	struct pollfd	 pfd = { .fd = imsgbuf_fd(ib), .events = POLLIN };

	poll(&pfd, 1, -1);
}

void
fake_finish(struct imsgbuf *ib)
{
	if (imsgbuf_end(ib, -1) == -1)
		_exit(9);
}

void
fake_say(struct imsgbuf *ib, uint16_t type, uint32_t tag, const char *str)
{
	struct wbuf	*w;

	w = imsgbuf_begin(ib, type, tag);
	if (str != NULL)
		put_str(w, str);
	fake_finish(ib);
}

void
fake_hello(struct imsgbuf *ib)
{
	put_hello(imsgbuf_begin(ib, M_HELLO, 0), ROLE_MONITOR);
	fake_finish(ib);
}

/* Serves one connection after the other for as long as it lives. */
static void
serve(int listener, fake_handler *fn)
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

/* stdout and stderr become files. */
static void
keep_output(void)
{
	char		 path[128];
	int		 fd, i;

	fflush(stdout);
	for (i = 0; i < 2; i++) {
		saved[i] = dup(i + 1);
		snprintf(path, sizeof(path), "%s/%d", dir, i + 1);
		fd = open(path, O_CREAT | O_RDWR | O_TRUNC | O_APPEND,
		    0600);
		ck_assert_int_ne(dup2(fd, i + 1), -1);
		close(fd);
	}
}

void
fake_start(fake_handler *fn)
{
	const char	*tmp;
	int		 listener, ready[2];
	char		 c;

	if ((tmp = getenv("TMPDIR")) == NULL || strlen(tmp) > 40)
		tmp = "/tmp";
	snprintf(dir, sizeof(dir), "%s/tfctl.XXXXXX", tmp);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	sun.sun_family = AF_UNIX;
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/s", dir);
	ck_assert_int_eq(pipe(ready), 0);
	ck_assert_int_ne(fake.pid = fork(), -1);
	if (fake.pid == 0) {
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

	fake.path = sun.sun_path;
	memset(&fake.ctl, 0, sizeof(fake.ctl));
	fake.ctl.socket = sun.sun_path;
	fake.ctl.out = &output_text;
	fake.ctl.wait_ms = 20000;
	fake.ctl.promises = "stdio unix sendfd";
	fake.ctl.deadline = mono_add(mono_now(), 20000);

	keep_output();
}

const char *
fake_output(int fd)
{
	static char	 buf[16384];
	ssize_t		 n;

	fflush(stdout);
	n = pread(fd, buf, sizeof(buf) - 1, 0);
	buf[n < 0 ? 0 : n] = '\0';
	return (buf);
}

void
fake_forget(void)
{
	fflush(stdout);
	fake_expect(ftruncate(1, 0) == 0 && ftruncate(2, 0) == 0, "forget");
}

void
fake_end(void)
{
	char		 path[128];
	int		 i;

	if (fake.pid > 0) {
		kill(fake.pid, SIGKILL);
		waitpid(fake.pid, NULL, 0);
	}
	fflush(stdout);
	for (i = 0; i < 2; i++) {
		dup2(saved[i], i + 1);
		snprintf(path, sizeof(path), "%s/%d", dir, i + 1);
		unlink(path);
	}
	unlink(sun.sun_path);
	rmdir(dir);
}

void
fake_expect(bool ok, const char *what)
{
	char		*out, *err;

	if (ok)
		return;
	out = strdup(fake_output(1));
	err = strdup(fake_output(2));
	fake_end();
	ck_abort_msg("%s\nstdout: %s\nstderr: %s", what, out, err);
}

void
fake_summary(struct imsgbuf *ib, uint32_t tag, enum run_mode mode, uint32_t gen,
    const char *load_error)
{
	static const char *const	 roles[] = { "front", "back" };
	static const char *const	 alerts[] = { "not \"right\"" };
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
	s.version = fake_span("9.8.7");
	s.load_error = fake_span(load_error == NULL ? "" : load_error);
	s.nroles = 2;
	/* Something is wrong with it in that case. */
	s.nalerts = load_error == NULL ? 0 : 1;
	put_answer_summary(imsgbuf_begin(ib, A_SUMMARY, tag), &s, roles,
	    alerts);
	fake_finish(ib);
}

void
fake_task(struct imsgbuf *ib, uint32_t tag, const char *name,
    enum task_state state, enum task_reason reason, const char *detail,
    uint32_t count)
{
	static const char *const	 requires[] = { "db" };
	static const char *const	 roles[] = { "front" };
	struct answer_task		 t;

	memset(&t, 0, sizeof(t));
	t.name = fake_span(name);
	t.count = count;
	t.running = state == STATE_RUNNING ? count : 0;
	t.state = state;
	t.reason = reason;
	t.detail = fake_span(detail);
	t.restarts = 7;
	t.in_scope = true;
	t.nrequires = t.nroles = 1;
	put_answer_task(imsgbuf_begin(ib, A_TASK, tag), &t, requires, roles);
	fake_finish(ib);
}

void
fake_proc(struct imsgbuf *ib, uint32_t tag, uint16_t instance, uint32_t pid)
{
	struct answer_proc	 p;

	memset(&p, 0, sizeof(p));
	p.instance = instance;
	p.started_wall = wall_now();
	p.uptime_ms = 61000 + instance;
	p.starts = 1;
	p.held = pid == FAKE_HELD;
	p.pid = pid == FAKE_HELD ? 0 : pid;
	p.exited = p.pid == 0;
	p.exited_wall = p.started_wall;
	p.status = 3 << 8;
	put_answer_proc(imsgbuf_begin(ib, A_PROC, tag), &p);
	fake_finish(ib);
}

void
fake_why(struct imsgbuf *ib, uint32_t tag, uint16_t depth, const char *name,
    enum task_state state, enum task_reason reason, const char *detail,
    const char *remedy)
{
	struct answer_why	 y;

	memset(&y, 0, sizeof(y));
	y.depth = depth;
	y.name = fake_span(name);
	y.state = state;
	y.reason = reason;
	y.detail = fake_span(detail);
	y.remedy = fake_span(remedy);
	put_answer_why(imsgbuf_begin(ib, A_WHY, tag), &y);
	fake_finish(ib);
}

void
fake_result(struct imsgbuf *ib, uint32_t tag, const char *name,
    enum result_code code, const char *text)
{
	struct answer_result	 r;

	r.name = fake_span(name);
	r.code = code;
	r.text = fake_span(text);
	put_answer_result(imsgbuf_begin(ib, A_RESULT, tag), &r);
	fake_finish(ib);
}

void
fake_change(struct imsgbuf *ib, uint32_t tag, const char *name,
    const uint32_t n[4], const char *why)
{
	struct answer_change	 c;

	memset(&c, 0, sizeof(c));
	c.name = fake_span(name);
	c.added = strcmp(why, "new") == 0;
	c.removed = strcmp(why, "removed") == 0;
	c.kept = n[0];
	c.started = n[1];
	c.stopped = n[2];
	c.restarted = n[3];
	c.why = fake_span(c.added || c.removed ? "" : why);
	put_answer_change(imsgbuf_begin(ib, A_CHANGE, tag), &c);
	fake_finish(ib);
}

void
fake_fail(struct imsgbuf *ib, uint32_t tag, enum fail_code code,
    const char *text)
{
	put_answer_fail(imsgbuf_begin(ib, A_FAIL, tag), code, text);
	fake_finish(ib);
}
