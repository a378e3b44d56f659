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
 * The listening sockets that the spawner gave us, each with an evhttp of
 * its own, its TLS and its connections.
 */

#ifndef HTTPD_LISTEN_H
#define HTTPD_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conn.h"

#define LISTEN_CONNS	512	/* connections of one listener */

struct access;
struct event_base;
struct http_listen;
struct room;
struct service;

/* control: whether this process serves /manage/ at all. */
void	 listen_init(struct event_base *, bool control);

/*
 * A new listener.  Takes fd.  0, or -1 when the message makes no sense (an
 * index that is taken, an address that is none).
 */
int	 listen_add(const struct http_listen *, int fd);
/*
 * It is not served any more; who is connected gets the answer under way.
 * 0, or -1: no such listener.
 */
int	 listen_remove(uint32_t index);
/*
 * A file of a listener (enum http_file), new or renewed; a bad one is logged,
 * described in error ("": it is good) and the one before, if any, stays.
 * Takes fd.  0, or -1: the listener wants no such file.
 */
int	 listen_file(uint32_t index, uint8_t which, int fd, char *error,
	    size_t size);
/* Starts serving on all of them. */
void	 listen_serve(void);

/* What a connection must know of its listener. */
struct event_base	*listen_base(void);
bool			 listen_control(void);
struct conn_tree	*listen_conns(struct service *);
struct room		*listen_room(struct service *);
uint32_t		 listen_timeout(const struct service *);
uint32_t		 listen_hsts(const struct service *);
bool			 listen_removed(const struct service *);
/* Somebody waits for room, or did a moment ago. */
bool			 listen_crowded(const struct service *);
struct access		*listen_access(struct service *);
/* As configured, for people. */
const char		*listen_addr(const struct service *);
bool			 listen_unix(const struct service *);
bool			 listen_has_tls(const struct service *);
/* The address as configured, without the port; "" for Unix. */
const char		*listen_host(const struct service *);
/* One connection less: there is room again. */
void			 listen_conn_gone(struct service *);

#endif /* HTTPD_LISTEN_H */
