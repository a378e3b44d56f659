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

/* Names of tasks and slots on the command line: "web", "web:2", "@front". */

#ifndef CTL_SELECT_H
#define CTL_SELECT_H

#include <stddef.h>

#include "answer.h"

struct selection {
	char	*task;		/* name, pattern, "@role" or "all" */
	int	 slot;		/* -1: all of them */
};

/*
 * Splits n words into new memory of n selections.  CTL_OK, or the exit
 * status for a word that cannot name a task or slot, which was then said.
 */
enum ctl_exit		 select_parse(const struct ctl *, char **words,
			    uint32_t n, struct selection **sel);
void			 select_free(struct selection *, uint32_t n);

/* Is it a word that may be asked about?  Else says why not. */
enum ctl_exit		 select_word(const struct ctl *, const char *word);

/* The tasks of n selections: a new list of borrowed strings. */
const char		**select_names(const struct selection *, uint32_t n);

/*
 * Hides the slots of a that none of the n selections asks for.  The index
 * of a selection whose slot does not exist, or -1.
 */
int			 select_apply(const struct selection *, uint32_t n,
			    struct answer *a);

#endif /* CTL_SELECT_H */
