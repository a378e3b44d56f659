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
 * Answers as JSON.  Names and numbers come from the monitor, which checked
 * the configuration; the JSON writer makes any bytes valid.
 */

#include "config.h"

#include <sys/utsname.h>

#include <stdint.h>
#include <stdlib.h>

#include "../common/answerjson.h"
#include "../common/json.h"
#include "../common/log.h"
#include "../common/util.h"
#include "render.h"
#include "snapshot.h"

static struct utsname system_name;
static size_t	stale;		/* bytes of texts that are retired */

struct text *
text_new(char *data, size_t len)
{
	struct text *t;

	t = xcalloc(1, sizeof(*t));
	t->refs = 1;
	t->data = data;
	t->len = len;
	return (t);
}

struct text *
text_ref(struct text *t)
{
	t->refs++;
	return (t);
}

void
text_unref(struct text *t)
{
	if (t == NULL || --t->refs > 0)
		return;
	if (t->stale)
		stale -= t->len;
	free(t->data);
	free(t);
}

void
text_retire(struct text *t)
{
	if (!t->stale)
		stale += t->len;
	t->stale = true;
}

size_t
text_stale(void)
{
	return (stale);
}

void
render_init(void)
{
	if (uname(&system_name) == -1)
		fatal("uname");
}

const char *
render_nodename(void)
{
	return (system_name.nodename);
}

/* The finished text, and the writer's end. */
static struct text *
finish(struct json *j)
{
	size_t len;
	char *data;

	data = json_finish(j, &len);
	json_free(j);
	return (data == NULL ? NULL : text_new(data, len));
}

struct text *
render_version(bool control, unsigned int indent)
{
	struct text *t;
	struct json *j;
	char *platform;

	if ((j = json_new(indent)) == NULL)
		return (NULL);
	json_object(j);
	json_key(j, "taskforce");
	json_string(j, PACKAGE_VERSION);
	json_key(j, "platform");
	json_object(j);
	json_key(j, "system");
	json_string(j, system_name.sysname);
	if (control) {
		xasprintf(&platform, "%s-%s-%s", system_name.sysname,
		    system_name.release, system_name.machine);
		json_key(j, "platform");
		json_string(j, platform);
		free(platform);
		json_key(j, "release");
		json_string(j, system_name.release);
	}
	json_object_end(j);
	json_object_end(j);
	if ((t = finish(j)) != NULL)
		etag_strong(t->etag, t->data, t->len);
	return (t);
}

struct text *
render_tasks(const struct snapshot *s, unsigned int indent)
{
	struct snapshot_record r;
	struct json *j;
	size_t pos;
	bool open;

	if ((j = json_new(indent)) == NULL)
		return (NULL);
	json_object(j);
	open = false;
	for (pos = 0; snapshot_next(s, &pos, &r);) {
		if (r.is_task) {
			if (open)
				json_answer_task_end(j);
			json_answer_task(j, &r.task);
			open = true;
		} else
			json_answer_proc(j, &r.proc);
	}
	if (open)
		json_answer_task_end(j);
	json_object_end(j);
	return (finish(j));
}
