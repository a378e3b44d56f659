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
 * Long answers are made piece by piece as the client reads, so that one that
 * does not read costs a piece and no more; meanwhile its further questions
 * wait in its socket.
 */

#include <stdlib.h>

#include "request.h"

void
answer_clear(struct answer *a)
{
	free(a->tasks);
	doc_release(a->doc);
	request_free(a->request);
	ready_free(a->ready);
	*a = (struct answer){ 0 };
}

void
answer_start(struct client *cl, uint32_t tag, answer_fn *more)
{
	cl->answer.more = more;
	cl->answer.tag = tag;
	cl->answer.epoch = cl->mon->epoch;
	client_resume(cl);
}

bool
answer_is_old(struct client *cl)
{
	if (cl->answer.epoch == cl->mon->epoch)
		return (false);
	client_fail(cl, cl->answer.tag, FAIL_BUSY,
	    "the configuration was reloaded meanwhile: ask again");
	return (true);
}

void
answer_more(struct client *cl)
{
	if (cl->answer.more == NULL || !cl->answer.more(cl))
		return;
	answer_clear(&cl->answer);
	client_resume(cl);
	requests_answer(cl);
	ready_answer(cl);
}
