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
 * Keeps the records of a status answer.  The monitor that sent them may be
 * in other hands: each is checked when it comes, and what is kept has been
 * found good.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/mono.h"
#include "snapshot.h"

struct snapshot {
	struct wbuf	 summary;	/* as it came */
	struct wbuf	 listeners;	/* u32 length, bytes */
	uint32_t	 nlisteners;
	struct wbuf	 records;	/* u8 is a task, u32 length, bytes */
	struct mono	 at;		/* when it came */
	bool		 begun;		/* the summary is here */
	uint64_t	 change;
	uint32_t	 gen;
	uint32_t	 ntasks;
	uint32_t	 nprocs;
};

struct snapshot *
snapshot_new(void)
{
	return (calloc(1, sizeof(struct snapshot)));
}

void
snapshot_free(struct snapshot *s)
{
	if (s == NULL)
		return;
	wbuf_free(&s->summary);
	wbuf_free(&s->listeners);
	wbuf_free(&s->records);
	free(s);
}

int
snapshot_add_summary(struct snapshot *s, struct cursor *c)
{
	struct answer_summary sum;
	struct cursor bytes = *c;

	if (s->begun || get_answer_summary(c, &sum) == -1)
		return (-1);
	s->begun = true;
	s->at = mono_now();
	s->change = sum.change;
	s->gen = sum.gen;
	if (wbuf_room(&s->summary, bytes.left) == -1)
		return (-1);
	memcpy(s->summary.data, bytes.p, bytes.left);
	s->summary.len = bytes.left;
	return (0);
}

int
snapshot_add_listener(struct snapshot *s, struct cursor *c)
{
	struct listener l;
	struct cursor bytes = *c;

	if (!s->begun || s->ntasks > 0 || ++s->nlisteners > LIMIT_LISTEN ||
	    get_listener(c, &l) == -1)
		return (-1);
	put_blob(&s->listeners, bytes.p, bytes.left);
	return (s->listeners.failed ? -1 : 0);
}

bool
snapshot_listener(const struct snapshot *s, size_t *pos, struct listener *l)
{
	struct cursor c, record;
	struct span bytes;

	if (*pos >= s->listeners.len)
		return (false);
	cursor_init(&c, s->listeners.data + *pos, s->listeners.len - *pos);
	bytes = get_blob(&c);
	*pos = s->listeners.len - c.left;
	cursor_init(&record, bytes.p, bytes.len);
	return (get_listener(&record, l) == 0);
}

void
snapshot_summary(const struct snapshot *s, struct answer_summary *sum)
{
	struct cursor c;

	cursor_init(&c, s->summary.data, s->summary.len);
	get_answer_summary(&c, sum);
}

uint32_t
snapshot_ntasks(const struct snapshot *s)
{
	return (s->ntasks);
}

static int
keep(struct snapshot *s, bool is_task, struct cursor bytes)
{
	put_bool(&s->records, is_task);
	put_blob(&s->records, bytes.p, bytes.left);
	return (s->records.failed ? -1 : 0);
}

int
snapshot_add_task(struct snapshot *s, struct cursor *c)
{
	struct answer_task t;
	struct cursor bytes = *c;

	if (!s->begun || ++s->ntasks > LIMIT_TASKS ||
	    get_answer_task(c, &t) == -1)
		return (-1);
	return (keep(s, true, bytes));
}

int
snapshot_add_proc(struct snapshot *s, struct cursor *c)
{
	struct answer_proc p;
	struct cursor bytes = *c;

	if (s->ntasks == 0 || ++s->nprocs > LIMIT_PROCS ||
	    get_answer_proc(c, &p) == -1)
		return (-1);
	return (keep(s, false, bytes));
}

bool
snapshot_complete(const struct snapshot *s)
{
	return (s->begun);
}

uint64_t
snapshot_change(const struct snapshot *s)
{
	return (s->change);
}

uint32_t
snapshot_gen(const struct snapshot *s)
{
	return (s->gen);
}

bool
snapshot_next(const struct snapshot *s, size_t *pos,
    struct snapshot_record *r)
{
	struct cursor c, record;
	struct span bytes;
	int ret;

	if (*pos >= s->records.len)
		return (false);
	cursor_init(&c, s->records.data + *pos, s->records.len - *pos);
	r->is_task = get_bool(&c);
	bytes = get_blob(&c);
	*pos = s->records.len - c.left;
	cursor_init(&record, bytes.p, bytes.len);
	if (r->is_task)
		ret = get_answer_task(&record, &r->task);
	else
		ret = get_answer_proc(&record, &r->proc);
	if (ret == 0 && !r->is_task && r->proc.pid != 0)
		r->proc.uptime_ms += mono_sub(mono_now(), s->at);
	return (ret == 0);
}
