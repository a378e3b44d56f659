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
#include "output.h"
#include "parse.h"
#include "text.h"

static void	 usage(const struct command *) __attribute__((__noreturn__));

static void
usage(const struct command *cmd)
{
	parse_usage(stderr, cmd);
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
 * getopt(3) is told not to look beyond it on any system.  cmd: those that
 * the command adds; NULL: it is not known yet.
 */
static void
parse_options(struct ctl *ctl, const struct command *cmd, int argc,
    char **argv)
{
	char		 letters[32];
	int		 ch;

	snprintf(letters, sizeof(letters), "+jpqs:t:V%s", cmd == NULL ? "" :
	    cmd->options);
	while ((ch = getopt(argc, argv, letters)) != -1) {
		switch (ch) {
		case 'f':
			ctl->file = optarg;
			break;
		case 'j':
		case 'p':
			if (ctl->out != NULL && ctl->out != (ch == 'j' ?
			    &output_json : &output_plain))
				exit(usage_error(ctl, "one of -j and -p"));
			ctl->out = ch == 'j' ? &output_json : &output_plain;
			break;
		case 'q':
			ctl->quiet = true;
			break;
		case 'R':
			ctl->roles = optarg;
			break;
		case 'r':
			ctl->roles_file = optarg;
			break;
		case 's':
			ctl->socket = optarg;
			break;
		case 't':
			if (parse_seconds(optarg, &ctl->wait_ms) == -1)
				exit(usage_error(ctl, "-t takes a number of "
				    "seconds from 0 to 86400"));
			break;
		case 'V':
			printf("taskforcectl %s\n", PACKAGE_VERSION);
			exit(CTL_OK);
		default:
			usage(cmd);
		}
	}
}

/*
 * getopt(3) begins with another argv: a "--" in the one before would stay the
 * end of the options to it, and what follows that an operand.
 */
static void
parse_anew(void)
{
#ifdef __GLIBC__
	optind = 0;
#else
	optreset = optind = 1;
#endif
}

/* What is needed until there is a connection; talk.c narrows it further. */
static void
confine(void)
{
#ifdef __OpenBSD__
	/*
	 * stdio: talk and print.  unix: connect to the daemon.  rpath,
	 * tmppath, sendfd: the files of a plan.
	 */
	if (pledge("stdio unix rpath tmppath sendfd", NULL) == -1)
		fatal("pledge");
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
	ctl.wait_ms = CTL_WAIT_MS;
	parse_options(&ctl, NULL, argc, argv);
	if (optind == argc)
		usage(NULL);
	if ((cmd = parse_command(argv[optind], why, sizeof(why))) == NULL)
		return (usage_error(&ctl, why));
	/* "status -q web" is as good as "-q status web". */
	argc -= optind;
	argv[optind] = argv[0];
	argv += optind;
	parse_anew();
	parse_options(&ctl, cmd, argc, argv);
	argc -= optind;
	argv += optind;
	if (parse_args(cmd, argc, argv, why, sizeof(why)) == -1)
		return (usage_error(&ctl, why));

	text_setup();
	if (ctl.quiet)
		ctl.out = &output_none;
	else if (ctl.out == NULL)
		ctl.out = &output_text;
	/* -t 0 is for what changes something; an answer takes its time. */
	ctl.deadline = mono_add(mono_now(),
	    ctl.wait_ms == 0 ? CTL_WAIT_MS : ctl.wait_ms);
	ctl.promises = cmd->promises;
	confine();

	code = cmd->fn(&ctl, argc, argv);
	if (fflush(stdout) == EOF || ferror(stdout))
		code = ctl_fail(&ctl, CTL_FAILED, "cannot write the output");
	return (code);
}
