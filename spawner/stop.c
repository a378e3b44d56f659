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
 * The end of the daemon, and reset.  The monitor stops the tasks in their
 * order; when it cannot (it will not run, or the operator asks twice), the
 * spawner stops them itself, all at once: a daemon that was told to stop
 * does stop.  Processes of tasks with control adopt are left as they are,
 * also where the monitor says that they are (R_COUNT): one that lies can
 * leave running what can be found again, and the log says how many there are.
 *
 *	run --stop_begin--> asked the monitor --ALLSTOPPED--> finish
 *	                          |
 *	  asked again, no monitor for 10 s, nothing done for 120 s
 *	                          v
 *	                     TERM to all --5 s--> KILL to all --> finish
 */

#include <sys/types.h>

#include <signal.h>

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/log.h"
#include "daemon.h"
#include "foreign.h"
#include "helper.h"
#include "kept.h"
#include "proc.h"

#define MONITOR_MS	10000	/* without a monitor, then ourselves */
#define STUCK_MS	120000	/* a stop command may take a minute */
#define KILL_MS		5000	/* from TERM to KILL */
/*
 * A ^C reaches everybody on the terminal, and then who started us passes it
 * on: that is one wish, told twice, and no reason to cut anybody short.
 */
#define AGAIN_MS	500

static void
arm(struct daemon *d, int64_t ms)
{
	struct timeval tv = mono_timeval(ms);

	if (evtimer_add(d->stop_timer, &tv) == -1)
		log_warn("stop: cannot set a timer");
}

static void
signal_all(struct daemon *d, int sig)
{
	struct proc *p;

	for (p = proctab_first(d->procs); p != NULL;
	    p = proctab_next(d->procs, p)) {
		if (p->running && !p->stays)
			children_signal(d, p, sig);
	}
}

static void
finish(struct daemon *d)
{
	evtimer_del(d->stop_timer);
	if (d->mode == MODE_STOP) {
		if (proctab_running(d->procs) > 0)
			log_info("%u processes are left running, as control "
			    "adopt has it", proctab_running(d->procs));
		event_base_loopbreak(d->base);
		return;
	}
	/* A reset: as if started anew, but for the sockets. */
	log_info("all tasks have stopped; starting anew");
	d->mode = MODE_RUN;
	d->stopping_self = false;
	d->emptied = true;
	proctab_forget(d->procs);
	kept_clear(d->kept);
	reload_start(d, 0);
}

static void
stop_self(struct daemon *d)
{
	d->stopping_self = true;
	if (proctab_tostop(d->procs) == 0) {
		finish(d);
		return;
	}
	log_warnx("stopping all %u processes at once",
	    proctab_tostop(d->procs));
	signal_all(d, SIGTERM);
	arm(d, KILL_MS);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	if (d->stopping_self) {
		foreign_sweep(d);
		if (proctab_tostop(d->procs) == 0) {
			finish(d);
			return;
		}
		log_warnx("%u processes did not stop in time: killing them",
		    proctab_tostop(d->procs));
		signal_all(d, SIGKILL);
		arm(d, KILL_MS);
	} else if (!helper_ready(d->monitor)) {
		log_warnx("no monitor to stop the tasks in order");
		stop_self(d);
	} else if (mono_sub(mono_now(), d->progress) >= STUCK_MS) {
		log_warnx("the monitor has done nothing for %d s to stop the "
		    "tasks", STUCK_MS / 1000);
		stop_self(d);
	} else
		arm(d, MONITOR_MS);
}

int
stop_init(struct daemon *d)
{
	d->stop_timer = evtimer_new(d->base, on_timer, d);
	return (d->stop_timer == NULL ? -1 : 0);
}

void
stop_begin(struct daemon *d, enum run_mode mode)
{
	struct chan *c;

	if (d->mode == MODE_STOP) {
		if (mode == MODE_STOP && !d->stopping_self &&
		    mono_sub(mono_now(), d->stop_asked) >= AGAIN_MS) {
			log_info("asked to stop again");
			stop_self(d);
		}
		return;
	}
	if (mode == MODE_RESET && (d->mode == MODE_RESET || !d->up)) {
		log_info("a %s is under way: no reset", d->up ? "reset" :
		    "start");
		return;
	}
	log_info(mode == MODE_STOP ? "stopping" : "resetting");
	d->mode = mode;
	d->progress = d->stop_asked = mono_now();
	if (d->plan == NULL || d->stopping_self) {
		stop_self(d);
		return;
	}
	if (helper_ready(d->monitor)) {
		c = helper_chan(d->monitor);
		put_u8(chan_begin(c, S_SHUTDOWN, 0), mode);
		chan_end(c);
	}
	arm(d, MONITOR_MS);
}

void
stop_all_stopped(struct daemon *d)
{
	if (d->stopping_self)
		return;
	if (proctab_tostop(d->procs) > 0) {
		log_warnx("the monitor says that all has stopped, but %u "
		    "processes run", proctab_tostop(d->procs));
		stop_self(d);
		return;
	}
	finish(d);
}

void
stop_check(struct daemon *d)
{
	if (d->stopping_self && d->mode != MODE_RUN &&
	    proctab_tostop(d->procs) == 0)
		finish(d);
}
