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
 * The real file system for the path table: what is there was made by anybody
 * and is only looked at; content is hashed, never understood.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../common/util.h"
#include "hints.h"
#include "watch_fs.h"

/* A larger file is compared by its identity. */
#define CONTENT_MAX	(16 * 1024 * 1024)

static int
fs_look(void *arg, const char *path, struct watch_id *id, bool *link)
{
	struct stat	 st;

	(void)arg;
	memset(id, 0, sizeof(*id));
	if (lstat(path, &st) == -1)
		return (id->error = errno);
	*link = S_ISLNK(st.st_mode);
	id->regular = S_ISREG(st.st_mode);
	id->directory = S_ISDIR(st.st_mode);
	id->dev = st.st_dev;
	id->ino = st.st_ino;
	/* A directory's size and times are about the names in it. */
	id->size = st.st_size;
	id->mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 +
	    st.st_mtim.tv_nsec;
	id->ctime_ns = (int64_t)st.st_ctim.tv_sec * 1000000000 +
	    st.st_ctim.tv_nsec;
	return (0);
}

static ssize_t
fs_readlink(void *arg, const char *path, char *buf, size_t size)
{
	(void)arg;
	return (readlink(path, buf, size));
}

static uint64_t
fs_content(void *arg, const char *path)
{
	static uint8_t	 buf[64 * 1024];
	struct stat	 st;
	uint64_t	 h = 0;
	off_t		 got = 0;
	ssize_t		 n;
	int		 fd;

	(void)arg;
	/* It may be a fifo by now: do not wait for its writer. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return (0);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_size > CONTENT_MAX)
		goto fail;
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		h = hash_bytes(h, buf, n);
		if ((got += n) > CONTENT_MAX)
			goto fail;
	}
	close(fd);
	/* 0 says that it could not be read. */
	return (n == -1 ? 0 : h != 0 ? h : 1);
fail:
	close(fd);
	return (0);
}

static int
fs_add(void *arg, const char *dir, enum watch_level level)
{
	if (arg == NULL) {
		errno = ENOSYS;
		return (-1);
	}
	return (hints_add(arg, dir, level));
}

static int
fs_add_file(void *arg, const char *path)
{
	return (hints_add_file(arg, path));
}

static void
fs_del(void *arg, int wd)
{
	if (arg != NULL)
		hints_del(arg, wd);
}

void
watch_fs(struct watch_sys *sys)
{
	memset(sys, 0, sizeof(*sys));
	sys->look = fs_look;
	sys->readlink = fs_readlink;
	sys->content = fs_content;
	sys->add = fs_add;
	sys->add_file = hints_of_files ? fs_add_file : NULL;
	sys->del = fs_del;
}
