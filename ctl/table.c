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
 * Tables of text for people.  The cells are kept until all are known, made
 * visible on the way in.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "visible.h"

#define GAP	2	/* blanks between columns */
/* The last column is worth breaking lines in when it is as wide as this. */
#define LAST_MIN	24
#define HANG		4	/* else it hangs below, so far from the left */

struct cell {
	char		*text;
	const char	*colour;	/* NULL: none */
	size_t		 width;
};

struct table {
	const unsigned int	*flags;
	size_t			 ncols;
	size_t			*widths;
	struct cell		*cells;
	size_t			 ncells;
	size_t			 headings;	/* rows, the first ones */
};

struct table *
table_new(const unsigned int *flags, size_t ncols)
{
	struct table	*t;

	t = xcalloc(1, sizeof(*t));
	t->flags = flags;
	t->ncols = ncols;
	t->widths = xcalloc(ncols, sizeof(*t->widths));
	return (t);
}

void
table_cell(struct table *t, const char *s, size_t len)
{
	struct cell	*c;
	size_t		 col;

	if ((t->ncells & (t->ncells - 1)) == 0)
		t->cells = xreallocarray(t->cells,
		    t->ncells == 0 ? 1 : t->ncells * 2, sizeof(*t->cells));
	col = t->ncells % t->ncols;
	c = &t->cells[t->ncells++];
	c->colour = NULL;
	c->text = visible(s, len, &c->width);
	if (c->width > t->widths[col])
		t->widths[col] = c->width;
}

void
table_str(struct table *t, const char *s)
{
	table_cell(t, s, strlen(s));
}

void
table_colour(struct table *t, const char *sequence)
{
	t->cells[t->ncells - 1].colour = sequence;
}

void
table_heading(struct table *t)
{
	t->headings = t->ncells / t->ncols;
}

/* Columns to the left of the last one. */
static size_t
before_last(const struct table *t)
{
	size_t		 i, n;

	for (i = n = 0; i + 1 < t->ncols; i++)
		n += t->widths[i] + GAP;
	return (n);
}

size_t
table_width(const struct table *t)
{
	return (before_last(t) + t->widths[t->ncols - 1]);
}

/*
 * A cell where the cursor is at column at of columns: as many lines as it
 * takes, each beginning at the same column.
 */
static void
print_text(const struct cell *c, FILE *fp, size_t at, size_t columns)
{
	const char	*s = c->text;
	bool		 coloured = c->colour != NULL && *c->colour != '\0';
	size_t		 n;

	if (coloured)
		fputs(c->colour, fp);
	for (;;) {
		n = visible_fit(s, columns > at ? columns - at : 1);
		fprintf(fp, "%.*s", (int)n, s);
		for (s += n; *s == ' '; s++)
			;
		if (*s == '\0')
			break;
		fprintf(fp, "\n%*s", (int)at, "");
	}
	if (coloured)
		fputs("\033[0m", fp);
}

static void
print_row(const struct table *t, size_t first, FILE *fp, const char *indent,
    unsigned int columns)
{
	const struct cell	*c, *row = &t->cells[first];
	size_t			 at, col, pad, blanks;

	at = strlen(indent) + before_last(t);
	blanks = 0;
	fputs(indent, fp);
	for (col = 0; col < t->ncols; col++) {
		c = &row[col];
		pad = t->widths[col] - c->width;
		if (t->flags[col] & TABLE_RIGHT) {
			blanks += pad;
			pad = 0;
		}
		/* Blanks wait for what follows: a line does not end in them. */
		if (c->width > 0) {
			if (col + 1 < t->ncols || columns == 0 ||
			    at + c->width <= columns) {
				fprintf(fp, "%*s", (int)blanks, "");
				print_text(c, fp, 0, SIZE_MAX);
			} else if (at + LAST_MIN <= columns) {
				fprintf(fp, "%*s", (int)blanks, "");
				print_text(c, fp, at, columns);
			} else if (first / t->ncols >= t->headings) {
				fprintf(fp, "\n%*s", HANG, "");
				print_text(c, fp, HANG, columns);
			}
			blanks = 0;
		}
		blanks += pad + GAP;
	}
	putc('\n', fp);
}

void
table_print(const struct table *t, FILE *fp, const char *indent,
    unsigned int columns)
{
	size_t		 i;

	for (i = 0; i + t->ncols <= t->ncells; i += t->ncols)
		print_row(t, i, fp, indent, columns);
}

void
table_free(struct table *t)
{
	size_t		 i;

	for (i = 0; i < t->ncells; i++)
		free(t->cells[i].text);
	free(t->cells);
	free(t->widths);
	free(t);
}
