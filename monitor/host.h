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
 * What the configuration needs from this host: users, groups, programs,
 * directories, addresses.  Every answer is kept for the load, since ten
 * thousand tasks ask the same few questions.
 */

#ifndef MONITOR_HOST_H
#define MONITOR_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/states.h"
#include "arena.h"
#include "names.h"

struct host {
	struct arena	*arena;
	uint32_t	 uid;		/* what the daemon is */
	uint32_t	 gid;
	struct names	 users;
	struct names	 groups;
	struct names	 programs;
	struct names	 dirs;
};

/* Why a task cannot be started here; reason REASON_NONE: it can. */
struct host_fault {
	enum task_reason reason;
	bool		 of_group;	/* not of the user */
	char		 detail[512];
};

struct host_creds {
	bool		 setids;	/* the child has to change to them */
	uint32_t	 uid;
	uint32_t	 gid;
	uint32_t	 ngroups;
	const uint32_t	*groups;	/* lives as long as the host */
};

void	 host_init(struct host *, struct arena *, uint32_t uid, uint32_t gid);
void	 host_free(struct host *);

/*
 * Whom a task runs as; user and group are names or numbers, NULL when not
 * configured.  With a fault the credentials are those of nobody.
 */
void	 host_creds(struct host *, const char *user, const char *group,
	    struct host_creds *, struct host_fault *);
/* The number of a group, by name or number; NO_INDEX with a fault. */
uint32_t	 host_gid(struct host *, const char *group,
		    struct host_fault *);
/*
 * A program as execvp(3) would find it: path is the PATH of the task (NULL:
 * none), cwd its directory (NULL: the daemon's).  What cannot be seen from
 * here is taken to be there.  Returns where it is, as long as the host
 * lives, or NULL: not known.
 */
const char	*host_program(struct host *, const char *program,
		    const char *path, const char *cwd, struct host_fault *);
void	 host_dir(struct host *, const char *dir, struct host_fault *);
/*
 * The numeric form of a host name or address, new memory in the arena;
 * NULL, and why in *error (a constant string).
 */
const char	*host_address(struct host *, const char *name,
		    const char **error);
/*
 * The names of this host, for Task_host and Task_fqdn.  Asks the resolver
 * at most for a second or two; also makes the C library load what it needs
 * for look-ups, so that they work in the sandbox later.
 */
void	 host_names(struct arena *, const char **name, const char **fqdn);

#endif /* MONITOR_HOST_H */
