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
 * Making the child in which a task begins, and what that child may call
 * until it has become the task.  Which way is taken is chosen by configure:
 *
 * launch_linux.c: clone(2) with CLONE_VM but without CLONE_VFORK.  The child
 * borrows the spawner's memory, so nothing is copied, and the spawner goes
 * on at once: about eight times as many starts a second as with vfork(2), and
 * no hang where vfork(2) would hang, in a child that waits for a file server
 * in chdir(2) or exec(2).  In return the child may not call libc (errno
 * is the spawner's), runs on a stack of its own, and all it reads must stay
 * until the kernel says that it has left our memory.
 *
 * launch_fork.c: fork(2), for other systems, and for sanitizers.
 *
 * So all that the child works with lies in one piece of memory, which is
 * asked for first, filled, and given back by the launcher when the child has
 * called exec or is gone.
 */

#ifndef SPAWNER_LAUNCH_H
#define SPAWNER_LAUNCH_H

#include <sys/types.h>
#include <sys/resource.h>

#include <stddef.h>

struct launcher;

/*
 * release is called with a piece of memory when its child no longer reads
 * it: at some later call of launcher_memory() or launcher_sweep(), or by
 * launcher_free().
 * NULL with errno.
 */
struct launcher	*launcher_new(void (*release)(void *));
void	 launcher_free(struct launcher *);
void	 launcher_sweep(struct launcher *);

/*
 * Memory of at least size bytes for the next child, which launcher_go()
 * makes.  NULL with errno.
 */
void	*launcher_memory(struct launcher *, size_t size);

/*
 * Makes the child, which calls fn(memory) with all signals blocked; fn does
 * not return.  The pid; or -1 with errno, and release has been called.
 */
pid_t	 launcher_go(struct launcher *, void (*fn)(void *));

/*
 * For the child: system calls that touch nothing but the kernel.  0 or a
 * result, or a negative errno.
 */
int	 child_getpid(void);
int	 child_setsid(void);
int	 child_dup2(int from, int to);
/* Marks all descriptors from first on as close-on-exec; where the system
 * cannot, it does nothing. */
void	 child_cloexec_from(int first);
int	 child_setrlimit(int resource, const struct rlimit *);
int	 child_setgroups(size_t n, const gid_t *);
int	 child_setgid(gid_t);		/* real, effective and saved */
int	 child_setuid(uid_t);		/* likewise */
int	 child_chdir(const char *);
int	 child_execve(const char *, const char *const *argv,
	    const char *const *envp);
int	 child_write(int fd, const void *, size_t);
/* The default action; no signal is blocked. */
int	 child_sigdefault(int sig);
int	 child_sigunblock(void);
void	 child_exit(int status) __attribute__((__noreturn__));

#endif /* SPAWNER_LAUNCH_H */
