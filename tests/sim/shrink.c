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
 * A shorter history that breaks the same rule: tasks and steps are left out,
 * many at first, then fewer, as long as it is still broken.  Each step has
 * random numbers of its own, so that the others stay what they were.
 */

#include <string.h>

#include "sim.h"

static bool
still(struct world *w, uint64_t seed, const struct sim_skip *skip,
    const char *rule)
{
	return (!history(w, seed, false, skip) &&
	    strcmp(w->wrong, rule) == 0);
}

/* Tries to set each run of len flags that are not set. */
static void
leave_out(struct world *w, uint64_t seed, struct sim_skip *skip, bool *flags,
    uint32_t n, uint32_t len, const char *rule)
{
	bool		 before[SIM_STEPS];
	uint32_t	 i, k;

	for (i = 0; i < n; i += len) {
		memcpy(before, flags, n * sizeof(*flags));
		for (k = i; k < i + len && k < n; k++)
			flags[k] = true;
		if (!still(w, seed, skip, rule))
			memcpy(flags, before, n * sizeof(*flags));
	}
}

void
shrink(struct world *w, uint64_t seed, struct sim_skip *skip)
{
	const char	*rule;
	uint32_t	 len, round;

	memset(skip, 0, sizeof(*skip));
	if (history(w, seed, false, NULL))
		return;
	rule = w->wrong;
	for (round = 0; round < 2; round++) {
		for (len = SIM_STEPS / 2; len > 0; len /= 2) {
			leave_out(w, seed, skip, skip->step, SIM_STEPS, len,
			    rule);
			if (len <= SIM_TASKS)
				leave_out(w, seed, skip, skip->name,
				    SIM_TASKS, len, rule);
		}
	}
}
