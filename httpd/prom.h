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

/* The text format of Prometheus, version 0.0.4. */

#ifndef HTTPD_PROM_H
#define HTTPD_PROM_H

#include <stddef.h>
#include <stdint.h>

#include "../common/wire.h"

struct snapshot;
struct text;

/* Requests of one listener that were answered with one status. */
struct prom_requests {
	char		*addr;
	int		 status;
	uint64_t	 n;
};

struct prom_facts {
	const struct prom_requests *requests;
	size_t			 nrequests;
	struct cursor		 processes;	/* HTTP_FACTS; empty: none */
	const struct snapshot	*snapshot;	/* NULL: no monitor */
};

/* One reference to the caller. */
struct text	*prom_render(const struct prom_facts *);

#endif /* HTTPD_PROM_H */
