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
 * The schedule part of the plan: what the monitor must know of a task and
 * the spawner need not.  The loader island writes it, the runtime island
 * reads it back after it went through the spawner; both sides are in
 * schedrec.c.  This is the only header that the two islands share.
 */

#ifndef MONITOR_SCHEDREC_H
#define MONITOR_SCHEDREC_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/plan.h"
#include "../common/states.h"
#include "../common/wire.h"

/* Whole plan (task NO_INDEX). */
struct schedrec_plan {
	bool		 roles_on;	/* false: role filtering is off */
	bool		 all_roles;	/* settings.all_roles */
	uint32_t	 nroles;	/* roles in force, file order */
	char		**roles;
	uint32_t	 settle_ms;
	uint32_t	 nlocks;	/* files whose lock a package manager
					   holds while it works */
	char		**locks;
};

struct schedrec_require {
	uint32_t	 task;		/* index */
	bool		 ok;		/* "name:ok": exit 0 asked for */
};

/*
 * The command that tells the modules of a Python script: added by the loader
 * to a task with an event of that type.
 */
#define CMD_MODULES	"(modules)"

struct schedrec_cmd {
	char		*name;		/* [0] is "start" */
	char		*program;	/* its first word, for messages */
	bool		 per_process;	/* its words differ from process to
					   process: run it for each */
};

/* An event as the scheduler sees it (spec.md 6). */
enum schedrec_event_type {
	EVENT_FILE_CHANGE,
	EVENT_SELF,
	EVENT_PYTHON,
	EVENT_RESTART,
	EVENT_STOP,
	EVENT_TYPE_MAX
};

/* "file_change", "self", ...; "?" beyond the list. */
const char	*schedrec_event_name(enum schedrec_event_type);

enum schedrec_action {
	ACTION_COMMAND,		/* commands[cmd] */
	ACTION_STOP,		/* the built-in stop */
	ACTION_START,		/* start of a once or event task */
	ACTION_SIGNAL,
	ACTION_MAX
};

struct schedrec_event {
	uint8_t		 type;
	uint8_t		 action;
	uint16_t	 cmd;		/* ACTION_COMMAND */
	uint8_t		 sig;		/* ACTION_SIGNAL */
	uint16_t	 verify;	/* command that must exit 0 before;
					   0: none */
	bool		 content;	/* a change is one of the content */
	uint32_t	 npaths;
	char		**paths;	/* what it watches; EVENT_PYTHON: the
					   script */
};

struct schedrec_task {
	char		*name;
	uint8_t		 control;	/* enum control */
	uint32_t	 count;
	bool		 in_role;	/* its roles match */
	uint8_t		 why;		/* enum task_reason: why it is not in
					   role or held back; else NONE */
	bool		 held;		/* host error: why and detail say */
	char		*detail;	/* of why, for people; "" if none */
	char		*cwd;		/* for messages; "" if none */
	uint32_t	 start_delay_ms;
	uint32_t	 time_limit_ms;	/* 0: none */
	uint32_t	 stop_timeout_ms;
	uint32_t	 check_interval_ms;
	uint32_t	 check_timeout_ms;
	uint32_t	 nrequires;
	struct schedrec_require *requires;
	uint32_t	 nonexit;
	uint32_t	*onexit;	/* tasks to start */
	uint32_t	 nroles;
	char		**roles;	/* as configured, resolved */
	uint32_t	 ncmds;
	struct schedrec_cmd *cmds;
	uint16_t	 stop_cmd;	/* 0: built-in */
	uint16_t	 check_cmd;	/* 0: built-in */
	uint32_t	 nevents;
	struct schedrec_event *events;
	bool		 has_pidfile;
	char		*pidfile;	/* for messages; "" if none */
};

void	 put_schedrec_plan(struct wbuf *, const struct schedrec_plan *);
/* Fills with new memory; 0, or -1 (malformed or no memory; nothing kept). */
int	 get_schedrec_plan(struct cursor *, struct schedrec_plan *);
void	 schedrec_plan_clear(struct schedrec_plan *);

/*
 * ntasks bounds the indexes in requires and onexit.  get_ fills with new
 * memory; 0, or -1 as above.
 */
void	 put_schedrec_task(struct wbuf *, const struct schedrec_task *);
int	 get_schedrec_task(struct cursor *, struct schedrec_task *,
	    uint32_t ntasks);
void	 schedrec_task_clear(struct schedrec_task *);

#endif /* MONITOR_SCHEDREC_H */
