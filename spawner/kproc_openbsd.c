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

/* sysctl(2) with KERN_PROC; see kproc.h. */

#include <sys/types.h>
#include <sys/proc.h>
#include <sys/sysctl.h>

#include <errno.h>

#include "../common/util.h"
#include "kproc.h"

int
kproc_get(pid_t pid, struct kproc *k)
{
	int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_PID, pid,
	    sizeof(struct kinfo_proc), 1 };
	struct kinfo_proc kp;
	size_t len = sizeof(kp);
	int64_t age;

	if (sysctl(mib, nitems(mib), &kp, &len, NULL, 0) == -1)
		return (-1);
	if (len < sizeof(kp) || kp.p_stat == SDEAD) {
		errno = ESRCH;
		return (-1);
	}
	k->ppid = kp.p_ppid;
	k->start = (uint64_t)kp.p_ustart_sec * 1000000 + kp.p_ustart_usec;
	k->started_wall = (int64_t)(k->start / 1000);
	age = wall_now() - k->started_wall;
	k->started = mono_add(mono_now(), -age);
	if (k->started.ms < 1)
		k->started.ms = 1;
	return (0);
}

int
kproc_usage(pid_t pid, uint64_t *cpu_ms, uint64_t *rss_bytes)
{
	(void)pid;
	(void)cpu_ms;
	(void)rss_bytes;
	errno = ENOTSUP;
	return (-1);
}
