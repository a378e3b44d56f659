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
 * The commands that only look: status, why and version.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/states.h"
#include "../common/util.h"
#include "output.h"
#include "select.h"
#include "suggest.h"
#include "talk.h"

/*
 * For status -q.  Of tasks that were named, all must run.  Without names it
 * is about the daemon's health: what rests because its configuration says so
 * (once, event, suspend, off, another role) is well.
 */
static bool
runs(const struct answer_task *t, bool named)
{
	switch (t->state) {
	case STATE_RUNNING:
		return (true);
	case STATE_OFF:
	case STATE_IDLE:
	case STATE_DONE:
	case STATE_SUSPENDED:
		return (!named);
	default:
		return (false);
	}
}

static bool
entry_runs(const struct answer_entry *e, bool named)
{
	size_t		 i, n;

	if (!named || e->whole)
		return (runs(&e->task, named));
	n = 0;
	for (i = 0; i < e->nslots; i++) {
		if (e->slots[i].hidden)
			continue;
		if (e->slots[i].proc.pid == 0)
			return (false);
		n++;
	}
	return (n > 0);
}

/* The slots that were asked for; says which of them does not exist. */
static enum ctl_exit
narrow(const struct ctl *ctl, const struct selection *sel, uint32_t n,
    struct answer *a)
{
	int		 missing;

	if (n > 0 && (missing = select_apply(sel, n, a)) != -1)
		return (ctl_fail(ctl, CTL_NOT_FOUND, "%s:%d: no such slot",
		    sel[missing].task, sel[missing].slot));
	return (CTL_OK);
}

static void
suggest_selection(const struct ctl *ctl, struct conn *c,
    const struct selection *sel, uint32_t n)
{
	struct span	*words;
	uint32_t	 i;

	words = xcalloc((size_t)n + 1, sizeof(*words));
	for (i = 0; i < n; i++)
		words[i] = (struct span){ sel[i].task, strlen(sel[i].task) };
	suggest(ctl, c, words, n);
	free(words);
}

/* C_STATUS about what was selected, in a. */
static enum ctl_exit
ask_status(const struct ctl *ctl, struct conn *c, const struct selection *sel,
    uint32_t n, struct answer *a)
{
	const char	**names;
	enum ctl_exit	  code;

	names = select_names(sel, n);
	code = talk_ask_names(c, C_STATUS, names, n, a);
	free(names);
	if (code != CTL_OK)
		return (talk_broken(ctl, c, code));
	if (!a->failed)
		return (narrow(ctl, sel, n, a));
	code = talk_refused(ctl, a);
	if (code == CTL_NOT_FOUND)
		suggest_selection(ctl, c, sel, n);
	return (code);
}

enum ctl_exit
action_status(struct ctl *ctl, int argc, char **argv)
{
	struct selection	*sel;
	struct answer		 a;
	struct conn		 c;
	enum ctl_exit		 code;
	size_t			 i;
	uint32_t		 n = (uint32_t)argc;

	if ((code = select_parse(ctl, argv, n, &sel)) != CTL_OK)
		return (code);
	memset(&a, 0, sizeof(a));
	if ((code = talk_open(ctl, &c)) != CTL_OK)
		code = talk_broken(ctl, &c, code);
	else
		code = ask_status(ctl, &c, sel, n, &a);
	if (code == CTL_OK)
		ctl->out->status(&a, n > 0);
	for (i = 0; code == CTL_OK && ctl->quiet && i < a.ntasks; i++)
		if (!entry_runs(&a.tasks[i], n > 0))
			code = CTL_NOT_RUNNING;
	answer_free(&a);
	conn_close(&c);
	select_free(sel, n);
	return (code);
}

enum ctl_exit
action_why(struct ctl *ctl, int argc, char **argv)
{
	struct selection	 *sel;
	struct answer		  a, status;
	struct conn		  c;
	const char		**names;
	enum ctl_exit		  code;
	uint32_t		  n = (uint32_t)argc;

	if ((code = select_parse(ctl, argv, n, &sel)) != CTL_OK)
		return (code);
	memset(&a, 0, sizeof(a));
	memset(&status, 0, sizeof(status));
	names = select_names(sel, n);
	/* The daemon tells of tasks; about slots is for us to see. */
	if ((code = talk_open(ctl, &c)) != CTL_OK)
		code = talk_broken(ctl, &c, code);
	else if ((code = ask_status(ctl, &c, sel, n, &status)) == CTL_OK) {
		code = talk_ask_names(&c, C_WHY, names, n, &a);
		if (code != CTL_OK)
			code = talk_broken(ctl, &c, code);
		else if (a.failed)
			code = talk_refused(ctl, &a);
		else
			ctl->out->why(&a, &status);
	}
	free(names);
	answer_free(&a);
	answer_free(&status);
	conn_close(&c);
	select_free(sel, n);
	return (code);
}

enum ctl_exit
action_version(struct ctl *ctl, int argc, char **argv)
{
	struct answer	 a;
	struct conn	 c;
	enum ctl_exit	 code;

	(void)argc;
	(void)argv;
	memset(&a, 0, sizeof(a));
	if ((code = talk_open(ctl, &c)) != CTL_OK ||
	    (code = talk_ask(&c, C_VERSION, &a)) != CTL_OK)
		code = talk_broken(ctl, &c, code);
	else if (a.failed)
		code = talk_refused(ctl, &a);
	else
		ctl->out->version(&a);
	answer_free(&a);
	conn_close(&c);
	return (code);
}
