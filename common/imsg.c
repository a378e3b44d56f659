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
 * Framing over a stream socket.  What is read comes from another process
 * and may lie: a length is judged before anything of that length is stored,
 * descriptors are counted and closed when nobody takes them.
 *
 * Input is one buffer: read at its end, taken from its front, moved to the
 * front when the space runs out.  Output likewise, with a short list that
 * says at which byte a descriptor has to go out.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

#define READ_SIZE	65536	/* asked for at a time */
#define FDS_A_CALL	16	/* descriptors taken by one recvmsg(2) */
#define KEEP_SIZE	(4 * READ_SIZE) /* a larger empty buffer is freed */

struct fdmark {
	size_t	 at;		/* byte of out with which it goes */
	int	 fd;
};

struct imsgbuf {
	int		 fd;

	uint8_t		*in;
	size_t		 inpos;		/* first byte not yet taken */
	size_t		 inlen;		/* end of what was read */
	size_t		 incap;
	int		 fdq[IMSG_FDQUEUE];
	size_t		 nfdq;

	struct wbuf	 out;
	size_t		 outpos;	/* first byte not yet sent */
	size_t		 start;		/* of the message being written */
	struct fdmark	*marks;
	size_t		 nmarks;
	size_t		 capmarks;
};

struct imsgbuf *
imsgbuf_new(int fd)
{
	struct imsgbuf *b;

	if ((b = calloc(1, sizeof(*b))) == NULL)
		return (NULL);
	b->fd = fd;
	return (b);
}

void
imsgbuf_free(struct imsgbuf *b)
{
	size_t i;

	if (b == NULL)
		return;
	for (i = 0; i < b->nfdq; i++)
		close(b->fdq[i]);
	for (i = 0; i < b->nmarks; i++)
		close(b->marks[i].fd);
	close(b->fd);
	/* Environments and configuration went through here. */
	freezero(b->in, b->incap);
	freezero(b->out.data, b->out.cap);
	free(b->marks);
	free(b);
}

int
imsgbuf_fd(const struct imsgbuf *b)
{
	return (b->fd);
}

/* Room for want more bytes behind what was read. */
static int
in_room(struct imsgbuf *b, size_t want)
{
	uint8_t *p;
	size_t cap;

	if (b->inpos == b->inlen) {
		b->inpos = b->inlen = 0;
		if (b->incap > KEEP_SIZE && want <= READ_SIZE) {
			freezero(b->in, b->incap);
			b->in = NULL;
			b->incap = 0;
		}
	}
	if (b->incap - b->inlen >= want)
		return (0);
	if (b->inpos > 0) {
		memmove(b->in, b->in + b->inpos, b->inlen - b->inpos);
		b->inlen -= b->inpos;
		b->inpos = 0;
		if (b->incap - b->inlen >= want)
			return (0);
	}
	cap = b->inlen + want;
	if ((p = recallocarray(b->in, b->incap, cap, 1)) == NULL)
		return (-1);
	b->in = p;
	b->incap = cap;
	return (0);
}

/* Queues what came with a message; too many are all closed. */
static int
take_fds(struct imsgbuf *b, struct msghdr *mh)
{
	struct cmsghdr *cm;
	size_t i, n;
	int fd, error = 0;

	for (cm = CMSG_FIRSTHDR(mh); cm != NULL; cm = CMSG_NXTHDR(mh, cm)) {
		if (cm->cmsg_level != SOL_SOCKET ||
		    cm->cmsg_type != SCM_RIGHTS)
			continue;
		n = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(cm) + i * sizeof(int),
			    sizeof(fd));
			if (b->nfdq == IMSG_FDQUEUE) {
				close(fd);
				error = 1;
			} else
				b->fdq[b->nfdq++] = fd;
		}
	}
	if (mh->msg_flags & MSG_CTRUNC)
		error = 1;
	if (error) {
		errno = EMSGSIZE;
		return (-1);
	}
	return (0);
}

ssize_t
imsgbuf_read(struct imsgbuf *b)
{
	union {
		struct cmsghdr	 hdr;
		char		 buf[CMSG_SPACE(FDS_A_CALL * sizeof(int))];
	} control;
	struct msghdr mh;
	struct iovec iov;
	ssize_t n;

	if (in_room(b, READ_SIZE) == -1)
		return (-1);
	memset(&mh, 0, sizeof(mh));
	iov.iov_base = b->in + b->inlen;
	iov.iov_len = b->incap - b->inlen;
	mh.msg_iov = &iov;
	mh.msg_iovlen = 1;
	mh.msg_control = &control;
	mh.msg_controllen = sizeof(control);
	do {
		n = recvmsg(b->fd, &mh, MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return (-1);
	if (take_fds(b, &mh) == -1)
		return (-1);
	b->inlen += n;
	return (n);
}

int
imsgbuf_peek(struct imsgbuf *b, struct imsg *m)
{
	struct cursor c;
	uint32_t len;

	if (b->inlen - b->inpos < IMSG_HDRLEN)
		return (0);
	cursor_init(&c, b->in + b->inpos, IMSG_HDRLEN);
	len = get_u32(&c);
	m->type = get_u16(&c);
	m->flags = get_u16(&c);
	m->tag = get_u32(&c);
	if (len < IMSG_HDRLEN || len > IMSG_MAX || (m->flags & ~IMSGF_FD))
		return (-1);
	m->len = len - IMSG_HDRLEN;
	m->data = NULL;
	m->fd = -1;
	return (1);
}

int
imsgbuf_get(struct imsgbuf *b, struct imsg *m)
{
	int r;

	if ((r = imsgbuf_peek(b, m)) != 1)
		return (r);
	if (b->inlen - b->inpos - IMSG_HDRLEN < m->len)
		return (0);
	if (m->flags & IMSGF_FD) {
		/* The descriptor travels with the first byte. */
		if (b->nfdq == 0)
			return (-1);
		m->fd = b->fdq[0];
		b->nfdq--;
		memmove(b->fdq, b->fdq + 1, b->nfdq * sizeof(b->fdq[0]));
	}
	m->data = b->in + b->inpos + IMSG_HDRLEN;
	b->inpos += IMSG_HDRLEN + m->len;
	return (1);
}

/* What was sent goes, what was not moves to the front. */
static void
compact_out(struct imsgbuf *b)
{
	size_t i;

	b->out.len -= b->outpos;
	memmove(b->out.data, b->out.data + b->outpos, b->out.len);
	for (i = 0; i < b->nmarks; i++)
		b->marks[i].at -= b->outpos;
	b->outpos = 0;
}

struct wbuf *
imsgbuf_begin(struct imsgbuf *b, uint16_t type, uint32_t tag)
{
	if (b->outpos == b->out.len) {
		b->outpos = 0;
		wbuf_reset(&b->out);
		if (b->out.cap > KEEP_SIZE)
			wbuf_free(&b->out);
	}
	/* A peer that always lags a little must not make it grow for ever. */
	if (b->outpos >= KEEP_SIZE && b->outpos >= b->out.len / 2)
		compact_out(b);
	b->start = b->out.len;
	put_u32(&b->out, 0);	/* the length, by imsgbuf_end() */
	put_u16(&b->out, type);
	put_u16(&b->out, 0);
	put_u32(&b->out, tag);
	return (&b->out);
}

static int
mark_fd(struct imsgbuf *b, int fd)
{
	struct fdmark *p;

	if (b->nmarks == b->capmarks) {
		p = reallocarray(b->marks, b->capmarks + 8, sizeof(*p));
		if (p == NULL)
			return (-1);
		b->marks = p;
		b->capmarks += 8;
	}
	b->marks[b->nmarks].at = b->start;
	b->marks[b->nmarks++].fd = fd;
	return (0);
}

int
imsgbuf_end(struct imsgbuf *b, int fd)
{
	size_t len = b->out.len - b->start;
	uint8_t *p;

	if (b->out.failed || len > IMSG_MAX ||
	    (fd != -1 && mark_fd(b, fd) == -1)) {
		errno = len > IMSG_MAX ? EMSGSIZE : ENOMEM;
		b->out.len = b->start;
		b->out.failed = false;
		if (fd != -1)
			close(fd);
		return (-1);
	}
	p = b->out.data + b->start;
	p[0] = len >> 24;
	p[1] = len >> 16;
	p[2] = len >> 8;
	p[3] = len;
	p[7] = fd != -1 ? IMSGF_FD : 0;
	return (0);
}

size_t
imsgbuf_queued(const struct imsgbuf *b)
{
	return (b->out.len - b->outpos);
}

size_t
imsgbuf_queued_fds(const struct imsgbuf *b)
{
	return (b->nmarks);
}

/* One sendmsg(2): up to the next byte that has a descriptor. */
static ssize_t
send_some(struct imsgbuf *b)
{
	union {
		struct cmsghdr	 hdr;
		char		 buf[CMSG_SPACE(sizeof(int))];
	} control;
	struct cmsghdr *cm;
	struct msghdr mh;
	struct iovec iov;
	size_t end = b->out.len, next = 0;
	ssize_t n;

	memset(&mh, 0, sizeof(mh));
	if (b->nmarks > 0 && b->marks[0].at == b->outpos) {
		memset(&control, 0, sizeof(control));
		mh.msg_control = &control;
		mh.msg_controllen = sizeof(control.buf);
		cm = CMSG_FIRSTHDR(&mh);
		cm->cmsg_level = SOL_SOCKET;
		cm->cmsg_type = SCM_RIGHTS;
		cm->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cm), &b->marks[0].fd, sizeof(int));
		next = 1;
	}
	if (b->nmarks > next)
		end = b->marks[next].at;
	iov.iov_base = b->out.data + b->outpos;
	iov.iov_len = end - b->outpos;
	mh.msg_iov = &iov;
	mh.msg_iovlen = 1;
	do {
		n = sendmsg(b->fd, &mh, MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	if (n > 0 && next == 1) {
		close(b->marks[0].fd);
		b->nmarks--;
		memmove(b->marks, b->marks + 1,
		    b->nmarks * sizeof(b->marks[0]));
	}
	return (n);
}

int
imsgbuf_flush(struct imsgbuf *b)
{
	ssize_t n;

	while (b->outpos < b->out.len) {
		if ((n = send_some(b)) == -1) {
			if (errno == EAGAIN || errno == EWOULDBLOCK ||
			    errno == ENOBUFS)
				return (0);
			return (-1);
		}
		b->outpos += n;
	}
	b->outpos = 0;
	wbuf_reset(&b->out);
	return (1);
}
