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
 * Requests: questions of clients that change tasks, from the words to the
 * results.  request.c finds out what is meant, apply.c judges it and does
 * it, wait.c waits for what comes of it and answers.
 */

#ifndef MONITOR_REQUEST_H
#define MONITOR_REQUEST_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "client.h"

#define REQUESTS_MAX	16	/* of one client, that wait for results */

/* What one target of the question has come to mean. */
struct request_item {
	RB_ENTRY(request_item) entry;	/* while it waits */
	uint64_t	 id;		/* in the order they began to wait */
	struct request	*req;
	char		*name;		/* the task's; else as it was asked */
	uint32_t	 task;		/* NO_INDEX: there is none */
	uint16_t	 instance;	/* SCHED_ALL: the whole task */
	bool		 named;		/* and not one of many */
	bool		 waits;
	uint8_t		 code;		/* enum result_code */
	char		*value;		/* as written, or NULL */
	uint32_t	 number;	/* the count or control it says */
	uint32_t	 ticket;	/* see sched_run(); 0: none */
	char		*text;		/* NULL: that of the code */
};

static inline int
request_item_cmp(const struct request_item *a, const struct request_item *b)
{
	if (a->task != b->task)
		return (a->task < b->task ? -1 : 1);
	return (a->id < b->id ? -1 : a->id > b->id);
}

RB_PROTOTYPE(waittree, request_item, entry, request_item_cmp)

struct request {
	TAILQ_ENTRY(request) entry;	/* of the client */
	struct client	*client;
	uint32_t	 tag;
	uint16_t	 type;		/* C_START, ... */
	uint32_t	 wait_ms;
	bool		 refused;	/* something was wrong: not applied */
	bool		 done;		/* every result is known */
	char		*word;		/* a signal or command; else "" */
	uint32_t	 nwaiting;
	struct mono	 deadline;
	struct mono	 look;		/* at it again then, or never */
	size_t		 n;
	struct request_item *items;	/* in order of name and slot */
};

/* request.c */
/* "start", "stop", ...: as people type it. */
const char	*request_verb(const struct request *);
void		 request_free(struct request *);

/* apply.c: judges all of it, and applies it if nothing is wrong with it. */
void	 request_apply(struct request *);
/* Sets the result; the text is borrowed, NULL: that of the code. */
void	 request_result(struct request_item *, enum result_code,
	    const char *text);

/* wait.c: takes the request, waits if there is something to, and answers. */
void	 wait_begin(struct request *);

#endif /* MONITOR_REQUEST_H */
