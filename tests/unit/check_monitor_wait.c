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
 * The results of requests that change tasks: what is answered when, whatever
 * happens meanwhile.
 */

#include "ask_rig.h"
#include "suite.h"

static struct schedrec_cmd	 cmds[] = {
	{ .name = (char *)(uintptr_t)"start",
	  .program = (char *)(uintptr_t)"/bin/true" },
	{ .name = (char *)(uintptr_t)"reload",
	  .program = (char *)(uintptr_t)"/bin/reload", .per_process = true }
};
static struct schedrec_require	 on_t1 = { .task = 1 };

START_TEST(a_stop_is_answered_when_it_has_stopped)
{
	struct imsgbuf	*b;

	birth();
	sync_n(1, 3, true);
	b = client(BOTH);
	ASK(b, C_STOP, 1, LONG, "", "t1");
	signalled(101, SIGTERM);
	/* Other questions do not wait for that. */
	ask_status(b, 2, NULL);
	ck_assert_uint_eq(read_status(b, 2), 3);
	exits(101, 1001, 0);
	result(b, 1, "t1", RESULT_OK, "stopped");
	all_ok(b, 1);
	ASK(b, C_STOP, 3, LONG, "", "t1");
	result(b, 3, "t1", RESULT_SAME, "no change");
	all_ok(b, 3);
	ASK(b, C_START, 4, LONG, "", "t1");
	starts(1, 201);
	result(b, 4, "t1", RESULT_OK, "running");
	all_ok(b, 4);
	death();
}
END_TEST

START_TEST(what_ends_at_once_is_not_called_running)
{
	struct imsgbuf	*b;

	start_later = 60000;
	birth();
	sync_n(1, 2, true);
	b = client(BOTH);
	ASK(b, C_STOP, 1, LONG, "", "t1");
	signalled(101, SIGTERM);
	exits(101, 1001, 0);
	result(b, 1, "t1", RESULT_OK, "stopped");
	all_ok(b, 1);
	ASK(b, C_START, 2, LONG, "", "t1");
	starts(1, 201);
	exits(201, 2010, 3 << 8);
	/* The first delay of the row is none. */
	starts(1, 202);
	exits(202, 2020, 3 << 8);
	result(b, 2, "t1", RESULT_FAILED, "backoff, backoff-until: exited 3*");
	expect_fail(b, 2, FAIL_FAILED);
	death();
}
END_TEST

/* Who has no time for that is told what there is to say by then. */
START_TEST(what_runs_when_the_time_is_up_runs)
{
	struct imsgbuf	*b;

	start_later = 60000;
	birth();
	sync_n(1, 2, true);
	b = client(BOTH);
	ASK(b, C_RESTART, 1, 5000, "", "t1");
	signalled(101, SIGTERM);
	exits(101, 1001, 0);
	starts(1, 201);
	result(b, 1, "t1", RESULT_OK, "running");
	all_ok(b, 1);
	death();
}
END_TEST

START_TEST(without_waiting_it_is_answered_at_once)
{
	struct imsgbuf	*b;

	birth();
	sync_n(1, 3, true);
	b = client(BOTH);
	ASK(b, C_STOP, 1, NOWAIT, "", "t0", "t2");
	result(b, 1, "t0", RESULT_OK, "ok");
	result(b, 1, "t2", RESULT_OK, "ok");
	all_ok(b, 1);
	signalled(100, SIGTERM);
	signalled(102, SIGTERM);
	death();
}
END_TEST

/* t0 requires t1, which is not to run. */
static void
blocked(uint32_t i, struct schedrec_task *t)
{
	if (i == 0) {
		t->requires = &on_t1;
		t->nrequires = 1;
	}
}

static void
stuck(uint32_t i, struct schedrec_task *t)
{
	blocked(i, t);
	if (i == 1)
		t->control = CONTROL_OFF;
}

START_TEST(time_passes_and_the_reason_is_told)
{
	struct imsgbuf	*b;
	struct imsg	 m;

	shape = blocked;
	birth();
	sync_n(1, 2, false);
	/* Is not answered: t1 goes on being started. */
	expect(spawner, R_SPAWN, &m, NULL);
	b = client(BOTH);
	ASK(b, C_START, 1, LONG, "", "t0");
	ASK(b, C_START, 2, 250, "", "t0");
	result(b, 2, "t0", RESULT_TIMEOUT, "not within 0.25 s: waiting, "
	    "waits-for: t1 (starting)");
	expect_fail(b, 2, FAIL_FAILED);
	/* The other waits on, until what it waits for comes true. */
	ASK(b, C_CONTROL, 3, NOWAIT, "", "t1=event");
	result(b, 3, "t1", RESULT_OK, "ok");
	all_ok(b, 3);
	expect(spawner, R_COUNT, &m, NULL);
	starts(0, 300);
	result(b, 1, "t0", RESULT_OK, "running");
	all_ok(b, 1);
	death();
}
END_TEST

START_TEST(what_waits_for_one_that_rests_is_told_at_once)
{
	struct imsgbuf	*b;

	shape = stuck;
	birth();
	sync_n(1, 2, false);
	b = client(BOTH);
	ASK(b, C_START, 1, LONG, "", "t0");
	result(b, 1, "t0", RESULT_FAILED, "waiting, waits-for: t1 (off); "
	    "t1 is off, control-off");
	expect_fail(b, 1, FAIL_FAILED);
	/* What was asked for is done, though nothing runs. */
	ASK(b, C_COUNT, 2, LONG, "", "t0=2");
	result(b, 2, "t0", RESULT_OK, "waiting, waits-for: t1 (off); "
	    "t1 is off, control-off");
	all_ok(b, 2);
	death();
}
END_TEST

START_TEST(what_fails_is_told_with_its_reason)
{
	struct spawnfail	 f = {
		.task = 1, .stage = STAGE_EXEC, .error = ENOENT
	};
	struct answer_result	 r;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;

	birth();
	sync_n(1, 2, true);
	b = client(BOTH);
	ASK(b, C_STOP, 1, LONG, "", "t1");
	signalled(101, SIGTERM);
	exits(101, 1001, 0);
	result(b, 1, "t1", RESULT_OK, "stopped");
	all_ok(b, 1);
	ASK(b, C_START, 2, LONG, "", "t1");
	/* The first failure is tried again at once, the second is told. */
	expect(spawner, R_SPAWN, &m, NULL);
	f.at = mono_now();
	put_spawnfail(imsgbuf_begin(spawner, S_SPAWNFAIL, m.tag), &f);
	end(spawner);
	expect(spawner, R_SPAWN, &m, NULL);
	f.at = mono_now();
	put_spawnfail(imsgbuf_begin(spawner, S_SPAWNFAIL, m.tag), &f);
	end(spawner);
	expect(b, A_RESULT, &m, &c);
	ck_assert_int_eq(get_answer_result(&c, &r), 0);
	ck_assert_uint_eq(r.code, RESULT_FAILED);
	ck_assert_msg(memmem(r.text.p, r.text.len, "backoff, cannot-start: "
	    "exec /bin/true: No such file or directory", 62) != NULL,
	    "%.*s", (int)r.text.len, r.text.p);
	expect_fail(b, 2, FAIL_FAILED);
	death();
}
END_TEST

START_TEST(a_reload_finds_what_waits_again)
{
	struct imsgbuf	*b;

	birth();
	sync_n(1, 4, true);
	b = client(BOTH);
	ASK(b, C_RESTART, 1, LONG, "", "t1", "t3");
	signalled(101, SIGTERM);
	signalled(103, SIGTERM);
	/* t3 is gone from the file, t1 is on its way. */
	sync_n(2, 2, false);
	starts(0, 400);
	starts(1, 401);
	result(b, 1, "t1", RESULT_OK, "running");
	result(b, 1, "t3", RESULT_FAILED, "it was removed from the "
	    "configuration");
	expect_fail(b, 1, FAIL_FAILED);
	death();
}
END_TEST

static void
with_reload(uint32_t i, struct schedrec_task *t)
{
	(void)i;
	t->cmds = cmds;
	t->ncmds = 2;
	t->count = 2;
}

START_TEST(a_command_is_waited_for)
{
	struct spawned		 s = { .cmd = 1, .pid = 9 };
	struct run_req		 q;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;
	uint32_t		 i, pass;

	shape = with_reload;
	birth();
	sync_n(1, 1, true);
	starts(0, 300);
	b = client(BOTH);
	ASK(b, C_RUN, 1, LONG, "nonsense", "t0");
	result(b, 1, "t0", RESULT_NOT_FOUND, "it has no command 'nonsense'");
	expect_fail(b, 1, FAIL_NOT_FOUND);
	/* Once all end well, once one of them does not. */
	for (pass = 0; pass < 2; pass++) {
		ASK(b, C_RUN, 2 + pass, LONG, "reload", "t0");
		for (i = 0; i < 2; i++) {
			expect(spawner, R_RUN, &m, &c);
			ck_assert_int_eq(get_run_req(&c, &q), 0);
			ck_assert_uint_eq(q.id, i == 0 ? 100 : 300);
			s.id = 500 + 2 * pass + i;
			s.instance = q.instance;
			s.at = mono_now();
			put_spawned(imsgbuf_begin(spawner, S_SPAWNED, m.tag),
			    &s);
			end(spawner);
		}
		exits(500 + 2 * pass, 9, pass == 0 ? 0 : 3 << 8);
		ask_status(b, 9, NULL);
		ck_assert_uint_eq(read_status(b, 9), 1);
		exits(501 + 2 * pass, 9, 0);
		if (pass == 0) {
			result(b, 2, "t0", RESULT_OK, "ok");
			all_ok(b, 2);
		} else {
			result(b, 3, "t0", RESULT_FAILED,
			    "command reload: exited 3");
			expect_fail(b, 3, FAIL_FAILED);
		}
	}
	death();
}
END_TEST

/* A reload in place: what is waited for goes on. */
START_TEST(a_command_outlives_a_delta)
{
	struct spawned	 s = { .id = 500, .cmd = 1, .pid = 9 };
	struct imsgbuf	*b;
	struct imsg	 m;

	shape = with_reload;
	birth();
	sync_n(1, 1, true);
	starts(0, 300);
	b = client(BOTH);
	ASK(b, C_RUN, 1, LONG, "reload", "t0:0");
	expect(spawner, R_RUN, &m, NULL);
	s.at = mono_now();
	put_spawned(imsgbuf_begin(spawner, S_SPAWNED, m.tag), &s);
	end(spawner);
	sync_kind = SYNC_DELTA;
	sync_n(2, 1, false);
	exits(500, 9, 3 << 8);
	result(b, 1, "t0:0", RESULT_FAILED, "command reload: exited 3");
	expect_fail(b, 1, FAIL_FAILED);
	/* A full one knows nothing of it any more. */
	ASK(b, C_RUN, 2, LONG, "reload", "t0:0");
	expect(spawner, R_RUN, &m, NULL);
	sync_kind = SYNC_FULL;
	sync_n(3, 1, false);
	result(b, 2, "t0:0", RESULT_FAILED, "the configuration was loaded "
	    "anew meanwhile: the log says how it ends");
	expect_fail(b, 2, FAIL_FAILED);
	death();
}
END_TEST

START_TEST(the_daemon_stops_meanwhile)
{
	struct imsgbuf	*b;
	struct imsg	 m;

	birth();
	sync_n(1, 2, true);
	b = client(BOTH);
	ASK(b, C_RESTART, 1, LONG, "", "t0");
	signalled(100, SIGTERM);
	put_u8(imsgbuf_begin(spawner, S_SHUTDOWN, 0), MODE_STOP);
	end(spawner);
	exits(100, 1000, 0);
	result(b, 1, "t0", RESULT_FAILED, "the daemon stops");
	expect_fail(b, 1, FAIL_FAILED);
	ASK(b, C_START, 2, LONG, "", "t0");
	expect_fail(b, 2, FAIL_BUSY);
	do
		ck_assert(get(spawner, &m));
	while (m.type != R_SIGNAL);
	death();
}
END_TEST

START_TEST(who_hangs_up_is_forgotten)
{
	struct imsgbuf	*b, *other;
	uint32_t	 i;

	birth();
	sync_n(1, 2, true);
	b = client(BOTH);
	other = client(BOTH);
	ASK(b, C_STOP, 1, 300, "", "t1");
	signalled(101, SIGTERM);
	ASK(other, C_STOP, 2, LONG, "", "t1");
	hang_up(b);
	/* So many at a time, of one client. */
	for (i = 0; i < 15; i++)
		ASK(other, C_STOP, 10 + i, LONG, "", "t1");
	ASK(other, C_STOP, 99, LONG, "", "t1");
	expect_fail(other, 99, FAIL_BUSY);
	exits(101, 1001, 0);
	result(other, 2, "t1", RESULT_OK, "stopped");
	all_ok(other, 2);
	for (i = 0; i < 15; i++) {
		result(other, 10 + i, "t1", RESULT_OK, "stopped");
		all_ok(other, 10 + i);
	}
	ck_assert_int_eq(death(), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		a_stop_is_answered_when_it_has_stopped,
		what_ends_at_once_is_not_called_running,
		what_runs_when_the_time_is_up_runs,
		without_waiting_it_is_answered_at_once,
		time_passes_and_the_reason_is_told,
		what_waits_for_one_that_rests_is_told_at_once,
		what_fails_is_told_with_its_reason,
		a_reload_finds_what_waits_again,
		a_command_is_waited_for,
		a_command_outlives_a_delta,
		the_daemon_stops_meanwhile,
		who_hangs_up_is_forgotten
	};

	if (rig_init(argc, argv) == -1)
		return (2);
	return (SUITE_RUN("monitor_wait", tests));
}
