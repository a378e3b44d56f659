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
 * The pieces of the schema: members, references, alternatives.  They take
 * no input but what schema.c and schema_defs.c are made of.
 */

#include <stdlib.h>

#include "../common/util.h"
#include "schema.h"

struct json	*schema_json;

/* "key": "text" */
void
schema_text(const char *key, const char *value)
{
	json_key(schema_json, key);
	json_string(schema_json, value);
}

void
schema_number(const char *key, int64_t value)
{
	json_key(schema_json, key);
	json_int(schema_json, value);
}

/* "key": {, or just { */
void
schema_object(const char *key)
{
	if (key != NULL)
		json_key(schema_json, key);
	json_object(schema_json);
}

void
schema_list(const char *key)
{
	json_key(schema_json, key);
	json_array(schema_json);
}

void
schema_named(const char *name)
{
	char *path;

	xasprintf(&path, "#/$defs/%s", name);
	schema_text("$ref", path);
	free(path);
}

void
schema_ref(const char *key, const char *name)
{
	schema_object(key);
	schema_named(name);
	json_object_end(schema_json);
}

/* { "type": type } as an alternative. */
void
schema_type(const char *type)
{
	schema_object(NULL);
	schema_text("type", type);
	json_object_end(schema_json);
}

void
schema_pattern(const char *pattern)
{
	schema_object(NULL);
	schema_text("type", "string");
	schema_text("pattern", pattern);
	json_object_end(schema_json);
}

/* "name": { "anyOf": [ */
void
schema_choice(const char *name)
{
	schema_object(name);
	schema_list("anyOf");
}

/* What may always stand in one value's place; then "] }". */
void
schema_choice_end(bool substituted)
{
	schema_type("null");
	if (substituted)
		schema_ref(NULL, "substitution");
	schema_ref(NULL, "condition");
	json_array_end(schema_json);
	json_object_end(schema_json);
}

/* Null will not do. */
void
schema_with_value(void)
{
	schema_object("not");
	schema_text("type", "null");
	json_object_end(schema_json);
}

void
schema_map_or_null(void)
{
	schema_list("type");
	json_string(schema_json, "object");
	json_string(schema_json, "null");
	json_array_end(schema_json);
}
