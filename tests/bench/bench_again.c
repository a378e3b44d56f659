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
 * How long it takes until a process that was killed runs again, in a daemon
 * that runs already:
 *
 *	bench_again [-f first] [-k kills] file
 *
 * The file is what the tasks (tiny.c) write, a record for each start.  Those
 * of the records first, first + 1, ... are killed one after another; each is
 * killed once only, so none of them waits in a row of restarts.  Writes the
 * median time from kill -9 to the successor's first instruction, in
 * microseconds.
 */

#include "../../config.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MAXKILLS	1000
#define DEADLINE	30	/* s, for one of them */
#define PAUSE		5000	/* us between two, for whatever comes after */

struct record {
	int64_t	 ns;
	int64_t	 pid;
};

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec * 1000000000LL + ts.tv_nsec);
}

static off_t
nrecords(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		err(3, "fstat");
	return (st.st_size / (off_t)sizeof(struct record));
}

static struct record
record(int fd, off_t i)
{
	struct record r;

	if (pread(fd, &r, sizeof(r), i * (off_t)sizeof(r)) != sizeof(r))
		errx(3, "no record %lld", (long long)i);
	return (r);
}

/* From the kill of the record's process until the next record. */
static int64_t
again(int fd, off_t i)
{
	struct timespec ts = { 0, 200 * 1000 };
	off_t before = nrecords(fd);
	int64_t t0;

	t0 = now();
	if (kill((pid_t)record(fd, i).pid, SIGKILL) == -1)
		err(3, "kill");
	while (nrecords(fd) == before) {
		if (now() - t0 > DEADLINE * 1000000000LL)
			errx(3, "it was not started again");
		nanosleep(&ts, NULL);
	}
	return (record(fd, before).ns - t0);
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y ? -1 : x > y);
}

static int
number(const char *s, int max)
{
	const char *error;
	int n;

	n = (int)strtonum(s, 0, max, &error);
	if (error != NULL)
		errx(2, "%s: %s", s, error);
	return (n);
}

int
main(int argc, char **argv)
{
	int64_t took[MAXKILLS];
	int ch, fd, first = 0, i, kills = 20;

	while ((ch = getopt(argc, argv, "f:k:")) != -1) {
		switch (ch) {
		case 'f':
			first = number(optarg, 1000000);
			break;
		case 'k':
			kills = number(optarg, MAXKILLS);
			break;
		default:
			errx(2, "usage: bench_again [-f first] [-k kills] "
			    "file");
		}
	}
	if (optind != argc - 1 || kills == 0)
		errx(2, "usage");
	if ((fd = open(argv[optind], O_RDONLY)) == -1)
		err(3, "%s", argv[optind]);
	for (i = 0; i < kills; i++) {
		took[i] = again(fd, first + i);
		usleep(PAUSE);
	}
	qsort(took, kills, sizeof(took[0]), by_size);
	printf("%lld\n", (long long)(took[kills / 2] / 1000));
	return (0);
}
