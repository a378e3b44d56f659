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
 * The parts of taskforcectl that need no daemon: the grammar, text made
 * visible, tables, and the choice of slots.
 */

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ctl/parse.h"
#include "../../ctl/select.h"
#include "../../ctl/visible.h"
#include "suite.h"

static const char *
command_of(const char *word)
{
	const struct command	*cmd;
	static char		 why[256];

	why[0] = '\0';
	cmd = parse_command(word, why, sizeof(why));
	return (cmd == NULL ? why : cmd->name);
}

START_TEST(unique_prefixes_are_enough)
{
	const struct command	*cmd;

	for (cmd = commands; cmd->fn != NULL; cmd++)
		ck_assert_str_eq(command_of(cmd->name), cmd->name);
	ck_assert_str_eq(command_of("sta"), "status");
	ck_assert_str_eq(command_of("sto"), "stop");
	ck_assert_str_eq(command_of("rel"), "reload");
	ck_assert_str_eq(command_of("v"), "version");
}
END_TEST

START_TEST(other_words_are_explained)
{
	ck_assert_str_eq(command_of("st"), "'st' is ambiguous: status, stop");
	ck_assert_str_eq(command_of("re"), "'re' is ambiguous: reload, reset");
	ck_assert_str_eq(command_of("statsu"),
	    "unknown command 'statsu': did you mean 'status'?");
	ck_assert_str_eq(command_of("relaod"),
	    "unknown command 'relaod': did you mean 'reload'?");
	ck_assert_str_eq(command_of("stopp"),
	    "unknown command 'stopp': did you mean 'stop'?");
	/* Of later versions, or of none. */
	ck_assert_str_eq(command_of("upgrade"), "unknown command 'upgrade'");
	ck_assert_str_eq(command_of("x"), "unknown command 'x'");
	ck_assert_str_eq(command_of(""), "unknown command ''");
}
END_TEST

static void
check_visible(const char *s, size_t len, const char *want, size_t columns)
{
	char		*got;
	size_t		 width;

	got = visible(s, len, &width);
	ck_assert_str_eq(got, want);
	ck_assert_uint_eq(width, columns);
	free(got);
}

START_TEST(control_characters_become_visible)
{
	check_visible("plain", 5, "plain", 5);
	check_visible("a\033[31mb", 7, "a\\033[31mb", 10);
	check_visible("a\tb\nc\r", 6, "a\\011b\\012c\\015", 15);
	check_visible("a\0b", 3, "a\\000b", 6);
	check_visible("\177", 1, "\\177", 4);
	check_visible("", 0, "", 0);
}
END_TEST

START_TEST(other_alphabets)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return;
	check_visible("\303\251", 2, "\303\251", 1);
	check_visible("\346\274\242", 3, "\346\274\242", 2);
	/* A C1 control that UTF-8 can carry, a cut character, no UTF-8. */
	check_visible("\302\233", 2, "\\302\\233", 8);
	check_visible("\346\274", 2, "\\346\\274", 8);
	check_visible("\233", 1, "\\233", 4);
}
END_TEST

static void
check_duration(int64_t ms, const char *want)
{
	char		 buf[32];

	ck_assert_str_eq(duration(ms, buf, sizeof(buf)), want);
}

START_TEST(durations)
{
	check_duration(0, "0.0s");
	check_duration(3250, "3.2s");
	check_duration(9999, "9.9s");
	check_duration(10000, "10s");
	check_duration(59999, "59s");
	check_duration(60000, "1m0s");
	check_duration(3599999, "59m59s");
	check_duration(7384000, "2h3m");
	check_duration(86400000, "1d0h");
	check_duration((int64_t)400 * 86400000, "400d0h");
	check_duration(-1, "0.0s");
}
END_TEST

/* What the table prints; new memory. */
static char *
table_text(const struct table *t, const char *indent)
{
	FILE		*fp;
	char		*text;
	size_t		 len;

	fp = open_memstream(&text, &len);
	ck_assert_ptr_nonnull(fp);
	table_print(t, fp, indent);
	fclose(fp);
	return (text);
}

START_TEST(columns_are_aligned)
{
	static const unsigned int	 flags[] = { 0, TABLE_RIGHT, 0 };
	struct table			*t;
	char				*text;

	t = table_new(flags, 3);
	table_str(t, "NAME");
	table_str(t, "N");
	table_str(t, "NOTE");
	table_str(t, "a-long-name");
	table_str(t, "1234");
	table_str(t, "");
	table_cell(t, "xyz", 1);
	table_str(t, "5");
	table_str(t, "a\nb");
	text = table_text(t, "> ");
	ck_assert_str_eq(text,
	    "> NAME            N  NOTE\n"
	    "> a-long-name  1234\n"
	    "> x               5  a\\012b\n");
	free(text);
	table_free(t);
}
END_TEST

START_TEST(colours_take_no_room)
{
	static const unsigned int	 flags[] = { 0, 0 };
	struct table			*t;
	char				*text;

	t = table_new(flags, 2);
	table_str(t, "ab");
	table_colour(t, "\033[31m");
	table_str(t, "c");
	table_str(t, "abc");
	table_str(t, "d");
	text = table_text(t, "");
	ck_assert_str_eq(text, "\033[31mab\033[0m   c\nabc  d\n");
	free(text);
	table_free(t);
}
END_TEST

START_TEST(words_name_tasks_and_slots)
{
	char			 web[] = "web", slot[] = "web:12",
				 role[] = "@front";
	char			*words[] = { web, slot, role };
	struct selection	*sel;
	const char		*bad = NULL;

	sel = select_parse(words, 3, &bad);
	ck_assert_ptr_nonnull(sel);
	ck_assert_str_eq(sel[0].task, "web");
	ck_assert_int_eq(sel[0].slot, -1);
	ck_assert_str_eq(sel[1].task, "web");
	ck_assert_int_eq(sel[1].slot, 12);
	ck_assert_str_eq(sel[2].task, "@front");
	ck_assert_int_eq(sel[2].slot, -1);
	select_free(sel, 3);
}
END_TEST

START_TEST(slots_that_are_no_numbers)
{
	static const char *const	 words[] = { "web:", "web:x",
	    "web:-1", "web:1024", "web:1:2", "web:99999999999" };
	char				*word;
	const char			*bad;
	size_t				 i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		word = strdup(words[i]);
		bad = NULL;
		ck_assert_msg(select_parse(&word, 1, &bad) == NULL, "%s",
		    words[i]);
		ck_assert_ptr_eq(bad, word);
		free(word);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		unique_prefixes_are_enough,
		other_words_are_explained,
		control_characters_become_visible,
		other_alphabets,
		durations,
		columns_are_aligned,
		colours_take_no_room,
		words_name_tasks_and_slots,
		slots_that_are_no_numbers
	};

	return (SUITE_RUN("ctl", tests));
}
