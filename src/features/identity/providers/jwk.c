#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "base/crypto.h"
#include "features/identity/providers/jwt.h"

enum {
    RSA_BYTES_MIN = 2048 / 8,
    RSA_BYTES_MAX = 8192 / 8,
    RSA_EXPONENT_MAX = 8,
    P256_BYTES = 32,
    ED25519_BYTES = 32,
};

static const struct {
    const char *algorithm, *kty, *crv;
} kinds[] = {
    {"RS256", "RSA", NULL},
    {"ES256", "EC", "P-256"},
    {"EdDSA", "OKP", "Ed25519"},
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool is(const char *text, const char *wanted)
{
    return text && strcmp(text, wanted) == 0;
}

/* -1 when it is missing, no base64url or too long. */
static int bytes_of(const json_t *key, const char *name, uint8_t *ret, size_t cap)
{
    const char *text = text_of(key, name);
    return text ? crypto_base64url_read(text, ret, cap) : -1;
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *build)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return key;
}

static EVP_PKEY *rsa_key(const json_t *jwk)
{
    uint8_t modulus[RSA_BYTES_MAX], exponent[RSA_EXPONENT_MAX];
    int n_len = bytes_of(jwk, "n", modulus, sizeof(modulus));
    int e_len = bytes_of(jwk, "e", exponent, sizeof(exponent));
    if (n_len < RSA_BYTES_MIN || e_len < 1) {
        return NULL;
    }
    EVP_PKEY *key = NULL;
    BIGNUM *n = BN_bin2bn(modulus, n_len, NULL), *e = BN_bin2bn(exponent, e_len, NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (n && e && build && BN_num_bits(n) >= RSA_BYTES_MIN * 8 && BN_is_odd(n) && BN_is_odd(e) &&
        !BN_is_one(e) && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e)) {
        key = from_params("RSA", build);
    }
    OSSL_PARAM_BLD_free(build);
    BN_free(n);
    BN_free(e);
    return key;
}

/* OpenSSL refuses a point that is not on the curve. */
static EVP_PKEY *ec_key(const json_t *jwk)
{
    uint8_t point[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
    if (bytes_of(jwk, "x", point + 1, P256_BYTES) != P256_BYTES ||
        bytes_of(jwk, "y", point + 1 + P256_BYTES, P256_BYTES) != P256_BYTES) {
        return NULL;
    }
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (build &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point))) {
        key = from_params("EC", build);
    }
    OSSL_PARAM_BLD_free(build);
    return key;
}

static EVP_PKEY *ed_key(const json_t *jwk)
{
    uint8_t x[ED25519_BYTES];
    if (bytes_of(jwk, "x", x, sizeof(x)) != ED25519_BYTES) {
        return NULL;
    }
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x, sizeof(x));
}

/* JOSE writes r and s beside each other, OpenSSL wants them in DER. */
static int der_of(const uint8_t *raw, size_t len, uint8_t **ret)
{
    int der_len = -1;
    if (len != (size_t)2 * P256_BYTES) {
        return -1;
    }
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, P256_BYTES, NULL),
           *s = BN_bin2bn(raw + P256_BYTES, P256_BYTES, NULL);
    if (pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1) {
        der_len = i2d_ECDSA_SIG(pair, ret); /* the pair owns r and s now */
    } else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(pair);
    return der_len;
}

static bool fits(EVP_PKEY *key, const EVP_MD *digest, const char *text, size_t len,
                 const uint8_t *signature, size_t signature_len)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = ctx && EVP_DigestVerifyInit(ctx, NULL, digest, NULL, key) == 1 &&
                EVP_DigestVerify(ctx, signature, signature_len, (const uint8_t *)text, len) == 1;
    EVP_MD_CTX_free(ctx);
    return good;
}

/* -1: no usable key; 0: another signature; 1: it is this key's. */
static int signed_by(const json_t *jwk, const char *algorithm, const char *text, size_t len,
                     const uint8_t *signature, size_t signature_len)
{
    bool ec = is(algorithm, "ES256"), rsa = is(algorithm, "RS256");
    EVP_PKEY *key = rsa ? rsa_key(jwk) : ec ? ec_key(jwk) : ed_key(jwk);
    uint8_t *der = NULL;
    int good = -1;
    if (key && ec) {
        int der_len = der_of(signature, signature_len, &der);
        good = der_len > 0 && fits(key, EVP_sha256(), text, len, der, (size_t)der_len);
    } else if (key) {
        good = fits(key, rsa ? EVP_sha256() : NULL, text, len, signature, signature_len);
    }
    OPENSSL_free(der);
    EVP_PKEY_free(key);
    return good;
}

static bool meant_for(const json_t *jwk, size_t kind, const char *kid)
{
    const char *use = text_of(jwk, "use"), *algorithm = text_of(jwk, "alg");
    const char *own = text_of(jwk, "kid");
    return is(text_of(jwk, "kty"), kinds[kind].kty) &&
           (!kinds[kind].crv || is(text_of(jwk, "crv"), kinds[kind].crv)) &&
           (!use || is(use, "sig")) && (!algorithm || is(algorithm, kinds[kind].algorithm)) &&
           (!kid || is(own, kid));
}

const char *jwk_verify(const json_t *set, const char *algorithm, const char *kid, const char *text,
                       size_t len, const uint8_t *signature, size_t signature_len)
{
    const json_t *keys = json_object_get(set, "keys"), *found = NULL;
    size_t kind = 0, count = json_array_size(keys);
    while (kind < sizeof(kinds) / sizeof(kinds[0]) && !is(algorithm, kinds[kind].algorithm)) {
        kind++;
    }
    if (kind == sizeof(kinds) / sizeof(kinds[0]) || count > JWT_KEYS_MAX) {
        return "providers.key";
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *jwk = json_array_get(keys, i);
        if (meant_for(jwk, kind, kid)) {
            if (found) {
                return "providers.key"; /* two that could be meant: we do not try and guess */
            }
            found = jwk;
        }
    }
    int good = found ? signed_by(found, algorithm, text, len, signature, signature_len) : -1;
    return good < 0 ? "providers.key" : good ? NULL : "providers.signature";
}
