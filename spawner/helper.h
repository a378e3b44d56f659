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
 * Our own child programs: birth, their log, their end, and starting them
 * again.  A helper that dies or breaks the protocol is killed and started
 * anew after 0, 1, 2, 4 ... 60 s; the row starts over once one has behaved
 * for 60 s.  Nothing a helper does ends the spawner.
 */

#ifndef SPAWNER_HELPER_H
#define SPAWNER_HELPER_H

#include <sys/types.h>

#include <stdbool.h>

#include "../common/ipc.h"

struct chan_rule;
struct chan;
struct event_base;
struct helper;

/* Where helpers are and whom they run as; filled once by main(). */
struct helper_env {
	struct event_base *base;
	const char	*dir;		/* libexec directory; borrowed */
	bool		 drop;		/* we are root: change user */
	uid_t		 uid;		/* of the monitor and the loader */
	gid_t		 gid;
	uid_t		 web_uid;	/* of httpd */
	gid_t		 web_gid;
	char		*web_root;	/* empty, for chroot; borrowed */
	char		**environ;	/* the administrator's */
};

enum helper_user {
	HELPER_AS_MONITOR,	/* privileges dropped before exec */
	HELPER_AS_ROOT		/* drops them itself, after chroot */
};

/*
 * One birth.  argv[0] is the program's name in dir, unless path says where
 * it is.  inherit are descriptors that appear in the child as 4, 5, ... (-1:
 * none); out replaces the child's descriptor 1 when not -1 (else it is the
 * log).  Returns the pid, our end of the channel in *fd and of the log pipe
 * in *logfd; or -1 with errno.
 */
struct helper_birth {
	char		**argv;
	const char	*path;		/* absolute; NULL: in dir */
	enum helper_user user;
	bool		 full_env;	/* keeps the administrator's */
	int		 inherit[2];
	int		 out;
};

pid_t	 helper_fork(const struct helper_env *, const struct helper_birth *,
	    int *fd, int *logfd);

/* A helper that is kept running. */
struct helper_conf {
	const struct helper_env	*env;	/* borrowed */
	const char	*name;		/* for messages: "monitor" */
	char		**argv;		/* borrowed, must stay */
	enum helper_user user;
	enum proto_role	 role;		/* that its HELLO must say */
	const struct chan_rule *rules;	/* besides HELLO; borrowed */
	size_t		 nrules;
	size_t		 maxout;
	void		*arg;		/* for callbacks; handlers of rules get
					   the struct helper: helper_arg() */
	void		(*greeted)(struct helper *, void *arg);
	void		(*gone)(struct helper *, void *arg);
};

/* Not yet started.  NULL with errno. */
struct helper	*helper_new(const struct helper_conf *);
/* Kills it if need be and waits for it: for the end of the daemon. */
void	 helper_free(struct helper *);
/*
 * Waits for a child that was killed, so that the next daemon finds its
 * sockets free; one that hangs in the kernel is left.  0 is none.
 */
void	 helper_wait(pid_t);

/* Wanted from now on: started, and started again when it ends. */
void	 helper_start(struct helper *);
/* Not wanted: its channel is closed, it is killed. */
void	 helper_stop(struct helper *);

/* NULL while there is none. */
struct chan	*helper_chan(struct helper *);
bool	 helper_ready(const struct helper *);
/* It has said READY: CHAN_RUN. */
void	 helper_set_ready(struct helper *);
pid_t	 helper_pid(const struct helper *);
/* How often it was started so far. */
uint32_t helper_starts(const struct helper *);
const char *helper_name(const struct helper *);
void	*helper_arg(const struct helper *);

/* That pid was waited for.  true when it was this helper's. */
bool	 helper_reaped(struct helper *, pid_t, int status);

#endif /* SPAWNER_HELPER_H */
