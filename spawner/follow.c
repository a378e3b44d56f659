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
 * The daemon's own files, for the monitor to follow.  Their paths are ours,
 * from the command line and the sealed plan; nothing comes from outside.
 * What stat(2) says is passed on and not acted on.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/util.h"
#include "daemon.h"
#include "follow.h"
#include "options.h"
#include "planstore.h"
#include "selfcheck.h"

#define LOADED_MAX	3	/* configuration, and two places for roles */

struct followed {
	uint8_t		 what;		/* enum follow_what */
	const char	*path;		/* of the options or of plan */
	struct file_id	 id;
};

/*
 * The monitor asks for files by their numbers at any time: those it was told
 * stand as they are until it is told others, also while a load runs.
 */
struct follower {
	struct followed	 files[FOLLOW_FILES];
	uint32_t	 n;
	struct followed	 loaded[LOADED_MAX];	/* as the last load began */
	uint32_t	 nloaded;
	struct plan_store *plan;	/* whose certificates these are */
};

struct follower *
follow_new(void)
{
	return (calloc(1, sizeof(struct follower)));
}

void
follow_free(struct follower *f)
{
	if (f == NULL)
		return;
	planstore_unref(f->plan);
	free(f);
}

void
follow_look(const char *path, struct file_id *id)
{
	struct stat st;

	memset(id, 0, sizeof(*id));
	if (stat(path, &st) == -1) {
		id->error = errno;
		return;
	}
	id->dev = st.st_dev;
	id->ino = st.st_ino;
	id->size = st.st_size;
	id->mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 +
	    st.st_mtim.tv_nsec;
}

static void
add_loaded(struct follower *f, enum follow_what what, const char *path)
{
	struct followed *file = &f->loaded[f->nloaded];

	if (f->nloaded == nitems(f->loaded))
		return;
	f->nloaded++;
	file->what = what;
	file->path = path;
	follow_look(path, &file->id);
}

void
follow_load(struct daemon *d)
{
	struct follower *f = d->follower;
	const char *name;
	size_t i;

	f->nloaded = 0;
	if (d->opt->sanity)
		return;
	add_loaded(f, FOLLOW_CONF, d->opt->config_file);
	if (d->opt->roles_file != NULL) {
		add_loaded(f, FOLLOW_ROLES, d->opt->roles_file);
		return;
	}
	for (i = 0; (name = options_roles_name(i)) != NULL; i++)
		add_loaded(f, FOLLOW_ROLES, name);
}

/* id: what it was when it was loaded; NULL: it is now. */
static void
add(struct follower *f, enum follow_what what, const char *path,
    const struct file_id *id)
{
	struct followed *file;

	/* A relative one is below a directory of long ago. */
	if (f->n == nitems(f->files) || path[0] != '/')
		return;
	file = &f->files[f->n++];
	file->what = what;
	file->path = path;
	if (id != NULL)
		file->id = *id;
	else
		follow_look(path, &file->id);
}

static void
add_load(struct follower *f)
{
	uint32_t i;

	for (i = 0; i < f->nloaded; i++)
		add(f, f->loaded[i].what, f->loaded[i].path, &f->loaded[i].id);
}

/* The certificates, and who may come in, of the plan in force. */
static void
add_certs(struct daemon *d)
{
	struct follower *f = d->follower;
	const struct store_listen *l;
	uint32_t i;

	planstore_ref(d->plan);
	planstore_unref(f->plan);
	f->plan = d->plan;
	for (i = 0; i < d->plan->nlisten; i++) {
		l = &d->plan->listen[i];
		if (l->certfile != NULL)
			add(f, FOLLOW_CERT, l->certfile, NULL);
		if (l->client_ca != NULL)
			add(f, FOLLOW_CERT, l->client_ca, NULL);
		if (l->auth != NULL)
			add(f, FOLLOW_CERT, l->auth, NULL);
	}
}

static void
add_programs(struct daemon *d)
{
	const struct file_id *id;
	const char *path;
	unsigned int i;

	for (i = 0; i < SELFCHECK_FILES; i++)
		if ((path = selfcheck_file(d->selfcheck, i, &id)) != NULL)
			add(d->follower, FOLLOW_PROGRAM, path, id);
}

void
follow_send(struct daemon *d)
{
	struct follower *f = d->follower;
	struct follow file;
	struct wbuf *w;
	uint32_t i;

	if (!helper_ready(d->monitor) || d->plan == NULL)
		return;
	f->n = 0;
	add_load(f);
	add_certs(d);
	add_programs(d);
	w = chan_begin(helper_chan(d->monitor), S_FOLLOW, 0);
	put_u32(w, f->n);
	for (i = 0; i < f->n; i++) {
		file.what = f->files[i].what;
		file.path.p = f->files[i].path;
		file.path.len = strlen(f->files[i].path);
		file.id = f->files[i].id;
		put_follow(w, &file);
	}
	chan_end(helper_chan(d->monitor));
}

const char *
follow_path(const struct follower *f, uint32_t index)
{
	return (index < f->n ? f->files[index].path : NULL);
}
