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
 * Access.  Passwords are compared by bcrypt, which is made to be slow: so a
 * password that was right is remembered, by a keyed digest, and wrong ones
 * are looked at so many times a second and no more.
 */

#include <sys/stat.h>

#include <crypt.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/log.h"
#include "../common/mono.h"
#include "../common/prefix.h"
#include "../common/util.h"
#include "access.h"
#include "base64.h"
#include "tls.h"

#define FILE_MAX	(256 * 1024)
#define SECRET_MAX	512	/* of user and password, or token */
#define BCRYPT_LEN	60
#define BCRYPT_COST	12	/* the most that we can wait for */
/* Passwords that are looked at: so many at once, then one each so often. */
#define TRIES		8
#define TRY_MS		500

struct entry {
	char		 name[ACCESS_WHO];
	bool		 token;
	char		 hash[BCRYPT_LEN + 1];
	unsigned char	 digest[TLS_SHA256];	/* of a token; or of what was
						   found right last */
	bool		 known;		/* the latter is there */
};

struct access {
	struct prefix	*allow;
	size_t		 nallow;
	bool		 auth;
	struct entry	*entries;
	size_t		 n;
	bool		 users;
	bool		 tokens;
};

static struct {
	unsigned char	 key[32];	/* of the digests in memory */
	bool		 keyed;
	unsigned int	 tries;		/* that are left */
	struct mono	 since;		/* when they were counted */
} passwords = { .tries = TRIES };

/* Lines that are logged: so many in such a time, then their number. */
#define LINES		10
#define LINES_MS	10000

static struct {
	struct mono	 since;
	unsigned int	 n;
} refusals;

struct access *
access_new(bool auth)
{
	struct access *a;

	a = xcalloc(1, sizeof(*a));
	a->auth = auth;
	return (a);
}

static void
free_entries(struct entry *e, size_t n)
{
	freezero(e, n * sizeof(*e));
}

void
access_free(struct access *a)
{
	if (a == NULL)
		return;
	free_entries(a->entries, a->n);
	free(a->allow);
	free(a);
}

int
access_allow(struct access *a, struct span s)
{
	a->allow = xreallocarray(a->allow, a->nallow + 1, sizeof(*a->allow));
	if (prefix_parse(s.p, s.len, &a->allow[a->nallow]) == -1)
		return (-1);
	a->nallow++;
	return (0);
}

bool
access_admits(const struct access *a, const struct sockaddr *sa,
    const char *listener)
{
	size_t i;

	for (i = 0; i < a->nallow; i++)
		if (prefix_has(&a->allow[i], sa))
			return (true);
	if (a->nallow == 0)
		return (true);
	access_refused("http %s: a connection from an address that is not "
	    "allowed", listener);
	return (false);
}

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p;

	if (c >= 'A' && c <= 'F')
		c += 'a' - 'A';
	p = c == '\0' ? NULL : strchr(digits, c);
	return (p == NULL ? -1 : (int)(p - digits));
}

/* Exactly the digits of a SHA-256. */
static bool
hex_digest(const char *s, unsigned char digest[TLS_SHA256])
{
	size_t i;
	int hi, lo;

	if (strlen(s) != 2 * TLS_SHA256)
		return (false);
	for (i = 0; i < TLS_SHA256; i++) {
		if ((hi = hex_value(s[2 * i])) == -1 ||
		    (lo = hex_value(s[2 * i + 1])) == -1)
			return (false);
		digest[i] = hi << 4 | lo;
	}
	return (true);
}

/* "$2b$10$" and 53 characters; NULL, or why not. */
static const char *
bad_hash(const char *s)
{
	int tens, ones;

	if (strlen(s) != BCRYPT_LEN || strncmp(s, "$2", 2) != 0 ||
	    strchr("aby", s[2]) == NULL || s[3] != '$' || s[6] != '$' ||
	    (tens = hex_value(s[4])) == -1 || (ones = hex_value(s[5])) == -1)
		return ("neither a bcrypt hash nor a SHA-256 digest");
	if (tens * 10 + ones > BCRYPT_COST)
		return ("a bcrypt cost above 12, which takes too long");
	return (NULL);
}

/* One line, which it may write to; NULL, or what is wrong. */
static const char *
parse_line(char *line, struct entry *e)
{
	char *value;

	memset(e, 0, sizeof(*e));
	if ((value = strchr(line, ':')) == NULL)
		value = line;
	else {
		*value++ = '\0';
		if (line[0] == '\0' || strlcpy(e->name, line,
		    sizeof(e->name)) >= sizeof(e->name))
			return ("no name, or too long a one");
	}
	if (hex_digest(value, e->digest)) {
		e->token = true;
		if (e->name[0] == '\0')
			strlcpy(e->name, "token", sizeof(e->name));
		return (NULL);
	}
	if (e->name[0] == '\0')
		return ("neither user:hash nor a SHA-256 digest");
	strlcpy(e->hash, value, sizeof(e->hash));
	return (bad_hash(value));
}

/* The whole file, NUL-terminated, for freezero() of *lenp + 1; or NULL. */
static char *
read_file(int fd, size_t *lenp)
{
	struct stat st;
	ssize_t n;
	char *buf;

	if (fstat(fd, &st) == -1)
		return (NULL);
	if (st.st_size > FILE_MAX) {
		errno = EFBIG;
		return (NULL);
	}
	*lenp = st.st_size;
	if ((buf = calloc(1, *lenp + 1)) == NULL)
		return (NULL);
	if ((n = pread(fd, buf, *lenp, 0)) == (ssize_t)*lenp)
		return (buf);
	if (n != -1)
		errno = EIO;	/* it has become shorter */
	freezero(buf, *lenp + 1);
	return (NULL);
}

int
access_read(struct access *a, int fd, char *error, size_t size)
{
	struct access fresh = { 0 };
	char *text, *next, *line;
	const char *wrong;
	size_t len, lines;
	unsigned int n;

	if ((text = read_file(fd, &len)) == NULL) {
		snprintf(error, size, "cannot read: %s", strerror(errno));
		return (-1);
	}
	for (lines = 1, next = text; (next = strchr(next, '\n')) != NULL;
	    next++)
		lines++;
	fresh.entries = xcalloc(lines, sizeof(*fresh.entries));
	wrong = NULL;
	for (n = 1, next = text; (line = strsep(&next, "\n")) != NULL; n++) {
		line[strcspn(line, "\r")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		if ((wrong = parse_line(line, &fresh.entries[fresh.n])) !=
		    NULL)
			break;
		if (fresh.entries[fresh.n++].token)
			fresh.tokens = true;
		else
			fresh.users = true;
	}
	freezero(text, len + 1);
	if (wrong != NULL || fresh.n == 0) {
		if (wrong != NULL)
			snprintf(error, size, "line %u: %s", n, wrong);
		else
			snprintf(error, size, "nobody is in it");
		freezero(fresh.entries, lines * sizeof(*fresh.entries));
		return (-1);
	}
	free_entries(a->entries, a->n);
	a->entries = fresh.entries;
	a->n = fresh.n;
	a->users = fresh.users;
	a->tokens = fresh.tokens;
	return (0);
}

/* May another password be looked at now? */
static bool
may_try(void)
{
	struct mono now = mono_now();
	int64_t more;

	if (passwords.tries < TRIES && mono_isset(passwords.since)) {
		more = mono_sub(now, passwords.since) / TRY_MS;
		if (more > 0) {
			passwords.tries = more > TRIES - passwords.tries ?
			    TRIES : passwords.tries + more;
			passwords.since = now;
		}
	}
	if (passwords.tries == 0)
		return (false);
	if (passwords.tries-- == TRIES)
		passwords.since = now;
	return (true);
}

/* A digest of what a client sent that is of no use outside this process. */
static bool
keyed_digest(const char *secret, unsigned char digest[TLS_SHA256])
{
	unsigned char buf[sizeof(passwords.key) + SECRET_MAX];
	size_t len = strlen(secret);
	bool ok;

	if (!passwords.keyed) {
		arc4random_buf(passwords.key, sizeof(passwords.key));
		passwords.keyed = true;
	}
	if (len > SECRET_MAX)
		return (false);
	memcpy(buf, passwords.key, sizeof(passwords.key));
	memcpy(buf + sizeof(passwords.key), secret, len);
	ok = tls_sha256(buf, sizeof(passwords.key) + len, digest);
	explicit_bzero(buf, sizeof(buf));
	return (ok);
}

static bool
hash_fits(const char *hash, const char *password)
{
	struct crypt_data *data;
	const char *made;
	bool ok;

	if ((data = calloc(1, sizeof(*data))) == NULL)
		return (false);
	made = crypt_r(password, hash, data);
	ok = made != NULL && strlen(made) == BCRYPT_LEN &&
	    tls_same(made, hash, BCRYPT_LEN);
	freezero(data, sizeof(*data));
	return (ok);
}

/* "user:password", decoded. */
static enum access_verdict
check_user(struct access *a, char *secret, char who[ACCESS_WHO])
{
	/* Of nobody's password: an unknown user takes as long. */
	static const char nobody[] = "$2b$10$abcdefghijklmnopqrstuu"
	    "4T826PRnz0Hu6YlprUuxkZxOOj5Fw5S";
	unsigned char digest[TLS_SHA256];
	struct entry *e = NULL;
	char *password;
	size_t i;

	if ((password = strchr(secret, ':')) == NULL ||
	    !keyed_digest(secret, digest))
		return (ACCESS_NO);
	*password++ = '\0';
	for (i = 0; i < a->n; i++)
		if (!a->entries[i].token &&
		    strcmp(a->entries[i].name, secret) == 0)
			e = &a->entries[i];
	if (e == NULL || !e->known ||
	    !tls_same(e->digest, digest, sizeof(digest))) {
		if (!may_try())
			return (ACCESS_LATER);
		if (!hash_fits(e != NULL ? e->hash : nobody, password) ||
		    e == NULL)
			return (ACCESS_NO);
		memcpy(e->digest, digest, sizeof(digest));
		e->known = true;
	}
	strlcpy(who, e->name, ACCESS_WHO);
	return (ACCESS_YES);
}

static enum access_verdict
check_token(const struct access *a, const char *token, char who[ACCESS_WHO])
{
	unsigned char digest[TLS_SHA256];
	size_t i;

	if (!tls_sha256(token, strlen(token), digest))
		return (ACCESS_NO);
	for (i = 0; i < a->n; i++) {
		if (!a->entries[i].token || !tls_same(a->entries[i].digest,
		    digest, sizeof(digest)))
			continue;
		strlcpy(who, a->entries[i].name, ACCESS_WHO);
		return (ACCESS_YES);
	}
	return (ACCESS_NO);
}

enum access_verdict
access_check(struct access *a, const char *authorization,
    char who[ACCESS_WHO])
{
	char secret[SECRET_MAX + 1];
	enum access_verdict v;

	who[0] = '\0';
	if (!a->auth)
		return (ACCESS_YES);
	if (authorization == NULL)
		return (ACCESS_NO);
	if (strncasecmp(authorization, "Bearer ", 7) == 0)
		return (check_token(a, authorization + 7 +
		    strspn(authorization + 7, " "), who));
	if (strncasecmp(authorization, "Basic ", 6) != 0 ||
	    base64_decode(authorization + 6 + strspn(authorization + 6, " "),
	    secret, sizeof(secret)) == -1)
		return (ACCESS_NO);
	v = check_user(a, secret, who);
	explicit_bzero(secret, sizeof(secret));
	return (v);
}

const char *
access_challenge(const struct access *a)
{
	/* A browser knows what to do about the first. */
	return (a->users ? "Basic realm=\"taskforced\", charset=\"UTF-8\"" :
	    "Bearer realm=\"taskforced\"");
}

void
access_refused(const char *fmt, ...)
{
	struct mono now = mono_now();
	char text[512];
	va_list ap;

	if (!mono_isset(refusals.since) ||
	    mono_sub(now, refusals.since) >= LINES_MS) {
		if (refusals.n > LINES)
			log_warnx("http: %u more were refused",
			    refusals.n - LINES);
		refusals.since = now;
		refusals.n = 0;
	}
	if (++refusals.n > LINES)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_warnx("%s", text);
}
