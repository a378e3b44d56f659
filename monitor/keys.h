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
 * "did you mean" words and the warnings about keys that are unknown or not
 * supported yet.
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
	SHAPE_COUNT,
	SHAPE_SECONDS,
	SHAPE_WORDS,		/* one value or a list */
	SHAPE_VALUES,		/* a map from names to values */
	SHAPE_ROLES,		/* a map from roles to such maps */
	SHAPE_COMMANDS,		/* a map from names to lists of words */
	SHAPE_MAP,		/* a map with keys of its own */
	SHAPE_MAPS,		/* a list of such maps, or one */
	SHAPE_TASKS,		/* a map from names to tasks */
	SHAPE_ANY		/* not looked at */
};

/* name, spelling, shape, supported yet? */
#define TOP_KEYS(K) \
	K(DEFAULTS, "defaults", SHAPE_VALUES, true) \
	K(DEFINES, "defines", SHAPE_VALUES, true) \
	K(ROLE_DEFAULTS, "role_defaults", SHAPE_ROLES, true) \
	K(ROLE_DEFINES, "role_defines", SHAPE_ROLES, true) \
	K(SETTINGS, "settings", SHAPE_MAP, true) \
	K(TASKS, "tasks", SHAPE_TASKS, true)

#define SETTINGS_KEYS(K) \
	K(ALL_ROLES, "all_roles", SHAPE_BOOL, true) \
	K(CONTROL_GROUP, "control_group", SHAPE_TEXT, true) \
	K(HTTP, "http", SHAPE_MAPS, true) \
	K(LOG_DIR, "log_dir", SHAPE_TEXT, false) \
	K(OUTPUT, "output", SHAPE_ANY, false) \
	K(PACKAGE_LOCKS, "package_locks", SHAPE_WORDS, true) \
	K(SETTLE, "settle", SHAPE_SECONDS, true)

#define HTTP_KEYS(K) \
	K(ALLOW, "allow", SHAPE_WORDS, true) \
	K(ALLOW_CONTROL, "allow_control", SHAPE_BOOL, true) \
	K(AUTH, "auth", SHAPE_TEXT, true) \
	K(CERTFILE, "certfile", SHAPE_TEXT, true) \
	K(CLIENT_CA, "client_ca", SHAPE_TEXT, true) \
	K(HSTS, "hsts", SHAPE_SECONDS, true) \
	K(LISTEN, "listen", SHAPE_TEXT, true) \
	K(TIMEOUT, "timeout", SHAPE_SECONDS, true)

#define TASK_KEYS(K) \
	K(CHECK_INTERVAL, "check_interval", SHAPE_SECONDS, true) \
	K(CHECK_TIMEOUT, "check_timeout", SHAPE_SECONDS, true) \
	K(COMMANDS, "commands", SHAPE_COMMANDS, true) \
	K(CONTROL, "control", SHAPE_TEXT, true) \
	K(COUNT, "count", SHAPE_COUNT, true) \
	K(CWD, "cwd", SHAPE_TEXT, true) \
	K(DEFAULTS, "defaults", SHAPE_VALUES, true) \
	K(DEFINES, "defines", SHAPE_VALUES, true) \
	K(EVENTS, "events", SHAPE_MAPS, true) \
	K(GROUP, "group", SHAPE_TEXT, true) \
	K(ONEXIT, "onexit", SHAPE_MAPS, true) \
	K(OUTPUT, "output", SHAPE_ANY, false) \
	K(PIDFILE, "pidfile", SHAPE_TEXT, true) \
	K(PROCNAME, "procname", SHAPE_TEXT, true) \
	K(REQUIRES, "requires", SHAPE_WORDS, true) \
	K(ROLE_DEFAULTS, "role_defaults", SHAPE_ROLES, true) \
	K(ROLE_DEFINES, "role_defines", SHAPE_ROLES, true) \
	K(ROLES, "roles", SHAPE_WORDS, true) \
	K(START_DELAY, "start_delay", SHAPE_SECONDS, true) \
	K(STOP_TIMEOUT, "stop_timeout", SHAPE_SECONDS, true) \
	K(TIME_LIMIT, "time_limit", SHAPE_SECONDS, true) \
	K(USER, "user", SHAPE_TEXT, true)

#define EVENT_KEYS(K) \
	K(COMMAND, "command", SHAPE_TEXT, true) \
	K(CONTENT, "content", SHAPE_BOOL, true) \
	K(PATH, "path", SHAPE_WORDS, true) \
	K(SIGNAL, "signal", SHAPE_TEXT, true) \
	K(TYPE, "type", SHAPE_TEXT, true) \
	K(VERIFY, "verify", SHAPE_TEXT, true)

#define ONEXIT_KEYS(K) \
	K(TASK, "task", SHAPE_TEXT, true) \
	K(TYPE, "type", SHAPE_TEXT, true)

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
	bool		 supported;
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

/*
 * Sorts the pairs of a map by key: v[id] is the value, or NULL where the
 * key is absent, has no value, or has a value of the wrong shape (an error
 * in diag).  v has room for all keys of the place.
 */
void	 keys_scan(enum key_place, struct diag *, struct node *map,
	    struct node **v);

#endif /* MONITOR_KEYS_H */
