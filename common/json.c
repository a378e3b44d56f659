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
 * The JSON writer, and the rewriting of JSON text with another indent.  The
 * strings written may come from anywhere (names in the configuration, what
 * a task said): they are escaped and made valid UTF-8 here.  The text that
 * json_reindent() reads came from another process and is checked whole.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#include "json.h"

#define JSON_MIN	1024
#define JSON_DEPTH	128

struct json {
	char		*text;
	size_t		 len;
	size_t		 cap;
	unsigned int	 indent;
	unsigned int	 depth;
	bool		 first;		/* nothing in this level yet */
	bool		 keyed;		/* a key was written: its value next */
	bool		 failed;
};

/* Cuts a text into JSON's parts while it is written again. */
struct reader {
	const char	*p;
	size_t		 left;
	struct json	*out;
	unsigned int	 depth;
};

static int	 read_value(struct reader *);

struct json *
json_new(unsigned int indent)
{
	struct json *j;

	if ((j = calloc(1, sizeof(*j))) == NULL)
		return (NULL);
	j->indent = indent;
	j->first = true;
	return (j);
}

void
json_free(struct json *j)
{
	if (j == NULL)
		return;
	free(j->text);
	free(j);
}

/* Room for n more bytes and a NUL; NULL when there is none. */
static char *
room(struct json *j, size_t n)
{
	char *text;
	size_t cap;

	if (j->failed)
		return (NULL);
	if (j->cap - j->len > n)
		return (j->text + j->len);
	cap = j->cap < JSON_MIN ? JSON_MIN : j->cap;
	while (cap - j->len <= n) {
		if (cap > SIZE_MAX / 2) {
			j->failed = true;
			return (NULL);
		}
		cap *= 2;
	}
	if ((text = realloc(j->text, cap)) == NULL) {
		j->failed = true;
		return (NULL);
	}
	j->text = text;
	j->cap = cap;
	return (text + j->len);
}

static void
put(struct json *j, const char *s, size_t n)
{
	char *p;

	if ((p = room(j, n)) == NULL)
		return;
	memcpy(p, s, n);
	j->len += n;
}

static void
newline(struct json *j)
{
	size_t n;
	char *p;

	n = (size_t)j->indent * j->depth;
	if ((p = room(j, n + 1)) == NULL)
		return;
	*p = '\n';
	memset(p + 1, ' ', n);
	j->len += n + 1;
}

/* What stands between the last thing written and the next one. */
static void
separate(struct json *j)
{
	if (j->keyed) {
		j->keyed = false;
		return;
	}
	if (j->depth == 0)
		return;
	if (!j->first)
		put(j, ", ", j->indent == 0 ? 2 : 1);
	if (j->indent != 0)
		newline(j);
	j->first = false;
}

static void
open_level(struct json *j, const char *c)
{
	separate(j);
	put(j, c, 1);
	j->depth++;
	j->first = true;
}

static void
close_level(struct json *j, const char *c)
{
	j->depth--;
	if (!j->first && j->indent != 0)
		newline(j);
	put(j, c, 1);
	j->first = false;
}

void
json_object(struct json *j)
{
	open_level(j, "{");
}

void
json_object_end(struct json *j)
{
	close_level(j, "}");
}

void
json_array(struct json *j)
{
	open_level(j, "[");
}

void
json_array_end(struct json *j)
{
	close_level(j, "]");
}

/*
 * The length of the UTF-8 character at s, or 0 when it is none: overlong
 * forms, surrogates and what is beyond U+10FFFF are none (RFC 3629).
 */
static size_t
utf8_length(const unsigned char *s, size_t left)
{
	unsigned char least, most;
	size_t n, i;

	least = 0x80;
	most = 0xbf;
	if (s[0] < 0x80)
		return (1);
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		n = 2;
	else if ((s[0] & 0xf0) == 0xe0) {
		n = 3;
		if (s[0] == 0xe0)
			least = 0xa0;
		else if (s[0] == 0xed)
			most = 0x9f;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		n = 4;
		if (s[0] == 0xf0)
			least = 0x90;
		else if (s[0] == 0xf4)
			most = 0x8f;
	} else
		return (0);
	if (left < n || s[1] < least || s[1] > most)
		return (0);
	for (i = 2; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return (0);
	return (n);
}

static bool
is_plain(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f && c != '"' && c != '\\');
}

static void
put_escape(struct json *j, unsigned char c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *p;
	char buf[8];

	if (c != '\0' && (p = strchr(from, c)) != NULL) {
		buf[0] = '\\';
		buf[1] = to[p - from];
		put(j, buf, 2);
	} else {
		snprintf(buf, sizeof(buf), "\\u%04x", c);
		put(j, buf, 6);
	}
}

static void
put_quoted(struct json *j, const char *str, size_t len)
{
	const unsigned char *s = (const unsigned char *)str;
	size_t i, n;

	put(j, "\"", 1);
	for (i = 0; i < len; i += n) {
		for (n = 0; i + n < len && is_plain(s[i + n]); n++)
			continue;
		if (n > 0) {
			put(j, str + i, n);
			continue;
		}
		if (s[i] < 0x80) {
			put_escape(j, s[i]);
			n = 1;
		} else if ((n = utf8_length(s + i, len - i)) > 0)
			put(j, str + i, n);
		else {
			put(j, "\xef\xbf\xbd", 3);	/* U+FFFD */
			n = 1;
		}
	}
	put(j, "\"", 1);
}

void
json_key(struct json *j, const char *s)
{
	json_keyn(j, s, strlen(s));
}

static void
end_key(struct json *j)
{
	put(j, ": ", 2);
	j->keyed = true;
}

void
json_keyn(struct json *j, const char *s, size_t len)
{
	separate(j);
	put_quoted(j, s, len);
	end_key(j);
}

void
json_string(struct json *j, const char *s)
{
	json_stringn(j, s, strlen(s));
}

void
json_stringn(struct json *j, const char *s, size_t len)
{
	separate(j);
	put_quoted(j, s, len);
}

void
json_int(struct json *j, int64_t n)
{
	if (n >= 0) {
		json_uint(j, (uint64_t)n);
		return;
	}
	separate(j);
	put(j, "-", 1);
	j->keyed = true;	/* the sign and its digits are one value */
	json_uint(j, -(uint64_t)n);
}

void
json_uint(struct json *j, uint64_t n)
{
	char buf[20];
	size_t i;

	i = sizeof(buf);
	do
		buf[--i] = '0' + n % 10;
	while ((n /= 10) != 0);
	json_raw(j, buf + i, sizeof(buf) - i);
}

void
json_bool(struct json *j, bool b)
{
	if (b)
		json_raw(j, "true", 4);
	else
		json_raw(j, "false", 5);
}

void
json_null(struct json *j)
{
	json_raw(j, "null", 4);
}

void
json_raw(struct json *j, const char *s, size_t len)
{
	separate(j);
	put(j, s, len);
}

char *
json_finish(struct json *j, size_t *lenp)
{
	char *text;

	put(j, "\n", 1);
	text = j->text;
	if (j->failed) {
		free(text);
		text = NULL;
		errno = ENOMEM;
	} else {
		text[j->len] = '\0';
		*lenp = j->len;
	}
	j->text = NULL;
	j->len = j->cap = 0;
	j->depth = 0;
	j->first = true;
	j->keyed = j->failed = false;
	return (text);
}

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

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
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
	separate(r->out);
	put(r->out, r->p, n);
	end_key(r->out);
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
