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
 * A connection to the daemon's control socket: plain blocking questions and
 * answers with one deadline for all of it.  A client that does one thing
 * and ends needs no event loop.
 */

#ifndef CTL_CONN_H
#define CTL_CONN_H

#include <stdint.h>

#include "../common/imsg.h"
#include "ctl.h"

struct conn {
	struct imsgbuf	*ib;		/* NULL: not connected */
	const char	*path;		/* of the socket, borrowed */
	struct mono	 deadline;
	uint32_t	 tag;		/* of the last question */
	char		 error[512];	/* what went wrong, for people */
};

/*
 * Connects and exchanges HELLO.  CTL_OK, or the exit status that fits, with
 * the reason in c->error.  conn_close() is right in either case.
 */
enum ctl_exit	 conn_open(struct conn *c, const char *path,
		    struct mono deadline);
void		 conn_close(struct conn *c);

/*
 * Asks: w = conn_ask(c, type); put_...(w, ...); conn_send(c).  The question
 * has the tag c->tag.
 */
struct wbuf	*conn_ask(struct conn *c, uint16_t type);
enum ctl_exit	 conn_send(struct conn *c);
/* The same with a descriptor, which it takes. */
enum ctl_exit	 conn_send_fd(struct conn *c, int fd);

/*
 * Waits for the next message.  Its payload stays good until the next call.
 * CTL_TIMEOUT when the deadline passes, CTL_UNREACHABLE when the daemon
 * closes the connection or breaks the protocol.
 */
enum ctl_exit	 conn_next(struct conn *c, struct imsg *m);

#endif /* CTL_CONN_H */
