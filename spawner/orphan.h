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
 * Looking for the orphans of an earlier run, and for daemons that a start
 * command left behind: R_LOOK of run.h.
 */

#ifndef SPAWNER_ORPHAN_H
#define SPAWNER_ORPHAN_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "../common/run.h"

struct daemon;
struct orphans;

/* NULL with errno. */
struct orphans	*orphan_new(struct daemon *);

/* Answers, now or later, with S_FOUND or S_NOTFOUND.  The task is one of the
 * plan in force; whether it may be looked for is decided here. */
void	 orphan_look(struct orphans *, uint32_t tag, const struct look_req *);
/* S_NOTFOUND with LOOK_REFUSED and that errno. */
void	 orphan_refuse(struct daemon *, uint32_t tag, const struct look_req *,
	    int error);

/* Nobody waits for an answer any more (the monitor is gone, or all that it
 * knew is void). */
void	 orphan_forget(struct orphans *);
/* That pid was waited for; true when it looked for us. */
bool	 orphan_reaped(struct orphans *, pid_t);

#endif /* SPAWNER_ORPHAN_H */
