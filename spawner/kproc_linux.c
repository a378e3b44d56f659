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
 * /proc/PID/stat; see kproc.h.  The kernel writes it, but for the program's
 * name, which anybody can choose: it is in parentheses, and what follows the
 * last of these is the kernel's again.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kproc.h"

/* Fields of proc(5), counted from the state, which is number 3. */
#define FIELD_UTIME	(14 - 3)
#define FIELD_STIME	(15 - 3)
#define FIELD_START	(22 - 3)
#define FIELD_RSS	(24 - 3)

static int
read_stat(pid_t pid, char *buf, size_t size)
{
	char path[32];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		if (errno == ENOENT)
			errno = ESRCH;
		return (-1);
	}
	n = read(fd, buf, size - 1);
	close(fd);
	if (n <= 0) {
		errno = ESRCH;
		return (-1);
	}
	buf[n] = '\0';
	return (0);
}

static int64_t
clock_ms(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) == -1)
		return (0);
	return ((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

int
kproc_get(pid_t pid, struct kproc *k)
{
	char buf[1024], *p;
	int64_t age;
	int32_t ppid;
	long hz;
	int i;

	if (read_stat(pid, buf, sizeof(buf)) == -1)
		return (-1);
	if ((p = strrchr(buf, ')')) == NULL || p[1] != ' ') {
		errno = EINVAL;
		return (-1);
	}
	p += 2;
	if (*p == 'Z' || *p == 'X') {
		errno = ESRCH;
		return (-1);
	}
	if (sscanf(p + 1, "%" SCNd32, &ppid) != 1)
		ppid = 0;
	k->ppid = ppid;
	for (i = 0; i < FIELD_START && p != NULL; i++)
		if ((p = strchr(p, ' ')) != NULL)
			p++;
	if (p == NULL || sscanf(p, "%" SCNu64, &k->start) != 1 ||
	    (hz = sysconf(_SC_CLK_TCK)) <= 0) {
		errno = EINVAL;
		return (-1);
	}
	/* Since boot, suspended time included. */
	age = clock_ms(CLOCK_BOOTTIME) - (int64_t)(k->start / hz * 1000 +
	    k->start % hz * 1000 / hz);
	k->started = mono_add(mono_now(), -age);
	if (k->started.ms < 1)
		k->started.ms = 1;
	k->started_wall = wall_now() - age;
	return (0);
}

/* A number behind the state; 0 where there is none. */
static uint64_t
field(const char *state, int n)
{
	const char *p = state;
	uint64_t v;

	while (n-- > 0 && p != NULL)
		p = strchr(p + 1, ' ');
	return (p != NULL && sscanf(p, "%" SCNu64, &v) == 1 ? v : 0);
}

int
kproc_usage(pid_t pid, uint64_t *cpu_ms, uint64_t *rss_bytes)
{
	char buf[1024], *p;
	long hz, page;

	if (read_stat(pid, buf, sizeof(buf)) == -1)
		return (-1);
	if ((p = strrchr(buf, ')')) == NULL || p[1] != ' ' ||
	    (hz = sysconf(_SC_CLK_TCK)) <= 0 ||
	    (page = sysconf(_SC_PAGESIZE)) <= 0) {
		errno = EINVAL;
		return (-1);
	}
	p += 2;
	*cpu_ms = (field(p, FIELD_UTIME) + field(p, FIELD_STIME)) * 1000 /
	    (uint64_t)hz;
	*rss_bytes = field(p, FIELD_RSS) * (uint64_t)page;
	return (0);
}
