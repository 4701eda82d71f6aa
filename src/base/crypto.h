#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The few things the project needs of libsodium.  Thread-safe after crypto_start(). */
enum {
    HASH_BYTES = 32,
    KEY_BYTES = 32,
    SEAL_EXTRA = 40, /* a sealed text is this much longer: nonce 24, tag 16 */
    PASSWORD_HASH_MAX = 128,
};

void crypto_start(void);
void crypto_random(void *ret_bytes, size_t len);
void crypto_sha256(const void *data, size_t len, uint8_t ret_hash[HASH_BYTES]);
void crypto_hmac(const uint8_t key[KEY_BYTES], const void *data, size_t len,
                 uint8_t ret_mac[HASH_BYTES]);
/* Same time for every pair of the same length. */
bool crypto_equal(const void *a, const void *b, size_t len);
void crypto_wipe(void *bytes, size_t len);

/*
 * XChaCha20-Poly1305 with a random nonce.  `context` (table, column, row) is
 * bound to the text: a sealed value moved to another row does not open.
 * ret_sealed takes len + SEAL_EXTRA bytes; ret_plain takes len - SEAL_EXTRA.
 * crypto_open: ERR_BROKEN when key, context or bytes are not the ones sealed.
 */
void crypto_seal(const uint8_t key[KEY_BYTES], const char *context, const void *plain, size_t len,
                 uint8_t *ret_sealed);
/* The same text gives the same bytes: for what is shown again and again to one and the same. */
void crypto_seal_same(const uint8_t key[KEY_BYTES], const char *context, const void *plain,
                      size_t len, uint8_t *ret_sealed);
MUST_USE enum err crypto_open(const uint8_t key[KEY_BYTES], const char *context,
                              const uint8_t *sealed, size_t len, uint8_t *ret_plain);

/*
 * Argon2id at the OWASP minimum (19 MiB, 2 passes).  About 50 ms: only in the
 * bounded pool.  ERR_BUSY when there is no memory for it.
 */
MUST_USE enum err crypto_password_hash(const char *password, char ret_hash[PASSWORD_HASH_MAX]);
/* NULL, the hash of somebody who is not there, fits none and takes as long. */
bool crypto_password_fits(const char *hash, const char *password);
#ifdef BAUTA_CHECKED
/* A thousandth of that, for tests of other things; before there are threads.  No server has it. */
void crypto_password_cheap(bool cheap);
#endif

/* NUL-terminated.  ret_text of crypto_base64url takes (len + 2) / 3 * 4 + 1 bytes. */
void crypto_base64url(const void *bytes, size_t len, char *ret_text);
/* -1 for text that is not base64url, else the bytes written (at most `cap`). */
int crypto_base64url_read(const char *text, uint8_t *ret_bytes, size_t cap);
void crypto_hex(const void *bytes, size_t len, char *ret_text); /* 2 * len + 1 bytes */

#endif
