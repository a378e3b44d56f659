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
 * Keeping helpers alive: greeting with a time limit, the row of delays, and
 * their end.  What a helper sends is judged by its channel's rules; any
 * breach ends that run of it here.
 */

#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/log.h"
#include "../common/mono.h"
#include "../common/states.h"
#include "../common/util.h"
#include "helper.h"
#include "helperlog.h"

#define GREET_MS	30000	/* from birth to READY */
#define DELAY_MAX_MS	60000
#define WAIT_MS		1000	/* for one that was killed */
#define BEHAVED_MS	60000	/* then the row of delays starts anew */

struct helper {
	struct helper_conf	 conf;
	struct chan_rule	*rules;	/* HELLO and the owner's */
	struct chan		*chan;
	struct event		*timer;	/* greeting, or the next start */
	pid_t			 pid;	/* 0: none */
	uint32_t		 starts;
	bool			 wanted;
	bool			 killed;	/* by us: no news */
	struct mono		 born;
	int64_t			 delay;	/* before the next start, ms */
};

static void	on_timer(evutil_socket_t, short, void *);
static int	on_hello(struct chan *, struct msg *, void *);

struct helper *
helper_new(const struct helper_conf *conf)
{
	static const struct chan_rule hello = {
		M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello
	};
	struct helper *h;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		return (NULL);
	h->conf = *conf;
	h->rules = calloc(conf->nrules + 1, sizeof(*h->rules));
	h->timer = evtimer_new(conf->env->base, on_timer, h);
	if (h->rules == NULL || h->timer == NULL) {
		helper_free(h);
		return (NULL);
	}
	h->rules[0] = hello;
	if (conf->nrules > 0)
		memcpy(h->rules + 1, conf->rules,
		    conf->nrules * sizeof(*h->rules));
	return (h);
}

/* Ends this run; the pid stays until it is reaped. */
static void
end_run(struct helper *h)
{
	bool had = h->chan != NULL;

	chan_free(h->chan);
	h->chan = NULL;
	evtimer_del(h->timer);
	if (h->pid != 0) {
		kill(h->pid, SIGKILL);
		h->killed = true;
	}
	if (had)
		h->conf.gone(h, h->conf.arg);
}

void
helper_wait(pid_t pid)
{
	struct timespec pause = { 0, 20000 };
	struct mono end = mono_add(mono_now(), WAIT_MS);

	if (pid == 0)
		return;
	while (waitpid(pid, NULL, WNOHANG) == 0 &&
	    mono_cmp(mono_now(), end) < 0) {
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 500000)
			pause.tv_nsec *= 2;
	}
}

void
helper_free(struct helper *h)
{
	if (h == NULL)
		return;
	if (h->timer != NULL)
		helper_stop(h);
	helper_wait(h->pid);
	if (h->timer != NULL)
		event_free(h->timer);
	free(h->rules);
	free(h);
}

static void
arm(struct helper *h, int64_t ms)
{
	struct timeval tv = mono_timeval(ms);

	if (evtimer_add(h->timer, &tv) == -1)
		log_warn("%s: cannot set a timer", h->conf.name);
}

/* The next start, by the row 0, 1, 2, 4 ... 60 s. */
static void
start_later(struct helper *h)
{
	int64_t ms = h->delay;

	if (mono_isset(h->born) &&
	    mono_sub(mono_now(), h->born) >= BEHAVED_MS)
		ms = 0;
	h->delay = ms == 0 ? 1000 : ms * 2;
	if (h->delay > DELAY_MAX_MS)
		h->delay = DELAY_MAX_MS;
	if (ms > 0)
		log_info("%s: starts again in %lld s", h->conf.name,
		    (long long)ms / 1000);
	arm(h, ms);
}

/* An old process must be gone before a new one starts. */
static void
next_run(struct helper *h)
{
	if (h->wanted && h->pid == 0)
		start_later(h);
}

static void
on_gone(struct chan *c, const char *why, void *arg)
{
	struct helper *h = chan_arg(c);

	(void)arg;
	if (why != NULL)
		log_warnx("%s[%d]: %s; ending it", h->conf.name, (int)h->pid,
		    why);
	else
		log_debug("%s[%d] closed its channel", h->conf.name,
		    (int)h->pid);
	end_run(h);
	next_run(h);
}

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	struct helper *h = arg;
	struct hello hello;
	struct wbuf *w;

	if (get_hello(&m->body, &hello) == -1 || hello.role != h->conf.role)
		return (-1);
	chan_phase(c, CHAN_SETUP);
	w = chan_begin(c, M_HELLO, 0);
	put_hello(w, ROLE_SPAWNER);
	chan_end(c);
	w = chan_begin(c, M_VERBOSE, 0);
	put_u8(w, log_get_level());
	chan_end(c);
	h->conf.greeted(h, h->conf.arg);
	return (0);
}

static void
run(struct helper *h)
{
	struct chan_conf cc = {
		.name = h->conf.name, .rules = h->rules,
		.nrules = h->conf.nrules + 1, .maxout = h->conf.maxout,
		.arg = h, .gone = on_gone
	};
	struct helper_birth birth = {
		.argv = h->conf.argv, .user = h->conf.user,
		.inherit = { -1, -1 }, .out = -1
	};
	int fd, logfd;

	h->born = mono_now();
	h->killed = false;
	if ((h->pid = helper_fork(h->conf.env, &birth, &fd, &logfd)) == -1) {
		h->pid = 0;
		log_warn("%s: cannot start %s/%s", h->conf.name,
		    h->conf.env->dir, h->conf.argv[0]);
		next_run(h);
		return;
	}
	h->starts++;
	log_debug("%s[%d] started", h->conf.name, (int)h->pid);
	if (helperlog_start(h->conf.env->base, logfd, h->conf.name,
	    h->pid) == -1)
		log_warn("%s: its log is lost", h->conf.name);
	if ((h->chan = chan_new(h->conf.env->base, fd, &cc)) == NULL) {
		log_warn("%s: no channel", h->conf.name);
		end_run(h);
		return;
	}
	arm(h, GREET_MS);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct helper *h = arg;

	(void)fd;
	(void)what;
	if (!h->wanted)
		return;
	if (h->chan != NULL) {
		log_warnx("%s[%d]: is not ready in time; ending it",
		    h->conf.name, (int)h->pid);
		end_run(h);
		next_run(h);
	} else if (h->pid == 0)
		run(h);
}

void
helper_start(struct helper *h)
{
	if (h->wanted)
		return;
	h->wanted = true;
	h->delay = 0;
	if (h->pid == 0)
		arm(h, 0);
}

void
helper_stop(struct helper *h)
{
	if (h == NULL)
		return;
	h->wanted = false;
	end_run(h);
}

struct chan *
helper_chan(struct helper *h)
{
	return (h->chan);
}

bool
helper_ready(const struct helper *h)
{
	return (h->chan != NULL && chan_get_phase(h->chan) == CHAN_RUN);
}

void
helper_set_ready(struct helper *h)
{
	chan_phase(h->chan, CHAN_RUN);
	evtimer_del(h->timer);
}

uint32_t
helper_starts(const struct helper *h)
{
	return (h->starts);
}

pid_t
helper_pid(const struct helper *h)
{
	return (h->pid);
}

void *
helper_arg(const struct helper *h)
{
	return (h->conf.arg);
}

const char *
helper_name(const struct helper *h)
{
	return (h->conf.name);
}

bool
helper_reaped(struct helper *h, pid_t pid, int status)
{
	if (h->pid == 0 || h->pid != pid)
		return (false);
	h->pid = 0;
	if (h->wanted && !h->killed)
		log_warnx("%s[%d] %s", h->conf.name, (int)pid,
		    exit_text(status));
	/*
	 * Which of the two we hear of first, its end or its last messages, is
	 * chance.  A monitor has told somebody that they were done.
	 */
	if (h->chan != NULL)
		chan_drain(h->chan);
	end_run(h);
	next_run(h);
	return (true);
}
