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

/* The heap of deadlines. */

#include <check.h>
#include <stdlib.h>

#include "../../common/util.h"
#include "../../monitor/sched_time.h"
#include "suite.h"

START_TEST(first_is_least)
{
	struct timers	 q = { 0 };
	struct timer	 t[200] = { 0 };
	int64_t		 last = 0;
	unsigned int	 i, n = 0;

	for (i = 0; i < nitems(t); i++)
		timers_set(&q, &t[i], (struct mono){ 1 + i * 7919 % 1000 });
	while (timers_first(&q) != NULL) {
		ck_assert_int_ge(timers_first(&q)->at.ms, last);
		last = timers_first(&q)->at.ms;
		timers_del(&q, timers_first(&q));
		n++;
	}
	ck_assert_uint_eq(n, nitems(t));
	timers_free(&q);
}
END_TEST

/* Moves and deletions at random, against a plain search. */
START_TEST(moves_and_deletions)
{
	struct timers	 q = { 0 };
	struct timer	 t[50] = { 0 };
	struct timer	*least;
	unsigned int	 i, k, x = 12345;

	for (i = 0; i < 20000; i++) {
		x = x * 1103515245 + 12345;
		k = (x >> 16) % nitems(t);
		x = x * 1103515245 + 12345;
		if ((x >> 16) % 4 == 0)
			timers_del(&q, &t[k]);
		else
			timers_set(&q, &t[k],
			    (struct mono){ 1 + (x >> 16) % 500 });
		for (k = 0, least = NULL; k < nitems(t); k++)
			if (t[k].pos != 0 && (least == NULL ||
			    mono_cmp(t[k].at, least->at) < 0))
				least = &t[k];
		if (least == NULL)
			ck_assert_ptr_null(timers_first(&q));
		else
			ck_assert_int_eq(timers_first(&q)->at.ms,
			    least->at.ms);
	}
	timers_free(&q);
}
END_TEST

START_TEST(deleting_what_is_not_set)
{
	struct timers	 q = { 0 };
	struct timer	 t = { 0 };

	timers_del(&q, &t);
	ck_assert_ptr_null(timers_first(&q));
	timers_set(&q, &t, (struct mono){ 5 });
	timers_del(&q, &t);
	timers_del(&q, &t);
	ck_assert_ptr_null(timers_first(&q));
	timers_free(&q);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		first_is_least,
		moves_and_deletions,
		deleting_what_is_not_set
	};

	return (SUITE_RUN("sched_time", tests));
}
