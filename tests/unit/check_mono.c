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

/* mono.c: the clocks go on, and the arithmetic keeps its sign. */

#include <check.h>
#include <time.h>

#include "../../common/mono.h"
#include "suite.h"

START_TEST(now_goes_forward)
{
	struct mono a, b;

	a = mono_now();
	ck_assert(mono_isset(a));
	do {
		b = mono_now();
		ck_assert_int_ge(mono_cmp(b, a), 0);
	} while (mono_sub(b, a) < 3);
	ck_assert_int_eq(mono_cmp(b, a), 1);
	ck_assert_int_eq(mono_cmp(a, b), -1);
	ck_assert_int_eq(mono_cmp(a, a), 0);
}
END_TEST

START_TEST(now_is_the_monotonic_clock)
{
	struct timespec ts;
	int64_t ms;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	ck_assert_int_ge(mono_now().ms, ms);
	ck_assert_int_lt(mono_now().ms - ms, 10000);
}
END_TEST

START_TEST(wall_is_the_time_of_day)
{
	int64_t t = (int64_t)time(NULL) * 1000;

	ck_assert_int_ge(wall_now(), t);
	ck_assert_int_lt(wall_now() - t, 10000);
}
END_TEST

START_TEST(arithmetic)
{
	struct mono t = { 5000 };

	ck_assert_int_eq(mono_add(t, 250).ms, 5250);
	ck_assert_int_eq(mono_add(t, -250).ms, 4750);
	ck_assert_int_eq(mono_sub(mono_add(t, 250), t), 250);
	ck_assert_int_eq(mono_sub(t, mono_add(t, 250)), -250);
	ck_assert(!mono_isset(MONO_NEVER));
	ck_assert(mono_isset(t));
}
END_TEST

START_TEST(earlier_is_before_never)
{
	struct mono a = { 5 }, b = { 6 };

	ck_assert_int_eq(mono_earlier(a, b).ms, 5);
	ck_assert_int_eq(mono_earlier(b, a).ms, 5);
	ck_assert_int_eq(mono_earlier(a, MONO_NEVER).ms, 5);
	ck_assert_int_eq(mono_earlier(MONO_NEVER, b).ms, 6);
	ck_assert(!mono_isset(mono_earlier(MONO_NEVER, MONO_NEVER)));
}
END_TEST

static void
is_timeval(struct timeval tv, long sec, long usec)
{
	ck_assert_int_eq(tv.tv_sec, sec);
	ck_assert_int_eq(tv.tv_usec, usec);
}

START_TEST(timers_get_no_less_than_nothing)
{
	struct timeval tv;

	is_timeval(mono_timeval(61234), 61, 234000);
	is_timeval(mono_timeval(999), 0, 999000);
	is_timeval(mono_timeval(0), 0, 0);
	is_timeval(mono_timeval(-1), 0, 0);
	is_timeval(mono_left(mono_add(mono_now(), -5000)), 0, 0);
	tv = mono_left(mono_add(mono_now(), 60000));
	ck_assert_int_le(tv.tv_sec, 60);
	ck_assert_int_gt(tv.tv_sec, 30);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		now_goes_forward,
		now_is_the_monotonic_clock,
		wall_is_the_time_of_day,
		arithmetic,
		earlier_is_before_never,
		timers_get_no_less_than_nothing
	};

	return (SUITE_RUN("mono", tests));
}
