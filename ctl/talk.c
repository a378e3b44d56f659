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
 * Questions and answers in one step.  What comes back is judged in answer.c;
 * here a refusal becomes a message and an exit status.
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../common/ipc.h"
#include "../common/log.h"
#include "talk.h"

#define TRIES	3	/* of a question that the daemon was too busy for */

/* No need for more than the connection from here on. */
static void
confine(const struct ctl *ctl)
{
#ifdef __OpenBSD__
	if (pledge(ctl->promises, NULL) == -1)
		fatal("pledge");
#else
	(void)ctl;
#endif
}

enum ctl_exit
talk_open(const struct ctl *ctl, struct conn *c)
{
	enum ctl_exit	 code;

	if ((code = conn_open(c, ctl->socket, ctl->deadline)) == CTL_OK)
		confine(ctl);
	return (code);
}

enum ctl_exit
talk_ask(struct conn *c, uint16_t type, struct answer *a)
{
	enum ctl_exit	 code;

	memset(a, 0, sizeof(*a));
	(void)conn_ask(c, type);
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	return (answer_read(c, c->tag, a));
}

static enum ctl_exit
ask_names_once(struct conn *c, uint16_t type, const char *const *names,
    uint32_t n, struct answer *a)
{
	struct wbuf	*w;
	enum ctl_exit	 code;
	uint32_t	 i;

	w = conn_ask(c, type);
	put_u32(w, n);
	for (i = 0; i < n; i++)
		put_str(w, names[i]);
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	return (answer_read(c, c->tag, a));
}

enum ctl_exit
talk_ask_names(struct conn *c, uint16_t type, const char *const *names,
    uint32_t n, struct answer *a)
{
	enum ctl_exit	 code;
	int		 tries;

	memset(a, 0, sizeof(*a));
	/* A reload that comes between question and answer spoils it. */
	for (tries = 0; tries < TRIES; tries++) {
		answer_free(a);
		code = ask_names_once(c, type, names, n, a);
		if (code != CTL_OK)
			return (code);
		if (!a->failed || a->code != FAIL_BUSY)
			break;
	}
	if (type == C_STATUS && !a->failed && !a->have_summary) {
		snprintf(c->error, sizeof(c->error), "%s: the daemon sent no "
		    "summary", c->path);
		return (CTL_UNREACHABLE);
	}
	return (CTL_OK);
}

enum ctl_exit
talk_broken(const struct ctl *ctl, const struct conn *c, enum ctl_exit code)
{
	return (ctl_fail(ctl, code, "%s", c->error));
}

enum ctl_exit
talk_refused(const struct ctl *ctl, const struct answer *a)
{
	return (ctl_fail(ctl, answer_exit(a), "%s", a->text[0] != '\0' ?
	    a->text : "the daemon refused"));
}
