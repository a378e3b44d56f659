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
 * The modules of Python scripts: what an interpreter may say, and do, that
 * somebody else has written; and what is asked of the spawner for it.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/ipc.h"
#include "../../common/util.h"
#include "../../monitor/pymod.h"
#include "suite.h"

#define EXIT(n)		((n) << 8)	/* as wait(2) has it */

/* The spawner: what it was asked for. */
static uint32_t		 tags[64];
static size_t		 ntags;
static uint64_t		 killed[64];
static size_t		 nkilled;

static struct monitor	 m;
static struct pymods	*all;

static int
on_asked(struct chan *c, struct msg *msg, void *arg)
{
	struct run_req	 r;

	(void)c;
	(void)arg;
	ck_assert_uint_lt(ntags, nitems(tags));
	ck_assert_int_eq(get_run_req(&msg->body, &r), 0);
	ck_assert_uint_eq(r.gen, m.now.begin.gen);
	ck_assert_uint_eq(r.id, 0);
	ck_assert_uint_ne(msg->tag & PYMOD_TAG, 0);
	tags[ntags++] = msg->tag;
	return (0);
}

static int
on_signal(struct chan *c, struct msg *msg, void *arg)
{
	struct signal_req	 r;

	(void)c;
	(void)arg;
	ck_assert_int_eq(get_signal_req(&msg->body, &r), 0);
	ck_assert_int_eq(r.sig, SIGKILL);
	killed[nkilled++] = r.id;
	return (0);
}

static const struct chan_rule spawner_rules[] = {
	{ R_OUTPUT, CHAN_RUN, CHAN_NOFD, RUN_REQ_LEN, RUN_REQ_LEN, on_asked },
	{ R_SIGNAL, CHAN_RUN, CHAN_NOFD, SIGNAL_REQ_LEN, SIGNAL_REQ_LEN,
	    on_signal }
};

static void
on_gone(struct chan *c, const char *why, void *arg)
{
	(void)c;
	(void)arg;
	ck_abort_msg("the channel ended: %s", why != NULL ? why : "closed");
}

static struct chan *
end_of_chan(int fd, const struct chan_rule *rules, size_t n)
{
	struct chan_conf	 conf = {
		.name = "peer", .rules = rules, .nrules = n,
		.maxout = 65536, .gone = on_gone
	};
	struct chan		*c;

	c = chan_new(m.base, fd, &conf);
	ck_assert_ptr_nonnull(c);
	chan_phase(c, CHAN_RUN);
	return (c);
}

static void
set_up(void)
{
	int	 sv[2];

	memset(&m, 0, sizeof(m));
	m.base = event_base_new();
	m.now.begin.gen = 3;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	m.spawner = end_of_chan(sv[0], spawner_rules, 0);
	(void)end_of_chan(sv[1], spawner_rules, nitems(spawner_rules));
	all = pymods_new(&m);
}

static void
turn(void)
{
	int	 i;

	for (i = 0; i < 5; i++)
		event_base_loop(m.base, EVLOOP_NONBLOCK);
}

/* What was told of a script. */
struct answer {
	unsigned int	 times;
	uint32_t	 n;
	char		*names[5000];
	const char	*failure;
};

static void
on_done(void *arg, char **names, uint32_t n, const char *failure)
{
	struct answer	*a = arg;
	uint32_t	 i;

	a->times++;
	a->failure = failure;
	a->n = n;
	for (i = 0; i < n; i++)
		a->names[i] = xstrdup(names[i]);
}

/* Asks; the end of the pipe that the interpreter writes to. */
static int
start(struct answer *a, struct pymod **p)
{
	int	 pv[2];
	size_t	 n = ntags;

	memset(a, 0, sizeof(*a));
	*p = pymod_start(all, 7, 2, on_done, a);
	turn();
	ck_assert_uint_eq(ntags, n + 1);
	ck_assert_int_eq(pipe2(pv, O_NONBLOCK), 0);
	pymod_output(all, tags[n], pv[0]);
	pymod_spawned(all, tags[n], 100 + n);
	return (pv[1]);
}

/* What of it was taken. */
static size_t
say(int fd, const void *p, size_t len)
{
	const char	*text = p;
	size_t		 off = 0;
	ssize_t		 n;

	while (off < len) {
		if ((n = write(fd, text + off, len - off)) == -1) {
			if (errno != EAGAIN)
				break;
			turn();
			continue;
		}
		off += n;
	}
	turn();
	return (off);
}

static void
say_and_exit(int fd, const void *p, size_t len)
{
	ck_assert_uint_eq(say(fd, p, len), len);
	close(fd);
	ck_assert(pymod_exited(all, 100 + ntags - 1, 0));
	turn();
}

static const struct {
	const char	*said;
	size_t		 len;
	const char	*taken[4];
} outputs[] = {
#define SAYS(s)	(s), sizeof(s) - 1
	{ SAYS(""), { NULL } },
	{ SAYS("/b\0/a\0/b\0/c\0"), { "/a", "/b", "/c" } },
	{ SAYS("/a\0/b"), { "/a" } },
	{ SAYS("/a"), { NULL } },
	{ SAYS("\0\0\0/a\0\0"), { "/a" } },
	{ SAYS("a\0./a\0../a\0 /a\0\0"), { NULL } },
	{ SAYS("/a\n/b\0/c\0"), { "/c" } },
	{ SAYS("/a\033[2J\0/\177\0/c\0"), { "/c" } },
	{ SAYS("/a/../../b\0/./c\0"), { "/./c", "/a/../../b" } },
	{ SAYS("/\0//\0"), { "/", "//" } },
	{ SAYS("Traceback (most recent call last):\n  File \"/a\"\n"),
	    { NULL } },
	{ SAYS("/\303\244\0/\377\376\0"), { "/\303\244", "/\377\376" } }
};

START_TEST(what_it_says_is_taken_for_a_list_of_paths)
{
	static struct answer	 a;
	struct pymod		*p;
	uint32_t		 i, n = 0;

	say_and_exit(start(&a, &p), outputs[_i].said, outputs[_i].len);
	ck_assert_uint_eq(a.times, 1);
	ck_assert_ptr_null(a.failure);
	while (n < nitems(outputs[_i].taken) && outputs[_i].taken[n] != NULL)
		n++;
	ck_assert_uint_eq(a.n, n);
	for (i = 0; i < n; i++)
		ck_assert_str_eq(a.names[i], outputs[_i].taken[i]);
	ck_assert_uint_eq(nkilled, 0);
}
END_TEST

/* Each byte by itself is as all of them at once. */
START_TEST(it_may_say_it_slowly)
{
	static const char	 text[] = "/b\0/a\0/b\0";
	static struct answer	 a;
	struct pymod		*p;
	size_t			 i;
	int			 fd;

	fd = start(&a, &p);
	for (i = 0; i < sizeof(text) - 1; i++)
		(void)say(fd, text + i, 1);
	ck_assert(pymod_exited(all, 100, 0));
	turn();
	/* Not before its end: some other may still write. */
	ck_assert_uint_eq(a.times, 0);
	close(fd);
	turn();
	ck_assert_uint_eq(a.times, 1);
	ck_assert_uint_eq(a.n, 2);
}
END_TEST

START_TEST(a_path_may_be_too_long)
{
	static struct answer	 a;
	static char		 text[256 * 1024];
	struct pymod		*p;

	memset(text, 'x', sizeof(text));
	text[0] = text[PATH_MAX] = '/';
	text[PATH_MAX - 1] = '\0';
	/* 4095 bytes, 4096 bytes, and the rest of it. */
	text[PATH_MAX + PATH_MAX] = '\0';
	text[PATH_MAX + PATH_MAX + 1] = '/';
	text[sizeof(text) - 1] = '\0';
	say_and_exit(start(&a, &p), text, sizeof(text));
	ck_assert_ptr_null(a.failure);
	ck_assert_uint_eq(a.n, 1);
	ck_assert_uint_eq(strlen(a.names[0]), PATH_MAX - 1);
}
END_TEST

START_TEST(it_may_have_too_many)
{
	static struct answer	 a;
	static char		 text[512 * 1024];
	struct pymod		*p;
	size_t			 len = 0;
	int			 i;

	for (i = 0; i < 4096; i++)
		len += snprintf(text + len, sizeof(text) - len, "/m/%d", i) +
		    1;
	say_and_exit(start(&a, &p), text, len);
	ck_assert_ptr_null(a.failure);
	ck_assert_uint_eq(a.n, 4096);
	for (i = 0; i < 4096; i++)
		free(a.names[i]);
	len += snprintf(text + len, sizeof(text) - len, "/m/%d", i) + 1;
	say_and_exit(start(&a, &p), text, len);
	ck_assert_ptr_nonnull(a.failure);
	ck_assert_uint_eq(a.n, 0);
}
END_TEST

START_TEST(it_may_say_too_much)
{
	static struct answer	 a;
	static char		 text[4 * 1024 * 1024];
	struct pymod		*p;
	int			 fd;

	memset(text, _i, sizeof(text));
	signal(SIGPIPE, SIG_IGN);
	fd = start(&a, &p);
	ck_assert_uint_lt(say(fd, text, sizeof(text)), 1024 * 1024);
	turn();
	/* It is killed, and waited for. */
	ck_assert_uint_eq(nkilled, 1);
	ck_assert_uint_eq(killed[0], 100);
	ck_assert_uint_eq(a.times, 0);
	ck_assert(pymod_exited(all, 100, SIGKILL));
	ck_assert_uint_eq(a.times, 1);
	ck_assert_str_eq(a.failure, "the interpreter says too much");
}
END_TEST

/* One does not end, one leaves somebody behind who has the pipe. */
START_TEST(it_may_never_end)
{
	static struct answer	 a, b;
	struct pymod		*p, *q;
	int			 fda, fdb;

	fda = start(&a, &p);
	fdb = start(&b, &q);
	(void)say(fda, "/a", 3);
	(void)say(fdb, "/b", 3);
	ck_assert(pymod_exited(all, 101, 0));
	while (nkilled == 0 || b.times == 0)
		event_base_loop(m.base, EVLOOP_ONCE);
	turn();
	ck_assert_uint_eq(nkilled, 1);
	ck_assert_uint_eq(killed[0], 100);
	ck_assert_str_eq(b.failure, "the interpreter takes too long");
	ck_assert_uint_eq(a.times, 0);
	/* Nobody reads it any more. */
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(write(fda, "x", 1), -1);
	ck_assert(pymod_exited(all, 100, SIGKILL));
	ck_assert_uint_eq(a.times, 1);
	ck_assert_str_eq(a.failure, "the interpreter takes too long");
}
END_TEST

START_TEST(it_may_fail)
{
	static struct answer	 a;
	struct pymod		*p;
	int			 fd;

	fd = start(&a, &p);
	(void)say(fd, "/a", 3);
	close(fd);
	ck_assert(pymod_exited(all, 100, EXIT(1)));
	turn();
	ck_assert_uint_eq(a.times, 1);
	ck_assert_str_eq(a.failure, "the interpreter failed on it");
	fd = start(&a, &p);
	close(fd);
	turn();
	ck_assert(pymod_exited(all, 101, SIGSEGV));
	ck_assert_str_eq(a.failure, "the interpreter died of it");
	fd = start(&a, &p);
	ck_assert(pymod_spawnfail(all, 0, 102));
	ck_assert_str_eq(a.failure, "the interpreter cannot be started");
	close(fd);
	memset(&a, 0, sizeof(a));
	(void)pymod_start(all, 7, 2, on_done, &a);
	turn();
	ck_assert(pymod_spawnfail(all, tags[ntags - 1], 0));
	ck_assert_uint_eq(a.times, 1);
	ck_assert_str_eq(a.failure, "the interpreter cannot be started");
	/* Ours, and long over; and one of the scheduler's. */
	ck_assert(pymod_spawnfail(all, tags[0], 0));
	ck_assert(!pymod_spawnfail(all, 5, 0));
	ck_assert(!pymod_exited(all, 100, 0));
	ck_assert(!pymod_exited(all, 0, 0));
}
END_TEST

START_TEST(nobody_may_ask_any_more)
{
	static struct answer	 a;
	struct pymod		*p;
	int			 fd, pv[2];

	fd = start(&a, &p);
	pymod_cancel(p);
	turn();
	ck_assert_uint_eq(nkilled, 1);
	close(fd);
	ck_assert(pymod_exited(all, 100, SIGKILL));
	/* Before the spawner has said which it is. */
	p = pymod_start(all, 7, 2, on_done, &a);
	turn();
	pymod_cancel(p);
	ck_assert_int_eq(pipe(pv), 0);
	pymod_output(all, tags[ntags - 1], pv[0]);
	ck_assert_int_eq(fcntl(pv[0], F_GETFD), -1);
	turn();
	ck_assert_uint_eq(nkilled, 1);
	pymod_spawned(all, tags[ntags - 1], 200);
	turn();
	ck_assert_uint_eq(nkilled, 2);
	ck_assert_uint_eq(killed[1], 200);
	ck_assert(pymod_exited(all, 200, SIGKILL));
	ck_assert_uint_eq(a.times, 0);
	/* A sync: the scheduler hears of those that still run. */
	fd = start(&a, &p);
	pymods_forget(all);
	ck_assert(!pymod_exited(all, 100 + ntags - 1, 0));
	turn();
	ck_assert_uint_eq(a.times, 0);
	ck_assert_uint_eq(nkilled, 2);
	close(fd);
}
END_TEST

START_TEST(a_few_at_a_time)
{
	static struct answer	 a[10];
	uint32_t		 done = 0, i;
	struct pymod		*last = NULL;

	for (i = 0; i < nitems(a); i++)
		last = pymod_start(all, i, 2, on_done, &a[i]);
	turn();
	ck_assert_uint_eq(ntags, 4);
	/* One that waits for its turn was never begun. */
	pymod_cancel(last);
	while (done < nitems(a) - 1) {
		ck_assert(pymod_spawnfail(all, tags[done++], 0));
		turn();
		ck_assert_uint_eq(ntags, done + 4 < nitems(a) ? done + 4 :
		    nitems(a) - 1);
	}
	for (i = 0; i < nitems(a); i++)
		ck_assert_uint_eq(a[i].times, i < nitems(a) - 1);
	/* During a sync nobody would understand. */
	m.syncing = true;
	(void)pymod_start(all, 1, 2, on_done, &a[0]);
	turn();
	ck_assert_uint_eq(ntags, nitems(a) - 1);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		it_may_say_it_slowly,
		a_path_may_be_too_long,
		it_may_have_too_many,
		it_may_never_end,
		it_may_fail,
		nobody_may_ask_any_more,
		a_few_at_a_time
	};
	Suite	*suite = suite_create("pymod");
	TCase	*tc = tcase_create("pymod");
	SRunner	*runner;
	size_t	 i;
	int	 failed;

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, NULL);
	for (i = 0; i < nitems(tests); i++)
		tcase_add_test(tc, tests[i]);
	tcase_add_loop_test(tc, what_it_says_is_taken_for_a_list_of_paths, 0,
	    nitems(outputs));
	/* NULs, newlines, slashes, and what is no text at all. */
	tcase_add_loop_test(tc, it_may_say_too_much, 0, 1);
	tcase_add_loop_test(tc, it_may_say_too_much, '\n', '\n' + 1);
	tcase_add_loop_test(tc, it_may_say_too_much, '/', '/' + 1);
	tcase_add_loop_test(tc, it_may_say_too_much, 0xff, 0x100);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return (failed != 0);
}
