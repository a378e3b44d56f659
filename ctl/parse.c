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
 * The commands that there are.  Words come from the person who typed them.
 * A unique prefix is enough; a word that is near a command is answered with
 * the command that was probably meant.
 */

#include <stdio.h>
#include <string.h>

#include "../common/util.h"
#include "parse.h"

const struct command commands[] = {
	{ "reload", "", "load the configuration and apply what changed",
	    0, action_reload },
	{ "reset", "", "stop all tasks, load anew, start all tasks",
	    0, action_reset },
	{ "status", "[task ...]", "show all tasks, or some in detail",
	    -1, action_status },
	{ "stop", "", "stop all tasks and end the daemon",
	    0, action_stop },
	{ "version", "", "show the version of every running part",
	    0, action_version },
	{ "", "", "", 0, NULL }
};

/* More changed letters than this, or a third of the word, is no misspelling. */
#define NEAR_MAX	3

static const struct command *
nearest(const char *word)
{
	const struct command	*cmd, *best;
	unsigned int		 d, limit;

	limit = (unsigned int)strlen(word) / 3 + 1;
	if (limit > NEAR_MAX)
		limit = NEAR_MAX;
	best = NULL;
	for (cmd = commands; cmd->fn != NULL; cmd++) {
		d = edit_distance(word, cmd->name, limit);
		if (d <= limit) {
			best = cmd;
			if (d == 0)
				break;
			limit = d - 1;
		}
	}
	return (best);
}

const struct command *
parse_command(const char *word, char *why, size_t size)
{
	const struct command	*cmd, *found;
	char			 names[128];
	size_t			 len;
	int			 n;

	found = NULL;
	n = 0;
	names[0] = '\0';
	len = strlen(word);
	for (cmd = commands; cmd->fn != NULL; cmd++) {
		if (strcmp(word, cmd->name) == 0)
			return (cmd);
		if (len == 0 || strncmp(word, cmd->name, len) != 0)
			continue;
		found = cmd;
		if (n++ > 0)
			(void)strlcat(names, ", ", sizeof(names));
		(void)strlcat(names, cmd->name, sizeof(names));
	}
	if (n == 1)
		return (found);
	if (n > 1)
		snprintf(why, size, "'%s' is ambiguous: %s", word, names);
	else if ((found = nearest(word)) != NULL)
		snprintf(why, size, "unknown command '%s': did you mean '%s'?",
		    word, found->name);
	else
		snprintf(why, size, "unknown command '%s'", word);
	return (NULL);
}
