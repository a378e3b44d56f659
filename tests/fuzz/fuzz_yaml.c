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
 * From bytes to plan: everything the loader does with a configuration.  A
 * NUL byte, which no configuration may hold, ends it; what follows is the
 * roles file.
 */

#include <stdlib.h>
#include <string.h>

#include "../golden/plancheck.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char home[] = "HOME=/root", path[] = "PATH=/usr/bin:/bin";
	static char *const environment[] = { home, path, NULL };
	struct load_req req;
	struct conf_input in;
	struct conf c;
	const uint8_t *nul;

	memset(&req, 0, sizeof(req));
	memset(&in, 0, sizeof(in));
	memset(&c, 0, sizeof(c));
	req.conf_path = (struct span){ "fuzz.conf", 9 };
	req.roles_path = (struct span){ "fuzz.roles", 10 };
	req.http_listen = req.http_cert = (struct span){ "", 0 };
	req.explain = true;
	in.req = &req;
	in.conf = (const char *)data;
	in.conflen = size;
	if ((nul = memchr(data, '\0', size)) != NULL) {
		in.conflen = nul - data;
		req.have_roles = true;
		in.roles = (const char *)nul + 1;
		in.roleslen = size - in.conflen - 1;
	}
	in.environ = environment;
	in.host = "host";
	in.fqdn = "host.example.org";
	conf_compile(&c, &in);
	plancheck(&c);
	if (c.diag.nerrors == 0 && c.doc == NULL)
		abort();
	conf_free(&c);
	return (0);
}
