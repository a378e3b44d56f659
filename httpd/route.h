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
 * From the bytes of a request to what it asks for.  Pure: no sockets, no
 * state; unit-tested.
 */

#ifndef HTTPD_ROUTE_H
#define HTTPD_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#define ROUTE_INDENT_MAX	16

enum route_method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_OTHER
};

enum route_what {
	ROUTE_ANSWER,		/* status and text are the answer */
	ROUTE_VERSION,
	ROUTE_TASKS,
	ROUTE_CONFIG,
	ROUTE_HEALTH,
	ROUTE_EVENTS,
	ROUTE_METRICS,
	ROUTE_PAGE,
	ROUTE_CSS,
	ROUTE_JS,
	ROUTE_ICON,
	ROUTE_CONTROL,		/* from here on the state changes; of the */
	ROUTE_COUNT,		/* tasks that query and body name */
	ROUTE_ACTION,		/* a button of the page */
	ROUTE_RELOAD,		/* text is the answer when it is accepted */
	ROUTE_STOP,
	ROUTE_RESET
};

/* A request; everything is borrowed. */
struct route_request {
	enum route_method	 method;
	const char		*path;	/* as sent, without the query */
	const char		*query;	/* NULL: none */
	const char		*body;	/* of a POST; NULL: none */
	size_t			 bodylen;
	bool			 control;	/* the listener's right */
};

struct route {
	enum route_what	 what;
	unsigned int	 indent;	/* blanks a level, 0: one line */
	int		 status;
	const char	*allow;		/* status 405: the methods allowed */
	char		 text[256];	/* without newline */
};

/* Always finds one. */
void	 route_find(const struct route_request *, struct route *);

/* Whether what asks for a change of state. */
bool	 route_changes(const struct route *);

#endif /* HTTPD_ROUTE_H */
