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
 * From the bytes of the configuration to its tree.  The bytes are the
 * administrator's: they may be broken or enormous by accident or on
 * purpose, and every limit of spec.md 2 is kept here.
 */

#ifndef MONITOR_YAML_H
#define MONITOR_YAML_H

#include <stddef.h>

#include "arena.h"
#include "diag.h"
#include "node.h"

#define YAML_MAX_BYTES		(16 * 1024 * 1024)
#define YAML_MAX_LEVELS		64
#define YAML_MAX_NODES		2000000
#define YAML_MAX_ALIASED	100000	/* of the nodes, added by aliases */

/*
 * The tree of the one document, in the arena; NULL when there is none: then
 * diag has the reason, or the text is empty.  What is wrong but leaves a
 * tree to look at (a duplicate key, a strange tag) is in diag as well.
 */
struct node	*yaml_load(const char *text, size_t len, struct arena *,
		    struct diag *);

#endif /* MONITOR_YAML_H */
