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
 * The table of the events that files bring about, as the schedule in force
 * has them: by task, made anew with a new plan, and of a delta only for the
 * tasks that it speaks of.  What was known of an event that is the same as
 * before stays known.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "pymod.h"
#include "watcher.h"

static int
by_name(const void *a, const void *b)
{
	const struct wtask *const	*x = a, *const *y = b;

	return (strcmp((*x)->name, (*y)->name));
}

static bool
is_of_files(const struct schedrec_event *e)
{
	return (e->type == EVENT_FILE_CHANGE || e->type == EVENT_SELF ||
	    e->type == EVENT_PYTHON);
}

static uint32_t
count_events(const struct schedrec_task *conf)
{
	uint32_t	 i, n = 0;

	/* Roles are as they are until the next sync. */
	if (!conf->in_role)
		return (0);
	for (i = 0; i < conf->nevents; i++)
		n += is_of_files(&conf->events[i]);
	return (n);
}

/* What it watches; never 0. */
static uint32_t
key_of(const struct schedrec_event *e)
{
	uint64_t	 h;
	uint32_t	 i;

	h = hash_bytes(e->content, &e->type, sizeof(e->type));
	for (i = 0; i < e->npaths; i++)
		h = hash_bytes(h, e->paths[i], strlen(e->paths[i]) + 1);
	h ^= h >> 32;
	return ((uint32_t)h != 0 ? (uint32_t)h : 1);
}

/* What an event of before, of the same task, knew about the same paths. */
static bool
take_over(struct wtask *old, struct wevent *ev)
{
	struct wevent	*was;
	uint32_t	 i, k;

	if (old == NULL)
		return (false);
	for (i = 0; i < old->nevents; i++) {
		was = &old->events[i];
		if (was->key != ev->key || was->nsubs != ev->nsubs)
			continue;
		for (k = 0; k < ev->nsubs; k++)
			ev->subs[k].acted = was->subs[k].acted;
		ev->kept = was->kept;
		ev->nkept = was->nkept;
		was->kept = NULL;
		/* Of two that watch the same, each has its own. */
		was->key = 0;
		return (true);
	}
	return (false);
}

/*
 * An event that is another now: what any event of the task knew of the same
 * paths, so that what waits to be acted on is not lost.
 */
static bool
take_paths(const struct wtask *old, struct wevent *ev)
{
	const struct wevent	*was;
	const struct wsub	*s;
	uint32_t		 i, k, n;
	bool			 any = false;

	for (i = 0; old != NULL && i < old->nevents; i++) {
		was = &old->events[i];
		for (k = 0; k < ev->nsubs; k++)
			for (n = 0; n < was->nsubs; n++) {
				s = &was->subs[n];
				if (s->sub.path != ev->subs[k].sub.path ||
				    s->sub.content != ev->subs[k].sub.content)
					continue;
				ev->subs[k].acted = s->acted;
				any = true;
			}
	}
	return (any);
}

/* What of an event, by key, its task had before; NULL: nothing. */
static struct wevent *
find_before(struct wtask *old, uint32_t key)
{
	uint32_t	 i;

	for (i = 0; old != NULL && i < old->nevents; i++)
		if (old->events[i].key == key)
			return (&old->events[i]);
	return (NULL);
}

/* Paths are numbered through all events of the task, as in the plan. */
static void
start_watching(struct watcher *wr, struct wevent *ev,
    const struct schedrec_event *conf, uint32_t first,
    const struct wevent *was)
{
	uint32_t	 i, n = conf->npaths;

	if (ev->python && was != NULL && was->nsubs > n)
		n = was->nsubs;
	ev->subs = xcalloc(n + 1, sizeof(*ev->subs));
	for (i = 0; i < conf->npaths; i++)
		wevent_add_path(wr, ev, conf->paths[i], conf->content,
		    watcher_ask_index(wr, ev->task->task, first + i));
	for (; i < n; i++)
		wevent_add_path(wr, ev, watch_name(&was->subs[i].sub),
		    conf->content, NO_INDEX);
}

/* The command that lists the modules; 0: none. */
static uint16_t
find_lister(const struct schedrec_task *conf)
{
	uint32_t	 i;

	for (i = 1; i < conf->ncmds; i++)
		if (strcmp(conf->cmds[i].name, CMD_MODULES) == 0)
			return (i);
	return (0);
}

static void
build_event(struct watcher *wr, struct wevent *ev,
    const struct schedrec_task *task, uint32_t first, struct wtask *old,
    const struct wnote *note)
{
	const struct schedrec_event	*conf = &task->events[ev->index];
	const struct wevent		*was;
	uint32_t			 i;

	ev->key = key_of(conf);
	ev->python = conf->type == EVENT_PYTHON;
	was = find_before(old, ev->key);
	start_watching(wr, ev, conf, first, was);
	if (ev->python && !task->held) {
		ev->cmd = find_lister(task);
		ev->listed = was != NULL && was->listed;
	}
	if (take_over(old, ev) ||
	    (note != NULL && wnote_find(note, ev)) || take_paths(old, ev))
		/* It changed while nobody looked: when it is at rest. */
		for (i = 0; i < ev->nsubs; i++)
			if (wsub_is_new(&ev->subs[i]) &&
			    !watch_stirs(&ev->subs[i].sub))
				watch_touch(wr->watch, &ev->subs[i].sub,
				    mono_now());
	if (!ev->listed)
		wevent_list(wr, ev);
	wevent_put(wr, ev, WEVENT_READY);
}

/* Of a task of the schedule in force; NULL: it has no events of files. */
static struct wtask *
build_task(struct watcher *wr, uint32_t task, struct wtask *old)
{
	const struct schedrec_task	*conf;
	const struct wnote		*note = NULL;
	struct sched_view		 v;
	struct wevent			*ev;
	struct wtask			*t;
	uint32_t			 i, first = 0;

	sched_view(wr->mon->now.sched, task, &v);
	conf = v.conf;
	if (count_events(conf) == 0)
		return (NULL);
	t = xcalloc(1, sizeof(*t));
	t->watcher = wr;
	t->name = xstrdup(conf->name);
	t->task = task;
	if (t->task < wr->nnotes && wr->notes[t->task].len > 0) {
		note = &wr->notes[t->task];
		t->noted = wnote_hash(note->data, note->len);
	}
	t->events = xcalloc(count_events(conf), sizeof(*t->events));
	for (i = 0; i < conf->nevents;
	    first += conf->events[i++].npaths) {
		if (!is_of_files(&conf->events[i]))
			continue;
		ev = &t->events[t->nevents++];
		ev->task = t;
		ev->index = i;
		build_event(wr, ev, conf, first, old, note);
	}
	return (t);
}

/* NULL is none. */
static void
task_free(struct watcher *wr, struct wtask *t)
{
	struct wevent	*ev;
	uint32_t	 i, k;

	if (t == NULL)
		return;
	for (i = 0; i < t->nevents; i++) {
		ev = &t->events[i];
		wevent_put(wr, ev, WEVENT_IDLE);
		if (ev->listing != NULL)
			pymod_cancel(ev->listing);
		for (k = 0; k < ev->nsubs; k++) {
			watcher_ask_free(wr, ev->subs[k].sub.index);
			watch_drop(wr->watch, &ev->subs[k].sub);
		}
		free(ev->subs);
		free(ev->kept);
	}
	free(t->events);
	free(t->name);
	free(t);
}

void
wtasks_forget_runs(struct watcher *wr)
{
	struct wtask	*t;
	struct wevent	*ev;
	uint32_t	 i, k;

	for (i = 0; i < wr->ntasks; i++) {
		if ((t = wr->tasks[i]) == NULL)
			continue;
		for (k = 0; k < t->nevents; k++) {
			ev = &t->events[k];
			if (ev->listing == NULL)
				continue;
			ev->listing = NULL;
			ev->listed = false;
		}
	}
}

/* Those there are, to the front, by name; how many. */
static uint32_t
sort_tasks(struct wtask **tasks, uint32_t n)
{
	uint32_t	 i, k = 0;

	for (i = 0; i < n; i++)
		if (tasks[i] != NULL)
			tasks[k++] = tasks[i];
	if (k > 0)
		qsort(tasks, k, sizeof(*tasks), by_name);
	return (k);
}

void
wtasks_rebuild(struct watcher *wr)
{
	struct sched	*sched = wr->mon->now.sched;
	struct wtask	**old = wr->tasks, **was, key, *keyp = &key;
	uint32_t	 i, nold;

	nold = sort_tasks(old, wr->ntasks);
	wr->ntasks = sched_ntasks(sched);
	wr->tasks = xcalloc(wr->ntasks + 1, sizeof(*wr->tasks));
	for (i = 0; i < wr->ntasks; i++) {
		/* It is only compared. */
		key.name = (char *)(uintptr_t)sched_task_name(sched, i);
		was = nold == 0 ? NULL : bsearch(&keyp, old, nold,
		    sizeof(*old), by_name);
		wr->tasks[i] = build_task(wr, i, was != NULL ? *was : NULL);
	}
	/* Last, so that paths of both are watched without a gap. */
	for (i = 0; i < nold; i++)
		task_free(wr, old[i]);
	free(old);
}

void
wtasks_update(struct watcher *wr, const uint32_t *tasks, uint32_t n)
{
	struct wtask	*old, **t;
	uint32_t	 i;

	for (i = 0; i < n; i++) {
		t = &wr->tasks[tasks[i]];
		old = *t;
		*t = build_task(wr, tasks[i], old);
		/* The spawner still has the note. */
		if (*t != NULL && old != NULL)
			(*t)->noted = old->noted;
		task_free(wr, old);
	}
}
