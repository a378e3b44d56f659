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

/* "Did you mean": for names of tasks and roles that are not there. */

#ifndef CTL_SUGGEST_H
#define CTL_SUGGEST_H

#include "conn.h"
#include "ctl.h"
#include "../common/wire.h"

/*
 * Says on stderr which task or role was probably meant by each of n words
 * that names none; a slot behind a colon is passed over.  Asks the daemon
 * for its tasks; when that fails there is just nothing to say.
 */
void	 suggest(const struct ctl *, struct conn *c, const struct span *words,
	    uint32_t n);

#endif /* CTL_SUGGEST_H */
