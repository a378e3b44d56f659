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
 * One run of the loader: its process, what it is asked, and its plan
 * (planload.h).  A reload has one (reload.c), a trial another (trial.c).
 */

#ifndef SPAWNER_LOADRUN_H
#define SPAWNER_LOADRUN_H

#include <sys/types.h>

#include <stdbool.h>

#include "../common/plan.h"
#include "planload.h"

struct daemon;
struct loadrun;

struct loadrun_conf {
	struct daemon	*daemon;
	int		 conffd;	/* borrowed until loadrun_start()
					   returns, as are the next two */
	int		 rolesfd;	/* -1: role filtering is off */
	int		 out;		/* explain the plan there; -1: do not */
	const char	*conf_name;	/* for messages; copied */
	const char	*roles_name;	/* NULL: none */
	bool		 check;		/* what depends on the host is an
					   error */
	void		*arg;
	/* As in struct planload_conf; with done() the run is over.  What is
	 * wrong with the loader itself is a message, too. */
	void		(*message)(enum plan_severity, const char *, void *);
	void		(*done)(const struct planload_result *, void *);
};

/* Starts it.  NULL with errno. */
struct loadrun	*loadrun_start(const struct loadrun_conf *);
/* Ends it, if it runs.  Its process is killed, and has to be reaped. */
void	 loadrun_free(struct loadrun *);
/* The process; 0: it was waited for. */
pid_t	 loadrun_pid(const struct loadrun *);
/* That pid was waited for; true when it was this one's.  NULL is none. */
bool	 loadrun_reaped(struct loadrun *, pid_t);

/*
 * The configuration and the roles of the daemon, opened.  -1, and in why what
 * is wrong with which file.
 */
int	 load_open_conf(const struct daemon *, char *why, size_t);
int	 load_open_roles(const struct daemon *, char *why, size_t);
/* The name of the roles file; NULL where none was given and none is there. */
const char *load_roles_name(const struct daemon *);

#endif /* SPAWNER_LOADRUN_H */
