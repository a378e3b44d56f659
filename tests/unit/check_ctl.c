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

#include "../../common/client.h"
#include "../../common/ipc.h"
#include "../../common/util.h"
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
	ck_assert_str_eq(command_of("ch"), "check");
	ck_assert_str_eq(command_of("con"), "control");
	ck_assert_str_eq(command_of("cou"), "count");
	ck_assert_str_eq(command_of("p"), "plan");
	ck_assert_str_eq(command_of("rel"), "reload");
	ck_assert_str_eq(command_of("rese"), "reset");
	ck_assert_str_eq(command_of("rest"), "restart");
	ck_assert_str_eq(command_of("ru"), "run");
	ck_assert_str_eq(command_of("si"), "signal");
	ck_assert_str_eq(command_of("star"), "start");
	ck_assert_str_eq(command_of("stat"), "status");
	ck_assert_str_eq(command_of("sto"), "stop");
	ck_assert_str_eq(command_of("v"), "version");
	ck_assert_str_eq(command_of("w"), "why");
}
END_TEST

/* Whatever is typed of a command finds it, or says which it may be. */
START_TEST(every_prefix_finds_or_explains)
{
	const struct command	*cmd, *got;
	char			 word[32], why[256];
	size_t			 n;

	for (cmd = commands; cmd->fn != NULL; cmd++) {
		for (n = 1; n <= strlen(cmd->name); n++) {
			snprintf(word, sizeof(word), "%.*s", (int)n, cmd->name);
			got = parse_command(word, why, sizeof(why));
			if (got != NULL) {
				ck_assert_ptr_eq(got, cmd);
				continue;
			}
			ck_assert_ptr_nonnull(strstr(why, "is ambiguous: "));
			ck_assert_ptr_nonnull(strstr(why, cmd->name));
		}
	}
}
END_TEST

START_TEST(commands_are_in_order)
{
	const struct command	*cmd;

	for (cmd = commands; cmd[1].fn != NULL; cmd++)
		ck_assert_int_lt(strcmp(cmd[0].name, cmd[1].name), 0);
}
END_TEST

START_TEST(other_words_are_explained)
{
	ck_assert_str_eq(command_of("st"),
	    "'st' is ambiguous: start, status, stop");
	ck_assert_str_eq(command_of("res"),
	    "'res' is ambiguous: reset, restart");
	ck_assert_str_eq(command_of("co"),
	    "'co' is ambiguous: control, count");
	ck_assert_str_eq(command_of("statsu"),
	    "unknown command 'statsu': did you mean 'status'?");
	ck_assert_str_eq(command_of("relaod"),
	    "unknown command 'relaod': did you mean 'reload'?");
	ck_assert_str_eq(command_of("stopp"),
	    "unknown command 'stopp': did you mean 'stop'?");
	/* Of later versions, or of none. */
	ck_assert_str_eq(command_of("upgrade"), "unknown command 'upgrade'");
	ck_assert_str_eq(command_of("events"), "unknown command 'events'");
	ck_assert_str_eq(command_of("x"), "unknown command 'x'");
	ck_assert_str_eq(command_of(""), "unknown command ''");
}
END_TEST

/* What parse_args() says of n arguments a, b, c. */
static const char *
args_of(const char *word, int n)
{
	static char	 why[256], a[] = "a", b[] = "b", c[] = "c";
	char		*args[] = { a, b, c };

	if (parse_args(parse_command(word, why, sizeof(why)), n, args, why,
	    sizeof(why)) == 0)
		return ("");
	return (why);
}

START_TEST(arguments_are_counted)
{
	static const char *const	 none[] = { "check", "plan", "reload",
	    "reset", "version" };
	static const char *const	 some[] = { "control", "count",
	    "restart", "start", "why" };
	char				 want[64];
	size_t				 i;

	for (i = 0; i < nitems(none); i++) {
		ck_assert_str_eq(args_of(none[i], 0), "");
		snprintf(want, sizeof(want), "%s takes no argument 'a'",
		    none[i]);
		ck_assert_str_eq(args_of(none[i], 2), want);
	}
	for (i = 0; i < nitems(some); i++) {
		snprintf(want, sizeof(want), "%s: say more: %s ta", some[i],
		    some[i]);
		ck_assert_ptr_nonnull(strstr(args_of(some[i], 0), want));
		ck_assert_str_eq(args_of(some[i], 3), "");
	}
	ck_assert_str_eq(args_of("status", 0), "");
	ck_assert_str_eq(args_of("status", 3), "");
	ck_assert_str_eq(args_of("stop", 0), "");
	ck_assert_str_eq(args_of("stop", 3), "");
	ck_assert_str_eq(args_of("signal", 1),
	    "signal: say more: signal NAME task ...");
	ck_assert_str_eq(args_of("signal", 2), "");
	ck_assert_str_eq(args_of("run", 1), "run: say more: run task command");
	ck_assert_str_eq(args_of("run", 2), "");
	ck_assert_str_eq(args_of("run", 3),
	    "run takes no argument 'c': run task command");
}
END_TEST

START_TEST(seconds_may_have_fractions)
{
	static const struct {
		const char	*word;
		int64_t		 ms;
	} good[] = { { "0", 0 }, { "30", 30000 }, { "0.25", 250 },
	    { "1.5", 1500 }, { "2.0009", 2000 }, { "0.0001", 1 },
	    { "0.000", 0 }, { "86400", 86400000 }, { "007", 7000 } };
	static const char *const	 bad[] = { "", ".", ".5", "1.", "-1",
	    "+1", " 1", "1 ", "1s", "x", "1e3", "86400.001", "86401",
	    "99999999999999999999", "1.5.5", "0x1" };
	int64_t				 ms;
	size_t				 i;

	for (i = 0; i < nitems(good); i++) {
		ck_assert_int_eq(parse_seconds(good[i].word, &ms), 0);
		ck_assert_int_eq(ms, good[i].ms);
	}
	for (i = 0; i < nitems(bad); i++)
		ck_assert_msg(parse_seconds(bad[i], &ms) == -1, "%s", bad[i]);
}
END_TEST

/* Each command has its line, and no line is too long for a terminal. */
START_TEST(usage_comes_from_the_table)
{
	const struct command	*cmd;
	FILE			*fp;
	char			*text, *s, *nl, want[64];
	size_t			 len;

	fp = open_memstream(&text, &len);
	parse_usage(fp, NULL);
	fclose(fp);
	for (cmd = commands; cmd->fn != NULL; cmd++) {
		snprintf(want, sizeof(want), "\n  %s %s", cmd->name, cmd->args);
		ck_assert_ptr_nonnull(strstr(text, want));
		ck_assert_ptr_nonnull(strstr(text, cmd->what));
	}
	for (s = text; (nl = strchr(s, '\n')) != NULL; s = nl + 1)
		ck_assert_msg(nl - s <= 79, "%.*s", (int)(nl - s), s);
	free(text);
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
table_text(const struct table *t, const char *indent, unsigned int columns)
{
	FILE		*fp;
	char		*text;
	size_t		 len;

	fp = open_memstream(&text, &len);
	ck_assert_ptr_nonnull(fp);
	table_print(t, fp, indent, columns);
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
	text = table_text(t, "> ", 0);
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
	text = table_text(t, "", 0);
	ck_assert_str_eq(text, "\033[31mab\033[0m   c\nabc  d\n");
	free(text);
	table_free(t);
}
END_TEST

static void
check_fit(const char *s, size_t columns, size_t want)
{
	ck_assert_uint_eq(visible_fit(s, columns), want);
}

START_TEST(text_is_broken_at_blanks)
{
	check_fit("", 5, 0);
	check_fit("abc", 5, 3);
	check_fit("abcde", 5, 5);
	check_fit("abc def", 5, 3);
	check_fit("abcde fgh", 5, 5);
	check_fit("ab cd efgh", 6, 5);
	check_fit("abcdefgh", 5, 5);
	/* Always something: who asks must come to an end. */
	check_fit("abc", 0, 1);
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return;
	check_fit("\346\274\242\346\274\242", 3, 3);
	check_fit("\346\274\242\346\274\242", 4, 6);
	check_fit("\346\274\242", 1, 3);
}
END_TEST

START_TEST(long_notes_stay_in_the_terminal)
{
	static const unsigned int	 flags[] = { 0, 0 };
	struct table			*t;
	char				*text;

	t = table_new(flags, 2);
	table_str(t, "web");
	table_str(t, "one two three four five six");
	table_str(t, "database");
	table_str(t, "");
	text = table_text(t, "", 0);
	ck_assert_str_eq(text,
	    "web       one two three four five six\ndatabase\n");
	free(text);
	text = table_text(t, "", 34);
	ck_assert_str_eq(text, "web       one two three four five\n"
	    "          six\ndatabase\n");
	free(text);
	/* Too narrow for that: below, over the whole width. */
	text = table_text(t, "", 20);
	ck_assert_str_eq(text, "web\n    one two three\n    four five six\n"
	    "database\n");
	free(text);
	/* A heading is left out there. */
	ck_assert_uint_eq(table_width(t), 37);
	table_free(t);
	t = table_new(flags, 2);
	table_str(t, "TASK");
	table_str(t, "NOTE");
	table_heading(t);
	table_str(t, "web");
	table_str(t, "one two three");
	text = table_text(t, "", 8);
	ck_assert_str_eq(text, "TASK\nweb\n    one\n    two\n    thre\n"
	    "    e\n");
	free(text);
	text = table_text(t, "", 1);
	ck_assert_int_eq(strncmp(text, "TASK\nweb\n    o\n    n\n", 21), 0);
	free(text);
	table_free(t);
}
END_TEST

static const struct ctl	 quiet = { .quiet = true };

START_TEST(words_name_tasks_and_slots)
{
	char			  web[] = "web", slot[] = "web:12",
				  role[] = "@front";
	char			 *words[] = { web, slot, role };
	struct selection	 *sel;
	const char		**names;

	ck_assert_int_eq(select_parse(&quiet, words, 3, &sel), CTL_OK);
	ck_assert_str_eq(sel[0].task, "web");
	ck_assert_int_eq(sel[0].slot, -1);
	ck_assert_str_eq(sel[1].task, "web");
	ck_assert_int_eq(sel[1].slot, 12);
	ck_assert_str_eq(sel[2].task, "@front");
	ck_assert_int_eq(sel[2].slot, -1);
	names = select_names(sel, 3);
	ck_assert_str_eq(names[1], "web");
	free(names);
	select_free(sel, 3);
}
END_TEST

START_TEST(words_that_name_nothing)
{
	static const struct {
		const char	*word;
		enum ctl_exit	 code;
	} bad[] = { { "web:", CTL_USAGE }, { "web:x", CTL_USAGE },
	    { "web:-1", CTL_USAGE }, { "web:+1", CTL_USAGE },
	    { "web: 1", CTL_USAGE }, { "web:1024", CTL_USAGE },
	    { "web:1:2", CTL_USAGE }, { "web:99999999999", CTL_USAGE },
	    { "", CTL_USAGE }, { ":1", CTL_USAGE },
	    { "a\nb", CTL_NOT_FOUND }, { "a\177", CTL_NOT_FOUND },
	    { "a\tb:1", CTL_NOT_FOUND } };
	struct selection		*sel;
	char				*words[PATTERNS_MAX + 1], web[] = "web",
					 name[LIMIT_NAME + 2];
	size_t				 i;

	for (i = 0; i < nitems(bad); i++) {
		words[0] = strdup(bad[i].word);
		ck_assert_msg(select_parse(&quiet, words, 1, &sel) ==
		    bad[i].code, "%s", bad[i].word);
		ck_assert_ptr_null(sel);
		free(words[0]);
	}
	memset(name, 'x', sizeof(name));
	name[LIMIT_NAME + 1] = '\0';
	words[0] = name;
	ck_assert_int_eq(select_parse(&quiet, words, 1, &sel), CTL_NOT_FOUND);
	name[LIMIT_NAME] = '\0';
	ck_assert_int_eq(select_parse(&quiet, words, 1, &sel), CTL_OK);
	select_free(sel, 1);

	for (i = 0; i < nitems(words); i++)
		words[i] = web;
	ck_assert_int_eq(select_parse(&quiet, words, PATTERNS_MAX + 1, &sel),
	    CTL_USAGE);
	ck_assert_int_eq(select_parse(&quiet, words, PATTERNS_MAX, &sel),
	    CTL_OK);
	select_free(sel, PATTERNS_MAX);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		unique_prefixes_are_enough,
		every_prefix_finds_or_explains,
		commands_are_in_order,
		other_words_are_explained,
		arguments_are_counted,
		seconds_may_have_fractions,
		usage_comes_from_the_table,
		control_characters_become_visible,
		other_alphabets,
		durations,
		columns_are_aligned,
		colours_take_no_room,
		text_is_broken_at_blanks,
		long_notes_stay_in_the_terminal,
		words_name_tasks_and_slots,
		words_that_name_nothing
	};

	return (SUITE_RUN("ctl", tests));
}
