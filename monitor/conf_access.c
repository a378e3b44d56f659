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
 * Who may come in by a listener: allow, client_ca, auth, hsts.  A slip here
 * must not open a door: what cannot be read as meant is an error, never
 * "everybody".
 */

#include <string.h>

#include "../common/ipc.h"
#include "../common/prefix.h"
#include "conf_http.h"
#include "value.h"

#define HSTS_USUAL	31536000	/* a year, what "true" means */

static void
read_allow(struct conf *c, struct listener *l)
{
	struct node *v = l->v[KEY_HTTP_ALLOW];
	char buf[PREFIX_TEXT];
	struct prefix prefix;
	struct conf_words w;
	uint32_t i;

	l->allow = NULL;
	l->nallow = 0;
	if (v == NULL)
		return;
	conf_names(c, v, "allow", &w);
	if (w.n == 0)
		diag_error(&c->diag, v, "'allow' names nobody: leave it out "
		    "to let everybody in");
	else if (w.n > LIMIT_ALLOW)
		diag_error(&c->diag, v, "'allow' has more than %d addresses",
		    LIMIT_ALLOW);
	if (w.n == 0 || w.n > LIMIT_ALLOW)
		return;
	l->allow = arena_alloc(&c->arena, w.n * sizeof(*l->allow));
	l->allow_at = w.nodes;
	for (i = 0; i < w.n; i++) {
		if (prefix_parse(w.words[i], w.spans[i].len, &prefix) == -1) {
			diag_error(&c->diag, w.nodes[i], "'allow' has "
			    "'%.60s', which is neither an address nor a "
			    "prefix like 192.0.2.0/24", w.words[i]);
			continue;
		}
		prefix_text(&prefix, buf);
		if (prefix.stray)
			diag_warn(&c->diag, w.nodes[i], "'allow': '%.60s' "
			    "has bits beyond its prefix: taken as %s",
			    w.words[i], buf);
		l->allow_at[l->nallow] = w.nodes[i];
		l->allow[l->nallow].p = arena_strn(&c->arena, buf,
		    strlen(buf));
		l->allow[l->nallow++].len = strlen(buf);
	}
}

/* The path of a file, kept longer than the context's own copy. */
static const char *
read_path(struct conf *c, struct node *v, const char *key)
{
	const char *text;

	if ((text = conf_text(c, v, key, NULL)) == NULL)
		return ("");
	return (arena_strn(&c->arena, text, strlen(text)));
}

static void
read_auth(struct conf *c, struct listener *l)
{
	struct node *v = l->v[KEY_HTTP_AUTH];
	const char *text;

	v = conf_node(c, v);
	l->auth = "";
	if ((text = conf_text(c, v, "auth", NULL)) == NULL)
		return;
	l->auth = arena_strn(&c->arena, text, strlen(text));
	if (strchr(text, '/') != NULL)
		return;
	/* Perhaps a password: it is not repeated in a message. */
	diag_error(&c->diag, v, "'auth' must be the path of a file of users "
	    "or tokens, with a '/' in it: it never holds a password itself");
}

static void
read_hsts(struct conf *c, struct listener *l)
{
	struct node *v = l->v[KEY_HTTP_HSTS];
	const char *text;
	int64_t n;
	bool b;

	v = conf_node(c, v);
	l->hsts_s = 0;
	if ((text = conf_text(c, v, "hsts", NULL)) == NULL)
		return;
	if (value_int(text, 0, HSTS_MAX, &n) == 0)
		l->hsts_s = n;
	else if (value_bool(text, &b) == 0)
		l->hsts_s = b ? HSTS_USUAL : 0;
	else
		diag_error(&c->diag, v, "'hsts' must be true, false or a "
		    "whole number of seconds from 0 to %u, not '%.60s'",
		    HSTS_MAX, text);
}

void
access_read(struct conf *c, struct listener *l)
{
	read_allow(c, l);
	l->client_ca = read_path(c, l->v[KEY_HTTP_CLIENT_CA], "client_ca");
	read_auth(c, l);
	read_hsts(c, l);
}

static bool
is_loopback(struct span host)
{
	struct prefix prefix;

	return (prefix_parse(host.p, host.len, &prefix) == 0 &&
	    prefix_is_loopback(&prefix));
}

/* Anybody on the way may read or write along; anybody may ask. */
static void
warn_open(struct conf *c, const struct listener *l,
    const struct plan_listen *p)
{
	bool tls = p->certfile.len > 0;

	if (p->host.len == 0 || is_loopback(p->host))
		return;
	if (p->auth.len > 0 && !tls)
		diag_warn(&c->diag, l->where, "the listener '%.100s' takes "
		    "passwords without TLS: whoever listens on the way has "
		    "them; give it a certfile", p->addr.p);
	if (!p->control || p->auth.len > 0 || p->client_ca.len > 0)
		return;
	if (!tls)
		diag_warn(&c->diag, l->where, "DANGER: the listener '%.100s' "
		    "has allow_control, and neither TLS nor auth: whoever "
		    "reaches it can stop every task; give it auth or "
		    "client_ca and a certfile, or a loopback address",
		    p->addr.p);
	else if (p->nallow == 0)
		diag_warn(&c->diag, l->where, "the listener '%.100s' has "
		    "allow_control, but no auth, client_ca or allow: whoever "
		    "reaches it can stop every task", p->addr.p);
}

void
access_judge(struct conf *c, const struct listener *l, struct plan_listen *p)
{
	struct node *where;

	p->client_ca = (struct span){ l->client_ca, strlen(l->client_ca) };
	p->auth = (struct span){ l->auth, strlen(l->auth) };
	p->hsts_s = l->hsts_s;
	p->nallow = l->nallow;
	where = l->v[KEY_HTTP_CLIENT_CA];
	if (p->client_ca.len > 0 && p->certfile.len == 0)
		diag_error(&c->diag, where, "'client_ca' asks for "
		    "certificates of clients, which needs TLS: the listener "
		    "has no certfile%s", l->by_flags & LISTEN_BY_C ?
		    " (-c took it away)" : "");
	if (p->hsts_s > 0 && p->certfile.len == 0) {
		diag_warn(&c->diag, l->v[KEY_HTTP_HSTS], "'hsts' says "
		    "nothing without a certfile: ignored");
		p->hsts_s = 0;
	}
	if (p->nallow > 0 && p->host.len == 0) {
		diag_warn(&c->diag, l->v[KEY_HTTP_ALLOW], "'allow' is about "
		    "network addresses and ignored: who may use the socket "
		    "'%.100s' is a matter of its mode and group", p->addr.p);
		p->nallow = 0;
	}
	warn_open(c, l, p);
}
