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
 * A task while it is being compiled: shared by the files that compile its
 * parts, and by the explanation of the result.
 */

#ifndef MONITOR_CONF_TASK_H
#define MONITOR_CONF_TASK_H

#include "conf.h"
#include "keys.h"
#include "schedrec.h"

struct task_cmd {
	const char	*name;
	struct span	*argv;
	uint32_t	 argc;
	struct node	*where;
	struct node	*program_at;	/* the word that is argv[0] */
};

struct task {
	struct conf		*c;
	struct conf_task	*self;
	struct node		*v[KEY_TASK_MAX];	/* by key */
	struct plan_task	 plan;
	struct schedrec_task	 rec;
	struct host_creds	 creds;
	struct task_cmd		*cmds;	/* [0] is start */
	uint32_t		 ncmds;
	const char		*cwd;		/* NULL: none */
	bool			 cwd_late;
	const char		*program;	/* of start, as found */
	bool			 python;	/* CMD_MODULES is there */
	/* Where things were written, for the explanation; held_at may be
	 * NULL, the others have an element for each of rec's. */
	struct node		*held_at;
	struct node		**role_at;
	struct node		**require_at;
	struct node		**event_at;
};

/*
 * The task cannot be started on this host: it is held back, or with -C that
 * is an error.  Says nothing of a task that is out of scope.
 */
void	 task_hold(struct task *, struct node *where,
	    const struct host_fault *);

/* conf_cmd.c: fills cmds and the schedule record's. */
void	 task_commands(struct task *);
/* conf_cmd.c: whether the programs are there. */
void	 task_programs(struct task *);

/* conf_link.c: requires, roles and onexit. */
void	 task_requires(struct task *);
void	 task_onexit(struct task *);
void	 task_scope(struct task *);

/* conf_event.c: events, after the commands. */
void	 task_events(struct task *);

/* explain.c: the resolved plan in a canonical form. */
void	 explain_plan(struct conf *, const struct schedrec_plan *,
	    struct node **settings);
void	 explain_task(struct task *);

/*
 * conf_python.c: the script that start runs, as it was written, and the
 * command that tells its modules; NULL: it is none (then the task is held),
 * or nobody can tell.
 */
const char	*task_python(struct task *);

#endif /* MONITOR_CONF_TASK_H */
