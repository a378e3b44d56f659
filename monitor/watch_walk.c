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

static int
entry_cmp(const struct entry *a, const struct entry *b)
{
	return (strcmp(a->name, b->name));
}

static int
dir_cmp(const struct dir *a, const struct dir *b)
{
	return (strcmp(a->name, b->name));
}

/* Two names may lead to one directory: then they share its number. */
static int
dirwd_cmp(const struct dir *a, const struct dir *b)
{
	if (a->wd != b->wd)
		return (a->wd < b->wd ? -1 : 1);
	return (strcmp(a->name, b->name));
}

static int
pathwd_cmp(const struct watch_path *a, const struct watch_path *b)
{
	if (a->file_wd != b->file_wd)
		return (a->file_wd < b->file_wd ? -1 : 1);
	return (0);
}

RB_GENERATE(watch_entries, entry, byname, entry_cmp)
RB_PROTOTYPE(watch_dirs, dir, byname, dir_cmp)
RB_GENERATE(watch_dirs, dir, byname, dir_cmp)
RB_PROTOTYPE(watch_dirwds, dir, bywd, dirwd_cmp)
RB_GENERATE(watch_dirwds, dir, bywd, dirwd_cmp)
RB_PROTOTYPE(watch_pathwds, watch_path, bywd, pathwd_cmp)
RB_GENERATE(watch_pathwds, watch_path, bywd, pathwd_cmp)

/* For look-ups by name: an element that is nothing but its name. */
static void *
key_of(size_t offset, const char *name)
{
	static char	*buf;
	static size_t	 size;
	size_t		 need = offset + strlen(name) + 1;

	if (need > size) {
		buf = xreallocarray(buf, need, 1);
		size = need;
	}
	memset(buf, 0, offset);
	memcpy(buf + offset, name, need - offset);
	return (buf);
}

struct entry *
walk_entry(struct dir *d, const char *name)
{
	return (RB_FIND(watch_entries, &d->entries,
	    key_of(offsetof(struct entry, name), name)));
}

/* The first of the directories with that number. */
struct dir *
walk_dir_bywd(struct watch *w, int wd)
{
	struct dir	*d, *key = key_of(offsetof(struct dir, name), "");

	key->wd = wd;
	d = RB_NFIND(watch_dirwds, &w->dirwds, key);
	return (d != NULL && d->wd == wd ? d : NULL);
}

struct dir *
walk_dir_next(struct watch *w, struct dir *d)
{
	struct dir	*next;

	(void)w;
	next = RB_NEXT(watch_dirwds, &w->dirwds, d);
	return (next != NULL && next->wd == d->wd ? next : NULL);
}

struct watch_path *
walk_path_bywd(struct watch *w, int wd)
{
	struct watch_path	 key = { .file_wd = wd };

	return (RB_FIND(watch_pathwds, &w->pathwds, &key));
}

void
walk_unwatch(struct watch *w, struct dir *d)
{
	bool	 shared;

	if (d->wd == -1)
		return;
	shared = walk_dir_next(w, d) != NULL || walk_dir_bywd(w, d->wd) != d;
	RB_REMOVE(watch_dirwds, &w->dirwds, d);
	if (!shared)
		w->sys->del(w->sys->arg, d->wd);
	d->wd = -1;
	d->stamp = 0;
	w->ndirs--;
}

static void
unwatch_file(struct watch *w, struct watch_path *p)
{
	if (p->file_wd == -1)
		return;
	RB_REMOVE(watch_pathwds, &w->pathwds, p);
	w->sys->del(w->sys->arg, p->file_wd);
	p->file_wd = -1;
}

/* Is it still so?  It was found out in this pass; or before, and nothing
 * above it had to be found out anew. */
static bool
holds(const struct watch *w, uint64_t stamp, bool disturbed)
{
	return (stamp != 0 && (stamp == w->pass ||
	    (stamp >= w->valid && !disturbed)));
}

static void
watch_dir(struct watch *w, struct dir *d, bool disturbed, bool files)
{
	int	 wd;

	files = files || d->nfiles > 0;
	if (d->wd != -1 && holds(w, d->stamp, disturbed) &&
	    (d->files || !files))
		return;
	if (d->wd == -1 && d->stamp == w->pass)
		return;
	wd = w->sys->add(w->sys->arg, d->name, files);
	d->stamp = w->pass;
	d->files = files;
	if (wd == d->wd && wd != -1)
		return;
	/* What is no directory has no names in it to be told of. */
	d->mute = wd == -1 && errno != ENOENT && errno != ENOTDIR;
	if (d->mute)
		w->error = errno;
	walk_unwatch(w, d);
	d->stamp = w->pass;
	if ((d->wd = wd) == -1)
		return;
	RB_INSERT(watch_dirwds, &w->dirwds, d);
	w->ndirs++;
}

static struct dir *
dir_get(struct watch *w, const char *name)
{
	struct dir	*d;
	size_t		 size = strlen(name) + 1;

	d = RB_FIND(watch_dirs, &w->dirs,
	    key_of(offsetof(struct dir, name), name));
	if (d != NULL)
		return (d);
	d = xcalloc(1, sizeof(*d) + size);
	memcpy(d->name, name, size);
	RB_INIT(&d->entries);
	d->wd = -1;
	RB_INSERT(watch_dirs, &w->dirs, d);
	return (d);
}

static struct entry *
entry_get(struct dir *d, const char *name)
{
	struct entry	*e;
	size_t		 size = strlen(name) + 1;

	if ((e = walk_entry(d, name)) != NULL)
		return (e);
	e = xcalloc(1, sizeof(*e) + size);
	memcpy(e->name, name, size);
	e->dir = d;
	TAILQ_INIT(&e->deps);
	RB_INSERT(watch_entries, &d->entries, e);
	d->nentries++;
	return (e);
}

static struct dep *
dep_add(struct watch_path *p, struct entry *e)
{
	struct dep	*dep;

	dep = xcalloc(1, sizeof(*dep));
	dep->entry = e;
	dep->path = p;
	TAILQ_INSERT_TAIL(&e->deps, dep, ofentry);
	TAILQ_INSERT_TAIL(&p->deps, dep, ofpath);
	return (dep);
}

/* What nobody depends on any more goes. */
static void
deps_free(struct watch *w, struct deps *deps)
{
	struct dep	*dep;
	struct entry	*e;
	struct dir	*d;

	while ((dep = TAILQ_FIRST(deps)) != NULL) {
		e = dep->entry;
		d = e->dir;
		if (dep->last)
			d->nfiles--;
		TAILQ_REMOVE(deps, dep, ofpath);
		TAILQ_REMOVE(&e->deps, dep, ofentry);
		free(dep);
		if (!TAILQ_EMPTY(&e->deps))
			continue;
		RB_REMOVE(watch_entries, &d->entries, e);
		free(e->target);
		free(e);
		if (--d->nentries > 0)
			continue;
		walk_unwatch(w, d);
		RB_REMOVE(watch_dirs, &w->dirs, d);
		free(d);
	}
}

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
	deps_free(w, &p->deps);
	unwatch_file(w, p);
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

static bool
same_file(const struct watch_id *a, const struct watch_id *b)
{
	return (a->error == 0 && b->error == 0 && a->dev == b->dev &&
	    a->ino == b->ino && a->size == b->size &&
	    a->mtime_ns == b->mtime_ns);
}

/* Takes on what was found at the end of the way. */
static void
found(struct watch *w, struct watch_path *p, struct watch_id *id)
{
	id->content = 0;
	if (id->error == 0 && p->ncontent > 0 && id->regular) {
		if (same_file(id, &p->id) && p->id.content != 0)
			id->content = p->id.content;
		else
			id->content = w->sys->content(w->sys->arg, p->real);
	}
	/* Where directories do not tell of writes, the file must. */
	if (w->sys->add_file != NULL && (id->error != 0 ||
	    p->file_wd == -1 || id->dev != p->id.dev ||
	    id->ino != p->id.ino)) {
		unwatch_file(w, p);
		if (id->error == 0)
			p->file_wd = w->sys->add_file(w->sys->arg, p->real);
		if (p->file_wd != -1)
			RB_INSERT(watch_pathwds, &w->pathwds, p);
		else if (id->error == 0)
			p->sweep_on = true;
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
	int		 nlinks;
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
		dep->entry->dir->nfiles++;
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

static void
walk_on(struct watch *w, struct watch_path *p, struct walk *k)
{
	struct watch_id	 id = { 0 };
	struct entry	*e;
	struct dep	*dep = NULL;
	struct dir	*d;
	char		*word;
	int		 error = 0;
	bool		 last, link;

	while ((word = next_word(k, &last)) != NULL) {
		if (strcmp(word, ".") == 0)
			continue;
		if (strcmp(word, "..") == 0) {
			step_back(k);
			continue;
		}
		d = dir_get(w, k->at[0] == '\0' ? "/" : k->at);
		e = entry_get(d, word);
		dep = dep_add(p, e);
		if (!holds(w, d->stamp, k->disturbed))
			k->disturbed = true;
		watch_dir(w, d, k->disturbed, last);
		if (d->wd == -1 && d->mute)
			p->sweep_on = true;
		if ((error = step_into(k, word)) != 0)
			break;
		if (last || !holds(w, e->stamp, k->disturbed ||
		    d->wd == -1)) {
			k->disturbed = k->disturbed || !last;
			find_out(w, e, k->at, &id);
		}
		error = e->error;
		if (error == 0 && e->target != NULL) {
			if ((error = follow(k, e->target)) != 0)
				break;
			dep = NULL;
			continue;
		}
		if (error == 0 && !last && !e->directory)
			error = ENOTDIR;
		if (error != 0 || last) {
			walk_end(w, p, k->at, last ? dep : NULL, &id, error);
			return;
		}
	}
	/* The end is a directory that was passed already, or no end at all. */
	if (error == 0)
		error = w->sys->look(w->sys->arg, k->at[0] == '\0' ? "/" :
		    k->at, &id, &link);
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
	k.at[0] = '\0';
	k.nlinks = 0;
	k.disturbed = false;
	if (strlcpy(k.rest, p->name, sizeof(k.rest)) >= PATH_MAX)
		ended(w, p, ENAMETOOLONG);
	else
		walk_on(w, p, &k);
	/* Only now, so that what is still on the way is not watched anew. */
	deps_free(w, &old);
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
