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
 * Trial loads: what a reload would do.  The spawner runs them and says of
 * each, by its tag, the messages of the load, then whether it succeeded, and
 * then a sync of the plan that is not in force.
 */

#include "../common/plan.h"
#include "monitor.h"

void
trial_message(struct monitor *m, uint32_t tag, const struct plan_err *e)
{
	(void)m;
	(void)tag;
	(void)e;
}

bool
trial_loaded(struct monitor *m, uint32_t tag, const struct loaded *l)
{
	(void)m;
	(void)tag;
	(void)l;
	return (false);
}

void
trial_synced(struct monitor *m, uint32_t tag)
{
	(void)m;
	(void)tag;
}
