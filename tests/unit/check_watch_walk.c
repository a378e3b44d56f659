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
 * The way to a path: directories and symbolic links that come, go and lead
 * elsewhere; and a long history of chance, after each step of which the
 * table must know what is there.
 */

#include "watch_rig.h"

START_TEST(it_is_not_there_yet)
{
	struct seen	 s;

	follow(&s, "/a/b/c/f");
	ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
	fs_dir("/a");
	rest();
	fs_dir("/a/b");
	fs_dir("/a/b/c");
	rest();
	ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
	fs_write("/a/b/c/f", "x");
	rest();
	ck_assert_uint_gt(watch_mark(&s.sub), WATCH_UNSEEN);
}
END_TEST

/* The file is made in a directory that no watch could be in yet. */
START_TEST(all_of_the_way_appears_at_once)
{
	struct seen	 s;

	follow(&s, "/a/b/c/f");
	fs_dir("/a");
	fs_dir("/a/b");
	fs_dir("/a/b/c");
	fs_write("/a/b/c/f", "x");
	changed_once(&s, WATCH_ABSENT);
	fs_write("/a/b/c/f", "y");
	changed_once(&s, watch_mark(&s.sub));
}
END_TEST

/* It is watched before it has settled: half of a file is not acted on. */
START_TEST(writing_goes_on_in_a_directory_that_is_new)
{
	struct seen	 s;
	int		 i;

	follow(&s, "/a/f");
	fs_dir("/a");
	fs_write("/a/f", "x");
	for (i = 0; i < 10; i++) {
		pass(SETTLE / 2);
		fs_write("/a/f", "xx");
	}
	ck_assert_uint_eq(s.settled, 0);
	rest();
	ck_assert_uint_eq(s.settled, 1);
}
END_TEST

START_TEST(links_in_a_circle_are_nothing)
{
	struct seen	 s;

	fs_link("/a", "/b");
	fs_link("/b", "/a");
	follow(&s, "/a");
	ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
	fs_write("/c", "x");
	fs_link("/b.new", "c");
	fs_rename("/b.new", "/b");
	changed_once(&s, WATCH_ABSENT);
}
END_TEST

/* As somebody may have laid it out who wants us to walk without end. */
START_TEST(a_way_may_be_too_long)
{
	struct seen	 s, t;
	char		 path[2000] = "", target[100] = "";
	int		 i;

	fs_dir("/d");
	fs_write("/d/f", "x");
	for (i = 0; i < 100; i++)
		strlcat(path, "/d/..", sizeof(path));
	strlcat(path, "/d/f", sizeof(path));
	follow(&s, path);
	ck_assert_uint_gt(watch_mark(&s.sub), WATCH_UNSEEN);
	for (i = 0; i < 10; i++)
		strlcat(target, "d/../", sizeof(target));
	strlcat(target, "l", sizeof(target));
	path[0] = '\0';
	for (i = 0; i < 19; i++) {
		snprintf(path, sizeof(path), "/l%d", i);
		snprintf(target + 50, sizeof(target) - 50, "l%d", i + 1);
		fs_link(path, target);
	}
	fs_link("/l19", "/d/f");
	follow(&t, "/l12");
	ck_assert_uint_eq(watch_mark(&t.sub), watch_mark(&s.sub));
	watch_drop(w, &t.sub);
	fs.looks = fs.adds = 0;
	follow(&t, "/l0");
	ck_assert_uint_eq(watch_mark(&t.sub), WATCH_ABSENT);
	ck_assert_uint_le(fs.looks + fs.adds, 1000);
	rest();
	fs_remove("/l7");
	fs_write("/l7", "x");
	changed_once(&t, WATCH_ABSENT);
}
END_TEST

START_TEST(a_directory_above_it_is_replaced)
{
	struct seen	 s, t;
	uint32_t	 mark;

	fs_dir("/r");
	fs_dir("/r/d");
	fs_dir("/r/d/e");
	fs_write("/r/d/e/f", "one");
	fs_write("/r/d/e/g", "same");
	fs_dir("/n");
	fs_dir("/n/e");
	fs_write("/n/e/f", "two");
	follow(&s, "/r/d/e/f");
	follow(&t, "/r/d/e/g");
	mark = watch_mark(&s.sub);
	fs_rename("/r/d", "/old");
	fs_rename("/n", "/r/d");
	changed_once(&s, mark);
	ck_assert_uint_eq(watch_mark(&t.sub), WATCH_ABSENT);
	/* Not the old place, but the new one. */
	fs_write("/old/e/f", "three");
	pass(1);
	ck_assert(!watch_stirs(&s.sub));
	fs_write("/r/d/e/f", "four");
	changed_once(&s, watch_mark(&s.sub));
}
END_TEST

START_TEST(a_directory_is_removed_and_made_again)
{
	struct seen	 s;
	int		 i;

	fs_dir("/d");
	fs_write("/d/f", "one");
	follow(&s, "/d/f");
	for (i = 0; i < 3; i++) {
		fs_remove("/d");
		rest();
		ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
		fs_dir("/d");
		fs_write("/d/f", "one");
		changed_once(&s, WATCH_ABSENT);
	}
}
END_TEST

/* Somebody is in it, and so it does not say itself that it is removed. */
START_TEST(a_directory_in_use_is_removed_and_made_again)
{
	struct seen	 s, t;
	int		 i;

	fs_dir("/r");
	fs_dir("/r/s");
	fs_dir("/r/s/d");
	fs_write("/r/s/d/f", "one");
	follow(&s, "/r/s/d/f");
	follow(&t, "/r/s/d/none");
	for (i = 0; i < 3; i++) {
		fs.held = true;
		fs_remove(i == 1 ? "/r/s" : "/r/s/d");
		rest();
		ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
		if (i == 1)
			fs_dir("/r/s");
		fs_dir("/r/s/d");
		rest();
		fs_write("/r/s/d/f", "one");
		changed_once(&s, WATCH_ABSENT);
		watch_drop(w, &s.sub);
		fs_remove("/r/s/d/f");
		rest();
		/* Only what never was there is followed in there now. */
		fs_remove("/r/s/d");
		fs_dir("/r/s/d");
		rest();
		fs_write("/r/s/d/none", "x");
		changed_once(&t, WATCH_ABSENT);
		fs_remove("/r/s/d/none");
		fs_write("/r/s/d/f", "one");
		follow(&s, "/r/s/d/f");
		rest();
	}
}
END_TEST

static const struct {
	const char	*link;
	const char	*target;
	const char	*other;
	const char	*path;
} links[] = {
	{ "/l", "/one/f", "/two/f", "/l" },
	{ "/l", "one/f", "two/f", "/l" },
	{ "/l", "/one", "/two", "/l/f" },
	{ "/l", "one/", "two/", "/l//./f" },
	{ "/one/l", "f", "../two/f", "/one/l" },
	{ "/l", "/one/..", "/two/sub", "/l/one/f" },
	{ "/l", "m", "n", "/l/f" }
};

START_TEST(a_link_anywhere_changes_its_target)
{
	struct seen	 s;
	uint32_t	 mark;

	fs_dir("/one");
	fs_dir("/two");
	fs_dir("/two/sub");
	fs_dir("/two/sub/one");
	fs_write("/one/f", "one");
	fs_write("/two/f", "two");
	fs_write("/two/sub/one/f", "three");
	fs_link("/m", "/one");
	fs_link("/n", "/two");
	fs_link(links[_i].link, links[_i].target);
	follow(&s, links[_i].path);
	mark = watch_mark(&s.sub);
	ck_assert_uint_gt(mark, WATCH_UNSEEN);
	/* As ln -sfn does it, atomically. */
	fs_link("/l.new", links[_i].other);
	fs_rename("/l.new", links[_i].link);
	changed_once(&s, mark);
	/* And what it leads to now is watched. */
	mark = watch_mark(&s.sub);
	fs_write("/two/f", "four");
	fs_write("/two/sub/one/f", "five");
	changed_once(&s, mark);
	/* What it led to before is not. */
	fs_write("/one/f", "six");
	pass(1);
	ck_assert_uint_eq(s.stirred, s.settled);
}
END_TEST

static unsigned int	 seed;

static unsigned int
choose(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return ((seed >> 16) % n);
}

/* Does something to one of a few names. */
static void
do_something(void)
{
	static const char *const	 names[] = {
		"/a", "/b", "/a/a", "/a/b", "/b/a", "/b/b", "/a/a/a",
		"/a/a/b", "/a/b/a", "/b/a/a", "/b/b/a"
	};
	static const char *const	 targets[] = {
		"/a", "/b", "a", "b", "..", "../a", "../b", "/a/a", "/b/a/",
		".", "/", "../b/a"
	};
	const char			*path = names[choose(nitems(names))];
	const char			*to = names[choose(nitems(names))];
	struct fs_node			*n = fs_find(path), *d;
	char				 dir[200];

	fs.held = choose(3) == 0;
	fs_split(path, dir);
	if ((d = fs_find(dir)) == NULL || d->kind != FS_DIR)
		return;
	if (n == NULL) {
		switch (choose(4)) {
		case 0:
			fs_write(path, "x");
			break;
		case 1:
			fs_link(path, targets[choose(nitems(targets))]);
			break;
		default:
			fs_dir(path);
			break;
		}
		return;
	}
	switch (choose(4)) {
	case 0:
		fs_remove(path);
		break;
	case 1:
		fs_split(to, dir);
		d = fs_find(dir);
		if (d != NULL && d->kind == FS_DIR && strcmp(path, to) != 0 &&
		    !fs_below(to, path) && !fs_below(path, to))
			fs_rename(path, to);
		break;
	default:
		if (n->kind == FS_FILE)
			fs_write(path, "y");
		break;
	}
}

/* Whatever happens: at rest, the table knows what is there. */
START_TEST(at_rest_it_knows_what_is_there)
{
	static const char *const	 paths[] = {
		"/a", "/a/a", "/a/b", "/b/a", "/b/b/a", "/a/a/a",
		"/a/../b/b", "/a/b/../a", "/b/a/a/b"
	};
	struct seen			 s[nitems(paths)];
	struct watch_id			 id;
	const struct watch_id		*known;
	size_t				 i, k, n;

	seed = 4711 + _i;
	for (i = 0; i < nitems(paths); i++)
		follow(&s[i], paths[i]);
	for (k = 0; k < 200; k++) {
		for (n = choose(6); n > 0; n--) {
			do_something();
			if (choose(3) == 0)
				pass(choose(2 * SETTLE));
		}
		/* Some hints get lost. */
		if (choose(20) == 0) {
			fs.nhints = choose(fs.nhints + 1);
			fs_queue(FS_LOST, -1, "");
		}
		rest();
		for (i = 0; i < nitems(paths); i++) {
			known = watch_identity(&s[i].sub);
			fs_stat(paths[i], &id, 0);
			ck_assert_msg(known->error == id.error &&
			    known->ino == id.ino &&
			    known->mtime_ns == id.mtime_ns,
			    "round %zu, %s: error %d, ino %llu; is %d, %llu",
			    k, paths[i], known->error,
			    (unsigned long long)known->ino, id.error,
			    (unsigned long long)id.ino);
			ck_assert_uint_eq(s[i].stirred,
			    s[i].settled + s[i].restless);
		}
	}
	for (i = 0; i < nitems(paths); i++)
		watch_drop(w, &s[i].sub);
	ck_assert_int_eq(fs.watched, 0);
	watch_free(w);
}
END_TEST

static TCase *
all_with(const char *name, void (*begin)(void))
{
	const TTest *const tests[] = {
		it_is_not_there_yet,
		all_of_the_way_appears_at_once,
		writing_goes_on_in_a_directory_that_is_new,
		links_in_a_circle_are_nothing,
		a_way_may_be_too_long,
		a_directory_above_it_is_replaced,
		a_directory_is_removed_and_made_again,
		a_directory_in_use_is_removed_and_made_again
	};
	TCase	*tc = tests_with(name, tests, nitems(tests), begin);

	tcase_add_loop_test(tc, a_link_anywhere_changes_its_target, 0,
	    nitems(links));
	tcase_add_loop_test(tc, at_rest_it_knows_what_is_there, 0, 50);
	return (tc);
}

int
main(void)
{
	Suite	*suite = suite_create("watch_walk");

	suite_add_tcase(suite, all_with("inotify", set_up));
	suite_add_tcase(suite, all_with("kqueue", set_up_kqueue));
	return (run_suite(suite));
}
