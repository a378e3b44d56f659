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
 * Which processes the monitor knows to have been asked to go: by a signal,
 * or by a command that is over by now.  What of that a sync tells, the notes
 * and the records hold.
 */

#include <signal.h>

#include "../../common/plan.h"
#include "sim.h"

void
told_stop_over(struct world *w, const struct shadow_cmd *c)
{
	const struct sim_task	*t = conf_task(&w->told, c->name);
	struct shadow		*sh;
	uint32_t		 k;

	for (k = 0; t != NULL && k < SIM_COUNT; k++) {
		sh = &w->shadow[c->name][k];
		if (!sh->live || !sh->by_cmd || sh->cmd_over || sh->by != c)
			continue;
		sh->cmd_over = true;
		if (sh->kill_by != 0)
			sh->kill_by = w->now + t->stop_timeout;
	}
}

struct leaving
told_leaving(const struct shadow *sh)
{
	struct leaving	 l = { .by_cmd = sh->by_cmd };

	if (sh->live && sh->stopping && (!sh->by_cmd || sh->cmd_over))
		l.id = sh->id;
	return (l);
}

/*
 * A monitor that lives knows what it has asked to go.  Another may have read
 * it in the note; else TERM is for stopping, and another signal if there was
 * a reason.
 */
bool
told_stopping(const struct sim_sync *y, const struct sim_proc *p,
    const struct sim_task *t)
{
	const struct leaving	*l = &y->leaving[p->name][p->instance];

	if (p->running && y->known[p->name][p->instance] == p->id &&
	    t != NULL)
		return (l->id == p->id);
	if (p->running && (p->last_signal == SIGTERM ||
	    p->last_signal == SIGKILL || (t != NULL && l->id == p->id &&
	    (l->by_cmd || p->last_signal == SIGUSR1))))
		return (true);
	if (!p->running || p->last_signal == 0)
		return (false);
	if (p->last_signal != SIGUSR1 || (t != NULL && t->stop != BY_EVENT))
		return (false);
	return (t == NULL || y->mode != MODE_RUN || !sim_may_run(t) ||
	    p->instance >= t->count || p->print != t->print ||
	    (t->time_limit > 0 &&
	    p->signalled - p->started >= t->time_limit));
}

/* What a monitor that lives knows better than the records: whom it has asked
 * to go.  Of a command that still runs it knows no more than they. */
void
told_before(const struct world *w, struct sim_sync *y)
{
	const struct sim_task	*a, *b;
	const struct shadow	*sh;
	uint32_t		 i, k;

	for (i = 0; i < SIM_TASKS; i++) {
		a = conf_task(&w->told, i);
		b = conf_task(&y->conf, i);
		for (k = 0; k < SIM_COUNT; k++) {
			sh = &w->shadow[i][k];
			if (!sh->live || (sh->by_cmd && !sh->cmd_over))
				continue;
			y->known[i][k] = sh->id;
			y->leaving[i][k] = told_leaving(sh);
			if (sh->kill_by == 0 || a == NULL || b == NULL)
				continue;
			y->kill_by[i][k] = sh->kill_by - a->stop_timeout +
			    b->stop_timeout;
		}
	}
}
