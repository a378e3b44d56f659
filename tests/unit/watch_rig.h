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
 * A path table over a fake file system, with a clock that the test turns.
 */

#ifndef TESTS_UNIT_WATCH_RIG_H
#define TESTS_UNIT_WATCH_RIG_H

#include "fake_fs.h"
#include "suite.h"

#define SETTLE	100

struct seen {
	struct watch_sub sub;
	unsigned int	 stirred;
	unsigned int	 settled;
	unsigned int	 restless;
};

static struct watch	*w;
static struct mono	 now;

static inline void
on_news(struct watch_sub *sub, enum watch_news news)
{
	struct seen	*s = (struct seen *)sub;

	if (news == WATCH_STIRRED)
		s->stirred++;
	else if (news == WATCH_SETTLED)
		s->settled++;
	else
		s->restless++;
}

static inline void
set_up(void)
{
	fs_reset();
	now.ms = 1000000;
	w = watch_new(&fs_sys);
	watch_set_settle(w, SETTLE);
}

/* The same on a system whose hints are those of kqueue(2). */
static inline void
set_up_kqueue(void)
{
	fs_reset();
	fs.kqueue = true;
	now.ms = 1000000;
	w = watch_new(&fs_sys_kqueue);
	watch_set_settle(w, SETTLE);
}

static inline void
follow(struct seen *s, const char *path)
{
	memset(s, 0, sizeof(*s));
	s->sub.news = on_news;
	s->sub.index = NO_INDEX;
	watch_add(w, &s->sub, path);
}

static inline void
pass(int64_t ms)
{
	now = mono_add(now, ms);
	fs_deliver(w, now);
}

/* Lets everything come to rest. */
static inline void
rest(void)
{
	int	 i;

	pass(1);
	for (i = 0; i < 20; i++)
		pass(SETTLE);
}

/* Something has changed since the mark, and that was said once. */
static inline void
changed_once(struct seen *s, uint32_t before)
{
	unsigned int	 settled = s->settled;

	rest();
	ck_assert_uint_ne(watch_mark(&s->sub), before);
	ck_assert_uint_eq(s->settled, settled + 1);
	ck_assert_uint_eq(s->stirred, s->settled);
}

/* A case of a suite. */
static inline TCase *
tests_with(const char *name, const TTest *const *tests, size_t n,
    void (*begin)(void))
{
	TCase	*tc = tcase_create(name);
	size_t	 i;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, begin, NULL);
	for (i = 0; i < n; i++)
		tcase_add_test(tc, tests[i]);
	return (tc);
}

/* What main() returns. */
static inline int
run_suite(Suite *suite)
{
	SRunner	*runner = srunner_create(suite);
	int	 failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return (failed != 0);
}

#endif /* TESTS_UNIT_WATCH_RIG_H */
