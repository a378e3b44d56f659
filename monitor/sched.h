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
 * The scheduler: a pure step.  An event and the clock go in, actions come
 * out; nothing here does I/O, looks at a clock or knows a descriptor, so
 * that a simulator can drive it through any history.
 *
 * What goes in comes from the spawner and was taken apart by sync.c; the
 * spawner is trusted not to harm us, but what contradicts itself (a cycle,
 * an answer nobody asked for) is refused with -1, and the monitor then ends
 * itself: the next one is told everything anew.
 *
 * A scheduler lives from one sync to the next: sched_new(), sched_add_...(),
 * sched_converge(), then events; the next sync makes a new one.
 */

#ifndef MONITOR_SCHED_H
#define MONITOR_SCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/mono.h"
#include "../common/run.h"
#include "../common/states.h"
#include "schedrec.h"

struct sched;

/* Every call that may act is told the time. */
struct sched_clock {
	struct mono	 now;
	int64_t		 wall;	/* for showing only */
};

/* What is to be done, in this order, after a step. */
enum sched_what {
	SCHED_SPAWN,		/* task, instance, tag, again_ms */
	SCHED_RUN,		/* task, instance, cmd, id, tag */
	SCHED_LOOK,		/* task, instance, tag */
	SCHED_COUNT,		/* task, count, control: in force, for the
				   spawner */
	SCHED_SIGNAL,		/* id, sig */
	SCHED_NOTE,		/* task: sched_note() has it */
	SCHED_ALLSTOPPED,	/* mode */
	SCHED_ARM,		/* at: call sched_timer() then, once; takes
				   the place of one before; never: do not */
	SCHED_REPORT		/* something to tell people: report */
};

enum sched_report {
	REPORT_STARTED,		/* pid, ms: how many were in the slot before */
	REPORT_EXITED,		/* status, ms: how long it ran */
	REPORT_CANNOT_START,	/* stage, error, ms: until the next try */
	REPORT_BACKOFF,		/* ms: until it is started again */
	REPORT_STOPPING,	/* sig, or cmd when sig is 0 */
	REPORT_KILLED,		/* ms: how long it had been given */
	REPORT_TIME_LIMIT,
	REPORT_CMD_EXITED,	/* cmd, status */
	REPORT_CMD_FAILED,	/* cmd, stage, error */
	REPORT_CMD_KILLED,	/* cmd */
	REPORT_ONEXIT,		/* started by the end of another task */
	REPORT_FOUND,		/* pid (0: not known): runs already; ms: how
				   many starts of ours were before: at 0 it is
				   taken over */
	REPORT_ORPHAN,		/* pid: runs already, and is ended first */
	REPORT_LOOK,		/* look, error, pid: the pidfile is no good */
	REPORT_PROBE_FAILED,	/* status: starts again; error ETIMEDOUT: no
				   answer in time */
	REPORT_EVENT,		/* event: it has happened; cmd or sig is done
				   about it */
	REPORT_VERIFY_FAILED,	/* event, status: so nothing is done */
	REPORT_OPERATOR,	/* asked: what a person has asked for: "start",
				   "stop", "restart", "count" (count) or
				   "control" */
	REPORT_STATE,		/* state, reason: the task's, new */
	REPORT_MAX
};

struct sched_action {
	uint8_t		 what;		/* enum sched_what */
	uint8_t		 report;	/* enum sched_report */
	uint8_t		 mode;
	uint8_t		 sig;
	uint8_t		 stage;
	uint8_t		 state;
	uint8_t		 reason;
	uint8_t		 look;		/* enum look */
	uint8_t		 control;	/* enum control */
	uint16_t	 instance;
	uint16_t	 cmd;
	uint16_t	 count;
	uint32_t	 event;
	uint32_t	 ticket;	/* of what REPORT_CMD_... ends: see
					   sched_run(); 0: none */
	uint32_t	 left;		/* processes still to end with it */
	uint32_t	 task;		/* NO_INDEX: of no task any more */
	uint32_t	 tag;
	uint32_t	 again_ms;	/* standing order: see run.h */
	uint32_t	 pid;
	uint32_t	 error;
	uint32_t	 status;
	uint64_t	 id;
	int64_t		 ms;
	struct mono	 at;
	const char	*name;		/* the task's; lives with the sched */
	const char	*asked;		/* a constant */
};

struct sched_setup {
	uint32_t	 ntasks;
	uint32_t	 gen;		/* of the plan */
	uint8_t		 mode;		/* enum run_mode */
	bool		 config_event;	/* a (re)load, not a crash */
	uint32_t	 first_tag;	/* sched_next_tag() of the one before */
	uint64_t	 changes;	/* sched_changes() of it */
};

struct sched	*sched_new(const struct sched_setup *);
void		 sched_free(struct sched *);

/*
 * The records of a sync, tasks first and each of them once.  add_task takes
 * what the record holds (and clears it); the others borrow.  0, or -1 when
 * the record contradicts those before.
 */
int	 sched_add_task(struct sched *, uint32_t task,
	    struct schedrec_task *);
int	 sched_add_proc(struct sched *, const struct sync_proc *);
int	 sched_add_note(struct sched *, uint32_t task, const void *, size_t);
/*
 * After all of these, when the sync came to a monitor that lives: what the
 * scheduler before it knew and the spawner may not have been told in time.
 */
void	 sched_add_before(struct sched *, const struct sched *before);
/* All is known: act.  0, or -1: a task is missing, or requires a cycle. */
int	 sched_converge(struct sched *, const struct sched_clock *);

/*
 * What happened.  0, or -1 for what cannot be.  An answer to what an
 * earlier sched asked (by its tag) is not an error: it is ignored.
 */
int	 sched_spawned(struct sched *, const struct sched_clock *,
	    uint32_t tag, const struct spawned *);
int	 sched_spawnfail(struct sched *, const struct sched_clock *,
	    uint32_t tag, const struct spawnfail *);
int	 sched_exited(struct sched *, const struct sched_clock *,
	    const struct exited *);
void	 sched_timer(struct sched *, const struct sched_clock *);
/* Stop everything: MODE_STOP or MODE_RESET; a stop is never taken back. */
void	 sched_shutdown(struct sched *, const struct sched_clock *,
	    enum run_mode);

/* What the step wants done; good until the next call but these. */
const struct sched_action	*sched_actions(const struct sched *, size_t *);
void		 sched_actions_clear(struct sched *);
/* Writes the note of a task, at most LIMIT_NOTE bytes; its length. */
size_t		 sched_note(const struct sched *, uint32_t task, uint8_t *);
uint32_t	 sched_next_tag(const struct sched *);

/*
 * What people and events ask for (spec.md 5, 6, 9).  instance: one slot, or
 * SCHED_ALL of them.  Nothing is done unless the verdict is VERDICT_OK.
 */
#define SCHED_ALL	UINT16_MAX

enum sched_verdict {
	VERDICT_OK,		/* is under way: see sched_reached() */
	VERDICT_NO_CHANGE,	/* it is so already */
	VERDICT_SHUTDOWN,	/* the daemon stops */
	VERDICT_OUT_OF_SCOPE,	/* not in role, or control off */
	VERDICT_SUSPENDED,	/* its control is suspend */
	VERDICT_HELD,		/* it cannot be started here: conf.why */
	VERDICT_NOT_RUNNING,	/* nothing there to signal or run it for */
	VERDICT_NO_SLOT,	/* instance beyond count */
	VERDICT_NO_COMMAND,	/* it has none of that name */
	VERDICT_NO_PROBE,	/* nowait and adopt need a pidfile, or the
				   commands check and stop */
	VERDICT_MAX
};

/* Ends a hold and a backoff; starts a once or event task anew. */
enum sched_verdict	 sched_start(struct sched *,
			    const struct sched_clock *, uint32_t task,
			    uint16_t instance);
/* Stops, and holds until sched_start() or the next configuration event. */
enum sched_verdict	 sched_stop(struct sched *,
			    const struct sched_clock *, uint32_t task,
			    uint16_t instance);
enum sched_verdict	 sched_restart(struct sched *,
			    const struct sched_clock *, uint32_t task,
			    uint16_t instance);
/* 1 ... LIMIT_INSTANCES; until the next configuration event. */
enum sched_verdict	 sched_set_count(struct sched *,
			    const struct sched_clock *, uint32_t task,
			    uint32_t count);
enum sched_verdict	 sched_set_control(struct sched *,
			    const struct sched_clock *, uint32_t task,
			    enum control);
/* Would the two above say VERDICT_OK?  Changes nothing. */
enum sched_verdict	 sched_may_count(const struct sched *, uint32_t task,
			    uint32_t count);
enum sched_verdict	 sched_may_control(const struct sched *,
			    uint32_t task, enum control);
enum sched_verdict	 sched_signal_task(struct sched *,
			    const struct sched_clock *, uint32_t task,
			    uint16_t instance, int sig);
/*
 * Runs a command of the task, or the built-in "stop" and "start", as an
 * event would.  *ticket, above 0, is in the REPORT_CMD_... of each process
 * of it; 0 where there is none to wait for.
 */
enum sched_verdict	 sched_run(struct sched *, const struct sched_clock *,
			    uint32_t task, uint16_t instance,
			    const char *cmd, uint32_t *ticket);
/* An event of the task has happened; event is an index of conf.events. */
void	 sched_fire(struct sched *, const struct sched_clock *,
	    uint32_t task, uint32_t event);

/* Has a task (or a slot of it) come to what was asked for? */
enum sched_goal {
	GOAL_UP,		/* start, restart: counts as started; what
				   runs once: has run */
	GOAL_DOWN,		/* stop: no process is left */
	GOAL_STEADY		/* count, control: as many as there shall be */
};

enum sched_reached {
	REACHED_NOT_YET,
	REACHED,
	REACHED_NEVER		/* it failed: sched_view() says how */
};

enum sched_reached	 sched_reached(const struct sched *, uint32_t task,
			    uint16_t instance, enum sched_goal);

/* When the last of the processes of it was started that run; never: none
 * does, or none was by us. */
struct mono	 sched_newest(const struct sched *, uint32_t task,
		    uint16_t instance);

/* Answers of the spawner to SCHED_LOOK. */
int	 sched_found(struct sched *, const struct sched_clock *,
	    uint32_t tag, const struct found *);
int	 sched_notfound(struct sched *, const struct sched_clock *,
	    uint32_t tag, const struct notfound *);

/*
 * A DELTA sync, in this order: begin, each task whose record differs (its
 * name must be that of before; takes the record), each process that is
 * stale now, end, which acts as sched_converge() does.  0, or -1: it
 * contradicts itself.
 */
void	 sched_update_begin(struct sched *, uint32_t gen);
int	 sched_update_task(struct sched *, uint32_t task,
	    struct schedrec_task *);
int	 sched_update_stale(struct sched *, uint64_t id, uint8_t stale);
int	 sched_update_end(struct sched *, const struct sched_clock *);

/*
 * What the last sched_converge() or sched_update_end() does to the
 * processes of a task.  A DELTA touches those it came for and those with
 * something requested: touched says whether this is one.
 */
struct sched_outcome {
	bool		 touched;
	uint32_t	 kept;
	uint32_t	 started;	/* or to be, when its time comes */
	uint32_t	 stopped;
	uint32_t	 restarted;
	uint8_t		 stale;		/* STALE_*: why */
};

void	 sched_outcome(const struct sched *, uint32_t task,
	    struct sched_outcome *);

/* Why processes were started again, for counting. */
enum sched_cause {
	CAUSE_EXIT,		/* ended by itself */
	CAUSE_OPERATOR,
	CAUSE_CONFIG,
	CAUSE_EVENT,
	CAUSE_TIME_LIMIT,
	CAUSE_PROBE,
	CAUSE_MAX
};

/* Since the monitor was started. */
struct sched_counts {
	uint32_t	 starts;
	uint32_t	 start_failures;
	uint32_t	 exits_ok;
	uint32_t	 exits_bad;
	uint32_t	 exits_signal;
	uint32_t	 restarts[CAUSE_MAX];
};

/* Looking. */

/* What a task that is being started waits for, when it is no other task;
 * WAIT_LEFT also for one that is being stopped. */
enum sched_wait { WAIT_SPAWNER, WAIT_CHECK, WAIT_LEFT };

struct sched_view {
	const struct schedrec_task *conf;
	uint8_t		 control;	/* in force */
	uint8_t		 state;		/* enum task_state */
	uint8_t		 reason;	/* enum task_reason */
	uint32_t	 count;
	uint32_t	 running;
	uint32_t	 restarts;
	uint32_t	 nprocs;	/* slots that there is a word about */
	int64_t		 since_wall;	/* of the state */
	/* What the reason needs, where it does: */
	const char	*blocker;	/* REASON_WAITS_FOR: the task's name;
					   NULL: see wait */
	uint32_t	 blocker_task;	/* its index, or NO_INDEX */
	uint8_t		 blocker_state;
	uint8_t		 wait;		/* no blocker: enum sched_wait */
	uint8_t		 stage;		/* REASON_CANNOT_START */
	uint32_t	 error;
	bool		 has_exit;	/* status is one */
	uint32_t	 status;	/* REASON_EXITED, _BACKOFF_UNTIL */
	struct mono	 until;		/* when it ends by itself, or never */
	bool		 shutdown;	/* because the daemon stops */
	bool		 in_scope;	/* as the control in force has it */
	const struct sched_counts *counts;
};

struct sched_proc_view {
	uint16_t	 instance;
	uint32_t	 pid;		/* 0: not running */
	bool		 stopping;
	bool		 foreign;	/* not our child: it was found */
	bool		 held;		/* by sched_stop() */
	bool		 ended;		/* one did: status, exited_wall */
	uint8_t		 slot;		/* enum slot_state, for tests */
	uint32_t	 status;
	uint32_t	 starts;
	uint64_t	 id;
	struct mono	 started;
	int64_t		 started_wall;
	int64_t		 exited_wall;
};

/* What sched_converge() did, in processes. */
struct sched_sum {
	uint32_t	 kept;
	uint32_t	 started;
	uint32_t	 stopped;
	uint32_t	 restarted;
};

uint32_t	 sched_ntasks(const struct sched *);
uint32_t	 sched_nrunning(const struct sched *);	/* tasks */
enum run_mode	 sched_mode(const struct sched *);
/* Grows with every change that a view could show. */
uint64_t	 sched_changes(const struct sched *);
const struct sched_sum	*sched_sum(const struct sched *);
/* task < sched_ntasks(), k < nprocs. */
void		 sched_view(const struct sched *, uint32_t task,
		    struct sched_view *);
void		 sched_proc_view(const struct sched *, uint32_t task,
		    uint32_t k, struct sched_proc_view *);
const char	*sched_task_name(const struct sched *, uint32_t task);
const char	*sched_cmd_name(const struct sched *, uint32_t task,
		    uint16_t cmd);

#endif /* MONITOR_SCHED_H */
