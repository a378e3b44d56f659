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
 * A request that changes tasks: which tasks, to what, and what the monitor
 * said about each.
 */

#ifndef HTTPD_CHANGE_H
#define HTTPD_CHANGE_H

#include <stddef.h>

#include "../common/wire.h"

struct change;

/* Dies when there is no memory. */
struct change	*change_new(void);
void		 change_free(struct change *);

/*
 * Adds the pairs of form-encoded text as tasks and values; a task that is
 * there already keeps its value.  0, or -1: malformed, or too many.
 */
int	 change_add_form(struct change *, const char *form, size_t len);
/* Adds one task. */
void	 change_add(struct change *, const char *name, const char *value);
size_t	 change_count(const struct change *);

/* The struct ask_change for it, in order of name. */
void	 change_put(const struct change *, struct wbuf *);

/* Takes an A_RESULT; 0, or -1: malformed, or more than was asked. */
int	 change_result(struct change *, struct cursor *);

/*
 * What came of it, when the answer is complete.  The HTTP status: 202
 * something is done, 200 there was nothing to do, 404 and 409 nothing was
 * done; 0: there was no result at all.
 */
int	 change_status(const struct change *);
/* A line a task, in new memory; *len without the NUL. */
char	*change_text(const struct change *, size_t *len);

#endif /* HTTPD_CHANGE_H */
