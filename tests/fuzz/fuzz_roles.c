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

/* The roles file. */

#include <stdlib.h>
#include <string.h>

#include "../../common/ipc.h"
#include "../../monitor/roles.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct roles roles;
	struct diag diag;
	uint32_t i, line = 0;
	size_t len;

	memset(&arena, 0, sizeof(arena));
	memset(&roles, 0, sizeof(roles));
	diag_init(&diag, "f", "r");
	roles_parse(&roles, (const char *)data, size, &arena, &diag);
	for (i = 0; i < roles.n; i++) {
		len = strlen(roles.list[i].name);
		if (len < 1 || len > LIMIT_NAME ||
		    roles.list[i].line <= line ||
		    !roles_active(&roles, roles.list[i].name, len) ||
		    (roles.list[i].value != NULL &&
		    strchr(roles.list[i].value, LATE_MARK) != NULL))
			abort();
		line = roles.list[i].line;
	}
	roles_free(&roles);
	diag_free(&diag);
	arena_free(&arena);
	return (0);
}
