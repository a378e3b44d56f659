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
 * Looking at a task's pidfile: a forked child becomes the task's user and
 * reads it, so that root neither follows a path nor parses a word that an
 * ordinary user wrote.  What comes back is a number or a reason.
 */

#ifndef SPAWNER_PEEK_H
#define SPAWNER_PEEK_H

#include <sys/types.h>

#include <stdint.h>

#include "../common/run.h"
#include "planstore.h"

struct peek {
	uint64_t	 id;		/* comes back in the report */
	const struct store_task *task;	/* has a pidfile */
	uint16_t	 instance;
};

/* Written to the pipe at once, before the child ends. */
struct peek_report {
	uint64_t	 id;
	uint32_t	 look;		/* enum look; LOOK_NONE: it is there */
	uint32_t	 error;		/* errno, or 0 */
	uint32_t	 pid;		/* that the file names, or 0 */
	uint64_t	 start;		/* of struct kproc; with LOOK_NONE */
};

/*
 * Starts the child, which reports to the pipe out.  It may hang in a file
 * system that does not answer: the caller kills it in time.  The pid, or -1
 * with errno.
 */
pid_t	 peek_start(const struct peek *, int out);

#endif /* SPAWNER_PEEK_H */
