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
 * The environment of tasks, out of the context: what all tasks share, once,
 * and for each task only its differences.
 */

#ifndef MONITOR_TASKENV_H
#define MONITOR_TASKENV_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/plan.h"
#include "context.h"

struct taskenv {
	const char		**shared;	/* "NAME=value", borrowed */
	uint32_t		 nshared;
	struct ctx_sym		**differ;	/* those that may differ */
	uint32_t		 ndiffer;
	/* Of the task last asked for, each with its symbol. */
	struct plan_env		*own;
	struct ctx_sym		**own_sym;
	uint32_t		 nown;
	uint32_t		 capown;
};

/* After the top level has been entered, before the first task. */
void	 taskenv_share(struct taskenv *, struct context *);
/* Fills own; its texts live until the next task. */
void	 taskenv_task(struct taskenv *, struct context *);
void	 taskenv_free(struct taskenv *);

#endif /* MONITOR_TASKENV_H */
