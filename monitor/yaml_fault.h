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
 * What the YAML library says of a text that is not YAML, in words for the
 * one who has to mend it.
 */

#ifndef MONITOR_YAML_FAULT_H
#define MONITOR_YAML_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "node.h"

struct yaml_fault {
	const char	*text;		/* the whole input, in any encoding */
	size_t		 len;
	const char	*problem;	/* the library's own words */
	const char	*context;	/* NULL: none */
	struct node	 at;		/* only the place counts */
	struct node	 from;		/* where the context begins */
	bool		 bytes;		/* they are no characters */
	int		 value;		/* then: the first of them, or -1 */
};

/* What to say of it, and at which place: at may become from. */
void		 yaml_fault_text(struct yaml_fault *, char *buf, size_t size);
/* The place of an offset, counted as the library counts lines. */
struct node	 yaml_place_of(const char *text, size_t len, size_t offset);

#endif /* MONITOR_YAML_FAULT_H */
