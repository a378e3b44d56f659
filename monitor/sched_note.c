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
 * The note of a task: what a monitor that is started anew must know and
 * cannot see from the processes.  The spawner keeps it and gives it back as
 * it was; a note from another version of us is dropped, not an error.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "sched_int.h"

#define NOTE_VERSION	1

#define NOTE_RAN	0x01	/* once, event: all have exited */
#define NOTE_RAN_OK	0x02	/* with 0 */
#define NOTE_ASKED	0x04	/* event: started, not yet over */

/*
 * 1 version, 1 flags, 8 void_before, 8 seen_exit, 1 stage, 4 errno, 1 count,
 * and a byte a slot.
 */
_Static_assert(24 + NOTE_SLOTS <= LIMIT_NOTE, "a note fits its message");

static void
put_task_note(struct wbuf *w, const struct task *t)
{
	const struct slot	*sl, *failed = NULL;
	uint32_t		 i, n = 0;

	for (i = 0; i < t->nslots && i < NOTE_SLOTS; i++) {
		if ((sl = t->slots[i]) == NULL)
			continue;
		if (sl->nfail > 0)
			n = i + 1;
		if (sl->stage != STAGE_NONE)
			failed = sl;
	}
	put_u8(w, NOTE_VERSION);
	put_u8(w, (t->ran ? NOTE_RAN : 0) | (t->ran_ok ? NOTE_RAN_OK : 0) |
	    (t->asked ? NOTE_ASKED : 0));
	put_s64(w, t->void_before.ms);
	put_s64(w, t->seen_exit.ms);
	put_u8(w, failed != NULL ? failed->stage : STAGE_NONE);
	put_u32(w, failed != NULL ? failed->error : 0);
	put_u8(w, n);
	for (i = 0; i < n; i++)
		put_u8(w, t->slots[i] != NULL ? t->slots[i]->nfail : 0);
}

size_t
sched_note(const struct sched *s, uint32_t task, uint8_t *buf)
{
	struct wbuf	 w = { .data = buf, .cap = LIMIT_NOTE };

	put_task_note(&w, &s->tasks[task]);
	return (w.len);
}

/* Says true once for each time that the note has become another. */
bool
note_changed(struct sched *s, struct task *t)
{
	uint8_t		 buf[LIMIT_NOTE];
	uint64_t	 h;

	h = hash_bytes(0, buf, sched_note(s, t->idx, buf));
	if (h == t->note_hash)
		return (false);
	t->note_hash = h;
	return (true);
}

/* Fills in what a note says; one that cannot be read says nothing. */
static void
take_note(struct task *t, const void *data, size_t len)
{
	struct cursor	 c;
	struct slot	*sl;
	uint32_t	 i, n, error;
	uint8_t		 flags, stage, nfail[NOTE_SLOTS];
	struct mono	 since, seen;

	cursor_init(&c, data, len);
	if (get_u8(&c) != NOTE_VERSION)
		return;
	flags = get_u8(&c);
	since.ms = get_s64(&c);
	seen.ms = get_s64(&c);
	stage = get_u8(&c);
	error = get_u32(&c);
	n = get_u8(&c);
	if (n > NOTE_SLOTS || stage >= STAGE_MAX)
		return;
	for (i = 0; i < n; i++)
		nfail[i] = get_u8(&c);
	if (!cursor_done(&c))
		return;
	t->ran = (flags & NOTE_RAN) != 0;
	t->ran_ok = (flags & NOTE_RAN_OK) != 0;
	t->asked = (flags & NOTE_ASKED) != 0;
	t->void_before = since;
	t->seen_exit = seen;
	for (i = 0; i < t->count; i++) {
		if (i >= t->nslots && i >= n)
			break;
		sl = task_slot(t, i);
		sl->nfail = i < n ? nfail[i] : 0;
		sl->stage = sl->nfail > 0 ? stage : STAGE_NONE;
		sl->error = sl->nfail > 0 ? error : 0;
	}
}

int
sched_add_note(struct sched *s, uint32_t task, const void *data, size_t len)
{
	if (task >= s->ntasks || !s->tasks[task].known)
		return (-1);
	take_note(&s->tasks[task], data, len);
	s->tasks[task].note_hash = hash_bytes(0, data, len);
	return (0);
}

static int
by_name(const void *a, const void *b)
{
	const struct task *const	*x = a, *const *y = b;

	return (strcmp((*x)->conf.name, (*y)->conf.name));
}

/*
 * A note that was on its way when the reload came was refused, its index
 * being of the old plan.  What the scheduler before knew wins over what the
 * spawner had; it is sent again, as the hash is still that of the latter.
 */
void
sched_add_before(struct sched *s, const struct sched *before)
{
	uint8_t		 buf[LIMIT_NOTE];
	struct task	**names, **hit, *key;
	uint32_t	 i;

	/* What a reset ended is forgotten. */
	if (before->mode != MODE_RUN)
		return;
	names = xcalloc(s->ntasks + 1, sizeof(*names));
	for (i = 0; i < s->ntasks; i++) {
		names[i] = &s->tasks[i];
		/* sched_converge() will refuse it. */
		if (!names[i]->known)
			goto done;
	}
	qsort(names, s->ntasks, sizeof(*names), by_name);
	for (i = 0; i < before->ntasks; i++) {
		key = &before->tasks[i];
		hit = bsearch(&key, names, s->ntasks, sizeof(*names),
		    by_name);
		if (hit != NULL)
			take_note(*hit, buf, sched_note(before, i, buf));
	}
done:
	free(names);
}
