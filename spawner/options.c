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

/* The command line: the administrator's own words. */

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/memfile.h"
#include "../common/util.h"
#include "options.h"

#define DEFAULT_CONFIG	SYSCONFDIR "/taskforce.conf"
#define DEFAULT_PIDFILE	"/var/run/taskforce.pid"
#define DEFAULT_SOCKET	"/var/run/taskforced.sock"
#define DEFAULT_HTTP	"/var/run/s.taskforce"
#define EXIT_USAGE	2

enum {
	OPT_EXPIRES = 256,
	OPT_SANITY
};

static const char short_options[] =
    ":hVvqeL:bp:f:r:w:c:ACnRSs:u:";

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "log-stderr", no_argument, NULL, 'e' },
	{ "logging-name", required_argument, NULL, 'L' },
	{ "background", no_argument, NULL, 'b' },
	{ "pidfile", required_argument, NULL, 'p' },
	{ "config-file", required_argument, NULL, 'f' },
	{ "roles-file", required_argument, NULL, 'r' },
	{ "http", required_argument, NULL, 'w' },
	{ "certfile", required_argument, NULL, 'c' },
	{ "allow-control", no_argument, NULL, 'A' },
	{ "check-config", no_argument, NULL, 'C' },
	{ "reset", no_argument, NULL, 'R' },
	{ "stop", no_argument, NULL, 'S' },
	{ "socket", required_argument, NULL, 's' },
	{ "user", required_argument, NULL, 'u' },
	{ "expires", required_argument, NULL, OPT_EXPIRES },
	{ "sanity", no_argument, NULL, OPT_SANITY },
	{ NULL, 0, NULL, 0 }
};

static const char usage_line[] =
    "usage: taskforced [-AbCehnqRSVv] [-c file] [-f file] [-L name] "
    "[-p file]\n"
    "                  [-r file] [-s socket] [-u user] [-w listen]\n"
    "                  [--expires seconds] [--sanity]\n";

static const char help_text[] =
    "\n"
    "Starts, orders, watches and restarts the tasks of one configuration.\n"
    "\n"
    "  -A, --allow-control   let the -w listener change things\n"
    "  -b, --background      run in the background; returns when up\n"
    "  -C, -n, --check-config\n"
    "                        check the configuration and exit; with -v,\n"
    "                        print what each task resolves to\n"
    "  -c, --certfile FILE   TLS for the -w listener: PEM key and chain\n"
    "  -e, --log-stderr      log to stderr, not to syslog\n"
    "      --expires SECS    stop after SECS seconds\n"
    "  -f, --config-file FILE\n"
    "                        configuration [" DEFAULT_CONFIG "]\n"
    "  -h, --help            this text\n"
    "  -L, --logging-name NAME\n"
    "                        name in the log [taskforce]\n"
    "  -p, --pidfile FILE    pidfile, '-' for none\n"
    "                        [" DEFAULT_PIDFILE "]\n"
    "  -q, --quiet           log warnings and errors only\n"
    "  -R, --reset           have the running daemon reset\n"
    "  -r, --roles-file FILE\n"
    "                        roles of this host\n"
    "                        [/var/local/etc/tf_roles.conf, then\n"
    "                        " SYSCONFDIR "/tf_roles.conf]\n"
    "  -S, --stop            have the running daemon stop\n"
    "      --sanity          check that the program works, and exit\n"
    "  -s, --socket PATH     control socket, '-' for none\n"
    "                        [" DEFAULT_SOCKET "]\n"
    "  -u, --user USER       unprivileged user of the helpers\n"
    "                        [" MONITOR_USER " and " HTTPD_USER "]\n"
    "  -V, --version         print the version and exit\n"
    "  -v, --verbose         log more, for debugging\n"
    "  -w, --http LISTEN     HTTP listener, [host][:port] or a path; empty:\n"
    "                        " DEFAULT_HTTP "\n";

static void __attribute__((__noreturn__, __format__(printf, 1, 2)))
usage(const char *fmt, ...)
{
	va_list ap;

	fputs("taskforced: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n%sTry 'taskforced --help'.\n", usage_line);
	exit(EXIT_USAGE);
}

static void __attribute__((__noreturn__))
help(void)
{
	fputs(usage_line, stdout);
	fputs(help_text, stdout);
	exit(fflush(stdout) == 0 ? 0 : 1);
}

static void __attribute__((__noreturn__))
version(void)
{
	printf("taskforced %s\n", PACKAGE_VERSION);
	exit(fflush(stdout) == 0 ? 0 : 1);
}

/* A path as it will be meant later, whatever the directory then is. */
static const char *
absolute(const char *path)
{
	char *p;

	if ((p = path_absolute(path)) == NULL) {
		fprintf(stderr, "taskforced: %s: %s\n", path,
		    strerror(errno));
		exit(3);
	}
	return (p);
}

/* As absolute(), but "-" and nothing mean none. */
static const char *
absolute_or_none(const char *path)
{
	if (path[0] == '\0' || strcmp(path, "-") == 0)
		return (NULL);
	return (absolute(path));
}

static uint32_t
seconds(const char *s)
{
	const char *errstr;
	uint32_t n;

	n = strtonum(s, 1, INT32_MAX, &errstr);
	if (errstr != NULL)
		usage("--expires: '%s' is %s", s, errstr);
	return (n);
}

static void
set_option(struct options *o, int ch, const char *word)
{
	switch (ch) {
	case 'A':
		o->allow_control = true;
		break;
	case 'b':
		o->background = true;
		break;
	case 'C':
	case 'n':
		o->check = true;
		break;
	case 'c':
		o->certfile = optarg;
		break;
	case 'e':
		o->log_stderr = true;
		break;
	case 'f':
		o->config_name = optarg;
		break;
	case 'h':
		help();
	case 'L':
		o->log_name = optarg;
		break;
	case 'p':
		o->pidfile = optarg;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'R':
		o->order = ORDER_RESET;
		break;
	case 'r':
		o->roles_file = optarg;
		break;
	case 'S':
		o->order = ORDER_STOP;
		break;
	case 's':
		o->socket = optarg;
		break;
	case 'u':
		o->user = optarg;
		break;
	case 'V':
		version();
	case 'v':
		o->verbose = true;
		break;
	case 'w':
		/* "" and "-" too: the default place. */
		o->http = optarg[0] != '\0' ? optarg : DEFAULT_HTTP;
		break;
	case OPT_EXPIRES:
		o->expires = seconds(optarg);
		break;
	case OPT_SANITY:
		o->sanity = true;
		break;
	case ':':
		usage("option '%s' needs a value", word);
	default:
		/* Of a cluster of short ones, the one that is wrong. */
		if (optopt > 0 && optopt < OPT_EXPIRES && word[1] != '-')
			usage("unknown option '-%c'", optopt);
		usage("option '%s' is unknown or takes no value", word);
	}
}

void
options_parse(struct options *o, int argc, char **argv)
{
	int ch;

	memset(o, 0, sizeof(*o));
	o->log_name = "taskforce";
	o->config_name = DEFAULT_CONFIG;
	o->pidfile = DEFAULT_PIDFILE;
	o->socket = DEFAULT_SOCKET;
	opterr = 0;
	while ((ch = getopt_long(argc, argv, short_options, long_options,
	    NULL)) != -1)
		set_option(o, ch, argv[optind - 1]);
	if (optind < argc)
		usage("unexpected argument '%s'", argv[optind]);
	if (o->verbose && o->quiet)
		usage("-v and -q exclude each other");
	if (o->sanity) {
		o->check = true;
		o->log_stderr = true;
		o->config_name = "sanity";
	}
	o->explain = o->check && o->verbose && !o->sanity;
	/* As the help of the original has it: only together with -w. */
	if (o->http == NULL)
		o->certfile = NULL;
	o->pidfile = absolute_or_none(o->pidfile);
	o->socket = absolute_or_none(o->socket);
	o->config_file = absolute(o->config_name);
	if (o->roles_file != NULL)
		o->roles_file = absolute(o->roles_file);
}

const char *
options_roles_name(size_t i)
{
	static const char *const names[] = {
		"/var/local/etc/tf_roles.conf", SYSCONFDIR "/tf_roles.conf"
	};

	return (i < nitems(names) ? names[i] : NULL);
}

const char *
options_default_roles(void)
{
	const char *name;
	size_t i;

	for (i = 0; (name = options_roles_name(i)) != NULL; i++)
		if (access(name, F_OK) == 0)
			break;
	return (name);
}

int
options_sanity_file(void)
{
	static const char text[] =
	    "# What 'taskforced --sanity' loads.\n"
	    "defines: { greeting: hello }\n"
	    "tasks:\n"
	    "  first:\n"
	    "    control: once\n"
	    "    commands: { start: [ /bin/sh, -c, 'echo {greeting}' ] }\n"
	    "  second:\n"
	    "    requires: first\n"
	    "    commands: { start: [ /bin/sh, -c, 'exec sleep 60' ] }\n";
	struct memfile m;
	int save;

	if (memfile_open(&m, "taskforced sanity") == -1)
		return (-1);
	if (memfile_write(&m, text, sizeof(text) - 1) == -1) {
		save = errno;
		memfile_close(&m);
		errno = save;
		return (-1);
	}
	return (memfile_finish(&m));
}
