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
 * Starting a process: the one path for start, stop, check and event
 * commands.  How a child is made, and what it may do before exec(2), is in
 * launch.h; all memory it needs is there before.
 *
 * A step that fails is reported by the child through one pipe that all
 * children share and exec closes: {id, stage, errno}, written at once, and
 * the child leaves with SPAWN_EXIT.  The report is in the pipe before the
 * child can be waited for, so reading the pipe when one has left so is
 * enough to know why, with no pipe, no event and no system call of the
 * parent for each start.
 */

#ifndef SPAWNER_SPAWN_H
#define SPAWNER_SPAWN_H

#include <sys/types.h>
#include <sys/resource.h>

#include <stdint.h>

#include "../common/run.h"

struct event_base;
struct plan_store;
struct spawner;
struct store_cmd;
struct store_task;

/* The status of a child that could not exec; a program may use it, too. */
#define SPAWN_EXIT	127

struct spawn_failure {
	uint64_t	 id;		/* as given to spawner_start() */
	uint32_t	 stage;		/* enum stage */
	uint32_t	 error;		/* errno */
};

/* Opens the pipe and /dev/null.  NULL with errno. */
struct spawner	*spawner_new(void);
void	 spawner_free(struct spawner *);
/* The limits and such a fresh process gets back, as main() found them. */
void	 spawner_limits(struct spawner *, const struct rlimit *nofile,
	    const struct rlimit *core);

/* Lets go of the plans of children that have called exec. */
void	 spawner_sweep(struct spawner *);

/* The next failure that a child reported: 1, or 0 for none. */
int	 spawner_failure(struct spawner *, struct spawn_failure *);

/* What to start. */
struct spawn_job {
	struct plan_store	*plan;	/* a child that has not yet called exec
					   holds a reference */
	const struct store_task *task;
	const struct store_cmd	*cmd;
	uint64_t		 id;	/* for a report of failure */
	uint16_t		 instance;
	pid_t			 about;	/* for Task_pid; 0: itself */
	int			 out;	/* its standard output, borrowed; -1:
					   as ours */
};

/*
 * Returns the pid; or -1 with errno and the stage in *stage when there is no
 * process (MEMORY, FORK).
 */
pid_t	 spawner_start(struct spawner *, const struct spawn_job *,
	    enum stage *stage);

#endif /* SPAWNER_SPAWN_H */
