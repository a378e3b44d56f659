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
#include <stdint.h>
#include <stdio.h>

#include "ctl.h"

struct command {
	const char	*name;
	const char	*args;		/* for the usage text; "" if none */
	const char	*what;		/* it does */
	uint8_t		 right;		/* RIGHT_* of run.h that it takes */
	int		 minargs;
	int		 maxargs;	/* -1: any number */
	const char	*options;	/* of its own, as getopt(3) has it */
	const char	*promises;	/* pledge(2), once connected */
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

/*
 * Is n a number of arguments that the command takes?  -1 otherwise, with a
 * text for people in why.
 */
int	 parse_args(const struct command *, int n, char **args, char *why,
	    size_t size);

/*
 * Seconds as a decimal number ("30", "0.25"), at most CTL_WAIT_MAX, into
 * milliseconds; what is less than one counts as one.  -1: it is none.
 */
int	 parse_seconds(const char *word, int64_t *ms);

/* How to call us: cmd, or, where it is NULL, all there is. */
void	 parse_usage(FILE *, const struct command *cmd);

#endif /* CTL_PARSE_H */
