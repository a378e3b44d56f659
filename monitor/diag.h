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
 * What is to be said about the configuration: collected while it is
 * compiled, so that one load reports all its errors, and sorted by place.
 * Each text is complete for people: "FILE:LINE:COL: task NAME: what is
 * wrong (did you mean 'x'?)".
 */

#ifndef MONITOR_DIAG_H
#define MONITOR_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/plan.h"
#include "node.h"

struct diag_msg {
	enum plan_severity	 severity;
	bool			 roles;		/* about the roles file */
	uint32_t		 line;
	uint32_t		 col;
	uint32_t		 seq;
	char			*text;
};

#define DIAG_PLACES	8

struct diag {
	const char	*conf;		/* name of the file, borrowed */
	const char	*roles;
	const char	*task;		/* the task being compiled, or NULL */
	struct diag_msg	*msgs;
	size_t		 nmsgs;
	size_t		 cap;
	uint32_t	 nerrors;	/* also those not kept */
	uint32_t	 nhost;		/* of these: about this host, so that
					   there is a plan all the same */
	uint32_t	 nwarnings;
	unsigned int	 nears;		/* searches for a near word so far */
	uint32_t	 warned[DIAG_PLACES]; /* bits of keys.h: "not supported
					   yet" has been said */
};

void	 diag_init(struct diag *, const char *conf, const char *roles);
void	 diag_free(struct diag *);

/* where NULL: the file as a whole (1:1). */
void	 diag_error(struct diag *, const struct node *where,
	    const char *fmt, ...)
	    __attribute__((__format__(printf, 3, 4)));
void	 diag_warn(struct diag *, const struct node *where,
	    const char *fmt, ...)
	    __attribute__((__format__(printf, 3, 4)));
void	 diag_note(struct diag *, const struct node *where,
	    const char *fmt, ...)
	    __attribute__((__format__(printf, 3, 4)));
/* With a place that is not a node's; in_roles: in the roles file. */
void	 diag_at(struct diag *, enum plan_severity, bool in_roles,
	    uint32_t line, uint32_t col, const char *fmt, ...)
	    __attribute__((__format__(printf, 6, 7)));

/* In order of place; those beyond a sane number are counted in one line. */
void	 diag_sort(struct diag *);

/*
 * "did you mean": start with an empty struct, offer each known word, then
 * diag_near() is " (did you mean 'x'?)" or "".  The words are borrowed.
 */
struct diag_guess {
	const char	*word;		/* what was written */
	const char	*best;
	unsigned int	 distance;
	unsigned int	 offers;	/* so far */
	char		 text[192];
};

/* false: enough searches in this load, do not offer. */
bool		 diag_guess(struct diag *, struct diag_guess *,
		    const char *word);
void		 diag_offer(struct diag_guess *, const char *known);
const char	*diag_near(struct diag_guess *);

#endif /* MONITOR_DIAG_H */
