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
 * A whole answer of the daemon, kept: what the outputs show.  The strings
 * in it are borrowed from copies of the messages that it owns.
 */

#ifndef CTL_ANSWER_H
#define CTL_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "../common/client.h"
#include "../common/run.h"
#include "conn.h"

struct answer_slot {
	struct answer_proc	 proc;
	bool			 hidden;	/* not asked for */
};

struct answer_entry {
	struct answer_task	 task;
	struct answer_slot	*slots;
	size_t			 nslots;
	bool			 whole;		/* asked for, not a slot */
	void			*copy;		/* of the message */
};

/* The others, each with the copy of the message that it borrows from. */
struct answer_link {
	struct answer_why	 why;
	void			*copy;
};

struct answer_outcome {
	struct answer_result	 result;
	void			*copy;
};

struct answer_effect {
	struct answer_change	 change;
	void			*copy;
};

struct answer_listener {
	struct listener		 listener;
	void			*copy;
};

struct answer {
	size_t			 kept;		/* bytes of messages */

	bool			 have_summary;
	struct answer_summary	 summary;
	void			*copy;		/* of the summary's message */

	struct answer_listener	*listeners;	/* A_LISTENER */
	size_t			 nlisteners;
	struct answer_entry	*tasks;
	size_t			 ntasks;
	struct answer_link	*links;		/* A_WHY */
	size_t			 nlinks;
	struct answer_outcome	*outcomes;	/* A_RESULT */
	size_t			 noutcomes;
	struct answer_effect	*effects;	/* A_CHANGE */
	size_t			 neffects;

	char			*chunks;	/* all A_CHUNK in a row */
	size_t			 nchunks;	/* bytes */
	size_t			 chunkroom;

	bool			 failed;	/* A_FAIL: code and text */
	enum fail_code		 code;
	char			*text;		/* of A_OK or A_FAIL, or NULL */
};

/*
 * Reads the answer to question tag up to its last message; A_CHANGED and
 * answers to other questions are passed over.  CTL_OK when it is whole (it
 * may be a refusal: a->failed), else the exit status, with c->error.
 * answer_free() is right in either case.
 */
enum ctl_exit	 answer_read(struct conn *c, uint32_t tag, struct answer *a);
void		 answer_free(struct answer *a);

/* For showing.  Lists are joined by commas; new memory, "-" when empty. */
char		*answer_strs(uint32_t n, struct cursor strs);
/* At most max pids, then "+N" for the others; 0: all of them. */
char		*answer_pids(const struct answer_entry *e, size_t max);
/* Of the process that started last, in ms; -1 when none runs. */
int64_t		 answer_uptime(const struct answer_entry *e);

/* Calls fn for each line of the chunks, without its newline. */
void		 answer_lines(const struct answer *a, void (*fn)(const char *,
		    size_t, void *arg), void *arg);

/*
 * The exit status for the answer as a whole: of what came of single tasks,
 * where something did, else of a->code.
 */
enum ctl_exit	 answer_exit(const struct answer *a);

/* "ok", "not-found": the word for a code of an outcome. */
const char	*answer_word(uint8_t code);

#endif /* CTL_ANSWER_H */
