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
 * What each command does: ask, wait for the answer until the deadline, show
 * it.  What comes back is judged in answer.c.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/ipc.h"
#include "../common/run.h"
#include "../common/states.h"
#include "../common/util.h"
#include "gone.h"
#include "output.h"
#include "select.h"

static enum ctl_exit
conn_report(const struct ctl *ctl, const struct conn *c, enum ctl_exit code)
{
	return (ctl_fail(ctl, code, "%s", c->error));
}

/* Says why the daemon refused; returns the exit status for it. */
static enum ctl_exit
refused(const struct ctl *ctl, const struct answer *a)
{
	return (ctl_fail(ctl, answer_exit(a), "%s", a->text[0] != '\0' ?
	    a->text : "the daemon refused"));
}

/* A question without a body and its whole answer. */
static enum ctl_exit
ask(struct conn *c, uint16_t type, struct answer *a)
{
	enum ctl_exit	 code;

	memset(a, 0, sizeof(*a));
	(void)conn_ask(c, type);
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	return (answer_read(c, c->tag, a));
}

static enum ctl_exit
ask_status(struct conn *c, const struct selection *sel, int n,
    struct answer *a)
{
	struct wbuf	*w;
	enum ctl_exit	 code;
	int		 i;

	memset(a, 0, sizeof(*a));
	w = conn_ask(c, C_STATUS);
	put_u32(w, (uint32_t)n);
	for (i = 0; i < n; i++)
		put_str(w, sel[i].task);
	if ((code = conn_send(c)) != CTL_OK ||
	    (code = answer_read(c, c->tag, a)) != CTL_OK)
		return (code);
	if (!a->failed && !a->have_summary) {
		snprintf(c->error, sizeof(c->error), "%s: the daemon sent no "
		    "summary", c->path);
		return (CTL_UNREACHABLE);
	}
	return (CTL_OK);
}

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

static enum ctl_exit
status_show(struct ctl *ctl, const struct selection *sel, int n,
    struct answer *a)
{
	size_t		 i;
	int		 missing;

	if (n > 0 && (missing = select_apply(sel, n, a)) != -1)
		return (ctl_fail(ctl, CTL_NOT_FOUND, "%s:%d: no such slot",
		    sel[missing].task, sel[missing].slot));
	ctl->out->status(a, n > 0);
	if (!ctl->quiet)
		return (CTL_OK);
	for (i = 0; i < a->ntasks; i++)
		if (!entry_runs(&a->tasks[i], n > 0))
			return (CTL_NOT_RUNNING);
	return (CTL_OK);
}

enum ctl_exit
action_status(struct ctl *ctl, int argc, char **argv)
{
	struct selection	*sel;
	struct answer		 a;
	struct conn		 c;
	const char		*bad;
	enum ctl_exit		 code;

	if ((sel = select_parse(argv, argc, &bad)) == NULL)
		return (ctl_fail(ctl, CTL_USAGE, "%s: the slot behind the "
		    "colon is not a number below %d", bad, LIMIT_INSTANCES));
	memset(&a, 0, sizeof(a));
	if ((code = conn_open(&c, ctl->socket, ctl->deadline)) != CTL_OK ||
	    (code = ask_status(&c, sel, argc, &a)) != CTL_OK)
		code = conn_report(ctl, &c, code);
	else if (a.failed)
		code = refused(ctl, &a);
	else
		code = status_show(ctl, sel, argc, &a);
	answer_free(&a);
	conn_close(&c);
	select_free(sel, argc);
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
	if ((code = conn_open(&c, ctl->socket, ctl->deadline)) != CTL_OK ||
	    (code = ask(&c, C_VERSION, &a)) != CTL_OK)
		code = conn_report(ctl, &c, code);
	else if (a.failed)
		code = refused(ctl, &a);
	else
		ctl->out->version(&a);
	answer_free(&a);
	conn_close(&c);
	return (code);
}

static enum ctl_exit
show_result(struct ctl *ctl, const struct answer *a)
{
	ctl->out->result(a);
	if (a->failed)
		return (refused(ctl, a));
	return (CTL_OK);
}

/*
 * -t 0: the answer to a reload comes only when it is over.  Questions are
 * taken in order, so an answer to the one behind it says that it was
 * accepted, unless a refusal came first.
 */
static enum ctl_exit
reload_accepted(struct conn *c, struct answer *a)
{
	struct answer_fail	 f;
	struct cursor		 body;
	struct imsg		 m;
	enum ctl_exit		 code;
	uint32_t		 tag;

	memset(a, 0, sizeof(*a));
	(void)conn_ask(c, C_RELOAD);
	tag = c->tag;
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	(void)conn_ask(c, C_VERSION);
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	do {
		if ((code = conn_next(c, &m)) != CTL_OK)
			return (code);
		cursor_init(&body, m.data, m.len);
		if (m.tag == tag && m.type == A_FAIL &&
		    get_answer_fail(&body, &f) == 0) {
			a->failed = true;
			a->code = (enum fail_code)f.code;
			a->text = xstrndup(f.text.p, f.text.len);
			return (CTL_OK);
		}
	} while (m.tag != c->tag);
	a->text = xstrdup("reload initiated");
	return (CTL_OK);
}

enum ctl_exit
action_reload(struct ctl *ctl, int argc, char **argv)
{
	struct answer	 a;
	struct conn	 c;
	enum ctl_exit	 code;

	(void)argc;
	(void)argv;
	memset(&a, 0, sizeof(a));
	if ((code = conn_open(&c, ctl->socket, ctl->deadline)) == CTL_OK)
		code = ctl->nowait ? reload_accepted(&c, &a) :
		    ask(&c, C_RELOAD, &a);
	if (code != CTL_OK)
		code = conn_report(ctl, &c, code);
	else
		code = show_result(ctl, &a);
	answer_free(&a);
	conn_close(&c);
	return (code);
}

/* Shows the end of what took longer, in place of the first answer's text. */
static enum ctl_exit
show_end(struct ctl *ctl, struct answer *a, char *text)
{
	free(a->text);
	a->text = text;
	return (show_result(ctl, a));
}

enum ctl_exit
action_stop(struct ctl *ctl, int argc, char **argv)
{
	struct answer	 a;
	struct conn	 c;
	enum ctl_exit	 code;
	int		 watch;

	(void)argc;
	(void)argv;
	memset(&a, 0, sizeof(a));
	watch = -1;
	if ((code = conn_open(&c, ctl->socket, ctl->deadline)) == CTL_OK) {
		watch = gone_watch(&c);
		code = ask(&c, C_SHUTDOWN, &a);
	}
	if (code != CTL_OK)
		code = conn_report(ctl, &c, code);
	else if (a.failed || ctl->nowait)
		code = show_result(ctl, &a);
	else if (gone_wait(&c, watch) != CTL_OK)
		code = ctl_fail(ctl, CTL_TIMEOUT, "taskforced has not stopped "
		    "within %u s; it is still stopping its tasks",
		    ctl->seconds);
	else
		code = show_end(ctl, &a, xstrdup("taskforced has stopped"));
	if (watch != -1)
		close(watch);
	answer_free(&a);
	conn_close(&c);
	return (code);
}

/*
 * Waits until a reset that was accepted is over: the daemon is in its normal
 * mode again, under a newer configuration than before or after it was seen
 * to reset.  The summary of that moment is left in a.
 */
static enum ctl_exit
reset_wait(struct conn *c, uint32_t before, struct answer *a)
{
	struct imsg	 m;
	enum ctl_exit	 code;
	bool		 seen;

	if ((code = ask(c, C_SUBSCRIBE, a)) != CTL_OK)
		return (code);
	for (seen = false;;) {
		answer_free(a);
		if ((code = ask_status(c, NULL, 0, a)) != CTL_OK || a->failed)
			return (code);
		if (a->summary.mode != MODE_RUN)
			seen = true;
		else if (seen || a->summary.gen != before)
			return (CTL_OK);
		do {
			if ((code = conn_next(c, &m)) != CTL_OK)
				return (code);
		} while (m.type != A_CHANGED);
	}
}

static enum ctl_exit
reset_end(struct ctl *ctl, struct answer *a)
{
	struct answer_summary	*s = &a->summary;
	char			*text;

	if (s->load_ok) {
		xasprintf(&text, "reset done: configuration %u is in force",
		    s->gen);
		return (show_end(ctl, a, text));
	}
	a->failed = true;
	a->code = FAIL_CONFIG;
	xasprintf(&text, "reset with configuration %u as before, because the "
	    "new one did not load: %.*s", s->gen, (int)s->load_error.len,
	    s->load_error.p);
	return (show_end(ctl, a, text));
}

enum ctl_exit
action_reset(struct ctl *ctl, int argc, char **argv)
{
	struct answer	 a;
	struct conn	 c;
	enum ctl_exit	 code;
	uint32_t	 before;

	(void)argc;
	(void)argv;
	memset(&a, 0, sizeof(a));
	before = 0;
	if ((code = conn_open(&c, ctl->socket, ctl->deadline)) == CTL_OK &&
	    (code = ask_status(&c, NULL, 0, &a)) == CTL_OK && !a.failed) {
		before = a.summary.gen;
		answer_free(&a);
		code = ask(&c, C_RESET, &a);
	}
	if (code == CTL_OK && (a.failed || ctl->nowait))
		code = show_result(ctl, &a);
	else if (code == CTL_OK) {
		answer_free(&a);
		code = reset_wait(&c, before, &a);
		if (code != CTL_OK)
			code = conn_report(ctl, &c, code);
		else if (a.failed)
			code = refused(ctl, &a);
		else
			code = reset_end(ctl, &a);
	} else
		code = conn_report(ctl, &c, code);
	answer_free(&a);
	conn_close(&c);
	return (code);
}
