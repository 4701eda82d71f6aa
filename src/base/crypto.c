#include "base/crypto.h"

#include <limits.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum {
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};
_Static_assert(SEAL_EXTRA == NONCE_BYTES + TAG_BYTES, "SEAL_EXTRA is nonce and tag");
_Static_assert(PASSWORD_HASH_MAX == crypto_pwhash_argon2id_STRBYTES, "one hash, one length");

/* OWASP's minimum for Argon2id: 19 MiB, 2 passes, 1 lane. */
enum { HASH_PASSES = 2, HASH_KIB = 19 * 1024 };

#ifdef BAUTA_CHECKED
enum { CHEAP_PASSES = 1, CHEAP_KIB = 8 };
static bool cheap;

void crypto_password_cheap(bool cheap_)
{
    cheap = cheap_;
}
#else
enum { CHEAP_PASSES = HASH_PASSES, CHEAP_KIB = HASH_KIB };
static const bool cheap = false;
#endif

static atomic_bool started;

void crypto_start(void)
{
    ASSERT_START(sodium_init() >= 0);
    atomic_store(&started, true);
}

void crypto_random(void *ret_bytes, size_t len)
{
    randombytes_buf(ret_bytes, len);
}

void crypto_sha256(const void *data, size_t len, uint8_t ret_hash[HASH_BYTES])
{
    crypto_hash_sha256(ret_hash, data, len);
}

void crypto_hmac(const uint8_t key[KEY_BYTES], const void *data, size_t len,
                 uint8_t ret_mac[HASH_BYTES])
{
    crypto_auth_hmacsha256(ret_mac, data, len, key);
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

void crypto_wipe(void *bytes, size_t len)
{
    sodium_memzero(bytes, len);
}

/* Behind the nonce that stands there. */
static void seal(const uint8_t key[KEY_BYTES], const char *context, const void *plain, size_t len,
                 uint8_t *ret_sealed)
{
    ASSERT_CODE(*context); /* bound to nothing it would open in any row */
    crypto_aead_xchacha20poly1305_ietf_encrypt(ret_sealed + NONCE_BYTES, NULL, plain, len,
                                               (const uint8_t *)context, strlen(context), NULL,
                                               ret_sealed, key);
}

void crypto_seal(const uint8_t key[KEY_BYTES], const char *context, const void *plain, size_t len,
                 uint8_t *ret_sealed)
{
    ASSERT_CODE(atomic_load(&started));
    randombytes_buf(ret_sealed, NONCE_BYTES);
    seal(key, context, plain, len, ret_sealed);
}

/* A keyed hash of the text is its nonce: another text, another nonce, and none can be foreseen. */
void crypto_seal_same(const uint8_t key[KEY_BYTES], const char *context, const void *plain,
                      size_t len, uint8_t *ret_sealed)
{
    uint8_t nonce_key[KEY_BYTES], mac[HASH_BYTES];
    _Static_assert((int)NONCE_BYTES <= (int)HASH_BYTES, "a hash is long enough for a nonce");
    crypto_hmac(key, "nonce", 5, nonce_key);
    crypto_hmac(nonce_key, plain, len, mac);
    memcpy(ret_sealed, mac, NONCE_BYTES);
    seal(key, context, plain, len, ret_sealed);
}

enum err crypto_open(const uint8_t key[KEY_BYTES], const char *context, const uint8_t *sealed,
                     size_t len, uint8_t *ret_plain)
{
    ASSERT_CODE(*context);
    if (len < SEAL_EXTRA || crypto_aead_xchacha20poly1305_ietf_decrypt(
                                ret_plain, NULL, NULL, sealed + NONCE_BYTES, len - NONCE_BYTES,
                                (const uint8_t *)context, strlen(context), sealed, key) != 0) {
        return ERR_BROKEN;
    }
    return OK;
}

enum err crypto_password_hash(const char *password, char ret_hash[PASSWORD_HASH_MAX])
{
    ASSERT_CODE(atomic_load(&started));
    return crypto_pwhash_str_alg(
               ret_hash, password, strlen(password), cheap ? CHEAP_PASSES : HASH_PASSES,
               (size_t)1024 * (cheap ? CHEAP_KIB : HASH_KIB), crypto_pwhash_ALG_ARGON2ID13) == 0
               ? OK
               : ERR_BUSY;
}

bool crypto_password_fits(const char *hash, const char *password)
{
    /* The hash of nothing anybody can type: who is not there costs what somebody does. */
    char nobody[PASSWORD_HASH_MAX];
    snprintf(nobody, sizeof(nobody),
             "$argon2id$v=19$m=%d,t=%d,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
             cheap ? CHEAP_KIB : HASH_KIB, cheap ? CHEAP_PASSES : HASH_PASSES);
    return crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0 && hash;
}

void crypto_base64url(const void *bytes, size_t len, char *ret_text)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    sodium_bin2base64(ret_text, sodium_base64_encoded_len(len, variant), bytes, len, variant);
}

int crypto_base64url_read(const char *text, uint8_t *ret_bytes, size_t cap)
{
    size_t len = 0;
    ASSERT_CODE(cap <= INT_MAX);
    if (sodium_base642bin(ret_bytes, cap, text, strlen(text), NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return -1;
    }
    return (int)len;
}

void crypto_hex(const void *bytes, size_t len, char *ret_text)
{
    sodium_bin2hex(ret_text, 2 * len + 1, bytes, len);
}
