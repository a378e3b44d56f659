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
 * Trial loads and reloads, asked of the monitor as it is built: a plan says
 * what the reload then does, changes nothing, and passes files on without a
 * look at them.
 */

#include "monitor_rig.h"
#include "suite.h"

#define BOTH	(RIGHT_STATUS | RIGHT_MANAGE)

static void
ask_plan(struct imsgbuf *b, uint32_t tag, bool check, bool no_roles)
{
	struct wbuf	*w = imsgbuf_begin(b, C_PLAN, tag);

	put_bool(w, check);
	put_bool(w, no_roles);
	end(b);
}

static void
give_file(struct imsgbuf *b, uint8_t which, const char *name, int fd)
{
	struct wbuf	*w = imsgbuf_begin(b, C_FILE, 0);

	put_u8(w, which);
	put_str(w, name);
	ck_assert_int_eq(fd_cloexec(fd), 0);
	ck_assert_int_eq(imsgbuf_end(b, fd), 0);
	flush(b);
}

/* The R_TRIAL that is asked for next; its tag. */
static uint32_t
trial(bool check, bool no_roles)
{
	struct imsg	 m;
	struct cursor	 c;

	expect(spawner, R_TRIAL, &m, &c);
	ck_assert(get_bool(&c) == check);
	ck_assert(get_bool(&c) == no_roles);
	ck_assert(cursor_done(&c));
	return (m.tag);
}

static void
message(uint32_t tag, enum plan_severity severity, const char *text)
{
	put_plan_err(imsgbuf_begin(spawner, S_LOADERR, tag), severity, text);
	end(spawner);
}

static void
loaded(uint32_t tag, bool ok, uint32_t nerrors, uint32_t nwarnings)
{
	struct loaded	 l = {
		.ok = ok, .gen = 1, .nerrors = nerrors,
		.nwarnings = nwarnings
	};

	put_loaded(imsgbuf_begin(spawner, S_LOADED, tag), &l);
	end(spawner);
}

static void
change(struct imsgbuf *b, const char *name, uint32_t kept, uint32_t started,
    uint32_t stopped, uint32_t restarted, const char *why)
{
	struct answer_change	 a;
	struct imsg		 m;
	struct cursor		 c;

	expect(b, A_CHANGE, &m, &c);
	ck_assert_int_eq(get_answer_change(&c, &a), 0);
	ck_assert_msg(span_is(a.name, name), "%.*s instead of %s",
	    (int)a.name.len, a.name.p, name);
	ck_assert_msg(span_is(a.why, why), "%s: %.*s instead of %s", name,
	    (int)a.why.len, a.why.p, why);
	ck_assert_uint_eq(a.kept, kept);
	ck_assert_uint_eq(a.started, started);
	ck_assert_uint_eq(a.stopped, stopped);
	ck_assert_uint_eq(a.restarted, restarted);
	ck_assert(a.added == (name[1] >= '7'));
	ck_assert(a.removed == (name[1] == '5' || name[1] == '6'));
}

static void
ok_text(struct imsgbuf *b, uint32_t tag, const char *text)
{
	struct imsg	 m;
	struct cursor	 c;
	struct span	 sp;

	expect(b, A_OK, &m, &c);
	ck_assert_uint_eq(m.tag, tag);
	sp = get_str(&c);
	ck_assert_msg(span_is(sp, text), "%.*s instead of %s", (int)sp.len,
	    sp.p, text);
}

static char	*role_web[] = { (char *)(uintptr_t)"web" };

/*
 * As the new file has it: t1 twice, t2 not here, t3 suspended, no t5 and no
 * t6, but a t8 and, for others, a t9.
 */
static void
differently(uint32_t i, struct schedrec_task *t)
{
	if (i >= 5)
		t->name[1] += 3;
	if (i == 6) {
		t->in_role = false;
		t->why = REASON_NOT_IN_ROLE;
	}
	if (i == 1)
		t->count = 2;
	if (i == 2) {
		t->in_role = false;
		t->why = REASON_NOT_IN_ROLE;
		t->roles = role_web;
		t->nroles = 1;
	}
	if (i == 3)
		t->control = CONTROL_SUSPEND;
}

static void
the_changes(struct imsgbuf *b)
{
	change(b, "t1", 1, 1, 0, 0, "count 1 -> 2");
	change(b, "t2", 0, 0, 1, 0, "not in role");
	change(b, "t3", 0, 0, 1, 0, "control wait -> suspend");
	change(b, "t8", 0, 1, 0, 0, "");
	change(b, "t9", 0, 0, 0, 0, "not in role");
	change(b, "t5", 0, 0, 1, 0, "");
	change(b, "t6", 0, 0, 1, 0, "");
}

START_TEST(a_plan_says_what_the_reload_does)
{
	struct imsgbuf	*b;
	struct imsg	 m;
	struct cursor	 c;

	birth();
	sync_n(1, 7, true);
	b = client(BOTH);
	ask_plan(b, 1, false, true);
	sync_tag = trial(false, true);
	message(sync_tag, PLAN_WARNING, "f:1:2: odd");
	loaded(sync_tag, true, 0, 1);
	shape = differently;
	sync_nprocs = 5;
	sync_kind = SYNC_TRIAL;
	sync_n(2, 7, true);
	expect(b, A_CHUNK, &m, &c);
	ck_assert(span_is(get_blob(&c), "f:1:2: odd\n"));
	the_changes(b);
	ok_text(b, 1, "by a reload: 0 restarted, 2 started, 2 "
	    "stopped, 3 kept");
	/* Nothing has changed, and nothing went to the spawner but this. */
	ask_status(b, 2, NULL);
	ck_assert_uint_eq(read_status(b, 2), 7);
	empty(b, C_RELOAD, 3, -1);
	expect(spawner, R_RELOAD, &m, NULL);
	loaded(m.tag, true, 0, 0);
	sync_kind = SYNC_FULL;
	sync_tag = 0;
	sync_n(2, 7, true);
	the_changes(b);
	ok_text(b, 3, "configuration reloaded: 0 restarted, 2 started, 2 "
	    "stopped, 3 kept");
	ask_status(b, 4, NULL);
	ck_assert_uint_eq(read_status(b, 4), 7);
	death();
}
END_TEST

START_TEST(what_is_stale_is_restarted_and_says_in_what)
{
	struct imsgbuf	*b;

	birth();
	sync_n(1, 1, true);
	b = client(BOTH);
	ask_plan(b, 1, false, false);
	sync_tag = trial(false, false);
	loaded(sync_tag, true, 0, 0);
	sync_kind = SYNC_TRIAL;
	sync_stale = STALE_ENV | STALE_CWD;
	sync_n(2, 1, true);
	change(b, "t0", 0, 0, 0, 1, "environment, working directory");
	ok_text(b, 1, "by a reload: 1 restarted, 0 started, 0 "
	    "stopped, 0 kept");
	ask_plan(b, 2, false, false);
	sync_tag = trial(false, false);
	loaded(sync_tag, true, 0, 0);
	sync_stale = STALE_ALL;
	sync_n(2, 1, true);
	change(b, "t0", 0, 0, 0, 1, "command, environment, working "
	    "directory, user, process name");
	death();
}
END_TEST

/* As differently(), of the same tasks. */
static void
in_place(uint32_t i, struct schedrec_task *t)
{
	if (i < 5)
		differently(i, t);
}

START_TEST(a_delta_is_told_as_a_full_one)
{
	struct imsgbuf	*b;
	struct imsg	 m;
	uint32_t	 pass;

	for (pass = 0; pass < 2; pass++) {
		shape = NULL;
		sync_kind = SYNC_FULL;
		birth();
		sync_n(1, 6, true);
		b = client(BOTH);
		empty(b, C_RELOAD, 1, -1);
		expect(spawner, R_RELOAD, &m, NULL);
		loaded(m.tag, true, 0, 0);
		shape = in_place;
		sync_kind = pass == 0 ? SYNC_FULL : SYNC_DELTA;
		sync_n(2, 6, pass == 0);
		change(b, "t1", 1, 1, 0, 0, "count 1 -> 2");
		change(b, "t2", 0, 0, 1, 0, "not in role");
		change(b, "t3", 0, 0, 1, 0, "control wait -> suspend");
		ok_text(b, 1, "configuration reloaded: 0 restarted, 1 "
		    "started, 2 stopped, 4 kept");
		death();
	}
}
END_TEST

/* What a person asked for is void with a load, and that is said. */
START_TEST(what_was_asked_for_ends_with_a_load)
{
	const struct ask_target	 t0 = { { "t0", 2 }, { "", 0 } };
	const struct ask_target	 t1 = { { "t1", 2 }, { "3", 1 } };
	struct ask_change	 q = { .n = 1, .word = { "", 0 } };
	struct exited		 e = { .id = 100, .pid = 1000 };
	struct imsgbuf		*b;
	struct imsg		 m;

	birth();
	sync_n(1, 2, true);
	b = client(BOTH);
	put_ask_change(imsgbuf_begin(b, C_STOP, 1), &q, &t0);
	end(b);
	expect(b, A_RESULT, &m, NULL);
	expect(b, A_OK, &m, NULL);
	put_ask_change(imsgbuf_begin(b, C_COUNT, 2), &q, &t1);
	end(b);
	expect(b, A_RESULT, &m, NULL);
	expect(b, A_OK, &m, NULL);
	expect(spawner, R_SIGNAL, &m, NULL);
	expect(spawner, R_COUNT, &m, NULL);
	e.at = mono_now();
	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
	empty(b, C_RELOAD, 3, -1);
	do
		ck_assert(get(spawner, &m));
	while (m.type != R_RELOAD);
	loaded(m.tag, true, 0, 0);
	sync_n(2, 2, false);
	change(b, "t0", 0, 1, 0, 0, "no longer held by an operator");
	change(b, "t1", 0, 0, 0, 0, "count 3 -> 1");
	death();
}
END_TEST

START_TEST(a_check_and_a_failure_are_only_words)
{
	struct answer_summary	 s;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;
	uint32_t		 tag;

	birth();
	sync_n(1, 1, true);
	b = client(BOTH);
	ask_plan(b, 1, true, false);
	tag = trial(true, false);
	message(tag, PLAN_WARNING, "f:1:2: odd");
	loaded(tag, true, 0, 1);
	expect(b, A_CHUNK, &m, NULL);
	ok_text(b, 1, "no errors, 1 warning");
	ask_plan(b, 2, false, false);
	tag = trial(false, false);
	message(tag, PLAN_ERROR, "f:1:2: wrong");
	loaded(tag, false, 1, 0);
	expect(b, A_CHUNK, &m, NULL);
	expect_fail(b, 2, FAIL_CONFIG);
	/* That of a client that is gone, too, is no failure of a reload. */
	ask_plan(b, 3, false, false);
	tag = trial(false, false);
	hang_up(b);
	b = client(BOTH);
	message(tag, PLAN_ERROR, "f:1:2: wrong");
	loaded(tag, false, 1, 0);
	ask_status(b, 4, NULL);
	expect(b, A_SUMMARY, &m, &c);
	ck_assert_int_eq(get_answer_summary(&c, &s), 0);
	ck_assert(s.load_ok);
	ck_assert_uint_eq(s.load_error.len, 0);
	death();
}
END_TEST

START_TEST(files_are_passed_on_the_last_of_a_kind)
{
	struct imsgbuf	*b;
	struct imsg	 m;
	struct cursor	 c;
	char		 byte;
	int		 first[2], second[2];

	birth();
	sync_n(1, 1, true);
	b = client(BOTH);
	ck_assert_int_eq(pipe(first), 0);
	ck_assert_int_eq(pipe(second), 0);
	give_file(b, FILE_ROLES, "old.roles", first[0]);
	give_file(b, FILE_ROLES, "new.roles", second[0]);
	ask_plan(b, 1, false, false);
	expect(spawner, R_FILE, &m, &c);
	ck_assert_uint_eq(get_u8(&c), FILE_ROLES);
	ck_assert(span_is(get_str(&c), "new.roles"));
	ck_assert_int_ne(m.fd, -1);
	ck_assert_int_eq(write(second[1], "x", 1), 1);
	ck_assert_int_eq(read(m.fd, &byte, 1), 1);
	close(m.fd);
	trial(false, false);
	/* Nobody holds the one that was replaced. */
	ck_assert_int_eq(write(first[1], "x", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
	/* And what was passed counts once. */
	ask_plan(b, 2, false, false);
	trial(false, false);
	death();
}
END_TEST

START_TEST(who_may_see_may_not_try)
{
	struct imsgbuf	*b;
	int		 p[2];

	birth();
	sync_n(1, 1, true);
	b = client(RIGHT_STATUS);
	ck_assert_int_eq(pipe(p), 0);
	give_file(b, FILE_CONF, "x", p[0]);
	ask_plan(b, 1, false, false);
	expect_fail(b, 1, FAIL_DENIED);
	ck_assert_int_eq(write(p[1], "x", 1), -1);
	ask_plan(client(BOTH), 2, true, true);
	trial(true, true);
	death();
}
END_TEST

START_TEST(so_many_trials_and_no_more)
{
	struct imsgbuf	*b;
	uint32_t	 i, tag = 0;

	birth();
	sync_n(1, 1, true);
	b = client(BOTH);
	for (i = 0; i < 8; i++)
		ask_plan(b, i, true, false);
	for (i = 0; i < 8; i++)
		tag = trial(true, false);
	ask_plan(b, 8, true, false);
	expect_fail(b, 8, FAIL_BUSY);
	loaded(tag, true, 0, 0);
	ok_text(b, 7, "no errors, 0 warnings");
	ask_plan(b, 9, true, false);
	trial(true, false);
	death();
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		a_plan_says_what_the_reload_does,
		what_is_stale_is_restarted_and_says_in_what,
		a_delta_is_told_as_a_full_one,
		what_was_asked_for_ends_with_a_load,
		a_check_and_a_failure_are_only_words,
		files_are_passed_on_the_last_of_a_kind,
		who_may_see_may_not_try,
		so_many_trials_and_no_more
	};

	if (rig_init(argc, argv) == -1)
		return (2);
	return (SUITE_RUN("monitor_plan", tests));
}
