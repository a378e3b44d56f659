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

/* pidfd_open(2); see watchpid.h. */

#include <sys/types.h>
#include <sys/syscall.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "watchpid.h"

/* Linux 5.3; the numbers are the same on every machine. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal	424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open		434
#endif

struct watchpid {
	int		 fd;
	struct event	*event;
	void		(*gone)(void *);
	void		*arg;
};

static void
on_gone(evutil_socket_t fd, short what, void *arg)
{
	struct watchpid *w = arg;

	(void)fd;
	(void)what;
	w->gone(w->arg);
}

struct watchpid *
watchpid_new(struct event_base *base, pid_t pid, void (*gone)(void *),
    void *arg)
{
	struct watchpid *w;
	int save;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		return (NULL);
	w->gone = gone;
	w->arg = arg;
	/* The descriptor is close-on-exec by itself. */
	if ((w->fd = syscall(SYS_pidfd_open, pid, 0)) == -1 ||
	    (w->event = event_new(base, w->fd, EV_READ, on_gone, w)) == NULL ||
	    event_add(w->event, NULL) == -1) {
		save = errno;
		watchpid_free(w);
		errno = save;
		return (NULL);
	}
	return (w);
}

void
watchpid_free(struct watchpid *w)
{
	if (w == NULL)
		return;
	if (w->event != NULL)
		event_free(w->event);
	if (w->fd != -1)
		close(w->fd);
	free(w);
}

int
watchpid_signal(const struct watchpid *w, int sig)
{
	return (syscall(SYS_pidfd_send_signal, w->fd, sig, NULL, 0));
}
