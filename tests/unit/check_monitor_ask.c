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
 * Requests that change tasks, asked of the monitor as it is built: what is
 * meant by the words, that all of it is done or nothing, and what is
 * answered when.
 */

#include "monitor_rig.h"
#include "suite.h"

#define NOWAIT	0
#define LONG	60000
#define BOTH	(RIGHT_STATUS | RIGHT_MANAGE)

static char			*role_web[] = { (char *)(uintptr_t)"web" };
static struct schedrec_cmd	 cmds[] = {
	{ .name = (char *)(uintptr_t)"start",
	  .program = (char *)(uintptr_t)"/bin/true" },
	{ .name = (char *)(uintptr_t)"reload",
	  .program = (char *)(uintptr_t)"/bin/reload", .per_process = true }
};
static struct schedrec_require	 on_t1 = { .task = 1 };

/* Asks; the targets are "name" or "name=value", up to NULL. */
static void
ask(struct imsgbuf *b, uint16_t type, uint32_t tag, uint32_t wait_ms,
    const char *word, const char *const *targets)
{
	struct ask_target	 t[32];
	struct ask_change	 q = {
		.wait_ms = wait_ms, .word = { word, strlen(word) }
	};
	const char		*eq;

	for (; targets[q.n] != NULL; q.n++) {
		ck_assert_uint_lt(q.n, nitems(t));
		eq = strchr(targets[q.n], '=');
		t[q.n].name.p = targets[q.n];
		t[q.n].name.len = eq != NULL ? (size_t)(eq - targets[q.n]) :
		    strlen(targets[q.n]);
		t[q.n].value.p = eq != NULL ? eq + 1 : "";
		t[q.n].value.len = strlen(t[q.n].value.p);
	}
	put_ask_change(imsgbuf_begin(b, type, tag), &q, t);
	end(b);
}

#define ASK(b, type, tag, ms, word, ...)				\
	ask(b, type, tag, ms, word, (const char *const[]){ __VA_ARGS__, NULL })

/* The next result; of a text that ends in a star the beginning counts. */
static void
result(struct imsgbuf *b, uint32_t tag, const char *name, uint8_t code,
    const char *text)
{
	struct answer_result	 r;
	struct imsg		 m;
	struct cursor		 c;
	size_t			 len;

	expect(b, A_RESULT, &m, &c);
	ck_assert_uint_eq(m.tag, tag);
	ck_assert_int_eq(get_answer_result(&c, &r), 0);
	ck_assert_msg(span_is(r.name, name), "%.*s instead of %s",
	    (int)r.name.len, r.name.p, name);
	len = strlen(text);
	if (text[len - 1] == '*' && r.text.len >= len)
		r.text.len = --len;
	ck_assert_msg(r.code == code && r.text.len == len &&
	    memcmp(r.text.p, text, len) == 0,
	    "%s: %u, %.*s instead of %u, %s", name, r.code, (int)r.text.len,
	    r.text.p, code, text);
}

static void
all_ok(struct imsgbuf *b, uint32_t tag)
{
	struct imsg	 m;

	expect(b, A_OK, &m, NULL);
	ck_assert_uint_eq(m.tag, tag);
}

/* The spawner is asked to signal that process next. */
static void
signalled(uint64_t id, int sig)
{
	struct signal_req	 q;
	struct imsg		 m;
	struct cursor		 c;

	expect(spawner, R_SIGNAL, &m, &c);
	ck_assert_int_eq(get_signal_req(&c, &q), 0);
	ck_assert_uint_eq(q.id, id);
	ck_assert_uint_eq(q.sig, sig);
}

static void
exits(uint64_t id, uint32_t pid_, uint32_t status)
{
	struct exited	 e = {
		.id = id, .pid = pid_, .status = status, .at = mono_now(),
		.wall = wall_now()
	};

	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
}

/* The next R_SPAWN is of this task, and it starts. */
static void
starts(uint32_t task, uint64_t id)
{
	struct spawn_req	 q;
	struct spawned		 s = {
		.id = id, .task = task, .pid = (uint32_t)id * 10,
		.at = mono_now(), .wall = wall_now()
	};
	struct imsg		 m;
	struct cursor		 c;

	expect(spawner, R_SPAWN, &m, &c);
	ck_assert_int_eq(get_spawn_req(&c, &q), 0);
	ck_assert_uint_eq(q.task, task);
	s.instance = q.instance;
	put_spawned(imsgbuf_begin(spawner, S_SPAWNED, m.tag), &s);
	end(spawner);
}

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

static void
two_slots(uint32_t i, struct schedrec_task *t)
{
	if (i == 1)
		t->count = 2;
	if (i >= 2) {
		t->roles = role_web;
		t->nroles = 1;
	}
	if (i == 3) {
		t->in_role = false;
		t->why = REASON_NOT_IN_ROLE;
	}
}

START_TEST(targets_are_named_in_many_ways)
{
	struct imsgbuf	*b;

	shape = two_slots;
	birth();
	sync_n(1, 4, true);
	b = client(BOTH);
	signalled(103, SIGTERM);	/* out of its role */
	starts(1, 300);			/* its second slot */
	/* Each task once, in order of name, whatever the words. */
	ASK(b, C_RESTART, 1, NOWAIT, "", "t1:1", "t[01]", "t1:0", "t0", "t1:1");
	result(b, 1, "t0", RESULT_OK, "ok");
	result(b, 1, "t1", RESULT_OK, "ok");
	all_ok(b, 1);
	signalled(100, SIGTERM);
	signalled(101, SIGTERM);
	signalled(300, SIGTERM);
	/* A slot alone; those of a role, but not what is out of scope. */
	ASK(b, C_STOP, 2, NOWAIT, "", "t1:1");
	result(b, 2, "t1:1", RESULT_OK, "ok");
	all_ok(b, 2);
	ASK(b, C_RESTART, 3, NOWAIT, "", "@web");
	result(b, 3, "t2", RESULT_OK, "ok");
	all_ok(b, 3);
	signalled(102, SIGTERM);
	/* By its name it is an error. */
	ASK(b, C_RESTART, 4, NOWAIT, "", "t3", "t2");
	result(b, 4, "t2", RESULT_SAME, "no change");
	result(b, 4, "t3", RESULT_FAILED, "stopping: killed at *");
	death();
}
END_TEST

START_TEST(all_of_it_or_nothing)
{
	struct imsgbuf	*b;

	shape = two_slots;
	birth();
	sync_n(1, 3, true);
	b = client(BOTH);
	starts(1, 300);
	ASK(b, C_STOP, 1, LONG, "", "t0", "zz", "x*", "@none", "t1:2",
	    "t0:x");
	result(b, 1, "@none", RESULT_NOT_FOUND, "no task has that role");
	result(b, 1, "t0", RESULT_SAME, "no change");
	result(b, 1, "t0:x", RESULT_NOT_FOUND, "not found");
	result(b, 1, "t1:2", RESULT_NOT_FOUND, "no such slot: its count is 2");
	result(b, 1, "x*", RESULT_NOT_FOUND, "not found");
	result(b, 1, "zz", RESULT_NOT_FOUND, "not found");
	expect_fail(b, 1, FAIL_NOT_FOUND);
	/* Nothing of it went to the spawner: this is the first that does. */
	ASK(b, C_STOP, 2, NOWAIT, "", "t2");
	result(b, 2, "t2", RESULT_OK, "ok");
	all_ok(b, 2);
	signalled(102, SIGTERM);
	/* No target at all. */
	ask(b, C_STOP, 3, NOWAIT, "", (const char *const[]){ NULL });
	expect_fail(b, 3, FAIL_NOT_FOUND);
	death();
}
END_TEST

START_TEST(counts)
{
	struct count_req	 q;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;

	birth();
	sync_n(1, 8, true);
	b = client(BOTH);
	ASK(b, C_COUNT, 1, NOWAIT, "", "t0=2", "t1=0", "t2=-3", "t3=x",
	    "t4=", "t5=1025", "t6=99999999999999999999", "t7=1",
	    "t9=1");
	result(b, 1, "t0", RESULT_SAME, "no change");
	result(b, 1, "t1", RESULT_BAD_VALUE, "non-positive count '0'");
	result(b, 1, "t2", RESULT_BAD_VALUE, "non-positive count '-3'");
	result(b, 1, "t3", RESULT_BAD_VALUE, "bad count \"x\"");
	result(b, 1, "t4", RESULT_BAD_VALUE, "bad count \"\"");
	result(b, 1, "t5", RESULT_BAD_VALUE, "bad count \"1025\": at most "
	    "1024");
	result(b, 1, "t6", RESULT_BAD_VALUE, "bad count "
	    "\"99999999999999999999\": at most 1024");
	result(b, 1, "t7", RESULT_SAME, "no change");
	result(b, 1, "t9", RESULT_NOT_FOUND, "not found");
	expect_fail(b, 1, FAIL_NOT_FOUND);
	ASK(b, C_COUNT, 2, LONG, "", "t0=2", "t7=1");
	expect(spawner, R_COUNT, &m, &c);
	ck_assert_int_eq(get_count_req(&c, &q), 0);
	ck_assert_uint_eq(q.task, 0);
	ck_assert_uint_eq(q.count, 2);
	starts(0, 300);
	result(b, 2, "t0", RESULT_OK, "running");
	result(b, 2, "t7", RESULT_SAME, "no change");
	all_ok(b, 2);
	/* Two values for one task are none. */
	ASK(b, C_COUNT, 3, NOWAIT, "", "t[01]=3", "t0=4", "t1=3");
	result(b, 3, "t0", RESULT_BAD_VALUE, "both '4' and '3' asked for");
	result(b, 3, "t1", RESULT_SAME, "no change");
	expect_fail(b, 3, FAIL_FAILED);
	death();
}
END_TEST

START_TEST(controls)
{
	struct imsgbuf	*b;
	struct imsg	 m;

	birth();
	sync_n(1, 3, true);
	b = client(BOTH);
	ASK(b, C_CONTROL, 1, NOWAIT, "", "t0=off", "t1=upside-down",
	    "t2=adopt");
	result(b, 1, "t0", RESULT_SAME, "no change");
	result(b, 1, "t1", RESULT_BAD_VALUE, "bad control 'upside-down'");
	result(b, 1, "t2", RESULT_BAD_VALUE, "bad control 'adopt': the task "
	    "has no pidfile, and not both commands check and stop");
	expect_fail(b, 1, FAIL_FAILED);
	ASK(b, C_CONTROL, 2, LONG, "", "t0=off", "t1=wait");
	expect(spawner, R_COUNT, &m, NULL);
	signalled(100, SIGTERM);
	exits(100, 1000, 0);
	result(b, 2, "t0", RESULT_OK, "off, control-off: by request");
	result(b, 2, "t1", RESULT_SAME, "no change");
	all_ok(b, 2);
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
	} else
		t->control = CONTROL_OFF;
}

START_TEST(time_passes_and_the_reason_is_told)
{
	struct imsgbuf	*b;

	shape = blocked;
	birth();
	sync_n(1, 2, false);
	b = client(BOTH);
	ASK(b, C_START, 1, LONG, "", "t0");
	ASK(b, C_START, 2, 250, "", "t0");
	result(b, 2, "t0", RESULT_TIMEOUT, "not within 0.25 s: waiting, "
	    "waits-for: t1 (off)");
	expect_fail(b, 2, FAIL_FAILED);
	/* The other waits on, until what it waits for comes true. */
	ASK(b, C_CONTROL, 3, NOWAIT, "", "t1=event");
	result(b, 3, "t1", RESULT_OK, "ok");
	all_ok(b, 3);
	{
		struct imsg	 m;

		expect(spawner, R_COUNT, &m, NULL);
	}
	starts(0, 300);
	result(b, 1, "t0", RESULT_OK, "running");
	all_ok(b, 1);
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

START_TEST(signals)
{
	struct imsgbuf	*b;

	birth();
	sync_n(1, 2, true);
	b = client(BOTH);
	ASK(b, C_SIGNAL, 1, LONG, "HUP", "all");
	result(b, 1, "t0", RESULT_OK, "ok");
	result(b, 1, "t1", RESULT_OK, "ok");
	all_ok(b, 1);
	signalled(100, SIGHUP);
	signalled(101, SIGHUP);
	ASK(b, C_SIGNAL, 2, LONG, "HUPP", "t0");
	result(b, 2, "t0", RESULT_BAD_VALUE, "bad signal 'HUPP'");
	expect_fail(b, 2, FAIL_FAILED);
	/* The spawner would take us for an intruder. */
	ASK(b, C_SIGNAL, 3, LONG, "SEGV", "t0");
	result(b, 3, "t0", RESULT_BAD_VALUE, "SIGSEGV may not be sent: no "
	    "event of the task sends it");
	expect_fail(b, 3, FAIL_FAILED);
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

START_TEST(who_may_see_may_not_change_tasks)
{
	static const uint16_t	 types[] = { C_START, C_STOP, C_RESTART,
	    C_COUNT, C_CONTROL, C_SIGNAL, C_RUN };
	struct imsgbuf		*b;
	uint32_t		 i;

	birth();
	sync_n(1, 1, true);
	b = client(RIGHT_STATUS);
	for (i = 0; i < nitems(types); i++) {
		ASK(b, types[i], i, NOWAIT, "", "t0=1");
		expect_fail(b, i, FAIL_DENIED);
	}
	ASK(client(BOTH), C_STOP, 9, NOWAIT, "", "t0");
	signalled(100, SIGTERM);
	death();
}
END_TEST

/* Twenty thousand results, and nobody reads for a while. */
START_TEST(long_answers_come_in_pieces)
{
	struct answer_result	 r;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;
	char			 before[16] = "", name[16];
	uint32_t		 i;

	birth();
	sync_n(1, 20000, true);
	b = client(BOTH);
	for (i = 0; i < 3; i++)
		ASK(b, C_CONTROL, i, NOWAIT, "", "*=wait", "t1*=wait");
	for (i = 0; i < 20000; i++) {
		expect(b, A_RESULT, &m, &c);
		ck_assert_int_eq(get_answer_result(&c, &r), 0);
		ck_assert_uint_eq(r.code, RESULT_SAME);
		snprintf(name, sizeof(name), "%.*s", (int)r.name.len,
		    r.name.p);
		ck_assert_int_lt(strcmp(before, name), 0);
		memcpy(before, name, sizeof(before));
	}
	all_ok(b, 0);
	for (i = 0; i < 20000; i++)
		expect(b, A_RESULT, &m, NULL);
	all_ok(b, 1);
	death();
}
END_TEST

START_TEST(a_question_that_lies_ends_its_client)
{
	struct imsgbuf	*b, *good;
	struct wbuf	*w;
	struct imsg	 m;

	birth();
	sync_n(1, 1, true);
	good = client(BOTH);
	b = client(BOTH);
	w = imsgbuf_begin(b, C_STOP, 1);
	put_u32(w, 0);
	put_bool(w, false);
	put_str(w, "");
	put_u32(w, 4000);
	end(b);
	ck_assert(!get(b, &m));
	ask_status(good, 1, NULL);
	ck_assert_uint_eq(read_status(good, 1), 1);
	ck_assert_int_eq(death(), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		a_stop_is_answered_when_it_has_stopped,
		without_waiting_it_is_answered_at_once,
		targets_are_named_in_many_ways,
		all_of_it_or_nothing,
		counts,
		controls,
		time_passes_and_the_reason_is_told,
		what_fails_is_told_with_its_reason,
		a_reload_finds_what_waits_again,
		a_command_is_waited_for,
		a_command_outlives_a_delta,
		the_daemon_stops_meanwhile,
		signals,
		who_hangs_up_is_forgotten,
		who_may_see_may_not_change_tasks,
		long_answers_come_in_pieces,
		a_question_that_lies_ends_its_client
	};

	if (rig_init(argc, argv) == -1)
		return (2);
	return (SUITE_RUN("monitor_ask", tests));
}
