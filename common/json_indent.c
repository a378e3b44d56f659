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
 * JSON text, written again with another indent.  It came from another process
 * and is checked whole; what is good of it is copied as it stands.
 */

#include <errno.h>
#include <string.h>

#include "json.h"
#include "utf8.h"
#include "util.h"

#define JSON_DEPTH	128

/* Cuts a text into JSON's parts while it is written again. */
struct reader {
	const char	*p;
	size_t		 left;
	struct json	*out;
	unsigned int	 depth;
};

static int	 read_value(struct reader *);

static void
skip_blanks(struct reader *r)
{
	while (r->left > 0 && (*r->p == ' ' || *r->p == '\t' ||
	    *r->p == '\n' || *r->p == '\r')) {
		r->p++;
		r->left--;
	}
}

/* Takes c, after blanks, if it comes next. */
static bool
take(struct reader *r, char c)
{
	skip_blanks(r);
	if (r->left == 0 || *r->p != c)
		return (false);
	r->p++;
	r->left--;
	return (true);
}

/* The length of the escape at s (a backslash), 0 if it is none. */
static size_t
escape_length(const char *s, size_t left)
{
	size_t i;

	if (left < 2)
		return (0);
	if (s[1] != 'u')
		return (s[1] != '\0' && strchr("\"\\/bfnrt", s[1]) != NULL ?
		    2 : 0);
	if (left < 6)
		return (0);
	for (i = 2; i < 6; i++)
		if (s[i] == '\0' ||
		    strchr("0123456789abcdefABCDEF", s[i]) == NULL)
			return (0);
	return (6);
}

/* The length of the string at r, quotes included, 0 if it is none. */
static size_t
string_length(const struct reader *r)
{
	const char *s = r->p;
	size_t i, n;

	if (r->left == 0 || s[0] != '"')
		return (0);
	for (i = 1; i < r->left; i += n) {
		if (s[i] == '"')
			return (i + 1);
		if (s[i] == '\\')
			n = escape_length(s + i, r->left - i);
		else if ((unsigned char)s[i] < 0x20)
			n = 0;
		else
			n = utf8_length((const unsigned char *)s + i,
			    r->left - i);
		if (n == 0)
			return (0);
	}
	return (0);
}

static size_t
digits(const struct reader *r, size_t from)
{
	size_t i;

	for (i = from; i < r->left && r->p[i] >= '0' && r->p[i] <= '9'; i++)
		continue;
	return (i - from);
}

/* The length of the number at r, 0 if it is none. */
static size_t
number_length(const struct reader *r)
{
	const char *s = r->p;
	size_t i, n;

	i = r->left > 0 && s[0] == '-';
	if ((n = digits(r, i)) == 0 || (n > 1 && s[i] == '0'))
		return (0);
	i += n;
	if (i < r->left && s[i] == '.') {
		if ((n = digits(r, i + 1)) == 0)
			return (0);
		i += 1 + n;
	}
	if (i < r->left && (s[i] == 'e' || s[i] == 'E')) {
		i++;
		if (i < r->left && (s[i] == '+' || s[i] == '-'))
			i++;
		if ((n = digits(r, i)) == 0)
			return (0);
		i += n;
	}
	return (i);
}

static size_t
word_length(const struct reader *r)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i, n;

	for (i = 0; i < nitems(words); i++) {
		n = strlen(words[i]);
		if (r->left >= n && memcmp(r->p, words[i], n) == 0)
			return (n);
	}
	return (0);
}

static int
read_key(struct reader *r)
{
	size_t n;

	skip_blanks(r);
	if ((n = string_length(r)) == 0)
		return (-1);
	json_keyraw(r->out, r->p, n);
	r->p += n;
	r->left -= n;
	return (take(r, ':') ? 0 : -1);
}

/* What is between the brackets of an object or array, and the last one. */
static int
read_members(struct reader *r, bool object)
{
	char end = object ? '}' : ']';

	if (take(r, end))
		return (0);
	if (++r->depth > JSON_DEPTH)
		return (-1);
	do {
		if (object && read_key(r) == -1)
			return (-1);
		if (read_value(r) == -1)
			return (-1);
	} while (take(r, ','));
	r->depth--;
	return (take(r, end) ? 0 : -1);
}

static int
read_value(struct reader *r)
{
	size_t n;

	if (take(r, '{')) {
		json_object(r->out);
		if (read_members(r, true) == -1)
			return (-1);
		json_object_end(r->out);
		return (0);
	}
	if (take(r, '[')) {
		json_array(r->out);
		if (read_members(r, false) == -1)
			return (-1);
		json_array_end(r->out);
		return (0);
	}
	if ((n = string_length(r)) == 0 && (n = number_length(r)) == 0 &&
	    (n = word_length(r)) == 0)
		return (-1);
	json_raw(r->out, r->p, n);
	r->p += n;
	r->left -= n;
	return (0);
}

char *
json_reindent(const char *text, size_t len, unsigned int indent,
    size_t *lenp)
{
	struct reader r;
	char *ret;

	r.p = text;
	r.left = len;
	r.depth = 0;
	if ((r.out = json_new(indent)) == NULL)
		return (NULL);
	ret = NULL;
	errno = EINVAL;
	if (read_value(&r) == -1)
		goto done;
	skip_blanks(&r);
	if (r.left == 0)
		ret = json_finish(r.out, lenp);
	else
		errno = EINVAL;
done:
	json_free(r.out);
	return (ret);
}
