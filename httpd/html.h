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

/* Pieces of HTML, written to a stream.  Names may have any bytes in them. */

#ifndef HTTPD_HTML_H
#define HTTPD_HTML_H

#include <stdint.h>
#include <stdio.h>

#include "../common/wire.h"

/* Text, or the value of an attribute in double quotes. */
void	 html_text(FILE *, const char *);
void	 html_span(FILE *, struct span);
/* The first so many characters, and "..." if there are more. */
void	 html_cut(FILE *, struct span, size_t max);
/* A name as an id and in a URL's fragment: letters, digits, "-", "_". */
void	 html_id(FILE *, struct span);
/* "2026-11-22 10:41:07" in a time element; wall is ms since the Epoch. */
void	 html_time(FILE *, int64_t wall);
/* "3 d 4 h", "12 min", "5 s", in a span that page.js keeps true. */
void	 html_since(FILE *, int64_t wall, int64_t now);
/* "good", "busy", "bad" or "idle": the colour of a state. */
const char	*html_class(uint8_t state);

#endif /* HTTPD_HTML_H */
