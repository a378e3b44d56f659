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
 * kqueue(2) as the BSDs declare it, as far as we use it: for compiling what
 * is for BSD where there is none, see ../../bsd.sh, and for a kqueue of our
 * own in a test.
 */

#ifndef TESTS_LINT_BSD_SYS_EVENT_H
#define TESTS_LINT_BSD_SYS_EVENT_H

#include <stdint.h>
#include <time.h>

#define EVFILT_VNODE	(-4)
#define EVFILT_PROC	(-5)

#define EV_ADD		0x0001
#define EV_DELETE	0x0002
#define EV_ONESHOT	0x0010
#define EV_CLEAR	0x0020

/* EVFILT_VNODE */
#define NOTE_DELETE	0x0001
#define NOTE_WRITE	0x0002
#define NOTE_EXTEND	0x0004
#define NOTE_ATTRIB	0x0008
#define NOTE_LINK	0x0010
#define NOTE_RENAME	0x0020
#define NOTE_REVOKE	0x0040

/* EVFILT_PROC */
#define NOTE_EXIT	0x80000000U

struct kevent {
	uintptr_t	 ident;
	short		 filter;
	unsigned short	 flags;
	unsigned int	 fflags;
	int64_t		 data;
	void		*udata;
};

#define EV_SET(kev, id, filt, fl, ffl, dat, ud) do {	\
	struct kevent *kev_ = (kev);			\
							\
	kev_->ident = (id);				\
	kev_->filter = (filt);				\
	kev_->flags = (fl);				\
	kev_->fflags = (ffl);				\
	kev_->data = (dat);				\
	kev_->udata = (ud);				\
} while (0)

int	 kqueue(void);
int	 kevent(int, const struct kevent *, int, struct kevent *, int,
	    const struct timespec *);

#endif /* TESTS_LINT_BSD_SYS_EVENT_H */
