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
 * Answers for scripts: columns with a tab between them, "-" for an empty
 * one, no heading, nothing that depends on the terminal or the locale.
 * Strings of messages hold no control characters (get_str() sees to that),
 * so that neither tab nor newline can be in a column.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/states.h"
#include "output.h"

/*
 * task, state, running, count, pids, uptime (s), restarts, roles, reason,
 * detail.
 */
static void
plain_status(const struct answer *a, bool detail)
{
	const struct answer_entry	*e;
	const struct answer_task	*t;
	char				*pids, *roles, uptime[32];
	int64_t				 ms;
	size_t				 i;

	(void)detail;
	for (i = 0; i < a->ntasks; i++) {
		e = &a->tasks[i];
		t = &e->task;
		pids = answer_pids(e, 0);
		roles = answer_strs(t->nroles, t->roles);
		if ((ms = answer_uptime(e)) == -1)
			(void)strlcpy(uptime, "-", sizeof(uptime));
		else
			snprintf(uptime, sizeof(uptime), "%lld",
			    (long long)(ms / 1000));
		printf("%.*s\t%s\t%u\t%u\t%s\t%s\t%u\t%s\t%s\t%.*s\n",
		    (int)t->name.len, t->name.p,
		    state_name((enum task_state)t->state), t->running,
		    t->count, pids, uptime, t->restarts, roles,
		    t->reason == REASON_NONE ? "-" :
		    reason_name((enum task_reason)t->reason),
		    t->detail.len == 0 ? 1 : (int)t->detail.len,
		    t->detail.len == 0 ? "-" : t->detail.p);
		free(pids);
		free(roles);
	}
}

/* Control characters become '?': chunks may hold any byte. */
static void
print_safe(const char *s, size_t len)
{
	size_t		 i;
	unsigned char	 c;

	for (i = 0; i < len; i++) {
		c = (unsigned char)s[i];
		putchar(c < 0x20 || c == 0x7f ? '?' : c);
	}
}

static void
message_row(const char *s, size_t len, void *arg)
{
	(void)arg;
	fputs("message\t", stdout);
	print_safe(s, len);
	putchar('\n');
}

/* The last row of what changes something. */
static void
plain_result(const struct answer *a)
{
	printf("%s\t", a->failed ? "failed" : "ok");
	if (a->text != NULL)
		print_safe(a->text, strlen(a->text));
	putchar('\n');
}

/* "-" for an empty column. */
static void
print_span(struct span s)
{
	if (s.len == 0)
		putchar('-');
	else
		print_safe(s.p, s.len);
}

/* depth, task, state, reason, detail, remedy. */
static void
plain_why(const struct answer *a, const struct answer *status)
{
	const struct answer_why	*y;
	size_t			 i;

	(void)status;
	for (i = 0; i < a->nlinks; i++) {
		y = &a->links[i].why;
		printf("%u\t%.*s\t%s\t%s\t", y->depth, (int)y->name.len,
		    y->name.p, state_name((enum task_state)y->state),
		    y->reason == REASON_NONE ? "-" :
		    reason_name((enum task_reason)y->reason));
		print_span(y->detail);
		putchar('\t');
		print_span(y->remedy);
		putchar('\n');
	}
}

/* "task", name, kept, started, stopped, restarted, new or removed, why. */
static void
plain_load(const struct answer *a, enum load_kind kind)
{
	const struct answer_change	*c;
	size_t				 i;

	(void)kind;
	answer_lines(a, message_row, NULL);
	for (i = 0; i < a->neffects; i++) {
		c = &a->effects[i].change;
		printf("task\t%.*s\t%u\t%u\t%u\t%u\t%s\t", (int)c->name.len,
		    c->name.p, c->kept, c->started, c->stopped, c->restarted,
		    c->added ? "new" : c->removed ? "removed" : "-");
		print_span(c->why);
		putchar('\n');
	}
	plain_result(a);
}

/* "task", name, word, text. */
static void
plain_outcomes(const struct answer *a, const char *done)
{
	const struct answer_result	*r;
	size_t				 i;

	(void)done;
	for (i = 0; i < a->noutcomes; i++) {
		r = &a->outcomes[i].result;
		fputs("task\t", stdout);
		print_span(r->name);
		printf("\t%s\t", answer_word(r->code));
		print_span(r->text);
		putchar('\n');
	}
	plain_result(a);
}

/* "monitor 0.1.0" becomes two columns. */
static void
version_row(const char *s, size_t len, void *arg)
{
	const char	*blank;
	size_t		 n;

	(void)arg;
	blank = memchr(s, ' ', len);
	n = blank == NULL ? len : (size_t)(blank - s);
	print_safe(s, n);
	putchar('\t');
	if (blank != NULL)
		print_safe(blank + 1, len - n - 1);
	putchar('\n');
}

static void
plain_version(const struct answer *a)
{
	printf("taskforcectl\t%s\n", PACKAGE_VERSION);
	answer_lines(a, version_row, NULL);
}

const struct output output_plain = {
	.status = plain_status,
	.why = plain_why,
	.load = plain_load,
	.outcomes = plain_outcomes,
	.result = plain_result,
	.version = plain_version
};
