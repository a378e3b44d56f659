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
 * Hints on systems that give none: every path is looked at by the table's
 * own timer.
 */

#include <errno.h>
#include <stddef.h>

#include "hints.h"

const bool	 hints_of_files = false;

struct hints *
hints_new(struct event_base *base, const struct hints_conf *conf)
{
	(void)base;
	(void)conf;
	errno = ENOSYS;
	return (NULL);
}

int
hints_add(struct hints *h, const char *dir, enum watch_level level)
{
	(void)h;
	(void)dir;
	(void)level;
	errno = ENOSYS;
	return (-1);
}

int
hints_add_file(struct hints *h, const char *path)
{
	(void)h;
	(void)path;
	errno = ENOSYS;
	return (-1);
}

void
hints_del(struct hints *h, int wd)
{
	(void)h;
	(void)wd;
}

void
hints_close(struct hints *h)
{
	(void)h;
}
