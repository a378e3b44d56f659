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
 * The memory of the sealed plan, its fingerprints and its name table.  The
 * records put into it were checked by planload.c.
 */

#include <sys/types.h>
#include <sys/mman.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/run.h"
#include "../common/util.h"
#include "planstore.h"

#define CHUNK_SIZE	(256 * 1024)
#define FINGER_SEED	0x7466706c616e31ULL

struct chunk {
	void	*mem;
	size_t	 size;
};

struct store_arena {
	struct chunk	*chunks;
	size_t		 nchunks;
	size_t		 used;		/* of the last chunk */
	size_t		 total;
};

struct plan_store *
planstore_new(void)
{
	struct plan_store *ps;

	if ((ps = calloc(1, sizeof(*ps))) == NULL)
		return (NULL);
	if ((ps->arena = calloc(1, sizeof(*ps->arena))) == NULL) {
		free(ps);
		return (NULL);
	}
	ps->refs = 1;
	ps->docfd = -1;
	return (ps);
}

void
planstore_ref(struct plan_store *ps)
{
	ps->refs++;
}

void
planstore_unref(struct plan_store *ps)
{
	struct store_arena *a;
	size_t i;

	if (ps == NULL || --ps->refs > 0)
		return;
	if (ps->docfd != -1)
		close(ps->docfd);
	a = ps->arena;
	for (i = 0; i < a->nchunks; i++)
		munmap(a->chunks[i].mem, a->chunks[i].size);
	free(a->chunks);
	free(a);
	free(ps);
}

static int
add_chunk(struct store_arena *a, size_t least)
{
	struct chunk *p, c;

	c.size = least > CHUNK_SIZE ? least : CHUNK_SIZE;
	c.size = (c.size + 4095) & ~(size_t)4095;
	if (c.size > LIMIT_PLAN - a->total) {
		errno = ENOMEM;
		return (-1);
	}
	p = reallocarray(a->chunks, a->nchunks + 1, sizeof(*p));
	if (p == NULL)
		return (-1);
	a->chunks = p;
	c.mem = mmap(NULL, c.size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (c.mem == MAP_FAILED)
		return (-1);
	a->chunks[a->nchunks++] = c;
	a->total += c.size;
	a->used = 0;
	return (0);
}

void *
planstore_alloc(struct plan_store *ps, size_t size)
{
	struct store_arena *a = ps->arena;
	char *p;

	if (size > LIMIT_PLAN) {
		errno = ENOMEM;
		return (NULL);
	}
	size = (size + 7) & ~(size_t)7;
	if ((a->nchunks == 0 ||
	    a->chunks[a->nchunks - 1].size - a->used < size) &&
	    add_chunk(a, size) == -1)
		return (NULL);
	p = (char *)a->chunks[a->nchunks - 1].mem + a->used;
	a->used += size;
	return (p);
}

const char *
planstore_string(struct plan_store *ps, struct span s)
{
	char *p;

	if ((p = planstore_alloc(ps, s.len + 1)) == NULL)
		return (NULL);
	memcpy(p, s.p, s.len);
	return (p);
}

static uint64_t
hash_string(uint64_t seed, const char *s)
{
	return (hash_bytes(seed, s, strlen(s)));
}

/*
 * Task_ppid changes with every start of the daemon, and nothing that runs
 * should be started again for it.
 */
static uint64_t
hash_env(const char *text)
{
	static const char ppid[] = "Task_ppid=";

	if (strncmp(text, ppid, sizeof(ppid) - 1) == 0)
		return (0);
	return (hash_string(FINGER_SEED, text));
}

/*
 * What a process is started with: argv, environment, cwd, credentials and
 * procname.  Late-bound marks count as they stand: the slot is the same and
 * the pid is nobody's wish.  The environment is a set, so its hash is a sum:
 * shared entries, less those replaced, plus the task's own.  So the cost of
 * a task is that of its own entries, and the same environment has the same
 * hash however it is divided.
 */
static uint64_t
finger_env(const struct plan_store *ps, const struct store_task *t)
{
	uint64_t sum = ps->envsum;
	uint32_t i;

	for (i = 0; i < t->nenv; i++) {
		if (t->env[i].shared != NO_INDEX)
			sum -= ps->envhash[t->env[i].shared];
		sum += t->env[i].hash;
	}
	return (sum);
}

static uint64_t
finger_argv(const struct store_cmd *cmd)
{
	uint64_t h = FINGER_SEED;
	uint32_t i;

	for (i = 0; i < cmd->argc; i++)
		h = hash_string(h, cmd->argv[i]);
	return (h);
}

static uint64_t
finger_user(const struct store_task *t)
{
	uint64_t h, ids[3] = { t->setids, t->uid, t->gid };

	h = hash_bytes(FINGER_SEED, ids, sizeof(ids));
	if (t->setids && t->ngroups > 0)
		h = hash_bytes(h, t->groups, t->ngroups * sizeof(gid_t));
	return (h);
}

static void
take_finger(const struct plan_store *ps, struct store_task *t)
{
	uint64_t *part = t->finger.part;

	part[FINGER_ARGV] = finger_argv(&t->cmds[0]);
	part[FINGER_ENV] = finger_env(ps, t);
	part[FINGER_CWD] = t->cwd != NULL ?
	    hash_string(FINGER_SEED, t->cwd) : 0;
	part[FINGER_USER] = finger_user(t);
	part[FINGER_PROCNAME] = t->procname != NULL ?
	    hash_string(FINGER_SEED, t->procname) : 0;
}

static uint64_t
hash_cmd(uint64_t h, const struct store_cmd *cmd)
{
	uint32_t i;

	h = hash_string(h, cmd->name);
	for (i = 0; i < cmd->argc; i++)
		h = hash_string(h, cmd->argv[i]);
	return (h);
}

/* Of the whole task, by which a reload knows what it need not look at. */
static uint64_t
sum_task(const struct store_task *t)
{
	uint64_t h, flags[6] = { t->control, t->in_role, t->held, t->count,
	    t->signals, t->ncmds };
	uint32_t i;

	h = hash_bytes(FINGER_SEED, flags, sizeof(flags));
	h = hash_bytes(h, &t->finger, sizeof(t->finger));
	h = hash_string(h, t->pidfile != NULL ? t->pidfile : "");
	for (i = 0; i < t->ncmds; i++)
		h = hash_cmd(h, &t->cmds[i]);
	return (t->schedlen == 0 ? h :
	    hash_bytes(h, t->sched, t->schedlen));
}

_Static_assert(STALE_ARGV == 1 << FINGER_ARGV &&
    STALE_ENV == 1 << FINGER_ENV && STALE_CWD == 1 << FINGER_CWD &&
    STALE_USER == 1 << FINGER_USER &&
    STALE_PROCNAME == 1 << FINGER_PROCNAME &&
    STALE_ALL == (1 << FINGER_MAX) - 1, "a bit a part");

bool
planstore_same_names(const struct plan_store *a, const struct plan_store *b)
{
	uint32_t i;

	if (a->ntasks != b->ntasks)
		return (false);
	for (i = 0; i < a->ntasks; i++)
		if (strcmp(a->tasks[i].name, b->tasks[i].name) != 0)
			return (false);
	return (true);
}

uint8_t
finger_differs(const struct finger *a, const struct finger *b)
{
	uint8_t differs = 0;
	int i;

	for (i = 0; i < FINGER_MAX; i++)
		if (a->part[i] != b->part[i])
			differs |= 1 << i;
	return (differs);
}

static int
index_names(struct plan_store *ps)
{
	uint32_t i, slot, size;

	for (size = 16; size < ps->ntasks * 2; size *= 2)
		;
	if ((ps->index = planstore_alloc(ps, size * sizeof(*ps->index))) ==
	    NULL)
		return (-1);
	ps->nindex = size;
	for (i = 0; i < ps->ntasks; i++) {
		if (planstore_find(ps, ps->tasks[i].name) != NO_INDEX) {
			errno = EEXIST;
			return (-1);
		}
		slot = hash_string(0, ps->tasks[i].name) & (size - 1);
		while (ps->index[slot] != 0)
			slot = (slot + 1) & (size - 1);
		ps->index[slot] = i + 1;
	}
	return (0);
}

uint32_t
planstore_find(const struct plan_store *ps, const char *name)
{
	uint32_t slot, task;

	slot = hash_string(0, name) & (ps->nindex - 1);
	while ((task = ps->index[slot]) != 0) {
		if (strcmp(ps->tasks[task - 1].name, name) == 0)
			return (task - 1);
		slot = (slot + 1) & (ps->nindex - 1);
	}
	return (NO_INDEX);
}

int
planstore_seal(struct plan_store *ps)
{
	struct store_arena *a = ps->arena;
	struct store_task *t;
	uint32_t i, j;
	size_t n;

	if ((ps->envhash = planstore_alloc(ps, ps->nenv *
	    sizeof(*ps->envhash))) == NULL)
		return (-1);
	for (i = 0; i < ps->nenv; i++) {
		ps->envhash[i] = hash_env(ps->env[i]);
		ps->envsum += ps->envhash[i];
	}
	for (i = 0; i < ps->ntasks; i++) {
		t = &ps->tasks[i];
		for (j = 0; j < t->nenv; j++)
			if (t->env[j].text != NULL)
				t->env[j].hash = hash_env(t->env[j].text);
		take_finger(ps, t);
		t->sum = sum_task(t);
	}
	if (index_names(ps) == -1)
		return (-1);
	for (n = 0; n < a->nchunks; n++)
		if (mprotect(a->chunks[n].mem, a->chunks[n].size,
		    PROT_READ) == -1)
			return (-1);
	return (0);
}
