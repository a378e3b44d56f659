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
 * The commands about the configuration: reload, plan and check.  The files of
 * a plan are opened here, with the rights of who asks, and passed to the
 * daemon: it never opens a path for somebody else.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/ipc.h"
#include "../common/memfile.h"
#include "../common/run.h"
#include "../common/util.h"
#include "output.h"
#include "talk.h"

/* The files to be passed; -1: none, the daemon's own is meant. */
struct files {
	int		 conf;
	int		 roles;
	bool		 no_roles;	/* role filtering is off */
};

/* A FIFO must not hold us, nor a tape rewind: hence the flags. */
static enum ctl_exit
open_file(const struct ctl *ctl, const char *path, int *fd)
{
	struct stat	 st;

	*fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*fd == -1 || fstat(*fd, &st) == -1)
		return (ctl_fail(ctl, CTL_USAGE, "%s: cannot open: %s", path,
		    strerror(errno)));
	if (!S_ISREG(st.st_mode))
		return (ctl_fail(ctl, CTL_USAGE, "%s: not a regular file",
		    path));
	return (CTL_OK);
}

/* One of -R: a line of a roles file, and not something else there. */
static enum ctl_exit
check_role(const struct ctl *ctl, const char *role, size_t len)
{
	if (len == 0 || role[0] == '#' || role[0] == '=' || role[0] == ' ')
		return (ctl_fail(ctl, CTL_USAGE, "-R %s: '%.*s' is no role",
		    ctl->roles, (int)len, role));
	if (memchr(role, '\n', len) != NULL)
		return (ctl_fail(ctl, CTL_USAGE, "-R %s: commas stand between "
		    "roles, not newlines", ctl->roles));
	return (CTL_OK);
}

/* The roles of -R as a file that has no name; an empty list is no role. */
static enum ctl_exit
make_roles(const struct ctl *ctl, int *fd)
{
	struct memfile	 m;
	const char	*role, *comma;
	enum ctl_exit	 code = CTL_OK;
	bool		 ok;

	ok = memfile_open(&m, "roles") == 0;
	for (role = ctl->roles; ok && code == CTL_OK && *role != '\0';
	    role = *comma == ',' ? comma + 1 : comma) {
		comma = role + strcspn(role, ",");
		code = check_role(ctl, role, (size_t)(comma - role));
		ok = memfile_write(&m, role, (size_t)(comma - role)) == 0 &&
		    memfile_write(&m, "\n", 1) == 0;
	}
	if (ok && code == CTL_OK)
		ok = (*fd = memfile_finish(&m)) != -1 &&
		    lseek(*fd, 0, SEEK_SET) == 0;
	if (!ok)
		code = ctl_fail(ctl, CTL_FAILED, "-R: cannot make a file of "
		    "it: %s", strerror(errno));
	memfile_close(&m);
	return (code);
}

static enum ctl_exit
open_files(const struct ctl *ctl, struct files *f)
{
	enum ctl_exit	 code = CTL_OK;

	f->conf = f->roles = -1;
	f->no_roles = false;
	if (ctl->roles != NULL && ctl->roles_file != NULL)
		return (ctl_fail(ctl, CTL_USAGE, "one of -r and -R"));
	if (ctl->file != NULL)
		code = open_file(ctl, ctl->file, &f->conf);
	if (code != CTL_OK)
		return (code);
	if (ctl->roles != NULL)
		return (make_roles(ctl, &f->roles));
	if (ctl->roles_file == NULL)
		return (CTL_OK);
	if (ctl->roles_file[0] == '\0') {
		f->no_roles = true;
		return (CTL_OK);
	}
	return (open_file(ctl, ctl->roles_file, &f->roles));
}

/* Passes *fd, if there is one. */
static enum ctl_exit
pass_file(struct conn *c, uint8_t which, const char *name, int *fd)
{
	struct wbuf	*w;
	int		 passed = *fd;

	if (passed == -1)
		return (CTL_OK);
	*fd = -1;
	w = conn_ask(c, C_FILE);
	put_u8(w, which);
	put_str(w, name);
	return (conn_send_fd(c, passed));
}

static enum ctl_exit
ask_plan(const struct ctl *ctl, struct conn *c, struct files *f, bool check,
    struct answer *a)
{
	struct wbuf	*w;
	enum ctl_exit	 code;

	if ((code = pass_file(c, FILE_CONF, ctl->file, &f->conf)) != CTL_OK ||
	    (code = pass_file(c, FILE_ROLES, ctl->roles != NULL ? "-R" :
	    ctl->roles_file, &f->roles)) != CTL_OK)
		return (code);
	w = conn_ask(c, C_PLAN);
	put_bool(w, check);
	put_bool(w, f->no_roles);
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	return (answer_read(c, c->tag, a));
}

static enum ctl_exit
show_load(struct ctl *ctl, const struct answer *a, enum load_kind kind)
{
	ctl->out->load(a, kind);
	if (a->failed)
		return (talk_refused(ctl, a));
	return (CTL_OK);
}

static enum ctl_exit
plan(struct ctl *ctl, enum load_kind kind)
{
	struct answer	 a;
	struct conn	 c;
	struct files	 f;
	enum ctl_exit	 code;

	memset(&a, 0, sizeof(a));
	memset(&c, 0, sizeof(c));
	if ((code = open_files(ctl, &f)) == CTL_OK) {
		if ((code = talk_open(ctl, &c)) != CTL_OK ||
		    (code = ask_plan(ctl, &c, &f, kind == LOAD_CHECK, &a)) !=
		    CTL_OK)
			code = talk_broken(ctl, &c, code);
		else
			code = show_load(ctl, &a, kind);
	}
	if (f.conf != -1)
		close(f.conf);
	if (f.roles != -1)
		close(f.roles);
	answer_free(&a);
	conn_close(&c);
	return (code);
}

enum ctl_exit
action_check(struct ctl *ctl, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return (plan(ctl, LOAD_CHECK));
}

enum ctl_exit
action_plan(struct ctl *ctl, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return (plan(ctl, LOAD_PLAN));
}

/*
 * -t 0: the answer to a reload comes only when it is over.  Questions are
 * taken in order, so an answer to the one behind it says that it was
 * accepted, unless a refusal came first.
 */
static enum ctl_exit
reload_accepted(struct conn *c, struct answer *a)
{
	struct answer_fail	 f;
	struct cursor		 body;
	struct imsg		 m;
	enum ctl_exit		 code;
	uint32_t		 tag;

	memset(a, 0, sizeof(*a));
	(void)conn_ask(c, C_RELOAD);
	tag = c->tag;
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	(void)conn_ask(c, C_VERSION);
	if ((code = conn_send(c)) != CTL_OK)
		return (code);
	do {
		if ((code = conn_next(c, &m)) != CTL_OK)
			return (code);
		cursor_init(&body, m.data, m.len);
		if (m.tag == tag && m.type == A_FAIL &&
		    get_answer_fail(&body, &f) == 0) {
			a->failed = true;
			a->code = (enum fail_code)f.code;
			a->text = xstrndup(f.text.p, f.text.len);
			return (CTL_OK);
		}
	} while (m.tag != c->tag);
	a->text = xstrdup("reload initiated");
	return (CTL_OK);
}

enum ctl_exit
action_reload(struct ctl *ctl, int argc, char **argv)
{
	struct answer	 a;
	struct conn	 c;
	enum ctl_exit	 code;

	(void)argc;
	(void)argv;
	memset(&a, 0, sizeof(a));
	if ((code = talk_open(ctl, &c)) == CTL_OK)
		code = ctl->wait_ms == 0 ? reload_accepted(&c, &a) :
		    talk_ask(&c, C_RELOAD, &a);
	if (code != CTL_OK)
		code = talk_broken(ctl, &c, code);
	else
		code = show_load(ctl, &a, LOAD_RELOAD);
	answer_free(&a);
	conn_close(&c);
	return (code);
}
