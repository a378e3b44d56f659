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
 * The loader as a process.  The spawner is trusted; the two files were
 * opened by it and are read whole, within limits, before the sandbox is
 * entered.  No byte of them is looked at until then.
 *
 * One request, one answer: the channel is simply read and written until all
 * is done.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/imsg.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/sandbox.h"
#include "../common/util.h"
#include "conf.h"
#include "load.h"
#include "yaml.h"

#define FLUSH_AT	(256 * 1024)	/* queued bytes worth a system call */

extern char **environ;

/* The bytes of one input file. */
struct input {
	char		*text;
	size_t		 len;
	const char	*error;		/* NULL: it was read */
	char		 too_large[64];
};

/* Blocks until the spawner has said what to do. */
static void
receive(struct imsgbuf *ib, struct load_req *req)
{
	struct cursor c;
	struct imsg m;
	ssize_t n;
	int r;
	bool greeted = false;
	struct hello hello;
	uint8_t level;

	for (;;) {
		if ((r = imsgbuf_get(ib, &m)) == -1 || (r == 1 && m.fd != -1))
			fatalx("the spawner sent what is no message");
		if (r == 0) {
			if ((n = imsgbuf_read(ib)) == -1)
				fatal("reading from the spawner");
			if (n == 0)
				exit(1);
			continue;
		}
		cursor_init(&c, m.data, m.len);
		if (!greeted) {
			if (m.type != M_HELLO ||
			    get_hello(&c, &hello) == -1 ||
			    hello.role != ROLE_SPAWNER)
				fatalx("the spawner did not say hello");
			greeted = true;
		} else if (m.type == M_VERBOSE) {
			level = get_u8(&c);
			if (!cursor_done(&c) || level > LOG_LEVEL_DEBUG)
				fatalx("the spawner sent a bad level");
			log_set_level(level);
		} else if (m.type == L_LOAD) {
			/* Its strings stay good: nothing is read after it. */
			if (get_load_req(&c, req) == -1)
				fatalx("the spawner sent a bad request");
			return;
		} else
			fatalx("the spawner sent message 0x%04x", m.type);
	}
}

static int
send_message(void *arg, uint16_t type, const void *data, size_t len)
{
	struct imsgbuf *ib = arg;
	struct wbuf *w;

	w = imsgbuf_begin(ib, type, 0);
	if (len > 0 && wbuf_room(w, len) == 0) {
		memcpy(w->data + w->len, data, len);
		w->len += len;
	}
	if (imsgbuf_end(ib, -1) == -1)
		return (-1);
	if (imsgbuf_queued(ib) < FLUSH_AT)
		return (0);
	return (imsgbuf_flush(ib) == 1 ? 0 : -1);
}

static void
say_hello(struct imsgbuf *ib)
{
	put_hello(imsgbuf_begin(ib, M_HELLO, 0), ROLE_LOADER);
	if (imsgbuf_end(ib, -1) == -1 || imsgbuf_flush(ib) != 1)
		fatal("writing to the spawner");
}

/* Reads a file whole, up to one byte more than max. */
static void
read_input(int fd, size_t max, struct input *in)
{
	struct stat st;
	size_t cap;
	ssize_t n;

	memset(in, 0, sizeof(*in));
	if (fstat(fd, &st) == -1) {
		in->error = strerror(errno);
		return;
	}
	/* What blocks or never ends is not read at all. */
	if (!S_ISREG(st.st_mode)) {
		in->error = S_ISDIR(st.st_mode) ? "is a directory" :
		    "is not a regular file";
		return;
	}
	cap = st.st_size > 0 && (size_t)st.st_size <= max ?
	    (size_t)st.st_size + 1 : max + 1;
	in->text = xreallocarray(NULL, 1, cap);
	while (in->len < cap) {
		n = pread(fd, in->text + in->len, cap - in->len, in->len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			in->error = strerror(errno);
			return;
		}
		if (n == 0)
			break;
		in->len += n;
	}
	if (in->len > max) {
		snprintf(in->too_large, sizeof(in->too_large),
		    "is larger than %zu bytes", max);
		in->error = in->too_large;
	}
}

/* An input that could not be read: the load fails without compiling. */
static int
refuse(struct imsgbuf *ib, const struct load_req *req,
    const struct input *conf, const struct input *roles)
{
	struct emit none;
	struct diag d;
	char *cpath, *rpath;
	int r;

	if ((cpath = span_dup(req->conf_path)) == NULL ||
	    (rpath = span_dup(req->roles_path)) == NULL)
		fatal("out of memory");
	memset(&none, 0, sizeof(none));
	diag_init(&d, cpath, rpath);
	if (conf->error != NULL)
		diag_error(&d, NULL, "the configuration %s", conf->error);
	if (roles->error != NULL)
		diag_at(&d, PLAN_ERROR, true, 1, 1, "the roles file %s",
		    roles->error);
	r = emit_send(&none, &d, send_message, ib);
	diag_free(&d);
	free(cpath);
	free(rpath);
	return (r);
}

static void
print(const struct wbuf *text)
{
	size_t at;
	ssize_t n;

	for (at = 0; at < text->len; at += n)
		if ((n = write(STDOUT_FILENO, text->data + at,
		    text->len - at)) == -1) {
			if (errno != EINTR) {
				log_warn("printing the plan");
				return;
			}
			n = 0;
		}
}

/*
 * The environment as it is now: what is set for our own sake must not get
 * into that of tasks.
 */
static char **
keep_environ(void)
{
	char **copy;
	size_t i, n;

	for (n = 0; environ[n] != NULL; n++)
		;
	copy = xcalloc(n + 1, sizeof(*copy));
	for (i = 0; i < n; i++)
		copy[i] = xstrdup(environ[i]);
	return (copy);
}

static void
free_environ(char **env)
{
	size_t i;

	for (i = 0; env[i] != NULL; i++)
		free(env[i]);
	free(env);
}

static int
load(struct imsgbuf *ib, const struct load_req *req,
    const struct conf_input *in)
{
	struct conf c;
	int r;

	memset(&c, 0, sizeof(c));
	conf_compile(&c, in);
	if (req->explain && c.diag.nerrors == c.diag.nhost)
		print(&c.explain);
	r = emit_send(&c.emit, &c.diag, send_message, ib);
	conf_free(&c);
	return (r);
}

int
load_main(void)
{
	struct input conf, roles;
	struct conf_input in;
	struct load_req req;
	struct arena names;
	struct imsgbuf *ib;
	char active[128], **env;
	int flags, r;

	log_init("loader", LOG_TO_PIPE, LOG_LEVEL_INFO);
	signal(SIGPIPE, SIG_IGN);
	env = keep_environ();
	/* A resolver that is away must not hold up the start for long. */
	setenv("RES_OPTIONS", "timeout:1 attempts:1", 1);
	if ((flags = fcntl(HELPER_FD, F_GETFL)) == -1 ||
	    fcntl(HELPER_FD, F_SETFL, flags & ~O_NONBLOCK) == -1 ||
	    (ib = imsgbuf_new(HELPER_FD)) == NULL)
		fatal("the channel to the spawner");
	say_hello(ib);
	receive(ib, &req);

	memset(&in, 0, sizeof(in));
	memset(&names, 0, sizeof(names));
	memset(&roles, 0, sizeof(roles));
	host_names(&names, &in.host, &in.fqdn);
	read_input(LOADER_CONF_FD, YAML_MAX_BYTES, &conf);
	if (req.have_roles)
		read_input(LOADER_ROLES_FD, LIMIT_ROLES, &roles);
	if (sandbox_enter(SANDBOX_LOADER, active, sizeof(active)) == -1)
		fatal("sandbox: %s", active);
	log_debug("sandbox: %s", active);

	in.req = &req;
	in.conf = conf.text;
	in.conflen = conf.len;
	in.roles = roles.text;
	in.roleslen = roles.len;
	in.environ = env;
	if (conf.error != NULL || roles.error != NULL)
		r = refuse(ib, &req, &conf, &roles);
	else
		r = load(ib, &req, &in);
	if (r == 0 && imsgbuf_flush(ib) != 1)
		r = -1;
	if (r == -1)
		log_warn("sending the plan");
	free(conf.text);
	free(roles.text);
	arena_free(&names);
	free_environ(env);
	imsgbuf_free(ib);
	return (r == 0 ? 0 : 1);
}
