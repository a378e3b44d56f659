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
 * Trial loads: what a reload would do, of files that a client has opened or
 * of the daemon's own.  Neither is read here: the descriptors go on to the
 * spawner, which has a loader look at them and says of each trial, by its
 * tag, the messages, whether it succeeded, and then a sync of the plan that
 * is not in force.  What the client calls its files is for messages only.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../common/plan.h"
#include "../common/util.h"
#include "client.h"
#include "outcome.h"

#define TRIALS_MAX	8	/* as many as the spawner takes */

struct trial {
	TAILQ_ENTRY(trial) entry;
	uint32_t	 tag;		/* of our R_TRIAL */
	struct client	*client;	/* NULL: it is gone */
	uint32_t	 ask;		/* tag of its question */
	bool		 check;
	struct loadlog	 log;
};

static void
file_clear(struct client_file *f)
{
	if (f->name == NULL)
		return;
	free(f->name);
	close(f->fd);
	f->name = NULL;
}

static void
files_clear(struct client *cl)
{
	file_clear(&cl->files[FILE_CONF]);
	file_clear(&cl->files[FILE_ROLES]);
}

int
on_c_file(struct chan *c, struct msg *msg, void *arg)
{
	struct client		*cl = arg;
	struct client_file	*f;
	struct span		 name;
	uint8_t			 which;

	(void)c;
	which = get_u8(&msg->body);
	name = get_str(&msg->body);
	if (!cursor_done(&msg->body) || name.len > FILE_NAME_MAX ||
	    (which != FILE_CONF && which != FILE_ROLES))
		return (-1);
	/* The last of a kind counts, so that nobody hoards descriptors. */
	f = &cl->files[which];
	file_clear(f);
	f->name = xstrndup(name.p, name.len);
	f->fd = msg->fd;
	msg->fd = -1;
	return (0);
}

static void
pass_file(struct client *cl, uint8_t which)
{
	struct client_file	*f = &cl->files[which];
	struct wbuf		*w;

	if (f->name == NULL)
		return;
	w = chan_begin(cl->mon->spawner, R_FILE, 0);
	put_u8(w, which);
	put_str(w, f->name);
	chan_end_fd(cl->mon->spawner, f->fd);
	free(f->name);
	f->name = NULL;
}

static size_t
ntrials(const struct monitor *m)
{
	const struct trial	*t;
	size_t			 n = 0;

	TAILQ_FOREACH(t, &m->trials, entry)
		n++;
	return (n);
}

static void
trial_drop(struct monitor *m, struct trial *t)
{
	TAILQ_REMOVE(&m->trials, t, entry);
	loadlog_clear(&t->log);
	free(t);
}

int
on_c_plan(struct chan *c, struct msg *msg, void *arg)
{
	struct client	*cl = arg;
	struct monitor	*m = cl->mon;
	struct trial	*t;
	struct wbuf	*w;
	bool		 check, no_roles;

	(void)c;
	check = get_bool(&msg->body);
	no_roles = get_bool(&msg->body);
	if (!cursor_done(&msg->body))
		return (-1);
	if (sched_mode(m->now.sched) != MODE_RUN || ntrials(m) >= TRIALS_MAX) {
		files_clear(cl);
		client_fail(cl, msg->tag, FAIL_BUSY,
		    ntrials(m) >= TRIALS_MAX ? "too many ask for a plan" :
		    "the daemon is stopping");
		return (0);
	}
	t = xcalloc(1, sizeof(*t));
	t->tag = ask_tag(m);
	t->client = cl;
	t->ask = msg->tag;
	t->check = check;
	TAILQ_INSERT_TAIL(&m->trials, t, entry);
	pass_file(cl, FILE_CONF);
	pass_file(cl, FILE_ROLES);
	w = chan_begin(m->spawner, R_TRIAL, t->tag);
	put_bool(w, check);
	put_bool(w, no_roles);
	chan_end(m->spawner);
	return (0);
}

void
trials_leave(struct client *cl)
{
	struct trial	*t;

	files_clear(cl);
	/* Their answers still come, and must be known as theirs. */
	TAILQ_FOREACH(t, &cl->mon->trials, entry)
		if (t->client == cl)
			t->client = NULL;
}

static struct trial *
trial_find(struct monitor *m, uint32_t tag)
{
	struct trial	*t;

	TAILQ_FOREACH(t, &m->trials, entry)
		if (t->tag == tag)
			break;
	return (t);
}

void
trial_message(struct monitor *m, uint32_t tag, const struct plan_err *e)
{
	struct trial	*t;

	if ((t = trial_find(m, tag)) != NULL)
		loadlog_add(&t->log, e);
}

static void
answer_check(struct trial *t, const struct loaded *l)
{
	char	 text[64];

	snprintf(text, sizeof(text), "no errors, %u warning%s", l->nwarnings,
	    l->nwarnings == 1 ? "" : "s");
	client_ok(t->client, t->ask, text);
}

bool
trial_loaded(struct monitor *m, uint32_t tag, const struct loaded *l)
{
	struct trial	*t;
	char		 text[64];

	if ((t = trial_find(m, tag)) == NULL)
		return (false);
	if (t->client != NULL) {
		loadlog_send(&t->log, t->client, t->ask);
		snprintf(text, sizeof(text), "%u error%s", l->nerrors,
		    l->nerrors == 1 ? "" : "s");
		if (!l->ok)
			client_fail(t->client, t->ask, FAIL_CONFIG, text);
		else if (t->check)
			answer_check(t, l);
	}
	/* Else the plan comes. */
	if (!l->ok || t->check)
		trial_drop(m, t);
	return (true);
}

void
trial_synced(struct monitor *m, uint32_t tag)
{
	struct before	*before;
	struct trial	*t;

	if ((t = trial_find(m, tag)) == NULL)
		return;
	if (t->client != NULL) {
		before = before_new(m->now.sched);
		load_answer(t->client, t->ask, "by a reload",
		    before, m->trial.sched);
		before_free(before);
	}
	trial_drop(m, t);
}
