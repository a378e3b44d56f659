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
 * Compiles one configuration as the loader does, without sandbox and
 * spawner, in a fixed environment, and prints what came out: the messages,
 * then, when there is no error, the plan in its canonical form.  Every
 * record goes through the checks of the receiving side on the way.
 *
 *	golden_load [-ACq] [-c cert] [-e envfile] [-r roles] [-u uid]
 *	    [-w listen] conf
 *
 * -q prints the time that compiling took instead, in milliseconds.
 */

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/log.h"
#include "../../common/mono.h"
#include "../../common/util.h"
#include "../../monitor/conf.h"
#include "plancheck.h"

static char *
slurp(const char *path, size_t *len)
{
	char *text = NULL;
	size_t cap = 0, n;
	FILE *f;

	if ((f = fopen(path, "r")) == NULL)
		err(2, "%s", path);
	*len = 0;
	do {
		if (cap - *len < 65536) {
			cap += 1024 * 1024;
			text = xreallocarray(text, cap, 1);
		}
		n = fread(text + *len, 1, 65536, f);
		*len += n;
	} while (n > 0);
	fclose(f);
	text[*len] = '\0';
	return (text);
}

static struct span
span_of(const char *s)
{
	return ((struct span){ s, strlen(s) });
}

static void
show(const struct conf *c)
{
	static const char *const words[] = { "note: ", "warning: ",
	    "error: " };
	struct wbuf w;
	struct cursor cur;
	struct plan_err e;
	size_t i;

	memset(&w, 0, sizeof(w));
	for (i = 0; i < c->diag.nmsgs; i++) {
		wbuf_reset(&w);
		put_plan_err(&w, c->diag.msgs[i].severity,
		    c->diag.msgs[i].text);
		cursor_init(&cur, w.data, w.len);
		if (get_plan_err(&cur, &e) == -1)
			errx(2, "bad message");
		printf("%s%.*s\n", words[e.severity], (int)e.text.len,
		    e.text.p);
	}
	wbuf_free(&w);
	if (c->diag.nerrors > 0)
		return;
	printf("document %.*s", (int)c->emit.doclen, c->emit.doc);
	fwrite(c->explain.data, 1, c->explain.len, stdout);
}

/* Lines of a text, which is cut up, as an environment. */
static char **
environment(char *text)
{
	char **env, *line;
	size_t n = 0;

	env = xcalloc(1000, sizeof(*env));
	while (n < 999 && (line = strsep(&text, "\n")) != NULL)
		if (*line != '\0')
			env[n++] = line;
	return (env);
}

static const char *
base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (slash != NULL ? slash + 1 : path);
}

int
main(int argc, char *argv[])
{
	struct load_req req;
	struct conf_input in;
	struct conf c;
	struct mono before;
	char *envtext = NULL, *conf, *roles = NULL, **env;
	size_t envlen;
	bool quiet = false;
	int ch;

	log_init("golden_load", LOG_TO_STDERR, LOG_LEVEL_INFO);
	memset(&req, 0, sizeof(req));
	memset(&in, 0, sizeof(in));
	memset(&c, 0, sizeof(c));
	req.explain = true;
	req.ppid = 1234;
	req.roles_path = req.http_listen = req.http_cert = span_of("");
	while ((ch = getopt(argc, argv, "ACc:e:qr:u:w:")) != -1)
		switch (ch) {
		case 'A':
			req.http_control = true;
			break;
		case 'C':
			req.check = true;
			break;
		case 'c':
			req.cert_set = true;
			req.http_cert = span_of(optarg);
			break;
		case 'e':
			envtext = slurp(optarg, &envlen);
			break;
		case 'q':
			quiet = true;
			req.explain = false;
			break;
		case 'r':
			req.have_roles = true;
			req.roles_path = span_of(base(optarg));
			in.roles = roles = slurp(optarg, &in.roleslen);
			break;
		case 'u':
			req.uid = req.gid = strtonum(optarg, 0, INT32_MAX,
			    NULL);
			break;
		case 'w':
			req.http_set = true;
			req.http_listen = span_of(optarg);
			break;
		default:
			return (2);
		}
	if (argc - optind != 1)
		errx(2, "one file, please");
	req.conf_path = span_of(base(argv[optind]));
	in.req = &req;
	in.conf = conf = slurp(argv[optind], &in.conflen);
	if (envtext == NULL)
		envtext = xstrdup("HOME=/root\nPATH=/usr/bin:/bin\n");
	in.environ = env = environment(envtext);
	in.host = "host";
	in.fqdn = "host.example.org";
	before = mono_now();
	conf_compile(&c, &in);
	plancheck(&c);
	if (quiet)
		printf("%lld\n", (long long)mono_sub(mono_now(), before));
	else
		show(&c);
	ch = c.diag.nerrors > 0;
	conf_free(&c);
	free(conf);
	free(roles);
	free(env);
	free(envtext);
	return (ch);
}
