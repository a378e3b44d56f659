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
 * Answers for people: what all of them share, and the shorter ones.  All
 * text from the daemon goes through visible() or a table, which calls it.
 */

#include <sys/ioctl.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../common/states.h"
#include "../common/util.h"
#include "text.h"

static struct {
	unsigned int	 columns;
	bool		 colour;
} term;

void
text_setup(void)
{
	const char	*name = getenv("TERM"), *no = getenv("NO_COLOR");
	struct winsize	 ws;

	if (!isatty(STDOUT_FILENO))
		return;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == -1)
		ws.ws_col = 0;
	term.columns = ws.ws_col;
	term.colour = (no == NULL || *no == '\0') && name != NULL &&
	    strcmp(name, "dumb") != 0;
}

unsigned int
text_columns(void)
{
	return (term.columns);
}

const char *
text_colour(const char *sequence)
{
	return (term.colour ? sequence : "");
}

const char *
text_off(void)
{
	return (text_colour("\033[0m"));
}

/* What a glance should tell: all is well, it moves, look here. */
const char *
text_state_colour(uint8_t state)
{
	static const char *const	 colours[STATE_MAX] = {
		[STATE_RUNNING] =	COLOUR_GOOD,
		[STATE_STARTING] =	COLOUR_MOVES,
		[STATE_WAITING] =	COLOUR_MOVES,
		[STATE_STOPPING] =	COLOUR_MOVES,
		[STATE_BACKOFF] =	COLOUR_BAD,
		[STATE_FAILED] =	COLOUR_BAD
	};

	return (colours[state] == NULL ? "" : text_colour(colours[state]));
}

const char *
text_when(int64_t wall, char *buf, size_t size)
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

void
text_cell(struct table *t, char *owned)
{
	table_str(t, owned);
	free(owned);
}

void
text_number(struct table *t, uint32_t n)
{
	char		 buf[16];

	snprintf(buf, sizeof(buf), "%u", n);
	table_str(t, buf);
}

void
text_state(struct table *t, uint8_t state)
{
	table_str(t, state_name((enum task_state)state));
	table_colour(t, text_state_colour(state));
}

static void
text_result(const struct answer *a)
{
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
	.why = text_why,
	.load = text_load,
	.outcomes = text_outcomes,
	.result = text_result,
	.version = text_version
};
