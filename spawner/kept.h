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
 * What is kept for the tasks of the plan in force beside the plan, which is
 * sealed: what the monitor asked for and what it wants to find again.  It is
 * the monitor's word; nothing here is acted on by itself.
 */

#ifndef SPAWNER_KEPT_H
#define SPAWNER_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/run.h"
#include "planstore.h"

/* In memory of its own size: most tasks have none or short ones. */
struct kept_note {
	uint16_t	 len;
	uint8_t		 data[];
};

struct kept_task {
	struct kept_note *notes[NOTE_KIND_MAX];	/* NULL: none */
	uint32_t	 changed;	/* generation in which its task last
					   became another; 0: not since it
					   is in the plan */
	bool		 counted;	/* count was asked for */
	uint16_t	 count;
};

struct kept {
	uint32_t	 ntasks;
	struct kept_task tasks[];
};

/* For so many tasks, nothing known of any.  NULL with errno. */
struct kept	*kept_new(uint32_t ntasks);
void	 kept_free(struct kept *);

/* Its task is below ntasks.  A copy is kept, an empty one ends the last.
 * 0, or -1 with errno, and the last note stays. */
int	 kept_note(struct kept *, const struct note *);
/* The notes of a task under the plan before; it has none afterwards. */
void	 kept_move(struct kept_task *to, struct kept_task *from);
/* A load makes requested counts void. */
void	 kept_uncount(struct kept *);
/* Forgets everything (a reset). */
void	 kept_clear(struct kept *);

/* So many instances there may be: as was asked for, else as the plan says. */
uint16_t kept_count(const struct kept *, const struct plan_store *,
	    uint32_t task);

#endif /* SPAWNER_KEPT_H */
