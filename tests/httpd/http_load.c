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
 * Many clients that misbehave at once, for the tests of httpd.
 *
 *	http_load [-n connections] [-s seconds] kind address
 *	http_load -c address
 *
 * Opens so many connections to the address (a port of 127.0.0.1, or a path)
 * and behaves on each as the kind says; one that is closed is opened again
 * after two seconds.  Writes "up" when all are open, or were, and at the end
 * (after so many seconds, or SIGTERM) "opened N, closed N, bytes N": how
 * often they were opened and closed by the other end, and what came.
 *
 * -c: a request is cut in two at each of its bytes, each on a connection of
 * its own; writes "cut N" when each was answered with 200, else fails.
 *
 * What httpd sends is read and thrown away, or not read at all.
 */

#include "config.h"

#include <sys/types.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/mono.h"
#include "../../common/util.h"

#define AGAIN_MS	2000	/* until one that was closed is opened again */
#define FULL_MS		50	/* the same when the backlog was full */
#define BURST		64	/* opened in one turn */
#define CUT_MS		20	/* between the pieces */
#define CUT_WAIT	15000

/* What is sent: first at once, then piece by piece. */
struct kind {
	const char	*name;
	const char	*first[3];	/* by turns; NULL: as the first one */
	const char	*more;		/* sent again and again; "": nothing */
	size_t		 piece;		/* bytes of it at a time */
	int64_t		 every;		/* ms between the pieces */
	unsigned int	 times;		/* that first is sent */
	enum {
		HELLO_NONE,
		HELLO_PARTS,		/* of a TLS handshake: nothing, half of
					   its first message, all of that */
		HELLO_WHOLE
	}		 hello;
	bool		 reads;
};

#define HOST	"Host: localhost\r\n"
#define GET	"GET /status/tasks HTTP/1.1\r\n" HOST
#define POST	"POST /status/tasks HTTP/1.1\r\n" HOST
#define LONG	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct kind kinds[] = {
	{ .name = "drip", .first = { "" }, .more = GET "X-Drip: " LONG LONG,
	    .piece = 1, .every = 1000, .reads = true },
	{ .name = "half", .hello = HELLO_PARTS, .reads = true },
	{ .name = "hello", .hello = HELLO_WHOLE, .reads = true },
	{ .name = "silent", .first = { "" }, .reads = true },
	{ .name = "unread", .first = { "GET /status/tasks?indent=16 "
	    "HTTP/1.1\r\n" HOST "\r\n" }, .times = 40 },
	{ .name = "pipeline", .first = { "GET /status/version HTTP/1.1\r\n"
	    HOST "\r\n" }, .times = 2000 },
	{ .name = "garbage", .first = { "\r\n\r\n\001\002\003 \r\n",
	    GET "\r\n\377\376 / HTTP/9.9\r\n\r\n", " / \r\n: : :\r\n" },
	    .more = "GET\r\n\r\n: \r\n \r\n", .piece = 15, .every = 200,
	    .times = 20, .reads = true },
	{ .name = "chunked", .first = {
	    POST "Transfer-Encoding: chunked\r\n\r\n",
	    POST "Transfer-Encoding: chunked\r\n\r\nfffffff0\r\n",
	    POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
	    "-1\r\n" },
	    .more = "1\r\na\r\n", .piece = 6, .every = 200, .reads = true },
	{ .name = "body", .first = { POST "Content-Length: 65536\r\n\r\n" },
	    .more = LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG
	    LONG LONG LONG LONG LONG, .piece = 1024, .every = 20,
	    .reads = true },
	{ .name = "paths", .first = {
	    "GET http://localhost/../../etc/passwd HTTP/1.1\r\n" HOST "\r\n",
	    "GET /%2e%2e/%2e%2e/status/../%00/%zz HTTP/1.1\r\n" HOST "\r\n",
	    "GET //status//tasks/../../.. HTTP/1.1\r\n" HOST "\r\n" },
	    .times = 20, .reads = true },
	{ .name = "headers", .first = { GET }, .more = "X-Flood: " LONG
	    "\r\n", .piece = 75, .every = 5, .reads = true },
};

/* Of TLS 1.2, with what a server needs to go on. */
static const unsigned char hello[] = {
	22, 3, 1, 0, 81,		/* a record: handshake */
	1, 0, 0, 77, 3, 3,		/* ClientHello */
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
	0,				/* no session */
	0, 8, 0xc0, 0x2f, 0xc0, 0x30, 0xc0, 0x2b, 0xc0, 0x2c,
	1, 0,				/* no compression */
	0, 28,
	0, 10, 0, 6, 0, 4, 0, 0x1d, 0, 0x17,		/* groups */
	0, 13, 0, 8, 0, 6, 4, 3, 8, 4, 4, 1,		/* signatures */
	0, 11, 0, 2, 1, 0,				/* points */
};

/* What is sent first, by every third connection. */
struct first {
	char		*text;
	size_t		 len;
};

struct conn {
	int		 fd;		/* -1: to be opened at next */
	const struct first *first;
	size_t		 sent;		/* of it */
	size_t		 pos;		/* in more */
	struct mono	 next;
	bool		 once;		/* has been open */
};

static struct {
	const struct kind	*kind;
	const char		*address;
	struct first		 firsts[3];
	struct conn		*conns;
	size_t			 n;
	size_t			 ready;		/* have been open */
	unsigned long long	 opened;
	unsigned long long	 closed;
	unsigned long long	 bytes;
	unsigned int		 burst;		/* opened in this turn */
} load;

static volatile sig_atomic_t	stop;

static void
on_term(int signo)
{
	(void)signo;
	stop = 1;
}

/* -1 with errno. */
static int
open_address(const char *address)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct sockaddr *sa;
	socklen_t len;
	int fd;

	if (strchr(address, '/') != NULL) {
		if (strlcpy(sun.sun_path, address, sizeof(sun.sun_path)) >=
		    sizeof(sun.sun_path))
			errx(1, "%s: too long", address);
		sa = (struct sockaddr *)&sun;
		len = sizeof(sun);
	} else {
		sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		sin.sin_port = htons(strtonum(address, 1, 65535, NULL));
		sa = (struct sockaddr *)&sin;
		len = sizeof(sin);
	}
	if ((fd = socket(sa->sa_family, SOCK_STREAM, 0)) == -1)
		err(1, "socket");
	if (fd_nonblock(fd) == -1)
		err(1, "fcntl");
	if (connect(fd, sa, len) == 0 || errno == EINPROGRESS)
		return (fd);
	close(fd);
	return (-1);
}

static void
prepare(void)
{
	const struct kind *k = load.kind;
	unsigned int j, times;
	struct first *f;
	const char *text;
	size_t i;

	for (i = 0; i < nitems(load.firsts); i++) {
		f = &load.firsts[i];
		if (k->hello != HELLO_NONE) {
			f->len = sizeof(hello);
			if (k->hello == HELLO_PARTS)
				f->len = i * sizeof(hello) / 2;
			f->text = xcalloc(1, sizeof(hello));
			memcpy(f->text, hello, f->len);
			continue;
		}
		if ((text = k->first[i]) == NULL)
			text = k->first[0];
		times = k->times > 0 ? k->times : 1;
		f->text = xcalloc(times, strlen(text) + 1);
		for (j = 0; j < times; j++) {
			memcpy(f->text + f->len, text, strlen(text));
			f->len += strlen(text);
		}
	}
}

static void
start(struct conn *c, struct mono now)
{
	if ((c->fd = open_address(load.address)) == -1) {
		if (errno != EAGAIN && errno != ECONNREFUSED)
			err(1, "connect %s", load.address);
		c->next = mono_add(now, FULL_MS);
		return;
	}
	c->sent = c->pos = 0;
	c->next = now;
	load.opened++;
}

static void
closed(struct conn *c, struct mono now)
{
	close(c->fd);
	c->fd = -1;
	c->next = mono_add(now, AGAIN_MS);
	load.closed++;
}

/* How much there is to send now. */
static const char *
due(struct conn *c, struct mono now, size_t *len)
{
	const struct kind *k = load.kind;
	size_t left;

	if (c->sent < c->first->len) {
		*len = c->first->len - c->sent;
		return (c->first->text + c->sent);
	}
	*len = 0;
	if (k->more == NULL || mono_cmp(now, c->next) < 0)
		return (NULL);
	left = strlen(k->more) - c->pos;
	*len = left < k->piece ? left : k->piece;
	return (k->more + c->pos);
}

static void
send_some(struct conn *c, struct mono now)
{
	const char *p;
	size_t len;
	ssize_t n;

	if (!c->once) {
		c->once = true;
		load.ready++;
	}
	if ((p = due(c, now, &len)) == NULL || len == 0)
		return;
	if ((n = send(c->fd, p, len, MSG_DONTWAIT)) == -1) {
		if (errno != EAGAIN)
			closed(c, now);
		return;
	}
	if (c->sent < c->first->len)
		c->sent += n;
	else {
		c->pos = (c->pos + n) % strlen(load.kind->more);
		c->next = mono_add(now, load.kind->every);
	}
}

static void
receive_some(struct conn *c, struct mono now)
{
	static char buf[65536];
	ssize_t n;

	if ((n = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		load.bytes += n;
	else if (n == 0 || errno != EAGAIN)
		closed(c, now);
}

/* What to wait for. */
static short
wanted(struct conn *c, struct mono now)
{
	short events = 0;
	size_t len;

	if (c->fd == -1 && mono_cmp(now, c->next) >= 0 &&
	    load.burst++ < BURST)
		start(c, now);
	if (c->fd == -1)
		return (0);
	if (!c->once || (due(c, now, &len) != NULL && len > 0))
		events |= POLLOUT;
	if (load.kind->reads)
		events |= POLLIN;
	return (events);
}

static void
hold(int64_t ms)
{
	struct mono now, end = mono_add(mono_now(), ms);
	struct pollfd *pfds;
	bool up = false;
	size_t i;

	pfds = xcalloc(load.n, sizeof(*pfds));
	while (!stop && mono_cmp(now = mono_now(), end) < 0) {
		load.burst = 0;
		for (i = 0; i < load.n; i++) {
			pfds[i].events = wanted(&load.conns[i], now);
			pfds[i].fd = load.conns[i].fd;
			pfds[i].revents = 0;
		}
		if (poll(pfds, load.n, 5) == -1 && errno != EINTR)
			err(1, "poll");
		for (i = 0; i < load.n; i++) {
			if (pfds[i].revents & POLLOUT)
				send_some(&load.conns[i], now);
			if (load.conns[i].fd == -1)
				continue;
			if (pfds[i].revents & POLLIN)
				receive_some(&load.conns[i], now);
			else if (pfds[i].revents & (POLLHUP | POLLERR))
				closed(&load.conns[i], now);
		}
		if (!up && load.ready == load.n) {
			up = true;
			printf("up\n");
			fflush(stdout);
		}
	}
	free(pfds);
	printf("opened %llu, closed %llu, bytes %llu\n", load.opened,
	    load.closed, load.bytes);
}

/* The answer's first line within the time; what came is thrown away. */
static void
want_answer(int fd, size_t cut)
{
	struct mono end = mono_add(mono_now(), CUT_WAIT);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char buf[65536];
	size_t len;
	ssize_t n;

	for (len = 0; len < 12; len += n) {
		if (mono_cmp(mono_now(), end) > 0 || poll(&pfd, 1,
		    CUT_WAIT) != 1)
			errx(1, "cut at %zu: no answer", cut);
		if ((n = recv(fd, buf + len, sizeof(buf) - len, 0)) <= 0)
			errx(1, "cut at %zu: closed", cut);
	}
	if (memcmp(buf, "HTTP/1.1 200", 12) != 0)
		errx(1, "cut at %zu: %.12s", cut, buf);
}

static void
cut(const char *address)
{
	static const char request[] = "POST /status/version HTTP/1.1\r\n"
	    HOST "Content-Type: application/x-www-form-urlencoded\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n"
	    "5\r\nfmt=j\r\n3\r\nson\r\n0\r\n\r\n";
	int fds[sizeof(request)];
	size_t i, n = sizeof(request) - 1;

	for (i = 1; i < n; i++)
		if ((fds[i] = open_address(address)) == -1 ||
		    poll(&(struct pollfd){ .fd = fds[i], .events = POLLOUT },
		    1, CUT_WAIT) != 1 ||
		    send(fds[i], request, i, 0) != (ssize_t)i)
			err(1, "cut at %zu", i);
	/* The first pieces have been read by then, as a rule. */
	poll(NULL, 0, CUT_MS);
	for (i = 1; i < n; i++)
		if (send(fds[i], request + i, n - i, 0) != (ssize_t)(n - i))
			err(1, "cut at %zu", i);
	for (i = 1; i < n; i++) {
		want_answer(fds[i], i);
		close(fds[i]);
	}
	printf("cut %zu\n", n);
}

static const struct kind *
find_kind(const char *name)
{
	size_t i;

	for (i = 0; i < nitems(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return (&kinds[i]);
	errx(2, "no such kind: %s", name);
}

int
main(int argc, char *argv[])
{
	struct rlimit rl;
	bool cuts = false;
	int64_t ms = 60000;
	size_t i;
	int ch;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, on_term);
	load.n = 2000;
	while ((ch = getopt(argc, argv, "cn:s:")) != -1) {
		switch (ch) {
		case 'c':
			cuts = true;
			break;
		case 'n':
			load.n = strtonum(optarg, 1, 100000, NULL);
			break;
		case 's':
			ms = strtonum(optarg, 1, 600, NULL) * 1000;
			break;
		default:
			errx(2, "see the source for how to use this");
		}
	}
	if (optind != argc - (cuts ? 1 : 2))
		errx(2, "see the source for how to use this");
	load.address = argv[argc - 1];
	if (cuts) {
		cut(load.address);
		return (0);
	}
	load.kind = find_kind(argv[optind]);
	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		err(1, "getrlimit");
	rl.rlim_cur = rl.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1 || rl.rlim_cur < load.n + 16)
		errx(1, "too few descriptors: %llu",
		    (unsigned long long)rl.rlim_cur);
	prepare();
	load.conns = xcalloc(load.n, sizeof(*load.conns));
	for (i = 0; i < load.n; i++) {
		load.conns[i].fd = -1;
		load.conns[i].next = MONO_NEVER;
		load.conns[i].first = &load.firsts[i % nitems(load.firsts)];
	}
	hold(ms);
	for (i = 0; i < nitems(load.firsts); i++)
		free(load.firsts[i].text);
	free(load.conns);
	return (0);
}
