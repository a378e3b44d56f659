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
 * What the kernel says of a process that need not be our child.  A pid alone
 * names no process, since it is given again; pid and start together do.
 *
 * kproc_linux.c: /proc/PID/stat.  kproc_openbsd.c: sysctl(2).  kproc_none.c:
 * for systems where we do not know how; nothing is ever found there.
 */

#ifndef SPAWNER_KPROC_H
#define SPAWNER_KPROC_H

#include <sys/types.h>

#include <stdint.h>

#include "../common/mono.h"

struct kproc {
	pid_t		 ppid;
	uint64_t	 start;		/* for comparing with itself only */
	struct mono	 started;	/* never "never" */
	int64_t		 started_wall;
};

/*
 * 0, or -1 with errno: ESRCH where there is none, or it has ended and only
 * waits to be waited for; ENOTSUP where we do not know how.
 */
int	 kproc_get(pid_t, struct kproc *);
/* CPU time so far and memory in use.  0, or -1 with errno as above. */
int	 kproc_usage(pid_t, uint64_t *cpu_ms, uint64_t *rss_bytes);

#endif /* SPAWNER_KPROC_H */
