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
 * Every key of the configuration, in one table: it drives the parser, the
 * "did you mean" words, the warnings about keys that are unknown or not
 * supported yet, and the schema that editors use (schema.c).  The sentences
 * are for people who write a configuration; taskforce.conf(5) has more.
 */

#ifndef MONITOR_KEYS_H
#define MONITOR_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"
#include "node.h"

/* What may stand behind a key.  All but the maps may be conditional. */
enum key_shape {
	SHAPE_TEXT,		/* one value */
	SHAPE_BOOL,
	SHAPE_COUNT,		/* 1 ... LIMIT_INSTANCES */
	SHAPE_SECONDS,		/* 0 ... SECONDS_MAX of value.h */
	SHAPE_HSTS,		/* whole seconds, or a boolean */
	SHAPE_CONTROL,		/* one of the words of key_word() */
	SHAPE_EVENT_TYPE,
	SHAPE_ONEXIT_TYPE,
	SHAPE_SIGNAL,
	SHAPE_TASK_NAME,
	SHAPE_WORDS,		/* one value or a list */
	SHAPE_REQUIRES,		/* the same, names of tasks */
	SHAPE_VALUES,		/* a map from names to values */
	SHAPE_ROLES,		/* a map from roles to such maps */
	SHAPE_COMMANDS,		/* a map from names to lists of words */
	SHAPE_SETTINGS,		/* a map with keys of its own */
	SHAPE_LISTENERS,	/* a list of such maps, or one */
	SHAPE_EVENTS,
	SHAPE_ONEXITS,
	SHAPE_TASKS,		/* a map from names to such maps */
	SHAPE_ANY		/* not looked at */
};

#define KEY_LATER	0x01	/* known, but not supported yet */
#define KEY_REQUIRED	0x02	/* must be there, and have a value */
#define KEY_POSITIVE	0x04	/* seconds, but not 0 */
#define KEY_FILLED	0x08	/* a list that must not be empty */
#define KEY_NULLABLE	0x10	/* required, but may be empty */

#define HSTS_MAX	UINT32_MAX
/* What the name of a task cannot have, besides blanks and control bytes. */
#define TASK_NAME_NOT	"/:"
#define REQUIRES_OK	":ok"	/* what may follow it in requires */

/* name, spelling, shape, flags, what it is */
#define TOP_KEYS(K) \
	K(DEFAULTS, "defaults", SHAPE_VALUES, 0, \
	    "Values for the context of every task, used where it has no " \
	    "such name yet.") \
	K(DEFINES, "defines", SHAPE_VALUES, 0, \
	    "Values for the context, and so the environment, of every " \
	    "task.") \
	K(ROLE_DEFAULTS, "role_defaults", SHAPE_ROLES, 0, \
	    "A map from roles to defaults, used while the role is " \
	    "active.") \
	K(ROLE_DEFINES, "role_defines", SHAPE_ROLES, 0, \
	    "A map from roles to defines, used while the role is " \
	    "active.") \
	K(SETTINGS, "settings", SHAPE_SETTINGS, 0, \
	    "Settings of the daemon itself.") \
	K(TASKS, "tasks", SHAPE_TASKS, KEY_REQUIRED | KEY_NULLABLE, \
	    "The tasks by name: what is run, and how.")

#define SETTINGS_KEYS(K) \
	K(ALL_ROLES, "all_roles", SHAPE_BOOL, 0, \
	    "Whether a task needs all of its roles active, not one of " \
	    "them.") \
	K(CONTROL_GROUP, "control_group", SHAPE_TEXT, 0, \
	    "The group whose members may use the control socket.") \
	K(HTTP, "http", SHAPE_LISTENERS, 0, \
	    "HTTP listeners for status, control and metrics.") \
	K(LOG_DIR, "log_dir", SHAPE_TEXT, KEY_LATER, \
	    "The directory for the output of tasks.") \
	K(OUTPUT, "output", SHAPE_ANY, KEY_LATER, \
	    "Where the output of tasks goes that do not say it " \
	    "themselves.") \
	K(PACKAGE_LOCKS, "package_locks", SHAPE_WORDS, 0, \
	    "Files that a package manager locks while it works; changed " \
	    "files wait for it.") \
	K(SETTLE, "settle", SHAPE_SECONDS, 0, \
	    "Seconds that a file must have been quiet before its change " \
	    "is acted on; 0.1 by default.")

#define HTTP_KEYS(K) \
	K(ALLOW, "allow", SHAPE_WORDS, KEY_FILLED, \
	    "Addresses and prefixes from which requests are served; " \
	    "without it, all.") \
	K(ALLOW_CONTROL, "allow_control", SHAPE_BOOL, 0, \
	    "Whether requests may change the state of tasks.") \
	K(AUTH, "auth", SHAPE_TEXT, 0, \
	    "The path of a file with users and the hashes of their " \
	    "passwords, or with digests of tokens.") \
	K(CERTFILE, "certfile", SHAPE_TEXT, 0, \
	    "A PEM file with key and certificates: the listener speaks " \
	    "TLS.") \
	K(CLIENT_CA, "client_ca", SHAPE_TEXT, 0, \
	    "A PEM file with the authorities one of which must have " \
	    "signed a client's certificate.") \
	K(HSTS, "hsts", SHAPE_HSTS, 0, \
	    "Seconds for which browsers shall use nothing but TLS; true " \
	    "is a year.") \
	K(LISTEN, "listen", SHAPE_TEXT, 0, \
	    "Where to listen: [host][:port], or the path of a Unix- " \
	    "domain socket.") \
	K(TIMEOUT, "timeout", SHAPE_SECONDS, KEY_POSITIVE, \
	    "Seconds until a request must be complete; 3 by default.")

#define TASK_KEYS(K) \
	K(CHECK_INTERVAL, "check_interval", SHAPE_SECONDS, KEY_POSITIVE, \
	    "Seconds between two probes of a nowait or adopt task; 5 by " \
	    "default.") \
	K(CHECK_TIMEOUT, "check_timeout", SHAPE_SECONDS, KEY_POSITIVE, \
	    "Seconds until a probe without an answer has failed; 5 by " \
	    "default.") \
	K(COMMANDS, "commands", SHAPE_COMMANDS, KEY_REQUIRED, \
	    "The commands by name, each a list of program and " \
	    "arguments; start is what the task runs.") \
	K(CONTROL, "control", SHAPE_CONTROL, 0, \
	    "How the task is run; wait, which is the default, starts " \
	    "again what exits.") \
	K(COUNT, "count", SHAPE_COUNT, 0, \
	    "How many processes the task has; 1 by default.") \
	K(CWD, "cwd", SHAPE_TEXT, 0, \
	    "The directory its processes start in.") \
	K(DEFAULTS, "defaults", SHAPE_VALUES, 0, \
	    "Values for the context of this task, used where it has no " \
	    "such name yet.") \
	K(DEFINES, "defines", SHAPE_VALUES, 0, \
	    "Values for the context, and so the environment, of this " \
	    "task.") \
	K(EVENTS, "events", SHAPE_EVENTS, 0, \
	    "What is done when a file changes, or a process is stopped.") \
	K(GROUP, "group", SHAPE_TEXT, 0, \
	    "The group its processes run as, a name or a number.") \
	K(ONEXIT, "onexit", SHAPE_ONEXITS, 0, \
	    "Tasks to start when all processes of this one have exited.") \
	K(OUTPUT, "output", SHAPE_ANY, KEY_LATER, \
	    "Where the output of its processes goes.") \
	K(PIDFILE, "pidfile", SHAPE_TEXT, 0, \
	    "The file that a process writes its process ID to.") \
	K(PROCNAME, "procname", SHAPE_TEXT, 0, \
	    "What a process gets as argv[0], the name of its program.") \
	K(REQUIRES, "requires", SHAPE_REQUIRES, 0, \
	    "Tasks that must have run before this one starts; name:ok " \
	    "asks for exit status 0.") \
	K(ROLE_DEFAULTS, "role_defaults", SHAPE_ROLES, 0, \
	    "A map from roles to defaults, used while the role is " \
	    "active.") \
	K(ROLE_DEFINES, "role_defines", SHAPE_ROLES, 0, \
	    "A map from roles to defines, used while the role is " \
	    "active.") \
	K(ROLES, "roles", SHAPE_WORDS, 0, \
	    "Roles of which one must be active, or with all_roles each.") \
	K(START_DELAY, "start_delay", SHAPE_SECONDS, 0, \
	    "Seconds after its start when the task counts as started " \
	    "for those that require it.") \
	K(STOP_TIMEOUT, "stop_timeout", SHAPE_SECONDS, 0, \
	    "Seconds after the signal, or the stop command, until what " \
	    "is left is killed; 5 by default.") \
	K(TIME_LIMIT, "time_limit", SHAPE_SECONDS, 0, \
	    "Seconds after which the task is stopped; none by default.") \
	K(USER, "user", SHAPE_TEXT, 0, \
	    "The user its processes run as, a name or a number.")

#define EVENT_KEYS(K) \
	K(COMMAND, "command", SHAPE_TEXT, 0, \
	    "The command of the task to run; stop and start are built " \
	    "in.") \
	K(CONTENT, "content", SHAPE_BOOL, 0, \
	    "Whether only a change of the content counts, not a " \
	    "rewrite.") \
	K(PATH, "path", SHAPE_WORDS, 0, \
	    "The file to watch, or a list of them.") \
	K(SIGNAL, "signal", SHAPE_SIGNAL, 0, \
	    "The signal to send, a name or a number.") \
	K(TYPE, "type", SHAPE_EVENT_TYPE, KEY_REQUIRED, \
	    "What the event is about.") \
	K(VERIFY, "verify", SHAPE_TEXT, 0, \
	    "A command of the task that must exit with status 0 before " \
	    "a change is acted on.")

#define ONEXIT_KEYS(K) \
	K(TASK, "task", SHAPE_TASK_NAME, KEY_REQUIRED, \
	    "The task to start, which has the control once or event.") \
	K(TYPE, "type", SHAPE_ONEXIT_TYPE, KEY_REQUIRED, \
	    "What to do, which is always start.")

#define KEY_ID_TOP(id, ...)		KEY_TOP_##id,
#define KEY_ID_SETTINGS(id, ...)	KEY_SETTINGS_##id,
#define KEY_ID_HTTP(id, ...)		KEY_HTTP_##id,
#define KEY_ID_TASK(id, ...)		KEY_TASK_##id,
#define KEY_ID_EVENT(id, ...)		KEY_EVENT_##id,
#define KEY_ID_ONEXIT(id, ...)		KEY_ONEXIT_##id,

enum { TOP_KEYS(KEY_ID_TOP) KEY_TOP_MAX };
enum { SETTINGS_KEYS(KEY_ID_SETTINGS) KEY_SETTINGS_MAX };
enum { HTTP_KEYS(KEY_ID_HTTP) KEY_HTTP_MAX };
enum { TASK_KEYS(KEY_ID_TASK) KEY_TASK_MAX };
enum { EVENT_KEYS(KEY_ID_EVENT) KEY_EVENT_MAX };
enum { ONEXIT_KEYS(KEY_ID_ONEXIT) KEY_ONEXIT_MAX };

struct key {
	const char	*name;
	uint8_t		 len;
	uint8_t		 shape;		/* enum key_shape */
	uint8_t		 flags;		/* KEY_x */
	const char	*text;		/* a sentence */
};

enum key_place {
	KEYS_TOP,
	KEYS_SETTINGS,
	KEYS_HTTP,
	KEYS_TASK,
	KEYS_EVENT,
	KEYS_ONEXIT,
	KEYS_MAX
};

/* The keys of a place in the order of their numbers. */
const struct key	*keys_list(enum key_place, size_t *n);
/* The place of the keys of the maps that a shape asks for; KEYS_MAX: none. */
enum key_place		 keys_inside(enum key_shape);
/*
 * The i-th word that a SHAPE_CONTROL, SHAPE_EVENT_TYPE or SHAPE_ONEXIT_TYPE
 * may be, or NULL behind the last.
 */
const char		*key_word(enum key_shape, size_t i);
/*
 * What to say after a word that is none of them: the nearest one, or else
 * all.  The text is the guess's.
 */
const char		*key_hint(enum key_shape, struct diag *,
			    struct diag_guess *, const char *written);

/*
 * Sorts the pairs of a map by key: v[id] is the value, or NULL where the
 * key is absent, has no value, or has a value of the wrong shape (an error
 * in diag).  v has room for all keys of the place.
 */
void	 keys_scan(enum key_place, struct diag *, struct node *map,
	    struct node **v);

#endif /* MONITOR_KEYS_H */
