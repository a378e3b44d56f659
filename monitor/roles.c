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
 * Reads the roles file.  It is the administrator's; what it holds goes into
 * environments, so bytes that no environment can carry are refused.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "roles.h"

static bool
is_blank(char c)
{
	return (c == ' ' || (c >= '\t' && c <= '\r'));
}

static bool
has_control(const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			return (true);
	return (false);
}

/* One line that is neither blank nor a comment. */
static void
add_line(struct roles *r, const char *p, size_t len, uint32_t line,
    struct arena *arena, struct diag *d)
{
	const char *eq, *value = NULL;
	struct role *role;
	size_t nlen = len, vlen = 0;

	if ((eq = memchr(p, '=', len)) != NULL) {
		nlen = eq - p;
		value = eq + 1;
		vlen = len - nlen - 1;
	}
	for (; nlen > 0 && is_blank(*p); p++)
		nlen--;
	while (nlen > 0 && is_blank(p[nlen - 1]))
		nlen--;
	if (nlen == 0) {
		diag_at(d, PLAN_ERROR, true, line, 1,
		    "a role without a name");
		return;
	}
	if (nlen > LIMIT_NAME || has_control(p, nlen)) {
		diag_at(d, PLAN_ERROR, true, line, 1, "a role's name is at "
		    "most %d bytes, none a control character", LIMIT_NAME);
		return;
	}
	if (value != NULL && (memchr(value, '\0', vlen) != NULL ||
	    memchr(value, LATE_MARK, vlen) != NULL)) {
		diag_at(d, PLAN_ERROR, true, line, 1, "a role's value "
		    "cannot hold the bytes 0x00 and 0x01");
		return;
	}
	if ((role = names_find(&r->index, p, nlen)) != NULL) {
		diag_at(d, PLAN_WARNING, true, line, 1, "role '%s' is here "
		    "again (first at line %u); this line counts", role->name,
		    role->line);
	} else {
		role = arena_alloc(arena, sizeof(*role));
		role->name = arena_strn(arena, p, nlen);
		names_add(&r->index, role->name, nlen, role);
		r->n++;
	}
	if (vlen > 0 && value[vlen - 1] == '\r')
		diag_at(d, PLAN_WARNING, true, line, 1, "the value of role "
		    "'%s' ends with a carriage return, which is part of it",
		    role->name);
	role->value = value == NULL ? NULL : arena_strn(arena, value, vlen);
	role->line = line;
}

static int
cmp_line(const void *a, const void *b)
{
	const struct role *ra = a, *rb = b;

	return (ra->line < rb->line ? -1 : ra->line > rb->line);
}

/* The table's roles as a list in file order. */
static void
make_list(struct roles *r)
{
	size_t i;
	uint32_t n = 0;

	if (r->n == 0)
		return;
	r->list = xcalloc(r->n, sizeof(*r->list));
	for (i = 0; i < r->index.cap; i++)
		if (r->index.slots[i].name != NULL)
			r->list[n++] = *(struct role *)
			    r->index.slots[i].value;
	qsort(r->list, r->n, sizeof(*r->list), cmp_line);
}

void
roles_parse(struct roles *r, const char *text, size_t len,
    struct arena *arena, struct diag *d)
{
	const char *end;
	size_t n, i;
	uint32_t line = 1;

	r->on = true;
	/* Some editors begin a file with a byte order mark. */
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	for (; len > 0; line++) {
		end = memchr(text, '\n', len);
		n = end != NULL ? (size_t)(end - text) : len;
		for (i = 0; i < n && is_blank(text[i]); i++)
			;
		if (i < n && text[0] != '#')
			add_line(r, text, n, line, arena, d);
		if (end != NULL)
			n++;
		text += n;
		len -= n;
	}
	make_list(r);
}

void
roles_free(struct roles *r)
{
	free(r->list);
	names_free(&r->index);
	memset(r, 0, sizeof(*r));
}

bool
roles_active(const struct roles *r, const char *name, size_t len)
{
	return (names_find(&r->index, name, len) != NULL);
}
