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
 * Look-ups on this host, by way of the C library.  Names come from the
 * administrator's file; answers come from the system's own databases.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "host.h"

#define NOBODY	65534	/* for a task that must not be started at all */

struct host_user {
	bool		 found;
	bool		 listed;	/* has an entry in the database */
	uint32_t	 uid;
	uint32_t	 gid;
	const char	*name;		/* when listed */
	uint32_t	 base;		/* the group that groups begin with */
	uint32_t	 ngroups;
	uint32_t	*groups;	/* NULL: not asked for yet */
};

struct host_group {
	bool		 found;
	uint32_t	 gid;
};

struct host_answer {
	enum task_reason reason;
	const char	*detail;
	const char	*path;		/* of a program, where it was found */
};

void
host_init(struct host *h, struct arena *arena, uint32_t uid, uint32_t gid)
{
	memset(h, 0, sizeof(*h));
	h->arena = arena;
	h->uid = uid;
	h->gid = gid;
}

void
host_free(struct host *h)
{
	names_free(&h->users);
	names_free(&h->groups);
	names_free(&h->programs);
	names_free(&h->dirs);
}

static void *
remember(struct host *h, struct names *t, const char *key, size_t len,
    const void *what, size_t size)
{
	void *p;

	p = arena_alloc(h->arena, size);
	memcpy(p, what, size);
	names_add(t, arena_strn(h->arena, key, len), len, p);
	return (p);
}

/* A uid or gid in digits; the largest means "none" to the system. */
static bool
number(const char *text, uint32_t *n)
{
	const char *errstr;
	long long v;

	v = strtonum(text, 0, UINT32_MAX - 1, &errstr);
	if (errstr != NULL || text[0] < '0' || text[0] > '9')
		return (false);
	*n = v;
	return (true);
}

static struct host_user *
find_user(struct host *h, const char *text)
{
	struct host_user u, *known;
	struct passwd *pw;
	size_t len = strlen(text);

	if ((known = names_find(&h->users, text, len)) != NULL)
		return (known);
	memset(&u, 0, sizeof(u));
	if ((pw = getpwnam(text)) == NULL && number(text, &u.uid)) {
		u.found = true;
		pw = getpwuid(u.uid);
	}
	if (pw != NULL) {
		u.found = u.listed = true;
		u.uid = pw->pw_uid;
		u.gid = pw->pw_gid;
		u.name = arena_strn(h->arena, pw->pw_name,
		    strlen(pw->pw_name));
	}
	return (remember(h, &h->users, text, len, &u, sizeof(u)));
}

static struct host_group *
find_group(struct host *h, const char *text)
{
	struct host_group g, *known;
	struct group *gr;
	size_t len = strlen(text);

	if ((known = names_find(&h->groups, text, len)) != NULL)
		return (known);
	memset(&g, 0, sizeof(g));
	if ((gr = getgrnam(text)) != NULL) {
		g.found = true;
		g.gid = gr->gr_gid;
	} else if (number(text, &g.gid))
		g.found = true;
	return (remember(h, &h->groups, text, len, &g, sizeof(g)));
}

/* The groups of a listed user, beginning with base. */
static void
find_groups(struct host *h, struct host_user *u, uint32_t base)
{
	gid_t list[LIMIT_GROUPS];
	int i, n = LIMIT_GROUPS;

	if (u->groups != NULL && u->base == base)
		return;
	if (!u->listed || getgrouplist(u->name, base, list, &n) == -1 ||
	    n < 1) {
		list[0] = base;
		n = 1;
	}
	u->groups = arena_alloc(h->arena, n * sizeof(uint32_t));
	for (i = 0; i < n; i++)
		u->groups[i] = list[i];
	u->ngroups = n;
	u->base = base;
}

static void __attribute__((__format__(printf, 3, 4)))
fault(struct host_fault *f, enum task_reason reason, const char *fmt, ...)
{
	va_list ap;

	f->reason = reason;
	va_start(ap, fmt);
	vsnprintf(f->detail, sizeof(f->detail), fmt, ap);
	va_end(ap);
}

static void
as_nobody(struct host *h, struct host_creds *c)
{
	static const uint32_t nobody = NOBODY;

	c->setids = h->uid == 0;
	c->uid = c->gid = NOBODY;
	c->ngroups = 1;
	c->groups = &nobody;
}

/* Only root can become somebody else. */
static void
unprivileged(struct host *h, const char *user, const char *group,
    struct host_creds *c, struct host_fault *f)
{
	if (user != NULL && c->uid != h->uid)
		fault(f, REASON_NOT_PRIVILEGED, "user '%.100s': the daemon "
		    "does not run as root", user);
	else if (group != NULL && c->gid != h->gid) {
		fault(f, REASON_NOT_PRIVILEGED, "group '%.100s': the daemon "
		    "does not run as root", group);
		f->of_group = true;
	}
	c->setids = false;
	c->uid = h->uid;
	c->gid = h->gid;
	c->ngroups = 0;
	c->groups = NULL;
}

void
host_creds(struct host *h, const char *user, const char *group,
    struct host_creds *c, struct host_fault *f)
{
	struct host_user *u = NULL;
	struct host_group *g = NULL;
	uint32_t *one;

	memset(c, 0, sizeof(*c));
	f->reason = REASON_NONE;
	f->of_group = false;
	f->detail[0] = '\0';
	c->uid = h->uid;
	c->gid = h->gid;
	if (user == NULL && group == NULL)
		return;
	if (user != NULL && !(u = find_user(h, user))->found)
		fault(f, REASON_UNKNOWN_USER, "user '%.100s' does not exist",
		    user);
	else if (group != NULL && !(g = find_group(h, group))->found) {
		fault(f, REASON_UNKNOWN_USER, "group '%.100s' does not exist",
		    group);
		f->of_group = true;
	} else if (u != NULL && !u->listed && g == NULL && u->uid != h->uid)
		fault(f, REASON_UNKNOWN_USER, "user '%s' is not in the user "
		    "database, so a group is needed", user);
	if (f->reason != REASON_NONE) {
		as_nobody(h, c);
		return;
	}
	if (u != NULL) {
		c->uid = u->uid;
		if (u->listed)
			c->gid = u->gid;
	}
	if (g != NULL)
		c->gid = g->gid;
	if (h->uid != 0) {
		unprivileged(h, user, group, c, f);
		if (f->reason != REASON_NONE)
			as_nobody(h, c);
		return;
	}
	c->setids = true;
	if (u != NULL) {
		find_groups(h, u, c->gid);
		c->ngroups = u->ngroups;
		c->groups = u->groups;
	} else {
		one = arena_alloc(h->arena, sizeof(*one));
		*one = c->gid;
		c->ngroups = 1;
		c->groups = one;
	}
}

uint32_t
host_gid(struct host *h, const char *group, struct host_fault *f)
{
	struct host_group *g;

	f->reason = REASON_NONE;
	f->detail[0] = '\0';
	if ((g = find_group(h, group))->found)
		return (g->gid);
	fault(f, REASON_UNKNOWN_USER, "group '%.100s' does not exist", group);
	return (NO_INDEX);
}

/*
 * 0: a program; else the errno that executing it would give.  EACCES on the
 * way says nothing: the task's user may see more than we do.
 */
static int
look_at(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return (errno);
	if (!S_ISREG(st.st_mode))
		return (S_ISDIR(st.st_mode) ? EISDIR : EINVAL);
	if ((st.st_mode & 0111) == 0)
		return (ENOEXEC);
	return (0);
}

static bool
is_absent(int error)
{
	return (error == ENOENT || error == ENOTDIR || error == EISDIR ||
	    error == EINVAL || error == ENOEXEC || error == ELOOP ||
	    error == ENAMETOOLONG);
}

static void
program_fault(struct host_answer *a, struct host *h, const char *program,
    const char *where, int error)
{
	char buf[512];
	const char *what;

	what = error == ENOEXEC ? "not executable" :
	    error == EINVAL ? "not a file" : strerror(error);
	if (where != NULL)
		snprintf(buf, sizeof(buf), "program '%.200s' is not in "
		    "PATH (%.200s)", program, where);
	else
		snprintf(buf, sizeof(buf), "program '%.400s': %s", program,
		    what);
	a->reason = REASON_NO_PROGRAM;
	a->detail = arena_strn(h->arena, buf, strlen(buf));
}

/* Looks along PATH, as execvp(3) does. */
static void
search_path(struct host *h, const char *program, const char *path,
    const char *cwd, struct host_answer *a)
{
	char buf[4096];
	const char *p = path, *end;
	int error, len, n;

	for (;; p = end + 1) {
		end = p + strcspn(p, ":");
		len = end - p;
		/* An empty or relative directory is below the task's own. */
		if (len > 0 && *p == '/')
			n = snprintf(buf, sizeof(buf), "%.*s/%s", len, p,
			    program);
		else if (cwd != NULL && *cwd == '/')
			n = snprintf(buf, sizeof(buf), "%s/%.*s/%s", cwd,
			    len, p, program);
		else
			return;
		if (n < 0 || (size_t)n >= sizeof(buf))
			return;
		if ((error = look_at(buf)) == 0)
			a->path = arena_strn(h->arena, buf, n);
		if (!is_absent(error))
			return;
		if (*end == '\0')
			break;
	}
	program_fault(a, h, program, path, ENOENT);
}

static void
find_program(struct host *h, const char *program, const char *path,
    const char *cwd, struct host_answer *a)
{
	char buf[4096];
	int error, n;

	a->reason = REASON_NONE;
	a->detail = "";
	a->path = NULL;
	if (*program == '\0') {
		a->reason = REASON_NO_PROGRAM;
		a->detail = "the program is empty";
		return;
	}
	if (strchr(program, '/') == NULL) {
		if (path != NULL)
			search_path(h, program, path, cwd, a);
		return;
	}
	if (*program == '/')
		n = snprintf(buf, sizeof(buf), "%s", program);
	else if (cwd != NULL && *cwd == '/')
		n = snprintf(buf, sizeof(buf), "%s/%s", cwd, program);
	else
		return;
	if (n < 0 || (size_t)n >= sizeof(buf))
		return;
	a->path = arena_strn(h->arena, buf, n);
	if (is_absent(error = look_at(buf)))
		program_fault(a, h, program, NULL, error);
}

static void
tell(const struct host_answer *a, struct host_fault *f)
{
	f->reason = a->reason;
	snprintf(f->detail, sizeof(f->detail), "%s", a->detail);
}

const char *
host_program(struct host *h, const char *program, const char *path,
    const char *cwd, struct host_fault *f)
{
	struct host_answer a, *known;
	char *key;
	int len;

	/* 0x01 is in none of the three: it ends each of them. */
	len = xasprintf(&key, "%s\001%s\001%s", program,
	    path != NULL ? path : "\001", cwd != NULL ? cwd : "");
	if ((known = names_find(&h->programs, key, len)) == NULL) {
		find_program(h, program, path, cwd, &a);
		known = remember(h, &h->programs, key, len, &a, sizeof(a));
	}
	free(key);
	tell(known, f);
	return (known->path);
}

void
host_dir(struct host *h, const char *dir, struct host_fault *f)
{
	struct host_answer a = { REASON_NONE, "", NULL }, *known;
	char buf[512];
	struct stat st;
	int error = 0;

	if ((known = names_find(&h->dirs, dir, strlen(dir))) == NULL) {
		if (*dir != '/')
			error = 0;
		else if (stat(dir, &st) == -1)
			error = is_absent(errno) ? errno : 0;
		else if (!S_ISDIR(st.st_mode))
			error = ENOTDIR;
		if (error != 0) {
			snprintf(buf, sizeof(buf), "chdir %.300s: %s", dir,
			    strerror(error));
			a.reason = REASON_CANNOT_START;
			a.detail = arena_strn(h->arena, buf, strlen(buf));
		}
		known = remember(h, &h->dirs, dir, strlen(dir), &a,
		    sizeof(a));
	}
	tell(known, f);
}

const char *
host_address(struct host *h, const char *name, const char **error)
{
	struct addrinfo hints, *res;
	char buf[NI_MAXHOST];
	const char *found = NULL;
	int r;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_PASSIVE;
	if ((r = getaddrinfo(name, NULL, &hints, &res)) != 0) {
		*error = gai_strerror(r);
		return (NULL);
	}
	if ((r = getnameinfo(res->ai_addr, res->ai_addrlen, buf, sizeof(buf),
	    NULL, 0, NI_NUMERICHOST)) == 0)
		found = arena_strn(h->arena, buf, strlen(buf));
	else
		*error = gai_strerror(r);
	freeaddrinfo(res);
	return (found);
}

void
host_names(struct arena *arena, const char **name, const char **fqdn)
{
	struct addrinfo hints, *res = NULL;
	char buf[256];

	if (gethostname(buf, sizeof(buf)) == -1)
		snprintf(buf, sizeof(buf), "localhost");
	buf[sizeof(buf) - 1] = '\0';
	*name = *fqdn = arena_strn(arena, buf, strlen(buf));
	/* What no source knows makes the C library load all that are
	 * configured; inside the sandbox nothing can be loaded. */
	(void)getpwnam("no-such-user");
	(void)getgrnam("no-such-group");
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_CANONNAME;
	/* A name with a dot is taken to be whole. */
	if (strchr(buf, '.') != NULL)
		hints.ai_flags = AI_NUMERICHOST;
	if (getaddrinfo(buf, NULL, &hints, &res) != 0)
		return;
	if (res->ai_canonname != NULL &&
	    strchr(res->ai_canonname, '.') != NULL)
		*fqdn = arena_strn(arena, res->ai_canonname,
		    strlen(res->ai_canonname));
	freeaddrinfo(res);
}
