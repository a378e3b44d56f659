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
 * The compiler of the configuration: from the bytes of two files and an
 * environment to the records of the plan.  It runs once a load, inside the
 * sandbox; what it finds wrong is in diag.
 */

#ifndef MONITOR_CONF_H
#define MONITOR_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/plan.h"
#include "arena.h"
#include "context.h"
#include "diag.h"
#include "emit.h"
#include "expand.h"
#include "host.h"
#include "keys.h"
#include "names.h"
#include "node.h"
#include "roles.h"
#include "taskenv.h"

#define CONF_STOP_TIMEOUT	5000	/* ms, as all that follow */
#define CONF_CHECK_INTERVAL	5000
#define CONF_CHECK_TIMEOUT	5000
#define CONF_SETTLE		100
#define CONF_HTTP_TIMEOUT	3000

/* What a compilation starts from; everything is borrowed. */
struct conf_input {
	const struct load_req	*req;
	const char		*conf;
	size_t			 conflen;
	const char		*roles;		/* if req->have_roles */
	size_t			 roleslen;
	char *const		*environ;	/* the administrator's */
	const char		*host;		/* Task_host */
	const char		*fqdn;		/* Task_fqdn */
};

/* Another task, and where it is named. */
struct conf_link {
	uint32_t	 task;
	struct node	*where;
};

/* What other tasks have to know of a task. */
struct conf_task {
	struct node		*name;
	struct node		*map;
	uint32_t		 index;
	uint8_t			 control;	/* enum control */
	uint32_t		 nrequires;
	struct conf_link	*requires;
	uint32_t		 nonexit;
	struct conf_link	*onexit;
	/* The task that named it last: its number and one, 0 for none. */
	uint32_t		 required_by;
	uint32_t		 required_as;	/* the place in its requires */
	uint32_t		 started_by;	/* by its onexit */
};

struct conf {
	const struct load_req	*req;
	struct diag		 diag;
	struct arena		 arena;
	struct context		 ctx;
	struct roles		 roles;
	struct host		 host;
	struct taskenv		 env;
	struct emit		 emit;
	struct wbuf		 explain;	/* text for -n -v */
	char			*doc;
	bool			 all_roles;
	struct names		 task_index;	/* -> struct conf_task */
	struct conf_task	*tasks;		/* file order */
	uint32_t		 ntasks;
	uint64_t		 nprocs;
};

/*
 * Compiles.  c is all zero before; diag.nerrors == 0 says that emit holds a
 * plan.  conf_free() in any case.
 */
void	 conf_compile(struct conf *, const struct conf_input *);
void	 conf_free(struct conf *);

/*
 * conf.c: the names and values of defines and defaults, and of their role
 * maps; NULL is fine.
 */
void	 conf_values(struct conf *, struct node *);
void	 conf_role_values(struct conf *, struct node *);

/* conf_settings.c: the map of settings, which may be NULL. */
void	 conf_settings(struct conf *, struct node *);

/* conf_http.c: settings.http and the flags -w, -c, -A. */
void	 conf_http(struct conf *, struct node *http);

/* conf_order.c: what can be judged only when all tasks are known. */
void	 conf_order(struct conf *);

/* conf_task.c: one task, from its map to its records. */
void	 conf_task(struct conf *, struct conf_task *);

/*
 * conf_get.c: what the value of a key comes to in the context as it is.
 * node may be NULL: the key is absent.  late: set when the value is known
 * only in the child; NULL: that is an error.
 */
const char	*conf_text(struct conf *, struct node *, const char *key,
		    bool *late);
/*
 * A copy for people: what is known only in the child is named again, as
 * "{Task_instance}".
 */
char		*conf_readable(struct arena *, struct span);
/* The scalar that its conditions come to; NULL: none, or null. */
struct node	*conf_node(struct conf *, struct node *);
/*
 * The same for a key of a map, v as keys_scan() has found it: *n is NULL
 * when it is as if the key were absent.  false: it cannot be used, which has
 * been said.
 */
bool		 conf_scalar(struct conf *, const struct node *map,
		    const char *key, struct node *v, struct node **n);
bool		 conf_bool(struct conf *, struct node *, const char *key,
		    bool otherwise);
/* v: the values of a place by key; milliseconds. */
uint32_t	 conf_seconds(struct conf *, struct node **v,
		    enum key_place, int id, uint32_t otherwise);
int64_t		 conf_number(struct conf *, struct node *, const char *key,
		    int64_t min, int64_t max, int64_t otherwise);

/* A list's place: the words, in the task arena, with their nodes. */
struct conf_words {
	const char	**words;
	struct span	*spans;
	struct node	**nodes;
	uint32_t	 n;
	bool		 late;		/* one of them is known only later */
};

void	 conf_words(struct conf *, struct node *, struct conf_words *,
	    bool tell);
/* The same where a word that is known only later is an error. */
void	 conf_names(struct conf *, struct node *, const char *key,
	    struct conf_words *);

/* The task of that name, or NULL and an error that says what is meant. */
struct conf_task *conf_find_task(struct conf *, struct node *where,
		    const char *name, const char *key);

#endif /* MONITOR_CONF_H */
