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

/* Small things that every program needs. */

#ifndef COMMON_UTIL_H
#define COMMON_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define nitems(a)	(sizeof((a)) / sizeof((a)[0]))

/*
 * Memory or death, for helpers and for programs that are starting: they are
 * started again by the spawner.  The running spawner uses the plain calls.
 */
void	*xcalloc(size_t n, size_t size);
void	*xreallocarray(void *p, size_t n, size_t size);
char	*xstrdup(const char *s);
char	*xstrndup(const char *s, size_t n);
int	 xasprintf(char **ret, const char *fmt, ...)
	    __attribute__((__format__(printf, 2, 3)));

/*
 * What ps(1) calls us.  A program started from a descriptor is named after
 * that descriptor by Linux before 6.14.
 */
void	 process_name(const char *name);

/* Sets O_NONBLOCK, FD_CLOEXEC.  0, or -1 with errno. */
int	 fd_nonblock(int fd);
int	 fd_cloexec(int fd);

/*
 * A path made absolute against the current directory, without looking at
 * the file system: "-b" must not change what a relative path means.
 * Returns new memory, or NULL with errno.
 */
char	*path_absolute(const char *path);

/*
 * Levenshtein distance, for "did you mean".  Counts up to limit only and
 * returns limit + 1 beyond it, so that long input costs little.
 */
unsigned int	 edit_distance(const char *a, const char *b,
		    unsigned int limit);

/* 64-bit hash of bytes (not cryptographic; for comparing our own data). */
uint64_t	 hash_bytes(uint64_t seed, const void *data, size_t len);

#endif /* COMMON_UTIL_H */
