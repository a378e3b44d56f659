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
 * The daemon's own files, as the monitor is told of them.  It asks for them
 * by number, at any time: what was told stays so until something else is.
 * The options, the plan, the channel and the monitor are stand-ins.
 */

#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../common/run.h"
#include "../../common/util.h"
#include "../../spawner/daemon.h"
#include "../../spawner/follow.h"
#include "../../spawner/options.h"
#include "../../spawner/planstore.h"
#include "../../spawner/selfcheck.h"
#include "to_monitor.h"

static struct options		 opt = { .config_file = "/etc/tf.conf" };
static struct store_listen	 listeners[] = {
	{ .addr = "a", .certfile = "/cert/a", .auth = "/auth/a" },
	{ .addr = "b", .certfile = "/cert/b" }
};
static struct plan_store	 plan;
static struct daemon		 d;

/* What the monitor was told last. */
static char		*paths[FOLLOW_FILES];
static uint32_t		 npaths;
static int		 ntold;

void
planstore_ref(struct plan_store *ps)
{
	ps->refs++;
}

void
planstore_unref(struct plan_store *ps)
{
	if (ps != NULL)
		ps->refs--;
}

const char *
options_roles_name(size_t i)
{
	static const char *const names[] = { "/roles/one", "/roles/two" };

	return (i < nitems(names) ? names[i] : NULL);
}

const char *
selfcheck_file(const struct selfcheck *s, unsigned int n,
    const struct file_id **id)
{
	static const struct file_id program = { .ino = 7 };

	(void)s;
	*id = &program;
	return (n == 0 ? "/sbin/taskforced" : NULL);
}

static void
on_told(uint16_t type, uint32_t tag, struct cursor *body)
{
	struct follow	 f;
	uint32_t	 i;

	ck_assert_uint_eq(type, S_FOLLOW);
	ck_assert_uint_eq(tag, 0);
	for (i = 0; i < npaths; i++)
		free(paths[i]);
	npaths = get_u32(body);
	ck_assert_uint_le(npaths, nitems(paths));
	for (i = 0; i < npaths; i++) {
		get_follow(body, &f);
		ck_assert_ptr_nonnull(paths[i] = span_dup(f.path));
	}
	ntold++;
}

static void
set_up(void)
{
	plan.nlisten = nitems(listeners);
	plan.listen = listeners;
	plan.refs = 1;
	d.opt = &opt;
	d.plan = &plan;
	ck_assert_ptr_nonnull(d.follower = follow_new());
}

static void
tear_down(void)
{
	follow_free(d.follower);
	ck_assert_uint_eq(plan.refs, 1);
	while (npaths > 0)
		free(paths[--npaths]);
}

/* Every number means what the monitor was told that it means. */
static void
is_as_told(void)
{
	uint32_t	 i;

	for (i = 0; i < npaths; i++) {
		ck_assert_ptr_nonnull(follow_path(d.follower, i));
		ck_assert_str_eq(follow_path(d.follower, i), paths[i]);
	}
	ck_assert_ptr_null(follow_path(d.follower, npaths));
}

START_TEST(all_own_files_are_told)
{
	static const char *const all[] = { "/etc/tf.conf", "/roles/one",
	    "/roles/two", "/cert/a", "/auth/a", "/cert/b",
	    "/sbin/taskforced" };
	size_t		 i;

	follow_load(&d);
	follow_send(&d);
	ck_assert_int_eq(ntold, 1);
	ck_assert_uint_eq(npaths, nitems(all));
	for (i = 0; i < nitems(all); i++)
		ck_assert_str_eq(paths[i], all[i]);
	is_as_told();
}
END_TEST

START_TEST(what_was_told_holds_while_a_load_runs)
{
	is_as_told();
	follow_load(&d);
	follow_send(&d);
	is_as_told();
	/* It may ask for any of them before the load has come to its end. */
	follow_load(&d);
	is_as_told();
	/* The load fails, or it brings a plan with fewer of them. */
	follow_send(&d);
	is_as_told();
	follow_load(&d);
	plan.nlisten = 1;
	is_as_told();
	follow_send(&d);
	ck_assert_uint_eq(npaths, 6);
	is_as_told();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		all_own_files_are_told,
		what_was_told_holds_while_a_load_runs
	};

	return (SUITE_RUN_WITH("follow", tests, set_up, tear_down));
}
