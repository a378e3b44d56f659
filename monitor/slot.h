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
 * A slot: the place of one process of a task, and its life.  The state
 * diagram and the table that is its code are in slot.c.
 */

#ifndef MONITOR_SLOT_H
#define MONITOR_SLOT_H

#include "sched_int.h"

enum slot_event_type {
	SLOT_EV_START,		/* start it now */
	SLOT_EV_STOP,		/* stop it, or do not start it */
	SLOT_EV_SPAWNED,	/* it runs */
	SLOT_EV_FAILED,		/* it could not be started */
	SLOT_EV_EXITED,
	SLOT_EV_CMDEND,		/* its stop command is over */
	SLOT_EV_TIMER,		/* its deadline has come */
	SLOT_EV_FOUND,		/* the pidfile names this process */
	SLOT_EV_NOTFOUND,	/* it names none */
	SLOT_EV_CHECKED,	/* the check command is over */
	SLOT_EV_MAX
};

/* How a process is to be stopped. */
struct stop_how {
	uint16_t	 cmd;		/* 0: by signal */
	uint8_t		 sig;
	bool		 shared;	/* cmd is run once for all slots */
};

struct slot_event {
	enum slot_event_type type;
	/* STOP */
	struct stop_how	 how;
	bool		 again;		/* a once task: run it once more */
	uint8_t		 cause;		/* enum sched_cause of that */
	struct cmdrun	*run;		/* of a shared command: made by the
					   first slot that needs it */
	/* SPAWNED, FAILED, EXITED, FOUND: when */
	struct mono	 at;
	int64_t		 wall;
	uint64_t	 id;
	uint32_t	 pid;
	uint32_t	 status;
	uint8_t		 sig;		/* EXITED: that it was sent last */
	uint8_t		 stage;
	uint32_t	 error;
	/* CMDEND */
	bool		 unrun;		/* it could not even be run */
	/* FOUND */
	bool		 watched;
	uint8_t		 stale;
	/* NOTFOUND */
	uint8_t		 look;		/* enum look */
	/* CHECKED: or unrun, and error says why */
	bool		 ok;		/* it says: it runs */
};

/* The one way by which a slot lives. */
void	 slot_event(struct sched *, struct slot *, struct slot_event *);
/* SLOT_EV_EXITED, when the spawner says that it has already carried out its
 * standing order: the slot waits for STANDING_TAG. */
void	 slot_exited_again(struct sched *, struct slot *,
	    struct slot_event *);
/* Finds a slot's state on arrival from a sync; keeps all counters. */
void	 slot_set(struct sched *, struct slot *, enum slot_state);
/* Asks the spawner to start it, whatever may run already. */
void	 slot_spawn(struct sched *, struct slot *);
/* It is there, and not by a start: ev says which process, id 0: nobody
 * knows. */
void	 slot_found(struct sched *, struct slot *, const struct slot_event *);
/* Nothing is there: what becomes of the slot is decided. */
void	 slot_over(struct sched *, struct slot *, bool failed);
/* Nothing was there, and nothing came of it; it may be asked for anew. */
void	 slot_unused(struct sched *, struct slot *);
/* sched_probe.c: what became known in SLOT_LOOK, SLOT_CHECK and SLOT_UP. */
void	 probe_left(struct slot *);
void	 probe_found(struct sched *, struct slot *, struct slot_event *);
void	 probe_notfound(struct sched *, struct slot *, struct slot_event *);
void	 probe_checked(struct sched *, struct slot *, bool ok);
void	 probe_unrun(struct sched *, struct slot *, uint32_t error);
/* Nothing is there: it is over, or SLOT_SEEK if something may come yet. */
void	 probe_seek(struct sched *, struct slot *);
void	 probe_seek_less(struct sched *, struct slot *);
/* Stops this one process of the task, as the task's are stopped. */
void	 slot_stop_one(struct sched *, struct slot *, bool again,
	    enum sched_cause);
/* TERM or another, with KILL after it. */
void	 slot_signal(struct sched *, struct slot *, int sig);

#endif /* MONITOR_SLOT_H */
