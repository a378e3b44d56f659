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
 * What httpd reads: the first byte says as what the rest is taken, a
 * request's path, query and body, one a line; its headers; JSON; or the
 * records of the monitor.
 */

#include <stdlib.h>
#include <string.h>

#include "../../common/json.h"
#include "../../httpd/origin.h"
#include "../../httpd/route.h"
#include "../../httpd/snapshot.h"
#include "fuzz.h"

#define LINES	4

/* The lines of data, each a string of its own; NULL where there is none. */
static void
split(const uint8_t *data, size_t size, char *lines[LINES])
{
	const uint8_t *end;
	size_t i, n;

	for (i = 0; i < LINES; i++) {
		lines[i] = NULL;
		if (size == 0)
			continue;
		end = memchr(data, '\n', size);
		n = end == NULL ? size : (size_t)(end - data);
		if ((lines[i] = strndup((const char *)data, n)) == NULL)
			abort();
		if (end != NULL)
			n++;
		data += n;
		size -= n;
	}
}

static void
fuzz_route(char *lines[LINES])
{
	struct route_request req = { 0 };
	struct route r;
	int method;

	if (lines[0] == NULL)
		return;
	for (method = METHOD_GET; method <= METHOD_OTHER; method++) {
		req.method = method;
		req.path = lines[0];
		req.query = lines[1];
		req.body = lines[2];
		req.bodylen = lines[2] == NULL ? 0 : strlen(lines[2]);
		req.control = false;
		route_find(&req, &r);
		if (route_changes(&r) || r.indent > ROUTE_INDENT_MAX ||
		    r.status < 200 || r.status > 599 ||
		    memchr(r.text, '\0', sizeof(r.text)) == NULL)
			abort();
		req.control = true;
		route_find(&req, &r);
		if (route_changes(&r) && (method == METHOD_HEAD ||
		    strncmp(lines[0], "/manage/", 8) != 0))
			abort();
	}
}

static void
fuzz_origin(char *lines[LINES])
{
	static const char *const ours[] = { "192.0.2.1", "box" };
	struct origin_request r = { 0 };

	r.host = lines[0];
	r.origin = lines[1];
	r.referer = lines[2];
	r.fetch_site = lines[3];
	r.ours = ours;
	r.nours = 2;
	if (origin_refused(&r) == NULL && r.host != NULL &&
	    r.host[0] == '\0')
		abort();
}

/* Once it is written by us it stays as it is. */
static void
fuzz_json(const uint8_t *data, size_t size)
{
	char *once, *twice;
	size_t len, len2;

	once = json_reindent((const char *)data, size, 1, &len);
	if (once == NULL)
		return;
	twice = json_reindent(once, len, 1, &len2);
	if (twice == NULL || len2 != len || memcmp(once, twice, len) != 0)
		abort();
	free(once);
	free(twice);
}

static void
fuzz_snapshot(const uint8_t *data, size_t size)
{
	static int (*const add[])(struct snapshot *, struct cursor *) = {
		snapshot_add_summary, snapshot_add_task, snapshot_add_proc
	};
	struct snapshot_record r;
	struct snapshot *s;
	struct cursor c;
	size_t n, pos, kept, seen;

	if ((s = snapshot_new()) == NULL)
		abort();
	for (kept = 0; size >= 2; data += n, size -= n) {
		n = data[1];
		cursor_init(&c, data + 2, n < size - 2 ? n : size - 2);
		if (add[data[0] % 3](s, &c) == -1)
			break;
		kept += data[0] % 3 != 0;
		n = n + 2 < size ? n + 2 : size;
	}
	for (seen = pos = 0; snapshot_next(s, &pos, &r); seen++)
		continue;
	if (seen != kept)
		abort();
	snapshot_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *lines[LINES];
	size_t i;

	if (size == 0)
		return (0);
	switch (data[0] % 4) {
	case 0:
	case 1:
		split(data + 1, size - 1, lines);
		if (data[0] % 4 == 0)
			fuzz_route(lines);
		else
			fuzz_origin(lines);
		for (i = 0; i < LINES; i++)
			free(lines[i]);
		break;
	case 2:
		fuzz_json(data + 1, size - 1);
		break;
	default:
		fuzz_snapshot(data + 1, size - 1);
		break;
	}
	return (0);
}
