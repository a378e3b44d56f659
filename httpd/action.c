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
 * A form with "action" (start, stop, restart, count or reload), "task" and
 * "count".  That it comes from our own page has been looked at; what is in
 * it may be anything.
 */

#include <stdlib.h>
#include <string.h>

#include <event2/http.h>

#include "../common/log.h"
#include "../common/util.h"
#include "action.h"
#include "change.h"
#include "exchange.h"
#include "form.h"
#include "listen.h"
#include "page.h"
#include "render.h"

#define NAME_SIZE	256

static const struct {
	const char		*name;
	enum peer_question	 question;
} actions[] = {
	{ "start",	ASK_TASK_START },
	{ "stop",	ASK_TASK_STOP },
	{ "restart",	ASK_TASK_RESTART },
	{ "count",	ASK_COUNT },
	{ "reload",	ASK_RELOAD },
};

/* A browser without our script, or somebody's program? */
static bool
wants_page(struct exchange *x)
{
	const char *accept;

	accept = evhttp_find_header(evhttp_request_get_input_headers(x->req),
	    "Accept");
	return (accept != NULL && strstr(accept, "text/html") != NULL);
}

/* Takes lines. */
static void
answer(struct exchange *x, int status, char *lines)
{
	if (!wants_page(x))
		send_text(x, status, "text/plain", text_new(lines,
		    strlen(lines)));
	else if (status < 400) {
		send_header(x, "Location", "/");
		send_text(x, 303, "text/plain", text_new(lines,
		    strlen(lines)));
	} else {
		send_page(x, status, page_failure(lines));
		free(lines);
	}
}

static void
on_done(enum peer_result result, const char *detail, void *arg)
{
	struct exchange *x = arg;
	size_t len;
	int status;

	x->ask = NULL;
	if (result != PEER_OK)
		send_failure(x, result, detail);
	else if (x->change == NULL)
		answer(x, 202, xstrdup("Taskforce config reload initiated"
		    "\n"));
	else if ((status = change_status(x->change)) == 0)
		send_failure(x, PEER_FAILED, "");
	else
		answer(x, status, change_text(x->change, &len));
}

void
action_begin(struct exchange *x)
{
	char action[16], task[NAME_SIZE], count[16] = "";
	char from[512];
	const char *body;
	size_t i, len;

	body = exchange_body(x, &len);
	if (form_value(body, len, "action", action, sizeof(action)) != 1)
		action[0] = '\0';
	for (i = 0; i < nitems(actions); i++)
		if (strcmp(action, actions[i].name) == 0)
			break;
	if (i == nitems(actions)) {
		answer(x, 400, xstrdup("No such action\n"));
		return;
	}
	if (actions[i].question != ASK_RELOAD) {
		if (form_value(body, len, "task", task, sizeof(task)) != 1 ||
		    (actions[i].question == ASK_COUNT && form_value(body, len,
		    "count", count, sizeof(count)) != 1)) {
			answer(x, 400, xstrdup("No task, or no count\n"));
			return;
		}
		x->change = change_new();
		change_add(x->change, task, count);
	}
	exchange_from(x, from, sizeof(from));
	log_info("http %s: %s%s%s from %s", listen_addr(x->service), action,
	    x->change != NULL ? " " : "", x->change != NULL ? task : "",
	    from);
	x->ask = peer_ask(actions[i].question, x->change, on_done, x);
}
