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
 * The commands about the daemon as a whole, stop and reset: told, it says yes
 * at once; that it is done has to be watched for.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/ipc.h"
#include "../common/run.h"
#include "../common/util.h"
#include "gone.h"
#include "output.h"
#include "talk.h"
#include "visible.h"

static enum ctl_exit
show_result(struct ctl *ctl, const struct answer *a)
{
	ctl->out->result(a);
	if (a->failed)
		return (talk_refused(ctl, a));
	return (CTL_OK);
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
daemon_stop(struct ctl *ctl)
{
	struct answer	 a;
	struct conn	 c;
	enum ctl_exit	 code;
	char		 took[32];
	int		 watch;

	memset(&a, 0, sizeof(a));
	watch = -1;
	if ((code = talk_open(ctl, &c)) == CTL_OK) {
		watch = gone_watch(&c);
		code = talk_ask(&c, C_SHUTDOWN, &a);
	}
	if (code != CTL_OK)
		code = talk_broken(ctl, &c, code);
	else if (a.failed || ctl->wait_ms == 0)
		code = show_result(ctl, &a);
	else if (gone_wait(&c, watch) != CTL_OK)
		code = ctl_fail(ctl, CTL_TIMEOUT, "taskforced has not stopped "
		    "within %s; it is still stopping its tasks",
		    duration(ctl->wait_ms, took, sizeof(took)));
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

	if ((code = talk_ask(c, C_SUBSCRIBE, a)) != CTL_OK)
		return (code);
	for (seen = false;;) {
		answer_free(a);
		code = talk_ask_names(c, C_STATUS, NULL, 0, a);
		if (code != CTL_OK || a->failed)
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

/* Says what came of a reset that the daemon has accepted. */
static enum ctl_exit
reset_end(struct ctl *ctl, struct conn *c, uint32_t before, struct answer *a)
{
	struct answer_summary	*s = &a->summary;
	enum ctl_exit		 code;
	char			*text, took[32];

	if ((code = reset_wait(c, before, a)) == CTL_TIMEOUT)
		return (ctl_fail(ctl, code, "the reset is not over within %s; "
		    "it goes on", duration(ctl->wait_ms, took, sizeof(took))));
	if (code != CTL_OK)
		return (talk_broken(ctl, c, code));
	if (a->failed)
		return (talk_refused(ctl, a));
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
	if ((code = talk_open(ctl, &c)) == CTL_OK)
		code = talk_ask_names(&c, C_STATUS, NULL, 0, &a);
	if (code == CTL_OK && !a.failed) {
		before = a.summary.gen;
		answer_free(&a);
		code = talk_ask(&c, C_RESET, &a);
	}
	if (code != CTL_OK)
		code = talk_broken(ctl, &c, code);
	else if (a.failed || ctl->wait_ms == 0)
		code = show_result(ctl, &a);
	else {
		answer_free(&a);
		code = reset_end(ctl, &c, before, &a);
	}
	answer_free(&a);
	conn_close(&c);
	return (code);
}
