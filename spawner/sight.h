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
 * Looks at watched paths that the monitor may not see, in a child of ours: a
 * file system that does not answer holds up the child and not us.
 */

#ifndef SPAWNER_SIGHT_H
#define SPAWNER_SIGHT_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

struct daemon;
struct sights;
struct stat_req;

/* NULL with errno. */
struct sights	*sight_new(struct daemon *);
/* What still runs is killed. */
void	 sight_free(struct sights *);

/*
 * The path that is meant, of the plan in force or the last S_FOLLOW;
 * borrowed, or NULL: there is none with that number.
 */
const char	*sight_path(const struct daemon *, const struct stat_req *);
/*
 * Looks at it soon, together with others; the monitor is told under that
 * tag, with ESTALE when the plan is another one by then, and ETIMEDOUT when
 * the file system does not answer.
 */
void	 sight_ask(struct sights *, uint32_t tag, const struct stat_req *);
/* Who asked is gone. */
void	 sight_forget(struct sights *);
/* That pid was waited for; true when it was one of these children. */
bool	 sight_reaped(struct sights *, pid_t);

#endif /* SPAWNER_SIGHT_H */
