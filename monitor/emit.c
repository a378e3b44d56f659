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
 * Records in the order they are made, each as type, length, payload; the
 * framing of the channel is put on when they are sent.  Everything in them
 * has been checked, but what is too long for a message is seen only here.
 */

#include <stdbool.h>
#include <string.h>

#include "../common/imsg.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "diag.h"
#include "emit.h"

#define RECORD_HEAD	6	/* u16 type, u32 length of the payload */

static size_t
begin(struct wbuf *w, uint16_t type)
{
	put_u16(w, type);
	put_u32(w, 0);
	return (w->len);
}

/* Finishes the record whose payload began at start. */
static int
end(struct wbuf *w, size_t start)
{
	size_t len;
	uint8_t *p;

	if (w->failed)
		fatalx("out of memory");
	len = w->len - start;
	if (len > IMSG_MAX - IMSG_HDRLEN) {
		w->len = start - RECORD_HEAD;
		return (-1);
	}
	p = w->data + start - sizeof(uint32_t);
	p[0] = len >> 24;
	p[1] = len >> 16;
	p[2] = len >> 8;
	p[3] = len;
	return (0);
}

int
emit_task(struct emit *e, const struct plan_task *t, const uint32_t *groups,
    const struct plan_env *env)
{
	size_t start;

	start = begin(&e->tasks, PLAN_TASK);
	put_plan_task(&e->tasks, t, groups, env);
	e->ntasks++;
	return (end(&e->tasks, start));
}

int
emit_cmd(struct emit *e, const char *name, uint32_t argc,
    const struct span *argv)
{
	size_t start;

	start = begin(&e->tasks, PLAN_CMD);
	put_plan_cmd(&e->tasks, name, argc, argv);
	e->ncmds++;
	return (end(&e->tasks, start));
}

int
emit_watch(struct emit *e, const char *path)
{
	size_t start;

	start = begin(&e->tasks, PLAN_WATCH);
	put_plan_watch(&e->tasks, path);
	e->nwatch++;
	return (end(&e->tasks, start));
}

int
emit_listen(struct emit *e, const struct plan_listen *l,
    const struct span *allow)
{
	size_t start;

	start = begin(&e->listens, PLAN_LISTEN);
	put_plan_listen(&e->listens, l, allow);
	e->nlisten++;
	return (end(&e->listens, start));
}

/* The blob of a PLAN_SCHED is written in place, its length afterwards. */
static int
end_sched(struct wbuf *w, size_t start)
{
	size_t len;
	uint8_t *p;

	if (end(w, start) == -1)
		return (-1);
	p = w->data + start + sizeof(uint32_t);
	len = w->len - start - 2 * sizeof(uint32_t);
	p[0] = len >> 24;
	p[1] = len >> 16;
	p[2] = len >> 8;
	p[3] = len;
	return (0);
}

int
emit_sched_plan(struct emit *e, const struct schedrec_plan *r)
{
	size_t start;

	start = begin(&e->scheds, PLAN_SCHED);
	put_plan_sched(&e->scheds, NO_INDEX, "", 0);
	put_schedrec_plan(&e->scheds, r);
	return (end_sched(&e->scheds, start));
}

int
emit_sched_task(struct emit *e, uint32_t task, const struct schedrec_task *r)
{
	size_t start;

	start = begin(&e->scheds, PLAN_SCHED);
	put_plan_sched(&e->scheds, task, "", 0);
	put_schedrec_task(&e->scheds, r);
	return (end_sched(&e->scheds, start));
}

size_t
emit_records(const struct emit *e)
{
	return (e->tasks.len + e->listens.len + e->scheds.len);
}

size_t
emit_size(const struct emit *e)
{
	size_t size = emit_records(e) + e->doclen;
	uint32_t i;

	for (i = 0; i < e->nenv; i++)
		size += strlen(e->env[i]);
	return (size);
}

void
emit_free(struct emit *e)
{
	wbuf_free(&e->tasks);
	wbuf_free(&e->listens);
	wbuf_free(&e->scheds);
	memset(e, 0, sizeof(*e));
}

struct sender {
	int		(*send)(void *, uint16_t, const void *, size_t);
	void		*arg;
	struct wbuf	 w;
};

/* Sends what has been put into the buffer. */
static int
send_buf(struct sender *s, uint16_t type)
{
	int r;

	if (s->w.failed)
		fatalx("out of memory");
	r = s->send(s->arg, type, s->w.data, s->w.len);
	wbuf_reset(&s->w);
	return (r);
}

static int
send_records(struct sender *s, const struct wbuf *records)
{
	struct cursor c;
	uint32_t len;
	uint16_t type;

	cursor_init(&c, records->data, records->len);
	while (c.left > 0) {
		type = get_u16(&c);
		len = get_u32(&c);
		if (s->send(s->arg, type, c.p, len) == -1)
			return (-1);
		c.p += len;
		c.left -= len;
	}
	return (0);
}

/* Shared entries, as many to a message as fit well. */
static int
send_env(struct sender *s, const struct emit *e)
{
	uint32_t i, j;
	size_t size;

	for (i = 0; i < e->nenv; i = j) {
		size = 0;
		for (j = i; j < e->nenv && (j == i || size < LIMIT_CHUNK);
		    j++)
			size += strlen(e->env[j]);
		put_u32(&s->w, j - i);
		for (; i < j; i++)
			put_text(&s->w, e->env[i]);
		if (send_buf(s, PLAN_ENV) == -1)
			return (-1);
	}
	return (0);
}

static int
send_doc(struct sender *s, const struct emit *e)
{
	size_t at, n;

	for (at = 0; at < e->doclen; at += n) {
		n = e->doclen - at;
		if (n > LIMIT_CHUNK)
			n = LIMIT_CHUNK;
		put_blob(&s->w, e->doc + at, n);
		if (send_buf(s, PLAN_DOC) == -1)
			return (-1);
	}
	return (0);
}

static int
send_plan(struct sender *s, const struct emit *e)
{
	struct plan_begin b = { .ntasks = e->ntasks, .ncmds = e->ncmds,
	    .nenv = e->nenv, .nlisten = e->nlisten, .nwatch = e->nwatch,
	    .control_gid = e->control_gid };

	put_plan_begin(&s->w, &b);
	if (send_buf(s, PLAN_BEGIN) == -1 || send_env(s, e) == -1 ||
	    send_records(s, &e->tasks) == -1 ||
	    send_records(s, &e->listens) == -1 ||
	    send_records(s, &e->scheds) == -1)
		return (-1);
	return (send_doc(s, e));
}

int
emit_send(const struct emit *e, const struct diag *d,
    int (*send)(void *, uint16_t, const void *, size_t), void *arg)
{
	struct sender s = { .send = send, .arg = arg };
	struct plan_end pe = { .ok = d->nerrors == 0,
	    .nerrors = d->nerrors, .nwarnings = d->nwarnings };
	size_t i;
	int r = -1;

	for (i = 0; i < d->nmsgs; i++) {
		put_plan_err(&s.w, d->msgs[i].severity, d->msgs[i].text);
		if (send_buf(&s, PLAN_ERR) == -1)
			goto done;
	}
	if (pe.ok && send_plan(&s, e) == -1)
		goto done;
	put_plan_end(&s.w, &pe);
	r = send_buf(&s, PLAN_END);
done:
	wbuf_free(&s.w);
	return (r);
}
