#include "features/identity/providers/jwt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "base/crypto.h"

/* A provider of our own: a key of each kind, tokens as the test wants them. */
#define NOW_S INT64_C(1800000000)
#define GOOD                                                           \
    "\"iss\":\"https://id.example\",\"aud\":\"us\",\"sub\":\"ana-7\"," \
    "\"nonce\":\"n-1\",\"exp\":1800000300,\"iat\":1800000000"

static struct arena *arena;
static EVP_PKEY *rsa, *ec, *ed, *stranger;

static const char *encoded(const void *bytes, size_t len)
{
    char *text = arena_alloc(arena, (len + 2) / 3 * 4 + 1);
    crypto_base64url(bytes, len, text);
    return text;
}

static const char *number(EVP_PKEY *key, const char *name)
{
    BIGNUM *value = NULL;
    uint8_t bytes[1024];
    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &value), 1);
    int len = BN_bn2bin(value, bytes);
    BN_free(value);
    return encoded(bytes, (size_t)len);
}

static const char *rsa_jwk(EVP_PKEY *key, const char *kid)
{
    return arena_printf(arena, "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}", kid,
                        number(key, OSSL_PKEY_PARAM_RSA_N), number(key, OSSL_PKEY_PARAM_RSA_E));
}

static const char *ec_jwk(EVP_PKEY *key, const char *kid)
{
    uint8_t x[32], y[32];
    BIGNUM *bx = NULL, *by = NULL;
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &bx), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &by), 1);
    BN_bn2binpad(bx, x, 32);
    BN_bn2binpad(by, y, 32);
    BN_free(bx);
    BN_free(by);
    return arena_printf(arena,
                        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"kid\":\"%s\","
                        "\"x\":\"%s\",\"y\":\"%s\"}",
                        kid, encoded(x, 32), encoded(y, 32));
}

static const char *ed_jwk(EVP_PKEY *key, const char *kid)
{
    uint8_t x[32];
    size_t len = sizeof(x);
    assert_int_equal(EVP_PKEY_get_raw_public_key(key, x, &len), 1);
    return arena_printf(arena,
                        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"alg\":\"EdDSA\",\"kid\":\"%s\","
                        "\"x\":\"%s\"}",
                        kid, encoded(x, 32));
}

static const char *all_keys(void)
{
    return arena_printf(arena, "{\"keys\":[%s,%s,%s]}", rsa_jwk(rsa, "r"), ec_jwk(ec, "e"),
                        ed_jwk(ed, "d"));
}

/* r and s beside each other, as JOSE has them. */
static size_t raw_of(const uint8_t *der, size_t len, uint8_t ret[64])
{
    const uint8_t *at = der;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)len);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), ret, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), ret + 32, 32);
    ECDSA_SIG_free(pair);
    return 64;
}

static const char *token(EVP_PKEY *key, const char *header, const char *claims)
{
    uint8_t signature[1024], raw[64];
    size_t len = sizeof(signature);
    const char *text = arena_printf(arena, "%s.%s", encoded(header, strlen(header)),
                                    encoded(claims, strlen(claims)));
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool plain = key == ed;
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, plain ? NULL : EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(ctx, signature, &len, (const uint8_t *)text, strlen(text)), 1);
    EVP_MD_CTX_free(ctx);
    if (EVP_PKEY_is_a(key, "EC")) {
        len = raw_of(signature, len, raw);
        memcpy(signature, raw, len);
    }
    return arena_printf(arena, "%s.%s", text, encoded(signature, len));
}

static const char *judged(const char *text, const char *keys, int64_t fresh_ms)
{
    const char *subject = NULL;
    const struct jwt_wanted wanted = {.issuer = "https://id.example",
                                      .client_id = "us",
                                      .nonce = "n-1",
                                      .access_token = "access",
                                      .now_ms = NOW_S * 1000,
                                      .fresh_ms = fresh_ms};
    const char *wrong = jwt_verify(arena, text, keys, &wanted, &subject);
    assert_true(wrong ? !subject : subject && strcmp(subject, "ana-7") == 0);
    return wrong ? wrong : "";
}

static void claims_are(const char *claims, const char *code)
{
    const char *text =
        token(rsa, "{\"alg\":\"RS256\",\"kid\":\"r\"}", arena_printf(arena, "{%s}", claims));
    assert_string_equal(judged(text, all_keys(), 0), code);
}

static void header_is(EVP_PKEY *key, const char *header, const char *code)
{
    assert_string_equal(judged(token(key, header, "{" GOOD "}"), all_keys(), 0), code);
}

static void three_algorithms_are_accepted_with_and_without_a_key_id(void **state)
{
    (void)state;
    header_is(rsa, "{\"alg\":\"RS256\",\"kid\":\"r\"}", "");
    header_is(ec, "{\"alg\":\"ES256\",\"kid\":\"e\"}", "");
    header_is(ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}", "");
    header_is(ec, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}", "");
}

static void no_other_algorithm_is(void **state)
{
    (void)state;
    static const char *const names[] = {"none",  "None",  "NONE",  "HS256", "HS512",
                                        "RS384", "RS512", "PS256", "ES384", "rs256"};
    for (size_t i = 0; i < COUNT(names); i++) {
        header_is(rsa, arena_printf(arena, "{\"alg\":\"%s\",\"kid\":\"r\"}", names[i]),
                  "providers.algorithm");
    }
    header_is(rsa, "{\"kid\":\"r\"}", "providers.algorithm");
    header_is(rsa, "{\"alg\":[\"RS256\"],\"kid\":\"r\"}", "providers.algorithm");
    const char *text = token(rsa, "{\"alg\":\"none\"}", "{" GOOD "}");
    *strrchr((char *)(uintptr_t)text, '.') = '\0';
    assert_string_equal(judged(arena_printf(arena, "%s.", text), all_keys(), 0),
                        "providers.algorithm");
}

/* The old trick: the public key, which everybody knows, as the secret of an HMAC. */
static void a_public_key_is_no_secret(void **state)
{
    (void)state;
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    const char *header = "{\"alg\":\"HS256\",\"kid\":\"r\"}", *claims = "{" GOOD "}";
    const char *secret = number(rsa, OSSL_PKEY_PARAM_RSA_N);
    const char *text = arena_printf(arena, "%s.%s", encoded(header, strlen(header)),
                                    encoded(claims, strlen(claims)));
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const uint8_t *)text, strlen(text), mac, &len);
    const char *keys =
        arena_printf(arena, "{\"keys\":[%s,{\"kty\":\"oct\",\"kid\":\"r\",\"k\":\"%s\"}]}",
                     rsa_jwk(rsa, "r"), secret);
    text = arena_printf(arena, "%s.%s", text, encoded(mac, len));
    assert_string_equal(judged(text, keys, 0), "providers.algorithm");
}

static void an_algorithm_of_another_kind_of_key_is_refused(void **state)
{
    (void)state;
    header_is(rsa, "{\"alg\":\"ES256\",\"kid\":\"r\"}", "providers.key");
    header_is(ec, "{\"alg\":\"RS256\",\"kid\":\"e\"}", "providers.key");
    header_is(ed, "{\"alg\":\"ES256\",\"kid\":\"d\"}", "providers.key");
}

static void keys_that_the_token_names_or_carries_are_refused(void **state)
{
    (void)state;
    static const char *const more[] = {"\"jku\":\"https://evil.example/keys\"",
                                       "\"x5u\":\"https://evil.example/cert\"",
                                       "\"x5c\":[\"AAAA\"]", "\"crit\":[\"b64\"],\"b64\":false"};
    for (size_t i = 0; i < COUNT(more); i++) {
        header_is(rsa, arena_printf(arena, "{\"alg\":\"RS256\",\"kid\":\"r\",%s}", more[i]),
                  "providers.key");
    }
    header_is(stranger,
              arena_printf(arena, "{\"alg\":\"RS256\",\"jwk\":%s}", rsa_jwk(stranger, "r")),
              "providers.key");
}

static void a_stranger_and_a_changed_token_are_refused(void **state)
{
    (void)state;
    header_is(stranger, "{\"alg\":\"RS256\",\"kid\":\"r\"}", "providers.signature");
    header_is(stranger, "{\"alg\":\"RS256\",\"kid\":\"other\"}", "providers.key");
    const char *good[] = {token(rsa, "{\"alg\":\"RS256\",\"kid\":\"r\"}", "{" GOOD "}"),
                          token(ec, "{\"alg\":\"ES256\",\"kid\":\"e\"}", "{" GOOD "}"),
                          token(ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}", "{" GOOD "}")};
    for (size_t i = 0; i < COUNT(good); i++) {
        size_t len = strlen(good[i]);
        for (size_t at = 0; at < len; at += 5) {
            char *text = arena_text(arena, good[i], len);
            text[at] = text[at] == 'A' ? 'B' : 'A';
            assert_string_not_equal(judged(text, all_keys(), 0), "");
        }
        assert_string_equal(judged(arena_printf(arena, "%s.x", good[i]), all_keys(), 0),
                            "providers.token");
    }
}

static void weak_odd_and_doubled_keys_are_no_keys(void **state)
{
    (void)state;
    EVP_PKEY *weak = EVP_RSA_gen(1024);
    const char *header = "{\"alg\":\"RS256\",\"kid\":\"r\"}", *claims = "{" GOOD "}";
    const char *own = arena_printf(arena, "{\"keys\":[%s]}", rsa_jwk(weak, "r"));
    assert_string_equal(judged(token(weak, header, claims), own, 0), "providers.key");
    EVP_PKEY_free(weak);
    const char *good = token(rsa, header, claims), *jwk = rsa_jwk(rsa, "r");
    own = arena_printf(arena, "{\"keys\":[%s,%s]}", jwk, jwk);
    assert_string_equal(judged(good, own, 0), "providers.key");
    own = arena_printf(arena, "{\"keys\":[{\"use\":\"enc\",%s]}", jwk + 1);
    assert_string_equal(judged(good, own, 0), "providers.key");
    own = arena_printf(arena, "{\"keys\":[{\"alg\":\"PS256\",%s]}", jwk + 1);
    assert_string_equal(judged(good, own, 0), "providers.key");
    static const char *const none[] = {"",
                                       "{}",
                                       "[]",
                                       "{\"keys\":{}}",
                                       "{\"keys\":[1,null]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\"}]}"};
    for (size_t i = 0; i < COUNT(none); i++) {
        assert_string_equal(judged(good, none[i], 0), "providers.key");
    }
    const char *point = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e\",\"x\":"
                        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"y\":"
                        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}";
    assert_string_equal(judged(token(ec, "{\"alg\":\"ES256\",\"kid\":\"e\"}", claims), point, 0),
                        "providers.key");
}

#define CLAIMS(iss_, aud_, sub_, nonce_, exp_, iat_)                                        \
    "\"iss\":" iss_ ",\"aud\":" aud_ ",\"sub\":" sub_ ",\"nonce\":" nonce_ ",\"exp\":" exp_ \
    ",\"iat\":" iat_
#define ISS "\"https://id.example\""

static void every_claim_must_be_the_one_that_was_asked_for(void **state)
{
    (void)state;
    claims_are(GOOD, "");
    claims_are(CLAIMS("\"https://id.example/\"", "\"us\"", "\"ana-7\"", "\"n-1\"", "1800000300",
                      "1800000000"),
               "providers.issuer");
    claims_are(CLAIMS(ISS, "\"them\"", "\"ana-7\"", "\"n-1\"", "1800000300", "1800000000"),
               "providers.audience");
    claims_are(CLAIMS(ISS, "[]", "\"ana-7\"", "\"n-1\"", "1800000300", "1800000000"),
               "providers.audience");
    claims_are(CLAIMS(ISS, "[\"us\"]", "\"ana-7\"", "\"n-1\"", "1800000300", "1800000000"), "");
    claims_are(CLAIMS(ISS, "[\"us\",\"them\"]", "\"ana-7\"", "\"n-1\"", "1800000300", "1800000000"),
               "providers.audience");
    claims_are(CLAIMS(ISS, "[\"us\",\"them\"]", "\"ana-7\"", "\"n-1\"", "1800000300",
                      "1800000000") ",\"azp\":\"us\"",
               "");
    claims_are(GOOD ",\"azp\":\"them\"", "providers.audience");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-2\"", "1800000300", "1800000000"),
               "providers.nonce");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "null", "1800000300", "1800000000"),
               "providers.nonce");
    claims_are(CLAIMS(ISS, "\"us\"", "\"\"", "\"n-1\"", "1800000300", "1800000000"),
               "providers.token");
    claims_are(CLAIMS(ISS, "\"us\"", "7", "\"n-1\"", "1800000300", "1800000000"),
               "providers.token");
    claims_are(GOOD ",\"iss\":\"https://id.example\"", "providers.token"); /* twice */
}

static void times_hold_at_the_limit_and_one_past(void **state)
{
    (void)state;
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-1\"", "1799999941", "1799999900"), "");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-1\"", "1799999940", "1799999900"),
               "providers.expired");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-1\"", "1800000300", "1800000060"), "");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-1\"", "1800000300", "1800000061"),
               "providers.expired");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-1\"", "1800000300", "1799999340"), "");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-1\"", "1800000300", "1799999339"),
               "providers.expired");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-1\"", "\"1800000300\"", "1800000000"),
               "providers.expired");
    claims_are(CLAIMS(ISS, "\"us\"", "\"ana-7\"", "\"n-1\"", "1e300", "1800000000"),
               "providers.expired");
    claims_are(GOOD ",\"nbf\":1800000061", "providers.expired");
}

static void a_fresh_sign_in_is_demanded_where_it_proves_something(void **state)
{
    (void)state;
    const char *header = "{\"alg\":\"RS256\",\"kid\":\"r\"}";
    int64_t fresh_ms = (NOW_S - 100) * 1000;
    assert_string_equal(judged(token(rsa, header, "{" GOOD "}"), all_keys(), fresh_ms),
                        "providers.stale");
    assert_string_equal(
        judged(token(rsa, header, "{" GOOD ",\"auth_time\":1799999840}"), all_keys(), fresh_ms),
        "");
    assert_string_equal(
        judged(token(rsa, header, "{" GOOD ",\"auth_time\":1799999839}"), all_keys(), fresh_ms),
        "providers.stale");
}

static void an_access_token_of_another_is_noticed(void **state)
{
    (void)state;
    uint8_t hash[HASH_BYTES];
    crypto_sha256("access", 6, hash);
    claims_are(arena_printf(arena, GOOD ",\"at_hash\":\"%s\"", encoded(hash, 16)), "");
    claims_are(GOOD ",\"at_hash\":\"AAAAAAAAAAAAAAAAAAAAAA\"", "providers.token");
}

static int begin(void **state)
{
    (void)state;
    crypto_start();
    arena = arena_new((size_t)64 << 20);
    rsa = EVP_RSA_gen(2048);
    stranger = EVP_RSA_gen(2048);
    ec = EVP_EC_gen("P-256");
    ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    return rsa && stranger && ec && ed ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(stranger);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(ed);
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_algorithms_are_accepted_with_and_without_a_key_id),
        cmocka_unit_test(no_other_algorithm_is),
        cmocka_unit_test(a_public_key_is_no_secret),
        cmocka_unit_test(an_algorithm_of_another_kind_of_key_is_refused),
        cmocka_unit_test(keys_that_the_token_names_or_carries_are_refused),
        cmocka_unit_test(a_stranger_and_a_changed_token_are_refused),
        cmocka_unit_test(weak_odd_and_doubled_keys_are_no_keys),
        cmocka_unit_test(every_claim_must_be_the_one_that_was_asked_for),
        cmocka_unit_test(times_hold_at_the_limit_and_one_past),
        cmocka_unit_test(a_fresh_sign_in_is_demanded_where_it_proves_something),
        cmocka_unit_test(an_access_token_of_another_is_noticed),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
