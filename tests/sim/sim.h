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
 * The simulator: the scheduler, linked as it is, between a made-up spawner
 * and made-up processes under a made-up clock.
 *
 *	gen.c conf.c		random configurations, and their records
 *	world.c life.c		the spawner, and what it starts and finds
 *	monitor.c request.c	what sync.c, act.c and client.c do
 *	trial.c			loads for trial, and DELTA beside FULL
 *	told.c leaving.c	what the monitor has been told
 *	check.c event.c rest.c	what must never be
 *	hist.c shrink.c sim.c	one history; a shorter one; the program
 */

#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "../../common/ipc.h"
#include "../../monitor/sched.h"

#define SIM_TASKS	16		/* names there are */
#define SIM_COUNT	4		/* most instances of one */
#define SIM_REQS	6
#define SIM_EVENTS	2		/* of a file, each of its own command */
#define SIM_STEPS	400		/* most of a history before its end */

enum sim_cmd {
	DO_START,
	DO_STOP,
	DO_CHECK,
	DO_EVENT,			/* one an event */
	DO_VERIFY = DO_EVENT + SIM_EVENTS,
	DO_ASKED = DO_VERIFY + SIM_EVENTS,	/* what people run */
	SIM_CMDS
};

enum stop_kind {
	BY_TERM,
	BY_SHARED,		/* commands.stop, the same for all */
	BY_EACH,		/* commands.stop, one for each process */
	BY_EVENT		/* an event of type restart sends USR1 */
};

/* What the start command of a probed task does. */
enum leaves {
	LEAVES_NOTHING,		/* it stays */
	LEAVES_DAEMON
};

/* One task of a configuration; others are named by their number. */
struct sim_task {
	uint8_t		 name;
	uint8_t		 control;
	uint8_t		 count;
	bool		 in_role;
	bool		 held;
	uint32_t	 start_delay;
	uint32_t	 time_limit;
	uint32_t	 stop_timeout;
	uint32_t	 check_interval;
	uint32_t	 check_timeout;
	uint8_t		 nreq;
	uint8_t		 req[SIM_REQS];
	bool		 ok[SIM_REQS];
	uint8_t		 onexit;	/* name + 1; 0: none */
	uint8_t		 stop;		/* enum stop_kind */
	bool		 check;		/* has commands.check */
	bool		 pidfile;
	bool		 each;		/* commands differ by process */
	uint8_t		 leaves;	/* enum leaves */
	uint8_t		 nev;
	uint8_t		 action[SIM_EVENTS];
	bool		 verify[SIM_EVENTS];
	uint32_t	 print;		/* of what it is started from */
};

struct sim_conf {
	uint32_t	 n;
	struct sim_task	 t[SIM_TASKS];	/* in file order */
};

struct rng {
	uint64_t	 x;
};

struct world;

/* gen.c */
uint64_t	 mix(uint64_t, uint64_t);
uint32_t	 rnd(struct rng *, uint32_t below);
bool		 chance(struct rng *, uint32_t percent);
void		 conf_make(struct rng *, struct sim_conf *);
/* small: neither names nor their order change. */
void		 conf_change(struct rng *, struct sim_conf *, bool small);
void		 conf_calm(struct sim_conf *);
void		 conf_remove(struct sim_conf *, uint8_t name);

/* conf.c */
/* Its place in the configuration, or -1. */
int		 conf_find(const struct sim_conf *, uint8_t name);
const struct sim_task	*conf_task(const struct sim_conf *, uint8_t name);
/* The same tasks in the same order? */
bool		 conf_same(const struct sim_conf *, const struct sim_conf *);
void		 conf_record(const struct sim_conf *, uint32_t i,
		    struct schedrec_task *);
const char	*sim_name(uint8_t name);
void		 conf_say(struct world *);
bool		 sim_in_scope(const struct sim_task *);
bool		 sim_may_run(const struct sim_task *);
bool		 sim_enabled(const struct sim_task *);
bool		 sim_probed(const struct sim_task *);
bool		 sim_once(const struct sim_task *);

/* A record of the spawner's table. */
struct sim_proc {
	bool		 used;
	bool		 running;
	bool		 foreign;	/* the process is in world.out */
	uint8_t		 name;
	uint8_t		 instance;
	uint8_t		 kind;
	uint8_t		 cmd;
	uint8_t		 last_signal;
	bool		 stubborn;	/* does not end by TERM */
	uint32_t	 print;
	uint32_t	 pid;
	uint32_t	 starts;
	uint32_t	 again_ms;	/* standing order, for plan gen */
	uint32_t	 gen;
	uint32_t	 status;
	uint64_t	 id;
	uint64_t	 target;	/* of a command */
	int64_t		 started;
	int64_t		 exited;
	int64_t		 signalled;
	int64_t		 dies;		/* when, by itself; 0: never */
	uint32_t	 dies_with;
};

#define SIM_PROCS	256

enum sim_pidfile {
	PID_NONE,
	PID_GOOD,			/* names the process outside */
	PID_GARBAGE,
	PID_DEAD,
	PID_RECYCLED,
	PID_OURS,
	PID_UNREADABLE,
	PID_DENIED,
	PID_MAX
};

/* A process of a slot that is no child of the spawner. */
struct sim_out {
	bool		 alive;
	bool		 watched;	/* the system tells its end */
	bool		 stubborn;
	bool		 lied;		/* about it, or it came when it was
					   not asked for: two may be */
	uint8_t		 file;		/* enum sim_pidfile */
	uint32_t	 pid;
	uint64_t	 id;		/* in the table; 0: not there */
	int64_t		 started;
	int64_t		 comes;		/* a daemon on its way; 0: none */
	int64_t		 dies;		/* 0: never */
};

/* What people asked for, as long as it holds. */
struct sim_wish {
	uint8_t		 control;	/* + 1; 0: none */
	uint8_t		 count;		/* 0: none */
	uint8_t		 held;		/* a bit a slot */
};

enum sim_msg_type {
	TO_SYNC,
	TO_SPAWNED,
	TO_FAILED,
	TO_EXITED,
	TO_FOUND,
	TO_NOTFOUND,
	TO_SHUTDOWN
};

/* The process of a slot that was asked to go, and is to be given its grace. */
struct leaving {
	uint64_t	 id;		/* 0: none */
	bool		 by_cmd;	/* by a command, over by now */
};

/* All that a sync says, as it was when it was sent. */
struct sim_sync {
	uint8_t		 kind;		/* enum sync_kind */
	uint32_t	 gen;
	uint8_t		 mode;
	bool		 config_event;
	bool		 differs[SIM_TASKS];	/* DELTA: by index */
	struct sim_conf	 conf;
	struct sim_proc	 procs[SIM_PROCS];
	struct sim_out	 out[SIM_TASKS][SIM_COUNT];
	uint8_t		 note[SIM_TASKS][LIMIT_NOTE];
	uint8_t		 notelen[SIM_TASKS];
	struct sim_wish	 wish[SIM_TASKS];
	struct leaving	 leaving[SIM_TASKS][SIM_COUNT];
	uint64_t	 known[SIM_TASKS][SIM_COUNT];	/* to who takes it */
	int64_t		 kill_by[SIM_TASKS][SIM_COUNT];
};

struct sim_msg {
	enum sim_msg_type type;
	uint32_t	 tag;
	struct spawned	 spawned;
	struct spawnfail failed;
	struct exited	 exited;
	struct found	 found;
	struct notfound	 notfound;
	uint8_t		 mode;
	struct sim_sync	*sync;
};

/* A request on its way to the spawner. */
struct sim_req {
	struct sched_action act;
	uint32_t	 gen;
	uint8_t		 note[LIMIT_NOTE];
	uint8_t		 notelen;
	/* Of the task that the note is of: */
	struct sim_wish	 wish;
	struct leaving	 leaving[SIM_COUNT];
};

#define SIM_QUEUE	4096

/* What the monitor has been told of a slot. */
struct shadow {
	bool		 live;
	bool		 foreign;
	bool		 watched;
	bool		 known_up;	/* a check says so, no process is
					   known */
	bool		 asked;		/* a SPAWN is under way */
	bool		 looking;	/* a LOOK is */
	uint32_t	 tag;		/* its */
	bool		 stopping;	/* the monitor has asked it to go */
	bool		 by_cmd;	/* by a command */
	bool		 cmd_over;	/* which has ended */
	const struct shadow_cmd *by;	/* the one */
	bool		 exited;
	bool		 seen;		/* that was told, not found at a sync,
					   and it was within count */
	bool		 failed;	/* the last start did */
	bool		 probe_no;	/* the last probe said: not running */
	bool		 check_ok;	/* the last check said: it runs */
	uint32_t	 status;
	int64_t		 started;
	int64_t		 up_since;	/* started, or found */
	int64_t		 probed;	/* when the last probe was over */
	int64_t		 notbefore;	/* the row of delays */
	int64_t		 kill_by;	/* when KILL must have been sent */
	uint8_t		 nfail;
	uint64_t	 id;
	uint32_t	 print;
};

/* A command that the monitor has asked for. */
struct shadow_cmd {
	bool		 used;
	bool		 running;
	bool		 killed;
	bool		 old;		/* found at a sync */
	bool		 moot;		/* a check that may be dropped */
	bool		 dropped;	/* another has been asked for since */
	uint8_t		 name;
	uint8_t		 instance;
	uint8_t		 cmd;
	uint32_t	 tag;
	uint64_t	 id;
	int64_t		 kill_by;
};

#define SIM_SHADOWS	128

/* What is owed to an event that has happened. */
struct shadow_event {
	bool		 must;		/* to be acted on */
	bool		 may;		/* it is no error to */
	bool		 act;		/* verified: now the action */
	bool		 free;		/* a sync came while it was busy */
	bool		 stray;		/* what its predecessor by this number
					   runs may be asked for again */
};

struct world {
	struct rng	 rng;
	uint64_t	 seed;
	bool		 verbose;
	bool		 calm;		/* no faults any more */
	int64_t		 now;
	/* The spawner. */
	uint32_t	 gen;
	uint32_t	 full_gen;	/* of the last full sync */
	uint8_t		 mode;
	struct sim_conf	 conf;
	struct sim_conf	 sent;		/* by the last sync */
	struct sim_proc	 procs[SIM_PROCS];
	struct sim_out	 out[SIM_TASKS][SIM_COUNT];
	uint8_t		 counted[SIM_TASKS];	/* R_COUNT; 0: none */
	uint8_t		 ruled[SIM_TASKS];	/* its control + 1 */
	uint64_t	 next_id;
	uint8_t		 note[SIM_TASKS][LIMIT_NOTE];
	uint8_t		 notelen[SIM_TASKS];
	struct sim_wish	 noted[SIM_TASKS];	/* what these notes hold */
	struct leaving	 leaving[SIM_TASKS][SIM_COUNT];	/* and which processes
						   were asked to go */
	bool		 allstopped;
	bool		 up;		/* there is somebody to tell */
	/* On the way. */
	struct sim_msg	 to[SIM_QUEUE];
	uint32_t	 to_head, to_tail;
	struct sim_req	 from[SIM_QUEUE];
	uint32_t	 from_head, from_tail;
	/* The monitor. */
	struct sched	*sched;
	uint32_t	 sched_gen;
	uint32_t	 first_tag;
	int64_t		 armed;		/* 0: not */
	struct sim_conf	 told;		/* its configuration, with wishes */
	struct sim_wish	 wish[SIM_TASKS];
	struct shadow	 shadow[SIM_TASKS][SIM_COUNT];
	struct shadow_cmd cmds[SIM_SHADOWS];
	struct shadow_event ev[SIM_TASKS][SIM_EVENTS];
	bool		 was_done[SIM_TASKS];
	bool		 owes_run[SIM_TASKS];	/* an event has said so */
	bool		 wished[SIM_TASKS];	/* the step changed a wish */
	bool		 partly[SIM_TASKS];	/* some of it was started */
	bool		 asked_for;	/* the step is what a person asked */
	uint32_t	 tickets[SIM_SHADOWS];
	uint32_t	 ntickets;
	/* What went wrong; NULL: nothing. */
	const char	*wrong;
	char		 detail[256];
	/* What happened, to see that everything does. */
	uint64_t	 steps;
};

void	 say(struct world *, const char *, ...)
	    __attribute__((__format__(printf, 2, 3)));
void	 wrong(struct world *, const char *rule, const char *, ...)
	    __attribute__((__format__(printf, 3, 4)));

/* world.c */
void	 world_spawner_step(struct world *);
bool	 world_spawner_busy(const struct world *);
void	 world_sync(struct world *, enum sync_kind, bool config_event);
struct sim_sync	*world_make_sync(const struct world *, enum sync_kind,
		    bool config_event);
void	 world_reload(struct world *, bool delta);
void	 world_shutdown(struct world *, uint8_t mode);
void	 world_kill_monitor(struct world *);
uint32_t world_nrunning(const struct world *);
struct sim_msg	*world_send(struct world *, enum sim_msg_type);
struct sim_proc	*world_proc(struct world *, uint64_t id);
struct sim_proc	*world_slot(struct world *, uint8_t name, uint8_t instance);
struct sim_proc	*world_new_proc(struct world *);
void	 world_spawn_again(struct world *, const struct sim_proc *);
/* The task as it is in force, control by request and all. */
const struct sim_task	*world_in_force(const struct world *, uint8_t name);

/* life.c */
void	 life_give(struct world *, struct sim_proc *,
	    const struct sim_task *);
void	 life_begin(struct world *);
void	 life_signal(struct world *, struct sim_proc *, uint8_t sig);
void	 life_look(struct world *, const struct sim_req *);
/* Would it be found, if nobody lies? */
bool	 life_findable(const struct world *, const struct sim_task *,
	    uint8_t instance);
/* Ends the processes whose time has come; the next such time, or 0. */
void	 life_pass(struct world *);
int64_t	 life_next(const struct world *);
void	 life_calm(struct world *);

/* monitor.c */
void	 monitor_step(struct world *);
bool	 monitor_busy(const struct world *);
void	 monitor_timer(struct world *);
struct sched_clock	 monitor_clock(const struct world *);
struct sched	*monitor_build(struct world *, const struct sim_sync *,
		    const struct sched *before);
/* Does what the step decided; m: what it was about, or NULL. */
void	 monitor_flush(struct world *, const struct sim_msg *m);

/* request.c */
void	 request_random(struct world *);
void	 request_fire(struct world *);

/* trial.c: a reload at a quiet moment, tried before. */
void	 trial_reload(struct world *);
bool	 world_quiet(const struct world *);

/* told.c */
void	 check_told(struct world *, const struct sim_msg *);
struct shadow	*shadow_by_id(struct world *, uint64_t id, uint8_t *name,
		    uint8_t *instance);
struct shadow_cmd	*shadow_cmd_by_id(struct world *, uint64_t id);
struct shadow_cmd	*shadow_cmd_new(struct world *);
/* Is one of that command of the task under way?  instance: or SCHED_ALL. */
bool	 shadow_cmd_runs(const struct world *, uint8_t name,
	    uint16_t instance, uint8_t cmd);
void	 told_wishes(struct world *, uint8_t name);
void	 told_moot(struct world *, uint8_t name, uint16_t instance);
bool	 shadow_there(const struct shadow *);
/* Slots that are up though nobody knows the process. */
void	 told_known_up(struct world *);

/* leaving.c */
struct leaving	 told_leaving(const struct shadow *);
bool	 told_stopping(const struct sim_sync *, const struct sim_proc *,
	    const struct sim_task *);
void	 told_before(const struct world *, struct sim_sync *);
/* What that has asked to go has its grace, when no other is about it. */
void	 told_stop_over(struct world *, const struct shadow_cmd *);

/* check.c */
void	 check_actions(struct world *, const struct sim_msg *);
void	 check_time(struct world *);
bool	 check_met(const struct world *, uint8_t name, bool ok);
bool	 check_requirements(const struct world *, const struct sim_task *,
	    uint8_t *which);

/* views.c */
void	 check_views(struct world *);

/* event.c */
void	 event_fired(struct world *, uint8_t name, uint8_t e);
void	 event_told(struct world *, const struct shadow_cmd *, bool failed,
	    uint32_t status, uint32_t error);
bool	 event_owes_stop(const struct world *, const struct sim_task *);
bool	 event_owes_start(const struct world *, uint8_t name);
void	 event_actions(struct world *);
void	 event_sync(struct world *);

/* rest.c */
void	 check_rest(struct world *);

/* hist.c */
/* Plays the history of a seed; false: a rule was broken.  skip: steps and
 * names to leave out, or NULL. */
struct sim_skip {
	bool		 step[SIM_STEPS];
	bool		 name[SIM_TASKS];
};

bool	 history(struct world *, uint64_t seed, bool verbose,
	    const struct sim_skip *);

/* shrink.c: looks for a short history that breaks the same rule. */
void	 shrink(struct world *, uint64_t seed, struct sim_skip *);

#endif /* TESTS_SIM_H */
