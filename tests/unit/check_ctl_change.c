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
 * What taskforcectl makes of words that change tasks, and shows of what came
 * of it: the question as it arrives, three outputs, the exit status.
 */

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/client.h"
#include "../../common/ipc.h"
#include "../../common/util.h"
#include "../../ctl/output.h"
#include "fake_daemon.h"
#include "suite.h"

/* The question as text: "START wait 20000: web=, web:2=". */
static void
question_text(const struct imsg *m, char *buf, size_t size)
{
	static const char *const	 names[] = { "START", "STOP", "RESTART",
	    "CONTROL", "COUNT", "SIGNAL", "RUN" };
	struct ask_change		 q;
	struct ask_target		 t;
	struct cursor			 body;
	char				 part[128];
	uint32_t			 i;

	cursor_init(&body, m->data, m->len);
	if (m->type < C_START || m->type > C_RUN ||
	    get_ask_change(&body, &q) == -1 || q.exact)
		_exit(9);
	snprintf(buf, size, "%s %.*s wait %u:", names[m->type - C_START],
	    (int)q.word.len, q.word.p, q.wait_ms);
	for (i = 0; i < q.n; i++) {
		get_target(&q.targets, &t);
		snprintf(part, sizeof(part), " %.*s=%.*s", (int)t.name.len,
		    t.name.p, (int)t.value.len, t.value.p);
		(void)strlcat(buf, part, size);
	}
}

/* Says the question back as the outcome of a task. */
static void
echoes(struct imsgbuf *ib, const struct imsg *m)
{
	char		 text[256];

	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	question_text(m, text, sizeof(text));
	fake_result(ib, m->tag, "q", RESULT_OK, text);
	fake_say(ib, A_OK, m->tag, "");
}

/* Calls fn with the words of line and expects the question. */
static void
expect_question(enum ctl_exit (*fn)(struct ctl *, int, char **),
    const char *line, const char *want)
{
	char		*args[8], *word, *rest, copy[128], all[256];
	int		 n;

	(void)strlcpy(copy, line, sizeof(copy));
	rest = copy;
	for (n = 0; (word = strsep(&rest, " ")) != NULL; n++)
		args[n] = word;
	fake_forget();
	EXPECT(fn(&fake.ctl, n, args) == CTL_OK);
	snprintf(all, sizeof(all), "task\tq\tok\t%s\nok\t\n", want);
	fake_expect(strstr(fake_output(1), all) != NULL, all);
}

START_TEST(words_become_questions)
{
	fake_start(echoes);
	fake.ctl.out = &output_plain;
	expect_question(action_start, "web", "START  wait 20000: web=");
	expect_question(action_stop, "web:2 @front all",
	    "STOP  wait 20000: web:2= @front= all=");
	expect_question(action_restart, "w*", "RESTART  wait 20000: w*=");
	expect_question(action_signal, "HUP web db:0",
	    "SIGNAL HUP wait 20000: web= db:0=");
	expect_question(action_run, "web:1 rotate",
	    "RUN rotate wait 20000: web:1=");
	expect_question(action_count, "web=3 a=b=2",
	    "COUNT  wait 20000: web=3 a=b=2");
	expect_question(action_control, "@front=wait",
	    "CONTROL  wait 20000: @front=wait");
	fake.ctl.wait_ms = 0;
	expect_question(action_start, "web", "START  wait 0: web=");
	fake.ctl.wait_ms = 250;
	expect_question(action_start, "web", "START  wait 250: web=");
	fake_end();
}
END_TEST

/* Nothing of these reaches a daemon: there is none. */
static void
expect_no_question(enum ctl_exit (*fn)(struct ctl *, int, char **), int n,
    const char *first, const char *second, enum ctl_exit want)
{
	static char	 a[160], b[160];
	char		*args[] = { a, b };

	(void)strlcpy(a, first, sizeof(a));
	(void)strlcpy(b, second, sizeof(b));
	fake_expect(fn(&fake.ctl, n, args) == want, first);
}

static void
mute(struct imsgbuf *ib, const struct imsg *m)
{
	(void)ib;
	(void)m;
}

START_TEST(words_that_make_no_question)
{
	fake_start(mute);
	fake.ctl.socket = "/nonexistent/socket";
	expect_no_question(action_count, 1, "web", "", CTL_USAGE);
	EXPECT_ERR("taskforcectl: web: say task=value\n");
	expect_no_question(action_count, 1, "web=", "", CTL_USAGE);
	expect_no_question(action_count, 1, "=3", "", CTL_USAGE);
	expect_no_question(action_count, 2, "web=3", "db", CTL_USAGE);
	expect_no_question(action_control, 1, "web:1=wait", "", CTL_USAGE);
	EXPECT_ERR("web:1: a slot has none of its own: name the task\n");
	expect_no_question(action_start, 1, "web:x", "", CTL_USAGE);
	EXPECT_ERR("web:x: the slot behind the colon is not a number below");
	expect_no_question(action_start, 1, "", "", CTL_USAGE);
	/* An empty variable in a script must not stop the daemon. */
	expect_no_question(action_stop, 1, "", "", CTL_USAGE);
	expect_no_question(action_start, 1, "a\nb", "", CTL_NOT_FOUND);
	expect_no_question(action_signal, 2, "", "web", CTL_USAGE);
	expect_no_question(action_run, 2, "web", "", CTL_USAGE);
	expect_no_question(action_start, 1, "web", "", CTL_UNREACHABLE);
	fake_end();
}
END_TEST

START_TEST(at_most_so_many_tasks)
{
	static char	 web[] = "web", *args[TARGETS_MAX + 1];
	size_t		 i;

	for (i = 0; i < nitems(args); i++)
		args[i] = web;
	fake_start(echoes);
	EXPECT(action_start(&fake.ctl, TARGETS_MAX + 1, args) == CTL_USAGE);
	EXPECT_ERR("at most 1024 tasks at a time");
	fake_end();
}
END_TEST

/* "web" is done, the others are what the test says. */
static enum result_code	 second;
static const char	*end_text;

static void
answers(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	fake_result(ib, m->tag, "db\xc3\xa9", second, "for a reason");
	fake_result(ib, m->tag, "web", RESULT_OK, "ok");
	if (second > RESULT_SAME)
		fake_fail(ib, m->tag, FAIL_FAILED, end_text);
	else
		fake_say(ib, A_OK, m->tag, end_text);
}

static const struct {
	enum ctl_exit	 code;
	const char	*word;
} outcomes[RESULT_MAX] = {
	[RESULT_OK] =		{ CTL_OK, "ok" },
	[RESULT_SAME] =		{ CTL_OK, "same" },
	[RESULT_NOT_FOUND] =	{ CTL_NOT_FOUND, "not-found" },
	[RESULT_BAD_VALUE] =	{ CTL_USAGE, "bad-value" },
	[RESULT_FAILED] =	{ CTL_FAILED, "failed" },
	[RESULT_TIMEOUT] =	{ CTL_TIMEOUT, "timeout" }
};

START_TEST(outcomes_as_columns)
{
	char		 web[] = "web", *args[] = { web }, want[128];

	second = (enum result_code)_i;
	end_text = "";
	fake_start(answers);
	fake.ctl.out = &output_plain;
	EXPECT(action_start(&fake.ctl, 1, args) == outcomes[_i].code);
	snprintf(want, sizeof(want), "task\tdb\xc3\xa9\t%s\tfor a reason\n"
	    "task\tweb\tok\tok\n%s\t\n", outcomes[_i].word,
	    second > RESULT_SAME ? "failed" : "ok");
	fake_expect(strcmp(fake_output(1), want) == 0, want);
	/* All of it is said already. */
	EXPECT(fake_output(2)[0] == '\0');
	fake_end();
}
END_TEST

START_TEST(outcomes_as_json)
{
	char		 web[] = "web", *args[] = { web }, want[128];

	second = (enum result_code)_i;
	end_text = "so there";
	fake_start(answers);
	fake.ctl.out = &output_json;
	EXPECT(action_start(&fake.ctl, 1, args) == outcomes[_i].code);
	snprintf(want, sizeof(want), "\"result\": \"%s\"", outcomes[_i].word);
	fake_expect(strstr(fake_output(1), want) != NULL, want);
	EXPECT_OUT("\"task\": \"db\xc3\xa9\"");
	EXPECT_OUT("\"text\": \"for a reason\"");
	EXPECT_OUT("\"text\": \"so there\"");
	snprintf(want, sizeof(want), "\"ok\": %s", second > RESULT_SAME ?
	    "false" : "true");
	fake_expect(strstr(fake_output(1), want) != NULL, want);
	fake_end();
}
END_TEST

START_TEST(outcomes_for_people)
{
	char		 web[] = "web", *args[] = { web };

	second = RESULT_SAME;
	end_text = "";
	fake_start(answers);
	EXPECT(action_start(&fake.ctl, 1, args) == CTL_OK);
	EXPECT(strcmp(fake_output(1), "db\\303\\251  for a reason\n"
	    "web         started\n") == 0);
	fake.ctl.wait_ms = 0;
	EXPECT(action_stop(&fake.ctl, 1, args) == CTL_OK);
	EXPECT_OUT("web         is being stopped, and held\n");
	fake_end();
}
END_TEST

START_TEST(a_failure_is_said_on_stderr)
{
	char		 web[] = "web", *args[] = { web };

	second = RESULT_FAILED;
	end_text = "nothing is changed";
	fake_start(answers);
	EXPECT(action_restart(&fake.ctl, 1, args) == CTL_FAILED);
	EXPECT_OUT("db\\303\\251  for a reason\n");
	EXPECT_ERR("taskforcectl: nothing is changed\n");
	EXPECT(strchr(fake_output(1), '\033') == NULL);
	fake_end();
}
END_TEST

START_TEST(quiet_changes_tell_by_exit)
{
	char		 web[] = "web", *args[] = { web };

	second = RESULT_TIMEOUT;
	end_text = "late";
	fake_start(answers);
	fake.ctl.quiet = true;
	fake.ctl.out = &output_none;
	EXPECT(action_start(&fake.ctl, 1, args) == CTL_TIMEOUT);
	EXPECT(fake_output(1)[0] == '\0' && fake_output(2)[0] == '\0');
	fake_end();
}
END_TEST

/* Outcomes that contradict the end: the worse of both is believed. */
static void
contradicts(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	fake_result(ib, m->tag, "web", m->type == C_START ? RESULT_OK :
	    RESULT_FAILED, "ok");
	if (m->type == C_START)
		fake_fail(ib, m->tag, FAIL_BUSY, "stopping");
	else
		fake_say(ib, A_OK, m->tag, "");
}

START_TEST(contradictions_are_failures)
{
	char		 web[] = "web", *args[] = { web };

	fake_start(contradicts);
	EXPECT(action_start(&fake.ctl, 1, args) == CTL_FAILED);
	EXPECT_ERR("taskforcectl: stopping\n");
	EXPECT(action_stop(&fake.ctl, 1, args) == CTL_FAILED);
	fake.ctl.out = &output_json;
	EXPECT(action_stop(&fake.ctl, 1, args) == CTL_FAILED);
	EXPECT_OUT("\"ok\": false");
	fake_end();
}
END_TEST

/*
 * The daemon's word on what is late comes before ours.  To be greeted, too, it
 * has the time until the deadline; this machine may have other things to do.
 */
#define LATE_MS	2000

static void
is_late(struct imsgbuf *ib, const struct imsg *m)
{
	if (m->type == M_HELLO) {
		fake_hello(ib);
		return;
	}
	usleep((LATE_MS + 300) * 1000);
	fake_result(ib, m->tag, "web", RESULT_TIMEOUT, "still starting");
	fake_fail(ib, m->tag, FAIL_FAILED, "");
}

START_TEST(the_daemon_may_be_a_little_late)
{
	char		 web[] = "web", *args[] = { web };

	fake_start(is_late);
	fake.ctl.wait_ms = LATE_MS;
	fake.ctl.deadline = mono_add(mono_now(), LATE_MS);
	EXPECT(action_start(&fake.ctl, 1, args) == CTL_TIMEOUT);
	EXPECT_OUT("web  still starting\n");
	fake_end();
}
END_TEST

int
main(void)
{
	Suite		*suite = suite_create("ctl_change");
	TCase		*tc = tcase_create("ctl_change");
	SRunner		*runner;
	int		 failed;

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, words_become_questions);
	tcase_add_test(tc, words_that_make_no_question);
	tcase_add_test(tc, at_most_so_many_tasks);
	tcase_add_loop_test(tc, outcomes_as_columns, 0, RESULT_MAX);
	tcase_add_loop_test(tc, outcomes_as_json, 0, RESULT_MAX);
	tcase_add_test(tc, outcomes_for_people);
	tcase_add_test(tc, a_failure_is_said_on_stderr);
	tcase_add_test(tc, quiet_changes_tell_by_exit);
	tcase_add_test(tc, contradictions_are_failures);
	tcase_add_test(tc, the_daemon_may_be_a_little_late);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return (failed != 0);
}
