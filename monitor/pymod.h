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
 * The modules that the Python scripts of tasks import, as their interpreters
 * tell them: see pymod.c for how far they are believed.
 */

#ifndef MONITOR_PYMOD_H
#define MONITOR_PYMOD_H

#include "monitor.h"

/* The tags of these questions to the spawner; the scheduler's are below. */
#define PYMOD_TAG	0x80000000U

struct pymod;
struct pymods;

struct pymods	*pymods_new(struct monitor *);

/*
 * Asks for the modules of a task's script by that command of it.  done is
 * called once, unless it is cancelled before: with n absolute paths, sorted
 * and without the like, that are gone afterwards; or with a reason why there
 * are none.  The handle is void then.
 */
struct pymod	*pymod_start(struct pymods *, uint32_t task, uint16_t cmd,
		    void (*done)(void *arg, char **paths, uint32_t n,
		    const char *failure), void *arg);
void	 pymod_cancel(struct pymod *);
/* All of them, without a word: the scheduler hears of what still runs. */
void	 pymods_forget(struct pymods *);

/* What the spawner says of them; pymod_output() takes fd. */
void	 pymod_output(struct pymods *, uint32_t tag, int fd);
void	 pymod_spawned(struct pymods *, uint32_t tag, uint64_t id);
/* By its tag, or with tag 0 by its id.  False: it is none of these. */
bool	 pymod_spawnfail(struct pymods *, uint32_t tag, uint64_t id);
/* False: it is none of these. */
bool	 pymod_exited(struct pymods *, uint64_t id, uint32_t status);

#endif /* MONITOR_PYMOD_H */
