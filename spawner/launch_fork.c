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

/* The child by fork(2): its memory is a copy, ours is free at once. */

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launch.h"

struct launcher {
	void	(*release)(void *);
	void	 *mem;
	size_t	  size;
};

struct launcher *
launcher_new(void (*release)(void *))
{
	struct launcher *l;

	if ((l = calloc(1, sizeof(*l))) != NULL)
		l->release = release;
	return (l);
}

void
launcher_free(struct launcher *l)
{
	if (l == NULL)
		return;
	free(l->mem);
	free(l);
}

void
launcher_sweep(struct launcher *l)
{
	(void)l;
}

void *
launcher_memory(struct launcher *l, size_t size)
{
	void *p;

	if (size > l->size) {
		if ((p = realloc(l->mem, size)) == NULL)
			return (NULL);
		l->mem = p;
		l->size = size;
	}
	return (l->mem);
}

pid_t
launcher_go(struct launcher *l, void (*fn)(void *))
{
	sigset_t all, old;
	pid_t pid;
	int save;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	if ((pid = fork()) == 0)
		fn(l->mem);
	save = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	l->release(l->mem);
	errno = save;
	return (pid);
}

static int
result(int r)
{
	return (r == -1 ? -errno : r);
}

int
child_getpid(void)
{
	return (getpid());
}

int
child_setsid(void)
{
	return (result(setsid()));
}

int
child_dup2(int from, int to)
{
	return (result(dup2(from, to)));
}

void
child_cloexec_from(int first)
{
#if defined(HAVE_CLOSE_RANGE) && defined(CLOSE_RANGE_CLOEXEC)
	close_range(first, ~0U, CLOSE_RANGE_CLOEXEC);
#else
	(void)first;
#endif
}

int
child_setrlimit(int resource, const struct rlimit *rl)
{
	return (result(setrlimit(resource, rl)));
}

int
child_setgroups(size_t n, const gid_t *groups)
{
	return (result(setgroups(n, groups)));
}

int
child_setgid(gid_t gid)
{
	return (result(setresgid(gid, gid, gid)));
}

int
child_setuid(uid_t uid)
{
	return (result(setresuid(uid, uid, uid)));
}

int
child_chdir(const char *dir)
{
	return (result(chdir(dir)));
}

int
child_execve(const char *path, const char *const *argv,
    const char *const *envp)
{
	char *const *a, *const *e;

	/* execve(2) writes to neither; its type is older than const. */
	memcpy(&a, &argv, sizeof(a));
	memcpy(&e, &envp, sizeof(e));
	return (result(execve(path, a, e)));
}

int
child_write(int fd, const void *p, size_t len)
{
	return (result(write(fd, p, len)));
}

int
child_sigdefault(int sig)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	return (result(sigaction(sig, &sa, NULL)));
}

int
child_sigunblock(void)
{
	sigset_t none;

	sigemptyset(&none);
	return (result(sigprocmask(SIG_SETMASK, &none, NULL)));
}

void
child_exit(int status)
{
	_exit(status);
}
