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
 * A connection's deadlines.  evhttp's own timeout begins again with every
 * byte; here each stage has one end: the handshake and the wait for a
 * request, the request from its first byte, and the answer.
 */

#ifndef HTTPD_CONN_H
#define HTTPD_CONN_H

#include <sys/tree.h>

#include <stddef.h>
#include <stdint.h>

struct bufferevent;
struct conn;
struct evhttp_connection;
struct event_base;
struct exchange;
struct service;

RB_HEAD(conn_tree, conn);

void		 conn_init(struct event_base *);
/*
 * A connection that evhttp is about to make from bev, which stays evhttp's.
 * The conn lives until evhttp closes the connection.
 */
void		 conn_new(struct service *, struct bufferevent *);
/* NULL: it is gone. */
struct conn	*conn_find(struct service *, struct evhttp_connection *);

/*
 * A request is complete and in work: no deadline (peer.h has one).  x is
 * told by reply_closed() if the connection goes away.
 */
void		 conn_working(struct conn *, struct exchange *x);
/* An answer of len bytes is on its way; x is done. */
void		 conn_answering(struct conn *, size_t len);
/* An answer without end is on its way; reply_closed(x) ends it. */
void		 conn_streaming(struct conn *, struct exchange *x);
/* Closes it now. */
void		 conn_drop(struct conn *);
/*
 * Closes the one that is to leave first when there is no room: see room.h.
 * 0, or -1: nobody yet, and *wait is after how many ms to ask again.
 */
int		 conn_evict(struct service *, int64_t *wait);
/* Texts are held by who does not read them: see to it that it has an end. */
void		 conn_check_memory(void);
/* The service is going away: what would not end by itself is closed. */
void		 conn_retire(struct service *);
/* The answer has been sent: the next request may come. */
void		 conn_idle(struct conn *);

#endif /* HTTPD_CONN_H */
