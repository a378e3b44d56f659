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
 * One run of the loader: its channel, and the plan that grows from it.
 */

#ifndef SPAWNER_PLANLOAD_H
#define SPAWNER_PLANLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/plan.h"

struct event_base;
struct plan_store;
struct planload;

struct planload_result {
	/* The sealed plan, the callee's to keep; NULL: the load failed. */
	struct plan_store *plan;
	uint32_t	 nerrors;
	uint32_t	 nwarnings;
	/* Why there is no plan though the loader named no error (it died,
	 * broke the protocol, took too long); NULL: errors were named. */
	const char	*why;
};

struct planload_conf {
	struct event_base *base;
	int		 fd;		/* the channel; taken */
	struct load_req	 req;		/* borrowed until planload_start()
					   returns */
	uint8_t		 level;		/* enum log_level for the loader */
	void		*arg;
	/* A message of the load, as it comes. */
	void		(*message)(enum plan_severity, const char *text,
			    void *arg);
	/* The end: called once, from the event loop; then the caller calls
	 * planload_free(). */
	void		(*done)(const struct planload_result *, void *arg);
};

/* NULL with errno; fd is taken in any case. */
struct planload	*planload_start(const struct planload_conf *);
void	 planload_free(struct planload *);

#endif /* SPAWNER_PLANLOAD_H */
