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
 * The pieces that the schema of the configuration is written of, for
 * schema.c (the keys of each place) and schema_defs.c (what may stand behind
 * a key).  What is written is in schema_json; none of this takes input.
 */

#ifndef MONITOR_SCHEMA_H
#define MONITOR_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/json.h"

/* Inside [] of a pattern. */
#define SCHEMA_BLANK	"\\x00-\\x20\\x7f"

extern struct json	*schema_json;

/* "key": "text", and "key": number */
void	 schema_text(const char *key, const char *value);
void	 schema_number(const char *key, int64_t value);
/* "key": {, or just {; and "key": [ */
void	 schema_object(const char *key);
void	 schema_list(const char *key);
/* A reference to a name of schema_defs(), as a member and as an object. */
void	 schema_named(const char *name);
void	 schema_ref(const char *key, const char *name);
/* A type, or text of a pattern, as an alternative. */
void	 schema_type(const char *type);
void	 schema_pattern(const char *pattern);
/* "name": { "anyOf": [, and its end after what may always stand there. */
void	 schema_choice(const char *name);
void	 schema_choice_end(bool substituted);
/* Null will not do; or a map will, and null. */
void	 schema_with_value(void);
void	 schema_map_or_null(void);

/* All that has a name and is no place of keys, as members of "$defs". */
void	 schema_defs(void);

#endif /* MONITOR_SCHEMA_H */
