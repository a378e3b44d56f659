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
 * The daemon's own files, which the monitor follows for us: what they were
 * when they were last loaded; and looking at paths that it may not see.
 */

#ifndef SPAWNER_FOLLOW_H
#define SPAWNER_FOLLOW_H

#include <stdint.h>

#include "../common/run.h"

struct daemon;
struct follower;

/* NULL with errno. */
struct follower	*follow_new(void);
void	 follow_free(struct follower *);

/* A load begins: what the files are now is what it will read, or older. */
void	 follow_load(struct daemon *);
/* Tells the monitor which they are; after each sync and each load. */
void	 follow_send(struct daemon *);
/* Number index of what was told last; its path or NULL. */
const char	*follow_path(const struct follower *, uint32_t index);
/* Looks at a path, symbolic links followed. */
void	 follow_look(const char *path, struct file_id *);

#endif /* SPAWNER_FOLLOW_H */
