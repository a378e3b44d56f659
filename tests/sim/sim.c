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
 * sim [-a] [-n count] [-f first] [-s seed]: plays count histories from the
 * seed first on; or one, and tells everything: where it breaks a rule what
 * is left of it when all has been left out that the rule does not need, with
 * -a as it is.  Exit 0: no rule was broken.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../common/log.h"
#include "../../common/util.h"
#include "sim.h"

#define SHOWN	20		/* failures: the first say enough */

static void __attribute__((__noreturn__))
usage(void)
{
	fprintf(stderr, "usage: sim [-a] [-n count] [-f first] [-s seed]\n");
	exit(2);
}

static long long
number(const char *s)
{
	const char	*error;
	long long	 n;

	n = strtonum(s, 0, INT64_MAX, &error);
	if (error != NULL)
		usage();
	return (n);
}

static bool
tell(struct world *w, uint64_t seed, bool all)
{
	struct sim_skip	 skip = { { 0 }, { 0 } };

	if (!all)
		shrink(w, seed, &skip);
	return (history(w, seed, true, &skip));
}

int
main(int argc, char *argv[])
{
	struct world	*w;
	long long	 count = 1000, first = 1, one = -1, i, bad = 0;
	uint64_t	 steps = 0;
	bool		 all = false, good;
	int		 c;

	while ((c = getopt(argc, argv, "af:n:s:")) != -1) {
		switch (c) {
		case 'a':
			all = true;
			break;
		case 'f':
			first = number(optarg);
			break;
		case 'n':
			count = number(optarg);
			break;
		case 's':
			one = number(optarg);
			break;
		default:
			usage();
		}
	}
	if (argc != optind)
		usage();
	log_init("sim", LOG_TO_STDERR, LOG_LEVEL_QUIET);
	w = xcalloc(1, sizeof(*w));
	if (one != -1) {
		first = one;
		count = 1;
	}
	for (i = first; i < first + count; i++) {
		good = one != -1 ? tell(w, i, all) :
		    history(w, i, false, NULL);
		if (!good && bad++ < SHOWN)
			printf("seed %lld: %s: %s (sim -s %lld tells more)\n",
			    i, w->wrong, w->detail, i);
		steps += w->steps;
	}
	free(w);
	printf("%lld passed, %lld failed\n", count - bad, bad);
	if (steps == 0 && count > 0)
		return (1);
	return (bad == 0 ? 0 : 1);
}
