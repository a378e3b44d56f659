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
 * The way to a path: which directories and which names in them decide what
 * is found there.  A directory is watched before a name in it is looked at,
 * so that what happens in between is a hint.  What is on the file system
 * was made by anybody and may change while we walk: nothing of it is
 * believed longer than until the next hint.
 */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "watch_int.h"

#define LINKS_MAX	40	/* as the kernel has it */
/*
 * Names on the way to a path.  Links may lead to and fro: what is followed
 * for an ordinary user, a thousand modules of his, must not keep us walking.
 */
#define STEPS_MAX	256

static void
set_swept(struct watch *w, struct watch_path *p, bool on)
{
	if (p->swept == on)
		return;
	p->swept = on;
	if (on) {
		TAILQ_INSERT_TAIL(&w->sweeps, p, sweep);
		w->nswept++;
	} else {
		TAILQ_REMOVE(&w->sweeps, p, sweep);
		w->nswept--;
	}
}

void
walk_forget(struct watch *w, struct watch_path *p)
{
	walk_deps_free(w, &p->deps);
	walk_unwatch_file(w, p);
	set_swept(w, p, false);
	free(p->real);
	p->real = NULL;
}

/* One way of saying that nothing is there. */
static int
absence(int error)
{
	return (error == ENOTDIR || error == ELOOP ||
	    error == ENAMETOOLONG ? ENOENT : error);
}

/*
 * Where directories do not tell of writes, the file must.  What was written
 * between the look at it and its watch nobody tells of: one more look.
 */
static void
watch_file(struct watch *w, struct watch_path *p, struct watch_id *id)
{
	struct watch_id	 again;
	bool		 link = false;

	if (id->error == 0 && p->file_wd != -1 && id->dev == p->id.dev &&
	    id->ino == p->id.ino)
		return;
	walk_unwatch_file(w, p);
	if (id->error != 0)
		return;
	walk_watch_file(w, p);
	if (p->file_wd == -1) {
		p->sweep_on = true;
		return;
	}
	p->fresh = true;
	if (w->sys->look(w->sys->arg, p->real, &again, &link) == 0 && !link &&
	    again.dev == id->dev && again.ino == id->ino)
		*id = again;
}

/* Takes on what was found at the end of the way. */
static void
found(struct watch *w, struct watch_path *p, struct watch_id *id)
{
	if (w->sys->add_file != NULL)
		watch_file(w, p, id);
	id->content = 0;
	if (id->error == 0 && p->ncontent > 0 && id->regular) {
		if (id->error == 0 && watch_same(id, &p->id) &&
		    p->id.content != 0)
			id->content = p->id.content;
		else
			id->content = w->sys->content(w->sys->arg, p->real);
	}
	p->id = *id;
}

static void
ended(struct watch *w, struct watch_path *p, int error)
{
	struct watch_id	 id = { .error = absence(error) };

	p->blind = id.error != ENOENT;
	if (p->blind) {
		/* What we knew of it holds until somebody else can say. */
		p->sweep_on = true;
		return;
	}
	found(w, p, &id);
}

/* The walk: where it is, and the rest of the words. */
struct walk {
	char		 at[PATH_MAX];	/* no links, no slash at its end */
	char		 rest[2 * PATH_MAX];
	uint64_t	 above;		/* stamp of the name that led here */
	int		 nlinks;
	int		 nsteps;
	bool		 careful;	/* watch names before looking at them */
	bool		 again;		/* begin again, carefully */
	bool		 disturbed;	/* something has been found anew, so
					   that all below it is, too */
};

/* The next word of the rest, in place; NULL: there is none. */
static char *
next_word(struct walk *k, bool *last)
{
	static char	 word[NAME_MAX + 2];
	char		*p = k->rest;
	size_t		 len;

	p += strspn(p, "/");
	len = strcspn(p, "/");
	if (len == 0)
		return (NULL);
	/* One that is too long is still too long when it is cut. */
	memcpy(word, p, len < sizeof(word) ? len : sizeof(word) - 1);
	word[len < sizeof(word) ? len : sizeof(word) - 1] = '\0';
	p += len;
	p += strspn(p, "/");
	*last = *p == '\0';
	memmove(k->rest, p, strlen(p) + 1);
	return (word);
}

static int
step_into(struct walk *k, const char *word)
{
	size_t	 len = strlen(k->at);

	if (len + strlen(word) + 2 > sizeof(k->at))
		return (ENAMETOOLONG);
	k->at[len] = '/';
	strlcpy(k->at + len + 1, word, sizeof(k->at) - len - 1);
	return (0);
}

static void
step_back(struct walk *k)
{
	char	*slash;

	if ((slash = strrchr(k->at, '/')) != NULL)
		*slash = '\0';
}

/* A link: the rest of the way begins with its target.  k->at is the link. */
static int
follow(struct walk *k, const char *target)
{
	char	 joined[2 * PATH_MAX];

	if (++k->nlinks > LINKS_MAX)
		return (ELOOP);
	if (strlen(target) + strlen(k->rest) + 2 > sizeof(joined))
		return (ENAMETOOLONG);
	strlcpy(joined, target, sizeof(joined));
	strlcat(joined, "/", sizeof(joined));
	strlcat(joined, k->rest, sizeof(joined));
	strlcpy(k->rest, joined, sizeof(k->rest));
	if (target[0] == '/')
		k->at[0] = '\0';
	else
		step_back(k);
	return (0);
}

/* What the name k->at is: fills in the entry, and id where it was looked. */
static void
find_out(struct watch *w, struct entry *e, const char *full,
    struct watch_id *id)
{
	char	 buf[PATH_MAX];
	ssize_t	 n;
	bool	 link = false;

	free(e->target);
	e->target = NULL;
	e->stamp = w->pass;
	e->error = w->sys->look(w->sys->arg, full, id, &link);
	e->directory = id->directory;
	if (e->error != 0 || !link)
		return;
	n = w->sys->readlink(w->sys->arg, full, buf, sizeof(buf) - 1);
	if (n <= 0) {
		e->error = n == 0 ? ENOENT : errno;
		return;
	}
	buf[n] = '\0';
	e->target = xstrdup(buf);
}

static void
walk_end(struct watch *w, struct watch_path *p, const char *real,
    struct dep *dep, struct watch_id *id, int error)
{
	if (dep != NULL) {
		dep->last = true;
		walk_dep_needs(dep, WATCH_FILES);
	}
	free(p->real);
	p->real = xstrdup(real[0] == '\0' ? "/" : real);
	if (error != 0)
		ended(w, p, error);
	else {
		p->blind = false;
		found(w, p, id);
	}
}

/*
 * A name on the way that is no directory: a link, or nothing.  What comes in
 * its place is told of the directory it is in.
 */
static void
look_again(struct watch *w, struct dep *dep, const char *full,
    struct watch_id *id)
{
	struct dir	*d = dep->entry->dir;

	walk_dep_needs(dep, WATCH_NAMES);
	if (d->level >= WATCH_NAMES || d->mute)
		return;
	(void)walk_watch_dir(w, d, false, WATCH_NAMES);
	find_out(w, dep->entry, full, id);
}

/*
 * The directory that the walk ends in.  When it is removed while somebody
 * has it open, it does not say so itself, but the one that it is in does.
 * Those above need no such care: what is removed is empty, and what is in
 * them goes first.  False: it was not there any more.
 */
static bool
guard(struct watch *w, struct watch_path *p, struct dir *d)
{
	struct entry	*e = walk_own_entry(w, d);
	struct dep	*dep;
	int		 wd = d->wd;

	if (e == NULL)
		return (true);
	TAILQ_FOREACH(dep, &p->deps, ofpath)
		if (dep->entry == e)
			break;
	if (dep != NULL && dep->need < WATCH_NAMES)
		walk_dep_needs(dep, WATCH_NAMES);
	if (e->dir->level >= WATCH_NAMES || e->dir->mute)
		return (true);
	(void)walk_watch_dir(w, e->dir, false, WATCH_NAMES);
	d->stamp = 0;
	return (walk_watch_dir(w, d, false, WATCH_SELF) == 0 && d->wd == wd);
}

/*
 * One step; false: the walk has come to its end.  d is the directory that it
 * is in.  A directory of which it is known that it was there a moment ago,
 * and that is not there now, makes the walk begin again (k->again), with the
 * names above it watched before they are looked at.
 */
static bool
walk_step(struct watch *w, struct watch_path *p, struct walk *k,
    const char *word, bool last)
{
	struct watch_id	 id = { 0 };
	struct entry	*e;
	struct dep	*dep;
	struct dir	*d;
	int		 error;

	d = walk_dir_get(w, k->at[0] == '\0' ? "/" : k->at);
	e = walk_entry_get(d, word);
	dep = walk_dep_add(p, e);
	/* Its name may have been found out anew on the way to another path. */
	if (!walk_holds(w, d->stamp, k->disturbed) || d->stamp < k->above)
		k->disturbed = true;
	if (walk_watch_dir(w, d, k->disturbed, last ? WATCH_FILES :
	    k->careful ? WATCH_NAMES : WATCH_SELF) == -1 && !k->careful) {
		k->again = true;
		return (false);
	}
	if (d->mute)
		p->sweep_on = true;
	if (last && d->since == w->pass)
		p->fresh = true;
	if (last && !k->careful && !guard(w, p, d)) {
		k->again = true;
		return (false);
	}
	if ((error = step_into(k, word)) != 0) {
		walk_end(w, p, k->at, NULL, &id, error);
		return (false);
	}
	if (last || !walk_holds(w, e->stamp, k->disturbed || d->wd == -1)) {
		k->disturbed = k->disturbed || !last;
		find_out(w, e, k->at, &id);
	}
	if (!last && (e->error != 0 || !e->directory || k->careful))
		look_again(w, dep, k->at, &id);
	error = e->error;
	k->above = e->stamp;
	if (error == 0 && e->target != NULL) {
		k->above = 0;
		walk_dep_needs(dep, WATCH_NAMES);
		if ((error = follow(k, e->target)) == 0)
			return (true);
		walk_end(w, p, k->at, NULL, &id, error);
		return (false);
	}
	if (error == 0 && !last && !e->directory)
		error = ENOTDIR;
	if (error == 0 && !last)
		return (true);
	if (!last && !k->careful && !guard(w, p, d)) {
		k->again = true;
		return (false);
	}
	walk_end(w, p, k->at, last ? dep : NULL, &id, error);
	return (false);
}

static void
walk_on(struct watch *w, struct watch_path *p, struct walk *k)
{
	struct watch_id	 id = { 0 };
	char		*word;
	int		 error;
	bool		 last, link;

	while ((word = next_word(k, &last)) != NULL) {
		if (++k->nsteps > STEPS_MAX) {
			walk_end(w, p, k->at, NULL, &id, ELOOP);
			return;
		}
		if (strcmp(word, ".") == 0)
			continue;
		if (strcmp(word, "..") == 0)
			step_back(k);
		else if (!walk_step(w, p, k, word, last))
			return;
	}
	/* It ends in a directory that was passed already. */
	error = w->sys->look(w->sys->arg, k->at[0] == '\0' ? "/" : k->at,
	    &id, &link);
	walk_end(w, p, k->at, NULL, &id, error);
}

void
walk_path(struct watch *w, struct watch_path *p)
{
	static struct walk	 k;
	struct deps		 old;

	TAILQ_INIT(&old);
	TAILQ_CONCAT(&old, &p->deps, ofpath);
	p->sweep_on = false;
	k.careful = false;
	do {
		k.at[0] = '\0';
		k.nlinks = k.nsteps = 0;
		k.above = 0;
		k.disturbed = k.again = false;
		if (strlcpy(k.rest, p->name, sizeof(k.rest)) >= PATH_MAX)
			ended(w, p, ENAMETOOLONG);
		else
			walk_on(w, p, &k);
		if (k.again)
			TAILQ_CONCAT(&old, &p->deps, ofpath);
		k.disturbed = k.careful = k.again;
	} while (k.again);
	/* Only now, so that what is still on the way is not watched anew. */
	walk_deps_free(w, &old);
	set_swept(w, p, p->sweep_on);
}

void
walk_look(struct watch *w, struct watch_path *p)
{
	struct dep	*dep = TAILQ_LAST(&p->deps, deps);
	struct watch_id	 id;
	bool		 link = false;
	int		 error;

	if (dep == NULL || !dep->last) {
		walk_path(w, p);
		return;
	}
	error = w->sys->look(w->sys->arg, p->real, &id, &link);
	if (error == 0 && link) {
		walk_path(w, p);
		return;
	}
	if (error != 0)
		ended(w, p, error);
	else {
		p->blind = false;
		found(w, p, &id);
	}
	set_swept(w, p, p->sweep_on);
}
