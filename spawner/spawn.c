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
 * fork, become the task's user, exec.  All that is used comes from the
 * sealed plan.
 *
 * fork(2) and not vfork(2): the child may hang for long in chdir(2) or
 * exec(2) on a file server that is away, and the spawner must not hang with
 * it.  The plan lies in shared mappings, so there is little to copy, and the
 * children of many starts run beside their parent.
 */

#include <sys/types.h>
#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/log.h"
#include "../common/util.h"
#include "planstore.h"
#include "spawn.h"

#define DIGITS_MAX	10		/* of a pid or an instance */
#define PATH_DEFAULT	"/usr/bin:/bin"
#define PROGRAM_MAX	4096

struct spawner {
	int		 null;
	int		 report[2];	/* [1] is written by children */
	struct rlimit	 nofile;
	struct rlimit	 core;
	/* Scratch for one start, kept from one to the next. */
	const char	**ptrs;		/* argv and envp */
	size_t		 nptrs;
	char		*text;		/* expanded late-bound strings */
	size_t		 ntext;
};

/* What the child works with: its own copy of it all. */
struct job {
	const struct spawner	*s;
	struct spawn_job	 spec;
	const char		*program;
	const char		**argv;
	const char		**envp;
	char			*text;		/* free scratch */
};

struct spawner *
spawner_new(void)
{
	struct spawner *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->report[0] = s->report[1] = -1;
	if ((s->null = open("/dev/null", O_RDWR | O_CLOEXEC)) == -1 ||
	    pipe2(s->report, O_CLOEXEC) == -1 ||
	    fd_nonblock(s->report[0]) == -1 ||
	    getrlimit(RLIMIT_NOFILE, &s->nofile) == -1 ||
	    getrlimit(RLIMIT_CORE, &s->core) == -1) {
		spawner_free(s);
		return (NULL);
	}
	return (s);
}

void
spawner_free(struct spawner *s)
{
	int save = errno;

	if (s == NULL)
		return;
	if (s->null != -1)
		close(s->null);
	if (s->report[0] != -1) {
		close(s->report[0]);
		close(s->report[1]);
	}
	free(s->ptrs);
	free(s->text);
	free(s);
	errno = save;
}

void
spawner_limits(struct spawner *s, const struct rlimit *nofile,
    const struct rlimit *core)
{
	s->nofile = *nofile;
	s->core = *core;
}

int
spawner_failure(struct spawner *s, struct spawn_failure *f)
{
	ssize_t n;

	/* Written at once, so read at once: never a part of one. */
	do {
		n = read(s->report[0], f, sizeof(*f));
	} while (n == -1 && errno == EINTR);
	return (n == sizeof(*f));
}

/* Bytes that a string needs once its marks are replaced; 0: has none. */
static size_t
late_size(const char *s)
{
	size_t marks = 0;
	const char *p;

	for (p = s; (p = strchr(p, LATE_MARK)) != NULL; p++)
		marks++;
	return (marks == 0 ? 0 : strlen(s) + marks * DIGITS_MAX + 1);
}

/* Room for n pointers and size bytes of text. */
static int
scratch(struct spawner *s, size_t n, size_t size)
{
	const char **ptrs;
	char *text;

	if (n > s->nptrs) {
		if ((ptrs = reallocarray(s->ptrs, n, sizeof(*ptrs))) == NULL)
			return (-1);
		s->ptrs = ptrs;
		s->nptrs = n;
	}
	if (size > s->ntext) {
		if ((text = realloc(s->text, size)) == NULL)
			return (-1);
		s->text = text;
		s->ntext = size;
	}
	return (0);
}

/* Lays out argv and envp, marks still in them, and room to expand them. */
static int
prepare(struct spawner *s, struct job *job)
{
	const struct plan_store *ps = job->spec.plan;
	const struct store_task *t = job->spec.task;
	const struct store_cmd *cmd = job->spec.cmd;
	size_t size = 0;
	uint32_t i, n;

	if (cmd->marks)
		for (i = 0; i < cmd->argc; i++)
			size += late_size(cmd->argv[i]);
	if (t->env_marks)
		for (i = 0; i < t->nenv; i++)
			if (t->env[i].text != NULL)
				size += late_size(t->env[i].text);
	if (t->procname != NULL)
		size += late_size(t->procname);
	if (t->cwd != NULL)
		size += late_size(t->cwd);
	if (scratch(s, cmd->argc + 1 + ps->nenv + t->nenv + 1, size) == -1)
		return (-1);
	job->text = s->text;
	job->argv = s->ptrs;
	memcpy(job->argv, cmd->argv, (cmd->argc + 1) * sizeof(*job->argv));
	job->program = job->argv[0];
	if (t->procname != NULL && cmd == &t->cmds[0])
		job->argv[0] = t->procname;

	job->envp = job->argv + cmd->argc + 1;
	memcpy(job->envp, ps->env, ps->nenv * sizeof(*job->envp));
	for (n = ps->nenv, i = 0; i < t->nenv; i++) {
		if (t->env[i].shared != NO_INDEX)
			job->envp[t->env[i].shared] = t->env[i].text;
		else
			job->envp[n++] = t->env[i].text;
	}
	/* Close the gaps that removed entries left. */
	job->envp[n] = NULL;
	for (size = 0, i = 0; i < n; i++)
		if (job->envp[i] != NULL)
			job->envp[size++] = job->envp[i];
	job->envp[size] = NULL;
	return (0);
}

/*
 * From here on: the child, async-signal-safe calls only.
 */

static void __attribute__((__noreturn__))
report(const struct job *job, enum stage stage)
{
	struct spawn_failure f;

	memset(&f, 0, sizeof(f));
	f.id = job->spec.id;
	f.stage = stage;
	f.error = errno;
	while (write(job->s->report[1], &f, sizeof(f)) == -1 &&
	    errno == EINTR)
		;
	_exit(SPAWN_EXIT);
}

static char *
put_number(char *to, unsigned long n)
{
	char digits[DIGITS_MAX];
	int i = 0;

	do {
		digits[i++] = '0' + n % 10;
	} while ((n /= 10) != 0 && i < DIGITS_MAX);
	while (i > 0)
		*to++ = digits[--i];
	return (to);
}

/* The string with its marks replaced, in the scratch text. */
static const char *
expand(struct job *job, const char *s)
{
	char *start = job->text, *to = start;

	if (strchr(s, LATE_MARK) == NULL)
		return (s);
	for (; *s != '\0'; s++) {
		if (*s != LATE_MARK)
			*to++ = *s;
		else if (*++s == LATE_PID)
			to = put_number(to, job->spec.about);
		else if (*s == LATE_INSTANCE)
			to = put_number(to, job->spec.instance);
		else
			break;
	}
	*to++ = '\0';
	job->text = to;
	return (start);
}

static void
expand_all(struct job *job, const char **v)
{
	for (; *v != NULL; v++)
		*v = expand(job, *v);
}

/*
 * What the spawner catches or ignores is the default again; a handler must
 * be gone before signals are unblocked, else it fires in the child and
 * writes to the parent's event loop.
 */
static void
fresh_signals(void)
{
	static const int ours[] = { SIGHUP, SIGINT, SIGTERM, SIGCHLD,
	    SIGUSR1, SIGUSR2, SIGPIPE };
	struct sigaction sa;
	sigset_t none;
	size_t i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	sigemptyset(&sa.sa_mask);
	for (i = 0; i < nitems(ours); i++)
		sigaction(ours[i], &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * All of our descriptors are close-on-exec as they are made; this is the
 * belt for one that a library forgot.  A kernel without it has the braces.
 */
static void
close_on_exec(void)
{
#if defined(HAVE_CLOSE_RANGE) && defined(CLOSE_RANGE_CLOEXEC)
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
#endif
}

static const char *
env_path(const char **envp)
{
	for (; *envp != NULL; envp++)
		if (strncmp(*envp, "PATH=", 5) == 0)
			return (*envp + 5);
	return (PATH_DEFAULT);
}

/* As execvpe(3) looks a program up, in the PATH of the new environment. */
static void
exec_program(const struct job *job)
{
	char *const *argv, *const *envp;
	const char *dir, *end;
	char path[PROGRAM_MAX];
	size_t dlen, plen = strlen(job->program);
	int error = ENOENT;

	/* execve(2) does not write there; its type is older than const. */
	memcpy(&argv, &job->argv, sizeof(argv));
	memcpy(&envp, &job->envp, sizeof(envp));
	if (strchr(job->program, '/') != NULL) {
		execve(job->program, argv, envp);
		return;
	}
	for (dir = env_path(job->envp);; dir = end + 1) {
		end = strchrnul(dir, ':');
		dlen = end - dir;
		if (plen > 0 && dlen + plen + 2 <= sizeof(path)) {
			memcpy(path, dir, dlen);
			if (dlen > 0)
				path[dlen++] = '/';
			memcpy(path + dlen, job->program, plen + 1);
			execve(path, argv, envp);
			if (errno == EACCES)
				error = EACCES;
			else if (errno != ENOENT && errno != ENOTDIR)
				return;
		}
		if (*end == '\0')
			break;
	}
	errno = error;
}

static void __attribute__((__noreturn__))
child(struct job *job)
{
	const struct store_task *t = job->spec.task;
	const struct spawner *s = job->s;

	if (job->spec.about == 0)
		job->spec.about = getpid();
	fresh_signals();
	if (setsid() == -1)
		report(job, STAGE_SETSID);
	if (dup2(s->null, STDIN_FILENO) == -1)
		report(job, STAGE_STDIO);
	close_on_exec();
	if (setrlimit(RLIMIT_NOFILE, &s->nofile) == -1 ||
	    setrlimit(RLIMIT_CORE, &s->core) == -1)
		report(job, STAGE_LIMITS);
	if (t->setids) {
		if (setgroups(t->ngroups, t->groups) == -1)
			report(job, STAGE_GROUPS);
		if (setresgid(t->gid, t->gid, t->gid) == -1)
			report(job, STAGE_GID);
		if (setresuid(t->uid, t->uid, t->uid) == -1)
			report(job, STAGE_UID);
	}
	if (t->cwd != NULL && chdir(expand(job, t->cwd)) == -1)
		report(job, STAGE_CHDIR);
	job->program = expand(job, job->program);
	expand_all(job, job->argv);
	expand_all(job, job->envp);
	exec_program(job);
	report(job, STAGE_EXEC);
}

pid_t
spawner_start(struct spawner *s, const struct spawn_job *spec,
    enum stage *stage)
{
	struct job job = { .s = s, .spec = *spec };
	sigset_t all, old;
	pid_t pid;
	int save;

	if (prepare(s, &job) == -1) {
		*stage = STAGE_MEMORY;
		return (-1);
	}
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	if ((pid = fork()) == 0)
		child(&job);
	save = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = save;
	if (pid == -1)
		*stage = STAGE_FORK;
	return (pid);
}
