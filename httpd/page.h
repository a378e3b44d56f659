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

/* The page that people look at: GET /. */

#ifndef HTTPD_PAGE_H
#define HTTPD_PAGE_H

#include <stdbool.h>

struct snapshot;
struct text;

#define PAGE_CSP \
	"default-src 'none'; script-src 'self'; style-src 'self'; " \
	"img-src 'self'; connect-src 'self'; form-action 'self'; " \
	"base-uri 'none'; frame-ancestors 'none'"

/* One reference to the caller.  control: with buttons. */
struct text	*page_render(const struct snapshot *, bool control);
/* A page that says what went wrong; lines may end in newlines. */
struct text	*page_failure(const char *lines);

/* The style, the script and the icon: what "/page.css" and so on are. */
struct text	*page_css(void);
struct text	*page_js(void);
struct text	*page_icon(void);

#endif /* HTTPD_PAGE_H */
