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
 * The monitor, as httpd sees it: questions, their answers, and what is
 * remembered of them until the monitor says that it has changed.
 *
 * A monitor may be killed and replaced at any time: questions that change
 * nothing are asked again, the others fail, and nobody waits longer than
 * PEER_WAIT.
 */

#ifndef HTTPD_PEER_H
#define HTTPD_PEER_H

#include <stdbool.h>
#include <stdint.h>

#define PEER_WAIT	2000	/* ms until a question without answer fails */
#define HEALTH_WAIT	1000

struct ask;
struct change;
struct event_base;
struct snapshot;
struct text;

enum peer_question {
	ASK_TASKS,		/* then peer_tasks() is there */
	ASK_CONFIG,		/* then peer_config() is there */
	ASK_HEALTH,		/* whether it answers, within HEALTH_WAIT */
	ASK_RELOAD,		/* from here on: changes */
	ASK_STOP,
	ASK_RESET,
	ASK_CONTROL,		/* from here on: of tasks, with a change */
	ASK_COUNT,
	ASK_TASK_START,
	ASK_TASK_STOP,
	ASK_TASK_RESTART
};

enum peer_result {
	PEER_OK,		/* a change: it is under way; one of tasks:
				   it has the results */
	PEER_AWAY,		/* no monitor, or it did not answer in time */
	PEER_BUSY,
	PEER_DENIED,
	PEER_FAILED
};

void		 peer_init(struct event_base *);
/* Takes fd: a new monitor, in place of the one before. */
void		 peer_connect(int fd);

/*
 * Asks.  The change is NULL but for changes of tasks; it is borrowed until
 * fn is called or the ask is cancelled.  fn is called once, from the event
 * loop and never from inside peer_ask(), unless peer_cancel() came first;
 * detail is the monitor's text for people ("" if none), borrowed.  The ask
 * is gone with either.
 */
struct ask	*peer_ask(enum peer_question, struct change *,
		    void (*fn)(enum peer_result, const char *detail,
		    void *arg), void *arg);
void		 peer_cancel(struct ask *);

/*
 * The answers as they are known to hold now: a reference for the caller, or
 * NULL when the monitor must be asked.
 */
struct text	*peer_fresh_tasks(unsigned int indent);
struct text	*peer_fresh_config(unsigned int indent);
struct text	*peer_fresh_page(bool control);
/* The same inside fn, with PEER_OK; NULL when there is no memory. */
struct text	*peer_tasks(unsigned int indent);
struct text	*peer_config(unsigned int indent);
struct text	*peer_page(bool control);
/* NULL: not known; borrowed, until the event loop goes on. */
const struct snapshot	*peer_snapshot(void);
bool		 peer_is_fresh(void);
/* The number of the last change that was heard of. */
uint64_t	 peer_change(void);

#endif /* HTTPD_PEER_H */
