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
 * The log of a helper.  It may lie, flood and write garbage: a line is cut
 * at a bound, control characters are made visible by log_at(), and beyond
 * LINES_A_SECOND lines are counted and not logged.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/log.h"
#include "../common/mono.h"
#include "helperlog.h"

#define LINE_MAX_LOG	2048
#define LINES_A_SECOND	200

struct helperlog {
	struct event	*ev;
	int		 fd;
	pid_t		 pid;
	char		 name[32];
	char		 line[LINE_MAX_LOG];
	size_t		 len;
	struct mono	 second;
	unsigned int	 lines;		/* in this second */
	unsigned int	 dropped;
};

static void
tell_dropped(struct helperlog *h)
{
	if (h->dropped > 0)
		log_at(LOG_WARNING, "%s[%d]: %u lines were not logged: too "
		    "many at once", h->name, (int)h->pid, h->dropped);
	h->dropped = 0;
}

static void
log_line(struct helperlog *h)
{
	struct mono now = mono_now();
	const char *text = h->line;
	int priority = LOG_WARNING;

	h->line[h->len] = '\0';
	h->len = 0;
	if (mono_sub(now, h->second) >= 1000) {
		tell_dropped(h);
		h->second = now;
		h->lines = 0;
	}
	if (++h->lines > LINES_A_SECOND) {
		h->dropped++;
		return;
	}
	if (text[0] == '<' && text[1] >= '0' && text[1] <= '7' &&
	    text[2] == '>') {
		priority = text[1] - '0';
		text += 3;
	}
	/* What is worse goes to every terminal: nobody of ours is that bad. */
	if (priority < LOG_CRIT)
		priority = LOG_CRIT;
	log_at(priority, "%s[%d]: %s", h->name, (int)h->pid, text);
}

static void
add_bytes(struct helperlog *h, const char *p, size_t n)
{
	for (; n > 0; p++, n--) {
		if (*p != '\n')
			h->line[h->len++] = *p != '\0' ? *p : '?';
		if (*p == '\n' || h->len == sizeof(h->line) - 1)
			log_line(h);
	}
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct helperlog *h = arg;
	char buf[4096];
	ssize_t n;

	(void)what;
	if ((n = read(fd, buf, sizeof(buf))) == -1 &&
	    (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		add_bytes(h, buf, n);
		return;
	}
	if (h->len > 0)
		log_line(h);
	tell_dropped(h);
	event_free(h->ev);
	close(h->fd);
	free(h);
}

int
helperlog_start(struct event_base *base, int fd, const char *name, pid_t pid)
{
	struct helperlog *h;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		goto fail;
	h->fd = fd;
	h->pid = pid;
	strlcpy(h->name, name, sizeof(h->name));
	if ((h->ev = event_new(base, fd, EV_READ | EV_PERSIST, on_readable,
	    h)) == NULL)
		goto fail;
	if (event_add(h->ev, NULL) == 0)
		return (0);
	event_free(h->ev);
fail:
	free(h);
	close(fd);
	return (-1);
}
