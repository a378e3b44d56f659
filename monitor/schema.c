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

#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/json.h"
#include "../common/signame.h"
#include "../common/util.h"
#include "keys.h"
#include "schedrec.h"
#include "value.h"

/* Numbers as text: every spelling of value.c, and some that are none. */
#define WHOLE	"[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7]+" \
		"|[0-9][0-9_]*(:[0-5]?[0-9])*)"
#define DECIMAL	"(?=.*[0-9])[-+]?[0-9_]*(:[0-5]?[0-9])*[.]?[0-9_]*" \
		"([eE][-+]?[0-9]+)?"
#define CONTROL	"\\x00-\\x1f\\x7f"	/* inside [] */
#define BLANK	"\\x00-\\x20\\x7f"
#define MARKS	"\\x00\\x01"		/* what no text may have */
#define MAX_SIGNAL	64

static const char *const place_names[] = {
	[KEYS_TOP] = "configuration",
	[KEYS_SETTINGS] = "settings",
	[KEYS_HTTP] = "listener",
	[KEYS_TASK] = "task",
	[KEYS_EVENT] = "event",
	[KEYS_ONEXIT] = "onexit"
};
_Static_assert(nitems(place_names) == KEYS_MAX, "a name a place");

static struct json *j;

/* "key": "text" */
static void
text(const char *key, const char *value)
{
	json_key(j, key);
	json_string(j, value);
}

static void
number(const char *key, int64_t value)
{
	json_key(j, key);
	json_int(j, value);
}

/* "key": {, or just { */
static void
open_object(const char *key)
{
	if (key != NULL)
		json_key(j, key);
	json_object(j);
}

static void
open_list(const char *key)
{
	json_key(j, key);
	json_array(j);
}

static void
named(const char *name)
{
	char *path;

	xasprintf(&path, "#/$defs/%s", name);
	text("$ref", path);
	free(path);
}

static void
ref(const char *key, const char *name)
{
	open_object(key);
	named(name);
	json_object_end(j);
}

/* { "type": type } as an alternative. */
static void
of_type(const char *type)
{
	open_object(NULL);
	text("type", type);
	json_object_end(j);
}

static void
of_pattern(const char *pattern)
{
	open_object(NULL);
	text("type", "string");
	text("pattern", pattern);
	json_object_end(j);
}

/* "name": { "anyOf": [ */
static void
open_choice(const char *name)
{
	open_object(name);
	open_list("anyOf");
}

/* What may always stand in one value's place; then "] }". */
static void
close_choice(bool substituted)
{
	of_type("null");
	if (substituted)
		ref(NULL, "substitution");
	ref(NULL, "condition");
	json_array_end(j);
	json_object_end(j);
}

/* Null will not do. */
static void
with_value(void)
{
	open_object("not");
	text("type", "null");
	json_object_end(j);
}

/* The members that say: these must be there and have a value. */
static void
need(const char *name, const char *other)
{
	open_list("required");
	json_string(j, name);
	if (other != NULL)
		json_string(j, other);
	json_array_end(j);
	open_object("properties");
	open_object(name);
	with_value();
	json_object_end(j);
	if (other != NULL) {
		open_object(other);
		with_value();
		json_object_end(j);
	}
	json_object_end(j);
}

static void
has(const char *key, const char *name)
{
	open_object(key);
	need(name, NULL);
	json_object_end(j);
}

/* "if" a key is the one word or the other; a "then" has to follow. */
static void
when(const char *key, const char *word, const char *other)
{
	open_object("if");
	open_list("required");
	json_string(j, key);
	json_array_end(j);
	open_object("properties");
	open_object(key);
	open_list("enum");
	json_string(j, word);
	if (other != NULL)
		json_string(j, other);
	json_array_end(j);
	json_object_end(j);
	json_object_end(j);
	json_object_end(j);
}

/* What a task needs so that probes can tell whether it runs. */
static void
probed(void)
{
	open_object("then");
	open_list("anyOf");
	has(NULL, "pidfile");
	open_object(NULL);
	open_object("properties");
	open_object("commands");
	need("check", "stop");
	json_object_end(j);
	json_object_end(j);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
}

static void
map_or_null(void)
{
	open_list("type");
	json_string(j, "object");
	json_string(j, "null");
	json_array_end(j);
}

/* A scalar that names a task. */
static void
of_name(const char *name, const char *suffix)
{
	char *pattern;

	xasprintf(&pattern, "^[^" BLANK TASK_NAME_NOT "]+%s$", suffix);
	open_choice(name);
	of_pattern(pattern);
	of_type("number");
	of_type("boolean");
	close_choice(true);
	free(pattern);
}

static void
command(const char *name, const char *description)
{
	open_object(name);
	text("description", description);
	text("$ref", "#/$defs/command");
	json_object_end(j);
}

static void
describe(const struct key *key)
{
	char *description;

	xasprintf(&description, "%s%s", key->text,
	    key->flags & KEY_LATER ? "  Not supported yet." : "");
	text("description", description);
	free(description);
}

/* A list as an alternative. */
static void
list_of(const char *name)
{
	open_object(NULL);
	text("type", "array");
	ref("items", name);
	json_object_end(j);
}

static void
def_basics(void)
{
	open_object("condition");
	text("description", "A conditional map: of its keys, in this order, "
	    "each that is in the context contributes its value.");
	text("type", "object");
	json_object_end(j);

	open_object("substitution");
	text("description", "Text with {NAME}, which stands for a value of "
	    "the context.");
	text("type", "string");
	text("pattern", "[{]");
	json_object_end(j);

	open_choice("text");
	of_pattern("^[^" MARKS "]*$");
	of_type("number");
	of_type("boolean");
	close_choice(false);

	open_object("words");
	text("description", "One value or a list; a list in a list becomes "
	    "part of it.");
	open_list("anyOf");
	ref(NULL, "text");
	list_of("words");
	json_array_end(j);
	json_object_end(j);
}

static void
def_boolean(void)
{
	const char *word;
	size_t i;

	open_choice("boolean");
	of_type("boolean");
	open_object(NULL);
	open_list("enum");
	for (i = 0; (word = value_bool_word(i)) != NULL; i++)
		json_string(j, word);
	json_array_end(j);
	json_object_end(j);
	close_choice(true);
}

static void
def_numbers(void)
{
	open_choice("count");
	open_object(NULL);
	text("type", "integer");
	number("minimum", 1);
	number("maximum", LIMIT_INSTANCES);
	json_object_end(j);
	of_pattern("^" WHOLE "$");
	close_choice(true);

	open_choice("seconds");
	open_object(NULL);
	text("type", "number");
	number("minimum", 0);
	number("maximum", SECONDS_MAX);
	json_object_end(j);
	of_pattern("^(" WHOLE "|" DECIMAL ")$");
	close_choice(true);

	open_object("positive");
	text("description", "Seconds, but not 0.");
	open_list("allOf");
	ref(NULL, "seconds");
	open_object(NULL);
	number("exclusiveMinimum", 0);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);

	open_choice("hsts");
	ref(NULL, "boolean");
	open_object(NULL);
	text("type", "integer");
	number("minimum", 0);
	number("maximum", HSTS_MAX);
	json_object_end(j);
	of_pattern("^" WHOLE "$");
	close_choice(true);
}

/*
 * One of a few words.  YAML 1.1 reads "off", without quotes, as false.
 */
static void
def_enum(const char *name, enum key_shape shape, bool substituted)
{
	const char *word;
	bool off = false;
	size_t i;

	open_choice(name);
	open_object(NULL);
	open_list("enum");
	for (i = 0; (word = key_word(shape, i)) != NULL; i++) {
		json_string(j, word);
		off |= strcmp(word, "off") == 0;
	}
	if (off)
		json_bool(j, false);
	json_array_end(j);
	json_object_end(j);
	close_choice(substituted);
}

/* Names in any case, with or without SIG, or a number. */
static void
def_signal(void)
{
	const char *word, *p;
	char *pattern;
	size_t i, len;
	FILE *f;

	if ((f = open_memstream(&pattern, &len)) == NULL)
		err(1, NULL);
	fprintf(f, "^([Ss][Ii][Gg])?(");
	for (i = 0; (word = signame_word(i)) != NULL; i++) {
		for (p = word; *p != '\0'; p++)
			if (isupper((unsigned char)*p))
				fprintf(f, "[%c%c]", *p,
				    tolower((unsigned char)*p));
			else
				fputc(*p, f);
		fputc('|', f);
	}
	fprintf(f, "[Rr][Tt][Mm]([Ii][Nn]|[Aa][Xx])([-+][0-9]+)?)$");
	if (fclose(f) == EOF)
		err(1, NULL);
	open_choice("signal");
	of_pattern(pattern);
	of_pattern("^[0-9]+$");
	open_object(NULL);
	text("type", "integer");
	number("minimum", 1);
	number("maximum", MAX_SIGNAL);
	json_object_end(j);
	close_choice(true);
	free(pattern);
}

static void
def_names(void)
{
	of_name("task_name", "");
	of_name("requirement", "(" REQUIRES_OK ")?");

	open_object("requires");
	open_list("anyOf");
	ref(NULL, "requirement");
	list_of("requires");
	json_array_end(j);
	json_object_end(j);
}

/* Maps of names: defines, their role maps, commands. */
static void
def_maps(void)
{
	open_object("values");
	map_or_null();
	open_object("propertyNames");
	text("pattern", "^[^=" MARKS "]+$");
	json_object_end(j);
	ref("additionalProperties", "text");
	json_object_end(j);

	open_object("roles");
	map_or_null();
	ref("additionalProperties", "values");
	json_object_end(j);

	open_choice("command");
	open_object(NULL);
	text("type", "array");
	number("minItems", 1);
	ref("items", "words");
	json_object_end(j);
	close_choice(false);

	open_object("commands");
	text("type", "object");
	open_object("propertyNames");
	text("pattern", "^[^" CONTROL "]+$");
	number("maxLength", LIMIT_NAME);
	json_object_end(j);
	open_object("properties");
	open_object("start");
	text("description", "What the task runs.");
	text("$ref", "#/$defs/command");
	with_value();
	json_object_end(j);
	command("stop", "Run to stop a process, in place of a signal.");
	command("check", "Exits with status 0 while a nowait or adopt task "
	    "runs.");
	json_object_end(j);
	open_list("required");
	json_string(j, "start");
	json_array_end(j);
	ref("additionalProperties", "command");
	json_object_end(j);
}

/* A list of the maps of a place, or one of them. */
static void
maps(enum key_place place)
{
	open_list("anyOf");
	open_object(NULL);
	text("type", "array");
	if (place == KEYS_HTTP)
		number("maxItems", LIMIT_LISTEN);
	ref("items", place_names[place]);
	json_object_end(j);
	ref(NULL, place_names[place]);
	of_type("null");
	json_array_end(j);
}

static void
tasks(void)
{
	map_or_null();
	number("maxProperties", LIMIT_TASKS);
	open_object("propertyNames");
	text("pattern", "^[^" BLANK TASK_NAME_NOT "]+$");
	number("maxLength", LIMIT_NAME);
	json_object_end(j);
	ref("additionalProperties", place_names[KEYS_TASK]);
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
		open_list("anyOf");
		ref(NULL, place_names[inside]);
		of_type("null");
		json_array_end(j);
	} else if (inside != KEYS_MAX)
		maps(inside);
	else if (key->flags & KEY_POSITIVE)
		text("$ref", "#/$defs/positive");
	else if (names[key->shape] != NULL)
		named(names[key->shape]);
	if (key->flags & KEY_FILLED)
		number("minItems", 1);
	if ((key->flags & (KEY_REQUIRED | KEY_NULLABLE)) == KEY_REQUIRED)
		with_value();
}

/* What a table cannot say of a place. */
static void
rules(enum key_place place)
{
	if (place == KEYS_EVENT) {
		open_list("oneOf");
		has(NULL, "command");
		has(NULL, "signal");
		json_array_end(j);
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
	text("type", "object");
	open_object("properties");
	for (i = 0; i < n; i++) {
		open_object(list[i].name);
		describe(&list[i]);
		shape(&list[i]);
		json_object_end(j);
	}
	json_object_end(j);
	open_list("required");
	for (i = 0; i < n; i++)
		if (list[i].flags & KEY_REQUIRED)
			json_string(j, list[i].name);
	json_array_end(j);
	rules(place);
}

int
main(void)
{
	enum key_place place;
	size_t len;
	char *out;

	if ((j = json_new(2)) == NULL)
		err(1, NULL);
	open_object(NULL);
	text("$schema", "https://json-schema.org/draft/2020-12/schema");
	text("title", "taskforce.conf");
	text("description", "The configuration of taskforced; see "
	    "taskforce.conf(5).  Made from the table of the parser by \"make "
	    "schema\": not to be edited.");
	keys(KEYS_TOP);
	open_object("$defs");
	for (place = KEYS_TOP + 1; place < KEYS_MAX; place++) {
		open_object(place_names[place]);
		keys(place);
		json_object_end(j);
	}
	def_basics();
	def_boolean();
	def_numbers();
	def_enum("control", SHAPE_CONTROL, false);
	def_enum("event_type", SHAPE_EVENT_TYPE, true);
	def_enum("onexit_type", SHAPE_ONEXIT_TYPE, true);
	def_signal();
	def_names();
	def_maps();
	json_object_end(j);
	json_object_end(j);
	if ((out = json_finish(j, &len)) == NULL)
		err(1, NULL);
	json_free(j);
	if (fwrite(out, 1, len, stdout) != len || fflush(stdout) == EOF)
		err(1, "stdout");
	free(out);
	return (0);
}
