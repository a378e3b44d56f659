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

/* Random numbers that a seed brings back, and random configurations. */

#include <string.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "sim.h"

/* splitmix64 */
static uint64_t
next(struct rng *r)
{
	uint64_t	 z = (r->x += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (z ^ (z >> 31));
}

/* The seed of a part of a history: the others may be left out. */
uint64_t
mix(uint64_t seed, uint64_t part)
{
	struct rng	 r = { seed };

	r.x = next(&r) + part;
	return (next(&r));
}

uint32_t
rnd(struct rng *r, uint32_t below)
{
	return (below == 0 ? 0 : next(r) % below);
}

bool
chance(struct rng *r, uint32_t percent)
{
	return (rnd(r, 100) < percent);
}

/* What a probed task must have (spec.md 5), or it would not load. */
static void
make_probed(struct rng *r, struct sim_task *t)
{
	if (!sim_probed(t))
		return;
	if (chance(r, 70))
		t->pidfile = true;
	if (chance(r, 50) || !t->pidfile)
		t->check = true;
	if (!t->pidfile && t->stop != BY_SHARED && t->stop != BY_EACH)
		t->stop = BY_SHARED + rnd(r, 2);
}

static void
make_events(struct rng *r, struct sim_task *t)
{
	uint32_t	 k;

	t->nev = chance(r, 50) ? 0 : 1 + rnd(r, SIM_EVENTS);
	for (k = 0; k < t->nev; k++) {
		t->action[k] = chance(r, 50) ? ACTION_COMMAND :
		    chance(r, 40) ? ACTION_SIGNAL :
		    sim_once(t) ? ACTION_START : ACTION_STOP;
		t->verify[k] = chance(r, 30);
	}
}

static void
make_control(struct rng *r, struct sim_task *t)
{
	static const uint8_t	 controls[] = {
		CONTROL_WAIT, CONTROL_WAIT, CONTROL_WAIT, CONTROL_WAIT,
		CONTROL_WAIT, CONTROL_ONCE, CONTROL_ONCE, CONTROL_EVENT,
		CONTROL_NOWAIT, CONTROL_NOWAIT, CONTROL_ADOPT,
		CONTROL_SUSPEND, CONTROL_OFF
	};

	t->control = controls[rnd(r, nitems(controls))];
	make_probed(r, t);
	make_events(r, t);
}

static void
task_make(struct rng *r, struct sim_task *t, uint8_t name)
{
	memset(t, 0, sizeof(*t));
	t->name = name;
	t->count = chance(r, 60) ? 1 : 1 + rnd(r, SIM_COUNT);
	t->in_role = !chance(r, 10);
	t->held = chance(r, 4);
	t->start_delay = chance(r, 30) ? 1 + rnd(r, 3000) : 0;
	t->stop_timeout = chance(r, 80) ? 5000 : 100 + rnd(r, 2000);
	t->check_interval = chance(r, 50) ? 5000 : 200 + rnd(r, 3000);
	t->check_timeout = chance(r, 50) ? 5000 : 100 + rnd(r, 2000);
	t->stop = chance(r, 60) ? BY_TERM : rnd(r, BY_EVENT + 1);
	t->pidfile = chance(r, 20);
	t->check = chance(r, 10);
	t->each = chance(r, 40);
	t->leaves = chance(r, 70) ? LEAVES_DAEMON : LEAVES_NOTHING;
	t->print = rnd(r, 1000);
	make_control(r, t);
	if (chance(r, t->control == CONTROL_ONCE ? 40 : 10))
		t->time_limit = 200 + rnd(r, 8000);
}

/* Requires go to smaller names only: no cycles; the file order is another. */
static void
task_requires(struct rng *r, struct sim_conf *c, struct sim_task *t, int shape)
{
	uint8_t	 prev, want, n;

	t->nreq = 0;
	if (t->name == 0)
		return;
	switch (shape) {
	case 0:				/* a chain */
		prev = t->name - 1;
		if (conf_find(c, prev) != -1)
			t->req[t->nreq++] = prev;
		break;
	case 1:				/* a star */
		if (conf_find(c, 0) != -1)
			t->req[t->nreq++] = 0;
		break;
	default:
		want = rnd(r, 4);
		for (n = 0; n < want; n++) {
			prev = rnd(r, t->name);
			if (conf_find(c, prev) != -1)
				t->req[t->nreq++] = prev;
		}
	}
	for (n = 0; n < t->nreq; n++)
		t->ok[n] = chance(r, 20);
}

static void
task_onexit(struct rng *r, struct sim_conf *c, struct sim_task *t)
{
	int	 i;

	t->onexit = 0;
	if (!chance(r, 20) || c->n == 0)
		return;
	i = rnd(r, c->n);
	if (sim_once(&c->t[i]) && &c->t[i] != t)
		t->onexit = c->t[i].name + 1;
}

void
conf_make(struct rng *r, struct sim_conf *c)
{
	struct sim_task	 t;
	uint32_t	 i, k, n;
	int		 shape = rnd(r, 4);

	memset(c, 0, sizeof(*c));
	n = chance(r, 70) ? 1 + rnd(r, 6) : 1 + rnd(r, SIM_TASKS);
	for (i = 0; i < n; i++)
		task_make(r, &c->t[c->n++], i);
	for (i = n; i > 1; i--) {
		k = rnd(r, i);
		t = c->t[k];
		c->t[k] = c->t[i - 1];
		c->t[i - 1] = t;
	}
	for (i = 0; i < n; i++) {
		task_requires(r, c, &c->t[i], shape);
		task_onexit(r, c, &c->t[i]);
	}
}

/* What names a task that is gone, or of another kind now, would not load. */
static void
forget(struct sim_conf *c)
{
	struct sim_task		*t;
	const struct sim_task	*e;
	uint32_t		 i, k, n;

	for (i = 0; i < c->n; i++) {
		t = &c->t[i];
		for (k = n = 0; k < t->nreq; k++)
			if (conf_find(c, t->req[k]) != -1) {
				t->req[n] = t->req[k];
				t->ok[n++] = t->ok[k];
			}
		t->nreq = n;
		if (t->onexit == 0)
			continue;
		e = conf_task(c, t->onexit - 1);
		if (e == NULL || !sim_once(e))
			t->onexit = 0;
	}
}

void
conf_remove(struct sim_conf *c, uint8_t name)
{
	int	 i = conf_find(c, name);

	if (i == -1)
		return;
	c->t[i] = c->t[--c->n];
	forget(c);
}

static void
change_task(struct rng *r, struct sim_conf *c, struct sim_task *t)
{
	switch (rnd(r, 11)) {
	case 0:
	case 1:
		t->print++;
		break;
	case 2:
		t->count = 1 + rnd(r, SIM_COUNT);
		break;
	case 3:
		t->in_role = !t->in_role;
		break;
	case 4:
		make_control(r, t);
		break;
	case 5:
		task_requires(r, c, t, 2);
		break;
	case 6:
		t->held = !t->held;
		break;
	case 7:
		t->start_delay = rnd(r, 2000);
		t->time_limit = chance(r, 80) ? 0 : 200 + rnd(r, 8000);
		break;
	case 8:
		task_onexit(r, c, t);
		break;
	case 9:
		make_events(r, t);
		t->each = chance(r, 40);
		break;
	case 10:
		t->stop = rnd(r, BY_EVENT + 1);
		t->check = chance(r, 30);
		t->pidfile = chance(r, 30);
		t->check_interval = 200 + rnd(r, 5000);
		make_probed(r, t);
		break;
	}
	forget(c);
}

void
conf_change(struct rng *r, struct sim_conf *c, bool small)
{
	struct sim_task	*t;
	uint32_t	 n = 1 + rnd(r, 3);
	uint8_t		 name;

	while (n-- > 0) {
		if (!small && chance(r, 15) && c->n > 1) {
			conf_remove(c, c->t[rnd(r, c->n)].name);
			continue;
		}
		name = rnd(r, SIM_TASKS);
		if (!small && chance(r, 15) && conf_find(c, name) == -1) {
			t = &c->t[c->n++];
			task_make(r, t, name);
			task_requires(r, c, t, 2);
		} else if (c->n > 0)
			change_task(r, c, &c->t[rnd(r, c->n)]);
	}
}

/* What comes to rest: no endless restarts by time_limit, few probes. */
void
conf_calm(struct sim_conf *c)
{
	uint32_t	 i;

	for (i = 0; i < c->n; i++) {
		c->t[i].time_limit = 0;
		c->t[i].onexit = 0;
		c->t[i].check_interval = 5000;
		c->t[i].check_timeout = 5000;
	}
}
