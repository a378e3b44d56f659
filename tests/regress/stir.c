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
 * Those who change files, and those who want to know, for the tests of file
 * events.  Linked static, so that starting two hundred of it is cheap.  It
 * reads its own arguments and the files of the test.
 *
 *	stir listen file notes
 *		a task: at its start and after each SIGHUP it appends "PID NS
 *		CONTENT" to notes, where NS is monotonic and CONTENT the
 *		first word of the file, "-" when there is none
 *	stir change dir files writers seconds
 *		so many processes write "FILE-WRITER-N" into dir/0, dir/1 ...:
 *		rewritten in place, made anew or renamed over, at random
 *	stir measure file notes rounds
 *		renames over the file and waits for a note, so often; says
 *		the least, the median and the greatest time between, in us
 *	stir flood file seconds rate
 *		writes a byte into the file so often a second; says how many
 *		these were, and when, in monotonic ns, the last one was
 */

#include "../../config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SEC		1000000000LL
#define MAXROUNDS	1000
#define DEADLINE	20	/* s, for a note */
#define REST		150	/* ms between two rounds */

static int64_t
now_ns(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec * SEC + ts.tv_nsec);
}

static void
nap(int ms)
{
	poll(NULL, 0, ms);
}

/* A number up to what is no digit; no number of ours is too large. */
static int64_t
digits(const char *s)
{
	int64_t	 n = 0;

	for (; *s >= '0' && *s <= '9' && n < INT64_MAX / 10 - 1; s++)
		n = n * 10 + (*s - '0');
	return (n);
}

static long
number(const char *s, long most)
{
	int64_t	 n = digits(s);

	if (s[strspn(s, "0123456789")] != '\0' || n < 1 || n > most)
		errx(2, "%s: not a number that is possible here", s);
	return (n);
}

/* The first word of a file; the file may be half of itself, or not there. */
static void
read_word(const char *path, char *word, size_t size)
{
	ssize_t	 n = 0;
	int	 fd;

	if ((fd = open(path, O_RDONLY)) != -1) {
		n = read(fd, word, size - 1);
		close(fd);
	}
	word[n > 0 ? n : 0] = '\0';
	word[strcspn(word, " \n")] = '\0';
	if (word[0] == '\0')
		snprintf(word, size, "-");
}

/* One line, whole: the one before may still be writing. */
static void
note(const char *file, const char *notes)
{
	char	 line[256], word[128];
	int64_t	 ns = now_ns();
	int	 fd, len;

	read_word(file, word, sizeof(word));
	len = snprintf(line, sizeof(line), "%d %lld %s\n", (int)getpid(),
	    (long long)ns, word);
	fd = open(notes, O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (fd == -1 || write(fd, line, len) != len)
		err(1, "%s", notes);
	close(fd);
}

static int
listen_to(const char *file, const char *notes)
{
	sigset_t	 set;
	int		 sig;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (;;) {
		note(file, notes);
		if (sigwait(&set, &sig) != 0)
			return (1);
	}
}

static void
put(const char *path, int flags, const char *word)
{
	int	 fd;

	/* Somebody else may just have made it. */
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | flags, 0644);
	if (fd == -1)
		return;
	if (write(fd, word, strlen(word)) == -1)
		err(1, "%s", path);
	close(fd);
}

static void
change_one(const char *dir, long file, int writer, int n)
{
	char	 path[PATH_MAX], tmp[PATH_MAX], word[64];

	snprintf(path, sizeof(path), "%s/%ld", dir, file);
	snprintf(tmp, sizeof(tmp), "%s/.new.%d", dir, writer);
	snprintf(word, sizeof(word), "%ld-%d-%d\n", file, writer, n);
	switch (random() % 3) {
	case 0:
		put(path, 0, word);
		break;
	case 1:
		(void)unlink(path);
		put(path, O_EXCL, word);
		break;
	default:
		put(tmp, 0, word);
		if (rename(tmp, path) == -1)
			err(1, "%s", path);
	}
}

/*
 * Bursts and rests in turn, and two files far more often than the others: so
 * that there are files that hardly ever come to rest and such that often do.
 */
static void
change_on(const char *dir, long files, int writer, int64_t until)
{
	long	 file;
	int	 i, n = 0;

	srandom(writer * 7919);
	while (now_ns() < until) {
		for (i = random() % 8; i >= 0; i--) {
			file = random() % files;
			if (random() % 4 == 0)
				file %= 2;
			change_one(dir, file, writer, n++);
		}
		nap(random() % 80);
	}
}

static int
change(const char *dir, long files, long writers, long seconds)
{
	int64_t	 until = now_ns() + seconds * SEC;
	long	 i, n = 0;
	int	 status;

	for (i = 1; i <= writers; i++)
		switch (fork()) {
		case -1:
			err(1, "fork");
		case 0:
			change_on(dir, files, i, until);
			_exit(0);
		}
	while (wait(&status) != -1)
		n += status == 0;
	return (n == writers ? 0 : 1);
}

/* The NS of the last note that is complete; 0: there is none. */
static int64_t
last_note(const char *notes)
{
	char	 buf[4096], *line;
	ssize_t	 n;
	off_t	 size;
	int64_t	 ns = 0;
	int	 fd;

	if ((fd = open(notes, O_RDONLY)) == -1)
		return (0);
	size = lseek(fd, 0, SEEK_END);
	n = pread(fd, buf, sizeof(buf) - 1,
	    size > (off_t)sizeof(buf) - 1 ? size - (off_t)sizeof(buf) + 1 : 0);
	close(fd);
	if (n <= 0 || buf[n - 1] != '\n')
		return (0);
	buf[n - 1] = '\0';
	line = strrchr(buf, '\n');
	line = line == NULL ? buf : line + 1;
	if ((line = strchr(line, ' ')) != NULL)
		ns = digits(line + 1);
	return (ns);
}

static int
compare(const void *a, const void *b)
{
	int64_t	 x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y ? -1 : x > y);
}

static int
measure(const char *file, const char *notes, long rounds)
{
	char	 tmp[PATH_MAX];
	int64_t	 took[MAXROUNDS], start, ns;
	long	 i;

	snprintf(tmp, sizeof(tmp), "%s.new", file);
	for (i = 0; i < rounds; i++) {
		/* At another place within the grain of any clock. */
		nap(REST + i % 7);
		put(tmp, 0, "x\n");
		start = now_ns();
		if (rename(tmp, file) == -1)
			err(1, "%s", file);
		while ((ns = last_note(notes)) < start) {
			if (now_ns() - start > DEADLINE * SEC)
				errx(1, "no note within %d s", DEADLINE);
			nap(10);
		}
		took[i] = ns - start;
	}
	qsort(took, rounds, sizeof(took[0]), compare);
	printf("%lld %lld %lld\n", (long long)took[0] / 1000,
	    (long long)took[rounds / 2] / 1000,
	    (long long)took[rounds - 1] / 1000);
	return (0);
}

static int
flood(const char *file, long seconds, long rate)
{
	int64_t	 start = now_ns(), now, last = start;
	long	 n = 0, want;
	int	 fd;

	if ((fd = open(file, O_WRONLY | O_CREAT, 0644)) == -1)
		err(1, "%s", file);
	while ((now = now_ns()) - start < seconds * SEC) {
		want = (now - start) / 1000 * rate / 1000000;
		if (n >= want) {
			/* Not nap(): at most a millisecond's worth at once. */
			nap(rate >= 1000 ? 1 : (int)(1000 / rate));
			continue;
		}
		for (; n < want; n++)
			if (pwrite(fd, "x", 1, n & 0xfff) != 1)
				err(1, "%s", file);
		last = now_ns();
	}
	printf("%ld %lld\n", n, (long long)last);
	return (0);
}

int
main(int argc, char **argv)
{
	const char	*what = argc > 1 ? argv[1] : "";

	if (argc == 4 && strcmp(what, "listen") == 0)
		return (listen_to(argv[2], argv[3]));
	if (argc == 6 && strcmp(what, "change") == 0)
		return (change(argv[2], number(argv[3], 100000),
		    number(argv[4], 100), number(argv[5], 3600)));
	if (argc == 5 && strcmp(what, "measure") == 0)
		return (measure(argv[2], argv[3],
		    number(argv[4], MAXROUNDS)));
	if (argc == 5 && strcmp(what, "flood") == 0)
		return (flood(argv[2], number(argv[3], 3600),
		    number(argv[4], 10000000)));
	errx(2, "usage: see the head of stir.c");
}
