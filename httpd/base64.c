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

/* Base64.  The text comes from whoever can reach a listener. */

#include <stdint.h>
#include <string.h>

#include "base64.h"

static int
value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p;

	p = c == '\0' ? NULL : strchr(digits, c);
	return (p == NULL ? -1 : (int)(p - digits));
}

int
base64_decode(const char *s, char *buf, size_t size)
{
	uint32_t bits = 0;
	size_t n = 0, digits = 0;
	int v;

	for (; (v = value(*s)) != -1; s++) {
		bits = bits << 6 | (uint32_t)v;
		if (++digits % 4 == 1)
			continue;
		if (n + 1 >= size)
			return (-1);
		buf[n] = bits >> (2 * (3 - (digits - 1) % 4)) & 0xff;
		if (buf[n++] == '\0')
			return (-1);
	}
	/* One digit says nothing; the padding fills up to four. */
	if (digits % 4 == 1)
		return (-1);
	for (; digits % 4 != 0 && *s == '='; s++)
		digits++;
	if (digits % 4 != 0 || s[strspn(s, " \t")] != '\0')
		return (-1);
	buf[n] = '\0';
	return ((int)n);
}
