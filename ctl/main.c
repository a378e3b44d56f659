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
 * taskforcectl: asks the daemon through its control socket.  Everything on
 * the command line comes from whoever calls; what the daemon permits is
 * decided by the daemon and by the mode of the socket, not here.
 */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/log.h"
#include "../common/util.h"
#include "output.h"
#include "parse.h"

#define WAIT_MAX	(24 * 60 * 60)	/* seconds */

static void	 usage(void) __attribute__((__noreturn__));

static void
usage(void)
{
	const struct command	*cmd;

	fprintf(stderr, "usage: taskforcectl [-jpqV] [-s socket] [-t seconds] "
	    "command [argument ...]\n");
	for (cmd = commands; cmd->fn != NULL; cmd++)
		fprintf(stderr, "       %-8s %-11s %s\n", cmd->name, cmd->args,
		    cmd->what);
	exit(CTL_USAGE);
}

/* Says it even with -q: a mistake in a script should not be silent. */
static enum ctl_exit
usage_error(struct ctl *ctl, const char *text)
{
	ctl->quiet = false;
	return (ctl_fail(ctl, CTL_USAGE, "%s", text));
}

/*
 * The options at argv[optind] and behind, up to the first word that is none;
 * getopt(3) is told not to look beyond it on any system.
 */
static void
parse_options(struct ctl *ctl, int argc, char **argv)
{
	const char	*errstr;
	int		 ch;

	while ((ch = getopt(argc, argv, "+jpqs:t:V")) != -1) {
		switch (ch) {
		case 'j':
		case 'p':
			if (ctl->out != NULL)
				exit(usage_error(ctl, "one of -j and -p"));
			ctl->out = ch == 'j' ? &output_json : &output_plain;
			break;
		case 'q':
			ctl->quiet = true;
			break;
		case 's':
			ctl->socket = optarg;
			break;
		case 't':
			ctl->seconds = (unsigned int)strtonum(optarg, 0,
			    WAIT_MAX, &errstr);
			if (errstr != NULL)
				exit(usage_error(ctl, "-t takes a number of "
				    "seconds from 0 to 86400"));
			break;
		case 'V':
			printf("taskforcectl %s\n", PACKAGE_VERSION);
			exit(CTL_OK);
		default:
			usage();
		}
	}
}

/* No need for more than the socket from here on. */
static void
confine(const struct ctl *ctl)
{
#ifdef __OpenBSD__
	if (unveil(ctl->socket, "rw") == -1)
		fatal("unveil");
	/* stdio: talk and print.  unix: connect to the daemon. */
	if (pledge("stdio unix", NULL) == -1)
		fatal("pledge");
#else
	(void)ctl;
#endif
}

int
main(int argc, char **argv)
{
	const struct command	*cmd;
	struct ctl		 ctl;
	enum ctl_exit		 code;
	char			 why[256];

	log_init("taskforcectl", LOG_TO_STDERR, LOG_LEVEL_INFO);
	(void)setlocale(LC_CTYPE, "");

	memset(&ctl, 0, sizeof(ctl));
	ctl.socket = CTL_SOCKET;
	ctl.seconds = CTL_WAIT;
	parse_options(&ctl, argc, argv);
	if (optind == argc)
		usage();
	if ((cmd = parse_command(argv[optind], why, sizeof(why))) == NULL)
		return (usage_error(&ctl, why));
	/* "status -q web" is as good as "-q status web". */
	optind++;
	parse_options(&ctl, argc, argv);
	argc -= optind;
	argv += optind;
	if (cmd->maxargs != -1 && argc > cmd->maxargs) {
		snprintf(why, sizeof(why), "%s takes no argument '%s'",
		    cmd->name, argv[cmd->maxargs]);
		return (usage_error(&ctl, why));
	}

	if (ctl.quiet)
		ctl.out = &output_none;
	else if (ctl.out == NULL)
		ctl.out = &output_text;
	/* -t 0 is for what changes something; an answer takes its time. */
	ctl.nowait = ctl.seconds == 0;
	ctl.deadline = mono_add(mono_now(),
	    (int64_t)(ctl.nowait ? CTL_WAIT : ctl.seconds) * 1000);
	confine(&ctl);

	code = cmd->fn(&ctl, argc, argv);
	if (fflush(stdout) == EOF || ferror(stdout))
		code = ctl_fail(&ctl, CTL_FAILED, "cannot write the output");
	return (code);
}
