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
 * Shell patterns for task names, as fnmatch(3) without flags: "*", "?",
 * "[a-z]", "[!x]", "\".  Our own, because any user who may ask for status
 * chooses the pattern: this one goes back to the last star only, so that the
 * time is at most the product of the lengths, where libraries can be made
 * to take minutes.
 */

#include <stdbool.h>

#include "client.h"

/* Matches a bracket at p with c; *end is behind it, NULL: not a bracket. */
static bool
bracket(const char *p, unsigned char c, const char **end)
{
	const char	*first;
	unsigned char	 lo, hi;
	bool		 negated, hit = false;

	p++;
	if ((negated = *p == '!' || *p == '^'))
		p++;
	*end = NULL;
	for (first = p; *p != ']' || p == first; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		if (*p == '\0')
			return (false);
		lo = hi = *p;
		if (p[1] == '-' && p[2] != ']' && p[2] != '\0') {
			p += 2;
			if (*p == '\\' && p[1] != '\0')
				p++;
			hi = *p;
		}
		if (lo <= c && c <= hi)
			hit = true;
	}
	*end = p + 1;
	return (hit != negated);
}

/* One element of the pattern against one character; *next is behind it. */
static bool
one(const char *p, char c, const char **next)
{
	const char	*end;
	bool		 hit;

	*next = p + 1;
	switch (*p) {
	case '?':
		return (true);
	case '[':
		hit = bracket(p, c, &end);
		if (end == NULL)
			return (c == '[');
		*next = end;
		return (hit);
	case '\\':
		if (p[1] == '\0')
			return (false);
		*next = p + 2;
		return (c == p[1]);
	default:
		return (*p != '\0' && *p == c);
	}
}

bool
match_name(const char *p, const char *name)
{
	const char	*star = NULL, *from = name, *next;

	while (*name != '\0') {
		if (*p == '*') {
			star = ++p;
			from = name;
		} else if (*p != '\0' && one(p, *name, &next)) {
			p = next;
			name++;
		} else if (star != NULL) {
			p = star;
			name = ++from;
		} else
			return (false);
	}
	while (*p == '*')
		p++;
	return (*p == '\0');
}
