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
 * Following files, the event loop's side: hints come in, the path table is
 * run when it is time, and what it found is acted on.  Hints and files are
 * made by anybody; all they can bring about is that an event fires.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/util.h"
#include "hints.h"
#include "pymod.h"
#include "watch_fs.h"
#include "watcher.h"

/* When to come back: the table's time, or that of the locks. */
static void
arm(struct watcher *wr)
{
	struct timeval	 tv;
	struct mono	 at = watch_due(wr->watch);

	at = mono_earlier(at, mono_earlier(wr->look_locks, wr->look_ahead));
	if (!mono_isset(at)) {
		evtimer_del(wr->timer);
		return;
	}
	tv = mono_left(at);
	if (evtimer_add(wr->timer, &tv) == -1)
		fatalx("cannot arm the timer of file events");
}

uint32_t
watcher_ask_index(struct watcher *wr, uint32_t task, uint32_t index)
{
	uint32_t	 n;

	if ((n = wr->free_ask) != NO_INDEX)
		wr->free_ask = wr->asks[n].index;
	else {
		n = wr->nasks++;
		wr->asks = xreallocarray(wr->asks, wr->nasks,
		    sizeof(*wr->asks));
	}
	wr->asks[n].task = task;
	wr->asks[n].index = index;
	return (n);
}

void
watcher_ask_free(struct watcher *wr, uint32_t n)
{
	if (n == NO_INDEX)
		return;
	/* An answer that is on its way was about another plan, and says so. */
	wr->asks[n].task = NO_INDEX;
	wr->asks[n].index = wr->free_ask;
	wr->free_ask = n;
}

static void
ask(void *arg, uint32_t index)
{
	struct watcher	*wr = arg;
	struct monitor	*m = wr->mon;
	struct stat_req	 r = {
		.gen = m->now.begin.gen, .task = NO_INDEX,
		.index = index & ~ASK_OWN
	};

	if ((index & ASK_OWN) == 0) {
		r.task = wr->asks[index].task;
		r.index = wr->asks[index].index;
	}
	/* The sweeper will ask again. */
	if (m->syncing)
		return;
	put_stat_req(chan_begin(m->spawner, R_STAT, index), &r);
	chan_end(m->spawner);
}

/* Status shows how many they are. */
static void
tell_swept(struct watcher *wr)
{
	uint32_t	 n = watch_nswept(wr->watch);

	if (n == wr->nswept)
		return;
	wr->nswept = n;
	wr->mon->changes++;
	clients_changed(wr->mon);
}

static void
run(struct watcher *wr)
{
	struct mono	 now = mono_now();

	watch_run(wr->watch, now);
	/* What is asked for during a sync, nobody would understand. */
	if (!wr->mon->syncing && wr->mon->now.sched != NULL)
		wtasks_act(wr, now);
	if (!wr->mon->syncing && wr->mon->now.sched != NULL)
		wown_act(wr, now);
	wr->look_ahead = MONO_NEVER;
	if (!wr->mon->syncing && wr->mon->now.sched != NULL)
		wlock_look_ahead(wr, now);
	arm(wr);
	if (!wr->mon->syncing && wr->mon->now.sched != NULL)
		tell_swept(wr);
}

void
watcher_soon(struct watcher *wr)
{
	event_active(wr->timer, EV_TIMEOUT, 0);
}

void
watcher_stated(struct watcher *wr, uint32_t tag, const struct file_id *id)
{
	struct watch_id	 w = {
		.error = id->error, .dev = id->dev, .ino = id->ino,
		.size = id->size, .mtime_ns = id->mtime_ns
	};

	/* About another plan: the sweeper will ask again. */
	if (id->error == ESTALE)
		return;
	watch_told(wr->watch, mono_now(), tag, &w);
	run(wr);
}

int
watcher_follow(struct watcher *wr, struct cursor *c)
{
	if (wown_take(wr, c) == -1)
		return (-1);
	run(wr);
	return (0);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	run(arg);
}

static void
on_hint(void *arg, int wd, const char *name)
{
	struct watcher	*wr = arg;

	watch_hint(wr->watch, mono_now(), wd, name);
}

static void
on_gone(void *arg, int wd)
{
	struct watcher	*wr = arg;

	watch_gone(wr->watch, mono_now(), wd);
}

static void
on_lost(void *arg)
{
	struct watcher	*wr = arg;

	watch_lost(wr->watch, mono_now());
}

static void
on_done(void *arg)
{
	run(arg);
}

/* The daemon stops: nothing that changes from here on matters. */
void
watcher_rest(struct watcher *wr)
{
	evtimer_del(wr->timer);
	if (wr->hints != NULL)
		hints_close(wr->hints);
}

struct watcher *
watcher_new(struct monitor *m)
{
	struct watcher		*wr;
	struct hints_conf	 conf = {
		.hint = on_hint, .gone = on_gone, .lost = on_lost,
		.done = on_done
	};

	wr = xcalloc(1, sizeof(*wr));
	wr->mon = m;
	wr->free_ask = NO_INDEX;
	TAILQ_INIT(&wr->ready);
	TAILQ_INIT(&wr->locked);
	if ((wr->timer = evtimer_new(m->base, on_timer, wr)) == NULL)
		fatalx("cannot set up the event loop");
	conf.arg = wr;
	if ((wr->hints = hints_new(m->base, &conf)) == NULL)
		log_warn("no file events: files are looked at every %d s",
		    WATCH_SWEEP_MS / 1000);
	watch_fs(&wr->sys);
	wr->sys.arg = wr->hints;
	wr->sys.ask = ask;
	wr->sys.ask_arg = wr;
	wr->watch = watch_new(&wr->sys);
	wr->pymods = pymods_new(m);
	return (wr);
}

static void
forget_notes(struct watcher *wr)
{
	uint32_t	 i;

	for (i = 0; i < wr->nnotes; i++)
		free(wr->notes[i].data);
	free(wr->notes);
	wr->notes = NULL;
	wr->nnotes = 0;
}

void
watcher_sync_begin(struct watcher *wr)
{
	forget_notes(wr);
	wtasks_forget_runs(wr);
	pymods_forget(wr->pymods);
}

void
watcher_note(struct watcher *wr, uint32_t task, const void *data, size_t len)
{
	struct wnote	*n;

	if (task >= wr->nnotes) {
		wr->notes = recallocarray(wr->notes, wr->nnotes, task + 1,
		    sizeof(*wr->notes));
		if (wr->notes == NULL)
			fatal("notes");
		wr->nnotes = task + 1;
	}
	n = &wr->notes[task];
	free(n->data);
	n->data = xcalloc(1, len + 1);
	memcpy(n->data, data, len);
	n->len = len;
}

char *
watcher_swept(const struct watcher *wr)
{
	struct watch_counts	 c;
	char			*text;

	watch_count(wr->watch, &c);
	if (c.swept == 0)
		return (NULL);
	xasprintf(&text, "%u of %u watched files are looked at every %d s, "
	    "since %s%s%s", c.swept, c.paths, WATCH_SWEEP_MS / 1000,
	    c.error == ENOSPC ? "the system's limit of watched directories "
	    "is reached (fs.inotify.max_user_watches)" :
	    "there are no file events for them",
	    c.swept > 1 ? ", among them " : ": ",
	    watch_swept_name(wr->watch));
	return (text);
}

char *
watcher_unseen(const struct watcher *wr)
{
	struct watch_counts	 c;
	char			*text;

	watch_count(wr->watch, &c);
	if (c.unseen == 0)
		return (NULL);
	xasprintf(&text, "%u watched file%s in directories that the user of "
	    "the monitor may not search: nobody looks at %s", c.unseen,
	    c.unseen == 1 ? " is" : "s are", c.unseen == 1 ? "it" : "them");
	return (text);
}

/* Said once: what has to be looked at by a timer, and why. */
static void
warn_swept(struct watcher *wr)
{
	struct watch_counts	 c;
	char			*swept, *unseen;

	if (wr->warned || (swept = watcher_swept(wr)) == NULL)
		return;
	wr->warned = true;
	watch_count(wr->watch, &c);
	if (c.error == ENOSPC)
		log_warnx("%s", swept);
	else
		log_info("%s", swept);
	if ((unseen = watcher_unseen(wr)) != NULL)
		log_warnx("%s", unseen);
	free(swept);
	free(unseen);
}

void
watcher_synced(struct watcher *wr)
{
	watch_set_settle(wr->watch, wr->mon->now.plan.settle_ms);
	wtasks_rebuild(wr);
	forget_notes(wr);
	warn_swept(wr);
	run(wr);
}

void
watcher_changed(struct watcher *wr, const uint32_t *tasks, uint32_t n)
{
	watch_set_settle(wr->watch, wr->mon->now.plan.settle_ms);
	wtasks_update(wr, tasks, n);
	warn_swept(wr);
	run(wr);
}
