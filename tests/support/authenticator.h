#ifndef TESTS_SUPPORT_AUTHENTICATOR_H
#define TESTS_SUPPORT_AUTHENTICATOR_H

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "features/identity/passkeys/webauthn.h"

/* An authenticator and a browser for tests: makes passkeys and proofs, right or wrong. */
struct device {
    EVP_PKEY *key;
    int algorithm;
    uint8_t id[32];
    size_t id_len;
    const char *site; /* the id that it signs for */
    unsigned flags;
    uint32_t count;
    bool self;          /* attests itself */
    bool extended;      /* says an extension */
    const char *client; /* instead of the client data that it would make */
    /* what came out */
    uint8_t data[1024], object[2048], signature[512];
    size_t data_len, object_len, signature_len;
    char client_data[WEBAUTHN_CLIENT_MAX + 64];
};

struct put {
    uint8_t *at;
    size_t len;
};

static inline void put(struct put *out, const void *bytes, size_t len)
{
    memcpy(out->at + out->len, bytes, len);
    out->len += len;
}

/* The head of a CBOR item. */
static inline void put_head(struct put *out, int major, uint32_t n)
{
    uint8_t head[5] = {(uint8_t)(major << 5)};
    size_t len = n < 24 ? 1 : n < 256 ? 2 : 3;
    if (len == 1) {
        head[0] |= (uint8_t)n;
    } else if (len == 2) {
        head[0] |= 24;
        head[1] = (uint8_t)n;
    } else {
        head[0] |= 25;
        head[1] = (uint8_t)(n >> 8);
        head[2] = (uint8_t)n;
    }
    put(out, head, len);
}

static inline void put_number(struct put *out, int n)
{
    put_head(out, n < 0, (uint32_t)(n < 0 ? -1 - n : n));
}

static inline void put_bytes(struct put *out, const void *bytes, size_t len)
{
    put_head(out, 2, (uint32_t)len);
    put(out, bytes, len);
}

static inline void put_text(struct put *out, const char *text)
{
    put_head(out, 3, (uint32_t)strlen(text));
    put(out, text, strlen(text));
}

static inline void put_big(struct put *out, int name, const EVP_PKEY *key, const char *param,
                           int len)
{
    BIGNUM *n = NULL;
    uint8_t bytes[256];
    assert_int_equal(EVP_PKEY_get_bn_param(key, param, &n), 1);
    assert_int_equal(BN_bn2binpad(n, bytes, len), len);
    BN_free(n);
    put_number(out, name);
    put_bytes(out, bytes, (size_t)len);
}

static inline void put_cose(struct put *out, const struct device *device)
{
    bool rsa = device->algorithm == WEBAUTHN_RS256, ec = device->algorithm == WEBAUTHN_ES256;
    put_head(out, 5, ec ? 5 : 4);
    put_number(out, 1);
    put_number(out, rsa ? 3 : ec ? 2 : 1);
    put_number(out, 3);
    put_number(out, device->algorithm);
    if (rsa) {
        put_big(out, -1, device->key, OSSL_PKEY_PARAM_RSA_N, 256);
        put_big(out, -2, device->key, OSSL_PKEY_PARAM_RSA_E, 3);
        return;
    }
    put_number(out, -1);
    put_number(out, ec ? 1 : 6);
    if (ec) {
        put_big(out, -2, device->key, OSSL_PKEY_PARAM_EC_PUB_X, 32);
        put_big(out, -3, device->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    } else {
        uint8_t raw[32];
        size_t len = sizeof(raw);
        assert_int_equal(EVP_PKEY_get_raw_public_key(device->key, raw, &len), 1);
        put_number(out, -2);
        put_bytes(out, raw, len);
    }
}

static inline void device_new(struct device *device, int algorithm)
{
    *device = (struct device){
        .algorithm = algorithm,
        .id_len = 32,
        .site = "world.example",
        .flags = WEBAUTHN_PRESENT | WEBAUTHN_VERIFIED | WEBAUTHN_SYNCABLE | WEBAUTHN_SYNCED,
    };
    device->key = algorithm == WEBAUTHN_ES256 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256")
                  : algorithm == WEBAUTHN_EDDSA
                      ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                      : EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    assert_non_null(device->key);
    crypto_random(device->id, sizeof(device->id));
}

static inline void device_free(struct device *device)
{
    EVP_PKEY_free(device->key);
    device->key = NULL;
}

static inline void device_client(struct device *device, const char *type, const char *challenge)
{
    snprintf(device->client_data, sizeof(device->client_data), "%s",
             device->client ? device->client : "");
    if (!device->client) {
        snprintf(device->client_data, sizeof(device->client_data),
                 "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"https://world.example\","
                 "\"crossOrigin\":false}",
                 type, challenge);
    }
}

static inline void device_data(struct device *device, bool made)
{
    static const uint8_t maker[16];
    struct put out = {device->data, 0};
    uint8_t hash[HASH_BYTES];
    unsigned flags =
        device->flags | (made ? WEBAUTHN_ATTESTED : 0) | (device->extended ? WEBAUTHN_EXTENDED : 0);
    const uint8_t head[5] = {(uint8_t)flags, (uint8_t)(device->count >> 24),
                             (uint8_t)(device->count >> 16), (uint8_t)(device->count >> 8),
                             (uint8_t)device->count};
    crypto_sha256(device->site, strlen(device->site), hash);
    put(&out, hash, sizeof(hash));
    put(&out, head, sizeof(head));
    if (made) {
        const uint8_t len[2] = {(uint8_t)(device->id_len >> 8), (uint8_t)device->id_len};
        put(&out, maker, sizeof(maker));
        put(&out, len, sizeof(len));
        put(&out, device->id, device->id_len);
        put_cose(&out, device);
    }
    if (device->extended) {
        put_head(&out, 5, 1);
        put_text(&out, "credProtect");
        put_number(&out, 2);
    }
    device->data_len = out.len;
}

/* Signs what stands in `data` and `client_data`. */
static inline void device_sign(struct device *device)
{
    uint8_t all[sizeof(device->data) + HASH_BYTES];
    struct put out = {all, 0};
    uint8_t hash[HASH_BYTES];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const EVP_MD *md = device->algorithm == WEBAUTHN_EDDSA ? NULL : EVP_sha256();
    crypto_sha256(device->client_data, strlen(device->client_data), hash);
    put(&out, device->data, device->data_len);
    put(&out, hash, sizeof(hash));
    device->signature_len = sizeof(device->signature);
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, md, NULL, device->key), 1);
    assert_int_equal(EVP_DigestSign(ctx, device->signature, &device->signature_len, all, out.len),
                     1);
    EVP_MD_CTX_free(ctx);
}

/* The attestation object around `data`. */
static inline void device_wrap(struct device *device)
{
    struct put out = {device->object, 0};
    put_head(&out, 5, 3);
    put_text(&out, "fmt");
    put_text(&out, device->self ? "packed" : "none");
    put_text(&out, "attStmt");
    put_head(&out, 5, device->self ? 2 : 0);
    if (device->self) {
        put_text(&out, "alg");
        put_number(&out, device->algorithm);
        put_text(&out, "sig");
        put_bytes(&out, device->signature, device->signature_len);
    }
    put_text(&out, "authData");
    put_bytes(&out, device->data, device->data_len);
    device->object_len = out.len;
}

static inline void device_make(struct device *device, const char *challenge)
{
    device_client(device, "webauthn.create", challenge);
    device_data(device, true);
    device_sign(device);
    device_wrap(device);
}

static inline void device_prove(struct device *device, const char *challenge)
{
    device_client(device, "webauthn.get", challenge);
    device_data(device, false);
    device_sign(device);
}

#endif
