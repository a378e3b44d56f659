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

/* util.c: descriptors' flags, paths, near words, hashes. */

#include "../../config.h"

#include <sys/wait.h>

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/util.h"
#include "suite.h"

START_TEST(flags_are_added_to_what_is_set)
{
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(fcntl(fds[1], F_SETFL, O_APPEND), 0);
	ck_assert_int_eq(fd_nonblock(fds[1]), 0);
	ck_assert_int_eq(fcntl(fds[1], F_GETFL) & (O_NONBLOCK | O_APPEND),
	    O_NONBLOCK | O_APPEND);
	ck_assert_int_eq(fd_nonblock(fds[1]), 0);
	ck_assert_int_eq(fcntl(fds[0], F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(fd_cloexec(fds[0]), 0);
	ck_assert_int_eq(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(fds[1], F_GETFD), 0);
	ck_assert_int_eq(fd_nonblock(-1), -1);
	ck_assert_int_eq(fd_cloexec(-1), -1);
}
END_TEST

static void
expect_absolute(const char *path, const char *want)
{
	char *abs = path_absolute(path);

	ck_assert_ptr_nonnull(abs);
	ck_assert_str_eq(abs, want);
	free(abs);
}

START_TEST(paths_are_made_absolute)
{
	expect_absolute("/etc/x", "/etc/x");
	expect_absolute("/etc/../x", "/etc/../x");
	ck_assert_int_eq(chdir("/usr/bin"), 0);
	expect_absolute("x", "/usr/bin/x");
	expect_absolute("./x", "/usr/bin/x");
	expect_absolute("../x", "/usr/bin/../x");
	expect_absolute("no/such/file", "/usr/bin/no/such/file");
	ck_assert_int_eq(chdir("/"), 0);
	expect_absolute("x", "/x");
}
END_TEST

START_TEST(near_words)
{
	char longest[200];

	ck_assert_uint_eq(edit_distance("start", "start", 2), 0);
	ck_assert_uint_eq(edit_distance("start", "strt", 2), 1);
	ck_assert_uint_eq(edit_distance("start", "starts", 2), 1);
	ck_assert_uint_eq(edit_distance("start", "smart", 2), 1);
	ck_assert_uint_eq(edit_distance("start", "stop", 2), 3);
	ck_assert_uint_eq(edit_distance("start", "stop", 5), 3);
	ck_assert_uint_eq(edit_distance("", "abc", 5), 3);
	ck_assert_uint_eq(edit_distance("abc", "", 5), 3);
	ck_assert_uint_eq(edit_distance("", "", 5), 0);
	ck_assert_uint_eq(edit_distance("kitten", "sitting", 9), 3);
	ck_assert_uint_eq(edit_distance("sitting", "kitten", 9), 3);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ck_assert_uint_eq(edit_distance(longest, "x", 3), 4);
	ck_assert_uint_eq(edit_distance("x", longest, 3), 4);
}
END_TEST

START_TEST(hashes_differ_with_every_byte)
{
	unsigned char data[64];
	uint64_t h, seen[64];
	size_t i, j;

	memset(data, 0, sizeof(data));
	for (i = 0; i < 64; i++) {
		data[i] = 1;
		seen[i] = hash_bytes(0, data, sizeof(data));
		data[i] = 0;
		for (j = 0; j < i; j++)
			ck_assert(seen[i] != seen[j]);
	}
	h = hash_bytes(0, data, sizeof(data));
	ck_assert(h == hash_bytes(0, data, sizeof(data)));
	ck_assert(h != hash_bytes(1, data, sizeof(data)));
	for (i = 0; i < sizeof(data); i++)
		ck_assert(h != hash_bytes(0, data, i));
	/* "ab" "c" and "a" "bc", chained, are not the same. */
	ck_assert(hash_bytes(hash_bytes(0, "ab", 2), "c", 1) !=
	    hash_bytes(hash_bytes(0, "a", 1), "bc", 2));
}
END_TEST

START_TEST(memory)
{
	char *s, *t;
	int *p;
	size_t i;

	p = xcalloc(100, sizeof(*p));
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(p[i], 0);
	p[99] = 7;
	p = xreallocarray(p, 1000, sizeof(*p));
	ck_assert_int_eq(p[99], 7);
	free(p);
	s = xstrdup("abc");
	ck_assert_str_eq(s, "abc");
	t = xstrndup(s, 2);
	ck_assert_str_eq(t, "ab");
	free(t);
	ck_assert_int_eq(xasprintf(&t, "%s-%d", s, 5), 5);
	ck_assert_str_eq(t, "abc-5");
	free(t);
	free(s);
}
END_TEST

START_TEST(no_memory_is_the_end)
{
	pid_t pid;
	int status;

	if ((pid = fork()) == 0) {
		close(STDERR_FILENO);
		xreallocarray(NULL, SIZE_MAX / 2, 4);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
#ifdef SANITIZERS		/* they end the process themselves */
	ck_assert_int_ne(WEXITSTATUS(status), 0);
#else
	ck_assert_int_eq(WEXITSTATUS(status), 3);
#endif
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		flags_are_added_to_what_is_set,
		paths_are_made_absolute,
		near_words,
		hashes_differ_with_every_byte,
		memory,
		no_memory_is_the_end
	};

	return (SUITE_RUN("util", tests));
}
