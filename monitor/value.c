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
 * Typing of scalars.  The text is whatever stands in the file and may be
 * long; nothing is assumed but the NUL at its end.
 */

#include <ctype.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "../common/util.h"
#include "value.h"

#define MAX_FLOAT	64	/* characters of a number worth reading */

/* A whole number as far as 64 bits hold it. */
struct whole {
	bool		 negative;
	bool		 overflow;
	bool		 decimal;	/* plain digits in base 10 */
	uint64_t	 magnitude;
};

bool
value_is_null(const char *text)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };
	size_t i;

	for (i = 0; i < nitems(words); i++)
		if (strcmp(text, words[i]) == 0)
			return (true);
	return (false);
}

/* The spellings that YAML 1.1 readers agree on, and what they mean. */
static const struct {
	const char	*text;
	bool		 value;
	bool		 typed;		/* without quotes it is a boolean */
} booleans[] = {
	{ "true", true, true }, { "True", true, true },
	{ "TRUE", true, true }, { "yes", true, true },
	{ "Yes", true, true }, { "YES", true, true },
	{ "on", true, true }, { "On", true, true }, { "ON", true, true },
	{ "false", false, true }, { "False", false, true },
	{ "FALSE", false, true }, { "no", false, true },
	{ "No", false, true }, { "NO", false, true },
	{ "off", false, true }, { "Off", false, true },
	{ "OFF", false, true },
	/* What the text of YAML 1.1 has, and hardly a reader. */
	{ "y", true, false }, { "Y", true, false },
	{ "n", false, false }, { "N", false, false }
};

const char *
value_bool_word(size_t i)
{
	return (i < nitems(booleans) ? booleans[i].text : NULL);
}

int
value_bool(const char *text, bool *b)
{
	size_t i;

	for (i = 0; i < nitems(booleans); i++)
		if (strcmp(text, booleans[i].text) == 0) {
			*b = booleans[i].value;
			return (0);
		}
	return (-1);
}

static int
bool11(const char *text, bool *b)
{
	size_t i;

	for (i = 0; i < nitems(booleans); i++)
		if (booleans[i].typed &&
		    strcmp(text, booleans[i].text) == 0) {
			*b = booleans[i].value;
			return (0);
		}
	return (-1);
}

static void
append_digit(struct whole *w, unsigned int base, unsigned int digit)
{
	if (w->magnitude > (UINT64_MAX - digit) / base)
		w->overflow = true;
	else
		w->magnitude = w->magnitude * base + digit;
}

/* Digits of a base, with or without "_", up to the end or a stop. */
static const char *
digits(const char *p, unsigned int base, bool score, struct whole *w)
{
	unsigned int d;
	bool any = false;

	for (; *p != '\0'; p++) {
		if (*p == '_' && score)
			continue;
		if (isdigit((unsigned char)*p))
			d = *p - '0';
		else if (isxdigit((unsigned char)*p))
			d = tolower((unsigned char)*p) - 'a' + 10;
		else
			break;
		if (d >= base)
			break;
		append_digit(w, base, d);
		any = true;
	}
	return (any ? p : NULL);
}

/* ":SS" groups behind a first number: base 60. */
static const char *
sixties(const char *p, struct whole *w)
{
	unsigned int d;

	while (*p == ':') {
		p++;
		if (!isdigit((unsigned char)*p))
			return (NULL);
		d = *p++ - '0';
		if (isdigit((unsigned char)*p)) {
			if (d > 5)
				return (NULL);
			d = d * 10 + (*p++ - '0');
		}
		append_digit(w, 60, d);
	}
	return (p);
}

static int
whole11(const char *p, struct whole *w)
{
	memset(w, 0, sizeof(*w));
	if (*p == '+' || *p == '-')
		w->negative = *p++ == '-';
	if (p[0] == '0' && p[1] == 'b')
		p = digits(p + 2, 2, true, w);
	else if (p[0] == '0' && p[1] == 'x')
		p = digits(p + 2, 16, true, w);
	else if (p[0] == '0' && p[1] != '\0')
		p = digits(p + 1, 8, true, w);
	else if (isdigit((unsigned char)*p)) {
		w->decimal = true;
		p = digits(p, 10, true, w);
		if (*p == ':' && w->magnitude != 0) {
			w->decimal = false;
			p = sixties(p, w);
		}
	} else
		return (-1);
	return (p != NULL && *p == '\0' ? 0 : -1);
}

static int
whole12(const char *p, struct whole *w)
{
	memset(w, 0, sizeof(*w));
	if (p[0] == '0' && p[1] == 'o')
		p = digits(p + 2, 8, false, w);
	else {
		if (*p == '+' || *p == '-')
			w->negative = *p++ == '-';
		p = digits(p, 10, false, w);
	}
	return (p != NULL && *p == '\0' ? 0 : -1);
}

int
value_int(const char *text, int64_t min, int64_t max, int64_t *n)
{
	struct whole w;

	if (whole11(text, &w) == -1 && whole12(text, &w) == -1)
		return (-1);
	if (w.overflow || w.magnitude > INT64_MAX)
		return (-2);
	*n = w.negative ? -(int64_t)w.magnitude : (int64_t)w.magnitude;
	return (*n < min || *n > max ? -2 : 0);
}

/*
 * The text of a decimal fraction without its "_": what strtod(3) and JSON
 * read alike.  exp_sign: YAML 1.1 wants a sign in the exponent and a point
 * before it.  0, or -1: no such number.
 */
static int
fraction(const char *p, bool yaml11, char *out, size_t size)
{
	size_t n = 0, whole = 0, part = 0;
	bool point = false;

	if (strlen(p) + 3 > size)
		return (-1);
	if (*p == '+')
		p++;
	else if (*p == '-')
		out[n++] = *p++;
	while (*p == '0' && isdigit((unsigned char)p[1]))
		p++;
	for (; isdigit((unsigned char)*p) || (*p == '_' && whole > 0 &&
	    yaml11); p++)
		if (*p != '_') {
			out[n++] = *p;
			whole++;
		}
	if (whole == 0)
		out[n++] = '0';
	if (*p == '.') {
		point = true;
		out[n++] = *p++;
		for (; isdigit((unsigned char)*p) || (*p == '_' && yaml11);
		    p++)
			if (*p != '_') {
				out[n++] = *p;
				part++;
			}
		if (part == 0)
			out[n++] = '0';
	}
	if (whole + part == 0 || (yaml11 && !point))
		return (-1);
	if (*p == 'e' || *p == 'E') {
		out[n++] = *p++;
		if (*p == '+' || *p == '-')
			out[n++] = *p++;
		else if (yaml11)
			return (-1);
		if (!isdigit((unsigned char)*p))
			return (-1);
		while (isdigit((unsigned char)*p))
			out[n++] = *p++;
	}
	out[n] = '\0';
	return (*p == '\0' ? 0 : -1);
}

/* "1:30.5": base 60 with a fraction. */
static int
sixty_fraction(const char *p, double *v)
{
	char buf[MAX_FLOAT + 4];
	struct whole w;
	bool negative;

	memset(&w, 0, sizeof(w));
	negative = *p == '-';
	if (*p == '+' || *p == '-')
		p++;
	if (!isdigit((unsigned char)*p))
		return (-1);
	p = digits(p, 10, true, &w);
	if (*p != ':' || (p = sixties(p, &w)) == NULL || *p != '.' ||
	    w.overflow)
		return (-1);
	if (p[1] == '\0')
		buf[0] = '\0';
	else if (fraction(p, true, buf, sizeof(buf)) == -1)
		return (-1);
	*v = (double)w.magnitude + strtod(buf, NULL);
	if (negative)
		*v = -*v;
	return (0);
}

int
value_seconds(const char *text, uint32_t *ms)
{
	char buf[MAX_FLOAT + 4];
	struct whole w;
	double v;

	if (whole11(text, &w) == 0 || whole12(text, &w) == 0) {
		v = w.overflow ? 1e30 : (double)w.magnitude;
		if (w.negative)
			v = -v;
	} else if (fraction(text, true, buf, sizeof(buf)) == 0 ||
	    fraction(text, false, buf, sizeof(buf)) == 0)
		v = strtod(buf, NULL);
	else if (sixty_fraction(text, &v) == -1)
		return (-1);
	if (v < 0 || v > SECONDS_MAX)
		return (-2);
	*ms = (uint32_t)(v * 1000 + 0.5);
	/* What is not 0 does not become 0, which may mean "never". */
	if (*ms == 0 && v > 0)
		*ms = 1;
	return (0);
}

static void
whole_json(struct json *j, const char *text, size_t len,
    const struct whole *w)
{
	char buf[MAX_FLOAT];
	size_t i, n = 0;

	if (!w->overflow && !w->negative) {
		json_uint(j, w->magnitude);
	} else if (!w->overflow && w->magnitude <= INT64_MAX) {
		json_int(j, -(int64_t)w->magnitude);
	} else if (w->decimal && len < sizeof(buf)) {
		/* JSON has no largest number; ours are cut to be sane. */
		for (i = 0; i < len; i++)
			if (text[i] != '_' && text[i] != '+')
				buf[n++] = text[i];
		json_raw(j, buf, n);
	} else
		json_stringn(j, text, len);
}

void
value_json(struct json *j, const char *text, size_t len)
{
	char buf[MAX_FLOAT + 4];
	struct whole w;
	double v;
	bool b;

	if (value_is_null(text))
		json_null(j);
	else if (bool11(text, &b) == 0)
		json_bool(j, b);
	else if (whole11(text, &w) == 0)
		whole_json(j, text, len, &w);
	else if (fraction(text, true, buf, sizeof(buf)) == 0)
		json_raw(j, buf, strlen(buf));
	else if (sixty_fraction(text, &v) == 0) {
		snprintf(buf, sizeof(buf), "%.15g", v);
		json_raw(j, buf, strlen(buf));
	} else
		json_stringn(j, text, len);
}
