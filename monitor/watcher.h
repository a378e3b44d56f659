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
 * Following files: between the path table (watch.h), the kernel's hints
 * (hints.h), the events of tasks and the scheduler.  Its files:
 *
 *	watcher.c	the event loop's side of it
 *	watch_task.c	events of tasks: when one has happened
 *	watch_table.c	which events there are
 *	watch_note.c	what was last acted on, kept by the spawner
 *	watch_lock.c	package managers at work
 *	watch_own.c	the daemon's own files
 */

#ifndef MONITOR_WATCHER_H
#define MONITOR_WATCHER_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stdint.h>

#include "monitor.h"
#include "watch.h"

struct hints;
struct pymod;
struct pymods;
struct wevent;
struct wtask;

/* A path of an event, and what of it was last acted on. */
struct wsub {
	struct watch_sub sub;
	struct wevent	*ev;
	uint32_t	 acted;		/* watch_mark() of then */
	bool		 unsure;	/* it was not at rest then */
};

/* Where an event stands. */
enum wevent_queue {
	WEVENT_IDLE,
	WEVENT_READY,		/* to be looked at after this turn */
	WEVENT_LOCKED		/* a package manager is at work */
};

struct wevent {
	TAILQ_ENTRY(wevent) entry;	/* of its queue */
	enum wevent_queue queue;
	struct wtask	*task;
	uint32_t	 index;		/* in the task's events */
	uint32_t	 key;		/* what it watches, as a hash: the
					   event is the same after a reload */
	uint32_t	 nsubs;
	struct wsub	*subs;
	uint32_t	 npending;	/* of its paths */
	bool		 restless;	/* do not wait for those */
	bool		 python;	/* subs[0] is the script, the others
					   are the modules as last listed */
	bool		 listed;	/* that they have been */
	uint16_t	 cmd;		/* that lists them; 0: none */
	struct pymod	*listing;	/* under way, or NULL */
	int64_t		 asked;		/* when that began, ms of wall_now() */
	uint32_t	 nkept;		/* what a note says of all of them, */
	uint32_t	*kept;		/* until they are listed; or NULL.
					   NKEPT_AS_ONE: in one number */
};

#define NKEPT_AS_ONE	0

struct wtask {
	struct watcher	*watcher;
	char		*name;
	uint32_t	 task;		/* index in the plan */
	uint32_t	 nevents;
	struct wevent	*events;
	uint64_t	 noted;		/* hash of the note the spawner has */
};

TAILQ_HEAD(wevents, wevent);

/* What is asked for: see struct stat_req of run.h.  The index of a watch_sub
 * is that of the table, or ASK_OWN and that of the daemon's own file. */
#define ASK_OWN		0x80000000U

struct wask {
	uint32_t	 task;
	uint32_t	 index;		/* of one that is free: the next */
};

/* One of the daemon's own files. */
struct wown {
	struct watch_sub sub;
	struct watcher	*watcher;
	uint8_t		 what;		/* enum follow_what */
	bool		 settled;	/* since it was last acted on */
	uint32_t	 loaded;	/* watch_mark() of what was loaded */
	uint32_t	 tried;		/* of what was last acted on */
};

/* A note that came with the sync under way. */
struct wnote {
	size_t		 len;
	uint8_t		*data;
};

struct watcher {
	struct monitor	*mon;
	struct watch_sys sys;
	struct hints	*hints;		/* NULL: all is swept */
	struct watch	*watch;
	struct pymods	*pymods;
	struct event	*timer;
	uint32_t	 ntasks;	/* of the plan */
	struct wtask	**tasks;	/* NULL: it has no events of files */
	struct wevents	 ready;
	struct wevents	 locked;
	struct mono	 look_locks;	/* again; never: nobody waits */
	struct mono	 look_ahead;	/* at the locks; never: no need */
	struct mono	 locks_free;	/* when they were last seen to be */
	bool		 waits_for_lock;	/* and it was said */
	uint32_t	 nasks;
	struct wask	*asks;
	uint32_t	 free_ask;	/* the first, or NO_INDEX */
	uint32_t	 nown;
	struct wown	*own;
	uint32_t	 nnotes;
	struct wnote	*notes;		/* by task, of the sync under way */
	bool		 warned;	/* of what cannot be watched */
	uint32_t	 nswept;	/* as last told to clients */
};

/* watcher.c */
struct watcher	*watcher_new(struct monitor *);
/* No more of it: the daemon stops. */
void	 watcher_rest(struct watcher *);
/* A sync is taken in: nothing is done about events until it is over. */
void	 watcher_sync_begin(struct watcher *);
/* The note of a task that came with it; task < ntasks. */
void	 watcher_note(struct watcher *, uint32_t task, const void *, size_t);
/* What is in force is another: watch what its events ask for.  Before the
 * processes that it starts are asked for. */
void	 watcher_synced(struct watcher *);
/* A delta: only these tasks are others. */
void	 watcher_changed(struct watcher *, const uint32_t *tasks, uint32_t n);

/*
 * For people, new memory, or NULL: which files are looked at by a timer, and
 * why; how many nobody can look at.
 */
char	*watcher_swept(const struct watcher *);
char	*watcher_unseen(const struct watcher *);

/* There is something to do in the next turn of the event loop. */
void	 watcher_soon(struct watcher *);
/* S_STATED: the answer to what was asked. */
void	 watcher_stated(struct watcher *, uint32_t tag, const struct file_id *);
/* S_FOLLOW: the daemon's own files.  0, or -1: malformed. */
int	 watcher_follow(struct watcher *, struct cursor *);
/* The number under which such a path is asked for from now on. */
uint32_t watcher_ask_index(struct watcher *, uint32_t task, uint32_t index);
/* Not any more; NO_INDEX is none. */
void	 watcher_ask_free(struct watcher *, uint32_t);

/* watch_own.c: takes the list of an S_FOLLOW; 0, or -1: malformed. */
int	 wown_take(struct watcher *, struct cursor *);
/* Does what is to be done about those that have changed. */
void	 wown_act(struct watcher *, struct mono now);

/* watch_table.c: takes the events of the schedule in force; those that were
 * there before keep what they know. */
void	 wtasks_rebuild(struct watcher *);
/* Those of tasks that have changed; all others have their places. */
void	 wtasks_update(struct watcher *, const uint32_t *tasks, uint32_t n);
/* What lists modules is forgotten; it will be asked for anew. */
void	 wtasks_forget_runs(struct watcher *);

/* watch_task.c */
void	 wevent_put(struct watcher *, struct wevent *, enum wevent_queue);
/* Follows one more path; there is room for it in subs. */
void	 wevent_add_path(struct watcher *, struct wevent *, const char *path,
	    bool content, uint32_t index);
/* Asks for the modules, if that is what it is about. */
void	 wevent_list(struct watcher *, struct wevent *);
bool	 wsub_is_new(const struct wsub *);
/* Does what is to be done about events that have happened. */
void	 wtasks_act(struct watcher *, struct mono now);

/* watch_note.c */
/* Fills in what was acted on from a note; false: it says nothing of that. */
bool	 wnote_find(const struct wnote *, struct wevent *);
/* What is there of all paths of an event, in one number. */
uint32_t wnote_as_one(const struct wevent *);
/* Of a note as it is kept; 0: there is none. */
uint64_t wnote_hash(const void *, size_t);
/* Sends the note of a task unless the spawner has the same already. */
void	 wnote_send(struct watcher *, struct wtask *);

/*
 * watch_lock.c: the lock file of a package manager at work, or NULL: what
 * changed at the time of sign at the latest is complete, as far as those go.
 */
const char	*wlock_held(struct watcher *, struct mono sign);
/* Looks in advance, or sets when to. */
void	 wlock_look_ahead(struct watcher *, struct mono now);
#define WLOCK_POLL_MS	500

#endif /* MONITOR_WATCHER_H */
