#include "net/tls.h"

#include <openssl/err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"

struct tls {
    pthread_mutex_t lock; /* over context and the two stamps */
    SSL_CTX *context;
    char *cert_path, *key_path;
    struct stat cert_stat, key_stat;
};

static void say_why(const char *what, const char *path, char ret_why[256])
{
    char reason[160];
    unsigned long code = ERR_get_error();
    ERR_error_string_n(code, reason, sizeof(reason));
    const char *text = ERR_reason_error_string(code);
    snprintf(ret_why, 256, "%s %.100s: %.100s", what, path, text ? text : reason);
}

static int choose_alpn(SSL *ssl UNUSED, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *in, unsigned in_len, void *arg UNUSED)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen = NULL;
    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours) - 1, in, in_len) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *context_new(const char *cert_path, const char *key_path, char ret_why[256])
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context) { /* while it serves, too: a new certificate was found */
        snprintf(ret_why, 256, "there is no memory for the certificate %.100s", cert_path);
        return NULL;
    }
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_ENABLE_KTLS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); /* tickets hold the state */
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
    const char *bad = NULL;
    if (SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
        bad = "ciphers for";
    } else if (SSL_CTX_use_certificate_chain_file(context, cert_path) != 1) {
        bad = "certificate";
    } else if (SSL_CTX_use_PrivateKey_file(context, key_path, SSL_FILETYPE_PEM) != 1) {
        bad = "private key";
    } else if (SSL_CTX_check_private_key(context) != 1) {
        bad = "the key does not belong to the certificate";
    }
    if (bad) {
        say_why(bad, strncmp(bad, "cert", 4) == 0 ? cert_path : key_path, ret_why);
        SSL_CTX_free(context);
        return NULL;
    }
    return context;
}

enum err tls_new(const char *cert_path, const char *key_path, struct tls **ret, char ret_why[256])
{
    struct stat cert_stat = {0};
    struct stat key_stat = {0};
    (void)stat(cert_path, &cert_stat); /* a missing file is told by reading it */
    (void)stat(key_path, &key_stat);
    SSL_CTX *context = context_new(cert_path, key_path, ret_why);
    if (!context) {
        return ERR_INVALID;
    }
    struct tls *tls = calloc(1, sizeof(*tls));
    ASSERT_START(tls);
    pthread_mutex_init(&tls->lock, NULL);
    tls->context = context;
    tls->cert_path = strdup(cert_path);
    tls->key_path = strdup(key_path);
    ASSERT_START(tls->cert_path && tls->key_path);
    tls->cert_stat = cert_stat;
    tls->key_stat = key_stat;
    *ret = tls;
    return OK;
}

void tls_free(struct tls *tls)
{
    if (tls) {
        SSL_CTX_free(tls->context);
        pthread_mutex_destroy(&tls->lock);
        free(tls->cert_path);
        free(tls->key_path);
        free(tls);
    }
}

void tls_reload(struct tls *tls)
{
    char why[256];
    SSL_CTX *context = context_new(tls->cert_path, tls->key_path, why);
    if (!context) {
        log_line(LOG_ERROR, "net", "the new certificate is bad, the old one stays",
                 LOG_T(LOG_WHY, why));
        return;
    }
    pthread_mutex_lock(&tls->lock);
    SSL_CTX *old = tls->context;
    tls->context = context;
    pthread_mutex_unlock(&tls->lock);
    SSL_CTX_free(old); /* lives on in the connections that have it */
    log_line(LOG_INFO, "net", "certificate read", LOG_T(LOG_FILE, tls->cert_path));
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void tls_check(struct tls *tls)
{
    struct stat cert_stat;
    struct stat key_stat;
    if (stat(tls->cert_path, &cert_stat) != 0 || stat(tls->key_path, &key_stat) != 0) {
        return; /* being replaced */
    }
    pthread_mutex_lock(&tls->lock);
    bool same = same_file(&cert_stat, &tls->cert_stat) && same_file(&key_stat, &tls->key_stat);
    tls->cert_stat = cert_stat;
    tls->key_stat = key_stat;
    pthread_mutex_unlock(&tls->lock);
    if (!same) {
        tls_reload(tls);
    }
}

SSL *tls_accept(struct tls *tls, int fd)
{
    pthread_mutex_lock(&tls->lock);
    SSL *ssl = SSL_new(tls->context);
    pthread_mutex_unlock(&tls->lock);
    if (ssl && SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        return NULL;
    }
    if (ssl) {
        SSL_set_accept_state(ssl);
    }
    return ssl;
}

int tls_read(SSL *ssl, void *bytes, size_t len, bool *ret_wants_write)
{
    ERR_clear_error();
    int got = SSL_read(ssl, bytes, (int)MIN(len, (size_t)INT32_MAX));
    if (got > 0) {
        return got;
    }
    int error = SSL_get_error(ssl, got);
    *ret_wants_write = error == SSL_ERROR_WANT_WRITE;
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? TLS_AGAIN : TLS_END;
}

int tls_write(SSL *ssl, const void *bytes, size_t len)
{
    ERR_clear_error();
    int put = SSL_write(ssl, bytes, (int)MIN(len, (size_t)INT32_MAX));
    if (put > 0) {
        return put;
    }
    int error = SSL_get_error(ssl, put);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? TLS_AGAIN : TLS_END;
}

void tls_bye(SSL *ssl)
{
    ERR_clear_error();
    if (SSL_is_init_finished(ssl)) {
        (void)SSL_shutdown(ssl);
        ERR_clear_error();
    }
}
