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
 * One HTTP listener: its socket, the files it needs, and what is wrong with
 * it.  Who serves it is web.c's.
 */

#ifndef SPAWNER_SITE_H
#define SPAWNER_SITE_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "../common/run.h"
#include "bind.h"

struct store_listen;
struct wbuf;

enum right {
	STATUS,
	CONTROL,
	NRIGHTS
};

#define SITE_ERROR	160

/* A file of a site, and how it looked when it was opened last. */
struct site_file {
	char		*path;		/* NULL: none */
	dev_t		 dev;
	ino_t		 ino;
	off_t		 size;
	int64_t		 mtime_ns;
	int64_t		 ctime_ns;
	char		 error[SITE_ERROR];	/* "": it is in use */
};

struct site {
	uint32_t	 index;		/* its name to httpd and monitor */
	enum right	 right;
	char		*addr;
	char		*host;		/* NULL: Unix-domain */
	uint16_t	 port;
	uint32_t	 timeout_ms;
	uint32_t	 hsts_s;
	uint32_t	 nallow;
	char		**allow;
	struct site_file files[HTTP_FILE_MAX];
	int		 fd;		/* -1: not open */
	struct bound	 bound;		/* of a Unix-domain socket */
	bool		 given;		/* httpd has it */
	char		 error[SITE_ERROR];	/* why it is not served */
};

/* NULL with errno; not open. */
struct site	*site_new(const struct store_listen *);
/* Closes it, and removes its Unix socket. */
void	 site_free(struct site *);

/*
 * Whether it is bound to what the plan says, or was when its name was found;
 * whether all of it is so.
 */
bool	 site_same_socket(const struct site *, const struct store_listen *);
bool	 site_same(const struct site *, const struct store_listen *);
/* Moves the socket of old, of which site_same_socket() is true, over. */
void	 site_move_socket(struct site *, struct site *old);

/* The loader did not find its name: only another load can. */
bool	 site_nameless(const struct site *);
/* Not served, and worth another try. */
bool	 site_waits(const struct site *);

/*
 * Binds it, unless it is open: gid is of a Unix-domain socket, -1: ours.
 * Nothing is bound while a file of it cannot be opened.  0, or -1 and what
 * is wrong in why.
 */
int	 site_open(struct site *, gid_t, char *why, size_t);
void	 site_close(struct site *);

/*
 * A file of it, opened and looked at; -1 and what is wrong in why.  The
 * descriptor is the caller's.
 */
int	 site_open_file(struct site *, enum http_file, char *why, size_t);
/* Whether the file looks different from when it was opened last. */
bool	 site_file_changed(const struct site *, enum http_file);

/* What httpd must know of it. */
void	 site_put(const struct site *, struct wbuf *);
/* What is wrong with it: not served, or served with a file from before. */
const char	*site_problem(const struct site *);

#endif /* SPAWNER_SITE_H */
