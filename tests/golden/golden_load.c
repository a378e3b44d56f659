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

#include "../../common/ipc.h"
#include "../../common/log.h"
#include "../../common/mono.h"
#include "../../common/util.h"
#include "../../monitor/conf.h"
#include "../../monitor/schedrec.h"

struct counts {
	struct plan_begin	 begin;
	uint32_t		 ntasks;
	uint32_t		 ncmds;
	uint32_t		 cmds_here;	/* of the last task */
	uint32_t		 nenv;
	uint32_t		 nlisten;
	uint32_t		 nscheds;
	size_t			 bytes;
	bool			 ended;
};

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
check_env(struct counts *n, struct cursor *c)
{
	uint32_t i, count;

	count = get_count(c, sizeof(uint32_t));
	for (i = 0; i < count; i++)
		if (memchr(get_text(c).p, '=', 1) != NULL)
			errx(2, "shared entry without a name");
	if (!cursor_done(c))
		errx(2, "bad PLAN_ENV");
	n->nenv += count;
}

/* A schedule record must come out as it went in. */
static void
check_sched(struct counts *n, struct cursor *c)
{
	struct schedrec_plan plan;
	struct schedrec_task task;
	struct cursor b;
	struct span blob;
	struct wbuf again;
	uint32_t index;

	memset(&again, 0, sizeof(again));
	if (get_plan_sched(c, &index, &blob) == -1)
		errx(2, "bad PLAN_SCHED");
	cursor_init(&b, blob.p, blob.len);
	if (index == NO_INDEX) {
		if (n->nscheds != 0 || get_schedrec_plan(&b, &plan) == -1)
			errx(2, "bad schedule record of the plan");
		put_schedrec_plan(&again, &plan);
		schedrec_plan_clear(&plan);
	} else {
		if (index != n->nscheds - 1 || get_schedrec_task(&b, &task,
		    n->begin.ntasks) == -1)
			errx(2, "bad schedule record of task %u", index);
		put_schedrec_task(&again, &task);
		schedrec_task_clear(&task);
	}
	if (again.len != blob.len ||
	    memcmp(again.data, blob.p, blob.len) != 0)
		errx(2, "schedule record %u is another now", index);
	wbuf_free(&again);
	n->nscheds++;
}

static void
check_task(struct counts *n, struct cursor *c)
{
	struct plan_task t;
	struct plan_env e;
	uint32_t i;

	if (n->ntasks > 0 && n->cmds_here == 0)
		errx(2, "a task without a command");
	if (get_plan_task(c, &t) == -1)
		errx(2, "bad PLAN_TASK");
	for (i = 0; i < t.nenv; i++) {
		get_plan_env(&t.env, &e);
		if (e.shared != NO_INDEX && e.shared >= n->begin.nenv)
			errx(2, "shared index past the end");
	}
	n->ntasks++;
	n->cmds_here = 0;
}

static int
receive(void *arg, uint16_t type, const void *data, size_t len)
{
	struct counts *n = arg;
	struct plan_listen l;
	struct plan_cmd cmd;
	struct plan_err e;
	struct plan_end end;
	struct cursor c;
	bool bad = false;

	n->bytes += len;
	cursor_init(&c, data, len);
	switch (type) {
	case PLAN_BEGIN:
		bad = get_plan_begin(&c, &n->begin) == -1;
		break;
	case PLAN_ENV:
		check_env(n, &c);
		break;
	case PLAN_TASK:
		check_task(n, &c);
		break;
	case PLAN_CMD:
		bad = get_plan_cmd(&c, &cmd) == -1 ||
		    (n->cmds_here == 0 && !span_is(cmd.name, "start"));
		n->ncmds++;
		n->cmds_here++;
		break;
	case PLAN_LISTEN:
		bad = get_plan_listen(&c, &l) == -1;
		n->nlisten++;
		break;
	case PLAN_SCHED:
		check_sched(n, &c);
		break;
	case PLAN_DOC:
		get_blob(&c);
		bad = !cursor_done(&c);
		break;
	case PLAN_ERR:
		bad = get_plan_err(&c, &e) == -1;
		break;
	case PLAN_END:
		bad = get_plan_end(&c, &end) == -1 ||
		    (end.ok && end.nerrors > 0);
		n->ended = true;
		break;
	default:
		bad = true;
	}
	if (bad)
		errx(2, "bad message 0x%04x", type);
	return (0);
}

static void
check_plan(struct conf *c)
{
	struct counts n;

	memset(&n, 0, sizeof(n));
	if (emit_send(&c->emit, &c->diag, receive, &n) == -1 || !n.ended)
		errx(2, "the plan was not sent whole");
	if (c->diag.nerrors == 0 && (n.ntasks != n.begin.ntasks ||
	    n.ncmds != n.begin.ncmds || n.nenv != n.begin.nenv ||
	    n.nlisten != n.begin.nlisten || n.nscheds != n.ntasks + 1 ||
	    n.ncmds < n.ntasks))
		errx(2, "the plan is not what PLAN_BEGIN says");
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

/* Lines of a file as an environment. */
static char **
environment(char *text)
{
	char **env, *line;
	size_t n = 0;

	if (text == NULL)
		text = xstrdup("HOME=/root\nPATH=/usr/bin:/bin\n");
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
	char *envtext = NULL;
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
			in.roles = slurp(optarg, &in.roleslen);
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
	in.conf = slurp(argv[optind], &in.conflen);
	in.environ = environment(envtext);
	in.host = "host";
	in.fqdn = "host.example.org";
	before = mono_now();
	conf_compile(&c, &in);
	check_plan(&c);
	if (quiet)
		printf("%lld\n", (long long)mono_sub(mono_now(), before));
	else
		show(&c);
	ch = c.diag.nerrors > 0;
	conf_free(&c);
	free((char *)(uintptr_t)in.conf);
	return (ch);
}
