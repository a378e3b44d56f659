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

/* signame.c: every spelling a person writes, and none that names nothing. */

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/signame.h"
#include "suite.h"

START_TEST(names_in_every_spelling)
{
	ck_assert_int_eq(signame_number("HUP"), SIGHUP);
	ck_assert_int_eq(signame_number("SIGHUP"), SIGHUP);
	ck_assert_int_eq(signame_number("hup"), SIGHUP);
	ck_assert_int_eq(signame_number("sigHup"), SIGHUP);
	ck_assert_int_eq(signame_number("1"), SIGHUP);
	ck_assert_int_eq(signame_number("SIGUSR2"), SIGUSR2);
	ck_assert_int_eq(signame_number("winch"), SIGWINCH);
	ck_assert_int_eq(signame_number("IOT"), SIGABRT);
	ck_assert_int_eq(signame_number("CLD"), SIGCHLD);
}
END_TEST

START_TEST(what_names_no_signal)
{
	static const char *const bad[] = { "", "SIG", "0", "-1", "+1", " 1",
	    "1 ", "1x", "0x1", "99999", "4294967297", "HUPP", "HU", "SIGSIGHUP",
	    "SIG1", "RTMIN+", "RTMIN-1", "RTMIN+99", "RTMIN+-1", "RTMAX+1",
	    "RTMAX-99", "RTMIN+ 1", "RTMINI" };
	size_t		 i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(signame_number(bad[i]) == 0, "'%s'", bad[i]);
}
END_TEST

/* Each name that signame_word() tells is a signal, if not here elsewhere. */
START_TEST(all_the_names)
{
	const char	*word;
	size_t		 i, here = 0;

	for (i = 0; (word = signame_word(i)) != NULL; i++) {
		ck_assert_str_ne(word, "");
		if (signame_number(word) == 0)
			continue;
		here++;
		ck_assert(strncmp(signame_name(signame_number(word)), "SIG",
		    3) == 0);
	}
	ck_assert_uint_ge(here, 29);
	ck_assert_str_eq(signame_name(0), "signal 0");
	ck_assert_int_eq(signame_number("0"), 0);
}
END_TEST

START_TEST(real_time_signals)
{
#if defined(SIGRTMIN) && defined(SIGRTMAX)
	ck_assert_int_eq(signame_number("RTMIN"), SIGRTMIN);
	ck_assert_int_eq(signame_number("SIGRTMIN+3"), SIGRTMIN + 3);
	ck_assert_int_eq(signame_number("rtmax"), SIGRTMAX);
	ck_assert_int_eq(signame_number("RTMAX-1"), SIGRTMAX - 1);
	ck_assert_str_eq(signame_name(SIGRTMIN), "SIGRTMIN");
	ck_assert_str_eq(signame_name(SIGRTMIN + 3), "SIGRTMIN+3");
#else
	ck_assert_int_eq(signame_number("RTMIN"), 0);
#endif
}
END_TEST

START_TEST(names_of_numbers)
{
	ck_assert_str_eq(signame_name(SIGHUP), "SIGHUP");
	ck_assert_str_eq(signame_name(SIGKILL), "SIGKILL");
	ck_assert_str_eq(signame_name(SIGABRT), "SIGABRT");
	ck_assert_str_eq(signame_name(SIGCHLD), "SIGCHLD");
	ck_assert_str_eq(signame_name(0), "signal 0");
	ck_assert_str_eq(signame_name(-7), "signal -7");
	ck_assert_str_eq(signame_name(1000), "signal 1000");
}
END_TEST

START_TEST(every_name_reads_back)
{
	const char	*name;
	int		 sig, named;

	named = 0;
	for (sig = 1; sig <= 64; sig++) {
		name = signame_name(sig);
		if (strncmp(name, "SIG", 3) != 0)
			continue;
		ck_assert_int_eq(signame_number(name), sig);
		named++;
	}
	ck_assert_int_ge(named, 29);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		names_in_every_spelling,
		what_names_no_signal,
		all_the_names,
		real_time_signals,
		names_of_numbers,
		every_name_reads_back
	};

	return (SUITE_RUN("signame", tests));
}
