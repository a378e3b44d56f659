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
 * The heap of sched_time.h.  It works on the scheduler's own memory only:
 * no input, no clock, no system call.
 */

#include <stdlib.h>

#include "../common/util.h"
#include "sched_time.h"

static void
place(struct timers *q, struct timer *t, uint32_t pos)
{
	q->heap[pos] = t;
	t->pos = pos;
}

static void
sift_up(struct timers *q, struct timer *t, uint32_t pos)
{
	while (pos > 1 && mono_cmp(t->at, q->heap[pos / 2]->at) < 0) {
		place(q, q->heap[pos / 2], pos);
		pos /= 2;
	}
	place(q, t, pos);
}

static void
sift_down(struct timers *q, struct timer *t, uint32_t pos)
{
	uint32_t	 kid;

	while ((kid = pos * 2) <= q->n) {
		if (kid < q->n && mono_cmp(q->heap[kid + 1]->at,
		    q->heap[kid]->at) < 0)
			kid++;
		if (mono_cmp(q->heap[kid]->at, t->at) >= 0)
			break;
		place(q, q->heap[kid], pos);
		pos = kid;
	}
	place(q, t, pos);
}

void
timers_set(struct timers *q, struct timer *t, struct mono at)
{
	uint32_t	 pos;

	if ((pos = t->pos) == 0) {
		if (q->n + 2 > q->cap) {
			q->cap = q->cap == 0 ? 32 : q->cap * 2;
			q->heap = xreallocarray(q->heap, q->cap,
			    sizeof(*q->heap));
		}
		t->at = at;
		pos = ++q->n;
		sift_up(q, t, pos);
		return;
	}
	if (mono_cmp(at, t->at) < 0) {
		t->at = at;
		sift_up(q, t, pos);
	} else {
		t->at = at;
		sift_down(q, t, pos);
	}
}

void
timers_del(struct timers *q, struct timer *t)
{
	struct timer	*last;
	uint32_t	 pos;

	if ((pos = t->pos) == 0)
		return;
	t->pos = 0;
	last = q->heap[q->n--];
	if (last == t)
		return;
	if (pos > 1 && mono_cmp(last->at, q->heap[pos / 2]->at) < 0)
		sift_up(q, last, pos);
	else
		sift_down(q, last, pos);
}

struct timer *
timers_first(const struct timers *q)
{
	return (q->n == 0 ? NULL : q->heap[1]);
}

void
timers_free(struct timers *q)
{
	free(q->heap);
	*q = (struct timers){ 0 };
}
