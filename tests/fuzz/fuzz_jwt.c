#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "features/identity/providers/jwt.h"
#include "tests/fuzz/fuzz.h"

/*
 * ID tokens.  The first byte chooses:
 *   t   what follows is a token and, after a line feed, the provider's keys
 *   s   a header and, after a line feed, claims: they are signed with a real key, so that
 *       what lies behind the signature is reached too
 * Nobody without the key is accepted, and nobody without our nonce.
 */
static const uint8_t secret[32] = "a key that everybody knows, 32B";

static const char *encoded(struct arena *arena, const void *bytes, size_t len)
{
    char *text = arena_alloc(arena, (len + 2) / 3 * 4 + 1);
    crypto_base64url(bytes, len, text);
    return text;
}

static const char *keys_of(struct arena *arena, EVP_PKEY *key)
{
    uint8_t x[32];
    size_t len = sizeof(x);
    ASSERT(EVP_PKEY_get_raw_public_key(key, x, &len) == 1);
    return arena_printf(arena,
                        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":"
                        "\"%s\"}]}",
                        encoded(arena, x, len));
}

static const char *token_of(struct arena *arena, EVP_PKEY *key, const char *header,
                            const char *claims)
{
    uint8_t signature[64];
    size_t len = sizeof(signature);
    const char *text = arena_printf(arena, "%s.%s", encoded(arena, header, strlen(header)),
                                    encoded(arena, claims, strlen(claims)));
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    ASSERT(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1);
    ASSERT(EVP_DigestSign(ctx, signature, &len, (const uint8_t *)text, strlen(text)) == 1);
    EVP_MD_CTX_free(ctx);
    return arena_printf(arena, "%s.%s", text, encoded(arena, signature, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    const struct jwt_wanted wanted = {.issuer = "https://id.example",
                                      .client_id = "us",
                                      .nonce = "only-we-know",
                                      .access_token = "access",
                                      .now_ms = INT64_C(1800000000000),
                                      .fresh_ms = INT64_C(1799999990000)};
    if (len < 2 || len > 64 * 1024) {
        return 0;
    }
    struct arena *arena = arena_new(8 << 20);
    char *first = arena_text(arena, (const char *)input + 1, len - 1);
    char *second = strchr(first, '\n');
    const char *subject = NULL;
    if (second) {
        *second++ = '\0';
    }
    if (input[0] == 't') {
        (void)jwt_verify(arena, first, second ? second : "", &wanted, &subject);
    } else {
        EVP_PKEY *key =
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, sizeof(secret));
        const char *claims = second ? second : "";
        const char *wrong = jwt_verify(arena, token_of(arena, key, first, claims),
                                       keys_of(arena, key), &wanted, &subject);
        ASSERT(!wrong == (subject != NULL));
        ASSERT(wrong || (*subject && strlen(subject) <= JWT_SUBJECT_MAX));
        ASSERT(wrong || strchr(claims, '\\') || strstr(claims, "only-we-know"));
        EVP_PKEY_free(key);
    }
    arena_free(arena);
    return 0;
}
