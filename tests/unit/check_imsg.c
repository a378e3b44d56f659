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
 * imsg.c: messages and descriptors arrive whole and in order, in whatever
 * pieces; a header that lies ends the stream before memory is spent on it.
 */

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/imsg.h"
#include "../../common/util.h"
#include "suite.h"

static struct imsgbuf	*a, *b;
static struct imsg	 m;
static int		 raw;	/* the other end of b, when a is not used */

static void
pair(int fds[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(fd_nonblock(fds[0]), 0);
	ck_assert_int_eq(fd_nonblock(fds[1]), 0);
}

static void
connected(void)
{
	int fds[2];

	pair(fds);
	ck_assert_ptr_nonnull(a = imsgbuf_new(fds[0]));
	ck_assert_ptr_nonnull(b = imsgbuf_new(fds[1]));
}

/* b is fed bytes by hand. */
static void
fed(void)
{
	int fds[2];

	pair(fds);
	raw = fds[0];
	ck_assert_ptr_nonnull(b = imsgbuf_new(fds[1]));
}

static void
header(uint8_t *h, uint32_t len, uint16_t type, uint16_t flags, uint32_t tag)
{
	h[0] = len >> 24, h[1] = len >> 16, h[2] = len >> 8, h[3] = len;
	h[4] = type >> 8, h[5] = type;
	h[6] = flags >> 8, h[7] = flags;
	h[8] = tag >> 24, h[9] = tag >> 16, h[10] = tag >> 8, h[11] = tag;
}

static void
feed(const void *p, size_t len)
{
	ck_assert_int_eq(write(raw, p, len), (ssize_t)len);
	ck_assert_int_eq(imsgbuf_read(b), (ssize_t)len);
}

static int
same_file(int x, int y)
{
	struct stat sx, sy;

	ck_assert_int_eq(fstat(x, &sx), 0);
	ck_assert_int_eq(fstat(y, &sy), 0);
	return (sx.st_dev == sy.st_dev && sx.st_ino == sy.st_ino);
}

START_TEST(messages_arrive_in_order)
{
	struct wbuf *w;
	struct cursor c;
	uint32_t i;

	connected();
	for (i = 0; i < 100; i++) {
		w = imsgbuf_begin(a, 0x100 + i, 1000 + i);
		put_u32(w, i);
		put_str(w, "text");
		ck_assert_int_eq(imsgbuf_end(a, -1), 0);
	}
	ck_assert_uint_eq(imsgbuf_queued(a), 100 * (IMSG_HDRLEN + 10));
	ck_assert_int_eq(imsgbuf_flush(a), 1);
	ck_assert_uint_eq(imsgbuf_queued(a), 0);
	ck_assert_int_gt(imsgbuf_read(b), 0);
	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(imsgbuf_get(b, &m), 1);
		ck_assert_uint_eq(m.type, 0x100 + i);
		ck_assert_uint_eq(m.tag, 1000 + i);
		ck_assert_uint_eq(m.flags, 0);
		ck_assert_int_eq(m.fd, -1);
		cursor_init(&c, m.data, m.len);
		ck_assert_uint_eq(get_u32(&c), i);
		ck_assert(span_is(get_str(&c), "text"));
		ck_assert(cursor_done(&c));
	}
	ck_assert_int_eq(imsgbuf_get(b, &m), 0);
	ck_assert_int_eq(imsgbuf_read(b), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

START_TEST(byte_by_byte)
{
	uint8_t msg[IMSG_HDRLEN + 3];
	size_t i;

	fed();
	header(msg, sizeof(msg), 0x0203, 0, 0x04050607);
	memcpy(msg + IMSG_HDRLEN, "xyz", 3);
	for (i = 0; i < sizeof(msg); i++) {
		ck_assert_int_eq(imsgbuf_get(b, &m), 0);
		ck_assert_int_eq(imsgbuf_peek(b, &m), i >= IMSG_HDRLEN);
		feed(msg + i, 1);
	}
	ck_assert_int_eq(imsgbuf_peek(b, &m), 1);
	ck_assert_uint_eq(m.type, 0x0203);
	ck_assert_uint_eq(m.len, 3);
	ck_assert_int_eq(imsgbuf_get(b, &m), 1);
	ck_assert_uint_eq(m.tag, 0x04050607);
	ck_assert_mem_eq(m.data, "xyz", 3);
	ck_assert_int_eq(imsgbuf_get(b, &m), 0);
}
END_TEST

START_TEST(lengths_that_lie)
{
	static const uint32_t lie[] = {
		0, 1, IMSG_HDRLEN - 1, IMSG_MAX + 1, 0x7fffffff, 0x80000000,
		UINT32_MAX
	};
	uint8_t msg[IMSG_HDRLEN];
	size_t i;

	for (i = 0; i < nitems(lie); i++) {
		fed();
		header(msg, lie[i], 1, 0, 0);
		feed(msg, sizeof(msg));
		ck_assert_int_eq(imsgbuf_peek(b, &m), -1);
		ck_assert_int_eq(imsgbuf_get(b, &m), -1);
		imsgbuf_free(b);
		close(raw);
	}
}
END_TEST

START_TEST(flags_that_are_none)
{
	uint8_t msg[IMSG_HDRLEN];

	fed();
	header(msg, sizeof(msg), 1, 0x8000, 0);
	feed(msg, sizeof(msg));
	ck_assert_int_eq(imsgbuf_get(b, &m), -1);
}
END_TEST

START_TEST(empty_and_longest)
{
	struct wbuf *w;
	size_t len = IMSG_MAX - IMSG_HDRLEN, i;
	int r;

	connected();
	imsgbuf_begin(a, 1, 0);
	ck_assert_int_eq(imsgbuf_end(a, -1), 0);
	w = imsgbuf_begin(a, 2, 0);
	for (i = 0; i < len; i++)
		put_u8(w, i * 7);
	ck_assert_int_eq(imsgbuf_end(a, -1), 0);
	ck_assert_int_ne(imsgbuf_flush(a), -1);
	ck_assert_int_gt(imsgbuf_read(b), 0);
	ck_assert_int_eq(imsgbuf_get(b, &m), 1);
	ck_assert_uint_eq(m.type, 1);
	ck_assert_uint_eq(m.len, 0);
	while ((r = imsgbuf_get(b, &m)) == 0) {
		ck_assert_int_ne(imsgbuf_flush(a), -1);
		ck_assert_int_gt(imsgbuf_read(b), 0);
	}
	ck_assert_int_eq(r, 1);
	ck_assert_uint_eq(m.len, len);
	for (i = 0; i < len; i++)
		if (m.data[i] != (uint8_t)(i * 7))
			ck_abort_msg("byte %zu differs", i);
	ck_assert_int_eq(imsgbuf_flush(a), 1);
}
END_TEST

START_TEST(too_long_is_not_queued)
{
	struct wbuf *w;
	int fds[2];

	connected();
	ck_assert_int_eq(pipe(fds), 0);
	w = imsgbuf_begin(a, 2, 0);
	ck_assert_int_eq(wbuf_room(w, IMSG_MAX), 0);
	memset(w->data + w->len, 0, IMSG_MAX);
	w->len += IMSG_MAX;
	errno = 0;
	ck_assert_int_eq(imsgbuf_end(a, fds[0]), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
	ck_assert_int_eq(fcntl(fds[0], F_GETFD), -1);
	ck_assert_uint_eq(imsgbuf_queued(a), 0);
	/* The next one goes out as if nothing had been. */
	put_u8(imsgbuf_begin(a, 3, 0), 9);
	ck_assert_int_eq(imsgbuf_end(a, -1), 0);
	ck_assert_int_eq(imsgbuf_flush(a), 1);
	ck_assert_int_gt(imsgbuf_read(b), 0);
	ck_assert_int_eq(imsgbuf_get(b, &m), 1);
	ck_assert_uint_eq(m.type, 3);
	ck_assert_uint_eq(m.len, 1);
}
END_TEST

START_TEST(descriptors_arrive_with_their_messages)
{
	int files[3], i;

	connected();
	ck_assert_int_ne(files[0] = open("/dev/null", O_RDONLY), -1);
	ck_assert_int_ne(files[1] = open("/dev/zero", O_RDONLY), -1);
	ck_assert_int_ne(files[2] = open("/", O_RDONLY), -1);
	for (i = 0; i < 6; i++) {
		put_u32(imsgbuf_begin(a, i, 0), i);
		/* Every other message has one. */
		ck_assert_int_eq(imsgbuf_end(a, i % 2 == 0 ?
		    dup(files[i / 2]) : -1), 0);
	}
	ck_assert_int_eq(imsgbuf_flush(a), 1);
	for (i = 0; i < 6; i++) {
		while (imsgbuf_get(b, &m) == 0)
			ck_assert_int_gt(imsgbuf_read(b), 0);
		ck_assert_uint_eq(m.type, i);
		if (i % 2 == 1) {
			ck_assert_int_eq(m.fd, -1);
			continue;
		}
		ck_assert_int_ne(m.fd, -1);
		ck_assert(same_file(m.fd, files[i / 2]));
		ck_assert_int_eq(fcntl(m.fd, F_GETFD), FD_CLOEXEC);
		close(m.fd);
	}
}
END_TEST

START_TEST(a_sent_descriptor_is_closed)
{
	int fds[2];
	char ch;

	connected();
	ck_assert_int_eq(pipe(fds), 0);
	imsgbuf_begin(a, 1, 0);
	ck_assert_int_eq(imsgbuf_end(a, fds[1]), 0);
	ck_assert_uint_eq(imsgbuf_queued_fds(a), 1);
	ck_assert_int_eq(imsgbuf_flush(a), 1);
	ck_assert_int_eq(fcntl(fds[1], F_GETFD), -1);
	ck_assert_uint_eq(imsgbuf_queued_fds(a), 0);
	/* Freed before it was taken: nobody holds the pipe any more. */
	ck_assert_int_gt(imsgbuf_read(b), 0);
	imsgbuf_free(b);
	ck_assert_int_eq(read(fds[0], &ch, 1), 0);
}
END_TEST

START_TEST(queued_descriptors_are_closed_too)
{
	int fds[2];
	char ch;

	connected();
	ck_assert_int_eq(pipe(fds), 0);
	imsgbuf_begin(a, 1, 0);
	ck_assert_int_eq(imsgbuf_end(a, fds[1]), 0);
	imsgbuf_free(a);
	ck_assert_int_eq(read(fds[0], &ch, 1), 0);
	ck_assert_int_eq(imsgbuf_read(b), 0);
}
END_TEST

START_TEST(a_promised_descriptor_must_come)
{
	uint8_t msg[IMSG_HDRLEN];

	fed();
	header(msg, sizeof(msg), 1, IMSGF_FD, 0);
	feed(msg, sizeof(msg));
	ck_assert_int_eq(imsgbuf_get(b, &m), -1);
}
END_TEST

/* Sends n descriptors with one byte, as our own sender never does. */
static void
send_fds(int n)
{
	char control[CMSG_SPACE(64 * sizeof(int))], byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr mh = { 0 };
	struct cmsghdr *cm;
	int fds[64], i;

	for (i = 0; i < n; i++)
		fds[i] = STDIN_FILENO;
	memset(control, 0, sizeof(control));
	mh.msg_iov = &iov;
	mh.msg_iovlen = 1;
	mh.msg_control = control;
	mh.msg_controllen = CMSG_SPACE(n * sizeof(int));
	cm = CMSG_FIRSTHDR(&mh);
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(cm), fds, n * sizeof(int));
	ck_assert_int_eq(sendmsg(raw, &mh, 0), 1);
}

static int
open_descriptors(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 1000; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return (n);
}

START_TEST(a_flood_of_descriptors_is_an_error)
{
	int before, i;

	fed();
	before = open_descriptors();
	send_fds(60);
	ck_assert_int_eq(imsgbuf_read(b), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
	imsgbuf_free(b);
	close(raw);
	ck_assert_int_eq(open_descriptors(), before - 2);

	fed();
	for (i = 0; i < 1000; i++) {
		send_fds(1);
		if (imsgbuf_read(b) == -1)
			break;
	}
	ck_assert_int_le(i, IMSG_FDQUEUE);
	ck_assert_int_eq(errno, EMSGSIZE);
	imsgbuf_free(b);
	close(raw);
	ck_assert_int_eq(open_descriptors(), before - 2);
}
END_TEST

START_TEST(the_peer_goes)
{
	connected();
	imsgbuf_begin(a, 7, 0);
	ck_assert_int_eq(imsgbuf_end(a, -1), 0);
	ck_assert_int_eq(imsgbuf_flush(a), 1);
	imsgbuf_free(a);
	/* Its last words are read first. */
	ck_assert_int_gt(imsgbuf_read(b), 0);
	ck_assert_int_eq(imsgbuf_get(b, &m), 1);
	ck_assert_uint_eq(m.type, 7);
	ck_assert_int_eq(imsgbuf_read(b), 0);
	imsgbuf_begin(b, 8, 0);
	ck_assert_int_eq(imsgbuf_end(b, -1), 0);
	/* No SIGPIPE. */
	ck_assert_int_eq(imsgbuf_flush(b), -1);
	ck_assert_int_eq(errno, EPIPE);
}
END_TEST

START_TEST(a_full_socket_waits)
{
	static char big[100000];
	uint32_t sent, got;
	int r = 1;

	connected();
	for (sent = 0; r == 1 && sent < 1000; sent++) {
		put_blob(imsgbuf_begin(a, 1, sent), big, sizeof(big));
		ck_assert_int_eq(imsgbuf_end(a, -1), 0);
		r = imsgbuf_flush(a);
	}
	ck_assert_int_eq(r, 0);
	ck_assert_uint_gt(imsgbuf_queued(a), 0);
	for (got = 0; got < sent;) {
		if (imsgbuf_read(b) == -1) {
			ck_assert_int_eq(errno, EAGAIN);
			ck_assert_int_ne(imsgbuf_flush(a), -1);
		}
		while (imsgbuf_get(b, &m) == 1) {
			ck_assert_uint_eq(m.tag, got);
			ck_assert_uint_eq(m.len, sizeof(big) + 4);
			got++;
		}
	}
	ck_assert_uint_eq(imsgbuf_queued(a), 0);
}
END_TEST

/*
 * A reader that always lags a little: the queue is never empty, and what
 * was sent must not be kept.  Descriptors still go with their message.
 */
START_TEST(a_lagging_reader_costs_no_memory)
{
	static const char block[60000];
	struct rusage before, after;
	unsigned int sent = 0, got = 0;
	int r, null;

	connected();
	ck_assert_int_eq(getrusage(RUSAGE_SELF, &before), 0);
	while (got < 5000) {
		while (imsgbuf_queued(a) < 1000000) {
			null = -1;
			if (sent % 16 == 0)
				ck_assert_int_ne(null = open("/dev/null",
				    O_RDONLY), -1);
			put_blob(imsgbuf_begin(a, 7, sent++), block,
			    sizeof(block));
			ck_assert_int_eq(imsgbuf_end(a, null), 0);
		}
		ck_assert_int_ne(imsgbuf_flush(a), -1);
		ck_assert_int_gt(imsgbuf_read(b), 0);
		while ((r = imsgbuf_get(b, &m)) == 1) {
			ck_assert_uint_eq(m.tag, got);
			ck_assert_int_eq(m.fd != -1, got % 16 == 0);
			if (m.fd != -1)
				close(m.fd);
			got++;
		}
		ck_assert_int_eq(r, 0);
	}
	ck_assert_int_eq(getrusage(RUSAGE_SELF, &after), 0);
	/* 300 MB went through; in kB. */
	ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 32 * 1024);
	imsgbuf_free(a);
	imsgbuf_free(b);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_lagging_reader_costs_no_memory,
		messages_arrive_in_order,
		byte_by_byte,
		lengths_that_lie,
		flags_that_are_none,
		empty_and_longest,
		too_long_is_not_queued,
		descriptors_arrive_with_their_messages,
		a_sent_descriptor_is_closed,
		queued_descriptors_are_closed_too,
		a_promised_descriptor_must_come,
		a_flood_of_descriptors_is_an_error,
		the_peer_goes,
		a_full_socket_waits
	};

	return (SUITE_RUN("imsg", tests));
}
