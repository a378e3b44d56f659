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
 * Remembers what the monitor said, and the texts made of it.  Whether it
 * still holds is for peer.c to know.
 */

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/json.h"
#include "../common/mono.h"
#include "answers.h"
#include "page.h"
#include "render.h"
#include "snapshot.h"

/*
 * How long a text of the tasks is good for, in ms.  Only uptime runs in it;
 * so a crowd of readers costs a rendering each 10 ms and not one each.
 */
#define TASKS_GOOD	10

/* A text that is kept, and the indent it was made with. */
struct kept {
	struct text	*text;
	unsigned int	 indent;
	struct mono	 at;
};

static struct {
	struct snapshot	*tasks;
	struct kept	 tasks_text;
	struct kept	 page;
	struct wbuf	 config;
	uint32_t	 config_gen;
	struct kept	 config_text;
	uint32_t	 boot;		/* tells one httpd from the next */
	unsigned int	 monitors;	/* that there were so far */
} answers;

void
answers_init(void)
{
	answers.boot = arc4random();
}

/*
 * Uptime runs on in a text of the tasks, so its tag is weak: it names the
 * state, as this httpd heard of it.
 */
static void
tag_tasks(struct text *t, const struct snapshot *s, unsigned int indent)
{
	snprintf(t->etag, sizeof(t->etag), "W/\"%08x-%x-%llx-%u\"",
	    answers.boot, answers.monitors,
	    (unsigned long long)snapshot_change(s), indent);
}

static void
drop(struct kept *k)
{
	if (k->text == NULL)
		return;
	text_retire(k->text);
	text_unref(k->text);
	k->text = NULL;
}

static struct text *
keep(struct kept *k, struct text *t, unsigned int indent)
{
	drop(k);
	if (t == NULL)
		return (NULL);
	k->text = t;
	k->indent = indent;
	k->at = mono_now();
	return (text_ref(t));
}

void
answers_set_tasks(struct snapshot *s)
{
	drop(&answers.tasks_text);
	drop(&answers.page);
	snapshot_free(answers.tasks);
	answers.tasks = s;
}

void
answers_set_config(struct wbuf *w, uint32_t gen)
{
	drop(&answers.config_text);
	wbuf_free(&answers.config);
	answers.config = *w;
	*w = (struct wbuf){ 0 };
	answers.config_gen = gen;
}

void
answers_forget(void)
{
	struct wbuf none = { 0 };

	answers_set_tasks(NULL);
	answers_set_config(&none, 0);
	answers.monitors++;
}

const struct snapshot *
answers_snapshot(void)
{
	return (answers.tasks);
}

uint64_t
answers_change(void)
{
	return (answers.tasks == NULL ? 0 : snapshot_change(answers.tasks));
}

uint32_t
answers_gen(void)
{
	return (snapshot_gen(answers.tasks));
}

uint32_t
answers_config_gen(void)
{
	return (answers.config_gen);
}

struct text *
answers_tasks(unsigned int indent)
{
	struct kept *k = &answers.tasks_text;
	struct text *t;

	if (answers.tasks == NULL)
		return (NULL);
	if (k->text != NULL && k->indent == indent &&
	    mono_sub(mono_now(), k->at) < TASKS_GOOD)
		return (text_ref(k->text));
	if ((t = render_tasks(answers.tasks, indent)) != NULL)
		tag_tasks(t, answers.tasks, indent);
	return (keep(k, t, indent));
}

struct text *
answers_page(bool control)
{
	struct kept *k = &answers.page;

	if (answers.tasks == NULL)
		return (NULL);
	if (k->text != NULL && mono_sub(mono_now(), k->at) < TASKS_GOOD)
		return (text_ref(k->text));
	return (keep(k, page_render(answers.tasks, control), 0));
}

struct text *
answers_config(unsigned int indent)
{
	struct kept *k = &answers.config_text;
	struct text *t;
	size_t len;
	char *data;

	if (answers.config_gen == 0)
		return (NULL);
	if (k->text != NULL && k->indent == indent)
		return (text_ref(k->text));
	data = json_reindent((const char *)answers.config.data,
	    answers.config.len, indent, &len);
	t = data == NULL ? NULL : text_new(data, len);
	if (t != NULL)
		etag_strong(t->etag, t->data, t->len);
	return (keep(k, t, indent));
}
