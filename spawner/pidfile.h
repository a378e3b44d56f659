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
 * The pidfile: locked for the daemon's life, so that a second start with the
 * same one can tell a live daemon from a stale file.
 */

#ifndef SPAWNER_PIDFILE_H
#define SPAWNER_PIDFILE_H

#include <sys/types.h>

/*
 * Opens, locks and writes the pidfile.  The descriptor to keep open; or -1
 * with errno, EEXIST when a live daemon holds it, whose pid is then in
 * *holder.  A stale file is taken over.
 */
int	 pidfile_hold(const char *path, pid_t *holder);

/* Removes and closes it. */
void	 pidfile_drop(const char *path, int fd);

/* The pid of the live daemon that holds it; 0: none; -1 with errno. */
pid_t	 pidfile_holder(const char *path);

#endif /* SPAWNER_PIDFILE_H */
