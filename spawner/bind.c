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
 * Binding as root.  The paths and addresses come from the command line and
 * the sealed plan.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"

/* As many as the kernel lets wait: see httpd/room.c for why. */
#define BACKLOG		4096
#define SOCKET_MODE	0660

static int
stream(int family)
{
	return (socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0));
}

static void
close_keep(int fd)
{
	int save = errno;

	close(fd);
	errno = save;
}

/* Whether somebody answers there: connect before unlink. */
static bool
is_alive(const struct sockaddr_un *sun)
{
	bool alive;
	int fd;

	if ((fd = stream(AF_UNIX)) == -1)
		return (true);
	/* A full backlog (EAGAIN) is somebody's, too. */
	alive = connect(fd, (const struct sockaddr *)sun,
	    sizeof(*sun)) == 0 || errno != ECONNREFUSED;
	close(fd);
	return (alive);
}

/* Makes way for the socket; EADDRINUSE: somebody is there, ENOTSOCK: it is
 * something else, which is left alone. */
static int
clear_way(const struct sockaddr_un *sun)
{
	struct stat st;

	if (lstat(sun->sun_path, &st) == -1)
		return (errno == ENOENT ? 0 : -1);
	if (!S_ISSOCK(st.st_mode) || is_alive(sun)) {
		errno = S_ISSOCK(st.st_mode) ? EADDRINUSE : ENOTSOCK;
		return (-1);
	}
	return (unlink(sun->sun_path));
}

int
bind_unix(const char *path, gid_t gid, struct bound *b)
{
	struct sockaddr_un sun;
	struct stat st;
	mode_t old;
	int fd, r;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	if (clear_way(&sun) == -1 || (fd = stream(AF_UNIX)) == -1)
		return (-1);
	/* Never open to more than it will be, not even for a moment. */
	old = umask(0777 & ~SOCKET_MODE);
	r = bind(fd, (struct sockaddr *)&sun, sizeof(sun));
	umask(old);
	if (r == -1) {
		close_keep(fd);
		return (-1);
	}
	if ((gid != (gid_t)-1 && lchown(path, -1, gid) == -1) ||
	    lstat(path, &st) == -1 || listen(fd, BACKLOG) == -1) {
		close_keep(fd);
		unlink(path);
		return (-1);
	}
	b->dev = st.st_dev;
	b->ino = st.st_ino;
	b->gid = st.st_gid;
	return (fd);
}

static bool
is_ours(const char *path, const struct bound *b, struct stat *st)
{
	return (lstat(path, st) == 0 && S_ISSOCK(st->st_mode) &&
	    st->st_dev == b->dev && st->st_ino == b->ino);
}

int
bind_regroup(const char *path, const struct bound *b, gid_t gid)
{
	struct stat st;

	if (!is_ours(path, b, &st)) {
		errno = ENOENT;
		return (-1);
	}
	if (gid == (gid_t)-1)
		gid = b->gid;
	return (st.st_gid == gid ? 0 : lchown(path, -1, gid));
}

void
bind_remove(const char *path, const struct bound *b)
{
	struct stat st;

	if (is_ours(path, b, &st))
		unlink(path);
}

int
bind_tcp(const char *host, uint16_t port)
{
	struct sockaddr_in6 sin6;
	struct sockaddr_in sin;
	struct sockaddr *sa;
	socklen_t len;
	int fd, on = 1;

	memset(&sin, 0, sizeof(sin));
	memset(&sin6, 0, sizeof(sin6));
	if (inet_pton(AF_INET, host, &sin.sin_addr) == 1) {
		sin.sin_family = AF_INET;
		sin.sin_port = htons(port);
		sa = (struct sockaddr *)&sin;
		len = sizeof(sin);
	} else if (inet_pton(AF_INET6, host, &sin6.sin6_addr) == 1) {
		sin6.sin6_family = AF_INET6;
		sin6.sin6_port = htons(port);
		sa = (struct sockaddr *)&sin6;
		len = sizeof(sin6);
	} else {
		errno = EAFNOSUPPORT;
		return (-1);
	}
	if ((fd = stream(sa->sa_family)) == -1)
		return (-1);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof(on)) == -1 ||
	    (sa->sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &on, sizeof(on)) == -1) ||
	    bind(fd, sa, len) == -1 || listen(fd, BACKLOG) == -1) {
		close_keep(fd);
		return (-1);
	}
	return (fd);
}
