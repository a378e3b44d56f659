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
 * Room for honest clients.  A listener has at most LISTEN_CONNS connections,
 * and who opens them may be anybody: one who says nothing, drips, stops half
 * way through a handshake, or does not read.  The deadlines of conn.c end
 * that after seconds; an honest client shall be served within one, although
 * it stands in the backlog behind 2,000 such others.  So, when all the room
 * is taken and somebody waits, one is sent away at once:
 *
 * - First who was served already and says nothing more, the longest silent
 *   one first: to lose an idle connection costs a client nothing but
 *   another one.  Then who owes us something (a handshake, the rest of a
 *   request, the reading of an answer), the oldest first.  A byte dripped
 *   does not make it younger.  A request in work, and a stream of events,
 *   stays.
 *
 * - Nobody is sent away within ROOM_GRACE of the moment its claim began.
 *   The request of an honest client is there with the connection, or, with
 *   TLS, a few round trips later; and only under the fiercest attack is its
 *   turn to leave that early, since all that are older go first.
 *
 * - Who has sent bytes of which we have read none for so long stays, and who
 *   could be sent more of its answer: it is us who are late, on a busy
 *   machine.  There is an end to the bytes of a
 *   request and of a handshake, so nobody lives on that.  Who came further
 *   just now, by some bytes, a step of the handshake or reading some of its
 *   answer, gets the time once more, ROOM_CHANCES times, lest dripping and
 *   flooding pay after all.
 *
 * - As long as others wait, a connection ends with its answer: a thousand
 *   requests in one piece are one turn, too.
 *
 * The room turns over LISTEN_CONNS per ROOM_GRACE, 10,240 a second: 2,000 in
 * the backlog are through in 200 ms, with TLS in 400.  It takes longer only
 * where each of them means work: a first message of TLS is answered by a
 * signature.  With a key of P-256 that is 0.3 ms all in all, and 2,000 at
 * once are 0.6 s; with RSA of 2,048 bits it is thrice as much, which is why
 * taskforce.conf(5) recommends the former.  Nothing in such a message tells
 * friend from foe.
 *
 * The backlog itself must take all of them: who finds it full tries again
 * after a second (TCP) or is turned away (Unix).  That is why it is as long
 * as the kernel lets it be.
 *
 * Here are only numbers and lists; conn.c closes, listen.c lets in.
 */

#include <stddef.h>

#include "room.h"

void
room_init(struct room *r, int64_t grace)
{
	int i;

	r->grace = grace;
	for (i = 0; i < ROOM_CLAIMS; i++)
		TAILQ_INIT(&r->seats[i]);
}

void
seat_init(struct seat *s)
{
	s->claim = ROOM_NONE;
}

/* All come in at the end, so the lists are sorted by age. */
static void
sit(struct room *r, struct seat *s, struct mono now)
{
	s->since = now;
	TAILQ_INSERT_TAIL(&r->seats[s->claim], s, entry);
}

void
seat_claim(struct room *r, struct seat *s, enum room_claim claim,
    struct mono now)
{
	if (s->claim != ROOM_NONE)
		TAILQ_REMOVE(&r->seats[s->claim], s, entry);
	s->claim = claim;
	s->chances = 0;
	if (claim != ROOM_NONE)
		sit(r, s, now);
}

void
seat_keep(struct room *r, struct seat *s, struct mono now)
{
	TAILQ_REMOVE(&r->seats[s->claim], s, entry);
	sit(r, s, now);
}

int
seat_renew(struct room *r, struct seat *s, struct mono now)
{
	if (s->chances >= ROOM_CHANCES)
		return (-1);
	s->chances++;
	seat_keep(r, s, now);
	return (0);
}

struct seat *
room_first(const struct room *r, struct mono now, int64_t *wait)
{
	struct seat *s;
	int64_t left;
	int i;

	*wait = r->grace;
	for (i = 0; i < ROOM_CLAIMS; i++) {
		if ((s = TAILQ_FIRST(&r->seats[i])) == NULL)
			continue;
		left = r->grace - mono_sub(now, s->since);
		if (left <= 0)
			return (s);
		if (left < *wait)
			*wait = left;
	}
	return (NULL);
}
