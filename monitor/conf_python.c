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
 * Events of type python: which interpreter runs the script of a task, and
 * the command by which that interpreter tells the modules that the script
 * imports.  Of the script no more is read than its first line, as the kernel
 * does; it may belong to the task's user, as whom the command is run.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "conf_task.h"

/*
 * Only the script's own directory and PYTHONPATH are searched: what belongs
 * to the system's Python changes with the system.  A module that cannot be
 * parsed is named all the same, as it will be mended; and so are the places
 * where one that is nowhere may come to be.
 */
static const char snippet[] =
    "import os, sys, modulefinder\n"
    "try:\n"
    "    from importlib.util import find_spec\n"
    "except ImportError:\n"
    "    find_spec = None\n"
    "s = sys.argv[1]\n"
    "d = [os.path.dirname(os.path.realpath(s))]\n"
    "d += [p for p in os.environ.get('PYTHONPATH', '').split(os.pathsep)"
    " if p]\n"
    "f = modulefinder.ModuleFinder(path=d)\n"
    "f.run_script(s)\n"
    "n = set(m.__file__ for m in f.modules.values() if m.__file__)\n"
    "def elsewhere(b):\n"
    "    try:\n"
    "        return b not in f.modules and (find_spec is None or"
    " find_spec(b) is not None)\n"
    "    except (ImportError, ValueError):\n"
    "        return False\n"
    "for b in f.any_missing_maybe()[0]:\n"
    "    q = [os.path.join(p, *b.split('.')) for p in d]\n"
    "    q = [p + e for p in q for e in ('.py', os.sep + '__init__.py')]\n"
    "    w = elsewhere(b.split('.')[0])\n"
    "    n.update(p for p in q if not w or os.path.exists(p))\n"
    "sys.stdout.write(''.join(os.path.abspath(p) + chr(0) for p in n))\n";

static bool
is_python(const char *program, size_t len)
{
	const char *p;

	for (p = program + len; p > program && p[-1] != '/'; p--)
		;
	return (program + len - p >= 6 && strncmp(p, "python", 6) == 0);
}

/* The first argument that is none of the interpreter's own. */
static const char *
script_of(const struct task_cmd *cmd)
{
	const char *arg;
	uint32_t i;

	for (i = 1; i < cmd->argc; i++) {
		arg = cmd->argv[i].p;
		if (arg[0] != '-')
			return (arg);
		/* Not a script: standard input, a text, a module. */
		if (arg[1] == '\0' || strchr(arg, 'c') != NULL ||
		    strchr(arg, 'm') != NULL)
			return (NULL);
		if ((arg[1] == 'W' || arg[1] == 'X') && arg[2] == '\0')
			i++;
	}
	return (NULL);
}

/*
 * The words of a "#!" line that are the interpreter: one, or two with
 * env(1).  The number of them; 0: there is no such line, or it is not
 * Python's; -1 with errno: it cannot be read.
 */
static int
interpreter(struct task *t, const char *path, struct span *words)
{
	struct arena *a = &t->c->ctx.task_arena;
	char line[256], *p, *last, *word;
	ssize_t n;
	int fd, nwords = 0;
	bool python = false;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (n < 2 || line[0] != '#' || line[1] != '!')
		return (0);
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	for (p = line + 2; nwords < 2 && !python &&
	    (word = strtok_r(p, " \t\r", &last)) != NULL; p = NULL) {
		if (*word == LATE_MARK)
			return (0);
		words[nwords].p = arena_strn(a, word, strlen(word));
		words[nwords++].len = strlen(word);
		python = is_python(word, strlen(word));
	}
	return (python ? nwords : 0);
}

static void
add_modules(struct task *t, const struct span *words, uint32_t n,
    const char *script)
{
	struct arena *a = &t->c->ctx.task_arena;
	struct task_cmd *cmd;
	uint32_t i;

	if (t->python || t->ncmds == LIMIT_CMDS)
		return;
	cmd = &t->cmds[t->ncmds];
	cmd->name = CMD_MODULES;
	cmd->where = t->cmds[0].where;
	cmd->program_at = t->cmds[0].program_at;
	cmd->argv = arena_alloc(a, (n + 3) * sizeof(*cmd->argv));
	for (i = 0; i < n; i++)
		cmd->argv[i] = words[i];
	cmd->argv[i].p = "-c";
	cmd->argv[i++].len = 2;
	cmd->argv[i].p = snippet;
	cmd->argv[i++].len = strlen(snippet);
	cmd->argv[i].p = script;
	cmd->argv[i++].len = strlen(script);
	cmd->argc = i;
	t->rec.cmds[t->ncmds].name = arena_strn(a, CMD_MODULES,
	    strlen(CMD_MODULES));
	t->rec.cmds[t->ncmds].program = arena_strn(a, words[0].p,
	    words[0].len);
	t->rec.cmds[t->ncmds].per_process = false;
	t->rec.ncmds = ++t->ncmds;
	t->python = true;
}

const char *
task_python(struct task *t)
{
	const struct task_cmd *start = &t->cmds[0];
	struct host_fault fault = { .reason = REASON_NOT_PYTHON };
	struct span words[2];
	const char *script;
	int n = 1;

	/* Held for another reason, or known only when it is started. */
	if (t->program == NULL || t->ncmds == 0)
		return (NULL);
	if (is_python(t->program, strlen(t->program))) {
		script = script_of(start);
		words[0] = start->argv[0];
	} else {
		script = t->program;
		n = interpreter(t, script, words);
	}
	if (n == -1) {
		diag_warn(&t->c->diag, start->program_at, "the script %.200s "
		    "cannot be read here (%s): its modules are not followed",
		    script, strerror(errno));
		return (script);
	}
	if (script == NULL || n == 0) {
		snprintf(fault.detail, sizeof(fault.detail), "'%.200s' does "
		    "not run a Python script, which an event of type python "
		    "needs", t->program);
		task_hold(t, start->program_at, &fault);
		return (NULL);
	}
	if (strchr(script, LATE_MARK) == NULL)
		add_modules(t, words, n, script);
	return (strchr(script, LATE_MARK) == NULL ? script : NULL);
}
