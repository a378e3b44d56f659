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
 * The configuration as a tree: scalars, lists and maps, each with the place
 * it was written at.  Nodes live in an arena and are never freed singly; an
 * alias makes the same node appear in several places, so nothing here may
 * depend on where a node hangs.
 */

#ifndef MONITOR_NODE_H
#define MONITOR_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/json.h"
#include "arena.h"

enum node_type {
	NODE_SCALAR,
	NODE_LIST,
	NODE_MAP
};

struct node;

struct pair {
	struct node	*key;		/* always a scalar */
	struct node	*value;
};

struct node {
	uint8_t		 type;		/* enum node_type */
	bool		 plain;		/* scalar without quotes: it is typed */
	bool		 told;		/* a message about it has been given */
	uint8_t		 height;	/* levels: a scalar has none */
	uint32_t	 line;		/* from 1; 0: not from the file */
	uint32_t	 col;		/* from 1 */
	uint32_t	 weight;	/* nodes, aliases counted each time */
	uint32_t	 n;		/* bytes of text, items or pairs */
	union {
		const char	*text;	/* NUL-terminated, has no other NUL */
		struct node	**items;
		struct pair	*pairs;
	};
};

/* "a list", "a map", "text": for messages. */
const char	*node_kind(const struct node *);
/* Plain null, ~ or nothing: "no value".  So is a NULL node. */
bool		 node_is_null(const struct node *);
bool		 node_is(const struct node *, const char *text);
/* The value of a key of a map, or NULL. */
struct node	*node_find(const struct node *map, const char *key);
/* A quoted scalar that is not from the file; text is borrowed. */
struct node	*node_text(struct arena *, const char *text);
/* As JSON, plain scalars typed as YAML 1.1 types them. */
void		 node_json(struct json *, const struct node *);

#endif /* MONITOR_NODE_H */
