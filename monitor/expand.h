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
 * From what is configured to what is meant: substitution of {NAME} and
 * conditional maps (spec.md 2).
 *
 * A text of the configuration is substituted as a whole: when it has a name
 * that the context does not know or has no value for, the text stays as it
 * was written.  The values that come in are substituted in the same way, 10
 * rounds deep.
 */

#ifndef MONITOR_EXPAND_H
#define MONITOR_EXPAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "context.h"

#define EXPAND_ROUNDS	10
/* The longest argument or environment entry that Linux executes. */
#define EXPAND_MAX	(128 * 1024 - 1)
/* Names replaced in one text. */
#define EXPAND_WORK	100000

#define EXPAND_LATE	0x01	/* has marks: known only in the child */
#define EXPAND_UNKNOWN	0x02	/* stayed as written */
#define EXPAND_FAILED	0x04	/* too large; an error has been given */

/*
 * The text of a scalar, substituted.  It borrows from the node or lives in
 * the context's task arena, with a NUL behind it.  flags may be NULL.
 * tell: warn of an unknown name.
 */
struct span	 expand_text(struct context *, struct node *,
		    unsigned int *flags, bool tell);

/* The same for a name's value. */
struct span	 expand_value(struct context *, const struct ctx_value *,
		    unsigned int *flags, bool tell);

/*
 * What a scalar's place holds: the one scalar that the node stands for, or
 * NULL: none.  Two or more are an error (in diag) and NULL.
 */
struct node	*expand_scalar(struct context *, struct node *);

/* What a list's place holds: scalars, in order, nulls left out. */
struct expand_list {
	struct node	**items;	/* freed by expand_list_free() */
	size_t		 n;
	size_t		 cap;
};

void		 expand_list(struct context *, struct node *,
		    struct expand_list *);
void		 expand_list_free(struct expand_list *);

/*
 * Whether the text is nothing but one name that has no value (null), as is
 * or by way of other names: then it is as if nothing had been written.
 */
bool		 expand_is_null(struct context *, const char *text, size_t len);

/* Whether substitution could change a text at all. */
bool		 expand_has_braces(const char *text, size_t len);

#endif /* MONITOR_EXPAND_H */
