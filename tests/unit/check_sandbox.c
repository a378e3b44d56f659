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
 * Each role in its sandbox: what it must be able to do works, and what it
 * must not do fails or kills.  Each case runs in a child, which is what the
 * sandbox is for.
 */

#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/log.h"
#include "../../common/sandbox.h"
#include "suite.h"

#define WORKED	0
#define FAILED	1	/* was refused with an errno */

/* Runs fn inside of the role's sandbox: its status, as of wait(2). */
static int
confined(enum sandbox_role role, int (*fn)(void))
{
	char active[128];
	int status;
	pid_t pid;

	ck_assert_int_ne(pid = fork(), -1);
	if (pid == 0) {
		log_init("check_sandbox", LOG_TO_STDERR, LOG_LEVEL_QUIET);
		if (sandbox_enter(role, active, sizeof(active)) == -1 ||
		    active[0] == '\0')
			_exit(99);
		_exit(fn());
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(!WIFEXITED(status) || WEXITSTATUS(status) != 99,
	    "the sandbox cannot be entered");
	return (status);
}

static void
expect_works(enum sandbox_role role, int (*fn)(void))
{
	ck_assert_int_eq(confined(role, fn), WORKED);
}

/* Refused in one way or another: an errno or the signal. */
static void
expect_refused(enum sandbox_role role, int (*fn)(void))
{
	int status = confined(role, fn);

	if (WIFSIGNALED(status))
		ck_assert_int_eq(WTERMSIG(status), SIGSYS);
	else
		ck_assert_int_eq(WEXITSTATUS(status), FAILED);
}

static int
nothing(void)
{
	return (WORKED);
}

static int
look_up(void)
{
	struct addrinfo hints = { .ai_flags = AI_CANONNAME }, *ai;
	gid_t groups[256];
	int n = 256;

	if (getpwnam("root") == NULL || getgrgid(0) == NULL ||
	    getpwnam("no-such-user") != NULL)
		return (FAILED);
	if (getgrouplist("root", 0, groups, &n) == -1)
		return (FAILED);
	if (getaddrinfo("localhost", NULL, &hints, &ai) != 0)
		return (FAILED);
	return (WORKED);
}

static int
read_file(void)
{
	char c;
	int fd;

	if ((fd = open("/etc/passwd", O_RDONLY)) == -1)
		return (FAILED);
	return (read(fd, &c, 1) == 1 ? WORKED : FAILED);
}

static int
create_file(void)
{
	return (open("sandbox.test", O_WRONLY | O_CREAT, 0600) == -1 ?
	    FAILED : WORKED);
}

static int
open_for_writing(void)
{
	return (open("/dev/null", O_WRONLY) == -1 ? FAILED : WORKED);
}

static int
make_directory(void)
{
	return (mkdir("sandbox.test", 0700) == -1 ? FAILED : WORKED);
}

static int
execute(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return (FAILED);
}

#ifndef SANITIZERS
static int
make_process(void)
{
	pid_t pid;

	if ((pid = fork()) == 0)
		_exit(0);
	return (pid == -1 ? FAILED : WORKED);
}

static int
signal_another(void)
{
	return (kill(getppid(), 0) == -1 ? FAILED : WORKED);
}
#endif

static int
connect_tcp(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		return (FAILED);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons(9);
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		return (errno == ECONNREFUSED ? WORKED : FAILED);
	return (WORKED);
}

static int
make_unix_socket(void)
{
	return (socket(AF_UNIX, SOCK_STREAM, 0) == -1 ? FAILED : WORKED);
}

/* As httpd does: a connection by a listener from before. */
static int	listener = -1;
static int	client = -1;

static int
accept_and_talk(void)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	char c;
	int fd;

	if ((fd = accept4(listener, (struct sockaddr *)&ss, &len,
	    SOCK_NONBLOCK | SOCK_CLOEXEC)) == -1)
		return (FAILED);
	if (recv(fd, &c, 1, 0) != 1 || send(fd, &c, 1, 0) != 1)
		return (FAILED);
	return (WORKED);
}

static void
make_listener(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ne(listener = socket(AF_INET, SOCK_STREAM, 0), -1);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&sin,
	    sizeof(sin)), 0);
	ck_assert_int_eq(listen(listener, 5), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&sin,
	    &len), 0);
	ck_assert_int_ne(client = socket(AF_INET, SOCK_STREAM, 0), -1);
	ck_assert_int_eq(connect(client, (struct sockaddr *)&sin,
	    sizeof(sin)), 0);
	ck_assert_int_eq(write(client, "x", 1), 1);
}

#define EACH_ROLE(r) \
	for ((r) = SANDBOX_LOADER; (r) <= SANDBOX_HTTPD; (r)++)

START_TEST(can_be_entered)
{
	int r;

	EACH_ROLE(r)
		expect_works(r, nothing);
}
END_TEST

START_TEST(loader_looks_up_users_and_hosts)
{
	expect_works(SANDBOX_LOADER, look_up);
}
END_TEST

START_TEST(files_are_read_by_those_who_need_it)
{
	expect_works(SANDBOX_LOADER, read_file);
	expect_works(SANDBOX_MONITOR, read_file);
	expect_refused(SANDBOX_HTTPD, read_file);
}
END_TEST

START_TEST(nobody_writes_files)
{
	int r;

	EACH_ROLE(r) {
		expect_refused(r, create_file);
		expect_refused(r, open_for_writing);
		expect_refused(r, make_directory);
	}
}
END_TEST

START_TEST(nobody_makes_processes)
{
	int r;

	EACH_ROLE(r) {
		expect_refused(r, execute);
#ifndef SANITIZERS	/* with them there is no seccomp */
		expect_refused(r, make_process);
		expect_refused(r, signal_another);
#endif
	}
}
END_TEST

START_TEST(nobody_connects)
{
	int r;

	EACH_ROLE(r) {
		expect_refused(r, connect_tcp);
	}
	/* The loader asks name-service daemons; the others nobody. */
	expect_works(SANDBOX_LOADER, make_unix_socket);
#ifndef SANITIZERS
	expect_refused(SANDBOX_MONITOR, make_unix_socket);
	expect_refused(SANDBOX_HTTPD, make_unix_socket);
#endif
}
END_TEST

START_TEST(servers_accept)
{
	make_listener();
	expect_works(SANDBOX_HTTPD, accept_and_talk);
	close(listener);
	close(client);
	make_listener();
	expect_works(SANDBOX_MONITOR, accept_and_talk);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		can_be_entered,
		loader_looks_up_users_and_hosts,
		files_are_read_by_those_who_need_it,
		nobody_writes_files,
		nobody_makes_processes,
		nobody_connects,
		servers_accept,
	};

	return (SUITE_RUN("sandbox", tests));
}
