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
 * What is inside a message: big-endian integers of fixed width and strings
 * that carry their length, written by put_ and read by get_ in the same
 * order.  Never a struct.
 *
 * Reading is sticky: after the first get_ that finds too little or something
 * malformed, the cursor is bad, all further get_ return zero, and the caller
 * asks once, at the end, with cursor_done(): true only if nothing failed and
 * nothing is left over.  So a message that is too short and one that is too
 * long are caught alike, with no check to forget.
 *
 * Writing is sticky too: when memory runs out the buffer is marked failed.
 */

#ifndef COMMON_WIRE_H
#define COMMON_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wbuf {
	uint8_t	*data;
	size_t	 len;
	size_t	 cap;
	bool	 failed;
};

struct cursor {
	const uint8_t	*p;
	size_t		 left;
	bool		 bad;
};

/* Bytes borrowed from a message; not NUL-terminated. */
struct span {
	const char	*p;
	size_t		 len;
};

/* An empty struct wbuf is all zero.  wbuf_free() makes it so again. */
void	 wbuf_free(struct wbuf *);
/* Empties it but keeps the memory. */
void	 wbuf_reset(struct wbuf *);
/* Room for n more bytes at data + len; 0, or -1 (then failed is set). */
int	 wbuf_room(struct wbuf *, size_t n);

void	 put_u8(struct wbuf *, uint8_t);
void	 put_u16(struct wbuf *, uint16_t);
void	 put_u32(struct wbuf *, uint32_t);
void	 put_u64(struct wbuf *, uint64_t);
void	 put_s64(struct wbuf *, int64_t);
void	 put_bool(struct wbuf *, bool);
/*
 * str: a name or a line for people: u16 length, no control characters.  A
 * longer one is cut, control characters become '?'.
 */
void	 put_str(struct wbuf *, const char *);
void	 put_strn(struct wbuf *, const char *, size_t);
/* text: an argument, a path, an environment entry: u32 length, no NUL. */
void	 put_text(struct wbuf *, const char *);
void	 put_textn(struct wbuf *, const char *, size_t);
/* blob: u32 length, any bytes. */
void	 put_blob(struct wbuf *, const void *, size_t);

void	 cursor_init(struct cursor *, const void *, size_t);
bool	 cursor_done(const struct cursor *);

uint8_t		 get_u8(struct cursor *);
uint16_t	 get_u16(struct cursor *);
uint32_t	 get_u32(struct cursor *);
uint64_t	 get_u64(struct cursor *);
int64_t		 get_s64(struct cursor *);
/* Anything but 0 and 1 is malformed. */
bool		 get_bool(struct cursor *);
/* These borrow from the message: good until the handler returns. */
struct span	 get_str(struct cursor *);
struct span	 get_text(struct cursor *);
struct span	 get_blob(struct cursor *);
/*
 * A count of things that follow, each of at least least bytes: refuses a
 * count that the rest of the message cannot hold, before memory is asked
 * for.
 */
uint32_t	 get_count(struct cursor *, size_t least);

/* New NUL-terminated memory, or NULL with errno. */
char		*span_dup(struct span);
bool		 span_is(struct span, const char *);

#endif /* COMMON_WIRE_H */
