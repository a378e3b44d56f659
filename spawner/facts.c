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



/* Facts of our own processes, from the kernel and from helper.c. */

#include <string.h>
#include <unistd.h>

#include "../common/run.h"
#include "facts.h"
#include "helper.h"
#include "kproc.h"

static void
put_fact(struct wbuf *w, const char *name, pid_t pid, uint32_t starts)
{
	struct http_fact f = { .name = { name, strlen(name) },
	    .starts = starts };

	/* One that has just gone, and unknown systems: zeros. */
	if (pid > 0)
		kproc_usage(pid, &f.cpu_ms, &f.rss);
	put_http_fact(w, &f);
}

void
facts_put(struct wbuf *w, const struct helper *const *helpers, size_t n)
{
	size_t i;

	put_u32(w, n + 1);
	put_fact(w, "spawner", getpid(), 1);
	for (i = 0; i < n; i++)
		put_fact(w, helper_name(helpers[i]), helper_pid(helpers[i]),
		    helper_starts(helpers[i]));
}
