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
 * Hints on BSD: kqueue(2).  A directory's descriptor tells that names in it
 * came or went, not which; a file's descriptor tells of writes.  So both are
 * held open, where they can be opened; what cannot is swept by the table, and
 * so is what would take the descriptors that others need.
 *
 * The number of a watch is its descriptor.  A directory has one, under
 * whatever names it is added: it keeps what it has to tell when it is added
 * again.
 */

#include <sys/types.h>
#include <sys/event.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/log.h"
#include "../common/util.h"
#include "hints.h"

#define EVENTS	64	/* at a time */
/* Of the descriptors that we may have, those for clients and the rest. */
#define RESERVE	128

#define NOTES_GONE	(NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE)
#define NOTES_WRITES	(NOTE_WRITE | NOTE_EXTEND | NOTE_LINK)

/* A directory; while its descriptor is open, no other can be the same. */
struct vnode {
	bool		 used;
	bool		 writes;	/* what happens in it is told, too */
	dev_t		 dev;
	ino_t		 ino;
};

struct hints {
	struct hints_conf conf;
	int		 kq;
	struct event	*readable;
	int		 most;		/* descriptors are below this */
	int		 top;		/* those of directories below this */
	struct vnode	*dirs;		/* by descriptor, most of them */
};

const bool	 hints_of_files = true;

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct hints		*h = arg;
	struct kevent		 ev[EVENTS];
	struct timespec		 none = { 0, 0 };
	int			 i, n, wd;

	(void)what;
	n = kevent(fd, NULL, 0, ev, nitems(ev), &none);
	for (i = 0; i < n; i++) {
		wd = ev[i].ident;
		if (ev[i].fflags & NOTES_GONE)
			h->conf.gone(h->conf.arg, wd);
		else
			h->conf.hint(h->conf.arg, wd, NULL);
	}
	h->conf.done(h->conf.arg);
}

static int
most_of(void)
{
	struct rlimit	 rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1 || rl.rlim_cur < 2 * RESERVE)
		return (RESERVE);
	return ((rl.rlim_cur < INT16_MAX ? rl.rlim_cur : INT16_MAX) -
	    RESERVE);
}

struct hints *
hints_new(struct event_base *base, const struct hints_conf *conf)
{
	struct hints	*h;

	h = xcalloc(1, sizeof(*h));
	h->conf = *conf;
	if ((h->kq = kqueue()) == -1) {
		free(h);
		return (NULL);
	}
	(void)fd_cloexec(h->kq);
	h->most = most_of();
	h->dirs = xcalloc(h->most, sizeof(*h->dirs));
	h->readable = event_new(base, h->kq, EV_READ | EV_PERSIST,
	    on_readable, h);
	if (h->readable == NULL || event_add(h->readable, NULL) == -1)
		fatalx("cannot wait for file events");
	return (h);
}

static int
open_path(const struct hints *h, const char *path, int flags)
{
	int	 fd;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags);
	if (fd >= h->most) {
		close(fd);
		errno = EMFILE;
		return (-1);
	}
	return (fd);
}

/* EV_CLEAR: signs of the same kind are one until they are read. */
static int
enlist(struct hints *h, int fd, bool writes)
{
	struct kevent	 ev;

	EV_SET(&ev, fd, EVFILT_VNODE, EV_ADD | EV_CLEAR, NOTE_ATTRIB |
	    NOTES_GONE | (writes ? NOTES_WRITES : 0), 0, NULL);
	return (kevent(h->kq, &ev, 1, NULL, 0, NULL));
}

static int
fail(int fd)
{
	int	 error = errno;

	close(fd);
	errno = error;
	return (-1);
}

void
hints_close(struct hints *h)
{
	if (h->kq == -1)
		return;
	event_del(h->readable);
	close(h->kq);
	h->kq = -1;
}

/* The descriptor of a directory that has one already, or -1. */
static int
find_dir(const struct hints *h, const struct stat *st)
{
	int	 fd;

	for (fd = 0; fd < h->top; fd++)
		if (h->dirs[fd].used && h->dirs[fd].ino == st->st_ino &&
		    h->dirs[fd].dev == st->st_dev)
			return (fd);
	return (-1);
}

int
hints_add(struct hints *h, const char *dir, enum watch_level level)
{
	struct stat	 st;
	bool		 writes = level > WATCH_SELF;
	int		 fd, known;

	if ((fd = open_path(h, dir, O_DIRECTORY)) == -1)
		return (-1);
	if (fstat(fd, &st) == -1)
		return (fail(fd));
	if ((known = find_dir(h, &st)) != -1) {
		close(fd);
		if (!writes || h->dirs[known].writes)
			return (known);
		if (enlist(h, known, true) == -1)
			return (-1);
		h->dirs[known].writes = true;
		return (known);
	}
	if (enlist(h, fd, writes) == -1)
		return (fail(fd));
	h->dirs[fd] = (struct vnode){ true, writes, st.st_dev, st.st_ino };
	if (fd >= h->top)
		h->top = fd + 1;
	return (fd);
}

/* Each path has its own, also where they lead to the same file. */
int
hints_add_file(struct hints *h, const char *path)
{
	int	 fd;

	if ((fd = open_path(h, path, 0)) == -1)
		return (-1);
	return (enlist(h, fd, true) == -1 ? fail(fd) : fd);
}

void
hints_del(struct hints *h, int wd)
{
	h->dirs[wd].used = false;
	/* The kernel forgets its event with it. */
	close(wd);
}
