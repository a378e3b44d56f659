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
 * The process table: one record a slot (its present or last process) and one
 * a command that runs.  A pid in it stays ours until we have waited for it,
 * so a signal sent by way of the table can never hit a stranger.
 *
 * The spawner writes here what happened; what to do about it is the
 * monitor's business, which gets the table with each sync.
 */

#ifndef SPAWNER_PROC_H
#define SPAWNER_PROC_H

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/tree.h>

#include <stdbool.h>
#include <stdint.h>

#include "../common/mono.h"
#include "../common/run.h"
#include "planstore.h"

struct proc {
	RB_ENTRY(proc)	 byid;
	RB_ENTRY(proc)	 bypid;		/* while it runs */
	uint64_t	 id;		/* never reused */
	uint32_t	 task;		/* in the present plan, or NO_INDEX */
	uint16_t	 instance;
	uint16_t	 cmd;		/* 0: start */
	uint8_t		 kind;		/* enum proc_kind */
	uint8_t		 last_signal;
	bool		 running;
	pid_t		 pid;
	struct finger	 finger;	/* of what it was started from */
	struct mono	 started;
	int64_t		 started_wall;
	struct mono	 exited;
	/* Of the last that exited in the slot, this one or one before. */
	int64_t		 exited_wall;
	int		 status;
	uint32_t	 fail_stage;	/* enum stage: it was never started */
	uint32_t	 fail_error;	/* errno of that */
	struct mono	 signalled;
	uint32_t	 starts;	/* in this slot, this one included */
	uint32_t	 again_ms;	/* standing order, or STANDING_NONE */
	uint32_t	 gen;		/* of the plan that order is for */
	bool		 foreign;	/* not our child: foreign.c */
	bool		 unknown;	/* and nobody knows what it was
					   started from */
	bool		 stays;		/* control adopt: not stopped with us */
	struct foreign	*hold;		/* of foreign.c, while it runs */
	char		*name;		/* of its task, as it was started */
};

struct foreign;
struct proctab;

/* NULL with errno. */
struct proctab	*proctab_new(void);
void	 proctab_free(struct proctab *);

/*
 * The plan has changed: every record finds its task by name; last exits of
 * tasks that are gone are dropped, what runs of them stays with NO_INDEX.
 * 0, or -1 with errno, and then nothing has changed.
 */
int	 proctab_replan(struct proctab *, const struct plan_store *);
/* The control in force of a task; the plan's, until it is set. */
void	 proctab_set_control(struct proctab *, uint32_t task, enum control);
enum control	 proctab_control(const struct proctab *, uint32_t task);
/* The task of a record of the plan now, were it that other plan. */
uint32_t proc_would_be(const struct proc *, const struct plan_store *now,
	    const struct plan_store *other);
/* Forgets all that does not run (a reset). */
void	 proctab_forget(struct proctab *);

/*
 * A record for a process about to be started, not yet running; in a slot it
 * takes the place of the last one only when proctab_started() is called.
 * NULL with errno: EEXIST when the slot's process runs, EAGAIN when too much
 * runs already (all processes, or commands of that task).
 */
struct proc	*proctab_prepare(struct proctab *, const struct plan_store *,
		    enum proc_kind, uint32_t task, uint16_t instance,
		    uint16_t cmd);
void	 proctab_started(struct proctab *, struct proc *, pid_t);
/* Start failed before there was a process. */
void	 proctab_cancel(struct proctab *, struct proc *);

/*
 * A process that is not our child takes a slot.  One that was forked while
 * the slot's last start command ran is that command's work, and was started
 * from the same.  NULL with errno, as above.
 */
struct proc_found {
	uint32_t	 task;
	uint16_t	 instance;
	pid_t		 pid;
	struct mono	 started;
	int64_t		 started_wall;
};

struct proc	*proctab_found(struct proctab *, const struct plan_store *,
		    const struct proc_found *);

/* By id, running or not; by pid, running only; NULL: none. */
struct proc	*proctab_find(struct proctab *, uint64_t id);
struct proc	*proctab_bypid(struct proctab *, pid_t);
/* The slot's present or last process. */
struct proc	*proctab_slot(struct proctab *, uint32_t task,
		    uint16_t instance);

/* All its instances are below this. */
uint16_t	 proctab_nslots(const struct proctab *, uint32_t task);

/* It was waited for.  The record stays. */
void	 proctab_exited(struct proctab *, struct proc *, int status);
/* Takes the record out and frees it; it must not be running. */
void	 proctab_drop(struct proctab *, struct proc *);

uint32_t	 proctab_running(const struct proctab *);
/* Of these, those that end with the daemon. */
uint32_t	 proctab_tostop(const struct proctab *);

/* All records, by id; safe against dropping the one returned. */
struct proc	*proctab_first(struct proctab *);
struct proc	*proctab_next(struct proctab *, struct proc *);

/* In what it differs from what the plan would start now: STALE_*. */
uint8_t	 proc_stale(const struct proc *, const struct plan_store *);

#endif /* SPAWNER_PROC_H */
