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
 * Making text visible.  It comes from the daemon, which has it from a
 * configuration, a kernel or a task: a control sequence in it must not reach
 * the terminal of whoever asks.
 */

#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "../common/util.h"
#include "visible.h"

#define ESCAPED		4	/* bytes of \ooo */

/* One character at s; its bytes, and in *cols its columns, or 0 bytes. */
static size_t
printable(const char *s, size_t len, int *cols)
{
	mbstate_t	 state;
	wchar_t		 wc;
	size_t		 n;

	memset(&state, 0, sizeof(state));
	n = mbrtowc(&wc, s, len, &state);
	if (n == 0 || n > len || !iswprint((wint_t)wc))
		return (0);
	if ((*cols = wcwidth(wc)) < 0)
		return (0);
	return (n);
}

char *
visible(const char *s, size_t len, size_t *width)
{
	char		*buf, *p;
	size_t		 n, columns;
	int		 cols;

	buf = p = xcalloc(len + 1, ESCAPED);
	columns = 0;
	while (len > 0) {
		if ((n = printable(s, len, &cols)) > 0) {
			memcpy(p, s, n);
			p += n;
			columns += (size_t)cols;
		} else {
			n = 1;
			p += snprintf(p, ESCAPED + 1, "\\%03o",
			    (unsigned int)(unsigned char)*s);
			columns += ESCAPED;
		}
		s += n;
		len -= n;
	}
	*p = '\0';
	if (width != NULL)
		*width = columns;
	return (buf);
}

size_t
visible_fit(const char *s, size_t columns)
{
	size_t		 at, blank, left, n, used;
	int		 cols;

	left = strlen(s);
	blank = used = 0;
	for (at = 0; at < left; at += n) {
		if ((n = printable(s + at, left - at, &cols)) == 0) {
			n = 1;
			cols = 1;
		}
		if (used + (size_t)cols > columns && at > 0)
			return (blank > 0 && s[at] != ' ' ? blank : at);
		used += (size_t)cols;
		if (s[at] == ' ')
			blank = at;
	}
	return (at);
}

void
visible_lines(FILE *fp, const char *s, size_t len)
{
	const char	*nl;
	char		*line;
	size_t		 n;

	while (len > 0) {
		nl = memchr(s, '\n', len);
		n = nl == NULL ? len : (size_t)(nl - s);
		line = visible(s, n, NULL);
		fprintf(fp, "%s\n", line);
		free(line);
		if (nl != NULL)
			n++;
		s += n;
		len -= n;
	}
}

const char *
duration(int64_t ms, char *buf, size_t size)
{
	long long	 s;

	if (ms < 0)
		ms = 0;
	s = (long long)(ms / 1000);
	if (s < 10)
		snprintf(buf, size, "%lld.%ds", s, (int)(ms % 1000 / 100));
	else if (s < 60)
		snprintf(buf, size, "%llds", s);
	else if (s < 3600)
		snprintf(buf, size, "%lldm%llds", s / 60, s % 60);
	else if (s < 86400)
		snprintf(buf, size, "%lldh%lldm", s / 3600, s % 3600 / 60);
	else
		snprintf(buf, size, "%lldd%lldh", s / 86400, s % 86400 / 3600);
	return (buf);
}
