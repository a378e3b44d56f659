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
 * taskforced: the spawner.  This file is the start-up, the only part that
 * may end the process over an error, and the event loop.
 */

#include <sys/types.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include <event2/event.h>

#include "../common/chan.h"
#include "../common/log.h"
#include "../common/util.h"
#include "daemon.h"
#include "follow.h"
#include "foreign.h"
#include "options.h"
#include "orphan.h"
#include "pidfile.h"
#include "planstore.h"
#include "privopen.h"
#include "proc.h"
#include "selfcheck.h"
#include "sigchld.h"
#include "sight.h"
#include "spawn.h"
#include "trial.h"
#include "web.h"

#define EXIT_CHECK	1
#define EXIT_HELD	2
#define EXIT_STARTUP	3
#define START_SECONDS	180	/* the loader alone may take 120 */

extern char **environ;

/* The write end of the pipe to the parent of -b; -1: none or told. */
static int	 parent_fd = -1;

/* The pidfile, locked, which goes with us however we end; -1: none. */
static int	 pidfile_fd = -1;
static const char *pidfile_path;

static void
to_null(int fd)
{
	int null;

	if ((null = open("/dev/null", O_RDWR)) == -1)
		fatal("/dev/null");
	if (null != fd) {
		dup2(null, fd);
		close(null);
	}
}

/*
 * Every signal to its default.  glibc keeps two to itself and refuses to
 * reset them, but who started us may have ignored them all the same.
 */
static void
default_signals(void)
{
	struct sigaction sa;
	int sig;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	for (sig = 1; sig < NSIG; sig++)
		sigaction(sig, &sa, NULL);
#ifdef __linux__
	/* To the kernel, too, all zero is the default; its mask has 8 bytes. */
	for (sig = 32; sig < 34; sig++)
		syscall(SYS_rt_sigaction, sig, &sa, NULL, 8);
#endif
}

/*
 * Our own process as our children should find it: nothing open that we did
 * not open, no signal ignored or blocked because a shell had it so.
 */
static void
fresh_process(void)
{
	sigset_t none;
	int fd;

	for (fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			to_null(fd);
	closefrom(STDERR_FILENO + 1);
	default_signals();
	/* A write that fails is no end of ours: children have them back. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(022);
}

/* Descriptors for all we may keep; no core with the plan in it. */
static void
own_limits(struct spawner *s)
{
	struct rlimit nofile, core, rl;

	if (getrlimit(RLIMIT_NOFILE, &nofile) == -1 ||
	    getrlimit(RLIMIT_CORE, &core) == -1)
		fatal("getrlimit");
	spawner_limits(s, &nofile, &core);
	rl = nofile;
	rl.rlim_cur = rl.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		log_warn("descriptors stay limited to %llu",
		    (unsigned long long)nofile.rlim_cur);
	rl = core;
	rl.rlim_cur = 0;
	if (setrlimit(RLIMIT_CORE, &rl) == -1)
		log_warn("setrlimit core");
#if defined(HAVE_SYS_PRCTL_H) && !defined(SANITIZERS)
	if (prctl(PR_SET_DUMPABLE, 0) == -1)
		log_warn("prctl dumpable");
#endif
}

static int
signal_other(const struct options *opt)
{
	int sig = opt->order == ORDER_STOP ? SIGTERM : SIGUSR1;
	pid_t pid;

	if (opt->pidfile == NULL) {
		fprintf(stderr, "taskforced: -R and -S need a pidfile\n");
		return (EXIT_HELD);
	}
	if ((pid = pidfile_holder(opt->pidfile)) == -1) {
		fprintf(stderr, "taskforced: %s: %s\n", opt->pidfile,
		    strerror(errno));
		return (EXIT_CHECK);
	}
	if (pid == 0) {
		fprintf(stderr, "taskforced: %s: no taskforced is running\n",
		    opt->pidfile);
		return (EXIT_CHECK);
	}
	if (kill(pid, sig) == -1) {
		fprintf(stderr, "taskforced: cannot signal pid %d: %s\n",
		    (int)pid, strerror(errno));
		return (EXIT_CHECK);
	}
	return (0);
}

#define USERADD								\
	"    useradd --system --user-group --home-dir /nonexistent "	\
	"--shell /usr/sbin/nologin "

/* other: who is looked for next, to be created at the same time; or NULL. */
static void
find_user(const char *name, const char *other, uid_t *uid, gid_t *gid)
{
	struct passwd *pw;

	if (other != NULL && getpwnam(other) != NULL)
		other = NULL;
	if ((pw = getpwnam(name)) == NULL)
		fatalx("user %s does not exist; create it with\n" USERADD
		    "%s%s%s\nor name another with -u", name, name,
		    other != NULL ? "\n" USERADD : "",
		    other != NULL ? other : "");
	if (pw->pw_uid == 0)
		fatalx("user %s is root; the helpers need one that is not",
		    name);
	*uid = pw->pw_uid;
	*gid = pw->pw_gid;
}

/* Where the helpers are and whom they run as. */
static void
find_helpers(struct daemon *d, const char *argv0)
{
	const struct options *opt = d->opt;
	struct helper_env *env = &d->henv;
	char *path;
	int fd;

	env->base = d->base;
	env->environ = environ;
	env->uid = env->web_uid = geteuid();
	env->gid = env->web_gid = getegid();
	if ((env->dir = privopen_libexec(argv0)) == NULL)
		fatal("helpers");
	if (asprintf(&path, "%s/monitor", env->dir) == -1)
		fatal("helpers");
	if ((fd = privopen_program(path)) == -1)
		fatalx("helper %s: cannot be run: %s; is taskforced "
		    "installed?  It looks in ../libexec/taskforced from its "
		    "own directory, if nobody else can write there, and then "
		    "in " LIBEXECDIR, path, strerror(errno));
	close(fd);
	free(path);
	if (geteuid() != 0) {
		if (!opt->check)
			log_info("not started by root: the helpers run as uid "
			    "%u without chroot", (unsigned int)geteuid());
		return;
	}
	env->drop = true;
	find_user(opt->user != NULL ? opt->user : MONITOR_USER,
	    opt->user != NULL ? NULL : HTTPD_USER, &env->uid, &env->gid);
	find_user(opt->user != NULL ? opt->user : HTTPD_USER, NULL,
	    &env->web_uid, &env->web_gid);
	if (!opt->check && (env->web_root = privopen_empty()) == NULL)
		fatal("no empty directory for chroot of httpd");
}

static void
open_ctlsock(struct daemon *d)
{
	const char *path = d->opt->socket;

	d->ctlsock = -1;
	if (path == NULL)
		return;
	d->ctlsock = bind_unix(path, d->henv.drop ? d->henv.gid : (gid_t)-1,
	    &d->ctlbound);
	if (d->ctlsock != -1)
		return;
	switch (errno) {
	case EADDRINUSE:
		fatalx("control socket %s: somebody answers there, another "
		    "taskforced perhaps: stop that one or name another with "
		    "-s", path);
	case ENOTSOCK:
		fatalx("control socket %s: there is something that is no "
		    "socket: remove it or name another with -s", path);
	default:
		fatalx("control socket %s: cannot listen: %s; -s names "
		    "another", path, strerror(errno));
	}
}

static void
drop_pidfile(void)
{
	if (pidfile_fd != -1)
		pidfile_drop(pidfile_path, pidfile_fd);
	pidfile_fd = -1;
}

static void
hold_pidfile(const char *path)
{
	pid_t holder = 0;

	if (atexit(drop_pidfile) != 0)
		fatal("pidfile");
	pidfile_path = path;
	if ((pidfile_fd = pidfile_hold(path, &holder)) != -1)
		return;
	if (errno != EEXIST)
		fatalx("pidfile %s: cannot write it: %s; -p names another",
		    path, strerror(errno));
	log_warnx("pidfile %s is held by taskforced with pid %d, which is "
	    "running: stop that one with -S or name another with -p", path,
	    (int)holder);
	exit(EXIT_HELD);
}

/*
 * -b: the parent waits for one byte of success or for our end, and leaves
 * with our status.
 */
static void
go_background(void)
{
	int pv[2], status;
	pid_t pid;
	char ok;

	if (pipe2(pv, O_CLOEXEC) == -1 || (pid = fork()) == -1)
		fatal("cannot go into the background");
	if (pid == 0) {
		close(pv[0]);
		parent_fd = pv[1];
		if (setsid() == -1)
			fatal("setsid");
		return;
	}
	close(pv[1]);
	if (read(pv[0], &ok, 1) == 1)
		_exit(0);
	if (waitpid(pid, &status, 0) == pid && WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	_exit(EXIT_STARTUP);
}

/* The plan is loaded and the monitor knows it. */
static void
on_up(struct daemon *d)
{
	const struct options *opt = d->opt;

	d->on_up = NULL;
	d->up = true;
	if (!opt->log_stderr)
		log_init(opt->log_name, LOG_TO_SYSLOG, log_get_level());
	if (parent_fd == -1)
		return;
	to_null(STDIN_FILENO);
	to_null(STDOUT_FILENO);
	if (!opt->log_stderr)
		to_null(STDERR_FILENO);
	if (write(parent_fd, "", 1) == -1)
		log_warn("the parent of -b has gone");
	close(parent_fd);
	parent_fd = -1;
}

static void
on_expired(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	log_info("expired after %u s", d->opt->expires);
	stop_begin(d, MODE_STOP);
}

static void
on_signal(evutil_socket_t sig, short what, void *arg)
{
	struct daemon *d = arg;

	(void)what;
	switch (sig) {
	case SIGTERM:
	case SIGINT:
		stop_begin(d, MODE_STOP);
		break;
	case SIGHUP:
		log_info("asked to reload");
		if (d->mode == MODE_RUN)
			reload_start(d, 0);
		break;
	case SIGUSR1:
		stop_begin(d, MODE_RESET);
		break;
	case SIGUSR2:
		log_warnx("SIGUSR2: upgrade in place is not supported yet");
		break;
	default:
		break;
	}
}

static void
on_children(void *arg)
{
	children_reap(arg);
}

static void
catch_signals(struct daemon *d)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1,
	    SIGUSR2 };
	struct event *ev;
	size_t i;

	for (i = 0; i < nitems(signals); i++) {
		ev = evsignal_new(d->base, signals[i], on_signal, d);
		if (ev == NULL || event_add(ev, NULL) == -1)
			fatal("signals");
	}
	if (sigchld_watch(d->base, on_children, d) == -1)
		fatal("SIGCHLD");
}

static void
expire_later(struct daemon *d)
{
	struct timeval tv = { d->opt->expires, 0 };

	if (d->opt->expires > 0 &&
	    event_base_once(d->base, -1, EV_TIMEOUT, on_expired, d,
	    &tv) == -1)
		fatal("--expires");
}

/* Nothing runs yet; who waits for us is not to wait for ever. */
static void
on_start_limit(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	if (d->up || d->mode != MODE_RUN)
		return;
	log_warnx("not up after %d s: giving up", START_SECONDS);
	d->exit_status = EXIT_STARTUP;
	event_base_loopbreak(d->base);
}

static void
limit_start(struct daemon *d)
{
	struct timeval tv = { START_SECONDS, 0 };

	if (!d->opt->check && event_base_once(d->base, -1, EV_TIMEOUT,
	    on_start_limit, d, &tv) == -1)
		fatal("start");
}

static void
start_log(const struct options *opt)
{
	enum log_level level = opt->verbose ? LOG_LEVEL_DEBUG :
	    opt->quiet ? LOG_LEVEL_QUIET : LOG_LEVEL_INFO;

	/* -v of a check is for the plan; what ends it, it has not passed. */
	if (opt->check) {
		level = LOG_LEVEL_QUIET;
		log_fatal_exits(EXIT_CHECK);
	}
	/* What goes wrong at start-up is said where a person sees it, too. */
	log_init(opt->log_name, opt->log_stderr || opt->check ?
	    LOG_TO_STDERR : LOG_TO_BOTH, level);
}

static void
run(struct daemon *d)
{
	if (!d->opt->check)
		helper_start(d->monitor);
	reload_start(d, 0);
	if (event_base_dispatch(d->base) == -1) {
		log_warnx("event loop: failed");
		d->exit_status = EXIT_STARTUP;
	}
}

int
main(int argc, char *argv[])
{
	struct options opt;
	struct daemon d = { .ctlsock = -1, .opt = &opt, .on_up = on_up };

	options_parse(&opt, argc, argv);
	if (opt.order != ORDER_RUN)
		exit(signal_other(&opt));
	fresh_process();
	start_log(&opt);
	if (opt.background && !opt.check)
		go_background();
	if (!opt.check && opt.pidfile != NULL)
		hold_pidfile(opt.pidfile);
	d.started_wall = wall_now();
	/* A check that does not come to its end has not succeeded. */
	d.exit_status = opt.check ? EXIT_CHECK : 0;
	if ((d.base = event_base_new()) == NULL)
		fatal("event loop");
	find_helpers(&d, argv[0]);
	if ((d.spawner = spawner_new()) == NULL ||
	    (d.procs = proctab_new()) == NULL ||
	    (d.monitor = monitor_new(&d)) == NULL ||
	    (d.web = web_new(&d)) == NULL ||
	    (d.reload = reload_new(&d)) == NULL ||
	    (d.orphans = orphan_new(&d)) == NULL ||
	    (d.lookout = foreign_lookout(&d)) == NULL ||
	    (d.trials = trial_new(&d)) == NULL ||
	    (d.follower = follow_new()) == NULL ||
	    (d.selfcheck = selfcheck_new(&d, argv[0])) == NULL ||
	    (d.sights = sight_new(&d)) == NULL)
		fatal("start");
	own_limits(d.spawner);
	if (stop_init(&d) == -1)
		fatal("start");
	catch_signals(&d);
	expire_later(&d);
	limit_start(&d);
	if (!opt.check)
		open_ctlsock(&d);

	run(&d);

	/* It ends while the others are waited for. */
	helper_stop(d.monitor);
	web_free(d.web);
	helper_free(d.monitor);
	reload_free(d.reload);
	trial_free(d.trials);
	selfcheck_free(d.selfcheck);
	sight_free(d.sights);
	if (d.ctlsock != -1)
		bind_remove(opt.socket, &d.ctlbound);
	drop_pidfile();
	if (opt.sanity && d.exit_status == 0)
		fprintf(stderr, "Sanity check completed ok\n");
	if (fflush(stdout) == EOF)
		d.stdout_error = errno;
	if (d.stdout_error != 0 && d.exit_status == 0) {
		log_warnx("stdout: %s", strerror(d.stdout_error));
		d.exit_status = EXIT_CHECK;
	}
	/* What is still held goes with the process; no time is spent on it. */
	exit(d.exit_status);
}
