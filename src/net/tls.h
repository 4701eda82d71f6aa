#ifndef NET_TLS_H
#define NET_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The certificate at work.  Shared by all reactors; locked inside. */
struct tls;

/* ERR_INVALID with a sentence in ret_why. */
MUST_USE enum err tls_new(const char *cert_path, const char *key_path, struct tls **ret,
                          char ret_why[256]);
void tls_free(struct tls *tls); /* accepts NULL */

/* Reads the files again; when they are bad the old certificate stays and a line is logged. */
void tls_reload(struct tls *tls);
/* The same, when the files have changed since they were last read. */
void tls_check(struct tls *tls);

/* A server's side on that descriptor; NULL when there is no memory. */
SSL *tls_accept(struct tls *tls, int fd);

enum { TLS_AGAIN = 0, TLS_END = -1 };

/* Bytes read, or TLS_AGAIN, or TLS_END; *ret_wants_write when it is writing that must wait. */
int tls_read(SSL *ssl, void *bytes, size_t len, bool *ret_wants_write);
int tls_write(SSL *ssl, const void *bytes, size_t len);
void tls_bye(SSL *ssl); /* close_notify, if it can be sent */

#endif
