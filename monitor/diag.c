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
 * Messages about the configuration.  They quote what an administrator
 * wrote, which may be long or broken: what is quoted is cut by the caller's
 * format, control characters go when the message is put on the wire.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "diag.h"

#define KEEP_MSGS	1000	/* more tell nobody anything */
/* Few searches of many names: they take no more than a second or two. */
#define MAX_GUESSES	200
#define MAX_OFFERS	65536

void
diag_init(struct diag *d, const char *conf, const char *roles)
{
	memset(d, 0, sizeof(*d));
	d->conf = conf;
	d->roles = roles;
}

void
diag_free(struct diag *d)
{
	size_t i;

	for (i = 0; i < d->nmsgs; i++)
		free(d->msgs[i].text);
	free(d->msgs);
	d->msgs = NULL;
	d->nmsgs = d->cap = 0;
}

static void
keep(struct diag *d, enum plan_severity severity, bool roles, uint32_t line,
    uint32_t col, char *text)
{
	struct diag_msg *m;

	if (d->nmsgs == d->cap) {
		d->cap = d->cap == 0 ? 16 : d->cap * 2;
		d->msgs = xreallocarray(d->msgs, d->cap, sizeof(*d->msgs));
	}
	m = &d->msgs[d->nmsgs];
	m->severity = severity;
	m->roles = roles;
	m->line = line;
	m->col = col;
	m->seq = d->nmsgs++;
	m->text = text;
}

/*
 * What is quoted is cut after so many bytes, perhaps within a letter: what
 * is left of it goes.
 */
static void
whole_letters(char *text)
{
	unsigned char *from = (unsigned char *)text, *to = from;
	size_t want, n;

	while (*from != '\0') {
		want = *from >= 0xf0 ? 4 : *from >= 0xe0 ? 3 :
		    *from >= 0xc0 ? 2 : 1;
		for (n = 1; n < want && (from[n] & 0xc0) == 0x80; n++)
			;
		if (n == want) {
			memmove(to, from, n);
			to += n;
		}
		from += n;
	}
	*to = '\0';
}

static void __attribute__((__format__(printf, 6, 0)))
vdiag(struct diag *d, enum plan_severity severity, bool roles, uint32_t line,
    uint32_t col, const char *fmt, va_list ap)
{
	char *body, *text;

	if (severity == PLAN_ERROR)
		d->nerrors++;
	else if (severity == PLAN_WARNING)
		d->nwarnings++;
	/* An error is never left out in favour of earlier warnings. */
	if (d->nmsgs >= KEEP_MSGS &&
	    (severity != PLAN_ERROR || d->nmsgs >= 2 * KEEP_MSGS))
		return;
	if (vasprintf(&body, fmt, ap) == -1)
		body = xstrdup("out of memory");
	xasprintf(&text, "%s:%u:%u: %s%.*s%s%s", roles ? d->roles : d->conf,
	    line, col, d->task != NULL ? "task " : "", LIMIT_NAME,
	    d->task != NULL ? d->task : "", d->task != NULL ? ": " : "",
	    body);
	free(body);
	whole_letters(text);
	keep(d, severity, roles, line, col, text);
}

static void __attribute__((__format__(printf, 4, 0)))
vdiag_node(struct diag *d, enum plan_severity severity,
    const struct node *where, const char *fmt, va_list ap)
{
	bool known = where != NULL && where->line != 0;

	vdiag(d, severity, false, known ? where->line : 1,
	    known ? where->col : 1, fmt, ap);
}

void
diag_error(struct diag *d, const struct node *where, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdiag_node(d, PLAN_ERROR, where, fmt, ap);
	va_end(ap);
}

void
diag_warn(struct diag *d, const struct node *where, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdiag_node(d, PLAN_WARNING, where, fmt, ap);
	va_end(ap);
}

void
diag_note(struct diag *d, const struct node *where, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdiag_node(d, PLAN_NOTE, where, fmt, ap);
	va_end(ap);
}

void
diag_at(struct diag *d, enum plan_severity severity, bool roles,
    uint32_t line, uint32_t col, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdiag(d, severity, roles, line, col, fmt, ap);
	va_end(ap);
}

static int
cmp_msg(const void *va, const void *vb)
{
	const struct diag_msg *a = va, *b = vb;

	if (a->roles != b->roles)
		return (a->roles ? 1 : -1);
	if (a->line != b->line)
		return (a->line < b->line ? -1 : 1);
	if (a->col != b->col)
		return (a->col < b->col ? -1 : 1);
	return (a->seq < b->seq ? -1 : a->seq > b->seq);
}

void
diag_sort(struct diag *d)
{
	size_t i, kept = 0;
	char *text;

	for (i = 0; i < d->nmsgs; i++)
		if (d->msgs[i].severity != PLAN_NOTE)
			kept++;
	if (d->nmsgs > 0)
		qsort(d->msgs, d->nmsgs, sizeof(*d->msgs), cmp_msg);
	if (kept >= (size_t)d->nerrors + d->nwarnings)
		return;
	xasprintf(&text, "%s: %zu more messages are not shown", d->conf,
	    (size_t)d->nerrors + d->nwarnings - kept);
	keep(d, PLAN_NOTE, true, UINT32_MAX, 1, text);
}

bool
diag_guess(struct diag *d, struct diag_guess *g, const char *word)
{
	size_t len = strlen(word);

	g->word = word;
	g->best = NULL;
	g->offers = 0;
	g->text[0] = '\0';
	/* One slip in a short word, three in a long one. */
	g->distance = len <= 3 ? 2 : len <= 7 ? 3 : 4;
	return (d->nears++ < MAX_GUESSES);
}

void
diag_offer(struct diag_guess *g, const char *known)
{
	unsigned int distance;

	if (g->distance <= 1 || g->offers++ >= MAX_OFFERS)
		return;
	distance = edit_distance(g->word, known, g->distance - 1);
	/* A word of which nothing is left is not near. */
	if (distance < g->distance && distance < strlen(known)) {
		g->distance = distance;
		g->best = known;
	}
}

const char *
diag_near(struct diag_guess *g)
{
	if (g->best != NULL)
		snprintf(g->text, sizeof(g->text), " (did you mean '%s'?)",
		    g->best);
	return (g->text);
}
