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
 * planload.c against a loader that lies in ways the compiler of a right plan
 * never would: whatever it says, the load fails and the reader lives.
 */

#include <sys/socket.h>

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../../common/imsg.h"
#include "../../common/ipc.h"
#include "../../common/plan.h"
#include "../../spawner/planload.h"
#include "../../spawner/planstore.h"
#include "suite.h"

#define SPAN(s)	((struct span){ (s), sizeof(s) - 1 })

static struct event_base	*base;
static struct planload		*load;
static struct imsgbuf		*peer;
static struct planload_result	 result;
static char	 why[256];		/* a copy: it goes with the load */
static int	 ndone;

static void
on_message(enum plan_severity severity, const char *text, void *arg)
{
	(void)severity;
	(void)text;
	(void)arg;
	event_base_loopbreak(base);
}

static void
on_done(const struct planload_result *res, void *arg)
{
	ck_assert_ptr_eq(arg, &ndone);
	result = *res;
	if (res->why != NULL)
		strlcpy(why, res->why, sizeof(why));
	ndone++;
	event_base_loopbreak(base);
}

static void
begin_load(void)
{
	struct planload_conf conf = {
		.arg = &ndone, .message = on_message, .done = on_done
	};
	int sv[2];

	ck_assert_ptr_nonnull(base = event_base_new());
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, sv), 0);
	conf.base = base;
	conf.fd = sv[0];
	ck_assert_ptr_nonnull(load = planload_start(&conf));
	ck_assert_ptr_nonnull(peer = imsgbuf_new(sv[1]));
	put_hello(imsgbuf_begin(peer, M_HELLO, 0), ROLE_LOADER);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
}

static void
put_end(void)
{
	struct plan_end e = { .ok = true };

	put_plan_end(imsgbuf_begin(peer, PLAN_END, 0), &e);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
}

/* A plan of one task and one shared entry of the environment. */
static void
put_plan(struct span entry)
{
	struct plan_begin b = { .ntasks = 1, .ncmds = 1, .nenv = 1,
	    .control_gid = NO_INDEX };
	struct plan_task t = {
		.name = SPAN("web"), .flags = PLAN_TASK_INROLE, .count = 1
	};
	struct span argv[] = { SPAN("/bin/true") };
	struct wbuf *w;

	put_plan_begin(imsgbuf_begin(peer, PLAN_BEGIN, 0), &b);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	w = imsgbuf_begin(peer, PLAN_ENV, 0);
	put_u32(w, 1);
	put_textn(w, entry.p, entry.len);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	put_plan_task(imsgbuf_begin(peer, PLAN_TASK, 0), &t, NULL, NULL);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	put_plan_cmd(imsgbuf_begin(peer, PLAN_CMD, 0), "start", 1, argv);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	put_plan_sched(imsgbuf_begin(peer, PLAN_SCHED, 0), NO_INDEX, "", 0);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	put_plan_sched(imsgbuf_begin(peer, PLAN_SCHED, 0), 0, "", 0);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
}

/* Sends it all at once, and goes when the load is over. */
static void
finish_load(void)
{
	ck_assert_int_eq(imsgbuf_flush(peer), 1);
	ck_assert_int_eq(event_base_dispatch(base), 0);
	ck_assert_int_eq(ndone, 1);
	planload_free(load);
	imsgbuf_free(peer);
	event_base_free(base);
}

START_TEST(a_right_plan_is_taken)
{
	begin_load();
	put_plan(SPAN("A=1"));
	put_end();
	finish_load();
	ck_assert_ptr_nonnull(result.plan);
	ck_assert_uint_eq(result.plan->ntasks, 1);
	ck_assert_str_eq(result.plan->env[0], "A=1");
	planstore_unref(result.plan);
}
END_TEST

/* Descriptors of ours that are open. */
static int
nopen(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 64; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return (n);
}

/* As when the monitor that asked for it dies: the plan goes with the load. */
START_TEST(a_load_freed_before_it_is_told_keeps_nothing)
{
	int before = nopen();

	begin_load();
	put_plan(SPAN("A=1"));
	/* The loop ends over the message, in the turn that reads the end. */
	put_plan_err(imsgbuf_begin(peer, PLAN_ERR, 0), PLAN_WARNING, "odd");
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	put_end();
	ck_assert_int_eq(imsgbuf_flush(peer), 1);
	ck_assert_int_eq(event_base_dispatch(base), 0);
	ck_assert_int_eq(ndone, 0);
	planload_free(load);
	imsgbuf_free(peer);
	event_base_free(base);
	ck_assert_int_eq(nopen(), before);
}
END_TEST

START_TEST(what_follows_the_end_is_not_read)
{
	begin_load();
	put_plan(SPAN("A=1"));
	put_end();
	put_end();
	finish_load();
	ck_assert_ptr_nonnull(result.plan);
	planstore_unref(result.plan);
}
END_TEST

/* The child has room only for marks in what is a task's own. */
START_TEST(shared_entries_have_no_marks)
{
	begin_load();
	put_plan(SPAN("A=\001p"));
	put_end();
	finish_load();
	ck_assert_ptr_null(result.plan);
	ck_assert_ptr_nonnull(result.why);
}
END_TEST

/* As many as the plan has room for alone, which it has not for the rest. */
START_TEST(watches_without_room_are_not_written)
{
	struct plan_begin b = { .ntasks = 1, .ncmds = 1,
	    .nwatch = LIMIT_PLAN / sizeof(char *), .control_gid = NO_INDEX };
	struct plan_task t = { .name = SPAN("web"), .count = 1 };

	begin_load();
	put_plan_begin(imsgbuf_begin(peer, PLAN_BEGIN, 0), &b);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	put_plan_task(imsgbuf_begin(peer, PLAN_TASK, 0), &t, NULL, NULL);
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	put_plan_watch(imsgbuf_begin(peer, PLAN_WATCH, 0), "/etc/motd");
	ck_assert_int_eq(imsgbuf_end(peer, -1), 0);
	finish_load();
	ck_assert_ptr_null(result.plan);
	ck_assert_ptr_nonnull(strstr(why, "cannot keep the plan"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_right_plan_is_taken,
		a_load_freed_before_it_is_told_keeps_nothing,
		what_follows_the_end_is_not_read,
		shared_entries_have_no_marks,
		watches_without_room_are_not_written
	};

	return (SUITE_RUN("planload", tests));
}
