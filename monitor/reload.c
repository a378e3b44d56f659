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
 * Reloads: the spawner runs them, here is who asked for one and what was
 * said of it.  The messages come from the loader, by way of the spawner.
 * An asker is answered when the new plan is in force, so that what it asks
 * next it asks of that.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/plan.h"
#include "client.h"
#include "outcome.h"

uint32_t
ask_tag(struct monitor *m)
{
	uint32_t	 tag = m->next_tag++;

	if (m->next_tag == 0)
		m->next_tag = 1;
	return (tag);
}

int
on_c_reload(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;
	struct monitor	*mon = cl->mon;

	(void)c;
	if (cl->reloading) {
		client_fail(cl, m->tag, FAIL_BUSY,
		    "the reload asked for before is not over");
		return (0);
	}
	if (sched_mode(mon->now.sched) != MODE_RUN) {
		client_fail(cl, m->tag, FAIL_BUSY, "the daemon is stopping");
		return (0);
	}
	cl->reloading = true;
	cl->reloaded = false;
	cl->reload_ask = m->tag;
	cl->reload_tag = ask_tag(mon);
	chan_send(mon->spawner, R_RELOAD, cl->reload_tag);
	return (0);
}

int
on_s_loaderr(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;
	struct loadlog	*l = &m->load;
	struct plan_err	 e;

	(void)c;
	if (get_plan_err(&msg->body, &e) == -1)
		return (-1);
	if (msg->tag != 0) {
		trial_message(m, msg->tag, &e);
		return (0);
	}
	if (l->over)
		loadlog_clear(l);
	loadlog_add(l, &e);
	return (0);
}

int
on_s_loaded(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;
	struct client	*cl;
	struct loaded	 l;
	char		 text[128];

	(void)c;
	if (get_loaded(&msg->body, &l) == -1)
		return (-1);
	if (trial_loaded(m, msg->tag, &l))
		return (0);
	/* A load that fails says why: what is here is of one before. */
	if (l.ok && m->load.over && m->load.failed)
		loadlog_clear(&m->load);
	m->load.over = true;
	m->load.failed = !l.ok;
	if (!l.ok)
		m->load_ok = false;
	m->changes++;
	clients_changed(m);
	if (msg->tag == 0)
		return (0);
	TAILQ_FOREACH(cl, &m->clients, entry)
		if (cl->reloading && cl->reload_tag == msg->tag)
			break;
	if (cl == NULL)
		return (0);
	loadlog_send(&m->load, cl, cl->reload_ask);
	if (l.ok) {
		cl->reloaded = true;
		return (0);
	}
	cl->reloading = false;
	snprintf(text, sizeof(text), "%u error%s: nothing is changed",
	    l.nerrors, l.nerrors == 1 ? "" : "s");
	client_fail(cl, cl->reload_ask, FAIL_CONFIG, text);
	return (0);
}

static bool
is_due(const struct client *cl)
{
	return (cl->reloading && cl->reloaded);
}

void
reload_syncing(struct monitor *m)
{
	const struct client	*cl;

	TAILQ_FOREACH(cl, &m->clients, entry)
		if (is_due(cl) && m->before == NULL && m->now.sched != NULL)
			m->before = before_new(m->now.sched);
}

void
reload_synced(struct monitor *m)
{
	struct client	*cl;

	TAILQ_FOREACH(cl, &m->clients, entry) {
		if (!is_due(cl) || m->before == NULL)
			continue;
		cl->reloading = cl->reloaded = false;
		load_answer(cl, cl->reload_ask, "configuration reloaded",
		    m->before, m->now.sched);
	}
	before_free(m->before);
	m->before = NULL;
	/* All who asked for that load have been told of it. */
	if (m->load.over && !m->load.failed)
		loadlog_clear(&m->load);
}
