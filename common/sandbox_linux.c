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
 * The Linux sandbox: no_new_privs, resource limits, landlock(7) for files
 * and sockets, and a seccomp(2) filter whose default is death.  Nothing from
 * outside is read here.  The filter lists what glibc, libevent and OpenSSL
 * really call for us; what they try and can do without fails with an errno
 * instead, so that a look-up by way of some daemon is refused, not fatal.
 */

#include "config.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_LINUX_LANDLOCK_H
#include <linux/landlock.h>
#endif

#include "log.h"
#include "sandbox.h"
#include "util.h"

/* Roles as bits, for the tables. */
#define LOADER		(1 << SANDBOX_LOADER)
#define MONITOR		(1 << SANDBOX_MONITOR)
#define HTTPD		(1 << SANDBOX_HTTPD)
#define ALL		(LOADER | MONITOR | HTTPD)

enum layer {
	LAYER_FAILED = -1,
	LAYER_ABSENT,		/* this kernel does not have it */
	LAYER_ON
};

#ifdef SANITIZERS
/*
 * The leak checker wants to start a thread that reads /proc at exit; in
 * here it can do neither.
 */
const char	*__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return ("detect_leaks=0");
}
#endif

static enum layer
enter_no_new_privs(enum sandbox_role role)
{
	(void)role;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return (errno == EINVAL ? LAYER_ABSENT : LAYER_FAILED);
#ifndef SANITIZERS
	/* Others of the same user may not trace us or read our memory. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return (LAYER_FAILED);
#endif
	return (LAYER_ON);
}

static const struct limit {
	int	 what;
	int	 roles;
	rlim_t	 most;
} limits[] = {
	{ RLIMIT_CORE,	ALL, 0 },	/* memory stays memory */
	{ RLIMIT_FSIZE,	ALL, 0 },	/* no role writes a file */
#ifndef SANITIZERS
	{ RLIMIT_NPROC,	ALL, 0 },	/* no role forks */
#if UINTPTR_MAX > UINT32_MAX
	/*
	 * 16 MiB of YAML are at most 2,000,000 nodes of some hundred bytes,
	 * and a plan of 64 MiB: far below this, which is there for what
	 * does not end at all.
	 */
	{ RLIMIT_AS,	LOADER, (rlim_t)4 << 30 },
#endif
#endif
	{ RLIMIT_CPU,	LOADER, 120 },	/* seconds; the same, for time */
};

static enum layer
enter_rlimits(enum sandbox_role role)
{
	struct rlimit rl;
	size_t i;

	/* A write to a file then fails, and nobody dies of it. */
	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
		return (LAYER_FAILED);
	for (i = 0; i < nitems(limits); i++) {
		if (!(limits[i].roles & 1 << role))
			continue;
		if (getrlimit(limits[i].what, &rl) == -1)
			return (LAYER_FAILED);
		/* An inherited limit may be lower already. */
		if (rl.rlim_max > limits[i].most)
			rl.rlim_max = limits[i].most;
		rl.rlim_cur = rl.rlim_max;
		if (setrlimit(limits[i].what, &rl) == -1)
			return (LAYER_FAILED);
	}
	return (LAYER_ON);
}

#ifdef HAVE_LINUX_LANDLOCK_H
/*
 * The kernel's interface as of ABI 6; the headers at hand may be older than
 * the kernel we run on.  A kernel of an older ABI takes a shorter struct
 * with fewer bits.
 */
struct ruleset {
	uint64_t	 fs;
	uint64_t	 net;		/* ABI 4 */
	uint64_t	 scoped;	/* ABI 6 */
};

#define FS_ABI1		0x1fffULL	/* EXECUTE ... MAKE_SYM */
#define FS_ABI2		0x2000ULL	/* REFER */
#define FS_ABI3		0x4000ULL	/* TRUNCATE */
#define FS_ABI5		0x8000ULL	/* IOCTL_DEV */
#define NET_ABI4	0x3ULL		/* BIND_TCP, CONNECT_TCP */
#define SCOPED_ABI6	0x3ULL		/* abstract sockets, signals */

static size_t
ruleset_init(struct ruleset *rs, long abi)
{
	memset(rs, 0, sizeof(*rs));
	rs->fs = FS_ABI1;
	if (abi >= 2)
		rs->fs |= FS_ABI2;
	if (abi >= 3)
		rs->fs |= FS_ABI3;
	if (abi >= 5)
		rs->fs |= FS_ABI5;
	if (abi < 4)
		return (sizeof(rs->fs));
	rs->net = NET_ABI4;
	if (abi < 6)
		return (sizeof(rs->fs) + sizeof(rs->net));
	rs->scoped = SCOPED_ABI6;
	return (sizeof(*rs));
}

/* Files may be read and directories listed, from the root down. */
static int
allow_reading(int fd)
{
	struct landlock_path_beneath_attr beneath;
	int dir, ret;

	if ((dir = open("/", O_PATH | O_CLOEXEC)) == -1)
		return (-1);
	memset(&beneath, 0, sizeof(beneath));
	beneath.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
	    LANDLOCK_ACCESS_FS_READ_DIR;
	beneath.parent_fd = dir;
	ret = syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH,
	    &beneath, 0);
	close(dir);
	return (ret);
}

static enum layer
enter_landlock(enum sandbox_role role)
{
	struct ruleset rs;
	enum layer ret;
	size_t size;
	long abi;
	int fd;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	if (abi == -1)
		return (errno == ENOSYS || errno == EOPNOTSUPP ?
		    LAYER_ABSENT : LAYER_FAILED);
	size = ruleset_init(&rs, abi);
	fd = syscall(SYS_landlock_create_ruleset, &rs, size, 0);
	if (fd == -1)
		return (LAYER_FAILED);
	ret = LAYER_FAILED;
	/* httpd needs no file at all: it gets a ruleset without a rule. */
	if (role != SANDBOX_HTTPD && allow_reading(fd) == -1)
		goto done;
	if (syscall(SYS_landlock_restrict_self, fd, 0) == -1)
		goto done;
	ret = LAYER_ON;
done:
	close(fd);
	return (ret);
}
#else
static enum layer
enter_landlock(enum sandbox_role role)
{
	(void)role;
	return (LAYER_ABSENT);
}
#endif

#ifndef SANITIZERS
/* The calls that are allowed whatever their arguments. */
static const struct {
	int	 nr;
	int	 roles;
} calls[] = {
	/* Memory; mmap and mprotect are below. */
	{ SCMP_SYS(brk),		ALL },	/* malloc */
	{ SCMP_SYS(munmap),		ALL },	/* malloc, stdio */
	{ SCMP_SYS(mremap),		ALL },	/* realloc */
	{ SCMP_SYS(madvise),		ALL },	/* malloc, arc4random */
	{ SCMP_SYS(futex),		ALL },	/* pthread_once in libraries */

	/* Descriptors that are open. */
	{ SCMP_SYS(read),		ALL },
	{ SCMP_SYS(readv),		ALL },	/* evbuffer_read */
	{ SCMP_SYS(pread64),		ALL },	/* configuration, certificate */
	{ SCMP_SYS(lseek),		ALL },	/* the same, from its start */
	{ SCMP_SYS(_llseek),		ALL },	/* lseek on 32 bits */
	{ SCMP_SYS(write),		ALL },	/* log pipe */
	{ SCMP_SYS(writev),		ALL },	/* channels, evbuffer_write */
	{ SCMP_SYS(close),		ALL },
	{ SCMP_SYS(dup),		ALL },
	{ SCMP_SYS(fcntl),		ALL },	/* O_NONBLOCK, FD_CLOEXEC */
	{ SCMP_SYS(fcntl64),		ALL },	/* fcntl on 32 bits */
	{ SCMP_SYS(fstat),		ALL },	/* stdio, size of a file */
	{ SCMP_SYS(fstat64),		ALL },	/* fstat on 32 bits */
	{ SCMP_SYS(recvmsg),		ALL },	/* channels, descriptors */
	{ SCMP_SYS(sendmsg),		ALL },	/* channels */
	{ SCMP_SYS(recvfrom),		ALL },	/* recv(), DNS answers */
	{ SCMP_SYS(sendto),		ALL },	/* send(), DNS questions */
	{ SCMP_SYS(sendmmsg),		LOADER },	/* DNS: A and AAAA */
	{ SCMP_SYS(shutdown),		ALL },	/* end of a connection */
	{ SCMP_SYS(getsockopt),		ALL },	/* SO_ERROR, SO_PEERCRED */
	{ SCMP_SYS(setsockopt),		ALL },	/* TCP_NODELAY */
	{ SCMP_SYS(getsockname),	ALL },	/* a listener's address */
	{ SCMP_SYS(getpeername),	ALL },	/* a client's address */
	{ SCMP_SYS(accept),		MONITOR | HTTPD },
	{ SCMP_SYS(accept4),		MONITOR | HTTPD },

	/* The event loop. */
	{ SCMP_SYS(epoll_create1),	ALL },
	{ SCMP_SYS(epoll_ctl),		ALL },
	{ SCMP_SYS(epoll_wait),		ALL },
	{ SCMP_SYS(epoll_pwait),	ALL },
	{ SCMP_SYS(epoll_pwait2),	ALL },	/* newer libevent */
	{ SCMP_SYS(poll),		ALL },	/* who waits there, DNS */
	{ SCMP_SYS(ppoll),		ALL },
	{ SCMP_SYS(pipe2),		ALL },	/* libevent's signal pipe */
	{ SCMP_SYS(eventfd2),		ALL },	/* libevent's notification */
	{ SCMP_SYS(timerfd_settime),	MONITOR },	/* precise timers */
	{ SCMP_SYS(timerfd_settime64),	MONITOR },	/* on 32 bits */

	/* Time. */
	{ SCMP_SYS(clock_gettime),	ALL },	/* where the vDSO cannot */
	{ SCMP_SYS(clock_gettime64),	ALL },	/* the same on 32 bits */
	{ SCMP_SYS(clock_getres),	ALL },	/* libevent's choice of clock */
	{ SCMP_SYS(gettimeofday),	ALL },
	{ SCMP_SYS(time),		ALL },

	/* Signals, and dying of them. */
	{ SCMP_SYS(rt_sigaction),	ALL },
	{ SCMP_SYS(rt_sigprocmask),	ALL },
	{ SCMP_SYS(rt_sigreturn),	ALL },
	{ SCMP_SYS(sigreturn),		ALL },	/* the same on 32 bits */
	{ SCMP_SYS(restart_syscall),	ALL },	/* after SIGSTOP, SIGCONT */
	{ SCMP_SYS(exit),		ALL },
	{ SCMP_SYS(exit_group),		ALL },

	/* Who and where we are. */
	{ SCMP_SYS(getpid),		ALL },	/* OpenSSL, arc4random: fork? */
	{ SCMP_SYS(getppid),		ALL },
	{ SCMP_SYS(gettid),		ALL },	/* abort */
	{ SCMP_SYS(getuid),		ALL },	/* secure_getenv, NSS */
	{ SCMP_SYS(geteuid),		ALL },
	{ SCMP_SYS(getgid),		ALL },
	{ SCMP_SYS(getegid),		ALL },
	{ SCMP_SYS(getgroups),		LOADER | MONITOR },
	{ SCMP_SYS(uname),		ALL },	/* gethostname */
	{ SCMP_SYS(getrandom),		ALL },	/* keys, hash seeds */
	{ SCMP_SYS(sysinfo),		ALL },	/* qsort asks for memory */
	{ SCMP_SYS(getrlimit),		ALL },	/* sysconf */
	{ SCMP_SYS(ugetrlimit),		ALL },	/* the same on 32 bits */
	{ SCMP_SYS(getrusage),		LOADER | MONITOR },

	/* Looking at files; landlock says which. */
	{ SCMP_SYS(stat),		LOADER | MONITOR },
	{ SCMP_SYS(lstat),		LOADER | MONITOR },
	{ SCMP_SYS(access),		LOADER | MONITOR },
	{ SCMP_SYS(faccessat),		LOADER | MONITOR },
	{ SCMP_SYS(faccessat2),		LOADER | MONITOR },
	{ SCMP_SYS(statx),		LOADER | MONITOR },
	{ SCMP_SYS(newfstatat),		ALL },	/* is fstat in glibc 2.33 */
	{ SCMP_SYS(fstatat64),		ALL },	/* the same on 32 bits */
	{ SCMP_SYS(statfs),		LOADER | MONITOR },
	{ SCMP_SYS(fstatfs),		LOADER | MONITOR },
	{ SCMP_SYS(readlink),		LOADER | MONITOR },
	{ SCMP_SYS(readlinkat),		LOADER | MONITOR },
	{ SCMP_SYS(getcwd),		LOADER | MONITOR },
	{ SCMP_SYS(getdents64),		LOADER | MONITOR },
	{ SCMP_SYS(fadvise64),		LOADER },	/* reading ahead */
	{ SCMP_SYS(connect),		LOADER },	/* the sockets below */

	/* Following files. */
	{ SCMP_SYS(inotify_init1),	MONITOR },
	{ SCMP_SYS(inotify_add_watch),	MONITOR },
	{ SCMP_SYS(inotify_rm_watch),	MONITOR },
};

/* The calls that libraries try and can do without: they fail. */
static const struct {
	int	 nr;
	int	 roles;
	int	 error;
} refused[] = {
	{ SCMP_SYS(socket),	MONITOR | HTTPD, EACCES },
	{ SCMP_SYS(connect),	MONITOR | HTTPD, EACCES },
	{ SCMP_SYS(open),	ALL, EACCES },	/* openat is used */
	{ SCMP_SYS(openat),	HTTPD, EACCES },	/* zone, locale */
	{ SCMP_SYS(access),	HTTPD, EACCES },
	{ SCMP_SYS(stat),	HTTPD, EACCES },
	{ SCMP_SYS(readlink),	HTTPD, EACCES },
	{ SCMP_SYS(prlimit64),	ALL, EPERM },	/* sysconf has a default */
	{ SCMP_SYS(prctl),	ALL, EPERM },
	{ SCMP_SYS(sched_getaffinity), ALL, EPERM },	/* number of CPUs */
	{ SCMP_SYS(sched_yield), ALL, EPERM },
};

/* The calls whose arguments matter: op is applied to argument arg. */
static const struct {
	int	 nr;
	int	 roles;
	unsigned int arg;
	uint64_t mask;		/* 0: the whole value */
	uint64_t value;
	int	 error;		/* 0: allowed */
} filters[] = {
	/* Memory is never code.  dlopen (NSS modules) then just fails. */
	{ SCMP_SYS(mmap),	ALL, 2, PROT_EXEC, 0, 0 },
	{ SCMP_SYS(mmap),	ALL, 2, PROT_EXEC, PROT_EXEC, EACCES },
	{ SCMP_SYS(mmap2),	ALL, 2, PROT_EXEC, 0, 0 },
	{ SCMP_SYS(mmap2),	ALL, 2, PROT_EXEC, PROT_EXEC, EACCES },
	{ SCMP_SYS(mprotect),	ALL, 2, PROT_EXEC, 0, 0 },
	{ SCMP_SYS(mprotect),	ALL, 2, PROT_EXEC, PROT_EXEC, EACCES },

	/* How much is there to read: evbuffer_read, and inotify. */
	{ SCMP_SYS(ioctl),	ALL, 1, 0, FIONREAD, 0 },
	{ SCMP_SYS(ioctl),	ALL, 1, 0, FIONBIO, 0 },
	{ SCMP_SYS(ioctl),	ALL, 1, 0, 0x5401, ENOTTY },	/* isatty */

	/* Files for reading only, where landlock is missing too. */
	{ SCMP_SYS(openat), LOADER | MONITOR, 2,
	    O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 0, 0 },
	{ SCMP_SYS(openat), LOADER | MONITOR, 2, O_WRONLY, O_WRONLY, EACCES },
	{ SCMP_SYS(openat), LOADER | MONITOR, 2, O_RDWR, O_RDWR, EACCES },
	{ SCMP_SYS(openat), LOADER | MONITOR, 2, O_CREAT, O_CREAT, EACCES },
	{ SCMP_SYS(openat), LOADER | MONITOR, 2, O_TRUNC, O_TRUNC, EACCES },

	/*
	 * Host names by DNS need datagrams; users by way of a daemon (nscd,
	 * systemd, sssd) its socket.  Asking the kernel for its addresses is
	 * refused, and the C library goes on without.
	 */
	{ SCMP_SYS(socket), LOADER, 0, 0, AF_UNIX, 0 },
	{ SCMP_SYS(socket), LOADER, 0, 0, AF_NETLINK, EACCES },
};

/* A rule that failed only because this machine has no such call is fine. */
static int
rule_error(int error)
{
	if (error == 0 || error == -EDOM || error == -EEXIST)
		return (0);
	errno = -error;
	return (-1);
}

static int
add_rule(scmp_filter_ctx ctx, int nr, int error, unsigned int ncmp,
    const struct scmp_arg_cmp *cmp)
{
	return (rule_error(seccomp_rule_add_array(ctx,
	    error == 0 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(error), nr, ncmp,
	    cmp)));
}

static int
add_socket_rules(scmp_filter_ctx ctx)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct scmp_arg_cmp cmp[2];
	size_t i;

	for (i = 0; i < nitems(families); i++) {
		cmp[0] = SCMP_A0(SCMP_CMP_EQ,
		    (scmp_datum_t)families[i], 0);
		cmp[1] = SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_DGRAM);
		if (add_rule(ctx, SCMP_SYS(socket), 0, 2, cmp) == -1)
			return (-1);
		cmp[1] = SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_STREAM);
		if (add_rule(ctx, SCMP_SYS(socket), EACCES, 2, cmp) == -1)
			return (-1);
	}
	return (0);
}

static int
add_rules(scmp_filter_ctx ctx, enum sandbox_role role)
{
	struct scmp_arg_cmp cmp;
	size_t i;

	for (i = 0; i < nitems(calls); i++)
		if (calls[i].roles & 1 << role &&
		    add_rule(ctx, calls[i].nr, 0, 0, NULL) == -1)
			return (-1);
	for (i = 0; i < nitems(refused); i++)
		if (refused[i].roles & 1 << role &&
		    add_rule(ctx, refused[i].nr, refused[i].error, 0,
		    NULL) == -1)
			return (-1);
	for (i = 0; i < nitems(filters); i++) {
		if (!(filters[i].roles & 1 << role))
			continue;
		cmp.arg = filters[i].arg;
		if (filters[i].mask == 0) {
			cmp.op = SCMP_CMP_EQ;
			cmp.datum_a = filters[i].value;
			cmp.datum_b = 0;
		} else {
			cmp.op = SCMP_CMP_MASKED_EQ;
			cmp.datum_a = filters[i].mask;
			cmp.datum_b = filters[i].value;
		}
		if (add_rule(ctx, filters[i].nr, filters[i].error, 1,
		    &cmp) == -1)
			return (-1);
	}
	if (role == SANDBOX_LOADER && add_socket_rules(ctx) == -1)
		return (-1);
	/* abort() signals ourselves, and nobody else. */
	cmp = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
	return (add_rule(ctx, SCMP_SYS(tgkill), 0, 1, &cmp));
}

static enum layer
enter_seccomp(enum sandbox_role role)
{
	scmp_filter_ctx ctx;
	enum layer ret;
	int error;

	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == -1)
		return (errno == EINVAL ? LAYER_ABSENT : LAYER_FAILED);
	if ((ctx = seccomp_init(SCMP_ACT_KILL_PROCESS)) == NULL) {
		errno = ENOMEM;
		return (LAYER_FAILED);
	}
	ret = LAYER_FAILED;
	/* A tree instead of a list: every call of ours goes through it. */
	if (rule_error(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE,
	    2)) == -1)
		goto done;
	if (add_rules(ctx, role) == -1)
		goto done;
	if ((error = seccomp_load(ctx)) != 0) {
		errno = -error;
		goto done;
	}
	ret = LAYER_ON;
done:
	seccomp_release(ctx);
	return (ret);
}
#else
static enum layer
enter_seccomp(enum sandbox_role role)
{
	/* The sanitizers make calls of their own, at any time. */
	(void)role;
	return (LAYER_ABSENT);
}
#endif

/* In this order: seccomp last, since it forbids to set up the others. */
static const struct {
	const char	*name;
	enum layer	(*enter)(enum sandbox_role);
} layers[] = {
	{ "no_new_privs",	enter_no_new_privs },
	{ "rlimits",		enter_rlimits },
	{ "landlock",		enter_landlock },
	{ "seccomp",		enter_seccomp },
};

int
sandbox_enter(enum sandbox_role role, char *active, size_t size)
{
	size_t i;

	if (size > 0)
		active[0] = '\0';
	for (i = 0; i < nitems(layers); i++) {
		switch (layers[i].enter(role)) {
		case LAYER_FAILED:
			strlcpy(active, layers[i].name, size);
			return (-1);
		case LAYER_ABSENT:
			log_info("sandbox: without %s, which is not "
			    "available here", layers[i].name);
			break;
		case LAYER_ON:
			if (active[0] != '\0')
				strlcat(active, " ", size);
			strlcat(active, layers[i].name, size);
			break;
		}
	}
	return (0);
}
