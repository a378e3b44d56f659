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
 * How answers are shown: one interface, and a table of functions for each
 * way: text for people, JSON, and plain columns for scripts.
 */

#ifndef CTL_OUTPUT_H
#define CTL_OUTPUT_H

#include <stdbool.h>

#include "answer.h"

enum load_kind {
	LOAD_RELOAD,		/* the effects have happened */
	LOAD_PLAN,		/* they would */
	LOAD_CHECK		/* there are none */
};

struct output {
	/* detail: tasks were named; show all there is to know of them. */
	void	(*status)(const struct answer *, bool detail);
	/* The chains of causes; the status of what was asked about. */
	void	(*why)(const struct answer *, const struct answer *status);
	/* Messages, effects on tasks, and what came of it. */
	void	(*load)(const struct answer *, enum load_kind);
	/* Outcomes, a task each; done: what "ok" means, for people. */
	void	(*outcomes)(const struct answer *, const char *done);
	/* Of stop and reset: what came of it. */
	void	(*result)(const struct answer *);
	/* chunks has a line a part: "monitor 0.1.0". */
	void	(*version)(const struct answer *);
};

extern const struct output	 output_json;
extern const struct output	 output_none;	/* -q */
extern const struct output	 output_plain;
extern const struct output	 output_text;

#endif /* CTL_OUTPUT_H */
