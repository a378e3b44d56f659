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
 * Who may use a listener: by address, and by password or token.  Names and
 * digests come from the administrator's files; who knocks may be anybody.
 */

#ifndef HTTPD_ACCESS_H
#define HTTPD_ACCESS_H

#include <sys/socket.h>

#include <stdbool.h>
#include <stddef.h>

#include "../common/wire.h"

#define ACCESS_WHO	64	/* bytes of a name, with its NUL */

struct access;

/* auth: nobody comes in before access_read().  Dies without memory. */
struct access	*access_new(bool auth);
void		 access_free(struct access *);

/* One more address or prefix that may come: 0, or -1: it is none. */
int	 access_allow(struct access *, struct span);
/*
 * Who may come in, one a line: "user:hash" with a bcrypt hash, or
 * "name:digest" or "digest" with the SHA-256 of a bearer token in
 * hexadecimal; blank lines and those that begin with '#' say nothing.  fd is
 * borrowed and read from its start.  0, or -1 and what is wrong in error:
 * then those from before stay.
 */
int	 access_read(struct access *, int fd, char *error, size_t);

/* Whether that address may connect; if not, the log says so. */
bool	 access_admits(const struct access *, const struct sockaddr *,
	    const char *listener);

enum access_verdict {
	ACCESS_YES,
	ACCESS_NO,
	ACCESS_LATER		/* too many wrong passwords: try again */
};

/*
 * authorization is the header of that name, or NULL.  With ACCESS_YES who is
 * the user's or the token's name, "" where nobody is asked.
 */
enum access_verdict	 access_check(struct access *,
			    const char *authorization, char who[ACCESS_WHO]);
/* What to ask for: the value of WWW-Authenticate. */
const char	*access_challenge(const struct access *);

/* What is refused, in the log: a few lines, then their number. */
void	 access_refused(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));

#endif /* HTTPD_ACCESS_H */
