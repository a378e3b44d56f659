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
 * httpd: status and control by HTTP and HTTPS.  Started by the spawner, as
 * root so that it can shut itself into an empty directory, which is the
 * first thing it does:
 *
 *	httpd [-c] -d directory -u uid -g gid
 *	httpd [-c] -n
 *
 * -c: this one serves control, too.  -n: an ordinary user's: there is no
 * privilege to drop.  Descriptor 3 is the channel to the spawner, standard
 * error the log.  It listens to the network: see conn.c and reply.c.
 */

#include "config.h"

#include <sys/types.h>
#include <sys/resource.h>

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "../common/log.h"
#include "../common/privdrop.h"
#include "../common/util.h"
#include "conn.h"
#include "events.h"
#include "listen.h"
#include "metrics.h"
#include "peer.h"
#include "render.h"
#include "setup.h"
#include "tls.h"

struct options {
	bool		 control;
	bool		 ordinary;
	const char	*dir;
	uid_t		 uid;
	gid_t		 gid;
};

static void __attribute__((__noreturn__))
usage(void)
{
	log_warnx("usage: httpd [-c] -d directory -u uid -g gid | -n; "
	    "it is started by taskforced");
	exit(2);
}

static unsigned int
id(const char *s)
{
	const char *errstr;
	long long n;

	n = strtonum(s, 1, UINT_MAX - 1, &errstr);
	if (errstr != NULL)
		usage();
	return (n);
}

static void
parse(int argc, char *argv[], struct options *o)
{
	int ch;

	while ((ch = getopt(argc, argv, "cd:g:nu:")) != -1) {
		switch (ch) {
		case 'c':
			o->control = true;
			break;
		case 'd':
			o->dir = optarg;
			break;
		case 'g':
			o->gid = id(optarg);
			break;
		case 'n':
			o->ordinary = true;
			break;
		case 'u':
			o->uid = id(optarg);
			break;
		default:
			usage();
		}
	}
	if (optind != argc || o->ordinary == (o->dir != NULL) ||
	    (!o->ordinary && (o->uid == 0 || o->gid == 0)))
		usage();
}

/* As many connections as we may have; the soft limit is often low. */
static void
raise_descriptors(void)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		return;
	rl.rlim_cur = rl.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		log_warn("cannot raise the number of descriptors");
}

/*
 * Each request turns reading and writing off and on again; the kernel is
 * told once a turn what came of it.  We duplicate no descriptor, with which
 * that would go wrong.  There are two priorities, the second is libevent's
 * default; the first is for what must not wait (conn_init()).
 */
static struct event_base *
new_base(void)
{
	struct event_config *config;
	struct event_base *base;

	if ((config = event_config_new()) == NULL ||
	    event_config_set_flag(config,
	    EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST) == -1 ||
	    (base = event_base_new_with_config(config)) == NULL ||
	    event_base_priority_init(base, 2) == -1)
		fatal("event base");
	event_config_free(config);
	return (base);
}

int
main(int argc, char *argv[])
{
	struct options o = { 0 };
	struct event_base *base;
	const char *what;

	log_init("httpd", LOG_TO_PIPE, LOG_LEVEL_INFO);
	process_name("httpd");
	parse(argc, argv, &o);
	/* Local time is read from a file that is outside soon. */
	tzset();
	if (o.ordinary) {
		if (chdir("/") == -1)
			fatal("chdir");
	} else if (privdrop(o.uid, o.gid, o.dir, &what) == -1)
		fatal("cannot drop privilege: %s", what);

	raise_descriptors();
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		fatal("signal");
	base = new_base();
	tls_init();
	render_init();
	conn_init(base);
	listen_init(base, o.control);
	events_init(base);
	metrics_init();
	peer_init(base);
	setup_begin(base);
	if (event_base_dispatch(base) == -1)
		fatalx("the event loop failed");
	return (0);
}
