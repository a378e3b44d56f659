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
 * The connection to the daemon.  Whoever listens on the socket may lie or
 * hang: each wait ends at the deadline, and framing is judged by imsg.c.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "conn.h"

static enum ctl_exit	 conn_fail(struct conn *, enum ctl_exit,
			    const char *, ...)
			    __attribute__((__format__(printf, 3, 4)));

static enum ctl_exit
conn_fail(struct conn *c, enum ctl_exit code, const char *fmt, ...)
{
	va_list		 ap;

	va_start(ap, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, ap);
	va_end(ap);
	return (code);
}

/* Milliseconds that are left, for poll(2). */
static int
conn_left(const struct conn *c)
{
	int64_t		 ms;

	ms = mono_sub(c->deadline, mono_now());
	if (ms < 0)
		return (0);
	return (ms > INT_MAX ? INT_MAX : (int)ms);
}

static enum ctl_exit
conn_late(struct conn *c)
{
	return (conn_fail(c, CTL_TIMEOUT, "%s: the daemon did not answer in "
	    "time (-t sets how long to wait)", c->path));
}

/* What the errno of connect(2) means for the person at the keyboard. */
static enum ctl_exit
conn_refused(struct conn *c)
{
	const char	*what;

	switch (errno) {
	case EACCES:
	case EPERM:
		return (conn_fail(c, CTL_DENIED, "%s: %s: become root, or a "
		    "member of the socket's group", c->path, strerror(errno)));
	case EAGAIN:
	case EINTR:
	case ETIMEDOUT:
		return (conn_late(c));
	case ENOENT:
		what = "start taskforced, or name its control socket with -s";
		break;
	case ECONNREFUSED:
		what = "nothing listens there any more; start taskforced, or "
		    "name its control socket with -s";
		break;
	default:
		what = "name the control socket of taskforced with -s";
		break;
	}
	return (conn_fail(c, CTL_UNREACHABLE, "%s: %s: %s", c->path,
	    strerror(errno), what));
}

/* Waits for events on the socket; false when the deadline passes first. */
static bool
conn_wait(struct conn *c, short events)
{
	struct pollfd	 pfd;
	int		 n;

	pfd.fd = imsgbuf_fd(c->ib);
	pfd.events = events;
	do {
		n = poll(&pfd, 1, conn_left(c));
	} while (n == -1 && errno == EINTR);
	return (n > 0);
}

static enum ctl_exit
conn_hello(struct conn *c)
{
	struct hello	 hello;
	struct cursor	 body;
	struct imsg	 m;
	enum ctl_exit	 code;

	put_hello(imsgbuf_begin(c->ib, M_HELLO, 0), ROLE_CTL);
	if ((code = conn_send(c)) != CTL_OK ||
	    (code = conn_next(c, &m)) != CTL_OK)
		return (code);
	cursor_init(&body, m.data, m.len);
	if (m.type != M_HELLO || get_hello(&body, &hello) == -1 ||
	    hello.role != ROLE_MONITOR)
		return (conn_fail(c, CTL_UNREACHABLE, "%s: what listens there "
		    "does not speak our protocol: taskforced and taskforcectl "
		    "must be of the same version", c->path));
	return (CTL_OK);
}

enum ctl_exit
conn_open(struct conn *c, const char *path, struct mono deadline)
{
	struct sockaddr_un	 sun;
	struct timeval		 tv;
	int			 fd, ms;

	memset(c, 0, sizeof(*c));
	c->path = path;
	c->deadline = deadline;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path))
		return (conn_fail(c, CTL_USAGE, "%s: too long for the path of "
		    "a socket: at most %zu bytes", path,
		    sizeof(sun.sun_path) - 1));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return (conn_fail(c, CTL_UNREACHABLE, "socket: %s",
		    strerror(errno)));

	/*
	 * A full backlog makes connect(2) wait; this bounds it.  Zero would
	 * mean for ever.
	 */
	if ((ms = conn_left(c)) == 0)
		ms = 1;
	tv = mono_timeval(ms);
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1) {
		enum ctl_exit	 code = conn_refused(c);

		close(fd);
		return (code);
	}
	if (fd_nonblock(fd) == -1 || (c->ib = imsgbuf_new(fd)) == NULL) {
		conn_fail(c, CTL_UNREACHABLE, "%s: %s", path, strerror(errno));
		close(fd);
		return (CTL_UNREACHABLE);
	}
	return (conn_hello(c));
}

void
conn_close(struct conn *c)
{
	imsgbuf_free(c->ib);
	c->ib = NULL;
}

struct wbuf *
conn_ask(struct conn *c, uint16_t type)
{
	return (imsgbuf_begin(c->ib, type, ++c->tag));
}

enum ctl_exit
conn_send(struct conn *c)
{
	return (conn_send_fd(c, -1));
}

enum ctl_exit
conn_send_fd(struct conn *c, int fd)
{
	int		 n;

	if (imsgbuf_end(c->ib, fd) == -1)
		return (conn_fail(c, CTL_USAGE, "the question cannot be "
		    "sent: %s", strerror(errno)));
	while ((n = imsgbuf_flush(c->ib)) == 0)
		if (!conn_wait(c, POLLOUT))
			return (conn_late(c));
	/*
	 * A daemon that refuses says so and closes; what it said can still
	 * be read, so let conn_next() find out.
	 */
	if (n == -1 && errno != EPIPE && errno != ECONNRESET)
		return (conn_fail(c, CTL_UNREACHABLE, "%s: %s", c->path,
		    strerror(errno)));
	return (CTL_OK);
}

enum ctl_exit
conn_next(struct conn *c, struct imsg *m)
{
	ssize_t		 n;
	int		 got;

	while ((got = imsgbuf_get(c->ib, m)) == 0) {
		/* A daemon that never stops talking is late as well. */
		if (conn_left(c) == 0 || !conn_wait(c, POLLIN))
			return (conn_late(c));
		n = imsgbuf_read(c->ib);
		if (n == 0)
			return (conn_fail(c, CTL_UNREACHABLE, "%s: the daemon "
			    "closed the connection", c->path));
		if (n == -1 && errno != EAGAIN)
			return (conn_fail(c, CTL_UNREACHABLE, "%s: %s",
			    c->path, strerror(errno)));
	}
	if (got == 1 && m->fd != -1) {
		close(m->fd);
		got = -1;
	}
	if (got == -1)
		return (conn_fail(c, CTL_UNREACHABLE, "%s: the daemon sent "
		    "what is no message", c->path));
	return (CTL_OK);
}
