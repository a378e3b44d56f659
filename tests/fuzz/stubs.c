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
 * The host as the fuzz targets see it: small, quick and always the same.
 * These take the place of the C library's functions.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

static char root[] = "root", slash[] = "/";

struct passwd *
getpwnam(const char *name)
{
	static struct passwd pw = { .pw_name = root, .pw_dir = slash };

	return (strcmp(name, "root") == 0 ? &pw : NULL);
}

struct passwd *
getpwuid(uid_t uid)
{
	return (uid == 0 ? getpwnam("root") : NULL);
}

struct group *
getgrnam(const char *name)
{
	static struct group gr = { .gr_name = root };

	return (strcmp(name, "root") == 0 ? &gr : NULL);
}

int
getgrouplist(const char *name, gid_t base, gid_t *list, int *n)
{
	(void)name;
	if (*n < 2)
		return (-1);
	list[0] = base;
	list[1] = 100;
	*n = 2;
	return (2);
}

int
getaddrinfo(const char *name, const char *service,
    const struct addrinfo *hints, struct addrinfo **res)
{
	(void)name;
	(void)service;
	(void)hints;
	(void)res;
	return (EAI_NONAME);
}
