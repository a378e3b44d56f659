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
 * Network prefixes.  The text is the administrator's and is taken apart
 * with care; addresses come from the kernel.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <arpa/inet.h>

#include <stdio.h>
#include <string.h>

#include "prefix.h"

#define BITS_V4	32
#define BITS_V6	128

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
    0xff };

/* One to three digits and nothing else; -1: not so. */
static int
read_bits(const char *p, size_t len)
{
	int n = 0;

	/* "/08" is nobody's way to write eight. */
	if (len < 1 || len > 3 || (len > 1 && *p == '0'))
		return (-1);
	for (; len > 0; len--, p++) {
		if (*p < '0' || *p > '9')
			return (-1);
		n = n * 10 + (*p - '0');
	}
	return (n);
}

/* An IPv4 address in the dress of IPv6 is IPv4. */
static void
unmap(struct prefix *p)
{
	if (!p->v6 || p->bits < BITS_V6 - BITS_V4 ||
	    memcmp(p->addr, mapped, sizeof(mapped)) != 0)
		return;
	p->v6 = false;
	p->bits -= BITS_V6 - BITS_V4;
	memmove(p->addr, p->addr + sizeof(mapped), 4);
	memset(p->addr + 4, 0, sizeof(p->addr) - 4);
}

static void
clear_rest(struct prefix *p)
{
	uint8_t keep, *byte;
	int i;

	for (i = 0; i < (p->v6 ? 16 : 4); i++) {
		byte = &p->addr[i];
		if (p->bits >= 8 * (i + 1))
			continue;
		keep = p->bits <= 8 * i ? 0 : 0xff << (8 * (i + 1) - p->bits);
		if (*byte & ~keep)
			p->stray = true;
		*byte &= keep;
	}
}

int
prefix_parse(const char *text, size_t len, struct prefix *p)
{
	char addr[INET6_ADDRSTRLEN];
	const char *slash;
	size_t n;
	int bits, most;

	memset(p, 0, sizeof(*p));
	slash = memchr(text, '/', len);
	n = slash != NULL ? (size_t)(slash - text) : len;
	if (n == 0 || n >= sizeof(addr) || memchr(text, '\0', n) != NULL)
		return (-1);
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (inet_pton(AF_INET6, addr, p->addr) == 1)
		p->v6 = true;
	else if (inet_pton(AF_INET, addr, p->addr) != 1)
		return (-1);
	bits = most = p->v6 ? BITS_V6 : BITS_V4;
	if (slash != NULL &&
	    ((bits = read_bits(slash + 1, len - n - 1)) == -1 || bits > most))
		return (-1);
	p->bits = bits;
	unmap(p);
	clear_rest(p);
	return (0);
}

const char *
prefix_text(const struct prefix *p, char buf[PREFIX_TEXT])
{
	char addr[INET6_ADDRSTRLEN];

	if (inet_ntop(p->v6 ? AF_INET6 : AF_INET, p->addr, addr,
	    sizeof(addr)) == NULL)
		addr[0] = '\0';
	snprintf(buf, PREFIX_TEXT, "%s/%u", addr, p->bits);
	return (buf);
}

static bool
matches(const struct prefix *p, const uint8_t *addr)
{
	unsigned int whole = p->bits / 8, rest = p->bits % 8;

	if (memcmp(p->addr, addr, whole) != 0)
		return (false);
	return (rest == 0 ||
	    ((p->addr[whole] ^ addr[whole]) & (0xff << (8 - rest))) == 0);
}

bool
prefix_has(const struct prefix *p, const struct sockaddr *sa)
{
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;
	uint8_t addr[16];

	/* Copies, since a struct sockaddr may lie anywhere. */
	if (sa->sa_family == AF_INET) {
		memcpy(&sin, sa, sizeof(sin));
		memcpy(addr, &sin.sin_addr, 4);
		return (!p->v6 && matches(p, addr));
	}
	if (sa->sa_family != AF_INET6)
		return (false);
	memcpy(&sin6, sa, sizeof(sin6));
	memcpy(addr, &sin6.sin6_addr, 16);
	if (memcmp(addr, mapped, sizeof(mapped)) == 0)
		return (!p->v6 && matches(p, addr + sizeof(mapped)));
	return (p->v6 && matches(p, addr));
}

bool
prefix_is_loopback(const struct prefix *p)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (!p->v6)
		return (p->bits >= 8 && p->addr[0] == 127);
	return (p->bits == BITS_V6 && memcmp(p->addr, one, 16) == 0);
}
