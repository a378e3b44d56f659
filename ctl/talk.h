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

/* What most commands do: connect, ask, and say why it did not work. */

#ifndef CTL_TALK_H
#define CTL_TALK_H

#include "answer.h"
#include "conn.h"
#include "ctl.h"

/*
 * Connects, and gives up what is not needed any more.  CTL_OK, or the exit
 * status, with c->error; conn_close() is right in either case.
 */
enum ctl_exit	 talk_open(const struct ctl *, struct conn *c);

/* A question without a body and its whole answer, as answer_read(). */
enum ctl_exit	 talk_ask(struct conn *c, uint16_t type, struct answer *a);

/*
 * C_STATUS or C_WHY about n names (none: all); an answer of the former that
 * is no refusal has a summary.
 */
enum ctl_exit	 talk_ask_names(struct conn *c, uint16_t type,
		    const char *const *names, uint32_t n, struct answer *a);

/* Says on stderr what c->error has; returns code. */
enum ctl_exit	 talk_broken(const struct ctl *, const struct conn *c,
		    enum ctl_exit code);
/* Says why the daemon refused; returns the exit status for it. */
enum ctl_exit	 talk_refused(const struct ctl *, const struct answer *a);

#endif /* CTL_TALK_H */
