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
 * What clients ask the monitor and it answers, put_ and get_ side by side.
 * Either may lie: a client does not have to trust the monitor, either.
 */

#include <stddef.h>

#include "client.h"
#include "plan.h"
#include "run.h"
#include "states.h"

#define STR_MIN	sizeof(uint16_t)

static void
put_strs(struct wbuf *w, uint32_t n, const char *const *strs)
{
	uint32_t i;

	put_u32(w, n);
	for (i = 0; i < n; i++)
		put_str(w, strs[i]);
}

/* Leaves in *strs a cursor at the first of them, and c behind the last. */
static uint32_t
get_strs(struct cursor *c, struct cursor *strs)
{
	uint32_t i, n;

	n = get_count(c, STR_MIN);
	*strs = *c;
	for (i = 0; i < n; i++)
		get_str(c);
	return (n);
}

void
put_answer_summary(struct wbuf *w, const struct answer_summary *s,
    const char *const *roles, const char *const *alerts)
{
	put_u64(w, s->change);
	put_u32(w, s->gen);
	put_u32(w, s->pid);
	put_u8(w, s->mode);
	put_bool(w, s->load_ok);
	put_bool(w, s->roles_on);
	put_s64(w, s->loaded_wall);
	put_s64(w, s->started_wall);
	put_u32(w, s->ntasks);
	put_u32(w, s->nrunning);
	put_strn(w, s->version.p, s->version.len);
	put_strn(w, s->load_error.p, s->load_error.len);
	put_strs(w, s->nroles, roles);
	put_strs(w, s->nalerts, alerts);
}

int
get_answer_summary(struct cursor *c, struct answer_summary *s)
{
	s->change = get_u64(c);
	s->gen = get_u32(c);
	s->pid = get_u32(c);
	s->mode = get_u8(c);
	s->load_ok = get_bool(c);
	s->roles_on = get_bool(c);
	s->loaded_wall = get_s64(c);
	s->started_wall = get_s64(c);
	s->ntasks = get_u32(c);
	s->nrunning = get_u32(c);
	s->version = get_str(c);
	s->load_error = get_str(c);
	s->nroles = get_strs(c, &s->roles);
	s->nalerts = get_strs(c, &s->alerts);
	return (cursor_done(c) && s->mode < MODE_MAX ? 0 : -1);
}

static void
put_counts(struct wbuf *w, const struct task_counts *n)
{
	int i;

	put_u64(w, n->starts);
	put_u64(w, n->start_failures);
	put_u64(w, n->exits_ok);
	put_u64(w, n->exits_bad);
	put_u64(w, n->exits_signal);
	for (i = 0; i < RESTART_CAUSE_MAX; i++)
		put_u64(w, n->restarts[i]);
}

static void
get_counts(struct cursor *c, struct task_counts *n)
{
	int i;

	n->starts = get_u64(c);
	n->start_failures = get_u64(c);
	n->exits_ok = get_u64(c);
	n->exits_bad = get_u64(c);
	n->exits_signal = get_u64(c);
	for (i = 0; i < RESTART_CAUSE_MAX; i++)
		n->restarts[i] = get_u64(c);
}

const char *
cause_name(enum restart_cause cause)
{
	static const char *const names[] = {
		[RESTART_EXIT] = "exit",
		[RESTART_OPERATOR] = "operator",
		[RESTART_CONFIG] = "config",
		[RESTART_EVENT] = "event",
		[RESTART_TIME_LIMIT] = "time_limit",
		[RESTART_PROBE] = "probe",
	};

	return ((unsigned int)cause < RESTART_CAUSE_MAX ? names[cause] : "?");
}

void
put_answer_task(struct wbuf *w, const struct answer_task *t,
    const char *const *requires, const char *const *roles)
{
	put_strn(w, t->name.p, t->name.len);
	put_u8(w, t->control);
	put_u32(w, t->count);
	put_u32(w, t->running);
	put_u8(w, t->state);
	put_u8(w, t->reason);
	put_strn(w, t->detail.p, t->detail.len);
	put_s64(w, t->since_wall);
	put_u32(w, t->restarts);
	put_bool(w, t->in_scope);
	put_counts(w, &t->counts);
	put_strs(w, t->nrequires, requires);
	put_strs(w, t->nroles, roles);
}

int
get_answer_task(struct cursor *c, struct answer_task *t)
{
	t->name = get_str(c);
	t->control = get_u8(c);
	t->count = get_u32(c);
	t->running = get_u32(c);
	t->state = get_u8(c);
	t->reason = get_u8(c);
	t->detail = get_str(c);
	t->since_wall = get_s64(c);
	t->restarts = get_u32(c);
	t->in_scope = get_bool(c);
	get_counts(c, &t->counts);
	t->nrequires = get_strs(c, &t->requires);
	t->nroles = get_strs(c, &t->roles);
	if (!cursor_done(c) || t->control >= CONTROL_MAX ||
	    t->state >= STATE_MAX || t->reason >= REASON_MAX)
		return (-1);
	return (0);
}

void
put_answer_proc(struct wbuf *w, const struct answer_proc *p)
{
	put_u16(w, p->instance);
	put_u32(w, p->pid);
	put_bool(w, p->exit_pending);
	put_bool(w, p->held);
	put_bool(w, p->exited);
	put_s64(w, p->started_wall);
	put_s64(w, p->exited_wall);
	put_s64(w, p->uptime_ms);
	put_u32(w, p->status);
	put_u32(w, p->starts);
}

int
get_answer_proc(struct cursor *c, struct answer_proc *p)
{
	p->instance = get_u16(c);
	p->pid = get_u32(c);
	p->exit_pending = get_bool(c);
	p->held = get_bool(c);
	p->exited = get_bool(c);
	p->started_wall = get_s64(c);
	p->exited_wall = get_s64(c);
	p->uptime_ms = get_s64(c);
	p->status = get_u32(c);
	p->starts = get_u32(c);
	return (cursor_done(c) ? 0 : -1);
}

void
put_answer_fail(struct wbuf *w, enum fail_code code, const char *text)
{
	put_u8(w, code);
	put_str(w, text);
}

int
get_answer_fail(struct cursor *c, struct answer_fail *f)
{
	f->code = get_u8(c);
	f->text = get_str(c);
	return (cursor_done(c) && f->code < FAIL_MAX ? 0 : -1);
}

#define TARGET_MIN	(2 * STR_MIN)

void
put_ask_change(struct wbuf *w, const struct ask_change *q,
    const struct ask_target *targets)
{
	uint32_t i;

	put_u32(w, q->wait_ms);
	put_bool(w, q->exact);
	put_strn(w, q->word.p, q->word.len);
	put_u32(w, q->n);
	for (i = 0; i < q->n; i++) {
		put_strn(w, targets[i].name.p, targets[i].name.len);
		put_strn(w, targets[i].value.p, targets[i].value.len);
	}
}

void
get_target(struct cursor *c, struct ask_target *t)
{
	t->name = get_str(c);
	t->value = get_str(c);
}

int
get_ask_change(struct cursor *c, struct ask_change *q)
{
	struct ask_target t;
	uint32_t i;

	q->wait_ms = get_u32(c);
	q->exact = get_bool(c);
	q->word = get_str(c);
	q->n = get_count(c, TARGET_MIN);
	q->targets = *c;
	if (q->n > TARGETS_MAX)
		return (-1);
	for (i = 0; i < q->n; i++)
		get_target(c, &t);
	return (cursor_done(c) ? 0 : -1);
}

void
put_answer_result(struct wbuf *w, const struct answer_result *r)
{
	put_strn(w, r->name.p, r->name.len);
	put_u8(w, r->code);
	put_strn(w, r->text.p, r->text.len);
}

int
get_answer_result(struct cursor *c, struct answer_result *r)
{
	r->name = get_str(c);
	r->code = get_u8(c);
	r->text = get_str(c);
	return (cursor_done(c) && r->code < RESULT_MAX ? 0 : -1);
}

void
put_answer_why(struct wbuf *w, const struct answer_why *y)
{
	put_u16(w, y->depth);
	put_strn(w, y->name.p, y->name.len);
	put_u8(w, y->state);
	put_u8(w, y->reason);
	put_strn(w, y->detail.p, y->detail.len);
	put_strn(w, y->remedy.p, y->remedy.len);
	put_s64(w, y->since_wall);
}

int
get_answer_why(struct cursor *c, struct answer_why *y)
{
	y->depth = get_u16(c);
	y->name = get_str(c);
	y->state = get_u8(c);
	y->reason = get_u8(c);
	y->detail = get_str(c);
	y->remedy = get_str(c);
	y->since_wall = get_s64(c);
	return (cursor_done(c) && y->state < STATE_MAX &&
	    y->reason < REASON_MAX ? 0 : -1);
}

void
put_answer_change(struct wbuf *w, const struct answer_change *a)
{
	put_strn(w, a->name.p, a->name.len);
	put_bool(w, a->added);
	put_bool(w, a->removed);
	put_u32(w, a->kept);
	put_u32(w, a->started);
	put_u32(w, a->stopped);
	put_u32(w, a->restarted);
	put_strn(w, a->why.p, a->why.len);
}

int
get_answer_change(struct cursor *c, struct answer_change *a)
{
	a->name = get_str(c);
	a->added = get_bool(c);
	a->removed = get_bool(c);
	a->kept = get_u32(c);
	a->started = get_u32(c);
	a->stopped = get_u32(c);
	a->restarted = get_u32(c);
	a->why = get_str(c);
	return (cursor_done(c) ? 0 : -1);
}
