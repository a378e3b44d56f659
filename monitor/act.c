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
 * Doing what the scheduler decided: its actions become messages to the
 * spawner, lines in the log and one timer.  Messages of a turn of the event
 * loop leave together; the log comes after them, since it may wait.
 */

#include <event2/event.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "monitor.h"

void
act_clock(struct sched_clock *clk)
{
	clk->now = mono_now();
	clk->wall = wall_now();
}

static void
act_arm(struct monitor *m, struct mono at)
{
	struct timeval	 tv;

	if (!mono_isset(at)) {
		evtimer_del(m->timer);
		return;
	}
	tv = mono_left(at);
	if (evtimer_add(m->timer, &tv) == -1)
		fatalx("cannot arm the timer");
}

static void
act_note(struct monitor *m, uint32_t task)
{
	uint8_t		 buf[LIMIT_NOTE];
	struct note	 n = { .gen = m->now.begin.gen, .task = task };

	n.blob.len = sched_note(m->now.sched, task, buf);
	n.blob.p = (const char *)buf;
	put_note(chan_begin(m->spawner, R_NOTE, 0), &n);
	chan_end(m->spawner);
}

static void
act_one(struct monitor *m, const struct sched_action *a)
{
	struct spawn_req	 spawn;
	struct run_req		 run;
	struct signal_req	 sig;
	struct look_req		 look;
	struct count_req	 count;

	switch ((enum sched_what)a->what) {
	case SCHED_SPAWN:
		spawn = (struct spawn_req){ .gen = m->now.begin.gen,
		    .task = a->task, .instance = a->instance,
		    .again_ms = a->again_ms };
		put_spawn_req(chan_begin(m->spawner, R_SPAWN, a->tag),
		    &spawn);
		chan_end(m->spawner);
		break;
	case SCHED_RUN:
		run = (struct run_req){ .gen = m->now.begin.gen,
		    .task = a->task, .cmd = a->cmd, .instance = a->instance,
		    .id = a->id };
		put_run_req(chan_begin(m->spawner, R_RUN, a->tag), &run);
		chan_end(m->spawner);
		break;
	case SCHED_LOOK:
		look = (struct look_req){ .gen = m->now.begin.gen,
		    .task = a->task, .instance = a->instance };
		put_look_req(chan_begin(m->spawner, R_LOOK, a->tag), &look);
		chan_end(m->spawner);
		break;
	case SCHED_COUNT:
		count = (struct count_req){ .gen = m->now.begin.gen,
		    .task = a->task, .count = a->count,
		    .control = a->control };
		put_count_req(chan_begin(m->spawner, R_COUNT, 0), &count);
		chan_end(m->spawner);
		break;
	case SCHED_SIGNAL:
		sig = (struct signal_req){ .id = a->id, .sig = a->sig };
		put_signal_req(chan_begin(m->spawner, R_SIGNAL, 0), &sig);
		chan_end(m->spawner);
		break;
	case SCHED_NOTE:
		act_note(m, a->task);
		break;
	case SCHED_ALLSTOPPED:
		put_u8(chan_begin(m->spawner, R_ALLSTOPPED, 0), a->mode);
		chan_end(m->spawner);
		break;
	case SCHED_ARM:
		act_arm(m, a->at);
		break;
	case SCHED_REPORT:
		break;
	}
}

void
act_flush(struct monitor *m)
{
	const struct sched_action	*a;
	char				 text[512];
	size_t				 i, n;
	int				 priority;

	a = sched_actions(m->now.sched, &n);
	for (i = 0; i < n; i++)
		act_one(m, &a[i]);
	for (i = 0; i < n; i++) {
		if (a[i].what != SCHED_REPORT)
			continue;
		priority = report_text(m->now.sched, &a[i], text,
		    sizeof(text));
		if (priority != -1)
			log_at(priority, "%s", text);
	}
	wait_step(m, a, n);
	sched_actions_clear(m->now.sched);
	clients_changed(m);
}

void
act_stop(struct monitor *m)
{
	evtimer_del(m->timer);
}

void
act_timer(struct monitor *m)
{
	struct sched_clock	 clk;

	act_clock(&clk);
	sched_timer(m->now.sched, &clk);
	act_flush(m);
}
