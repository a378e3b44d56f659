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
 * Tasks and processes as JSON.  What is written here was read by get_answer_
 * functions; the words for numbers come from states.c and plan.c, which
 * answer "?" for what is out of range.
 */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "answerjson.h"
#include "plan.h"
#include "states.h"

const char *
iso_time(int64_t wall, char *buf, size_t size)
{
	struct tm	 tm;
	time_t		 secs;
	int		 ms;
	char		 date[24], zone[8];

	secs = (time_t)(wall / 1000);
	ms = (int)(wall % 1000);
	if (ms < 0) {
		ms += 1000;
		secs--;
	}
	if (localtime_r(&secs, &tm) == NULL ||
	    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm) == 0 ||
	    strftime(zone, sizeof(zone), "%z", &tm) != 5) {
		snprintf(buf, size, "?");
		return (buf);
	}
	/* strftime(3) writes +0100; RFC 3339 wants +01:00. */
	snprintf(buf, size, "%s.%03d%.3s:%s", date, ms, zone, zone + 3);
	return (buf);
}

/* "started": text for people; "started_t": a time_t for programs. */
static void
json_time(struct json *j, const char *key, const char *key_t, int64_t wall)
{
	char		 buf[ISO_TIME_SIZE];

	json_key(j, key);
	json_string(j, iso_time(wall, buf, sizeof(buf)));
	json_key(j, key_t);
	json_int(j, wall / 1000);
}

static void
json_strs(struct json *j, const char *key, uint32_t n, struct cursor strs)
{
	struct span	 s;

	json_key(j, key);
	json_array(j);
	while (n-- > 0) {
		s = get_str(&strs);
		json_stringn(j, s.p, s.len);
	}
	json_array_end(j);
}

void
json_answer_task(struct json *j, const struct answer_task *t)
{
	json_keyn(j, t->name.p, t->name.len);
	json_object(j);
	json_key(j, "control");
	json_string(j, control_name((enum control)t->control));
	json_key(j, "count");
	json_uint(j, t->count);
	json_key(j, "running");
	json_uint(j, t->running);
	json_key(j, "state");
	json_string(j, state_name((enum task_state)t->state));
	json_key(j, "reason");
	if (t->reason == REASON_NONE)
		json_null(j);
	else
		json_string(j, reason_name((enum task_reason)t->reason));
	json_key(j, "detail");
	json_stringn(j, t->detail.p, t->detail.len);
	if (t->since_wall != 0)
		json_time(j, "since", "since_t", t->since_wall);
	json_key(j, "in_scope");
	json_bool(j, t->in_scope);
	json_strs(j, "requires", t->nrequires, t->requires);
	json_strs(j, "roles", t->nroles, t->roles);
	json_key(j, "restarts");
	json_uint(j, t->restarts);
	json_key(j, "processes");
	json_array(j);
}

void
json_answer_proc(struct json *j, const struct answer_proc *p)
{
	char		 buf[32];
	int64_t		 uptime;

	json_object(j);
	json_key(j, "instance");
	json_uint(j, p->instance);
	if (p->pid != 0) {
		json_key(j, "pid");
		json_uint(j, p->pid);
		/* Seconds; the writer knows no fractions. */
		uptime = p->uptime_ms < 0 ? 0 : p->uptime_ms;
		snprintf(buf, sizeof(buf), "%lld.%03d",
		    (long long)(uptime / 1000), (int)(uptime % 1000));
		json_key(j, "uptime");
		json_raw(j, buf, strlen(buf));
	}
	if (p->started_wall != 0)
		json_time(j, "started", "started_t", p->started_wall);
	if (p->exit_pending) {
		json_key(j, "exit_pending");
		json_bool(j, true);
	}
	if (p->held) {
		json_key(j, "held");
		json_bool(j, true);
	}
	if (p->exited) {
		json_key(j, "status");
		json_int(j, (int32_t)p->status);
		json_key(j, "exit");
		json_string(j, exit_text((int)p->status));
		json_time(j, "exited", "exited_t", p->exited_wall);
	}
	json_object_end(j);
}

void
json_answer_task_end(struct json *j)
{
	json_array_end(j);
	json_object_end(j);
}
