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
 * Entity tags (RFC 9110, 8.8.3): the name of a version of an answer, by
 * which a client says that it has it.  Pure; unit-tested.
 */

#ifndef HTTPD_ETAG_H
#define HTTPD_ETAG_H

#include <stdbool.h>
#include <stddef.h>

#define ETAG_SIZE	48

/* Of an answer that is byte for byte the same whenever the tag is. */
void	 etag_strong(char tag[ETAG_SIZE], const char *data, size_t len);

/*
 * Whether tag is in the list of an If-None-Match header, compared as RFC
 * 9110, 8.8.3.2 has it for this one: weak tags match strong ones.  The list
 * may be anything.
 */
bool	 etag_listed(const char *list, const char *tag);

#endif /* HTTPD_ETAG_H */
