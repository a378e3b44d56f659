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
 * What the hostile stand-ins share: which attack to make, telling the test
 * how far it came, and sending what no put_ function would.  They are put in
 * the place of a helper of a copied prefix, whose real one is kept beside
 * them as NAME.real.
 */

#ifndef TESTS_EVIL_EVIL_H
#define TESTS_EVIL_EVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imsgbuf;
struct imsg;

/*
 * Reads the file "attack" in the directory of our own executable: the name
 * of the attack and the file to record in.  Ends the process by itself after
 * two minutes, whatever happens.
 */
void	 evil_init(void);
/* The attack asked for is name. */
bool	 evil_is(const char *name);
/* "MS event", appended to the record. */
void	 evil_record(const char *event);
void	 evil_recordf(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));
/* Waits until the test has made the file "go" beside the record. */
void	 evil_wait(void);
/* Executes NAME.real in our place; never returns. */
void	 evil_real(char **argv) __attribute__((__noreturn__));

/* The channel to the spawner, blocking: nobody else waits for us. */
extern struct imsgbuf	*evil_chan;
void	 evil_connect(void);
/* The next message whole, or false when the peer is gone. */
bool	 evil_get(struct imsgbuf *, struct imsg *);
/* Sends what was put; a peer that is gone is the end of the attack. */
void	 evil_flush(struct imsgbuf *);

/* A header that says anything, and then len bytes of payload, not sent. */
struct evil_msg {
	uint32_t	 length;	/* as in the header */
	uint16_t	 type;
	uint16_t	 flags;
	const void	*data;
	size_t		 len;		/* really sent */
};

void	 evil_raw(struct imsgbuf *, const struct evil_msg *);
/* n descriptors with one byte. */
void	 evil_fds(struct imsgbuf *, int n);
/*
 * Records that the attack is made, sends what is still to be sent, and reads
 * until the peer is gone.  In that order: we may be killed for what we send.
 */
void	 evil_done(struct imsgbuf *) __attribute__((__noreturn__));

#endif /* TESTS_EVIL_EVIL_H */
