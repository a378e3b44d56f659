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


/* sysctl(2) of OpenBSD, as far as we use it; see ../../bsd.sh. */

#ifndef TESTS_LINT_BSD_SYS_SYSCTL_H
#define TESTS_LINT_BSD_SYS_SYSCTL_H

#include <stddef.h>
#include <stdint.h>

#define CTL_KERN	1
#define KERN_PROC	66
#define KERN_PROC_PID	1

struct kinfo_proc {
	int32_t		 p_ppid;
	int8_t		 p_stat;
	uint64_t	 p_ustart_sec;
	uint32_t	 p_ustart_usec;
};

int	 sysctl(const int *, unsigned int, void *, size_t *, void *, size_t);

#endif /* TESTS_LINT_BSD_SYS_SYSCTL_H */
