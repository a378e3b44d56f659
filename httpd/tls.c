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
 * The only file that knows OpenSSL.  The files of certificates were opened
 * by root and belong to the administrator; who connects may be anybody, and
 * OpenSSL deals with what they send.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include "../common/log.h"
#include "../common/mono.h"
#include "../common/util.h"
#include "tls.h"

#define PEM_MAX		(1024 * 1024)

/* TLS 1.2: forward secret and authenticated.  Those of 1.3 all are. */
#define CIPHERS		"ECDHE+AESGCM:ECDHE+CHACHA20"

/* How long a ticket's key is used, and then known for once more, in ms. */
#define TICKET_LIFE	(60 * 60 * 1000)

struct tls {
	SSL_CTX		*ctx;		/* NULL: no certificate yet */
	bool		 client_ca;	/* clients need certificates */
	X509_STORE	*store;		/* of what authorities; NULL: not yet */
	STACK_OF(X509_NAME) *names;	/* of the same */
};

/*
 * What session tickets are sealed with: never written anywhere, and thrown
 * away soon, since it outlives the session keys that it keeps secret.
 */
struct ticket_key {
	unsigned char	 name[16];
	unsigned char	 aes[32];
	unsigned char	 hmac[32];
	struct mono	 made;
};

static struct ticket_key	ticket_keys[2];	/* in use, and before it */

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

/*
 * After the last certificate that could be read: whether that was all, and
 * not one that is broken, without which the others are worth nothing.
 */
static bool
no_more_pem(void)
{
	unsigned long code = ERR_peek_last_error();

	if (ERR_GET_LIB(code) != ERR_LIB_PEM ||
	    ERR_GET_REASON(code) != PEM_R_NO_START_LINE)
		return (false);
	ERR_clear_error();
	return (true);
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
	if (n == 0 || !no_more_pem())
		goto fail;
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

/* The key in use, made anew when it is old; false: no random numbers. */
static bool
renew_ticket_key(void)
{
	struct ticket_key *k = &ticket_keys[0];
	struct mono now = mono_now();

	if (mono_isset(k->made) && mono_sub(now, k->made) < TICKET_LIFE)
		return (true);
	ticket_keys[1] = *k;
	k->made = now;
	if (RAND_bytes(k->name, sizeof(k->name)) == 1 &&
	    RAND_priv_bytes(k->aes, sizeof(k->aes)) == 1 &&
	    RAND_priv_bytes(k->hmac, sizeof(k->hmac)) == 1)
		return (true);
	k->made = MONO_NEVER;
	return (false);
}

static bool
use_ticket_key(struct ticket_key *k, EVP_MAC_CTX *mac)
{
	static char sha256[] = "SHA256";
	OSSL_PARAM params[3];

	params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY,
	    k->hmac, sizeof(k->hmac));
	params[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
	    sha256, 0);
	params[2] = OSSL_PARAM_construct_end();
	return (EVP_MAC_CTX_set_params(mac, params) == 1);
}

/*
 * OpenSSL asks for the key of a ticket: 1 take it, 2 take it and give a new
 * one, 0 there is none (then the handshake is a full one), -1 failure.
 */
static int
on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int sealing)
{
	struct ticket_key *k = &ticket_keys[0];
	int i;

	(void)ssl;
	if (!renew_ticket_key())
		return (-1);
	if (sealing) {
		memcpy(name, k->name, sizeof(k->name));
		if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(
		    EVP_aes_256_cbc())) != 1 ||
		    EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL,
		    k->aes, iv) != 1 || !use_ticket_key(k, mac))
			return (-1);
		return (1);
	}
	for (i = 0; i < 2; i++) {
		k = &ticket_keys[i];
		if (!mono_isset(k->made) ||
		    memcmp(name, k->name, sizeof(k->name)) != 0)
			continue;
		if (mono_sub(mono_now(), k->made) >= 2 * TICKET_LIFE)
			return (0);
		if (!use_ticket_key(k, mac) || EVP_DecryptInit_ex(cipher,
		    EVP_aes_256_cbc(), NULL, k->aes, iv) != 1)
			return (-1);
		return (i == 0 ? 1 : 2);
	}
	return (0);
}

/* A client that names protocols must name ours. */
static int
on_alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen,
    const unsigned char *in, unsigned int inlen, void *arg)
{
	static const unsigned char ours[] = "\010http/1.1";
	unsigned char *chosen;

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, outlen, ours, sizeof(ours) - 1,
	    in, inlen) != OPENSSL_NPN_NEGOTIATED)
		return (SSL_TLSEXT_ERR_ALERT_FATAL);
	*out = chosen;
	return (SSL_TLSEXT_ERR_OK);
}

/* Who must show a certificate, and of what authorities. */
static int
apply_store(const struct tls *t, SSL_CTX *ctx)
{
	static const unsigned char id[] = "taskforced";
	STACK_OF(X509_NAME) *names;

	if (!t->client_ca)
		return (0);
	/* A session is not taken up again: its certificate may be void. */
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
	if (SSL_CTX_set_num_tickets(ctx, 0) != 1 ||
	    SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1) != 1)
		return (-1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER |
	    SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	if (t->store == NULL)
		return (0);
	SSL_CTX_set1_cert_store(ctx, t->store);
	if ((names = SSL_dup_CA_list(t->names)) == NULL)
		return (-1);
	SSL_CTX_set_client_CA_list(ctx, names);
	return (0);
}

static SSL_CTX *
new_context(const struct tls *t, char *error, size_t size)
{
	SSL_CTX *ctx;

	if ((ctx = SSL_CTX_new(TLS_server_method())) != NULL &&
	    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(ctx, CIPHERS) == 1 &&
	    SSL_CTX_set_num_tickets(ctx, 1) == 1 &&
	    SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, on_ticket) == 1 &&
	    apply_store(t, ctx) == 0) {
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
		SSL_CTX_set_timeout(ctx, TICKET_LIFE / 1000);
		SSL_CTX_set_alpn_select_cb(ctx, on_alpn, NULL);
		SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION |
		    SSL_OP_NO_RENEGOTIATION |
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
tls_new(bool client_ca)
{
	struct tls *t;

	t = xcalloc(1, sizeof(*t));
	t->client_ca = client_ca;
	return (t);
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	X509_STORE_free(t->store);
	sk_X509_NAME_pop_free(t->names, X509_NAME_free);
	free(t);
}

static int
read_cert(struct tls *t, const char *pem, size_t len, char *error,
    size_t size)
{
	SSL_CTX *ctx;

	if ((ctx = new_context(t, error, size)) == NULL)
		return (-1);
	if (load_chain(ctx, pem, len, error, size) == -1 ||
	    load_key(ctx, pem, len, error, size) == -1) {
		SSL_CTX_free(ctx);
		return (-1);
	}
	SSL_CTX_free(t->ctx);
	t->ctx = ctx;
	return (0);
}

/* Adds each certificate of the file; how many, or -1. */
static int
load_authorities(X509_STORE *store, STACK_OF(X509_NAME) *names, BIO *bio)
{
	X509_NAME *name;
	X509 *cert;
	int n, bad = 0;

	for (n = 0; !bad && (cert = PEM_read_bio_X509_AUX(bio, NULL,
	    no_passphrase, NULL)) != NULL; n++) {
		name = X509_NAME_dup(X509_get_subject_name(cert));
		if (X509_STORE_add_cert(store, cert) != 1 || name == NULL ||
		    sk_X509_NAME_push(names, name) == 0) {
			X509_NAME_free(name);
			bad = 1;
		}
		X509_free(cert);
	}
	return (bad ? -1 : n);
}

static int
read_authorities(struct tls *t, const char *pem, size_t len, char *error,
    size_t size)
{
	STACK_OF(X509_NAME) *names, *old;
	X509_STORE *store;
	BIO *bio;

	bio = BIO_new_mem_buf(pem, len);
	store = X509_STORE_new();
	names = sk_X509_NAME_new_null();
	if (bio == NULL || store == NULL || names == NULL ||
	    load_authorities(store, names, bio) <= 0 || !no_more_pem()) {
		ssl_error("certificates", error, size);
		X509_STORE_free(store);
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		BIO_free(bio);
		return (-1);
	}
	BIO_free(bio);
	X509_STORE_free(t->store);
	t->store = store;
	old = t->names;
	t->names = names;
	sk_X509_NAME_pop_free(old, X509_NAME_free);
	if (t->ctx == NULL || apply_store(t, t->ctx) == 0)
		return (0);
	ssl_error("certificates", error, size);
	return (-1);
}

int
tls_read(struct tls *t, bool client_ca, int fd, char *error, size_t size)
{
	size_t len;
	char *pem;
	int ret;

	if ((pem = read_pem(fd, &len)) == NULL) {
		snprintf(error, size, "cannot read: %s", strerror(errno));
		return (-1);
	}
	ret = client_ca ? read_authorities(t, pem, len, error, size) :
	    read_cert(t, pem, len, error, size);
	freezero(pem, len);
	return (ret);
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

uint64_t
tls_sent(struct bufferevent *bev)
{
	SSL *ssl;

	ssl = bufferevent_openssl_get_ssl(bev);
	return (ssl == NULL ? 0 : BIO_number_written(SSL_get_wbio(ssl)));
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

bool
tls_peer_name(struct bufferevent *bev, char *buf, size_t size)
{
	SSL *ssl;
	X509 *cert;
	char *p;

	ssl = bufferevent_openssl_get_ssl(bev);
	if (ssl == NULL || (cert = SSL_get0_peer_certificate(ssl)) == NULL ||
	    X509_NAME_get_text_by_NID(X509_get_subject_name(cert),
	    NID_commonName, buf, size) == -1)
		return (false);
	/* It goes into the log. */
	for (p = buf; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return (true);
}

bool
tls_sha256(const void *data, size_t len, unsigned char digest[TLS_SHA256])
{
	return (EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL) == 1);
}

bool
tls_same(const void *a, const void *b, size_t len)
{
	return (CRYPTO_memcmp(a, b, len) == 0);
}
