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
 * Faults of syntax.  The library names them in the words of its grammar; of
 * those that people make, this says what is likely meant, and what to do.
 * What it has no words for is told in the library's.
 *
 * The text is the administrator's and may be anything: bytes are decoded
 * only to count characters and lines, and to quote one of them.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../common/util.h"
#include "yaml_fault.h"

#define TABS	"lines are indented with blanks, not with a tab"

enum encoding {
	UTF8,
	UTF16LE,
	UTF16BE
};

/* A place in the text that goes on character by character. */
struct walk {
	const unsigned char	*p;
	size_t			 left;
	enum encoding		 encoding;
	struct node		 at;
};

/* What follows our words for a fault. */
enum tail {
	TAIL_NONE,
	TAIL_BEGAN,	/* where what it is part of begins */
	TAIL_CHARACTER,	/* or what the character asks for, in its place */
	TAIL_BACK	/* none: it is told of where it begins */
};

static const struct {
	const char	*problem;
	const char	*context;	/* NULL: any */
	const char	*text;
	enum tail	 tail;
} faults[] = {
	{ "mapping values are not allowed in this context", NULL,
	    "no key can stand here: is ':' missing before it, is it "
	    "indented too far, or does text with ': ' need quotes?",
	    TAIL_NONE },
	{ "block sequence entries are not allowed in this context", NULL,
	    "no item of a list can stand here: '- ' begins a line, and text "
	    "that begins with it needs quotes", TAIL_NONE },
	{ "did not find expected key", NULL, "a key is expected here, as "
	    "far to the right as those before it in the map",
	    TAIL_BEGAN },
	{ "did not find expected '-' indicator", NULL, "'- ' is expected "
	    "here, as far to the right as those before it in the list",
	    TAIL_BEGAN },
	{ "did not find expected ',' or '}'", NULL,
	    "',' or '}' is expected here in the map", TAIL_BEGAN },
	{ "did not find expected ',' or ']'", NULL,
	    "',' or ']' is expected here in the list", TAIL_BEGAN },
	{ "could not find expected ':'", NULL,
	    "':' is missing after this key", TAIL_BACK },
	{ "did not find expected node content", NULL,
	    "a value is expected here", TAIL_CHARACTER },
	{ "found character that cannot start any token", NULL,
	    "nothing can begin like this", TAIL_CHARACTER },
	{ "found unexpected end of stream", "while scanning a quoted scalar",
	    "the text in quotes that begins here has no end", TAIL_BACK },
	{ "found unexpected document indicator",
	    "while scanning a quoted scalar",
	    "the text in quotes that begins here goes on to a line with '---' "
	    "or '...'", TAIL_BACK },
	{ "did not find expected alphabetic or numeric character", NULL,
	    "a name is expected after '&' or '*': text that begins with one "
	    "of them needs quotes", TAIL_NONE },
	{ "found unknown escape character", NULL, "there is no such escape: "
	    "in double quotes '\\' is written '\\\\'", TAIL_NONE },
	{ "found a tab character that violates indentation", NULL, TABS,
	    TAIL_NONE },
	{ "found a tab character where an indentation space is expected",
	    NULL, TABS, TAIL_NONE },
	{ "found incompatible YAML document", NULL,
	    "the configuration is YAML 1.1 or 1.2, not another version",
	    TAIL_NONE },
	{ "found unknown directive name", NULL, "there is no such "
	    "directive: a line that begins with '%' is %YAML or %TAG",
	    TAIL_NONE },
	{ "did not find expected <document start>", NULL, "only a line "
	    "'---' can stand here: the document has ended, or not begun "
	    "after its directives", TAIL_NONE },
	{ "found undefined tag handle", NULL,
	    "the tag has a prefix that no %TAG line declares", TAIL_NONE }
};

static uint32_t
two_bytes(const struct walk *w, size_t i)
{
	if (i + 1 >= w->left)
		return (0);
	return (w->encoding == UTF16LE ? w->p[i] | w->p[i + 1] << 8 :
	    w->p[i] << 8 | w->p[i + 1]);
}

/* The character at the front and its length in bytes; 0: the end. */
static size_t
look(const struct walk *w, uint32_t *ch)
{
	size_t n;

	*ch = 0;
	if (w->left == 0)
		return (0);
	if (w->encoding != UTF8) {
		*ch = two_bytes(w, 0);
		n = *ch >= 0xd800 && *ch < 0xdc00 ? 4 : 2;
		return (n < w->left ? n : w->left);
	}
	*ch = w->p[0];
	for (n = 1; *w->p >= 0xc0 && n < 4 && n < w->left &&
	    (w->p[n] & 0xc0) == 0x80; n++)
		*ch = *ch << 8 | w->p[n];
	return (n);
}

/* Any of the line ends of YAML; CR and LF together are one. */
static bool
ends_line(const struct walk *w, uint32_t ch, size_t n)
{
	struct walk next = *w;
	uint32_t after;

	next.p += n;
	next.left -= n;
	if (ch == '\r') {
		look(&next, &after);
		return (after != '\n');
	}
	if (ch == '\n')
		return (true);
	if (w->encoding == UTF8)
		return (ch == 0xc285 || ch == 0xe280a8 || ch == 0xe280a9);
	return (ch == 0x85 || ch == 0x2028 || ch == 0x2029);
}

/* 1, or 0 at the end. */
static int
step(struct walk *w)
{
	uint32_t ch;
	size_t n;

	if ((n = look(w, &ch)) == 0)
		return (0);
	if (ends_line(w, ch, n)) {
		w->at.line++;
		w->at.col = 1;
	} else
		w->at.col++;
	w->p += n;
	w->left -= n;
	return (1);
}

/* The front of the text, behind its byte order mark. */
static struct walk
start(const char *text, size_t len)
{
	struct walk w = { .p = (const unsigned char *)text, .left = len,
	    .encoding = UTF8, .at = { .line = 1, .col = 1 } };
	size_t skip = 0;

	if (len >= 2 && memcmp(text, "\xff\xfe", 2) == 0) {
		w.encoding = UTF16LE;
		skip = 2;
	} else if (len >= 2 && memcmp(text, "\xfe\xff", 2) == 0) {
		w.encoding = UTF16BE;
		skip = 2;
	} else if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		skip = 3;
	w.p += skip;
	w.left -= skip;
	return (w);
}

struct node
yaml_place_of(const char *text, size_t len, size_t offset)
{
	struct walk w = start(text, len);

	while (w.left > 0 && (size_t)(w.p - (const unsigned char *)text) <
	    offset)
		step(&w);
	return (w.at);
}

/* The character at a place; 0: it is the end. */
static uint32_t
character_at(const struct yaml_fault *f)
{
	struct walk w = start(f->text, f->len);
	uint32_t ch;

	while (w.at.line < f->at.line || (w.at.line == f->at.line &&
	    w.at.col < f->at.col))
		if (step(&w) == 0)
			break;
	look(&w, &ch);
	return (ch);
}

/* Of a character that nothing begins with: what is to be done. */
static void
beginning(const struct yaml_fault *f, const char *text, char *buf,
    size_t size)
{
	uint32_t ch = character_at(f);

	if (ch == '\t')
		snprintf(buf, size, TABS);
	else if (ch != 0 && ch < 0x7f && strchr("@`%|>:?-&*!", ch) != NULL)
		snprintf(buf, size, "text that begins with '%c' needs quotes",
		    (char)ch);
	else if (ch > ' ' && ch < 0x7f)
		snprintf(buf, size, "%s, not '%c'", text, (char)ch);
	else
		snprintf(buf, size, "%s", text);
}

/* The words, and from where on they apply if that is another line. */
static void
began(const struct yaml_fault *f, const char *text, char *buf, size_t size)
{
	if (f->context != NULL && f->from.line != f->at.line)
		snprintf(buf, size, "%s that begins at line %u", text,
		    f->from.line);
	else
		snprintf(buf, size, "%s", text);
}

/* What cannot be read as characters at all. */
static void
bytes(const struct yaml_fault *f, char *buf, size_t size)
{
	char byte[32] = "";

	if (f->value != -1)
		snprintf(byte, sizeof(byte), " (0x%02x)",
		    (unsigned int)f->value);
	if (strcmp(f->problem, "control characters are not allowed") == 0)
		snprintf(buf, size, "a control character cannot stand in the "
		    "file%s", byte);
	else if (strncmp(f->problem, "incomplete", 10) == 0)
		snprintf(buf, size, "the file ends within a character");
	else
		snprintf(buf, size, "this is not UTF-8, nor UTF-16 with a "
		    "byte order mark: %s%s", f->problem, byte);
}

static void
unheard(const struct yaml_fault *f, char *buf, size_t size)
{
	char text[200];

	snprintf(text, sizeof(text), "%s%s%s", f->problem,
	    f->context != NULL ? " " : "",
	    f->context != NULL ? f->context : "");
	began(f, text, buf, size);
}

void
yaml_fault_text(struct yaml_fault *f, char *buf, size_t size)
{
	size_t i;

	if (f->bytes) {
		bytes(f, buf, size);
		return;
	}
	for (i = 0; i < nitems(faults); i++)
		if (strcmp(f->problem, faults[i].problem) == 0 &&
		    (faults[i].context == NULL || (f->context != NULL &&
		    strcmp(f->context, faults[i].context) == 0)))
			break;
	if (i == nitems(faults)) {
		unheard(f, buf, size);
		return;
	}
	switch (faults[i].tail) {
	case TAIL_CHARACTER:
		beginning(f, faults[i].text, buf, size);
		break;
	case TAIL_BEGAN:
		began(f, faults[i].text, buf, size);
		break;
	case TAIL_BACK:
		if (f->context != NULL)
			f->at = f->from;
		/* FALLTHROUGH */
	case TAIL_NONE:
		snprintf(buf, size, "%s", faults[i].text);
	}
}
