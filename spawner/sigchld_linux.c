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

/* SIGCHLD by signalfd(2); see sigchld.h. */

#include <sys/signalfd.h>

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include <event2/event.h>

#include "sigchld.h"

static void	(*callback)(void *);

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct signalfd_siginfo si;

	(void)what;
	/* Signals are merged; what it says of one child is of no use. */
	if (read(fd, &si, sizeof(si)) == -1)
		return;
	callback(arg);
}

int
sigchld_watch(struct event_base *base, void (*fn)(void *), void *arg)
{
	struct event *ev;
	sigset_t set;
	int fd;

	callback = fn;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1 ||
	    (fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) == -1 ||
	    (ev = event_new(base, fd, EV_READ | EV_PERSIST, on_readable,
	    arg)) == NULL || event_add(ev, NULL) == -1)
		return (-1);
	return (0);
}
