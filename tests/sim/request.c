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

/* What people ask for, and events: anything, at any time. */

#include <signal.h>
#include <string.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "sim.h"

static const char *const verdicts[VERDICT_MAX] = {
	[VERDICT_OK] = "ok",
	[VERDICT_NO_CHANGE] = "no change",
	[VERDICT_SHUTDOWN] = "shutdown",
	[VERDICT_OUT_OF_SCOPE] = "out of scope",
	[VERDICT_SUSPENDED] = "suspended",
	[VERDICT_HELD] = "held back",
	[VERDICT_NOT_RUNNING] = "not running",
	[VERDICT_NO_SLOT] = "no such slot",
	[VERDICT_NO_COMMAND] = "no such command"
};

static uint8_t
slots_of(const struct sim_task *t, uint16_t instance)
{
	return (instance == SCHED_ALL ? (1U << t->count) - 1 :
	    1U << instance);
}

static void
change_wish(struct world *w, uint8_t name, const struct sim_wish *to)
{
	told_moot(w, name, SCHED_ALL);
	if (memcmp(&w->wish[name], to, sizeof(*to)) == 0)
		return;
	w->wish[name] = *to;
	told_wishes(w, name);
	w->wished[name] = true;
}

/* The row of delays starts anew. */
static void
again(struct world *w, const struct sim_task *t, uint16_t instance)
{
	uint32_t	 k;

	told_moot(w, t->name, SCHED_ALL);
	for (k = 0; k < SIM_COUNT; k++)
		if ((slots_of(t, instance) & 1U << k) != 0) {
			w->shadow[t->name][k].notbefore = 0;
			w->shadow[t->name][k].nfail = 0;
		}
}

/* And a hold is over. */
static void
started(struct world *w, struct sim_task *t, uint16_t instance)
{
	struct sim_wish	 to = w->wish[t->name];

	to.held &= ~slots_of(t, instance);
	change_wish(w, t->name, &to);
	again(w, t, instance);
	if (instance != SCHED_ALL && sim_once(t))
		w->partly[t->name] = true;
}

static void
stopped(struct world *w, struct sim_task *t, uint16_t instance)
{
	struct sim_wish	 to = w->wish[t->name];

	to.held |= slots_of(t, instance);
	change_wish(w, t->name, &to);
}

static enum sched_verdict
do_start(struct world *w, struct sim_task *t, uint32_t i, uint16_t instance)
{
	struct sched_clock	 clk = monitor_clock(w);
	enum sched_verdict	 v;

	v = sched_start(w->sched, &clk, i, instance);
	if (v == VERDICT_OK)
		started(w, t, instance);
	return (v);
}

static enum sched_verdict
do_stop(struct world *w, struct sim_task *t, uint32_t i, uint16_t instance)
{
	struct sched_clock	 clk = monitor_clock(w);
	enum sched_verdict	 v;

	v = sched_stop(w->sched, &clk, i, instance);
	if (v == VERDICT_OK)
		stopped(w, t, instance);
	else if (v == VERDICT_NO_CHANGE && sim_enabled(t) &&
	    (slots_of(t, instance) & ~w->wish[t->name].held) != 0)
		wrong(w, "a stop holds", "%s is not stopped: no change",
		    sim_name(t->name));
	return (v);
}

static enum sched_verdict
do_restart(struct world *w, struct sim_task *t, uint32_t i, uint16_t instance)
{
	struct sched_clock	 clk = monitor_clock(w);
	enum sched_verdict	 v;

	v = sched_restart(w->sched, &clk, i, instance);
	if (v == VERDICT_OK)
		started(w, t, instance);
	return (v);
}

static enum sched_verdict
do_count(struct world *w, struct sim_task *t, uint32_t i)
{
	struct sched_clock	 clk = monitor_clock(w);
	struct sim_wish		 to = w->wish[t->name];
	enum sched_verdict	 v, may;

	to.count = 1 + rnd(&w->rng, SIM_COUNT);
	say(w, "    count %u", to.count);
	may = sched_may_count(w->sched, i, to.count);
	v = sched_set_count(w->sched, &clk, i, to.count);
	if (may != v)
		wrong(w, "may and do agree", "count of %s: %s, %s",
		    sim_name(t->name), verdicts[may], verdicts[v]);
	to.held &= (1U << to.count) - 1;
	if (v == VERDICT_OK)
		change_wish(w, t->name, &to);
	return (v);
}

static enum sched_verdict
do_control(struct world *w, struct sim_task *t, uint32_t i)
{
	struct sched_clock	 clk = monitor_clock(w);
	struct sim_wish		 to = w->wish[t->name];
	enum sched_verdict	 v, may;
	enum control		 control = rnd(&w->rng, CONTROL_MAX);
	uint32_t		 k;

	/* Who asks has seen to it that it can be probed. */
	if ((control == CONTROL_NOWAIT || control == CONTROL_ADOPT) &&
	    !t->pidfile && (!t->check || (t->stop != BY_SHARED &&
	    t->stop != BY_EACH)))
		return (VERDICT_NO_CHANGE);
	to.control = control + 1;
	say(w, "    control %u", control);
	may = sched_may_control(w->sched, i, control);
	v = sched_set_control(w->sched, &clk, i, control);
	if (may != v)
		wrong(w, "may and do agree", "control of %s: %s, %s",
		    sim_name(t->name), verdicts[may], verdicts[v]);
	if (v != VERDICT_OK)
		return (v);
	change_wish(w, t->name, &to);
	w->partly[t->name] = true;
	for (k = 0; k < SIM_COUNT; k++) {
		w->shadow[t->name][k].probed = w->now;
		w->out[t->name][k].lied = true;
		w->out[t->name][k].comes = 0;
	}
	return (v);
}

static enum sched_verdict
do_signal(struct world *w, struct sim_task *t, uint32_t i, uint16_t instance)
{
	static const int	 sigs[] = { SIGHUP, SIGHUP, SIGTERM, SIGKILL };
	struct sched_clock	 clk = monitor_clock(w);

	(void)t;
	w->asked_for = true;
	return (sched_signal_task(w->sched, &clk, i, instance,
	    sigs[rnd(&w->rng, nitems(sigs))]));
}

static enum sched_verdict
do_run(struct world *w, struct sim_task *t, uint32_t i, uint16_t instance)
{
	static const char *const names[] = {
		"asked", "asked", "asked", "stop", "start", "nosuch"
	};
	const char		*name = names[rnd(&w->rng, nitems(names))];
	struct sched_clock	 clk = monitor_clock(w);
	enum sched_verdict	 v;
	uint32_t		 ticket = 0;

	say(w, "    run %s", name);
	v = sched_run(w->sched, &clk, i, instance, name, &ticket);
	if (v == VERDICT_OK && strcmp(name, "nosuch") == 0)
		wrong(w, "only what there is is run", "%s",
		    sim_name(t->name));
	if (v == VERDICT_OK && strcmp(name, "start") == 0)
		started(w, t, instance);
	if (v == VERDICT_OK && strcmp(name, "stop") == 0)
		again(w, t, instance);
	if (sim_once(t))
		w->partly[t->name] = true;
	if ((v == VERDICT_OK && strcmp(name, "asked") == 0) != (ticket != 0))
		wrong(w, "a command has a ticket", "%s: %s, %u",
		    sim_name(t->name), verdicts[v], ticket);
	if (ticket != 0 && w->ntickets < SIM_SHADOWS)
		w->tickets[w->ntickets++] = ticket;
	return (v);
}

void
request_random(struct world *w)
{
	static const char *const what[] = {
		"start", "stop", "restart", "count", "control", "signal",
		"run"
	};
	const struct sched_action	*a;
	struct sim_task			*t;
	enum sched_verdict		 v = VERDICT_OK;
	uint32_t			 i, which;
	uint16_t			 instance;
	size_t				 n;

	if (w->sched == NULL || w->told.n == 0)
		return;
	i = rnd(&w->rng, w->told.n);
	t = &w->told.t[i];
	instance = chance(&w->rng, 60) ? SCHED_ALL : rnd(&w->rng, SIM_COUNT);
	which = rnd(&w->rng, nitems(what));
	say(w, "somebody: %s %s[%d]", what[which], sim_name(t->name),
	    instance == SCHED_ALL ? -1 : (int)instance);
	switch (which) {
	case 0:
		v = do_start(w, t, i, instance);
		break;
	case 1:
		v = do_stop(w, t, i, instance);
		break;
	case 2:
		v = do_restart(w, t, i, instance);
		break;
	case 3:
		v = do_count(w, t, i);
		break;
	case 4:
		v = do_control(w, t, i);
		break;
	case 5:
		v = do_signal(w, t, i, instance);
		break;
	case 6:
		v = do_run(w, t, i, instance);
		break;
	}
	if (v >= VERDICT_MAX) {
		wrong(w, "a verdict is one of the list", "%d", (int)v);
		return;
	}
	say(w, "    %s", verdicts[v]);
	a = sched_actions(w->sched, &n);
	if (v != VERDICT_OK && n > 0)
		wrong(w, "what is refused does nothing", "%s of %s: %s, %d",
		    what[which], sim_name(t->name), verdicts[v],
		    (int)a[0].what);
	monitor_flush(w, NULL);
	w->asked_for = false;
}

void
request_fire(struct world *w)
{
	struct sched_clock	 clk = monitor_clock(w);
	const struct sim_task	*t;
	uint32_t		 i, e;

	if (w->sched == NULL || w->told.n == 0)
		return;
	i = rnd(&w->rng, w->told.n);
	t = &w->told.t[i];
	if (t->nev == 0)
		return;
	e = rnd(&w->rng, t->nev);
	say(w, "event %u of %s", e, sim_name(t->name));
	event_fired(w, t->name, e);
	sched_fire(w->sched, &clk, i, e);
	monitor_flush(w, NULL);
}
