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
 * run.c: what the spawner and its helpers say is read as it was written, at
 * its exact length, and requests beyond the bounds are refused.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../common/run.h"
#include "exact.h"
#include "suite.h"

#define MONO(n)	((struct mono){ (n) })

static struct wbuf w;

START_TEST(stages_have_names)
{
	int i, j;

	for (i = 0; i < STAGE_MAX; i++) {
		ck_assert_str_ne(stage_name(i), "?");
		for (j = 0; j < i; j++)
			ck_assert_str_ne(stage_name(i), stage_name(j));
	}
	ck_assert_str_eq(stage_name(STAGE_EXEC), "exec");
	ck_assert_str_eq(stage_name(STAGE_MAX), "?");
	ck_assert_str_eq(stage_name(-1), "?");
}
END_TEST

START_TEST(sync_begin)
{
	struct sync_begin b, in = {
		.gen = 7, .ntasks = 3, .mode = MODE_RESET,
		.config_event = true, .load_ok = false,
		.loaded_wall = -5, .started_wall = 1LL << 40,
		.pid = 99, .uid = 1000
	};

	put_sync_begin(&w, &in);
	EXACT(&w, get_sync_begin, &b);
	READ_BACK(&w, get_sync_begin, &b);
	ck_assert_uint_eq(b.gen, 7);
	ck_assert_uint_eq(b.ntasks, 3);
	ck_assert_uint_eq(b.mode, MODE_RESET);
	ck_assert(b.config_event && !b.load_ok);
	ck_assert(b.loaded_wall == -5);
	ck_assert(b.started_wall == 1LL << 40);
	ck_assert_uint_eq(b.pid, 99);
	ck_assert_uint_eq(b.uid, 1000);

	wbuf_reset(&w);
	in.mode = MODE_MAX;
	put_sync_begin(&w, &in);
	REFUSED(&w, get_sync_begin, &b);
	in.mode = MODE_RUN;
	in.ntasks = LIMIT_TASKS + 1;
	put_sync_begin(&w, &in);
	REFUSED(&w, get_sync_begin, &b);
}
END_TEST

START_TEST(sync_proc)
{
	struct sync_proc p, in = {
		.id = 1ULL << 50, .task = NO_INDEX, .instance = 3,
		.kind = PROC_COMMAND, .cmd = 2, .pid = 4000, .stale = STALE_ENV,
		.started = MONO(10), .started_wall = 11,
		.exited = MONO(12), .exited_wall = 13, .status = 0x0300,
		.last_signal = 15, .signalled = MONO(14), .starts = 6,
		.name = SPAN("gone")
	};

	put_sync_proc(&w, &in);
	EXACT(&w, get_sync_proc, &p);
	READ_BACK(&w, get_sync_proc, &p);
	ck_assert(p.id == 1ULL << 50);
	ck_assert_uint_eq(p.task, NO_INDEX);
	ck_assert_uint_eq(p.instance, 3);
	ck_assert_uint_eq(p.kind, PROC_COMMAND);
	ck_assert_uint_eq(p.cmd, 2);
	ck_assert_uint_eq(p.pid, 4000);
	ck_assert_uint_eq(p.stale, STALE_ENV);
	ck_assert_int_eq(p.started.ms, 10);
	ck_assert_int_eq(p.started_wall, 11);
	ck_assert_int_eq(p.exited.ms, 12);
	ck_assert_int_eq(p.exited_wall, 13);
	ck_assert_uint_eq(p.status, 0x0300);
	ck_assert_uint_eq(p.last_signal, 15);
	ck_assert_int_eq(p.signalled.ms, 14);
	ck_assert_uint_eq(p.starts, 6);
	ck_assert(span_is(p.name, "gone"));

	wbuf_reset(&w);
	in.kind = PROC_KIND_MAX;
	put_sync_proc(&w, &in);
	REFUSED(&w, get_sync_proc, &p);
}
END_TEST

START_TEST(note)
{
	char bytes[LIMIT_NOTE + 1] = { 1, 0, 2 };
	struct note n, in = { 3, NOTE_WATCH, 5, { bytes, LIMIT_NOTE } };

	put_note(&w, &in);
	EXACT(&w, get_note, &n);
	READ_BACK(&w, get_note, &n);
	ck_assert_uint_eq(n.gen, 3);
	ck_assert_uint_eq(n.task, 5);
	ck_assert_uint_eq(n.blob.len, LIMIT_NOTE);
	wbuf_reset(&w);
	in.blob.len = LIMIT_NOTE + 1;
	put_note(&w, &in);
	REFUSED(&w, get_note, &n);
}
END_TEST

START_TEST(spawned)
{
	struct spawned s, in = { 1, 2, 3, 4, 5, MONO(6), 7 };

	put_spawned(&w, &in);
	EXACT(&w, get_spawned, &s);
	READ_BACK(&w, get_spawned, &s);
	ck_assert_uint_eq(s.id, 1);
	ck_assert_uint_eq(s.task, 2);
	ck_assert_uint_eq(s.instance, 3);
	ck_assert_uint_eq(s.cmd, 4);
	ck_assert_uint_eq(s.pid, 5);
	ck_assert_int_eq(s.at.ms, 6);
	ck_assert_int_eq(s.wall, 7);
}
END_TEST

START_TEST(spawnfail)
{
	struct spawnfail f, in = {
		1, 2, 3, 4, STAGE_CHDIR, 13, MONO(6), 7
	};

	put_spawnfail(&w, &in);
	EXACT(&w, get_spawnfail, &f);
	READ_BACK(&w, get_spawnfail, &f);
	ck_assert_uint_eq(f.id, 1);
	ck_assert_uint_eq(f.task, 2);
	ck_assert_uint_eq(f.instance, 3);
	ck_assert_uint_eq(f.cmd, 4);
	ck_assert_uint_eq(f.stage, STAGE_CHDIR);
	ck_assert_uint_eq(f.error, 13);
	ck_assert_int_eq(f.at.ms, 6);
	ck_assert_int_eq(f.wall, 7);
	wbuf_reset(&w);
	in.stage = STAGE_MAX;
	put_spawnfail(&w, &in);
	REFUSED(&w, get_spawnfail, &f);
}
END_TEST

START_TEST(exited)
{
	struct exited e, in = { 1, 2, 0x8b, true, 15, MONO(3), 4 };

	put_exited(&w, &in);
	ck_assert_uint_eq(w.len, EXITED_LEN);
	EXACT(&w, get_exited, &e);
	READ_BACK(&w, get_exited, &e);
	ck_assert_uint_eq(e.id, 1);
	ck_assert_uint_eq(e.pid, 2);
	ck_assert_uint_eq(e.status, 0x8b);
	ck_assert(e.again);
	ck_assert_uint_eq(e.last_signal, 15);
	ck_assert_int_eq(e.at.ms, 3);
	ck_assert_int_eq(e.wall, 4);
}
END_TEST

START_TEST(loaded)
{
	struct loaded l, in = { true, 2, 3, 4 };

	put_loaded(&w, &in);
	EXACT(&w, get_loaded, &l);
	READ_BACK(&w, get_loaded, &l);
	ck_assert(l.ok);
	ck_assert_uint_eq(l.gen, 2);
	ck_assert_uint_eq(l.nerrors, 3);
	ck_assert_uint_eq(l.nwarnings, 4);
}
END_TEST

START_TEST(listener)
{
	struct listener l, in = {
		.index = LIMIT_LISTEN - 1, .control = true, .tls = false,
		.up = true, .addr = SPAN("127.0.0.1:80"), .error = SPAN("")
	};

	put_listener(&w, &in);
	EXACT(&w, get_listener, &l);
	READ_BACK(&w, get_listener, &l);
	ck_assert_uint_eq(l.index, LIMIT_LISTEN - 1);
	ck_assert(l.control && !l.tls && l.up);
	ck_assert(span_is(l.addr, "127.0.0.1:80"));
	wbuf_reset(&w);
	in.index = LIMIT_LISTEN;
	put_listener(&w, &in);
	REFUSED(&w, get_listener, &l);
}
END_TEST

START_TEST(spawn_request)
{
	struct spawn_req r, in = { 1, 2, LIMIT_INSTANCES - 1, 7 };

	put_spawn_req(&w, &in);
	ck_assert_uint_eq(w.len, SPAWN_REQ_LEN);
	EXACT(&w, get_spawn_req, &r);
	READ_BACK(&w, get_spawn_req, &r);
	ck_assert_uint_eq(r.gen, 1);
	ck_assert_uint_eq(r.task, 2);
	ck_assert_uint_eq(r.instance, LIMIT_INSTANCES - 1);
	ck_assert_uint_eq(r.again_ms, 7);
	wbuf_reset(&w);
	in.instance = LIMIT_INSTANCES;
	put_spawn_req(&w, &in);
	REFUSED(&w, get_spawn_req, &r);
}
END_TEST

START_TEST(run_request)
{
	struct run_req r, in = { 1, 2, 3, LIMIT_INSTANCES - 1, 1ULL << 60 };

	put_run_req(&w, &in);
	ck_assert_uint_eq(w.len, RUN_REQ_LEN);
	EXACT(&w, get_run_req, &r);
	READ_BACK(&w, get_run_req, &r);
	ck_assert_uint_eq(r.gen, 1);
	ck_assert_uint_eq(r.task, 2);
	ck_assert_uint_eq(r.cmd, 3);
	ck_assert_uint_eq(r.instance, LIMIT_INSTANCES - 1);
	ck_assert(r.id == 1ULL << 60);
	wbuf_reset(&w);
	in.instance = UINT16_MAX;
	put_run_req(&w, &in);
	REFUSED(&w, get_run_req, &r);
}
END_TEST

START_TEST(signal_request)
{
	struct signal_req r;
	int sig;

	for (sig = 0; sig < 256; sig++) {
		wbuf_reset(&w);
		put_signal_req(&w, &(struct signal_req){ 77, sig });
		ck_assert_uint_eq(w.len, SIGNAL_REQ_LEN);
		if (sig < 1 || sig > 64) {
			REFUSED(&w, get_signal_req, &r);
			continue;
		}
		EXACT(&w, get_signal_req, &r);
		READ_BACK(&w, get_signal_req, &r);
		ck_assert_uint_eq(r.id, 77);
		ck_assert_uint_eq(r.sig, sig);
	}
}
END_TEST

START_TEST(http_listener)
{
	static const char *const allow[] = { "192.0.2.0/24", "::1/128" };
	struct http_listen l, in = {
		.index = 1, .unix_domain = true, .tls = true,
		.client_ca = true, .auth = true, .timeout_ms = 3000,
		.hsts_s = 60, .addr = SPAN("/run/x"), .nallow = 2
	};

	put_http_listen(&w, &in, allow);
	EXACT(&w, get_http_listen, &l);
	READ_BACK(&w, get_http_listen, &l);
	ck_assert_uint_eq(l.index, 1);
	ck_assert(l.unix_domain && l.tls);
	ck_assert_uint_eq(l.timeout_ms, 3000);
	ck_assert(span_is(l.addr, "/run/x"));
	ck_assert(l.client_ca && l.auth);
	ck_assert_uint_eq(l.hsts_s, 60);
	ck_assert_uint_eq(l.nallow, 2);
	ck_assert(span_is(get_str(&l.allow), "192.0.2.0/24"));
	ck_assert(span_is(get_str(&l.allow), "::1/128"));
	wbuf_reset(&w);
	in.index = LIMIT_LISTEN;
	put_http_listen(&w, &in, allow);
	REFUSED(&w, get_http_listen, &l);
	/* Certificates of clients come with TLS only. */
	wbuf_reset(&w);
	in.index = 1;
	in.tls = false;
	put_http_listen(&w, &in, allow);
	REFUSED(&w, get_http_listen, &l);
}
END_TEST

START_TEST(http_file)
{
	struct http_taken t, in = {
		.index = 3, .which = HTTP_FILE_AUTH, .error = SPAN("no")
	};

	put_http_taken(&w, &in);
	EXACT(&w, get_http_taken, &t);
	READ_BACK(&w, get_http_taken, &t);
	ck_assert_uint_eq(t.index, 3);
	ck_assert_uint_eq(t.which, HTTP_FILE_AUTH);
	ck_assert(span_is(t.error, "no"));
	wbuf_reset(&w);
	in.which = HTTP_FILE_MAX;
	put_http_taken(&w, &in);
	REFUSED(&w, get_http_taken, &t);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		stages_have_names,
		sync_begin,
		sync_proc,
		note,
		spawned,
		spawnfail,
		exited,
		loaded,
		listener,
		spawn_request,
		run_request,
		signal_request,
		http_listener,
		http_file
	};

	return (SUITE_RUN("run", tests));
}
