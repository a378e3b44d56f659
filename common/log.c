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
 * Logging to syslog, to a person's terminal or, in a helper, to the pipe
 * that the spawner reads.  Text that reaches log_at() may come from a helper
 * that lies: control characters are made visible there.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define LOG_LINE	4096	/* a longer message is cut */

static const char	*log_name = "taskforced";
static enum log_dest	 log_dest = LOG_TO_STDERR;
static enum log_level	 log_level = LOG_LEVEL_INFO;
static bool		 log_journal;
static int		 fatal_exit = 3;

void
log_init(const char *name, enum log_dest dest, enum log_level level)
{
	log_name = name;
	log_dest = dest;
	log_level = level;
	/* systemd reads our stderr and puts its own time before each line. */
	log_journal = dest == LOG_TO_STDERR && getenv("JOURNAL_STREAM") != NULL;
	if (dest == LOG_TO_SYSLOG || dest == LOG_TO_BOTH)
		openlog(name, LOG_PID | LOG_NDELAY, LOG_DAEMON);
	tzset();
}

void
log_set_level(enum log_level level)
{
	log_level = level;
}

enum log_level
log_get_level(void)
{
	return (log_level);
}

/* "2026-11-22T06:49:51.123 " of now. */
static void
stamp(char *buf, size_t size)
{
	struct timespec ts;
	struct tm tm;
	size_t n;

	buf[0] = '\0';
	if (clock_gettime(CLOCK_REALTIME, &ts) == -1 ||
	    localtime_r(&ts.tv_sec, &tm) == NULL)
		return;
	n = strftime(buf, size, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, size - n, ".%03ld ", ts.tv_nsec / 1000000);
}

/* One line, one write(2), so that lines of several writers do not mix. */
static void
emit(int priority, const char *text)
{
	char line[LOG_LINE + 128], when[64];
	int n;

	if (log_dest == LOG_TO_SYSLOG || log_dest == LOG_TO_BOTH)
		syslog(priority, "%s", text);
	switch (log_dest) {
	case LOG_TO_SYSLOG:
		return;
	case LOG_TO_PIPE:
		n = snprintf(line, sizeof(line), "<%d>%s\n", priority, text);
		break;
	case LOG_TO_STDERR:
	case LOG_TO_BOTH:
	default:
		if (log_journal)
			snprintf(when, sizeof(when), "<%d>", priority);
		else
			stamp(when, sizeof(when));
		n = snprintf(line, sizeof(line), "%s%s: %s\n", when, log_name,
		    text);
		break;
	}
	if (n < 0)
		return;
	if ((size_t)n >= sizeof(line)) {
		n = sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	/* Nobody is left to hear of a failure to log. */
	if (write(STDERR_FILENO, line, n) == -1)
		return;
}

static void __attribute__((__format__(printf, 3, 0)))
vlog(int priority, bool with_errno, const char *fmt, va_list ap)
{
	char text[LOG_LINE];
	int n, save = errno;

	n = vsnprintf(text, sizeof(text), fmt, ap);
	if (with_errno && n >= 0 && (size_t)n < sizeof(text))
		snprintf(text + n, sizeof(text) - n, ": %s", strerror(save));
	emit(priority, text);
	errno = save;
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(LOG_WARNING, true, fmt, ap);
	va_end(ap);
}

void
log_warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(LOG_WARNING, false, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	if (log_level < LOG_LEVEL_INFO)
		return;
	va_start(ap, fmt);
	vlog(LOG_INFO, false, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	va_list ap;

	if (log_level < LOG_LEVEL_DEBUG)
		return;
	va_start(ap, fmt);
	vlog(LOG_DEBUG, false, fmt, ap);
	va_end(ap);
}

/*
 * What moves a terminal's cursor or changes its colours, made visible: the
 * control characters, and those of Unicode's second row (U+0080 to U+009F),
 * which many terminals heed as well.
 */
static void
blunt(char *text)
{
	unsigned char *p = (unsigned char *)text;

	for (; *p != '\0'; p++) {
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
		else if (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
			p[0] = p[1] = '?';
	}
}

void
log_at(int priority, const char *fmt, ...)
{
	char text[LOG_LINE];
	va_list ap;
	int save = errno;

	if ((priority >= LOG_DEBUG && log_level < LOG_LEVEL_DEBUG) ||
	    (priority >= LOG_NOTICE && log_level < LOG_LEVEL_INFO))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	blunt(text);
	emit(priority, text);
	errno = save;
}

void
log_fatal_exits(int status)
{
	fatal_exit = status;
}

/* A helper that ends says 1, whoever it belongs to. */
static int
fatal_status(void)
{
	return (log_dest == LOG_TO_PIPE ? 1 : fatal_exit);
}

void
fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(LOG_CRIT, true, fmt, ap);
	va_end(ap);
	exit(fatal_status());
}

void
fatalx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(LOG_CRIT, false, fmt, ap);
	va_end(ap);
	exit(fatal_status());
}
