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

/* What the parts of the captured monitor share: see evil_monitor.c. */

#ifndef TESTS_EVIL_EVIL_MONITOR_H
#define TESTS_EVIL_EVIL_MONITOR_H

#include <stdint.h>

#include "../../common/run.h"

extern struct sync_begin sync_info;

/* A message of that type: put what is in it, then end(). */
struct wbuf	*begin(uint16_t type);
void	 end(void);

void	 spawn(uint32_t gen, uint32_t task, uint16_t instance);
void	 sig(uint64_t id, uint8_t n);
void	 look(uint32_t gen, uint32_t task, uint16_t instance);
void	 raw(uint32_t length, uint16_t type, uint16_t flags, const void *,
	    size_t);

/* evil_asks.c: pidfiles, trial loads, watched paths and what commands say. */
void	 look_files(void);
void	 trials(void);
void	 watches(void);

#endif /* TESTS_EVIL_EVIL_MONITOR_H */
