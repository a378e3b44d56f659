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
 * Many tasks for the scheduler, and what an event costs among them: for the
 * benchmark and for the unit that sets it a bound.
 */

#ifndef TESTS_UNIT_SCHED_LOAD_H
#define TESTS_UNIT_SCHED_LOAD_H

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../common/plan.h"
#include "../../common/util.h"
#include "../../monitor/sched.h"

enum load_shape {
	LOAD_CHAIN,
	LOAD_STAR,
	LOAD_RANDOM
};

struct load_cost {
	int64_t		 exit_ns;	/* the least of all rounds */
	int64_t		 again_ns;	/* of the same task once more */
	int64_t		 timer_ns;
	int64_t		 request_ns;
	bool		 armed;		/* a timer, with nothing due */
};

struct load {
	struct sched	*s;
	struct sched_clock clk;
	struct mono	 armed;
	uint64_t	 last_id;
	uint64_t	*id;		/* of each task's process */
};

static inline int64_t
load_ns(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

static inline void
load_task(struct load *l, enum load_shape shape, uint32_t i)
{
	struct schedrec_task	 t = { 0 };
	char			 name[16];

	snprintf(name, sizeof(name), "t%u", i);
	t.name = xstrdup(name);
	t.detail = xstrdup("");
	t.cwd = xstrdup("");
	t.count = 1;
	t.in_role = true;
	t.stop_timeout_ms = 5000;
	t.ncmds = 1;
	t.cmds = xcalloc(1, sizeof(*t.cmds));
	t.cmds[0].name = xstrdup("start");
	t.cmds[0].program = xstrdup("start");
	if (i > 0) {
		t.nrequires = 1;
		t.requires = xcalloc(1, sizeof(*t.requires));
		t.requires[0].task = shape == LOAD_CHAIN ? i - 1 :
		    shape == LOAD_STAR ? 0 : (i * 7919U + 13) % i;
	}
	if (sched_add_task(l->s, i, &t) == -1)
		errx(1, "sched_add_task");
}

/* Answers all that was asked for, until nothing is. */
static inline void
load_answer(struct load *l)
{
	const struct sched_action	*a;
	struct sched_action		*asked;
	struct spawned			 m;
	size_t				 i, n, k;

	for (;;) {
		a = sched_actions(l->s, &n);
		asked = xcalloc(n + 1, sizeof(*asked));
		for (i = k = 0; i < n; i++) {
			if (a[i].what == SCHED_ARM)
				l->armed = a[i].at;
			if (a[i].what == SCHED_SPAWN)
				asked[k++] = a[i];
		}
		sched_actions_clear(l->s);
		for (i = 0; i < k; i++) {
			m = (struct spawned){
				.id = ++l->last_id, .task = asked[i].task,
				.pid = 1000 + l->last_id, .at = l->clk.now
			};
			if (sched_spawned(l->s, &l->clk, asked[i].tag,
			    &m) == -1)
				errx(1, "sched_spawned");
			l->id[asked[i].task] = m.id;
		}
		free(asked);
		if (k == 0)
			break;
	}
}

static inline void
load_exit(struct load *l, uint32_t task, int status)
{
	struct exited	 m = {
		.id = l->id[task], .status = status, .at = l->clk.now
	};

	if (sched_exited(l->s, &l->clk, &m) == -1)
		errx(1, "sched_exited");
}

static inline void
load_least(int64_t *least, int64_t ns)
{
	if (*least == 0 || ns < *least)
		*least = ns;
}

/*
 * One of each, of a task in the middle; what they cost at the least.  Among
 * many tasks each has its turn once: its exit pays for memory that is in no
 * cache.  The next one of the same task does not.
 */
static inline void
load_measure(enum load_shape shape, uint32_t n, uint32_t rounds,
    struct load_cost *cost)
{
	struct sched_setup	 setup = {
		.ntasks = n, .gen = 1, .mode = MODE_RUN, .config_event = true,
		.first_tag = 1
	};
	struct load		 l = {
		.clk = { { 1000000 }, 1700000000000 }
	};
	uint32_t		 i, task;
	int64_t			 t0;

	*cost = (struct load_cost){ 0 };
	l.id = xcalloc(n, sizeof(*l.id));
	l.s = sched_new(&setup);
	for (i = 0; i < n; i++)
		load_task(&l, shape, i);
	if (sched_converge(l.s, &l.clk) == -1)
		errx(1, "sched_converge");
	load_answer(&l);
	cost->armed = mono_isset(l.armed);
	for (i = 0; i < rounds; i++) {
		task = 1 + (i * 31) % (n - 1);
		/* It ran long and is started again with the same step. */
		l.clk.now = mono_add(l.clk.now, 6000);
		t0 = load_ns();
		load_exit(&l, task, 0);
		load_least(&cost->exit_ns, load_ns() - t0);
		load_answer(&l);
		l.clk.now = mono_add(l.clk.now, 6000);
		t0 = load_ns();
		load_exit(&l, task, 0);
		load_least(&cost->again_ns, load_ns() - t0);
		load_answer(&l);
		/* Twice too soon: the second time it waits for a timer. */
		load_exit(&l, task, 0);
		load_answer(&l);
		load_exit(&l, task, 0);
		load_answer(&l);
		if (mono_isset(l.armed)) {
			l.clk.now = l.armed;
			t0 = load_ns();
			sched_timer(l.s, &l.clk);
			load_least(&cost->timer_ns, load_ns() - t0);
			load_answer(&l);
		}
		l.clk.now = mono_add(l.clk.now, 6000);
		t0 = load_ns();
		if (sched_restart(l.s, &l.clk, task, SCHED_ALL) != VERDICT_OK)
			errx(1, "sched_restart");
		load_least(&cost->request_ns, load_ns() - t0);
		load_answer(&l);
		load_exit(&l, task, 15);
		load_answer(&l);
	}
	cost->armed |= mono_isset(l.armed);
	sched_free(l.s);
	free(l.id);
}

#endif /* TESTS_UNIT_SCHED_LOAD_H */
