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
 * All of a request or nothing: every target is judged before the first of
 * them is touched.  What a pattern or a role covers besides what can be
 * meant (a task that is off, when all are to be started) is left out.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/plan.h"
#include "../common/signame.h"
#include "../common/util.h"
#include "request.h"

void
request_result(struct request_item *it, enum result_code code,
    const char *text)
{
	free(it->text);
	it->code = code;
	it->text = text != NULL ? xstrdup(text) : NULL;
}

/* Digits with or without a sign, as people write counts; false: no number. */
static bool
read_count(const char *s, long long *n)
{
	const char	*digits = s + (*s == '-' || *s == '+');

	if (*digits == '\0' ||
	    strspn(digits, "0123456789") != strlen(digits))
		return (false);
	/* What is too large is only that. */
	*n = strtonum(digits, 0, UINT32_MAX, NULL);
	if (*n == 0 && strspn(digits, "0") != strlen(digits))
		*n = UINT32_MAX;
	if (*s == '-')
		*n = -*n;
	return (true);
}

/* The value of C_COUNT; false: it is wrong, and the result says how. */
static bool
judge_count(struct request_item *it)
{
	char		*text = NULL;
	long long	 n = 0;

	if (!read_count(it->value, &n))
		xasprintf(&text, "bad count \"%s\"", it->value);
	else if (n <= 0)
		xasprintf(&text, "non-positive count '%s'", it->value);
	else if (n > LIMIT_INSTANCES)
		xasprintf(&text, "bad count \"%s\": at most %u", it->value,
		    LIMIT_INSTANCES);
	if (text != NULL) {
		request_result(it, RESULT_BAD_VALUE, text);
		free(text);
		return (false);
	}
	it->number = n;
	return (true);
}

static bool
judge_control(struct request_item *it)
{
	char	*text;
	int	 control;

	if ((control = control_find(it->value)) != -1) {
		it->number = control;
		return (true);
	}
	xasprintf(&text, "bad control '%s'", it->value);
	request_result(it, RESULT_BAD_VALUE, text);
	free(text);
	return (false);
}

/* A signal that the task may get: the plan lists it (conf_event.c). */
static bool
judge_signal(struct request_item *it, const struct schedrec_task *conf)
{
	char		*text;
	uint32_t	 i;
	int		 sig;

	if ((sig = signame_number(it->req->word)) == 0) {
		xasprintf(&text, "bad signal '%s'", it->req->word);
		request_result(it, RESULT_BAD_VALUE, text);
		free(text);
		return (false);
	}
	it->number = sig;
	if (sig == SIGTERM || sig == SIGKILL ||
	    ((plan_signals_for_all() >> (sig - 1)) & 1) != 0)
		return (true);
	for (i = 0; i < conf->nevents; i++)
		if (conf->events[i].action == ACTION_SIGNAL &&
		    conf->events[i].sig == sig)
			return (true);
	xasprintf(&text, "%s may not be sent: no event of the task sends it",
	    signame_name(sig));
	request_result(it, RESULT_BAD_VALUE, text);
	free(text);
	return (false);
}

/* Would it be done?  For what sched.h has no call for, by its rules. */
static enum sched_verdict
judge(const struct sched *s, struct request_item *it,
    const struct sched_view *v)
{
	uint32_t	 i;

	if (it->instance != SCHED_ALL && it->instance >= v->count)
		return (VERDICT_NO_SLOT);
	switch (it->req->type) {
	case C_COUNT:
		return (sched_may_count(s, it->task, it->number));
	case C_CONTROL:
		return (sched_may_control(s, it->task, it->number));
	case C_START:
	case C_RESTART:
		if (!v->in_scope)
			return (VERDICT_OUT_OF_SCOPE);
		return (v->control == CONTROL_SUSPEND ? VERDICT_SUSPENDED :
		    VERDICT_OK);
	case C_SIGNAL:
		return (v->running == 0 ? VERDICT_NOT_RUNNING : VERDICT_OK);
	case C_RUN:
		if (!v->in_scope)
			return (VERDICT_OUT_OF_SCOPE);
		if (strcmp(it->req->word, "stop") == 0)
			return (VERDICT_OK);
		for (i = 0; i < v->conf->ncmds; i++)
			if (strcmp(v->conf->cmds[i].name, it->req->word) == 0)
				return (VERDICT_OK);
		return (VERDICT_NO_COMMAND);
	default:
		return (VERDICT_OK);
	}
}

/* A verdict, in the words of a result. */
static void
set_verdict(struct request_item *it, enum sched_verdict verdict,
    const struct sched_view *v)
{
	char	 text[REASON_TEXT];

	switch (verdict) {
	case VERDICT_OK:
		request_result(it, RESULT_OK, NULL);
		break;
	case VERDICT_NO_CHANGE:
		request_result(it, RESULT_SAME, NULL);
		break;
	case VERDICT_NO_SLOT:
		snprintf(text, sizeof(text), "no such slot: its count is %u",
		    v->count);
		request_result(it, RESULT_NOT_FOUND, text);
		break;
	case VERDICT_NO_COMMAND:
		snprintf(text, sizeof(text), "it has no command '%.*s'",
		    LIMIT_NAME, it->req->word);
		request_result(it, RESULT_NOT_FOUND, text);
		break;
	case VERDICT_NO_PROBE:
		snprintf(text, sizeof(text), "bad control '%.16s': the task "
		    "has no pidfile, and not both commands check and stop",
		    it->value);
		request_result(it, RESULT_BAD_VALUE, text);
		break;
	case VERDICT_SHUTDOWN:
		request_result(it, RESULT_FAILED, "the daemon stops");
		break;
	case VERDICT_OUT_OF_SCOPE:
	case VERDICT_SUSPENDED:
	case VERDICT_HELD:
	case VERDICT_NOT_RUNNING:
	case VERDICT_MAX:
		state_text(v, text, sizeof(text));
		request_result(it, RESULT_FAILED, text);
		break;
	}
}

/* Judges one; false: it does not fit, though what it asks is no error. */
static bool
judge_item(struct request_item *it)
{
	const struct sched	*s = it->req->client->mon->now.sched;
	struct sched_view	 v;
	enum sched_verdict	 verdict;

	if (it->task == NO_INDEX) {
		request_result(it, RESULT_NOT_FOUND, it->name[0] == '@' ?
		    "no task has that role" : "not found");
		return (true);
	}
	/* Two values for one task. */
	if (it->code == RESULT_BAD_VALUE)
		return (true);
	sched_view(s, it->task, &v);
	if ((it->req->type == C_COUNT && !judge_count(it)) ||
	    (it->req->type == C_CONTROL && !judge_control(it)) ||
	    (it->req->type == C_SIGNAL && !judge_signal(it, v.conf)))
		return (true);
	verdict = judge(s, it, &v);
	set_verdict(it, verdict, &v);
	return (verdict == VERDICT_OK || verdict == VERDICT_NO_CHANGE);
}

static bool
is_wrong(const struct request_item *it)
{
	return (it->code != RESULT_OK && it->code != RESULT_SAME);
}

/*
 * Judges all of them.  Those that only a pattern covers and that do not fit
 * are left out, unless nothing else is left.
 */
static void
judge_all(struct request *r)
{
	struct request_item	*it;
	bool			*misfit;
	size_t			 i, n = 0;

	misfit = xcalloc(r->n, sizeof(*misfit));
	for (i = 0; i < r->n; i++) {
		it = &r->items[i];
		misfit[i] = !judge_item(it) && !it->named;
		n += !misfit[i];
	}
	if (n > 0) {
		for (i = n = 0; i < r->n; i++) {
			if (misfit[i]) {
				free(r->items[i].name);
				free(r->items[i].value);
				free(r->items[i].text);
			} else
				r->items[n++] = r->items[i];
		}
		r->n = n;
	}
	free(misfit);
	for (i = 0; i < r->n; i++)
		r->refused |= is_wrong(&r->items[i]);
}

static enum sched_verdict
apply(struct sched *s, const struct sched_clock *clk,
    struct request_item *it)
{
	switch (it->req->type) {
	case C_START:
		return (sched_start(s, clk, it->task, it->instance));
	case C_STOP:
		return (sched_stop(s, clk, it->task, it->instance));
	case C_RESTART:
		return (sched_restart(s, clk, it->task, it->instance));
	case C_COUNT:
		return (sched_set_count(s, clk, it->task, it->number));
	case C_CONTROL:
		return (sched_set_control(s, clk, it->task, it->number));
	case C_SIGNAL:
		return (sched_signal_task(s, clk, it->task, it->instance,
		    it->number));
	default:
		return (sched_run(s, clk, it->task, it->instance,
		    it->req->word, &it->ticket));
	}
}

void
request_apply(struct request *r)
{
	struct sched		*s = r->client->mon->now.sched;
	struct sched_clock	 clk;
	struct sched_view	 v;
	struct request_item	*it;
	enum sched_verdict	 verdict;
	size_t			 i;

	judge_all(r);
	act_clock(&clk);
	for (i = 0; i < r->n; i++) {
		it = &r->items[i];
		if (r->refused) {
			if (!is_wrong(it))
				request_result(it, RESULT_SAME, NULL);
			continue;
		}
		verdict = apply(s, &clk, it);
		sched_view(s, it->task, &v);
		set_verdict(it, verdict, &v);
	}
}
