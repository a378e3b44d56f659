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
 * Writes metrics.  All of one name stand together, as the format asks for;
 * so the tasks are gone through once for each.  Labels are names of the
 * configuration and words of closed lists: there is an end to them.
 */

#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/client.h"
#include "../common/log.h"
#include "../common/run.h"
#include "../common/states.h"
#include "../common/util.h"
#include "prom.h"
#include "render.h"
#include "snapshot.h"

struct prom {
	FILE			*fp;
	struct answer_task	*tasks;
	size_t			 n;
};

static void
head(const struct prom *p, const char *name, const char *type,
    const char *help)
{
	fprintf(p->fp, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
	    type);
}

/* The value of a label, without its quotes. */
static void
label(const struct prom *p, struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			fputc('\\', p->fp);
		fputc(s.p[i], p->fp);
	}
}

static void
text_label(const struct prom *p, const char *s)
{
	label(p, (struct span){ s, strlen(s) });
}

/* Milliseconds as seconds. */
static void
seconds(const struct prom *p, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	fprintf(p->fp, "%lld.%03d\n", (long long)(ms / 1000),
	    (int)(ms % 1000));
}

static void
gauge(const struct prom *p, const char *name, const char *help, uint64_t v)
{
	head(p, name, "gauge", help);
	fprintf(p->fp, "%s %llu\n", name, (unsigned long long)v);
}

static void
put_summary(const struct prom *p, const struct answer_summary *s)
{
	gauge(p, "taskforce_tasks", "Tasks configured.", s->ntasks);
	gauge(p, "taskforce_tasks_running", "Tasks that run or start.",
	    s->nrunning);
	gauge(p, "taskforce_config_generation",
	    "How often a configuration has taken effect.", s->gen);
	gauge(p, "taskforce_config_last_load_successful",
	    "Whether the last load of the configuration succeeded.",
	    s->load_ok);
	head(p, "taskforce_config_loaded_timestamp_seconds", "gauge",
	    "When the configuration in force was loaded.");
	fputs("taskforce_config_loaded_timestamp_seconds ", p->fp);
	seconds(p, s->loaded_wall);
	head(p, "taskforce_start_time_seconds", "gauge",
	    "When the daemon was started.");
	fputs("taskforce_start_time_seconds ", p->fp);
	seconds(p, s->started_wall);
}

/* A line of a task: its name and no other label. */
static void
task_line(const struct prom *p, const char *name,
    const struct answer_task *t, uint64_t v)
{
	fprintf(p->fp, "%s{task=\"", name);
	label(p, t->name);
	fprintf(p->fp, "\"} %llu\n", (unsigned long long)v);
}

/* The same with one more. */
static void
task_line2(const struct prom *p, const char *name,
    const struct answer_task *t, const char *key, const char *value,
    uint64_t v)
{
	fprintf(p->fp, "%s{task=\"", name);
	label(p, t->name);
	fprintf(p->fp, "\",%s=\"%s\"} %llu\n", key, value,
	    (unsigned long long)v);
}

static void
put_states(const struct prom *p)
{
	static const char name[] = "taskforce_task_state";
	const struct answer_task *t;
	size_t i;
	int state;

	head(p, name, "gauge", "1 for the state that the task is in.");
	for (i = 0; i < p->n; i++) {
		t = &p->tasks[i];
		for (state = 0; state < STATE_MAX; state++)
			task_line2(p, name, t, "state", state_name(state),
			    t->state == state);
	}
	head(p, "taskforce_task_state_since_timestamp_seconds", "gauge",
	    "When the task came into its state.");
	for (i = 0; i < p->n; i++) {
		t = &p->tasks[i];
		fputs("taskforce_task_state_since_timestamp_seconds{task=\"",
		    p->fp);
		label(p, t->name);
		fputs("\"} ", p->fp);
		seconds(p, t->since_wall);
	}
	head(p, "taskforce_task_in_backoff", "gauge",
	    "Whether the task waits before it is started again.");
	for (i = 0; i < p->n; i++)
		task_line(p, "taskforce_task_in_backoff", &p->tasks[i],
		    p->tasks[i].state == STATE_BACKOFF);
}

static void
put_instances(const struct prom *p)
{
	size_t i;

	head(p, "taskforce_task_instances_wanted", "gauge",
	    "Processes that the task shall have.");
	for (i = 0; i < p->n; i++)
		task_line(p, "taskforce_task_instances_wanted",
		    &p->tasks[i], p->tasks[i].count);
	head(p, "taskforce_task_instances_running", "gauge",
	    "Processes that the task has.");
	for (i = 0; i < p->n; i++)
		task_line(p, "taskforce_task_instances_running",
		    &p->tasks[i], p->tasks[i].running);
}

static void
put_counts(const struct prom *p)
{
	static const char exits[] = "taskforce_task_exits_total";
	static const char restarts[] = "taskforce_task_restarts_total";
	const struct answer_task *t;
	size_t i;
	int cause;

	head(p, "taskforce_task_starts_total", "counter",
	    "Processes started.");
	for (i = 0; i < p->n; i++)
		task_line(p, "taskforce_task_starts_total", &p->tasks[i],
		    p->tasks[i].counts.starts);
	head(p, "taskforce_task_start_failures_total", "counter",
	    "Processes that could not be started.");
	for (i = 0; i < p->n; i++)
		task_line(p, "taskforce_task_start_failures_total",
		    &p->tasks[i], p->tasks[i].counts.start_failures);
	head(p, exits, "counter",
	    "Processes that ended: with status 0, another, or by a signal.");
	for (i = 0; i < p->n; i++) {
		t = &p->tasks[i];
		task_line2(p, exits, t, "kind", "ok", t->counts.exits_ok);
		task_line2(p, exits, t, "kind", "error",
		    t->counts.exits_bad);
		task_line2(p, exits, t, "kind", "signal",
		    t->counts.exits_signal);
	}
	head(p, restarts, "counter", "Processes started again, and why.");
	for (i = 0; i < p->n; i++) {
		t = &p->tasks[i];
		for (cause = 0; cause < RESTART_CAUSE_MAX; cause++)
			task_line2(p, restarts, t, "cause",
			    cause_name(cause), t->counts.restarts[cause]);
	}
}

static void
put_tasks(struct prom *p, const struct snapshot *s)
{
	struct answer_summary sum;
	struct snapshot_record r;
	size_t pos = 0;

	snapshot_summary(s, &sum);
	put_summary(p, &sum);
	p->tasks = xcalloc(snapshot_ntasks(s) + 1, sizeof(*p->tasks));
	while (snapshot_next(s, &pos, &r))
		if (r.is_task)
			p->tasks[p->n++] = r.task;
	put_states(p);
	put_instances(p);
	put_counts(p);
	free(p->tasks);
}

static void
put_requests(const struct prom *p, const struct prom_facts *f)
{
	static const char name[] = "taskforce_http_requests_total";
	size_t i;

	head(p, name, "counter", "Requests answered, by this process.");
	for (i = 0; i < f->nrequests; i++) {
		fprintf(p->fp, "%s{listener=\"", name);
		text_label(p, f->requests[i].addr);
		fprintf(p->fp, "\",code=\"%d\"} %llu\n",
		    f->requests[i].status,
		    (unsigned long long)f->requests[i].n);
	}
}

/* What is said of each of our processes. */
enum what {
	RESTARTS,
	CPU,
	MEMORY
};

static void
process_line(const struct prom *p, const char *name, enum what what,
    const struct http_fact *f)
{
	/* The spawner is started by others; one that is not, is not there. */
	if ((what == RESTARTS && span_is(f->name, "spawner")) ||
	    f->starts == 0 || (what != RESTARTS && f->rss == 0))
		return;
	fprintf(p->fp, "%s{%s=\"", name,
	    what == RESTARTS ? "helper" : "process");
	label(p, f->name);
	fputs("\"} ", p->fp);
	if (what == RESTARTS)
		fprintf(p->fp, "%u\n", f->starts - 1);
	else if (what == MEMORY)
		fprintf(p->fp, "%llu\n", (unsigned long long)f->rss);
	else
		seconds(p, (int64_t)f->cpu_ms);
}

static void
put_processes(const struct prom *p, struct cursor c)
{
	static const struct {
		const char	*name;
		const char	*type;
		const char	*help;
	} all[] = {
		[RESTARTS] = { "taskforce_helper_restarts_total", "counter",
		    "How often a helper was started again." },
		[CPU] = { "taskforce_process_cpu_seconds_total", "counter",
		    "CPU time of our own processes." },
		[MEMORY] = { "taskforce_process_resident_memory_bytes",
		    "gauge", "Memory of our own processes." },
	};
	struct http_fact f;
	struct cursor facts;
	uint32_t i, n;
	int what;

	n = get_count(&c, HTTP_FACT_MIN);
	for (what = RESTARTS; what <= MEMORY; what++) {
		head(p, all[what].name, all[what].type, all[what].help);
		facts = c;
		for (i = 0; i < n; i++) {
			get_http_fact(&facts, &f);
			process_line(p, all[what].name, what, &f);
		}
	}
}

struct text *
prom_render(const struct prom_facts *f)
{
	struct prom p = { 0 };
	size_t len;
	char *data;

	if ((p.fp = open_memstream(&data, &len)) == NULL)
		fatal("metrics");
	head(&p, "taskforce_build_info", "gauge", "The version of httpd.");
	fprintf(p.fp, "taskforce_build_info{version=\"%s\"} 1\n",
	    PACKAGE_VERSION);
	gauge(&p, "taskforce_monitor_up", "Whether the monitor answers.",
	    f->snapshot != NULL);
	if (f->snapshot != NULL)
		put_tasks(&p, f->snapshot);
	put_requests(&p, f);
	if (f->processes.left > 0)
		put_processes(&p, f->processes);
	if (fclose(p.fp) == EOF)
		fatal("metrics");
	return (text_new(data, len));
}
