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
 * What the loader would send, read by the receiving side's own functions
 * and held against the promises of plan.h: order, counts and indexes.
 */

#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../common/log.h"
#include "../../monitor/schedrec.h"
#include "plancheck.h"

struct counts {
	struct plan_begin	 begin;
	uint32_t		 ntasks;
	uint32_t		 ncmds;
	uint32_t		 cmds_here;	/* of the last task */
	uint32_t		 nenv;
	uint32_t		 nlisten;
	uint32_t		 nwatch;
	uint32_t		 nscheds;
	size_t			 bytes;
	bool			 ended;
};

static void
check_env(struct counts *n, struct cursor *c)
{
	uint32_t i, count;

	count = get_count(c, sizeof(uint32_t));
	for (i = 0; i < count; i++)
		if (memchr(get_text(c).p, '=', 1) != NULL)
			fatalx("shared entry without a name");
	if (!cursor_done(c))
		fatalx("bad PLAN_ENV");
	n->nenv += count;
}

/* A schedule record must come out as it went in. */
static void
check_sched(struct counts *n, struct cursor *c)
{
	struct schedrec_plan plan;
	struct schedrec_task task;
	struct cursor b;
	struct span blob;
	struct wbuf again;
	uint32_t index;

	memset(&again, 0, sizeof(again));
	if (get_plan_sched(c, &index, &blob) == -1)
		fatalx("bad PLAN_SCHED");
	cursor_init(&b, blob.p, blob.len);
	if (index == NO_INDEX) {
		if (n->nscheds != 0 || get_schedrec_plan(&b, &plan) == -1)
			fatalx("bad schedule record of the plan");
		put_schedrec_plan(&again, &plan);
		schedrec_plan_clear(&plan);
	} else {
		if (index != n->nscheds - 1 || get_schedrec_task(&b, &task,
		    n->begin.ntasks) == -1)
			fatalx("bad schedule record of task %u", index);
		put_schedrec_task(&again, &task);
		schedrec_task_clear(&task);
	}
	if (again.len != blob.len ||
	    memcmp(again.data, blob.p, blob.len) != 0)
		fatalx("schedule record %u is another now", index);
	wbuf_free(&again);
	n->nscheds++;
}

static void
check_task(struct counts *n, struct cursor *c)
{
	struct plan_task t;
	struct plan_env e;
	uint32_t i;

	if (n->ntasks > 0 && n->cmds_here == 0)
		fatalx("a task without a command");
	if (get_plan_task(c, &t) == -1)
		fatalx("bad PLAN_TASK");
	for (i = 0; i < t.nenv; i++) {
		get_plan_env(&t.env, &e);
		if (e.shared != NO_INDEX && e.shared >= n->begin.nenv)
			fatalx("shared index past the end");
	}
	n->ntasks++;
	n->cmds_here = 0;
}

static int
receive(void *arg, uint16_t type, const void *data, size_t len)
{
	struct counts *n = arg;
	struct plan_listen l;
	struct plan_cmd cmd;
	struct plan_err e;
	struct plan_end end;
	struct cursor c;
	struct span path;
	bool bad = false;

	n->bytes += len;
	cursor_init(&c, data, len);
	switch (type) {
	case PLAN_BEGIN:
		bad = get_plan_begin(&c, &n->begin) == -1;
		break;
	case PLAN_ENV:
		check_env(n, &c);
		break;
	case PLAN_TASK:
		check_task(n, &c);
		break;
	case PLAN_CMD:
		bad = get_plan_cmd(&c, &cmd) == -1 ||
		    (n->cmds_here == 0 && !span_is(cmd.name, "start"));
		n->ncmds++;
		n->cmds_here++;
		break;
	case PLAN_WATCH:
		bad = get_plan_watch(&c, &path) == -1 || n->cmds_here == 0;
		n->nwatch++;
		break;
	case PLAN_LISTEN:
		bad = get_plan_listen(&c, &l) == -1;
		n->nlisten++;
		break;
	case PLAN_SCHED:
		check_sched(n, &c);
		break;
	case PLAN_DOC:
		get_blob(&c);
		bad = !cursor_done(&c);
		break;
	case PLAN_ERR:
		bad = get_plan_err(&c, &e) == -1;
		break;
	case PLAN_END:
		bad = get_plan_end(&c, &end) == -1 ||
		    (end.ok && end.nerrors > 0);
		n->ended = true;
		break;
	default:
		bad = true;
	}
	if (bad)
		fatalx("bad message 0x%04x", type);
	return (0);
}

void
plancheck(struct conf *c)
{
	struct counts n;

	memset(&n, 0, sizeof(n));
	if (emit_send(&c->emit, &c->diag, receive, &n) == -1 || !n.ended)
		fatalx("the plan was not sent whole");
	if (c->diag.nerrors == 0 && (n.ntasks != n.begin.ntasks ||
	    n.ncmds != n.begin.ncmds || n.nenv != n.begin.nenv ||
	    n.nlisten != n.begin.nlisten || n.nwatch != n.begin.nwatch ||
	    n.nscheds != n.ntasks + 1 ||
	    n.ncmds < n.ntasks))
		fatalx("the plan is not what PLAN_BEGIN says");
}
