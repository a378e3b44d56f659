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
 * The monitor.  In OpenSSH and lldpd "monitor" is the root process; here it
 * is the unprivileged one: it knows what should run, decides, and asks the
 * spawner, which alone is root.
 *
 * This header is the runtime island's: what its files share, whose input
 * each handles is said there.
 */

#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include <sys/queue.h>
#include <sys/tree.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/run.h"
#include "sched.h"
#include "schedrec.h"

struct event;
struct event_base;
struct client;
struct before;
struct plan_err;
struct request_item;
struct watcher;

/* The configuration as JSON; answers under way hold it across a reload. */
struct doc {
	unsigned int	 refs;
	size_t		 len;
	int		 fd;		/* read when it is asked for */
};

/* A task whose record a delta changes, and a process that is stale by it. */
struct told_task {
	uint32_t	 task;
	struct schedrec_task conf;
};

struct told_stale {
	uint64_t	 id;
	uint8_t		 stale;		/* STALE_* */
};

/* What a sync said, whole: of the plan in force or of the one to come. */
struct told {
	struct sync_begin begin;
	struct schedrec_plan plan;
	bool		 have_plan;
	struct sched	*sched;
	struct doc	*doc;		/* NULL: none */
	/* Of a delta, which has no sched of its own. */
	uint32_t	 nchanged;
	struct told_task *changed;
	uint32_t	 nstale;
	struct told_stale *stale;
};

/* What was said of the load that is under way, or of the last. */
struct loadlog {
	char		*text;		/* a line a message */
	size_t		 len;
	bool		 over;		/* the next message begins anew */
	bool		 failed;	/* when over */
	char		*error;		/* the first error, or NULL */
};

TAILQ_HEAD(clients, client);
TAILQ_HEAD(trials, trial);
RB_HEAD(waittree, request_item);

/* What the spawner said of an HTTP listener; addr is NULL: there is none. */
struct web_state {
	char		*addr;
	char		*error;
	bool		 control;
	bool		 tls;
	bool		 up;
};

struct monitor {
	struct event_base *base;
	struct chan	*spawner;
	char		 build[HELLO_BUILD + 1]; /* version of the spawner */
	struct event	*timer;
	struct watcher	*watcher;	/* of files: watcher.h */
	struct told	 now;		/* in force; sched is NULL before */
	struct told	 next;		/* of the sync under way */
	struct told	 trial;		/* what would be: see trial_synced() */
	struct told	*into;		/* the sync under way fills it; NULL:
					   there is none */
	bool		 syncing;	/* it is a full one: what is in force
					   is void */
	uint32_t	 epoch;		/* syncs so far */
	uint32_t	 next_tag;	/* of our questions that are not the
					   scheduler's */
	bool		 load_ok;
	struct loadlog	 load;
	struct before	*before;	/* the load that is to be told of */
	struct trials	 trials;	/* under way */
	uint64_t	 changes;	/* those that the sched cannot see */

	char		*checked;	/* why new programs are not used, or
					   NULL */
	struct web_state listeners[LIMIT_LISTEN];

	struct clients	 clients;
	unsigned int	 nclients;	/* from the control socket */
	uint64_t	 next_client;
	int		 ctl_fd;	/* the listening socket, or -1 */
	struct event	*ctl_event;
	int		 reserve_fd;	/* see client.c */
	uint64_t	 told_changes;	/* to those who subscribed */
	struct waittree	 waits;		/* by task: who waits for it */
	uint64_t	 next_wait;
	struct event	*wait_timer;	/* the first deadline of them */
};

/* runtime.c: runs until the spawner is gone; the exit status. */
int	 monitor_main(void);

/* sync.c: the handlers of SYNC_*. */
int	 on_sync_begin(struct chan *, struct msg *, void *);
int	 on_sync_sched(struct chan *, struct msg *, void *);
int	 on_sync_proc(struct chan *, struct msg *, void *);
int	 on_sync_note(struct chan *, struct msg *, void *);
int	 on_sync_doc(struct chan *, struct msg *, void *);
int	 on_sync_end(struct chan *, struct msg *, void *);
void	 doc_release(struct doc *);

/*
 * plan.c: of the R_TRIAL with that tag: a message; its end (false: it is no
 * trial's tag, but a reload's); and where that was ok and a plan was asked
 * for, m->trial is what it would be, converged, good until trial_synced()
 * returns.  Its actions are not to be done.
 */
void	 trial_message(struct monitor *, uint32_t tag,
	    const struct plan_err *);
bool	 trial_loaded(struct monitor *, uint32_t tag, const struct loaded *);
void	 trial_synced(struct monitor *, uint32_t tag);

/* act.c */
void	 act_clock(struct sched_clock *);
/* Does what the last step of the scheduler asked for. */
void	 act_flush(struct monitor *);
/* A sync begins: no step of the old scheduler any more. */
void	 act_stop(struct monitor *);
void	 act_timer(struct monitor *);

/* report.c: texts for people; always NUL-terminated. */
#define REASON_TEXT	512		/* room for any of them */
/* The log priority of it, or -1: not worth a line. */
int	 report_text(const struct sched *, const struct sched_action *,
	    char *, size_t);
/* The same without the task's name before it. */
int	 report_what(const struct sched *, const struct sched_action *,
	    char *, size_t);
void	 reason_text(const struct sched_view *, char *, size_t);
/* "0.25 s" in the buffer, which is returned. */
const char	*seconds_text(int64_t ms, char *, size_t);
/* "running"; "waiting, waits-for: db (backoff)". */
void	 state_text(const struct sched_view *, char *, size_t);
/*
 * remedy.c: what would clear the reason; "" when it runs.  via: the
 * requirement of another task by which one came here, or NULL.
 */
void	 remedy_text(const struct sched_view *, const struct schedrec_plan *,
	    const struct schedrec_require *via, char *, size_t);

/* listeners.c */
int	 on_s_listener(struct chan *, struct msg *, void *);
/* An A_LISTENER for each. */
void	 listeners_put(const struct monitor *, struct chan *, uint32_t tag);

/* alerts.c */
int	 on_s_checked(struct chan *, struct msg *, void *);
/* Lines for people, new memory each, into v, which has room for ALERTS_MAX;
 * how many. */
size_t	 alerts_list(struct monitor *, char **v);
#define ALERTS_MAX	3

/* client.c */
void	 clients_init(struct monitor *);
int	 on_s_client(struct chan *, struct msg *, void *);
int	 on_s_ctlsock(struct chan *, struct msg *, void *);
/* The first sync is over: questions may come. */
void	 clients_synced(struct monitor *);
/* Tells those who subscribed that something has changed. */
void	 clients_changed(struct monitor *);

/* A sync begins: what they ask from here on waits for its end. */
void	 clients_hold(struct monitor *);

/* wait.c */
void	 wait_init(struct monitor *);
/* What a step did: has anybody waited for it? */
void	 wait_step(struct monitor *, const struct sched_action *, size_t n);
/* A full sync is over: tasks have other indexes, or are gone. */
void	 waits_synced(struct monitor *);

/* reload.c */
int	 on_s_loaderr(struct chan *, struct msg *, void *);
int	 on_s_loaded(struct chan *, struct msg *, void *);
/*
 * What a sync said takes effect now, and has: answers those whose reload it
 * was with what it did.
 */
void	 reload_syncing(struct monitor *);
void	 reload_synced(struct monitor *);

#endif /* MONITOR_MONITOR_H */
