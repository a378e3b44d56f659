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
 * The state of all tasks at one moment, as the monitor told it: the records
 * of one answer to C_STATUS, kept as they came and read again for each
 * rendering, so that times that run (uptime) are right in every one.
 */

#ifndef HTTPD_SNAPSHOT_H
#define HTTPD_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/client.h"
#include "../common/run.h"
#include "../common/wire.h"

struct snapshot;

struct snapshot	*snapshot_new(void);
void		 snapshot_free(struct snapshot *);

/*
 * The records in the order they came: a summary, then each task and its
 * processes.  Each reads all of the cursor: 0, or -1 (malformed, out of
 * order, too many, or no memory).
 */
int		 snapshot_add_summary(struct snapshot *, struct cursor *);
int		 snapshot_add_listener(struct snapshot *, struct cursor *);
int		 snapshot_add_task(struct snapshot *, struct cursor *);
int		 snapshot_add_proc(struct snapshot *, struct cursor *);
/* Whether the answer may end here. */
bool		 snapshot_complete(const struct snapshot *);

/* Borrowed from the snapshot, which is complete. */
void		 snapshot_summary(const struct snapshot *,
		    struct answer_summary *);
uint32_t	 snapshot_ntasks(const struct snapshot *);
uint64_t	 snapshot_change(const struct snapshot *);
uint32_t	 snapshot_gen(const struct snapshot *);

/* The listeners; *pos as with snapshot_next(). */
bool		 snapshot_listener(const struct snapshot *, size_t *pos,
		    struct listener *);

struct snapshot_record {
	bool			 is_task;	/* else a process of the last */
	struct answer_task	 task;
	struct answer_proc	 proc;	/* uptime_ms as it is now */
};

/*
 * The record at *pos, which begins as 0 and moves on; false at the end.
 * What r points to is borrowed from the snapshot.
 */
bool		 snapshot_next(const struct snapshot *, size_t *pos,
		    struct snapshot_record *r);

#endif /* HTTPD_SNAPSHOT_H */
