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
 * As small as a program can be: notes when its first instruction ran, then
 * waits to be killed.  Where we know the system's calls it has no libc, so
 * that what is measured is the starting of a process and not a loader.
 *
 *	tiny file
 *
 * Appends to file a record of two native 64-bit integers: CLOCK_MONOTONIC
 * in nanoseconds and the pid.  Both sides of the benchmark run this very
 * program, so what it costs falls out of the comparison.
 */

#if defined(TINY_NOLIBC) && defined(__linux__) && defined(__x86_64__)

#define SYS_write		1
#define SYS_open		2
#define SYS_pause		34
#define SYS_getpid		39
#define SYS_exit		60
#define SYS_clock_gettime	228

#define MONOTONIC		1
#define WRONLY_APPEND		02001

static long
call(long n, long a, long b, long c)
{
	long r;

	__asm__ volatile("syscall" : "=a" (r) : "a" (n), "D" (a), "S" (b),
	    "d" (c) : "rcx", "r11", "memory");
	return (r);
}

void	tiny(long *);

/* sp: argc, argv ..., as the kernel leaves them. */
void
tiny(long *sp)
{
	long ts[2], rec[2], fd;

	call(SYS_clock_gettime, MONOTONIC, (long)ts, 0);
	if (sp[0] != 2)
		call(SYS_exit, 2, 0, 0);
	rec[0] = ts[0] * 1000000000L + ts[1];
	rec[1] = call(SYS_getpid, 0, 0, 0);
	fd = call(SYS_open, sp[2], WRONLY_APPEND, 0);
	if (call(SYS_write, fd, (long)rec, sizeof(rec)) != sizeof(rec))
		call(SYS_exit, 1, 0, 0);
	for (;;)
		call(SYS_pause, 0, 0, 0);
}

__asm__(".globl _start\n"
    "_start:\n"
    "	xor	%ebp, %ebp\n"
    "	mov	%rsp, %rdi\n"
    "	and	$-16, %rsp\n"
    "	call	tiny\n");

#else

#include <fcntl.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct timespec ts;
	int64_t rec[2];
	int fd;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	if (argc != 2)
		return (2);
	rec[0] = ts.tv_sec * 1000000000LL + ts.tv_nsec;
	rec[1] = getpid();
	fd = open(argv[1], O_WRONLY | O_APPEND);
	if (write(fd, rec, sizeof(rec)) != sizeof(rec))
		return (1);
	for (;;)
		pause();
}

#endif
