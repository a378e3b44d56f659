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
 * What a load does to tasks and their processes: said of one that was
 * applied (reload) and of one that was only tried (plan) by the same code.
 */

#ifndef MONITOR_OUTCOME_H
#define MONITOR_OUTCOME_H

#include "../common/client.h"
#include "sched.h"

struct before;

/* What there is to know of the tasks before a load; new. */
struct before	*before_new(const struct sched *);
void		 before_free(struct before *);

/* Something happens to this task, and why: as struct answer_change. */
struct outcome {
	char		*name;
	char		*why;
	bool		 added;
	bool		 removed;
	uint32_t	 kept;
	uint32_t	 started;
	uint32_t	 stopped;
	uint32_t	 restarted;
};

struct outcomes {
	size_t		 n;
	struct outcome	*v;	/* in file order; then those removed */
	uint32_t	 started;	/* of all, but those on their way */
};

/*
 * now: as sched_converge() or sched_update_end() has left it, one of whose
 * tasks and processes were as before says.  New; never NULL.
 */
struct outcomes	*outcomes_new(const struct before *, const struct sched *now);
void		 outcomes_free(struct outcomes *);
/* "2 restarted, 1 started, 0 stopped, 7 kept". */
void		 outcomes_sum(const struct outcomes *, const struct sched *now,
		    char *, size_t);

#endif /* MONITOR_OUTCOME_H */
