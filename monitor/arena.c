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
 * Blocks of memory, cut from the front.  Something large gets a block of
 * its own, put behind the newest one so that its rest is not lost.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/log.h"
#include "../common/util.h"
#include "arena.h"

#define BLOCK_SIZE	(64 * 1024)
#define ALIGNMENT	16

struct arena_block {
	struct arena_block	*older;
	size_t			 size;
	/* The memory follows, aligned. */
};

#define HEADER	((sizeof(struct arena_block) + ALIGNMENT - 1) & \
		    ~(size_t)(ALIGNMENT - 1))

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *b;

	if (size > SIZE_MAX - HEADER || (b = malloc(HEADER + size)) == NULL)
		fatalx("out of memory");
	b->size = size;
	b->older = NULL;
	return (b);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b;
	void *p;

	if (size > SIZE_MAX - ALIGNMENT)
		fatalx("out of memory");
	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (a->blocks != NULL && a->blocks->size - a->used >= size) {
		p = (char *)a->blocks + HEADER + a->used;
		a->used += size;
		return (p);
	}
	if (a->blocks != NULL && size > BLOCK_SIZE / 4) {
		b = block_new(size);
		b->older = a->blocks->older;
		a->blocks->older = b;
		return ((char *)b + HEADER);
	}
	b = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);
	b->older = a->blocks;
	a->blocks = b;
	a->used = size;
	return ((char *)b + HEADER);
}

char *
arena_strn(struct arena *a, const char *s, size_t len)
{
	char *p;

	p = arena_alloc(a, len + 1);
	memcpy(p, s, len);
	p[len] = '\0';
	return (p);
}

static void
free_blocks(struct arena_block *b)
{
	struct arena_block *older;

	for (; b != NULL; b = older) {
		older = b->older;
		free(b);
	}
}

void
arena_reset(struct arena *a)
{
	a->used = 0;
	if (a->blocks == NULL)
		return;
	free_blocks(a->blocks->older);
	a->blocks->older = NULL;
}

void
arena_free(struct arena *a)
{
	free_blocks(a->blocks);
	a->blocks = NULL;
	a->used = 0;
}
