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

/* What the monitor shows of a task must be so, and its reason a true one. */

#include "../../common/util.h"
#include "sim.h"

struct sums {
	uint32_t	 live;
	uint32_t	 unknown;	/* up, nobody knows as what */
	uint32_t	 asked;
	uint32_t	 stopping;
	uint32_t	 exited;
	uint32_t	 failed;
	uint32_t	 cmds;
};

static void
sum_up(const struct world *w, uint8_t name, struct sums *n)
{
	const struct shadow	*sh;
	uint32_t		 k;

	*n = (struct sums){ 0 };
	for (k = 0; k < SIM_COUNT; k++) {
		sh = &w->shadow[name][k];
		n->live += sh->live;
		n->unknown += sh->known_up;
		n->asked += sh->asked || sh->looking;
		n->stopping += (shadow_there(sh) || sh->asked ||
		    sh->looking) && sh->stopping;
		n->exited += sh->exited;
		n->failed += sh->failed;
	}
	for (k = 0; k < SIM_SHADOWS; k++)
		n->cmds += w->cmds[k].used && w->cmds[k].name == name;
}

/* Is the task that it waits for one that it requires, and not there yet? */
static bool
waits_truly(const struct world *w, const struct sim_task *t,
    const struct sched_view *v)
{
	uint32_t	 k;

	if (v->blocker == NULL || v->blocker_task >= w->told.n)
		return (false);
	for (k = 0; k < t->nreq; k++)
		if (t->req[k] == w->told.t[v->blocker_task].name &&
		    !check_met(w, t->req[k], t->ok[k]))
			return (true);
	/* What ran once may have been run before it was forgotten. */
	return (w->told.t[v->blocker_task].control == CONTROL_ONCE);
}

static bool
is_true(const struct world *w, const struct sim_task *t,
    const struct sched_view *v, const struct sums *n)
{
	bool	 shutdown = sched_mode(w->sched) != MODE_RUN;

	switch ((enum task_reason)v->reason) {
	case REASON_NONE:
	case REASON_VERIFY_FAILED:
		return (v->state == STATE_RUNNING && n->live + n->unknown > 0);
	case REASON_NOT_IN_ROLE:
		return (v->state == STATE_OFF && !t->in_role);
	case REASON_CONTROL_OFF:
		return (v->state == STATE_OFF && t->control == CONTROL_OFF);
	case REASON_WAITS_FOR:
		if (v->state == STATE_STARTING)
			return (n->asked + n->cmds + n->exited > 0);
		return (v->state == STATE_WAITING && waits_truly(w, t, v));
	case REASON_START_DELAY:
		return (v->state == STATE_STARTING && t->start_delay > 0 &&
		    n->live + n->unknown > 0);
	case REASON_BACKOFF_UNTIL:
		return (v->state == STATE_BACKOFF && mono_isset(v->until));
	case REASON_CANNOT_START:
		return (v->state == STATE_BACKOFF && mono_isset(v->until) &&
		    v->stage != STAGE_NONE);
	case REASON_HELD_BY_OPERATOR:
		return (w->wish[t->name].held != 0);
	case REASON_SUSPENDED:
		return (v->state == STATE_SUSPENDED &&
		    t->control == CONTROL_SUSPEND);
	case REASON_EXITED:
		return (v->state == STATE_DONE && sim_once(t) &&
		    n->asked == 0);
	case REASON_STOPPING:
		return (shutdown || n->stopping + n->asked + n->cmds > 0 ||
		    (v->wait == WAIT_LEFT && n->exited > 0 &&
		    mono_isset(v->until)));
	case REASON_NO_PROGRAM:
		return (v->state == STATE_FAILED && t->held);
	case REASON_PROBE_FAILED:
		return (sim_probed(t) || v->state == STATE_BACKOFF);
	case REASON_WAITS_FOR_EVENT:
		return (v->state == STATE_IDLE &&
		    t->control == CONTROL_EVENT);
	case REASON_UNKNOWN_USER:
	case REASON_NOT_PYTHON:
	case REASON_NOT_PRIVILEGED:
	case REASON_CONFIGURATION_ERROR:
	case REASON_MAX:
		break;
	}
	return (false);
}

static void
check_view(struct world *w, const struct sim_task *t,
    const struct sched_view *v)
{
	struct sums	 n;

	sum_up(w, t->name, &n);
	if (v->state >= STATE_MAX || v->reason >= REASON_MAX ||
	    (v->state != STATE_RUNNING && v->reason == REASON_NONE))
		wrong(w, "every state but running has a reason", "%s: %s, %s",
		    sim_name(t->name), state_name(v->state),
		    reason_name(v->reason));
	/* At the end what is adopted is let go. */
	if ((v->running < n.live && (sched_mode(w->sched) == MODE_RUN ||
	    t->control != CONTROL_ADOPT)) ||
	    v->running > n.live + n.unknown)
		wrong(w, "what it shows is what it was told",
		    "%s: %u run, %u shown", sim_name(t->name), n.live,
		    v->running);
	if (v->control != t->control || v->count != t->count)
		wrong(w, "what was asked for is in force",
		    "%s: control %u not %u, count %u not %u",
		    sim_name(t->name), v->control, t->control, v->count,
		    t->count);
	if (!is_true(w, t, v, &n))
		wrong(w, "a reason is true", "%s: %s, %s", sim_name(t->name),
		    state_name(v->state), reason_name(v->reason));
}

void
check_views(struct world *w)
{
	struct sched_view	 v;
	uint32_t		 i, running = 0;

	for (i = 0; i < w->told.n; i++) {
		sched_view(w->sched, i, &v);
		check_view(w, &w->told.t[i], &v);
		if (v.state == STATE_RUNNING || v.state == STATE_STARTING)
			running++;
	}
	if (running != sched_nrunning(w->sched))
		wrong(w, "the sum is the sum", "%u running, not %u", running,
		    sched_nrunning(w->sched));
}
