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
 * A task for tests: says in files what it was started with, and then lives
 * or dies as its options ask.  Linked static, so that starting it is cheap
 * and nothing but our own start-up code has touched the process it reports
 * on.  It reads only its own arguments and environment.
 *
 *	task [-inr] [-a ms] [-d dir] [-f port] [-k signal] [-l ms] [-p file]
 *	    [-s status] [-u file]
 *
 * In dir (or $RUNDIR) it writes NAME.INSTANCE (its pid, put in place whole)
 * and appends "MS start NAME INSTANCE PID" to the file log, where MS is
 * monotonic; on SIGTERM a line "term", before an exit of its own "exit".
 *
 *	-a ms		exit after so long (else never)
 *	-f port		print this TCP port or the next that is free, and exit
 *	-i		ignore SIGTERM
 *	-k signal	with -a: end by this signal
 *	-l ms		on SIGTERM linger so long before exiting
 *	-n		print the monotonic time in ms and exit
 *	-p file		write the pid there too, as daemons do
 *	-r		write NAME.INSTANCE.report: everything about the process
 *	-s status	exit status (with -a and on SIGTERM)
 *	-u file		do not exit until that file is there (but by signals)
 */

#include "../../config.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <netinet/in.h>

#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAXFD	1024

extern char	**environ;

static const char *dir, *name, *instance;
static volatile sig_atomic_t got_term;

static void
on_term(int sig)
{
	(void)sig;
	got_term = 1;
}

static long long
now_ms(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) == -1)
		return (0);
	return (ts.tv_sec * 1000LL + ts.tv_nsec / 1000000);
}

/* -1: not a number. */
static int
number(const char *s)
{
	int n = 0;

	if (*s == '\0')
		return (-1);
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || n > 100000000)
			return (-1);
		n = n * 10 + (*s - '0');
	}
	return (n);
}

/* Of the loopback; 0: none of this and the next thousand. */
static int
free_port(int port)
{
	struct sockaddr_in sin;
	int end = port + 1000, fd, status;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (; port > 0 && port < end && port < 65536; port++) {
		if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
			return (0);
		sin.sin_port = htons((uint16_t)port);
		status = bind(fd, (struct sockaddr *)&sin, sizeof(sin));
		close(fd);
		if (status == 0)
			return (port);
	}
	return (0);
}

static const char *
in_dir(const char *suffix)
{
	static char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", dir, suffix) >=
	    (int)sizeof(path))
		_exit(111);
	return (path);
}

/* One line to the common log, whole: other tasks write to it too. */
static void
note(const char *event)
{
	char line[512];
	mode_t um;
	int fd, len;

	len = snprintf(line, sizeof(line), "%lld %s %s %s %d\n", now_ms(),
	    event, name, instance, (int)getpid());
	um = umask(0);		/* tasks of other users write there too */
	fd = open(in_dir("log"), O_WRONLY | O_CREAT | O_APPEND, 0666);
	umask(um);
	if (fd == -1 || write(fd, line, len) != len)
		_exit(112);
	close(fd);
}

/* A file that is there whole or not at all. */
static FILE *
begin(char *tmp, size_t size)
{
	char suffix[64];
	FILE *f;

	snprintf(suffix, sizeof(suffix), ".tmp.%d", (int)getpid());
	snprintf(tmp, size, "%s", in_dir(suffix));
	if ((f = fopen(tmp, "w")) == NULL)
		_exit(113);
	return (f);
}

static void
finish(FILE *f, const char *tmp, const char *suffix)
{
	char file[300];

	snprintf(file, sizeof(file), "%s.%s%s", name, instance, suffix);
	if (fclose(f) != 0 || rename(tmp, in_dir(file)) == -1)
		_exit(114);
}

static void
report_descriptors(FILE *f, int skip)
{
	char link[64], target[PATH_MAX];
	ssize_t n;
	int fd;

	for (fd = 0; fd < MAXFD; fd++) {
		if (fd == skip || fcntl(fd, F_GETFD) == -1)
			continue;
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		if ((n = readlink(link, target, sizeof(target) - 1)) == -1)
			n = 0;
		target[n] = '\0';
		fprintf(f, "fd %d %s\n", fd, target);
	}
}

/* Ignored, handled and blocked signals; none of each in a fresh process. */
static void
report_signals(FILE *f, const sigset_t *mask)
{
	struct sigaction sa;
	int sig;

	for (sig = 1; sig < NSIG; sig++) {
		if (sigismember(mask, sig) == 1)
			fprintf(f, "blocked %d\n", sig);
		if (sigaction(sig, NULL, &sa) == -1)
			continue;
		if (sa.sa_handler == SIG_IGN)
			fprintf(f, "ignored %d\n", sig);
		else if (sa.sa_handler != SIG_DFL)
			fprintf(f, "handled %d\n", sig);
	}
}

static void
report_limit(FILE *f, const char *what, int resource)
{
	struct rlimit rl;

	if (getrlimit(resource, &rl) == 0)
		fprintf(f, "limit %s %lld %lld\n", what,
		    (long long)rl.rlim_cur, (long long)rl.rlim_max);
}

/* What the kernel says of us, where it says it in this way. */
static void
report_status(FILE *f)
{
	char line[512];
	FILE *status;

	if ((status = fopen("/proc/self/status", "r")) == NULL)
		return;
	while (fgets(line, sizeof(line), status) != NULL)
		fprintf(f, "status %s", line);
	fclose(status);
}

static void
report(int argc, char **argv, const sigset_t *mask)
{
	char tmp[PATH_MAX], cwd[PATH_MAX];
	gid_t groups[256];
	FILE *f;
	mode_t um;
	int i, n;

	f = begin(tmp, sizeof(tmp));
	fprintf(f, "pid %d\nppid %d\nsid %d\npgid %d\n", (int)getpid(),
	    (int)getppid(), (int)getsid(0), (int)getpgrp());
	fprintf(f, "uid %u %u\ngid %u %u\n", (unsigned int)getuid(),
	    (unsigned int)geteuid(), (unsigned int)getgid(),
	    (unsigned int)getegid());
	n = getgroups(256, groups);
	fprintf(f, "groups");
	for (i = 0; i < n; i++)
		fprintf(f, " %u", (unsigned int)groups[i]);
	um = umask(0);
	umask(um);
	fprintf(f, "\numask %03o\n", (unsigned int)um);
	fprintf(f, "cwd %s\n", getcwd(cwd, sizeof(cwd)) == NULL ? "?" : cwd);
	for (i = 0; i < argc; i++)
		fprintf(f, "arg %d %s\n", i, argv[i]);
	for (i = 0; environ[i] != NULL; i++)
		fprintf(f, "env %s\n", environ[i]);
	report_descriptors(f, fileno(f));
	report_signals(f, mask);
	report_limit(f, "core", RLIMIT_CORE);
	report_limit(f, "nofile", RLIMIT_NOFILE);
	report_status(f);
	fprintf(f, "end\n");
	finish(f, tmp, ".report");
}

static void
write_pid(const char *path)
{
	char tmp[PATH_MAX];
	FILE *f;

	if (path != NULL) {
		if ((f = fopen(path, "w")) == NULL)
			_exit(115);
		fprintf(f, "%d\n", (int)getpid());
		fclose(f);
	}
	f = begin(tmp, sizeof(tmp));
	fprintf(f, "%d\n", (int)getpid());
	finish(f, tmp, "");
}

static void
linger(int ms)
{
	long long until = now_ms() + ms, left;

	while ((left = until - now_ms()) > 0)
		poll(NULL, 0, (int)left);
}

static void
wait_until(const char *file)
{
	while (file != NULL && access(file, F_OK) == -1)
		poll(NULL, 0, 10);
}

int
main(int argc, char **argv)
{
	struct sigaction sa;
	sigset_t mask, wait;
	const char *pidfile = NULL, *until = NULL;
	bool ignore = false, want_report = false;
	int after = -1, late = 0, port, sig = 0, status = 0;
	int ch;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	dir = getenv("RUNDIR");
	if ((name = getenv("Task_name")) == NULL)
		name = "none";
	if ((instance = getenv("Task_instance")) == NULL)
		instance = "0";

	while ((ch = getopt(argc, argv, "a:d:f:ik:l:np:rs:u:")) != -1) {
		switch (ch) {
		case 'a':
			after = number(optarg);
			break;
		case 'd':
			dir = optarg;
			break;
		case 'f':
			if ((port = free_port(number(optarg))) == 0)
				return (116);
			printf("%d\n", port);
			return (0);
		case 'i':
			ignore = true;
			break;
		case 'k':
			sig = number(optarg);
			break;
		case 'l':
			late = number(optarg);
			break;
		case 'n':
			printf("%lld\n", now_ms());
			return (0);
		case 'p':
			pidfile = optarg;
			break;
		case 'r':
			want_report = true;
			break;
		case 's':
			status = number(optarg);
			break;
		case 'u':
			until = optarg;
			break;
		default:
			return (110);
		}
	}
	if (dir == NULL)
		return (110);

	/* The report first: whoever sees the pid may read it. */
	if (want_report)
		report(argc, argv, &mask);
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = ignore ? SIG_IGN : on_term;
	sigemptyset(&wait);
	sigaddset(&wait, SIGTERM);
	sigprocmask(SIG_BLOCK, &wait, NULL);
	sigaction(SIGTERM, &sa, NULL);
	note("start");
	write_pid(pidfile);

	if (after >= 0 && ignore) {
		linger(after);
	} else {
		struct timespec ts = { after / 1000,
		    after % 1000 * 1000000L };

		sigdelset(&mask, SIGTERM);
		ppoll(NULL, 0, after >= 0 ? &ts : NULL, &mask);
	}
	if (got_term) {
		note("term");
		linger(late);
	}
	wait_until(until);
	note("exit");
	if (sig != 0)
		kill(getpid(), sig);
	return (status);
}
