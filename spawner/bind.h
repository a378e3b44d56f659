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
 * Listening sockets, made by root and passed on: the control socket and the
 * HTTP listeners.
 */

#ifndef SPAWNER_BIND_H
#define SPAWNER_BIND_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

/* A Unix-domain socket that is ours, to be removed at the end. */
struct bound {
	dev_t	 dev;
	ino_t	 ino;
	gid_t	 gid;		/* its group at first */
};

/*
 * A listening Unix-domain socket, mode 0660, group gid ((gid_t)-1: as it
 * comes).  A stale socket is replaced; a live one (EADDRINUSE) and a file that
 * is no socket (ENOTSOCK) are left alone.  The descriptor is close-on-exec and
 * non-blocking; or -1 with errno.
 */
int	 bind_unix(const char *path, gid_t gid, struct bound *);

/*
 * Gives the socket to another group, (gid_t)-1: back to its first, if path
 * still is what was bound.  0, or -1 with errno.
 */
int	 bind_regroup(const char *path, const struct bound *, gid_t);

/* Removes path if it still is the socket that was bound. */
void	 bind_remove(const char *path, const struct bound *);

/* A listening TCP socket on a numeric address; -1 with errno. */
int	 bind_tcp(const char *host, uint16_t port);

#endif /* SPAWNER_BIND_H */
