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
 * Trial loads: what would a reload do, of these files, with those roles?
 * Nothing in force changes.  R_FILE and R_TRIAL of run.h.
 */

#ifndef SPAWNER_TRIAL_H
#define SPAWNER_TRIAL_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "../common/wire.h"

struct daemon;
struct trials;

/* NULL with errno. */
struct trials	*trial_new(struct daemon *);
/* Kills a loader that runs and waits for it. */
void	 trial_free(struct trials *);

/*
 * A file for the next trial_start(): which is FILE_CONF or FILE_ROLES.  fd is
 * taken; one that is no regular file, or too large, is told when it is used.
 */
void	 trial_file(struct trials *, uint8_t which, struct span name, int fd);
/* Answers with messages, S_LOADED and perhaps a sync, all with that tag. */
void	 trial_start(struct trials *, uint32_t tag, bool check,
	    bool no_roles);
/* The monitor is gone, and nobody asks any more. */
void	 trial_forget(struct trials *);
/* That pid was waited for; true when it was a loader of ours. */
bool	 trial_reaped(struct trials *, pid_t);

#endif /* SPAWNER_TRIAL_H */
