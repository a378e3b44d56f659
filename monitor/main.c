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
 * The unprivileged program that thinks for the spawner, in two shapes that
 * share a binary and nothing else: "monitor -l" reads the configuration
 * once and ends; "monitor" stays and schedules.  Both are started by the
 * spawner only, with their channel as descriptor 3.
 */

#include <stdio.h>
#include <string.h>

#include "../common/util.h"
#include "load.h"
#include "monitor.h"

int
main(int argc, char *argv[])
{
	process_name("monitor");
	if (argc == 2 && strcmp(argv[1], "-l") == 0)
		return (load_main());
	if (argc == 1)
		return (monitor_main());
	fprintf(stderr, "monitor: is started by taskforced only\n");
	return (2);
}
