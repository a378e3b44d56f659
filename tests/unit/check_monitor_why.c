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
 * Why a task does not run, asked of the monitor as it is built: the chain of
 * causes down to its root, and what is said to clear it.
 */

#include "monitor_rig.h"
#include "suite.h"

static struct schedrec_require	 on_next;
static struct schedrec_require	 on_next_ok;
static uint32_t			 last;
static char			*web[] = { (char *)(uintptr_t)"web" };

/* The next link of a chain. */
static struct answer_why
link_of(struct imsgbuf *b, uint32_t depth, const char *name)
{
	static struct imsg	 m;
	struct answer_why	 y;
	struct cursor		 c;

	expect(b, A_WHY, &m, &c);
	ck_assert_int_eq(get_answer_why(&c, &y), 0);
	ck_assert_uint_eq(y.depth, depth);
	ck_assert_msg(span_is(y.name, name), "%.*s instead of %s",
	    (int)y.name.len, y.name.p, name);
	return (y);
}

static void
ask_why(struct imsgbuf *b, uint32_t tag, const char *word)
{
	struct wbuf	*w = imsgbuf_begin(b, C_WHY, tag);

	put_u32(w, 1);
	put_str(w, word);
	end(b);
}

static bool
has(struct span sp, const char *text)
{
	return (memmem(sp.p, sp.len, text, strlen(text)) != NULL);
}

/* t0 requires t1, that t2, and so on; the last is out of its role. */
static void
chain(uint32_t i, struct schedrec_task *t)
{
	if (i < last) {
		on_next.task = i + 1;
		t->requires = &on_next;
		t->nrequires = 1;
		return;
	}
	t->in_role = false;
	t->why = REASON_NOT_IN_ROLE;
	t->roles = web;
	t->nroles = 1;
}

START_TEST(the_chain_ends_at_its_root)
{
	struct imsgbuf		*b;
	struct answer_why	 y;
	struct imsg		 m;

	last = 2;
	shape = chain;
	sync_plan.roles_on = true;
	birth();
	sync_n(1, 3, false);
	b = client(RIGHT_STATUS);
	ask_why(b, 7, "t0");
	y = link_of(b, 0, "t0");
	ck_assert_uint_eq(y.state, STATE_WAITING);
	ck_assert_uint_eq(y.reason, REASON_WAITS_FOR);
	ck_assert(span_is(y.detail, "t1 (waiting)"));
	ck_assert_uint_eq(y.remedy.len, 0);
	y = link_of(b, 1, "t1");
	ck_assert(span_is(y.detail, "t2 (off)"));
	ck_assert_uint_eq(y.remedy.len, 0);
	y = link_of(b, 2, "t2");
	ck_assert_uint_eq(y.state, STATE_OFF);
	ck_assert_uint_eq(y.reason, REASON_NOT_IN_ROLE);
	ck_assert(has(y.remedy, "role web is not in force"));
	expect(b, A_END, &m, NULL);
	ck_assert_uint_eq(m.tag, 7);
	ask_why(b, 8, "nobody");
	expect_fail(b, 8, FAIL_NOT_FOUND);
	death();
}
END_TEST

/* What runs has no reason and needs no remedy. */
START_TEST(of_what_runs_there_is_nothing_to_say)
{
	struct imsgbuf		*b;
	struct answer_why	 y;
	struct imsg		 m;

	birth();
	sync_n(1, 3, true);
	b = client(RIGHT_STATUS);
	ask_why(b, 1, "t1");
	y = link_of(b, 0, "t1");
	ck_assert_uint_eq(y.state, STATE_RUNNING);
	ck_assert_uint_eq(y.reason, REASON_NONE);
	ck_assert_uint_eq(y.remedy.len, 0);
	expect(b, A_END, &m, NULL);
	death();
}
END_TEST

/* Three thousand in a row, each asked about: cut, and answered. */
START_TEST(a_long_chain_is_cut_in_its_middle)
{
	struct answer_why	 y;
	struct imsgbuf		*b;
	struct imsg		 m;
	struct cursor		 c;
	uint32_t		 depth;
	char			 name[16];

	last = 2999;
	shape = chain;
	sync_plan.roles_on = true;
	birth();
	sync_n(1, 3000, false);
	b = client(RIGHT_STATUS);
	ask_why(b, 1, "t0");
	for (depth = 0; depth < 31; depth++) {
		snprintf(name, sizeof(name), "t%u", depth);
		link_of(b, depth, name);
	}
	y = link_of(b, 2999, "t2999");
	ck_assert(y.remedy.len > 0);
	expect(b, A_END, &m, NULL);
	ask_why(b, 2, "all");
	for (depth = 0;;) {
		ck_assert(get(b, &m));
		if (m.type == A_END)
			break;
		ck_assert_uint_eq(m.type, A_WHY);
		cursor_init(&c, m.data, m.len);
		ck_assert_int_eq(get_answer_why(&c, &y), 0);
		if (y.depth == 0)
			depth++;
	}
	ck_assert_uint_eq(depth, 3000);
	death();
}
END_TEST

/* t0 asks for exit 0 of t1, which runs once. */
static void
once_ok(uint32_t i, struct schedrec_task *t)
{
	on_next_ok = (struct schedrec_require){ .task = 1, .ok = true };
	if (i == 1) {
		t->control = CONTROL_ONCE;
		return;
	}
	t->requires = &on_next_ok;
	t->nrequires = 1;
}

START_TEST(what_ran_and_failed_is_the_root)
{
	struct spawned		 s = {
		.id = 5, .task = 1, .pid = 50, .at = mono_now(),
		.wall = wall_now()
	};
	struct exited		 e = { .id = 5, .pid = 50, .status = 2 << 8 };
	struct imsgbuf		*b;
	struct answer_why	 y;
	struct imsg		 m;

	shape = once_ok;
	birth();
	sync_n(1, 2, false);
	expect(spawner, R_SPAWN, &m, NULL);
	put_spawned(imsgbuf_begin(spawner, S_SPAWNED, m.tag), &s);
	end(spawner);
	b = client(RIGHT_STATUS);
	ask_why(b, 1, "t0");
	link_of(b, 0, "t0");
	y = link_of(b, 1, "t1");
	ck_assert_uint_eq(y.state, STATE_RUNNING);
	ck_assert(span_is(y.remedy, "wait: it counts when it has ended"));
	expect(b, A_END, &m, NULL);
	e.at = mono_now();
	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
	ask_why(b, 2, "t0");
	y = link_of(b, 0, "t0");
	ck_assert(span_is(y.detail, "t1 (done)"));
	y = link_of(b, 1, "t1");
	ck_assert_uint_eq(y.reason, REASON_EXITED);
	ck_assert(span_is(y.detail, "exited 2"));
	ck_assert(has(y.remedy, "exit 0 is required"));
	ck_assert(has(y.remedy, "taskforcectl start t1"));
	expect(b, A_END, &m, NULL);
	death();
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		the_chain_ends_at_its_root,
		of_what_runs_there_is_nothing_to_say,
		a_long_chain_is_cut_in_its_middle,
		what_ran_and_failed_is_the_root
	};

	if (rig_init(argc, argv) == -1)
		return (2);
	return (SUITE_RUN("monitor_why", tests));
}
