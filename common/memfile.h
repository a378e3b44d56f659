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
 * Bytes written once and read by another process: a file without a name.
 * What is handed out can be read and not written, so that its reader need
 * not fear that it changes.
 *
 * memfile_linux.c: memfd_create(2), sealed.  memfile_unlinked.c: a temporary
 * file whose name is gone, and a descriptor that was opened for reading.
 */

#ifndef COMMON_MEMFILE_H
#define COMMON_MEMFILE_H

#include <stddef.h>

struct memfile {
	int	 fd;		/* for writing; -1: not open */
	int	 reader;	/* -1: there is none yet */
};

#define MEMFILE_CLOSED	((struct memfile){ -1, -1 })

/* name is for people only.  0, or -1 with errno. */
int	 memfile_open(struct memfile *, const char *name);
/* All of it, at the end.  0, or -1 with errno. */
int	 memfile_write(struct memfile *, const void *, size_t);
/* The descriptor to read from, the caller's from now on (close-on-exec; use
 * pread(2), since all copies share a position); or -1 with errno.  The
 * memfile is closed. */
int	 memfile_finish(struct memfile *);
void	 memfile_close(struct memfile *);

#endif /* COMMON_MEMFILE_H */
