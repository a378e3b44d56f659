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
 * Which slots were asked for.  The daemon finds tasks by name, pattern or
 * role; the part behind the colon is for us.  A task's name has no colon.
 */

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "select.h"

struct selection *
select_parse(char **words, int n, const char **bad)
{
	struct selection	*sel;
	const char		*errstr, *colon;
	int			 i;

	sel = xcalloc((size_t)n + 1, sizeof(*sel));
	for (i = 0; i < n; i++) {
		sel[i].slot = -1;
		if ((colon = strchr(words[i], ':')) == NULL) {
			sel[i].task = xstrdup(words[i]);
			continue;
		}
		sel[i].task = xstrndup(words[i], (size_t)(colon - words[i]));
		sel[i].slot = (int)strtonum(colon + 1, 0,
		    LIMIT_INSTANCES - 1, &errstr);
		if (errstr != NULL) {
			*bad = words[i];
			select_free(sel, i + 1);
			return (NULL);
		}
	}
	return (sel);
}

void
select_free(struct selection *sel, int n)
{
	int		 i;

	for (i = 0; i < n; i++)
		free(sel[i].task);
	free(sel);
}

static bool
has_role(const struct answer_task *t, const char *role)
{
	struct cursor	 roles = t->roles;
	uint32_t	 i;

	for (i = 0; i < t->nroles; i++)
		if (span_is(get_str(&roles), role))
			return (true);
	return (false);
}

static bool
matches(const struct selection *sel, const struct answer_task *t,
    const char *name)
{
	if (strcmp(sel->task, "all") == 0)
		return (true);
	if (sel->task[0] == '@')
		return (has_role(t, sel->task + 1));
	return (strcmp(sel->task, name) == 0 ||
	    fnmatch(sel->task, name, 0) == 0);
}

int
select_apply(const struct selection *sel, int n, struct answer *a)
{
	struct answer_entry	*e;
	char			*name;
	bool			*found;
	size_t			 i, k;
	int			 s, missing;

	found = xcalloc((size_t)n + 1, sizeof(*found));
	for (i = 0; i < a->ntasks; i++) {
		e = &a->tasks[i];
		name = xstrndup(e->task.name.p, e->task.name.len);
		for (k = 0; k < e->nslots; k++)
			e->slots[k].hidden = true;
		for (s = 0; s < n; s++) {
			if (!matches(&sel[s], &e->task, name))
				continue;
			if (sel[s].slot == -1)
				e->whole = true;
			/* A slot may be there and never have been filled. */
			if (sel[s].slot < (int)e->task.count)
				found[s] = true;
			for (k = 0; k < e->nslots; k++) {
				if (sel[s].slot != -1 && sel[s].slot !=
				    e->slots[k].proc.instance)
					continue;
				e->slots[k].hidden = false;
				found[s] = true;
			}
		}
		free(name);
	}
	missing = -1;
	for (s = 0; s < n && missing == -1; s++)
		if (sel[s].slot != -1 && !found[s])
			missing = s;
	free(found);
	return (missing);
}
