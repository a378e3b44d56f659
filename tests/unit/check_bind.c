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
 * Sockets, files and locks as root takes them: what is alive or not ours is
 * left alone, what is stale is taken over.
 */

#include <sys/types.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../spawner/bind.h"
#include "../../spawner/pidfile.h"
#include "../../spawner/planstore.h"
#include "../../spawner/privopen.h"
#include "../../spawner/site.h"
#include "suite.h"

static char dir[64], path[PATH_MAX];

static void
set_up(void)
{
	strlcpy(dir, "/tmp/check_bind.XXXXXXXX", sizeof(dir));
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/it", dir);
}

static void
tear_down(void)
{
	unlink(path);
	rmdir(dir);
}

static void
touch(mode_t mode)
{
	int fd;

	ck_assert_int_ne(fd = open(path, O_CREAT | O_WRONLY, mode), -1);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

START_TEST(a_socket_is_private_from_the_start)
{
	struct stat st;
	struct bound b;
	int fd;

	ck_assert_int_ne(fd = bind_unix(path, -1, &b), -1);
	ck_assert_int_eq(lstat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0660);
	bind_remove(path, &b);
	ck_assert_int_eq(lstat(path, &st), -1);
	close(fd);
}
END_TEST

START_TEST(a_live_socket_is_left_alone)
{
	struct bound b, b2;
	int fd;

	ck_assert_int_ne(fd = bind_unix(path, -1, &b), -1);
	ck_assert_int_eq(bind_unix(path, -1, &b2), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	close(fd);
	/* Now it is stale. */
	ck_assert_int_ne(fd = bind_unix(path, -1, &b2), -1);
	close(fd);
}
END_TEST

START_TEST(a_file_is_never_touched)
{
	struct stat st;
	struct bound b;

	touch(0600);
	ck_assert_int_eq(bind_unix(path, -1, &b), -1);
	ck_assert_int_eq(errno, ENOTSOCK);
	ck_assert_int_eq(lstat(path, &st), 0);
}
END_TEST

START_TEST(a_group_comes_and_goes)
{
	gid_t groups[64], other = -1;
	struct stat st;
	struct bound b;
	int fd, i, n;

	/* An ordinary user may give it to the groups it is in. */
	n = getgroups(64, groups);
	for (i = 0; i < n; i++)
		if (groups[i] != getegid())
			other = groups[i];
	if (geteuid() == 0)
		other = 12345;
	if (other == (gid_t)-1)
		return;
	ck_assert_int_ne(fd = bind_unix(path, -1, &b), -1);
	ck_assert_int_eq(bind_regroup(path, &b, other), 0);
	ck_assert_int_eq(lstat(path, &st), 0);
	ck_assert_uint_eq(st.st_gid, other);
	ck_assert_uint_eq(st.st_mode & 07777, 0660);
	ck_assert_int_eq(bind_regroup(path, &b, -1), 0);
	ck_assert_int_eq(lstat(path, &st), 0);
	ck_assert_uint_eq(st.st_gid, b.gid);
	close(fd);
	unlink(path);
	/* What took its name since is not ours to give. */
	touch(0600);
	ck_assert_int_eq(bind_regroup(path, &b, other), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(lstat(path, &st), 0);
	ck_assert_uint_ne(st.st_gid, other);
}
END_TEST

/* What is written over a file does not reach the copy. */
START_TEST(a_copy_stays_as_it_is)
{
	char buf[16];
	int fd, copy;

	ck_assert_int_ne(fd = open(path, O_CREAT | O_RDWR, 0600), -1);
	ck_assert_int_eq(write(fd, "good roles", 10), 10);
	ck_assert_int_ne(copy = privopen_copy(fd, 4), -1);
	ck_assert_int_ne(fcntl(copy, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(pwrite(fd, "evil", 4, 0), 4);
	ck_assert_int_eq(pread(copy, buf, sizeof(buf), 0), 4);
	ck_assert_mem_eq(buf, "good", 4);
	close(copy);
	ck_assert_int_ne(copy = privopen_copy(fd, 1000000), -1);
	ck_assert_int_eq(pread(copy, buf, sizeof(buf), 0), 10);
	ck_assert_mem_eq(buf, "evil roles", 10);
	close(copy);
	close(fd);
	ck_assert_int_eq(privopen_copy(-1, 1), -1);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

/* Another daemon's socket that took the name since is not ours. */
START_TEST(only_our_own_is_removed)
{
	struct bound b, b2;
	struct stat st;
	int fd, fd2;

	ck_assert_int_ne(fd = bind_unix(path, -1, &b), -1);
	unlink(path);
	ck_assert_int_ne(fd2 = bind_unix(path, -1, &b2), -1);
	bind_remove(path, &b);
	ck_assert_int_eq(lstat(path, &st), 0);
	close(fd);
	close(fd2);
}
END_TEST

START_TEST(addresses_are_numbers)
{
	int fd;

	ck_assert_int_ne(fd = bind_tcp("127.0.0.1", 0), -1);
	close(fd);
	ck_assert_int_eq(bind_tcp("localhost", 0), -1);
	ck_assert_int_eq(errno, EAFNOSUPPORT);
}
END_TEST

static struct store_listen
listener(const char *host)
{
	return ((struct store_listen){
		.addr = "www.example:0", .host = host, .timeout_ms = 3000
	});
}

START_TEST(a_name_that_is_lost_keeps_its_socket)
{
	struct store_listen found = listener("127.0.0.1");
	struct store_listen lost = listener(PLAN_NO_ADDRESS);
	struct store_listen moved = listener("127.0.0.2");
	struct site *s, *after;
	char why[SITE_ERROR];
	int fd;

	ck_assert_ptr_nonnull(s = site_new(&lost));
	ck_assert(site_nameless(s));
	ck_assert_int_eq(site_open(s, -1, why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "not found"));
	ck_assert(!site_same_socket(s, &found));
	site_free(s);

	ck_assert_ptr_nonnull(s = site_new(&found));
	ck_assert_int_eq(site_open(s, -1, why, sizeof(why)), 0);
	ck_assert_int_ne(fd = s->fd, -1);
	ck_assert(!site_same_socket(s, &moved));
	ck_assert(site_same(s, &lost));
	/* Even when something else of it is another. */
	lost.timeout_ms = 1;
	ck_assert(!site_same(s, &lost));
	ck_assert(site_same_socket(s, &lost));
	ck_assert_ptr_nonnull(after = site_new(&lost));
	site_move_socket(after, s);
	ck_assert_int_eq(s->fd, -1);
	site_free(s);
	ck_assert_int_eq(after->fd, fd);
	ck_assert(!site_nameless(after));
	ck_assert(site_same_socket(after, &found));
	site_free(after);
}
END_TEST

START_TEST(a_pidfile_names_its_holder)
{
	int fd, status;
	pid_t holder = 0, pid;

	ck_assert_int_ne(fd = pidfile_hold(path, &holder), -1);
	/* A lock is another process's to see. */
	if ((pid = fork()) == 0) {
		if (pidfile_holder(path) != getppid() ||
		    pidfile_hold(path, &holder) != -1 || errno != EEXIST ||
		    holder != getppid())
			_exit(1);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	pidfile_drop(path, fd);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_int_eq(pidfile_holder(path), 0);
}
END_TEST

/* Anybody who can read the file can lock it for reading. */
START_TEST(a_reader_s_lock_holds_nobody_up)
{
	struct flock fl = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int fd, status;
	pid_t holder = 0, pid;

	touch(0644);
	ck_assert_int_ne(fd = open(path, O_RDONLY), -1);
	ck_assert_int_eq(fcntl(fd, F_SETLK, &fl), 0);
	if ((pid = fork()) == 0)
		_exit(pidfile_holder(path) == 0 &&
		    pidfile_hold(path, &holder) != -1 ? 0 : 1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	close(fd);
}
END_TEST

START_TEST(a_stale_pidfile_is_taken_over)
{
	pid_t holder = 0;
	char buf[32] = "", want[32];
	int fd;

	touch(0644);
	ck_assert_int_eq(pidfile_holder(path), 0);
	ck_assert_int_ne(fd = pidfile_hold(path, &holder), -1);
	ck_assert_int_gt(pread(fd, buf, sizeof(buf) - 1, 0), 0);
	snprintf(want, sizeof(want), "%d\n", (int)getpid());
	ck_assert_str_eq(buf, want);
	pidfile_drop(path, fd);
}
END_TEST

/* One that cannot be written, the disk being full, is not left behind. */
START_TEST(an_empty_pidfile_is_not_left)
{
	struct rlimit none = { 0, 0 };
	pid_t holder = 0, pid;
	int status;

	if ((pid = fork()) == 0) {
		signal(SIGXFSZ, SIG_IGN);
		_exit(setrlimit(RLIMIT_FSIZE, &none) == 0 &&
		    pidfile_hold(path, &holder) == -1 && errno == EFBIG &&
		    access(path, F_OK) == -1 ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(files_that_others_can_write_are_refused)
{
	char why[256];
	int fd;

	touch(0644);
	ck_assert_int_ne(fd = privopen_file(path, why, sizeof(why)), -1);
	close(fd);
	ck_assert_int_eq(chmod(path, 0664), 0);
	ck_assert_int_eq(privopen_file(path, why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "chmod go-w"));
	ck_assert_int_eq(chmod(path, 0646), 0);
	ck_assert_int_eq(privopen_file(path, why, sizeof(why)), -1);
	unlink(path);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(privopen_file(path, why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "not a regular file"));
	ck_assert_int_eq(privopen_file(dir, why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "is a directory"));
	if (geteuid() != 0)
		return;
	unlink(path);
	touch(0644);
	ck_assert_int_eq(chown(path, 61234, 61234), 0);
	ck_assert_int_eq(privopen_file(path, why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "owned by uid 61234"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_socket_is_private_from_the_start,
		a_live_socket_is_left_alone,
		a_file_is_never_touched,
		a_group_comes_and_goes,
		a_copy_stays_as_it_is,
		only_our_own_is_removed,
		addresses_are_numbers,
		a_name_that_is_lost_keeps_its_socket,
		a_pidfile_names_its_holder,
		a_reader_s_lock_holds_nobody_up,
		a_stale_pidfile_is_taken_over,
		an_empty_pidfile_is_not_left,
		files_that_others_can_write_are_refused
	};

	return (SUITE_RUN_WITH("bind", tests, set_up, tear_down));
}
