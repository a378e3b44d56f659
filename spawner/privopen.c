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
 * Opening files as root.  The paths come from the command line and the
 * sealed plan; what lies there may have been put there by anybody.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/memfile.h"
#include "../common/util.h"
#include "privopen.h"

#define EMPTY_DIR	"/var/empty"
#define EMPTY_RUN_DIR	"/var/run/taskforced.empty"

static uid_t
own_owner(void)
{
	struct stat st;

#ifdef __linux__
	if (stat("/proc/self/exe", &st) == 0)
		return (st.st_uid);
#else
	(void)st;
#endif
	return (0);
}

int
privopen_file(const char *path, char *why, size_t size)
{
	struct stat st;
	int fd, save;

	/* O_NONBLOCK: a FIFO must not stop us before fstat() has seen it. */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
	    O_NOCTTY)) == -1 || fstat(fd, &st) == -1) {
		save = errno;
		/* A socket is there, but nobody can open it. */
		snprintf(why, size, "%s: %s", path, save == ENXIO ?
		    "not a regular file" : strerror(save));
		goto fail;
	}
	if (!S_ISREG(st.st_mode)) {
		snprintf(why, size, "%s: %s", path, S_ISDIR(st.st_mode) ?
		    "is a directory" : "not a regular file");
		save = EINVAL;
		goto fail;
	}
	if (st.st_uid != 0 && st.st_uid != geteuid()) {
		snprintf(why, size, "%s: owned by uid %u, must be owned by "
		    "%s; use chown(1)", path, (unsigned int)st.st_uid,
		    geteuid() == 0 ? "root" : "you or root");
		save = EPERM;
		goto fail;
	}
	if (st.st_mode & (S_IWGRP | S_IWOTH)) {
		snprintf(why, size, "%s: writable by group or others; use "
		    "chmod go-w", path);
		save = EPERM;
		goto fail;
	}
	return (fd);
fail:
	if (fd != -1)
		close(fd);
	errno = save;
	return (-1);
}

int
privopen_copy(int fd, size_t max)
{
	struct memfile copy;
	char buf[16384];
	size_t at = 0;
	ssize_t n;

	if (memfile_open(&copy, "taskforced") == -1)
		return (-1);
	while (at < max) {
		n = pread(fd, buf, max - at < sizeof(buf) ?
		    max - at : sizeof(buf), at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 || (n > 0 && memfile_write(&copy, buf, n) == -1)) {
			memfile_close(&copy);
			return (-1);
		}
		if (n == 0)
			break;
		at += n;
	}
	return (memfile_finish(&copy));
}

static bool
is_safe(const struct stat *st)
{
	return ((st->st_uid == 0 || st->st_uid == geteuid() ||
	    st->st_uid == own_owner()) &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0);
}

int
privopen_program(const char *path)
{
	struct stat st;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return (-1);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || !is_safe(&st)) {
		close(fd);
		errno = EPERM;
		return (-1);
	}
	return (fd);
}

int
privopen_alone(const char *path, char *why, size_t size)
{
	const char *slash = path;
	char part[PATH_MAX];
	struct stat st;
	bool last;

	/* From the root down: what was passed cannot be changed meanwhile. */
	do {
		slash = strchr(slash + 1, '/');
		last = slash == NULL;
		if (strlcpy(part, path, sizeof(part)) >= sizeof(part)) {
			snprintf(why, size, "%s", strerror(ENAMETOOLONG));
			return (-1);
		}
		if (!last)
			part[slash - path] = '\0';
		if (lstat(part, &st) == -1) {
			snprintf(why, size, "%s: %s", part, strerror(errno));
			return (-1);
		}
		/* Others can add to it, but not take the place of a name. */
		if (!last && (st.st_mode & S_ISVTX) != 0)
			st.st_mode &= ~(S_IWGRP | S_IWOTH);
		if (!(last ? S_ISREG(st.st_mode) : S_ISDIR(st.st_mode)) ||
		    !is_safe(&st)) {
			snprintf(why, size, "%s: others may write it", part);
			return (-1);
		}
	} while (!last);
	return (0);
}

char *
privopen_self(const char *argv0)
{
#ifdef __linux__
	char buf[PATH_MAX];
	ssize_t n;

	(void)argv0;
	if ((n = readlink("/proc/self/exe", buf, sizeof(buf) - 1)) == -1)
		return (NULL);
	buf[n] = '\0';
	return (strdup(buf));
#else
	if (strchr(argv0, '/') == NULL)
		return (NULL);
	return (realpath(argv0, NULL));
#endif
}

char *
privopen_libexec(const char *argv0)
{
	struct stat st;
	char *exe, *dir = NULL, *slash;
	int i;

	if ((exe = privopen_self(argv0)) != NULL) {
		for (i = 0; i < 2; i++)
			if ((slash = strrchr(exe, '/')) != NULL)
				*slash = '\0';
		if (asprintf(&dir, "%s/libexec/taskforced", exe) == -1)
			dir = NULL;
		free(exe);
		if (dir != NULL && stat(dir, &st) == 0 &&
		    S_ISDIR(st.st_mode) && is_safe(&st))
			return (dir);
		free(dir);
	}
	return (strdup(LIBEXECDIR));
}

static bool
is_private_dir(const char *path)
{
	struct stat st;

	return (lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	    st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0);
}

char *
privopen_empty(void)
{
	if (is_private_dir(EMPTY_DIR))
		return (strdup(EMPTY_DIR));
	if (mkdir(EMPTY_RUN_DIR, 0755) == -1 && errno != EEXIST)
		return (NULL);
	if (!is_private_dir(EMPTY_RUN_DIR)) {
		errno = EPERM;
		return (NULL);
	}
	return (strdup(EMPTY_RUN_DIR));
}
