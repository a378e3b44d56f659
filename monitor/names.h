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
 * A hash table from a name (any bytes) to something of the caller's.  Names
 * and values are borrowed and must outlive the table's use of them.
 */

#ifndef MONITOR_NAMES_H
#define MONITOR_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct names_slot {
	const char	*name;		/* NULL: free */
	size_t		 len;
	uint64_t	 hash;
	void		*value;
};

/* An empty struct names is all zero. */
struct names {
	struct names_slot	*slots;
	size_t			 cap;	/* a power of two, or 0 */
	size_t			 n;
};

/* NULL: no such name. */
void	*names_find(const struct names *, const char *name, size_t len);
/*
 * Adds a name with its value (not NULL).  Returns NULL, or, when the name is
 * there already, its value, and nothing is changed.
 */
void	*names_add(struct names *, const char *name, size_t len, void *value);
/* The same, but takes the place of a value that is there. */
void	 names_set(struct names *, const char *name, size_t len, void *value);
/* Empties it but keeps the memory. */
void	 names_clear(struct names *);
void	 names_free(struct names *);

#endif /* MONITOR_NAMES_H */
