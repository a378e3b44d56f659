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

/* The command line, and what follows from it. */

#ifndef SPAWNER_OPTIONS_H
#define SPAWNER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum order {
	ORDER_RUN,
	ORDER_RESET,		/* -R: signal the one that runs */
	ORDER_STOP		/* -S */
};

struct options {
	enum order	 order;
	bool		 verbose;
	bool		 quiet;
	bool		 log_stderr;
	bool		 background;
	bool		 check;		/* load and exit; also sanity */
	bool		 explain;	/* print the plan; with check */
	bool		 sanity;
	bool		 allow_control;
	const char	*log_name;
	const char	*pidfile;	/* NULL: none; absolute */
	const char	*socket;	/* NULL: none; absolute */
	const char	*config_name;	/* as given, for messages */
	const char	*config_file;	/* absolute */
	const char	*roles_file;	/* NULL: the first default; absolute */
	const char	*http;		/* NULL: not given */
	const char	*certfile;	/* NULL: not given; may be "" */
	const char	*user;		/* NULL: those of configure */
	uint32_t	 expires;	/* seconds; 0: never */
};

/*
 * Reads the command line.  Does not return on -h and -V (status 0) and on
 * wrong usage (status 2).  The strings live as long as the process.
 */
void	 options_parse(struct options *, int argc, char **argv);

/* The first default roles file that exists, or NULL. */
const char	*options_default_roles(void);

/* The places of a roles file that was not named, in their order; NULL: no
 * more. */
const char	*options_roles_name(size_t);
/* The configuration of --sanity as an open file; -1 with errno. */
int	 options_sanity_file(void);

#endif /* SPAWNER_OPTIONS_H */
