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
 * For systems whose ways of confinement we do not know: it says so, since
 * an empty sandbox that keeps quiet is worse than none.  The separation of
 * users and the chroot of httpd hold all the same.
 */

#include <string.h>

#include "log.h"
#include "sandbox.h"

int
sandbox_enter(enum sandbox_role role, char *active, size_t size)
{
	static const char *const names[] = {
		[SANDBOX_LOADER] = "the loader",
		[SANDBOX_MONITOR] = "the monitor",
		[SANDBOX_HTTPD] = "httpd",
	};

	log_warnx("sandbox: %s is not confined on this system", names[role]);
	strlcpy(active, "none", size);
	return (0);
}
