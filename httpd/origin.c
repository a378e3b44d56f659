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
 * The cross-site rule.  A program like curl sends no Origin; a browser
 * always says where a request comes from, by one header or another, and a
 * name that an attacker made point at us (DNS rebinding) shows in Host.
 * All headers may lie only if the client itself does, and then it could as
 * well leave them out: they protect an honest browser.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "origin.h"

#define HOST_MAX	256	/* of a DNS name, and more than an address */

/* The host of "host", "host:port", "[v6]" or "[v6]:port"; 0, or -1. */
static int
host_part(const char *s, char *buf, size_t size)
{
	size_t n;

	if (*s == '[') {
		s++;
		n = strcspn(s, "]");
		if (s[n] != ']' || (s[n + 1] != '\0' && s[n + 1] != ':'))
			return (-1);
	} else
		n = strcspn(s, ":");
	if (n == 0 || n >= size)
		return (-1);
	memcpy(buf, s, n);
	buf[n] = '\0';
	/* "localhost." is the same, fully qualified. */
	if (n > 1 && buf[n - 1] == '.')
		buf[n - 1] = '\0';
	return (0);
}

/* Addresses have many spellings: compares what they mean. */
static bool
same_host(const char *a, const char *b)
{
	struct in6_addr a6, b6;
	struct in_addr a4, b4;

	if (inet_pton(AF_INET, a, &a4) == 1)
		return (inet_pton(AF_INET, b, &b4) == 1 &&
		    a4.s_addr == b4.s_addr);
	if (inet_pton(AF_INET6, a, &a6) == 1)
		return (inet_pton(AF_INET6, b, &b6) == 1 &&
		    memcmp(&a6, &b6, sizeof(a6)) == 0);
	return (strcasecmp(a, b) == 0);
}

static bool
is_loopback(const char *host)
{
	struct in6_addr a6;
	struct in_addr a4;

	if (inet_pton(AF_INET, host, &a4) == 1)
		return (ntohl(a4.s_addr) >> 24 == 127);
	if (inet_pton(AF_INET6, host, &a6) == 1)
		return (IN6_IS_ADDR_LOOPBACK(&a6));
	return (strcasecmp(host, "localhost") == 0);
}

static bool
host_is_ours(const struct origin_request *req)
{
	char host[HOST_MAX];
	size_t i;

	if (host_part(req->host, host, sizeof(host)) == -1)
		return (false);
	if (is_loopback(host))
		return (true);
	for (i = 0; i < req->nours; i++)
		if (same_host(host, req->ours[i]))
			return (true);
	return (false);
}

/* Whether url (an Origin or Referer) is of the site that Host names. */
static bool
same_site(const char *url, const char *host)
{
	const char *p;
	size_t n;

	/* "null" has no scheme, and is nobody's. */
	if (host == NULL || (p = strstr(url, "://")) == NULL)
		return (false);
	p += strlen("://");
	n = strcspn(p, "/?#");
	return (n == strlen(host) && strncasecmp(p, host, n) == 0);
}

const char *
origin_refused(const struct origin_request *req)
{
	if (req->fetch_site != NULL &&
	    strcasecmp(req->fetch_site, "same-origin") != 0 &&
	    strcasecmp(req->fetch_site, "none") != 0)
		return ("it comes from another site (Sec-Fetch-Site)");
	if (req->origin != NULL && !same_site(req->origin, req->host))
		return ("it comes from another site (Origin)");
	if (req->referer != NULL && !same_site(req->referer, req->host))
		return ("it comes from another site (Referer)");
	if (req->host != NULL && !req->unix_domain && !host_is_ours(req))
		return ("the host is not one of ours (Host)");
	return (NULL);
}
