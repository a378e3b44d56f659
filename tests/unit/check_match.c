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

/* Shell patterns for names: the answers of fnmatch(3), in bounded time. */

#include <check.h>
#include <fnmatch.h>
#include <string.h>
#include <time.h>

#include "../../common/util.h"
#include "../../monitor/client.h"
#include "suite.h"

static const char *const patterns[] = {
	"", "*", "?", "web", "web*", "*web", "w?b", "w*b*1", "[a-w]eb",
	"[!a-v]eb", "[^w]eb", "[]x]", "[a", "\\*", "a\\", "**", "*?", "?*?",
	"[w-]eb", "[[]", "w[e]b1", "*[0-9]", "[!0-9]*", "we[!a-d]"
};
static const char *const names[] = {
	"", "w", "web", "web1", "webb1", "xweb", "weeb", "*", "]", "x", "[a",
	"a\\", "-eb", "[", "1"
};

START_TEST(as_fnmatch)
{
	size_t	 i, k;

	for (i = 0; i < nitems(patterns); i++)
		for (k = 0; k < nitems(names); k++)
			ck_assert_msg(match_name(patterns[i], names[k]) ==
			    (fnmatch(patterns[i], names[k], 0) == 0),
			    "pattern '%s', name '%s'", patterns[i], names[k]);
}
END_TEST

/* The pattern that takes a library minutes. */
START_TEST(many_stars_are_cheap)
{
	char		 pattern[130], name[128];
	clock_t		 start = clock();
	int		 i;

	for (i = 0; i < 128; i += 2)
		memcpy(pattern + i, "a*", 2);
	strlcpy(pattern + 126, "*b", 3);
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	for (i = 0; i < 100; i++)
		ck_assert(!match_name(pattern, name));
	/* Of our own time: who else has the machine is no matter. */
	ck_assert_int_lt((clock() - start) / (CLOCKS_PER_SEC / 1000), 1000);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		as_fnmatch,
		many_stars_are_cheap
	};

	return (SUITE_RUN("match", tests));
}
