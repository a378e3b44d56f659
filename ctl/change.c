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
 * The commands that change tasks: start, stop, restart, count, control,
 * signal and run.  One question names all tasks, so that all of it is done or
 * nothing; the daemon waits for what comes of it and answers task by task.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "output.h"
#include "select.h"
#include "suggest.h"
#include "talk.h"

struct kind {
	uint16_t	 question;
	bool		 values;	/* the words are "task=value" */
	const char	*done;		/* what "ok" means, for people */
	const char	*begun;		/* the same with -t 0 */
};

static const struct kind control = { C_CONTROL, true,
    "has that control", "gets that control" };
static const struct kind count = { C_COUNT, true,
    "has that count", "gets that count" };
static const struct kind restart = { C_RESTART, false,
    "restarted", "is being restarted" };
static const struct kind run = { C_RUN, false,
    "command has run", "command runs" };
static const struct kind signals = { C_SIGNAL, false,
    "signal sent", "signal sent" };
static const struct kind start = { C_START, false,
    "started", "is being started" };
static const struct kind stop = { C_STOP, false,
    "stopped, and held", "is being stopped, and held" };

/* A task's name has no "=" in it only by custom: so the last one counts. */
static enum ctl_exit
parse_value(const struct ctl *ctl, const char *word, struct ask_target *t)
{
	const char	*eq;
	char		*name;
	enum ctl_exit	 code;

	if ((eq = strrchr(word, '=')) == NULL || eq == word || eq[1] == '\0')
		return (ctl_fail(ctl, CTL_USAGE, "%s: say task=value", word));
	t->name = (struct span){ word, (size_t)(eq - word) };
	t->value = (struct span){ eq + 1, strlen(eq + 1) };
	name = xstrndup(word, t->name.len);
	if (strchr(name, ':') != NULL)
		code = ctl_fail(ctl, CTL_USAGE, "%s: a slot has none of its "
		    "own: name the task", name);
	else if ((code = select_word(ctl, name)) == CTL_OK)
		code = select_word(ctl, eq + 1);
	free(name);
	return (code);
}

/* The words as targets; a slot that is no number is refused here. */
static enum ctl_exit
parse_targets(const struct ctl *ctl, const struct kind *k, uint32_t n,
    char **words, struct ask_target *targets)
{
	struct selection	*sel;
	enum ctl_exit		 code;
	uint32_t		 i;

	for (i = 0; i < n; i++) {
		if (k->values) {
			code = parse_value(ctl, words[i], &targets[i]);
			if (code != CTL_OK)
				return (code);
			continue;
		}
		if ((code = select_parse(ctl, &words[i], 1, &sel)) != CTL_OK)
			return (code);
		select_free(sel, 1);
		targets[i].name = (struct span){ words[i], strlen(words[i]) };
		targets[i].value = (struct span){ "", 0 };
	}
	return (CTL_OK);
}

static enum ctl_exit
ask_change(const struct ctl *ctl, struct conn *c, const struct kind *k,
    const char *word, uint32_t n, const struct ask_target *targets,
    struct answer *a)
{
	struct ask_change	 q;
	enum ctl_exit		 code;

	memset(&q, 0, sizeof(q));
	q.wait_ms = (uint32_t)ctl->wait_ms;
	q.word = (struct span){ word, strlen(word) };
	q.n = n;
	put_ask_change(conn_ask(c, k->question), &q, targets);
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	return (answer_read(c, c->tag, a));
}

static enum ctl_exit
show_outcomes(struct ctl *ctl, struct conn *c, const struct kind *k,
    uint32_t n, const struct ask_target *targets, const struct answer *a)
{
	struct span	*words;
	enum ctl_exit	 code;
	uint32_t	 i;

	ctl->out->outcomes(a, ctl->wait_ms > 0 ? k->done : k->begun);
	code = answer_exit(a);
	if (a->failed && (a->noutcomes == 0 || a->text[0] != '\0'))
		code = talk_refused(ctl, a);
	if (code == CTL_NOT_FOUND) {
		words = xcalloc(n, sizeof(*words));
		for (i = 0; i < n; i++)
			words[i] = targets[i].name;
		suggest(ctl, c, words, n);
		free(words);
	}
	return (code);
}

/* word: the signal or the command, where there is one. */
static enum ctl_exit
change(struct ctl *ctl, const struct kind *k, const char *word, int n,
    char **words)
{
	struct ask_target	*targets;
	struct answer		 a;
	struct conn		 c;
	enum ctl_exit		 code;

	if (n > TARGETS_MAX)
		return (ctl_fail(ctl, CTL_USAGE, "at most %d tasks at a time: "
		    "use a pattern, a role or \"all\"", TARGETS_MAX));
	memset(&c, 0, sizeof(c));
	memset(&a, 0, sizeof(a));
	targets = xcalloc((size_t)n, sizeof(*targets));
	code = parse_targets(ctl, k, (uint32_t)n, words, targets);
	if (code != CTL_OK)
		goto out;
	if (ctl->wait_ms > 0)
		ctl->deadline = mono_add(ctl->deadline, CTL_GRACE_MS);
	if ((code = talk_open(ctl, &c)) != CTL_OK ||
	    (code = ask_change(ctl, &c, k, word, (uint32_t)n, targets, &a)) !=
	    CTL_OK)
		code = talk_broken(ctl, &c, code);
	else
		code = show_outcomes(ctl, &c, k, (uint32_t)n, targets, &a);
 out:
	free(targets);
	answer_free(&a);
	conn_close(&c);
	return (code);
}

enum ctl_exit
action_control(struct ctl *ctl, int argc, char **argv)
{
	return (change(ctl, &control, "", argc, argv));
}

enum ctl_exit
action_count(struct ctl *ctl, int argc, char **argv)
{
	return (change(ctl, &count, "", argc, argv));
}

enum ctl_exit
action_restart(struct ctl *ctl, int argc, char **argv)
{
	return (change(ctl, &restart, "", argc, argv));
}

enum ctl_exit
action_run(struct ctl *ctl, int argc, char **argv)
{
	enum ctl_exit	 code;

	(void)argc;
	if ((code = select_word(ctl, argv[1])) != CTL_OK)
		return (code);
	return (change(ctl, &run, argv[1], 1, argv));
}

enum ctl_exit
action_signal(struct ctl *ctl, int argc, char **argv)
{
	enum ctl_exit	 code;

	if ((code = select_word(ctl, argv[0])) != CTL_OK)
		return (code);
	return (change(ctl, &signals, argv[0], argc - 1, argv + 1));
}

enum ctl_exit
action_start(struct ctl *ctl, int argc, char **argv)
{
	return (change(ctl, &start, "", argc, argv));
}

/* Without a task it is the daemon that is stopped. */
enum ctl_exit
action_stop(struct ctl *ctl, int argc, char **argv)
{
	if (argc == 0)
		return (daemon_stop(ctl));
	return (change(ctl, &stop, "", argc, argv));
}
