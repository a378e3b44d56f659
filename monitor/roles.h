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
 * The roles in force on this host (spec.md 3): one a line, "NAME" or
 * "NAME=value".
 */

#ifndef MONITOR_ROLES_H
#define MONITOR_ROLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"
#include "names.h"

struct role {
	char		*name;
	char		*value;		/* NULL: it has none */
	uint32_t	 line;
};

/* Without a roles file "on" is false and every task is in scope. */
struct roles {
	bool		 on;
	struct role	*list;		/* file order, each name once */
	uint32_t	 n;
	struct names	 index;		/* name -> struct role */
};

/*
 * Reads the text of a roles file into r (all zero before); strings go into
 * the arena, what is wrong into diag.  roles_free() frees the rest.
 */
void	 roles_parse(struct roles *, const char *text, size_t len,
	    struct arena *, struct diag *);
void	 roles_free(struct roles *);
bool	 roles_active(const struct roles *, const char *name, size_t len);

#endif /* MONITOR_ROLES_H */
