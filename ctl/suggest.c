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
 * Finding the name that is nearest to what was typed.  The words come from
 * the person who typed them, the names from the daemon.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "suggest.h"
#include "talk.h"

/* More changed letters than this, or a third of the word, is another word. */
#define NEAR_MAX	3

struct search {
	char		*word;
	char		*best;		/* NULL: none so far */
	unsigned int	 limit;		/* it must be as near as this */
	bool		 exists;	/* the word is a name: all is well */
};

static void
consider(struct search *s, struct span name, const char *sigil)
{
	char		*full;
	unsigned int	 d;

	xasprintf(&full, "%s%.*s", sigil, (int)name.len, name.p);
	d = edit_distance(s->word, full, s->limit);
	if (d == 0)
		s->exists = true;
	/* What was begun and not ended is as near as can be. */
	if (strncmp(s->word, full, strlen(s->word)) == 0)
		d = 0;
	if (s->best != NULL && d >= s->limit)
		d = s->limit + 1;
	if (d <= s->limit) {
		free(s->best);
		s->best = full;
		s->limit = d;
	} else
		free(full);
}

static void
search(const struct answer *a, struct search *s)
{
	const struct answer_task	*t;
	struct cursor			 roles;
	size_t				 i;
	uint32_t			 k;

	for (i = 0; i < a->ntasks; i++) {
		t = &a->tasks[i].task;
		if (s->word[0] != '@') {
			consider(s, t->name, "");
			continue;
		}
		roles = t->roles;
		for (k = 0; k < t->nroles; k++)
			consider(s, get_str(&roles), "@");
	}
}

static void
suggest_one(const struct ctl *ctl, const struct answer *a, struct span word)
{
	struct search	 s;
	const char	*colon;

	if ((colon = memchr(word.p, ':', word.len)) != NULL)
		word.len = (size_t)(colon - word.p);
	memset(&s, 0, sizeof(s));
	s.word = xstrndup(word.p, word.len);
	s.limit = (unsigned int)word.len / 3 + 1;
	if (s.limit > NEAR_MAX)
		s.limit = NEAR_MAX;
	/* A pattern is not misspelt, it just matches nothing. */
	if (strcmp(s.word, "all") != 0 && strpbrk(s.word, "*?[\\") == NULL)
		search(a, &s);
	if (s.best != NULL && !s.exists)
		(void)ctl_fail(ctl, CTL_NOT_FOUND, "did you mean '%s'?",
		    s.best);
	free(s.best);
	free(s.word);
}

void
suggest(const struct ctl *ctl, struct conn *c, const struct span *words,
    uint32_t n)
{
	struct answer	 a;
	uint32_t	 i;

	if (ctl->quiet)
		return;
	if (talk_ask_names(c, C_STATUS, NULL, 0, &a) == CTL_OK && !a.failed)
		for (i = 0; i < n; i++)
			suggest_one(ctl, &a, words[i]);
	answer_free(&a);
}
