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
 * Open addressing with linear probing, at most half full.  The names are
 * the administrator's; the hash is seeded with an address, which differs
 * from run to run, so that no file can be made to collide on purpose.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "names.h"

#define FIRST_CAP	32

static const char seed;

static uint64_t
hash_name(const char *name, size_t len)
{
	return (hash_bytes((uint64_t)(uintptr_t)&seed, name, len));
}

/* The slot that has the name, or the free one where it belongs. */
static struct names_slot *
probe(const struct names *t, const char *name, size_t len, uint64_t hash)
{
	struct names_slot *s;
	size_t i;

	for (i = hash & (t->cap - 1);; i = (i + 1) & (t->cap - 1)) {
		s = &t->slots[i];
		if (s->name == NULL || (s->hash == hash && s->len == len &&
		    memcmp(s->name, name, len) == 0))
			return (s);
	}
}

void *
names_find(const struct names *t, const char *name, size_t len)
{
	if (t->n == 0)
		return (NULL);
	/* A free slot's value is NULL. */
	return (probe(t, name, len, hash_name(name, len))->value);
}

static void
grow(struct names *t)
{
	struct names old = *t;
	size_t i;

	t->cap = old.cap == 0 ? FIRST_CAP : old.cap * 2;
	t->slots = xcalloc(t->cap, sizeof(*t->slots));
	for (i = 0; i < old.cap; i++)
		if (old.slots[i].name != NULL)
			*probe(t, old.slots[i].name, old.slots[i].len,
			    old.slots[i].hash) = old.slots[i];
	free(old.slots);
}

static void *
enter(struct names *t, const char *name, size_t len, void *value, bool force)
{
	struct names_slot *s;
	uint64_t hash = hash_name(name, len);
	void *before;

	if ((t->n + 1) * 2 > t->cap)
		grow(t);
	s = probe(t, name, len, hash);
	before = s->value;
	if (s->name == NULL) {
		s->name = name;
		s->len = len;
		s->hash = hash;
		t->n++;
	} else if (!force)
		return (before);
	s->value = value;
	return (before);
}

void *
names_add(struct names *t, const char *name, size_t len, void *value)
{
	return (enter(t, name, len, value, false));
}

void
names_set(struct names *t, const char *name, size_t len, void *value)
{
	enter(t, name, len, value, true);
}

void
names_clear(struct names *t)
{
	if (t->n > 0)
		memset(t->slots, 0, t->cap * sizeof(*t->slots));
	t->n = 0;
}

void
names_free(struct names *t)
{
	free(t->slots);
	memset(t, 0, sizeof(*t));
}
