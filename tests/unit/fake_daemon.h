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
 * A daemon made up for tests of taskforcectl: a child that listens on a
 * socket of its own and does with each message what the test says.
 */

#ifndef TESTS_UNIT_FAKE_DAEMON_H
#define TESTS_UNIT_FAKE_DAEMON_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../../common/client.h"
#include "../../common/imsg.h"
#include "../../common/run.h"
#include "../../common/states.h"
#include "../../ctl/ctl.h"

/* What it does with a message; runs in the child. */
typedef void fake_handler(struct imsgbuf *, const struct imsg *);

extern struct fake {
	struct ctl	 ctl;		/* set up to speak to it */
	pid_t		 pid;		/* 0: the test has waited for it */
	const char	*path;		/* of its socket */
} fake;

/* Starts it; from here on stdout and stderr are kept. */
void		 fake_start(fake_handler *);
/* Ends it and gives stdout and stderr back. */
void		 fake_end(void);
/* What was written to stdout (1) or stderr (2); good until the next call. */
const char	*fake_output(int fd);
/* What was written so far is of no interest any more. */
void		 fake_forget(void);
/* Fails the test with all that was written, unless ok. */
void		 fake_expect(bool ok, const char *what);

#define EXPECT(e)	fake_expect((e), #e)
#define EXPECT_OUT(s) \
	fake_expect(strstr(fake_output(1), (s)) != NULL, "stdout: " s)
#define EXPECT_ERR(s) \
	fake_expect(strstr(fake_output(2), (s)) != NULL, "stderr: " s)

/* For handlers. */
struct span	 fake_span(const char *);
void		 fake_finish(struct imsgbuf *);
/* str NULL: a message without a payload. */
void		 fake_say(struct imsgbuf *, uint16_t type, uint32_t tag,
		    const char *str);
void		 fake_hello(struct imsgbuf *);
void		 fake_summary(struct imsgbuf *, uint32_t tag, enum run_mode,
		    uint32_t gen, const char *load_error);
void		 fake_task(struct imsgbuf *, uint32_t tag, const char *name,
		    enum task_state, enum task_reason, const char *detail,
		    uint32_t count);
/* pid 0: it has exited with status 3; FAKE_HELD: and is held. */
#define FAKE_HELD	UINT32_MAX
void		 fake_proc(struct imsgbuf *, uint32_t tag, uint16_t instance,
		    uint32_t pid);
void		 fake_why(struct imsgbuf *, uint32_t tag, uint16_t depth,
		    const char *name, enum task_state, enum task_reason,
		    const char *detail, const char *remedy);
void		 fake_result(struct imsgbuf *, uint32_t tag, const char *name,
		    enum result_code, const char *text);
/* n: kept, started, stopped, restarted. */
void		 fake_change(struct imsgbuf *, uint32_t tag, const char *name,
		    const uint32_t n[4], const char *why);
void		 fake_fail(struct imsgbuf *, uint32_t tag, enum fail_code,
		    const char *text);

#endif /* TESTS_UNIT_FAKE_DAEMON_H */
