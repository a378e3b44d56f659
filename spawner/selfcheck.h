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
 * Our own programs: when they have been replaced, the new taskforced checks
 * the running configuration, and when it accepts that, the daemon resets.
 */

#ifndef SPAWNER_SELFCHECK_H
#define SPAWNER_SELFCHECK_H

#include <sys/types.h>

#include <stdbool.h>

struct daemon;
struct file_id;
struct selfcheck;

#define SELFCHECK_FILES	3

/* NULL with errno.  Takes note of what the programs are now. */
struct selfcheck *selfcheck_new(struct daemon *, const char *argv0);
/* Kills the check that is under way, and waits for it. */
void	 selfcheck_free(struct selfcheck *);

/* Program number n, absolute, and what it was when last looked at; or NULL:
 * we do not know where it is. */
const char *selfcheck_file(const struct selfcheck *, unsigned int n,
	    const struct file_id **);
/*
 * They may have changed: when they have, and others cannot have done it, the
 * check is started.  What comes of it is logged, and told to the monitor.
 */
void	 selfcheck_start(struct selfcheck *);
/* Tells a monitor that does not know it why the last check failed. */
void	 selfcheck_tell(const struct selfcheck *);
/* That pid was waited for; true when it was the check. */
bool	 selfcheck_reaped(struct selfcheck *, pid_t, int status);

#endif /* SPAWNER_SELFCHECK_H */
