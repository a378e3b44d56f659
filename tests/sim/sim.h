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
 * and made-up processes under a made-up clock.  world.c is the spawner and
 * what it starts, gen.c makes configurations, check.c says what must never
 * be, hist.c plays one history, sim.c is the program.
 */

#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "../../common/ipc.h"
#include "../../monitor/sched.h"

#define SIM_TASKS	24		/* names there are */
#define SIM_COUNT	4		/* most instances of one */
#define SIM_REQS	6
#define SIM_CMDS	3		/* start, stop, again */

enum stop_kind {
	BY_TERM,
	BY_SHARED,		/* commands.stop, the same for all */
	BY_EACH,		/* commands.stop, one for each process */
	BY_EVENT		/* an event of type restart sends USR1 */
};

/* One task of a configuration; others are named by their number. */
struct sim_task {
	uint8_t		 name;
	uint8_t		 control;
	uint8_t		 count;
	bool		 in_scope;
	bool		 held;
	uint32_t	 start_delay;
	uint32_t	 time_limit;
	uint32_t	 stop_timeout;
	uint8_t		 nreq;
	uint8_t		 req[SIM_REQS];
	bool		 ok[SIM_REQS];
	uint8_t		 onexit;	/* name + 1; 0: none */
	uint8_t		 stop;		/* enum stop_kind */
	uint32_t	 print;		/* of what it is started from */
};

struct sim_conf {
	uint32_t	 n;
	struct sim_task	 t[SIM_TASKS];	/* in file order */
};

/* gen.c */
struct rng {
	uint64_t	 x;
};
uint32_t	 rnd(struct rng *, uint32_t below);
bool		 chance(struct rng *, uint32_t percent);
void		 conf_make(struct rng *, struct sim_conf *);
void		 conf_change(struct rng *, struct sim_conf *);
void		 conf_calm(struct sim_conf *);
/* Its place in the configuration, or -1. */
int		 conf_find(const struct sim_conf *, uint8_t name);
void		 conf_record(const struct sim_conf *, uint32_t i,
		    struct schedrec_task *);
const char	*sim_name(uint8_t name);

/* A record of the spawner's table. */
struct sim_proc {
	bool		 used;
	bool		 running;
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

enum sim_msg_type {
	TO_SYNC,
	TO_SPAWNED,
	TO_FAILED,
	TO_EXITED,
	TO_SHUTDOWN
};

/* All that a sync says, as it was when it was sent. */
struct sim_sync {
	uint32_t	 gen;
	uint8_t		 mode;
	bool		 config_event;
	struct sim_conf	 conf;
	struct sim_proc	 procs[SIM_PROCS];
	uint8_t		 note[SIM_TASKS][LIMIT_NOTE];
	uint8_t		 notelen[SIM_TASKS];
};

struct sim_msg {
	enum sim_msg_type type;
	uint32_t	 tag;
	struct spawned	 spawned;
	struct spawnfail failed;
	struct exited	 exited;
	uint8_t		 mode;
	struct sim_sync	*sync;
};

/* A request on its way to the spawner. */
struct sim_req {
	struct sched_action act;
	uint32_t	 gen;
	uint8_t		 note[LIMIT_NOTE];
	uint8_t		 notelen;
};

#define SIM_QUEUE	4096

/* What the monitor has been told of a slot. */
struct shadow {
	bool		 live;
	bool		 asked;		/* a SPAWN is under way */
	uint32_t	 tag;		/* its */
	bool		 stopping;	/* the monitor has asked it to go */
	bool		 exited;
	uint32_t	 status;
	int64_t		 started;
	int64_t		 notbefore;	/* the row of delays */
	int64_t		 kill_by;	/* when KILL must have been sent */
	uint8_t		 nfail;
	uint64_t	 id;
	uint32_t	 print;
};

struct world {
	struct rng	 rng;
	uint64_t	 seed;
	bool		 verbose;
	bool		 calm;		/* no faults any more */
	int64_t		 now;
	/* The spawner. */
	uint32_t	 gen;
	uint8_t		 mode;
	struct sim_conf	 conf;
	struct sim_proc	 procs[SIM_PROCS];
	uint64_t	 next_id;
	uint8_t		 note[SIM_TASKS][LIMIT_NOTE];
	uint8_t		 notelen[SIM_TASKS];
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
	struct sim_conf	 told;		/* its configuration */
	struct shadow	 shadow[SIM_TASKS][SIM_COUNT];
	bool		 was_done[SIM_TASKS];
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
void	 world_sync(struct world *, bool config_event);
void	 world_reload(struct world *);
void	 world_shutdown(struct world *, uint8_t mode);
void	 world_kill_monitor(struct world *);
/* Ends the processes whose time has come; the next such time, or 0. */
void	 world_deaths(struct world *);
int64_t	 world_next_death(const struct world *);
uint32_t world_nrunning(const struct world *);
struct sim_msg	*world_send(struct world *, enum sim_msg_type);

/* monitor.c */
void	 monitor_step(struct world *);
bool	 monitor_busy(const struct world *);
void	 monitor_timer(struct world *);

/* check.c */
void	 check_told(struct world *, const struct sim_msg *);
void	 check_actions(struct world *, const struct sim_msg *);
void	 check_views(struct world *);
void	 check_time(struct world *);
void	 check_calm(struct world *);

/* hist.c: plays the history of a seed; false: a rule was broken. */
bool	 history(struct world *, uint64_t seed, bool verbose);

#endif /* TESTS_SIM_H */
