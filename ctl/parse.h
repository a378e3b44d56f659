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

/* The grammar of the command line: a table, and the search in it. */

#ifndef CTL_PARSE_H
#define CTL_PARSE_H

#include <stddef.h>

#include "ctl.h"

struct command {
	const char	*name;
	const char	*args;		/* for the usage text; "" if none */
	const char	*what;		/* it does */
	int		 maxargs;	/* -1: any number */
	enum ctl_exit	(*fn)(struct ctl *, int, char **);
};

/* In alphabetical order, an empty name at the end. */
extern const struct command	 commands[];

/*
 * The command that word names, whole or by a unique prefix.  NULL otherwise,
 * with a text for people in why.
 */
const struct command	*parse_command(const char *word, char *why,
			    size_t size);

#endif /* CTL_PARSE_H */
