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
 * libyaml's events into our tree.  The bytes are the administrator's and
 * may be anything.  libyaml checks the syntax and the encoding; here the
 * limits are kept (levels, nodes, what aliases may add), anchors, merge
 * keys and tags are resolved, and duplicate keys and bytes that no string
 * of ours may hold are refused.
 *
 * The children of all open collections are on one stack; the end of a
 * collection takes its own from the top and moves them into the arena.
 */

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "names.h"
#include "yaml.h"
#include "yaml_fault.h"

#define FIRST_KIDS	1024	/* room on the stack, then doubled */
#define FEW_KEYS	12	/* up to here comparing beats hashing */

/* A list or map whose end has not been seen. */
struct open {
	enum node_type	 type;
	uint32_t	 line;
	uint32_t	 col;
	size_t		 base;		/* its first child on the stack */
	struct anchor	*anchor;
};

struct anchor {
	const char	*name;
	struct node	*node;		/* NULL: still open */
};

struct builder {
	yaml_parser_t	 parser;
	struct arena	*arena;
	struct diag	*diag;
	const char	*text;		/* the input, for its line ends */
	size_t		 len;
	struct open	 open[YAML_MAX_LEVELS];
	unsigned int	 depth;
	struct node	**kids;
	size_t		 nkids;
	size_t		 capkids;
	struct names	 anchors;
	struct names	 keys;		/* of the map being finished */
	uint32_t	 nodes;
	uint32_t	 aliased;
	struct node	*root;
};

/* A node that only says where something is. */
static struct node
place(const yaml_mark_t *mark)
{
	return ((struct node){ .line = mark->line + 1,
	    .col = mark->column + 1 });
}

/*
 * The name of the task that the next node belongs to, or NULL: the first
 * two open maps and the keys before them say it.  where: a place of which
 * that must be true; what libyaml does not like may stand behind the task
 * already.
 */
static const char *
task_around(const struct builder *b, const struct node *where)
{
	const struct node *top, *name;
	size_t end;

	if (b->depth < 2 || b->open[0].type != NODE_MAP ||
	    b->open[1].type != NODE_MAP)
		return (NULL);
	end = b->depth > 2 ? b->open[2].base : b->nkids;
	if ((b->open[1].base - b->open[0].base) % 2 == 0 ||
	    (end - b->open[1].base) % 2 == 0)
		return (NULL);
	top = b->kids[b->open[1].base - 1];
	name = b->kids[end - 1];
	if (!node_is(top, "tasks") || name->type != NODE_SCALAR)
		return (NULL);
	if (where != NULL && where->line != name->line &&
	    where->col <= name->col)
		return (NULL);
	return (name->text);
}

/* For a message about what is being read: it names the task. */
static struct diag *
blame(struct builder *b)
{
	b->diag->task = task_around(b, NULL);
	return (b->diag);
}

static void
push_kid(struct builder *b, struct node *n)
{
	if (b->depth == 0) {
		b->root = n;
		return;
	}
	if (b->nkids == b->capkids) {
		b->capkids *= 2;
		b->kids = xreallocarray(b->kids, b->capkids,
		    sizeof(struct node *));
	}
	b->kids[b->nkids++] = n;
}

static struct node *
new_node(struct builder *b, enum node_type type, uint32_t line, uint32_t col)
{
	struct node *n;

	n = arena_alloc(b->arena, sizeof(*n));
	memset(n, 0, sizeof(*n));
	n->type = type;
	n->line = line;
	n->col = col;
	n->weight = 1;
	n->height = type != NODE_SCALAR;
	return (n);
}

/* Counts n more nodes; -1: too many. */
static int
count_nodes(struct builder *b, const struct node *where, uint32_t n)
{
	if (n > YAML_MAX_NODES - b->nodes) {
		diag_error(blame(b), where, "more than %d nodes",
		    YAML_MAX_NODES);
		return (-1);
	}
	b->nodes += n;
	return (0);
}

static struct anchor *
set_anchor(struct builder *b, const yaml_char_t *name, struct node *n)
{
	struct anchor *a;
	size_t len;

	if (name == NULL)
		return (NULL);
	len = strlen((const char *)name);
	a = arena_alloc(b->arena, sizeof(*a));
	a->name = arena_strn(b->arena, (const char *)name, len);
	a->node = n;
	names_set(&b->anchors, a->name, len, a);
	return (a);
}

/*
 * The tags of YAML's own types say nothing new but that !!str makes text of
 * what would be typed.  All others belong to some language.
 */
static void
check_tag(struct builder *b, const yaml_char_t *utag, struct node *where,
    enum node_type type, bool *plain)
{
	static const char own[] = "tag:yaml.org,2002:";
	static const char *const scalars[] = { "str", "int", "float", "bool",
	    "null", "merge" };
	const char *tag = (const char *)utag, *name;
	size_t i;

	if (tag == NULL)
		return;
	if (strcmp(tag, "!") == 0) {
		*plain = false;
		return;
	}
	if (strncmp(tag, own, sizeof(own) - 1) != 0) {
		diag_error(blame(b), where, "the tag '%.60s' is not "
		    "supported", tag);
		return;
	}
	name = tag + sizeof(own) - 1;
	if (type == NODE_LIST && strcmp(name, "seq") == 0)
		return;
	if (type == NODE_MAP && strcmp(name, "map") == 0)
		return;
	for (i = 0; type == NODE_SCALAR && i < nitems(scalars); i++)
		if (strcmp(name, scalars[i]) == 0) {
			*plain = i != 0;
			return;
		}
	diag_error(blame(b), where, "the tag '!!%.60s' is not supported%s",
	    name, type == NODE_SCALAR ? "" : " here");
}

static int
on_scalar(struct builder *b, const yaml_event_t *ev)
{
	struct node *n;
	size_t len = ev->data.scalar.length;
	const char *text = (const char *)ev->data.scalar.value;

	n = new_node(b, NODE_SCALAR, ev->start_mark.line + 1,
	    ev->start_mark.column + 1);
	if (count_nodes(b, n, 1) == -1)
		return (-1);
	n->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	check_tag(b, ev->data.scalar.tag, n, NODE_SCALAR, &n->plain);
	if (memchr(text, '\0', len) != NULL) {
		diag_error(blame(b), n, "text cannot hold a NUL byte");
		len = strlen(text);
	}
	if (memchr(text, LATE_MARK, len) != NULL) {
		diag_error(blame(b), n, "text cannot hold the byte 0x01");
		n->told = true;
		len = 0;
	}
	n->text = arena_strn(b->arena, text, len);
	n->n = len;
	set_anchor(b, ev->data.scalar.anchor, n);
	push_kid(b, n);
	return (0);
}

static int
on_open(struct builder *b, enum node_type type, const yaml_event_t *ev,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct node at = place(&ev->start_mark);
	struct open *o;
	bool plain;

	if (b->depth == YAML_MAX_LEVELS) {
		diag_error(blame(b), &at, "more than %d levels",
		    YAML_MAX_LEVELS);
		return (-1);
	}
	if (count_nodes(b, &at, 1) == -1)
		return (-1);
	check_tag(b, tag, &at, type, &plain);
	o = &b->open[b->depth++];
	o->type = type;
	o->line = at.line;
	o->col = at.col;
	o->base = b->nkids;
	o->anchor = set_anchor(b, anchor, NULL);
	return (0);
}

static int
on_alias(struct builder *b, const yaml_event_t *ev)
{
	struct node at = place(&ev->start_mark), *n;
	const char *name = (const char *)ev->data.alias.anchor;
	struct anchor *a;

	if ((a = names_find(&b->anchors, name, strlen(name))) == NULL) {
		diag_error(blame(b), &at, "there is no anchor '&%.60s' for "
		    "this alias", name);
		n = NULL;
	} else if ((n = a->node) == NULL)
		diag_error(blame(b), &at, "the alias '*%.60s' stands inside "
		    "what it repeats", name);
	if (n == NULL) {
		/* Nothing in its place, so that the rest can be read. */
		n = new_node(b, NODE_SCALAR, at.line, at.col);
		n->plain = true;
		n->text = "";
		push_kid(b, n);
		return (0);
	}
	if (n->weight > YAML_MAX_ALIASED - b->aliased) {
		diag_error(blame(b), &at, "aliases add more than %d nodes",
		    YAML_MAX_ALIASED);
		return (-1);
	}
	if (b->depth + n->height > YAML_MAX_LEVELS) {
		diag_error(blame(b), &at, "more than %d levels, by the alias "
		    "'*%.60s'", YAML_MAX_LEVELS, name);
		return (-1);
	}
	b->aliased += n->weight;
	if (count_nodes(b, &at, n->weight) == -1)
		return (-1);
	push_kid(b, n);
	return (0);
}

static void
adopt_kid(struct node *parent, const struct node *kid)
{
	parent->weight += kid->weight;
	if (kid->height >= parent->height)
		parent->height = kid->height + 1;
}

static void
finish_list(struct builder *b, struct node *n, struct node **kids, size_t nk)
{
	size_t i;

	n->items = arena_alloc(b->arena, nk * sizeof(struct node *));
	n->n = nk;
	for (i = 0; i < nk; i++) {
		n->items[i] = kids[i];
		adopt_kid(n, kids[i]);
	}
}

/* The pair of the map that has this key already, or NULL. */
static struct node *
known_key(struct builder *b, const struct node *map, struct node *key,
    bool hashed)
{
	uint32_t i;

	if (hashed)
		return (names_add(&b->keys, key->text, key->n, key));
	for (i = 0; i < map->n; i++)
		if (map->pairs[i].key->n == key->n &&
		    memcmp(map->pairs[i].key->text, key->text, key->n) == 0)
			return (map->pairs[i].key);
	return (NULL);
}

static bool
is_merge(const struct node *key)
{
	return (key->plain && node_is(key, "<<"));
}

static void
add_pair(struct node *map, struct node *key, struct node *value)
{
	map->pairs[map->n].key = key;
	map->pairs[map->n++].value = value;
	adopt_kid(map, key);
	adopt_kid(map, value);
}

/* Copies the pairs of one merged map that are not there already. */
static void
merge_map(struct builder *b, struct node *into, const struct node *from)
{
	uint32_t i;

	for (i = 0; i < from->n; i++)
		if (names_add(&b->keys, from->pairs[i].key->text,
		    from->pairs[i].key->n, from->pairs[i].key) == NULL)
			add_pair(into, from->pairs[i].key,
			    from->pairs[i].value);
}

/* How many pairs a "<<" may bring; it has to be a map or maps. */
static size_t
merge_size(struct builder *b, const struct node *value)
{
	size_t total = 0;
	uint32_t i;

	if (value->type == NODE_MAP)
		return (value->n);
	if (value->type == NODE_SCALAR) {
		if (!node_is_null(value))
			diag_error(blame(b), value,
			    "'<<' needs a map or a list of maps");
		return (0);
	}
	for (i = 0; i < value->n; i++)
		if (value->items[i]->type == NODE_MAP)
			total += value->items[i]->n;
		else
			diag_error(blame(b), value->items[i],
			    "'<<' needs a map or a list of maps");
	return (total);
}

/*
 * Puts what "<<" names in its place: a key that the map has itself stays as
 * it is, and of several merged maps the first wins.
 */
static void
merge(struct builder *b, struct node *n, size_t room)
{
	struct pair *old = n->pairs;
	uint32_t i, j, nold = n->n;

	names_clear(&b->keys);
	for (i = 0; i < nold; i++)
		if (!is_merge(old[i].key))
			names_add(&b->keys, old[i].key->text, old[i].key->n,
			    old[i].key);
	n->pairs = arena_alloc(b->arena, room * sizeof(struct pair));
	n->n = 0;
	n->weight = n->height = 1;
	for (i = 0; i < nold; i++) {
		if (!is_merge(old[i].key))
			add_pair(n, old[i].key, old[i].value);
		else if (old[i].value->type == NODE_MAP)
			merge_map(b, n, old[i].value);
		else if (old[i].value->type == NODE_LIST)
			for (j = 0; j < old[i].value->n; j++)
				if (old[i].value->items[j]->type == NODE_MAP)
					merge_map(b, n,
					    old[i].value->items[j]);
	}
}

static void
finish_map(struct builder *b, struct node *n, struct node **kids, size_t nk)
{
	struct node *before;
	size_t i, merged = 0;
	bool hashed = nk / 2 > FEW_KEYS, any = false;

	n->pairs = arena_alloc(b->arena, nk / 2 * sizeof(struct pair));
	if (hashed)
		names_clear(&b->keys);
	for (i = 0; i + 1 < nk; i += 2) {
		if (kids[i]->type != NODE_SCALAR) {
			diag_error(blame(b), kids[i],
			    "a key must be text, this is %s",
			    node_kind(kids[i]));
			continue;
		}
		if ((before = known_key(b, n, kids[i], hashed)) != NULL) {
			diag_error(blame(b), kids[i],
			    "duplicate key '%.60s' (first at line %u)",
			    kids[i]->text, before->line);
			continue;
		}
		if (is_merge(kids[i])) {
			any = true;
			merged += merge_size(b, kids[i + 1]);
		}
		add_pair(n, kids[i], kids[i + 1]);
	}
	if (any)
		merge(b, n, n->n + merged);
}

static void
on_close(struct builder *b)
{
	struct open *o = &b->open[--b->depth];
	size_t nk = b->nkids - o->base;
	struct node *n;

	b->nkids = o->base;
	n = new_node(b, o->type, o->line, o->col);
	if (o->type == NODE_LIST)
		finish_list(b, n, b->kids + o->base, nk);
	else
		finish_map(b, n, b->kids + o->base, nk);
	if (o->anchor != NULL)
		o->anchor->node = n;
	push_kid(b, n);
}

/* 1: go on, 0: the end, -1: give up (diag has the reason). */
static int
on_event(struct builder *b, const yaml_event_t *ev)
{
	struct node at;

	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->root == NULL)
			return (1);
		at = place(&ev->start_mark);
		diag_error(blame(b), &at, "a second document begins; the "
		    "configuration must be one");
		return (-1);
	case YAML_SCALAR_EVENT:
		return (on_scalar(b, ev) == -1 ? -1 : 1);
	case YAML_ALIAS_EVENT:
		return (on_alias(b, ev) == -1 ? -1 : 1);
	case YAML_SEQUENCE_START_EVENT:
		return (on_open(b, NODE_LIST, ev,
		    ev->data.sequence_start.anchor,
		    ev->data.sequence_start.tag) == -1 ? -1 : 1);
	case YAML_MAPPING_START_EVENT:
		return (on_open(b, NODE_MAP, ev,
		    ev->data.mapping_start.anchor,
		    ev->data.mapping_start.tag) == -1 ? -1 : 1);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		on_close(b);
		return (1);
	case YAML_STREAM_END_EVENT:
		return (0);
	default:
		return (1);
	}
}

static void
syntax_error(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	struct yaml_fault f = { .text = b->text, .len = b->len,
	    .problem = p->problem };
	char text[256];

	switch (p->error) {
	case YAML_MEMORY_ERROR:
		diag_error(b->diag, NULL, "out of memory");
		return;
	case YAML_READER_ERROR:
		f.at = yaml_place_of(b->text, b->len, p->problem_offset);
		f.bytes = true;
		f.value = p->problem_value;
		break;
	default:
		f.at = place(&p->problem_mark);
		if ((f.context = p->context) != NULL)
			f.from = place(&p->context_mark);
	}
	yaml_fault_text(&f, text, sizeof(text));
	b->diag->task = task_around(b, &f.at);
	diag_error(b->diag, &f.at, "%s", text);
	b->diag->task = NULL;
}

struct node *
yaml_load(const char *text, size_t len, struct arena *arena,
    struct diag *diag)
{
	struct builder b;
	yaml_event_t ev;
	struct node *root = NULL;
	int r;

	if (len > YAML_MAX_BYTES) {
		diag_error(diag, NULL, "larger than %d bytes",
		    YAML_MAX_BYTES);
		return (NULL);
	}
	memset(&b, 0, sizeof(b));
	b.arena = arena;
	b.diag = diag;
	b.text = text;
	b.len = len;
	if (!yaml_parser_initialize(&b.parser)) {
		diag_error(diag, NULL, "out of memory");
		return (NULL);
	}
	b.capkids = FIRST_KIDS;
	b.kids = xcalloc(b.capkids, sizeof(struct node *));
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)text,
	    len);
	do {
		if (!yaml_parser_parse(&b.parser, &ev)) {
			syntax_error(&b);
			break;
		}
		r = on_event(&b, &ev);
		b.diag->task = NULL;
		yaml_event_delete(&ev);
		if (r == 0)
			root = b.root;
	} while (r == 1);
	yaml_parser_delete(&b.parser);
	names_free(&b.anchors);
	names_free(&b.keys);
	free(b.kids);
	return (root);
}
