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
 * For tests of put/get pairs: the message in w is accepted as it is and at
 * no other length.  Each length is tried in memory of exactly that size.
 */

#ifndef TESTS_UNIT_EXACT_H
#define TESTS_UNIT_EXACT_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/wire.h"

#define EXACT(w, get, ret) do {						\
	struct cursor c_;						\
	uint8_t *copy_;							\
	size_t len_;							\
									\
	ck_assert(!(w)->failed);					\
	for (len_ = 0; len_ <= (w)->len + 1; len_++) {			\
		copy_ = calloc(1, len_ == 0 ? 1 : len_);		\
		memcpy(copy_, (w)->data,				\
		    len_ < (w)->len ? len_ : (w)->len);			\
		cursor_init(&c_, copy_, len_);				\
		ck_assert_msg(get(&c_, (ret)) ==			\
		    (len_ == (w)->len ? 0 : -1),			\
		    #get " of %zu bytes, not %zu", len_, (w)->len);	\
		free(copy_);						\
	}								\
} while (0)

/* The message in w, read once more into ret. */
#define READ_BACK(w, get, ret) do {					\
	struct cursor c_;						\
									\
	cursor_init(&c_, (w)->data, (w)->len);				\
	ck_assert_int_eq(get(&c_, (ret)), 0);				\
} while (0)

/* What is in w now is refused; w is empty afterwards. */
#define REFUSED(w, get, ret) do {					\
	struct cursor c_;						\
									\
	cursor_init(&c_, (w)->data, (w)->len);				\
	ck_assert_int_eq(get(&c_, (ret)), -1);				\
	wbuf_reset(w);							\
} while (0)

#define SPAN(s)	((struct span){ (s), sizeof(s) - 1 })

#endif /* TESTS_UNIT_EXACT_H */
