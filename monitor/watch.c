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
 * The path table: from hints to news.  Hints come from the kernel and may be
 * too many, too late or about what nobody asked for; the identities come
 * from the file system, whose files belong to anybody.  Neither can do more
 * than make us look once more.
 *
 *	at rest --sign--> pending --no sign for the settle time--> looked at
 *	   ^                 |  ^______ sign, or a look that found     |
 *	   |                 |          something new by sweeping      |
 *	   |                 +--WATCH_RESTLESS_MS of signs--> looked at |
 *	   +------------------------------------------------------------+
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "watch_int.h"

static int
path_cmp(const struct watch_path *a, const struct watch_path *b)
{
	return (strcmp(a->name, b->name));
}

RB_PROTOTYPE(watch_paths, watch_path, byname, path_cmp)
RB_GENERATE(watch_paths, watch_path, byname, path_cmp)

struct watch *
watch_new(const struct watch_sys *sys)
{
	struct watch	*w;

	w = xcalloc(1, sizeof(*w));
	w->sys = sys;
	w->pass = w->valid = 1;
	w->settle_ms = WATCH_SETTLE_MIN;
	RB_INIT(&w->paths);
	RB_INIT(&w->pathwds);
	RB_INIT(&w->dirs);
	RB_INIT(&w->dirwds);
	TAILQ_INIT(&w->pending);
	TAILQ_INIT(&w->walks);
	TAILQ_INIT(&w->sweeps);
	return (w);
}

void
watch_free(struct watch *w)
{
	free(w);
}

void
watch_set_settle(struct watch *w, uint32_t ms)
{
	w->settle_ms = ms < WATCH_SETTLE_MIN ? WATCH_SETTLE_MIN : ms;
}

static void
tell(struct watch_path *p, enum watch_news news)
{
	struct watch_sub	*s;

	TAILQ_FOREACH(s, &p->subs, entry)
		s->news(s, news);
}

/* A sign of change. */
static void
stir(struct watch *w, struct watch_path *p, struct mono now)
{
	if (!p->pending) {
		p->pending = true;
		p->overdue = false;
		p->first = now;
		tell(p, WATCH_STIRRED);
	} else
		TAILQ_REMOVE(&w->pending, p, pend);
	p->last = now;
	if (mono_sub(now, p->first) >= WATCH_RESTLESS_MS) {
		p->overdue = true;
		TAILQ_INSERT_HEAD(&w->pending, p, pend);
	} else
		TAILQ_INSERT_TAIL(&w->pending, p, pend);
}

static void
must_walk(struct watch *w, struct watch_path *p)
{
	if (p->walking)
		return;
	p->walking = true;
	TAILQ_INSERT_TAIL(&w->walks, p, walk);
}

/* It was looked at, and the answer is there. */
static void
at_rest(struct watch *w, struct watch_path *p)
{
	enum watch_news	 news;

	news = p->overdue ? WATCH_RESTLESS : WATCH_SETTLED;
	TAILQ_REMOVE(&w->pending, p, pend);
	p->pending = p->overdue = false;
	tell(p, news);
}

/* The index under which somebody may be asked for it, or NO_INDEX; of
 * several the newest, as the others may be of a plan that goes. */
static uint32_t
ask_index(const struct watch_path *p)
{
	const struct watch_sub	*s;

	TAILQ_FOREACH_REVERSE(s, &p->subs, watch_subs, entry)
		if (s->index != NO_INDEX)
			return (s->index);
	return (NO_INDEX);
}

static bool
ask(struct watch *w, struct watch_path *p)
{
	uint32_t	 index;

	if (!p->blind || w->sys->ask == NULL ||
	    (index = ask_index(p)) == NO_INDEX)
		return (false);
	if (!p->asking) {
		p->asking = true;
		w->sys->ask(w->sys->ask_arg, index);
	}
	return (true);
}

/* Its time has come. */
static void
look(struct watch *w, struct watch_path *p, struct mono now)
{
	struct watch_id	 before = p->id;

	p->fresh = false;
	walk_look(w, p);
	if (ask(w, p)) {
		/* The answer decides; until then it is at the end. */
		TAILQ_REMOVE(&w->pending, p, pend);
		p->overdue = false;
		p->last = now;
		TAILQ_INSERT_TAIL(&w->pending, p, pend);
		return;
	}
	/* Without hints, only a second look says that it is at rest. */
	if (!p->overdue && (p->fresh || p->swept) &&
	    !watch_same(&before, &p->id)) {
		stir(w, p, now);
		return;
	}
	at_rest(w, p);
}

void
watch_told(struct watch *w, struct mono now, uint32_t index,
    const struct watch_id *id)
{
	struct watch_path	*p;
	bool			 same;

	TAILQ_FOREACH(p, &w->sweeps, sweep)
		if (p->asking && ask_index(p) == index)
			break;
	if (p == NULL)
		return;
	p->asking = false;
	if (!p->blind)
		return;
	same = watch_same(id, &p->id);
	p->id = *id;
	p->id.content = 0;
	if (!same)
		stir(w, p, now);
	if (p->pending && (same || p->overdue))
		at_rest(w, p);
}

static void
sweep(struct watch *w, struct mono now)
{
	struct watch_path	*p, *next;
	struct watch_id		 before;

	w->next_sweep = mono_add(now, WATCH_SWEEP_MS);
	TAILQ_FOREACH_SAFE(p, &w->sweeps, sweep, next) {
		/* An answer may have been about another plan: ask anew. */
		p->asking = false;
		if (p->pending)
			continue;
		before = p->id;
		/* All of the way, since there are no hints about it. */
		walk_path(w, p);
		if (!ask(w, p) && !watch_same(&before, &p->id))
			stir(w, p, now);
	}
}

static bool
is_due(const struct watch *w, const struct watch_path *p, struct mono now)
{
	return (p->overdue ||
	    mono_sub(now, p->last) >= (int64_t)w->settle_ms);
}

void
watch_run(struct watch *w, struct mono now)
{
	struct watch_path	*p;

	w->pass++;
	while ((p = TAILQ_FIRST(&w->walks)) != NULL) {
		TAILQ_REMOVE(&w->walks, p, walk);
		p->walking = false;
		walk_path(w, p);
	}
	while ((p = TAILQ_FIRST(&w->pending)) != NULL && is_due(w, p, now))
		look(w, p, now);
	if (w->nswept == 0)
		w->next_sweep = MONO_NEVER;
	else if (!mono_isset(w->next_sweep))
		w->next_sweep = mono_add(now, WATCH_SWEEP_MS);
	else if (mono_cmp(w->next_sweep, now) <= 0)
		sweep(w, now);
}

struct mono
watch_next_look(const struct watch *w)
{
	const struct watch_path	*p = TAILQ_FIRST(&w->pending);

	if (p == NULL)
		return (MONO_NEVER);
	return (mono_add(p->last, p->overdue ? 0 : w->settle_ms));
}

struct mono
watch_due(const struct watch *w)
{
	return (mono_earlier(watch_next_look(w), w->next_sweep));
}

static struct watch_path *
path_get(struct watch *w, const char *name)
{
	struct watch_path	*p, *found;
	size_t			 size = strlen(name) + 1;

	p = xcalloc(1, sizeof(*p) + size);
	memcpy(p->name, name, size);
	if ((found = RB_INSERT(watch_paths, &w->paths, p)) != NULL) {
		free(p);
		return (found);
	}
	TAILQ_INIT(&p->subs);
	TAILQ_INIT(&p->deps);
	p->file_wd = -1;
	p->id.error = EACCES;
	w->npaths++;
	return (p);
}

void
watch_add(struct watch *w, struct watch_sub *s, const char *name)
{
	struct watch_path	*p;
	bool			 fresh, hash;

	p = path_get(w, name);
	fresh = TAILQ_EMPTY(&p->subs);
	hash = s->content && p->ncontent == 0;
	s->path = p;
	TAILQ_INSERT_TAIL(&p->subs, s, entry);
	if (s->content)
		p->ncontent++;
	if (fresh)
		walk_path(w, p);
	else if (hash)
		walk_look(w, p);
	(void)ask(w, p);
}

void
watch_drop(struct watch *w, struct watch_sub *s)
{
	struct watch_path	*p = s->path;

	TAILQ_REMOVE(&p->subs, s, entry);
	s->path = NULL;
	if (s->content)
		p->ncontent--;
	if (!TAILQ_EMPTY(&p->subs))
		return;
	if (p->pending)
		TAILQ_REMOVE(&w->pending, p, pend);
	if (p->walking)
		TAILQ_REMOVE(&w->walks, p, walk);
	walk_forget(w, p);
	RB_REMOVE(watch_paths, &w->paths, p);
	free(p);
	w->npaths--;
}

void
watch_touch(struct watch *w, struct watch_sub *s, struct mono now)
{
	stir(w, s->path, now);
}

const struct watch_id *
watch_identity(const struct watch_sub *s)
{
	return (&s->path->id);
}

const char *
watch_name(const struct watch_sub *s)
{
	return (s->path->name);
}

bool
watch_stirs(const struct watch_sub *s)
{
	return (s->path->pending);
}

struct mono
watch_last_sign(const struct watch_sub *s)
{
	return (s->path->last);
}

static uint32_t
mark(const struct watch_id *id, bool content)
{
	uint64_t	 h, words[4];

	if (id->error != 0)
		return (id->error == ENOENT || id->error == ENOTDIR ?
		    WATCH_ABSENT : WATCH_UNSEEN);
	if (content && id->content != 0)
		h = id->content;
	else {
		words[0] = id->dev;
		words[1] = id->ino;
		words[2] = id->size;
		words[3] = id->mtime_ns;
		h = hash_bytes(0, words, sizeof(words));
	}
	h ^= h >> 32;
	/* The two lowest have a meaning of their own. */
	return ((uint32_t)h > WATCH_UNSEEN ? (uint32_t)h : 2);
}

uint32_t
watch_mark(const struct watch_sub *s)
{
	return (mark(&s->path->id, s->content));
}

uint32_t
watch_mark_of(const struct watch_id *id)
{
	return (mark(id, false));
}

static void
hint_entry(struct watch *w, struct entry *e, struct mono now)
{
	struct dep	*dep;

	e->stamp = 0;
	TAILQ_FOREACH(dep, &e->deps, ofentry) {
		if (!dep->last)
			must_walk(w, dep->path);
		stir(w, dep->path, now);
	}
}

static void
hint_dir(struct watch *w, struct dir *d, struct mono now, const char *name)
{
	struct entry	*e;

	if (name != NULL) {
		if ((e = walk_entry(d, name)) != NULL)
			hint_entry(w, e, now);
		return;
	}
	RB_FOREACH(e, watch_entries, &d->entries)
		hint_entry(w, e, now);
}

void
watch_hint(struct watch *w, struct mono now, int wd, const char *name)
{
	struct watch_path	*p;
	struct dir		*d;

	for (d = walk_dir_bywd(w, wd); d != NULL; d = walk_dir_next(w, d))
		hint_dir(w, d, now, name);
	if ((p = walk_path_bywd(w, wd)) != NULL)
		stir(w, p, now);
}

void
watch_gone(struct watch *w, struct mono now, int wd)
{
	struct watch_path	*p;
	struct entry		*e;
	struct dep		*dep;
	struct dir		*d;

	while ((d = walk_dir_bywd(w, wd)) != NULL) {
		walk_unwatch(w, d);
		if ((e = walk_own_entry(w, d)) != NULL)
			e->stamp = 0;
		RB_FOREACH(e, watch_entries, &d->entries) {
			e->stamp = 0;
			TAILQ_FOREACH(dep, &e->deps, ofentry) {
				must_walk(w, dep->path);
				stir(w, dep->path, now);
			}
		}
	}
	if ((p = walk_path_bywd(w, wd)) != NULL) {
		walk_unwatch_file(w, p);
		must_walk(w, p);
		stir(w, p, now);
	}
}

void
watch_lost(struct watch *w, struct mono now)
{
	struct watch_path	*p;

	w->valid = w->pass + 1;
	RB_FOREACH(p, watch_paths, &w->paths) {
		must_walk(w, p);
		stir(w, p, now);
	}
}

void
watch_count(const struct watch *w, struct watch_counts *c)
{
	const struct watch_path	*p;

	memset(c, 0, sizeof(*c));
	c->paths = w->npaths;
	c->dirs = w->ndirs;
	c->swept = w->nswept;
	c->error = w->error;
	TAILQ_FOREACH(p, &w->sweeps, sweep) {
		if (!p->blind)
			continue;
		if (ask_index(p) != NO_INDEX)
			c->asked++;
		else
			c->unseen++;
	}
}

uint32_t
watch_nswept(const struct watch *w)
{
	return (w->nswept);
}

const char *
watch_swept_name(const struct watch *w)
{
	const struct watch_path	*p = TAILQ_FIRST(&w->sweeps);

	return (p != NULL ? p->name : NULL);
}
