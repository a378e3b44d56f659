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
 * What a helper writes to its stderr, line by line into our log, so that no
 * helper needs a syslog socket and the last words of a crash are kept.
 */

#ifndef SPAWNER_HELPERLOG_H
#define SPAWNER_HELPERLOG_H

#include <sys/types.h>

struct event_base;
struct helperlog;

/*
 * Takes fd (non-blocking).  It frees itself when the writer has closed the
 * other end and all was logged; nobody else has to keep it.  0, or -1 with
 * errno, and fd is closed.
 */
int	 helperlog_start(struct event_base *, int fd, const char *name,
	    pid_t pid);

#endif /* SPAWNER_HELPERLOG_H */
