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
 * Signal names and numbers from one table.  The names come from the
 * configuration and from people, so anything may be in them: what is not in
 * the table, a number in range or a real-time signal names no signal.
 */

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signame.h"
#include "util.h"

#ifdef NSIG
#define SIGNAL_MAX	(NSIG - 1)
#else
#define SIGNAL_MAX	64
#endif

/* What a system does not have is number 0, which is no signal. */
#ifndef SIGSTKFLT
#define SIGSTKFLT	0
#endif
#ifndef SIGPWR
#define SIGPWR		0
#endif
#ifndef SIGEMT
#define SIGEMT		0
#endif
#ifndef SIGINFO
#define SIGINFO		0
#endif
#ifndef SIGTHR
#define SIGTHR		0
#endif
#ifndef SIGPOLL
#define SIGPOLL		0
#endif

/* The first entry of a number is its name; further ones are aliases. */
static const struct signame {
	int		 number;
	const char	*name;
} signames[] = {
	{ SIGHUP,	"HUP" },
	{ SIGINT,	"INT" },
	{ SIGQUIT,	"QUIT" },
	{ SIGILL,	"ILL" },
	{ SIGTRAP,	"TRAP" },
	{ SIGABRT,	"ABRT" },
	{ SIGBUS,	"BUS" },
	{ SIGFPE,	"FPE" },
	{ SIGKILL,	"KILL" },
	{ SIGUSR1,	"USR1" },
	{ SIGSEGV,	"SEGV" },
	{ SIGUSR2,	"USR2" },
	{ SIGPIPE,	"PIPE" },
	{ SIGALRM,	"ALRM" },
	{ SIGTERM,	"TERM" },
	{ SIGCHLD,	"CHLD" },
	{ SIGCONT,	"CONT" },
	{ SIGSTOP,	"STOP" },
	{ SIGTSTP,	"TSTP" },
	{ SIGTTIN,	"TTIN" },
	{ SIGTTOU,	"TTOU" },
	{ SIGURG,	"URG" },
	{ SIGXCPU,	"XCPU" },
	{ SIGXFSZ,	"XFSZ" },
	{ SIGVTALRM,	"VTALRM" },
	{ SIGPROF,	"PROF" },
	{ SIGWINCH,	"WINCH" },
	{ SIGIO,	"IO" },
	{ SIGSYS,	"SYS" },
	{ SIGSTKFLT,	"STKFLT" },
	{ SIGPWR,	"PWR" },
	{ SIGEMT,	"EMT" },
	{ SIGINFO,	"INFO" },
	{ SIGTHR,	"THR" },
	{ SIGABRT,	"IOT" },
	{ SIGCHLD,	"CLD" },
	{ SIGPOLL,	"POLL" },
};

/* Digits only: strtonum(3) alone would take blanks and a sign. */
static bool
parse_number(const char *s, int min, int max, int *ret)
{
	const char	*errstr;
	long long	 n;

	if (*s == '\0' || strspn(s, "0123456789") != strlen(s))
		return (false);
	n = strtonum(s, min, max, &errstr);
	if (errstr != NULL)
		return (false);
	*ret = (int)n;
	return (true);
}

/* "RTMIN", "RTMIN+3", "RTMAX-2"; systems without them know no such name. */
static int
realtime_number(const char *name)
{
#if defined(SIGRTMIN) && defined(SIGRTMAX)
	int		 n, span;

	span = SIGRTMAX - SIGRTMIN;
	if (strncasecmp(name, "RTMIN", 5) == 0) {
		if (name[5] == '\0')
			return (SIGRTMIN);
		if (name[5] == '+' && parse_number(name + 6, 0, span, &n))
			return (SIGRTMIN + n);
	} else if (strncasecmp(name, "RTMAX", 5) == 0) {
		if (name[5] == '\0')
			return (SIGRTMAX);
		if (name[5] == '-' && parse_number(name + 6, 0, span, &n))
			return (SIGRTMAX - n);
	}
#else
	(void)name;
#endif
	return (0);
}

int
signame_number(const char *name)
{
	size_t		 i;
	int		 n;

	if (parse_number(name, 1, SIGNAL_MAX, &n))
		return (n);
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (i = 0; i < nitems(signames); i++)
		if (strcasecmp(name, signames[i].name) == 0)
			return (signames[i].number);
	return (realtime_number(name));
}

const char *
signame_word(size_t i)
{
	return (i < nitems(signames) ? signames[i].name : NULL);
}

const char *
signame_name(int sig)
{
	static char	 buf[32];
	size_t		 i;

	for (i = 0; i < nitems(signames); i++) {
		if (sig != 0 && signames[i].number == sig) {
			snprintf(buf, sizeof(buf), "SIG%s", signames[i].name);
			return (buf);
		}
	}
#if defined(SIGRTMIN) && defined(SIGRTMAX)
	if (sig >= SIGRTMIN && sig <= SIGRTMAX) {
		if (sig == SIGRTMIN)
			return ("SIGRTMIN");
		snprintf(buf, sizeof(buf), "SIGRTMIN+%d", sig - SIGRTMIN);
		return (buf);
	}
#endif
	snprintf(buf, sizeof(buf), "signal %d", sig);
	return (buf);
}
