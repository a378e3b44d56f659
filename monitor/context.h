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
 * The context of a task (spec.md 2): names and values out of which its
 * environment is made and its configuration is substituted.
 *
 * Names are interned once for the whole load.  A name has a chain of
 * entries for all tasks and one for the task being compiled, the strongest
 * first; what the first entry that has a value says, holds.  So nothing is
 * copied from task to task.
 */

#ifndef MONITOR_CONTEXT_H
#define MONITOR_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/wire.h"
#include "arena.h"
#include "diag.h"
#include "names.h"
#include "node.h"
#include "roles.h"

/* Where an entry comes from, weakest first. */
enum ctx_layer {
	CTX_TOP_DEFAULTS,
	CTX_TOP_ROLE_DEFAULTS,
	CTX_TASK_DEFAULTS,
	CTX_TASK_ROLE_DEFAULTS,
	CTX_ENVIRON,		/* what the daemon inherited; taken as is */
	CTX_BUILTIN,		/* Task_name and its like */
	CTX_TOP_DEFINES,
	CTX_TOP_ROLE_DEFINES,
	CTX_TASK_DEFINES,
	CTX_TASK_ROLE_DEFINES,
	CTX_PROCESS,		/* Task_instance, _pid, _uid, _gid */
	CTX_LAYER_MAX
};

struct ctx_entry {
	struct ctx_entry	*weaker;
	struct node		*node;	/* as configured; NULL: literal */
	struct span		 text;	/* a literal, taken as it is */
	const char		*role;	/* of a role map, else NULL */
	uint8_t			 layer;
};

struct ctx_sym {
	const char		*name;
	uint32_t		 len;
	uint32_t		 shared;	/* index of the shared entry */
	struct ctx_entry	*top;
	struct ctx_entry	*task;		/* if gen is the context's */
	uint64_t		 gen;
	bool			 resolving;	/* a conditional value is being
						   looked at */
	bool			 may_differ;	/* what top says depends on
						   the task */
	const char		*shared_text;	/* "NAME=value", or NULL */
};

#define CTX_MAX_DEPTH	100
#define CTX_MAX_WORK	50000000	/* steps: some seconds */

struct context {
	struct diag		*diag;
	struct arena		*arena;		/* lives as long as the load */
	struct arena		 task_arena;	/* until the next task */
	struct names		 index;
	struct ctx_sym		**syms;		/* in order of first mention */
	size_t			 nsyms;
	size_t			 capsyms;
	struct ctx_sym		**touched;	/* the task has entries */
	size_t			 ntouched;
	size_t			 captouched;
	uint64_t		 gen;
	uint64_t		 work;		/* context_step() so far */
	unsigned int		 depth;		/* of conditional values that
						   depend on each other */
	bool			 clash_noted;	/* two roles set one name */
	struct wbuf		 scratch;
};

/* What a name stands for now.  is_null: it is there but has no value. */
struct ctx_value {
	struct span		 text;
	bool			 is_null;
	bool			 literal;	/* not to be substituted */
	const struct ctx_entry	*entry;
};

void	 context_init(struct context *, struct arena *, struct diag *);
void	 context_free(struct context *);

/* Forgets what was said of the task before. */
void	 context_next_task(struct context *);

/* An entry of the configuration; its name must be fit for an environment. */
void	 context_add(struct context *, enum ctx_layer, const char *name,
	    size_t len, struct node *value, const char *role);
/* A literal; text is borrowed for as long as the layer lives. */
void	 context_literal(struct context *, enum ctx_layer, const char *name,
	    size_t len, const char *text, size_t textlen);

/* Adds all pairs of defines or defaults, or of the active roles' maps. */
void	 context_map(struct context *, enum ctx_layer, const struct node *,
	    const char *role);
void	 context_role_maps(struct context *, enum ctx_layer,
	    const struct node *, const struct roles *);

/*
 * Counts a step of what names and conditions take.  false: there have been
 * too many for one load, which has been said (once), and nothing else need
 * be looked at.  where: what is looked at, for the message.
 */
bool	 context_step(struct context *, const struct node *where);
bool	 context_spent(const struct context *);

bool	 context_find(struct context *, const char *name, size_t len,
	    struct ctx_value *);
bool	 context_value(struct context *, struct ctx_sym *,
	    struct ctx_value *);

/* "defines", "role_defaults": for messages and explanations. */
const char	*context_layer_name(enum ctx_layer);

#endif /* MONITOR_CONTEXT_H */
