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
 * A load for trial: what it says about a new configuration is what the
 * reload then does, whether that comes as a whole or as what differs; and
 * both lead to the same.
 */

#include <stdlib.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "../../monitor/sched_int.h"
#include "sim.h"

/* Nothing is on its way, nothing asked for without an answer. */
bool
world_quiet(const struct world *w)
{
	uint32_t	 i, k;

	if (w->sched == NULL || w->mode != MODE_RUN ||
	    world_spawner_busy(w) || monitor_busy(w))
		return (false);
	for (i = 0; i < SIM_TASKS; i++)
		for (k = 0; k < SIM_COUNT; k++)
			if (w->shadow[i][k].asked || w->shadow[i][k].looking)
				return (false);
	for (i = 0; i < SIM_SHADOWS; i++)
		if (w->cmds[i].used)
			return (false);
	return (true);
}

/* A limit that has passed is not left to the timer by a sync. */
static bool
limit_passed(const struct world *w, const struct sim_task *t)
{
	const struct shadow	*sh;
	uint32_t		 k;

	for (k = 0; t->time_limit > 0 && k < SIM_COUNT; k++) {
		sh = &w->shadow[t->name][k];
		if (shadow_there(sh) &&
		    w->now - sh->up_since >= t->time_limit)
			return (true);
	}
	return (false);
}

static void
compare_outcome(struct world *w, const struct sched *trial, uint32_t i)
{
	struct sched_outcome	 a, b;
	const char		*name = sched_task_name(trial, i);

	if (limit_passed(w, &w->told.t[i]))
		return;
	sched_outcome(trial, i, &a);
	sched_outcome(w->sched, i, &b);
	if (!b.touched) {
		if (a.stopped + a.restarted != 0)
			wrong(w, "a reload does what a trial said",
			    "%s: stopped %u, restarted %u, not touched",
			    name, a.stopped, a.restarted);
		return;
	}
	if (a.kept != b.kept || a.started != b.started ||
	    a.stopped != b.stopped || a.restarted != b.restarted)
		wrong(w, "a reload does what a trial said",
		    "%s: kept %u %u, started %u %u, stopped %u %u, "
		    "restarted %u %u", name, a.kept, b.kept, a.started,
		    b.started, a.stopped, b.stopped, a.restarted,
		    b.restarted);
}

/* A task that is held may hide it: its slots do not. */
static bool
delayed(const struct sched *s)
{
	struct sched_view	 v;
	struct sched_proc_view	 p;
	uint32_t		 i, k;

	for (i = 0; i < sched_ntasks(s); i++) {
		sched_view(s, i, &v);
		for (k = 0; k < v.nprocs; k++) {
			sched_proc_view(s, i, k, &p);
			if (p.slot == SLOT_BACKOFF)
				return (true);
		}
	}
	return (false);
}

/*
 * What nobody knows but by a check, and what was sent a signal by a person:
 * a whole sync cannot see it.
 */
static bool
unclear(struct world *w, uint8_t name)
{
	const struct sim_proc	*p;
	uint32_t		 k;

	for (k = 0; k < SIM_COUNT; k++) {
		p = world_slot(w, name, k);
		if (w->shadow[name][k].known_up || (p != NULL &&
		    p->last_signal != 0))
			return (true);
	}
	return (false);
}

static void
compare_view(struct world *w, const struct sched *trial, uint32_t i)
{
	struct sched_view	 a, b;

	sched_view(trial, i, &a);
	sched_view(w->sched, i, &b);
	if (limit_passed(w, &w->told.t[i]))
		return;
	/* A whole sync is a new try for what failed, if what it is started
	 * from has changed; also of a delay that was hidden till now. */
	if (a.state == STATE_STARTING && b.state == STATE_BACKOFF)
		return;
	/* A question under way goes on where what differs is taken on. */
	if (a.state == STATE_WAITING && b.state == STATE_STARTING &&
	    sim_probed(&w->told.t[i]))
		return;
	if (a.state != b.state || a.running != b.running ||
	    a.control != b.control || a.count != b.count)
		wrong(w, "what differs leads to the same as the whole",
		    "%s: %s %s, %u and %u run", sched_task_name(trial, i),
		    state_name(a.state), state_name(b.state), a.running,
		    b.running);
}

void
trial_reload(struct world *w)
{
	struct sched	*trial;
	struct sim_sync	*y;
	uint64_t	 changes;
	uint32_t	 i;
	bool		 was_delayed, skip = false;

	if (!world_quiet(w))
		return;
	say(w, "reload, after a trial");
	conf_change(&w->rng, &w->conf, chance(&w->rng, 70));
	was_delayed = delayed(w->sched);
	for (i = 0; i < SIM_TASKS; i++)
		skip |= unclear(w, i);
	changes = sched_changes(w->sched);
	y = world_make_sync(w, SYNC_FULL, true);
	trial = monitor_build(w, y, w->sched);
	if (sched_changes(w->sched) != changes)
		wrong(w, "a trial touches nothing", "%s",
		    "the scheduler has changed");
	free(y);
	world_reload(w, chance(&w->rng, 70));
	monitor_step(w);
	for (i = 0; i < sched_ntasks(trial) && !skip; i++) {
		compare_outcome(w, trial, i);
		/* A whole sync is a new try for what failed. */
		if (!was_delayed)
			compare_view(w, trial, i);
	}
	sched_free(trial);
}
