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
 * Notes about files: what of each event's paths was last acted on.  The
 * spawner keeps them, so that a monitor that is started anew sees what
 * changed in between.  A note that cannot be read, or is of another version,
 * says nothing.
 *
 *	u8 version, then for each event: u32 key, u16 n, u32 mark of n paths;
 *	with n NOTE_ALL_AS_ONE: one u32 for all of them, where there is no
 *	room for each.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "watcher.h"

#define NOTE_VERSION	1
#define NOTE_ALL_AS_ONE	UINT16_MAX
#define EVENT_LEN	6	/* without marks */
#define LEAST_LEN	(EVENT_LEN + 4)

static uint32_t
all_as_one(const struct wevent *ev, bool now)
{
	uint64_t	 h = 0;
	uint32_t	 i, mark;

	for (i = 0; i < ev->nsubs; i++) {
		mark = now ? watch_mark(&ev->subs[i].sub) :
		    ev->subs[i].acted;
		h = hash_bytes(h, &mark, sizeof(mark));
	}
	return (h ^ h >> 32);
}

uint32_t
wnote_as_one(const struct wevent *ev)
{
	return (all_as_one(ev, true));
}

uint64_t
wnote_hash(const void *data, size_t len)
{
	return (hash_bytes(1, data, len));
}

/*
 * What was acted on of the paths.  As long as the modules of a script are not
 * listed anew, what an earlier note said of them is what there is to say.
 */
static uint32_t
acted(const struct wevent *ev, uint32_t i)
{
	return (i > 0 && ev->kept != NULL ? ev->kept[i] : ev->subs[i].acted);
}

/* A part for each event that has room, the fuller ones first come. */
static void
put_wnote(struct wbuf *w, const struct wtask *t)
{
	const struct wevent	*ev;
	size_t			 need, rest;
	uint32_t		 i, k, n, one;

	put_u8(w, NOTE_VERSION);
	for (i = 0; i < t->nevents; i++) {
		ev = &t->events[i];
		/* Each of those that follow has a right to the least. */
		rest = (t->nevents - i - 1) * (size_t)LEAST_LEN;
		n = ev->kept != NULL ? ev->nkept : ev->nsubs;
		one = ev->kept != NULL && n == NKEPT_AS_ONE ? ev->kept[0] :
		    all_as_one(ev, false);
		need = EVENT_LEN + 4 * (size_t)n;
		if (n > 0 && w->len + need + rest <= LIMIT_NOTE) {
			put_u32(w, ev->key);
			put_u16(w, n);
			for (k = 0; k < n; k++)
				put_u32(w, acted(ev, k));
		} else if (w->len + LEAST_LEN <= LIMIT_NOTE) {
			put_u32(w, ev->key);
			put_u16(w, NOTE_ALL_AS_ONE);
			put_u32(w, one);
		}
	}
}

/* All as one: when it differs, everything that is there counts as new. */
static void
take_one(struct wevent *ev, uint32_t mark)
{
	uint32_t	 i, now;

	if (all_as_one(ev, true) == mark)
		return;
	for (i = 0; i < ev->nsubs; i++) {
		now = watch_mark(&ev->subs[i].sub);
		ev->subs[i].acted = ~now;
	}
}

/* The same of a script whose modules are not listed yet. */
static void
keep_one(struct wevent *ev, uint32_t mark)
{
	free(ev->kept);
	ev->kept = xcalloc(1, sizeof(*ev->kept));
	ev->kept[0] = mark;
	ev->nkept = NKEPT_AS_ONE;
}

/* Of each of its paths; it is the first. */
static void
keep(struct cursor *c, uint32_t n, struct wevent *ev)
{
	uint32_t	 i;

	free(ev->kept);
	ev->kept = xcalloc(n, sizeof(*ev->kept));
	ev->nkept = n;
	for (i = 0; i < n; i++)
		ev->kept[i] = get_u32(c);
	if (!c->bad && ev->nsubs > 0)
		ev->subs[0].acted = ev->kept[0];
}

bool
wnote_find(const struct wnote *note, struct wevent *ev)
{
	struct cursor	 c;
	uint32_t	 i, key, mark;
	uint16_t	 n;

	cursor_init(&c, note->data, note->len);
	if (get_u8(&c) != NOTE_VERSION)
		return (false);
	while (c.left > 0 && !c.bad) {
		key = get_u32(&c);
		n = get_u16(&c);
		if (n == NOTE_ALL_AS_ONE) {
			mark = get_u32(&c);
			if (c.bad || key != ev->key)
				continue;
			if (ev->python && ev->cmd != 0)
				keep_one(ev, mark);
			else
				take_one(ev, mark);
			return (true);
		}
		if (key == ev->key && ev->python && n > ev->nsubs) {
			keep(&c, n, ev);
			return (!c.bad);
		}
		for (i = 0; i < n && !c.bad; i++) {
			mark = get_u32(&c);
			if (!c.bad && key == ev->key && n == ev->nsubs)
				ev->subs[i].acted = mark;
		}
		if (!c.bad && key == ev->key && n == ev->nsubs)
			return (true);
	}
	return (false);
}

void
wnote_send(struct watcher *wr, struct wtask *t)
{
	struct monitor	*m = wr->mon;
	uint8_t		 buf[LIMIT_NOTE];
	struct wbuf	 w = { .data = buf, .cap = sizeof(buf) };
	struct note	 n = { .gen = m->now.begin.gen,
			    .kind = NOTE_WATCH, .task = t->task };
	uint64_t	 h;

	put_wnote(&w, t);
	h = wnote_hash(w.data, w.len);
	if (h == t->noted)
		return;
	t->noted = h;
	n.blob.p = (const char *)buf;
	n.blob.len = w.len;
	put_note(chan_begin(m->spawner, R_NOTE, 0), &n);
	chan_end(m->spawner);
}
