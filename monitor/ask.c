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
 * The questions of clients: what each kind of channel may ask is one table.
 * A question that needs more rights is answered, so that a person reads
 * "not permitted" and not "connection closed"; what is no question at all
 * ends the channel.
 */

#include <stdio.h>
#include <string.h>

#include "../common/imsg.h"
#include "../common/util.h"
#include "client.h"

void
client_ok(struct client *cl, uint32_t tag, const char *text)
{
	put_str(chan_begin(cl->chan, A_OK, tag), text);
	chan_end(cl->chan);
}

void
client_fail(struct client *cl, uint32_t tag, enum fail_code code,
    const char *text)
{
	put_answer_fail(chan_begin(cl->chan, A_FAIL, tag), code, text);
	chan_end(cl->chan);
}

static int
on_hello(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;
	struct hello	 h;

	if (get_hello(&m->body, &h) == -1 ||
	    (h.role != ROLE_HTTPD && h.role != ROLE_CTL))
		return (-1);
	cl->role = h.role;
	memcpy(cl->build, h.build.p, h.build.len);
	put_hello(chan_begin(c, M_HELLO, m->tag), ROLE_MONITOR);
	chan_end(c);
	chan_phase(c, CHAN_RUN);
	return (0);
}

static void
put_part(struct chan *c, uint32_t tag, const char *part, const char *build)
{
	char	 text[HELLO_BUILD + 32];
	int	 n;

	n = snprintf(text, sizeof(text), "%s %s\n", part, build);
	put_blob(chan_begin(c, A_CHUNK, tag), text, n);
	chan_end(c);
}

/* Every part that runs, each in the version that it greeted with. */
static int
on_version(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg, *other;

	put_part(c, m->tag, "taskforced", cl->mon->build);
	put_part(c, m->tag, "monitor", PACKAGE_VERSION);
	TAILQ_FOREACH(other, &cl->mon->clients, entry)
		if (other->role == ROLE_HTTPD)
			put_part(c, m->tag, "httpd", other->build);
	chan_send(c, A_END, m->tag);
	return (0);
}

static int
on_subscribe(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;

	(void)c;
	cl->subscribed = true;
	cl->armed = true;
	client_ok(cl, m->tag, "");
	return (0);
}

static int
on_stop(struct chan *c, struct msg *m, void *arg)
{
	struct client	*cl = arg;
	uint8_t		 mode;

	(void)c;
	mode = m->type == C_SHUTDOWN ? MODE_STOP : MODE_RESET;
	put_u8(chan_begin(cl->mon->spawner, R_STOPREQ, 0), mode);
	chan_end(cl->mon->spawner);
	client_ok(cl, m->tag, mode == MODE_STOP ? "taskforced stops" :
	    "taskforced resets");
	return (0);
}

/* What comes with a C_FILE goes with it; the C_PLAN is answered. */
static int
on_denied_file(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	(void)arg;
	cursor_init(&m->body, NULL, 0);
	return (0);
}

static int
on_denied(struct chan *c, struct msg *m, void *arg)
{
	(void)c;
	/* Whatever it says: it is not even read. */
	cursor_init(&m->body, NULL, 0);
	client_fail(arg, m->tag, FAIL_DENIED, "not permitted: only root and "
	    "the user that started the daemon may do this");
	return (0);
}

#define STATUS_LEN	(4 + PATTERNS_MAX * (2 + LIMIT_NAME + 1))

#define RULES_STATUS							\
	{ M_HELLO, CHAN_HELLO, CHAN_NOFD, HELLO_MIN, HELLO_MAX, on_hello }, \
	{ C_STATUS, CHAN_RUN, CHAN_NOFD, 4, STATUS_LEN, on_c_status },	\
	{ C_CONFIG, CHAN_RUN, CHAN_NOFD, 0, 0, on_c_config },		\
	{ C_VERSION, CHAN_RUN, CHAN_NOFD, 0, 0, on_version },		\
	{ C_SUBSCRIBE, CHAN_RUN, CHAN_NOFD, 0, 0, on_subscribe },	\
	{ C_WHY, CHAN_RUN, CHAN_NOFD, 4, STATUS_LEN, on_c_why }

#define FILE_MAX	(3 + FILE_NAME_MAX)
#define CHANGE_MIN	11
#define CHANGE_MAX	(IMSG_MAX - IMSG_HDRLEN)

#define RULES_CHANGE(fn)						\
	{ C_START, CHAN_RUN, CHAN_NOFD, CHANGE_MIN, CHANGE_MAX, fn },	\
	{ C_STOP, CHAN_RUN, CHAN_NOFD, CHANGE_MIN, CHANGE_MAX, fn },	\
	{ C_RESTART, CHAN_RUN, CHAN_NOFD, CHANGE_MIN, CHANGE_MAX, fn },	\
	{ C_COUNT, CHAN_RUN, CHAN_NOFD, CHANGE_MIN, CHANGE_MAX, fn },	\
	{ C_CONTROL, CHAN_RUN, CHAN_NOFD, CHANGE_MIN, CHANGE_MAX, fn },	\
	{ C_SIGNAL, CHAN_RUN, CHAN_NOFD, CHANGE_MIN, CHANGE_MAX, fn },	\
	{ C_RUN, CHAN_RUN, CHAN_NOFD, CHANGE_MIN, CHANGE_MAX, fn }

const struct chan_rule client_rules_status[] = {
	RULES_STATUS,
	RULES_CHANGE(on_denied),
	{ C_FILE, CHAN_RUN, CHAN_FD, 3, FILE_MAX, on_denied_file },
	{ C_PLAN, CHAN_RUN, CHAN_NOFD, 2, 2, on_denied },
	{ C_RELOAD, CHAN_RUN, CHAN_NOFD, 0, 0, on_denied },
	{ C_SHUTDOWN, CHAN_RUN, CHAN_NOFD, 0, 0, on_denied },
	{ C_RESET, CHAN_RUN, CHAN_NOFD, 0, 0, on_denied },
};

const struct chan_rule client_rules_manage[] = {
	RULES_STATUS,
	RULES_CHANGE(on_c_change),
	{ C_FILE, CHAN_RUN, CHAN_FD, 3, FILE_MAX, on_c_file },
	{ C_PLAN, CHAN_RUN, CHAN_NOFD, 2, 2, on_c_plan },
	{ C_RELOAD, CHAN_RUN, CHAN_NOFD, 0, 0, on_c_reload },
	{ C_SHUTDOWN, CHAN_RUN, CHAN_NOFD, 0, 0, on_stop },
	{ C_RESET, CHAN_RUN, CHAN_NOFD, 0, 0, on_stop },
};

const size_t client_nrules = nitems(client_rules_manage);
_Static_assert(nitems(client_rules_status) == nitems(client_rules_manage),
    "the same questions in both");
