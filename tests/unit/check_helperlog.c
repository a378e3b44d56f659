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
 * The log of a helper that lies, floods and writes garbage: what comes of it
 * in ours.  log_at() is a stand-in that takes it down.
 */

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/log.h"
#include "../../spawner/helperlog.h"
#include "suite.h"

#define LINES	4096

static struct event_base	*base;
static int	 pv[2];

static struct {
	int	 priority;
	char	 text[160];
	size_t	 len;		/* of all of it */
} lines[LINES];
static size_t	 nlines;

void
log_at(int priority, const char *fmt, ...)
{
	va_list	 ap;

	ck_assert_uint_lt(nlines, LINES);
	lines[nlines].priority = priority;
	va_start(ap, fmt);
	lines[nlines].len = vsnprintf(lines[nlines].text,
	    sizeof(lines[0].text), fmt, ap);
	va_end(ap);
	nlines++;
}

static void
set_up(void)
{
	ck_assert_ptr_nonnull(base = event_base_new());
	ck_assert_int_eq(pipe2(pv, O_NONBLOCK | O_CLOEXEC), 0);
	ck_assert_int_eq(helperlog_start(base, pv[0], "httpd", 7), 0);
}

/* Says so much more and goes: all that it said is in lines then. */
static void
say_and_go(const char *text, size_t len)
{
	ck_assert_int_eq(write(pv[1], text, len), (ssize_t)len);
	close(pv[1]);
	/* Without an event, the loop ends. */
	ck_assert_int_eq(event_base_dispatch(base), 1);
	ck_assert_int_eq(fcntl(pv[0], F_GETFD), -1);
	event_base_free(base);
}

static void
is_line(size_t i, int priority, const char *text)
{
	ck_assert_uint_lt(i, nlines);
	ck_assert_int_eq(lines[i].priority, priority);
	ck_assert_str_eq(lines[i].text, text);
}

START_TEST(lines_have_their_priority)
{
	static const char	 text[] = "<6>info\n<3>error\nplain\n<9>odd\n"
	    "<6>a\0b\nno end";

	say_and_go(text, sizeof(text) - 1);
	ck_assert_uint_eq(nlines, 6);
	is_line(0, LOG_INFO, "httpd[7]: info");
	is_line(1, LOG_ERR, "httpd[7]: error");
	is_line(2, LOG_WARNING, "httpd[7]: plain");
	is_line(3, LOG_WARNING, "httpd[7]: <9>odd");
	is_line(4, LOG_INFO, "httpd[7]: a?b");
	is_line(5, LOG_WARNING, "httpd[7]: no end");
}
END_TEST

/* An emergency is written to every terminal of the system. */
START_TEST(no_helper_cries_for_all)
{
	static const char	 text[] = "<0>fire\n<1>fire\n<2>I die\n";

	say_and_go(text, sizeof(text) - 1);
	ck_assert_uint_eq(nlines, 3);
	is_line(0, LOG_CRIT, "httpd[7]: fire");
	is_line(1, LOG_CRIT, "httpd[7]: fire");
	is_line(2, LOG_CRIT, "httpd[7]: I die");
}
END_TEST

START_TEST(a_line_without_end_is_cut)
{
	static char	 text[10000];
	size_t		 i, sum = 0;

	memset(text, 'x', sizeof(text));
	say_and_go(text, sizeof(text));
	ck_assert_uint_ge(nlines, 2);
	for (i = 0; i < nlines; i++) {
		ck_assert_uint_lt(lines[i].len, 4000);
		sum += lines[i].len - strlen("httpd[7]: ");
	}
	ck_assert_uint_eq(sum, sizeof(text));
}
END_TEST

START_TEST(a_flood_is_counted)
{
	static char	 text[8000];
	unsigned int	 n, told = 0, dropped = 0;
	size_t		 i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 0 ? 'x' : '\n';
	say_and_go(text, sizeof(text));
	for (i = 0; i < nlines; i++)
		if (sscanf(lines[i].text, "httpd[7]: %u lines were not logged",
		    &n) == 1)
			dropped += n;
		else
			told++;
	ck_assert_uint_ge(told, 200);
	ck_assert_uint_gt(dropped, 0);
	ck_assert_uint_eq(told + dropped, sizeof(text) / 2);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		lines_have_their_priority,
		no_helper_cries_for_all,
		a_line_without_end_is_cut,
		a_flood_is_counted
	};

	return (SUITE_RUN_WITH("helperlog", tests, set_up, NULL));
}
