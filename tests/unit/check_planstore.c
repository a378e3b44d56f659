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
 * The sealed plan: the fingerprint says "the same" exactly when a process
 * would be started with the same things, names are found, sealed memory
 * cannot be written.
 */

#include <sys/types.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../../common/run.h"
#include "../../common/util.h"
#include "../../spawner/planstore.h"
#include "suite.h"

/* A plan of one task, as plain values. */
struct sketch {
	const char	*shared[4];	/* environment all share */
	struct {
		uint32_t	 shared;
		const char	*text;
	}		 own[4];
	uint32_t	 nown;
	const char	*argv[4];
	const char	*cwd;
	const char	*procname;
	bool		 setids;
	uid_t		 uid;
	gid_t		 group;
};

static const struct sketch plain = {
	.shared = { "A=1", "B=2", "Task_ppid=5" }, .argv = { "prog", "-x" }
};

static const char *
keep(struct plan_store *ps, const char *s)
{
	return (planstore_string(ps, (struct span){ s, strlen(s) }));
}

static struct finger
finger(const struct sketch *k)
{
	struct plan_store *ps = planstore_new();
	struct store_task *t;
	struct finger f;
	uint32_t i;

	ps->env = planstore_alloc(ps, 5 * sizeof(*ps->env));
	for (i = 0; i < 4 && k->shared[i] != NULL; i++)
		ps->env[ps->nenv++] = keep(ps, k->shared[i]);
	ps->tasks = t = planstore_alloc(ps, sizeof(*t));
	ps->ntasks = 1;
	t->name = keep(ps, "t");
	t->env = planstore_alloc(ps, (k->nown + 1) * sizeof(*t->env));
	t->nenv = k->nown;
	for (i = 0; i < k->nown; i++) {
		t->env[i].shared = k->own[i].shared;
		if (k->own[i].text != NULL)
			t->env[i].text = keep(ps, k->own[i].text);
	}
	t->cmds = planstore_alloc(ps, sizeof(*t->cmds));
	t->ncmds = 1;
	t->cmds->name = "start";
	t->cmds->argv = planstore_alloc(ps, 5 * sizeof(char *));
	for (i = 0; i < 4 && k->argv[i] != NULL; i++)
		t->cmds->argv[t->cmds->argc++] = keep(ps, k->argv[i]);
	t->cwd = k->cwd;
	t->procname = k->procname;
	t->setids = k->setids;
	t->uid = k->uid;
	t->ngroups = k->setids;
	t->groups = planstore_alloc(ps, sizeof(gid_t));
	t->groups[0] = k->group;
	ck_assert_int_eq(planstore_seal(ps), 0);
	f = ps->tasks[0].finger;
	planstore_unref(ps);
	return (f);
}

/* In what the two differ: STALE_*. */
static uint8_t
differs(const struct sketch *a, const struct sketch *b)
{
	struct finger fa = finger(a), fb = finger(b);

	return (finger_differs(&fa, &fb));
}

START_TEST(what_a_process_starts_with_counts)
{
	struct sketch k = plain, other;

	ck_assert_uint_eq(differs(&k, &plain), 0);
	k.argv[1] = "-y";
	ck_assert_uint_eq(differs(&k, &plain), STALE_ARGV);
	k = plain;
	k.argv[2] = "more";
	ck_assert_uint_eq(differs(&k, &plain), STALE_ARGV);
	/* The same letters in other words. */
	k.argv[1] = "-xm";
	k.argv[2] = "ore";
	ck_assert_uint_eq(differs(&k, &plain), STALE_ARGV);
	k = plain;
	k.cwd = "/srv";
	ck_assert_uint_eq(differs(&k, &plain), STALE_CWD);
	k = plain;
	k.procname = "/srv";
	ck_assert_uint_eq(differs(&k, &plain), STALE_PROCNAME);
	k = plain;
	k.shared[1] = "B=3";
	ck_assert_uint_eq(differs(&k, &plain), STALE_ENV);
	k = plain;
	k.setids = true;
	ck_assert_uint_eq(differs(&k, &plain), STALE_USER);
	other = k;
	k.group = 7;
	ck_assert_uint_eq(differs(&k, &other), STALE_USER);
	k.group = 0;
	k.uid = 7;
	ck_assert_uint_eq(differs(&k, &other), STALE_USER);
	k.argv[0] = "/bin/other";
	k.cwd = "/";
	k.procname = "x";
	k.shared[0] = "A=2";
	ck_assert_uint_eq(differs(&k, &other), STALE_ALL);
}
END_TEST

/* A shared value that the task replaces anyway is nothing to it. */
START_TEST(the_same_environment_however_divided)
{
	struct sketch a = plain, b = plain;

	a.own[0].shared = 1;
	a.own[0].text = "B=9";
	a.nown = 1;
	b.shared[1] = "B=other";
	b.own[0] = a.own[0];
	b.nown = 1;
	ck_assert_uint_eq(differs(&a, &b), 0);
	b = plain;
	b.shared[1] = "B=9";
	ck_assert_uint_eq(differs(&a, &b), 0);
	b = plain;
	b.shared[1] = NULL;
	b.own[0].shared = NO_INDEX;
	b.own[0].text = "B=9";
	b.nown = 1;
	ck_assert_uint_eq(differs(&a, &b), 0);
	b.own[0].text = "B=8";
	ck_assert_uint_eq(differs(&a, &b), STALE_ENV);
}
END_TEST

START_TEST(a_removed_entry_is_gone)
{
	struct sketch a = plain, b = plain;

	a.own[0].shared = 0;
	a.own[0].text = NULL;
	a.nown = 1;
	ck_assert_uint_eq(differs(&a, &plain), STALE_ENV);
	b.shared[0] = "B=2";
	b.shared[1] = "Task_ppid=5";
	b.shared[2] = NULL;
	ck_assert_uint_eq(differs(&a, &b), 0);
}
END_TEST

START_TEST(the_spawner_s_pid_does_not_count)
{
	struct sketch k = plain;

	k.shared[2] = "Task_ppid=99";
	ck_assert_uint_eq(differs(&k, &plain), 0);
	k.shared[2] = "Task_pppid=99";
	ck_assert_uint_eq(differs(&k, &plain), STALE_ENV);
}
END_TEST

static struct plan_store *
named(const char *const *names, uint32_t n)
{
	struct plan_store *ps = planstore_new();
	uint32_t i;

	ps->tasks = planstore_alloc(ps, (n + 1) * sizeof(*ps->tasks));
	ps->env = planstore_alloc(ps, sizeof(*ps->env));
	for (i = 0; i < n; i++) {
		ps->tasks[i].name = keep(ps, names[i]);
		ps->tasks[i].cmds = planstore_alloc(ps,
		    sizeof(struct store_cmd));
	}
	ps->ntasks = n;
	return (ps);
}

START_TEST(names_in_order_are_the_same)
{
	static const char *const one[] = { "a", "b" }, *const two[] =
	    { "b", "a" };
	struct plan_store *x = named(one, 2), *y = named(one, 2);
	struct plan_store *z = named(two, 2), *less = named(one, 1);

	ck_assert(planstore_same_names(x, y));
	ck_assert(!planstore_same_names(x, z));
	ck_assert(!planstore_same_names(x, less));
	ck_assert(!planstore_same_names(less, x));
	planstore_unref(x);
	planstore_unref(y);
	planstore_unref(z);
	planstore_unref(less);
}
END_TEST

/* All that is said of a task counts in its sum, not only what a process is
 * started with. */
START_TEST(any_change_of_a_task_shows)
{
	static const char *const names[] = { "a" };
	struct plan_store *ps[9];
	struct store_task *t;
	size_t i, k;

	for (i = 0; i < nitems(ps); i++) {
		ps[i] = named(names, 1);
		t = &ps[i]->tasks[0];
		t->ncmds = 1;
		t->cmds->name = "start";
		switch (i) {
		case 1:	t->control = CONTROL_ONCE; break;
		case 2:	t->in_role = true; break;
		case 3:	t->held = true; break;
		case 4:	t->count = 3; break;
		case 5:	t->signals = 4; break;
		case 6:	t->pidfile = keep(ps[i], "/x"); break;
		case 7:	t->sched = "rec"; t->schedlen = 3; break;
		case 8:	t->cmds->name = "other"; break;
		}
		ck_assert_int_eq(planstore_seal(ps[i]), 0);
		for (k = 0; k < i; k++)
			ck_assert_msg(ps[k]->tasks->sum !=
			    ps[i]->tasks->sum, "%zu and %zu", k, i);
	}
	for (i = 0; i < nitems(ps); i++)
		planstore_unref(ps[i]);
}
END_TEST

START_TEST(names_are_found)
{
	static const char *const names[] = { "web", "db", "w" };
	struct plan_store *ps = named(names, 3);

	ck_assert_int_eq(planstore_seal(ps), 0);
	ck_assert_uint_eq(planstore_find(ps, "web"), 0);
	ck_assert_uint_eq(planstore_find(ps, "w"), 2);
	ck_assert_uint_eq(planstore_find(ps, "we"), NO_INDEX);
	planstore_unref(ps);
}
END_TEST

START_TEST(two_of_one_name_are_refused)
{
	static const char *const names[] = { "web", "db", "web" };
	struct plan_store *ps = named(names, 3);

	ck_assert_int_eq(planstore_seal(ps), -1);
	ck_assert_int_eq(errno, EEXIST);
	planstore_unref(ps);
}
END_TEST

START_TEST(a_plan_has_a_limit)
{
	struct plan_store *ps = planstore_new();

	ck_assert_ptr_nonnull(planstore_alloc(ps, LIMIT_PLAN / 2));
	ck_assert_ptr_nonnull(planstore_alloc(ps, LIMIT_PLAN / 4));
	ck_assert_ptr_null(planstore_alloc(ps, LIMIT_PLAN / 2));
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_ptr_null(planstore_alloc(ps, SIZE_MAX));
	planstore_unref(ps);
}
END_TEST

START_TEST(sealed_memory_is_read_only)
{
	static const char *const names[] = { "web" };
	struct plan_store *ps = named(names, 1);
	int status;
	pid_t pid;

	ck_assert_int_eq(planstore_seal(ps), 0);
	if ((pid = fork()) == 0) {
		ps->tasks[0].count = 1;
		_exit(0);
	}
	/* By a signal, or as a sanitizer tells of it: not with success. */
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_ne(status, 0);
	planstore_unref(ps);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_a_process_starts_with_counts,
		the_same_environment_however_divided,
		a_removed_entry_is_gone,
		the_spawner_s_pid_does_not_count,
		names_are_found,
		names_in_order_are_the_same,
		any_change_of_a_task_shows,
		two_of_one_name_are_refused,
		a_plan_has_a_limit,
		sealed_memory_is_read_only
	};

	return (SUITE_RUN("planstore", tests));
}
