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
 * The directories that are watched and the names in them that matter: what
 * is known of each, who depends on it, and when it has to be found out anew.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "watch_int.h"

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

/* What is known of the name under which it is found. */
struct entry *
walk_own_entry(struct watch *w, const struct dir *d)
{
	struct dir	*up;
	const char	*slash;
	char		*name;

	slash = strrchr(d->name, '/');
	if (slash[1] == '\0')
		return (NULL);
	name = slash == d->name ? xstrdup("/") :
	    xstrndup(d->name, slash - d->name);
	up = RB_FIND(watch_dirs, &w->dirs,
	    key_of(offsetof(struct dir, name), name));
	free(name);
	return (up != NULL ? walk_entry(up, slash + 1) : NULL);
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
	d->level = WATCH_NOTHING;
	d->stamp = 0;
	w->ndirs--;
}

void
walk_watch_file(struct watch *w, struct watch_path *p)
{
	p->file_wd = w->sys->add_file(w->sys->arg, p->real);
	if (p->file_wd != -1)
		RB_INSERT(watch_pathwds, &w->pathwds, p);
	else
		w->error = errno;
}

void
walk_unwatch_file(struct watch *w, struct watch_path *p)
{
	if (p->file_wd == -1)
		return;
	RB_REMOVE(watch_pathwds, &w->pathwds, p);
	w->sys->del(w->sys->arg, p->file_wd);
	p->file_wd = -1;
}

/* Is it still so?  It was found out in this pass; or before, and nothing
 * above it had to be found out anew. */
bool
walk_holds(const struct watch *w, uint64_t stamp, bool disturbed)
{
	return (stamp != 0 && (stamp == w->pass ||
	    (stamp >= w->valid && !disturbed)));
}

/* 0, or -1: there is no such directory. */
int
walk_watch_dir(struct watch *w, struct dir *d, bool disturbed,
    enum watch_level level)
{
	int	 wd;

	if (level < WATCH_FILES && d->nneed[WATCH_FILES] > 0)
		level = WATCH_FILES;
	if (level < WATCH_NAMES && d->nneed[WATCH_NAMES] > 0)
		level = WATCH_NAMES;
	if (d->wd != -1 && d->level >= level &&
	    walk_holds(w, d->stamp, disturbed))
		return (0);
	if (d->mute && d->stamp == w->pass)
		return (0);
	wd = w->sys->add(w->sys->arg, d->name, level);
	if (wd != -1 && wd == d->wd) {
		if (d->level < level) {
			d->level = level;
			d->since = w->pass;
		}
		d->stamp = w->pass;
		return (0);
	}
	d->mute = wd == -1 && errno != ENOENT && errno != ENOTDIR;
	if (d->mute)
		w->error = errno;
	walk_unwatch(w, d);
	if (wd == -1) {
		d->stamp = d->mute ? w->pass : 0;
		return (d->mute ? 0 : -1);
	}
	d->stamp = d->since = w->pass;
	d->wd = wd;
	d->level = level;
	RB_INSERT(watch_dirwds, &w->dirwds, d);
	w->ndirs++;
	return (0);
}

struct dir *
walk_dir_get(struct watch *w, const char *name)
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

struct entry *
walk_entry_get(struct dir *d, const char *name)
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

struct dep *
walk_dep_add(struct watch_path *p, struct entry *e)
{
	struct dep	*dep;

	dep = xcalloc(1, sizeof(*dep));
	dep->entry = e;
	dep->path = p;
	e->dir->nneed[WATCH_NOTHING]++;
	TAILQ_INSERT_TAIL(&e->deps, dep, ofentry);
	TAILQ_INSERT_TAIL(&p->deps, dep, ofpath);
	return (dep);
}

void
walk_dep_needs(struct dep *dep, enum watch_level level)
{
	dep->entry->dir->nneed[dep->need]--;
	dep->entry->dir->nneed[level]++;
	dep->need = level;
}

/* What nobody depends on any more goes. */
void
walk_deps_free(struct watch *w, struct deps *deps)
{
	struct dep	*dep;
	struct entry	*e;
	struct dir	*d;

	while ((dep = TAILQ_FIRST(deps)) != NULL) {
		e = dep->entry;
		d = e->dir;
		d->nneed[dep->need]--;
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
