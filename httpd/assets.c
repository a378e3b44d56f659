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

/* The files of the page, which the build has put into assets.inc. */

#include <string.h>

#include "../common/util.h"
#include "assets.inc"
#include "page.h"
#include "render.h"

/* Made once and kept: *kept has a reference of its own. */
static struct text *
asset(struct text **kept, const char *data, size_t len)
{
	if (*kept == NULL) {
		*kept = text_new(xstrndup(data, len), len);
		etag_strong((*kept)->etag, data, len);
	}
	return (text_ref(*kept));
}

struct text *
page_css(void)
{
	static struct text *kept;

	return (asset(&kept, asset_css, sizeof(asset_css) - 1));
}

struct text *
page_js(void)
{
	static struct text *kept;

	return (asset(&kept, asset_js, sizeof(asset_js) - 1));
}

struct text *
page_icon(void)
{
	static struct text *kept;

	return (asset(&kept, asset_icon, sizeof(asset_icon) - 1));
}
