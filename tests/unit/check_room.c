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

/* Who is sent away when there is no room: room.c. */

#include <check.h>
#include <stdlib.h>

#include "../../common/util.h"
#include "../../httpd/room.h"

#define GRACE	50

static struct room	room;
static struct seat	seats[4];

static struct mono
at(int64_t ms)
{
	return ((struct mono){ 1000 + ms });
}

static void
setup(void)
{
	size_t i;

	room_init(&room, GRACE);
	for (i = 0; i < nitems(seats); i++)
		seat_init(&seats[i]);
}

/* Which one leaves at that time; -1: nobody. */
static int
leaves(int64_t ms, int64_t *wait)
{
	struct seat *s;

	s = room_first(&room, at(ms), wait);
	return (s == NULL ? -1 : (int)(s - seats));
}

START_TEST(nobody)
{
	int64_t wait = 0;

	ck_assert_int_eq(leaves(0, &wait), -1);
	ck_assert_int_eq(wait, GRACE);
}
END_TEST

START_TEST(oldest_first)
{
	int64_t wait;

	seat_claim(&room, &seats[1], ROOM_OWING, at(0));
	seat_claim(&room, &seats[0], ROOM_OWING, at(10));
	ck_assert_int_eq(leaves(49, &wait), -1);
	ck_assert_int_eq(wait, 1);
	ck_assert_int_eq(leaves(50, &wait), 1);
	ck_assert_int_eq(leaves(500, &wait), 1);
	seat_claim(&room, &seats[1], ROOM_NONE, at(50));
	ck_assert_int_eq(leaves(50, &wait), -1);
	ck_assert_int_eq(wait, 10);
	ck_assert_int_eq(leaves(60, &wait), 0);
}
END_TEST

START_TEST(spent_before_owing)
{
	int64_t wait;

	seat_claim(&room, &seats[0], ROOM_OWING, at(0));
	seat_claim(&room, &seats[1], ROOM_SPENT, at(100));
	ck_assert_int_eq(leaves(100, &wait), 0);
	ck_assert_int_eq(leaves(150, &wait), 1);
}
END_TEST

START_TEST(in_work_stays)
{
	int64_t wait;

	seat_claim(&room, &seats[0], ROOM_OWING, at(0));
	seat_claim(&room, &seats[0], ROOM_NONE, at(10));
	ck_assert_int_eq(leaves(1000, &wait), -1);
	seat_claim(&room, &seats[0], ROOM_NONE, at(20));
	/* Another claim, another grace. */
	seat_claim(&room, &seats[0], ROOM_OWING, at(1000));
	ck_assert_int_eq(leaves(1049, &wait), -1);
	ck_assert_int_eq(leaves(1050, &wait), 0);
}
END_TEST

START_TEST(chances_have_an_end)
{
	int64_t wait, ms = 0;
	int i;

	seat_claim(&room, &seats[0], ROOM_OWING, at(ms));
	for (i = 0; i < ROOM_CHANCES; i++) {
		ms += GRACE;
		ck_assert_int_eq(leaves(ms, &wait), 0);
		ck_assert_int_eq(seat_renew(&room, &seats[0], at(ms)), 0);
		ck_assert_int_eq(leaves(ms, &wait), -1);
	}
	ms += GRACE;
	ck_assert_int_eq(seat_renew(&room, &seats[0], at(ms)), -1);
	ck_assert_int_eq(leaves(ms, &wait), 0);
	/* That we are late is not held against it. */
	seat_keep(&room, &seats[0], at(ms));
	ck_assert_int_eq(leaves(ms, &wait), -1);
	/* With another claim they are new. */
	seat_claim(&room, &seats[0], ROOM_SPENT, at(ms));
	ck_assert_int_eq(seat_renew(&room, &seats[0], at(ms)), 0);
}
END_TEST

START_TEST(renewed_go_last)
{
	int64_t wait;

	seat_claim(&room, &seats[0], ROOM_OWING, at(0));
	seat_claim(&room, &seats[1], ROOM_OWING, at(1));
	seat_renew(&room, &seats[0], at(60));
	ck_assert_int_eq(leaves(200, &wait), 1);
}
END_TEST

int
main(void)
{
	Suite *s;
	SRunner *sr;
	TCase *tc;
	int failed;

	s = suite_create("room");
	tc = tcase_create("core");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, nobody);
	tcase_add_test(tc, oldest_first);
	tcase_add_test(tc, spent_before_owing);
	tcase_add_test(tc, in_work_stays);
	tcase_add_test(tc, chances_have_an_end);
	tcase_add_test(tc, renewed_go_last);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed == 0 ? 0 : 1);
}
