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
 * The OpenBSD sandbox: resource limits, unveil(2) and pledge(2).  Nothing
 * from outside is read here.  What pledge takes away is fatal to use.
 */

#include <sys/resource.h>
#include <sys/time.h>

#include <string.h>
#include <unistd.h>

#include "sandbox.h"
#include "util.h"

static const struct {
	const char	*path;		/* unveiled for reading; NULL: none */
	const char	*promises;
} roles[] = {
	[SANDBOX_LOADER] = {
		"/",			/* programs, scripts, cwd of tasks */
		"stdio "		/* channel, log pipe, descriptors */
		"rpath "		/* the same, by stat(2) */
		"getpw "		/* users and groups of tasks */
		"dns"			/* Task_fqdn */
	},
	[SANDBOX_MONITOR] = {
		"/",			/* watched files may be anywhere */
		"stdio "		/* channels, log pipe */
		"rpath "		/* to see watched files change */
		"unix "			/* accept(2) on the control socket */
		"recvfd"		/* that socket, and clients */
	},
	[SANDBOX_HTTPD] = {
		NULL,			/* it serves what it is told */
		"stdio "		/* channels, log pipe, connections */
		"inet "			/* accept(2) on TCP listeners */
		"unix "			/* and on those of files */
		"recvfd"		/* a new monitor, a new certificate */
	},
};

static int
limit(int what, rlim_t most)
{
	struct rlimit rl;

	if (getrlimit(what, &rl) == -1)
		return (-1);
	if (rl.rlim_max > most)
		rl.rlim_max = most;
	rl.rlim_cur = rl.rlim_max;
	return (setrlimit(what, &rl));
}

int
sandbox_enter(enum sandbox_role role, char *active, size_t size)
{
	strlcpy(active, "rlimits", size);
	if (limit(RLIMIT_CORE, 0) == -1 || limit(RLIMIT_FSIZE, 0) == -1)
		return (-1);
	if (role == SANDBOX_LOADER && limit(RLIMIT_CPU, 120) == -1)
		return (-1);
	strlcpy(active, "unveil", size);
	if (roles[role].path != NULL && unveil(roles[role].path, "r") == -1)
		return (-1);
	if (unveil(NULL, NULL) == -1)
		return (-1);
	strlcpy(active, "pledge", size);
	if (pledge(roles[role].promises, NULL) == -1)
		return (-1);
	strlcpy(active, "rlimits unveil pledge", size);
	return (0);
}
