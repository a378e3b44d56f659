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

/* Saying what went wrong.  The text may hold what the daemon sent. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/log.h"
#include "ctl.h"
#include "visible.h"

enum ctl_exit
ctl_fail(const struct ctl *ctl, enum ctl_exit code, const char *fmt, ...)
{
	va_list		 ap;
	char		*raw, *text;

	if (ctl->quiet)
		return (code);
	va_start(ap, fmt);
	if (vasprintf(&raw, fmt, ap) == -1)
		fatal("vasprintf");
	va_end(ap);
	text = visible(raw, strlen(raw), NULL);
	(void)fflush(stdout);
	fprintf(stderr, "taskforcectl: %s\n", text);
	free(text);
	free(raw);
	return (code);
}
