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
 * The sealed plan as the spawner keeps it: everything root may run, as whom,
 * in which environment.  It is built record by record while the loader
 * talks (planload.c), then sealed: from then on its memory is read-only.
 *
 * The memory is shared mappings, for two reasons: fork(2) need not copy
 * their page tables, so that starting a process costs the same with ten
 * tasks and ten thousand; and mprotect(2) can seal them.
 */

#ifndef SPAWNER_PLANSTORE_H
#define SPAWNER_PLANSTORE_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "../common/ipc.h"
#include "../common/plan.h"

struct store_env {
	uint32_t	 shared;	/* index it replaces, or NO_INDEX */
	uint64_t	 hash;
	const char	*text;		/* NULL: the shared entry is removed */
};

struct store_cmd {
	const char	*name;
	uint32_t	 argc;
	bool		 marks;		/* some argument is late-bound */
	const char	**argv;		/* NULL at argv[argc] */
};

/*
 * Fingerprints of what a process is started with, so that what differs has a
 * name: part N is that of bit N of STALE_* in run.h.
 */
enum finger_part {
	FINGER_ARGV,
	FINGER_ENV,
	FINGER_CWD,
	FINGER_USER,
	FINGER_PROCNAME,
	FINGER_MAX
};

struct finger {
	uint64_t	 part[FINGER_MAX];
};

struct store_task {
	const char	*name;
	uint8_t		 control;	/* enum control */
	bool		 in_role;
	bool		 held;
	bool		 setids;
	bool		 env_marks;	/* some entry of env is late-bound */
	uint16_t	 count;
	uid_t		 uid;
	gid_t		 gid;
	uint32_t	 ngroups;
	gid_t		*groups;
	uint64_t	 signals;	/* bit N-1: signal N */
	const char	*cwd;		/* NULL: the daemon's */
	const char	*procname;	/* NULL: none */
	const char	*pidfile;	/* NULL: none */
	uint32_t	 nenv;
	struct store_env *env;
	uint32_t	 ncmds;
	struct store_cmd *cmds;		/* [0] is start */
	uint32_t	 firstwatch;	/* in the plan's watch */
	uint32_t	 nwatch;
	const void	*sched;		/* opaque, for the monitor */
	uint32_t	 schedlen;
	struct finger	 finger;
	uint64_t	 sum;		/* of all that is said of the task */
};

struct store_listen {
	const char	*addr;
	const char	*host;		/* NULL: Unix, addr is a path */
	uint16_t	 port;
	const char	*certfile;	/* NULL: no TLS */
	bool		 control;
	uint32_t	 timeout_ms;
	uint32_t	 hsts_s;	/* 0: none */
	const char	*client_ca;	/* NULL: none */
	const char	*auth;		/* NULL: none */
	uint32_t	 nallow;	/* 0: everybody */
	const char	**allow;
};

struct plan_store {
	uint32_t	 control_gid;	/* of the control socket, or
					   NO_INDEX */
	uint32_t	 ntasks;
	struct store_task *tasks;
	uint32_t	 nenv;
	const char	**env;		/* shared; NULL at env[nenv] */
	uint64_t	*envhash;
	uint64_t	 envsum;
	uint32_t	 nwatch;
	const char	**watch;	/* paths that may be asked about */
	uint32_t	 nlisten;
	struct store_listen *listen;
	const void	*sched;		/* of the whole plan */
	uint32_t	 schedlen;
	int		 docfd;		/* the configuration as JSON: a sealed
					   memfile; -1: none */
	size_t		 doclen;
	struct store_arena *arena;
	unsigned int	 refs;
	uint32_t	 nindex;	/* size of the name table */
	uint32_t	*index;		/* task + 1, 0: empty */
};

/*
 * Empty, with an arena and one reference.  NULL with errno.  It goes with
 * its last reference; NULL is no plan.
 */
struct plan_store	*planstore_new(void);
void	 planstore_ref(struct plan_store *);
void	 planstore_unref(struct plan_store *);

/* Zeroed memory that lives as long as the plan; NULL with errno (ENOMEM
 * also beyond LIMIT_PLAN). */
void	*planstore_alloc(struct plan_store *, size_t);
/* A NUL-terminated copy. */
const char	*planstore_string(struct plan_store *, struct span);

/*
 * Computes fingerprints and the name table and makes the memory read-only.
 * 0, or -1 with errno (EEXIST: two tasks of one name).
 */
int	 planstore_seal(struct plan_store *);

/* The index of the task with that name, or NO_INDEX. */
uint32_t planstore_find(const struct plan_store *, const char *name);

/* The same names in the same order. */
bool	 planstore_same_names(const struct plan_store *,
	    const struct plan_store *);

/* The parts in which the two differ: STALE_*, 0 when they are the same. */
uint8_t	 finger_differs(const struct finger *, const struct finger *);

#endif /* SPAWNER_PLANSTORE_H */
