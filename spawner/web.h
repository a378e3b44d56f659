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
 * The HTTP listeners and the helpers that serve them: one httpd for those
 * that show, one for those that may change things, none where there is no
 * listener.  The sockets and certificates are ours and outlive an httpd.
 */

#ifndef SPAWNER_WEB_H
#define SPAWNER_WEB_H

#include <sys/types.h>

#include <stdbool.h>

struct daemon;
struct plan_store;
struct web;

/* NULL with errno. */
struct web	*web_new(struct daemon *);
/* Closes the listeners and removes our Unix sockets. */
void	 web_free(struct web *);

/*
 * Brings the listeners to what the plan says: what stays the same is not
 * touched, what cannot be opened is logged and tried again every 5 s.
 */
void	 web_apply(struct web *, const struct plan_store *);
/*
 * Certificates and the other files of listeners may have changed: those
 * that look different are read again, without a connection being dropped.
 */
void	 web_cert_changed(struct web *);

/* The monitor came: a client channel for each httpd. */
void	 web_peer_found(struct web *);
/* Tells the monitor the state of each listener, for status. */
void	 web_tell(struct web *);

/* That pid was waited for; true when it was an httpd. */
bool	 web_reaped(struct web *, pid_t, int status);

#endif /* SPAWNER_WEB_H */
