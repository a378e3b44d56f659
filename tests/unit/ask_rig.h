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
 * For tests of requests that change tasks: how they are asked, what is
 * answered, and what the spawner hears and says.
 */

#ifndef TESTS_UNIT_ASK_RIG_H
#define TESTS_UNIT_ASK_RIG_H

#include "monitor_rig.h"

#define NOWAIT	0
#define LONG	60000
#define BOTH	(RIGHT_STATUS | RIGHT_MANAGE)

/* Asks; the targets are "name" or "name=value", up to NULL. */
static inline void
ask(struct imsgbuf *b, uint16_t type, uint32_t tag, uint32_t wait_ms,
    const char *word, const char *const *targets)
{
	struct ask_target	 t[32];
	struct ask_change	 q = {
		.wait_ms = wait_ms, .word = { word, strlen(word) }
	};
	const char		*eq;

	for (; targets[q.n] != NULL; q.n++) {
		ck_assert_uint_lt(q.n, nitems(t));
		eq = strchr(targets[q.n], '=');
		t[q.n].name.p = targets[q.n];
		t[q.n].name.len = eq != NULL ? (size_t)(eq - targets[q.n]) :
		    strlen(targets[q.n]);
		t[q.n].value.p = eq != NULL ? eq + 1 : "";
		t[q.n].value.len = strlen(t[q.n].value.p);
	}
	put_ask_change(imsgbuf_begin(b, type, tag), &q, t);
	end(b);
}

#define ASK(b, type, tag, ms, word, ...)				\
	ask(b, type, tag, ms, word, (const char *const[]){ __VA_ARGS__, NULL })

/* The next result; of a text that ends in a star the beginning counts. */
static inline void
result(struct imsgbuf *b, uint32_t tag, const char *name, uint8_t code,
    const char *text)
{
	struct answer_result	 r;
	struct imsg		 m;
	struct cursor		 c;
	size_t			 len;

	expect(b, A_RESULT, &m, &c);
	ck_assert_uint_eq(m.tag, tag);
	ck_assert_int_eq(get_answer_result(&c, &r), 0);
	ck_assert_msg(span_is(r.name, name), "%.*s instead of %s",
	    (int)r.name.len, r.name.p, name);
	len = strlen(text);
	if (text[len - 1] == '*' && r.text.len >= len)
		r.text.len = --len;
	ck_assert_msg(r.code == code && r.text.len == len &&
	    memcmp(r.text.p, text, len) == 0,
	    "%s: %u, %.*s instead of %u, %s", name, r.code, (int)r.text.len,
	    r.text.p, code, text);
}

static inline void
all_ok(struct imsgbuf *b, uint32_t tag)
{
	struct imsg	 m;

	expect(b, A_OK, &m, NULL);
	ck_assert_uint_eq(m.tag, tag);
}

/* The spawner is asked to signal that process next. */
static inline void
signalled(uint64_t id, int sig)
{
	struct signal_req	 q;
	struct imsg		 m;
	struct cursor		 c;

	expect(spawner, R_SIGNAL, &m, &c);
	ck_assert_int_eq(get_signal_req(&c, &q), 0);
	ck_assert_uint_eq(q.id, id);
	ck_assert_uint_eq(q.sig, sig);
}

static inline void
exits(uint64_t id, uint32_t pid_, uint32_t status)
{
	struct exited	 e = {
		.id = id, .pid = pid_, .status = status, .at = mono_now(),
		.wall = wall_now()
	};

	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
}

/* What starts has begun only so many milliseconds later. */
static int64_t	 start_later;

/* The next R_SPAWN is of this task, and it starts. */
static inline void
starts(uint32_t task, uint64_t id)
{
	struct spawn_req	 q;
	struct spawned		 s = {
		.id = id, .task = task, .pid = (uint32_t)id * 10,
		.at = mono_add(mono_now(), start_later), .wall = wall_now()
	};
	struct imsg		 m;
	struct cursor		 c;

	expect(spawner, R_SPAWN, &m, &c);
	ck_assert_int_eq(get_spawn_req(&c, &q), 0);
	ck_assert_uint_eq(q.task, task);
	s.instance = q.instance;
	put_spawned(imsgbuf_begin(spawner, S_SPAWNED, m.tag), &s);
	end(spawner);
}

#endif /* TESTS_UNIT_ASK_RIG_H */
