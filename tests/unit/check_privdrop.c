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

/* Privilege that was given up is gone.  As an ordinary user there is none. */

#include "config.h"

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/privdrop.h"
#include "suite.h"

#define UID	4242
#define GID	4243

/* Runs fn in a child; its exit status. */
static int
in_child(int (*fn)(void))
{
	int status;
	pid_t pid;

	ck_assert_int_ne(pid = fork(), -1);
	if (pid == 0)
		_exit(fn());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return (WEXITSTATUS(status));
}

static int
drop_and_look(void)
{
	uid_t r, e, s;
	gid_t rg, eg, sg, groups[64];
	const char *what;
	struct stat root, cwd;

	if (privdrop(UID, GID, "/tmp", &what) == -1)
		return (1);
	if (getresuid(&r, &e, &s) == -1 || r != UID || e != UID || s != UID)
		return (2);
	if (getresgid(&rg, &eg, &sg) == -1 || rg != GID || eg != GID ||
	    sg != GID)
		return (3);
	if (getgroups(64, groups) != 1 || groups[0] != GID)
		return (4);
	if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0)
		return (5);
	/* What was /tmp is all there is. */
	if (stat("/", &root) == -1 || stat(".", &cwd) == -1 ||
	    root.st_ino != cwd.st_ino || access("/tmp/.", F_OK) == 0)
		return (6);
	return (0);
}

static int
drop_nowhere(void)
{
	const char *what;

	if (privdrop(UID, GID, "/no/such/directory", &what) == 0)
		return (1);
	return (errno == ENOENT && strcmp(what, "chroot") == 0 ? 0 : 2);
}

static int
drop_to_root(void)
{
	const char *what;

	if (privdrop(0, GID, NULL, &what) == 0)
		return (1);
	return (strcmp(what, "verify") == 0 ? 0 : 2);
}

static int
drop_nothing(void)
{
	const char *what;
	uid_t uid = getuid();
	char cwd[64];

	if (privdrop(UID, GID, "/no/such/directory", &what) == -1)
		return (1);
	if (getuid() != uid || getcwd(cwd, sizeof(cwd)) == NULL ||
	    strcmp(cwd, "/") != 0)
		return (2);
	return (0);
}

START_TEST(root_becomes_another_for_good)
{
	if (geteuid() == 0)
		ck_assert_int_eq(in_child(drop_and_look), 0);
	else
		ck_assert_int_eq(in_child(drop_nothing), 0);
}
END_TEST

START_TEST(what_fails_is_named)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(in_child(drop_nowhere), 0);
	ck_assert_int_eq(in_child(drop_to_root), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		root_becomes_another_for_good,
		what_fails_is_named,
	};

	return (SUITE_RUN("privdrop", tests));
}
