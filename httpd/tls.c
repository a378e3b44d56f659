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
 * The only file that knows OpenSSL.  The certificate file was opened by
 * root and belongs to the administrator; who connects may be anybody, and
 * OpenSSL deals with what they send.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "../common/log.h"
#include "tls.h"

#define PEM_MAX		(1024 * 1024)

/* TLS 1.2: forward secret and authenticated.  Those of 1.3 all are. */
#define CIPHERS		"ECDHE+AESGCM:ECDHE+CHACHA20"

struct tls {
	SSL_CTX	*ctx;
};

void
tls_init(void)
{
	/* What a system-wide file says would hold only without chroot. */
	if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG |
	    OPENSSL_INIT_LOAD_SSL_STRINGS, NULL) != 1)
		fatalx("OpenSSL cannot be initialised");
}

/* The last thing OpenSSL complained about, after what we tried. */
static void
ssl_error(const char *what, char *error, size_t size)
{
	const char *reason;
	unsigned long code;

	code = ERR_peek_last_error();
	reason = code == 0 ? NULL : ERR_reason_error_string(code);
	snprintf(error, size, "%s: %s", what,
	    reason != NULL ? reason : "unknown error");
	ERR_clear_error();
}

/* Nobody is there to type a passphrase. */
static int
no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return (-1);
}

/* The whole file, in memory that is wiped by freezero(); NULL with errno. */
static char *
read_pem(int fd, size_t *lenp)
{
	struct stat st;
	ssize_t n;
	char *buf;
	size_t len;

	if (fstat(fd, &st) == -1)
		return (NULL);
	if (st.st_size <= 0 || st.st_size > PEM_MAX) {
		errno = EFBIG;
		return (NULL);
	}
	*lenp = st.st_size;
	if ((buf = calloc(1, *lenp)) == NULL)
		return (NULL);
	for (len = 0; len < *lenp; len += n) {
		n = pread(fd, buf + len, *lenp - len, len);
		if (n > 0)
			continue;
		if (n == 0)
			errno = EIO;	/* it has become shorter */
		freezero(buf, *lenp);
		return (NULL);
	}
	return (buf);
}

/* The certificate and those behind it, as they stand in the file. */
static int
load_chain(SSL_CTX *ctx, const char *pem, size_t len, char *error,
    size_t size)
{
	X509 *cert;
	BIO *bio;
	int ret, n;

	ret = -1;
	cert = NULL;
	if ((bio = BIO_new_mem_buf(pem, len)) == NULL)
		goto fail;
	for (n = 0; (cert = PEM_read_bio_X509_AUX(bio, NULL, no_passphrase,
	    NULL)) != NULL; n++) {
		if (n == 0) {
			if (SSL_CTX_use_certificate(ctx, cert) != 1)
				goto fail;
			X509_free(cert);
		} else if (SSL_CTX_add0_chain_cert(ctx, cert) != 1)
			goto fail;
		/* Else the context owns it now. */
		cert = NULL;
	}
	if (n == 0)
		goto fail;
	ERR_clear_error();	/* that there was no further one */
	ret = 0;
fail:
	if (ret == -1)
		ssl_error("certificate", error, size);
	X509_free(cert);
	BIO_free(bio);
	return (ret);
}

static int
load_key(SSL_CTX *ctx, const char *pem, size_t len, char *error, size_t size)
{
	EVP_PKEY *key;
	BIO *bio;
	int ret;

	ret = -1;
	key = NULL;
	if ((bio = BIO_new_mem_buf(pem, len)) != NULL &&
	    (key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase,
	    NULL)) != NULL && SSL_CTX_use_PrivateKey(ctx, key) == 1 &&
	    SSL_CTX_check_private_key(ctx) == 1)
		ret = 0;
	else
		ssl_error("private key", error, size);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return (ret);
}

static SSL_CTX *
new_context(char *error, size_t size)
{
	SSL_CTX *ctx;

	if ((ctx = SSL_CTX_new(TLS_server_method())) != NULL &&
	    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(ctx, CIPHERS) == 1 &&
	    /* A ticket's key would outlive what it keeps secret. */
	    SSL_CTX_set_num_tickets(ctx, 0) == 1) {
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
		SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET |
		    SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
		    SSL_OP_CIPHER_SERVER_PREFERENCE);
		/* 512 idle connections need not hold their buffers. */
		SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
		return (ctx);
	}
	ssl_error("TLS", error, size);
	SSL_CTX_free(ctx);
	return (NULL);
}

struct tls *
tls_new(int fd, char *error, size_t size)
{
	struct tls *t;
	size_t len;
	char *pem;

	if ((pem = read_pem(fd, &len)) == NULL) {
		snprintf(error, size, "cannot read: %s", strerror(errno));
		return (NULL);
	}
	if ((t = calloc(1, sizeof(*t))) == NULL) {
		snprintf(error, size, "%s", strerror(errno));
		goto fail;
	}
	if ((t->ctx = new_context(error, size)) == NULL ||
	    load_chain(t->ctx, pem, len, error, size) == -1 ||
	    load_key(t->ctx, pem, len, error, size) == -1)
		goto fail;
	freezero(pem, len);
	return (t);
fail:
	freezero(pem, len);
	tls_free(t);
	return (NULL);
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	free(t);
}

struct bufferevent *
tls_accept(struct tls *t, struct event_base *base)
{
	struct bufferevent *bev;
	SSL *ssl;

	if ((ssl = SSL_new(t->ctx)) == NULL)
		return (NULL);
	bev = bufferevent_openssl_socket_new(base, -1, ssl,
	    BUFFEREVENT_SSL_ACCEPTING,
	    BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	if (bev == NULL) {
		SSL_free(ssl);
		return (NULL);
	}
	/* Many clients just close; that is no error. */
	bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return (bev);
}

void
tls_goodbye(struct bufferevent *bev)
{
	SSL *ssl;

	ssl = bufferevent_openssl_get_ssl(bev);
	if (ssl == NULL || !SSL_is_init_finished(ssl))
		return;
	SSL_shutdown(ssl);
	ERR_clear_error();
}
