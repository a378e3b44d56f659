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
 * The inside of the scheduler, for sched*.c and slot.c only.
 *
 * Cost: an event touches its own slot and task, and the tasks that wait for
 * that very task.  A task that cannot start hangs itself on the list of the
 * first task in its way and is looked at again only when that one has run:
 * nobody counts requirements, nobody walks over all tasks.
 */

#ifndef MONITOR_SCHED_INT_H
#define MONITOR_SCHED_INT_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "../common/ipc.h"
#include "sched.h"
#include "sched_time.h"

#define RAN_LONG_MS	5000		/* spec.md 4: the row starts anew */
#define CMD_LIMIT_MS	60000		/* a command may run that long */
#define STOP_TIMEOUT_MS	5000		/* of what has no configuration */
#define GRACE_STEP_MS	250		/* between looks for it */
#define EVENTS_NOTED	32		/* events that a note can hold */

enum slot_state {
	SLOT_EMPTY,		/* nothing there, nothing asked for */
	SLOT_ASKED,		/* SPAWN sent, no answer yet */
	SLOT_CANCEL,		/* as ASKED, and to be stopped at once */
	SLOT_UP,		/* runs */
	SLOT_STOPCMD,		/* runs, and so does its stop command */
	SLOT_STOPPING,		/* signalled; KILL comes at the deadline */
	SLOT_KILLED,		/* KILL sent */
	SLOT_LINGER,		/* is gone, its stop command still runs */
	SLOT_BACKOFF,		/* is gone, starts again at the deadline */
	/* Of tasks that are probed, and before a first start: */
	SLOT_LOOK,		/* the spawner looks at the pidfile */
	SLOT_CHECK,		/* the check command says whether it runs */
	SLOT_GRACE,		/* its start command has ended well, what it
				   left behind is not there yet: looks again
				   at the deadline */
	SLOT_SEEK,		/* as the three above, but to be stopped as
				   soon as it shows itself */
	SLOT_MAX
};

/* What a timer's kind says, and so what its owner is. */
enum timer_kind {
	TIMER_SLOT,		/* struct slot */
	TIMER_SETTLE,		/* struct task: start_delay is over */
	TIMER_LIMIT,		/* struct task: time_limit is over */
	TIMER_CMD		/* struct cmdrun */
};

/* What the slot wants to know in SLOT_LOOK and SLOT_CHECK. */
enum look_for {
	LOOK_FOR_START,		/* whether to start it: not if it runs */
	LOOK_FOR_LEFT,		/* whether what ran left something running */
	LOOK_FOR_ORPHAN,	/* check says no: what there is to end */
	LOOK_FOR_PID		/* check says yes: which process it is */
};

/* A process of the spawner's table, by its id. */
struct procref {
	RB_ENTRY(procref) entry;
	uint64_t	 id;
	struct slot	*slot;		/* one of the two */
	struct cmdrun	*run;
};
RB_HEAD(proctree, procref);

static inline int
procref_cmp(const struct procref *a, const struct procref *b)
{
	return (a->id < b->id ? -1 : a->id > b->id);
}

RB_PROTOTYPE(proctree, procref, entry, procref_cmp)

struct slot {
	struct task	*task;
	uint16_t	 instance;
	uint8_t		 state;		/* by slot_set() only */
	bool		 due;		/* shall run: by task_set_due() only */
	bool		 again;		/* run it again when it is gone */
	bool		 stopped;	/* we asked it to go */
	bool		 held;		/* by the operator */
	bool		 picked;	/* by pick_marked(), within a step */
	bool		 foreign;	/* its process is not our child */
	bool		 watched;	/* and its end will be told */
	bool		 looked;	/* for an orphan, before the first */
	bool		 probe_failed;	/* that is why it is not running */
	bool		 answered;	/* its check command has said yes */
	bool		 was_up;	/* so said the scheduler before: no
					   record of the spawner can */
	bool		 was_asked;	/* so says its note: to go, by
					   whatever signal */
	bool		 anew;		/* once, event: its run was broken off
					   to be done once more: the end that
					   its record tells is none */
	bool		 row_known;	/* not_before is what the scheduler
					   before had: the row that its end
					   tells of is not reckoned anew */
	bool		 grace_known;	/* as the scheduler before has it */
	bool		 left_out;	/* once, event: the run that was
					   asked for is of other slots */
	uint8_t		 look_for;	/* enum look_for */
	uint8_t		 cause;		/* enum sched_cause of its next start */
	uint8_t		 stale;		/* STALE_*: differs from the plan */
	bool		 has_exit;	/* and nothing was started since */
	bool		 ended;		/* some process did: status and
					   exited_wall are of the last */
	uint8_t		 nfail;		/* place in the row of delays */
	uint8_t		 stage;		/* of the last failed start */
	uint8_t		 last_signal;	/* told by the sync */
	uint8_t		 stop_sig;	/* by which we asked it; 0: command */
	uint32_t	 error;
	uint32_t	 tag;		/* of the SPAWN or LOOK under way */
	uint32_t	 pid;		/* 0: no process */
	uint32_t	 status;
	uint32_t	 starts;
	uint64_t	 last_id;	/* of its process, also when gone */
	struct procref	 ref;
	struct cmdrun	*run;		/* its stop command */
	struct cmdrun	*probe;		/* its check command */
	struct timer	 timer;
	struct mono	 started;
	struct mono	 exited;
	struct mono	 failed;	/* when its last start did */
	struct mono	 not_before;	/* by the row of delays */
	struct mono	 stop_at;	/* when we asked it to go */
	struct mono	 grace;		/* SLOT_LOOK ... SLOT_SEEK: until then
					   what a start left may appear */
	int64_t		 started_wall;
	int64_t		 exited_wall;
};

enum cmd_state {
	CMD_ASKED,
	CMD_RUNNING,
	CMD_TERMED,
	CMD_KILLED
};

/* What a command under way is there for. */
enum cmd_for {
	CMD_FOR_NOBODY,		/* found at a sync, or of no use any more */
	CMD_FOR_STOP,		/* slots wait for it: slot->run */
	CMD_FOR_CHECK,		/* one slot waits for it: slot->probe */
	CMD_FOR_EVENT,		/* event, or a person: its end is told */
	CMD_FOR_VERIFY		/* event: the action waits for its exit */
};

#define NO_EVENT	UINT32_MAX

struct cmdrun {
	LIST_ENTRY(cmdrun) entry;
	struct task	*task;
	struct slot	*slot;		/* CMD_FOR_CHECK */
	uint32_t	 event;		/* index, or NO_EVENT */
	uint32_t	 ticket;	/* of sched_run(), or 0 */
	uint64_t	 about;		/* id of the process, or 0 */
	struct procref	 ref;
	struct timer	 timer;
	uint32_t	 tag;
	uint16_t	 cmd;
	uint16_t	 instance;
	uint8_t		 state;		/* enum cmd_state */
	uint8_t		 use;		/* enum cmd_for */
};

/* An event of the configuration, on its way to its action. */
#define EV_BUSY		0x01		/* verify or command is under way */
#define EV_AGAIN	0x02		/* has happened anew meanwhile */
#define EV_VERIFYING	0x04

struct task {
	uint32_t	 idx;		/* NO_INDEX: gone from the plan */
	struct schedrec_task conf;
	uint8_t		 control;	/* in force */
	uint8_t		 state;
	uint8_t		 reason;
	bool		 known;		/* its record has come */
	bool		 settled;	/* all up for start_delay */
	bool		 asked;		/* event: was started; until it ran */
	bool		 ran;		/* once, event: all have exited */
	bool		 ran_ok;	/* and all with 0 */
	bool		 rerun;		/* once, event: once more after it */
	bool		 control_set;	/* by request */
	bool		 count_set;
	uint32_t	 verify_failed;	/* event + 1 of the last failure; 0:
					   none, or not since a success */
	uint8_t		*events;	/* EV_*, one an event of conf */
	uint32_t	 pending;	/* of a note: bit an event */
	bool		 dirty;		/* on the list of changed tasks */
	bool		 down;		/* shutdown has passed it */
	uint32_t	 count;		/* in force */
	uint32_t	 ndue;		/* slots that shall run */
	uint16_t	 nstate[SLOT_MAX];
	uint32_t	 nslots;
	struct slot	**slots;
	struct timer	 settle;
	struct timer	 limit;
	struct mono	 void_before;	/* starts before it do not count */
	struct mono	 seen_exit;	/* the last that onexit was run for */
	int64_t		 since_wall;
	uint64_t	 note_hash;	/* of the note as last sent */
	struct sched_counts counts;
	struct sched_outcome outcome;	/* of the last sync */
	LIST_HEAD(, cmdrun) cmds;

	/* The graph; see sched_graph.c. */
	uint32_t	 nparents;	/* tasks that require this one */
	uint32_t	 nblock;	/* parents not yet down */
	struct task	*blocker;	/* what it waits for */
	LIST_HEAD(, task) waiters;	/* those that wait for it */
	LIST_ENTRY(task) wait;

	TAILQ_ENTRY(task) work;		/* on s->ready or s->falling */
	bool		 queued;
	TAILQ_ENTRY(task) change;	/* on s->dirty */
	TAILQ_ENTRY(task) touch;	/* on s->touched: outcome.touched */
	TAILQ_ENTRY(task) request;	/* on s->requested */
	bool		 requested;	/* holds, count or control by request */
};
TAILQ_HEAD(taskq, task);

/* A command's record, until all slots are known. */
struct cmdrec {
	struct sync_proc rec;		/* without its name */
	struct task	*task;
};

struct sched {
	struct task	*tasks;
	uint32_t	 ntasks;
	struct task	**ghosts;	/* hold what no task owns any more */
	uint32_t	 nghosts;
	uint8_t		 mode;
	uint32_t	 gen;		/* of the plan */
	bool		 config_event;
	bool		 converged;
	bool		 told;		/* ALLSTOPPED was sent */
	struct sched_clock clk;		/* of the step */
	struct proctree	 procs;
	struct timers	 timers;
	struct mono	 armed;
	struct taskq	 ready;		/* may start now: look at them */
	struct taskq	 falling;	/* shutdown: their turn has come */
	struct taskq	 dirty;		/* state to be worked out anew */
	struct taskq	 touched;	/* by the last sync */
	struct taskq	 requested;	/* with something requested */
	uint32_t	 nup;		/* slots in SLOT_UP */
	uint32_t	 nlive;		/* slots with a process or a request,
					   and commands */
	uint32_t	 nrunning;
	uint32_t	 first_tag;
	uint32_t	 next_tag;
	uint32_t	 next_ticket;
	bool		 updating;	/* a DELTA is under way */
	bool		 regraph;	/* and it changes what requires what */
	struct slot	*coming;	/* started again by standing order,
					   while its exit is handled */
	uint64_t	 changes;
	struct sched_sum sum;
	struct cmdrec	*cmdrecs;	/* during a sync only */
	uint32_t	 ncmdrecs;
	struct sched_action *acts;
	size_t		 nacts;
	size_t		 maxacts;
};

/* sched.c */
struct sched_action	*sched_emit(struct sched *, enum sched_what);
struct sched_action	*sched_report(struct sched *, enum sched_report,
			    const struct task *, uint16_t instance);
void		 sched_count(struct sched *, const struct task *);
void		 sched_signal(struct sched *, uint64_t id, int sig);
void		 sched_step_end(struct sched *);
bool		 sched_is_old(const struct sched *, uint32_t tag);
struct slot	*task_slot(struct task *, uint16_t instance);
/* A slot of the task, or NULL where there never was one. */
struct slot	*task_has_slot(const struct task *, uint32_t instance);
struct procref	*proctree_find(struct sched *, uint64_t id);
void		 proctree_add(struct sched *, struct procref *, uint64_t id);
void		 proctree_del(struct sched *, struct procref *);

/* sched_task.c: what a task wants, and whether it has run. */
bool	 task_in_scope(const struct task *);
bool	 task_enabled(const struct task *);
bool	 task_wanted(const struct sched *, const struct task *);
bool	 task_is_held(const struct task *);
bool	 task_met(const struct task *, bool ok);
bool	 task_runs_once(const struct task *);
bool	 task_probed(const struct task *);
bool	 task_run_due(const struct task *, const struct slot *);
bool	 slot_has_ended(const struct slot *);
void	 task_all_in(struct task *);	/* none is left_out */
uint32_t task_nlive(const struct task *);	/* processes and requests */
void	 task_set_due(struct task *, struct slot *, bool due);
bool	 task_may_start(struct sched *, const struct slot *);
void	 task_consider(struct sched *, struct task *);
void	 task_consider_slot(struct sched *, struct slot *);
void	 task_start(struct sched *, struct task *);
void	 task_up_changed(struct sched *, struct task *);
void	 task_slot_over(struct sched *, struct slot *, bool failed);
void	 task_slot_unused(struct sched *, struct slot *);
void	 task_all_exited(struct sched *, struct task *);
void	 task_all_ran(struct sched *, struct task *);
void	 task_find_ran(struct sched *, struct task *);
void	 task_wake(struct sched *, struct task *);
void	 task_unwait(struct task *);
void	 task_dirty(struct sched *, struct task *);
int64_t	 backoff_delay(uint8_t nfail);

/* sched_stop.c: how things are stopped. */
typedef bool slot_pick(const struct slot *);
bool	 pick_all(const struct slot *);
bool	 pick_up(const struct slot *);
bool	 pick_surplus(const struct slot *);
bool	 pick_stale(const struct slot *);
bool	 pick_marked(const struct slot *);
bool	 pick_unknown(const struct slot *);
struct stop_how;
void	 task_how(const struct task *, bool again, struct stop_how *);
/* cause: of the start that follows, where again. */
void	 task_stop(struct sched *, struct task *, slot_pick *, bool again,
	    enum sched_cause);
void	 task_limit(struct sched *, struct task *);
bool	 task_stops_by(const struct task *, uint16_t cmd);
/* Stops it, to be started again where it is kept running. */
void	 task_bounce(struct sched *, struct task *, slot_pick *,
	    enum sched_cause);
void	 shutdown_begin(struct sched *);
void	 shutdown_check(struct sched *, struct task *);
void	 shutdown_fall(struct sched *);

/* sched_cmd.c: the commands of a task, beside its processes. */
struct cmdrun	*cmd_start(struct sched *, struct task *, uint16_t instance,
		    uint64_t id, uint16_t cmd, enum cmd_for);
struct cmdrun	*cmd_new(struct sched *, struct task *, uint16_t cmd,
		    uint16_t instance);
void	 cmd_spawned(struct sched *, struct cmdrun *, uint64_t id);
/* It has ended (status), or could not be run (unrun; status is an errno). */
void	 cmd_over(struct sched *, struct cmdrun *, bool unrun,
	    uint32_t status);
void	 cmd_stop(struct sched *, struct cmdrun *);
void	 cmd_timer(struct sched *, struct cmdrun *);
/* It was refused, as of an old plan: asks again. */
void	 cmd_again(struct sched *, struct cmdrun *);

/* sched_probe.c: is it running? */
bool	 probe_before(struct sched *, struct slot *);
bool	 probe_after(struct sched *, struct slot *);
void	 probe_arm(struct sched *, struct slot *);
void	 probe_due(struct sched *, struct slot *);
void	 probe_revise(struct sched *, struct slot *);
bool	 probe_is_open(const struct slot *);
bool	 probe_open(const struct sched *, const struct task *);
void	 probe_close(struct sched *, struct task *);
bool	 probe_may_seek(const struct sched *, const struct slot *);
void	 probe_drop(struct slot *);

/* sched_event.c */
void	 event_fire(struct sched *, struct task *, uint32_t event);
void	 event_cmd_over(struct sched *, struct task *, uint32_t event,
	    enum cmd_for, bool ok);
uint32_t events_pending(const struct task *);
/* Tells events of one configuration from those of another. */
uint32_t events_hash(const struct schedrec_task *);

/* sched_request.c */
void	 task_request(struct sched *, struct task *);
void	 task_unrequest(struct sched *, struct task *);

/* sched_graph.c */
int	 graph_build(struct sched *);
int	 graph_check(struct sched *);

/* sched_state.c */
void	 task_work_out(struct sched *, struct task *);

/* sched_note.c */
bool	 note_changed(struct sched *, struct task *);

/* sched_sync.c: what a sync does to a task, also used by a DELTA. */
int	 sync_conf_check(const struct sched *, const struct schedrec_task *);
void	 sync_touch(struct sched *, struct task *);
void	 sync_find_due(struct sched *, struct task *);
void	 sync_stop_wrong(struct sched *, struct task *);
void	 sync_late(struct sched *, struct task *);
void	 sync_started(struct sched *, struct task *);

#endif /* MONITOR_SCHED_INT_H */
