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
 * /metrics: what the monitor knows of tasks, the spawner of our processes,
 * and what is counted here.
 */

#ifndef HTTPD_METRICS_H
#define HTTPD_METRICS_H

#include "../common/wire.h"

struct exchange;

void	 metrics_init(void);
/* Answers, as soon as all is known; the exchange is ours until then. */
void	 metrics_begin(struct exchange *);
/* Its connection has been closed before that. */
void	 metrics_gone(struct exchange *);

/* HTTP_FACTS has come: 0, or -1: malformed, or nobody asked. */
int	 metrics_facts(struct cursor *);

/* A request was answered; addr is the listener's. */
void	 metrics_count(const char *addr, int status);

#endif /* HTTPD_METRICS_H */
