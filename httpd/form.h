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
 * Form-encoded text (application/x-www-form-urlencoded): a query, or the
 * body of a POST.  Pure; unit-tested.  What comes in may be anything.
 */

#ifndef HTTPD_FORM_H
#define HTTPD_FORM_H

#include <stddef.h>

/*
 * The value of a name (the first, when there are several), decoded into
 * buf.  1; 0: there is none; -1: malformed, or too long for buf.
 */
int	 form_value(const char *form, size_t len, const char *name, char *buf,
	    size_t size);

/* What is still to be read of a form; borrowed. */
struct form {
	const char	*p;
	size_t		 left;
};

/*
 * The next pair, decoded into new memory that is the caller's; an empty one
 * ("&&") is passed over.  1; 0: that was all; -1: malformed (a bad escape,
 * a control character), nothing is returned.
 */
int	 form_next(struct form *, char **name, char **value);

#endif /* HTTPD_FORM_H */
