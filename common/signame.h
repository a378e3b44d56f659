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

/* Signal names and numbers, as the configuration and people write them. */

#ifndef COMMON_SIGNAME_H
#define COMMON_SIGNAME_H

#include <stddef.h>

/* "HUP", "SIGHUP", "hup", "1", "RTMIN+3"; 0 when it names no signal. */
int		 signame_number(const char *name);

/*
 * The i-th name, without "SIG", that a signal has on any system, or NULL
 * behind the last; this system may not know it.
 */
const char	*signame_word(size_t i);

/*
 * "SIGHUP" for 1, "SIGRTMIN+3"; "signal N" for a number without a name.
 * Returns a static buffer, good until the next call.
 */
const char	*signame_name(int sig);

#endif /* COMMON_SIGNAME_H */
