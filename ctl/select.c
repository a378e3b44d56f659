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

#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../common/client.h"
#include "../common/ipc.h"
#include "../common/util.h"
#include "select.h"

enum ctl_exit
select_word(const struct ctl *ctl, const char *word)
{
	const unsigned char	*p;

	if (*word == '\0')
		return (ctl_fail(ctl, CTL_USAGE, "an empty word names no "
		    "task"));
	/* On the wire they would become something else. */
	for (p = (const unsigned char *)word; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			return (ctl_fail(ctl, CTL_NOT_FOUND, "%s: no such "
			    "task: no name has control characters", word));
	if (strlen(word) > LIMIT_NAME)
		return (ctl_fail(ctl, CTL_NOT_FOUND, "%s: no such task: a "
		    "name has at most %d bytes", word, LIMIT_NAME));
	return (CTL_OK);
}

static enum ctl_exit
parse_word(const struct ctl *ctl, const char *word, struct selection *sel)
{
	const char	*errstr, *colon;

	sel->slot = -1;
	if ((colon = strchr(word, ':')) == NULL) {
		sel->task = xstrdup(word);
		return (select_word(ctl, sel->task));
	}
	sel->task = xstrndup(word, (size_t)(colon - word));
	sel->slot = (int)strtonum(colon + 1, 0, LIMIT_INSTANCES - 1, &errstr);
	if (errstr != NULL || !isdigit((unsigned char)colon[1]))
		return (ctl_fail(ctl, CTL_USAGE, "%s: the slot behind the "
		    "colon is not a number below %d", word, LIMIT_INSTANCES));
	return (select_word(ctl, sel->task));
}

enum ctl_exit
select_parse(const struct ctl *ctl, char **words, uint32_t n,
    struct selection **sel)
{
	enum ctl_exit	 code;
	uint32_t	 i;

	*sel = NULL;
	if (n > PATTERNS_MAX)
		return (ctl_fail(ctl, CTL_USAGE, "at most %d tasks at a time: "
		    "use a pattern, a role or \"all\"", PATTERNS_MAX));
	*sel = xcalloc((size_t)n + 1, sizeof(**sel));
	for (i = 0; i < n; i++) {
		if ((code = parse_word(ctl, words[i], &(*sel)[i])) == CTL_OK)
			continue;
		select_free(*sel, n);
		*sel = NULL;
		return (code);
	}
	return (CTL_OK);
}

void
select_free(struct selection *sel, uint32_t n)
{
	uint32_t	 i;

	for (i = 0; i < n; i++)
		free(sel[i].task);
	free(sel);
}

const char **
select_names(const struct selection *sel, uint32_t n)
{
	const char	**names;
	uint32_t	  i;

	names = xcalloc((size_t)n + 1, sizeof(*names));
	for (i = 0; i < n; i++)
		names[i] = sel[i].task;
	return (names);
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
select_apply(const struct selection *sel, uint32_t n, struct answer *a)
{
	struct answer_entry	*e;
	char			*name;
	bool			*found;
	size_t			 i, k;
	uint32_t		 s;
	int			 missing;

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
			missing = (int)s;
	free(found);
	return (missing);
}
