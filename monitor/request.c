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
 * Questions that change tasks (client.h: struct ask_change): from the words
 * of the client, which may be any, to the tasks and slots that are meant,
 * each of them once and in order of name.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/log.h"
#include "../common/util.h"
#include "request.h"

#define ITEMS_MAX	LIMIT_PROCS	/* targets of one question, resolved */

static const struct {
	const char	*verb;
	uint16_t	 type;
	bool		 slots;		/* "web:2" means something */
	bool		 values;	/* each target has one */
} kinds[] = {
	{ "start", C_START, true, false },
	{ "stop", C_STOP, true, false },
	{ "restart", C_RESTART, true, false },
	{ "count", C_COUNT, false, true },
	{ "control", C_CONTROL, false, true },
	{ "signal", C_SIGNAL, true, false },
	{ "run", C_RUN, true, false }
};

/* A target of the question, taken apart. */
struct word {
	char		*name;		/* without the slot */
	char		*value;		/* NULL: its kind has none */
	uint16_t	 instance;
	bool		 wide;
	bool		 bad;		/* what is behind its colon */
};

static size_t
kind_of(uint16_t type)
{
	size_t	 i;

	for (i = 0; kinds[i].type != type; i++)
		;
	return (i);
}

const char *
request_verb(const struct request *r)
{
	return (kinds[kind_of(r->type)].verb);
}

void
request_free(struct request *r)
{
	size_t	 i;

	if (r == NULL)
		return;
	for (i = 0; i < r->n; i++) {
		free(r->items[i].name);
		free(r->items[i].value);
		free(r->items[i].text);
	}
	free(r->items);
	free(r->word);
	free(r);
}

/* Cuts the slot off a name; no name of a task has a colon in it. */
static void
read_slot(struct word *w)
{
	const char	*error;
	char		*colon;
	long long	 n;

	if ((colon = strrchr(w->name, ':')) == NULL)
		return;
	n = strtonum(colon + 1, 0, LIMIT_INSTANCES - 1, &error);
	if (error != NULL || strspn(colon + 1, "0123456789") !=
	    strlen(colon + 1)) {
		w->bad = true;
		return;
	}
	w->instance = n;
	*colon = '\0';
}

static struct word *
read_words(const struct ask_change *q, size_t kind)
{
	struct cursor		 c = q->targets;
	struct ask_target	 t;
	struct word		*words;
	uint32_t		 i;

	words = xcalloc(q->n + 1, sizeof(*words));
	for (i = 0; i < q->n; i++) {
		get_target(&c, &t);
		words[i].name = xstrndup(t.name.p, t.name.len);
		words[i].instance = SCHED_ALL;
		if (kinds[kind].values)
			words[i].value = xstrndup(t.value.p, t.value.len);
		if (kinds[kind].slots && !q->exact)
			read_slot(&words[i]);
		words[i].wide = !q->exact && !words[i].bad &&
		    target_is_wide(words[i].name);
	}
	return (words);
}

static void
free_words(struct word *words, size_t n)
{
	while (n-- > 0) {
		free(words[n].name);
		free(words[n].value);
	}
	free(words);
}

/* false: there are too many. */
static bool
add(struct request *r, size_t *room, const struct word *w, const char *name,
    uint32_t task)
{
	struct request_item	*it;

	if (r->n == ITEMS_MAX)
		return (false);
	if (r->n == *room) {
		*room = *room == 0 ? 16 : *room * 2;
		r->items = xreallocarray(r->items, *room,
		    sizeof(*r->items));
	}
	it = &r->items[r->n++];
	*it = (struct request_item){
		.req = r, .name = xstrdup(name), .task = task,
		.instance = w->instance, .named = !w->wide
	};
	if (w->value != NULL)
		it->value = xstrdup(w->value);
	return (true);
}

static int
by_name(const void *a, const void *b)
{
	const struct word *const	*v = a, *const *w = b;

	return (strcmp((*v)->name, (*w)->name));
}

/* All that are no patterns, at once. */
static bool
add_names(struct request *r, size_t *room, struct word *words, size_t n,
    const struct sched *s)
{
	const struct word	**sorted;
	const char		**names;
	uint32_t		 *tasks;
	size_t			  i, k = 0;
	bool			  fits = true;

	sorted = xcalloc(n + 1, sizeof(*sorted));
	names = xcalloc(n + 1, sizeof(*names));
	tasks = xcalloc(n + 1, sizeof(*tasks));
	for (i = 0; i < n; i++)
		if (!words[i].wide)
			sorted[k++] = &words[i];
	qsort(sorted, k, sizeof(*sorted), by_name);
	for (i = 0; i < k; i++)
		names[i] = sorted[i]->name;
	target_find(s, names, k, tasks);
	for (i = 0; i < k && fits; i++)
		fits = add(r, room, sorted[i], names[i], tasks[i]);
	free(sorted);
	free(names);
	free(tasks);
	return (fits);
}

static bool
add_pattern(struct request *r, size_t *room, const struct word *w,
    const struct sched *s)
{
	uint32_t	 i, n = sched_ntasks(s);
	bool		*chosen, any, fits = true;

	chosen = xcalloc(n + 1, sizeof(*chosen));
	any = target_mark(s, w->name, chosen);
	if (!any)
		fits = add(r, room, w, w->name, NO_INDEX);
	for (i = 0; any && fits && i < n; i++)
		if (chosen[i])
			fits = add(r, room, w, sched_task_name(s, i), i);
	free(chosen);
	return (fits);
}

/* By name, then the whole task before its slots. */
static int
by_target(const void *a, const void *b)
{
	const struct request_item	*i = a, *k = b;
	int				 d;

	if ((d = strcmp(i->name, k->name)) != 0)
		return (d);
	d = (uint16_t)(i->instance + 1) - (uint16_t)(k->instance + 1);
	/* What was named decides for what was also meant. */
	return (d != 0 ? d : k->named - i->named);
}

/* The second of two neighbours says nothing that the first does not. */
static bool
is_same(struct request_item *kept, const struct request_item *it)
{
	char	*text;

	if (strcmp(kept->name, it->name) != 0 ||
	    (kept->instance != SCHED_ALL && kept->instance != it->instance))
		return (false);
	if (it->value == NULL || strcmp(kept->value, it->value) == 0)
		return (true);
	xasprintf(&text, "both '%s' and '%s' asked for", kept->value,
	    it->value);
	request_result(kept, RESULT_BAD_VALUE, text);
	free(text);
	return (true);
}

static void
unite(struct request *r)
{
	size_t	 i, n = 0;

	if (r->n == 0)
		return;
	qsort(r->items, r->n, sizeof(*r->items), by_target);
	for (i = 1; i < r->n; i++) {
		if (is_same(&r->items[n], &r->items[i])) {
			free(r->items[i].name);
			free(r->items[i].value);
		} else
			r->items[++n] = r->items[i];
	}
	r->n = n + 1;
}

/* Finds what is meant; false: too much of it. */
static bool
resolve(struct request *r, const struct ask_change *q)
{
	const struct sched	*s = r->client->mon->now.sched;
	struct word		*words;
	size_t			 room = 0;
	uint32_t		 i, patterns = 0;
	bool			 fits;

	words = read_words(q, kind_of(r->type));
	fits = add_names(r, &room, words, q->n, s);
	for (i = 0; i < q->n && fits; i++) {
		if (!words[i].wide)
			continue;
		fits = ++patterns <= PATTERNS_MAX &&
		    add_pattern(r, &room, &words[i], s);
	}
	free_words(words, q->n);
	unite(r);
	return (fits);
}

/* Who asked for what: one line, however many it is. */
static void
log_request(const struct request *r)
{
	char	 names[256] = "";
	size_t	 i, used = 0;

	for (i = 0; i < r->n && used + strlen(r->items[i].name) + 16 <
	    sizeof(names); i++) {
		used += snprintf(names + used, sizeof(names) - used, " %s",
		    r->items[i].name);
		if (r->items[i].instance != SCHED_ALL)
			used += snprintf(names + used, sizeof(names) - used,
			    ":%u", r->items[i].instance);
		if (r->items[i].value != NULL)
			used += snprintf(names + used, sizeof(names) - used,
			    "=%.10s", r->items[i].value);
	}
	log_info("client %s: %s%s%s%s%s%s", chan_name(r->client->chan),
	    request_verb(r), r->word[0] != '\0' ? " " : "", r->word, names,
	    i < r->n ? " ..." : "", r->refused ? ": refused" : "");
}

int
on_c_change(struct chan *c, struct msg *m, void *arg)
{
	struct client		*cl = arg;
	struct ask_change	 q;
	struct request		*r;

	(void)c;
	if (get_ask_change(&m->body, &q) == -1)
		return (-1);
	if (sched_mode(cl->mon->now.sched) != MODE_RUN) {
		client_fail(cl, m->tag, FAIL_BUSY, "the daemon is stopping");
		return (0);
	}
	if (cl->nrequests >= REQUESTS_MAX) {
		client_fail(cl, m->tag, FAIL_BUSY, "too many requests wait "
		    "for their results");
		return (0);
	}
	r = xcalloc(1, sizeof(*r));
	r->client = cl;
	r->tag = m->tag;
	r->type = m->type;
	r->wait_ms = q.wait_ms;
	r->word = xstrndup(q.word.p, q.word.len);
	if (!resolve(r, &q) || r->n == 0) {
		client_fail(cl, m->tag, r->n == 0 ? FAIL_NOT_FOUND :
		    FAIL_BUSY, r->n == 0 ? "no task is named" :
		    "too many targets at once");
		request_free(r);
		return (0);
	}
	request_apply(r);
	log_request(r);
	wait_begin(r);
	return (0);
}
