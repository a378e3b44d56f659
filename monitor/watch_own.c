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
 * The daemon's own files: the configuration, the roles, certificates and
 * programs.  The spawner says which they are and what they were when it
 * loaded them; when they are something else and at rest, it is asked to load
 * them anew.  A file that has gone is no reason: what was loaded stays in
 * force.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/util.h"
#include "watcher.h"

static const char *const names[] = {
	[FOLLOW_CONF] = "configuration",
	[FOLLOW_ROLES] = "roles file",
	[FOLLOW_CERT] = "certificate",
	[FOLLOW_PROGRAM] = "program"
};
_Static_assert(nitems(names) == FOLLOW_MAX, "a name each");

static void
on_news(struct watch_sub *sub, enum watch_news news)
{
	/* The interest is the first member. */
	struct wown	*o = (struct wown *)sub;

	/* Half of a configuration is none: only at rest. */
	if (news == WATCH_SETTLED)
		o->settled = true;
}

static bool
is_new(const struct wown *o)
{
	uint32_t	 mark = watch_mark(&o->sub);

	return (mark != WATCH_ABSENT && mark != WATCH_UNSEEN &&
	    mark != o->loaded && mark != o->tried);
}

/* What an earlier list knew of the same file. */
static void
take_over(struct wown *o, const struct wown *old, uint32_t nold)
{
	uint32_t	 i;

	for (i = 0; i < nold; i++)
		if (old[i].what == o->what && strcmp(watch_name(&old[i].sub),
		    watch_name(&o->sub)) == 0) {
			o->tried = old[i].tried;
			o->settled = old[i].settled;
		}
}

static void
take_one(struct watcher *wr, struct wown *o, const struct follow *f,
    uint32_t index)
{
	struct watch_id	 id = {
		.error = f->id.error, .dev = f->id.dev, .ino = f->id.ino,
		.size = f->id.size, .mtime_ns = f->id.mtime_ns
	};
	char		*path;

	o->watcher = wr;
	o->what = f->what;
	o->loaded = watch_mark_of(&id);
	o->tried = WATCH_ABSENT;
	o->sub.news = on_news;
	o->sub.index = ASK_OWN | index;
	path = xstrndup(f->path.p, f->path.len);
	watch_add(wr->watch, &o->sub, path);
	free(path);
}

int
wown_take(struct watcher *wr, struct cursor *c)
{
	struct wown	*old = wr->own, *o;
	struct follow	 f;
	uint32_t	 i, n, nold = wr->nown;

	n = get_count(c, FOLLOW_LEN);
	if (c->bad || n > FOLLOW_FILES)
		return (-1);
	wr->own = xcalloc(n + 1, sizeof(*wr->own));
	wr->nown = 0;
	for (i = 0; i < n; i++) {
		get_follow(c, &f);
		if (c->bad)
			return (-1);
		o = &wr->own[wr->nown++];
		take_one(wr, o, &f, i);
		take_over(o, old, nold);
		/* It changed while nobody looked: when it is at rest. */
		if (is_new(o) && !watch_stirs(&o->sub))
			watch_touch(wr->watch, &o->sub, mono_now());
	}
	for (i = 0; i < nold; i++)
		watch_drop(wr->watch, &old[i].sub);
	free(old);
	return (cursor_done(c) ? 0 : -1);
}

/* Those that make one of something together. */
enum whole { WHOLE_LOAD, WHOLE_ITSELF, WHOLE_PROGRAM };

static const enum whole wholes[] = {
	[FOLLOW_CONF] = WHOLE_LOAD,
	[FOLLOW_ROLES] = WHOLE_LOAD,
	[FOLLOW_CERT] = WHOLE_ITSELF,
	[FOLLOW_PROGRAM] = WHOLE_PROGRAM
};

/* It is at rest, and what it makes a whole with as well. */
static bool
at_rest(const struct watcher *wr, const struct wown *o)
{
	const struct wown	*other;
	uint32_t		 i;

	for (i = 0; i < wr->nown; i++) {
		other = &wr->own[i];
		if (watch_stirs(&other->sub) && (other == o ||
		    (wholes[o->what] != WHOLE_ITSELF &&
		    wholes[other->what] == wholes[o->what])))
			return (false);
	}
	return (true);
}

/* Programs come in packages: not while a package manager is at work. */
static bool
is_locked(struct watcher *wr, const struct wown *o, struct mono now)
{
	struct mono	 sign = watch_last_sign(&o->sub);

	if (mono_isset(wr->look_locks))
		return (true);
	if (wlock_held(wr, mono_isset(sign) ? sign : now) == NULL)
		return (false);
	wr->look_locks = mono_add(now, WLOCK_POLL_MS);
	return (true);
}

void
wown_act(struct watcher *wr, struct mono now)
{
	struct monitor	*m = wr->mon;
	struct wown	*o;
	uint32_t	 i;
	bool		 todo[FOLLOW_MAX] = { false };

	for (i = 0; i < wr->nown; i++) {
		o = &wr->own[i];
		if (!o->settled || !at_rest(wr, o) ||
		    (o->what == FOLLOW_PROGRAM && is_new(o) &&
		    is_locked(wr, o, now)))
			continue;
		o->settled = false;
		if (watch_mark(&o->sub) == WATCH_ABSENT &&
		    o->loaded != WATCH_ABSENT)
			log_warnx("%s %s is gone: what was loaded of it stays "
			    "in force", names[o->what], watch_name(&o->sub));
		if (!is_new(o) || sched_mode(m->now.sched) != MODE_RUN)
			continue;
		log_info("%s %s has changed", names[o->what],
		    watch_name(&o->sub));
		o->tried = watch_mark(&o->sub);
		todo[o->what] = true;
	}
	if (todo[FOLLOW_CONF] || todo[FOLLOW_ROLES])
		chan_send(m->spawner, R_RELOAD, 0);
	if (todo[FOLLOW_CERT])
		chan_send(m->spawner, R_RENEW, 0);
	if (todo[FOLLOW_PROGRAM])
		chan_send(m->spawner, R_REPLACED, 0);
}
