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
 * Takes form-encoded text apart.  It comes from whoever can reach a
 * listener: nothing in it is terminated, and its escapes may be anything.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "form.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}

/* Decodes len bytes into buf; 0, or -1. */
static int
decode(const char *s, size_t len, char *buf, size_t size)
{
	size_t i, n;
	int hi, lo;

	for (i = n = 0; i < len; i++, n++) {
		if (n + 1 >= size)
			return (-1);
		if (s[i] == '+')
			buf[n] = ' ';
		else if (s[i] != '%')
			buf[n] = s[i];
		else {
			if (len - i < 3 || (hi = hex_digit(s[i + 1])) == -1 ||
			    (lo = hex_digit(s[i + 2])) == -1)
				return (-1);
			buf[n] = hi << 4 | lo;
			i += 2;
		}
		/* No name has one, and what is said of it is logged. */
		if ((unsigned char)buf[n] < 0x20 || buf[n] == 0x7f)
			return (-1);
	}
	buf[n] = '\0';
	return (0);
}

int
form_value(const char *form, size_t len, const char *name, char *buf,
    size_t size)
{
	const char *end, *eq;
	char key[64];
	size_t n;

	for (; len > 0; form += n, len -= n) {
		end = memchr(form, '&', len);
		n = end == NULL ? len : (size_t)(end - form);
		eq = memchr(form, '=', n);
		if (decode(form, eq == NULL ? n : (size_t)(eq - form),
		    key, sizeof(key)) == 0 && strcmp(key, name) == 0) {
			if (eq == NULL) {
				buf[0] = '\0';
				return (1);
			}
			eq++;
			return (decode(eq, n - (size_t)(eq - form), buf,
			    size) == 0 ? 1 : -1);
		}
		if (end != NULL)
			n++;
	}
	return (0);
}

/* New memory, or NULL: malformed. */
static char *
decode_new(const char *s, size_t len)
{
	char *buf;

	buf = xcalloc(1, len + 1);
	if (decode(s, len, buf, len + 1) == 0)
		return (buf);
	free(buf);
	return (NULL);
}

int
form_next(struct form *f, char **name, char **value)
{
	const char *pair, *end, *eq;
	size_t n;

	do {
		if (f->left == 0)
			return (0);
		pair = f->p;
		end = memchr(pair, '&', f->left);
		n = end == NULL ? f->left : (size_t)(end - pair);
		f->p += n + (end != NULL);
		f->left -= n + (end != NULL);
	} while (n == 0);
	if ((eq = memchr(pair, '=', n)) == NULL)
		eq = pair + n;
	if ((*name = decode_new(pair, eq - pair)) == NULL)
		return (-1);
	if (eq < pair + n)
		eq++;
	if ((*value = decode_new(eq, pair + n - eq)) == NULL) {
		free(*name);
		return (-1);
	}
	return (1);
}
