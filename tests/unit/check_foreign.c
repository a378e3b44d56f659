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
 * Processes that are not our children, where the system cannot tell of their
 * end (watchpid_none.c): it is looked for when something was done that may
 * end them, by a timer that is there only then.  The processes are real; what
 * follows from an end is a stand-in.
 */

#include <sys/types.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/mono.h"
#include "../../spawner/daemon.h"
#include "../../spawner/foreign.h"
#include "../../spawner/kproc.h"
#include "../../spawner/planstore.h"
#include "../../spawner/proc.h"
#include "suite.h"

#define DEADLINE_MS	25000

static struct daemon	 d;
static struct proc	*over;		/* whose end was told last */
static int		 nover;
static pid_t		 foreigner;

void
children_over(struct daemon *daemon, struct proc *p, int status)
{
	ck_assert_ptr_eq(daemon, &d);
	ck_assert_int_eq(status, (int)STATUS_UNKNOWN);
	foreign_release(p);
	proctab_exited(d.procs, p, status);
	over = p;
	nover++;
}

void
stop_check(struct daemon *daemon)
{
	ck_assert_ptr_eq(daemon, &d);
}

static void
plan_of_one(void)
{
	struct plan_store *ps = planstore_new();
	struct span name = { "db", 2 };
	struct store_task *t;

	ck_assert_ptr_nonnull(ps);
	t = ps->tasks = planstore_alloc(ps, sizeof(*t));
	ps->env = planstore_alloc(ps, sizeof(*ps->env));
	ps->ntasks = 1;
	t->name = planstore_string(ps, name);
	t->count = 1;
	t->ncmds = 1;
	t->cmds = planstore_alloc(ps, sizeof(*t->cmds));
	t->cmds->name = t->name;
	t->cmds->argc = 1;
	t->cmds->argv = planstore_alloc(ps, 2 * sizeof(char *));
	t->cmds->argv[0] = t->name;
	ck_assert_int_eq(planstore_seal(ps), 0);
	d.plan = ps;
}

/* A process whose parent has gone, as a daemon's has. */
static pid_t
fork_foreigner(void)
{
	pid_t child, pid;
	int pv[2];

	ck_assert_int_eq(pipe(pv), 0);
	if ((child = fork()) == 0) {
		if ((pid = fork()) == 0) {
			close(pv[0]);
			/* Check's own is to end the whole test. */
			signal(SIGTERM, SIG_DFL);
			signal(SIGHUP, SIG_IGN);
			pid = getpid();
			if (write(pv[1], &pid, sizeof(pid)) == sizeof(pid))
				alarm(300);
			close(pv[1]);
			for (;;)
				pause();
		}
		_exit(pid == -1);
	}
	ck_assert_int_ne(child, -1);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close(pv[1]);
	ck_assert_int_eq(read(pv[0], &pid, sizeof(pid)), sizeof(pid));
	close(pv[0]);
	return (pid);
}

static struct proc *
take(void)
{
	struct foreign_req r = { .task = 0 };
	struct kproc k;
	struct proc *p;
	enum look look;
	int error;

	r.pid = foreigner;
	ck_assert_int_eq(kproc_get(r.pid, &k), 0);
	r.start = k.start;
	p = foreign_take(&d, &r, &look, &error);
	ck_assert_msg(p != NULL, "look %d, error %d", (int)look, error);
	ck_assert(!foreign_watched(p));
	return (p);
}

static int
timers(void)
{
	return (event_base_get_num_events(d.base, EVENT_BASE_COUNT_ADDED));
}

/* Lets the event loop run until an end is told. */
static void
until_over(void)
{
	struct mono end = mono_add(mono_now(), DEADLINE_MS);

	while (nover == 0 && mono_cmp(mono_now(), end) < 0)
		ck_assert_int_eq(event_base_loop(d.base, EVLOOP_ONCE), 0);
	ck_assert_int_eq(nover, 1);
}

static void
setup(void)
{
	memset(&d, 0, sizeof(d));
	nover = 0;
	over = NULL;
	d.base = event_base_new();
	d.procs = proctab_new();
	plan_of_one();
	ck_assert_int_eq(proctab_replan(d.procs, d.plan), 0);
	d.lookout = foreign_lookout(&d);
	ck_assert_ptr_nonnull(d.lookout);
	foreigner = fork_foreigner();
}

static void
teardown(void)
{
	kill(foreigner, SIGKILL);
	proctab_free(d.procs);
	planstore_unref(d.plan);
}

START_TEST(the_end_of_what_was_signalled_is_seen)
{
	struct proc *p = take();

	/* At rest nothing wakes us. */
	ck_assert_int_eq(timers(), 0);
	ck_assert_int_eq(foreign_signal(p, SIGTERM), 0);
	ck_assert_int_eq(timers(), 1);
	until_over();
	ck_assert_ptr_eq(over, p);
	ck_assert_int_eq(timers(), 0);
}
END_TEST

/* What came too late for the signal has an end all the same. */
START_TEST(a_signal_that_came_too_late_is_no_loss)
{
	struct proc *p = take();
	struct kproc k;
	struct mono end;

	ck_assert_int_eq(kill(foreigner, SIGKILL), 0);
	end = mono_add(mono_now(), DEADLINE_MS);
	while (kproc_get(foreigner, &k) == 0) {
		ck_assert_int_lt(mono_cmp(mono_now(), end), 0);
		(void)poll(NULL, 0, 1);
	}
	ck_assert_int_eq(foreign_signal(p, SIGKILL), -1);
	ck_assert_int_eq(errno, ESRCH);
	/* Whoever walks over all of them must not lose one below him. */
	ck_assert_int_eq(nover, 0);
	until_over();
	ck_assert_int_eq(timers(), 0);
}
END_TEST

START_TEST(what_a_command_has_ended_is_seen)
{
	struct proc *p = take();

	ck_assert_int_eq(kill(foreigner, SIGKILL), 0);
	foreign_may_end(p);
	/* Twice is not twice on the list. */
	foreign_may_end(p);
	until_over();
	ck_assert_int_eq(timers(), 0);
	/* It has ended: nothing is to be looked for. */
	foreign_may_end(p);
	ck_assert_int_eq(timers(), 0);
}
END_TEST

/* One that a signal does not end is looked at, and ever less. */
START_TEST(what_lives_on_is_left_alone)
{
	struct mono t0 = mono_now(), t;
	struct proc *p = take();
	int n = 0;

	ck_assert_int_eq(foreign_signal(p, SIGHUP), 0);
	do {
		ck_assert_int_eq(event_base_loop(d.base, EVLOOP_ONCE), 0);
		n++;
		t = mono_now();
	} while (mono_sub(t, t0) < 1500);
	ck_assert_int_eq(nover, 0);
	ck_assert_int_eq(timers(), 1);
	/* 50 ms each until 400 ms, then an eighth more each. */
	ck_assert_int_le(n, 22);
	ck_assert_int_eq(kill(foreigner, SIGKILL), 0);
	until_over();
	ck_assert_ptr_eq(over, p);
	ck_assert_int_eq(timers(), 0);
}
END_TEST

START_TEST(what_is_let_go_is_not_looked_at)
{
	struct proc *p = take();

	ck_assert_int_eq(foreign_signal(p, SIGHUP), 0);
	foreign_release(p);
	proctab_exited(d.procs, p, (int)STATUS_UNKNOWN);
	while (timers() > 0)
		ck_assert_int_eq(event_base_loop(d.base, EVLOOP_ONCE), 0);
	ck_assert_int_eq(nover, 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		the_end_of_what_was_signalled_is_seen,
		a_signal_that_came_too_late_is_no_loss,
		what_a_command_has_ended_is_seen,
		what_lives_on_is_left_alone,
		what_is_let_go_is_not_looked_at
	};

	return (SUITE_RUN_WITH("foreign", tests, setup, teardown));
}
