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
 * Gathers what /metrics says.  The spawner is asked first, which always
 * answers, then the monitor, which may be away: then what is known without
 * it is the answer.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/log.h"
#include "../common/run.h"
#include "../common/util.h"
#include "exchange.h"
#include "metrics.h"
#include "prom.h"
#include "render.h"
#include "setup.h"

/* Listeners that were counted for; reloads may bring ever new ones. */
#define LISTENERS_MAX	128

static struct {
	TAILQ_HEAD(, exchange)	 waiting;
	bool			 asked;		/* the spawner */
	struct wbuf		 facts;		/* as they came last */
	struct prom_requests	*counts;
	size_t			 ncounts;
	size_t			 nlisteners;
} metrics;

void
metrics_init(void)
{
	TAILQ_INIT(&metrics.waiting);
}

static void
send_metrics(struct exchange *x, const struct snapshot *s)
{
	struct prom_facts f = { .requests = metrics.counts,
	    .nrequests = metrics.ncounts, .snapshot = s };

	cursor_init(&f.processes, metrics.facts.data, metrics.facts.len);
	x->route.what = ROUTE_ANSWER;
	send_text(x, 200, "text/plain; version=0.0.4; charset=utf-8",
	    prom_render(&f));
}

static void
on_tasks(enum peer_result result, const char *detail, void *arg)
{
	struct exchange *x = arg;

	(void)detail;
	x->ask = NULL;
	send_metrics(x, result == PEER_OK ? peer_snapshot() : NULL);
}

int
metrics_facts(struct cursor *c)
{
	struct cursor bytes = *c;
	struct http_fact f;
	struct exchange *x;
	uint32_t n;

	if (!metrics.asked)
		return (-1);
	metrics.asked = false;
	for (n = get_count(c, HTTP_FACT_MIN); n > 0; n--)
		get_http_fact(c, &f);
	if (!cursor_done(c))
		return (-1);
	wbuf_reset(&metrics.facts);
	if (wbuf_room(&metrics.facts, bytes.left) == -1)
		fatal("metrics");
	memcpy(metrics.facts.data, bytes.p, bytes.left);
	metrics.facts.len = bytes.left;
	while ((x = TAILQ_FIRST(&metrics.waiting)) != NULL) {
		TAILQ_REMOVE(&metrics.waiting, x, metrics);
		x->waits = false;
		if (peer_is_fresh())
			send_metrics(x, peer_snapshot());
		else
			x->ask = peer_ask(ASK_TASKS, NULL, on_tasks, x);
	}
	return (0);
}

void
metrics_begin(struct exchange *x)
{
	TAILQ_INSERT_TAIL(&metrics.waiting, x, metrics);
	x->waits = true;
	if (metrics.asked)
		return;
	metrics.asked = true;
	setup_ask_facts();
}

void
metrics_gone(struct exchange *x)
{
	if (x->waits)
		TAILQ_REMOVE(&metrics.waiting, x, metrics);
	x->waits = false;
}

void
metrics_count(const char *addr, int status)
{
	struct prom_requests *r;
	bool known = false;
	size_t i;

	for (i = 0; i < metrics.ncounts; i++) {
		r = &metrics.counts[i];
		if (strcmp(r->addr, addr) != 0)
			continue;
		known = true;
		if (r->status != status)
			continue;
		r->n++;
		return;
	}
	if (!known && metrics.nlisteners >= LISTENERS_MAX) {
		if (strcmp(addr, "other") != 0)
			metrics_count("other", status);
		else
			goto add;
		return;
	}
	if (!known)
		metrics.nlisteners++;
add:
	metrics.counts = xreallocarray(metrics.counts, metrics.ncounts + 1,
	    sizeof(*metrics.counts));
	r = &metrics.counts[metrics.ncounts++];
	r->addr = xstrdup(addr);
	r->status = status;
	r->n = 1;
}
