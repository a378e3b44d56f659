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
 * Become the task's user, exec.  All that is used comes from the sealed
 * plan, which a child keeps alive until it has called exec.
 */

#include <sys/types.h>
#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/util.h"
#include "become.h"
#include "launch.h"
#include "planstore.h"
#include "spawn.h"

#define PATH_DEFAULT	"/usr/bin:/bin"
#define PROGRAM_MAX	4096

struct spawner {
	int		 null;
	int		 report[2];	/* [1] is written by children */
	struct rlimit	 nofile;
	struct rlimit	 core;
	struct launcher	*launcher;
};

/*
 * What a child works with, in the launcher's memory: this, then pointers,
 * then room for late-bound text.  The child must not change anything else.
 */
struct job {
	struct spawn_job	 spec;
	int			 null;
	int			 report;
	struct rlimit		 nofile;
	struct rlimit		 core;
	const char		*program;
	const char		**argv;
	const char		**envp;
	struct late		 late;
	char			*text;
	const char		*ptrs[];
};

static void
release(void *mem)
{
	struct job *job = mem;

	planstore_unref(job->spec.plan);
}

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
	    getrlimit(RLIMIT_CORE, &s->core) == -1 ||
	    (s->launcher = launcher_new(release)) == NULL) {
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
	launcher_free(s->launcher);
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

void
spawner_sweep(struct spawner *s)
{
	launcher_sweep(s->launcher);
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

/* Lays out argv and envp, marks still in them, and room to expand them. */
static struct job *
prepare(struct spawner *s, const struct spawn_job *spec)
{
	const struct plan_store *ps = spec->plan;
	const struct store_task *t = spec->task;
	const struct store_cmd *cmd = spec->cmd;
	size_t nptrs, size = 0;
	struct job *job;
	uint32_t i, n;

	if (cmd->marks)
		for (i = 0; i < cmd->argc; i++)
			size += 2 * late_size(cmd->argv[i]);
	if (t->env_marks)
		for (i = 0; i < t->nenv; i++)
			if (t->env[i].text != NULL)
				size += late_size(t->env[i].text);
	if (t->procname != NULL)
		size += late_size(t->procname);
	if (t->cwd != NULL)
		size += late_size(t->cwd);
	nptrs = cmd->argc + 1 + ps->nenv + t->nenv + 1;
	job = launcher_memory(s->launcher, sizeof(*job) +
	    nptrs * sizeof(char *) + size);
	if (job == NULL)
		return (NULL);
	job->spec = *spec;
	job->late.pid = spec->about;
	job->late.instance = spec->instance;
	job->null = s->null;
	job->report = s->report[1];
	job->nofile = s->nofile;
	job->core = s->core;
	job->text = (char *)(job->ptrs + nptrs);
	job->argv = job->ptrs;
	memcpy(job->argv, cmd->argv, (cmd->argc + 1) * sizeof(char *));
	job->program = job->argv[0];
	if (t->procname != NULL && cmd == &t->cmds[0])
		job->argv[0] = t->procname;

	job->envp = job->argv + cmd->argc + 1;
	memcpy(job->envp, ps->env, ps->nenv * sizeof(char *));
	for (n = ps->nenv, i = 0; i < t->nenv; i++) {
		if (t->env[i].shared != NO_INDEX)
			job->envp[t->env[i].shared] = t->env[i].text;
		else
			job->envp[n++] = t->env[i].text;
	}
	/* Close the gaps that removed entries left. */
	for (size = 0, i = 0; i < n; i++)
		if (job->envp[i] != NULL)
			job->envp[size++] = job->envp[i];
	job->envp[size] = NULL;
	return (job);
}

/*
 * From here on: the child.  It writes to its job and its stack, and calls
 * child_ functions and what of libc touches nothing but its arguments.
 */

static void __attribute__((__noreturn__))
report(const struct job *job, enum stage stage, int r)
{
	struct spawn_failure f;

	memset(&f, 0, sizeof(f));
	f.id = job->spec.id;
	f.stage = stage;
	f.error = -r;
	while (child_write(job->report, &f, sizeof(f)) == -EINTR)
		;
	child_exit(SPAWN_EXIT);
}

static void
step(const struct job *job, enum stage stage, int r)
{
	if (r < 0)
		report(job, stage, r);
}

/* The string with its marks replaced, in the scratch text. */
static const char *
expand(struct job *job, const char *s)
{
	return (late_expand(&job->late, s, &job->text));
}

static void
expand_all(struct job *job, const char **v)
{
	for (; *v != NULL; v++)
		*v = expand(job, *v);
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
static int
exec_program(const struct job *job)
{
	size_t dlen, plen = strlen(job->program);
	const char *dir, *end;
	char path[PROGRAM_MAX];
	int error = -ENOENT, r;

	if (strchr(job->program, '/') != NULL)
		return (child_execve(job->program, job->argv, job->envp));
	for (dir = env_path(job->envp);; dir = end + 1) {
		end = strchrnul(dir, ':');
		dlen = end - dir;
		if (plen > 0 && dlen + plen + 2 <= sizeof(path)) {
			memcpy(path, dir, dlen);
			if (dlen > 0)
				path[dlen++] = '/';
			memcpy(path + dlen, job->program, plen + 1);
			r = child_execve(path, job->argv, job->envp);
			if (r == -EACCES)
				error = r;
			else if (r != -ENOENT && r != -ENOTDIR)
				return (r);
		}
		if (*end == '\0')
			return (error);
	}
}

static void
child(void *mem)
{
	struct job *job = mem;
	enum stage stage;
	int r;

	if (job->late.pid == 0)
		job->late.pid = child_getpid();
	become_fresh();
	step(job, STAGE_SETSID, child_setsid());
	step(job, STAGE_STDIO, child_dup2(job->null, STDIN_FILENO));
	if (job->spec.out != -1)
		step(job, STAGE_STDIO, child_dup2(job->spec.out,
		    STDOUT_FILENO));
	/* The belt for a descriptor that a library forgot to mark. */
	child_cloexec_from(STDERR_FILENO + 1);
	step(job, STAGE_LIMITS, child_setrlimit(RLIMIT_NOFILE,
	    &job->nofile));
	step(job, STAGE_LIMITS, child_setrlimit(RLIMIT_CORE, &job->core));
	r = become_task(job->spec.task, &job->late, &job->text, &stage);
	step(job, stage, r);
	job->program = expand(job, job->program);
	expand_all(job, job->argv);
	expand_all(job, job->envp);
	report(job, STAGE_EXEC, exec_program(job));
}

pid_t
spawner_start(struct spawner *s, const struct spawn_job *spec,
    enum stage *stage)
{
	pid_t pid;

	if (prepare(s, spec) == NULL) {
		*stage = STAGE_MEMORY;
		return (-1);
	}
	/* The plan stays as long as the child reads it. */
	planstore_ref(spec->plan);
	if ((pid = launcher_go(s->launcher, child)) == -1)
		*stage = STAGE_FORK;
	return (pid);
}
