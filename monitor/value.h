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
 * What the text of a scalar means where something other than text is
 * wanted: null, booleans, numbers.  The spellings are those of YAML 1.1
 * (the bool, int and float types of yaml.org/type, with ":" for base 60)
 * and, where that knows none, of the core schema of YAML 1.2.
 */

#ifndef MONITOR_VALUE_H
#define MONITOR_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/json.h"

/* null, Null, NULL, ~ and nothing at all. */
bool	 value_is_null(const char *text);
/* 0, or -1: not a boolean. */
int	 value_bool(const char *text, bool *);
/* 0; -1: not a whole number; -2: one, but not within min and max. */
int	 value_int(const char *text, int64_t min, int64_t max, int64_t *);
/* The i-th spelling of a boolean, or NULL behind the last. */
const char *value_bool_word(size_t i);
/*
 * Decimal seconds to milliseconds, rounded.  0; -1: not a number; -2: below
 * zero or more than SECONDS_MAX, the 49 days that 32 bits of milliseconds
 * hold.
 */
#define SECONDS_MAX	4294967
int	 value_seconds(const char *text, uint32_t *ms);
/* A plain scalar in JSON, typed by YAML 1.1. */
void	 value_json(struct json *, const char *text, size_t len);

#endif /* MONITOR_VALUE_H */
