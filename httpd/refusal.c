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
 * What evhttp cannot make sense of it refuses by itself, before we hear of
 * it, and in HTML.  Spec.md 7 wants plain text; so the answer is rewritten
 * while it waits to be sent.  It comes from evhttp and holds nothing of what
 * the client sent.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <event2/buffer.h>

#include "../common/log.h"
#include "../common/util.h"
#include "refusal.h"

/* "HTTP/1.1 400 Bad Request": 400 and above, else 0. */
static int
status_of(const char *line)
{
	const char *errstr;
	char digits[4];
	int status;

	if (strlen(line) < 12 || strncmp(line, "HTTP/1.", 7) != 0)
		return (0);
	strlcpy(digits, line + 9, sizeof(digits));
	status = (int)strtonum(digits, 400, 599, &errstr);
	return (errstr == NULL ? status : 0);
}

static int
peek_status(struct evbuffer *buf)
{
	char line[13] = "";

	if (evbuffer_copyout(buf, line, sizeof(line) - 1) == -1)
		return (0);
	return (status_of(line));
}

/* Headers that are about its body. */
static bool
is_about_body(const char *header)
{
	return (strncasecmp(header, "Content-Type:", 13) == 0 ||
	    strncasecmp(header, "Content-Length:", 15) == 0);
}

/* The reason, and the headers that stay, go from the one to the other. */
static char *
move_header(struct evbuffer *from, struct evbuffer *to)
{
	char *line, *reason;

	if ((line = evbuffer_readln(from, NULL, EVBUFFER_EOL_CRLF)) == NULL)
		return (NULL);
	reason = xstrdup(strlen(line) > 13 ? line + 13 : "Refused");
	evbuffer_add_printf(to, "%s\r\n", line);
	free(line);
	while ((line = evbuffer_readln(from, NULL, EVBUFFER_EOL_CRLF)) !=
	    NULL && line[0] != '\0') {
		if (!is_about_body(line))
			evbuffer_add_printf(to, "%s\r\n", line);
		free(line);
	}
	free(line);
	return (reason);
}

int
refusal_rewrite(struct evbuffer *out)
{
	struct evbuffer *was, *is;
	char *reason;
	int status;

	if ((status = peek_status(out)) == 0)
		return (0);
	if ((was = evbuffer_new()) == NULL || (is = evbuffer_new()) == NULL)
		fatal("answer");
	if (evbuffer_add_buffer(was, out) == -1 ||
	    (reason = move_header(was, is)) == NULL)
		fatalx("an answer of evhttp without end");
	evbuffer_add_printf(is, "X-Content-Type-Options: nosniff\r\n"
	    "Cache-Control: no-store\r\nContent-Type: text/plain\r\n"
	    "Content-Length: %zu\r\n\r\n", strlen(reason) + 1);
	/* Without one, it answers HEAD. */
	if (evbuffer_get_length(was) > 0)
		evbuffer_add_printf(is, "%s\n", reason);
	if (evbuffer_add_buffer(out, is) == -1)
		fatal("answer");
	free(reason);
	evbuffer_free(was);
	evbuffer_free(is);
	return (status);
}
