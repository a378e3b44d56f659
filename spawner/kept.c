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

/* What is kept for tasks; the monitor says it and may lie about all of it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kept.h"

struct kept *
kept_new(uint32_t ntasks)
{
	struct kept *k;

	k = calloc(1, sizeof(*k) + (size_t)ntasks * sizeof(*k->tasks));
	if (k != NULL)
		k->ntasks = ntasks;
	return (k);
}

static void
clear_task(struct kept_task *t)
{
	int i;

	for (i = 0; i < NOTE_KIND_MAX; i++)
		free(t->notes[i]);
	memset(t, 0, sizeof(*t));
}

void
kept_uncount(struct kept *k)
{
	uint32_t i;

	for (i = 0; i < k->ntasks; i++)
		k->tasks[i].counted = false;
}

void
kept_clear(struct kept *k)
{
	uint32_t i;

	for (i = 0; i < k->ntasks; i++)
		clear_task(&k->tasks[i]);
}

void
kept_free(struct kept *k)
{
	if (k == NULL)
		return;
	kept_clear(k);
	free(k);
}

int
kept_note(struct kept *k, const struct note *n)
{
	struct kept_note **at = &k->tasks[n->task].notes[n->kind];
	struct kept_note *note = *at;

	if (n->blob.len == 0) {
		free(note);
		*at = NULL;
		return (0);
	}
	if (note == NULL || note->len != n->blob.len) {
		note = malloc(sizeof(*note) + n->blob.len);
		if (note == NULL)
			return (-1);
		free(*at);
		*at = note;
		note->len = n->blob.len;
	}
	memcpy(note->data, n->blob.p, n->blob.len);
	return (0);
}

void
kept_move(struct kept_task *to, struct kept_task *from)
{
	memcpy(to->notes, from->notes, sizeof(to->notes));
	memset(from->notes, 0, sizeof(from->notes));
}

uint16_t
kept_count(const struct kept *k, const struct plan_store *ps, uint32_t task)
{
	if (k->tasks[task].counted)
		return (k->tasks[task].count);
	return (ps->tasks[task].count);
}
