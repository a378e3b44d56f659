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
 * What the monitor said last, and its texts: the tasks and the
 * configuration, each remembered in the indent asked for last.
 */

#ifndef HTTPD_ANSWERS_H
#define HTTPD_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/wire.h"

struct snapshot;
struct text;

void		 answers_init(void);
/* Takes the snapshot, in place of the one before. */
void		 answers_set_tasks(struct snapshot *);
/* Takes the bytes (the wbuf is then empty): JSON of generation gen. */
void		 answers_set_config(struct wbuf *, uint32_t gen);
/* Forgets everything: what comes next is from another monitor. */
void		 answers_forget(void);

/* Of the tasks; only when they are known. */
uint64_t	 answers_change(void);
const struct snapshot	*answers_snapshot(void);
uint32_t	 answers_gen(void);
/* The generation of the configuration; 0: not known. */
uint32_t	 answers_config_gen(void);

/*
 * A reference for the caller; NULL when it is not known, when there is no
 * memory, or when the configuration is not JSON.
 */
struct text	*answers_tasks(unsigned int indent);
struct text	*answers_page(bool control);
struct text	*answers_config(unsigned int indent);

#endif /* HTTPD_ANSWERS_H */
