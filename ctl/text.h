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

/* What the parts of output_text share: the terminal, times, states. */

#ifndef CTL_TEXT_H
#define CTL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "output.h"
#include "visible.h"

/*
 * Looks whether stdout is a terminal, how wide it is, and whether colour is
 * wanted; before that, it is none.
 */
void	 text_setup(void);

/* 0: as wide as it takes. */
unsigned int	 text_columns(void);
/* The sequence for a colour, or "" without colour; text_off() ends it. */
const char	*text_colour(const char *sequence);
const char	*text_off(void);

#define COLOUR_GOOD	"\033[32m"
#define COLOUR_MOVES	"\033[33m"
#define COLOUR_BAD	"\033[31m"

/* The colour of a state; "" for the quiet ones. */
const char	*text_state_colour(uint8_t state);

/* Local date and time to the second; a time of today without its date. */
const char	*text_when(int64_t wall, char *buf, size_t size);

/* "exited 3 at 03:12:08"; "" for what has not; new memory. */
char		*text_last_exit(const struct answer_proc *);

/* A cell whose text is given to the table. */
void		 text_cell(struct table *, char *owned);
void		 text_number(struct table *, uint32_t);
void		 text_state(struct table *, uint8_t state);

/* text_status.c, text_change.c */
void		 text_status(const struct answer *, bool detail);
void		 text_why(const struct answer *, const struct answer *status);
void		 text_load(const struct answer *, enum load_kind);
void		 text_outcomes(const struct answer *, const char *done);

#endif /* CTL_TEXT_H */
