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
 * A captured monitor.  It greets the spawner, has the tasks started as a
 * monitor should, and then breaks the protocol in the way that the file
 * "attack" names.  Started again it finds the tasks running and does it
 * again; with the attack "none" it lets the real monitor take over.
 */

#include "../../config.h"

#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/imsg.h"
#include "../../common/ipc.h"
#include "../../common/plan.h"
#include "../../common/run.h"
#include "../../common/util.h"
#include "evil.h"
#include "evil_monitor.h"

#define MAXIDS	64
#define FLOOD	200000

struct sync_begin	 sync_info;
static uint64_t			 ids[MAXIDS];	/* running processes */
static size_t			 nids;
static uint64_t			 dead_id;	/* one that has exited */

struct wbuf *
begin(uint16_t type)
{
	return (imsgbuf_begin(evil_chan, type, 1));
}

void
end(void)
{
	if (imsgbuf_end(evil_chan, -1) == -1)
		err(1, "imsgbuf_end");
	if (imsgbuf_queued(evil_chan) > 65536)
		evil_flush(evil_chan);
}

static void
hello(uint32_t magic, uint16_t version, uint8_t role)
{
	struct wbuf *w = begin(M_HELLO);

	put_u32(w, magic);
	put_u16(w, version);
	put_u8(w, role);
	put_str(w, "evil");
	end();
	evil_flush(evil_chan);
}

static void
empty(uint16_t type)
{
	begin(type);
	end();
}

static void
mode(uint16_t type, uint8_t n)
{
	put_u8(begin(type), n);
	end();
}

void
spawn(uint32_t gen, uint32_t task, uint16_t instance)
{
	put_spawn_req(begin(R_SPAWN), &(struct spawn_req){
	    gen, task, instance, 0 });
	end();
}

static void
run(uint32_t gen, uint32_t task, uint16_t cmd)
{
	put_run_req(begin(R_RUN), &(struct run_req){
	    gen, task, cmd, 0, 0 });
	end();
}

void
sig(uint64_t id, uint8_t n)
{
	put_signal_req(begin(R_SIGNAL), &(struct signal_req){ id, n });
	end();
}

static void
note(uint32_t gen, uint32_t task, const void *p, size_t len)
{
	put_note(begin(R_NOTE), &(struct note){
	    gen, NOTE_WATCH, task, { p, len } });
	end();
}

static void
force(uint32_t gen, uint32_t task, uint16_t n, uint8_t control)
{
	put_count_req(begin(R_COUNT), &(struct count_req){ gen, task, n,
	    control });
	end();
}

static void
count(uint32_t gen, uint32_t task, uint16_t n)
{
	force(gen, task, n, CONTROL_WAIT);
}

void
look(uint32_t gen, uint32_t task, uint16_t instance)
{
	put_look_req(begin(R_LOOK), &(struct look_req){
	    gen, task, instance });
	end();
}

void
raw(uint32_t length, uint16_t type, uint16_t flags, const void *p, size_t len)
{
	evil_raw(evil_chan, &(struct evil_msg){ length, type, flags, p,
	    len });
}

/* Reads the sync, which comes when the plan is there. */
static void
read_sync(void)
{
	struct sync_proc p;
	struct cursor c;
	struct imsg m;

	while (evil_get(evil_chan, &m)) {
		cursor_init(&c, m.data, m.len);
		if (m.fd != -1)
			close(m.fd);
		if (m.type == SYNC_BEGIN &&
		    get_sync_begin(&c, &sync_info) == -1)
			errx(1, "SYNC_BEGIN");
		if (m.type == SYNC_PROC && get_sync_proc(&c, &p) == 0) {
			if (p.pid != 0 && nids < MAXIDS)
				ids[nids++] = p.id;
			if (p.pid == 0)
				dead_id = p.id;
		}
		if (m.type == SYNC_END)
			return;
	}
	errx(1, "no sync");
}

/* As a monitor should, but with no regard to count and scope. */
static void
start_tasks(void)
{
	struct spawned s;
	struct cursor c;
	struct imsg m;
	uint32_t answers = 0, asked = 0, t;

	for (t = 0; t < sync_info.ntasks; t++) {
		spawn(sync_info.gen, t, 0);
		spawn(sync_info.gen, t, 1);
		asked += 2;
	}
	evil_flush(evil_chan);
	while (answers < asked && evil_get(evil_chan, &m)) {
		cursor_init(&c, m.data, m.len);
		if (m.type == S_SPAWNFAIL)
			answers++;
		if (m.type == S_SPAWNED && get_spawned(&c, &s) == 0) {
			answers++;
			if (nids < MAXIDS)
				ids[nids++] = s.id;
		}
		if (m.type == S_EXITED)
			dead_id = get_u64(&c);
	}
	/* The task that ends by itself: its id is that of a dead process. */
	while (dead_id == 0 && evil_get(evil_chan, &m)) {
		cursor_init(&c, m.data, m.len);
		if (m.type == S_EXITED)
			dead_id = get_u64(&c);
	}
}

/* --- before the greeting is over -------------------------------------- */

static void
handshake(void)
{
	if (evil_is("exit"))
		exit(0);
	if (evil_is("crash"))
		abort();
	if (evil_is("h_silent") || evil_is("h_half")) {
		if (evil_is("h_half"))
			(void)!write(HELPER_FD, "\0\0\0", 3);
		evil_done(evil_chan);
	}
	if (evil_is("h_version"))
		hello(PROTO_MAGIC, PROTO_VERSION + 1, ROLE_MONITOR);
	else if (evil_is("h_magic"))
		hello(0x47455420, PROTO_VERSION, ROLE_MONITOR);
	else if (evil_is("h_spawner"))
		hello(PROTO_MAGIC, PROTO_VERSION, ROLE_SPAWNER);
	else if (evil_is("h_loader"))
		hello(PROTO_MAGIC, PROTO_VERSION, ROLE_LOADER);
	else if (evil_is("h_httpd"))
		hello(PROTO_MAGIC, PROTO_VERSION, ROLE_HTTPD);
	else if (evil_is("h_skip"))
		spawn(1, 0, 0);
	else if (evil_is("h_ready"))
		empty(R_READY);
	else {
		hello(PROTO_MAGIC, PROTO_VERSION, ROLE_MONITOR);
		if (evil_is("h_twice"))
			hello(PROTO_MAGIC, PROTO_VERSION, ROLE_MONITOR);
		else if (evil_is("h_early"))
			spawn(1, 0, 0);
		else if (!evil_is("h_unready"))
			return;
	}
	evil_done(evil_chan);
}

/* Ready before there is any plan: what is there to name? */
static void
before_the_plan(void)
{
	int i;

	if (evil_is("p_spawn"))
		spawn(0, 0, 0);
	else if (evil_is("p_run"))
		run(0, 0, 1);
	else if (evil_is("p_note"))
		note(0, 0, "x", 1);
	else if (evil_is("p_signal"))
		sig(1, SIGKILL);
	else if (evil_is("p_reload"))
		empty(R_RELOAD);
	else if (evil_is("p_reset"))
		for (i = 0; i < FLOOD / 10; i++)
			mode(R_STOPREQ, MODE_RESET);
	else
		return;
	evil_done(evil_chan);
}

/* --- the form of messages --------------------------------------------- */

static void
frames(void)
{
	static char big[IMSG_MAX];
	struct wbuf *w;

	if (evil_is("short"))
		raw(12 + 5, R_SPAWN, 0, big, 5);
	else if (evil_is("long"))
		raw(12 + SPAWN_REQ_LEN + 1, R_SPAWN, 0, big,
		    SPAWN_REQ_LEN + 1);
	else if (evil_is("unknown"))
		empty(0x04ff);
	else if (evil_is("foreign"))
		empty(S_SPAWNED);
	else if (evil_is("plan"))
		raw(12 + 20, PLAN_BEGIN, 0, big, 20);
	else if (evil_is("client"))
		empty(C_SHUTDOWN);
	else if (evil_is("small"))
		raw(4, R_RELOAD, 0, NULL, 0);
	else if (evil_is("zero"))
		raw(0, 0, 0, NULL, 0);
	else if (evil_is("huge"))
		raw(0xffffffff, R_NOTE, 0, big, 1000);
	else if (evil_is("flags"))
		raw(12, R_RELOAD, 0x8000, NULL, 0);
	else if (evil_is("max")) {
		w = begin(R_NOTE);
		if (wbuf_room(w, IMSG_MAX - IMSG_HDRLEN) == -1)
			err(1, "wbuf_room");
		memset(w->data + w->len, 0, IMSG_MAX - IMSG_HDRLEN);
		w->len += IMSG_MAX - IMSG_HDRLEN;
		end();
	} else if (evil_is("overmax"))
		raw(IMSG_MAX + 1, R_NOTE, 0, big, sizeof(big));
	else if (evil_is("half"))
		(void)!write(HELPER_FD, "\0\0\0\014\004", 5);
	else if (evil_is("cut")) {
		raw(12 + SPAWN_REQ_LEN, R_SPAWN, 0, big, 5);
		evil_record("attacked");
		exit(0);
	} else if (evil_is("fd")) {
		begin(R_RELOAD);
		if (imsgbuf_end(evil_chan, dup(2)) == -1)
			err(1, "imsgbuf_end");
	} else if (evil_is("nofd"))
		raw(12, R_RELOAD, IMSGF_FD, NULL, 0);
	else if (evil_is("fdflood")) {
		raw(12 + 100, R_NOTE, 0, NULL, 0);
		for (;;)
			evil_fds(evil_chan, 10);
	} else if (evil_is("hello2"))
		hello(PROTO_MAGIC, PROTO_VERSION, ROLE_MONITOR);
	else if (evil_is("ready2"))
		empty(R_READY);
}

/* --- requests that name what is not there ------------------------------ */

static void
requests(void)
{
	char junk[LIMIT_NOTE + 1];
	uint32_t gen = sync_info.gen, n = sync_info.ntasks, i;

	memset(junk, 0xa5, sizeof(junk));
	if (evil_is("task_past"))
		spawn(gen, n, 0);
	else if (evil_is("task_huge"))
		spawn(gen, NO_INDEX, 0);
	else if (evil_is("inst_huge"))
		spawn(gen, 0, 65535);
	else if (evil_is("inst_past"))
		for (i = 0; i < LIMIT_INSTANCES; i++)
			spawn(gen, 1, i + 1 < LIMIT_INSTANCES ? i + 1 : 1);
	else if (evil_is("gens"))
		for (i = 0; i < 5; i++) {
			spawn(gen + 1 + i * i * 1000, i, 0);
			spawn(gen - 1 - i, NO_INDEX, i);
			run(gen + 1, 0, i);
			note(gen + 1, NO_INDEX, junk, LIMIT_NOTE);
		}
	else if (evil_is("again"))
		for (i = 0; i < 2 * n; i++)
			spawn(gen, i / 2, i % 2);
	else if (evil_is("count_past"))
		count(gen, n, 1);
	else if (evil_is("count_huge"))
		count(gen, 0, LIMIT_INSTANCES + 1);
	else if (evil_is("control_past"))
		force(gen, 0, 2, CONTROL_MAX);
	else if (evil_is("control_adopt"))
		/* Of what could not be found again. */
		force(gen, 0, 2, CONTROL_ADOPT);
	else if (evil_is("count_none"))
		count(0, NO_INDEX, 1);
	else if (evil_is("count_gens"))
		for (i = 0; i < 5; i++) {
			count(gen + 1 + i, 1, 5);
			count(gen - 1 - i, NO_INDEX, 5);
			spawn(gen, 1, i + 1);
		}
	else if (evil_is("count_less"))
		/* What the plan allows, and no longer the count. */
		for (i = 0; i < n; i++) {
			count(gen, i, 0);
			spawn(gen, i, 0);
			spawn(gen, i, 1);
		}
	else if (evil_is("count_back"))
		/* One too many for what was asked for last. */
		for (i = 0; i < 1000; i++) {
			count(gen, 1, LIMIT_INSTANCES);
			count(gen, 1, 1);
			spawn(gen, 1, 1);
		}
	else if (evil_is("look_past"))
		look(gen, n, 0);
	else if (evil_is("look_inst"))
		look(gen, 0, LIMIT_INSTANCES);
	else if (evil_is("look_gens"))
		for (i = 0; i < 5; i++) {
			look(gen + 1 + i, i, 0);
			look(gen - 1 - i, NO_INDEX, i);
		}
	else if (evil_is("look_all"))
		/* Those that run, and those without a pidfile. */
		for (i = 0; i < 100 * n; i++)
			look(gen, i % n, i % 3);
	else if (evil_is("run0"))
		run(gen, 0, 0);
	else if (evil_is("run_past"))
		run(gen, 0, 1000);
	else if (evil_is("run_task"))
		run(gen, n, 1);
	else if (evil_is("sig0"))
		sig(ids[0], 0);
	else if (evil_is("sig65"))
		sig(ids[0], 65);
	else if (evil_is("sig255"))
		sig(ids[0], 255);
	else if (evil_is("sig_segv"))
		sig(ids[0], SIGSEGV);
	else if (evil_is("sig_trap"))
		sig(ids[0], SIGTRAP);
	else if (evil_is("ids")) {
		sig(0, SIGKILL);
		sig(1ULL << 63, SIGKILL);
		sig(UINT64_MAX, SIGKILL);
		sig(sync_info.pid, SIGKILL);
		sig(getpid(), SIGKILL);
		sig(1000000, SIGKILL);
	} else if (evil_is("dead_id"))
		for (i = 0; i < 1000; i++)
			sig(dead_id, SIGKILL);
	else if (evil_is("note_past"))
		note(gen, n, junk, 10);
	else if (evil_is("note_long"))
		note(gen, 0, junk, LIMIT_NOTE + 1);
	else if (evil_is("note_junk"))
		for (i = 0; i < n; i++)
			note(gen, i, junk, i == 0 ? LIMIT_NOTE : i);
	else if (evil_is("mode"))
		mode(R_STOPREQ, 9);
	else if (evil_is("mode0"))
		mode(R_STOPREQ, MODE_RUN);
	else if (evil_is("all_stopped"))
		mode(R_ALLSTOPPED, MODE_STOP);
	else if (evil_is("all_reset"))
		mode(R_ALLSTOPPED, MODE_RESET);
}

/* --- too much ---------------------------------------------------------- */

static void
floods(void)
{
	static char junk[65536];
	uint32_t i;

	if (evil_is("flood_count"))
		for (i = 0; i < FLOOD; i++)
			count(sync_info.gen, 0, i % LIMIT_INSTANCES);
	else if (evil_is("flood_spawn"))
		/* Each is answered, and no answer is read. */
		for (;;)
			spawn(sync_info.gen + 1, 0, 0);
	else if (evil_is("flood_note"))
		for (i = 0; i < FLOOD; i++)
			note(sync_info.gen, 0, junk, LIMIT_NOTE);
	else if (evil_is("flood_signal"))
		for (i = 0; i < FLOOD; i++)
			sig(dead_id, SIGKILL);
	else if (evil_is("flood_reload"))
		for (i = 0; i < FLOOD; i++)
			empty(R_RELOAD);
	else if (evil_is("flood_log")) {
		for (i = 0; i < sizeof(junk); i++)
			junk[i] = i % 97 == 0 ? '\n' : (char)(i * 7);
		for (i = 0; i < 100; i++)
			(void)!write(2, junk, sizeof(junk));
		memset(junk, 'x', sizeof(junk));
		for (i = 0; i < 20; i++)
			(void)!write(2, junk, sizeof(junk));
		(void)!write(2, "\n<0>\033[2Jpanic\n<999999>x\n<", 26);
	} else if (evil_is("mute")) {
		close(1);
		close(2);
	} else if (evil_is("deaf")) {
		/* Its channel is closed, but it stays. */
		close(HELPER_FD);
		evil_record("attacked");
		for (;;)
			pause();
	}
}

int
main(int argc, char **argv)
{
	uint32_t i;

	evil_init();
	if (argc > 1 && strcmp(argv[1], "-l") == 0) {
		/* So that a monitor can be ready before there is a plan. */
		if (evil_is("p_spawn") || evil_is("p_run") ||
		    evil_is("p_note") || evil_is("p_signal") ||
		    evil_is("p_reload") || evil_is("p_reset"))
			usleep(500000);
		evil_real(argv);
	}
	evil_record("start");
	if (evil_is("none"))
		evil_real(argv);
	evil_connect();
	handshake();
	empty(R_READY);
	evil_flush(evil_chan);
	before_the_plan();
	read_sync();
	if (evil_is("look_files")) {
		look_files();
		evil_done(evil_chan);
	}
	if (evil_is("flood_look")) {
		for (i = 0; i < FLOOD / 10; i++)
			look(sync_info.gen, i % sync_info.ntasks, 0);
		evil_done(evil_chan);
	}
	if (nids == 0)
		start_tasks();
	evil_record("up");
	frames();
	requests();
	trials();
	watches();
	floods();
	evil_flush(evil_chan);
	evil_done(evil_chan);
}
