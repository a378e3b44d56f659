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
 * The process table across plans: a record finds its task by name, what is
 * gone from the plan is dropped or marked, ids are never reused.
 */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../spawner/planstore.h"
#include "../../spawner/proc.h"
#include "suite.h"

static struct span
span_of(const char *s)
{
	return ((struct span){ s, strlen(s) });
}

/* A sealed plan of tasks named in a NULL-terminated list; word is the
 * program of all of them. */
static struct plan_store *
plan_of(const char *const *names, const char *word)
{
	struct plan_store *ps = planstore_new();
	struct store_task *t;
	uint32_t n;

	ck_assert_ptr_nonnull(ps);
	for (n = 0; names[n] != NULL; n++)
		;
	ps->tasks = planstore_alloc(ps, (n + 1) * sizeof(*ps->tasks));
	ps->env = planstore_alloc(ps, 2 * sizeof(*ps->env));
	ps->env[0] = planstore_string(ps, span_of("A=1"));
	ps->nenv = 1;
	for (ps->ntasks = 0; ps->ntasks < n; ps->ntasks++) {
		t = &ps->tasks[ps->ntasks];
		t->name = planstore_string(ps, span_of(names[ps->ntasks]));
		t->count = 4;
		t->ncmds = 1;
		t->cmds = planstore_alloc(ps, sizeof(*t->cmds));
		t->cmds->name = planstore_string(ps, span_of("start"));
		t->cmds->argc = 1;
		t->cmds->argv = planstore_alloc(ps, 2 * sizeof(char *));
		t->cmds->argv[0] = planstore_string(ps, span_of(word));
	}
	ck_assert_int_eq(planstore_seal(ps), 0);
	return (ps);
}

static struct proc *
start(struct proctab *t, struct plan_store *ps, const char *name,
    uint16_t instance, pid_t pid)
{
	struct proc *p;

	p = proctab_prepare(t, ps, PROC_START, planstore_find(ps, name),
	    instance, 0);
	ck_assert_ptr_nonnull(p);
	proctab_started(t, p, pid);
	return (p);
}

static const char *const abc[] = { "a", "b", "c", NULL };
static const char *const cb[] = { "c", "b", NULL };

START_TEST(a_slot_that_runs_is_taken)
{
	struct plan_store *ps = plan_of(abc, "x");
	struct proctab *t = proctab_new();
	struct proc *p;
	uint64_t id;

	ck_assert_int_eq(proctab_replan(t, ps), 0);
	p = start(t, ps, "b", 1, 100);
	id = p->id;
	ck_assert_ptr_null(proctab_prepare(t, ps, PROC_START, 1, 1, 0));
	ck_assert_int_eq(errno, EEXIST);
	proctab_exited(t, p, 256);
	ck_assert_ptr_null(proctab_bypid(t, 100));
	ck_assert_ptr_eq(proctab_find(t, id), p);
	p = start(t, ps, "b", 1, 100);
	ck_assert_uint_ne(p->id, id);
	ck_assert_ptr_null(proctab_find(t, id));
	ck_assert_uint_eq(p->starts, 2);
	/* The last exit is shown until the next. */
	ck_assert_int_eq(p->status, 256);
	ck_assert_int_ne(p->exited_wall, 0);
	ck_assert(!mono_isset(p->exited));
	ck_assert_ptr_eq(proctab_first(t), p);
	ck_assert_ptr_null(proctab_next(t, p));
	proctab_free(t);
	planstore_unref(ps);
}
END_TEST

START_TEST(records_follow_their_task)
{
	struct plan_store *old = plan_of(abc, "x"), *ps = plan_of(cb, "x");
	struct proctab *t = proctab_new();
	struct proc *a, *b, *c;
	uint64_t gone;

	ck_assert_int_eq(proctab_replan(t, old), 0);
	a = start(t, old, "a", 0, 1);
	b = start(t, old, "b", 3, 2);
	c = start(t, old, "a", 1, 3);
	gone = c->id;
	proctab_exited(t, c, 0);
	c = start(t, old, "c", 0, 4);
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(a->task, NO_INDEX);
	ck_assert_uint_eq(b->task, 1);
	ck_assert_uint_eq(c->task, 0);
	ck_assert_ptr_eq(proctab_slot(t, 1, 3), b);
	ck_assert_ptr_null(proctab_slot(t, 1, 0));
	ck_assert_ptr_null(proctab_find(t, gone));
	ck_assert_uint_eq(proc_stale(a, ps), STALE_ALL);
	ck_assert_uint_eq(proc_stale(b, ps), 0);
	ck_assert_uint_eq(proctab_running(t), 3);
	proctab_free(t);
	planstore_unref(old);
	planstore_unref(ps);
}
END_TEST

/* Removed while it ran, back before it ended: the old process keeps the
 * slot, so that there are never two. */
START_TEST(a_task_that_comes_back_finds_its_process)
{
	static const char *const none[] = { NULL };
	struct plan_store *ps = plan_of(abc, "x"), *empty = plan_of(none, "x");
	struct proctab *t = proctab_new();
	struct proc *p;

	ck_assert_int_eq(proctab_replan(t, ps), 0);
	p = start(t, ps, "a", 0, 1);
	ck_assert_int_eq(proctab_replan(t, empty), 0);
	ck_assert_uint_eq(p->task, NO_INDEX);
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(p->task, 0);
	ck_assert_ptr_null(proctab_prepare(t, ps, PROC_START, 0, 0, 0));
	proctab_free(t);
	planstore_unref(ps);
	planstore_unref(empty);
}
END_TEST

/* By request, and until the next plan: what is adopted is not to stop. */
START_TEST(the_control_in_force_says_what_stays)
{
	struct plan_store *ps = plan_of(abc, "x");
	struct proctab *t = proctab_new();
	struct proc *a;

	ck_assert_int_eq(proctab_replan(t, ps), 0);
	a = start(t, ps, "a", 0, 1);
	ck_assert_uint_eq(proctab_tostop(t), 1);
	proctab_set_control(t, 0, CONTROL_ADOPT);
	ck_assert(a->stays);
	ck_assert_uint_eq(proctab_tostop(t), 0);
	/* And what is started under it. */
	(void)start(t, ps, "a", 1, 2);
	ck_assert_uint_eq(proctab_tostop(t), 0);
	ck_assert_uint_eq(proctab_running(t), 2);
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(proctab_control(t, 0), ps->tasks[0].control);
	ck_assert_uint_eq(proctab_tostop(t), 2);
	proctab_free(t);
	planstore_unref(ps);
}
END_TEST

START_TEST(a_changed_command_is_stale)
{
	struct plan_store *old = plan_of(abc, "x"), *ps = plan_of(abc, "y");
	struct proctab *t = proctab_new();
	struct proc *p;

	ck_assert_int_eq(proctab_replan(t, old), 0);
	p = start(t, old, "a", 0, 1);
	ck_assert_uint_eq(proc_stale(p, old), 0);
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(proc_stale(p, ps), STALE_ARGV);
	proctab_free(t);
	planstore_unref(old);
	planstore_unref(ps);
}
END_TEST

START_TEST(forgetting_keeps_what_runs)
{
	struct plan_store *ps = plan_of(abc, "x");
	struct proctab *t = proctab_new();
	struct proc *a, *b;

	ck_assert_int_eq(proctab_replan(t, ps), 0);
	a = start(t, ps, "a", 0, 1);
	b = start(t, ps, "b", 0, 2);
	proctab_exited(t, a, 256);
	proctab_forget(t);
	ck_assert_ptr_null(proctab_slot(t, 0, 0));
	ck_assert_ptr_eq(proctab_slot(t, 1, 0), b);
	ck_assert_ptr_eq(proctab_first(t), b);
	ck_assert_ptr_null(proctab_next(t, b));
	proctab_free(t);
	planstore_unref(ps);
}
END_TEST

static struct proc *
found(struct proctab *t, struct plan_store *ps, struct mono started)
{
	struct proc_found f = { .task = 1, .pid = 77, .started = started,
	    .started_wall = 5 };

	return (proctab_found(t, ps, &f));
}

START_TEST(what_is_found_takes_the_slot)
{
	struct plan_store *old = plan_of(abc, "x"), *ps = plan_of(abc, "y");
	struct proctab *t = proctab_new();
	struct proc *p;

	ck_assert_int_eq(proctab_replan(t, old), 0);
	p = found(t, old, mono_add(mono_now(), -100000));
	ck_assert_ptr_nonnull(p);
	ck_assert(p->foreign);
	ck_assert_ptr_eq(proctab_bypid(t, 77), p);
	ck_assert_ptr_eq(proctab_slot(t, 1, 0), p);
	ck_assert_int_eq(p->started_wall, 5);
	ck_assert_uint_eq(p->starts, 0);
	ck_assert_uint_eq(p->again_ms, STANDING_NONE);
	/* Nobody knows what it was started from, under any plan. */
	ck_assert_uint_eq(proc_stale(p, old), 0);
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(proc_stale(p, ps), 0);
	ck_assert_ptr_null(found(t, ps, mono_now()));
	ck_assert_int_eq(errno, EEXIST);
	ck_assert_ptr_null(proctab_prepare(t, ps, PROC_START, 1, 0, 0));
	proctab_exited(t, p, (int)STATUS_UNKNOWN);
	ck_assert_uint_eq(proctab_running(t), 0);
	proctab_free(t);
	planstore_unref(old);
	planstore_unref(ps);
}
END_TEST

/* A daemon that the slot's own start command left behind. */
START_TEST(what_our_start_left_behind_is_known)
{
	struct plan_store *old = plan_of(abc, "x"), *ps = plan_of(abc, "y");
	struct proctab *t = proctab_new();
	struct proc *p;

	ck_assert_int_eq(proctab_replan(t, old), 0);
	proctab_exited(t, start(t, old, "b", 0, 9), 0);
	p = found(t, old, mono_now());
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(p->starts, 1);
	ck_assert_uint_eq(proc_stale(p, old), 0);
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(proc_stale(p, ps), STALE_ARGV);
	/* When that is gone, one that comes later is a stranger again. */
	proctab_exited(t, p, (int)STATUS_UNKNOWN);
	p = found(t, ps, mono_now());
	ck_assert_uint_eq(proc_stale(p, ps), 0);
	proctab_free(t);

	/* Older than our start, or much younger than its end. */
	t = proctab_new();
	ck_assert_int_eq(proctab_replan(t, old), 0);
	proctab_exited(t, start(t, old, "b", 0, 9), 0);
	p = found(t, old, mono_add(mono_now(), -5000));
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(proc_stale(p, ps), 0);
	proctab_free(t);
	t = proctab_new();
	ck_assert_int_eq(proctab_replan(t, old), 0);
	proctab_exited(t, start(t, old, "b", 0, 9), 0);
	p = found(t, old, mono_add(mono_now(), 5000));
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(proc_stale(p, ps), 0);
	proctab_free(t);
	planstore_unref(old);
	planstore_unref(ps);
}
END_TEST

START_TEST(what_is_adopted_need_not_stop)
{
	struct plan_store *ps = plan_of(abc, "x");
	struct store_task adopted[3];
	struct plan_store other = *ps;
	struct proctab *t = proctab_new();
	struct proc *a, *b, *cmd;

	memcpy(adopted, ps->tasks, sizeof(adopted));
	adopted[1].control = CONTROL_ADOPT;
	other.tasks = adopted;
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	a = start(t, ps, "a", 0, 1);
	b = start(t, ps, "b", 0, 2);
	ck_assert_uint_eq(proctab_tostop(t), 2);
	/* Under a plan that adopts it, and back. */
	ck_assert_int_eq(proctab_replan(t, &other), 0);
	ck_assert(b->stays && !a->stays);
	ck_assert_uint_eq(proctab_tostop(t), 1);
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(proctab_tostop(t), 2);
	ck_assert_int_eq(proctab_replan(t, &other), 0);
	/* A command of such a task ends with the daemon. */
	cmd = proctab_prepare(t, &other, PROC_COMMAND, 1, 0, 0);
	proctab_started(t, cmd, 3);
	ck_assert_uint_eq(proctab_tostop(t), 2);
	proctab_exited(t, cmd, 0);
	proctab_exited(t, a, 0);
	ck_assert_uint_eq(proctab_tostop(t), 0);
	/* A reset keeps it. */
	proctab_forget(t);
	ck_assert_ptr_eq(proctab_slot(t, 1, 0), b);
	proctab_exited(t, b, 0);
	ck_assert_uint_eq(proctab_running(t), 0);
	ck_assert_uint_eq(proctab_tostop(t), 0);
	proctab_free(t);
	planstore_unref(ps);
}
END_TEST

/* A count that was asked for may go beyond the plan's. */
START_TEST(more_slots_have_more_commands)
{
	struct plan_store *ps = plan_of(abc, "x");
	struct proctab *t = proctab_new();
	struct proc *p;
	int n;

	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_uint_eq(proctab_nslots(t, 1), 0);
	ck_assert_uint_eq(proctab_nslots(t, 99), 0);
	start(t, ps, "b", 9, 50);
	ck_assert_uint_eq(proctab_nslots(t, 1), 10);
	for (n = 0; n < 1000; n++) {
		p = proctab_prepare(t, ps, PROC_COMMAND, 1, 0, 0);
		if (p == NULL)
			break;
		proctab_started(t, p, 100 + n);
	}
	ck_assert_int_eq(n, 2 * 10 + 16);
	proctab_free(t);
	planstore_unref(ps);
}
END_TEST

/* Whoever has the monitor cannot fill the host with commands. */
START_TEST(the_commands_of_a_task_are_bounded)
{
	struct plan_store *ps = plan_of(abc, "x");
	struct proctab *t = proctab_new();
	struct proc *p, *first = NULL;
	int n;

	ck_assert_int_eq(proctab_replan(t, ps), 0);
	for (n = 0; n < 1000; n++) {
		p = proctab_prepare(t, ps, PROC_COMMAND, 1, 0, 0);
		if (p == NULL)
			break;
		proctab_started(t, p, 100 + n);
		if (first == NULL)
			first = p;
	}
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(n, 2 * 4 + 16);
	/* A new plan counts what runs. */
	ck_assert_int_eq(proctab_replan(t, ps), 0);
	ck_assert_ptr_null(proctab_prepare(t, ps, PROC_COMMAND, 1, 0, 0));
	proctab_exited(t, first, 0);
	p = proctab_prepare(t, ps, PROC_COMMAND, 1, 0, 0);
	ck_assert_ptr_nonnull(p);
	proctab_cancel(t, p);
	proctab_free(t);
	planstore_unref(ps);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_slot_that_runs_is_taken,
		records_follow_their_task,
		a_task_that_comes_back_finds_its_process,
		the_control_in_force_says_what_stays,
		a_changed_command_is_stale,
		forgetting_keeps_what_runs,
		what_is_found_takes_the_slot,
		what_our_start_left_behind_is_known,
		what_is_adopted_need_not_stop,
		more_slots_have_more_commands,
		the_commands_of_a_task_are_bounded
	};

	return (SUITE_RUN("proc", tests));
}
