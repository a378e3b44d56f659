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
 * A loader that is wrong: it sends a plan that would be right, and would run
 * a task of its own, but for the one fault that the file "attack" names.  As
 * a monitor, or for the attack "none", the real one is run.
 */

#include "../../config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/imsg.h"
#include "../../common/ipc.h"
#include "../../common/plan.h"
#include "evil.h"

#define FLOOD	2000
#define SPAN(s)	((struct span){ (s), sizeof(s) - 1 })

static char	 big[LIMIT_CHUNK];

static struct wbuf *
begin(uint16_t type)
{
	return (imsgbuf_begin(evil_chan, type, 0));
}

static void
end(void)
{
	if (imsgbuf_end(evil_chan, -1) == -1)
		err(1, "imsgbuf_end");
	if (imsgbuf_queued(evil_chan) > 65536)
		evil_flush(evil_chan);
}

static void
greet(void)
{
	struct imsg m;
	struct wbuf *w;

	if (evil_is("exit"))
		exit(0);
	if (evil_is("crash"))
		abort();
	if (!evil_is("no_hello")) {
		w = begin(M_HELLO);
		put_u32(w, PROTO_MAGIC);
		put_u16(w, PROTO_VERSION + evil_is("version"));
		put_u8(w, evil_is("role") ? ROLE_MONITOR : ROLE_LOADER);
		put_str(w, "evil");
		end();
		evil_flush(evil_chan);
	}
	while (evil_get(evil_chan, &m))
		if (m.type == L_LOAD)
			return;
	errx(1, "nothing to load");
}

static void
put_counts(void)
{
	struct plan_begin b = { 1, 1, 1, 0, 0, NO_INDEX };

	if (evil_is("no_begin"))
		return;
	if (evil_is("tasks_fewer"))
		b.ntasks = b.ncmds = 2;
	if (evil_is("tasks_huge"))
		b.ntasks = b.ncmds = LIMIT_TASKS + 1;
	if (evil_is("tasks_most"))
		b.ntasks = b.ncmds = LIMIT_TASKS;
	if (evil_is("cmds_huge"))
		b.ncmds = UINT32_MAX;
	if (evil_is("env_huge"))
		b.nenv = UINT32_MAX;
	if (evil_is("env_fewer"))
		b.nenv = 2;
	if (evil_is("listen_huge"))
		b.nlisten = LIMIT_LISTEN + 1;
	if (evil_is("listen_fewer"))
		b.nlisten = 1;
	put_plan_begin(begin(PLAN_BEGIN), &b);
	end();
	if (evil_is("begin_twice")) {
		put_plan_begin(begin(PLAN_BEGIN), &b);
		end();
	}
}

static void
put_env(void)
{
	struct wbuf *w = begin(PLAN_ENV);

	put_u32(w, evil_is("env_count") ? UINT32_MAX : 1);
	put_text(w, evil_is("env_nopair") ? "A" : "A=1");
	end();
	if (evil_is("env_more")) {
		w = begin(PLAN_ENV);
		put_u32(w, 1);
		put_text(w, "B=1");
		end();
	}
}

static void
put_cmds(void)
{
	struct span argv[] = { SPAN("/bin/sleep"), SPAN("60") };

	if (evil_is("no_cmd"))
		return;
	put_plan_cmd(begin(PLAN_CMD), evil_is("not_start") ? "stop" : "start",
	    evil_is("argc0") ? 0 : 2, argv);
	end();
	if (evil_is("cmd_more")) {
		put_plan_cmd(begin(PLAN_CMD), "stop", 2, argv);
		end();
	}
}

static void
put_tasks(void)
{
	static uint32_t groups[LIMIT_GROUPS + 1];
	struct plan_env env = { 0, SPAN("A=2") };
	struct plan_task t = {
		.name = SPAN("evil"), .control = CONTROL_WAIT,
		.flags = PLAN_TASK_INROLE, .count = 1, .nenv = 1
	};

	if (evil_is("cmd_first"))
		put_cmds();
	if (evil_is("instances"))
		t.count = LIMIT_INSTANCES + 1;
	if (evil_is("control"))
		t.control = CONTROL_MAX;
	if (evil_is("flags"))
		t.flags = 0xff;
	if (evil_is("name"))
		t.name.len = 0;
	if (evil_is("groups"))
		t.ngroups = LIMIT_GROUPS + 1;
	if (evil_is("env_index"))
		env.shared = 1;
	put_plan_task(begin(PLAN_TASK), &t, groups, &env);
	end();
	put_cmds();
	if (evil_is("tasks_more")) {
		t.name = SPAN("evil2");
		put_plan_task(begin(PLAN_TASK), &t, groups, &env);
		end();
		put_cmds();
	}
}

static void
put_rest(void)
{
	struct span argv = SPAN("x");
	uint32_t i;

	if (evil_is("sched_past")) {
		put_plan_sched(begin(PLAN_SCHED), 99, big, 10);
		end();
	}
	if (evil_is("sched_flood"))
		for (i = 0; i < FLOOD; i++) {
			put_plan_sched(begin(PLAN_SCHED), 0, big,
			    sizeof(big));
			end();
		}
	put_plan_sched(begin(PLAN_SCHED), NO_INDEX, big, 10);
	end();
	if (evil_is("order"))
		put_tasks();
	if (evil_is("env_late"))
		put_env();
	if (evil_is("doc_flood"))
		for (i = 0; i < FLOOD; i++) {
			put_blob(begin(PLAN_DOC), big, sizeof(big));
			end();
		}
	if (evil_is("err_flood"))
		for (i = 0; i < FLOOD; i++) {
			put_plan_err(begin(PLAN_ERR), PLAN_WARNING,
			    "f:1:1: \033[2J");
			end();
		}
	if (evil_is("severity")) {
		put_plan_err(begin(PLAN_ERR), PLAN_SEVERITY_MAX, "x");
		end();
	}
	if (evil_is("unknown")) {
		begin(0x02ff);
		end();
	}
	if (evil_is("request")) {
		begin(R_RELOAD);
		end();
	}
	if (evil_is("fd")) {
		put_plan_cmd(begin(PLAN_CMD), "x", 1, &argv);
		if (imsgbuf_end(evil_chan, dup(2)) == -1)
			err(1, "imsgbuf_end");
	}
	if (evil_is("framing"))
		evil_raw(evil_chan, &(struct evil_msg){ 3, 0, 0, NULL, 0 });
	if (evil_is("no_end")) {
		evil_flush(evil_chan);
		exit(0);
	}
	put_plan_end(begin(PLAN_END), &(struct plan_end){
	    !evil_is("err_flood"), 0, 0 });
	end();
}

int
main(int argc, char **argv)
{
	evil_init();
	if (argc < 2 || strcmp(argv[1], "-l") != 0 || evil_is("none"))
		evil_real(argv);
	evil_record("start");
	evil_connect();
	greet();
	put_counts();
	put_env();
	put_tasks();
	put_rest();
	evil_flush(evil_chan);
	evil_done(evil_chan);
}
