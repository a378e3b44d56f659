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
 * A file system for the tests of the path table: names, kinds and identities
 * in memory, with watches that give hints as inotify(7) does, or as kqueue(2)
 * does: then directories tell that something in them came or went, not what,
 * and files tell of writes.  Whatever is done to it queues hints;
 * fs_deliver() hands them to the table.
 */

#ifndef TESTS_UNIT_FAKE_FS_H
#define TESTS_UNIT_FAKE_FS_H

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../common/util.h"
#include "../../monitor/watch.h"

#define FS_MAX		16384
#define FS_HINTS	65536

enum fs_kind { FS_NONE, FS_FILE, FS_DIR, FS_LINK };

struct fs_node {
	char		 path[200];
	char		 target[100];	/* of a link; content of a file */
	enum fs_kind	 kind;
	uint64_t	 ino;
	int64_t		 size;
	int64_t		 mtime;
	bool		 closed;	/* a directory we may not search */
	bool		 mute;		/* one we may not watch */
};

struct fs_hint {
	enum { FS_HINT, FS_GONE, FS_LOST } what;
	int		 wd;
	char		 name[100];
};

struct fs_wd {
	uint64_t	 ino;		/* 0: none */
	enum watch_level level;
	bool		 file;		/* of one path, by add_file */
};

static struct fs {
	struct fs_node	 node[FS_MAX];
	size_t		 n;
	struct fs_wd	 wd[FS_MAX];
	int		 nwd;		/* numbers given, from 1 */
	int		 watched;	/* of them in use */
	int		 limit;
	struct fs_hint	 hint[FS_HINTS];
	size_t		 nhints;
	uint64_t	 ino;
	int64_t		 clock;
	unsigned int	 looks;
	unsigned int	 adds;
	bool		 held;		/* somebody is in what is removed: its
					   watches say nothing of that */
	bool		 kqueue;	/* hints are as those of it */
	const char	*written;	/* by somebody, at the next look or
					   watch of it */
	uint32_t	 asked;
	unsigned int	 nasked;
} fs;

static inline struct fs_node *
fs_find(const char *path)
{
	size_t	 i;

	for (i = 0; i < fs.n; i++)
		if (fs.node[i].kind != FS_NONE &&
		    strcmp(fs.node[i].path, path) == 0)
			return (&fs.node[i]);
	return (NULL);
}

/* Splits a path into its directory and the name in it. */
static inline const char *
fs_split(const char *path, char *dir)
{
	const char	*slash = strrchr(path, '/');

	if (slash == path)
		strlcpy(dir, "/", 200);
	else
		snprintf(dir, 200, "%.*s", (int)(slash - path), path);
	return (slash + 1);
}

static inline int
fs_wd_of(uint64_t ino)
{
	int	 wd;

	for (wd = 1; wd <= fs.nwd; wd++)
		if (fs.wd[wd].ino == ino && !fs.wd[wd].file)
			return (wd);
	return (-1);
}

static inline void
fs_queue(int what, int wd, const char *name)
{
	struct fs_hint	*h = &fs.hint[fs.nhints++];

	ck_assert_uint_lt(fs.nhints, FS_HINTS);
	h->what = what;
	h->wd = wd;
	strlcpy(h->name, name, sizeof(h->name));
}

/* Those who watch the file itself hear of it. */
static inline void
fs_tell_file(int what, uint64_t ino)
{
	int	 wd;

	for (wd = 1; wd <= fs.nwd; wd++)
		if (fs.wd[wd].file && fs.wd[wd].ino == ino)
			fs_queue(what, wd, "");
}

/* A name in its directory was touched; writing: only in the file. */
static inline void
fs_tell(const char *path, bool writing)
{
	struct fs_node	*d, *n = fs_find(path);
	const char	*name;
	char		 dir[200];
	int		 wd;

	if (n != NULL)
		fs_tell_file(FS_HINT, n->ino);
	if (fs.kqueue && writing)
		return;
	name = fs_split(path, dir);
	d = fs_find(dir);
	if (d == NULL || (wd = fs_wd_of(d->ino)) == -1 ||
	    fs.wd[wd].level < (writing ? WATCH_FILES : WATCH_NAMES))
		return;
	fs_queue(FS_HINT, wd, fs.kqueue ? "" : name);
}

static inline struct fs_node *
fs_make(const char *path, enum fs_kind kind)
{
	struct fs_node	*n = NULL;
	size_t		 i;

	for (i = 0; i < fs.n && n == NULL; i++)
		if (fs.node[i].kind == FS_NONE)
			n = &fs.node[i];
	if (n == NULL) {
		ck_assert_uint_lt(fs.n, FS_MAX);
		n = &fs.node[fs.n++];
	}
	memset(n, 0, sizeof(*n));
	strlcpy(n->path, path, sizeof(n->path));
	n->kind = kind;
	n->ino = ++fs.ino;
	n->mtime = ++fs.clock;
	return (n);
}

static inline void
fs_dir(const char *path)
{
	fs_make(path, FS_DIR);
	if (path[1] != '\0')
		fs_tell(path, false);
}

/* Writes a file in place, or makes it. */
static inline void
fs_write(const char *path, const char *text)
{
	struct fs_node	*n = fs_find(path);
	bool		 fresh = n == NULL;

	if (fresh)
		n = fs_make(path, FS_FILE);
	n->mtime = ++fs.clock;
	n->size = strlen(text);
	strlcpy(n->target, text, sizeof(n->target));
	fs_tell(path, !fresh);
}

static inline void
fs_link(const char *path, const char *target)
{
	struct fs_node	*n = fs_make(path, FS_LINK);

	strlcpy(n->target, target, sizeof(n->target));
	fs_tell(path, false);
}

static inline bool
fs_below(const char *path, const char *dir)
{
	size_t	 len = strlen(dir);

	return (strncmp(path, dir, len) == 0 && path[len] == '/');
}

/* With all below it, which goes first. */
static inline void
fs_remove(const char *path)
{
	struct fs_node	*n;
	size_t		 i;
	int		 wd;

	for (i = 0; i < fs.n; i++)
		if (fs.node[i].kind != FS_NONE &&
		    fs_below(fs.node[i].path, path))
			fs_tell(fs.node[i].path, false);
	fs_tell(path, false);
	for (i = 0; i < fs.n; i++) {
		n = &fs.node[i];
		if (n->kind == FS_NONE || (strcmp(n->path, path) != 0 &&
		    !fs_below(n->path, path)))
			continue;
		n->kind = FS_NONE;
		fs_tell_file(FS_GONE, n->ino);
		if ((fs.held && !fs.kqueue) ||
		    (wd = fs_wd_of(n->ino)) == -1)
			continue;
		fs_queue(FS_GONE, wd, "");
		fs.wd[wd].ino = 0;
		fs.watched--;
	}
}

/* Takes the place of what has that name. */
static inline void
fs_rename(const char *from, const char *to)
{
	struct fs_node	*n;
	char		 rest[200];
	size_t		 i;
	int		 wd;

	if (fs_find(to) != NULL)
		fs_remove(to);
	fs_tell(from, false);
	for (i = 0; i < fs.n; i++) {
		n = &fs.node[i];
		if (n->kind == FS_NONE || (strcmp(n->path, from) != 0 &&
		    !fs_below(n->path, from)))
			continue;
		if (n->kind == FS_DIR && strcmp(n->path, from) == 0 &&
		    (wd = fs_wd_of(n->ino)) != -1)
			fs_queue(FS_GONE, wd, "");
		if (strcmp(n->path, from) == 0)
			fs_tell_file(FS_GONE, n->ino);
		strlcpy(rest, n->path + strlen(from), sizeof(rest));
		snprintf(n->path, sizeof(n->path), "%s%.90s", to, rest);
	}
	fs_tell(to, false);
}

/* Can it be reached at all, links not followed?  0 or an errno. */
static inline int
fs_reach(const char *path)
{
	struct fs_node	*n;
	char		 dir[200];
	size_t		 i;

	for (i = 1; path[i] != '\0'; i++) {
		if (path[i] != '/' && i != 1)
			continue;
		snprintf(dir, sizeof(dir), "%.*s", i == 1 ? 1 : (int)i, path);
		if ((n = fs_find(dir)) == NULL)
			return (ENOENT);
		if (n->kind != FS_DIR)
			return (ENOTDIR);
		if (n->closed)
			return (EACCES);
	}
	return (0);
}

static inline void
fs_fill(const struct fs_node *n, struct watch_id *id)
{
	memset(id, 0, sizeof(*id));
	id->dev = 1;
	id->ino = n->ino;
	id->size = n->size;
	id->mtime_ns = n->mtime;
	id->regular = n->kind == FS_FILE;
	id->directory = n->kind == FS_DIR;
}

/* Somebody writes just now: before it is looked at, or after. */
static inline void
fs_meanwhile(const char *path)
{
	if (fs.written == NULL || strcmp(fs.written, path) != 0)
		return;
	fs.written = NULL;
	fs_write(path, "meanwhile");
}

static inline int
fs_look(void *arg, const char *path, struct watch_id *id, bool *link)
{
	struct fs_node	*n;

	(void)arg;
	fs.looks++;
	memset(id, 0, sizeof(*id));
	if ((id->error = fs_reach(path)) != 0)
		return (id->error);
	if ((n = fs_find(path)) == NULL)
		return (id->error = ENOENT);
	fs_fill(n, id);
	*link = n->kind == FS_LINK;
	fs_meanwhile(path);
	return (0);
}

static inline ssize_t
fs_readlink(void *arg, const char *path, char *buf, size_t size)
{
	struct fs_node	*n = fs_find(path);

	(void)arg;
	if (n == NULL || n->kind != FS_LINK) {
		errno = EINVAL;
		return (-1);
	}
	strlcpy(buf, n->target, size);
	return (strlen(buf));
}

static inline uint64_t
fs_content(void *arg, const char *path)
{
	struct fs_node	*n = fs_find(path);

	(void)arg;
	if (n == NULL || n->kind != FS_FILE)
		return (0);
	return (hash_bytes(0, n->target, strlen(n->target)) | 1);
}

static inline int
fs_add(void *arg, const char *dir, enum watch_level level)
{
	struct fs_node	*n;
	int		 wd;

	(void)arg;
	fs.adds++;
	if ((errno = fs_reach(dir)) != 0)
		return (-1);
	n = fs_find(dir);
	errno = n == NULL ? ENOENT : n->kind != FS_DIR ? ENOTDIR :
	    n->mute ? EACCES : 0;
	if (errno != 0)
		return (-1);
	if ((wd = fs_wd_of(n->ino)) == -1) {
		if (fs.watched >= fs.limit) {
			errno = ENOSPC;
			return (-1);
		}
		ck_assert_int_lt(fs.nwd + 1, FS_MAX);
		wd = ++fs.nwd;
		fs.watched++;
		fs.wd[wd].ino = n->ino;
		fs.wd[wd].level = level;
		fs.wd[wd].file = false;
	}
	if (fs.wd[wd].level < level)
		fs.wd[wd].level = level;
	return (wd);
}

static inline int
fs_add_file(void *arg, const char *path)
{
	struct watch_id	 id;
	bool		 link = false;
	int		 wd;

	if ((errno = fs_look(arg, path, &id, &link)) != 0 || link)
		return (-1);
	if (fs.watched >= fs.limit) {
		errno = EMFILE;
		return (-1);
	}
	ck_assert_int_lt(fs.nwd + 1, FS_MAX);
	wd = ++fs.nwd;
	fs.watched++;
	fs.wd[wd].ino = id.ino;
	fs.wd[wd].file = true;
	return (wd);
}

static inline void
fs_del(void *arg, int wd)
{
	(void)arg;
	if (fs.wd[wd].ino != 0)
		fs.watched--;
	fs.wd[wd].ino = 0;
}

static inline void
fs_ask(void *arg, uint32_t index)
{
	(void)arg;
	fs.asked = index;
	fs.nasked++;
}

/* What is there, links followed: the truth, for comparing. */
static inline int
fs_stat(const char *path, struct watch_id *id, int depth)
{
	struct fs_node	*n = fs_find("/");
	char		 at[1000], rest[1000], joined[2000], word[100];
	size_t		 len;

	memset(id, 0, sizeof(*id));
	at[0] = '\0';
	strlcpy(rest, path, sizeof(rest));
	for (;;) {
		len = strspn(rest, "/");
		memmove(rest, rest + len, strlen(rest + len) + 1);
		if (rest[0] == '\0')
			break;
		len = strcspn(rest, "/");
		snprintf(word, sizeof(word), "%.*s", (int)len, rest);
		memmove(rest, rest + len, strlen(rest + len) + 1);
		if (n->kind != FS_DIR)
			return (id->error = ENOENT);
		if (n->closed)
			return (id->error = EACCES);
		if (strcmp(word, ".") == 0)
			continue;
		if (strcmp(word, "..") == 0) {
			if (strrchr(at, '/') != NULL)
				*strrchr(at, '/') = '\0';
			n = fs_find(at[0] == '\0' ? "/" : at);
			continue;
		}
		len = strlen(at);
		snprintf(at + len, sizeof(at) - len, "/%s", word);
		if ((n = fs_find(at)) == NULL)
			return (id->error = ENOENT);
		if (n->kind != FS_LINK)
			continue;
		if (++depth > 40)
			return (id->error = ENOENT);
		at[len] = '\0';
		if (n->target[0] == '/')
			at[0] = '\0';
		snprintf(joined, sizeof(joined), "%s/%s", n->target, rest);
		strlcpy(rest, joined, sizeof(rest));
		n = fs_find(at[0] == '\0' ? "/" : at);
	}
	fs_fill(n, id);
	return (0);
}

static const struct watch_sys fs_sys = {
	.look = fs_look, .readlink = fs_readlink, .content = fs_content,
	.add = fs_add, .del = fs_del, .ask = fs_ask
}, fs_sys_kqueue = {
	.look = fs_look, .readlink = fs_readlink, .content = fs_content,
	.add = fs_add, .add_file = fs_add_file, .del = fs_del, .ask = fs_ask
};

static inline void
fs_reset(void)
{
	memset(&fs, 0, sizeof(fs));
	fs.limit = FS_MAX;
	fs_dir("/");
}

/* Hands over all hints, and lets the table do its work. */
static inline void
fs_deliver(struct watch *w, struct mono now)
{
	struct fs_hint	*h;
	size_t		 i;

	for (i = 0; i < fs.nhints; i++) {
		h = &fs.hint[i];
		if (h->what == FS_HINT)
			watch_hint(w, now, h->wd,
			    h->name[0] != '\0' ? h->name : NULL);
		else if (h->what == FS_GONE)
			watch_gone(w, now, h->wd);
		else
			watch_lost(w, now);
	}
	fs.nhints = 0;
	watch_run(w, now);
}

#endif /* TESTS_UNIT_FAKE_FS_H */
