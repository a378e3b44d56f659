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
 * The queue of open questions.  Nobody waits longer than PEER_WAIT, whatever
 * the monitor does.
 */

#include <stdlib.h>

#include <event2/event.h>

#include "../common/log.h"
#include "../common/util.h"
#include "asks.h"
#include "change.h"

static struct {
	TAILQ_HEAD(, ask)	 all;
	struct event		*timer;		/* the first deadline */
} asks;

static void	on_deadline(evutil_socket_t, short, void *);

void
asks_init(struct event_base *base)
{
	TAILQ_INIT(&asks.all);
	if ((asks.timer = event_new(base, -1, 0, on_deadline, NULL)) == NULL)
		fatal("timer of questions");
}

bool
ask_is_change(const struct ask *a)
{
	return (a->what >= ASK_RELOAD);
}

bool
ask_is_task_change(const struct ask *a)
{
	return (a->what >= ASK_CONTROL);
}

bool
ask_has_results(const struct ask *a)
{
	return (a->change != NULL && change_status(a->change) != 0);
}

static void
forget(struct ask *a)
{
	TAILQ_REMOVE(&asks.all, a, entry);
	free(a);
}

void
ask_complete(struct ask *a, enum peer_result result, const char *detail,
    bool keep)
{
	void (*fn)(enum peer_result, const char *, void *) = a->fn;
	void *arg = a->arg;

	a->fn = NULL;
	a->change = NULL;
	if (!keep)
		forget(a);
	if (fn != NULL)
		fn(result, detail, arg);
}

void
ask_cancel(struct ask *a)
{
	a->fn = NULL;
	a->change = NULL;
	if (a->tag == 0)
		forget(a);
}

/* Of those that somebody waits for, the one whose deadline is first. */
static struct ask *
first_awaited(void)
{
	struct ask *a, *first = NULL;

	TAILQ_FOREACH(a, &asks.all, entry)
		if (a->fn != NULL && (first == NULL ||
		    mono_cmp(a->deadline, first->deadline) < 0))
			first = a;
	return (first);
}

static void
arm_timer(void)
{
	struct timeval tv;
	struct ask *a;

	if ((a = first_awaited()) == NULL) {
		event_del(asks.timer);
		return;
	}
	tv = mono_left(a->deadline);
	if (event_add(asks.timer, &tv) == -1)
		fatal("timer of questions");
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct mono now = mono_now();
	struct ask *a;

	(void)fd;
	(void)what;
	(void)arg;
	while ((a = first_awaited()) != NULL &&
	    mono_cmp(a->deadline, now) <= 0) {
		/* A load may take its time; it has been initiated. */
		if (a->what == ASK_RELOAD && a->tag != 0)
			ask_complete(a, PEER_OK, "", true);
		else
			ask_complete(a, PEER_AWAY, "", a->tag != 0);
	}
	arm_timer();
}

struct ask *
ask_new(enum peer_question what, struct change *change,
    void (*fn)(enum peer_result, const char *, void *), void *arg)
{
	struct ask *a;

	a = xcalloc(1, sizeof(*a));
	a->what = what;
	a->change = change;
	a->deadline = mono_add(mono_now(), what == ASK_HEALTH ?
	    HEALTH_WAIT : PEER_WAIT);
	a->fn = fn;
	a->arg = arg;
	TAILQ_INSERT_TAIL(&asks.all, a, entry);
	arm_timer();
	return (a);
}

struct ask *
asks_first(void)
{
	return (TAILQ_FIRST(&asks.all));
}

struct ask *
asks_next(struct ask *a)
{
	return (TAILQ_NEXT(a, entry));
}

struct ask *
asks_find(uint32_t tag)
{
	struct ask *a;

	TAILQ_FOREACH(a, &asks.all, entry)
		if (a->tag != 0 && a->tag == tag)
			return (a);
	return (NULL);
}

bool
asks_any(enum peer_question what)
{
	struct ask *a;

	TAILQ_FOREACH(a, &asks.all, entry)
		if (a->what == what)
			return (true);
	return (false);
}

/* An fn may ask and cancel, so the list is begun anew each time. */
void
asks_complete(enum peer_question what, enum peer_result result,
    const char *detail)
{
	struct ask *a;

	for (;;) {
		TAILQ_FOREACH(a, &asks.all, entry)
			if (a->what == what)
				break;
		if (a == NULL)
			return;
		ask_complete(a, result, detail, false);
	}
}

void
asks_lost(void)
{
	struct ask *a;

	for (;;) {
		TAILQ_FOREACH(a, &asks.all, entry)
			if (a->tag != 0)
				break;
		if (a == NULL)
			return;
		ask_complete(a, PEER_AWAY, "", false);
	}
}
