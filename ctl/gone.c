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
 * When has a daemon stopped?  Not when the monitor closes the connection: the
 * spawner, which holds the pidfile, ends a little later, and who starts the
 * next daemon must not meet the last one.  On Linux the kernel knows who
 * listens on the socket and tells when that process exits.
 */

#include <sys/types.h>
#include <sys/socket.h>
#ifdef HAVE_SYS_PIDFD_H
#include <sys/pidfd.h>
#endif

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "gone.h"

#define RETRY_MS	50

int
gone_watch(const struct conn *c)
{
#ifdef HAVE_SYS_PIDFD_H
	struct ucred	 cred;
	socklen_t	 len = sizeof(cred);

	/* Of the process that called listen(2): the spawner. */
	if (getsockopt(imsgbuf_fd(c->ib), SOL_SOCKET, SO_PEERCRED, &cred,
	    &len) == -1 || cred.pid <= 1)
		return (-1);
	return (pidfd_open(cred.pid, 0));
#else
	(void)c;
	return (-1);
#endif
}

/* Sleeps till fd is readable; with fd -1, just sleeps.  False: deadline. */
static bool
wait_for(const struct conn *c, int fd, int64_t atmost)
{
	struct pollfd	 pfd;
	int64_t		 left;

	left = mono_sub(c->deadline, mono_now());
	if (left <= 0)
		return (false);
	if (left > atmost)
		left = atmost;
	pfd.fd = fd;
	pfd.events = POLLIN;
	(void)poll(&pfd, 1, (int)left);
	return (true);
}

enum ctl_exit
gone_wait(struct conn *c, int watch)
{
	struct conn	 again;
	struct imsg	 m;
	struct pollfd	 pfd;
	enum ctl_exit	 code;
	bool		 gone;

	if (watch != -1) {
		pfd.fd = watch;
		pfd.events = POLLIN;
		while (poll(&pfd, 1, 0) != 1)
			if (!wait_for(c, watch, INT_MAX))
				return (CTL_TIMEOUT);
		return (CTL_OK);
	}

	do {
		code = conn_next(c, &m);
	} while (code == CTL_OK);
	if (code == CTL_TIMEOUT)
		return (code);
	for (;;) {
		code = conn_open(&again, c->path, c->deadline);
		gone = again.ib == NULL && code == CTL_UNREACHABLE;
		conn_close(&again);
		if (gone)
			return (CTL_OK);
		if (code == CTL_TIMEOUT || !wait_for(c, -1, RETRY_MS))
			return (CTL_TIMEOUT);
	}
}
