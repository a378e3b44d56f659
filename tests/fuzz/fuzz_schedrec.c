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
 * Schedule records as the monitor takes them from the spawner: what is
 * accepted must be written again as the same bytes.
 */

#include <stdlib.h>
#include <string.h>

#include "../../monitor/schedrec.h"
#include "fuzz.h"

#define NTASKS	8

static void
same(struct wbuf *w, const uint8_t *data, size_t size)
{
	if (w->failed || w->len != size || memcmp(w->data, data, size) != 0)
		abort();
	wbuf_free(w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct schedrec_plan plan;
	struct schedrec_task task;
	struct cursor c;
	struct wbuf w;

	memset(&w, 0, sizeof(w));
	cursor_init(&c, data, size);
	if (get_schedrec_plan(&c, &plan) == 0) {
		put_schedrec_plan(&w, &plan);
		schedrec_plan_clear(&plan);
		same(&w, data, size);
	}
	cursor_init(&c, data, size);
	if (get_schedrec_task(&c, &task, NTASKS) == 0) {
		put_schedrec_task(&w, &task);
		schedrec_task_clear(&task);
		same(&w, data, size);
	}
	return (0);
}
