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

/* states.c: every state and reason has its word, every exit its text. */

#include <check.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/states.h"
#include "suite.h"

/* wait(2) statuses as the kernels we run on make them. */
#define EXITED(code)	((code) << 8)
#define DIED(sig)	(sig)
#define DUMPED(sig)	((sig) | 0x80)

START_TEST(words_are_whole_and_differ)
{
	const char	*a;
	int		 i, j;

	for (i = 0; i < STATE_MAX; i++) {
		a = state_name((enum task_state)i);
		ck_assert_ptr_nonnull(a);
		ck_assert_str_ne(a, "?");
		for (j = 0; j < i; j++)
			ck_assert_str_ne(a, state_name((enum task_state)j));
	}
	for (i = 0; i < REASON_MAX; i++) {
		a = reason_name((enum task_reason)i);
		ck_assert_ptr_nonnull(a);
		ck_assert_str_ne(a, "?");
		for (j = 0; j < i; j++)
			ck_assert_str_ne(a, reason_name((enum task_reason)j));
	}
}
END_TEST

START_TEST(words_of_the_specification)
{
	ck_assert_str_eq(state_name(STATE_OFF), "off");
	ck_assert_str_eq(state_name(STATE_RUNNING), "running");
	ck_assert_str_eq(state_name(STATE_FAILED), "failed");
	ck_assert_str_eq(reason_name(REASON_NOT_IN_ROLE), "not-in-role");
	ck_assert_str_eq(reason_name(REASON_WAITS_FOR), "waits-for");
	ck_assert_str_eq(reason_name(REASON_CONFIGURATION_ERROR),
	    "configuration-error");
}
END_TEST

START_TEST(beyond_the_list)
{
	ck_assert_str_eq(state_name(STATE_MAX), "?");
	ck_assert_str_eq(state_name((enum task_state)255), "?");
	ck_assert_str_eq(reason_name(REASON_MAX), "?");
	ck_assert_str_eq(reason_name((enum task_reason)INT_MAX), "?");
}
END_TEST

static void
reads(enum task_reason reason, const char *detail, const char *want)
{
	char	*s = reason_note(reason, detail, strlen(detail));

	ck_assert_str_eq(s, want);
	free(s);
}

START_TEST(a_reason_and_its_detail)
{
	reads(REASON_WAITS_FOR, "db (backoff)", "waits-for: db (backoff)");
	reads(REASON_NOT_IN_ROLE, "", "not-in-role");
	reads(REASON_EXITED, "exited 3", "exited 3");
	reads(REASON_EXITED, "died on SIGKILL", "exited: died on SIGKILL");
	reads(REASON_NONE, "", "");
}
END_TEST

START_TEST(exits_in_words)
{
	ck_assert_str_eq(exit_text(EXITED(0)), "exited ok");
	ck_assert_str_eq(exit_text((int)STATUS_UNKNOWN), "is gone");
	ck_assert_str_eq(exit_text(EXITED(3)), "exited 3");
	ck_assert_str_eq(exit_text(EXITED(255)), "exited 255");
	ck_assert_str_eq(exit_text(DIED(SIGTERM)), "died on SIGTERM");
	ck_assert_str_eq(exit_text(DUMPED(SIGSEGV)),
	    "died on SIGSEGV (core dumped)");
	/* Stopped: wait(2) was not asked for it, but a liar may send it. */
	ck_assert_str_eq(exit_text(0x137f), "wait status 0x137f");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		words_are_whole_and_differ,
		words_of_the_specification,
		beyond_the_list,
		a_reason_and_its_detail,
		exits_in_words
	};

	return (SUITE_RUN("states", tests));
}
