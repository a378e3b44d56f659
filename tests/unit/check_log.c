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

/* log.c: what is written where, how much of it, and that errno is kept. */

#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "../../common/log.h"
#include "suite.h"

static char	 text[16384];
static int	 readfd;

/* From here on stderr is a pipe that logged() reads. */
static void
capture(enum log_dest dest, enum log_level level)
{
	int fds[2];

	unsetenv("JOURNAL_STREAM");
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(dup2(fds[1], STDERR_FILENO), STDERR_FILENO);
	close(fds[1]);
	readfd = fds[0];
	log_init("prog", dest, level);
}

static const char *
logged(void)
{
	ssize_t n;

	if ((n = read(readfd, text, sizeof(text) - 1)) == -1)
		n = 0;
	text[n] = '\0';
	return (text);
}

START_TEST(a_helper_writes_priorities)
{
	capture(LOG_TO_PIPE, LOG_LEVEL_DEBUG);
	log_warnx("one %d", 1);
	ck_assert_str_eq(logged(), "<4>one 1\n");
	log_info("two");
	ck_assert_str_eq(logged(), "<6>two\n");
	log_debug("three");
	ck_assert_str_eq(logged(), "<7>three\n");
	errno = ENOENT;
	log_warn("open %s", "/x");
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_str_eq(logged(), "<4>open /x: No such file or directory\n");
}
END_TEST

START_TEST(a_person_reads_time_and_name)
{
	char *p;

	capture(LOG_TO_STDERR, LOG_LEVEL_INFO);
	log_info("hello");
	logged();
	ck_assert(text[0] == '2');
	ck_assert_ptr_nonnull(p = strchr(text, ' '));
	ck_assert_str_eq(p, " prog: hello\n");
}
END_TEST

START_TEST(the_journal_has_its_own_time)
{
	capture(LOG_TO_STDERR, LOG_LEVEL_INFO);
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_init("prog", LOG_TO_STDERR, LOG_LEVEL_INFO);
	log_warnx("hello");
	ck_assert_str_eq(logged(), "<4>prog: hello\n");
}
END_TEST

START_TEST(levels)
{
	capture(LOG_TO_PIPE, LOG_LEVEL_QUIET);
	log_info("no");
	log_debug("no");
	log_at(LOG_INFO, "no");
	log_at(LOG_NOTICE, "no");
	ck_assert_str_eq(logged(), "");
	log_warnx("yes");
	ck_assert_str_eq(logged(), "<4>yes\n");
	log_at(LOG_ERR, "yes");
	ck_assert_str_eq(logged(), "<3>yes\n");

	log_set_level(LOG_LEVEL_INFO);
	ck_assert_int_eq(log_get_level(), LOG_LEVEL_INFO);
	log_debug("no");
	log_at(LOG_DEBUG, "no");
	ck_assert_str_eq(logged(), "");
	log_at(LOG_NOTICE, "yes");
	ck_assert_str_eq(logged(), "<5>yes\n");
	log_set_level(LOG_LEVEL_DEBUG);
	log_at(LOG_DEBUG, "yes");
	ck_assert_str_eq(logged(), "<7>yes\n");
}
END_TEST

START_TEST(what_a_helper_wrote_is_made_visible)
{
	capture(LOG_TO_PIPE, LOG_LEVEL_INFO);
	log_at(LOG_INFO, "%s", "a\nb\033[2J\177\tc \xc3\xa9");
	ck_assert_str_eq(logged(), "<6>a?b?[2J??c \xc3\xa9\n");
	log_at(LOG_INFO, "%s", "\xc2\x9b" "31m \xc2\xa9\xc3\x9b \xc2");
	ck_assert_str_eq(logged(), "<6>??31m \xc2\xa9\xc3\x9b \xc2\n");
}
END_TEST

START_TEST(a_long_line_is_cut_and_still_ends)
{
	char longest[9000];
	size_t len;

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	capture(LOG_TO_PIPE, LOG_LEVEL_INFO);
	log_info("%s", longest);
	len = strlen(logged());
	ck_assert_uint_gt(len, 4000);
	ck_assert_uint_lt(len, 4200);
	ck_assert(text[len - 1] == '\n');
	errno = EINTR;
	log_warn("%s", longest);
	len = strlen(logged());
	ck_assert_uint_lt(len, 4200);
	ck_assert(text[len - 1] == '\n');
}
END_TEST

static int
status_of_fatal(enum log_dest dest, int with_errno)
{
	pid_t pid;
	int status;

	capture(dest, LOG_LEVEL_QUIET);
	if ((pid = fork()) == 0) {
		errno = EACCES;
		if (with_errno)
			fatal("last words");
		fatalx("last words");
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return (WEXITSTATUS(status));
}

START_TEST(fatal_says_why_and_ends)
{
	ck_assert_int_eq(status_of_fatal(LOG_TO_PIPE, 1), 1);
	ck_assert_str_eq(logged(), "<2>last words: Permission denied\n");
	ck_assert_int_eq(status_of_fatal(LOG_TO_STDERR, 0), 3);
	log_fatal_exits(1);
	ck_assert_int_eq(status_of_fatal(LOG_TO_STDERR, 0), 1);
	log_fatal_exits(3);
	ck_assert_ptr_nonnull(strstr(logged(), "prog: last words\n"));
}
END_TEST

START_TEST(nobody_reads)
{
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(dup2(fds[1], STDERR_FILENO), STDERR_FILENO);
	close(fds[0]);
	log_init("prog", LOG_TO_PIPE, LOG_LEVEL_INFO);
	errno = EAGAIN;
	log_info("into the void");
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_helper_writes_priorities,
		a_person_reads_time_and_name,
		the_journal_has_its_own_time,
		levels,
		what_a_helper_wrote_is_made_visible,
		a_long_line_is_cut_and_still_ends,
		fatal_says_why_and_ends,
		nobody_reads
	};

	return (SUITE_RUN("log", tests));
}
