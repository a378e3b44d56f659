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
 * Logging.  One call a message, subject first: "task web[0]: cannot start:
 * chdir /srv/web: No such file or directory".  errno is kept by every call.
 *
 * The spawner logs to syslog or to stderr.  A helper logs to stderr, which
 * is a pipe that the spawner reads: there each line begins with "<N>", the
 * syslog priority, as in sd-daemon(3), so that no helper needs a syslog
 * socket in its sandbox.
 */

#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdarg.h>

enum log_dest {
	LOG_TO_STDERR,		/* for a person or the journal */
	LOG_TO_SYSLOG,
	LOG_TO_BOTH,		/* a daemon that is starting: both of these */
	LOG_TO_PIPE		/* a helper: "<N>text" for the spawner */
};

/* How much is logged; -v and -q move it. */
enum log_level {
	LOG_LEVEL_QUIET,	/* warnings and errors only */
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/*
 * Sets up the log.  name is borrowed and must stay (it is the syslog ident
 * or, on stderr, the program's name).  May be called again to change dest.
 */
void	 log_init(const char *name, enum log_dest dest, enum log_level level);
void	 log_set_level(enum log_level level);
enum log_level	 log_get_level(void);

/* Logs ": strerror(errno)" behind the text. */
void	 log_warn(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));
void	 log_warnx(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));
void	 log_info(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));
void	 log_debug(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));

/*
 * A message that already has its priority (LOG_ERR ... LOG_DEBUG of
 * syslog(3)): what a helper wrote, passed on.  Control characters in text
 * are made visible, since a helper may lie.
 */
void	 log_at(int priority, const char *fmt, ...)
	    __attribute__((__format__(printf, 2, 3)));

/*
 * For broken invariants in helpers and for the start-up of the spawner
 * only: logs, then exits with the status of log_fatal_exits(), which is 3
 * (start-up failed) until it is called and always 1 in a helper.  Never used
 * in the spawner once it runs.
 */
void	 log_fatal_exits(int status);
void	 fatal(const char *fmt, ...)
	    __attribute__((__noreturn__, __format__(printf, 1, 2)));
void	 fatalx(const char *fmt, ...)
	    __attribute__((__noreturn__, __format__(printf, 1, 2)));

#endif /* COMMON_LOG_H */
