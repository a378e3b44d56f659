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
 * The monitor's start, its channel to the spawner and the table of what it
 * takes from there.  The spawner does not lie; a message that breaks the
 * protocol anyway means that we do not understand each other, and then the
 * monitor ends itself: the next one is told everything anew.
 */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "../common/imsg.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/plan.h"
#include "../common/sandbox.h"
#include "../common/util.h"
#include "monitor.h"
#include "pymod.h"
#include "watcher.h"

#define IMSG_PAYLOAD	(IMSG_MAX - IMSG_HDRLEN)
/* Beyond this the spawner does not read any more, which cannot be. */
#define SPAWNER_MAXOUT	(64 * 1024 * 1024)

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	struct monitor	*mon = arg;
	struct hello	 h;
	char		 active[128];

	if (get_hello(&m->body, &h) == -1 || h.role != ROLE_SPAWNER)
		return (-1);
	memcpy(mon->build, h.build.p, h.build.len);
	if (sandbox_enter(SANDBOX_MONITOR, active, sizeof(active)) == -1)
		fatal("cannot be confined: %s", active);
	log_info("sandbox: %s", active);
	chan_send(c, R_READY, 0);
	chan_phase(c, CHAN_RUN);
	return (0);
}

static int
on_verbose(struct chan *c, struct msg *m, void *arg)
{
	uint8_t	 level;

	(void)c;
	(void)arg;
	if ((level = get_u8(&m->body)) > LOG_LEVEL_DEBUG)
		return (-1);
	log_set_level(level);
	return (0);
}

/* The scheduler that an event is for; none while a sync is under way. */
static struct sched *
in_force(struct monitor *m)
{
	return (m->syncing ? NULL : m->now.sched);
}

static int
on_spawned(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sched_clock	 clk;
	struct spawned		 s;

	(void)c;
	if (get_spawned(&msg->body, &s) == -1 || in_force(m) == NULL)
		return (-1);
	if ((msg->tag & PYMOD_TAG) != 0) {
		pymod_spawned(m->watcher->pymods, msg->tag, s.id);
		return (0);
	}
	act_clock(&clk);
	if (sched_spawned(m->now.sched, &clk, msg->tag, &s) == -1)
		return (-1);
	act_flush(m);
	return (0);
}

static int
on_spawnfail(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sched_clock	 clk;
	struct spawnfail	 f;

	(void)c;
	if (get_spawnfail(&msg->body, &f) == -1 || in_force(m) == NULL)
		return (-1);
	if (pymod_spawnfail(m->watcher->pymods, msg->tag, f.id))
		return (0);
	act_clock(&clk);
	if (sched_spawnfail(m->now.sched, &clk, msg->tag, &f) == -1)
		return (-1);
	act_flush(m);
	return (0);
}

static int
on_exited(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sched_clock	 clk;
	struct exited		 e;

	(void)c;
	if (get_exited(&msg->body, &e) == -1 || in_force(m) == NULL)
		return (-1);
	if (pymod_exited(m->watcher->pymods, e.id, e.status))
		return (0);
	act_clock(&clk);
	if (sched_exited(m->now.sched, &clk, &e) == -1)
		return (-1);
	act_flush(m);
	return (0);
}

static int
on_found(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sched_clock	 clk;
	struct found		 f;

	(void)c;
	if (get_found(&msg->body, &f) == -1 || in_force(m) == NULL)
		return (-1);
	act_clock(&clk);
	if (sched_found(m->now.sched, &clk, msg->tag, &f) == -1)
		return (-1);
	act_flush(m);
	return (0);
}

static int
on_notfound(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct sched_clock	 clk;
	struct notfound		 n;

	(void)c;
	if (get_notfound(&msg->body, &n) == -1 || in_force(m) == NULL)
		return (-1);
	act_clock(&clk);
	if (sched_notfound(m->now.sched, &clk, msg->tag, &n) == -1)
		return (-1);
	act_flush(m);
	return (0);
}

/*
 * The kernel takes some ten milliseconds to take leave of a set of watches.
 * We would hold up the end of the daemon with that, so it is done while the
 * tasks end.
 */
static void
on_rest(evutil_socket_t fd, short what, void *arg)
{
	struct monitor	*m = arg;

	(void)fd;
	(void)what;
	watcher_rest(m->watcher);
}

static int
on_shutdown(struct chan *c, struct msg *msg, void *arg)
{
	static const struct timeval soon = { 0, 2000 };
	struct monitor		*m = arg;
	struct sched_clock	 clk;
	uint8_t			 mode;

	(void)c;
	mode = get_u8(&msg->body);
	if ((mode != MODE_STOP && mode != MODE_RESET) || m->syncing)
		return (-1);
	/* Before the first sync: that will say it. */
	if (m->now.sched == NULL)
		return (0);
	log_info("%s: stopping all tasks", mode == MODE_STOP ? "stop" :
	    "reset");
	act_clock(&clk);
	sched_shutdown(m->now.sched, &clk, mode);
	act_flush(m);
	/* After what was decided has left; a reset will want to watch. */
	if (mode == MODE_STOP)
		event_base_once(m->base, -1, EV_TIMEOUT, on_rest, m, &soon);
	return (0);
}

static int
on_follow(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;

	(void)c;
	return (watcher_follow(m->watcher, &msg->body));
}

static int
on_output(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;

	(void)c;
	pymod_output(m->watcher->pymods, msg->tag, msg->fd);
	msg->fd = -1;
	return (0);
}

static int
on_stated(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;
	struct file_id	 id;

	(void)c;
	get_file_id(&msg->body, &id);
	if (!cursor_done(&msg->body))
		return (-1);
	watcher_stated(m->watcher, msg->tag, &id);
	return (0);
}

static const struct chan_rule rules[] = {
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello },
	{ M_VERBOSE, CHAN_ANY, CHAN_NOFD, 1, 1, on_verbose },
	{ SYNC_BEGIN, CHAN_RUN, CHAN_NOFD, 36, 36, on_sync_begin },
	{ SYNC_SCHED, CHAN_RUN, CHAN_NOFD, 8, IMSG_PAYLOAD, on_sync_sched },
	{ SYNC_PROC, CHAN_RUN, CHAN_NOFD, 75, 75 + UINT16_MAX, on_sync_proc },
	{ SYNC_NOTE, CHAN_RUN, CHAN_NOFD, NOTE_MIN, NOTE_MIN + LIMIT_NOTE,
	    on_sync_note },
	{ SYNC_DOC, CHAN_RUN, CHAN_FD, 4, 4, on_sync_doc },
	{ SYNC_END, CHAN_RUN, CHAN_NOFD, 0, 0, on_sync_end },
	{ S_SPAWNED, CHAN_RUN, CHAN_NOFD, 36, 36, on_spawned },
	{ S_SPAWNFAIL, CHAN_RUN, CHAN_NOFD, 37, 37, on_spawnfail },
	{ S_EXITED, CHAN_RUN, CHAN_NOFD, EXITED_LEN, EXITED_LEN,
	    on_exited },
	{ S_FOUND, CHAN_RUN, CHAN_NOFD, FOUND_LEN, FOUND_LEN, on_found },
	{ S_NOTFOUND, CHAN_RUN, CHAN_NOFD, NOTFOUND_LEN, NOTFOUND_LEN,
	    on_notfound },
	{ S_LOADERR, CHAN_RUN, CHAN_NOFD, 3, 3 + UINT16_MAX, on_s_loaderr },
	{ S_LOADED, CHAN_RUN, CHAN_NOFD, 13, 13, on_s_loaded },
	{ S_CLIENT, CHAN_RUN, CHAN_FD, 1, 1, on_s_client },
	{ S_CTLSOCK, CHAN_RUN, CHAN_FD, 0, 0, on_s_ctlsock },
	{ S_SHUTDOWN, CHAN_RUN, CHAN_NOFD, 1, 1, on_shutdown },
	{ S_FOLLOW, CHAN_RUN, CHAN_NOFD, 4, IMSG_PAYLOAD, on_follow },
	{ S_OUTPUT, CHAN_RUN, CHAN_FD, 0, 0, on_output },
	{ S_CHECKED, CHAN_RUN, CHAN_NOFD, 2, 2 + UINT16_MAX, on_s_checked },
	{ S_STATED, CHAN_RUN, CHAN_NOFD, FILE_ID_LEN, FILE_ID_LEN, on_stated },
	{ S_LISTENER, CHAN_RUN, CHAN_NOFD, 11, 11 + 2 * UINT16_MAX,
	    on_s_listener },
};

static void
on_gone(struct chan *c, const char *why, void *arg)
{
	struct monitor	*m = arg;

	(void)c;
	if (why != NULL)
		fatalx("channel to the spawner: %s", why);
	event_base_loopbreak(m->base);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	act_timer(arg);
}

/*
 * With precise timers: a file's settle time is not to end when the kernel's
 * clock ticks next.  epoll(7) then has its time from a timerfd.
 */
static struct event_base *
new_base(void)
{
	struct event_config	*config;
	struct event_base	*base = NULL;

	if ((config = event_config_new()) == NULL)
		return (NULL);
	if (event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER) == 0)
		base = event_base_new_with_config(config);
	event_config_free(config);
	return (base);
}

int
monitor_main(void)
{
	static struct monitor	 m;
	struct chan_conf	 conf = {
		.name = "spawner", .rules = rules, .nrules = nitems(rules),
		.maxout = SPAWNER_MAXOUT, .arg = &m, .gone = on_gone
	};

	log_init("monitor", LOG_TO_PIPE, LOG_LEVEL_INFO);
	/* A client that went away is an EPIPE, not our end. */
	signal(SIGPIPE, SIG_IGN);
	/* Its files are out of reach once we are confined. */
	tzset();
	if ((m.base = new_base()) == NULL ||
	    (m.timer = evtimer_new(m.base, on_deadline, &m)) == NULL)
		fatalx("cannot set up the event loop");
	m.next_tag = 1;
	m.load_ok = true;
	clients_init(&m);
	m.watcher = watcher_new(&m);
	if ((m.spawner = chan_new(m.base, HELPER_FD, &conf)) == NULL)
		fatal("no channel to the spawner");
	put_hello(chan_begin(m.spawner, M_HELLO, 0), ROLE_MONITOR);
	chan_end(m.spawner);
	if (event_base_dispatch(m.base) == -1)
		fatalx("the event loop failed");
	return (0);
}
