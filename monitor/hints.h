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
 * What the kernel says of directories, in one form for all systems:
 * watch_inotify.c (Linux), watch_kqueue.c (BSD), and watch_sweep.c for
 * systems that say nothing, where everything is looked at from time to time.
 * configure chooses.  A hint may be late, superfluous or lost; lost ones are
 * told of.
 */

#ifndef MONITOR_HINTS_H
#define MONITOR_HINTS_H

#include <stdbool.h>

#include "watch.h"

struct event_base;
struct hints;

struct hints_conf {
	/* Something happened to that name (NULL: to some) in there. */
	void		(*hint)(void *, int wd, const char *name);
	/* It is watched no more, or is not where it was. */
	void		(*gone)(void *, int wd);
	/* Anything may have changed. */
	void		(*lost)(void *);
	/* These were all, for now. */
	void		(*done)(void *);
	void		*arg;
};

/* Whether files must be watched besides their directories. */
extern const bool	 hints_of_files;

/* NULL with errno: then there are no hints. */
struct hints	*hints_new(struct event_base *, const struct hints_conf *);

/*
 * Watches a directory, for at least that level.  Its number, the same for
 * the same directory; or -1 with errno (ENOSPC: the system's limit; ENOTSUP:
 * its file system gives no hints).
 */
int	 hints_add(struct hints *, const char *dir, enum watch_level);
/* Watches one file, where hints_of_files. */
int	 hints_add_file(struct hints *, const char *path);
void	 hints_del(struct hints *, int wd);
/* No more hints, and nothing can be watched any more. */
void	 hints_close(struct hints *);

#endif /* MONITOR_HINTS_H */
