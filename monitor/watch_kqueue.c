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
 * held open, where they can be opened; what cannot is swept by the table.
 * The number of a watch is its descriptor.
 */

#include <sys/types.h>
#include <sys/event.h>
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

struct hints {
	struct hints_conf conf;
	int		 kq;
	struct event	*readable;
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
		if (ev[i].fflags & (NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE))
			h->conf.gone(h->conf.arg, wd);
		else
			h->conf.hint(h->conf.arg, wd, NULL);
	}
	h->conf.done(h->conf.arg);
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
	h->readable = event_new(base, h->kq, EV_READ | EV_PERSIST,
	    on_readable, h);
	if (h->readable == NULL || event_add(h->readable, NULL) == -1)
		fatalx("cannot wait for file events");
	return (h);
}

/* The descriptor is both what is watched and its number. */
static int
add(struct hints *h, const char *path, int flags, bool writes)
{
	struct kevent	 ev;
	int		 error, fd;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags);
	if (fd == -1)
		return (-1);
	/* EV_CLEAR: signs of the same kind are one until they are read. */
	EV_SET(&ev, fd, EVFILT_VNODE, EV_ADD | EV_CLEAR, NOTE_ATTRIB |
	    NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE |
	    (writes ? NOTE_WRITE | NOTE_EXTEND | NOTE_LINK : 0), 0, 0);
	if (kevent(h->kq, &ev, 1, NULL, 0, NULL) == -1) {
		error = errno;
		close(fd);
		errno = error;
		return (-1);
	}
	return (fd);
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

int
hints_add(struct hints *h, const char *dir, enum watch_level level)
{
	return (add(h, dir, O_DIRECTORY, level > WATCH_SELF));
}

int
hints_add_file(struct hints *h, const char *path)
{
	return (add(h, path, 0, true));
}

void
hints_del(struct hints *h, int wd)
{
	(void)h;
	/* The kernel forgets its event with it. */
	close(wd);
}
