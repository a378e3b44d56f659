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
 * A stand for httpd: plays the spawner and the monitor, so that httpd can
 * be tested and measured without either.
 *
 *	httpd_stand [-A auth] [-C client_ca] [-a allow] ... [-h hsts]
 *	    [-n tasks] [-t timeout] -l listener ... -- httpd [arg ...]
 *
 * A listener is "index:address[=certfile]"; an address with a '/' is a Unix
 * socket, else a port of 127.0.0.1 (0: any).  Written to standard output,
 * one a line: "listen INDEX PORT" and "up"; "asked WHAT" for each question
 * that httpd asks; "exit STATUS" at the end.  Read from standard input:
 *
 *	change		the monitor says that its state has changed
 *	mute, speak	it leaves questions unanswered, and answers again
 *	kill, peer	it goes away, and another one comes
 *	garbage		it breaks the protocol
 *	cert INDEX FILE	a new certificate
 *	auth INDEX FILE	other users
 *	listen ..., unlisten INDEX
 *			one more listener, as with -l; one less
 *	quit		the spawner goes away
 */

#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/chan.h"
#include "../../common/ipc.h"
#include "../../common/log.h"
#include "../../common/run.h"
#include "../../common/states.h"
#include "../../common/util.h"
#include "stand.h"

static int	on_ask_facts(struct chan *, struct msg *, void *);
static int	on_taken(struct chan *, struct msg *, void *);
static void	add_listener(char *);
static int	on_hello(struct chan *, struct msg *, void *);
static int	on_up(struct chan *, struct msg *, void *);

struct stand stand;

static const struct chan_rule httpd_rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ HTTP_UP, CHAN_RUN, CHAN_NOFD, 0, 0, on_up },
	{ HTTP_ASK_FACTS, CHAN_RUN, CHAN_NOFD, 0, 0, on_ask_facts },
	{ HTTP_TAKEN, CHAN_RUN, CHAN_NOFD, 7, 1024, on_taken },
};

void
say(const char *what, const char *arg)
{
	printf("%s%s%s\n", what, arg[0] != '\0' ? " " : "", arg);
	fflush(stdout);
}

static int
listen_tcp(const struct listener_arg *l)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	char port[32];
	int fd, on;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons(strtonum(l->addr, 0, 65535, NULL));
	on = 1;
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    listen(fd, 4096) == -1 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) == -1)
		err(1, "%s", l->addr);
	snprintf(port, sizeof(port), "%u %u", l->index, ntohs(sin.sin_port));
	say("listen", port);
	return (fd);
}

static int
listen_unix(const struct listener_arg *l)
{
	struct sockaddr_un sun;
	int fd;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, l->addr, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path))
		errx(1, "%s: too long", l->addr);
	if ((fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    listen(fd, 4096) == -1)
		err(1, "%s", l->addr);
	return (fd);
}

static void
send_file(uint32_t index, uint8_t which, const char *file)
{
	struct wbuf *w;
	int fd;

	if ((fd = open(file, O_RDONLY | O_CLOEXEC)) == -1) {
		warn("%s", file);
		return;
	}
	w = chan_begin(stand.httpd, HTTP_FILE, 0);
	put_u32(w, index);
	put_u8(w, which);
	chan_end_fd(stand.httpd, fd);
}

static void
send_listener(const struct listener_arg *l)
{
	struct http_listen hl;
	int fd;

	memset(&hl, 0, sizeof(hl));
	hl.index = l->index;
	hl.unix_domain = strchr(l->addr, '/') != NULL;
	hl.tls = l->cert != NULL;
	hl.timeout_ms = stand.timeout_ms;
	hl.addr.p = l->addr;
	hl.addr.len = strlen(l->addr);
	fd = hl.unix_domain ? listen_unix(l) : listen_tcp(l);
	hl.auth = stand.auth != NULL;
	hl.client_ca = hl.tls && stand.client_ca != NULL;
	hl.hsts_s = stand.hsts_s;
	hl.nallow = stand.nallow;
	put_http_listen(chan_begin(stand.httpd, HTTP_LISTEN, 0), &hl,
	    stand.allow);
	chan_end_fd(stand.httpd, fd);
	if (l->cert != NULL)
		send_file(l->index, HTTP_FILE_CERT, l->cert);
	if (stand.auth != NULL)
		send_file(l->index, HTTP_FILE_AUTH, stand.auth);
	if (hl.client_ca)
		send_file(l->index, HTTP_FILE_CLIENT_CA, stand.client_ca);
}

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	struct hello h;
	size_t i;

	(void)arg;
	if (get_hello(&m->body, &h) == -1 || h.role != ROLE_HTTPD)
		return (-1);
	chan_phase(c, CHAN_RUN);
	put_u8(chan_begin(c, M_VERBOSE, 0), LOG_LEVEL_DEBUG);
	chan_end(c);
	for (i = 0; i < stand.nlisteners; i++)
		send_listener(&stand.listeners[i]);
	stand_peer();
	chan_send(c, HTTP_DONE, 0);
	return (0);
}

static int
on_up(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)m;
	(void)arg;
	say("up", "");
	return (0);
}

static int
on_ask_facts(struct chan *c, struct msg *m, void *arg)
{
	struct http_fact f = { .name = { "spawner", 7 }, .starts = 1,
	    .cpu_ms = 1500, .rss = 1048576 };
	struct wbuf *w;

	(void)m;
	(void)arg;
	w = chan_begin(c, HTTP_FACTS, 0);
	put_u32(w, 1);
	put_http_fact(w, &f);
	chan_end(c);
	return (0);
}

static int
on_taken(struct chan *c, struct msg *m, void *arg)
{
	struct http_taken t;
	char *text;

	(void)c;
	(void)arg;
	if (get_http_taken(&m->body, &t) == -1)
		return (-1);
	xasprintf(&text, "%u %u %.*s", t.index, t.which, (int)t.error.len,
	    t.error.p);
	say("taken", text);
	free(text);
	return (0);
}

static void
command(char *line)
{
	char *arg;

	if (strcmp(line, "change") == 0) {
		stand.gen++;
		put_u64(chan_begin(stand.client, A_CHANGED, 0),
		    ++stand.change);
		chan_end(stand.client);
	} else if (strcmp(line, "mute") == 0)
		stand.mute = true;
	else if (strcmp(line, "speak") == 0)
		stand.mute = false;
	else if (strcmp(line, "kill") == 0) {
		chan_free(stand.client);
		stand.client = NULL;
	} else if (strcmp(line, "peer") == 0)
		stand_peer();
	else if (strcmp(line, "garbage") == 0)
		chan_send(stand.client, A_END, 4711);
	else if (strncmp(line, "cert ", 5) == 0 &&
	    (arg = strchr(line + 5, ' ')) != NULL) {
		*arg++ = '\0';
		send_file(strtonum(line + 5, 0, LIMIT_LISTEN, NULL),
		    HTTP_FILE_CERT, arg);
	} else if (strncmp(line, "auth ", 5) == 0 &&
	    (arg = strchr(line + 5, ' ')) != NULL) {
		*arg++ = '\0';
		send_file(strtonum(line + 5, 0, LIMIT_LISTEN, NULL),
		    HTTP_FILE_AUTH, arg);
	} else if (strncmp(line, "unlisten ", 9) == 0) {
		put_u32(chan_begin(stand.httpd, HTTP_UNLISTEN, 0),
		    strtonum(line + 9, 0, LIMIT_LISTEN, NULL));
		chan_end(stand.httpd);
	} else if (strncmp(line, "listen ", 7) == 0) {
		/* It is ours for as long as we live. */
		add_listener(xstrdup(line + 7));
		send_listener(&stand.listeners[stand.nlisteners - 1]);
	} else if (strcmp(line, "quit") == 0)
		/* What was said before leaves in this turn. */
		event_base_loopexit(stand.base, NULL);
	else
		warnx("unknown command: %s", line);
	say("done", "");
}

static void
on_stdin(evutil_socket_t fd, short what, void *arg)
{
	ssize_t n;
	char *end;

	(void)what;
	n = read(fd, stand.line + stand.linelen,
	    sizeof(stand.line) - 1 - stand.linelen);
	if (n <= 0) {
		event_del(arg);	/* goes on without commands */
		return;
	}
	stand.linelen += n;
	stand.line[stand.linelen] = '\0';
	while ((end = strchr(stand.line, '\n')) != NULL) {
		*end++ = '\0';
		command(stand.line);
		stand.linelen -= end - stand.line;
		memmove(stand.line, end, stand.linelen + 1);
	}
}

static void
on_httpd_gone(struct chan *c, const char *why, void *arg)
{
	(void)c;
	(void)arg;
	if (why != NULL)
		warnx("httpd: %s", why);
	event_base_loopbreak(stand.base);
}

/* What httpd logs goes where we log, which may be a file: it may not. */
static void
on_log(evutil_socket_t fd, short what, void *arg)
{
	char buf[4096];
	ssize_t n;

	(void)what;
	if ((n = read(fd, buf, sizeof(buf))) <= 0)
		event_del(arg);
	else if (write(STDERR_FILENO, buf, n) == -1)
		err(1, "log");
}

static void
start_httpd(char *argv[])
{
	const struct chan_conf conf = {
		.name = "httpd",
		.rules = httpd_rules,
		.nrules = nitems(httpd_rules),
		.maxout = 1024 * 1024,
		.gone = on_httpd_gone
	};
	struct event *ev;
	int fd[2], logfd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == -1 ||
	    pipe(logfd) == -1)
		err(1, "socketpair");
	if ((stand.pid = fork()) == -1)
		err(1, "fork");
	if (stand.pid == 0) {
		/* What is open here is close-on-exec, or closed now. */
		if (dup2(logfd[1], STDERR_FILENO) == -1 ||
		    dup2(fd[1], HELPER_FD) == -1)
			err(1, "dup2");
		closefrom(HELPER_FD + 1);
		execv(argv[0], argv);
		err(1, "%s", argv[0]);
	}
	close(fd[1]);
	close(logfd[1]);
	if ((ev = event_new(stand.base, logfd[0], EV_READ | EV_PERSIST,
	    on_log, event_self_cbarg())) == NULL ||
	    event_add(ev, NULL) == -1)
		err(1, "log pipe");
	if ((stand.httpd = chan_new(stand.base, fd[0], &conf)) == NULL)
		err(1, "channel");
	put_hello(chan_begin(stand.httpd, M_HELLO, 0), ROLE_SPAWNER);
	chan_end(stand.httpd);
}

static void
add_listener(char *s)
{
	struct listener_arg *l;
	char *addr;

	if (stand.nlisteners == nitems(stand.listeners) ||
	    (addr = strchr(s, ':')) == NULL)
		errx(2, "bad listener");
	*addr++ = '\0';
	l = &stand.listeners[stand.nlisteners++];
	l->index = strtonum(s, 0, LIMIT_LISTEN - 1, NULL);
	l->addr = addr;
	if ((l->cert = strchr(addr, '=')) != NULL)
		*l->cert++ = '\0';
}

int
main(int argc, char *argv[])
{
	struct event *in;
	int ch, status;

	stand.timeout_ms = 3000;
	stand.ntasks = 100;
	stand.gen = 1;
	while ((ch = getopt(argc, argv, "A:C:a:h:l:n:t:")) != -1) {
		switch (ch) {
		case 'A':
			stand.auth = optarg;
			break;
		case 'C':
			stand.client_ca = optarg;
			break;
		case 'a':
			if (stand.nallow == nitems(stand.allow))
				errx(2, "too many addresses");
			stand.allow[stand.nallow++] = optarg;
			break;
		case 'h':
			stand.hsts_s = strtonum(optarg, 1, 1000000, NULL);
			break;
		case 'l':
			add_listener(optarg);
			break;
		case 'n':
			stand.ntasks = strtonum(optarg, 0, LIMIT_TASKS, NULL);
			break;
		case 't':
			stand.timeout_ms = strtonum(optarg, 1, 600000, NULL);
			break;
		default:
			errx(2, "see the source for how to use this");
		}
	}
	if (optind == argc)
		errx(2, "no httpd");
	signal(SIGPIPE, SIG_IGN);
	log_init("httpd_stand", LOG_TO_STDERR, LOG_LEVEL_INFO);
	if ((stand.base = event_base_new()) == NULL)
		errx(1, "event base");
	start_httpd(argv + optind);
	if ((in = event_new(stand.base, STDIN_FILENO, EV_READ | EV_PERSIST,
	    on_stdin, event_self_cbarg())) == NULL)
		errx(1, "event");
	/* A regular file or /dev/null cannot be polled: no commands then. */
	if (event_add(in, NULL) == -1)
		warnx("no commands from standard input");
	event_base_dispatch(stand.base);
	chan_free(stand.httpd);
	if (waitpid(stand.pid, &status, 0) == -1)
		err(1, "waitpid");
	say("exit", exit_text(status));
	return (0);
}
