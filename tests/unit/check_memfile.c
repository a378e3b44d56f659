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

/* A file without a name: what was written is read, and cannot be changed. */

#include <check.h>
#include <string.h>
#include <unistd.h>

#include "../../common/memfile.h"
#include "suite.h"

START_TEST(what_was_written_is_read)
{
	static char big[100000], back[sizeof(big)];
	struct memfile m;
	int fd;

	memset(big, 'x', sizeof(big));
	ck_assert_int_eq(memfile_open(&m, "test"), 0);
	ck_assert_int_eq(memfile_write(&m, "abc", 3), 0);
	ck_assert_int_eq(memfile_write(&m, big, sizeof(big)), 0);
	ck_assert_int_eq(memfile_write(&m, "", 0), 0);
	fd = memfile_finish(&m);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pread(fd, back, 3, 0), 3);
	ck_assert_int_eq(memcmp(back, "abc", 3), 0);
	ck_assert_int_eq(pread(fd, back, sizeof(back), 3), sizeof(back));
	ck_assert_int_eq(memcmp(back, big, sizeof(big)), 0);
	ck_assert_int_eq(pread(fd, back, 1, 3 + sizeof(big)), 0);
	/* Whoever has it can neither write nor cut it. */
	ck_assert_int_eq(pwrite(fd, "y", 1, 0), -1);
	ck_assert_int_eq(ftruncate(fd, 1), -1);
	close(fd);
	/* Closed already, which does no harm. */
	memfile_close(&m);
}
END_TEST

START_TEST(one_that_is_given_up_is_closed)
{
	struct memfile m;
	int fd;

	ck_assert_int_eq(memfile_open(&m, "test"), 0);
	fd = m.fd;
	memfile_close(&m);
	ck_assert_int_eq(m.fd, -1);
	ck_assert_int_eq(write(fd, "x", 1), -1);
	memfile_close(&m);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_was_written_is_read,
		one_that_is_given_up_is_closed
	};

	return (SUITE_RUN("memfile", tests));
}
