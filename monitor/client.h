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
 * Inside the client side of the monitor: client.c keeps the channels, ask.c
 * has the table of questions, answer.c makes long answers in pieces; each
 * other file has questions of one kind.
 *
 * Clients are httpd (by the spawner) and whoever can open the control
 * socket.  All of them may lie, flood, and not read.
 */

#ifndef MONITOR_CLIENT_H
#define MONITOR_CLIENT_H

#include <sys/queue.h>

#include "../common/client.h"
#include "../common/ipc.h"
#include "monitor.h"

#define CLIENTS_MAX	64	/* from the control socket */
#define CLIENTS_UID	16	/* of one user */
/* Of all who may only look: who may do more has room for his own. */
#define CLIENTS_LOOK	(CLIENTS_MAX - 2 * CLIENTS_UID)
#define CLIENT_MAXOUT	(4 * 1024 * 1024)
#define CLIENT_PIECE	(64 * 1024)	/* answers go on below this */

struct before;
struct client;
struct ready;
struct request;

/* Goes on with the answer until enough is queued; true: that was all. */
typedef bool answer_fn(struct client *);

/* A long answer, made piece by piece as the client reads. */
struct answer {
	answer_fn	*more;		/* NULL: none is under way */
	uint32_t	 tag;
	uint32_t	 epoch;		/* of the sync its indexes are from */
	/* C_STATUS, C_WHY */
	uint32_t	*tasks;
	uint32_t	 ntasks;
	uint32_t	 next;
	uint32_t	 nextproc;
	/* Results of a request; what a load does: next is the place in it */
	struct request	*request;
	struct ready	*ready;
	/* C_CONFIG */
	struct doc	*doc;
	size_t		 off;
};

/* Of a C_FILE, for the C_PLAN that follows. */
struct client_file {
	char		*name;		/* NULL: there is none */
	int		 fd;
};

struct client {
	TAILQ_ENTRY(client) entry;
	struct monitor	*mon;
	struct chan	*chan;
	uint32_t	 uid;
	uint8_t		 role;		/* enum proto_role, as it says */
	char		 build[HELLO_BUILD + 1]; /* its version, likewise */
	bool		 counted;	/* came by the control socket */
	bool		 subscribed;
	bool		 armed;		/* CHANGED may be sent */
	bool		 reloading;	/* its C_RELOAD is under way */
	bool		 reloaded;	/* done, the sync is still to come */
	uint32_t	 reload_ask;	/* tag of the question */
	uint32_t	 reload_tag;	/* of our R_RELOAD */
	struct answer	 answer;
	TAILQ_HEAD(, request) requests;	/* that wait, or for their answer */
	unsigned int	 nrequests;
	TAILQ_HEAD(, ready) ready;	/* that wait for their turn */
	struct client_file files[2];	/* FILE_CONF, FILE_ROLES */
};

/* ask.c */
extern const struct chan_rule client_rules_status[];
extern const struct chan_rule client_rules_manage[];
extern const size_t client_nrules;	/* of each */
void	 client_ok(struct client *, uint32_t tag, const char *text);
void	 client_fail(struct client *, uint32_t tag, enum fail_code,
	    const char *text);

/* client.c: reads what it asks next, unless that has to wait. */
void	 client_resume(struct client *);

/* answer.c */
void	 answer_start(struct client *, uint32_t tag, answer_fn *);
/* Goes on with the answer under way while the client reads. */
void	 answer_more(struct client *);
/* The tasks have other indexes by now: says so to the client. */
bool	 answer_is_old(struct client *);
void	 answer_clear(struct answer *);

/* status.c: on_x as handlers of chan.h. */
int	 on_c_status(struct chan *, struct msg *, void *);
int	 on_c_config(struct chan *, struct msg *, void *);

/* request.c: all questions that change tasks. */
int	 on_c_change(struct chan *, struct msg *, void *);

/* wait.c */
/* Answers the next request whose results are known, if it can be now. */
void	 requests_answer(struct client *);
/* The client is gone, and its requests with it. */
void	 requests_drop(struct client *);

/* why.c */
/*
 * The task at which it lies that this one waits, by what each requires: the
 * task itself when it waits for no other.  *via: how the last but one asks
 * for it, or NULL.
 */
uint32_t why_root(const struct sched *, uint32_t task,
	    const struct schedrec_require **via);
int	 on_c_why(struct chan *, struct msg *, void *);

/* reload.c */
int	 on_c_reload(struct chan *, struct msg *, void *);
/* A tag for a question of ours to the spawner. */
uint32_t ask_tag(struct monitor *);

/* plan.c */
int	 on_c_file(struct chan *, struct msg *, void *);
int	 on_c_plan(struct chan *, struct msg *, void *);
/* The client is gone: nobody waits for its trials, and its files go. */
void	 trials_leave(struct client *);

/* loadanswer.c */
void	 loadlog_clear(struct loadlog *);
void	 loadlog_add(struct loadlog *, const struct plan_err *);
/* As A_CHUNK; a few at most, and bounded. */
void	 loadlog_send(const struct loadlog *, struct client *, uint32_t tag);
/* Answers what a load has done, or would do: "WHAT: 1 restarted, ...". */
void	 load_answer(struct client *, uint32_t tag, const char *what,
	    const struct before *, const struct sched *now);
/* Answers the next that waits, if it can be now. */
void	 ready_answer(struct client *);
void	 ready_free(struct ready *);
/* The client is gone. */
void	 ready_drop(struct client *);

/*
 * target.c.  A word of a question is a name, "@role", "all" or a pattern;
 * wide: one that may well mean several.
 */
bool	 target_is_wide(const char *word);
/* Sets chosen[] of the tasks it means; false: it means none. */
bool	 target_mark(const struct sched *, const char *word, bool *chosen);
/* The index of each of n sorted names, which may repeat, or NO_INDEX. */
void	 target_find(const struct sched *, const char *const *sorted,
	    size_t n, uint32_t *tasks);
/*
 * The words of a C_STATUS or C_WHY: 1, and the tasks in file order in new
 * memory; 0: the client was told that there are none; -1: malformed.
 */
int	 target_ask(struct client *, struct msg *, uint32_t **tasks,
	    uint32_t *n);

/* match.c */
bool	 match_name(const char *pattern, const char *name);

#endif /* MONITOR_CLIENT_H */
