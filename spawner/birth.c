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
 * The birth of a helper: socket pair, log pipe, fork, descriptors in their
 * places, privileges dropped, exec.  A fresh address space each, so that
 * nothing of root's memory is in a helper.
 */

#include <sys/types.h>
#include <sys/socket.h>

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
#include "helper.h"
#include "privopen.h"

#define HIGH_FD		16	/* above all fixed descriptors */
#define ENV_MAX		16

/* What a long-lived helper keeps of the environment: how to show times,
 * and what sanitizers want to know in test builds. */
static const char *const kept_env[] = {
	"TZ", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
	"JOURNAL_STREAM"
};

struct parcel {
	const struct helper_env	  *env;
	const struct helper_birth *birth;
	int			   exe;
	int			   chan;
	int			   log;
	int			   out;
	int			   inherit[2];
	char			  *path;
	char			  *envp[ENV_MAX];
};

static void __attribute__((__noreturn__, __format__(printf, 1, 2)))
child_fails(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdprintf(STDERR_FILENO, fmt, ap);
	va_end(ap);
	_exit(1);
}

/* Only this process's memory and descriptors are touched: it was forked. */
static void __attribute__((__noreturn__))
child(struct parcel *p)
{
	const struct helper_env *env = p->env;
	struct sigaction sa;
	sigset_t none;
	char **envp;
	size_t i;
	int sig;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	for (sig = 1; sig < NSIG; sig++)
		sigaction(sig, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	/* Every source is at HIGH_FD or above: none is overwritten. */
	if (dup2(p->log, STDERR_FILENO) == -1 ||
	    dup2(p->out != -1 ? p->out : p->log, STDOUT_FILENO) == -1 ||
	    dup2(p->chan, HELPER_FD) == -1)
		_exit(1);
	for (i = 0; i < nitems(p->inherit); i++)
		if (p->inherit[i] != -1 &&
		    dup2(p->inherit[i], HELPER_FD + 1 + i) == -1)
			child_fails("<3>dup2: %s\n", strerror(errno));
	if (setsid() == -1)
		child_fails("<3>setsid: %s\n", strerror(errno));
	/* The loader looks for what tasks will find from where we are. */
	if (!p->birth->full_env && chdir("/") == -1)
		child_fails("<3>chdir /: %s\n", strerror(errno));
	if (env->drop && p->birth->user == HELPER_AS_MONITOR &&
	    (setgroups(1, &env->gid) == -1 ||
	    setresgid(env->gid, env->gid, env->gid) == -1 ||
	    setresuid(env->uid, env->uid, env->uid) == -1 ||
	    setuid(0) != -1))
		child_fails("<3>cannot drop privileges: %s\n",
		    strerror(errno));
	envp = p->birth->full_env ? env->environ : p->envp;
#ifdef HAVE_FEXECVE
	/* The very file that was checked, even where the new user could not
	 * walk to it. */
	fexecve(p->exe, p->birth->argv, envp);
#else
	execve(p->path, p->birth->argv, envp);
#endif
	child_fails("<3>exec %s: %s\n", p->path, strerror(errno));
}

static void
small_env(char **to, char **from)
{
	size_t i, len, n = 0;
	char **e;

	for (e = from; e != NULL && *e != NULL; e++) {
		for (i = 0; i < nitems(kept_env) && n < ENV_MAX - 1; i++) {
			len = strlen(kept_env[i]);
			if (strncmp(*e, kept_env[i], len) == 0 &&
			    (*e)[len] == '=')
				to[n++] = *e;
		}
	}
	to[n] = NULL;
}

/* A copy of fd out of the way of the fixed numbers; -1 stays -1. */
static int
high(int fd)
{
	return (fd == -1 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD));
}

static void
close_if(int fd)
{
	if (fd != -1)
		close(fd);
}

pid_t
helper_fork(const struct helper_env *env, const struct helper_birth *birth,
    int *fd, int *logfd)
{
	int sv[2] = { -1, -1 }, pv[2] = { -1, -1 }, save;
	struct parcel p = {
		.env = env, .birth = birth, .exe = -1, .chan = -1,
		.log = -1, .out = -1, .inherit = { -1, -1 }
	};
	sigset_t all, old;
	pid_t pid = -1;
	size_t i;

	if (birth->path != NULL)
		p.path = strdup(birth->path);
	else if (asprintf(&p.path, "%s/%s", env->dir, birth->argv[0]) == -1)
		p.path = NULL;
	if (p.path == NULL)
		return (-1);
	small_env(p.envp, env->environ);
	if ((p.exe = privopen_program(p.path)) == -1)
		goto done;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0, sv) == -1 || pipe2(pv, O_CLOEXEC) == -1 ||
	    fd_nonblock(pv[0]) == -1 ||
	    (p.chan = high(sv[1])) == -1 || (p.log = high(pv[1])) == -1 ||
	    (birth->out != -1 && (p.out = high(birth->out)) == -1))
		goto done;
	for (i = 0; i < nitems(p.inherit); i++)
		if (birth->inherit[i] != -1 &&
		    (p.inherit[i] = high(birth->inherit[i])) == -1)
			goto done;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	if ((pid = fork()) == 0)
		child(&p);
	save = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = save;
done:
	save = errno;
	close_if(p.exe);
	close_if(p.chan);
	close_if(p.log);
	close_if(p.out);
	close_if(p.inherit[0]);
	close_if(p.inherit[1]);
	close_if(sv[1]);
	close_if(pv[1]);
	free(p.path);
	if (pid == -1) {
		close_if(sv[0]);
		close_if(pv[0]);
	} else {
		*fd = sv[0];
		*logfd = pv[0];
	}
	errno = save;
	return (pid);
}
