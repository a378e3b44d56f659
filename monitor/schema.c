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
 * Writes the JSON Schema of the configuration (draft 2020-12) from the table
 * of keys.h and the limits of the parser: etc/taskforce.schema.json, for
 * editors and checkers.  It takes no input.
 *
 * A schema sees the tree, not what it comes to: wherever a condition may
 * stand it allows any map, wherever a name may be substituted any text with
 * a '{'.  It refuses nothing that the parser takes, whatever types a YAML
 * reader gives to the scalars.
 */

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "keys.h"
#include "schedrec.h"
#include "schema.h"

static const char *const place_names[] = {
	[KEYS_TOP] = "configuration",
	[KEYS_SETTINGS] = "settings",
	[KEYS_HTTP] = "listener",
	[KEYS_TASK] = "task",
	[KEYS_EVENT] = "event",
	[KEYS_ONEXIT] = "onexit"
};
_Static_assert(nitems(place_names) == KEYS_MAX, "a name a place");

/* The members that say: these must be there and have a value. */
static void
need(const char *name, const char *other)
{
	schema_list("required");
	json_string(schema_json, name);
	if (other != NULL)
		json_string(schema_json, other);
	json_array_end(schema_json);
	schema_object("properties");
	schema_object(name);
	schema_with_value();
	json_object_end(schema_json);
	if (other != NULL) {
		schema_object(other);
		schema_with_value();
		json_object_end(schema_json);
	}
	json_object_end(schema_json);
}

static void
has(const char *key, const char *name)
{
	schema_object(key);
	need(name, NULL);
	json_object_end(schema_json);
}

/* A key has a value whatever the context is. */
static void
always(const char *name)
{
	schema_object(name);
	schema_list("type");
	json_string(schema_json, "string");
	json_string(schema_json, "number");
	json_array_end(schema_json);
	schema_object("not");
	schema_named("substitution");
	json_object_end(schema_json);
	json_object_end(schema_json);
}

/* Of two keys one at most has a value; conditions may see to that. */
static void
not_both(const char *name, const char *other)
{
	schema_object("not");
	schema_list("required");
	json_string(schema_json, name);
	json_string(schema_json, other);
	json_array_end(schema_json);
	schema_object("properties");
	always(name);
	always(other);
	json_object_end(schema_json);
	json_object_end(schema_json);
}

/* "if" a key is the one word or the other; a "then" has to follow. */
static void
when(const char *key, const char *word, const char *other)
{
	schema_object("if");
	schema_list("required");
	json_string(schema_json, key);
	json_array_end(schema_json);
	schema_object("properties");
	schema_object(key);
	schema_list("enum");
	json_string(schema_json, word);
	if (other != NULL)
		json_string(schema_json, other);
	json_array_end(schema_json);
	json_object_end(schema_json);
	json_object_end(schema_json);
	json_object_end(schema_json);
}

/* What a task needs so that probes can tell whether it runs. */
static void
probed(void)
{
	schema_object("then");
	schema_list("anyOf");
	has(NULL, "pidfile");
	schema_object(NULL);
	schema_object("properties");
	schema_object("commands");
	need("check", "stop");
	json_object_end(schema_json);
	json_object_end(schema_json);
	json_object_end(schema_json);
	json_array_end(schema_json);
	json_object_end(schema_json);
}

static void
describe(const struct key *key)
{
	char *description;

	xasprintf(&description, "%s%s", key->text,
	    key->flags & KEY_LATER ? "  Not supported yet." : "");
	schema_text("description", description);
	free(description);
}

/* A list of the maps of a place, or one of them. */
static void
maps(enum key_place place)
{
	schema_list("anyOf");
	schema_object(NULL);
	schema_text("type", "array");
	if (place == KEYS_HTTP)
		schema_number("maxItems", LIMIT_LISTEN);
	schema_ref("items", place_names[place]);
	json_object_end(schema_json);
	schema_ref(NULL, place_names[place]);
	schema_type("null");
	json_array_end(schema_json);
}

static void
tasks(void)
{
	schema_map_or_null();
	schema_number("maxProperties", LIMIT_TASKS);
	schema_object("propertyNames");
	schema_text("pattern", "^[^" SCHEMA_BLANK TASK_NAME_NOT "]+$");
	schema_number("maxLength", LIMIT_NAME);
	json_object_end(schema_json);
	schema_ref("additionalProperties", place_names[KEYS_TASK]);
}

/* What stands behind a key. */
static void
shape(const struct key *key)
{
	static const char *const names[] = {
		[SHAPE_TEXT] = "text",
		[SHAPE_BOOL] = "boolean",
		[SHAPE_COUNT] = "count",
		[SHAPE_SECONDS] = "seconds",
		[SHAPE_HSTS] = "hsts",
		[SHAPE_CONTROL] = "control",
		[SHAPE_EVENT_TYPE] = "event_type",
		[SHAPE_ONEXIT_TYPE] = "onexit_type",
		[SHAPE_SIGNAL] = "signal",
		[SHAPE_TASK_NAME] = "task_name",
		[SHAPE_WORDS] = "words",
		[SHAPE_REQUIRES] = "requires",
		[SHAPE_VALUES] = "values",
		[SHAPE_ROLES] = "roles",
		[SHAPE_COMMANDS] = "commands",
		[SHAPE_ANY] = NULL
	};
	enum key_place inside = keys_inside(key->shape);

	if (key->shape == SHAPE_TASKS) {
		tasks();
	} else if (key->shape == SHAPE_SETTINGS) {
		schema_list("anyOf");
		schema_ref(NULL, place_names[inside]);
		schema_type("null");
		json_array_end(schema_json);
	} else if (inside != KEYS_MAX)
		maps(inside);
	else if (key->flags & KEY_POSITIVE)
		schema_text("$ref", "#/$defs/positive");
	else if (names[key->shape] != NULL)
		schema_named(names[key->shape]);
	if (key->flags & KEY_FILLED)
		schema_number("minItems", 1);
	if ((key->flags & (KEY_REQUIRED | KEY_NULLABLE)) == KEY_REQUIRED)
		schema_with_value();
}

/* What a table cannot say of a place. */
static void
rules(enum key_place place)
{
	if (place == KEYS_EVENT) {
		schema_list("anyOf");
		has(NULL, "command");
		has(NULL, "signal");
		json_array_end(schema_json);
		not_both("command", "signal");
		when("type", schedrec_event_name(EVENT_FILE_CHANGE), NULL);
		has("then", "path");
	} else if (place == KEYS_TASK) {
		when("control", control_name(CONTROL_NOWAIT),
		    control_name(CONTROL_ADOPT));
		probed();
	}
}

/* The members of an object with the keys of a place. */
static void
keys(enum key_place place)
{
	const struct key *list;
	size_t i, n;

	list = keys_list(place, &n);
	schema_text("type", "object");
	schema_object("properties");
	for (i = 0; i < n; i++) {
		schema_object(list[i].name);
		describe(&list[i]);
		shape(&list[i]);
		json_object_end(schema_json);
	}
	json_object_end(schema_json);
	schema_list("required");
	for (i = 0; i < n; i++)
		if (list[i].flags & KEY_REQUIRED)
			json_string(schema_json, list[i].name);
	json_array_end(schema_json);
	rules(place);
}

int
main(void)
{
	enum key_place place;
	size_t len;
	char *out;

	if ((schema_json = json_new(2)) == NULL)
		err(1, NULL);
	schema_object(NULL);
	schema_text("$schema", "https://json-schema.org/draft/2020-12/schema");
	schema_text("title", "taskforce.conf");
	schema_text("description", "The configuration of taskforced; see "
	    "taskforce.conf(5).  Made from the table of the parser by \"make "
	    "schema\": not to be edited.");
	keys(KEYS_TOP);
	schema_object("$defs");
	for (place = KEYS_TOP + 1; place < KEYS_MAX; place++) {
		schema_object(place_names[place]);
		keys(place);
		json_object_end(schema_json);
	}
	schema_defs();
	json_object_end(schema_json);
	json_object_end(schema_json);
	if ((out = json_finish(schema_json, &len)) == NULL)
		err(1, NULL);
	json_free(schema_json);
	if (fwrite(out, 1, len, stdout) != len || fflush(stdout) == EOF)
		err(1, "stdout");
	free(out);
	return (0);
}
