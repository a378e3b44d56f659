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
 * The JSON writer.  The strings written may come from anywhere (names in the
 * configuration, what a task said): they are escaped and made valid UTF-8
 * here.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#include "json.h"
#include "utf8.h"

#define JSON_MIN	1024

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
json_keyraw(struct json *j, const char *s, size_t len)
{
	separate(j);
	put(j, s, len);
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
