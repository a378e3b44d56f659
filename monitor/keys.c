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
 * The key table at work.  Maps come from the administrator's file.
 */

#include <string.h>

#include "../common/util.h"
#include "keys.h"
#include "schedrec.h"

#define KEY_ENTRY(id, name, shape, flags, text) \
	{ name, sizeof(name) - 1, shape, flags, text },

static const struct key top_keys[] = { TOP_KEYS(KEY_ENTRY) };
static const struct key settings_keys[] = { SETTINGS_KEYS(KEY_ENTRY) };
static const struct key http_keys[] = { HTTP_KEYS(KEY_ENTRY) };
static const struct key task_keys[] = { TASK_KEYS(KEY_ENTRY) };
static const struct key event_keys[] = { EVENT_KEYS(KEY_ENTRY) };
static const struct key onexit_keys[] = { ONEXIT_KEYS(KEY_ENTRY) };

struct key_set {
	const char		*what;	/* for messages */
	const struct key	*keys;
	size_t			 n;
};

#define SET(what, keys)	{ what, keys, nitems(keys) }

static const struct key_set sets[] = {
	[KEYS_TOP] = SET("the top level", top_keys),
	[KEYS_SETTINGS] = SET("settings", settings_keys),
	[KEYS_HTTP] = SET("a listener", http_keys),
	[KEYS_TASK] = SET("a task", task_keys),
	[KEYS_EVENT] = SET("an event", event_keys),
	[KEYS_ONEXIT] = SET("onexit", onexit_keys)
};
_Static_assert(nitems(sets) == KEYS_MAX, "a set a place");
_Static_assert(KEYS_MAX <= DIAG_PLACES, "a word of bits a place");

const struct key *
keys_list(enum key_place place, size_t *n)
{
	*n = sets[place].n;
	return (sets[place].keys);
}

enum key_place
keys_inside(enum key_shape shape)
{
	switch (shape) {
	case SHAPE_SETTINGS:
		return (KEYS_SETTINGS);
	case SHAPE_LISTENERS:
		return (KEYS_HTTP);
	case SHAPE_EVENTS:
		return (KEYS_EVENT);
	case SHAPE_ONEXITS:
		return (KEYS_ONEXIT);
	case SHAPE_TASKS:
		return (KEYS_TASK);
	default:
		return (KEYS_MAX);
	}
}

const char *
key_word(enum key_shape shape, size_t i)
{
	switch (shape) {
	case SHAPE_CONTROL:
		return (i < CONTROL_MAX ? control_name(i) : NULL);
	case SHAPE_EVENT_TYPE:
		return (i < EVENT_TYPE_MAX ? schedrec_event_name(i) : NULL);
	case SHAPE_ONEXIT_TYPE:
		return (i == 0 ? "start" : NULL);
	default:
		return (NULL);
	}
}

const char *
key_hint(enum key_shape shape, struct diag *d, struct diag_guess *g,
    const char *written)
{
	const char *word, *next;
	size_t i;

	if (diag_guess(d, g, written))
		for (i = 0; (word = key_word(shape, i)) != NULL; i++)
			diag_offer(g, word);
	if (g->best != NULL)
		return (diag_near(g));
	strlcpy(g->text, " (it is one of", sizeof(g->text));
	for (i = 0; (word = key_word(shape, i)) != NULL; i++) {
		next = key_word(shape, i + 1);
		strlcat(g->text, i == 0 ? " " : next != NULL ? ", " : " or ",
		    sizeof(g->text));
		strlcat(g->text, word, sizeof(g->text));
	}
	strlcat(g->text, ")", sizeof(g->text));
	return (g->text);
}

static const struct key *
find(const struct key_set *set, const struct node *name)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (set->keys[i].len == name->n &&
		    memcmp(set->keys[i].name, name->text, name->n) == 0)
			return (&set->keys[i]);
	return (NULL);
}

static void
unknown(const struct key_set *set, struct diag *d, struct node *name)
{
	struct diag_guess g;
	size_t i;

	/* Said once of a map that aliases or merges repeat. */
	if (name->told)
		return;
	name->told = true;
	if (diag_guess(d, &g, name->text))
		for (i = 0; i < set->n; i++)
			diag_offer(&g, set->keys[i].name);
	diag_warn(d, name, "unknown key '%.60s' in %s%s", name->text,
	    set->what, diag_near(&g));
}

/* What the shape asks for, or NULL when the node has it. */
static const char *
misfit(enum key_shape shape, const struct node *n)
{
	switch (shape) {
	case SHAPE_TEXT:
	case SHAPE_BOOL:
	case SHAPE_COUNT:
	case SHAPE_SECONDS:
	case SHAPE_HSTS:
	case SHAPE_CONTROL:
	case SHAPE_EVENT_TYPE:
	case SHAPE_ONEXIT_TYPE:
	case SHAPE_SIGNAL:
	case SHAPE_TASK_NAME:
		return (n->type == NODE_LIST ? "one value" : NULL);
	case SHAPE_VALUES:
	case SHAPE_ROLES:
	case SHAPE_COMMANDS:
	case SHAPE_SETTINGS:
	case SHAPE_TASKS:
		return (n->type == NODE_MAP ? NULL : "a map");
	case SHAPE_LISTENERS:
	case SHAPE_EVENTS:
	case SHAPE_ONEXITS:
		return (n->type == NODE_SCALAR ? "a list of maps" : NULL);
	case SHAPE_WORDS:
	case SHAPE_REQUIRES:
	case SHAPE_ANY:
		break;
	}
	return (NULL);
}

void
keys_scan(enum key_place place, struct diag *d, struct node *map,
    struct node **v)
{
	const struct key_set *set = &sets[place];
	const struct key *key;
	const char *want;
	struct pair *p;
	uint32_t i;
	size_t id;

	memset(v, 0, set->n * sizeof(*v));
	for (i = 0; i < map->n; i++) {
		p = &map->pairs[i];
		if ((key = find(set, p->key)) == NULL) {
			unknown(set, d, p->key);
			continue;
		}
		id = key - set->keys;
		if ((key->flags & KEY_LATER) &&
		    !(d->warned[place] & 1U << id)) {
			diag_warn(d, p->key, "key '%s' is not supported yet",
			    key->name);
			d->warned[place] |= 1U << id;
		}
		if (node_is_null(p->value))
			continue;
		if ((want = misfit(key->shape, p->value)) != NULL) {
			diag_error(d, p->value, "'%s' must be %s, not %s",
			    key->name, want, node_kind(p->value));
			continue;
		}
		v[id] = p->value;
	}
}
