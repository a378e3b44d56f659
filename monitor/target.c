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
 * Which tasks the words of a question mean.  The words are the client's and
 * may say anything; all of them together cost one pass over the tasks for
 * each pattern, and one for all the names.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "client.h"

static bool
has_role(const struct schedrec_task *conf, const char *role)
{
	uint32_t	 i;

	for (i = 0; i < conf->nroles; i++)
		if (strcmp(conf->roles[i], role) == 0)
			return (true);
	return (false);
}

bool
target_is_wide(const char *word)
{
	return (strcmp(word, "all") == 0 || word[0] == '@' ||
	    strpbrk(word, "*?[\\") != NULL);
}

/* A name may look like a pattern: then it means itself, too. */
static bool
is_meant(const struct sched *s, uint32_t task, const char *word)
{
	struct sched_view	 v;
	const char		*name = sched_task_name(s, task);

	if (strcmp(word, "all") == 0)
		return (true);
	if (word[0] == '@') {
		sched_view(s, task, &v);
		return (has_role(v.conf, word + 1));
	}
	return (strcmp(word, name) == 0 || match_name(word, name));
}

bool
target_mark(const struct sched *s, const char *word, bool *chosen)
{
	uint32_t	 i;
	bool		 any = false;

	for (i = 0; i < sched_ntasks(s); i++)
		if (is_meant(s, i, word))
			any = chosen[i] = true;
	return (any);
}

void
target_find(const struct sched *s, const char *const *sorted, size_t n,
    uint32_t *tasks)
{
	const char	*name;
	size_t		 lo, hi, mid;
	uint32_t	 i;

	for (lo = 0; lo < n; lo++)
		tasks[lo] = NO_INDEX;
	for (i = 0; i < sched_ntasks(s); i++) {
		name = sched_task_name(s, i);
		for (lo = 0, hi = n; lo < hi;) {
			mid = lo + (hi - lo) / 2;
			if (strcmp(sorted[mid], name) < 0)
				lo = mid + 1;
			else
				hi = mid;
		}
		while (lo < n && strcmp(sorted[lo], name) == 0)
			tasks[lo++] = i;
	}
}

int
target_ask(struct client *cl, struct msg *m, uint32_t **tasks, uint32_t *n)
{
	struct sched	*s = cl->mon->now.sched;
	struct span	 sp;
	char		*word, *text;
	bool		*chosen, ok = true;
	uint32_t	 i, nwords, ntasks = sched_ntasks(s);

	if ((nwords = get_count(&m->body, 2)) > PATTERNS_MAX)
		return (-1);
	chosen = xcalloc(ntasks + 1, sizeof(*chosen));
	if (nwords == 0)
		memset(chosen, true, ntasks);
	for (i = 0; i < nwords; i++) {
		sp = get_str(&m->body);
		/* One failure is the answer; the rest is only read. */
		if (m->body.bad || !ok)
			continue;
		word = xstrndup(sp.p, sp.len);
		if (!(ok = target_mark(s, word, chosen))) {
			xasprintf(&text, "%s: no such task or role", word);
			client_fail(cl, m->tag, FAIL_NOT_FOUND, text);
			free(text);
		}
		free(word);
	}
	if (!cursor_done(&m->body) || !ok) {
		free(chosen);
		return (cursor_done(&m->body) ? 0 : -1);
	}
	*tasks = xcalloc(ntasks + 1, sizeof(**tasks));
	for (i = 0, *n = 0; i < ntasks; i++)
		if (chosen[i])
			(*tasks)[(*n)++] = i;
	free(chosen);
	return (1);
}
