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
 * HTTP listeners: settings.http and the flags that override or create the
 * first one.  Names are resolved here, since root does no look-ups.
 */

#include <sys/socket.h>
#include <sys/un.h>

#include <netinet/in.h>

#include <arpa/inet.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "conf_http.h"
#include "conf_task.h"

#define DEFAULT_LISTEN	"/var/run/s.taskforce"
#define PORT_HTTP	8080
#define PORT_HTTPS	8443

/* The addresses of the listeners so far, and where they stand. */
struct taken {
	const char	*addr[LIMIT_LISTEN];	/* a path, or numeric */
	const struct node *where[LIMIT_LISTEN];	/* NULL: the command line */
	uint32_t	 n;
};

/* What a message about its address begins with. */
static const char *
subject(const struct listener *l)
{
	return (l->where != NULL ? "'listen' is" : "the option -w has");
}

/*
 * "[host][:port]" taken apart: host is new memory in the arena, "" for any
 * address; port 0 where none is given.  NULL, or what is wrong.
 */
static const char *
split(struct arena *a, const char *text, const char **host, uint16_t *port)
{
	struct in6_addr in6;
	const char *colon, *end, *errstr;

	*port = 0;
	if (text[0] == '[') {
		if ((end = strchr(text, ']')) == NULL)
			return ("']' is missing");
		*host = arena_strn(a, text + 1, end - text - 1);
		if (end[1] != '\0' && end[1] != ':')
			return ("only ':' and a port may follow ']'");
		colon = end[1] == ':' ? end + 1 : NULL;
	} else if (inet_pton(AF_INET6, text, &in6) == 1) {
		*host = arena_strn(a, text, strlen(text));
		return (NULL);
	} else {
		colon = strchr(text, ':');
		*host = arena_strn(a, text, colon != NULL ?
		    (size_t)(colon - text) : strlen(text));
	}
	if (colon == NULL) {
		if (**host != '\0' && strspn(*host, "0123456789") ==
		    strlen(*host))
			return ("a port alone is written ':PORT'");
		return (NULL);
	}
	*port = strtonum(colon + 1, 1, UINT16_MAX, &errstr);
	if (errstr != NULL ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return ("the port must be a number from 1 to 65535");
	return (NULL);
}

/*
 * Fills the numeric address; -1: the listener cannot be used.  That a name is
 * not found depends on the host, and it may be another time: but for a check
 * the listener stays in the plan, so that it is seen that it is not served.
 */
static int
resolve(struct conf *c, const struct listener *l, struct plan_listen *p)
{
	const char *host, *numeric, *error;
	char addr[512];
	uint16_t port;

	if ((error = split(&c->arena, l->listen, &host, &port)) != NULL) {
		diag_error(&c->diag, l->where, "%s '%.100s': %s", subject(l),
		    l->listen, error);
		return (-1);
	}
	if (port == 0)
		port = *l->certfile != '\0' ? PORT_HTTPS : PORT_HTTP;
	if (*host == '\0')
		numeric = "0.0.0.0";
	else if ((numeric = host_address(&c->host, host, &error)) == NULL) {
		diag_at(&c->diag, c->req->check ? PLAN_ERROR : PLAN_WARNING,
		    false, l->where != NULL ? l->where->line : 1,
		    l->where != NULL ? l->where->col : 1,
		    "%s '%.100s': %s: no such listener", subject(l),
		    l->listen, error);
		c->diag.nhost += c->req->check;
		if (c->req->check)
			return (-1);
		numeric = PLAN_NO_ADDRESS;
	}
	snprintf(addr, sizeof(addr), strchr(host, ':') != NULL ?
	    "[%s]:%u" : "%s:%u", *host == '\0' ? numeric : host, port);
	p->addr.p = arena_strn(&c->arena, addr, strlen(addr));
	p->addr.len = strlen(addr);
	p->host = (struct span){ numeric, strlen(numeric) };
	p->port = port;
	return (0);
}

/* Two cannot listen at one address: -1, and it has been said. */
static int
take(struct conf *c, struct taken *taken, const struct listener *l,
    const struct plan_listen *p)
{
	char addr[512];
	uint32_t i;

	if (p->port == 0 || strcmp(p->host.p, PLAN_NO_ADDRESS) == 0)
		strlcpy(addr, l->listen, sizeof(addr));
	else
		snprintf(addr, sizeof(addr), "%.*s:%u", (int)p->host.len,
		    p->host.p, p->port);
	for (i = 0; i < taken->n; i++) {
		if (strcmp(addr, taken->addr[i]) != 0)
			continue;
		if (taken->where[i] != NULL)
			diag_error(&c->diag, l->where, "'listen' is '%.100s': "
			    "the listener of line %u has this address already",
			    l->listen, taken->where[i]->line);
		else
			diag_error(&c->diag, l->where, "'listen' is '%.100s': "
			    "the listener of the command line has this "
			    "address already", l->listen);
		return (-1);
	}
	taken->addr[i] = arena_strn(&c->arena, addr, strlen(addr));
	taken->where[i] = l->where;
	taken->n++;
	return (0);
}

static void
add(struct conf *c, const struct listener *l, struct taken *taken)
{
	struct sockaddr_un sun;
	struct plan_listen p;

	memset(&p, 0, sizeof(p));
	p.host.p = "";
	if (strchr(l->listen, '/') != NULL) {
		if (strlen(l->listen) >= sizeof(sun.sun_path)) {
			diag_error(&c->diag, l->where, "%s '%.100s...': the "
			    "path of a socket has at most %zu bytes",
			    subject(l), l->listen, sizeof(sun.sun_path) - 1);
			return;
		}
		p.addr = (struct span){ l->listen, strlen(l->listen) };
	} else if (resolve(c, l, &p) == -1)
		return;
	if (take(c, taken, l, &p) == -1)
		return;
	p.certfile = (struct span){ l->certfile, strlen(l->certfile) };
	p.control = l->control;
	p.timeout_ms = l->timeout_ms;
	access_judge(c, l, &p);
	if (emit_listen(&c->emit, &p, l->allow) == -1)
		diag_error(&c->diag, l->where, "a listener's words are too "
		    "long");
	if (c->req->explain)
		explain_listen(c, l, &p);
}

static void
read_listener(struct conf *c, struct node *map, struct listener *l)
{
	struct node **v = l->v;
	const char *text;

	keys_scan(KEYS_HTTP, &c->diag, map, v);
	l->by_flags = 0;
	l->where = map;
	text = conf_text(c, v[KEY_HTTP_LISTEN], "listen", NULL);
	l->listen = text == NULL || *text == '\0' ? DEFAULT_LISTEN : text;
	if (text != NULL)
		l->where = conf_node(c, v[KEY_HTTP_LISTEN]);
	text = conf_text(c, v[KEY_HTTP_CERTFILE], "certfile", NULL);
	l->certfile = text == NULL ? "" : text;
	l->control = conf_bool(c, v[KEY_HTTP_ALLOW_CONTROL], "allow_control",
	    false);
	l->timeout_ms = conf_seconds(c, v, KEYS_HTTP, KEY_HTTP_TIMEOUT,
	    CONF_HTTP_TIMEOUT);
	access_read(c, l);
}

static char *
flag_text(struct conf *c, struct span s)
{
	return (arena_strn(&c->arena, s.p, s.len));
}

/* The flags hold for the first listener only. */
static void
override(struct conf *c, struct listener *l)
{
	const struct load_req *req = c->req;

	if (req->http_set) {
		l->listen = req->http_listen.len == 0 ? DEFAULT_LISTEN :
		    flag_text(c, req->http_listen);
		l->where = l->v[KEY_HTTP_LISTEN] = NULL;
		l->by_flags |= LISTEN_BY_W;
		if (req->cert_set) {
			l->certfile = flag_text(c, req->http_cert);
			l->v[KEY_HTTP_CERTFILE] = NULL;
			l->by_flags |= LISTEN_BY_C;
		}
	}
	if (req->http_control && !l->control) {
		l->control = true;
		l->v[KEY_HTTP_ALLOW_CONTROL] = NULL;
	}
}

void
conf_http(struct conf *c, struct node *http)
{
	struct listener l = { .certfile = "", .client_ca = "", .auth = "",
	    .timeout_ms = CONF_HTTP_TIMEOUT };
	struct taken taken = { .n = 0 };
	struct node **items = &http;
	uint32_t i, n = http != NULL;

	if (http != NULL && http->type == NODE_LIST) {
		items = http->items;
		n = http->n;
	}
	if (n > LIMIT_LISTEN) {
		diag_error(&c->diag, http, "more than %d listeners",
		    LIMIT_LISTEN);
		return;
	}
	for (i = 0; i < n; i++) {
		if (items[i]->type != NODE_MAP) {
			diag_error(&c->diag, items[i], "a listener must be "
			    "a map, not %s", node_kind(items[i]));
			continue;
		}
		read_listener(c, items[i], &l);
		if (i == 0)
			override(c, &l);
		add(c, &l, &taken);
	}
	if (n == 0 && c->req->http_set) {
		override(c, &l);
		add(c, &l, &taken);
	}
}
