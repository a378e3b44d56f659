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
 * What a captured monitor asks of the spawner and waits for: looks at
 * pidfiles and at watched paths, what commands say, and trial loads of files
 * that are none.
 */

#include "../../config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../../common/imsg.h"
#include "../../common/ipc.h"
#include "../../common/run.h"
#include "evil.h"
#include "evil_monitor.h"

#define FLOOD	20000

/* What is found takes its slot, is found again, and its end is told. */
static void
end_found(const struct found *was)
{
	struct spawnfail sf;
	struct exited e;
	struct cursor c;
	struct found f;
	struct imsg m;

	spawn(sync_info.gen, was->task, was->instance);
	look(sync_info.gen, was->task, was->instance);
	sig(was->id, SIGTERM);
	evil_flush(evil_chan);
	while (evil_get(evil_chan, &m)) {
		cursor_init(&c, m.data, m.len);
		if (m.type == S_SPAWNFAIL && get_spawnfail(&c, &sf) == 0 &&
		    sf.stage == STAGE_REFUSED && sf.error == EEXIST)
			evil_recordf("taken");
		if (m.type == S_FOUND && get_found(&c, &f) == 0 &&
		    f.id == was->id)
			evil_recordf("again");
		if (m.type == S_EXITED && get_exited(&c, &e) == 0 &&
		    e.id == was->id && e.status == STATUS_UNKNOWN) {
			evil_recordf("over");
			return;
		}
	}
}

/* Looks for every task when the test has laid out its pidfiles. */
void
look_files(void)
{
	struct found f, found = { 0 };
	uint32_t answers = 0, t;
	struct notfound n;
	struct cursor c;
	struct imsg m;

	evil_recordf("ready");
	evil_wait();
	for (t = 0; t < sync_info.ntasks; t++)
		look(sync_info.gen, t, 0);
	evil_flush(evil_chan);
	while (answers < t && evil_get(evil_chan, &m)) {
		cursor_init(&c, m.data, m.len);
		if (m.type == S_NOTFOUND && get_notfound(&c, &n) == 0) {
			answers++;
			evil_recordf("%u: %s", n.task, look_name(n.look));
		} else if (m.type == S_FOUND && get_found(&c, &f) == 0) {
			answers++;
			found = f;
			evil_recordf("%u: found", f.task);
		}
	}
	if (found.id != 0)
		end_found(&found);
}

static void
file(uint8_t which, const char *name, int fd)
{
	struct wbuf *w = begin(R_FILE);

	put_u8(w, which);
	put_str(w, name);
	if (imsgbuf_end(evil_chan, fd) == -1)
		err(1, "imsgbuf_end");
	evil_flush(evil_chan);
}

static void
trial(uint8_t check, uint8_t no_roles)
{
	struct wbuf *w = begin(R_TRIAL);

	put_u8(w, check);
	put_u8(w, no_roles);
	end();
}

/* --- trial loads -------------------------------------------------------- */

/* Waits for the end of one: a sync where it succeeds. */
static void
trial_over(void)
{
	struct loaded l;
	struct cursor c;
	struct imsg m;

	evil_flush(evil_chan);
	while (evil_get(evil_chan, &m)) {
		cursor_init(&c, m.data, m.len);
		if (m.type == S_LOADED && get_loaded(&c, &l) == 0) {
			evil_recordf(l.ok ? "loaded" : "load failed");
			if (!l.ok)
				return;
		}
		if (m.type == SYNC_END)
			return;
	}
}

static int
open_or_die(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd == -1)
		err(1, "%s", path);
	return (fd);
}

void
trials(void)
{
	static char name[FILE_NAME_MAX + 2];
	int pv[2], i;

	if (evil_is("file_which"))
		file(FILE_ROLES + 1, "x", open_or_die("/dev/null"));
	else if (evil_is("file_name")) {
		memset(name, 'x', sizeof(name) - 1);
		file(FILE_CONF, name, open_or_die("/dev/null"));
	} else if (evil_is("file_bare"))
		file(FILE_CONF, "x", -1);
	else if (evil_is("trial_bool"))
		trial(2, 0);
	else if (evil_is("trial_short"))
		raw(12 + 1, R_TRIAL, 0, "", 1);
	else if (evil_is("trial_dir") || evil_is("trial_pipe") ||
	    evil_is("trial_device")) {
		if (pipe(pv) == -1)
			err(1, "pipe");
		file(FILE_CONF, "x", evil_is("trial_dir") ?
		    open_or_die("/") : evil_is("trial_pipe") ? pv[0] :
		    open_or_die("/dev/zero"));
		trial(0, 0);
		trial_over();
	} else if (evil_is("trial_roles")) {
		file(FILE_ROLES, "x", open_or_die("/dev/zero"));
		trial(0, 0);
		trial_over();
	} else if (evil_is("trial_junk")) {
		file(FILE_CONF, "/proc/self/exe",
		    open_or_die("/proc/self/exe"));
		trial(1, 1);
		trial_over();
	} else if (evil_is("trial_own")) {
		/* Of what is in force; a file that is not used goes. */
		for (i = 0; i < 100; i++)
			file(FILE_CONF, "x", open_or_die("/dev/zero"));
		trial(1, 0);
		trial_over();
		trial(0, 1);
		trial_over();
	} else if (evil_is("flood_trial"))
		for (i = 0; i < FLOOD; i++)
			trial(0, 0);
	else if (evil_is("flood_file"))
		for (i = 0; i < FLOOD; i++)
			file(i % 2, "x", open_or_die("/dev/null"));
}

/* --- watched paths, and what commands say -------------------------------- */

static void
look_at(uint32_t gen, uint32_t task, uint32_t index)
{
	put_stat_req(begin(R_STAT), &(struct stat_req){ gen, task, index });
	end();
}

static void
listen_to(uint32_t gen, uint32_t task, uint16_t cmd, uint64_t id)
{
	put_run_req(begin(R_OUTPUT), &(struct run_req){
	    gen, task, cmd, 0, id });
	end();
}

/* What it is told of paths that the plan names, and of old plans. */
static void
count_stated(uint32_t n)
{
	struct file_id id;
	struct cursor c;
	struct imsg m;
	uint32_t stale = 0, seen = 0;

	evil_flush(evil_chan);
	while (seen + stale < n && evil_get(evil_chan, &m)) {
		cursor_init(&c, m.data, m.len);
		if (m.type != S_STATED)
			continue;
		get_file_id(&c, &id);
		if (id.error == ESTALE)
			stale++;
		else
			seen++;
	}
	evil_recordf("stated %u", seen);
}

void
watches(void)
{
	uint32_t gen = sync_info.gen, n = sync_info.ntasks, i;

	if (evil_is("stat_past"))
		look_at(gen, n, 0);
	else if (evil_is("stat_index"))
		look_at(gen, 1, 1);
	else if (evil_is("stat_none"))
		look_at(gen, 0, 0);
	else if (evil_is("stat_own"))
		look_at(gen, NO_INDEX, FOLLOW_FILES);
	else if (evil_is("stat_huge"))
		look_at(gen, NO_INDEX - 1, NO_INDEX);
	else if (evil_is("stat_short"))
		raw(12 + 11, R_STAT, 0, "\0\0\0\0\0\0\0\0\0\0", 11);
	else if (evil_is("stat_gens")) {
		look_at(gen, 1, 0);
		for (i = 1; i <= 50; i++) {
			look_at(gen + i, 1, 0);
			look_at(gen - i, NO_INDEX, NO_INDEX);
		}
		/* Of the daemon's own there were as many, perhaps. */
		look_at(gen, NO_INDEX, FOLLOW_FILES - 1);
		count_stated(102);
	} else if (evil_is("replaced_long"))
		raw(12 + 1, R_REPLACED, 0, "", 1);
	else if (evil_is("flood_replaced"))
		for (i = 0; i < 10 * FLOOD; i++) {
			begin(R_REPLACED);
			end();
		}
	else if (evil_is("flood_stat"))
		for (i = 0; i < 10 * FLOOD; i++)
			look_at(gen, i % 2 == 0 ? 1 : NO_INDEX, 0);
	else if (evil_is("output0"))
		listen_to(gen, 1, 0, 0);
	else if (evil_is("output_past"))
		listen_to(gen, 1, 1000, 0);
	else if (evil_is("output_task"))
		listen_to(gen, n, 1, 0);
	else if (evil_is("output_id"))
		listen_to(gen, 1, 1, 1);
	else if (evil_is("output_gens"))
		for (i = 1; i <= 50; i++) {
			listen_to(gen + i, 1, 1, 0);
			listen_to(gen - i, NO_INDEX, 1000, 7);
		}
	else if (evil_is("output_held"))
		listen_to(gen, 4, 1, 0);
	else if (evil_is("flood_output"))
		/* As fast as they come to their end; nothing is read. */
		for (i = 0; i < FLOOD / 2; i++) {
			listen_to(gen, 1, 1, 0);
			if (i % 3 == 0) {
				evil_flush(evil_chan);
				usleep(1000);
			}
		}
}
