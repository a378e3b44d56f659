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
 * HTML is made here and nowhere else: what comes in is escaped.  Names and
 * details come from the monitor, which may be in other hands.
 */

#include <stdbool.h>
#include <string.h>

#include "../common/answerjson.h"
#include "../common/states.h"
#include "html.h"

static void
put_char(FILE *fp, char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", fp);
		break;
	case '<':
		fputs("&lt;", fp);
		break;
	case '>':
		fputs("&gt;", fp);
		break;
	case '"':
		fputs("&quot;", fp);
		break;
	case '\'':
		fputs("&#39;", fp);
		break;
	default:
		fputc((unsigned char)c < 0x20 ? ' ' : c, fp);
		break;
	}
}

void
html_span(FILE *fp, struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		put_char(fp, s.p[i]);
}

void
html_text(FILE *fp, const char *s)
{
	html_span(fp, (struct span){ s, strlen(s) });
}

/* A byte of a UTF-8 character that is not its first. */
static bool
continues(char c)
{
	return (((unsigned char)c & 0xc0) == 0x80);
}

void
html_cut(FILE *fp, struct span s, size_t max)
{
	size_t i, n, keep = 0;

	for (i = n = 0; i < s.len; i++) {
		if (!continues(s.p[i]) && n++ == max - 1)
			keep = i;
	}
	if (n <= max) {
		html_span(fp, s);
		return;
	}
	html_span(fp, (struct span){ s.p, keep });
	fputs("\xe2\x80\xa6", fp);
}

void
html_id(FILE *fp, struct span s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] != '\0' && strchr(plain, s.p[i]) != NULL)
			fputc(s.p[i], fp);
		else
			fprintf(fp, ".%02x", (unsigned char)s.p[i]);
	}
}

void
html_time(FILE *fp, int64_t wall)
{
	char buf[ISO_TIME_SIZE];

	iso_time(wall, buf, sizeof(buf));
	fprintf(fp, "<time datetime=\"%s\">", buf);
	/* 2026-11-22T10:41:07.123+00:00 */
	if (strlen(buf) > 19) {
		buf[10] = ' ';
		buf[19] = '\0';
	}
	fprintf(fp, "%s</time>", buf);
}

void
html_since(FILE *fp, int64_t wall, int64_t now)
{
	int64_t s = now > wall ? (now - wall) / 1000 : 0;
	int64_t m = s / 60, h = m / 60, d = h / 24;

	fprintf(fp, "<span data-since=\"%lld\">", (long long)wall);
	if (d > 0)
		fprintf(fp, "%lld d %lld h", (long long)d,
		    (long long)(h % 24));
	else if (h > 0)
		fprintf(fp, "%lld h %lld min", (long long)h,
		    (long long)(m % 60));
	else if (m > 0)
		fprintf(fp, "%lld min", (long long)m);
	else
		fprintf(fp, "%lld s", (long long)s);
	fputs("</span>", fp);
}

const char *
html_class(uint8_t state)
{
	switch (state) {
	case STATE_RUNNING:
		return ("good");
	case STATE_STARTING:
	case STATE_STOPPING:
	case STATE_WAITING:
		return ("busy");
	case STATE_BACKOFF:
	case STATE_FAILED:
		return ("bad");
	default:
		return ("idle");
	}
}
