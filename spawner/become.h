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
 * What a child of ours does before it is the task's: one path for all that
 * runs, or only looks, in a task's name.  Everything here may be called
 * where launch.h says what little may be called.
 */

#ifndef SPAWNER_BECOME_H
#define SPAWNER_BECOME_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "../common/run.h"
#include "planstore.h"

/* What late-bound marks stand for. */
struct late {
	pid_t		 pid;
	uint16_t	 instance;
};

/* Bytes that a string needs once its marks are replaced; 0: has none. */
size_t		 late_size(const char *);
/*
 * The string with its marks replaced, written at *text, which is moved on by
 * at most late_size() bytes; a string without marks is returned as it is.
 */
const char	*late_expand(const struct late *, const char *, char **text);

/*
 * What the spawner catches or ignores is the default again; a handler must
 * be gone before signals are unblocked, else it fires in the child and
 * writes to the parent's event loop.
 */
void	 become_fresh(void);

/*
 * Becomes the task's user with its groups, then enters its directory.  0, or
 * a negative errno and in *stage what failed.
 */
int	 become_task(const struct store_task *, const struct late *,
	    char **text, enum stage *stage);

#endif /* SPAWNER_BECOME_H */
