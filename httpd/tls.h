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

/* TLS for a listener: the only header that stands between us and OpenSSL. */

#ifndef HTTPD_TLS_H
#define HTTPD_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bufferevent;
struct event_base;
struct tls;

/* Once, before the sandbox: what OpenSSL must do while it may. */
void	 tls_init(void);

/*
 * A server's TLS, of no use before a certificate has been read; with
 * client_ca, not before its authorities have, either: clients must then show
 * a certificate of one of them.  Dies when there is no memory.
 */
struct tls	*tls_new(bool client_ca);
/* Connections made from it live on. */
void		 tls_free(struct tls *);
/*
 * Reads a PEM file with key, certificate and chain, in any order, or with
 * the authorities.  fd is borrowed and read from its start.  0, or -1 and in
 * error what is wrong with it: then all stays as it was.
 */
int		 tls_read(struct tls *, bool client_ca, int fd, char *error,
		    size_t size);

/* The server's end of a new connection, without a descriptor yet. */
struct bufferevent	*tls_accept(struct tls *, struct event_base *);
/* How much was sent to the client so far. */
uint64_t		 tls_sent(struct bufferevent *);
/* Says goodbye (close_notify), if the connection got that far. */
void			 tls_goodbye(struct bufferevent *);
/* The common name in the client's certificate; false: it showed none. */
bool			 tls_peer_name(struct bufferevent *, char *, size_t);

#define TLS_SHA256	32

/* false: no memory. */
bool	 tls_sha256(const void *, size_t, unsigned char digest[TLS_SHA256]);
/* Compares without telling by the time it takes where they differ. */
bool	 tls_same(const void *, const void *, size_t);

#endif /* HTTPD_TLS_H */
