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
 * Processes in the table that are not our children: a task's pidfile named
 * them (orphan.c).  They cannot be waited for, so a pid alone is never
 * trusted: pid and start time together are the process.
 */

#ifndef SPAWNER_FOREIGN_H
#define SPAWNER_FOREIGN_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "../common/run.h"

struct daemon;
struct lookout;
struct proc;

struct foreign_req {
	uint32_t	 task;
	uint16_t	 instance;
	pid_t		 pid;
	uint64_t	 start;		/* as it was when somebody looked */
};

/*
 * Puts the process into the table, in that slot.  NULL, and in *look and
 * *error why not.
 */
struct proc	*foreign_take(struct daemon *, const struct foreign_req *,
		    enum look *, int *error);

/*
 * Looks after those that cannot be watched and may be ending, by a timer that
 * runs only while there are such; for daemon->lookout, once.  NULL with errno.
 */
struct lookout	*foreign_lookout(struct daemon *);
/* Something was done that may end it: its end is looked for, and told as if
 * it had been seen.  Nothing is done about one that is watched. */
void	 foreign_may_end(struct proc *);

/* Is it there?  One that cannot be watched is looked at; when it has gone it
 * is recorded and told as if its end had been seen. */
bool	 foreign_there(struct daemon *, struct proc *);

/* 0, or -1 with errno.  Never hits another process. */
int	 foreign_signal(struct proc *, int sig);

/* S_EXITED will tell its end. */
bool	 foreign_watched(const struct proc *);
/* It has ended: nothing is held any more. */
void	 foreign_release(struct proc *);
/* That pid is a child's of ours, or was: a foreign process that had it has
 * gone, though its end may not have been told yet. */
void	 foreign_recycled(struct daemon *, pid_t);
/* Looks at all that cannot be watched. */
void	 foreign_sweep(struct daemon *);

#endif /* SPAWNER_FOREIGN_H */
