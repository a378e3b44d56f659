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
 * Memory that is given back all at once: the loader makes millions of small
 * things that live as long as one load, or as long as one task is compiled.
 * Running out of memory ends the process (it is one-shot).
 */

#ifndef MONITOR_ARENA_H
#define MONITOR_ARENA_H

#include <stddef.h>

struct arena_block;

/* An empty struct arena is all zero. */
struct arena {
	struct arena_block	*blocks;	/* newest first */
	size_t			 used;		/* of the newest */
};

/* Aligned for any type, not cleared. */
void	*arena_alloc(struct arena *, size_t size);
/* A copy of len bytes with a NUL behind it. */
char	*arena_strn(struct arena *, const char *, size_t len);
/* Gives back everything but one block, which is used again. */
void	 arena_reset(struct arena *);
void	 arena_free(struct arena *);

#endif /* MONITOR_ARENA_H */
