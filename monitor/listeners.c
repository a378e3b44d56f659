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
 * The HTTP listeners, for status: as the spawner says that they are.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "client.h"

int
on_s_listener(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor		*m = arg;
	struct web_state	*s;
	struct listener		 l;

	(void)c;
	if (get_listener(&msg->body, &l) == -1 ||
	    l.index >= nitems(m->listeners))
		return (-1);
	s = &m->listeners[l.index];
	free(s->addr);
	free(s->error);
	*s = (struct web_state){ .control = l.control, .tls = l.tls,
	    .up = l.up };
	if (l.addr.len > 0) {
		s->addr = xstrndup(l.addr.p, l.addr.len);
		s->error = xstrndup(l.error.p, l.error.len);
	}
	m->changes++;
	clients_changed(m);
	return (0);
}

void
listeners_put(const struct monitor *m, struct chan *c, uint32_t tag)
{
	const struct web_state	*s;
	struct listener		 l;
	uint32_t		 i;

	for (i = 0; i < nitems(m->listeners); i++) {
		s = &m->listeners[i];
		if (s->addr == NULL)
			continue;
		l = (struct listener){ .index = i, .control = s->control,
		    .tls = s->tls, .up = s->up,
		    .addr = { s->addr, strlen(s->addr) },
		    .error = { s->error, strlen(s->error) } };
		put_listener(chan_begin(c, A_LISTENER, tag), &l);
		chan_end(c);
	}
}
