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

/* Status for people: all tasks in a table, or some in detail. */

#include <stdlib.h>
#include <string.h>

#include "../common/mono.h"
#include "../common/plan.h"
#include "../common/run.h"
#include "../common/states.h"
#include "../common/util.h"
#include "text.h"

#define PIDS_SHOWN	5	/* of one task */
#define PIDS_NARROW	1	/* where room is scarce */

/* Why it does not run, or not all of it. */
static char *
note(const struct answer_entry *e)
{
	const struct answer_task	*t = &e->task;
	char				*s;
	size_t				 i, held;

	for (i = held = 0; i < e->nslots; i++)
		if (e->slots[i].proc.held)
			held++;
	if (t->reason == REASON_NONE && t->detail.len == 0 && held > 0) {
		xasprintf(&s, "%s: %zu slot%s", reason_name(
		    REASON_HELD_BY_OPERATOR), held, held == 1 ? "" : "s");
		return (s);
	}
	return (reason_note((enum task_reason)t->reason, t->detail.p,
	    t->detail.len));
}

/* pids: of one task; "+N" for the others. */
static struct table *
overview(const struct answer *a, size_t pids)
{
	static const char *const	 heads[] = { "TASK", "STATE", "RUN",
	    "PIDS", "UPTIME", "RESTARTS", "ROLES", "NOTE" };
	static const unsigned int	 flags[nitems(heads)] = { 0, 0,
	    TABLE_RIGHT, 0, TABLE_RIGHT, TABLE_RIGHT, 0, 0 };
	const struct answer_entry	*e;
	struct table			*t;
	char				 buf[32];
	int64_t				 uptime;
	size_t				 i;

	t = table_new(flags, nitems(heads));
	for (i = 0; i < nitems(heads); i++)
		table_str(t, heads[i]);
	table_heading(t);
	for (i = 0; i < a->ntasks; i++) {
		e = &a->tasks[i];
		table_cell(t, e->task.name.p, e->task.name.len);
		text_state(t, e->task.state);
		snprintf(buf, sizeof(buf), "%u/%u", e->task.running,
		    e->task.count);
		table_str(t, buf);
		text_cell(t, answer_pids(e, pids));
		uptime = answer_uptime(e);
		table_str(t, uptime == -1 ? "-" :
		    duration(uptime, buf, sizeof(buf)));
		text_number(t, e->task.restarts);
		text_cell(t, answer_strs(e->task.nroles, e->task.roles));
		text_cell(t, note(e));
	}
	return (t);
}

static void
print_overview(const struct answer *a)
{
	struct table	*t;

	t = overview(a, PIDS_SHOWN);
	if (text_columns() != 0 && table_width(t) > text_columns()) {
		table_free(t);
		t = overview(a, PIDS_NARROW);
	}
	table_print(t, stdout, "", text_columns());
	table_free(t);
}

char *
text_last_exit(const struct answer_proc *p)
{
	char		*s, buf[32];

	if (p->exit_pending)
		return (xstrdup("is being stopped"));
	if (!p->exited)
		return (xstrdup(p->held ? "held" : ""));
	xasprintf(&s, "%s%s at %s", p->held ? "held; " : "",
	    exit_text((int)p->status),
	    text_when(p->exited_wall, buf, sizeof(buf)));
	return (s);
}

static void
print_slots(const struct answer_entry *e)
{
	static const char *const	 heads[] = { "SLOT", "PID", "STARTED",
	    "UPTIME", "STARTS", "LAST EXIT" };
	static const unsigned int	 flags[nitems(heads)] = { TABLE_RIGHT,
	    TABLE_RIGHT, 0, TABLE_RIGHT, TABLE_RIGHT, 0 };
	const struct answer_proc	*p;
	struct table			*t;
	char				 buf[32];
	size_t				 i;

	if (e->nslots == 0)
		return;
	t = table_new(flags, nitems(heads));
	for (i = 0; i < nitems(heads); i++)
		table_str(t, heads[i]);
	table_heading(t);
	for (i = 0; i < e->nslots; i++) {
		if (e->slots[i].hidden)
			continue;
		p = &e->slots[i].proc;
		text_number(t, p->instance);
		if (p->pid == 0)
			table_str(t, "-");
		else
			text_number(t, p->pid);
		table_str(t, text_when(p->started_wall, buf, sizeof(buf)));
		table_str(t, p->pid == 0 ? "-" :
		    duration(p->uptime_ms, buf, sizeof(buf)));
		text_number(t, p->starts);
		text_cell(t, text_last_exit(p));
	}
	table_print(t, stdout, "    ", text_columns());
	table_free(t);
}

static void
print_line(const char *label, char *owned)
{
	char		*text;

	text = visible(owned, strlen(owned), NULL);
	printf("    %-10s%s\n", label, text);
	free(text);
	free(owned);
}

static void
print_detail(const struct answer_entry *e)
{
	const struct answer_task	*task = &e->task;
	char				*name, *s, buf[32];

	name = visible(task->name.p, task->name.len, NULL);
	printf("%s: %s%s%s", name, text_state_colour(task->state),
	    state_name((enum task_state)task->state), text_off());
	free(name);
	if (task->since_wall != 0)
		printf(" since %s", text_when(task->since_wall, buf,
		    sizeof(buf)));
	printf(", %u of %u running\n", task->running, task->count);

	s = note(e);
	if (*s != '\0')
		print_line("because", s);
	else
		free(s);
	print_line("control", xstrdup(control_name(
	    (enum control)task->control)));
	if (task->nrequires > 0)
		print_line("requires", answer_strs(task->nrequires,
		    task->requires));
	if (task->nroles > 0)
		print_line("roles", answer_strs(task->nroles, task->roles));
	xasprintf(&s, "%u", task->restarts);
	print_line("restarts", s);
	print_slots(e);
}

/* " (2 failed, 1 waiting)": those that should run, or soon will. */
static void
print_troubles(const struct answer *a)
{
	static const enum task_state	 troubles[] = { STATE_FAILED,
	    STATE_BACKOFF, STATE_WAITING, STATE_STARTING, STATE_STOPPING };
	const char			*before = " (";
	size_t				 i, k, n;

	for (k = 0; k < nitems(troubles); k++) {
		for (i = n = 0; i < a->ntasks; i++)
			if (a->tasks[i].task.state == troubles[k])
				n++;
		if (n == 0)
			continue;
		printf("%s%s%zu %s%s", before, text_state_colour(troubles[k]),
		    n, state_name(troubles[k]), text_off());
		before = ", ";
	}
	if (*before == ',')
		putchar(')');
}

/* "taskforced 0.1.0, pid 812, up 3m2s: 7 of 8 tasks running", and so on. */
static void
print_summary(const struct answer *a)
{
	static const char *const	 modes[MODE_MAX] = { "", ", stopping",
	    ", resetting" };
	const struct answer_summary	*s = &a->summary;
	char				*roles, *text, buf[32];

	text = visible(s->version.p, s->version.len, NULL);
	printf("taskforced %s, pid %u, up %s%s: %u of %u task%s running",
	    text, s->pid, duration(wall_now() - s->started_wall, buf,
	    sizeof(buf)), modes[s->mode], s->nrunning, s->ntasks,
	    s->ntasks == 1 ? "" : "s");
	free(text);
	print_troubles(a);
	fputs("; ", stdout);

	if (s->roles_on) {
		roles = answer_strs(s->nroles, s->roles);
		text = visible(roles, strlen(roles), NULL);
		printf("roles: %s; ", s->nroles == 0 ? "none" : text);
		free(text);
		free(roles);
	} else
		fputs("roles: not used, all tasks are in scope; ", stdout);

	printf("configuration %u of %s %s\n", s->gen, text_when(s->loaded_wall,
	    buf, sizeof(buf)), s->load_ok ? "in force" : "still in force");
	if (!s->load_ok) {
		text = visible(s->load_error.p, s->load_error.len, NULL);
		printf("%sthe last load failed: %s%s\n",
		    text_colour(COLOUR_BAD), text, text_off());
		free(text);
	}
}

static void
print_alerts(const struct answer_summary *s)
{
	struct cursor	 alerts = s->alerts;
	struct span	 alert;
	char		*text;
	uint32_t	 i;

	for (i = 0; i < s->nalerts; i++) {
		alert = get_str(&alerts);
		text = visible(alert.p, alert.len, NULL);
		printf("%s%s%s\n", text_colour(COLOUR_BAD), text, text_off());
		free(text);
	}
}

/* Those that something is wrong with. */
static void
print_listeners(const struct answer *a)
{
	const struct listener	*l;
	char			*addr, *error;
	size_t			 i;

	for (i = 0; i < a->nlisteners; i++) {
		l = &a->listeners[i].listener;
		if (l->up && l->error.len == 0)
			continue;
		addr = visible(l->addr.p, l->addr.len, NULL);
		error = visible(l->error.p, l->error.len, NULL);
		printf("%shttp %s%s: %s%s\n", text_colour(COLOUR_BAD), addr,
		    l->up ? "" : " is not served", error, text_off());
		free(addr);
		free(error);
	}
}

void
text_status(const struct answer *a, bool detail)
{
	size_t		 i;

	if (detail) {
		for (i = 0; i < a->ntasks; i++)
			print_detail(&a->tasks[i]);
		/* Why what is shown may not be what the file says, and why
		 * a change of a file may be seen late. */
		if (!a->have_summary || (a->summary.load_ok &&
		    a->summary.nalerts == 0))
			return;
	} else if (a->ntasks > 0) {
		print_overview(a);
	}
	if (a->have_summary) {
		putchar('\n');
		print_summary(a);
		print_alerts(&a->summary);
		print_listeners(a);
	}
}
