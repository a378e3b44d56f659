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
 * The answers of the monitor as JSON: httpd's /status/tasks and
 * taskforcectl -j show a task with the same members (spec.md 7).
 */

#ifndef COMMON_ANSWERJSON_H
#define COMMON_ANSWERJSON_H

#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "json.h"

#define ISO_TIME_SIZE	40

/*
 * ISO 8601, local time, milliseconds, numeric zone:
 * "2026-11-22T08:15:30.250+01:00".  wall is in ms since the Epoch.  buf has
 * at least ISO_TIME_SIZE bytes; returns it.
 */
const char	*iso_time(int64_t wall, char *buf, size_t size);

/*
 * One task: json_answer_task() writes the name as a key and opens its object
 * and the list "processes"; then json_answer_proc() for each process; then
 * json_answer_task_end().
 */
void	 json_answer_task(struct json *, const struct answer_task *);
void	 json_answer_proc(struct json *, const struct answer_proc *);
void	 json_answer_task_end(struct json *);

#endif /* COMMON_ANSWERJSON_H */
