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
 * Draws the tasks in columns: what requires nothing at the left, each other
 * one column right of the last it requires.  The monitor says what requires
 * what; where that is a cycle, or names nobody, the drawing is a poor one
 * and nothing worse.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../common/client.h"
#include "../common/states.h"
#include "../common/util.h"
#include "graph.h"
#include "html.h"

#define NODES_MAX	200	/* beyond, a drawing helps nobody */
#define NAME_MAX_CHARS	16
/* In pixels: a node, and what is between two. */
#define WIDTH		150
#define HEIGHT		46
#define GAP_X		60
#define GAP_Y		16
#define MARGIN		4

struct node {
	const struct answer_task *task;
	unsigned int	*needs;		/* indexes of nodes */
	unsigned int	 nneeds;
	bool		 drawn;		/* has an edge */
	unsigned int	 column;
	double		 wish;		/* the row its needs would like */
	unsigned int	 row;
};

struct graph {
	struct node	*nodes;
	unsigned int	 n;
	unsigned int	*heights;	/* rows of each column */
	unsigned int	 columns;
	unsigned int	 rows;
	unsigned int	 drawn;
};

static int
compare(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int ret;

	ret = memcmp(a.p, b.p, n);
	return (ret != 0 ? ret : a.len < b.len ? -1 : a.len > b.len);
}

static int
by_name(const void *a, const void *b)
{
	const struct node *const *x = a, *const *y = b;

	return (compare((*x)->task->name, (*y)->task->name));
}

/* The node of that name, or NULL. */
static struct node *
find(struct node **sorted, unsigned int n, struct span name)
{
	unsigned int low = 0, high = n, mid;
	int c;

	while (low < high) {
		mid = low + (high - low) / 2;
		c = compare(name, sorted[mid]->task->name);
		if (c == 0)
			return (sorted[mid]);
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return (NULL);
}

static void
connect_nodes(struct graph *g)
{
	struct node **sorted, *node, *other;
	struct cursor names;
	unsigned int i;
	uint32_t k;

	sorted = xcalloc(g->n, sizeof(*sorted));
	for (i = 0; i < g->n; i++)
		sorted[i] = &g->nodes[i];
	qsort(sorted, g->n, sizeof(*sorted), by_name);
	for (i = 0; i < g->n; i++) {
		node = &g->nodes[i];
		node->needs = xcalloc(node->task->nrequires + 1,
		    sizeof(*node->needs));
		names = node->task->requires;
		for (k = 0; k < node->task->nrequires; k++) {
			other = find(sorted, g->n, get_str(&names));
			if (other == NULL || other == node)
				continue;
			node->needs[node->nneeds++] = other - g->nodes;
			node->drawn = other->drawn = true;
		}
	}
	free(sorted);
}

/* Each right of what it requires; a cycle ends after so many rounds. */
static void
choose_columns(struct graph *g)
{
	struct node *node, *other;
	unsigned int i, k, round;
	bool moved = true;

	for (round = 0; moved && round < g->n; round++) {
		moved = false;
		for (i = 0; i < g->n; i++) {
			node = &g->nodes[i];
			for (k = 0; k < node->nneeds; k++) {
				other = &g->nodes[node->needs[k]];
				if (node->column > other->column ||
				    other->column + 1 >= g->n)
					continue;
				node->column = other->column + 1;
				moved = true;
			}
		}
	}
	for (i = 0; i < g->n; i++) {
		if (!g->nodes[i].drawn)
			continue;
		g->drawn++;
		if (g->nodes[i].column >= g->columns)
			g->columns = g->nodes[i].column + 1;
	}
}

static int
by_wish(const void *a, const void *b)
{
	const struct node *const *x = a, *const *y = b;

	if ((*x)->wish != (*y)->wish)
		return ((*x)->wish < (*y)->wish ? -1 : 1);
	return (*x < *y ? -1 : *x > *y);
}

/* Column by column, each near what it requires. */
static void
choose_rows(struct graph *g)
{
	struct node **column, *node;
	unsigned int c, i, k, n;

	column = xcalloc(g->n, sizeof(*column));
	for (c = 0; c < g->columns; c++) {
		for (n = i = 0; i < g->n; i++) {
			node = &g->nodes[i];
			if (!node->drawn || node->column != c)
				continue;
			for (k = 0; k < node->nneeds; k++)
				node->wish += g->nodes[node->needs[k]].row;
			if (node->nneeds > 0)
				node->wish /= node->nneeds;
			column[n++] = node;
		}
		qsort(column, n, sizeof(*column), by_wish);
		for (i = 0; i < n; i++)
			column[i]->row = i;
		g->heights[c] = n;
		if (n > g->rows)
			g->rows = n;
	}
	free(column);
}

static unsigned int
left(const struct node *n)
{
	return (MARGIN + n->column * (WIDTH + GAP_X));
}

/* Short columns stand in the middle. */
static unsigned int
top(const struct graph *g, const struct node *n)
{
	return (MARGIN + (g->rows - g->heights[n->column]) *
	    (HEIGHT + GAP_Y) / 2 + n->row * (HEIGHT + GAP_Y));
}

static void
write_edges(FILE *fp, const struct graph *g)
{
	const struct node *n, *from;
	unsigned int i, k, x1, y1, x2, y2;

	for (i = 0; i < g->n; i++) {
		n = &g->nodes[i];
		for (k = 0; k < n->nneeds; k++) {
			from = &g->nodes[n->needs[k]];
			x1 = left(from) + WIDTH;
			y1 = top(g, from) + HEIGHT / 2;
			x2 = left(n) - 5;
			y2 = top(g, n) + HEIGHT / 2;
			fprintf(fp, "<path class=\"edge\" marker-end="
			    "\"url(#arrow)\" d=\"M%u %uC%u %u %u %u %u %u\"/>"
			    "\n", x1, y1, x1 + GAP_X / 2, y1,
			    x2 - GAP_X / 2, y2, x2, y2);
		}
	}
}

static void
write_node(FILE *fp, const struct graph *g, const struct node *n)
{
	const struct answer_task *t = n->task;
	unsigned int x = left(n), y = top(g, n);

	fputs("<a href=\"#t-", fp);
	html_id(fp, t->name);
	fprintf(fp, "\" class=\"%s\"><title>", html_class(t->state));
	html_span(fp, t->name);
	fprintf(fp, ": %s</title><rect x=\"%u\" y=\"%u\" width=\"%d\" "
	    "height=\"%d\" rx=\"9\"/><text x=\"%u\" y=\"%u\">",
	    state_name((enum task_state)t->state), x, y, WIDTH, HEIGHT,
	    x + WIDTH / 2, y + 20);
	html_cut(fp, t->name, NAME_MAX_CHARS);
	fprintf(fp, "</text><text class=\"word\" x=\"%u\" y=\"%u\">%s",
	    x + WIDTH / 2, y + 37, state_name((enum task_state)t->state));
	if (t->count > 1)
		fprintf(fp, " %u/%u", t->running, t->count);
	fputs("</text></a>\n", fp);
}

static void
draw(FILE *fp, const struct graph *g)
{
	unsigned int i, width, height;

	width = g->columns * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN;
	height = g->rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN;
	fprintf(fp, "<svg width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\" "
	    "role=\"group\" aria-label=\"What requires what\">\n"
	    "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"6\" "
	    "refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
	    "<path d=\"M0 0 8 4 0 8z\"/></marker></defs>\n", width, height,
	    width, height);
	write_edges(fp, g);
	for (i = 0; i < g->n; i++)
		if (g->nodes[i].drawn)
			write_node(fp, g, &g->nodes[i]);
	fputs("</svg>\n", fp);
}

void
graph_write(FILE *fp, const struct answer_task *tasks, size_t n)
{
	struct graph g = { .n = n };
	unsigned int i;

	if (n == 0)
		return;
	g.nodes = xcalloc(n, sizeof(*g.nodes));
	for (i = 0; i < g.n; i++)
		g.nodes[i].task = &tasks[i];
	connect_nodes(&g);
	for (i = 0; i < g.n; i++)
		g.drawn += g.nodes[i].drawn;
	if (g.drawn > NODES_MAX)
		fprintf(fp, "<p>%u tasks depend on each other: too many to "
		    "draw.</p>\n", g.drawn);
	else if (g.drawn > 0) {
		choose_columns(&g);
		g.heights = xcalloc(g.columns + 1, sizeof(*g.heights));
		choose_rows(&g);
		draw(fp, &g);
	}
	for (i = 0; i < g.n; i++)
		free(g.nodes[i].needs);
	free(g.heights);
	free(g.nodes);
}
