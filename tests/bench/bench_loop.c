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
 * The yardstick: a bare loop that does nothing but vfork and exec the same
 * tiny programs, and beside it the daemon, in the same run and in turns, so
 * that a slow moment of the machine hits both.
 *
 *	bench_loop [-k kills] [-n tasks] [-r rounds] [-t tries] tiny file
 *	    program arg ...
 *
 * Measured are, in milliseconds:
 *
 *	start	from just before the program is executed until the last of
 *		all tasks has run its first instruction (tiny notes the time
 *		itself, nobody is woken to look)
 *	again	from kill -9 of a task to its successor's first instruction,
 *		the median of all kills of a round
 *	stop	from SIGTERM until the program, or the loop's children, are
 *		gone
 *
 * Exits 1 when the program is slower than issue 2 allows: 1.5 times the loop
 * plus 20 ms to start, twice the loop to start again, 1.5 times to stop.
 * What else the machine does only ever adds to either side, so the medians of
 * the rounds or the best of all may show it; for what has not been shown there
 * are as many rounds more, tries times in all.  When it still is not, and the
 * loop by itself took half as long again as at its best, the machine was too
 * busy to tell: exit status 77.
 */

#include "../../config.h"

#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAXTASKS	5000
#define MAXROUNDS	50
#define DEADLINE	30	/* s, for anything */
#define REST		300	/* ms between the phases of a round */

static const struct limit {
	const char	*what;
	double		 factor;	/* of what the loop takes */
	double		 plus;		/* ms */
} limits[] = {
	{ "start", 1.5, 20 }, { "again", 2, 0 }, { "stop", 1.5, 0 }
};
#define NLIMITS	(sizeof(limits) / sizeof(limits[0]))

struct record {
	int64_t	 ns;
	int64_t	 pid;
};

/* What one side of one round took, in ns. */
struct result {
	int64_t	 start;
	int64_t	 again;
	int64_t	 stop;
};

extern char	**environ;

static char		*file;
static char		*tiny[3];	/* its argv */
static char		**program;
static long		 ntasks = 1000, nkills = 20, nrounds = 5;
static int		 fd;		/* of file */
static pid_t		 pids[MAXTASKS];	/* of the loop */
static pid_t		 daemon_pid;

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec * 1000000000LL + ts.tv_nsec);
}

static void
rest(long us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&ts, NULL);
}

/* Kills what we started, then fails. */
static void
give_up(const char *why)
{
	long i;

	if (daemon_pid != 0)
		kill(daemon_pid, SIGTERM);
	for (i = 0; i < ntasks; i++)
		if (pids[i] != 0)
			kill(pids[i], SIGKILL);
	errx(3, "%s", why);
}

static pid_t
run(char *const *argv)
{
	pid_t pid;

	if ((pid = vfork()) == 0) {
		execve(argv[0], argv, environ);
		_exit(127);
	}
	if (pid == -1)
		give_up(strerror(errno));
	return (pid);
}

static pid_t
run_tiny(void)
{
	return (run(tiny));
}

/* Waits until n tasks have noted themselves since the file was emptied. */
static void
wait_records(long n)
{
	int64_t until = now() + DEADLINE * 1000000000LL;
	struct stat st;

	for (;;) {
		if (fstat(fd, &st) == -1)
			give_up("fstat");
		if (st.st_size >= (off_t)(n * sizeof(struct record)))
			return;
		if (now() > until)
			give_up("not all tasks were started");
		rest(500);
	}
}

static struct record
record(long i)
{
	struct record r;

	if (pread(fd, &r, sizeof(r), i * sizeof(r)) != sizeof(r))
		give_up("pread");
	return (r);
}

static int64_t
last_start(void)
{
	int64_t last = 0;
	struct record r;
	long i;

	for (i = 0; i < ntasks; i++) {
		r = record(i);
		if (r.ns > last)
			last = r.ns;
	}
	return (last);
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y ? -1 : x > y);
}

static int64_t
median(int64_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return (n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2);
}

static struct result
round_of_loop(void)
{
	int64_t t0, again[MAXTASKS];
	struct result r;
	long i;

	if (ftruncate(fd, 0) == -1)
		err(3, "%s", file);
	t0 = now();
	for (i = 0; i < ntasks; i++)
		pids[i] = run_tiny();
	wait_records(ntasks);
	r.start = last_start() - t0;
	rest(REST * 1000);

	for (i = 0; i < nkills; i++) {
		t0 = now();
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
		pids[i] = run_tiny();
		wait_records(ntasks + i + 1);
		again[i] = record(ntasks + i).ns - t0;
	}
	r.again = median(again, nkills);
	rest(REST * 1000);

	t0 = now();
	for (i = 0; i < ntasks; i++)
		kill(pids[i], SIGTERM);
	for (i = 0; i < ntasks; i++)
		waitpid(pids[i], NULL, 0);
	r.stop = now() - t0;
	memset(pids, 0, sizeof(pids));
	return (r);
}

static struct result
round_of_program(void)
{
	int64_t t0, again[MAXTASKS];
	struct result r;
	long i;
	int status;

	if (ftruncate(fd, 0) == -1)
		err(3, "%s", file);
	t0 = now();
	daemon_pid = run(program);
	wait_records(ntasks);
	r.start = last_start() - t0;
	rest(REST * 1000);

	for (i = 0; i < nkills; i++) {
		t0 = now();
		kill((pid_t)record(i).pid, SIGKILL);
		wait_records(ntasks + i + 1);
		again[i] = record(ntasks + i).ns - t0;
	}
	r.again = median(again, nkills);
	rest(REST * 1000);

	t0 = now();
	kill(daemon_pid, SIGTERM);
	if (waitpid(daemon_pid, &status, 0) == -1)
		give_up("waitpid");
	r.stop = now() - t0;
	daemon_pid = 0;
	if (status != 0)
		give_up("the program did not exit 0");
	return (r);
}

static int64_t
least(const int64_t *v, size_t n)
{
	int64_t best = v[0];
	size_t i;

	for (i = 1; i < n; i++)
		if (v[i] < best)
			best = v[i];
	return (best);
}

static bool
judge(const char *what, const char *how, int64_t loop, int64_t prog,
    const struct limit *m)
{
	double l = loop / 1e6, p = prog / 1e6, limit = m->factor * l + m->plus;

	printf("%-6s %-6s loop %8.2f ms  program %8.2f ms  %5.2f times  "
	    "limit %8.2f ms  %s\n", what, how, l, p, p / l, limit,
	    p <= limit ? "ok" : "too slow");
	return (p <= limit);
}

/* Of n rounds the last are new. */
static bool
shown(const struct limit *m, int64_t *loop, int64_t *prog, long n, long new)
{
	return (judge(m->what, "median", median(loop + n - new, new),
	    median(prog + n - new, new), m) ||
	    judge(m->what, "best", least(loop, n), least(prog, n), m));
}

static long
number(const char *s, long max)
{
	const char *error;
	long n;

	n = strtonum(s, 1, max, &error);
	if (error != NULL)
		errx(2, "%s: %s", s, error);
	return (n);
}

int
main(int argc, char **argv)
{
	int64_t v[2 * NLIMITS][MAXROUNDS];
	struct result loop, prog;
	bool ok = false, met[NLIMITS] = { false };
	long i, n = 0, tries = 1;
	size_t k;
	int ch;

	while ((ch = getopt(argc, argv, "+k:n:r:t:")) != -1) {
		switch (ch) {
		case 'k':
			nkills = number(optarg, MAXTASKS);
			break;
		case 'n':
			ntasks = number(optarg, MAXTASKS);
			break;
		case 'r':
			nrounds = number(optarg, MAXROUNDS);
			break;
		case 't':
			tries = number(optarg, MAXROUNDS);
			break;
		default:
			errx(2, "usage: bench_loop [-k kills] [-n tasks] "
			    "[-r rounds] [-t tries] tiny file program arg "
			    "...");
		}
	}
	argc -= optind;
	argv += optind;
	if (argc < 3 || nkills > ntasks || nrounds * tries > MAXROUNDS)
		errx(2, "usage");
	tiny[0] = argv[0];
	tiny[1] = file = argv[1];
	program = argv + 2;
	if ((fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0666)) == -1)
		err(3, "%s", file);

	for (; tries > 0 && !ok; tries--) {
		for (i = 0; i < nrounds; i++, n++) {
			loop = round_of_loop();
			prog = round_of_program();
			printf("round %ld: loop %.1f %.3f %.1f, program %.1f "
			    "%.3f %.1f\n", n + 1, loop.start / 1e6,
			    loop.again / 1e6, loop.stop / 1e6,
			    prog.start / 1e6, prog.again / 1e6,
			    prog.stop / 1e6);
			fflush(stdout);
			v[0][n] = loop.start, v[1][n] = prog.start;
			v[2][n] = loop.again, v[3][n] = prog.again;
			v[4][n] = loop.stop, v[5][n] = prog.stop;
		}
		ok = true;
		for (k = 0; k < NLIMITS; k++) {
			met[k] = met[k] || shown(&limits[k], v[2 * k],
			    v[2 * k + 1], n, nrounds);
			ok &= met[k];
		}
	}
	if (ok)
		return (0);
	for (k = 0; k < NLIMITS; k++)
		if (median(v[2 * k], n) > least(v[2 * k], n) * 3 / 2) {
			printf("too busy to tell: the loop itself took %.1f "
			    "to %.1f ms to %s\n", v[2 * k][0] / 1e6,
			    v[2 * k][n - 1] / 1e6, limits[k].what);
			return (77);
		}
	return (1);
}
