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
 * A client that misbehaves, for the tests of httpd.
 *
 *	http_client [-h] [-d ms] [-n connections] [-r request] [-w ms] address
 *
 * Opens so many connections to the address (a port of 127.0.0.1, or a path)
 * and sends the request (none: nothing) on each, of which \r and \n are
 * written as in C; with -d so many ms are between its bytes, with -h the
 * sending side is shut down after it.  With -w the answer is read only after
 * that time.  Writes, for each connection, the first line that came and a
 * line "bytes N ms M": how much came, and after how many ms the connection
 * ended.  After 20 s it gives up: "bytes N open".
 */

#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/mono.h"
#include "../../common/util.h"

#define GIVE_UP		20000	/* ms */

struct conn {
	int		 fd;		/* -1: ended */
	size_t		 sent;
	size_t		 bytes;
	char		 line[128];
	size_t		 linelen;	/* all of it: linedone */
	bool		 linedone;
	struct mono	 opened;
	struct mono	 next;		/* when to send again */
	int64_t		 ended;
};

static struct {
	const char	*request;
	size_t		 len;
	int64_t		 drip;
	int64_t		 wait;
	bool		 half;
} opt;

static int
open_inet(const char *port)
{
	struct sockaddr_in sin;
	int fd;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons(strtonum(port, 0, 65535, NULL));
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		err(1, "socket");
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "connect %s", port);
	return (fd);
}

static int
open_unix(const char *path)
{
	struct sockaddr_un sun;
	int fd;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path))
		errx(1, "%s: too long", path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1 ||
	    connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1)
		err(1, "%s", path);
	return (fd);
}

static void
end(struct conn *c)
{
	c->ended = mono_sub(mono_now(), c->opened);
	close(c->fd);
	c->fd = -1;
}

static void
send_some(struct conn *c)
{
	ssize_t n;

	n = send(c->fd, opt.request + c->sent, opt.drip > 0 ? 1 :
	    opt.len - c->sent, MSG_DONTWAIT);
	if (n == -1) {
		if (errno != EAGAIN)
			c->sent = opt.len;	/* the end is seen by reading */
		return;
	}
	c->sent += n;
	/* By the clock: a byte that comes late delays no other. */
	c->next = mono_add(c->next, opt.drip);
	if (c->sent == opt.len && opt.half)
		shutdown(c->fd, SHUT_WR);
}

static void
receive_some(struct conn *c)
{
	static char buf[65536];
	ssize_t i, n;

	n = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n == -1 && errno == EAGAIN)
		return;
	if (n <= 0) {
		end(c);
		return;
	}
	c->bytes += n;
	for (i = 0; i < n && !c->linedone; i++) {
		if (buf[i] == '\r' || buf[i] == '\n')
			c->linedone = true;
		else if (c->linelen < sizeof(c->line) - 1)
			c->line[c->linelen++] = buf[i];
	}
}

/* The events to wait for; moves *timeout to what is due earlier. */
static short
wanted(const struct conn *c, struct mono now, int64_t *timeout)
{
	int64_t left;
	short events = 0;

	if (c->sent < opt.len) {
		if ((left = mono_sub(c->next, now)) <= 0)
			events |= POLLOUT;
		else if (left < *timeout)
			*timeout = left;
	}
	if ((left = opt.wait - mono_sub(now, c->opened)) <= 0)
		events |= POLLIN;
	else if (left < *timeout)
		*timeout = left;
	return (events);
}

static void
run(struct conn *conns, size_t n)
{
	struct mono giveup = mono_add(mono_now(), GIVE_UP);
	struct mono now;
	struct pollfd *pfds;
	int64_t timeout;
	size_t i, open;

	pfds = xcalloc(n, sizeof(*pfds));
	while (mono_cmp(now = mono_now(), giveup) < 0) {
		timeout = mono_sub(giveup, now);
		for (open = i = 0; i < n; i++) {
			pfds[i].fd = conns[i].fd;
			pfds[i].revents = 0;
			if (conns[i].fd == -1)
				continue;
			open++;
			pfds[i].events = wanted(&conns[i], now, &timeout);
			/* An end is not to be seen before its time. */
			if (pfds[i].events == 0)
				pfds[i].fd = -1;
		}
		if (open == 0)
			break;
		if (poll(pfds, n, timeout) == -1)
			err(1, "poll");
		for (i = 0; i < n; i++) {
			if (pfds[i].revents & POLLOUT)
				send_some(&conns[i]);
			if (pfds[i].revents & (POLLIN | POLLHUP | POLLERR))
				receive_some(&conns[i]);
		}
	}
	free(pfds);
}

/* \r and \n, in place. */
static char *
unescape(char *s)
{
	char *in, *out;

	for (in = out = s; *in != '\0'; in++, out++) {
		*out = *in;
		if (in[0] == '\\' && (in[1] == 'r' || in[1] == 'n'))
			*out = *++in == 'r' ? '\r' : '\n';
	}
	*out = '\0';
	return (s);
}

int
main(int argc, char *argv[])
{
	struct conn *conns;
	size_t i, n;
	int ch;

	signal(SIGPIPE, SIG_IGN);
	n = 1;
	opt.request = "";
	while ((ch = getopt(argc, argv, "d:hn:r:w:")) != -1) {
		switch (ch) {
		case 'd':
			opt.drip = strtonum(optarg, 1, 60000, NULL);
			break;
		case 'h':
			opt.half = true;
			break;
		case 'n':
			n = strtonum(optarg, 1, 10000, NULL);
			break;
		case 'r':
			opt.request = unescape(optarg);
			break;
		case 'w':
			opt.wait = strtonum(optarg, 1, 60000, NULL);
			break;
		default:
			errx(2, "see the source for how to use this");
		}
	}
	if (optind != argc - 1)
		errx(2, "no address");
	opt.len = strlen(opt.request);
	conns = xcalloc(n, sizeof(*conns));
	for (i = 0; i < n; i++) {
		/* Before: what httpd counts begins when it is connected. */
		conns[i].opened = conns[i].next = mono_now();
		conns[i].fd = strchr(argv[optind], '/') != NULL ?
		    open_unix(argv[optind]) : open_inet(argv[optind]);
	}
	run(conns, n);
	for (i = 0; i < n; i++) {
		if (conns[i].linelen > 0)
			printf("%s\n", conns[i].line);
		if (conns[i].fd == -1)
			printf("bytes %zu ms %lld\n", conns[i].bytes,
			    (long long)conns[i].ended);
		else
			printf("bytes %zu open\n", conns[i].bytes);
	}
	free(conns);
	return (0);
}
