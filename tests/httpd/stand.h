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

/* What the two halves of the stand for httpd share. */

#ifndef TESTS_HTTPD_STAND_H
#define TESTS_HTTPD_STAND_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "../../common/ipc.h"

struct chan;
struct event_base;

struct listener_arg {
	uint32_t	 index;
	char		*addr;
	char		*cert;		/* NULL: no TLS */
};

struct stand {
	struct event_base	*base;
	struct chan		*httpd;
	struct chan		*client;	/* the monitor's end */
	struct listener_arg	 listeners[LIMIT_LISTEN];
	size_t			 nlisteners;
	uint32_t		 timeout_ms;
	const char		*auth;		/* NULL: none */
	const char		*client_ca;
	uint32_t		 hsts_s;
	const char		*allow[8];
	uint32_t		 nallow;
	uint32_t		 ntasks;
	uint64_t		 change;
	uint32_t		 gen;
	bool			 mute;
	pid_t			 pid;
	char			 line[1024];
	size_t			 linelen;
};

extern struct stand stand;

/* A line on standard output. */
void	 say(const char *what, const char *arg);
/* Another monitor, in the place of the one before. */
void	 stand_peer(void);

#endif /* TESTS_HTTPD_STAND_H */
