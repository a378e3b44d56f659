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
 *	httpd_stand [-n tasks] [-t timeout] -l listener ... -- httpd [arg ...]
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
#include "../../common/client.h"
#include "../../common/ipc.h"
#include "../../common/log.h"
#include "../../common/mono.h"
#include "../../common/plan.h"
#include "../../common/run.h"
#include "../../common/states.h"
#include "../../common/util.h"

#define CONFIG_1	"{\"settings\": {\"http\": [{\"listen\": \":8080\"}"
#define CONFIG_2	"]}, \"tasks\": {\"web0\": {\"count\": 1e0}}}"

struct listener_arg {
	uint32_t	 index;
	char		*addr;
	char		*cert;		/* NULL: no TLS */
};

static struct {
	struct event_base	*base;
	struct chan		*httpd;
	struct chan		*client;	/* the monitor's end */
	struct listener_arg	 listeners[LIMIT_LISTEN];
	size_t			 nlisteners;
	uint32_t		 timeout_ms;
	uint32_t		 ntasks;
	uint64_t		 change;
	uint32_t		 gen;
	bool			 mute;
	pid_t			 pid;
	char			 line[1024];
	size_t			 linelen;
} stand;

static int	on_hello(struct chan *, struct msg *, void *);
static int	on_up(struct chan *, struct msg *, void *);
static int	on_question(struct chan *, struct msg *, void *);
static int	on_change(struct chan *, struct msg *, void *);

static const struct chan_rule httpd_rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ HTTP_UP, CHAN_RUN, CHAN_NOFD, 0, 0, on_up },
};

static const struct chan_rule client_rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ C_STATUS, CHAN_RUN, CHAN_NOFD, 4, 4, on_question },
	{ C_CONFIG, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_VERSION, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_SUBSCRIBE, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_RELOAD, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_SHUTDOWN, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_RESET, CHAN_RUN, CHAN_NOFD, 0, 0, on_question },
	{ C_CONTROL, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
	{ C_COUNT, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
	{ C_START, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
	{ C_STOP, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
	{ C_RESTART, CHAN_RUN, CHAN_NOFD, 11, 65535, on_change },
};

static void
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
	    listen(fd, 1024) == -1 ||
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
	    listen(fd, 1024) == -1)
		err(1, "%s", l->addr);
	return (fd);
}

static void
send_cert(uint32_t index, const char *file)
{
	int fd;

	if ((fd = open(file, O_RDONLY | O_CLOEXEC)) == -1) {
		warn("%s", file);
		return;
	}
	put_u32(chan_begin(stand.httpd, HTTP_CERT, 0), index);
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
	put_http_listen(chan_begin(stand.httpd, HTTP_LISTEN, 0), &hl);
	chan_end_fd(stand.httpd, fd);
	if (l->cert != NULL)
		send_cert(l->index, l->cert);
}

static void
on_client_gone(struct chan *c, const char *why, void *arg)
{
	(void)arg;
	if (why != NULL)
		warnx("client channel: %s", why);
	chan_free(c);
	stand.client = NULL;
}

static void
send_peer(void)
{
	const struct chan_conf conf = {
		.name = "client",
		.rules = client_rules,
		.nrules = nitems(client_rules),
		.maxout = 256 * 1024 * 1024,
		.gone = on_client_gone
	};
	int fd[2];

	if (stand.client != NULL)
		chan_free(stand.client);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) == -1 ||
	    (stand.client = chan_new(stand.base, fd[0], &conf)) == NULL)
		err(1, "client channel");
	put_hello(chan_begin(stand.client, M_HELLO, 0), ROLE_MONITOR);
	chan_end(stand.client);
	chan_begin(stand.httpd, HTTP_PEER, 0);
	chan_end_fd(stand.httpd, fd[1]);
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
	if (c != stand.httpd)
		return (0);
	put_u8(chan_begin(c, M_VERBOSE, 0), LOG_LEVEL_DEBUG);
	chan_end(c);
	for (i = 0; i < stand.nlisteners; i++)
		send_listener(&stand.listeners[i]);
	send_peer();
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

/* One task: a running one, one that exited, one that was killed, ... */
static void
answer_task(uint32_t i, uint32_t tag)
{
	static const char *const requires[] = { "web0" };
	struct answer_task t;
	struct answer_proc p;
	int64_t now = wall_now();
	char *name;

	xasprintf(&name, "web%u", i);
	memset(&t, 0, sizeof(t));
	t.name = (struct span){ name, strlen(name) };
	t.detail = (struct span){ "", 0 };
	t.control = CONTROL_WAIT;
	t.count = 1;
	t.in_scope = true;
	t.state = i % 10 == 9 ? STATE_BACKOFF : STATE_RUNNING;
	t.reason = i % 10 == 9 ? REASON_BACKOFF_UNTIL : REASON_NONE;
	t.running = i % 10 != 9;
	t.since_wall = now - 5000;
	t.nrequires = i > 0;
	put_answer_task(chan_begin(stand.client, A_TASK, tag), &t, requires,
	    NULL);
	chan_end(stand.client);
	free(name);

	memset(&p, 0, sizeof(p));
	p.pid = t.running ? 1000 + i : 0;
	p.started_wall = now - 5000;
	p.uptime_ms = t.running ? 5000 : 0;
	p.starts = 1;
	if (!t.running) {
		p.exited = true;
		p.exited_wall = now - 1000;
		p.status = i % 20 == 9 ? SIGKILL : 3 << 8;
	}
	put_answer_proc(chan_begin(stand.client, A_PROC, tag), &p);
	chan_end(stand.client);
}

static void
answer_status(uint32_t tag)
{
	struct answer_summary s;
	struct span empty = { "", 0 };
	uint32_t i;

	memset(&s, 0, sizeof(s));
	s.change = stand.change;
	s.gen = stand.gen;
	s.load_ok = true;
	s.ntasks = stand.ntasks;
	s.version = s.load_error = empty;
	put_answer_summary(chan_begin(stand.client, A_SUMMARY, tag), &s,
	    NULL);
	chan_end(stand.client);
	for (i = 0; i < stand.ntasks; i++)
		answer_task(i, tag);
	chan_send(stand.client, A_END, tag);
}

static void
answer_config(uint32_t tag)
{
	put_blob(chan_begin(stand.client, A_CHUNK, tag), CONFIG_1,
	    strlen(CONFIG_1));
	chan_end(stand.client);
	put_blob(chan_begin(stand.client, A_CHUNK, tag), CONFIG_2,
	    strlen(CONFIG_2));
	chan_end(stand.client);
	chan_send(stand.client, A_END, tag);
}

static void
answer_ok(uint32_t tag, const char *text)
{
	put_str(chan_begin(stand.client, A_OK, tag), text);
	chan_end(stand.client);
}

static int
on_question(struct chan *c, struct msg *m, void *arg)
{
	static const struct {
		uint16_t	 type;
		const char	*name;
	} names[] = {
		{ C_STATUS, "status" },
		{ C_CONFIG, "config" },
		{ C_VERSION, "version" },
		{ C_SUBSCRIBE, "subscribe" },
		{ C_RELOAD, "reload" },
		{ C_SHUTDOWN, "stop" },
		{ C_RESET, "reset" },
	};
	size_t i;

	(void)c;
	(void)arg;
	for (i = 0; i < nitems(names); i++)
		if (names[i].type == m->type)
			say("asked", names[i].name);
	if (m->type == C_STATUS && get_u32(&m->body) != 0)
		return (-1);
	if (stand.mute)
		return (0);
	switch (m->type) {
	case C_STATUS:
		answer_status(m->tag);
		break;
	case C_CONFIG:
		answer_config(m->tag);
		break;
	case C_VERSION:
		put_blob(chan_begin(c, A_CHUNK, m->tag), "stand 1", 7);
		chan_end(c);
		chan_send(c, A_END, m->tag);
		break;
	default:
		answer_ok(m->tag, "");
		break;
	}
	return (0);
}

/*
 * A change of tasks: "asked change TYPE NAME=VALUE ..."; there are web0 and
 * so on, "same" is what they all are, "bad" is no value.
 */
static int
on_change(struct chan *c, struct msg *m, void *arg)
{
	struct ask_change q;
	struct ask_target t;
	struct answer_result r;
	struct span text;
	char *line, *more;
	bool good = true;

	(void)arg;
	if (get_ask_change(&m->body, &q) == -1)
		return (-1);
	xasprintf(&line, "change %u", m->type - C_STATUS);
	while (!stand.mute && q.n-- > 0) {
		get_target(&q.targets, &t);
		xasprintf(&more, "%s %.*s=%.*s", line, (int)t.name.len,
		    t.name.p, (int)t.value.len, t.value.p);
		free(line);
		line = more;
		r.name = t.name;
		r.code = RESULT_OK;
		text = (struct span){ "ok", 2 };
		if (span_is(t.value, "same")) {
			r.code = RESULT_SAME;
			text = (struct span){ "no change", 9 };
		} else if (span_is(t.value, "bad")) {
			r.code = RESULT_BAD_VALUE;
			text = (struct span){ "bad control 'bad'", 17 };
		}
		if (t.name.len < 3 || memcmp(t.name.p, "web", 3) != 0) {
			r.code = RESULT_NOT_FOUND;
			text = (struct span){ "not found", 9 };
		}
		r.text = text;
		good = good && r.code <= RESULT_SAME;
		put_answer_result(chan_begin(c, A_RESULT, m->tag), &r);
		chan_end(c);
	}
	say("asked", line);
	free(line);
	if (stand.mute)
		return (0);
	if (good) {
		answer_ok(m->tag, "");
		return (0);
	}
	put_answer_fail(chan_begin(c, A_FAIL, m->tag), FAIL_FAILED, "no");
	chan_end(c);
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
		send_peer();
	else if (strcmp(line, "garbage") == 0)
		chan_send(stand.client, A_END, 4711);
	else if (strncmp(line, "cert ", 5) == 0 &&
	    (arg = strchr(line + 5, ' ')) != NULL) {
		*arg++ = '\0';
		send_cert(strtonum(line + 5, 0, LIMIT_LISTEN, NULL), arg);
	} else if (strcmp(line, "quit") == 0) {
		chan_flush_wait(stand.httpd, 1000);
		event_base_loopbreak(stand.base);
	} else
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
	while ((ch = getopt(argc, argv, "l:n:t:")) != -1) {
		switch (ch) {
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
