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

/* Entity tags; the lists come from whoever can reach a listener. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../common/util.h"
#include "etag.h"

void
etag_strong(char tag[ETAG_SIZE], const char *data, size_t len)
{
	snprintf(tag, ETAG_SIZE, "\"%016llx-%zx\"",
	    (unsigned long long)hash_bytes(0, data, len), len);
}

/* Behind the "W/" of a weak tag. */
static const char *
opaque(const char *tag)
{
	return (strncmp(tag, "W/", 2) == 0 ? tag + 2 : tag);
}

bool
etag_listed(const char *list, const char *tag)
{
	const char *end;
	size_t len;

	tag = opaque(tag);
	len = strlen(tag);
	list += strspn(list, " \t");
	if (strcmp(list, "*") == 0)
		return (true);
	for (;;) {
		list = opaque(list + strspn(list, ", \t"));
		if (*list != '"' || (end = strchr(list + 1, '"')) == NULL)
			return (false);
		end++;
		if ((size_t)(end - list) == len &&
		    memcmp(list, tag, len) == 0)
			return (true);
		list = end;
	}
}
