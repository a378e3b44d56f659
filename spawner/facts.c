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
 * Facts of our own processes, from the kernel and from helper.c.  An httpd
 * that is in other hands may ask without end: so the kernel is asked no more
 * often than once in FACTS_GOOD.
 */

#include <string.h>
#include <unistd.h>

#include "../common/mono.h"
#include "../common/run.h"
#include "../common/util.h"
#include "facts.h"
#include "helper.h"
#include "kproc.h"

#define FACTS_GOOD	100	/* ms */

/* What a process used, when it was last looked at. */
static struct usage {
	pid_t		 pid;
	struct mono	 at;
	uint64_t	 cpu_ms;
	uint64_t	 rss;
} known[8];

/* One that has just gone, and unknown systems: zeros. */
static void
look(struct usage *u, pid_t pid)
{
	struct mono now = mono_now();

	if (u->pid == pid && mono_isset(u->at) &&
	    mono_sub(now, u->at) < FACTS_GOOD)
		return;
	u->pid = pid;
	u->at = now;
	u->cpu_ms = u->rss = 0;
	if (pid > 0)
		kproc_usage(pid, &u->cpu_ms, &u->rss);
}

static void
put_fact(struct wbuf *w, struct usage *u, const char *name, pid_t pid,
    uint32_t starts)
{
	struct http_fact f = { .name = { name, strlen(name) },
	    .starts = starts };

	look(u, pid);
	f.cpu_ms = u->cpu_ms;
	f.rss = u->rss;
	put_http_fact(w, &f);
}

void
facts_put(struct wbuf *w, const struct helper *const *helpers, size_t n)
{
	size_t i;

	if (n >= nitems(known))
		n = nitems(known) - 1;
	put_u32(w, n + 1);
	put_fact(w, &known[0], "spawner", getpid(), 1);
	for (i = 0; i < n; i++)
		put_fact(w, &known[i + 1], helper_name(helpers[i]),
		    helper_pid(helpers[i]), helper_starts(helpers[i]));
}
