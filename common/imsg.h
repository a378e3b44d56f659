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
 * Framing in the manner of imsg_init(3), our own on every system: a header
 * of 12 bytes (u32 length of the whole message, u16 type, u16 flags, u32
 * tag, big-endian), the payload, and at most one descriptor a message over
 * a stream socket.  It knows no message; chan.h does.
 */

#ifndef COMMON_IMSG_H
#define COMMON_IMSG_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

#define IMSG_HDRLEN	12
#define IMSG_MAX	(1024 * 1024)	/* the longest message of all */
#define IMSG_FDQUEUE	64		/* received, not yet taken */

#define IMSGF_FD	0x0001		/* a descriptor belongs to it */

struct imsg {
	uint16_t	 type;
	uint16_t	 flags;
	uint32_t	 tag;
	const uint8_t	*data;		/* payload, borrowed */
	size_t		 len;		/* of the payload */
	int		 fd;		/* -1: none; the taker owns it */
};

struct imsgbuf;

/* Takes fd (non-blocking, close-on-exec).  NULL with errno. */
struct imsgbuf	*imsgbuf_new(int fd);
/* Closes fd and every descriptor still queued. */
void		 imsgbuf_free(struct imsgbuf *);
int		 imsgbuf_fd(const struct imsgbuf *);

/*
 * Reads once.  > 0: bytes read; 0: the peer closed; -1 with errno: EAGAIN,
 * or an error (EMSGSIZE: descriptors were cut off, or too many).
 */
ssize_t		 imsgbuf_read(struct imsgbuf *);

/*
 * The header of the next message as soon as it is complete, so that type
 * and length can be judged before the payload is stored.  1, 0 (not yet),
 * -1 (malformed: the stream is of no use from here).
 */
int		 imsgbuf_peek(struct imsgbuf *, struct imsg *);
/* The next message whole; 1, 0, -1 as above.  Its data stays good until
 * the next imsgbuf_read(). */
int		 imsgbuf_get(struct imsgbuf *, struct imsg *);

/*
 * Writing: imsgbuf_begin() returns the buffer that the payload is put into;
 * imsgbuf_end() finishes the message.  fd (-1: none) is taken: closed after
 * it was sent, or when sending fails.  imsgbuf_end() is 0, or -1 with errno
 * (ENOMEM, EMSGSIZE), and then nothing of the message is queued.
 */
struct wbuf	*imsgbuf_begin(struct imsgbuf *, uint16_t type, uint32_t tag);
int		 imsgbuf_end(struct imsgbuf *, int fd);

/* Bytes queued and not yet sent; and descriptors. */
size_t		 imsgbuf_queued(const struct imsgbuf *);
size_t		 imsgbuf_queued_fds(const struct imsgbuf *);
/* Sends what the socket takes.  1: all sent, 0: more to do, -1: errno. */
int		 imsgbuf_flush(struct imsgbuf *);

#endif /* COMMON_IMSG_H */
