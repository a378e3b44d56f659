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

#include <stdio.h>
#include <stdlib.h>
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

const char *
sim_name(uint8_t name)
{
	static char	 names[SIM_TASKS][4];

	snprintf(names[name], sizeof(names[name]), "%c", 'a' + name);
	return (names[name]);
}

int
conf_find(const struct sim_conf *c, uint8_t name)
{
	uint32_t	 i;

	for (i = 0; i < c->n; i++)
		if (c->t[i].name == name)
			return (i);
	return (-1);
}

static void
task_make(struct rng *r, struct sim_task *t, uint8_t name)
{
	static const uint8_t	 controls[] = {
		CONTROL_WAIT, CONTROL_WAIT, CONTROL_WAIT, CONTROL_WAIT,
		CONTROL_WAIT, CONTROL_ONCE, CONTROL_ONCE, CONTROL_EVENT,
		CONTROL_SUSPEND, CONTROL_OFF
	};

	memset(t, 0, sizeof(*t));
	t->name = name;
	t->control = controls[rnd(r, nitems(controls))];
	t->count = chance(r, 60) ? 1 : 1 + rnd(r, SIM_COUNT);
	t->in_scope = t->control != CONTROL_OFF && !chance(r, 10);
	t->held = chance(r, 4);
	t->start_delay = chance(r, 30) ? 1 + rnd(r, 3000) : 0;
	t->stop_timeout = chance(r, 80) ? 5000 : 100 + rnd(r, 2000);
	if (chance(r, t->control == CONTROL_ONCE ? 40 : 10))
		t->time_limit = 200 + rnd(r, 8000);
	t->stop = chance(r, 60) ? BY_TERM : rnd(r, 4);
	t->print = rnd(r, 1000);
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
	if ((c->t[i].control == CONTROL_ONCE ||
	    c->t[i].control == CONTROL_EVENT) && &c->t[i] != t)
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

/* What names a task that is gone would not load. */
static void
forget(struct sim_conf *c)
{
	struct sim_task	*t;
	uint32_t	 i, k, n;
	int		 e;

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
		e = conf_find(c, t->onexit - 1);
		if (e == -1 || (c->t[e].control != CONTROL_ONCE &&
		    c->t[e].control != CONTROL_EVENT))
			t->onexit = 0;
	}
}

void
conf_change(struct rng *r, struct sim_conf *c)
{
	struct sim_task	*t;
	uint32_t	 i, n = 1 + rnd(r, 3);
	uint8_t		 name;

	while (n-- > 0) {
		if (chance(r, 15) && c->n > 1) {
			i = rnd(r, c->n);
			c->t[i] = c->t[--c->n];
			forget(c);
			continue;
		}
		name = rnd(r, SIM_TASKS);
		if (chance(r, 15) && conf_find(c, name) == -1) {
			t = &c->t[c->n++];
			task_make(r, t, name);
			task_requires(r, c, t, 2);
			continue;
		}
		if (c->n == 0)
			continue;
		t = &c->t[rnd(r, c->n)];
		switch (rnd(r, 9)) {
		case 0:
		case 1:
			t->print++;
			break;
		case 2:
			t->count = 1 + rnd(r, SIM_COUNT);
			break;
		case 3:
			t->in_scope = !t->in_scope &&
			    t->control != CONTROL_OFF;
			break;
		case 4:
			t->control = rnd(r, CONTROL_OFF + 1);
			if (t->control == CONTROL_OFF)
				t->in_scope = false;
			break;
		case 5:
			task_requires(r, c, t, 2);
			break;
		case 6:
			t->held = !t->held;
			break;
		case 7:
			t->start_delay = rnd(r, 2000);
			t->stop = rnd(r, 4);
			break;
		case 8:
			task_onexit(r, c, t);
			break;
		}
		forget(c);
	}
}

/* What comes to rest: no endless restarts by time_limit. */
void
conf_calm(struct sim_conf *c)
{
	uint32_t	 i;

	for (i = 0; i < c->n; i++) {
		c->t[i].time_limit = 0;
		c->t[i].onexit = 0;
	}
}

void
conf_record(const struct sim_conf *c, uint32_t i, struct schedrec_task *out)
{
	static const char *const names[SIM_CMDS] = { "start", "stop", "x" };
	const struct sim_task	*t = &c->t[i];
	uint32_t		 k;

	memset(out, 0, sizeof(*out));
	out->name = xstrdup(sim_name(t->name));
	out->control = t->control;
	out->count = t->count;
	out->in_role = t->in_scope || t->control == CONTROL_OFF;
	out->held = t->held;
	out->why = !out->in_role ? REASON_NOT_IN_ROLE :
	    t->held ? REASON_NO_PROGRAM : REASON_NONE;
	out->detail = xstrdup("");
	out->start_delay_ms = t->start_delay;
	out->time_limit_ms = t->time_limit;
	out->stop_timeout_ms = t->stop_timeout;
	out->nrequires = t->nreq;
	out->requires = xcalloc(t->nreq + 1, sizeof(*out->requires));
	for (k = 0; k < t->nreq; k++) {
		out->requires[k].task = conf_find(c, t->req[k]);
		out->requires[k].ok = t->ok[k];
	}
	if (t->onexit != 0) {
		out->nonexit = 1;
		out->onexit = xcalloc(1, sizeof(*out->onexit));
		out->onexit[0] = conf_find(c, t->onexit - 1);
	}
	out->ncmds = SIM_CMDS;
	out->cmds = xcalloc(SIM_CMDS, sizeof(*out->cmds));
	for (k = 0; k < SIM_CMDS; k++)
		out->cmds[k].name = xstrdup(names[k]);
	if (t->stop == BY_SHARED || t->stop == BY_EACH)
		out->stop_cmd = 1;
	out->cmds[1].per_process = t->stop == BY_EACH;
	if (t->stop == BY_EVENT) {
		out->nevents = 1;
		out->events = xcalloc(1, sizeof(*out->events));
		out->events[0].type = EVENT_RESTART;
		out->events[0].action = ACTION_SIGNAL;
		out->events[0].sig = 10;
	}
}
