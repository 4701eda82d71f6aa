#ifndef FEATURES_NOTICES_PUSH_CRYPT_H
#define FEATURES_NOTICES_PUSH_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * What Web Push wants of cryptography: the message encrypted so that the push service cannot
 * read it (RFC 8291 in the coding of RFC 8188), and the site's own signature (RFC 8292).
 */
enum {
    PUSH_SCALAR = 32, /* a private key of P-256 */
    PUSH_POINT = 65,  /* a public one, uncompressed */
    PUSH_AUTH = 16,
    PUSH_SALT = 16,
    PUSH_TEXT_MAX = 1024,                                 /* of a message, before it is padded */
    PUSH_BODY_MAX = 21 + PUSH_POINT + PUSH_TEXT_MAX + 17, /* header, key, record, 0x02 and tag */
};

/* A point that is on the curve? */
bool push_point_good(const uint8_t point[PUSH_POINT]);

/* What is sealed: `len` bytes, and so many zeros after them that lengths say nothing. */
struct push_text {
    const char *text;
    size_t len, pad;
};

/*
 * aes128gcm in one record: salt, record size, key id, text, 0x02, zeros, tag.  `id` NULL: none,
 * else a point.  ret takes 21 + 65 + len + pad + 17 bytes.
 */
MUST_USE enum err push_record(const uint8_t *ikm, size_t ikm_len, const uint8_t salt[PUSH_SALT],
                              const uint8_t *id, const struct push_text *text, uint8_t *ret,
                              size_t *ret_len);

/* What a browser gave us. */
struct push_browser {
    const uint8_t *point, *auth; /* PUSH_POINT and PUSH_AUTH bytes */
};
/*
 * For a browser: `scalar` and `salt` are new by chance each time.  At most PUSH_TEXT_MAX
 * bytes of text and padding.  ERR_INVALID: a key that is none.
 */
MUST_USE enum err push_encrypt(const uint8_t scalar[PUSH_SCALAR], const uint8_t salt[PUSH_SALT],
                               const struct push_browser *browser, const struct push_text *text,
                               uint8_t ret[PUSH_BODY_MAX], size_t *ret_len);

/* A scalar by chance. */
MUST_USE enum err push_scalar(uint8_t ret_scalar[PUSH_SCALAR]);
/* Its point.  ERR_INVALID: no scalar of the curve. */
MUST_USE enum err push_public(const uint8_t scalar[PUSH_SCALAR], uint8_t ret_point[PUSH_POINT]);

/* ES256 over `text`, as JOSE writes it: r and s. */
MUST_USE enum err push_sign(const uint8_t scalar[PUSH_SCALAR], const char *text,
                            uint8_t ret[2 * PUSH_SCALAR]);

#endif
