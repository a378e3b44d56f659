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
 * The monitor as it is built, with this test as its spawner and its
 * clients: what it asks of root, what it answers to whom, and that neither
 * garbage nor silence of a client harms it.
 */

#include <sys/types.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
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
#include "../../common/mono.h"
#include "../../common/plan.h"
#include "../../common/run.h"
#include "../../common/util.h"
#include "../../monitor/schedrec.h"
#include "suite.h"

#define PATIENCE_MS	10000

static char		 program[1024];
static pid_t		 pid;
static struct imsgbuf	*spawner;	/* our end of its channel */
static rlim_t		 max_files;	/* of the monitor; 0: as ours */
static uint32_t		 sync_uid;

static void
flush(struct imsgbuf *b)
{
	struct mono	 end = mono_add(mono_now(), PATIENCE_MS);
	struct pollfd	 pfd = { imsgbuf_fd(b), POLLOUT, 0 };
	int		 r;

	while ((r = imsgbuf_flush(b)) == 0) {
		ck_assert_int_gt(mono_sub(end, mono_now()), 0);
		poll(&pfd, 1, 100);
	}
	ck_assert_int_eq(r, 1);
}

/* The next message; false: the other end is gone. */
static bool
get(struct imsgbuf *b, struct imsg *m)
{
	struct mono	 end = mono_add(mono_now(), PATIENCE_MS);
	struct pollfd	 pfd = { imsgbuf_fd(b), POLLIN, 0 };
	ssize_t		 n;

	for (;;) {
		if (imsgbuf_get(b, m) == 1)
			return (true);
		ck_assert_msg(mono_sub(end, mono_now()) > 0, "no message");
		if (poll(&pfd, 1, 100) <= 0)
			continue;
		n = imsgbuf_read(b);
		if (n == 0 || (n == -1 && errno != EAGAIN))
			return (false);
	}
}

/* The next message, which must be of this type; notes are passed over. */
static void
expect(struct imsgbuf *b, uint16_t type, struct imsg *m, struct cursor *c)
{
	do {
		ck_assert_msg(get(b, m), "closed, expected 0x%04x", type);
	} while (m->type == R_NOTE && type != R_NOTE);
	ck_assert_msg(m->type == type, "0x%04x instead of 0x%04x", m->type,
	    type);
	if (c != NULL)
		cursor_init(c, m->data, m->len);
}

static void
empty(struct imsgbuf *b, uint16_t type, uint32_t tag, int fd)
{
	(void)imsgbuf_begin(b, type, tag);
	ck_assert_int_eq(imsgbuf_end(b, fd), 0);
	flush(b);
}

static void
end(struct imsgbuf *b)
{
	ck_assert_int_eq(imsgbuf_end(b, -1), 0);
	flush(b);
}

static struct imsgbuf *
buf_new(int fd)
{
	struct imsgbuf	*b;

	ck_assert_int_eq(fd_nonblock(fd), 0);
	ck_assert_int_eq(fd_cloexec(fd), 0);
	b = imsgbuf_new(fd);
	ck_assert_ptr_nonnull(b);
	return (b);
}

/* Runs it and greets it, up to READY. */
static void
birth(void)
{
	struct rlimit	 rl;
	struct imsg	 m;
	struct cursor	 c;
	struct hello	 h;
	int		 sv[2], null;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	if ((pid = fork()) == 0) {
		if ((null = open("/dev/null", O_RDWR)) == -1 ||
		    dup2(null, 0) == -1 || dup2(null, 1) == -1 ||
		    dup2(null, 2) == -1 || dup2(sv[1], 9) == -1 ||
		    dup2(9, HELPER_FD) == -1)
			_exit(99);
		closefrom(HELPER_FD + 1);
		if (max_files != 0) {
			rl.rlim_cur = rl.rlim_max = max_files;
			if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
				_exit(98);
		}
		execl(program, "monitor", (char *)NULL);
		_exit(97);
	}
	ck_assert_int_gt(pid, 0);
	close(sv[1]);
	spawner = buf_new(sv[0]);
	put_hello(imsgbuf_begin(spawner, M_HELLO, 0), ROLE_SPAWNER);
	end(spawner);
	expect(spawner, M_HELLO, &m, &c);
	ck_assert_int_eq(get_hello(&c, &h), 0);
	ck_assert_int_eq(h.role, ROLE_MONITOR);
	expect(spawner, R_READY, &m, NULL);
}

/* It ends by itself when its channel closes; the exit status. */
static int
death(void)
{
	struct mono	 until = mono_add(mono_now(), PATIENCE_MS);
	int		 status;

	imsgbuf_free(spawner);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		ck_assert_msg(mono_sub(until, mono_now()) > 0,
		    "the monitor does not end");
		poll(NULL, 0, 5);
	}
	return (status);
}

static void
put_sched(uint32_t task, const struct wbuf *rec)
{
	put_plan_sched(imsgbuf_begin(spawner, SYNC_SCHED, 0), task,
	    rec->data, rec->len);
	end(spawner);
}

/* A plan of n wait tasks "t0" ... with "pid" of them running. */
static void
sync_n(uint32_t gen, uint32_t n, bool running)
{
	struct sync_begin	 b = {
		.gen = gen, .ntasks = n, .config_event = true,
		.load_ok = true, .pid = 77, .uid = sync_uid,
		.started_wall = 5, .loaded_wall = 6
	};
	struct schedrec_plan	 plan = { 0 };
	struct schedrec_cmd	 cmd = { .name = (char *)(uintptr_t)"start" };
	struct schedrec_task	 t = {
		.detail = (char *)(uintptr_t)"", .count = 1,
		.in_scope = true, .stop_timeout_ms = 5000, .ncmds = 1,
		.cmds = &cmd
	};
	struct sync_proc	 p = {
		.started = mono_now(), .started_wall = wall_now(),
		.starts = 1
	};
	struct wbuf		 rec = { 0 };
	char			 name[16];
	uint32_t		 i;

	put_sync_begin(imsgbuf_begin(spawner, SYNC_BEGIN, 0), &b);
	end(spawner);
	put_schedrec_plan(&rec, &plan);
	put_sched(NO_INDEX, &rec);
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "t%u", i);
		t.name = name;
		wbuf_reset(&rec);
		put_schedrec_task(&rec, &t);
		put_sched(i, &rec);
	}
	wbuf_free(&rec);
	for (i = 0; running && i < n; i++) {
		p.id = 100 + i;
		p.pid = 1000 + i;
		p.task = i;
		put_sync_proc(imsgbuf_begin(spawner, SYNC_PROC, 0), &p);
		end(spawner);
	}
	put_blob(imsgbuf_begin(spawner, SYNC_DOC, 0), "{}\n", 3);
	end(spawner);
	empty(spawner, SYNC_END, 0, -1);
}

static void
greet(struct imsgbuf *b)
{
	struct imsg	 m;

	put_hello(imsgbuf_begin(b, M_HELLO, 0), ROLE_CTL);
	end(b);
	expect(b, M_HELLO, &m, NULL);
}

/* A client by way of the spawner; not greeted yet. */
static struct imsgbuf *
client_raw(uint8_t rights)
{
	int	 sv[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	put_u8(imsgbuf_begin(spawner, S_CLIENT, 0), rights);
	ck_assert_int_eq(fd_cloexec(sv[1]), 0);
	ck_assert_int_eq(imsgbuf_end(spawner, sv[1]), 0);
	flush(spawner);
	return (buf_new(sv[0]));
}

static struct imsgbuf *
client(uint8_t rights)
{
	struct imsgbuf	*b = client_raw(rights);

	greet(b);
	return (b);
}

static void
ask_status(struct imsgbuf *b, uint32_t tag, const char *pattern)
{
	struct wbuf	*w = imsgbuf_begin(b, C_STATUS, tag);

	put_u32(w, pattern != NULL ? 1 : 0);
	if (pattern != NULL)
		put_str(w, pattern);
	end(b);
}

/* Reads a whole status answer; the number of its tasks. */
static unsigned int
read_status(struct imsgbuf *b, uint32_t tag)
{
	struct answer_task	 t;
	struct answer_summary	 s;
	struct imsg		 m;
	struct cursor		 c;
	unsigned int		 n = 0;

	expect(b, A_SUMMARY, &m, &c);
	ck_assert_int_eq(get_answer_summary(&c, &s), 0);
	ck_assert_uint_eq(s.pid, 77);
	for (;;) {
		ck_assert(get(b, &m));
		ck_assert_uint_eq(m.tag, tag);
		if (m.type == A_END)
			return (n);
		if (m.type == A_PROC)
			continue;
		ck_assert_uint_eq(m.type, A_TASK);
		cursor_init(&c, m.data, m.len);
		ck_assert_int_eq(get_answer_task(&c, &t), 0);
		n++;
	}
}

static void
expect_fail(struct imsgbuf *b, uint32_t tag, enum fail_code code)
{
	struct answer_fail	 f;
	struct imsg		 m;
	struct cursor		 c;

	expect(b, A_FAIL, &m, &c);
	ck_assert_uint_eq(m.tag, tag);
	ck_assert_int_eq(get_answer_fail(&c, &f), 0);
	ck_assert_uint_eq(f.code, code);
}

START_TEST(it_is_born_and_dies_with_its_channel)
{
	birth();
	ck_assert_int_eq(death(), 0);
}
END_TEST

START_TEST(what_is_due_is_asked_for_in_one_go)
{
	struct spawn_req	 q;
	struct imsg		 m;
	struct cursor		 c;
	uint32_t		 i;

	birth();
	sync_n(3, 20, false);
	/* Not one answer is given in between. */
	for (i = 0; i < 20; i++) {
		expect(spawner, R_SPAWN, &m, &c);
		ck_assert_int_eq(get_spawn_req(&c, &q), 0);
		ck_assert_uint_eq(q.gen, 3);
		ck_assert_uint_eq(q.task, i);
		ck_assert_uint_eq(q.instance, 0);
	}
	death();
}
END_TEST

START_TEST(what_runs_is_kept_and_what_exits_is_asked_for)
{
	struct exited	 e = {
		.id = 101, .pid = 1001, .at = mono_now(), .wall = wall_now()
	};
	struct imsg	 m;
	struct cursor	 c;
	struct spawn_req q;

	birth();
	sync_n(1, 3, true);
	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
	expect(spawner, R_SPAWN, &m, &c);
	ck_assert_int_eq(get_spawn_req(&c, &q), 0);
	ck_assert_uint_eq(q.task, 1);
	death();
}
END_TEST

START_TEST(a_shutdown_signals_and_tells)
{
	struct signal_req	 q;
	struct exited		 e = { .at = mono_now() };
	struct imsg		 m;
	struct cursor		 c;
	uint32_t		 i;

	birth();
	sync_n(1, 2, true);
	put_u8(imsgbuf_begin(spawner, S_SHUTDOWN, 0), MODE_STOP);
	end(spawner);
	for (i = 0; i < 2; i++) {
		expect(spawner, R_SIGNAL, &m, &c);
		ck_assert_int_eq(get_signal_req(&c, &q), 0);
		ck_assert_uint_eq(q.sig, SIGTERM);
	}
	for (i = 0; i < 2; i++) {
		e.id = 100 + i;
		e.pid = 1000 + i;
		put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
		end(spawner);
	}
	expect(spawner, R_ALLSTOPPED, &m, &c);
	ck_assert_uint_eq(get_u8(&c), MODE_STOP);
	death();
}
END_TEST

START_TEST(status_by_name_pattern_and_all)
{
	struct imsgbuf	*b;

	birth();
	sync_n(1, 12, true);
	b = client(RIGHT_STATUS);
	ask_status(b, 1, NULL);
	ck_assert_uint_eq(read_status(b, 1), 12);
	ask_status(b, 2, "all");
	ck_assert_uint_eq(read_status(b, 2), 12);
	ask_status(b, 3, "t3");
	ck_assert_uint_eq(read_status(b, 3), 1);
	ask_status(b, 4, "t1*");
	ck_assert_uint_eq(read_status(b, 4), 3);
	ask_status(b, 5, "nobody");
	expect_fail(b, 5, FAIL_NOT_FOUND);
	ask_status(b, 6, "@role");
	expect_fail(b, 6, FAIL_NOT_FOUND);
	death();
}
END_TEST

START_TEST(questions_before_the_first_sync_wait)
{
	struct imsgbuf	*b;

	birth();
	b = client_raw(RIGHT_STATUS);
	put_hello(imsgbuf_begin(b, M_HELLO, 0), ROLE_CTL);
	end(b);
	ask_status(b, 1, NULL);
	sync_n(1, 2, true);
	{
		struct imsg	 m;

		expect(b, M_HELLO, &m, NULL);
	}
	ck_assert_uint_eq(read_status(b, 1), 2);
	death();
}
END_TEST

START_TEST(who_may_see_may_not_change)
{
	static const uint16_t	 types[] = { C_RELOAD, C_SHUTDOWN, C_RESET };
	struct imsgbuf		*b;
	uint32_t		 i;

	birth();
	sync_n(1, 1, true);
	b = client(RIGHT_STATUS);
	for (i = 0; i < nitems(types); i++) {
		empty(b, types[i], i, -1);
		expect_fail(b, i, FAIL_DENIED);
	}
	/* It lives, and nothing of it went to the spawner. */
	ask_status(b, 9, NULL);
	ck_assert_uint_eq(read_status(b, 9), 1);
	empty(client(RIGHT_STATUS | RIGHT_MANAGE), C_RESET, 1, -1);
	{
		struct imsg	 m;
		struct cursor	 c;

		expect(spawner, R_STOPREQ, &m, &c);
		ck_assert_uint_eq(get_u8(&c), MODE_RESET);
	}
	death();
}
END_TEST

START_TEST(a_reload_is_answered_with_what_it_did)
{
	struct loaded	 l = { .ok = false, .gen = 1, .nerrors = 2 };
	struct imsgbuf	*b;
	struct imsg	 m;
	struct cursor	 c;
	struct span	 text;
	uint32_t	 tag;

	birth();
	sync_n(1, 2, true);
	b = client(RIGHT_STATUS | RIGHT_MANAGE);
	empty(b, C_RELOAD, 5, -1);
	expect(spawner, R_RELOAD, &m, NULL);
	tag = m.tag;
	put_plan_err(imsgbuf_begin(spawner, S_LOADERR, 0), PLAN_ERROR,
	    "f:1:2: wrong");
	end(spawner);
	put_plan_err(imsgbuf_begin(spawner, S_LOADERR, 0), PLAN_WARNING,
	    "f:3:4: odd");
	end(spawner);
	put_loaded(imsgbuf_begin(spawner, S_LOADED, tag), &l);
	end(spawner);
	expect(b, A_CHUNK, &m, &c);
	text = get_blob(&c);
	ck_assert(span_is(text, "f:1:2: wrong\nf:3:4: odd\n"));
	expect_fail(b, 5, FAIL_CONFIG);

	/* The failure is shown until a load succeeds. */
	ask_status(b, 6, NULL);
	{
		struct answer_summary	 s;

		expect(b, A_SUMMARY, &m, &c);
		ck_assert_int_eq(get_answer_summary(&c, &s), 0);
		ck_assert(!s.load_ok);
		ck_assert(span_is(s.load_error, "f:1:2: wrong"));
		do {
			ck_assert(get(b, &m));
		} while (m.type != A_END);
	}
	empty(b, C_RELOAD, 7, -1);
	expect(spawner, R_RELOAD, &m, NULL);
	l.ok = true;
	l.gen = 2;
	put_loaded(imsgbuf_begin(spawner, S_LOADED, m.tag), &l);
	end(spawner);
	sync_n(2, 2, true);
	expect(b, A_OK, &m, &c);
	ck_assert_uint_eq(m.tag, 7);
	ck_assert(span_is(get_str(&c), "configuration reloaded: 0 restarted, "
	    "0 started, 0 stopped, 2 kept"));
	death();
}
END_TEST

START_TEST(changed_comes_once_until_asked_again)
{
	struct exited	 e = { .id = 100, .pid = 1000, .at = mono_now() };
	struct imsgbuf	*b;
	struct imsg	 m;

	birth();
	sync_n(1, 3, true);
	b = client(RIGHT_STATUS);
	empty(b, C_SUBSCRIBE, 1, -1);
	expect(b, A_OK, &m, NULL);
	for (; e.id < 102; e.id++) {
		put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
		end(spawner);
	}
	expect(b, A_CHANGED, &m, NULL);
	ask_status(b, 2, NULL);
	ck_assert_uint_eq(read_status(b, 2), 3);
	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
	expect(b, A_CHANGED, &m, NULL);
	death();
}
END_TEST

START_TEST(one_that_does_not_read_is_alone_in_that)
{
	struct imsgbuf	*slow, *quick;
	uint32_t	 i;

	birth();
	sync_n(1, 4000, true);
	slow = client(RIGHT_STATUS);
	quick = client(RIGHT_STATUS);
	for (i = 0; i < 20; i++)
		ask_status(slow, i, NULL);
	for (i = 0; i < 3; i++) {
		ask_status(quick, 50 + i, NULL);
		ck_assert_uint_eq(read_status(quick, 50 + i), 4000);
	}
	for (i = 0; i < 20; i++)
		ck_assert_uint_eq(read_status(slow, i), 4000);
	death();
}
END_TEST

START_TEST(a_reload_amid_an_answer_ends_it)
{
	struct imsgbuf	*slow;
	struct imsg	 m;

	birth();
	sync_n(1, 20000, true);
	slow = client(RIGHT_STATUS);
	ask_status(slow, 1, NULL);
	ask_status(slow, 2, "t1");
	expect(slow, A_SUMMARY, &m, NULL);
	sync_n(2, 3, true);
	do {
		ck_assert(get(slow, &m));
		ck_assert_uint_ne(m.type, A_END);
	} while (m.type != A_FAIL);
	ck_assert_uint_eq(read_status(slow, 2), 1);
	death();
}
END_TEST

/* Whatever a client writes, it harms nobody but itself. */
START_TEST(garbage_of_a_client_ends_that_client)
{
	struct imsgbuf	*b, *good;
	struct imsg	 m;
	char		 junk[600];
	unsigned int	 i, k;

	birth();
	sync_n(1, 1, true);
	good = client(RIGHT_STATUS);
	for (i = 0; i < 40; i++) {
		b = client(RIGHT_STATUS | RIGHT_MANAGE);
		for (k = 0; k < sizeof(junk); k++)
			junk[k] = (i * 2654435761U + k * 40503U) >> (i % 16);
		ck_assert_int_gt(write(imsgbuf_fd(b), junk, sizeof(junk)), 0);
		while (get(b, &m))
			;
		imsgbuf_free(b);
	}
	/* Well framed, and wrong: counts that lie, questions for others. */
	for (i = 0; i < 4; i++) {
		struct wbuf	*w;

		b = client(RIGHT_STATUS);
		switch (i) {
		case 0:
			put_u32(imsgbuf_begin(b, C_STATUS, 1), 0xffffffff);
			break;
		case 1:
			w = imsgbuf_begin(b, C_STATUS, 1);
			put_u32(w, 1);
			put_u16(w, 500);
			break;
		case 2:
			put_u32(imsgbuf_begin(b, R_RELOAD, 1), 1);
			break;
		case 3:
			put_u32(imsgbuf_begin(b, C_VERSION, 1), 1);
			break;
		}
		end(b);
		ck_assert(!get(b, &m));
		imsgbuf_free(b);
	}
	ask_status(good, 9, NULL);
	ck_assert_uint_eq(read_status(good, 9), 1);
	ck_assert_int_eq(death(), 0);
}
END_TEST

START_TEST(nonsense_of_the_spawner_ends_the_monitor)
{
	struct spawned	 s = { .id = 1, .pid = 1, .task = 9 };
	struct imsg	 m;

	birth();
	sync_n(1, 1, true);
	put_spawned(imsgbuf_begin(spawner, S_SPAWNED, 12345), &s);
	end(spawner);
	ck_assert(!get(spawner, &m));
	ck_assert_int_ne(death(), 0);
}
END_TEST

static int
listener(char *path, size_t size)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	int			 fd;

	snprintf(path, size, "%s/mon.%d",
	    getenv("TEST_TMP") != NULL ? getenv("TEST_TMP") : "/tmp",
	    (int)getpid());
	strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
	unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	ck_assert_int_eq(listen(fd, 64), 0);
	ck_assert_int_eq(fd_cloexec(fd), 0);
	return (fd);
}

static struct imsgbuf *
dial(const char *path)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	int			 fd;

	strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&sun, sizeof(sun)),
	    0);
	return (buf_new(fd));
}

START_TEST(the_control_socket_knows_who_asks)
{
	struct imsgbuf	*b;
	struct imsg	 m;
	char		 path[104];

	/* Root may all, and who runs the daemon; here that is another. */
	sync_uid = geteuid() + 1;
	birth();
	empty(spawner, S_CTLSOCK, 0, listener(path, sizeof(path)));
	sync_n(1, 1, true);
	b = dial(path);
	greet(b);
	empty(b, C_RELOAD, 3, -1);
	if (geteuid() == 0)
		expect(spawner, R_RELOAD, &m, NULL);
	else
		expect_fail(b, 3, FAIL_DENIED);
	sync_uid = geteuid();
	sync_n(2, 1, true);
	b = dial(path);
	greet(b);
	empty(b, C_SHUTDOWN, 4, -1);
	expect(b, A_OK, &m, NULL);
	expect(spawner, R_STOPREQ, &m, NULL);
	unlink(path);
	death();
}
END_TEST

START_TEST(a_user_has_so_many_clients_and_no_more)
{
	struct imsgbuf	*b[16], *more;
	struct imsg	 m;
	char		 path[104];
	unsigned int	 i;

	birth();
	empty(spawner, S_CTLSOCK, 0, listener(path, sizeof(path)));
	sync_n(1, 1, true);
	for (i = 0; i < nitems(b); i++) {
		b[i] = dial(path);
		greet(b[i]);
	}
	more = dial(path);
	ck_assert(!get(more, &m));
	/* One goes, one comes. */
	imsgbuf_free(b[3]);
	b[3] = NULL;
	ask_status(b[4], 1, NULL);
	ck_assert_uint_eq(read_status(b[4], 1), 1);
	more = dial(path);
	greet(more);
	unlink(path);
	death();
}
END_TEST

START_TEST(no_descriptor_left_does_not_spin)
{
	struct imsgbuf	*b, *first;
	struct imsg	 m;
	struct rusage	 ru;
	char		 path[104];
	unsigned int	 i, dropped = 0;

	max_files = 16;
	birth();
	empty(spawner, S_CTLSOCK, 0, listener(path, sizeof(path)));
	sync_n(1, 1, true);
	first = dial(path);
	greet(first);
	for (i = 0; i < 40; i++) {
		b = dial(path);
		put_hello(imsgbuf_begin(b, M_HELLO, 0), ROLE_CTL);
		ck_assert_int_eq(imsgbuf_end(b, -1), 0);
		(void)imsgbuf_flush(b);
		if (!get(b, &m))
			dropped++;
	}
	ck_assert_uint_gt(dropped, 0);
	ask_status(first, 1, NULL);
	ck_assert_uint_eq(read_status(first, 1), 1);
	unlink(path);
	death();
	ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &ru), 0);
	ck_assert_int_eq(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec, 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		it_is_born_and_dies_with_its_channel,
		what_is_due_is_asked_for_in_one_go,
		what_runs_is_kept_and_what_exits_is_asked_for,
		a_shutdown_signals_and_tells,
		status_by_name_pattern_and_all,
		questions_before_the_first_sync_wait,
		who_may_see_may_not_change,
		a_reload_is_answered_with_what_it_did,
		changed_comes_once_until_asked_again,
		one_that_does_not_read_is_alone_in_that,
		a_reload_amid_an_answer_ends_it,
		garbage_of_a_client_ends_that_client,
		nonsense_of_the_spawner_ends_the_monitor,
		the_control_socket_knows_who_asks,
		a_user_has_so_many_clients_and_no_more,
		no_descriptor_left_does_not_spin
	};
	char		*slash;

	/* out/tests/check_monitor and out/libexec/taskforced/monitor. */
	if (argc < 1 || (slash = strrchr(argv[0], '/')) == NULL ||
	    snprintf(program, sizeof(program),
	    "%.*s/../libexec/taskforced/monitor", (int)(slash - argv[0]),
	    argv[0]) >= (int)sizeof(program))
		return (2);
	sync_uid = geteuid();
	signal(SIGPIPE, SIG_IGN);
	return (SUITE_RUN("monitor", tests));
}
