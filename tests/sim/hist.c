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
 * One history: faults for a while, then calm and everything as it shall be,
 * then the end.  Or the end amid the faults.
 */

#include <stdlib.h>
#include <string.h>

#include "../../common/plan.h"
#include "sim.h"

#define CALM_STEPS	50000		/* by then it must have come to rest */
#define CALM_MS		(1000 * 1000)
#define PROBES_MS	(150 * 1000)	/* probes go on: rest is by then */

/* Parts of a history that have random numbers of their own. */
enum part {
	PART_BEGIN = 1000000,
	PART_CALM,
	PART_END
};

/* Lets time pass, at most ms, but never past what is to happen in it. */
static void
pass_time(struct world *w, int64_t ms)
{
	int64_t	 to = w->now + ms, next;

	next = life_next(w);
	if (next != 0 && next < to)
		to = next;
	if (w->armed != 0 && w->armed < to)
		to = w->armed;
	if (to > w->now)
		w->now = to;
	life_pass(w);
	if (w->armed != 0 && w->armed <= w->now)
		monitor_timer(w);
}

static void
fault(struct world *w)
{
	switch (rnd(&w->rng, 8)) {
	case 0:
	case 1:
	case 2:
	case 3:
		if (w->mode != MODE_RUN)
			break;
		say(w, "reload");
		conf_change(&w->rng, &w->conf, chance(&w->rng, 60));
		world_reload(w, chance(&w->rng, 70));
		break;
	case 4:
	case 5:
	case 6:
		world_kill_monitor(w);
		break;
	case 7:
		if (w->mode == MODE_RUN && w->sched != NULL &&
		    chance(&w->rng, 20)) {
			say(w, "reset");
			world_shutdown(w, MODE_RESET);
		}
		break;
	}
}

/* One thing happens, whichever comes. */
static void
chaos(struct world *w)
{
	switch (rnd(&w->rng, 7)) {
	case 0:
	case 1:
		world_spawner_step(w);
		break;
	case 2:
	case 3:
		monitor_step(w);
		break;
	case 4:
		/* Late: time passes though there is something to do. */
		pass_time(w, rnd(&w->rng, 20));
		break;
	case 5:
		if (chance(&w->rng, 10))
			fault(w);
		else if (!world_spawner_busy(w) && !monitor_busy(w))
			pass_time(w, 1 + rnd(&w->rng, 6000));
		break;
	case 6:
		if (chance(&w->rng, 15))
			request_random(w);
		else if (chance(&w->rng, 15))
			request_fire(w);
		else if (chance(&w->rng, 10))
			trial_reload(w);
		break;
	}
	w->steps++;
}

/* Everything that can happen now has happened; true: there is more later. */
static bool
settle(struct world *w)
{
	uint32_t	 n = 0;

	while (world_spawner_busy(w) || monitor_busy(w)) {
		world_spawner_step(w);
		monitor_step(w);
		if (w->wrong != NULL)
			return (false);
		if (++n > CALM_STEPS) {
			wrong(w, "bounded steps", "at one moment");
			return (false);
		}
	}
	w->steps += n;
	return (w->armed != 0 || life_next(w) != 0);
}

static bool
has_probes(const struct world *w)
{
	uint32_t	 i, k;

	for (i = 0; i < w->conf.n; i++)
		if (sim_probed(&w->conf.t[i]))
			return (true);
	for (i = 0; i < SIM_TASKS; i++)
		for (k = 0; k < SIM_COUNT; k++)
			if (w->out[i][k].alive && !w->out[i][k].watched)
				return (true);
	return (false);
}

/* Probes have no end: then it is at rest in the middle between two. */
static void
to_rest(struct world *w)
{
	int64_t		 end = w->now + (has_probes(w) ? PROBES_MS : CALM_MS);
	uint32_t	 n = 0;

	while (settle(w) && w->wrong == NULL) {
		if (w->now >= end && has_probes(w) && world_quiet(w))
			return;
		pass_time(w, CALM_MS);
		if (w->now > end + PROBES_MS || ++n > CALM_STEPS)
			wrong(w, "comes to rest", "it does not");
	}
}

/* A reset under way is a new start first; then no faults any more. */
static void
calm(struct world *w)
{
	uint32_t	 n;

	w->rng.x = mix(w->seed, PART_CALM);
	for (n = 0; w->mode != MODE_RUN && w->wrong == NULL; n++) {
		if (!settle(w) && w->mode != MODE_RUN)
			wrong(w, "a reset ends", "nothing happens");
		else if (w->mode != MODE_RUN)
			pass_time(w, CALM_MS);
		if (n > CALM_STEPS)
			wrong(w, "a reset ends", "it does not");
	}
	settle(w);
	if (w->wrong != NULL)
		return;
	say(w, "calm");
	conf_calm(&w->conf);
	life_calm(w);
	world_reload(w, chance(&w->rng, 50));
	to_rest(w);
	if (w->wrong == NULL)
		check_rest(w);
}

static void
ending(struct world *w)
{
	int64_t		 end = w->now + CALM_MS;
	uint32_t	 n = 0;

	w->rng.x = mix(w->seed, PART_END);
	say(w, "the end");
	world_shutdown(w, MODE_STOP);
	while (!w->allstopped && w->wrong == NULL) {
		if (!w->calm && chance(&w->rng, 2))
			world_kill_monitor(w);
		if (!settle(w) && !w->allstopped)
			wrong(w, "a shutdown ends", "nothing more happens");
		else if (!w->allstopped)
			pass_time(w, CALM_MS);
		if (w->now > end || ++n > CALM_STEPS)
			wrong(w, "a shutdown ends", "it does not");
	}
}

bool
history(struct world *w, uint64_t seed, bool verbose,
    const struct sim_skip *skip)
{
	uint32_t	 i, n;

	memset(w, 0, sizeof(*w));
	w->seed = seed;
	w->verbose = verbose;
	w->now = 100000;
	w->gen = 1;
	w->first_tag = 1;
	w->rng.x = mix(seed, PART_BEGIN);
	conf_make(&w->rng, &w->conf);
	for (i = 0; skip != NULL && i < SIM_TASKS; i++)
		if (skip->name[i])
			conf_remove(&w->conf, i);
	life_begin(w);
	n = rnd(&w->rng, SIM_STEPS);
	world_sync(w, SYNC_FULL, true);
	for (i = 0; i < n && w->wrong == NULL; i++) {
		if (skip != NULL && skip->step[i])
			continue;
		w->rng.x = mix(seed, i);
		chaos(w);
	}
	if (w->wrong == NULL && mix(seed, PART_END) % 10 < 7)
		calm(w);
	if (w->wrong == NULL)
		ending(w);
	for (; w->to_head != w->to_tail; w->to_head++)
		if (w->to[w->to_head % SIM_QUEUE].type == TO_SYNC)
			free(w->to[w->to_head % SIM_QUEUE].sync);
	sched_free(w->sched);
	w->sched = NULL;
	return (w->wrong == NULL);
}
