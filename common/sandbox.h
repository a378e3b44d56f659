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
 * One call a program: after it, the process can do what its role needs and
 * nothing else.  sandbox_linux.c, sandbox_openbsd.c or sandbox_none.c is
 * chosen by configure.  Each layer a kernel does not have is named in one
 * log line; a layer that is there and fails is an error: a helper that
 * cannot be confined does not run.
 */

#ifndef COMMON_SANDBOX_H
#define COMMON_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum sandbox_role {
	SANDBOX_LOADER,		/* reads users, groups, host name; no exec */
	SANDBOX_MONITOR,	/* reads files, accepts on the control socket */
	SANDBOX_HTTPD		/* serves descriptors it was given */
};

/*
 * Confines the calling process.  Call after libevent (and OpenSSL) are set
 * up.  active receives a short text for people ("landlock seccomp rlimits"),
 * always NUL-terminated.  0, or -1 with errno and in active the layer that
 * failed.
 */
int	 sandbox_enter(enum sandbox_role role, char *active, size_t size);

#endif /* COMMON_SANDBOX_H */
