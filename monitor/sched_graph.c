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
 * The graph of requires: how many tasks require each, and the proof that it
 * has no cycle.  The loader has refused cycles already; here a cycle would
 * mean a shutdown that never ends, so it is not taken on trust.
 */

#include <stdlib.h>

#include "../common/util.h"
#include "sched_int.h"

/* Takes away tasks that nobody left requires; in a cycle none can go. */
int
graph_check(struct sched *s)
{
	struct task	*t, *r;
	uint32_t	*stack, i, n = 0, gone = 0;

	stack = xcalloc(s->ntasks + 1, sizeof(*stack));
	for (i = 0; i < s->ntasks; i++) {
		s->tasks[i].nblock = s->tasks[i].nparents;
		if (s->tasks[i].nblock == 0)
			stack[n++] = i;
	}
	while (n > 0) {
		t = &s->tasks[stack[--n]];
		gone++;
		for (i = 0; i < t->conf.nrequires; i++) {
			r = &s->tasks[t->conf.requires[i].task];
			if (--r->nblock == 0)
				stack[n++] = r->idx;
		}
	}
	free(stack);
	return (gone == s->ntasks ? 0 : -1);
}

int
graph_build(struct sched *s)
{
	struct task	*t;
	uint32_t	 i, k;

	for (i = 0; i < s->ntasks; i++) {
		t = &s->tasks[i];
		for (k = 0; k < t->conf.nrequires; k++)
			s->tasks[t->conf.requires[k].task].nparents++;
	}
	return (graph_check(s));
}
