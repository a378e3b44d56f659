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
 * The scheduler: events, from "it has happened" to the action (spec.md 6).
 */

#include "sched_rig.h"
#include "suite.h"

#define HALT	1	/* the commands of the rig */
#define AGAIN	2

/* One event of a file that does this, verified by HALT or not. */
static struct schedrec_event *
watched(uint32_t i, enum schedrec_action action, bool verify)
{
	event_of(i, EVENT_FILE_CHANGE, SIGHUP, 0);
	conf[i].events[0].action = action;
	if (action == ACTION_COMMAND)
		conf[i].events[0].cmd = AGAIN;
	if (verify)
		conf[i].events[0].verify = HALT;
	return (&conf[i].events[0]);
}

static void
fire(uint32_t i)
{
	sched_fire(s, &clk, i, 0);
	took();
}

/* The command that the last step has asked for is there now; its id. */
static uint64_t
runs(uint16_t instance, uint16_t cmd)
{
	const struct sched_action	*a = find(SCHED_RUN, 0, instance);

	ck_assert_ptr_nonnull(a);
	ck_assert_uint_eq(a->cmd, cmd);
	return (answer(a));
}

START_TEST(what_happens_meanwhile_is_done_once_more)
{
	uint64_t	 cmd;

	task(0, "a");
	watched(0, ACTION_COMMAND, false);
	begin();
	up(0, 0);
	fire(0);
	cmd = runs(0, AGAIN);
	fire(0);
	fire(0);
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
	gone(cmd, 0);
	cmd = runs(0, AGAIN);
	gone(cmd, EXIT_1);
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
}
END_TEST

START_TEST(one_no_of_several_is_a_no)
{
	struct sched_action	 a[2];
	uint64_t		 id[2], cmd[2];

	task(0, "a")->count = 2;
	conf[0].cmds[HALT].per_process = true;
	watched(0, ACTION_SIGNAL, true);
	begin();
	a[1] = *find(SCHED_SPAWN, 0, 1);
	id[0] = up(0, 0);
	id[1] = answer(&a[1]);
	fire(0);
	a[0] = *find(SCHED_RUN, 0, 0);
	a[1] = *find(SCHED_RUN, 0, 1);
	cmd[0] = answer(&a[0]);
	cmd[1] = answer(&a[1]);
	gone(cmd[0], EXIT_1);
	ck_state(0, STATE_RUNNING, REASON_VERIFY_FAILED);
	gone(cmd[1], 0);
	ck_assert(!signalled(id[0], SIGHUP) && !signalled(id[1], SIGHUP));
	/* The next time both say yes. */
	fire(0);
	a[0] = *find(SCHED_RUN, 0, 0);
	a[1] = *find(SCHED_RUN, 0, 1);
	cmd[0] = answer(&a[0]);
	cmd[1] = answer(&a[1]);
	gone(cmd[0], 0);
	ck_assert_uint_eq(count_of(SCHED_SIGNAL), 0);
	gone(cmd[1], 0);
	ck_assert(signalled(id[0], SIGHUP) && signalled(id[1], SIGHUP));
	ck_state(0, STATE_RUNNING, REASON_NONE);
}
END_TEST

/* Refused with the old plan, and settled by the other's no before that. */
START_TEST(a_verify_nobody_waits_for_is_not_asked_again)
{
	struct sched_action	 a[2];
	struct spawnfail	 m = { .cmd = HALT, .stage = STAGE_MEMORY,
		.error = ENOMEM, .at = clk.now };

	task(0, "a")->count = 2;
	conf[0].cmds[HALT].per_process = true;
	watched(0, ACTION_SIGNAL, true);
	begin();
	a[1] = *find(SCHED_SPAWN, 0, 1);
	up(0, 0);
	answer(&a[1]);
	fire(0);
	a[0] = *find(SCHED_RUN, 0, 0);
	a[1] = *find(SCHED_RUN, 0, 1);
	ck_assert_int_eq(sched_spawnfail(s, &clk, a[0].tag, &m), 0);
	took();
	m.instance = 1;
	m.stage = STAGE_REFUSED;
	m.error = ESTALE;
	ck_assert_int_eq(sched_spawnfail(s, &clk, a[1].tag, &m), 0);
	took();
	ck_assert_uint_eq(count_of(SCHED_RUN), 0);
}
END_TEST

START_TEST(a_start_while_it_runs_is_one_more_run)
{
	uint64_t	 id;

	task(0, "a")->control = CONTROL_EVENT;
	watched(0, ACTION_START, false);
	begin();
	ck_state(0, STATE_IDLE, REASON_WAITS_FOR_EVENT);
	fire(0);
	id = up(0, 0);
	fire(0);
	fire(0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	gone(id, 0);
	id = up(0, 0);
	gone(id, 0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_DONE, REASON_EXITED);
}
END_TEST

START_TEST(what_is_held_or_suspended_is_left_alone)
{
	uint64_t	 id;

	task(0, "a");
	watched(0, ACTION_STOP, false);
	begin();
	id = up(0, 0);
	fire(0);
	ck_assert(signalled(id, SIGTERM));
	gone(id, SIGTERM);
	id = up(0, 0);
	ck_assert_int_eq(sched_stop(s, &clk, 0, SCHED_ALL), VERDICT_OK);
	took();
	gone(id, SIGTERM);
	fire(0);
	ck_assert_uint_eq(count_of(SCHED_SPAWN), 0);
	ck_state(0, STATE_SUSPENDED, REASON_HELD_BY_OPERATOR);
}
END_TEST

/* A crash while it is verified: it is verified once more. */
START_TEST(what_was_not_acted_on_is_noted)
{
	struct sync_proc	 p;
	uint64_t		 id, cmd;

	task(0, "a");
	watched(0, ACTION_SIGNAL, true);
	begin();
	id = up(0, 0);
	p = record(0, 0, id);
	fire(0);
	runs(0, HALT);
	crash();
	task(0, "a");
	watched(0, ACTION_SIGNAL, true);
	sync_begin(MODE_RUN, false);
	ck_assert_int_eq(sched_add_proc(s, &p), 0);
	sync_end();
	cmd = runs(0, HALT);
	gone(cmd, 0);
	ck_assert(signalled(id, SIGHUP));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_happens_meanwhile_is_done_once_more,
		one_no_of_several_is_a_no,
		a_verify_nobody_waits_for_is_not_asked_again,
		a_start_while_it_runs_is_one_more_run,
		what_is_held_or_suspended_is_left_alone,
		what_was_not_acted_on_is_noted
	};

	return (SUITE_RUN("sched_event", tests));
}
