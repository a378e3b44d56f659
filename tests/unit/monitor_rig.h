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
 * The rig of the tests that run the monitor as it is built: the test is its
 * spawner and its clients.  Each test runs in a process of its own.
 */

#ifndef TESTS_UNIT_MONITOR_RIG_H
#define TESTS_UNIT_MONITOR_RIG_H

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
#include "../../common/memfile.h"
#include "../../common/mono.h"
#include "../../common/plan.h"
#include "../../common/run.h"
#include "../../common/util.h"
#include "../../monitor/schedrec.h"

#define PATIENCE_MS	10000

static char		 program[1024];
static pid_t		 pid;
static struct imsgbuf	*spawner;	/* our end of its channel */
static rlim_t		 max_files;	/* of the monitor; 0: as ours */
static uint32_t		 sync_uid;
static void		(*shape)(uint32_t, struct schedrec_task *);
static struct schedrec_plan sync_plan;
static uint8_t		 sync_kind;	/* of the next sync_n() */
static uint32_t		 sync_tag;
static uint8_t		 sync_stale;	/* of what runs */
static uint32_t		 sync_nprocs = UINT32_MAX; /* at most so many run */
static struct imsgbuf	*made[128];	/* all that there are */
static size_t		 nmade;

static inline void
flush(struct imsgbuf *b)
{
	struct mono	 end = mono_add(mono_now(), PATIENCE_MS);
	struct pollfd	 pfd = { imsgbuf_fd(b), POLLOUT, 0 };
	int		 r;

	while ((r = imsgbuf_flush(b)) == 0) {
		ck_assert_int_gt(mono_sub(end, mono_now()), 0);
		poll(&pfd, 1, 100);
	}
	/* Who is told nonsense may be gone before the end of it. */
	ck_assert(r == 1 || errno == EPIPE || errno == ECONNRESET);
}

/* The next message; false: the other end is gone. */
static inline bool
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
static inline void
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

static inline void
empty(struct imsgbuf *b, uint16_t type, uint32_t tag, int fd)
{
	(void)imsgbuf_begin(b, type, tag);
	ck_assert_int_eq(imsgbuf_end(b, fd), 0);
	flush(b);
}

static inline void
end(struct imsgbuf *b)
{
	ck_assert_int_eq(imsgbuf_end(b, -1), 0);
	flush(b);
}

static inline struct imsgbuf *
buf_new(int fd)
{
	struct imsgbuf	*b;

	ck_assert_int_eq(fd_nonblock(fd), 0);
	ck_assert_int_eq(fd_cloexec(fd), 0);
	b = imsgbuf_new(fd);
	ck_assert_ptr_nonnull(b);
	ck_assert_uint_lt(nmade, nitems(made));
	made[nmade++] = b;
	return (b);
}

/* Closes one of them. */
static inline void
hang_up(struct imsgbuf *b)
{
	size_t	 i;

	for (i = 0; made[i] != b; i++)
		;
	made[i] = made[--nmade];
	imsgbuf_free(b);
}

/* Runs it and greets it, up to READY. */
static inline void
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
static inline int
death(void)
{
	struct mono	 until = mono_add(mono_now(), PATIENCE_MS);
	int		 status;

	while (nmade > 0)
		imsgbuf_free(made[--nmade]);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		ck_assert_msg(mono_sub(until, mono_now()) > 0,
		    "the monitor does not end");
		poll(NULL, 0, 5);
	}
	return (status);
}

static inline void
put_sched(uint32_t task, const struct wbuf *rec)
{
	put_plan_sched(imsgbuf_begin(spawner, SYNC_SCHED, 0), task,
	    rec->data, rec->len);
	end(spawner);
}

/*
 * A plan of n wait tasks "t0" ..., which shape() may change, running if asked
 * for.
 */
static inline void
sync_n(uint32_t gen, uint32_t n, bool running)
{
	struct sync_begin	 b = {
		.kind = sync_kind, .gen = gen, .ntasks = n,
		.config_event = true, .load_ok = true, .pid = 77,
		.uid = sync_uid,
		.started_wall = 5, .loaded_wall = 6
	};
	struct schedrec_cmd	 cmd = {
		.name = (char *)(uintptr_t)"start",
		.program = (char *)(uintptr_t)"/bin/true"
	};
	const struct schedrec_task plain = {
		.detail = (char *)(uintptr_t)"",
		.cwd = (char *)(uintptr_t)"",
		.pidfile = (char *)(uintptr_t)"", .count = 1,
		.in_role = true, .stop_timeout_ms = 5000, .ncmds = 1,
		.cmds = &cmd
	};
	struct schedrec_task	 t;
	struct sync_proc	 p = {
		.started = mono_now(), .started_wall = wall_now(),
		.starts = 1
	};
	struct wbuf		 rec = { 0 };
	struct memfile		 doc;
	char			 name[16];
	uint32_t		 i;

	put_sync_begin(imsgbuf_begin(spawner, SYNC_BEGIN, sync_tag), &b);
	end(spawner);
	put_schedrec_plan(&rec, &sync_plan);
	put_sched(NO_INDEX, &rec);
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "t%u", i);
		t = plain;
		t.name = name;
		if (shape != NULL)
			shape(i, &t);
		wbuf_reset(&rec);
		put_schedrec_task(&rec, &t);
		put_sched(i, &rec);
	}
	wbuf_free(&rec);
	for (i = 0; running && i < n && i < sync_nprocs; i++) {
		p.id = 100 + i;
		p.pid = 1000 + i;
		p.task = i;
		p.stale = sync_stale;
		put_sync_proc(imsgbuf_begin(spawner, SYNC_PROC, 0), &p);
		end(spawner);
	}
	if (sync_kind != SYNC_TRIAL) {
		ck_assert_int_eq(memfile_open(&doc, "doc"), 0);
		ck_assert_int_eq(memfile_write(&doc, "{}\n", 3), 0);
		put_u32(imsgbuf_begin(spawner, SYNC_DOC, 0), 3);
		ck_assert_int_eq(imsgbuf_end(spawner, memfile_finish(&doc)),
		    0);
	}
	empty(spawner, SYNC_END, sync_tag, -1);
}

static inline void
greet(struct imsgbuf *b)
{
	struct imsg	 m;

	put_hello(imsgbuf_begin(b, M_HELLO, 0), ROLE_CTL);
	end(b);
	expect(b, M_HELLO, &m, NULL);
}

/* A client by way of the spawner; not greeted yet. */
static inline struct imsgbuf *
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

static inline struct imsgbuf *
client(uint8_t rights)
{
	struct imsgbuf	*b = client_raw(rights);

	greet(b);
	return (b);
}

static inline void
ask_status(struct imsgbuf *b, uint32_t tag, const char *pattern)
{
	struct wbuf	*w = imsgbuf_begin(b, C_STATUS, tag);

	put_u32(w, pattern != NULL ? 1 : 0);
	if (pattern != NULL)
		put_str(w, pattern);
	end(b);
}

/* Reads a whole status answer; the number of its tasks. */
static inline unsigned int
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

static inline void
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

static inline int
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

static inline struct imsgbuf *
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

/* out/tests/check_x and out/libexec/taskforced/monitor; 0, or -1. */
static inline int
rig_init(int argc, char *argv[])
{
	char	*slash;

	sync_uid = geteuid();
	signal(SIGPIPE, SIG_IGN);
	if (argc < 1 || (slash = strrchr(argv[0], '/')) == NULL ||
	    snprintf(program, sizeof(program),
	    "%.*s/../libexec/taskforced/monitor", (int)(slash - argv[0]),
	    argv[0]) >= (int)sizeof(program))
		return (-1);
	return (0);
}

#endif /* TESTS_UNIT_MONITOR_RIG_H */
