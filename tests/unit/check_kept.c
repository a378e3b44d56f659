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
 * What is kept for tasks: notes of any size of each kind, which follow their
 * task; a count that was asked for wins over the plan's.
 */

#include <check.h>
#include <string.h>

#include "../../spawner/kept.h"
#include "suite.h"

static void
put(struct kept *k, enum note_kind kind, uint32_t task, const char *text)
{
	struct note n = { 1, kind, task, { text, strlen(text) } };

	ck_assert_int_eq(kept_note(k, &n), 0);
}

static bool
is(const struct kept *k, enum note_kind kind, uint32_t task, const char *text)
{
	const struct kept_note *n = k->tasks[task].notes[kind];

	return (n != NULL && n->len == strlen(text) &&
	    memcmp(n->data, text, n->len) == 0);
}

START_TEST(a_note_of_each_kind_is_kept)
{
	struct kept *k = kept_new(2);

	put(k, NOTE_SCHED, 1, "one");
	put(k, NOTE_WATCH, 1, "two");
	ck_assert(is(k, NOTE_SCHED, 1, "one"));
	ck_assert(is(k, NOTE_WATCH, 1, "two"));
	ck_assert_ptr_null(k->tasks[0].notes[NOTE_SCHED]);
	/* Of the same size, longer, shorter, none. */
	put(k, NOTE_SCHED, 1, "uno");
	ck_assert(is(k, NOTE_SCHED, 1, "uno"));
	put(k, NOTE_SCHED, 1, "a longer one");
	ck_assert(is(k, NOTE_SCHED, 1, "a longer one"));
	put(k, NOTE_SCHED, 1, "1");
	ck_assert(is(k, NOTE_SCHED, 1, "1"));
	put(k, NOTE_SCHED, 1, "");
	ck_assert_ptr_null(k->tasks[1].notes[NOTE_SCHED]);
	ck_assert(is(k, NOTE_WATCH, 1, "two"));
	kept_free(k);
}
END_TEST

START_TEST(the_longest_note_fits)
{
	static char text[LIMIT_NOTE + 1];
	struct kept *k = kept_new(1);

	memset(text, 0xff, LIMIT_NOTE);
	put(k, NOTE_WATCH, 0, text);
	ck_assert(is(k, NOTE_WATCH, 0, text));
	kept_free(k);
}
END_TEST

START_TEST(notes_follow_their_task)
{
	struct kept *old = kept_new(2), *k = kept_new(3);

	put(old, NOTE_SCHED, 1, "one");
	old->tasks[1].counted = true;
	old->tasks[1].count = 7;
	kept_move(&k->tasks[2], &old->tasks[1]);
	kept_free(old);
	ck_assert(is(k, NOTE_SCHED, 2, "one"));
	/* A load makes a requested count void. */
	ck_assert(!k->tasks[2].counted);
	kept_free(k);
}
END_TEST

START_TEST(a_reset_forgets)
{
	struct kept *k = kept_new(1);

	put(k, NOTE_SCHED, 0, "one");
	k->tasks[0].counted = true;
	kept_clear(k);
	ck_assert_ptr_null(k->tasks[0].notes[NOTE_SCHED]);
	ck_assert(!k->tasks[0].counted);
	kept_free(k);
}
END_TEST

START_TEST(a_count_asked_for_wins)
{
	struct store_task tasks[2] = { { .count = 3 }, { .count = 4 } };
	struct plan_store ps = { .ntasks = 2, .tasks = tasks };
	struct kept *k = kept_new(2);

	ck_assert_uint_eq(kept_count(k, &ps, 1), 4);
	k->tasks[1].counted = true;
	ck_assert_uint_eq(kept_count(k, &ps, 1), 0);
	k->tasks[1].count = 9;
	ck_assert_uint_eq(kept_count(k, &ps, 1), 9);
	ck_assert_uint_eq(kept_count(k, &ps, 0), 3);
	kept_free(k);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_note_of_each_kind_is_kept,
		the_longest_note_fits,
		notes_follow_their_task,
		a_reset_forgets,
		a_count_asked_for_wins
	};

	return (SUITE_RUN("kept", tests));
}
