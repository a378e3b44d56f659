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
 * The events of tasks that files bring about: which paths each has, what of
 * them was last acted on, and when it has happened.
 *
 * An event has happened when one of its paths exists and is not what was
 * last acted on, and all of them are at rest.  A file that has gone is no
 * reason; what comes in its place is.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/util.h"
#include "pymod.h"
#include "watcher.h"

/* The mark of a file that is another one, one of two. */
#define MARK_OTHER	(WATCH_UNSEEN + 1)

void
wevent_put(struct watcher *wr, struct wevent *ev, enum wevent_queue queue)
{
	if (ev->queue == queue)
		return;
	if (ev->queue == WEVENT_READY)
		TAILQ_REMOVE(&wr->ready, ev, entry);
	else if (ev->queue == WEVENT_LOCKED)
		TAILQ_REMOVE(&wr->locked, ev, entry);
	ev->queue = queue;
	if (queue == WEVENT_READY)
		TAILQ_INSERT_TAIL(&wr->ready, ev, entry);
	else if (queue == WEVENT_LOCKED)
		TAILQ_INSERT_TAIL(&wr->locked, ev, entry);
}

/* The grain of the times of files is that of the kernel's timer. */
#define CLOCK_TICK_MS	10

static void
on_news(struct watch_sub *sub, enum watch_news news)
{
	/* The interest is the first member. */
	struct wsub	*s = (struct wsub *)sub;
	struct wevent	*ev = s->ev;

	if (news == WATCH_STIRRED) {
		ev->npending++;
		if (s->unsure)
			s->acted = watch_mark(sub) != MARK_OTHER ?
			    MARK_OTHER : MARK_OTHER + 1;
		s->unsure = false;
		return;
	}
	ev->npending--;
	if (news == WATCH_RESTLESS)
		ev->restless = true;
	if (ev->npending == 0 || ev->restless)
		wevent_put(ev->task->watcher, ev, WEVENT_READY);
}

bool
wsub_is_new(const struct wsub *s)
{
	uint32_t	 mark = watch_mark(&s->sub);

	return (mark != WATCH_ABSENT && mark != WATCH_UNSEEN &&
	    mark != s->acted);
}

static bool
has_happened(const struct wevent *ev)
{
	uint32_t	 i;

	for (i = 0; i < ev->nsubs; i++)
		if (wsub_is_new(&ev->subs[i]))
			return (true);
	return (false);
}

/* A file that is gone: whatever comes in its place is new. */
static void
note_absence(struct wevent *ev)
{
	uint32_t	 i;

	for (i = 0; i < ev->nsubs; i++)
		if (watch_mark(&ev->subs[i].sub) == WATCH_ABSENT)
			ev->subs[i].acted = WATCH_ABSENT;
}

/*
 * A file that was not at rest may be written once more within the same tick
 * of its file system's clock, and look the same then: the next sign counts,
 * whatever it looks like.
 */
static void
note_acted(struct wevent *ev, bool restless)
{
	uint32_t	 i, mark;

	for (i = 0; i < ev->nsubs; i++) {
		mark = watch_mark(&ev->subs[i].sub);
		if (mark != WATCH_UNSEEN)
			ev->subs[i].acted = mark;
		ev->subs[i].unsure = restless;
	}
}

/*
 * Processes that all began after the last sign of what is new have it
 * already: to stop or to signal them would be to act twice.
 */
static bool
is_in_effect(struct watcher *wr, const struct wevent *ev, uint8_t action)
{
	struct sched			*sched = wr->mon->now.sched;
	struct sched_proc_view		 p;
	struct sched_view		 v;
	struct mono			 last = MONO_NEVER, sign;
	uint32_t			 i, n = 0;

	if (action != ACTION_STOP && action != ACTION_SIGNAL)
		return (false);
	for (i = 0; i < ev->nsubs; i++) {
		if (!wsub_is_new(&ev->subs[i]))
			continue;
		sign = watch_last_sign(&ev->subs[i].sub);
		/* Changed while there was nobody to see it. */
		if (!mono_isset(sign))
			return (false);
		if (mono_cmp(sign, last) > 0)
			last = sign;
	}
	sched_view(sched, ev->task->task, &v);
	for (i = 0; i < v.nprocs; i++) {
		sched_proc_view(sched, ev->task->task, i, &p);
		if (p.pid == 0)
			continue;
		if (mono_cmp(p.started, last) <= 0)
			return (false);
		n++;
	}
	return (n > 0);
}

void
wevent_add_path(struct watcher *wr, struct wevent *ev, const char *path,
    bool content, uint32_t index)
{
	struct wsub	*s = &ev->subs[ev->nsubs];

	/* The loader makes them so; who knows which it would be? */
	if (path[0] != '/')
		return;
	s->ev = ev;
	s->sub.news = on_news;
	s->sub.content = content;
	s->sub.index = index;
	watch_add(wr->watch, &s->sub, path);
	s->acted = watch_mark(&s->sub);
	ev->npending += watch_stirs(&s->sub);
	ev->nsubs++;
}

static int
by_path(const void *key, const void *s)
{
	return (strcmp(key, watch_name(&((const struct wsub *)s)->sub)));
}

/* What was known of a path before: the script is the first, the others are
 * sorted. */
static const struct wsub *
find_sub(const struct wsub *subs, uint32_t n, const char *name)
{
	if (by_path(name, &subs[0]) == 0)
		return (&subs[0]);
	return (bsearch(name, subs + 1, n - 1, sizeof(*subs), by_path));
}

/* What of it was last acted on is something else. */
static void
set_acted(struct watcher *wr, struct wsub *s, uint32_t mark)
{
	s->acted = mark;
	if (wsub_is_new(s) && !watch_stirs(&s->sub))
		watch_touch(wr->watch, &s->sub, mono_now());
}

static void
forget_kept(struct wevent *ev)
{
	free(ev->kept);
	ev->kept = NULL;
}

/* A note has waited for the list: what of it changed meanwhile? */
static void
take_kept(struct watcher *wr, struct wevent *ev)
{
	struct wsub	*s;
	uint32_t	 i;
	bool		 one = ev->nkept == NKEPT_AS_ONE;

	if (!one || wnote_as_one(ev) != ev->kept[0])
		for (i = one ? 0 : 1; i < ev->nsubs; i++) {
			s = &ev->subs[i];
			/* Or something of it did, nobody knows what. */
			set_acted(wr, s, ev->nkept == ev->nsubs ?
			    ev->kept[i] : ~watch_mark(&s->sub));
		}
	forget_kept(ev);
}

/*
 * One that is followed from now on.  If it was changed since the interpreter
 * was asked, the process may have what was there before: times of files come
 * from a clock that is a tick behind.
 */
static void
see_new(struct watcher *wr, struct wevent *ev, struct wsub *s)
{
	const struct watch_id	*id = watch_identity(&s->sub);

	if (ev->kept == NULL && id->error == 0 &&
	    id->ctime_ns / 1000000 >= ev->asked - CLOCK_TICK_MS)
		set_acted(wr, s, ~watch_mark(&s->sub));
}

/* The script is the first; the modules are others now. */
static void
on_modules(void *arg, char **paths, uint32_t n, const char *failure)
{
	struct wevent		*ev = arg;
	struct watcher		*wr = ev->task->watcher;
	struct wsub		*old = ev->subs;
	const struct wsub	*was;
	const char		*script = watch_name(&old[0].sub);
	uint32_t		 i, k, nold = ev->nsubs;

	ev->listing = NULL;
	ev->listed = true;
	if (failure != NULL) {
		log_warnx("task %s: the modules of %s are not known: %s; of "
		    "those that are new no change will be seen",
		    ev->task->name, script, failure);
		/* It may be the script that has changed. */
		if (ev->kept != NULL && ev->nkept == NKEPT_AS_ONE)
			take_kept(wr, ev);
		return;
	}
	ev->npending = 0;
	ev->nsubs = 0;
	ev->subs = xcalloc(n + 1, sizeof(*ev->subs));
	wevent_add_path(wr, ev, script, old[0].sub.content, old[0].sub.index);
	for (i = 0; i < n; i++)
		if (strcmp(paths[i], script) != 0)
			wevent_add_path(wr, ev, paths[i], old[0].sub.content,
			    NO_INDEX);
	for (k = 0; k < ev->nsubs; k++) {
		was = find_sub(old, nold, watch_name(&ev->subs[k].sub));
		if (was != NULL)
			ev->subs[k].acted = was->acted;
		else
			see_new(wr, ev, &ev->subs[k]);
	}
	for (i = 0; i < nold; i++)
		watch_drop(wr->watch, &old[i].sub);
	free(old);
	if (ev->kept != NULL)
		take_kept(wr, ev);
	log_debug("task %s: %u files of Python are followed", ev->task->name,
	    ev->nsubs);
	wevent_put(wr, ev, WEVENT_READY);
	watcher_soon(wr);
}

/* Asks for the modules, if that is what it is about. */
void
wevent_list(struct watcher *wr, struct wevent *ev)
{
	if (!ev->python || ev->cmd == 0 || ev->nsubs == 0)
		return;
	if (ev->listing != NULL)
		pymod_cancel(ev->listing);
	ev->asked = wall_now();
	ev->listing = pymod_start(wr->pymods, ev->task->task, ev->cmd,
	    on_modules, ev);
}

static void
fire(struct watcher *wr, struct wevent *ev, bool restless)
{
	struct monitor			*m = wr->mon;
	const struct schedrec_event	*conf;
	struct sched_clock		 clk;
	struct sched_view		 v;
	bool				 done;

	sched_view(m->now.sched, ev->task->task, &v);
	conf = &v.conf->events[ev->index];
	done = is_in_effect(wr, ev, conf->action);
	note_acted(ev, restless);
	forget_kept(ev);
	wnote_send(wr, ev->task);
	/* What it imports may be something else now. */
	wevent_list(wr, ev);
	if (done) {
		log_debug("task %s: started after its file changed: nothing "
		    "is to be done", ev->task->name);
		return;
	}
	act_clock(&clk);
	sched_fire(m->now.sched, &clk, ev->task->task, ev->index);
	act_flush(m);
}

/* What could not be seen before: this is the first that is known of it. */
static void
note_first(struct wevent *ev)
{
	struct wsub	*s;
	uint32_t	 i;

	for (i = 0; i < ev->nsubs; i++) {
		s = &ev->subs[i];
		if (s->acted == WATCH_UNSEEN)
			s->acted = watch_mark(&s->sub);
	}
}

/*
 * Is a package manager at work, so that what it replaces is not complete?
 * When one was found, the others wait with it until the next look.
 */
static bool
is_locked(struct watcher *wr, const struct wevent *ev, struct mono now)
{
	struct mono	 sign, last = MONO_NEVER;
	const char	*name;
	uint32_t	 i;

	if (mono_isset(wr->look_locks))
		return (true);
	for (i = 0; i < ev->nsubs; i++) {
		sign = watch_last_sign(&ev->subs[i].sub);
		if (mono_cmp(sign, last) > 0)
			last = sign;
	}
	/* Without a sign, it may have changed just now. */
	if ((name = wlock_held(wr, mono_isset(last) ? last : now)) == NULL)
		return (false);
	wr->look_locks = mono_add(now, WLOCK_POLL_MS);
	if (!wr->waits_for_lock)
		log_info("task %s: a file changed, but %s is locked: "
		    "waiting until it is not", ev->task->name, name);
	wr->waits_for_lock = true;
	return (true);
}

void
wtasks_act(struct watcher *wr, struct mono now)
{
	struct wevent	*ev;
	bool		 restless;

	if (mono_isset(wr->look_locks) && mono_cmp(wr->look_locks, now) <= 0) {
		wr->look_locks = MONO_NEVER;
		while ((ev = TAILQ_FIRST(&wr->locked)) != NULL)
			wevent_put(wr, ev, WEVENT_READY);
	}
	while ((ev = TAILQ_FIRST(&wr->ready)) != NULL) {
		wevent_put(wr, ev, WEVENT_IDLE);
		/* It stirs again: it will come back. */
		if (ev->npending > 0 && !ev->restless)
			continue;
		restless = ev->restless;
		ev->restless = false;
		note_first(ev);
		note_absence(ev);
		if (!has_happened(ev))
			wnote_send(wr, ev->task);
		else if (is_locked(wr, ev, now))
			wevent_put(wr, ev, WEVENT_LOCKED);
		else
			fire(wr, ev, restless);
	}
	if (TAILQ_EMPTY(&wr->locked)) {
		wr->look_locks = MONO_NEVER;
		wr->waits_for_lock = false;
	}
}
