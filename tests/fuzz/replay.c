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

/* Runs a fuzz target over files, without a fuzzer: any compiler will do. */

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/log.h"
#include "fuzz.h"

#define MAX_INPUT	(4 * 1024 * 1024)

int
main(int argc, char *argv[])
{
	uint8_t *copy, *data;
	size_t len;
	FILE *f;
	int i;

	log_init("replay", LOG_TO_STDERR, LOG_LEVEL_QUIET);
	if ((data = malloc(MAX_INPUT)) == NULL)
		err(2, NULL);
	for (i = 1; i < argc; i++) {
		if ((f = fopen(argv[i], "r")) == NULL)
			err(2, "%s", argv[i]);
		len = fread(data, 1, MAX_INPUT, f);
		fclose(f);
		/* Memory of exactly that size, so that a step too far is
		 * seen by who watches for it. */
		if ((copy = malloc(len == 0 ? 1 : len)) == NULL)
			err(2, NULL);
		memcpy(copy, data, len);
		LLVMFuzzerTestOneInput(copy, len);
		free(copy);
	}
	free(data);
	printf("%d inputs\n", argc - 1);
	return (0);
}
