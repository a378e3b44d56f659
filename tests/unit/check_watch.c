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
 * The path table: every way in which a file can change, seen by way of
 * hints, each once, and with no more looks than it takes.
 */

#include "watch_rig.h"

START_TEST(a_write_in_place_is_one_change)
{
	struct seen	 s;
	uint32_t	 mark;

	fs_dir("/d");
	fs_write("/d/f", "one");
	follow(&s, "/d/f");
	mark = watch_mark(&s.sub);
	fs_write("/d/f", "two");
	fs_write("/d/f", "three");
	changed_once(&s, mark);
}
END_TEST

START_TEST(a_rename_over_it_is_one_change)
{
	struct seen	 s;
	uint32_t	 mark;

	fs_dir("/d");
	fs_write("/d/f", "one");
	follow(&s, "/d/f");
	mark = watch_mark(&s.sub);
	fs_write("/d/f.new", "one");
	fs_rename("/d/f.new", "/d/f");
	changed_once(&s, mark);
}
END_TEST

START_TEST(it_is_gone_and_comes_back)
{
	struct seen	 s;

	fs_dir("/d");
	fs_write("/d/f", "one");
	follow(&s, "/d/f");
	fs_remove("/d/f");
	rest();
	ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
	fs_write("/d/f", "one");
	changed_once(&s, WATCH_ABSENT);
}
END_TEST

START_TEST(what_stirs_is_left_alone_until_it_is_at_rest)
{
	struct seen	 s;
	unsigned int	 looks;
	int		 i;

	fs_dir("/d");
	fs_write("/d/f", "one");
	follow(&s, "/d/f");
	looks = fs.looks;
	for (i = 0; i < 50; i++) {
		fs_write("/d/f", "two");
		pass(SETTLE - 1);
	}
	ck_assert_uint_eq(fs.looks, looks);
	ck_assert_uint_eq(s.stirred, 1);
	pass(SETTLE - 1);
	ck_assert_uint_eq(fs.looks, looks);
	pass(1);
	ck_assert_uint_eq(fs.looks, looks + 1);
	ck_assert_uint_eq(s.settled, 1);
}
END_TEST

START_TEST(what_never_rests_is_looked_at_all_the_same)
{
	struct seen	 s;
	int		 i, n = 4 * WATCH_RESTLESS_MS / 50;

	fs_dir("/d");
	fs_write("/d/f", "one");
	follow(&s, "/d/f");
	for (i = 0; i < n; i++) {
		fs_write("/d/f", "two");
		pass(50);
	}
	ck_assert_uint_eq(s.settled, 0);
	ck_assert_uint_ge(s.restless, 3);
	ck_assert_uint_le(s.restless, 4);
	rest();
	ck_assert_uint_eq(s.settled + s.restless, s.stirred);
}
END_TEST

START_TEST(a_touch_of_the_rights_is_no_change)
{
	struct seen	 s;
	uint32_t	 mark;

	fs_dir("/d");
	fs_write("/d/f", "one");
	follow(&s, "/d/f");
	mark = watch_mark(&s.sub);
	fs_tell("/d/f", false);
	rest();
	ck_assert_uint_eq(s.settled, 1);
	ck_assert_uint_eq(watch_mark(&s.sub), mark);
}
END_TEST

START_TEST(the_same_content_is_no_change)
{
	struct seen	 s, t;
	uint32_t	 mark, mark_t;

	fs_dir("/d");
	fs_write("/d/f", "one");
	follow(&t, "/d/f");
	memset(&s, 0, sizeof(s));
	s.sub.news = on_news;
	s.sub.index = NO_INDEX;
	s.sub.content = true;
	watch_add(w, &s.sub, "/d/f");
	mark = watch_mark(&s.sub);
	mark_t = watch_mark(&t.sub);
	fs_write("/d/f.new", "one");
	fs_rename("/d/f.new", "/d/f");
	rest();
	ck_assert_uint_eq(watch_mark(&s.sub), mark);
	ck_assert_uint_ne(watch_mark(&t.sub), mark_t);
	fs_write("/d/f", "two");
	changed_once(&s, mark);
}
END_TEST

START_TEST(many_share_a_path)
{
	static struct seen	 s[100];
	struct watch_counts	 c;
	unsigned int		 looks;
	size_t			 i;

	fs_dir("/d");
	fs_write("/d/f", "one");
	for (i = 0; i < nitems(s); i++)
		follow(&s[i], "/d/f");
	watch_count(w, &c);
	ck_assert_uint_eq(c.paths, 1);
	ck_assert_uint_eq(c.dirs, 2);
	looks = fs.looks;
	fs_write("/d/f", "two");
	rest();
	ck_assert_uint_eq(fs.looks, looks + 1);
	for (i = 0; i < nitems(s); i++)
		ck_assert_uint_eq(s[i].settled, 1);
}
END_TEST

START_TEST(ten_thousand_files_cost_a_watch_a_directory)
{
	static struct seen	 s[10000];
	struct watch_counts	 c;
	char			 path[64];
	unsigned int		 looks;
	int			 i;

	fs_dir("/srv");
	for (i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "/srv/d%02d", i);
		fs_dir(path);
	}
	/* Not one of them is there: the fake would be slow. */
	for (i = 0; i < 10000; i++) {
		snprintf(path, sizeof(path), "/srv/d%02d/f%d", i % 100, i);
		follow(&s[i], path);
	}
	watch_count(w, &c);
	ck_assert_uint_eq(c.paths, 10000);
	/* Those two above them as well. */
	ck_assert_uint_eq(c.dirs, 102);
	ck_assert(!mono_isset(watch_due(w)));
	fs_write("/srv/d42/f42", "x");
	looks = fs.looks;
	changed_once(&s[42], WATCH_ABSENT);
	ck_assert_uint_eq(fs.looks, looks + 1);
	ck_assert_uint_eq(s[142].stirred, 0);
	ck_assert(!mono_isset(watch_due(w)));
}
END_TEST

START_TEST(lost_hints_cost_no_change)
{
	struct seen	 s, t;
	uint32_t	 mark, mark_t;

	fs_dir("/d");
	fs_dir("/e");
	fs_write("/d/f", "one");
	fs_write("/e/f", "one");
	follow(&s, "/d/f");
	follow(&t, "/e/f");
	mark = watch_mark(&s.sub);
	mark_t = watch_mark(&t.sub);
	fs_remove("/d");
	fs_dir("/d");
	fs_write("/d/f", "two");
	fs.nhints = 0;
	fs_queue(FS_LOST, -1, "");
	changed_once(&s, mark);
	ck_assert_uint_eq(watch_mark(&t.sub), mark_t);
	/* The directory that took the other's place is watched. */
	fs_write("/d/f", "three");
	changed_once(&s, watch_mark(&s.sub));
}
END_TEST

START_TEST(beyond_the_limit_files_are_swept)
{
	struct seen		 s, t;
	struct watch_counts	 c;
	uint32_t		 mark;
	int			 i;

	fs_dir("/d");
	fs_dir("/e");
	fs_write("/d/f", "one");
	fs_write("/e/f", "one");
	fs.limit = 2;
	follow(&s, "/d/f");
	follow(&t, "/e/f");
	watch_count(w, &c);
	ck_assert_uint_eq(c.swept, 1);
	ck_assert_int_eq(c.error, ENOSPC);
	mark = watch_mark(&t.sub);
	watch_run(w, now);
	ck_assert(mono_isset(watch_due(w)));
	fs_write("/e/f", "two");
	for (i = 0; i < 100; i++)
		pass(SETTLE);
	ck_assert_uint_ne(watch_mark(&t.sub), mark);
	ck_assert_uint_eq(t.settled, 1);
	/* Once there is room, it is as the others. */
	fs.limit = 10;
	for (i = 0; i < 100; i++)
		pass(SETTLE);
	watch_count(w, &c);
	ck_assert_uint_eq(c.swept, 0);
	ck_assert(!mono_isset(watch_due(w)));
	fs_write("/e/f", "three");
	changed_once(&t, watch_mark(&t.sub));
}
END_TEST

/* Being swept, it is acted on only when two looks find the same. */
START_TEST(what_is_swept_and_written_is_left_alone)
{
	struct seen	 s;
	int		 i;

	fs_dir("/d");
	fs_write("/d/f", "one");
	fs_find("/d")->mute = true;
	follow(&s, "/d/f");
	for (i = 0; i < 100; i++) {
		fs_write("/d/f", "two");
		pass(SETTLE / 2);
	}
	ck_assert_uint_eq(s.stirred, 1);
	ck_assert_uint_eq(s.settled, 0);
	rest();
	ck_assert_uint_eq(s.settled, 1);
}
END_TEST

/* Nobody has watched the directory that it leads to, before. */
START_TEST(a_link_in_its_place_leads_to_what_is_written)
{
	struct seen	 s;
	int		 i;

	fs_dir("/d");
	fs_dir("/e");
	fs_write("/d/f", "one");
	fs_write("/e/f", "half");
	follow(&s, "/d/f");
	fs_link("/d/g", "../e/f");
	fs_rename("/d/g", "/d/f");
	for (i = 0; i < 20; i++) {
		pass(SETTLE / 2);
		fs_write("/e/f", "half");
	}
	ck_assert_uint_eq(s.settled, 0);
	changed_once(&s, watch_mark(&s.sub));
}
END_TEST

START_TEST(what_we_may_not_see_is_asked_for)
{
	struct seen		 s;
	struct watch_id		 id = { .ino = 7, .size = 1 };
	struct watch_counts	 c;
	unsigned int		 i, n;

	fs_dir("/d");
	fs_write("/d/f", "one");
	fs_find("/d")->closed = true;
	memset(&s, 0, sizeof(s));
	s.sub.news = on_news;
	s.sub.index = 5;
	watch_add(w, &s.sub, "/d/f");
	ck_assert_uint_eq(fs.nasked, 1);
	ck_assert_uint_eq(fs.asked, 5);
	ck_assert_uint_eq(watch_mark(&s.sub), WATCH_UNSEEN);
	watch_told(w, now, 5, &id);
	for (i = 0; i < 100; i++) {
		n = fs.nasked;
		pass(SETTLE);
		if (fs.nasked > n)
			watch_told(w, now, 5, &id);
	}
	ck_assert_uint_eq(s.settled, 1);
	ck_assert_uint_gt(watch_mark(&s.sub), WATCH_UNSEEN);
	watch_count(w, &c);
	ck_assert_uint_eq(c.asked, 1);
	/* Five seconds and more have passed: some sweeps, not a hundred. */
	ck_assert_uint_le(fs.nasked, 10);
	id.size = 2;
	for (i = 0; i < 100; i++) {
		n = fs.nasked;
		pass(SETTLE);
		if (fs.nasked > n)
			watch_told(w, now, 5, &id);
	}
	ck_assert_uint_eq(s.settled, 2);
	/* An answer that nobody waits for is none. */
	id.size = 3;
	watch_told(w, now, 6, &id);
	ck_assert(!watch_stirs(&s.sub));
	/* The directory is opened to us. */
	fs_find("/d")->closed = false;
	fs_tell("/d", false);
	rest();
	watch_count(w, &c);
	ck_assert_uint_eq(c.asked, 0);
	ck_assert_uint_eq(watch_identity(&s.sub)->ino, fs_find("/d/f")->ino);
}
END_TEST

/* The path is asked for by that number. */
static void
follow_asking(struct seen *s, const char *path, uint32_t index)
{
	memset(s, 0, sizeof(*s));
	s->sub.news = on_news;
	s->sub.index = index;
	watch_add(w, &s->sub, path);
}

/* Somebody writes without end where only somebody else can look. */
START_TEST(what_is_asked_for_and_never_rests)
{
	struct seen	 s;
	struct watch_id	 id = { .ino = 7, .size = 1 };
	unsigned int	 i, n;

	fs_dir("/d");
	fs_find("/d")->closed = true;
	follow_asking(&s, "/d/f", 5);
	watch_told(w, now, 5, &id);
	for (i = 0; i < 4 * WATCH_RESTLESS_MS / SETTLE; i++) {
		n = fs.nasked;
		pass(SETTLE);
		id.size++;
		if (fs.nasked > n)
			watch_told(w, now, 5, &id);
		/* No work without end, and not as fast as it can. */
		ck_assert_uint_le(fs.nasked, n + 1);
	}
	ck_assert_uint_ge(s.restless, 3);
	ck_assert_uint_le(s.restless, 4);
	ck_assert_uint_eq(s.settled, 0);
}
END_TEST

/* It was about another plan, or there was nobody to understand it. */
START_TEST(an_answer_that_does_not_come_is_asked_for_again)
{
	struct seen	 s;
	struct watch_id	 id = { .ino = 7, .size = 1 };
	int		 i;

	fs_dir("/d");
	fs_find("/d")->closed = true;
	follow_asking(&s, "/d/f", 5);
	watch_told(w, now, 5, &id);
	ck_assert(watch_stirs(&s.sub));
	pass(SETTLE);
	ck_assert_uint_eq(fs.nasked, 2);
	for (i = 0; i < 2 * WATCH_SWEEP_MS / SETTLE && fs.nasked == 2; i++)
		pass(SETTLE);
	ck_assert_uint_eq(fs.nasked, 3);
	watch_told(w, now, 5, &id);
	ck_assert_uint_eq(s.settled, 1);
	ck_assert(!watch_stirs(&s.sub));
}
END_TEST

START_TEST(nothing_is_left_behind)
{
	struct seen		 s, t;
	struct watch_counts	 c;

	fs_dir("/d");
	fs_link("/l", "/d");
	follow(&s, "/l/f");
	follow(&t, "/d/g");
	fs_write("/d/f", "x");
	pass(1);
	watch_drop(w, &s.sub);
	watch_count(w, &c);
	ck_assert_uint_eq(c.dirs, 2);
	watch_drop(w, &t.sub);
	watch_count(w, &c);
	ck_assert_uint_eq(c.paths + c.dirs + c.swept, 0);
	ck_assert_int_eq(fs.watched, 0);
	rest();
	watch_free(w);
}
END_TEST

/* Between the look at it and its own watch: nobody tells of that. */
START_TEST(it_is_written_before_it_can_be_watched)
{
	struct seen	 s;
	struct watch_id	 id;

	fs_dir("/d");
	fs_write("/d/f", "one");
	fs.written = "/d/f";
	follow(&s, "/d/f");
	ck_assert_ptr_null(fs.written);
	rest();
	fs_stat("/d/f", &id, 0);
	ck_assert_int_eq(watch_identity(&s.sub)->mtime_ns, id.mtime_ns);
	/* The same with one that comes later. */
	fs_write("/d/g", "one");
	fs.written = "/d/f";
	fs_rename("/d/g", "/d/f");
	rest();
	ck_assert_ptr_null(fs.written);
	fs_stat("/d/f", &id, 0);
	ck_assert_int_eq(watch_identity(&s.sub)->mtime_ns, id.mtime_ns);
	fs_write("/d/f", "two");
	changed_once(&s, watch_mark(&s.sub));
}
END_TEST

/* Only its directory tells that it is there, and nothing of what follows. */
START_TEST(what_is_new_is_watched_before_it_is_at_rest)
{
	struct seen	 s;
	int		 i;

	fs_dir("/d");
	follow(&s, "/d/f");
	for (i = 0; i < 20; i++) {
		fs_write("/d/f", "half");
		pass(SETTLE / 2);
	}
	ck_assert_uint_eq(s.settled, 0);
	changed_once(&s, WATCH_ABSENT);
	/* Another in its place, likewise. */
	fs_write("/d/g", "half");
	fs_rename("/d/g", "/d/f");
	for (i = 0; i < 20; i++) {
		fs_write("/d/f", "half");
		pass(SETTLE / 2);
	}
	ck_assert_uint_eq(s.settled, 1);
	changed_once(&s, watch_mark(&s.sub));
}
END_TEST

START_TEST(a_file_has_two_names)
{
	struct seen	 s, t;

	fs_dir("/d");
	fs_link("/l", "/d/f");
	fs_write("/d/f", "one");
	follow(&s, "/d/f");
	follow(&t, "/l");
	fs_write("/d/f", "two");
	rest();
	ck_assert_uint_eq(s.settled, 1);
	ck_assert_uint_eq(t.settled, 1);
	watch_drop(w, &s.sub);
	fs_write("/d/f", "three");
	changed_once(&t, watch_mark(&t.sub));
	watch_drop(w, &t.sub);
	ck_assert_int_eq(fs.watched, 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_write_in_place_is_one_change,
		a_rename_over_it_is_one_change,
		it_is_gone_and_comes_back,
		what_stirs_is_left_alone_until_it_is_at_rest,
		what_never_rests_is_looked_at_all_the_same,
		a_touch_of_the_rights_is_no_change,
		the_same_content_is_no_change,
		lost_hints_cost_no_change,
		what_is_swept_and_written_is_left_alone,
		a_link_in_its_place_leads_to_what_is_written,
		what_we_may_not_see_is_asked_for,
		what_is_asked_for_and_never_rests,
		an_answer_that_does_not_come_is_asked_for_again,
		nothing_is_left_behind
	};
	const TTest *const inotify[] = {
		many_share_a_path,
		ten_thousand_files_cost_a_watch_a_directory,
		beyond_the_limit_files_are_swept
	};
	const TTest *const kqueue[] = {
		it_is_written_before_it_can_be_watched,
		what_is_new_is_watched_before_it_is_at_rest,
		a_file_has_two_names
	};

	Suite	*suite = suite_create("watch");

	suite_add_tcase(suite, tests_with("all, inotify", tests,
	    nitems(tests), set_up));
	suite_add_tcase(suite, tests_with("all, kqueue", tests,
	    nitems(tests), set_up_kqueue));
	suite_add_tcase(suite, tests_with("inotify", inotify,
	    nitems(inotify), set_up));
	suite_add_tcase(suite, tests_with("kqueue", kqueue, nitems(kqueue),
	    set_up_kqueue));
	return (run_suite(suite));
}
