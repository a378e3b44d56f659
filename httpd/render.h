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
 * The texts of answers.  A text is shared by all the connections that are
 * sent it and is never changed; the last who lets go frees it.
 */

#ifndef HTTPD_RENDER_H
#define HTTPD_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "etag.h"

struct snapshot;

struct text {
	unsigned int	 refs;
	size_t		 len;
	char		*data;
	char		 etag[ETAG_SIZE];	/* "": none */
	bool		 stale;
};

/* Takes data (malloc'ed); dies when there is no memory.  One reference. */
struct text	*text_new(char *data, size_t len);
struct text	*text_ref(struct text *);
void		 text_unref(struct text *);
/* Nobody will be given it any more; it lives until it has been read. */
void		 text_retire(struct text *);
/* Bytes of all texts that are retired. */
size_t		 text_stale(void);

/*
 * What /status/version says of this machine: asked for once, since the
 * sandbox may not allow it later.
 */
void		 render_init(void);
/* The name of this machine. */
const char	*render_nodename(void);

/*
 * New texts, one reference to the caller; NULL when there is no memory.
 * indent as in json.h.
 */
struct text	*render_version(bool control, unsigned int indent);
struct text	*render_tasks(const struct snapshot *, unsigned int indent);

#endif /* HTTPD_RENDER_H */
