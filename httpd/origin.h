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
 * Where a request that changes something came from: a page of another site
 * in somebody's browser is not to stop our daemon (spec.md 7).  Pure;
 * unit-tested.
 */

#ifndef HTTPD_ORIGIN_H
#define HTTPD_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

/* The headers as sent, NULL where there is none; everything is borrowed. */
struct origin_request {
	const char		*host;		/* Host */
	const char		*origin;	/* Origin */
	const char		*referer;	/* Referer */
	const char		*fetch_site;	/* Sec-Fetch-Site */
	bool			 unix_domain;	/* no browser gets there */
	const char *const	*ours;		/* our names and addresses */
	size_t			 nours;
};

/* NULL when the request may change something, else why it may not. */
const char	*origin_refused(const struct origin_request *);

#endif /* HTTPD_ORIGIN_H */
