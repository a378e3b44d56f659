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
 * Stand-ins for the spawner's channel to its monitor, which is always there:
 * each message goes to on_told() of the test, and must be read to its end.
 */

#ifndef TESTS_UNIT_TO_MONITOR_H
#define TESTS_UNIT_TO_MONITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../common/chan.h"
#include "../../common/wire.h"
#include "../../spawner/helper.h"
#include "suite.h"

static void	 on_told(uint16_t type, uint32_t tag, struct cursor *body);

static struct {
	struct wbuf	 body;
	uint16_t	 type;
	uint32_t	 tag;
} message;

struct chan *
helper_chan(struct helper *h)
{
	(void)h;
	return (NULL);
}

bool
helper_ready(const struct helper *h)
{
	(void)h;
	return (true);
}

struct wbuf *
chan_begin(struct chan *c, uint16_t type, uint32_t tag)
{
	(void)c;
	message.type = type;
	message.tag = tag;
	wbuf_reset(&message.body);
	return (&message.body);
}

void
chan_end(struct chan *c)
{
	struct cursor	 body;

	(void)c;
	cursor_init(&body, message.body.data, message.body.len);
	on_told(message.type, message.tag, &body);
	ck_assert(cursor_done(&body));
	wbuf_free(&message.body);
}

#endif /* TESTS_UNIT_TO_MONITOR_H */
