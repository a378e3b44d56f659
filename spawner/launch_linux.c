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
 * The child by clone(2) in our own memory; see launch.h.
 *
 * What makes that safe:
 *  - The kernel zeroes pad->tid (CLONE_CHILD_CLEARTID) when the child leaves
 *    our memory, by exec or by its end.  Until then its pad is not touched.
 *  - The child calls nothing of libc that could write to memory that is not
 *    its own: system calls are made here by instruction, not through errno.
 *    Signal handlers, descriptors and directory are copies (no CLONE_FILES,
 *    CLONE_FS, CLONE_SIGHAND).
 *  - It changes user while it shares our memory.  Nobody may trace it: the
 *    kernel makes memory undumpable when credentials change, and main() has
 *    done so before; for the same reason a child that crashes leaves no core
 *    and takes nobody with it.
 *  - It runs on a stack of its own with a page below that faults.
 */

#include <sys/types.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <sys/syscall.h>

#include <linux/futex.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "launch.h"

#define GUARD_SIZE	4096
#define STACK_SIZE	(24 * 1024)	/* a path of 4 KiB and little else */
#define PADS_USUAL	16	/* children between start and exec */
#define PADS_MAX	1024	/* when many hang there */
#define WAIT_MS		20	/* for one of the usual to get through */

struct pad {
	TAILQ_ENTRY(pad) entry;
	pid_t		 tid;	/* 0: no child reads this pad */
	bool		 used;	/* release is still to be called */
	void		*mem;
	size_t		 size;
	char		*stack;	/* the mapping, guard first */
	void		(*fn)(void *);
};

struct launcher {
	TAILQ_HEAD(, pad) pads;		/* the one used longest ago first */
	unsigned int	 npads;
	struct pad	*next;		/* of launcher_memory() */
	void		(*release)(void *);
};

#if defined(__x86_64__)
static inline long
call(long nr, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long ret;

	__asm__ volatile("syscall" : "=a"(ret)
	    : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
	    : "rcx", "r11", "memory");
	return (ret);
}
#elif defined(__aarch64__)
static inline long
call(long nr, long a, long b, long c, long d)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;

	__asm__ volatile("svc #0" : "+r"(x0)
	    : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return (x0);
}
#else
#error "configure chooses launch_fork.c for this machine"
#endif

struct launcher *
launcher_new(void (*release)(void *))
{
	struct launcher *l;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return (NULL);
	TAILQ_INIT(&l->pads);
	l->release = release;
	return (l);
}

static bool
is_busy(const struct pad *p)
{
	return (__atomic_load_n(&p->tid, __ATOMIC_ACQUIRE) != 0);
}

/* Its child is gone from our memory: the memory may be given back. */
static void
reclaim(struct launcher *l, struct pad *p)
{
	if (p->used)
		l->release(p->mem);
	p->used = false;
}

void
launcher_free(struct launcher *l)
{
	struct pad *p;

	if (l == NULL)
		return;
	while ((p = TAILQ_FIRST(&l->pads)) != NULL) {
		TAILQ_REMOVE(&l->pads, p, entry);
		/* A child that hangs keeps its memory; we are leaving. */
		if (is_busy(p))
			continue;
		reclaim(l, p);
		munmap(p->stack, GUARD_SIZE + STACK_SIZE);
		free(p->mem);
		free(p);
	}
	free(l);
}

void
launcher_sweep(struct launcher *l)
{
	struct pad *p;

	TAILQ_FOREACH(p, &l->pads, entry)
		if (!is_busy(p))
			reclaim(l, p);
}

static struct pad *
new_pad(struct launcher *l)
{
	struct pad *p;

	if (l->npads == PADS_MAX) {
		errno = EAGAIN;
		return (NULL);
	}
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return (NULL);
	p->stack = mmap(NULL, GUARD_SIZE + STACK_SIZE,
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK,
	    -1, 0);
	if (p->stack == MAP_FAILED) {
		free(p);
		return (NULL);
	}
	if (mprotect(p->stack, GUARD_SIZE, PROT_NONE) == -1) {
		munmap(p->stack, GUARD_SIZE + STACK_SIZE);
		free(p);
		return (NULL);
	}
	l->npads++;
	TAILQ_INSERT_TAIL(&l->pads, p, entry);
	return (p);
}

static struct pad *
find_free(struct launcher *l)
{
	struct pad *p;

	TAILQ_FOREACH(p, &l->pads, entry)
		if (!is_busy(p))
			return (p);
	return (NULL);
}

/* A little time for the oldest child to get to its exec. */
static void
wait_oldest(struct launcher *l)
{
	struct timespec ts = { 0, WAIT_MS * 1000000L };
	struct pad *p = TAILQ_FIRST(&l->pads);
	pid_t tid;

	/* Any end of it will do: the pad is looked at again. */
	if ((tid = __atomic_load_n(&p->tid, __ATOMIC_ACQUIRE)) != 0)
		syscall(SYS_futex, &p->tid, FUTEX_WAIT, tid, &ts, NULL, 0);
}

static struct pad *
take_pad(struct launcher *l)
{
	struct pad *p;

	if ((p = find_free(l)) != NULL)
		return (p);
	if (l->npads < PADS_USUAL)
		return (new_pad(l));
	wait_oldest(l);
	if ((p = find_free(l)) != NULL)
		return (p);
	return (new_pad(l));
}

void *
launcher_memory(struct launcher *l, size_t size)
{
	struct pad *p;
	void *mem;

	if ((p = take_pad(l)) == NULL)
		return (NULL);
	reclaim(l, p);
	if (size > p->size) {
		if ((mem = realloc(p->mem, size)) == NULL)
			return (NULL);
		p->mem = mem;
		p->size = size;
	}
	l->next = p;
	return (p->mem);
}

static int
trampoline(void *arg)
{
	struct pad *p = arg;

	p->fn(p->mem);
	return (0);
}

pid_t
launcher_go(struct launcher *l, void (*fn)(void *))
{
	struct pad *p = l->next;
	sigset_t all, old;
	pid_t pid;
	int save;

	l->next = NULL;
	TAILQ_REMOVE(&l->pads, p, entry);
	TAILQ_INSERT_TAIL(&l->pads, p, entry);
	p->fn = fn;
	p->used = true;
	__atomic_store_n(&p->tid, 1, __ATOMIC_RELEASE);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	pid = clone(trampoline, p->stack + GUARD_SIZE + STACK_SIZE,
	    CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, p, NULL, NULL,
	    &p->tid);
	save = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid == -1) {
		p->tid = 0;
		reclaim(l, p);
	}
	errno = save;
	return (pid);
}

int
child_getpid(void)
{
	return (call(SYS_getpid, 0, 0, 0, 0));
}

int
child_setsid(void)
{
	return (call(SYS_setsid, 0, 0, 0, 0));
}

int
child_dup2(int from, int to)
{
	return (call(SYS_dup3, from, to, 0, 0));
}

void
child_cloexec_from(int first)
{
#ifdef SYS_close_range
	call(SYS_close_range, first, ~0U, 1 << 2 /* CLOSE_RANGE_CLOEXEC */,
	    0);
#else
	(void)first;
#endif
}

int
child_setrlimit(int resource, const struct rlimit *rl)
{
	/* The kernel's struct is that of rlim64, and so is ours on LP64. */
	return (call(SYS_prlimit64, 0, resource, (long)(uintptr_t)rl, 0));
}

int
child_setgroups(size_t n, const gid_t *groups)
{
	return (call(SYS_setgroups, n, (long)(uintptr_t)groups, 0, 0));
}

int
child_setgid(gid_t gid)
{
	return (call(SYS_setresgid, gid, gid, gid, 0));
}

int
child_setuid(uid_t uid)
{
	return (call(SYS_setresuid, uid, uid, uid, 0));
}

int
child_chdir(const char *dir)
{
	return (call(SYS_chdir, (long)(uintptr_t)dir, 0, 0, 0));
}

int
child_execve(const char *path, const char *const *argv,
    const char *const *envp)
{
	return (call(SYS_execve, (long)(uintptr_t)path,
	    (long)(uintptr_t)argv, (long)(uintptr_t)envp, 0));
}

int
child_write(int fd, const void *p, size_t len)
{
	return (call(SYS_write, fd, (long)(uintptr_t)p, len, 0));
}

/* The kernel's own layout; zero is SIG_DFL, no flags, no mask. */
struct kernel_sigaction {
	uintptr_t	 handler;
	unsigned long	 flags;
	uintptr_t	 restorer;
	uint64_t	 mask;
};

int
child_sigdefault(int sig)
{
	struct kernel_sigaction sa = { 0, 0, 0, 0 };

	return (call(SYS_rt_sigaction, sig, (long)(uintptr_t)&sa, 0,
	    sizeof(sa.mask)));
}

int
child_sigunblock(void)
{
	uint64_t none = 0;

	return (call(SYS_rt_sigprocmask, SIG_SETMASK,
	    (long)(uintptr_t)&none, 0, sizeof(none)));
}

void
child_exit(int status)
{
	for (;;)
		call(SYS_exit_group, status, 0, 0, 0);
}
