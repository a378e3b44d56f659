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
 * What is not right with the daemon as a whole, a line each for people, for
 * status: files that are followed by a timer only, and programs that were
 * replaced and are not used.  What the spawner says is passed on as it is;
 * names of files were written by the administrator.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../common/util.h"
#include "client.h"
#include "watcher.h"

/* S_CHECKED */
int
on_s_checked(struct chan *c, struct msg *msg, void *arg)
{
	struct monitor	*m = arg;
	struct span	 text;

	(void)c;
	text = get_str(&msg->body);
	if (!cursor_done(&msg->body))
		return (-1);
	free(m->checked);
	m->checked = text.len > 0 ? xstrndup(text.p, text.len) : NULL;
	m->changes++;
	clients_changed(m);
	return (0);
}

size_t
alerts_list(struct monitor *m, char **v)
{
	size_t	 n = 0;

	if (m->checked != NULL)
		v[n++] = xstrdup(m->checked);
	if ((v[n] = watcher_swept(m->watcher)) != NULL)
		n++;
	if ((v[n] = watcher_unseen(m->watcher)) != NULL)
		n++;
	return (n);
}
