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
 * The path table: what the files are that somebody wants to know about, and
 * when one of them has changed.  The identity of a path by stat(2) is what
 * counts; what the kernel says of directories is only a hint to look.  Every
 * directory on the way to a path is watched, those on the way of its symbolic
 * links as well, down to the first name that is not there.
 *
 * The table reads no clock and knows no event loop, and the file system is
 * behind struct watch_sys, so that tests bring one of their own.
 *
 * A change has settled when there was no sign of one for the settle time; a
 * path that never comes to rest is looked at every WATCH_RESTLESS_MS.
 */

#ifndef MONITOR_WATCH_H
#define MONITOR_WATCH_H

#include <sys/types.h>
#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/mono.h"

#define WATCH_RESTLESS_MS	10000
/* How often what the kernel gives no hints about is looked at. */
#define WATCH_SWEEP_MS		2000
/* Two writes within the grain of the file system's clock look like one. */
#define WATCH_SETTLE_MIN	20

/* What is at a path, symbolic links followed. */
struct watch_id {
	int		 error;		/* 0: it is there; ENOENT, ENOTDIR: it
					   is not; else: we cannot see */
	bool		 regular;
	bool		 directory;
	uint64_t	 dev;
	uint64_t	 ino;
	int64_t		 size;
	int64_t		 mtime_ns;	/* since the Epoch */
	int64_t		 ctime_ns;	/* no part of the identity; 0: not
					   known */
	uint64_t	 content;	/* hash; 0 where it was not wanted or
					   the file cannot be read */
};

/*
 * What of a directory is of interest.  On the way to somewhere it is enough
 * to know that it is still there: others may make files in /tmp as fast as
 * they like.
 */
enum watch_level {
	WATCH_NOTHING,
	WATCH_SELF,		/* whether it is removed or renamed */
	WATCH_NAMES,		/* names in it that come and go */
	WATCH_FILES		/* and writes into its files */
};

/*
 * The file system.  look is an lstat(2): 0 with *id filled in and *link
 * saying whether it is a symbolic link, or an errno.  add watches a
 * directory, for at least that level, and returns a number for it, the same
 * one for the same directory, or -1 with errno.  add_file
 * does so for a file where directories do not tell of writes; NULL where
 * they do.  content hashes a file: 0 when it cannot.  ask asks somebody who
 * may see more for the path with that index: watch_told() is the answer.
 */
struct watch_sys {
	int		(*look)(void *, const char *, struct watch_id *,
			    bool *link);
	ssize_t		(*readlink)(void *, const char *, char *, size_t);
	uint64_t	(*content)(void *, const char *);
	int		(*add)(void *, const char *, enum watch_level);
	int		(*add_file)(void *, const char *);
	void		(*del)(void *, int wd);
	void		(*ask)(void *, uint32_t index);
	void		*arg;
	void		*ask_arg;
};

enum watch_news {
	WATCH_STIRRED,		/* signs of a change; SETTLED follows */
	WATCH_SETTLED,		/* at rest again: look at the identity */
	WATCH_RESTLESS		/* not at rest, but it is time to look */
};

struct watch;
struct watch_path;

/*
 * Somebody's interest in a path; the memory is his.  news is called from
 * watch_run(), watch_told() and the hints only, and may not add or drop an
 * interest.
 */
struct watch_sub {
	TAILQ_ENTRY(watch_sub) entry;
	struct watch_path *path;
	void		(*news)(struct watch_sub *, enum watch_news);
	bool		 content;	/* wants the hash, too */
	uint32_t	 index;		/* for ask; NO_INDEX: cannot be asked */
};

/* sys is borrowed. */
struct watch	*watch_new(const struct watch_sys *);
/* No interest may be left. */
void	 watch_free(struct watch *);
/* From the next sign on; less than WATCH_SETTLE_MIN counts as that. */
void	 watch_set_settle(struct watch *, uint32_t ms);

/*
 * Takes an interest in an absolute path: it is looked at now.  sub has news,
 * content and index set.  The name is copied.  There is no news of what is
 * under way already: watch_stirs() tells.
 */
void	 watch_add(struct watch *, struct watch_sub *, const char *path);
void	 watch_drop(struct watch *, struct watch_sub *);

/* As if there had been a sign of change: it is looked at when it settles. */
void	 watch_touch(struct watch *, struct watch_sub *, struct mono now);

/* As last seen. */
const struct watch_id	*watch_identity(const struct watch_sub *);
const char	*watch_name(const struct watch_sub *);
/* Something is under way with it; when the last sign of that came. */
bool	 watch_stirs(const struct watch_sub *);
struct mono	 watch_last_sign(const struct watch_sub *);
/*
 * A short mark of an identity, for comparing: WATCH_ABSENT where nothing is,
 * WATCH_UNSEEN where we cannot see.
 */
#define WATCH_ABSENT	0U
#define WATCH_UNSEEN	1U
uint32_t	 watch_mark(const struct watch_sub *);
/* The same of an identity that somebody else saw. */
uint32_t	 watch_mark_of(const struct watch_id *);

/*
 * Hints: something happened to a name in a watched directory (NULL: to any
 * of them); the watch has come to its end, or the directory moved; hints
 * were lost.  They only take note: watch_run() follows.
 */
void	 watch_hint(struct watch *, struct mono now, int wd, const char *name);
void	 watch_gone(struct watch *, struct mono now, int wd);
void	 watch_lost(struct watch *, struct mono now);

/* What is due: looks, sweeps, news. */
void	 watch_run(struct watch *, struct mono now);
/* When to call it next, or never. */
struct mono	 watch_due(const struct watch *);
/* When the next path is looked at that stirs, or never. */
struct mono	 watch_next_look(const struct watch *);
/* The answer to ask. */
void	 watch_told(struct watch *, struct mono now, uint32_t index,
	    const struct watch_id *);

/* For status and tests. */
struct watch_counts {
	uint32_t	 paths;
	uint32_t	 dirs;		/* that are watched */
	uint32_t	 swept;		/* paths looked at by a timer */
	uint32_t	 asked;		/* of these, by somebody else */
	uint32_t	 unseen;	/* nobody can look at them */
	int		 error;		/* why a directory could not be
					   watched the last time, or 0 */
};

void	 watch_count(const struct watch *, struct watch_counts *);
/* c.swept alone; and the name of one of them, or NULL. */
uint32_t	 watch_nswept(const struct watch *);
const char	*watch_swept_name(const struct watch *);

#endif /* MONITOR_WATCH_H */
