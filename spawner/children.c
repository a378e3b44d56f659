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
 * Starting processes at the monitor's request and reaping them.  Whatever
 * happens is recorded first and told second, so that a monitor that is away
 * finds it in the table when it is back.
 */

#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../common/chan.h"
#include "../common/ipc.h"
#include "../common/log.h"
#include "../common/states.h"
#include "daemon.h"
#include "foreign.h"
#include "helper.h"
#include "kept.h"
#include "orphan.h"
#include "planstore.h"
#include "proc.h"
#include "spawn.h"
#include "selfcheck.h"
#include "sight.h"
#include "trial.h"
#include "web.h"

/* Pipes that the monitor has not yet taken: the descriptors are ours. */
#define OUTPUTS_MAX	64

static void
tell_failed(struct daemon *d, uint32_t tag, const struct spawnfail *f)
{
	struct chan *c = helper_chan(d->monitor);

	if (!helper_ready(d->monitor))
		return;
	put_spawnfail(chan_begin(c, S_SPAWNFAIL, tag), f);
	chan_end(c);
}

/* No process came to be. */
static void
tell_not_started(struct daemon *d, uint32_t tag, uint32_t task,
    uint16_t instance, uint16_t cmd, enum stage stage, int error)
{
	struct spawnfail f = {
		.task = task, .instance = instance, .cmd = cmd,
		.stage = stage, .error = error, .at = mono_now(),
		.wall = wall_now()
	};

	tell_failed(d, tag, &f);
}

void
children_refuse(struct daemon *d, uint32_t tag, uint32_t task,
    uint16_t instance, uint16_t cmd, int error)
{
	tell_not_started(d, tag, task, instance, cmd, STAGE_REFUSED, error);
}

static void
tell_started(struct daemon *d, uint32_t tag, const struct proc *p)
{
	struct chan *c = helper_chan(d->monitor);
	struct spawned s = {
		.id = p->id, .task = p->task, .instance = p->instance,
		.cmd = p->cmd, .pid = p->pid, .at = p->started,
		.wall = p->started_wall
	};

	if (!helper_ready(d->monitor))
		return;
	put_spawned(chan_begin(c, S_SPAWNED, tag), &s);
	chan_end(c);
}

/* Sends the monitor one end of a pipe; the other, or -1 with errno. */
static int
tell_output(struct daemon *d, uint32_t tag)
{
	struct chan *c = helper_chan(d->monitor);
	int pv[2];

	if (!helper_ready(d->monitor)) {
		errno = EPIPE;
		return (-1);
	}
	if (chan_queued_fds(c) >= OUTPUTS_MAX) {
		errno = EAGAIN;
		return (-1);
	}
	if (pipe2(pv, O_CLOEXEC) == -1)
		return (-1);
	(void)chan_begin(c, S_OUTPUT, tag);
	chan_end_fd(c, pv[0]);
	return (pv[1]);
}

void
children_start(struct daemon *d, const struct start_req *r)
{
	const struct store_task *t = &d->plan->tasks[r->task];
	struct spawn_job job = {
		.plan = d->plan, .task = t, .cmd = &t->cmds[r->cmd],
		.instance = r->instance, .about = r->about, .out = -1
	};
	enum stage stage = STAGE_NONE;
	struct proc *p;
	pid_t pid;

	p = proctab_prepare(d->procs, d->plan, r->kind, r->task, r->instance,
	    r->cmd);
	if (p == NULL) {
		tell_not_started(d, r->tag, r->task, r->instance, r->cmd,
		    errno == EEXIST ? STAGE_REFUSED : STAGE_MEMORY, errno);
		return;
	}
	p->again_ms = r->again_ms;
	p->gen = d->gen;
	job.id = p->id;
	if (r->output && (job.out = tell_output(d, r->tag)) == -1) {
		tell_not_started(d, r->tag, r->task, r->instance, r->cmd,
		    STAGE_STDIO, errno);
		proctab_cancel(d->procs, p);
		return;
	}
	if ((pid = spawner_start(d->spawner, &job, &stage)) == -1) {
		tell_not_started(d, r->tag, r->task, r->instance, r->cmd,
		    stage, errno);
		proctab_cancel(d->procs, p);
		if (job.out != -1)
			close(job.out);
		return;
	}
	if (job.out != -1)
		close(job.out);
	foreign_recycled(d, pid);
	proctab_started(d->procs, p, pid);
	d->progress = p->started;
	tell_started(d, r->tag, p);
}

/* What children said of starts that failed, before they left. */
static void
read_failures(struct daemon *d)
{
	struct spawn_failure f;
	struct proc *p;

	while (spawner_failure(d->spawner, &f) == 1) {
		if ((p = proctab_find(d->procs, f.id)) == NULL)
			continue;
		p->fail_stage = f.stage;
		p->fail_error = f.error;
	}
}

static void
start_failed(struct daemon *d, struct proc *p)
{
	struct spawnfail f = {
		.id = p->id, .task = p->task, .instance = p->instance,
		.cmd = p->cmd, .stage = p->fail_stage,
		.error = p->fail_error, .at = p->exited,
		.wall = p->exited_wall
	};

	tell_failed(d, 0, &f);
	proctab_drop(d->procs, p);
}

static void
tell_exited(struct daemon *d, const struct proc *p, bool again)
{
	struct chan *c = helper_chan(d->monitor);
	struct exited e = {
		.id = p->id, .pid = p->pid, .status = p->status,
		.again = again, .last_signal = p->last_signal,
		.at = p->exited, .wall = p->exited_wall
	};

	put_exited(chan_begin(c, S_EXITED, 0), &e);
	chan_end(c);
}

/*
 * Shall the slot be started again at once?  Only what ended by itself, as
 * the plan in force has it, and when nobody is about to stop things.
 */
static bool
has_standing_order(const struct daemon *d, const struct proc *p)
{
	const struct store_task *t;

	if (p->again_ms == STANDING_NONE || p->kind != PROC_START ||
	    p->task == NO_INDEX || !request_current(d, p->gen, p->task) ||
	    p->last_signal != 0 || d->mode != MODE_RUN ||
	    mono_sub(p->exited, p->started) < (int64_t)p->again_ms)
		return (false);
	t = &d->plan->tasks[p->task];
	return (t->in_role && !t->held &&
	    p->instance < kept_count(d->kept, d->plan, p->task));
}

static void
start_again(struct daemon *d, const struct proc *p)
{
	struct start_req r = {
		.kind = PROC_START, .task = p->task,
		.instance = p->instance, .again_ms = STANDING_MS,
		.tag = STANDING_TAG
	};

	children_start(d, &r);
}

/* A command has ended: perhaps it has ended what it was about, too.  A check
 * is run all the time, and only looks. */
static void
command_over(struct daemon *d, const struct proc *cmd)
{
	const struct store_task *t = &d->plan->tasks[cmd->task];
	struct proc *p;
	uint16_t i;

	if (cmd->cmd < t->ncmds && strcmp(t->cmds[cmd->cmd].name, "check") == 0)
		return;
	for (i = 0; i < proctab_nslots(d->procs, cmd->task); i++)
		if ((p = proctab_slot(d->procs, cmd->task, i)) != NULL)
			foreign_may_end(p);
}

void
children_over(struct daemon *d, struct proc *p, int status)
{
	pid_t pid = p->pid;
	bool again;

	foreign_release(p);
	proctab_exited(d->procs, p, status);
	d->progress = p->exited;
	/* Not even put into words where nobody reads it: a stop has many. */
	if (log_get_level() == LOG_LEVEL_DEBUG)
		log_debug("task %s[%u]: pid %d %s", p->name, p->instance,
		    (int)pid, exit_text(status));
	if (!p->foreign && WIFEXITED(status) &&
	    WEXITSTATUS(status) == SPAWN_EXIT)
		read_failures(d);
	if (p->fail_stage != STAGE_NONE) {
		start_failed(d, p);
		return;
	}
	if (p->kind == PROC_COMMAND && p->task != NO_INDEX)
		command_over(d, p);
	again = has_standing_order(d, p);
	if (helper_ready(d->monitor)) {
		tell_exited(d, p, again);
		if (p->kind == PROC_COMMAND || p->task == NO_INDEX)
			proctab_drop(d->procs, p);
	} else if (p->task == NO_INDEX)
		proctab_drop(d->procs, p);
	if (again)
		start_again(d, p);
}

static void
reaped(struct daemon *d, pid_t pid, int status)
{
	struct proc *p;

	p = proctab_bypid(d->procs, pid);
	if (p != NULL && p->foreign) {
		foreign_recycled(d, pid);
		p = NULL;
	}
	if (p != NULL)
		children_over(d, p, status);
	else if (!helper_reaped(d->monitor, pid, status) &&
	    !web_reaped(d->web, pid, status) && !reload_reaped(d, pid) &&
	    !trial_reaped(d->trials, pid) &&
	    !selfcheck_reaped(d->selfcheck, pid, status) &&
	    !sight_reaped(d->sights, pid) &&
	    !orphan_reaped(d->orphans, pid))
		log_debug("pid %d, not one of ours, %s", (int)pid,
		    exit_text(status));
}

void
children_signal(struct daemon *d, struct proc *p, int sig)
{
	p->last_signal = sig;
	p->signalled = d->progress = mono_now();
	if ((p->foreign ? foreign_signal(p, sig) : kill(p->pid, sig)) == -1 &&
	    errno != ESRCH)
		log_warn("task %s[%u]: kill pid %d", p->name, p->instance,
		    (int)p->pid);
}

/* May what the process leaves behind be ended? */
static bool
is_whole(const struct daemon *d, const struct proc *p, int how)
{
	enum control control;

	if (p->kind != PROC_START || p->task == NO_INDEX)
		return (how != CLD_EXITED);
	control = proctab_control(d->procs, p->task);
	/* Their start command is there to leave something behind. */
	if (control == CONTROL_NOWAIT || control == CONTROL_ADOPT)
		return (false);
	return (control == CONTROL_WAIT || how != CLD_EXITED);
}

/*
 * Ends what a process leaves behind in its process group: the workers of a
 * server whose master was killed hold its sockets, and the successor could
 * not bind.  What wants to outlive its parent, as a login by sshd does, has
 * a session of its own.  A once task that exits by itself may be there to
 * start something that stays.  The process is not yet waited for, so that
 * the number is still its own.
 */
static void
end_group(struct daemon *d, const siginfo_t *si)
{
	struct proc *p;

	p = proctab_bypid(d->procs, si->si_pid);
	if (p == NULL || p->foreign || !is_whole(d, p, si->si_code))
		return;
	if (kill(-si->si_pid, SIGKILL) == -1 && errno != ESRCH &&
	    errno != EPERM)
		log_warn("task %s[%u]: kill process group %d", p->name,
		    p->instance, (int)si->si_pid);
}

void
children_reap(struct daemon *d)
{
	siginfo_t si;
	int status;

	/* Signals are merged: there may be more of them than calls of us. */
	for (;;) {
		si.si_pid = 0;
		if (waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) == -1 ||
		    si.si_pid == 0)
			break;
		end_group(d, &si);
		if (waitpid(si.si_pid, &status, 0) == -1)
			break;
		reaped(d, si.si_pid, status);
	}
	stop_check(d);
}
