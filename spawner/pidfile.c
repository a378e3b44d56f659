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
 * The pidfile, by fcntl(2) locks: they name their holder, they are not
 * inherited by children, and they survive exec.  What is written in the
 * file is for people and scripts; we believe the lock.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pidfile.h"

static struct flock
whole_file(void)
{
	struct flock fl;

	memset(&fl, 0, sizeof(fl));
	fl.l_type = F_WRLCK;
	fl.l_whence = SEEK_SET;
	return (fl);
}

/*
 * The holder of the lock on fd; 0: none.  A daemon holds it for writing; for
 * reading anybody could.
 */
static pid_t
lock_holder(int fd)
{
	struct flock fl = whole_file();

	if (fcntl(fd, F_GETLK, &fl) == -1)
		return (-1);
	return (fl.l_type == F_WRLCK ? fl.l_pid : 0);
}

/* Whether path still names the file that is open: it may have been removed
 * by the daemon that just ended. */
static bool
still_there(const char *path, int fd)
{
	struct stat a, b;

	return (stat(path, &a) == 0 && fstat(fd, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

static int
open_locked(const char *path, pid_t *holder)
{
	struct flock fl;
	int fd, save, tries = 5;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
		    O_NONBLOCK, 0644);
		if (fd == -1)
			return (-1);
		fl = whole_file();
		if (fcntl(fd, F_SETLK, &fl) == -1) {
			save = errno;
			if (save == EACCES || save == EAGAIN) {
				*holder = lock_holder(fd);
				save = EEXIST;
			}
			/* Locked by one who may only read it: a new one. */
			if (save == EEXIST && *holder == 0 && --tries > 0 &&
			    unlink(path) == 0) {
				close(fd);
				continue;
			}
			close(fd);
			errno = save;
			return (-1);
		}
		if (still_there(path, fd))
			return (fd);
		close(fd);
	}
}

int
pidfile_hold(const char *path, pid_t *holder)
{
	int fd, save;

	if ((fd = open_locked(path, holder)) == -1)
		return (-1);
	if (ftruncate(fd, 0) == -1 || dprintf(fd, "%d\n",
	    (int)getpid()) < 0) {
		save = errno;
		pidfile_drop(path, fd);
		errno = save;
		return (-1);
	}
	return (fd);
}

void
pidfile_drop(const char *path, int fd)
{
	if (still_there(path, fd))
		unlink(path);
	close(fd);
}

pid_t
pidfile_holder(const char *path)
{
	pid_t pid;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return (errno == ENOENT ? 0 : -1);
	pid = lock_holder(fd);
	close(fd);
	return (pid);
}
