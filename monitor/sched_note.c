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
 * The note of a task: what a monitor that is started anew must know and
 * cannot see from the processes.  The spawner keeps it and gives it back as
 * it was; a note from another version of us is dropped, not an error.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "sched_int.h"

#define NOTE_VERSION	4

#define NOTE_RAN	0x01	/* once, event: all have exited */
#define NOTE_RAN_OK	0x02	/* with 0 */
#define NOTE_ASKED	0x04	/* event: started, not yet over */
#define NOTE_RERUN	0x08	/* and once more after that */
#define NOTE_CONTROL	0x10	/* requested: control is that */
#define NOTE_COUNT	0x20	/* requested: count is that */

/* Of a slot, in the lower half of two bytes; the upper is of the id of its
 * process where the last three are of that one and of no other. */
#define NOTE_NFAIL	0x0007	/* its place in the row of delays */
#define NOTE_HELD	0x0008
#define NOTE_LEFT_OUT	0x0010
#define NOTE_ASKED_TO	0x0020	/* go, by another signal than TERM */
#define NOTE_ANEW	0x0040
#define NOTE_CMD_OVER	0x0080	/* asked to go by a command, which is over */

/*
 * 1 version, 1 flags, 1 control, 2 count, 4 generation of these and of holds,
 * 8 void_before, 8 seen_exit, 1 stage, 4 errno, 4 events, 4 of which events,
 * 2 number of slots, and 2 a slot.
 */
_Static_assert(40 + LIMIT_INSTANCES * 2 <= LIMIT_NOTE,
    "a note fits its message");

/* Will its run, when it is broken off, be done once more? */
static bool
is_anew(const struct task *t, const struct slot *sl)
{
	if (!task_runs_once(t))
		return (false);
	switch ((enum slot_state)sl->state) {
	case SLOT_STOPCMD:
	case SLOT_STOPPING:
	case SLOT_KILLED:
	case SLOT_LINGER:
		return (sl->again && sl->due);
	default:
		return (sl->anew);
	}
}

static uint16_t
slot_note(const struct task *t, uint32_t i)
{
	const struct slot	*sl = task_has_slot(t, i);
	uint16_t		 w;

	if (sl == NULL)
		return (0);
	w = (sl->nfail < NOTE_NFAIL ? sl->nfail : NOTE_NFAIL) |
	    (sl->held ? NOTE_HELD : 0) | (sl->left_out ? NOTE_LEFT_OUT : 0);
	/* TERM is in the record of the process. */
	if (sl->state == SLOT_STOPPING && sl->stop_sig != SIGTERM)
		w |= sl->stop_sig != 0 ? NOTE_ASKED_TO : NOTE_CMD_OVER;
	if (is_anew(t, sl))
		w |= NOTE_ANEW;
	if ((w & (NOTE_ASKED_TO | NOTE_ANEW | NOTE_CMD_OVER)) != 0)
		w |= (sl->last_id & 0xff) << 8;
	return (w);
}

static void
put_task_note(struct wbuf *w, const struct sched *s, const struct task *t)
{
	const struct slot	*failed = NULL;
	uint32_t		 i, n = 0, events;

	for (i = 0; i < t->nslots && i < LIMIT_INSTANCES; i++) {
		if (slot_note(t, i) != 0)
			n = i + 1;
		if (t->slots[i] != NULL && t->slots[i]->stage != STAGE_NONE)
			failed = t->slots[i];
	}
	put_u8(w, NOTE_VERSION);
	put_u8(w, (t->ran ? NOTE_RAN : 0) | (t->ran_ok ? NOTE_RAN_OK : 0) |
	    (t->asked ? NOTE_ASKED : 0) | (t->rerun ? NOTE_RERUN : 0) |
	    (t->control_set ? NOTE_CONTROL : 0) |
	    (t->count_set ? NOTE_COUNT : 0));
	put_u8(w, t->control_set ? t->control : 0);
	put_u16(w, t->count_set ? t->count : 0);
	put_u32(w, t->requested ? s->gen : 0);
	put_s64(w, t->void_before.ms);
	put_s64(w, t->seen_exit.ms);
	put_u8(w, failed != NULL ? failed->stage : STAGE_NONE);
	put_u32(w, failed != NULL ? failed->error : 0);
	events = events_pending(t);
	put_u32(w, events);
	put_u32(w, events != 0 ? events_hash(&t->conf) : 0);
	put_u16(w, n);
	for (i = 0; i < n; i++)
		put_u16(w, slot_note(t, i));
}

size_t
sched_note(const struct sched *s, uint32_t task, uint8_t *buf)
{
	struct wbuf	 w = { .data = buf, .cap = LIMIT_NOTE };

	put_task_note(&w, s, &s->tasks[task]);
	return (w.len);
}

/* Says true once for each time that the note has become another. */
bool
note_changed(struct sched *s, struct task *t)
{
	uint8_t		 buf[LIMIT_NOTE];
	uint64_t	 h;

	h = hash_bytes(0, buf, sched_note(s, t->idx, buf));
	if (h == t->note_hash)
		return (false);
	t->note_hash = h;
	return (true);
}

struct noted {
	uint8_t		 flags;
	uint8_t		 control;
	uint16_t	 count;
	uint32_t	 gen;
	struct mono	 since;
	struct mono	 seen;
	uint8_t		 stage;
	uint32_t	 error;
	uint32_t	 events;
	uint32_t	 events_of;	/* events_hash() */
	uint32_t	 n;
	uint16_t	 slots[LIMIT_INSTANCES];
};

static int
get_task_note(struct cursor *c, struct noted *o)
{
	uint32_t	 i;

	if (get_u8(c) != NOTE_VERSION)
		return (-1);
	o->flags = get_u8(c);
	o->control = get_u8(c);
	o->count = get_u16(c);
	o->gen = get_u32(c);
	o->since.ms = get_s64(c);
	o->seen.ms = get_s64(c);
	o->stage = get_u8(c);
	o->error = get_u32(c);
	o->events = get_u32(c);
	o->events_of = get_u32(c);
	o->n = get_u16(c);
	if (o->n > LIMIT_INSTANCES || o->stage >= STAGE_MAX ||
	    o->control >= CONTROL_MAX || o->count > LIMIT_INSTANCES)
		return (-1);
	for (i = 0; i < o->n; i++)
		o->slots[i] = get_u16(c);
	return (cursor_done(c) ? 0 : -1);
}

static void
take_slot(struct sched *s, struct task *t, uint32_t i, uint16_t w,
    const struct noted *o, bool requests)
{
	struct slot	*sl;
	bool		 same;

	if (i < t->count)
		sl = task_slot(t, i);
	else if ((sl = task_has_slot(t, i)) == NULL)
		return;
	same = sl->last_id != 0 && (sl->last_id & 0xff) == w >> 8;
	sl->was_asked = same && sl->last_signal != 0 &&
	    (w & NOTE_ASKED_TO) != 0;
	sl->anew = same && (w & NOTE_ANEW) != 0;
	/* When it was is not told: its grace begins anew. */
	if (same && (w & NOTE_CMD_OVER) != 0 && sl->last_signal != SIGKILL) {
		sl->was_asked = true;
		sl->last_signal = 0;
		sl->stop_at = MONO_NEVER;
	}
	sl->left_out = (w & NOTE_LEFT_OUT) != 0;
	sl->nfail = w & NOTE_NFAIL;
	sl->stage = sl->nfail > 0 ? o->stage : STAGE_NONE;
	sl->error = sl->nfail > 0 ? o->error : 0;
	sl->held = requests && i < t->count && (w & NOTE_HELD) != 0;
	if (sl->held)
		task_request(s, t);
}

/*
 * Fills in what a note says; one that cannot be read says nothing.  What a
 * person has asked for ends with a configuration event, also with one that
 * the monitor before did not live to note.
 */
static void
take_note(struct sched *s, struct task *t, const void *data, size_t len)
{
	struct cursor	 c;
	struct noted	 o;
	uint32_t	 i;
	bool		 requests;

	cursor_init(&c, data, len);
	if (get_task_note(&c, &o) == -1)
		return;
	requests = !s->config_event && o.gen == s->gen;
	t->ran = (o.flags & NOTE_RAN) != 0;
	t->ran_ok = (o.flags & NOTE_RAN_OK) != 0;
	t->asked = (o.flags & NOTE_ASKED) != 0;
	t->rerun = (o.flags & NOTE_RERUN) != 0;
	t->void_before = o.since;
	t->seen_exit = o.seen;
	t->pending = o.events != 0 && o.events_of == events_hash(&t->conf) ?
	    o.events : 0;
	if (requests && (o.flags & NOTE_CONTROL) != 0) {
		t->control = o.control;
		t->control_set = true;
		task_request(s, t);
	}
	if (requests && (o.flags & NOTE_COUNT) != 0 && o.count > 0) {
		t->count = o.count;
		t->count_set = true;
		task_request(s, t);
	}
	for (i = 0; i < t->nslots || i < o.n; i++)
		take_slot(s, t, i, i < o.n ? o.slots[i] : 0, &o, requests);
}

int
sched_add_note(struct sched *s, uint32_t task, const void *data, size_t len)
{
	if (task >= s->ntasks || !s->tasks[task].known)
		return (-1);
	take_note(s, &s->tasks[task], data, len);
	s->tasks[task].note_hash = hash_bytes(0, data, len);
	return (0);
}

/*
 * Was it asked to go, or not?  The record of the process may have crossed
 * the signal, and does not say who sent it.
 */
static void
take_leaving(struct slot *sl, const struct slot *before)
{
	if (sl->pid == 0 || sl->last_id != before->last_id)
		return;
	switch ((enum slot_state)before->state) {
	case SLOT_UP:
	case SLOT_EMPTY:	/* adopted, and left as it ran */
		sl->last_signal = 0;
		break;
	case SLOT_STOPPING:
		sl->was_asked = true;
		sl->last_signal = before->stop_sig;
		/* A command has asked it before its grace began. */
		sl->stop_at = before->stop_sig != 0 ? before->stop_at :
		    mono_add(before->timer.at,
		    -(int64_t)before->task->conf.stop_timeout_ms);
		break;
	case SLOT_KILLED:
		sl->last_signal = SIGKILL;
		break;
	default:
		break;
	}
}

static void
take_processes(struct task *t, const struct task *before)
{
	uint32_t	 i;

	for (i = 0; i < before->nslots && i < t->nslots; i++)
		if (t->slots[i] != NULL && before->slots[i] != NULL)
			take_leaving(t->slots[i], before->slots[i]);
}

/*
 * What it made of the last end, where that is all there was: a process that
 * ended before our signal reached it was stopped all the same, and of one
 * that only a check knew of the record tells nothing.
 */
static void
take_end(struct slot *sl, const struct slot *before)
{
	if (sl->pid == 0 && before->pid == 0 &&
	    sl->last_id == before->last_id) {
		sl->grace = before->grace;
		sl->grace_known = true;
	}
	if (sl->pid != 0 || (before->state != SLOT_EMPTY &&
	    before->state != SLOT_BACKOFF))
		return;
	if (before->last_id == 0 && before->foreign) {
		sl->has_exit = false;
		sl->foreign = true;
		sl->started = before->started;
		sl->exited = before->exited;
	} else if (sl->last_id != before->last_id)
		return;
	sl->row_known = true;
	sl->not_before = before->not_before;
}

/* What is up with no process that the spawner knows of. */
static void
take_up(struct task *t, const struct task *before)
{
	const struct slot	*was;
	struct slot		*sl;
	uint32_t		 i;

	for (i = 0; i < before->nslots && i < t->nslots; i++)
		if (t->slots[i] != NULL && before->slots[i] != NULL) {
			take_end(t->slots[i], before->slots[i]);
			/* An end that it has not counted yet. */
			if (!task_probed(t) && probe_is_open(before->slots[i]))
				t->slots[i]->nfail++;
		}
	for (i = 0; i < before->nslots; i++) {
		was = before->slots[i];
		if (was == NULL || was->state != SLOT_UP || was->pid != 0)
			continue;
		sl = task_slot(t, i);
		sl->was_up = sl->foreign = true;
		sl->has_exit = false;
		sl->started = was->started;
		sl->exited = MONO_NEVER;
		sl->started_wall = was->started_wall;
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct task *const	*x = a, *const *y = b;

	return (strcmp((*x)->conf.name, (*y)->conf.name));
}

/*
 * A note that was on its way when the reload came was refused, its index
 * being of the old plan.  What the scheduler before knew wins over what the
 * spawner had; it is sent again, as the hash is still that of the latter.
 */
void
sched_add_before(struct sched *s, const struct sched *before)
{
	uint8_t		 buf[LIMIT_NOTE];
	struct task	**names, **hit, *key;
	uint32_t	 i;

	names = xcalloc(s->ntasks + 1, sizeof(*names));
	for (i = 0; i < s->ntasks; i++) {
		names[i] = &s->tasks[i];
		/* sched_converge() will refuse it. */
		if (!names[i]->known)
			goto done;
	}
	qsort(names, s->ntasks, sizeof(*names), by_name);
	for (i = 0; i < before->ntasks; i++) {
		key = &before->tasks[i];
		hit = bsearch(&key, names, s->ntasks, sizeof(*names),
		    by_name);
		if (hit == NULL)
			continue;
		/* What a reset ended is forgotten, but not what it left. */
		if (before->mode == MODE_RUN) {
			take_note(s, *hit, buf, sched_note(before, i, buf));
			take_up(*hit, key);
		}
		take_processes(*hit, key);
	}
done:
	free(names);
}
