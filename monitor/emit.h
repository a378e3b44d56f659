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
 * The records of the plan, kept until the whole configuration has been
 * compiled without an error, then sent in the order that plan.h asks for.
 */

#ifndef MONITOR_EMIT_H
#define MONITOR_EMIT_H

#include <stddef.h>
#include <stdint.h>

#include "../common/plan.h"
#include "../common/wire.h"
#include "schedrec.h"

struct diag;

struct emit {
	struct wbuf	 tasks;		/* TASK, CMD and WATCH records */
	struct wbuf	 listens;
	struct wbuf	 scheds;
	uint32_t	 ntasks;
	uint32_t	 ncmds;
	uint32_t	 nlisten;
	uint32_t	 nwatch;
	uint32_t	 control_gid;
	const char *const *env;		/* the shared environment, borrowed */
	uint32_t	 nenv;
	const char	*doc;		/* configuration as JSON, borrowed */
	size_t		 doclen;
};

/*
 * Each adds one record.  0, or -1: it is longer than a message may be.
 */
int	 emit_task(struct emit *, const struct plan_task *,
	    const uint32_t *groups, const struct plan_env *);
int	 emit_cmd(struct emit *, const char *name, uint32_t argc,
	    const struct span *argv);
int	 emit_watch(struct emit *, const char *path);
int	 emit_listen(struct emit *, const struct plan_listen *,
	    const struct span *allow);
int	 emit_sched_plan(struct emit *, const struct schedrec_plan *);
int	 emit_sched_task(struct emit *, uint32_t task,
	    const struct schedrec_task *);
/* Bytes of the whole plan as it will be sent. */
size_t	 emit_size(const struct emit *);
/* Bytes of it so far, but for what all tasks share and the document. */
size_t	 emit_records(const struct emit *);
void	 emit_free(struct emit *);

/*
 * Hands every message to send, which returns 0, or -1 to stop; then -1 is
 * returned.  The plan only when diag has no error; PLAN_END in any case.
 */
int	 emit_send(const struct emit *, const struct diag *,
	    int (*send)(void *arg, uint16_t type, const void *, size_t),
	    void *arg);

#endif /* MONITOR_EMIT_H */
