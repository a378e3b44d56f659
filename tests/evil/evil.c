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

/* See evil.h.  Nothing here trusts or is trusted: it only has to work. */

#include "../../config.h"

#include <sys/socket.h>
#include <sys/types.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/imsg.h"
#include "../../common/ipc.h"
#include "../../common/mono.h"
#include "evil.h"

#define LIFE	120	/* s */

struct imsgbuf	*evil_chan;
static char	 self[PATH_MAX], attack[64], record[PATH_MAX];

void
evil_init(void)
{
	char path[PATH_MAX + 16], *p;
	ssize_t n;
	FILE *f;

	alarm(LIFE);
	signal(SIGPIPE, SIG_IGN);
	if ((n = readlink("/proc/self/exe", self, sizeof(self) - 1)) == -1)
		err(1, "/proc/self/exe");
	self[n] = '\0';
	if ((p = strrchr(self, '/')) == NULL)
		errx(1, "%s", self);
	snprintf(path, sizeof(path), "%.*s/attack", (int)(p - self), self);
	if ((f = fopen(path, "r")) == NULL ||
	    fgets(attack, sizeof(attack), f) == NULL ||
	    fgets(record, sizeof(record), f) == NULL)
		err(1, "%s", path);
	fclose(f);
	attack[strcspn(attack, "\n")] = '\0';
	record[strcspn(record, "\n")] = '\0';
}

bool
evil_is(const char *name)
{
	return (strcmp(attack, name) == 0);
}

void
evil_record(const char *event)
{
	char line[128];
	int fd, len;

	len = snprintf(line, sizeof(line), "%lld %s\n",
	    (long long)mono_now().ms, event);
	if ((fd = open(record, O_WRONLY | O_APPEND)) == -1 ||
	    write(fd, line, len) != len)
		err(1, "%s", record);
	close(fd);
}

void
evil_recordf(const char *fmt, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	evil_record(text);
}

void
evil_wait(void)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s.go", record);
	while (access(path, F_OK) == -1)
		poll(NULL, 0, 20);
}

void
evil_real(char **argv)
{
	char path[PATH_MAX + 16];

	alarm(0);
	signal(SIGPIPE, SIG_DFL);
	snprintf(path, sizeof(path), "%s.real", self);
	execv(path, argv);
	err(1, "%s", path);
}

void
evil_connect(void)
{
	int flags;

	if ((flags = fcntl(HELPER_FD, F_GETFL)) == -1 ||
	    fcntl(HELPER_FD, F_SETFL, flags & ~O_NONBLOCK) == -1 ||
	    (evil_chan = imsgbuf_new(HELPER_FD)) == NULL)
		err(1, "channel");
}

bool
evil_get(struct imsgbuf *b, struct imsg *m)
{
	int r;

	while ((r = imsgbuf_get(b, m)) == 0)
		if (imsgbuf_read(b) <= 0)
			return (false);
	return (r == 1);
}

void
evil_flush(struct imsgbuf *b)
{
	struct pollfd pfd = { imsgbuf_fd(b), POLLOUT, 0 };
	int r;

	while ((r = imsgbuf_flush(b)) == 0)
		poll(&pfd, 1, -1);
	if (r == -1) {
		evil_record("closed");
		exit(0);
	}
}

void
evil_raw(struct imsgbuf *b, const struct evil_msg *m)
{
	uint8_t h[IMSG_HDRLEN] = {
		m->length >> 24, m->length >> 16, m->length >> 8, m->length,
		m->type >> 8, m->type, m->flags >> 8, m->flags
	};

	evil_flush(b);
	if (write(imsgbuf_fd(b), h, sizeof(h)) == -1 ||
	    (m->len > 0 && write(imsgbuf_fd(b), m->data, m->len) == -1)) {
		evil_record("closed");
		exit(0);
	}
}

void
evil_fds(struct imsgbuf *b, int n)
{
	char control[CMSG_SPACE(250 * sizeof(int))], byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr mh = { 0 };
	struct cmsghdr *cm;
	int i, fd = STDERR_FILENO;

	memset(control, 0, sizeof(control));
	mh.msg_iov = &iov;
	mh.msg_iovlen = 1;
	mh.msg_control = control;
	mh.msg_controllen = CMSG_SPACE(n * sizeof(int));
	cm = CMSG_FIRSTHDR(&mh);
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(n * sizeof(int));
	for (i = 0; i < n; i++)
		memcpy(CMSG_DATA(cm) + i * sizeof(int), &fd, sizeof(fd));
	if (sendmsg(imsgbuf_fd(b), &mh, 0) == -1) {
		evil_record("closed");
		exit(0);
	}
}

void
evil_done(struct imsgbuf *b)
{
	struct imsg m;

	evil_record("attacked");
	evil_flush(b);
	while (evil_get(b, &m))
		continue;
	evil_record("closed");
	exit(0);
}
