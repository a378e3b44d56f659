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

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "../common/run.h"
#include "../common/util.h"
#include "parse.h"

/*
 * pledge(2) once connected.  stdio: talk and print.  sendfd: pass the files
 * of a plan.  unix: see whether the socket still takes connections.
 */
#define TALK	"stdio"
#define PASS	"stdio sendfd"
#define AGAIN	"stdio unix"

const struct command commands[] = {
	{ "check", "[-f file] [-r file]",
	    "is the configuration without errors, here and now?",
	    RIGHT_MANAGE, 0, 0, "f:r:", PASS, action_check },
	{ "control", "task=VALUE ...",
	    "another control until the next configuration event",
	    RIGHT_MANAGE, 1, -1, "", TALK, action_control },
	{ "count", "task=N ...",
	    "another count until the next configuration event",
	    RIGHT_MANAGE, 1, -1, "", TALK, action_count },
	{ "plan", "[-f file] [-r file | -R role,...]",
	    "show what a reload would do, and do nothing",
	    RIGHT_MANAGE, 0, 0, "f:r:R:", PASS, action_plan },
	{ "reload", "", "load the configuration and apply what changed",
	    RIGHT_MANAGE, 0, 0, "", TALK, action_reload },
	{ "reset", "", "stop all tasks, load anew, start all tasks",
	    RIGHT_MANAGE, 0, 0, "", TALK, action_reset },
	{ "restart", "task ...", "stop tasks and start them again",
	    RIGHT_MANAGE, 1, -1, "", TALK, action_restart },
	{ "run", "task command", "run one of the task's commands",
	    RIGHT_MANAGE, 2, 2, "", TALK, action_run },
	{ "signal", "NAME task ...", "send a signal to the processes of tasks",
	    RIGHT_MANAGE, 2, -1, "", TALK, action_signal },
	{ "start", "task ...", "start tasks, also those that were stopped",
	    RIGHT_MANAGE, 1, -1, "", TALK, action_start },
	{ "status", "[task ...]", "show all tasks, or some in detail",
	    RIGHT_STATUS, 0, -1, "", TALK, action_status },
	{ "stop", "[task ...]",
	    "stop and hold tasks; without one, end the daemon",
	    RIGHT_MANAGE, 0, -1, "", AGAIN, action_stop },
	{ "version", "", "show the version of every running part",
	    RIGHT_STATUS, 0, 0, "", TALK, action_version },
	{ "why", "task ...", "why does it not run, and what would help?",
	    RIGHT_STATUS, 1, -1, "", TALK, action_why },
	{ "", "", "", 0, 0, 0, "", "", NULL }
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

int
parse_args(const struct command *cmd, int n, char **args, char *why,
    size_t size)
{
	if (n < cmd->minargs)
		snprintf(why, size, "%s: say more: %s %s", cmd->name,
		    cmd->name, cmd->args);
	else if (cmd->maxargs != -1 && n > cmd->maxargs && cmd->maxargs == 0)
		snprintf(why, size, "%s takes no argument '%s'", cmd->name,
		    args[0]);
	else if (cmd->maxargs != -1 && n > cmd->maxargs)
		snprintf(why, size, "%s takes no argument '%s': %s %s",
		    cmd->name, args[cmd->maxargs], cmd->name, cmd->args);
	else
		return (0);
	return (-1);
}

int
parse_seconds(const char *word, int64_t *ms)
{
	const char	*p;
	int64_t		 unit;
	bool		 more;

	*ms = 0;
	for (p = word; isdigit((unsigned char)*p); p++)
		if ((*ms = *ms * 10 + (*p - '0')) > CTL_WAIT_MAX)
			return (-1);
	*ms *= 1000;
	more = false;
	if (p != word && *p == '.' && isdigit((unsigned char)p[1])) {
		for (p++, unit = 100; isdigit((unsigned char)*p); p++) {
			*ms += (*p - '0') * unit;
			unit /= 10;
			more = more || *p != '0';
		}
	}
	if (more && *ms == 0)
		*ms = 1;
	if (p == word || *p != '\0' || *ms > (int64_t)CTL_WAIT_MAX * 1000)
		return (-1);
	return (0);
}

/* The commands that take one right, a line each. */
static void
list_commands(FILE *fp, uint8_t right)
{
	const struct command	*cmd;
	char			 call[64];
	int			 width;

	for (cmd = commands; cmd->fn != NULL; cmd++) {
		if (cmd->right != right)
			continue;
		width = snprintf(call, sizeof(call), "%s %s", cmd->name,
		    cmd->args);
		fprintf(fp, "  %-21s", call);
		/* What is too long has a line of its own. */
		if (width > 20)
			fprintf(fp, "\n%23s", "");
		fprintf(fp, "  %s\n", cmd->what);
	}
}

void
parse_usage(FILE *fp, const struct command *cmd)
{
	fputs("usage: taskforcectl [-jpqV] [-s socket] [-t seconds] ", fp);
	if (cmd != NULL) {
		fprintf(fp, "%s %s\n", cmd->name, cmd->args);
		return;
	}
	fputs("command [argument ...]\n\n"
	    "for whoever can open the socket:\n", fp);
	list_commands(fp, RIGHT_STATUS);
	fputs("\nfor root and the daemon's own user:\n", fp);
	list_commands(fp, RIGHT_MANAGE);
}
