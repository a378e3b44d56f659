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
 * A request in work, from the moment it is complete until its answer is on
 * its way: what the files that answer share.
 */

#ifndef HTTPD_EXCHANGE_H
#define HTTPD_EXCHANGE_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>

#include "access.h"
#include "peer.h"
#include "route.h"

struct ask;
struct change;
struct conn;
struct evhttp_request;
struct service;
struct stream;
struct text;

struct exchange {
	struct evhttp_request	*req;
	struct service		*service;
	struct conn		*conn;
	struct ask		*ask;		/* NULL: nothing asked */
	struct change		*change;	/* NULL: of no task */
	struct stream		*stream;	/* NULL: one answer ends it */
	TAILQ_ENTRY(exchange)	 metrics;	/* that wait for the facts */
	bool			 waits;		/* is one of them */
	char			 who[ACCESS_WHO];	/* "": not asked */
	struct route		 route;
};

void	 exchange_free(struct exchange *);
/* The body of a POST; NULL: none, or one that means nothing. */
const char	*exchange_body(struct exchange *, size_t *len);
/* reply.c: where it comes from, and who asks, for the log. */
void	 exchange_from(struct exchange *, char *buf, size_t);

/*
 * send.c: each answers, and ends the exchange, which is freed.  A header of
 * the answer is added before that.
 */
void	 send_header(struct exchange *, const char *key, const char *value);
/* The headers that every answer has; send_text() adds them itself. */
void	 send_common(struct exchange *);
/*
 * Takes the reference of t.  A text with an ETag is not sent again to who
 * has it.
 */
void	 send_text(struct exchange *, int status, const char *type,
	    struct text *t);
/* One line of text/plain. */
void	 send_line(struct exchange *, int status, const char *line);
/* As send_text(), of HTML of ours. */
void	 send_page(struct exchange *, int status, struct text *t);
/* NULL: there was no memory for it. */
void	 send_made(struct exchange *, const char *type, struct text *t);
void	 send_failure(struct exchange *, enum peer_result,
	    const char *detail);

#endif /* HTTPD_EXCHANGE_H */
