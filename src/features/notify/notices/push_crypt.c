#include "features/notify/notices/push_crypt.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "base/crypto.h"

enum { GCM_KEY = 16, GCM_NONCE = 12, GCM_TAG = 16, INFO_MAX = 160, RECORD_SIZE = 4096 };

/* ---- keys of P-256 ---- */

enum err push_public(const uint8_t scalar[PUSH_SCALAR], uint8_t ret_point[PUSH_POINT])
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BIGNUM *number = BN_bin2bn(scalar, PUSH_SCALAR, NULL);
    EC_POINT *point = group ? EC_POINT_new(group) : NULL;
    bool good = point && number && !BN_is_zero(number) &&
                BN_cmp(number, EC_GROUP_get0_order(group)) < 0 &&
                EC_POINT_mul(group, point, number, NULL, NULL, NULL) == 1 &&
                EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, ret_point,
                                   PUSH_POINT, NULL) == PUSH_POINT;
    EC_POINT_free(point);
    BN_clear_free(number);
    EC_GROUP_free(group);
    return good ? OK : ERR_INVALID;
}

enum err push_scalar(uint8_t ret_scalar[PUSH_SCALAR])
{
    uint8_t point[PUSH_POINT];
    for (int tries = 0; tries < 8; tries++) { /* one in 2^32 is no scalar */
        crypto_random(ret_scalar, PUSH_SCALAR);
        if (push_public(ret_scalar, point) == OK) {
            return OK;
        }
    }
    return ERR_BROKEN;
}

/* `scalar` NULL: a public key.  NULL when the point is not on the curve. */
static EVP_PKEY *key_of(const uint8_t *scalar, const uint8_t point[PUSH_POINT])
{
    EVP_PKEY *key = NULL;
    BIGNUM *number = scalar ? BN_secure_new() : NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (build && ctx && point[0] == POINT_CONVERSION_UNCOMPRESSED &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, PUSH_POINT) &&
        (!scalar || (number && BN_bin2bn(scalar, PUSH_SCALAR, number) &&
                     OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number)))) {
        params = OSSL_PARAM_BLD_to_param(build);
    }
    if (!params || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) !=
            1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_clear_free(number);
    return key;
}

bool push_point_good(const uint8_t point[PUSH_POINT])
{
    EVP_PKEY *key = key_of(NULL, point);
    EVP_PKEY_free(key);
    return key != NULL;
}

static bool agree(const uint8_t scalar[PUSH_SCALAR], const uint8_t own[PUSH_POINT],
                  const uint8_t other[PUSH_POINT], uint8_t ret[PUSH_SCALAR])
{
    size_t len = PUSH_SCALAR;
    EVP_PKEY *mine = key_of(scalar, own), *theirs = key_of(NULL, other);
    EVP_PKEY_CTX *ctx = mine && theirs ? EVP_PKEY_CTX_new_from_pkey(NULL, mine, NULL) : NULL;
    bool good = ctx && EVP_PKEY_derive_init(ctx) == 1 &&
                EVP_PKEY_derive_set_peer(ctx, theirs) == 1 &&
                EVP_PKEY_derive(ctx, ret, &len) == 1 && len == PUSH_SCALAR;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(mine);
    EVP_PKEY_free(theirs);
    return good;
}

enum err push_sign(const uint8_t scalar[PUSH_SCALAR], const char *text,
                   uint8_t ret[2 * PUSH_SCALAR])
{
    uint8_t point[PUSH_POINT], der[80];
    const uint8_t *at = der;
    size_t len = sizeof(der);
    TRY(push_public(scalar, point));
    EVP_PKEY *key = key_of(scalar, point);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = key && ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(ctx, der, &len, (const uint8_t *)text, strlen(text)) == 1;
    ECDSA_SIG *pair = good ? d2i_ECDSA_SIG(NULL, &at, (long)len) : NULL;
    good = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), ret, PUSH_SCALAR) == PUSH_SCALAR &&
           BN_bn2binpad(ECDSA_SIG_get0_s(pair), ret + PUSH_SCALAR, PUSH_SCALAR) == PUSH_SCALAR;
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    return good ? OK : ERR_BROKEN;
}

/* ---- HKDF, as far as one block of SHA-256 goes ---- */

/* HMAC fills its key up with zeros, so a shorter one is the same as one filled up here. */
static void mac(const uint8_t *key, size_t key_len, const void *data, size_t len,
                uint8_t ret[HASH_BYTES])
{
    uint8_t whole[KEY_BYTES] = {0};
    ASSERT_CODE(key_len <= sizeof(whole));
    memcpy(whole, key, key_len);
    crypto_hmac(whole, data, len, ret);
    crypto_wipe(whole, sizeof(whole));
}

static void expand(const uint8_t prk[HASH_BYTES], const void *info, size_t len,
                   uint8_t ret[HASH_BYTES])
{
    uint8_t all[INFO_MAX];
    ASSERT_CODE(len < sizeof(all));
    memcpy(all, info, len);
    all[len] = 1;
    mac(prk, HASH_BYTES, all, len + 1, ret);
}

/* ---- RFC 8188 ---- */

static bool gcm(const uint8_t key[GCM_KEY], const uint8_t nonce[GCM_NONCE], uint8_t *bytes,
                size_t len)
{
    int done = 0;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool good = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, key, nonce) == 1 &&
                EVP_EncryptUpdate(ctx, bytes, &done, bytes, (int)len) == 1 && (size_t)done == len &&
                EVP_EncryptFinal_ex(ctx, bytes + len, &done) == 1 &&
                EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, GCM_TAG, bytes + len) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return good;
}

enum err push_record(const uint8_t *ikm, size_t ikm_len, const uint8_t salt[PUSH_SALT],
                     const uint8_t *id, const struct push_text *text, uint8_t *ret, size_t *ret_len)
{
    static const char key_info[] = "Content-Encoding: aes128gcm";
    static const char nonce_info[] = "Content-Encoding: nonce";
    uint8_t prk[HASH_BYTES], key[HASH_BYTES], nonce[HASH_BYTES];
    uint8_t id_len = id ? PUSH_POINT : 0;
    const uint8_t head[] = {0, 0, RECORD_SIZE >> 8, RECORD_SIZE & 0xff, id_len};
    size_t sealed = text->len + 1 + text->pad;
    ASSERT_CODE(sealed + GCM_TAG <= RECORD_SIZE);
    mac(salt, PUSH_SALT, ikm, ikm_len, prk);
    expand(prk, key_info, sizeof(key_info), key); /* with its NUL */
    expand(prk, nonce_info, sizeof(nonce_info), nonce);
    uint8_t *at = ret;
    memcpy(at, salt, PUSH_SALT);
    at += PUSH_SALT;
    memcpy(at, head, sizeof(head));
    at += sizeof(head);
    if (id) {
        memcpy(at, id, id_len);
        at += id_len;
    }
    memcpy(at, text->text, text->len);
    at[text->len] = 2; /* the last record */
    memset(at + text->len + 1, 0, text->pad);
    bool good = gcm(key, nonce, at, sealed);
    crypto_wipe(prk, sizeof(prk));
    crypto_wipe(key, sizeof(key));
    *ret_len = (size_t)(at - ret) + sealed + GCM_TAG;
    return good ? OK : ERR_BROKEN;
}

/* ---- RFC 8291 ---- */

enum err push_encrypt(const uint8_t scalar[PUSH_SCALAR], const uint8_t salt[PUSH_SALT],
                      const struct push_browser *browser, const struct push_text *text,
                      uint8_t ret[PUSH_BODY_MAX], size_t *ret_len)
{
    static const char label[] = "WebPush: info";
    uint8_t own[PUSH_POINT], shared[PUSH_SCALAR], prk[HASH_BYTES], ikm[HASH_BYTES];
    uint8_t info[sizeof(label) + PUSH_POINT + PUSH_POINT];
    ASSERT_CODE(text->len + text->pad <= PUSH_TEXT_MAX);
    TRY(push_public(scalar, own));
    if (!agree(scalar, own, browser->point, shared)) {
        return ERR_INVALID;
    }
    memcpy(info, label, sizeof(label)); /* with its NUL */
    memcpy(info + sizeof(label), browser->point, PUSH_POINT);
    memcpy(info + sizeof(label) + PUSH_POINT, own, PUSH_POINT);
    mac(browser->auth, PUSH_AUTH, shared, sizeof(shared), prk);
    expand(prk, info, sizeof(info), ikm);
    crypto_wipe(shared, sizeof(shared));
    return push_record(ikm, sizeof(ikm), salt, own, text, ret, ret_len);
}
