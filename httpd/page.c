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
 * Writes the page.  It is whole without its script: a reload shows what is
 * so now, and buttons are plain forms.  No style and no script stands in it,
 * so that the strictest policy (PAGE_CSP) can be asked of a browser.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/client.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/mono.h"
#include "../common/plan.h"
#include "../common/run.h"
#include "../common/states.h"
#include "../common/util.h"
#include "graph.h"
#include "html.h"
#include "page.h"
#include "render.h"
#include "snapshot.h"

#define PIDS_MAX	8	/* of one task; beyond, their number */

struct page {
	FILE			*fp;
	bool			 control;
	int64_t			 now;
	struct answer_summary	 sum;
	struct answer_task	*tasks;
	size_t			 ntasks;
};

static void
put_head(FILE *fp)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n<title>", fp);
	html_text(fp, render_nodename());
	fputs(" \xc2\xb7 taskforce</title>\n"
	    "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/icon.svg\">\n"
	    "<link rel=\"stylesheet\" href=\"/page.css\">\n"
	    "<script src=\"/page.js\" defer></script>\n</head>\n<body>\n",
	    fp);
}

static void
put_header(const struct page *p)
{
	put_head(p->fp);
	fputs("<a class=\"skip\" href=\"#tasks\">Skip to the tasks</a>\n"
	    "<header>\n<img src=\"/icon.svg\" alt=\"\">\n<div><h1>", p->fp);
	html_text(p->fp, render_nodename());
	fputs("</h1><p>taskforce ", p->fp);
	html_span(p->fp, p->sum.version);
	fputs("</p></div>\n<p id=\"live\" role=\"status\">as of ", p->fp);
	html_time(p->fp, p->now);
	fputs("</p>\n</header>\n<p id=\"alert\" class=\"alert\" "
	    "role=\"alert\"></p>\n", p->fp);
}

static void
put_roles(const struct page *p)
{
	struct cursor names = p->sum.roles;
	uint32_t i;

	fputs("<div><dt>Roles in force</dt><dd>", p->fp);
	if (!p->sum.roles_on)
		fputs("no filter<small>all tasks are in scope</small>",
		    p->fp);
	else if (p->sum.nroles == 0)
		fputs("none", p->fp);
	for (i = 0; i < p->sum.nroles; i++) {
		if (i > 0)
			fputs(", ", p->fp);
		html_span(p->fp, get_str(&names));
	}
	fputs("</dd></div>\n", p->fp);
}

static void
put_summary(const struct page *p)
{
	const struct answer_summary *s = &p->sum;
	struct cursor alerts = s->alerts;
	uint32_t i;

	fprintf(p->fp, "<dl class=\"card summary\">\n"
	    "<div><dt>Tasks running</dt><dd>%u of %u</dd></div>\n",
	    s->nrunning, s->ntasks);
	fputs("<div><dt>Configuration loaded</dt><dd>", p->fp);
	html_time(p->fp, s->loaded_wall);
	fprintf(p->fp, "<small>generation %u, last load %s</small></dd>"
	    "</div>\n", s->gen, s->load_ok ? "ok" : "failed");
	put_roles(p);
	fputs("<div><dt>Up for</dt><dd>", p->fp);
	html_since(p->fp, s->started_wall, p->now);
	fprintf(p->fp, "<small>pid %u%s</small></dd></div>\n</dl>\n", s->pid,
	    s->mode == MODE_STOP ? ", stopping" :
	    s->mode == MODE_RESET ? ", resetting" : "");
	if (!s->load_ok) {
		fputs("<p class=\"alert\" role=\"alert\"><strong>The last "
		    "load failed;</strong> the configuration from before "
		    "stays in force. ", p->fp);
		html_span(p->fp, s->load_error);
		fputs("</p>\n", p->fp);
	}
	for (i = 0; i < s->nalerts; i++) {
		fputs("<p class=\"alert\" role=\"alert\">", p->fp);
		html_span(p->fp, get_str(&alerts));
		fputs("</p>\n", p->fp);
	}
}

/* Those that something is wrong with. */
static void
put_listeners(const struct page *p, const struct snapshot *s)
{
	struct listener l;
	size_t pos = 0;

	while (snapshot_listener(s, &pos, &l)) {
		if (l.up && l.error.len == 0)
			continue;
		fputs("<p class=\"alert\" role=\"alert\"><strong>http ",
		    p->fp);
		html_span(p->fp, l.addr);
		fputs(l.up ? ":</strong> " : " is not served:</strong> ",
		    p->fp);
		html_span(p->fp, l.error);
		fputs("</p>\n", p->fp);
	}
}

/* A button that says what it does, and to what, to those who hear it. */
static void
put_button(const struct page *p, const char *action, const char *label,
    struct span name)
{
	fprintf(p->fp, "<button name=\"action\" value=\"%s\" "
	    "aria-label=\"%s ", action, label);
	html_span(p->fp, name);
	fprintf(p->fp, "\">%s</button>\n", label);
}

static void
put_name_field(const struct page *p, struct span name)
{
	fputs("<input type=\"hidden\" name=\"task\" value=\"", p->fp);
	html_span(p->fp, name);
	fputs("\">\n", p->fp);
}

static void
put_actions(const struct page *p, const struct answer_task *t)
{
	bool runs = t->running > 0 || t->state == STATE_STARTING ||
	    t->state == STATE_BACKOFF;

	fputs("<td class=\"do\"><form method=\"post\" action=\"/\">\n", p->fp);
	put_name_field(p, t->name);
	if (runs) {
		put_button(p, "restart", "Restart", t->name);
		put_button(p, "stop", "Stop", t->name);
	} else
		put_button(p, "start", "Start", t->name);
	fputs("</form>\n<form class=\"set\" method=\"post\" action=\"/\">\n",
	    p->fp);
	put_name_field(p, t->name);
	fputs("<input type=\"number\" id=\"c-", p->fp);
	html_id(p->fp, t->name);
	fprintf(p->fp, "\" name=\"count\" min=\"1\" max=\"%d\" required "
	    "value=\"%u\" aria-label=\"Count of ", LIMIT_INSTANCES,
	    t->count);
	html_span(p->fp, t->name);
	fputs("\">\n", p->fp);
	put_button(p, "count", "Set count", t->name);
	fputs("</form></td>", p->fp);
}

static void
put_state(const struct page *p, const struct answer_task *t)
{
	fprintf(p->fp, "<td><span class=\"state %s\">%s</span>",
	    html_class(t->state), state_name((enum task_state)t->state));
	if (t->since_wall != 0) {
		fputs("<small>for ", p->fp);
		html_since(p->fp, t->since_wall, p->now);
		fputs("</small>", p->fp);
	}
	fputs("</td>\n<td>", p->fp);
	if (t->reason != REASON_NONE) {
		if (t->detail.len > 0)
			html_span(p->fp, t->detail);
		else
			fputs(reason_name((enum task_reason)t->reason),
			    p->fp);
	}
	fputs("</td>\n", p->fp);
}

/* What is gathered of a task's processes. */
struct procs {
	uint32_t	 pids[PIDS_MAX];
	uint32_t	 n;		/* that run */
	int64_t		 oldest;	/* when the longest-lived started */
	bool		 exited;
	int64_t		 exited_wall;	/* the last */
	uint32_t	 status;
};

static void
add_proc(struct procs *ps, const struct answer_proc *a)
{
	if (a->pid != 0) {
		if (ps->n < PIDS_MAX)
			ps->pids[ps->n] = a->pid;
		if (ps->n++ == 0 || a->started_wall < ps->oldest)
			ps->oldest = a->started_wall;
	}
	if (a->exited && (!ps->exited || a->exited_wall > ps->exited_wall)) {
		ps->exited = true;
		ps->exited_wall = a->exited_wall;
		ps->status = a->status;
	}
}

static void
put_procs(const struct page *p, const struct answer_task *t,
    const struct procs *ps)
{
	uint32_t i;

	fprintf(p->fp, "<td class=\"num\" data-label=\"Processes\">%u of %u",
	    t->running, t->count);
	if (ps->n > 0)
		fputs("<small>pid ", p->fp);
	for (i = 0; i < ps->n && i < PIDS_MAX; i++)
		fprintf(p->fp, "%s%u", i == 0 ? "" : i % 4 == 0 ? ",<br>" :
		    ", ", ps->pids[i]);
	if (ps->n > PIDS_MAX)
		fprintf(p->fp, ", and %u more", ps->n - PIDS_MAX);
	if (ps->n > 0)
		fputs("</small>", p->fp);
	fputs("</td>\n<td class=\"num\" data-label=\"Uptime\">", p->fp);
	if (ps->n > 0)
		html_since(p->fp, ps->oldest, p->now);
	fprintf(p->fp, "</td>\n<td class=\"num\" data-label=\"Restarts\">%u",
	    t->restarts);
	if (ps->exited) {
		fputs("<small>last ", p->fp);
		html_text(p->fp, exit_text((int)ps->status));
		fputs("</small>", p->fp);
	}
	fputs("</td>\n", p->fp);
}

static void
put_task(const struct page *p, const struct answer_task *t,
    const struct procs *ps)
{
	struct cursor names = t->requires;
	uint32_t i;

	fprintf(p->fp, "<tr id=\"t-");
	html_id(p->fp, t->name);
	fprintf(p->fp, "\"%s>\n<th scope=\"row\">",
	    t->in_scope ? "" : " class=\"out\"");
	html_span(p->fp, t->name);
	fprintf(p->fp, "<small>%s", control_name((enum control)t->control));
	for (i = 0; i < t->nrequires; i++) {
		fputs(i == 0 ? ", requires " : ", ", p->fp);
		html_span(p->fp, get_str(&names));
	}
	fputs("</small></th>\n", p->fp);
	put_state(p, t);
	put_procs(p, t, ps);
	if (p->control)
		put_actions(p, t);
	fputs("</tr>\n", p->fp);
}

static void
put_table(const struct page *p, const struct snapshot *s)
{
	struct snapshot_record r;
	struct procs procs;
	size_t pos = 0;
	uint32_t n = 0;

	fputs("<div class=\"bar\"><h2 id=\"tasks\">Tasks</h2>", p->fp);
	if (p->control)
		fputs("<form method=\"post\" action=\"/\"><button "
		    "name=\"action\" value=\"reload\">Reload the "
		    "configuration</button></form>", p->fp);
	fputs("</div>\n<div class=\"card\"><table aria-labelledby=\"tasks\">"
	    "\n<thead><tr><th scope=\"col\">Task</th><th scope=\"col\">State"
	    "</th><th scope=\"col\">Why</th><th scope=\"col\">Processes</th>"
	    "<th scope=\"col\">Uptime</th><th scope=\"col\">Restarts</th>",
	    p->fp);
	if (p->control)
		fputs("<th scope=\"col\" class=\"do\">Actions</th>", p->fp);
	fputs("</tr></thead>\n<tbody>\n", p->fp);
	memset(&procs, 0, sizeof(procs));
	while (snapshot_next(s, &pos, &r)) {
		if (!r.is_task) {
			add_proc(&procs, &r.proc);
			continue;
		}
		if (n > 0)
			put_task(p, &p->tasks[n - 1], &procs);
		memset(&procs, 0, sizeof(procs));
		n++;
	}
	if (n > 0)
		put_task(p, &p->tasks[n - 1], &procs);
	fputs("</tbody>\n</table></div>\n", p->fp);
}

static void
put_graph(const struct page *p)
{
	size_t i;

	for (i = 0; i < p->ntasks; i++)
		if (p->tasks[i].nrequires > 0)
			break;
	if (i == p->ntasks)
		return;
	fputs("<h2 id=\"deps\">Dependencies</h2>\n<div class=\"card graph\" "
	    "role=\"region\" aria-labelledby=\"deps\" tabindex=\"0\">\n",
	    p->fp);
	graph_write(p->fp, p->tasks, p->ntasks);
	fputs("</div>\n", p->fp);
}

static void
collect(struct page *p, const struct snapshot *s)
{
	struct snapshot_record r;
	size_t pos = 0;

	p->tasks = xcalloc(snapshot_ntasks(s) + 1, sizeof(*p->tasks));
	while (snapshot_next(s, &pos, &r))
		if (r.is_task)
			p->tasks[p->ntasks++] = r.task;
}

struct text *
page_render(const struct snapshot *s, bool control)
{
	struct page p = { .control = control, .now = wall_now() };
	size_t len;
	char *data;

	if ((p.fp = open_memstream(&data, &len)) == NULL)
		fatal("page");
	snapshot_summary(s, &p.sum);
	collect(&p, s);
	put_header(&p);
	fprintf(p.fp, "<main data-now=\"%lld\">\n", (long long)p.now);
	put_summary(&p);
	put_listeners(&p, s);
	put_graph(&p);
	put_table(&p, s);
	fputs("</main>\n<footer>\n<a href=\"/status/tasks?indent=2\">Tasks "
	    "as JSON</a>\n<a href=\"/status/config?indent=2\">Configuration"
	    "</a>\n<a href=\"/metrics\">Metrics</a>\n</footer>\n</body>\n"
	    "</html>\n", p.fp);
	if (fclose(p.fp) == EOF)
		fatal("page");
	free(p.tasks);
	return (text_new(data, len));
}

struct text *
page_failure(const char *lines)
{
	size_t len;
	char *data;
	FILE *fp;

	if ((fp = open_memstream(&data, &len)) == NULL)
		fatal("page");
	put_head(fp);
	fputs("<main>\n<h1>That was not done</h1>\n<p class=\"alert\" "
	    "role=\"alert\">", fp);
	html_text(fp, lines);
	fputs("</p>\n<p><a href=\"/\">Back</a></p>\n</main>\n</body>\n"
	    "</html>\n", fp);
	if (fclose(fp) == EOF)
		fatal("page");
	return (text_new(data, len));
}
