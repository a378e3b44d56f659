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
 * What may stand behind a key of the configuration, by name: the "$defs" of
 * the schema.  They follow the parser, value.c above all, and take no input.
 */

#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/signame.h"
#include "../common/util.h"
#include "keys.h"
#include "schema.h"
#include "value.h"

/* Numbers as text: every spelling of value.c, and some that are none. */
#define WHOLE	"[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7]+" \
		"|[0-9][0-9_]*(:[0-5]?[0-9])*)"
#define DECIMAL	"(?=.*[0-9])[-+]?[0-9_]*(:[0-5]?[0-9])*[.]?[0-9_]*" \
		"([eE][-+]?[0-9]+)?"
#define CONTROL	"\\x00-\\x1f\\x7f"	/* inside [] */
#define MARKS	"\\x00\\x01"		/* what no text may have */
#define MAX_SIGNAL	64

/* A scalar that names a task. */
static void
of_name(const char *name, const char *suffix)
{
	char *pattern;

	xasprintf(&pattern, "^[^" SCHEMA_BLANK TASK_NAME_NOT "]+%s$", suffix);
	schema_choice(name);
	schema_pattern(pattern);
	schema_type("number");
	schema_type("boolean");
	schema_choice_end(true);
	free(pattern);
}

static void
command(const char *name, const char *description)
{
	schema_object(name);
	schema_text("description", description);
	schema_text("$ref", "#/$defs/command");
	json_object_end(schema_json);
}

/* A list as an alternative. */
static void
list_of(const char *name)
{
	schema_object(NULL);
	schema_text("type", "array");
	schema_ref("items", name);
	json_object_end(schema_json);
}

static void
def_basics(void)
{
	schema_object("condition");
	schema_text("description", "A conditional map: of its keys, in this "
	    "order, each that is in the context contributes its value.");
	schema_text("type", "object");
	json_object_end(schema_json);

	schema_object("substitution");
	schema_text("description", "Text with {NAME}, which stands for a "
	    "value of the context.");
	schema_text("type", "string");
	schema_text("pattern", "[{]");
	json_object_end(schema_json);

	schema_choice("text");
	schema_pattern("^[^" MARKS "]*$");
	schema_type("number");
	schema_type("boolean");
	schema_choice_end(false);

	schema_object("words");
	schema_text("description", "One value or a list; a list in a list "
	    "becomes part of it.");
	schema_list("anyOf");
	schema_ref(NULL, "text");
	list_of("words");
	json_array_end(schema_json);
	json_object_end(schema_json);
}

static void
def_boolean(void)
{
	const char *word;
	size_t i;

	schema_choice("boolean");
	schema_type("boolean");
	schema_object(NULL);
	schema_list("enum");
	for (i = 0; (word = value_bool_word(i)) != NULL; i++)
		json_string(schema_json, word);
	json_array_end(schema_json);
	json_object_end(schema_json);
	schema_choice_end(true);
}

static void
def_numbers(void)
{
	schema_choice("count");
	schema_object(NULL);
	schema_text("type", "integer");
	schema_number("minimum", 1);
	schema_number("maximum", LIMIT_INSTANCES);
	json_object_end(schema_json);
	schema_pattern("^" WHOLE "$");
	schema_choice_end(true);

	schema_choice("seconds");
	schema_object(NULL);
	schema_text("type", "number");
	schema_number("minimum", 0);
	schema_number("maximum", SECONDS_MAX);
	json_object_end(schema_json);
	schema_pattern("^(" WHOLE "|" DECIMAL ")$");
	schema_choice_end(true);

	schema_object("positive");
	schema_text("description", "Seconds, but not 0.");
	schema_list("allOf");
	schema_ref(NULL, "seconds");
	schema_object(NULL);
	schema_number("exclusiveMinimum", 0);
	json_object_end(schema_json);
	json_array_end(schema_json);
	json_object_end(schema_json);

	schema_choice("hsts");
	schema_ref(NULL, "boolean");
	schema_object(NULL);
	schema_text("type", "integer");
	schema_number("minimum", 0);
	schema_number("maximum", HSTS_MAX);
	json_object_end(schema_json);
	schema_pattern("^" WHOLE "$");
	schema_choice_end(true);
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

	schema_choice(name);
	schema_object(NULL);
	schema_list("enum");
	for (i = 0; (word = key_word(shape, i)) != NULL; i++) {
		json_string(schema_json, word);
		off |= strcmp(word, "off") == 0;
	}
	if (off)
		json_bool(schema_json, false);
	json_array_end(schema_json);
	json_object_end(schema_json);
	schema_choice_end(substituted);
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
	schema_choice("signal");
	schema_pattern(pattern);
	schema_pattern("^[0-9]+$");
	schema_object(NULL);
	schema_text("type", "integer");
	schema_number("minimum", 1);
	schema_number("maximum", MAX_SIGNAL);
	json_object_end(schema_json);
	schema_choice_end(true);
	free(pattern);
}

static void
def_names(void)
{
	of_name("task_name", "");
	of_name("requirement", "(" REQUIRES_OK ")?");

	schema_object("requires");
	schema_list("anyOf");
	schema_ref(NULL, "requirement");
	list_of("requires");
	json_array_end(schema_json);
	json_object_end(schema_json);
}

/* Maps of names: defines, their role maps, commands. */
static void
def_maps(void)
{
	schema_object("values");
	schema_map_or_null();
	schema_object("propertyNames");
	schema_text("pattern", "^[^=" MARKS "]+$");
	json_object_end(schema_json);
	schema_ref("additionalProperties", "text");
	json_object_end(schema_json);

	schema_object("roles");
	schema_map_or_null();
	schema_ref("additionalProperties", "values");
	json_object_end(schema_json);

	schema_choice("command");
	schema_object(NULL);
	schema_text("type", "array");
	schema_number("minItems", 1);
	schema_ref("items", "words");
	json_object_end(schema_json);
	schema_choice_end(false);

	schema_object("commands");
	schema_text("type", "object");
	schema_object("propertyNames");
	schema_text("pattern", "^[^" CONTROL "]+$");
	schema_number("maxLength", LIMIT_NAME);
	json_object_end(schema_json);
	schema_object("properties");
	schema_object("start");
	schema_text("description", "What the task runs.");
	schema_text("$ref", "#/$defs/command");
	schema_with_value();
	json_object_end(schema_json);
	command("stop", "Run to stop a process, in place of a signal.");
	command("check", "Exits with status 0 while a nowait or adopt task "
	    "runs.");
	json_object_end(schema_json);
	schema_list("required");
	json_string(schema_json, "start");
	json_array_end(schema_json);
	schema_ref("additionalProperties", "command");
	json_object_end(schema_json);
}

void
schema_defs(void)
{
	def_basics();
	def_boolean();
	def_numbers();
	def_enum("control", SHAPE_CONTROL, false);
	def_enum("event_type", SHAPE_EVENT_TYPE, true);
	def_enum("onexit_type", SHAPE_ONEXIT_TYPE, true);
	def_signal();
	def_names();
	def_maps();
}
