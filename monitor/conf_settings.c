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
 * The settings: what holds for the daemon as a whole.
 */

#include <stdlib.h>
#include <string.h>

#include "../common/ipc.h"
#include "../common/util.h"
#include "conf_task.h"

/* Where the package managers of the systems we know say "at work". */
static const char *const usual_locks[] = {
	"/var/lib/dpkg/lock-frontend",
	"/var/lib/dpkg/lock",
	"/var/lib/rpm/.rpm.lock"
};

static void
package_locks(struct conf *c, struct node *v, struct schedrec_plan *plan)
{
	struct conf_words w;
	uint32_t i;

	if (v == NULL) {
		plan->nlocks = nitems(usual_locks);
		plan->locks = xcalloc(plan->nlocks, sizeof(char *));
		for (i = 0; i < plan->nlocks; i++)
			plan->locks[i] = arena_strn(&c->arena,
			    usual_locks[i], strlen(usual_locks[i]));
		return;
	}
	conf_names(c, v, "package_locks", &w);
	plan->locks = xcalloc(w.n + 1, sizeof(char *));
	for (i = 0; i < w.n; i++)
		if (w.spans[i].len > 0)
			plan->locks[plan->nlocks++] = arena_strn(&c->arena,
			    w.spans[i].p, w.spans[i].len);
}

/* A group this host does not know is no error of the file. */
static void
control_group(struct conf *c, struct node *v)
{
	struct host_fault fault;
	const char *text;

	c->emit.control_gid = NO_INDEX;
	v = conf_node(c, v);
	if ((text = conf_text(c, v, "control_group", NULL)) == NULL ||
	    *text == '\0')
		return;
	c->emit.control_gid = host_gid(&c->host, text, &fault);
	if (fault.reason == REASON_NONE)
		return;
	if (c->req->check) {
		diag_error(&c->diag, v, "'control_group': %s", fault.detail);
		c->diag.nhost++;
	} else
		diag_warn(&c->diag, v, "'control_group': %s: the control "
		    "socket keeps its group", fault.detail);
}

void
conf_settings(struct conf *c, struct node *map)
{
	struct node *v[KEY_SETTINGS_MAX];
	struct schedrec_plan plan;
	uint32_t i;

	memset(v, 0, sizeof(v));
	if (map != NULL)
		keys_scan(KEYS_SETTINGS, &c->diag, map, v);
	memset(&plan, 0, sizeof(plan));
	plan.roles_on = c->roles.on;
	plan.all_roles = c->all_roles = conf_bool(c,
	    v[KEY_SETTINGS_ALL_ROLES], "all_roles", false);
	plan.settle_ms = conf_seconds(c, v, KEYS_SETTINGS,
	    KEY_SETTINGS_SETTLE, CONF_SETTLE);
	plan.nroles = c->roles.n;
	plan.roles = xcalloc(plan.nroles + 1, sizeof(*plan.roles));
	for (i = 0; i < plan.nroles; i++)
		plan.roles[i] = c->roles.list[i].name;
	package_locks(c, v[KEY_SETTINGS_PACKAGE_LOCKS], &plan);
	control_group(c, v[KEY_SETTINGS_CONTROL_GROUP]);
	if (emit_sched_plan(&c->emit, &plan) == -1)
		diag_error(&c->diag, NULL, "too many roles and locks");
	if (c->req->explain)
		explain_plan(c, &plan, v);
	free(plan.roles);
	free(plan.locks);
	conf_http(c, v[KEY_SETTINGS_HTTP]);
}
