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
 * Network prefixes, "192.0.2.0/24" or "2001:db8::/32": who may come.  The
 * loader reads them from the configuration, httpd holds a peer's address
 * against them.
 */

#ifndef COMMON_PREFIX_H
#define COMMON_PREFIX_H

#include <sys/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PREFIX_TEXT	64	/* bytes of the longest, with its NUL */

struct prefix {
	uint8_t		 addr[16];	/* IPv4: the first four */
	uint8_t		 bits;
	bool		 v6;
	bool		 stray;		/* as written, bits beyond the prefix
					   were set; they are cleared */
};

/*
 * "ADDRESS" or "ADDRESS/BITS" in len bytes, which need no NUL.  0, or -1:
 * not a prefix.  An IPv4 address written as IPv6 (::ffff:192.0.2.1) becomes
 * IPv4.
 */
int	 prefix_parse(const char *, size_t len, struct prefix *);
/* The one spelling of a prefix, always with its bits; returns buf. */
const char *prefix_text(const struct prefix *, char buf[PREFIX_TEXT]);
/*
 * Is the address in it?  A Unix-domain or unknown one is in none; an IPv4
 * peer of an IPv6 socket is compared as IPv4.
 */
bool	 prefix_has(const struct prefix *, const struct sockaddr *);
/* An address that only this host can use. */
bool	 prefix_is_loopback(const struct prefix *);

#endif /* COMMON_PREFIX_H */
