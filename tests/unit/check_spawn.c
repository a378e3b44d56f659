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
 * Starting a process: late-bound words, the environment with its
 * replacements, PATH of the task's own, and a failed step named exactly.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../spawner/planstore.h"
#include "../../spawner/spawn.h"
#include "suite.h"

static char out[PATH_MAX];	/* what the shell of a task writes */
static const char *shared[] = { "PATH=/nowhere", "KEEP=1", "DROP=1", NULL };
static struct store_env own[] = {
	{ 0, 0, "PATH=/usr/bin:/bin" },
	{ 2, 0, NULL },
	{ NO_INDEX, 0, "INST=\001i" },
	{ NO_INDEX, 0, "PID=\001p" }
};

static void
set_up(void)
{
	int fd;

	strlcpy(out, "/tmp/check_spawn.XXXXXXXX", sizeof(out));
	fd = mkstemp(out);
	ck_assert_int_ne(fd, -1);
	close(fd);
}

static void
tear_down(void)
{
	unlink(out);
}

/* Starts argv and waits; the failure in *f (stage NONE: none). */
static pid_t
start(struct store_task *t, const char **argv, uint16_t instance,
    pid_t about, struct spawn_failure *f, int *status)
{
	struct plan_store ps = { .nenv = 3, .env = shared, .refs = 1 };
	struct store_cmd cmd = { .name = "start", .argv = argv };
	struct spawn_job job = {
		.plan = &ps, .task = t, .cmd = &cmd, .id = 1ULL << 40,
		.instance = instance, .about = about
	};
	struct spawner *s = spawner_new();
	enum stage stage;
	pid_t pid;

	ck_assert_ptr_nonnull(s);
	for (; argv[cmd.argc] != NULL; cmd.argc++)
		cmd.marks |= strchr(argv[cmd.argc], LATE_MARK) != NULL;
	t->cmds = &cmd;
	t->ncmds = 1;
	memset(f, 0, sizeof(*f));
	pid = spawner_start(s, &job, &stage);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, status, 0), pid);
	if (spawner_failure(s, f) == 1) {
		ck_assert_uint_eq(f->id, job.id);
		ck_assert(WIFEXITED(*status));
		ck_assert_int_eq(WEXITSTATUS(*status), SPAWN_EXIT);
	}
	spawner_free(s);
	return (pid);
}

static char *
output(void)
{
	static char buf[4096];
	ssize_t n;
	int fd;

	ck_assert_int_ne(fd = open(out, O_RDONLY), -1);
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	ck_assert_int_ge(n, 0);
	buf[n] = '\0';
	return (buf);
}

START_TEST(words_are_bound_late)
{
	const char *argv[] = { "sh", "-c",
	    "echo $INST $PID $KEEP ${DROP:-none} $1 > $0", out,
	    "\001p.\001i", NULL };
	struct store_task t = { .env = own, .nenv = 4, .env_marks = true };
	struct spawn_failure f;
	char want[128];
	int status;
	pid_t pid;

	pid = start(&t, argv, 17, 0, &f, &status);
	ck_assert_uint_eq(f.stage, STAGE_NONE);
	ck_assert_int_eq(status, 0);
	snprintf(want, sizeof(want), "17 %d 1 none %d.17\n", (int)pid,
	    (int)pid);
	ck_assert_str_eq(output(), want);
}
END_TEST

/* A command about a process: Task_pid is that process, not the command. */
START_TEST(a_command_is_about_its_process)
{
	const char *argv[] = { "/bin/sh", "-c", "echo $PID $1 > $0", out,
	    "\001p", NULL };
	struct store_task t = { .env = own, .nenv = 4, .env_marks = true };
	struct spawn_failure f;
	int status;

	start(&t, argv, 0, 4242, &f, &status);
	ck_assert_str_eq(output(), "4242 4242\n");
}
END_TEST

START_TEST(the_process_is_a_fresh_one)
{
	const char *argv[] = { "/bin/sh", "-c",
	    "n=0; while [ $n -lt 64 ]; do [ -e /proc/$$/fd/$n ] && l=\"$l$n "
	    "\"; n=$((n + 1)); done; readlink /proc/self/fd/0 > $0; "
	    "printf %s \"$l\" >> $0; awk '/^Sig(Blk|Cgt)/ { print $2 }' "
	    "/proc/self/status >> $0; cut -d' ' -f6 /proc/$$/stat >> $0; "
	    "echo $$ >> $0", out, NULL };
	struct store_task t = { .env = own, .nenv = 4, .env_marks = true };
	struct spawn_failure f;
	char want[256];
	int status;
	pid_t pid;

	pid = start(&t, argv, 0, 0, &f, &status);
	ck_assert_int_eq(status, 0);
	snprintf(want, sizeof(want), "/dev/null\n0 1 2 0000000000000000\n"
	    "0000000000000000\n%d\n%d\n", (int)pid, (int)pid);
	ck_assert_str_eq(output(), want);
}
END_TEST

/* What main() freed us from at the start is tested with the daemon. */
START_TEST(nothing_of_ours_is_ignored)
{
	const char *argv[] = { "/bin/sh", "-c",
	    "awk '/^SigIgn/ { print $2 }' /proc/self/status > $0", out,
	    NULL };
	struct store_task t = { .env = own, .nenv = 4, .env_marks = true };
	struct spawn_failure f;
	unsigned long long ignored;
	int status;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	start(&t, argv, 0, 0, &f, &status);
	ck_assert_int_eq(sscanf(output(), "%llx", &ignored), 1);
	ck_assert_uint_eq(ignored & (1 << (SIGPIPE - 1) |
	    1 << (SIGHUP - 1)), 0);
}
END_TEST

START_TEST(a_failed_step_is_named)
{
	const char *missing[] = { "no-such-program", NULL };
	const char *noexec[] = { out, NULL };
	const char *sh[] = { "/bin/sh", "-c", ":", NULL };
	struct store_task t = { .env = own, .nenv = 4, .env_marks = true };
	struct spawn_failure f;
	int status;

	start(&t, missing, 0, 0, &f, &status);
	ck_assert_uint_eq(f.stage, STAGE_EXEC);
	ck_assert_uint_eq(f.error, ENOENT);
	start(&t, noexec, 0, 0, &f, &status);
	ck_assert_uint_eq(f.stage, STAGE_EXEC);
	ck_assert_uint_eq(f.error, EACCES);
	t.cwd = "/no/such/place";
	start(&t, sh, 0, 0, &f, &status);
	ck_assert_uint_eq(f.stage, STAGE_CHDIR);
	ck_assert_uint_eq(f.error, ENOENT);
	t.cwd = NULL;
	if (geteuid() != 0) {
		t.setids = true;
		start(&t, sh, 0, 0, &f, &status);
		ck_assert_uint_eq(f.stage, STAGE_GROUPS);
		ck_assert_uint_eq(f.error, EPERM);
	}
}
END_TEST

START_TEST(a_user_brings_its_own_groups_only)
{
	const char *argv[] = { "/bin/sh", "-c",
	    "awk '/^(Uid|Gid|Groups):/ { $1 = \"\"; print }' "
	    "/proc/self/status > $0", out, NULL };
	gid_t groups[] = { 61000, 61001 };
	struct store_task t = {
		.env = own, .nenv = 4, .env_marks = true, .setids = true,
		.uid = 61234, .gid = 61000, .ngroups = 2, .groups = groups
	};
	struct spawn_failure f;
	int status;

	if (geteuid() != 0)
		return;		/* the step fails: tested above */
	ck_assert_int_eq(chmod(out, 0666), 0);
	start(&t, argv, 0, 0, &f, &status);
	ck_assert_str_eq(output(), " 61234 61234 61234 61234\n"
	    " 61000 61000 61000 61000\n 61000 61001\n");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		words_are_bound_late,
		a_command_is_about_its_process,
		the_process_is_a_fresh_one,
		nothing_of_ours_is_ignored,
		a_failed_step_is_named,
		a_user_brings_its_own_groups_only
	};

	/* As the daemon's main(): what who runs us left open is not ours. */
	closefrom(STDERR_FILENO + 1);
	return (SUITE_RUN_WITH("spawn", tests, set_up, tear_down));
}
