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
 * The hints of BSD: watch_kqueue.c under the path table and over files that
 * are there, with a kqueue of our own.  What the kernel would say of what is
 * done to the files, the functions that do it say: see kqueue(2).
 */

#include <sys/types.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/ipc.h"
#include "../../common/util.h"
#include "../../monitor/hints.h"
#include "../../monitor/watch_fs.h"
#include "../lint/bsd/sys/event.h"
#include "suite.h"

#define SETTLE	100
#define NOTES	1024

/* --- a kqueue ------------------------------------------------------------ */

struct note {
	bool		 used;
	dev_t		 dev;		/* of its descriptor, when it came */
	ino_t		 ino;
	unsigned int	 wanted;
	unsigned int	 happened;
};

static struct note	 notes[NOTES];	/* by descriptor */
static int		 queue[2];	/* readable when something happened */

int
kqueue(void)
{
	if (pipe2(queue, O_NONBLOCK) == -1)
		return (-1);
	return (queue[0]);
}

/* The kernel forgets what is closed. */
static bool
is_open(int fd)
{
	struct stat	 st;

	if (notes[fd].used && (fstat(fd, &st) == -1 ||
	    st.st_dev != notes[fd].dev || st.st_ino != notes[fd].ino))
		notes[fd].used = false;
	return (notes[fd].used);
}

static int
add_note(const struct kevent *ev)
{
	struct stat	 st;
	struct note	*n = &notes[ev->ident];

	ck_assert_uint_lt(ev->ident, NOTES);
	ck_assert_int_eq(ev->filter, EVFILT_VNODE);
	ck_assert_int_eq(ev->flags, EV_ADD | EV_CLEAR);
	if (fstat(ev->ident, &st) == -1)
		return (-1);
	if (!is_open(ev->ident))
		*n = (struct note){ true, st.st_dev, st.st_ino, 0, 0 };
	n->wanted = ev->fflags;
	return (0);
}

int
kevent(int kq, const struct kevent *in, int nin, struct kevent *out, int nout,
    const struct timespec *ts)
{
	char	 buf[64];
	int	 fd, n = 0;

	(void)ts;
	ck_assert_int_eq(kq, queue[0]);
	if (nin > 0)
		return (add_note(in));
	for (fd = 0; fd < NOTES && n < nout; fd++) {
		if (!is_open(fd) || notes[fd].happened == 0)
			continue;
		memset(&out[n], 0, sizeof(out[n]));
		out[n].ident = fd;
		out[n++].fflags = notes[fd].happened;
		notes[fd].happened = 0;
	}
	if (n < nout)
		while (read(kq, buf, sizeof(buf)) > 0)
			continue;
	return (n);
}

static void
tell(const struct stat *st, unsigned int what)
{
	int	 fd;

	for (fd = 0; fd < NOTES; fd++) {
		if (!is_open(fd) || notes[fd].dev != st->st_dev ||
		    notes[fd].ino != st->st_ino)
			continue;
		notes[fd].happened |= what & notes[fd].wanted;
		if (notes[fd].happened != 0 && write(queue[1], "", 1) == -1)
			ck_assert_int_eq(errno, EAGAIN);
	}
}

static void
tell_path(const char *path, unsigned int what)
{
	struct stat	 st;

	if (stat(path, &st) == 0)
		tell(&st, what);
}

static void
tell_dir_of(const char *path, unsigned int what)
{
	char	 dir[PATH_MAX], *slash;

	strlcpy(dir, path, sizeof(dir));
	if ((slash = strrchr(dir, '/')) == NULL)
		strlcpy(dir, ".", sizeof(dir));
	else
		*slash = '\0';
	tell_path(dir, what);
}

/* --- what is done to files ----------------------------------------------- */

static void
put(const char *path, const char *text)
{
	struct stat	 st;
	bool		 fresh = stat(path, &st) == -1;
	FILE		*f;

	if ((f = fopen(path, "a")) == NULL || fputs(text, f) == EOF ||
	    fclose(f) == EOF)
		err(1, "%s", path);
	if (fresh)
		tell_dir_of(path, NOTE_WRITE);
	tell_path(path, NOTE_WRITE | NOTE_EXTEND);
}

static void
make_dir(const char *path)
{
	if (mkdir(path, 0700) == -1)
		err(1, "%s", path);
	tell_dir_of(path, NOTE_WRITE | NOTE_LINK);
}

static void
take_away(const char *path)
{
	struct stat	 st;

	if (stat(path, &st) == -1 || remove(path) == -1)
		err(1, "%s", path);
	tell(&st, NOTE_DELETE);
	tell_dir_of(path, NOTE_WRITE);
}

static void
move(const char *from, const char *to)
{
	struct stat	 st;
	bool		 over = stat(to, &st) == 0;

	if (rename(from, to) == -1)
		err(1, "%s", from);
	if (over)
		tell(&st, NOTE_DELETE);
	tell_path(to, NOTE_RENAME);
	tell_dir_of(from, NOTE_WRITE);
	tell_dir_of(to, NOTE_WRITE);
}

/* --- the path table ------------------------------------------------------ */

struct seen {
	struct watch_sub sub;
	unsigned int	 stirred;
	unsigned int	 settled;
};

static struct event_base	*base;
static struct watch_sys		 sys;
static struct watch		*w;
static struct mono		 now = { 1000000 };
static char			 top[PATH_MAX];

static void
on_news(struct watch_sub *sub, enum watch_news news)
{
	struct seen	*s = (struct seen *)sub;

	s->stirred += news == WATCH_STIRRED;
	s->settled += news == WATCH_SETTLED;
}

static void
on_hint(void *arg, int wd, const char *name)
{
	(void)arg;
	watch_hint(w, now, wd, name);
}

static void
on_gone(void *arg, int wd)
{
	(void)arg;
	watch_gone(w, now, wd);
}

static void
on_lost(void *arg)
{
	(void)arg;
	watch_lost(w, now);
}

static void
on_done(void *arg)
{
	(void)arg;
	watch_run(w, now);
}

static void
set_up(void)
{
	static const struct hints_conf	 conf = {
		.hint = on_hint, .gone = on_gone, .lost = on_lost,
		.done = on_done
	};

	char	 name[] = "kq.XXXXXX";

	if (mkdtemp(name) == NULL || chdir(name) == -1 ||
	    getcwd(top, sizeof(top)) == NULL)
		err(1, "%s", name);
	base = event_base_new();
	watch_fs(&sys);
	ck_assert_ptr_nonnull(sys.add_file);
	sys.arg = hints_new(base, &conf);
	ck_assert_ptr_nonnull(sys.arg);
	w = watch_new(&sys);
	watch_set_settle(w, SETTLE);
}

static int
remove_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	(void)st;
	(void)what;
	(void)ftw;
	return (remove(path));
}

static void
tear_down(void)
{
	if (chdir("..") == -1)
		err(1, "%s", top);
	(void)nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void
follow(struct seen *s, const char *name)
{
	char	 path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	memset(s, 0, sizeof(*s));
	s->sub.news = on_news;
	s->sub.index = NO_INDEX;
	watch_add(w, &s->sub, path);
}

/* Lets everything come to rest. */
static void
rest(void)
{
	int	 i;

	for (i = 0; i < 10; i++) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		watch_run(w, now);
		now = mono_add(now, SETTLE);
	}
}

static void
changed_once(struct seen *s)
{
	uint32_t	 mark = watch_mark(&s->sub);
	unsigned int	 settled = s->settled;

	rest();
	ck_assert_uint_ne(watch_mark(&s->sub), mark);
	ck_assert_uint_eq(s->settled, settled + 1);
	ck_assert_uint_eq(s->stirred, s->settled);
}

static void
nothing_is_swept(void)
{
	struct watch_counts	 c;

	watch_count(w, &c);
	ck_assert_uint_eq(c.swept, 0);
	ck_assert(!mono_isset(watch_due(w)));
}

static int
count_open(void)
{
	int	 fd, n = 0;

	for (fd = 0; fd < NOTES; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return (n);
}

START_TEST(a_file_is_followed)
{
	struct seen	 s;
	int		 open = count_open();

	make_dir("d");
	put("d/f", "one");
	follow(&s, "d/f");
	nothing_is_swept();
	put("d/f", "two");
	changed_once(&s);
	put("d/g", "three");
	move("d/g", "d/f");
	changed_once(&s);
	put("d/f", "four");
	changed_once(&s);
	take_away("d/f");
	changed_once(&s);
	ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
	put("d/f", "five");
	changed_once(&s);
	put("d/f", "six");
	changed_once(&s);
	nothing_is_swept();
	watch_drop(w, &s.sub);
	ck_assert_int_eq(count_open(), open);
	watch_free(w);
}
END_TEST

START_TEST(a_directory_comes_and_goes)
{
	struct seen	 s;
	int		 i;

	follow(&s, "d/e/f");
	nothing_is_swept();
	for (i = 0; i < 3; i++) {
		make_dir("d");
		rest();
		make_dir("d/e");
		put("d/e/f", "one");
		changed_once(&s);
		put("d/e/f", "two");
		changed_once(&s);
		take_away("d/e/f");
		take_away("d/e");
		take_away("d");
		rest();
		ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
	}
	make_dir("n");
	make_dir("n/e");
	put("n/e/f", "three");
	move("n", "d");
	changed_once(&s);
	put("d/e/f", "four");
	changed_once(&s);
	nothing_is_swept();
}
END_TEST

START_TEST(a_directory_has_one_number)
{
	int	 a, b;

	make_dir("d");
	a = hints_add(sys.arg, "d", WATCH_SELF);
	ck_assert_int_ne(a, -1);
	ck_assert_uint_eq(notes[a].wanted & NOTE_WRITE, 0);
	tell_path("d", NOTE_ATTRIB);
	/* By another name, and for more. */
	ck_assert_int_eq(hints_add(sys.arg, "d/.", WATCH_NAMES), a);
	ck_assert_uint_ne(notes[a].wanted & NOTE_WRITE, 0);
	ck_assert_int_eq(hints_add(sys.arg, "d", WATCH_SELF), a);
	ck_assert_uint_ne(notes[a].wanted & NOTE_WRITE, 0);
	/* And what it had to tell is still told. */
	ck_assert_uint_eq(notes[a].happened, NOTE_ATTRIB);
	/* One that took its place is another, while that is open. */
	take_away("d");
	make_dir("d");
	b = hints_add(sys.arg, "d", WATCH_SELF);
	ck_assert_int_ne(b, a);
	hints_del(sys.arg, a);
	ck_assert_int_eq(hints_add(sys.arg, "d", WATCH_SELF), b);
	/* A file is not a directory. */
	put("f", "x");
	ck_assert_int_eq(hints_add(sys.arg, "f", WATCH_SELF), -1);
	ck_assert_int_eq(errno, ENOTDIR);
}
END_TEST

START_TEST(two_paths_lead_to_one_file)
{
	struct seen	 s, t;

	put("f", "one");
	ck_assert_int_eq(symlink("f", "l"), 0);
	follow(&s, "f");
	follow(&t, "l");
	put("f", "two");
	rest();
	ck_assert_uint_eq(s.settled, 1);
	ck_assert_uint_eq(t.settled, 1);
	watch_drop(w, &s.sub);
	put("f", "three");
	changed_once(&t);
}
END_TEST

/* Its file system was unmounted, and mounted again at once. */
START_TEST(what_is_revoked_is_watched_anew)
{
	struct seen	 s;
	struct stat	 st;
	int		 fd;

	put("f", "one");
	follow(&s, "f");
	ck_assert_int_eq(stat("f", &st), 0);
	tell(&st, NOTE_REVOKE);
	for (fd = 0; fd < NOTES; fd++)
		if (notes[fd].ino == st.st_ino)
			notes[fd].wanted = 0;
	rest();
	ck_assert_uint_eq(s.settled, 1);
	put("f", "two");
	changed_once(&s);
}
END_TEST

/* What cannot be opened is swept, and the rest is not. */
START_TEST(a_socket_is_swept)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	struct watch_counts	 c;
	struct seen		 s, t;
	int			 fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strlcpy(sun.sun_path, "s", sizeof(sun.sun_path));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	put("f", "one");
	follow(&s, "s");
	follow(&t, "f");
	watch_count(w, &c);
	ck_assert_uint_eq(c.swept, 1);
	ck_assert_int_ne(c.error, 0);
	put("f", "two");
	changed_once(&t);
	take_away("s");
	rest();
	ck_assert_uint_eq(watch_mark(&s.sub), WATCH_ABSENT);
	rest();
	rest();
	nothing_is_swept();
}
END_TEST

/* Clients and the rest want descriptors as well. */
START_TEST(some_descriptors_are_left)
{
	/* Hints live as long as their process: nobody frees them. */
	static void		*before[2];
	static struct seen	 s[400];
	struct rlimit		 rl = { 400, 400 };
	struct watch_counts	 c;
	char			 name[32];
	size_t			 i;

	watch_free(w);
	hints_close(sys.arg);
	before[0] = sys.arg;
	before[1] = base;
	tear_down();
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &rl), 0);
	set_up();
	make_dir("d");
	for (i = 0; i < nitems(s); i++) {
		snprintf(name, sizeof(name), "d/%zu", i);
		put(name, "x");
		follow(&s[i], name);
	}
	for (i = 0; i < 100; i++)
		ck_assert_int_ne(dup(0), -1);
	watch_count(w, &c);
	ck_assert_uint_gt(c.swept, 0);
	ck_assert_uint_lt(c.swept, nitems(s));
	ck_assert_int_eq(c.error, EMFILE);
	for (i = 0; i < nitems(s); i++)
		watch_drop(w, &s[i].sub);
	watch_free(w);
	ck_assert_ptr_ne(before[0], sys.arg);
	ck_assert_ptr_ne(before[1], base);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_file_is_followed,
		a_directory_comes_and_goes,
		a_directory_has_one_number,
		two_paths_lead_to_one_file,
		what_is_revoked_is_watched_anew,
		a_socket_is_swept,
		some_descriptors_are_left
	};

	return (SUITE_RUN_WITH("watch_kqueue", tests, set_up, tear_down));
}
