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
 * Answers for people.  All text from the daemon goes through visible() or a
 * table, which calls it.
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../common/mono.h"
#include "../common/plan.h"
#include "../common/run.h"
#include "../common/states.h"
#include "../common/util.h"
#include "output.h"
#include "visible.h"

#define PIDS_SHOWN	5	/* of one task; "+N" for the others */

/* What a glance should tell: all is well, it moves, look here. */
static const char *const colours[STATE_MAX] = {
	[STATE_RUNNING] =	"\033[32m",
	[STATE_STARTING] =	"\033[33m",
	[STATE_WAITING] =	"\033[33m",
	[STATE_STOPPING] =	"\033[33m",
	[STATE_BACKOFF] =	"\033[31m",
	[STATE_FAILED] =	"\033[31m"
};

static bool
want_colour(void)
{
	const char	*term = getenv("TERM"), *no = getenv("NO_COLOR");

	return (isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') &&
	    term != NULL && strcmp(term, "dumb") != 0);
}

/* Local date and time to the second; a time of today without its date. */
static const char *
when(int64_t wall, char *buf, size_t size)
{
	struct tm	 tm, now;
	time_t		 t, n;

	if (wall == 0)
		return ("-");
	t = (time_t)(wall / 1000);
	n = time(NULL);
	if (localtime_r(&t, &tm) == NULL || localtime_r(&n, &now) == NULL ||
	    strftime(buf, size, tm.tm_year == now.tm_year &&
	    tm.tm_yday == now.tm_yday ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S",
	    &tm) == 0)
		return ("?");
	return (buf);
}

static void
add_state(struct table *t, uint8_t state, bool colour)
{
	table_str(t, state_name((enum task_state)state));
	if (colour && colours[state] != NULL)
		table_colour(t, colours[state]);
}

static char *
note(const struct answer_task *task)
{
	return (reason_note((enum task_reason)task->reason, task->detail.p,
	    task->detail.len));
}

static void
add_owned(struct table *t, char *s)
{
	table_str(t, s);
	free(s);
}

static void
add_number(struct table *t, uint32_t n)
{
	char		 buf[16];

	snprintf(buf, sizeof(buf), "%u", n);
	table_str(t, buf);
}

static void
print_overview(const struct answer *a, bool colour)
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
	for (i = 0; i < a->ntasks; i++) {
		e = &a->tasks[i];
		table_cell(t, e->task.name.p, e->task.name.len);
		add_state(t, e->task.state, colour);
		snprintf(buf, sizeof(buf), "%u/%u", e->task.running,
		    e->task.count);
		table_str(t, buf);
		add_owned(t, answer_pids(e, PIDS_SHOWN));
		uptime = answer_uptime(e);
		table_str(t, uptime == -1 ? "-" :
		    duration(uptime, buf, sizeof(buf)));
		add_number(t, e->task.restarts);
		add_owned(t, answer_strs(e->task.nroles, e->task.roles));
		add_owned(t, note(&e->task));
	}
	table_print(t, stdout, "");
	table_free(t);
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
	char				*last, buf[32];
	size_t				 i;

	if (e->nslots == 0)
		return;
	t = table_new(flags, nitems(heads));
	for (i = 0; i < nitems(heads); i++)
		table_str(t, heads[i]);
	for (i = 0; i < e->nslots; i++) {
		if (e->slots[i].hidden)
			continue;
		p = &e->slots[i].proc;
		add_number(t, p->instance);
		if (p->pid == 0)
			table_str(t, "-");
		else
			add_number(t, p->pid);
		table_str(t, when(p->started_wall, buf, sizeof(buf)));
		table_str(t, p->pid == 0 ? "-" :
		    duration(p->uptime_ms, buf, sizeof(buf)));
		add_number(t, p->starts);
		if (p->exit_pending)
			table_str(t, "is being stopped");
		else if (p->exited) {
			xasprintf(&last, "%s at %s", exit_text((int)p->status),
			    when(p->exited_wall, buf, sizeof(buf)));
			add_owned(t, last);
		} else
			table_str(t, "");
	}
	table_print(t, stdout, "    ");
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
print_detail(const struct answer_entry *e, bool colour)
{
	const struct answer_task	*task = &e->task;
	const char			*tint;
	char				*name, *s, buf[32];

	tint = colour ? colours[task->state] : NULL;
	name = visible(task->name.p, task->name.len, NULL);
	printf("%s: %s%s%s", name, tint == NULL ? "" : tint,
	    state_name((enum task_state)task->state),
	    tint == NULL ? "" : "\033[0m");
	free(name);
	if (task->since_wall != 0)
		printf(" since %s", when(task->since_wall, buf, sizeof(buf)));
	printf(", %u of %u running\n", task->running, task->count);

	s = note(task);
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

/* "taskforced 0.1.0, pid 812, up 3m2s: 7 of 8 tasks running", and so on. */
static void
print_summary(const struct answer_summary *s, bool colour)
{
	static const char *const	 modes[MODE_MAX] = { "", ", stopping",
	    ", resetting" };
	char				*roles, *text, buf[32];

	text = visible(s->version.p, s->version.len, NULL);
	printf("taskforced %s, pid %u, up %s%s: %u of %u task%s running; ",
	    text, s->pid, duration(wall_now() - s->started_wall, buf,
	    sizeof(buf)), modes[s->mode], s->nrunning, s->ntasks,
	    s->ntasks == 1 ? "" : "s");
	free(text);

	if (s->roles_on) {
		roles = answer_strs(s->nroles, s->roles);
		text = visible(roles, strlen(roles), NULL);
		printf("roles: %s; ", s->nroles == 0 ? "none" : text);
		free(text);
		free(roles);
	} else
		fputs("roles: not used, all tasks are in scope; ", stdout);

	printf("configuration %u of %s %s\n", s->gen, when(s->loaded_wall,
	    buf, sizeof(buf)), s->load_ok ? "in force" : "still in force");
	if (!s->load_ok) {
		text = visible(s->load_error.p, s->load_error.len, NULL);
		printf("%sthe last load failed: %s%s\n", colour ? "\033[31m" :
		    "", text, colour ? "\033[0m" : "");
		free(text);
	}
}

static void
text_status(const struct answer *a, bool detail)
{
	size_t		 i;
	bool		 colour;

	colour = want_colour();
	if (detail) {
		for (i = 0; i < a->ntasks; i++)
			print_detail(&a->tasks[i], colour);
		/* Why what is shown may not be what the file says. */
		if (!a->have_summary || a->summary.load_ok)
			return;
	} else if (a->ntasks > 0) {
		print_overview(a, colour);
	}
	if (a->have_summary) {
		putchar('\n');
		print_summary(&a->summary, colour);
	}
}

static void
text_result(const struct answer *a)
{
	visible_lines(stdout, a->chunks, a->nchunks);
	/* A refusal is said on stderr, by ctl_fail(). */
	if (!a->failed && a->text != NULL)
		visible_lines(stdout, a->text, strlen(a->text));
}

static void
text_version(const struct answer *a)
{
	printf("taskforcectl %s\n", PACKAGE_VERSION);
	visible_lines(stdout, a->chunks, a->nchunks);
}

const struct output output_text = {
	.status = text_status,
	.result = text_result,
	.version = text_version
};
