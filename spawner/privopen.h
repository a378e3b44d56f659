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
 * Files that root opens for others to read: an owner and a mode that only
 * an administrator can have given, and nothing that could block.
 */

#ifndef SPAWNER_PRIVOPEN_H
#define SPAWNER_PRIVOPEN_H

#include <stddef.h>

/*
 * A configuration, roles or certificate file for reading: a regular file,
 * owned by root or our effective user, not writable by group or others.
 * The descriptor, close-on-exec; or -1 with errno, and in why (of size
 * bytes) a text for people: what is wrong with the file and what to do.
 */
int	 privopen_file(const char *path, char *why, size_t size);

/*
 * A copy of the first bytes of an open file, at most max of them, that does
 * not change with it; the descriptor is close-on-exec.  -1 with errno.
 */
int	 privopen_copy(int fd, size_t max);

/*
 * A program of ours: owned by root, our effective user or the owner of the
 * daemon's own executable, not writable by group or others.  -1 with errno
 * (EPERM: not safe).
 */
int	 privopen_program(const char *path);

/*
 * The running executable, absolute and without symbolic links: new memory,
 * or NULL where the system cannot tell and argv0 is no path.
 */
char	*privopen_self(const char *argv0);

/*
 * 0 when nobody but root, our effective user and the owner of the daemon's
 * own executable can have put it there: the file and the directories above
 * it are theirs, and not writable by others (where these can only add to a
 * directory, as to /tmp, that is fine).  An absolute path without symbolic
 * links.  -1, and why not in why.
 */
int	 privopen_alone(const char *path, char *why, size_t size);

/*
 * The directory of our helpers: ../libexec/taskforced beside the directory
 * of the running executable when that place is safe, else the one of
 * configure.  New memory, or NULL with errno.
 */
char	*privopen_libexec(const char *argv0);

/*
 * An empty directory for chroot that only root can write: the one given if
 * it is there and is so, else made in /var/run.  New memory, or NULL with
 * errno.
 */
char	*privopen_empty(void);

#endif /* SPAWNER_PRIVOPEN_H */
