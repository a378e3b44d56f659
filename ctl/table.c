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

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "visible.h"

#define GAP	2	/* blanks between columns */

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
table_print(const struct table *t, FILE *fp, const char *indent)
{
	const struct cell	*c;
	size_t			 i, col, pad, blanks;

	blanks = 0;
	for (i = 0; i < t->ncells; i++) {
		c = &t->cells[i];
		col = i % t->ncols;
		pad = t->widths[col] - c->width;
		if (col == 0)
			fputs(indent, fp);
		if (t->flags[col] & TABLE_RIGHT) {
			blanks += pad;
			pad = 0;
		}
		/* Blanks wait for what follows: a line does not end in them. */
		if (c->width > 0) {
			fprintf(fp, "%*s", (int)blanks, "");
			blanks = 0;
			if (c->colour != NULL)
				fprintf(fp, "%s%s\033[0m", c->colour, c->text);
			else
				fputs(c->text, fp);
		}
		blanks += pad + GAP;
		if (col + 1 == t->ncols) {
			putc('\n', fp);
			blanks = 0;
		}
	}
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
