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
 * Looking at pidfiles: what is in one is believed only when it is a pid
 * above 1 of a live process, older than the file, that the task's user may
 * signal; the child looks with that user's rights and no others.  And what
 * makes sure afterwards that it is still that process: its start time, and
 * hearing of its end.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/util.h"
#include "../../spawner/kproc.h"
#include "../../spawner/peek.h"
#include "../../spawner/watchpid.h"
#include "suite.h"

#define NOBODY	65534

static char	 dir[] = "/tmp/check_peek.XXXXXX";
static pid_t	 sleeper;	/* a process that lives until tear_down() */

static void
set_up(void)
{
	strlcpy(dir, "/tmp/check_peek.XXXXXX", sizeof(dir));
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chmod(dir, 0777), 0);
	ck_assert_int_eq(chdir(dir), 0);
	if ((sleeper = fork()) == 0)
		for (;;)
			pause();
	ck_assert_int_gt(sleeper, 1);
}

static void
tear_down(void)
{
	static const char *const left[] = { "pid", "d7/pid.7" };
	size_t i;

	kill(sleeper, SIGKILL);
	waitpid(sleeper, NULL, 0);
	for (i = 0; i < nitems(left); i++)
		unlink(left[i]);
	rmdir("d7");
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void
write_file(const char *text)
{
	FILE *f = fopen("pid", "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ne(fputs(text, f), EOF);
	ck_assert_int_eq(fclose(f), 0);
}

static void
write_pid(pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", (int)pid);
	write_file(text);
}

static struct peek_report
peek_as(const struct store_task *t, uint16_t instance)
{
	struct peek p = { .id = 42, .task = t, .instance = instance };
	struct peek_report r;
	int pv[2], status;
	pid_t pid;

	ck_assert_int_eq(pipe(pv), 0);
	pid = peek_start(&p, pv[1]);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(read(pv[0], &r, sizeof(r)), sizeof(r));
	ck_assert_uint_eq(r.id, 42);
	close(pv[0]);
	close(pv[1]);
	return (r);
}

static struct peek_report
peek(void)
{
	struct store_task t = { .pidfile = "pid" };

	return (peek_as(&t, 0));
}

START_TEST(a_live_process_is_found)
{
	struct peek_report r;
	struct kproc k;

	write_pid(sleeper);
	r = peek();
	ck_assert_uint_eq(r.look, LOOK_NONE);
	ck_assert_uint_eq(r.pid, sleeper);
	ck_assert_int_eq(kproc_get(sleeper, &k), 0);
	ck_assert_uint_eq(r.start, k.start);
	ck_assert_int_eq(k.ppid, getpid());
	/* It started a moment ago, by both clocks. */
	ck_assert_int_le(llabs(mono_sub(k.started, mono_now())), 10000);
	ck_assert_int_le(llabs(k.started_wall - wall_now()), 10000);
}
END_TEST

START_TEST(white_space_and_more_lines_are_fine)
{
	char text[64];

	snprintf(text, sizeof(text), " \t%d \n/var/lib\nport 5432\n",
	    (int)sleeper);
	write_file(text);
	ck_assert_uint_eq(peek().look, LOOK_NONE);
	snprintf(text, sizeof(text), "%d", (int)sleeper);
	write_file(text);
	ck_assert_uint_eq(peek().look, LOOK_NONE);
}
END_TEST

START_TEST(garbage_names_no_process)
{
	static const char *const bad[] = {
		"", "\n", "abc", "0", "1", "-1", "-5\n", "+5", "0x10", "5x",
		"5.0", "4294967298", "99999999999999999999999999", "\n5",
		"00000000000000000000000000000000000000000000000000000000001"
	};
	char text[32];
	size_t i;

	for (i = 0; i < nitems(bad); i++) {
		write_file(bad[i]);
		ck_assert_msg(peek().look == LOOK_GARBAGE, "\"%s\"", bad[i]);
		ck_assert_uint_eq(peek().pid, 0);
	}
	snprintf(text, sizeof(text), "%dx", (int)sleeper);
	write_file(text);
	ck_assert_uint_eq(peek().look, LOOK_GARBAGE);
}
END_TEST

/* A reload took it away while the look waited for its turn. */
START_TEST(a_task_without_pidfile_has_no_file)
{
	struct store_task t = { .cwd = dir };

	ck_assert_uint_eq(peek_as(&t, 0).look, LOOK_NO_FILE);
}
END_TEST

START_TEST(odd_files_do_no_harm)
{
	ck_assert_uint_eq(peek().look, LOOK_NO_FILE);
	ck_assert_int_eq(mkfifo("pid", 0666), 0);
	ck_assert_uint_eq(peek().look, LOOK_GARBAGE);
	ck_assert_int_eq(unlink("pid"), 0);
	ck_assert_int_eq(mkdir("pid", 0777), 0);
	ck_assert_uint_eq(peek().look, LOOK_GARBAGE);
	ck_assert_int_eq(rmdir("pid"), 0);
	ck_assert_int_eq(symlink("pid", "pid"), 0);
	ck_assert_uint_eq(peek().look, LOOK_UNREADABLE);
	ck_assert_uint_eq(peek().error, ELOOP);
	ck_assert_int_eq(unlink("pid"), 0);
	ck_assert_int_eq(symlink("/dev/zero", "pid"), 0);
	ck_assert_uint_eq(peek().look, LOOK_GARBAGE);
	ck_assert_int_eq(unlink("pid"), 0);
	/* Huge, but the head is a pid: no more is read. */
	write_pid(sleeper);
	ck_assert_int_eq(truncate("pid", 1LL << 40), 0);
	ck_assert_uint_eq(peek().look, LOOK_NONE);
}
END_TEST

START_TEST(the_dead_are_not_found)
{
	siginfo_t si;
	pid_t pid;

	if ((pid = fork()) == 0)
		_exit(0);
	write_pid(pid);
	/* A zombie first, then nothing at all. */
	ck_assert_int_eq(waitid(P_PID, pid, &si, WEXITED | WNOWAIT), 0);
	ck_assert_uint_eq(peek().look, LOOK_DEAD);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_eq(peek().look, LOOK_DEAD);
	ck_assert_uint_eq(peek().pid, pid);
}
END_TEST

/* A pid that was given again names a process younger than the file. */
START_TEST(the_younger_are_not_found)
{
	struct timeval tv[2];

	write_pid(sleeper);
	gettimeofday(&tv[0], NULL);
	tv[0].tv_sec -= 2;
	tv[1] = tv[0];
	ck_assert_int_eq(utimes("pid", tv), 0);
	ck_assert_uint_eq(peek().look, LOOK_RECYCLED);
	tv[0].tv_sec += 1000;
	tv[1] = tv[0];
	ck_assert_int_eq(utimes("pid", tv), 0);
	ck_assert_uint_eq(peek().look, LOOK_NONE);
}
END_TEST

START_TEST(marks_and_directory_are_the_slot_s)
{
	struct store_task t = { .pidfile = "pid.\001i", .cwd = "d\001i" };

	ck_assert_int_eq(mkdir("d7", 0777), 0);
	write_pid(sleeper);
	ck_assert_int_eq(rename("pid", "d7/pid.7"), 0);
	ck_assert_uint_eq(peek_as(&t, 7).look, LOOK_NONE);
}
END_TEST

/* Of a directory that is not there the start has to tell, not the look. */
START_TEST(a_path_needs_no_directory_that_is_not_there)
{
	char path[64];
	struct store_task t = { .pidfile = "pid.8", .cwd = "d8" };
	struct peek_report r;

	ck_assert_uint_eq(peek_as(&t, 8).look, LOOK_NO_FILE);
	snprintf(path, sizeof(path), "%s/pid", dir);
	t.pidfile = path;
	ck_assert_uint_eq(peek_as(&t, 8).look, LOOK_NO_FILE);
	write_pid(sleeper);
	ck_assert_uint_eq(peek_as(&t, 8).look, LOOK_NONE);
	/* One that nobody can look into is another matter. */
	t.pidfile = "pid.8";
	t.cwd = "loop";
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	r = peek_as(&t, 8);
	ck_assert_int_eq(unlink("loop"), 0);
	ck_assert_uint_eq(r.look, LOOK_ERROR);
	ck_assert_uint_eq(r.error, ELOOP);
}
END_TEST

/* The rights are those of the task's user. */
START_TEST(it_looks_as_the_task_s_user)
{
	gid_t group = NOBODY;
	struct store_task t = { .pidfile = "pid", .setids = true,
	    .uid = NOBODY, .gid = NOBODY, .ngroups = 1, .groups = &group };
	struct peek_report r;

	if (geteuid() != 0)
		return;
	write_pid(sleeper);
	r = peek_as(&t, 0);
	ck_assert_uint_eq(r.look, LOOK_DENIED);
	ck_assert_uint_eq(r.pid, sleeper);
	ck_assert_int_eq(chmod("pid", 0600), 0);
	r = peek_as(&t, 0);
	ck_assert_uint_eq(r.look, LOOK_UNREADABLE);
	ck_assert_uint_eq(r.error, EACCES);
	ck_assert_int_eq(unlink("pid"), 0);
	ck_assert_int_eq(symlink("/etc/shadow", "pid"), 0);
	ck_assert_uint_eq(peek_as(&t, 0).look, LOOK_UNREADABLE);
}
END_TEST

static void
on_gone(void *arg)
{
	*(int *)arg += 1;
}

START_TEST(the_end_of_what_is_watched_is_told)
{
	struct event_base *base = event_base_new();
	struct watchpid *w;
	struct kproc k;
	int n = 0;

	w = watchpid_new(base, sleeper, on_gone, &n);
	if (w == NULL && (errno == ENOTSUP || errno == ENOSYS))
		return;
	ck_assert_ptr_nonnull(w);
	event_base_loop(base, EVLOOP_NONBLOCK);
	ck_assert_int_eq(n, 0);
	if (watchpid_signal(w, SIGKILL) == -1) {
		ck_assert_int_eq(errno, ENOTSUP);
		kill(sleeper, SIGKILL);
	}
	event_base_loop(base, EVLOOP_ONCE);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(waitpid(sleeper, NULL, 0), sleeper);
	ck_assert_int_eq(kproc_get(sleeper, &k), -1);
	ck_assert_int_eq(errno, ESRCH);
	ck_assert_int_eq(watchpid_signal(w, SIGTERM), -1);
	watchpid_free(w);
	/* Nothing to watch where there is nothing. */
	ck_assert_ptr_null(watchpid_new(base, sleeper, on_gone, &n));
	ck_assert_int_eq(errno, ESRCH);
	event_base_free(base);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_live_process_is_found,
		white_space_and_more_lines_are_fine,
		garbage_names_no_process,
		a_task_without_pidfile_has_no_file,
		odd_files_do_no_harm,
		the_dead_are_not_found,
		the_younger_are_not_found,
		marks_and_directory_are_the_slot_s,
		a_path_needs_no_directory_that_is_not_there,
		it_looks_as_the_task_s_user,
		the_end_of_what_is_watched_is_told
	};

	return (SUITE_RUN_WITH("peek", tests, set_up, tear_down));
}
