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
 * A listener while it is being compiled: shared by the files that compile
 * its parts.
 */

#ifndef MONITOR_CONF_HTTP_H
#define MONITOR_CONF_HTTP_H

#include "conf.h"
#include "keys.h"

/* What the command line has said of a listener. */
#define LISTEN_BY_W	0x01
#define LISTEN_BY_C	0x02

struct listener {
	const char	*listen;	/* as configured */
	const char	*certfile;	/* "": no TLS */
	bool		 control;
	uint32_t	 timeout_ms;
	const char	*client_ca;	/* "": none */
	const char	*auth;		/* "": none */
	uint32_t	 hsts_s;
	struct span	*allow;
	struct node	**allow_at;
	uint32_t	 nallow;
	unsigned int	 by_flags;	/* LISTEN_BY_x */
	struct node	*where;		/* NULL: from the command line */
	struct node	*v[KEY_HTTP_MAX];
};

/* conf_access.c: who may come in, as the file says it. */
void	 access_read(struct conf *, struct listener *);
/*
 * The same, once it is known where the listener is (p->addr and p->host)
 * and what the flags make of it: what cannot work together is an error,
 * what leaves the door open a warning.
 */
void	 access_judge(struct conf *, const struct listener *,
	    struct plan_listen *);

/* explain.c: the listener in a canonical form. */
void	 explain_listen(struct conf *, const struct listener *,
	    const struct plan_listen *);

#endif /* MONITOR_CONF_HTTP_H */
