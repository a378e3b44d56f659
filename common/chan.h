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
 * A channel: an imsgbuf in the event loop with a rule table.  The table is
 * the whole of what this end accepts: a message that is not in it, comes in
 * the wrong phase, is too short or too long, lacks its descriptor or brings
 * one uninvited, or does not end where it should, ends the channel.
 *
 * Authority belongs to the channel: what a peer may ask is in the table and
 * the phase of its channel, never in a message.
 */

#ifndef COMMON_CHAN_H
#define COMMON_CHAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

struct chan;
struct event_base;

struct msg {
	uint16_t	 type;
	uint32_t	 tag;
	struct cursor	 body;	/* the handler reads all of it */
	int		 fd;	/* -1: none; a handler that keeps it sets -1 */
};

/* Phases are bits; a rule names those in which its message is legal. */
#define CHAN_HELLO	0x01	/* nothing but HELLO so far */
#define CHAN_SETUP	0x02	/* greeted, not ready */
#define CHAN_RUN	0x04	/* READY seen, or nothing to get ready */
#define CHAN_DRAIN	0x08	/* to be ended; answers still come in */
#define CHAN_ANY	(CHAN_SETUP | CHAN_RUN | CHAN_DRAIN)

enum chan_fd {
	CHAN_NOFD,		/* a descriptor is a violation */
	CHAN_FD			/* a missing one is */
};

struct chan_rule {
	uint16_t	 type;
	uint8_t		 phases;
	enum chan_fd	 fd;
	uint32_t	 min;	/* least length of the payload */
	uint32_t	 max;	/* greatest */
	/*
	 * 0, or -1 when the message breaks the protocol (the channel ends).
	 * The cursor must be at its end when 0 is returned.  A handler may
	 * not free its own channel: it returns -1 or calls chan_close().
	 */
	int		(*fn)(struct chan *, struct msg *, void *arg);
};

struct chan_conf {
	const char		*name;	/* of the peer, for messages; copied */
	const struct chan_rule	*rules;	/* borrowed, must stay */
	size_t			 nrules;
	size_t			 maxout; /* queued bytes, more ends it */
	void			*arg;	/* for handlers and gone */
	/*
	 * The channel has ended: why is a text for the log, NULL when the
	 * peer just closed.  Called once, from the event loop, never from
	 * inside a chan_ call; chan_free() is then the owner's to call.
	 */
	void			(*gone)(struct chan *, const char *why,
				    void *arg);
};

/* Takes fd and makes it non-blocking and close-on-exec.  The phase is
 * CHAN_HELLO.  NULL with errno, and fd is closed. */
struct chan	*chan_new(struct event_base *, int fd,
		    const struct chan_conf *);
/* Not from inside a handler of the same channel. */
void		 chan_free(struct chan *);

void		 chan_phase(struct chan *, uint8_t phase);
uint8_t		 chan_get_phase(const struct chan *);
const char	*chan_name(const struct chan *);
int		 chan_fileno(const struct chan *);
void		*chan_arg(const struct chan *);

/* Ends the channel from the event loop with gone(why); reads stop now. */
void		 chan_close(struct chan *, const char *why);

/*
 * Sends one message: w = chan_begin(c, type, tag); put_...(w, ...);
 * chan_end(c).  Sending never fails for the caller: what goes wrong (no
 * memory, the peer does not read, it is gone) ends the channel by gone().
 * chan_end_fd() takes fd in any case.  Messages of one turn of the event
 * loop leave together in one system call.
 */
struct wbuf	*chan_begin(struct chan *, uint16_t type, uint32_t tag);
void		 chan_end(struct chan *);
void		 chan_end_fd(struct chan *, int fd);
/* A message without a payload. */
void		 chan_send(struct chan *, uint16_t type, uint32_t tag);

/*
 * Around messages that may be many and are sent as a whole (a sync): they do
 * not count against maxout.  A peer that has not read the bulk before is
 * ended as one that does not read.
 */
void	 chan_bulk_begin(struct chan *);
void	 chan_bulk_end(struct chan *);

/* Bytes not yet sent: to pause what would write more; and descriptors. */
size_t		 chan_queued(const struct chan *);
size_t		 chan_queued_fds(const struct chan *);
/* Calls fn once each time the queue has become empty. */
void		 chan_on_drained(struct chan *,
		    void (*fn)(struct chan *, void *arg));
/* Stops and resumes reading (a client that asks faster than it reads). */
void		 chan_pause(struct chan *, bool);
/*
 * The peer has ended, as one knows from elsewhere (SIGCHLD): what it had said
 * is handled now, for to free the channel would lose it.  Not from inside a
 * handler.
 */
void		 chan_drain(struct chan *);

#endif /* COMMON_CHAN_H */
