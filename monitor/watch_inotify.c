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
 * Hints on Linux: inotify(7).  The names in them are those of files that
 * anybody made; they are only compared.  Mounting over a directory is no
 * event of inotify: the kernel tells of it by way of mountinfo, proc(5).
 *
 * A file that is written a hundred thousand times a second must not wake us
 * as often: the kernel merges what is the same as the last event that was
 * not read yet, so it pays to read late.  After BURST reads without QUIET_MS
 * between them, each waits for PAUSE_MS; a change that comes alone is read
 * at once.
 */

#include <sys/types.h>
#include <sys/inotify.h>
#include <sys/vfs.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/log.h"
#include "../common/mono.h"
#include "../common/util.h"
#include "hints.h"

#define BURST		4
#define QUIET_MS	10
#define PAUSE_MS	2
#define READS_MAX	16	/* at a time: others want to be served */
#define BUFFER		(64 * 1024)

/* By level.  Attributes: a directory's rights, a file's time. */
static const uint32_t masks[] = {
	[WATCH_SELF] = IN_DELETE_SELF | IN_MOVE_SELF,
	[WATCH_NAMES] = IN_DELETE_SELF | IN_MOVE_SELF | IN_CREATE |
	    IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB,
	[WATCH_FILES] = IN_DELETE_SELF | IN_MOVE_SELF | IN_CREATE |
	    IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |
	    IN_MODIFY | IN_CLOSE_WRITE
};

#define MASK_GONE	(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | \
			    IN_IGNORED)

struct hints {
	struct hints_conf conf;
	int		 fd;
	int		 mounts;	/* -1: none */
	struct event	*readable;
	struct event	*pause;
	struct event	*mounted;
	struct mono	 last;		/* read */
	unsigned int	 n;		/* reads without a quiet time */
	bool		 started;
	/* Aligned for what read(2) puts there. */
	struct inotify_event buf[BUFFER / sizeof(struct inotify_event)];
};

const bool	 hints_of_files = false;

/* File systems that others change without our kernel: no hints of that. */
static const uint32_t remote[] = {
	0x6969,		/* NFS */
	0x517b,		/* SMB */
	0xfe534d42,	/* SMB 2 */
	0xff534d42,	/* CIFS */
	0x01021997,	/* 9P */
	0x65735546,	/* FUSE */
	0x5346414f,	/* AFS */
	0x00c36400	/* Ceph */
};

/* A hint about a name says no more than the one before about the same. */
static bool
is_repeated(const struct inotify_event *e, const struct inotify_event *prev)
{
	return (prev != NULL && e->wd == prev->wd && e->len == prev->len &&
	    ((e->mask | prev->mask) & (MASK_GONE | IN_Q_OVERFLOW)) == 0 &&
	    memcmp(e->name, prev->name, e->len) == 0);
}

static void
one(struct hints *h, const struct inotify_event *e)
{
	if (e->mask & IN_Q_OVERFLOW) {
		log_info("file events were lost: looking at all files");
		h->conf.lost(h->conf.arg);
	} else if (e->mask & MASK_GONE)
		h->conf.gone(h->conf.arg, e->wd);
	else if (e->len > 0)
		h->conf.hint(h->conf.arg, e->wd, e->name);
}

/* What one read(2) brought. */
static void
take(struct hints *h, size_t len)
{
	const struct inotify_event	*e, *prev = NULL;
	const uint8_t			*p = (const uint8_t *)h->buf;
	size_t				 off = 0;

	while (len - off >= sizeof(*e)) {
		e = (const void *)(p + off);
		/* The kernel does not lie, but it is cheap to ask. */
		if (e->len > len - off - sizeof(*e))
			break;
		if (!is_repeated(e, prev))
			one(h, e);
		prev = e;
		off += sizeof(*e) + e->len;
	}
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	static const struct timeval	 pause = { 0, PAUSE_MS * 1000 };
	struct hints			*h = arg;
	struct mono			 now = mono_now();
	ssize_t				 n;
	int				 i;

	(void)what;
	for (i = 0; i < READS_MAX; i++) {
		if ((n = read(fd, h->buf, sizeof(h->buf))) <= 0)
			break;
		take(h, n);
	}
	h->conf.done(h->conf.arg);
	if (mono_sub(now, h->last) >= QUIET_MS)
		h->n = 0;
	h->last = now;
	if (h->n < BURST) {
		h->n++;
		return;
	}
	event_del(h->readable);
	if (evtimer_add(h->pause, &pause) == -1)
		event_add(h->readable, NULL);
}

static void
on_pause(evutil_socket_t fd, short what, void *arg)
{
	struct hints	*h = arg;

	(void)fd;
	(void)what;
	if (event_add(h->readable, NULL) == -1)
		fatalx("cannot wait for file events");
}

static void
on_mounted(evutil_socket_t fd, short what, void *arg)
{
	struct hints	*h = arg;

	(void)fd;
	(void)what;
	/* The first is only what was so when we began to ask. */
	if (!h->started) {
		h->started = true;
		return;
	}
	log_debug("something was mounted or unmounted: looking at all files");
	h->conf.lost(h->conf.arg);
	h->conf.done(h->conf.arg);
}

/* Without it, only a mount over a watched directory would go unnoticed. */
static void
follow_mounts(struct event_base *base, struct hints *h)
{
	h->mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (h->mounts == -1)
		return;
	/* It is always readable; the edge is that it has changed. */
	h->mounted = event_new(base, h->mounts, EV_READ | EV_ET | EV_PERSIST,
	    on_mounted, h);
	if (h->mounted == NULL || event_add(h->mounted, NULL) == -1)
		fatalx("cannot wait for mounts");
}

struct hints *
hints_new(struct event_base *base, const struct hints_conf *conf)
{
	struct hints	*h;

	h = xcalloc(1, sizeof(*h));
	h->conf = *conf;
	if ((h->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) == -1) {
		free(h);
		return (NULL);
	}
	h->readable = event_new(base, h->fd, EV_READ | EV_PERSIST,
	    on_readable, h);
	h->pause = evtimer_new(base, on_pause, h);
	if (h->readable == NULL || h->pause == NULL ||
	    event_add(h->readable, NULL) == -1)
		fatalx("cannot wait for file events");
	follow_mounts(base, h);
	return (h);
}

static bool
is_remote(const char *dir)
{
	struct statfs	 fs;
	size_t		 i;

	if (statfs(dir, &fs) == -1)
		return (false);
	for (i = 0; i < nitems(remote); i++)
		if ((uint32_t)fs.f_type == remote[i])
			return (true);
	return (false);
}

void
hints_close(struct hints *h)
{
	if (h->fd == -1)
		return;
	event_del(h->readable);
	evtimer_del(h->pause);
	close(h->fd);
	h->fd = -1;
}

int
hints_add(struct hints *h, const char *dir, enum watch_level level)
{
	if (is_remote(dir)) {
		errno = ENOTSUP;
		return (-1);
	}
	return (inotify_add_watch(h->fd, dir, masks[level] | IN_ONLYDIR |
	    IN_MASK_ADD));
}

int
hints_add_file(struct hints *h, const char *path)
{
	(void)h;
	(void)path;
	errno = ENOTSUP;
	return (-1);
}

void
hints_del(struct hints *h, int wd)
{
	/* Of a directory that is gone, it is gone already. */
	(void)inotify_rm_watch(h->fd, wd);
}
