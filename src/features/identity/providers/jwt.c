#include "features/identity/providers/jwt.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"

struct token {
    const char *text;
    size_t signed_len; /* header.claims, as they came */
    json_t *header, *claims;
    uint8_t signature[JWT_SIGNATURE_MAX];
    int signature_len;
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool is(const char *text, const char *wanted)
{
    return text && strcmp(text, wanted) == 0;
}

static json_t *part(struct arena *arena, const char *text, size_t len)
{
    uint8_t *bytes = arena_alloc(arena, len + 1);
    int got = crypto_base64url_read(arena_text(arena, text, len), bytes, len);
    if (got <= 0 || memchr(bytes, 0, (size_t)got)) {
        return NULL;
    }
    json_t *json = json_loadb((const char *)bytes, (size_t)got, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static const char *take_apart(struct arena *arena, const char *text, struct token *ret)
{
    const char *first = strchr(text, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    if (!second || strchr(second + 1, '.') || strlen(text) > JWT_MAX) {
        return "providers.token";
    }
    ret->text = text;
    ret->signed_len = (size_t)(second - text);
    ret->header = part(arena, text, (size_t)(first - text));
    ret->claims = part(arena, first + 1, (size_t)(second - first - 1));
    ret->signature_len = crypto_base64url_read(second + 1, ret->signature, sizeof(ret->signature));
    return ret->header && ret->claims ? NULL : "providers.token";
}

static const char *check_header(const json_t *header)
{
    static const char *const never[] = {"jku", "jwk", "x5u", "x5c", "crit"};
    const char *algorithm = text_of(header, "alg");
    const json_t *kid = json_object_get(header, "kid");
    for (size_t i = 0; i < COUNT(never); i++) {
        if (json_object_get(header, never[i])) {
            return "providers.key";
        }
    }
    if (kid && !json_is_string(kid)) {
        return "providers.token";
    }
    return is(algorithm, "RS256") || is(algorithm, "ES256") || is(algorithm, "EdDSA")
               ? NULL
               : "providers.algorithm";
}

/* Seconds since 1970; -1 when it is missing or no such number. */
static int64_t moment(const json_t *claims, const char *name)
{
    const json_t *value = json_object_get(claims, name);
    double seconds = json_is_number(value) ? json_number_value(value) : -1;
    return seconds >= 0 && seconds < 1e11 ? (int64_t)seconds : -1;
}

/* It is for us, and when it is for others too, it says that it was given to us. */
static bool for_us(const json_t *claims, const char *client_id)
{
    const json_t *aud = json_object_get(claims, "aud"), *azp = json_object_get(claims, "azp");
    bool ours = is(json_string_value(aud), client_id);
    size_t count = json_array_size(aud);
    for (size_t i = 0; i < count; i++) {
        ours = ours || is(json_string_value(json_array_get(aud, i)), client_id);
    }
    return ours && (azp ? is(json_string_value(azp), client_id) : count <= 1);
}

static const char *check_times(const json_t *claims, const struct jwt_wanted *wanted)
{
    int64_t now = wanted->now_ms / 1000;
    int64_t ends = moment(claims, "exp"), made = moment(claims, "iat");
    if (ends < 0 || made < 0 || ends + JWT_SKEW_S <= now || made - JWT_SKEW_S > now ||
        made + JWT_AGE_S + JWT_SKEW_S < now || moment(claims, "nbf") - JWT_SKEW_S > now) {
        return "providers.expired";
    }
    if (wanted->fresh_ms > 0) {
        int64_t proved = moment(claims, "auth_time");
        if (proved + JWT_SKEW_S < wanted->fresh_ms / 1000 || proved - JWT_SKEW_S > now) {
            return "providers.stale";
        }
    }
    return NULL;
}

/* at_hash: the left half of the access token's hash; which hash, the algorithm says. */
static bool access_fits(const struct token *token, const char *access_token)
{
    const json_t *claim = json_object_get(token->claims, "at_hash");
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    char text[2 * EVP_MAX_MD_SIZE];
    if (!claim || !access_token) {
        return true;
    }
    const EVP_MD *digest = is(text_of(token->header, "alg"), "EdDSA") ? EVP_sha512() : EVP_sha256();
    if (EVP_Digest(access_token, strlen(access_token), hash, &len, digest, NULL) != 1) {
        return false;
    }
    crypto_base64url(hash, len / 2, text);
    return is(json_string_value(claim), text);
}

static const char *check_claims(const struct token *token, const struct jwt_wanted *wanted)
{
    const char *nonce = text_of(token->claims, "nonce"), *subject = text_of(token->claims, "sub");
    if (!is(text_of(token->claims, "iss"), wanted->issuer)) {
        return "providers.issuer";
    }
    if (!for_us(token->claims, wanted->client_id)) {
        return "providers.audience";
    }
    if (!nonce || strlen(nonce) != strlen(wanted->nonce) ||
        !crypto_equal(nonce, wanted->nonce, strlen(nonce))) {
        return "providers.nonce";
    }
    const char *wrong = check_times(token->claims, wanted);
    if (wrong) {
        return wrong;
    }
    if (!subject || !*subject || strlen(subject) > JWT_SUBJECT_MAX) {
        return "providers.token";
    }
    return access_fits(token, wanted->access_token) ? NULL : "providers.token";
}

static const char *check_signature(const struct token *token, const char *jwks)
{
    json_t *set = json_loads(jwks, JSON_REJECT_DUPLICATES, NULL);
    const char *wrong =
        token->signature_len <= 0
            ? "providers.signature"
            : jwk_verify(set, text_of(token->header, "alg"), text_of(token->header, "kid"),
                         token->text, token->signed_len, token->signature,
                         (size_t)token->signature_len);
    json_decref(set);
    return wrong;
}

static void let_go(void *what)
{
    struct token *token = what;
    json_decref(token->header);
    json_decref(token->claims);
}

const char *jwt_verify(struct arena *arena, const char *text, const char *jwks,
                       const struct jwt_wanted *wanted, const char **ret_subject)
{
    struct token token = {0};
    struct arena_hold hold;
    arena_hold(arena, &hold, let_go, &token);
    const char *wrong = take_apart(arena, text, &token);
    if (!wrong) {
        wrong = check_header(token.header);
    }
    if (!wrong) {
        wrong = check_signature(&token, jwks);
    }
    if (!wrong) {
        wrong = check_claims(&token, wanted);
    }
    if (!wrong) {
        const char *subject = text_of(token.claims, "sub");
        *ret_subject = arena_text(arena, subject, strlen(subject));
    }
    arena_drop(arena);
    return wrong;
}
