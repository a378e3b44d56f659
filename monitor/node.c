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
 * Small questions to the tree of the configuration, and its way into JSON.
 * The tree is as the file has it: nothing is known about it but its shape.
 */

#include <string.h>

#include "node.h"
#include "value.h"

const char *
node_kind(const struct node *n)
{
	switch (n->type) {
	case NODE_LIST:
		return ("a list");
	case NODE_MAP:
		return ("a map");
	default:
		return (node_is_null(n) ? "nothing" : "text");
	}
}

bool
node_is_null(const struct node *n)
{
	if (n == NULL)
		return (true);
	return (n->type == NODE_SCALAR && n->plain &&
	    value_is_null(n->text));
}

bool
node_is(const struct node *n, const char *text)
{
	return (n->type == NODE_SCALAR && strcmp(n->text, text) == 0);
}

struct node *
node_find(const struct node *map, const char *key)
{
	uint32_t i;

	for (i = 0; i < map->n; i++)
		if (strcmp(map->pairs[i].key->text, key) == 0)
			return (map->pairs[i].value);
	return (NULL);
}

struct node *
node_text(struct arena *a, const char *text)
{
	struct node *n;

	n = arena_alloc(a, sizeof(*n));
	memset(n, 0, sizeof(*n));
	n->type = NODE_SCALAR;
	n->weight = 1;
	n->n = strlen(text);
	n->text = text;
	return (n);
}

void
node_json(struct json *j, const struct node *n)
{
	uint32_t i;

	switch (n->type) {
	case NODE_SCALAR:
		if (n->plain)
			value_json(j, n->text, n->n);
		else
			json_stringn(j, n->text, n->n);
		break;
	case NODE_LIST:
		json_array(j);
		for (i = 0; i < n->n; i++)
			node_json(j, n->items[i]);
		json_array_end(j);
		break;
	case NODE_MAP:
		json_object(j);
		for (i = 0; i < n->n; i++) {
			json_keyn(j, n->pairs[i].key->text,
			    n->pairs[i].key->n);
			node_json(j, n->pairs[i].value);
		}
		json_object_end(j);
		break;
	}
}
