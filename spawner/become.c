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
 * A child on its way to be the task's.  All that is used comes from the
 * sealed plan.
 */

#include <sys/types.h>

#include <signal.h>
#include <string.h>

#include "../common/util.h"
#include "become.h"
#include "launch.h"

#define DIGITS_MAX	10		/* of a pid or an instance */

size_t
late_size(const char *s)
{
	size_t marks = 0;
	const char *p;

	for (p = s; (p = strchr(p, LATE_MARK)) != NULL; p++)
		marks++;
	return (marks == 0 ? 0 : strlen(s) + marks * DIGITS_MAX + 1);
}

static char *
put_number(char *to, unsigned long n)
{
	char digits[DIGITS_MAX];
	int i = 0;

	do {
		digits[i++] = '0' + n % 10;
	} while ((n /= 10) != 0 && i < DIGITS_MAX);
	while (i > 0)
		*to++ = digits[--i];
	return (to);
}

const char *
late_expand(const struct late *late, const char *s, char **text)
{
	char *start = *text, *to = start;

	if (strchr(s, LATE_MARK) == NULL)
		return (s);
	for (; *s != '\0'; s++) {
		if (*s != LATE_MARK)
			*to++ = *s;
		else if (*++s == LATE_PID)
			to = put_number(to, late->pid);
		else if (*s == LATE_INSTANCE)
			to = put_number(to, late->instance);
		else
			break;
	}
	*to++ = '\0';
	*text = to;
	return (start);
}

void
become_fresh(void)
{
	static const int ours[] = { SIGHUP, SIGINT, SIGTERM, SIGCHLD,
	    SIGUSR1, SIGUSR2, SIGPIPE, SIGXFSZ };
	size_t i;

	for (i = 0; i < nitems(ours); i++)
		child_sigdefault(ours[i]);
	child_sigunblock();
}

int
become_task(const struct store_task *t, const struct late *late, char **text,
    enum stage *stage)
{
	int r;

	if (t->setids) {
		*stage = STAGE_GROUPS;
		if ((r = child_setgroups(t->ngroups, t->groups)) < 0)
			return (r);
		*stage = STAGE_GID;
		if ((r = child_setgid(t->gid)) < 0)
			return (r);
		*stage = STAGE_UID;
		if ((r = child_setuid(t->uid)) < 0)
			return (r);
	}
	*stage = STAGE_CHDIR;
	if (t->cwd != NULL &&
	    (r = child_chdir(late_expand(late, t->cwd, text))) < 0)
		return (r);
	return (0);
}
