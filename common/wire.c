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
 * Paired encode and decode of message payloads.  The get_ side reads what
 * another process sent and trusts none of it: every length is compared as
 * "left < want", so that no sum can overflow.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

#define WBUF_MIN	256

void
wbuf_free(struct wbuf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

void
wbuf_reset(struct wbuf *b)
{
	b->len = 0;
	b->failed = false;
}

int
wbuf_room(struct wbuf *b, size_t n)
{
	uint8_t *data;
	size_t cap;

	if (b->failed)
		return (-1);
	if (b->cap - b->len >= n)
		return (0);
	cap = b->cap < WBUF_MIN ? WBUF_MIN : b->cap;
	while (cap - b->len < n) {
		if (cap > SIZE_MAX / 2) {
			b->failed = true;
			errno = ENOMEM;
			return (-1);
		}
		cap *= 2;
	}
	if ((data = realloc(b->data, cap)) == NULL) {
		b->failed = true;
		return (-1);
	}
	b->data = data;
	b->cap = cap;
	return (0);
}

static void
put_be(struct wbuf *b, uint64_t v, size_t n)
{
	size_t i;

	if (wbuf_room(b, n) == -1)
		return;
	for (i = 0; i < n; i++)
		b->data[b->len + i] = v >> (8 * (n - 1 - i));
	b->len += n;
}

void
put_u8(struct wbuf *b, uint8_t v)
{
	put_be(b, v, 1);
}

void
put_u16(struct wbuf *b, uint16_t v)
{
	put_be(b, v, 2);
}

void
put_u32(struct wbuf *b, uint32_t v)
{
	put_be(b, v, 4);
}

void
put_u64(struct wbuf *b, uint64_t v)
{
	put_be(b, v, 8);
}

void
put_s64(struct wbuf *b, int64_t v)
{
	put_be(b, (uint64_t)v, 8);
}

void
put_bool(struct wbuf *b, bool v)
{
	put_be(b, v, 1);
}

static void
put_bytes(struct wbuf *b, const void *p, size_t len)
{
	if (len == 0 || wbuf_room(b, len) == -1)
		return;
	memcpy(b->data + b->len, p, len);
	b->len += len;
}

static bool
is_control(unsigned char c)
{
	return (c < 0x20 || c == 0x7f);
}

void
put_strn(struct wbuf *b, const char *s, size_t len)
{
	size_t i;

	if (len > UINT16_MAX)
		len = UINT16_MAX;
	put_u16(b, len);
	put_bytes(b, s, len);
	if (b->failed)
		return;
	for (i = b->len - len; i < b->len; i++)
		if (is_control(b->data[i]))
			b->data[i] = '?';
}

void
put_str(struct wbuf *b, const char *s)
{
	put_strn(b, s, strlen(s));
}

void
put_blob(struct wbuf *b, const void *p, size_t len)
{
	if (len > UINT32_MAX) {
		b->failed = true;
		return;
	}
	put_u32(b, len);
	put_bytes(b, p, len);
}

void
put_textn(struct wbuf *b, const char *s, size_t len)
{
	put_blob(b, s, len);
}

void
put_text(struct wbuf *b, const char *s)
{
	put_blob(b, s, strlen(s));
}

void
cursor_init(struct cursor *c, const void *p, size_t len)
{
	c->p = p;
	c->left = len;
	c->bad = false;
}

bool
cursor_done(const struct cursor *c)
{
	return (!c->bad && c->left == 0);
}

/* The next n bytes, or NULL and the cursor is bad from now on. */
static const uint8_t *
take(struct cursor *c, size_t n)
{
	const uint8_t *p;

	if (c->bad || c->left < n) {
		c->bad = true;
		return (NULL);
	}
	p = c->p;
	c->p += n;
	c->left -= n;
	return (p);
}

static uint64_t
get_be(struct cursor *c, size_t n)
{
	const uint8_t *p;
	uint64_t v;
	size_t i;

	if ((p = take(c, n)) == NULL)
		return (0);
	for (v = 0, i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (v);
}

uint8_t
get_u8(struct cursor *c)
{
	return (get_be(c, 1));
}

uint16_t
get_u16(struct cursor *c)
{
	return (get_be(c, 2));
}

uint32_t
get_u32(struct cursor *c)
{
	return (get_be(c, 4));
}

uint64_t
get_u64(struct cursor *c)
{
	return (get_be(c, 8));
}

int64_t
get_s64(struct cursor *c)
{
	return ((int64_t)get_be(c, 8));
}

bool
get_bool(struct cursor *c)
{
	uint8_t v;

	if ((v = get_u8(c)) > 1)
		c->bad = true;
	return (v == 1 && !c->bad);
}

static struct span
get_bytes(struct cursor *c, size_t len)
{
	struct span s = { "", 0 };
	const uint8_t *p;

	if ((p = take(c, len)) == NULL)
		return (s);
	s.p = (const char *)p;
	s.len = len;
	return (s);
}

static struct span
malformed(struct cursor *c)
{
	c->bad = true;
	return ((struct span){ "", 0 });
}

struct span
get_str(struct cursor *c)
{
	struct span s;
	size_t i;

	s = get_bytes(c, get_u16(c));
	for (i = 0; i < s.len; i++)
		if (is_control((unsigned char)s.p[i]))
			return (malformed(c));
	return (s);
}

struct span
get_blob(struct cursor *c)
{
	return (get_bytes(c, get_u32(c)));
}

struct span
get_text(struct cursor *c)
{
	struct span s;

	s = get_blob(c);
	if (memchr(s.p, '\0', s.len) != NULL)
		return (malformed(c));
	return (s);
}

uint32_t
get_count(struct cursor *c, size_t least)
{
	uint32_t n;

	n = get_u32(c);
	if (n > c->left / least) {
		c->bad = true;
		return (0);
	}
	return (n);
}

char *
span_dup(struct span s)
{
	char *p;

	if ((p = malloc(s.len + 1)) == NULL)
		return (NULL);
	memcpy(p, s.p, s.len);
	p[s.len] = '\0';
	return (p);
}

bool
span_is(struct span s, const char *str)
{
	return (strlen(str) == s.len && memcmp(s.p, str, s.len) == 0);
}
