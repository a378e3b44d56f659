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
 * Who may be sent away when a listener has no room for another connection.
 * The head comment of room.c has the reasons.
 */

#ifndef HTTPD_ROOM_H
#define HTTPD_ROOM_H

#include <sys/queue.h>

#include <stdint.h>

#include "../common/mono.h"

/* What everybody has, in ms; with TLS there are more round trips. */
#define ROOM_GRACE	50
#define ROOM_GRACE_TLS	100
#define ROOM_CHANCES	2	/* times that it may begin anew */

enum room_claim {
	ROOM_SPENT,		/* was served, and is only still there */
	ROOM_OWING,		/* a handshake, a request or an answer's
				   reading is not complete */
	ROOM_CLAIMS,
	ROOM_NONE = ROOM_CLAIMS	/* may not be sent away */
};

/* Part of what may be sent away, which owns it. */
struct seat {
	TAILQ_ENTRY(seat)	 entry;
	enum room_claim		 claim;
	struct mono		 since;
	unsigned int		 chances;	/* that it has taken */
};

TAILQ_HEAD(seats, seat);

struct room {
	int64_t		 grace;
	struct seats	 seats[ROOM_CLAIMS];	/* oldest first */
};

void		 room_init(struct room *, int64_t grace);
/* Before any other use. */
void		 seat_init(struct seat *);
/* From now on it has this claim; ROOM_NONE takes it out, too. */
void		 seat_claim(struct room *, struct seat *, enum room_claim,
		    struct mono now);
/* Its grace begins anew: it is us who are late. */
void		 seat_keep(struct room *, struct seat *, struct mono now);
/* The same because it came further, unless that was too often: then -1. */
int		 seat_renew(struct room *, struct seat *, struct mono now);
/*
 * The one to be sent away first; NULL: nobody yet, and *wait is after how
 * many ms to ask again.
 */
struct seat	*room_first(const struct room *, struct mono now,
		    int64_t *wait);

#endif /* HTTPD_ROOM_H */
