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

/* Text from elsewhere, made fit for a terminal, and tables of such text. */

#ifndef CTL_VISIBLE_H
#define CTL_VISIBLE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * New memory with the len bytes at s in which nothing moves a cursor or
 * changes a colour: what the locale cannot print stands as \ooo.  A newline
 * is no exception.  *width is the columns it takes on a terminal; NULL if
 * that is of no interest.
 */
char	*visible(const char *s, size_t len, size_t *width);

/*
 * How many bytes of s, which visible() has made, go into so many columns: up
 * to a blank where there is one, and at least one character.
 */
size_t	 visible_fit(const char *s, size_t columns);

/* Writes the len bytes at s so, each newline kept, a missing last one added. */
void	 visible_lines(FILE *fp, const char *s, size_t len);

/* "3.2s", "4m10s", "2h5m", "12d3h" in buf; returns it. */
const char	*duration(int64_t ms, char *buf, size_t size);

/* A table whose columns are as wide as what stands in them. */
struct table;

#define TABLE_RIGHT	0x01	/* the column is aligned right */

/* flags: one a column; borrowed. */
struct table	*table_new(const unsigned int *flags, size_t ncols);
/* The next cell; the row is over after ncols of them. */
void		 table_cell(struct table *, const char *s, size_t len);
void		 table_str(struct table *, const char *s);
/*
 * The last cell gets this sequence before and the normal one after it; ""
 * for neither.
 */
void		 table_colour(struct table *, const char *sequence);
/* The row that is over now is a heading. */
void		 table_heading(struct table *);
/* How wide the rows are. */
size_t		 table_width(const struct table *);
/*
 * columns: of the terminal; what stands in the last column and would go
 * beyond goes on in lines of its own.  0: there is no end.
 */
void		 table_print(const struct table *, FILE *fp,
		    const char *indent, unsigned int columns);
void		 table_free(struct table *);

#endif /* CTL_VISIBLE_H */
