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

/* The monitor as it is built, towards the spawner: what it asks of root. */

#include "monitor_rig.h"
#include "suite.h"

START_TEST(it_is_born_and_dies_with_its_channel)
{
	birth();
	ck_assert_int_eq(death(), 0);
}
END_TEST

START_TEST(what_is_due_is_asked_for_in_one_go)
{
	struct spawn_req	 q;
	struct imsg		 m;
	struct cursor		 c;
	uint32_t		 i;

	birth();
	sync_n(3, 20, false);
	/* Not one answer is given in between. */
	for (i = 0; i < 20; i++) {
		expect(spawner, R_SPAWN, &m, &c);
		ck_assert_int_eq(get_spawn_req(&c, &q), 0);
		ck_assert_uint_eq(q.gen, 3);
		ck_assert_uint_eq(q.task, i);
		ck_assert_uint_eq(q.instance, 0);
	}
	death();
}
END_TEST

START_TEST(what_runs_is_kept_and_what_exits_is_asked_for)
{
	struct exited	 e = {
		.id = 101, .pid = 1001, .at = mono_now(), .wall = wall_now()
	};
	struct imsg	 m;
	struct cursor	 c;
	struct spawn_req q;

	birth();
	sync_n(1, 3, true);
	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
	expect(spawner, R_SPAWN, &m, &c);
	ck_assert_int_eq(get_spawn_req(&c, &q), 0);
	ck_assert_uint_eq(q.task, 1);
	death();
}
END_TEST

START_TEST(a_shutdown_signals_and_tells)
{
	struct signal_req	 q;
	struct exited		 e = { .at = mono_now() };
	struct imsg		 m;
	struct cursor		 c;
	uint32_t		 i;

	birth();
	sync_n(1, 2, true);
	put_u8(imsgbuf_begin(spawner, S_SHUTDOWN, 0), MODE_STOP);
	end(spawner);
	for (i = 0; i < 2; i++) {
		expect(spawner, R_SIGNAL, &m, &c);
		ck_assert_int_eq(get_signal_req(&c, &q), 0);
		ck_assert_uint_eq(q.sig, SIGTERM);
	}
	for (i = 0; i < 2; i++) {
		e.id = 100 + i;
		e.pid = 1000 + i;
		put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
		end(spawner);
	}
	expect(spawner, R_ALLSTOPPED, &m, &c);
	ck_assert_uint_eq(get_u8(&c), MODE_STOP);
	death();
}
END_TEST

START_TEST(a_reload_is_answered_with_what_it_did)
{
	struct loaded	 l = { .ok = false, .gen = 1, .nerrors = 2 };
	struct imsgbuf	*b;
	struct imsg	 m;
	struct cursor	 c;
	struct span	 text;
	uint32_t	 tag;

	birth();
	sync_n(1, 2, true);
	b = client(RIGHT_STATUS | RIGHT_MANAGE);
	empty(b, C_RELOAD, 5, -1);
	expect(spawner, R_RELOAD, &m, NULL);
	tag = m.tag;
	put_plan_err(imsgbuf_begin(spawner, S_LOADERR, 0), PLAN_ERROR,
	    "f:1:2: wrong");
	end(spawner);
	put_plan_err(imsgbuf_begin(spawner, S_LOADERR, 0), PLAN_WARNING,
	    "f:3:4: odd");
	end(spawner);
	put_loaded(imsgbuf_begin(spawner, S_LOADED, tag), &l);
	end(spawner);
	expect(b, A_CHUNK, &m, &c);
	text = get_blob(&c);
	ck_assert(span_is(text, "f:1:2: wrong\nf:3:4: odd\n"));
	expect_fail(b, 5, FAIL_CONFIG);

	/* The failure is shown until a load succeeds. */
	ask_status(b, 6, NULL);
	{
		struct answer_summary	 s;

		expect(b, A_SUMMARY, &m, &c);
		ck_assert_int_eq(get_answer_summary(&c, &s), 0);
		ck_assert(!s.load_ok);
		ck_assert(span_is(s.load_error, "f:1:2: wrong"));
		do {
			ck_assert(get(b, &m));
		} while (m.type != A_END);
	}
	empty(b, C_RELOAD, 7, -1);
	expect(spawner, R_RELOAD, &m, NULL);
	l.ok = true;
	l.gen = 2;
	put_loaded(imsgbuf_begin(spawner, S_LOADED, m.tag), &l);
	end(spawner);
	sync_n(2, 2, true);
	expect(b, A_OK, &m, &c);
	ck_assert_uint_eq(m.tag, 7);
	ck_assert(span_is(get_str(&c), "configuration reloaded: 0 restarted, "
	    "0 started, 0 stopped, 2 kept"));
	death();
}
END_TEST

START_TEST(nonsense_of_the_spawner_ends_the_monitor)
{
	struct spawned	 s = { .id = 1, .pid = 1, .task = 9 };
	struct imsg	 m;

	birth();
	sync_n(1, 1, true);
	put_spawned(imsgbuf_begin(spawner, S_SPAWNED, 12345), &s);
	end(spawner);
	ck_assert(!get(spawner, &m));
	ck_assert_int_ne(death(), 0);
}
END_TEST

/* A delta that says of one task that it is another now, and of one process
 * that it is stale. */
static void
delta(uint32_t gen, uint32_t n, uint32_t task, uint64_t id)
{
	struct sync_begin	 b = {
		.kind = SYNC_DELTA, .gen = gen, .ntasks = n,
		.config_event = true, .load_ok = true
	};
	struct schedrec_cmd	 cmd = {
		.name = (char *)(uintptr_t)"start",
		.program = (char *)(uintptr_t)"/bin/false"
	};
	char			 name[16];
	struct schedrec_task	 t = {
		.name = name, .detail = (char *)(uintptr_t)"",
		.cwd = (char *)(uintptr_t)"",
		.pidfile = (char *)(uintptr_t)"", .count = 1, .in_role = true,
		.stop_timeout_ms = 5000, .ncmds = 1, .cmds = &cmd
	};
	struct sync_proc	 p = {
		.id = id, .pid = 1, .task = task, .stale = STALE_ENV
	};
	struct wbuf		 rec = { 0 };

	snprintf(name, sizeof(name), "t%u", task);
	put_sync_begin(imsgbuf_begin(spawner, SYNC_BEGIN, 0), &b);
	end(spawner);
	put_schedrec_plan(&rec, &sync_plan);
	put_sched(NO_INDEX, &rec);
	wbuf_reset(&rec);
	put_schedrec_task(&rec, &t);
	put_sched(task, &rec);
	wbuf_free(&rec);
	put_sync_proc(imsgbuf_begin(spawner, SYNC_PROC, 0), &p);
	end(spawner);
	empty(spawner, SYNC_END, 0, -1);
}

START_TEST(a_delta_touches_what_it_names)
{
	struct exited		 e = { .id = 102, .pid = 1002 };
	struct signal_req	 q;
	struct spawn_req	 r;
	struct imsg		 m;
	struct cursor		 c;

	birth();
	sync_n(1, 4, true);
	delta(2, 4, 2, 102);
	expect(spawner, R_SIGNAL, &m, &c);
	ck_assert_int_eq(get_signal_req(&c, &q), 0);
	ck_assert_uint_eq(q.id, 102);
	e.at = mono_now();
	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
	/* Under the plan of now, and nothing of the others. */
	expect(spawner, R_SPAWN, &m, &c);
	ck_assert_int_eq(get_spawn_req(&c, &r), 0);
	ck_assert_uint_eq(r.task, 2);
	ck_assert_uint_eq(r.gen, 2);
	death();
}
END_TEST

START_TEST(a_delta_of_something_else_ends_the_monitor)
{
	struct imsg	 m;
	int		 i;

	for (i = 0; i < 3; i++) {
		birth();
		if (i > 0)
			sync_n(1, 4, true);
		/* Before a full one, of other tasks, of none of them. */
		delta(2, i == 1 ? 5 : 4, i == 2 ? 4 : 2, 102);
		while (get(spawner, &m))
			;
		ck_assert_int_ne(death(), 0);
	}
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		it_is_born_and_dies_with_its_channel,
		what_is_due_is_asked_for_in_one_go,
		what_runs_is_kept_and_what_exits_is_asked_for,
		a_shutdown_signals_and_tells,
		a_reload_is_answered_with_what_it_did,
		a_delta_touches_what_it_names,
		a_delta_of_something_else_ends_the_monitor,
		nonsense_of_the_spawner_ends_the_monitor
	};

	if (rig_init(argc, argv) == -1)
		return (2);
	return (SUITE_RUN("monitor", tests));
}
