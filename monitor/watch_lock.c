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
 * Whether a package manager is at work: whether somebody holds a lock on one
 * of its lock files.  We may rarely open them (dpkg's are for root alone),
 * but the kernel lists all locks with device and inode number, proc(5), and
 * to learn a file's numbers no right on it is needed.  Where there is no such
 * list, or the file system has other numbers in it, the file itself is asked
 * where it can be opened.
 *
 * To list all locks takes the kernel some milliseconds, so we look while a
 * changed file settles, not when it has.  That is as good: who changed the
 * file held the lock then, and when he has not got it after the last sign of
 * change, he is done with it.
 */

#include "config.h"

#include <sys/types.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "watcher.h"

#define AHEAD_MS	50	/* more than any list takes */

#ifdef __linux__
#define LOCK_LIST	"/proc/locks"

static bool
is_listed(const struct stat *st)
{
	char	 line[256], wanted[64];
	FILE	*f;
	bool	 found = false;

	if ((f = fopen(LOCK_LIST, "re")) == NULL)
		return (false);
	/* As the kernel writes it: fs/locks.c, lock_get_status(). */
	snprintf(wanted, sizeof(wanted), " %02x:%02x:%llu ",
	    (unsigned int)major(st->st_dev), (unsigned int)minor(st->st_dev),
	    (unsigned long long)st->st_ino);
	while (!found && fgets(line, sizeof(line), f) != NULL)
		/* "->": somebody who only waits for it. */
		found = strstr(line, wanted) != NULL &&
		    strstr(line, "->") == NULL;
	fclose(f);
	return (found);
}
#else
static bool
is_listed(const struct stat *st)
{
	(void)st;
	return (false);
}
#endif

static bool
says_itself(const char *path)
{
	struct flock	 fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int		 fd, ret;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return (false);
	ret = fcntl(fd, F_GETLK, &fl);
	close(fd);
	return (ret == 0 && fl.l_type != F_UNLCK);
}

/* The first of the lock files that somebody holds, or NULL. */
static const char *
find_held(char **paths, uint32_t n)
{
	struct stat	 st;
	uint32_t	 i;

	for (i = 0; i < n; i++)
		if (stat(paths[i], &st) == 0 &&
		    (is_listed(&st) || says_itself(paths[i])))
			return (paths[i]);
	return (NULL);
}

const char *
wlock_held(struct watcher *wr, struct mono sign)
{
	const struct schedrec_plan	*plan = &wr->mon->now.plan;
	struct mono			 now = mono_now();
	const char			*name;

	if (mono_cmp(wr->locks_free, sign) > 0)
		return (NULL);
	if ((name = find_held(plan->locks, plan->nlocks)) == NULL)
		/* At the least it was so when we began to look. */
		wr->locks_free = now;
	return (name);
}

void
wlock_look_ahead(struct watcher *wr, struct mono now)
{
	const struct schedrec_plan	*plan = &wr->mon->now.plan;
	struct mono			 at = watch_next_look(wr->watch);
	int64_t				 margin = plan->settle_ms / 2;

	wr->look_ahead = MONO_NEVER;
	if (!mono_isset(at) || plan->nlocks == 0 ||
	    mono_cmp(wr->locks_free, mono_add(at, -plan->settle_ms)) > 0)
		return;
	at = mono_add(at, -(margin < AHEAD_MS ? margin : AHEAD_MS));
	if (mono_cmp(at, now) > 0)
		wr->look_ahead = at;
	else
		(void)wlock_held(wr, now);
}
