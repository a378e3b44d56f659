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
 * Server-sent events: who is connected to /status/events hears that the
 * state has changed, four times a second at most.
 */

#ifndef HTTPD_EVENTS_H
#define HTTPD_EVENTS_H

struct event_base;
struct exchange;
struct stream;

void	 events_init(struct event_base *);
/*
 * Begins a stream: the exchange is ours until reply_closed().  Answers 503,
 * and ends the exchange, when there are too many.
 */
void	 events_open(struct exchange *);
/* The connection of a stream has been closed. */
void	 events_gone(struct stream *);
/* The monitor says that something has changed, or it came, or it went. */
void	 events_changed(void);

#endif /* HTTPD_EVENTS_H */
