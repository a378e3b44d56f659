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
 * EVFILT_PROC with NOTE_EXIT; see watchpid.h.  libevent does not offer that
 * filter, so there is a kqueue of our own, which is itself an event.
 */

#include <sys/types.h>
#include <sys/event.h>
#include <sys/time.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "watchpid.h"

struct watchpid {
	pid_t		 pid;
	bool		 over;		/* its event has been seen */
	void		(*gone)(void *);
	void		*arg;
};

static int	queue = -1;		/* of all watches */

static void
on_queue(evutil_socket_t fd, short what, void *arg)
{
	struct timespec now = { 0, 0 };
	struct watchpid *w;
	struct kevent kev;

	(void)what;
	(void)arg;
	/* One at a time: gone() may free others. */
	while (kevent(fd, NULL, 0, &kev, 1, &now) == 1) {
		w = kev.udata;
		w->over = true;
		w->gone(w->arg);
	}
}

static int
open_queue(struct event_base *base)
{
	struct event *ev;

	if (queue != -1)
		return (0);
	if ((queue = kqueue()) == -1)
		return (-1);
	if ((ev = event_new(base, queue, EV_READ | EV_PERSIST, on_queue,
	    NULL)) != NULL && event_add(ev, NULL) == 0)
		return (0);
	if (ev != NULL)
		event_free(ev);
	close(queue);
	queue = -1;
	return (-1);
}

struct watchpid *
watchpid_new(struct event_base *base, pid_t pid, void (*gone)(void *),
    void *arg)
{
	struct watchpid *w;
	struct kevent kev;
	int save;

	if (open_queue(base) == -1 || (w = calloc(1, sizeof(*w))) == NULL)
		return (NULL);
	w->pid = pid;
	w->gone = gone;
	w->arg = arg;
	EV_SET(&kev, pid, EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT, 0, w);
	if (kevent(queue, &kev, 1, NULL, 0, NULL) == -1) {
		save = errno;
		free(w);
		errno = save;
		return (NULL);
	}
	return (w);
}

void
watchpid_free(struct watchpid *w)
{
	struct kevent kev;

	if (w == NULL)
		return;
	/* One whose event waits to be read must not find freed memory. */
	if (!w->over) {
		EV_SET(&kev, w->pid, EVFILT_PROC, EV_DELETE, 0, 0, NULL);
		kevent(queue, &kev, 1, NULL, 0, NULL);
	}
	free(w);
}

int
watchpid_signal(const struct watchpid *w, int sig)
{
	(void)w;
	(void)sig;
	errno = ENOTSUP;
	return (-1);
}
