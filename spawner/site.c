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
 * A listener, from the sealed plan.  What lies at its paths may have been
 * put there by anybody: privopen.c and bind.c see to that.
 */

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "planstore.h"
#include "privopen.h"
#include "site.h"

static bool
same(const char *a, const char *b)
{
	return (a == NULL || b == NULL ? a == b : strcmp(a, b) == 0);
}

/* A copy of s, which may be NULL; false: no memory. */
static bool
copy(char **to, const char *s)
{
	return (s == NULL || (*to = strdup(s)) != NULL);
}

struct site *
site_new(const struct store_listen *l)
{
	struct site *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->fd = -1;
	s->port = l->port;
	s->right = l->control ? CONTROL : STATUS;
	s->timeout_ms = l->timeout_ms;
	s->hsts_s = l->hsts_s;
	if (!copy(&s->addr, l->addr) || !copy(&s->host, l->host) ||
	    !copy(&s->files[HTTP_FILE_CERT].path, l->certfile) ||
	    !copy(&s->files[HTTP_FILE_CLIENT_CA].path, l->client_ca) ||
	    !copy(&s->files[HTTP_FILE_AUTH].path, l->auth) ||
	    (s->allow = calloc(l->nallow + 1, sizeof(*s->allow))) == NULL)
		goto fail;
	for (; s->nallow < l->nallow; s->nallow++)
		if (!copy(&s->allow[s->nallow], l->allow[s->nallow]))
			goto fail;
	return (s);
fail:
	site_free(s);
	return (NULL);
}

void
site_free(struct site *s)
{
	uint32_t i;
	int f;

	if (s == NULL)
		return;
	site_close(s);
	for (i = 0; i < s->nallow; i++)
		free(s->allow[i]);
	for (f = 0; f < HTTP_FILE_MAX; f++)
		free(s->files[f].path);
	free(s->allow);
	free(s->addr);
	free(s->host);
	free(s);
}

static bool
is_no_address(const char *host)
{
	return (host != NULL && strcmp(host, PLAN_NO_ADDRESS) == 0);
}

bool
site_nameless(const struct site *s)
{
	return (is_no_address(s->host));
}

bool
site_waits(const struct site *s)
{
	return (s->error[0] != '\0' && !site_nameless(s));
}

/* What was found stays when nobody knows the name for a while. */
bool
site_same_socket(const struct site *s, const struct store_listen *l)
{
	return (same(s->addr, l->addr) && s->port == l->port &&
	    (same(s->host, l->host) || is_no_address(l->host)));
}

void
site_move_socket(struct site *s, struct site *old)
{
	char *host = s->host;

	s->host = old->host;
	old->host = host;
	s->fd = old->fd;
	s->bound = old->bound;
	old->fd = -1;
}

bool
site_same(const struct site *s, const struct store_listen *l)
{
	uint32_t i;

	if (!site_same_socket(s, l) || (s->right == CONTROL) != l->control ||
	    s->timeout_ms != l->timeout_ms || s->hsts_s != l->hsts_s ||
	    !same(s->files[HTTP_FILE_CERT].path, l->certfile) ||
	    !same(s->files[HTTP_FILE_CLIENT_CA].path, l->client_ca) ||
	    !same(s->files[HTTP_FILE_AUTH].path, l->auth) ||
	    s->nallow != l->nallow)
		return (false);
	for (i = 0; i < s->nallow; i++)
		if (!same(s->allow[i], l->allow[i]))
			return (false);
	return (true);
}

int
site_open(struct site *s, gid_t gid, char *why, size_t size)
{
	int fd, f;

	/* Nobody shall connect to what cannot answer. */
	for (f = 0; f < HTTP_FILE_MAX; f++) {
		if (s->files[f].path == NULL)
			continue;
		if ((fd = privopen_file(s->files[f].path, why, size)) == -1)
			return (-1);
		close(fd);
	}
	if (s->fd != -1)
		return (0);
	if (site_nameless(s)) {
		strlcpy(why, "its name was not found; taskforcectl reload "
		    "looks for it again", size);
		return (-1);
	}
	if (s->host == NULL)
		s->fd = bind_unix(s->addr, gid, &s->bound);
	else
		s->fd = bind_tcp(s->host, s->port);
	if (s->fd != -1)
		return (0);
	snprintf(why, size, "cannot listen: %s", errno == ENOTSOCK ?
	    "there is something that is no socket" : strerror(errno));
	return (-1);
}

void
site_close(struct site *s)
{
	if (s->fd == -1)
		return;
	close(s->fd);
	if (s->host == NULL)
		bind_remove(s->addr, &s->bound);
	s->fd = -1;
}

static int64_t
ns(const struct timespec *t)
{
	return ((int64_t)t->tv_sec * 1000000000 + t->tv_nsec);
}

static bool
looks_same(const struct site_file *f, const struct stat *st)
{
	return (f->dev == st->st_dev && f->ino == st->st_ino &&
	    f->size == st->st_size && f->mtime_ns == ns(&st->st_mtim) &&
	    f->ctime_ns == ns(&st->st_ctim));
}

int
site_open_file(struct site *s, enum http_file which, char *why, size_t size)
{
	struct site_file *f = &s->files[which];
	struct stat st;
	int fd;

	if ((fd = privopen_file(f->path, why, size)) == -1)
		return (-1);
	if (fstat(fd, &st) == -1) {
		snprintf(why, size, "%s: %s", f->path, strerror(errno));
		close(fd);
		return (-1);
	}
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->size = st.st_size;
	f->mtime_ns = ns(&st.st_mtim);
	f->ctime_ns = ns(&st.st_ctim);
	return (fd);
}

bool
site_file_changed(const struct site *s, enum http_file which)
{
	const struct site_file *f = &s->files[which];
	struct stat st;

	if (f->path == NULL)
		return (false);
	/* One that is away: what was read of it holds until it is back. */
	return (stat(f->path, &st) == 0 && !looks_same(f, &st));
}

void
site_put(const struct site *s, struct wbuf *w)
{
	struct http_listen l = {
		.index = s->index, .unix_domain = s->host == NULL,
		.tls = s->files[HTTP_FILE_CERT].path != NULL,
		.client_ca = s->files[HTTP_FILE_CLIENT_CA].path != NULL,
		.auth = s->files[HTTP_FILE_AUTH].path != NULL,
		.timeout_ms = s->timeout_ms, .hsts_s = s->hsts_s,
		.addr = { s->addr, strlen(s->addr) }, .nallow = s->nallow
	};

	put_http_listen(w, &l, (const char *const *)s->allow);
}

const char *
site_problem(const struct site *s)
{
	int f;

	if (s->error[0] != '\0')
		return (s->error);
	for (f = 0; f < HTTP_FILE_MAX; f++)
		if (s->files[f].error[0] != '\0')
			return (s->files[f].error);
	return ("");
}
