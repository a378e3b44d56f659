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
 * Substitution: lines "NAME=value" make a context ("NAME" alone: null, a
 * leading '!': a value that is not substituted), each line is substituted
 * in it.
 */

#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../monitor/expand.h"
#include "fuzz.h"

/* A scalar as yaml.c makes them: without NUL and 0x01. */
static struct node *
scalar(struct arena *a, const char *p, size_t len, bool plain)
{
	struct node *n;
	char *text;
	size_t i;

	text = arena_strn(a, p, len);
	for (i = 0; i < len; i++)
		if (text[i] == '\0' || text[i] == LATE_MARK)
			text[i] = '?';
	n = node_text(a, text);
	n->plain = plain;
	n->line = 1;
	return (n);
}

static void
define(struct context *c, const char *p, size_t len)
{
	const char *eq = memchr(p, '=', len);
	size_t nlen = eq != NULL ? (size_t)(eq - p) : len;
	struct node *value;

	if (nlen == 0)
		return;
	if (eq == NULL)
		value = scalar(c->arena, "", 0, true);
	else
		value = scalar(c->arena, eq + 1, len - nlen - 1, false);
	if (p[0] == '!' && nlen > 1)
		context_literal(c, CTX_ENVIRON, p + 1, nlen - 1, value->text,
		    value->n);
	else
		context_add(c, CTX_TOP_DEFINES, p, nlen, value, NULL);
}

static void
check(struct context *c, const char *p, size_t len)
{
	struct node *n;
	struct span s;
	unsigned int flags;

	n = scalar(c->arena, p, len, false);
	s = expand_text(c, n, &flags, true);
	if (s.p[s.len] != '\0' ||
	    ((flags & EXPAND_UNKNOWN) && s.len != n->n) ||
	    (s.len > EXPAND_MAX && s.len > n->n) ||
	    ((memchr(s.p, LATE_MARK, s.len) != NULL) !=
	    ((flags & EXPAND_LATE) != 0)))
		abort();
	expand_is_null(c, n->text, n->n);
}

static void
each_line(struct context *c, const char *p, size_t len,
    void (*fn)(struct context *, const char *, size_t))
{
	const char *end;
	size_t n;

	while (len > 0) {
		end = memchr(p, '\n', len);
		n = end != NULL ? (size_t)(end - p) : len;
		fn(c, p, n);
		if (end != NULL)
			n++;
		p += n;
		len -= n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct context c;
	struct diag diag;

	memset(&arena, 0, sizeof(arena));
	diag_init(&diag, "f", "r");
	context_init(&c, &arena, &diag);
	context_literal(&c, CTX_PROCESS, "L", 1, "\001i", 2);
	each_line(&c, (const char *)data, size, define);
	context_next_task(&c);
	each_line(&c, (const char *)data, size, check);
	context_free(&c);
	diag_free(&diag);
	arena_free(&arena);
	return (0);
}
