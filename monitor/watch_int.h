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
 * The inside of the path table, shared by watch.c (what happens, and when)
 * and watch_walk.c (which directories lie on the way to a path).
 */

#ifndef MONITOR_WATCH_INT_H
#define MONITOR_WATCH_INT_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "watch.h"

struct entry;
struct watch_path;

/* That a path depends on a name in a directory. */
struct dep {
	TAILQ_ENTRY(dep) ofentry;
	TAILQ_ENTRY(dep) ofpath;
	struct entry	*entry;
	struct watch_path *path;
	enum watch_level need;
	bool		 last;	/* the file itself: no other way to it */
};

TAILQ_HEAD(deps, dep);

/* Is it the file that it was?  Also when both times there was none. */
static inline bool
watch_same(const struct watch_id *a, const struct watch_id *b)
{
	return (a->error == b->error && a->dev == b->dev &&
	    a->ino == b->ino && a->size == b->size &&
	    a->mtime_ns == b->mtime_ns);
}

/*
 * A name in a directory.  What was found there holds until a hint, so that
 * ten thousand files below one directory do not read it ten thousand times.
 */
struct entry {
	RB_ENTRY(entry)	 byname;
	struct dir	*dir;
	struct deps	 deps;
	uint64_t	 stamp;		/* pass in which it was found out */
	int		 error;		/* errno of looking at it */
	bool		 directory;
	char		*target;	/* of a symbolic link; NULL: is none */
	char		 name[];
};

RB_HEAD(watch_entries, entry);

struct dir {
	RB_ENTRY(dir)	 byname;
	RB_ENTRY(dir)	 bywd;
	struct watch_entries entries;
	uint32_t	 nentries;
	uint32_t	 nneed[WATCH_FILES + 1]; /* deps by what they need */
	uint64_t	 stamp;		/* pass in which it was watched */
	uint64_t	 since;		/* pass in which that began, for its
					   level */
	int		 wd;		/* -1: not watched */
	bool		 mute;		/* it is there, but cannot be watched */
	enum watch_level level;		/* that it is watched for */
	char		 name[];	/* without symbolic links */
};

RB_HEAD(watch_dirs, dir);
RB_HEAD(watch_dirwds, dir);

TAILQ_HEAD(watch_subs, watch_sub);

struct watch_path {
	RB_ENTRY(watch_path) byname;
	RB_ENTRY(watch_path) bywd;	/* file_wd, while it is not -1 */
	TAILQ_ENTRY(watch_path) pend;
	TAILQ_ENTRY(watch_path) walk;
	TAILQ_ENTRY(watch_path) sweep;
	struct watch_subs subs;
	struct deps	 deps;
	struct watch_id	 id;		/* as last seen */
	struct watch_id	 told;		/* answered, while asked */
	struct mono	 first;		/* sign of the present stir */
	struct mono	 last;
	uint32_t	 ncontent;	/* subs that want the hash */
	int		 file_wd;
	bool		 pending;	/* between a sign and its look */
	bool		 overdue;	/* restless: look in any case */
	bool		 walking;	/* the way to it is to be walked */
	bool		 swept;		/* no hints, or not for all of it */
	bool		 sweep_on;	/* so says the walk under way */
	bool		 blind;		/* we cannot see it ourselves */
	bool		 asking;	/* ask is under way */
	bool		 fresh;		/* of writes before the last look
					   nobody has told */
	char		*real;		/* where the walk ended */
	char		 name[];
};

TAILQ_HEAD(pending, watch_path);
RB_HEAD(watch_paths, watch_path);
RB_HEAD(watch_pathwds, watch_path);

struct watch {
	const struct watch_sys *sys;
	struct watch_paths paths;
	struct watch_pathwds pathwds;
	struct watch_dirs dirs;
	struct watch_dirwds dirwds;
	struct pending	 pending;	/* in order of the last sign */
	struct pending	 walks;
	struct pending	 sweeps;
	struct mono	 next_sweep;
	uint64_t	 pass;		/* number of the present turn */
	uint64_t	 valid;		/* found out before this is void */
	uint32_t	 settle_ms;
	uint32_t	 npaths;
	uint32_t	 ndirs;
	uint32_t	 nswept;
	int		 error;
};

/* watch_walk.c: the way to a path anew; its id and what hangs on it. */
void	 walk_path(struct watch *, struct watch_path *);
/* Only the file at its end. */
void	 walk_look(struct watch *, struct watch_path *);
void	 walk_forget(struct watch *, struct watch_path *);

/*
 * watch_dir.c: directories and the names in them, by name or by number.
 * Several directories may share a number: bywd is the first, next the rest.
 */
struct dir	*walk_dir_get(struct watch *, const char *);
struct dir	*walk_dir_bywd(struct watch *, int wd);
struct dir	*walk_dir_next(struct watch *, struct dir *);
struct entry	*walk_entry(struct dir *, const char *name);
struct entry	*walk_entry_get(struct dir *, const char *name);
/* What is known of the name under which a directory is found, or NULL. */
struct entry	*walk_own_entry(struct watch *, const struct dir *);
struct watch_path *walk_path_bywd(struct watch *, int wd);
/* Does what was found out in that pass still hold?  disturbed: something
 * above it had to be found out anew. */
bool	 walk_holds(const struct watch *, uint64_t stamp, bool disturbed);
/* 0, or -1: there is no such directory. */
int	 walk_watch_dir(struct watch *, struct dir *, bool disturbed,
	    enum watch_level);
/* Its watch is void. */
void	 walk_unwatch(struct watch *, struct dir *);
/* Its own watch, where files have one: file_wd is -1 when it failed. */
void	 walk_watch_file(struct watch *, struct watch_path *);
void	 walk_unwatch_file(struct watch *, struct watch_path *);
struct dep	*walk_dep_add(struct watch_path *, struct entry *);
void	 walk_dep_needs(struct dep *, enum watch_level);
/* What nobody depends on any more goes. */
void	 walk_deps_free(struct watch *, struct deps *);

RB_PROTOTYPE(watch_entries, entry, byname, entry_cmp)

#endif /* MONITOR_WATCH_INT_H */
