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

/* HELLO, the first message on every channel; the peer may lie. */

#include "ipc.h"

void
put_hello(struct wbuf *w, enum proto_role me)
{
	put_u32(w, PROTO_MAGIC);
	put_u16(w, PROTO_VERSION);
	put_u8(w, me);
	put_str(w, PACKAGE_VERSION);
}

int
get_hello(struct cursor *c, struct hello *h)
{
	uint32_t magic;
	uint16_t version;

	magic = get_u32(c);
	version = get_u16(c);
	h->role = get_u8(c);
	h->build = get_str(c);
	if (!cursor_done(c) || magic != PROTO_MAGIC ||
	    version != PROTO_VERSION || h->role < ROLE_SPAWNER ||
	    h->role > ROLE_CTL)
		return (-1);
	return (0);
}
