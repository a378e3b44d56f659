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
 * Who waits for the monitor: the questions that are open, in the order they
 * came, with the deadline of each.  What is sent, and what an answer means,
 * is peer.c's.
 */

#ifndef HTTPD_ASKS_H
#define HTTPD_ASKS_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stdint.h>

#include "../common/mono.h"
#include "peer.h"

struct ask {
	TAILQ_ENTRY(ask)	 entry;
	enum peer_question	 what;
	struct mono		 deadline;
	uint32_t		 tag;	/* a change that was sent, else 0 */
	struct change		*change; /* borrowed; NULL: none, or gone */
	void			(*fn)(enum peer_result, const char *, void *);
					/* NULL: nobody waits any more */
	void			*arg;
};

void	 asks_init(struct event_base *);

/* New, at the end of the queue.  Dies when there is no memory. */
struct ask	*ask_new(enum peer_question, struct change *,
		    void (*fn)(enum peer_result, const char *, void *),
		    void *arg);
/* Nobody waits for it any more; freed, unless its answer is still to come. */
void	 ask_cancel(struct ask *);
/*
 * Tells who asked, and forgets it; with keep it stays until its answer has
 * come.
 */
void	 ask_complete(struct ask *, enum peer_result, const char *detail,
	    bool keep);

bool	 ask_is_change(const struct ask *);
bool	 ask_is_task_change(const struct ask *);
/* A change of tasks about which the monitor has said something. */
bool	 ask_has_results(const struct ask *);

struct ask	*asks_first(void);
struct ask	*asks_next(struct ask *);
/* The change that was sent with that tag, or NULL. */
struct ask	*asks_find(uint32_t tag);
bool	 asks_any(enum peer_question);
/* Completes all of a kind, those too that come up meanwhile. */
void	 asks_complete(enum peer_question, enum peer_result,
	    const char *detail);
/* No change that was sent will be answered. */
void	 asks_lost(void);

#endif /* HTTPD_ASKS_H */
