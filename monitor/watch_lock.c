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

bool
wlock_held(char **paths, uint32_t n, const char **name)
{
	struct stat	 st;
	uint32_t	 i;

	for (i = 0; i < n; i++) {
		*name = paths[i];
		if (stat(paths[i], &st) == -1)
			continue;
		if (is_listed(&st) || says_itself(paths[i]))
			return (true);
	}
	return (false);
}
