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
 * Looking at paths in a child: what is asked for is answered, a file system
 * that does not answer holds up nobody else, and what a plan of before was
 * asked about is not told of the one after it.  The look itself, the channel
 * and the monitor are stand-ins: a path that says "hang" never comes back.
 */

#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/ipc.h"
#include "../../common/mono.h"
#include "../../common/run.h"
#include "../../common/util.h"
#include "../../spawner/become.h"
#include "../../spawner/daemon.h"
#include "../../spawner/follow.h"
#include "../../spawner/planstore.h"
#include "../../spawner/sight.h"
#include "to_monitor.h"

#define TAGS		4096
#define DEADLINE_MS	25000

static struct daemon		 d;
static struct plan_store	 plan;
static struct store_task	 task;
static const char		*paths[] = { "/a", "/hang", "/b" };

/* What the monitor was told, by tag. */
static struct file_id		 told[TAGS];
static unsigned int		 ntold[TAGS];

void
follow_look(const char *path, struct file_id *id)
{
	memset(id, 0, sizeof(*id));
	if (strcmp(path, "/die") == 0)
		_exit(1);
	while (strcmp(path, "/hang") == 0)
		pause();
	id->ino = path[1];
}

const char *
follow_path(const struct follower *f, uint32_t index)
{
	(void)f;
	return (index == 0 ? "/own" : NULL);
}

void
become_fresh(void)
{
}

static void
on_told(uint16_t type, uint32_t tag, struct cursor *body)
{
	ck_assert_uint_eq(type, S_STATED);
	ck_assert_uint_lt(tag, TAGS);
	get_file_id(body, &told[tag]);
	ntold[tag]++;
}

static void
set_up(void)
{
	memset(&d, 0, sizeof(d));
	ck_assert_ptr_nonnull(d.base = event_base_new());
	plan.ntasks = 1;
	plan.tasks = &task;
	plan.nwatch = task.nwatch = nitems(paths);
	plan.watch = paths;
	d.plan = &plan;
	d.gen = 7;
	ck_assert_ptr_nonnull(d.sights = sight_new(&d));
}

static void
tear_down(void)
{
	sight_free(d.sights);
	event_base_free(d.base);
}

static void
ask(uint32_t tag, uint32_t index)
{
	struct stat_req	 r = { .gen = d.gen, .task = 0, .index = index };

	ck_assert_ptr_nonnull(sight_path(&d, &r));
	sight_ask(d.sights, tag, &r);
}

/* held: children that ended are not waited for, as if they hung. */
static bool	 held;

static void
reap(void)
{
	pid_t	 pid;

	while (!held && (pid = waitpid(-1, NULL, WNOHANG)) > 0)
		ck_assert(sight_reaped(d.sights, pid));
}

/* Runs the loop until that tag is answered, or for so long. */
static void
run(uint32_t tag, int64_t ms)
{
	struct timeval	 step = { 0, 5000 };
	struct mono	 until = mono_add(mono_now(), ms);

	while (ntold[tag] == 0 && mono_cmp(mono_now(), until) < 0) {
		event_base_loopexit(d.base, &step);
		event_base_dispatch(d.base);
		reap();
	}
}

static void
is_told(uint32_t tag, uint32_t error, uint64_t ino)
{
	run(tag, DEADLINE_MS);
	ck_assert_uint_eq(ntold[tag], 1);
	ck_assert_uint_eq(told[tag].error, error);
	ck_assert_uint_eq(told[tag].ino, ino);
}

START_TEST(what_is_asked_is_told)
{
	struct stat_req	 own = { .gen = d.gen, .task = NO_INDEX };
	uint32_t	 i;

	/* More than one child takes. */
	for (i = 1; i < 3000; i++)
		ask(i, i % 2 * 2);
	sight_ask(d.sights, i, &own);
	is_told(i, 0, 'o');
	for (i = 1; i < 3000; i++)
		is_told(i, 0, i % 2 == 0 ? 'a' : 'b');
	/* And once more, when all is quiet. */
	ask(3001, 0);
	is_told(3001, 0, 'a');
}
END_TEST

START_TEST(nothing_beyond_the_plan)
{
	struct stat_req	 r = { .gen = d.gen, .task = 0, .index = 3 };

	ck_assert_ptr_null(sight_path(&d, &r));
	r.task = 1;
	r.index = 0;
	ck_assert_ptr_null(sight_path(&d, &r));
	r.task = NO_INDEX;
	r.index = 1;
	ck_assert_ptr_null(sight_path(&d, &r));
}
END_TEST

START_TEST(one_that_hangs_holds_up_nobody)
{
	ask(1, 0);
	ask(2, 1);
	ask(3, 2);
	is_told(1, 0, 'a');
	is_told(2, ETIMEDOUT, 0);
	is_told(3, 0, 'b');
}
END_TEST

START_TEST(no_second_child_hangs_there)
{
	struct mono	 start;
	pid_t		 pid;

	held = true;
	ask(1, 1);
	is_told(1, ETIMEDOUT, 0);
	start = mono_now();
	ask(2, 1);
	ask(3, 0);
	is_told(2, ETIMEDOUT, 0);
	is_told(3, 0, 'a');
	/* Less than it takes to find out once more. */
	ck_assert_int_lt(mono_sub(mono_now(), start), 4000);
	/* When that child has ended, it is looked at again. */
	while ((pid = waitpid(-1, NULL, 0)) > 0)
		ck_assert(sight_reaped(d.sights, pid));
	held = false;
	start = mono_now();
	ask(4, 1);
	is_told(4, ETIMEDOUT, 0);
	ck_assert_int_gt(mono_sub(mono_now(), start), 4000);
}
END_TEST

START_TEST(of_another_plan)
{
	ask(1, 0);
	d.gen++;
	is_told(1, ESTALE, 0);
	/* While the child looks. */
	ask(2, 1);
	run(2, 50);
	d.gen++;
	is_told(2, ESTALE, 0);
}
END_TEST

START_TEST(a_child_that_dies)
{
	paths[0] = "/die";
	ask(1, 0);
	ask(2, 2);
	is_told(1, EIO, 0);
	is_told(2, 0, 'b');
}
END_TEST

START_TEST(who_asked_is_gone)
{
	ask(1, 1);
	ask(2, 0);
	run(1, 50);
	sight_forget(d.sights);
	ask(3, 0);
	is_told(3, 0, 'a');
	ck_assert_uint_eq(ntold[1], 0);
	ck_assert_uint_eq(ntold[2], 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_is_asked_is_told,
		nothing_beyond_the_plan,
		one_that_hangs_holds_up_nobody,
		no_second_child_hangs_there,
		of_another_plan,
		a_child_that_dies,
		who_asked_is_gone
	};

	return (SUITE_RUN_WITH("sight", tests, set_up, tear_down));
}
