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
 * A JSON writer (RFC 8259).  The caller says what comes next; the writer
 * puts commas, quotes, escapes and, if asked, newlines and blanks.  Output
 * goes to memory that grows; an allocation that fails is remembered and
 * json_finish() then returns NULL.  Bytes that are not UTF-8 are written as
 * U+FFFD, one each, so that the output is always valid.
 */

#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

/* indent: blanks a level; 0 for one line without newlines. */
struct json	*json_new(unsigned int indent);
void		 json_free(struct json *);

void	 json_object(struct json *);		/* { */
void	 json_object_end(struct json *);	/* } */
void	 json_array(struct json *);		/* [ */
void	 json_array_end(struct json *);		/* ] */

/* The key of the next member; s is copied. */
void	 json_key(struct json *, const char *s);
void	 json_keyn(struct json *, const char *s, size_t len);
/* One in its quotes already, written as it is. */
void	 json_keyraw(struct json *, const char *s, size_t len);

void	 json_string(struct json *, const char *s);
void	 json_stringn(struct json *, const char *s, size_t len);
void	 json_int(struct json *, int64_t n);
void	 json_uint(struct json *, uint64_t n);
void	 json_bool(struct json *, bool b);
void	 json_null(struct json *);
/* A number or value already in JSON's own spelling, written as it is. */
void	 json_raw(struct json *, const char *s, size_t len);

/*
 * Ends the text with a newline and returns it: new memory that the caller
 * frees, its length in *lenp (without the NUL behind it).  NULL with errno
 * when memory ran out.  The writer is then empty and may be used again.
 */
char	*json_finish(struct json *, size_t *lenp);

/*
 * Writes valid JSON text again with another indent, as ?indent=N asks for.
 * Returns new memory, or NULL with errno (EINVAL: not JSON, or deeper than
 * 128 levels).
 */
char	*json_reindent(const char *text, size_t len, unsigned int indent,
	    size_t *lenp);

#endif /* COMMON_JSON_H */
