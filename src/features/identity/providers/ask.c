#include "features/identity/providers/ask.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/time.h"
#include "call/json.h"
#include "outside/outbound.h"

enum {
    ASK_MS = 5 * 1000,
    DISCOVERY_MAX = 64 * 1024,
    KEYS_MAX = 64 * 1024,
    TOKENS_MAX_ = 64 * 1024,
};

static const char recipient[] = "sign_in_provider";

static enum err away(struct call *call)
{
    return call_fail(call, ERR_BUSY, "providers.away");
}

/* One question.  Whatever keeps the answer from coming is one thing to the asker. */
static enum err ask(struct call *call, const struct outbound_request *request,
                    struct outbound_answer *ret)
{
    if (!call->outbound) {
        return away(call);
    }
    struct arena_hold hold;
    TRY(providers_begin(call));
    arena_hold(call->arena, &hold, providers_end, call->providers);
    enum err err = outbound_ask(call, request, ret);
    arena_drop(call->arena);
    return err == OK ? OK : away(call);
}

static enum err get(struct call *call, const char *url, size_t most, const char **ret)
{
    struct outbound_answer answer = {0};
    const struct outbound_request request = {
        .recipient = recipient,
        .method = "GET",
        .url = url,
        .headers = {"Accept: application/json"},
        .timeout_ms = ASK_MS,
        .answer_max = most,
    };
    TRY(ask(call, &request, &answer));
    if (answer.status != 200) {
        return away(call);
    }
    *ret = answer.body;
    return OK;
}

static json_t *object_of(const char *text)
{
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static const char *text_of(struct call *call, const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? arena_text(call->arena, text, strlen(text)) : NULL;
}

static bool lists(const json_t *json, const char *name, const char *wanted)
{
    const json_t *list = json_object_get(json, name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text && strcmp(text, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* The document must be about the issuer that the operator named, to the letter. */
static bool read_discovery(struct call *call, const struct provider *provider, const char *text,
                           struct ask_facts *ret)
{
    json_t *json = object_of(text);
    struct arena_hold hold;
    arena_hold(call->arena, &hold, json_release, json);
    const char *issuer = text_of(call, json, "issuer");
    bool good = issuer && strcmp(issuer, provider->issuer) == 0;
    *ret = (struct ask_facts){
        .authorization_endpoint = provider->authorization_endpoint
                                      ? provider->authorization_endpoint
                                      : text_of(call, json, "authorization_endpoint"),
        .token_endpoint = provider->token_endpoint ? provider->token_endpoint
                                                   : text_of(call, json, "token_endpoint"),
        .jwks_uri = provider->jwks_uri ? provider->jwks_uri : text_of(call, json, "jwks_uri"),
        .by_post =
            provider->token_auth
                ? strcmp(provider->token_auth, "post") == 0
                : lists(json, "token_endpoint_auth_methods_supported", "client_secret_post") &&
                      !lists(json, "token_endpoint_auth_methods_supported", "client_secret_basic"),
        .names_iss =
            json_is_true(json_object_get(json, "authorization_response_iss_parameter_supported")),
    };
    arena_drop(call->arena);
    return good && providers_url(call->providers, ret->authorization_endpoint) &&
           providers_url(call->providers, ret->token_endpoint) &&
           providers_url(call->providers, ret->jwks_uri);
}

enum err ask_facts(struct call *call, const struct provider *provider, struct ask_facts *ret)
{
    ASSERT_CODE(!call->tx);
    const char *text = providers_recall(call, provider, LEARNT_DISCOVERY);
    bool remembered = text != NULL;
    if (!remembered) {
        size_t len = strlen(provider->issuer);
        bool slash = provider->issuer[len - 1] == '/';
        const char *url = arena_printf(call->arena, "%.*s/.well-known/openid-configuration",
                                       (int)(len - slash), provider->issuer);
        TRY(get(call, url, DISCOVERY_MAX, &text));
    }
    if (!read_discovery(call, provider, text, ret)) {
        return away(call);
    }
    if (!remembered) {
        providers_learn(call, provider, LEARNT_DISCOVERY, text);
    }
    return OK;
}

enum err ask_keys(struct call *call, const struct provider *provider, const struct ask_facts *facts,
                  bool again, const char **ret)
{
    ASSERT_CODE(!call->tx && facts->jwks_uri);
    *ret = providers_recall(call, provider, LEARNT_KEYS);
    if (*ret && !(again && providers_again(call, provider))) {
        return OK;
    }
    TRY(get(call, facts->jwks_uri, KEYS_MAX, ret));
    json_t *json = object_of(*ret);
    bool good = json_is_array(json_object_get(json, "keys"));
    json_decref(json);
    if (!good) {
        return away(call);
    }
    providers_learn(call, provider, LEARNT_KEYS, *ret);
    return OK;
}

/* ---- forms ---- */

/* Only what RFC 3986 calls unreserved stays as it is. */
static void put_escaped(struct buf *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || strchr("-._~", *at);
        if (plain) {
            buf_put(out, at, 1);
        } else {
            const char three[] = {'%', hex[*at >> 4], hex[*at & 15]};
            buf_put(out, three, sizeof(three));
        }
    }
}

static void put_pair(struct buf *out, const char *name, const char *value)
{
    if (out->len > 0 && !strchr("?&", out->at[out->len - 1])) {
        buf_puts(out, "&");
    }
    buf_puts(out, name);
    buf_puts(out, "=");
    put_escaped(out, value);
}

const char *ask_url(struct call *call, const struct provider *provider,
                    const struct ask_facts *facts, const struct ask_trip *trip)
{
    uint8_t hash[HASH_BYTES];
    char challenge[64];
    struct buf url = {.arena = call->arena};
    crypto_sha256(trip->verifier, strlen(trip->verifier), hash);
    crypto_base64url(hash, sizeof(hash), challenge);
    buf_puts(&url, facts->authorization_endpoint);
    buf_puts(&url, strchr(facts->authorization_endpoint, '?') ? "&" : "?");
    put_pair(&url, "response_type", "code");
    put_pair(&url, "client_id", provider->client_id);
    put_pair(&url, "redirect_uri", trip->back);
    put_pair(&url, "scope", provider->scopes);
    put_pair(&url, "state", trip->state);
    put_pair(&url, "nonce", trip->nonce);
    put_pair(&url, "code_challenge", challenge);
    put_pair(&url, "code_challenge_method", "S256");
    if (trip->again) {
        put_pair(&url, "prompt", "login");
        put_pair(&url, "max_age", "0");
    }
    return url.at;
}

/* RFC 6749, 2.3.1: both halves are form-encoded before base64. */
static const char *basic(struct call *call, const struct provider *provider)
{
    struct buf pair = {.arena = call->arena};
    put_escaped(&pair, provider->client_id);
    buf_puts(&pair, ":");
    put_escaped(&pair, provider->client_secret);
    unsigned char *text = arena_alloc(call->arena, (pair.len + 2) / 3 * 4 + 1);
    EVP_EncodeBlock(text, (const unsigned char *)pair.at, (int)pair.len);
    return arena_printf(call->arena, "Authorization: Basic %s", (const char *)text);
}

static enum err read_tokens(struct call *call, const struct outbound_answer *answer,
                            struct ask_tokens *ret)
{
    if (answer->status >= 400 && answer->status < 500 && answer->status != 429) {
        return call_fail(call, ERR_DENIED, "providers.code");
    }
    json_t *json = answer->status == 200 ? object_of(answer->body) : NULL;
    struct arena_hold hold;
    arena_hold(call->arena, &hold, json_release, json);
    ret->id_token = text_of(call, json, "id_token");
    ret->access_token = text_of(call, json, "access_token");
    arena_drop(call->arena);
    return ret->id_token ? OK : away(call);
}

enum err ask_tokens(struct call *call, const struct provider *provider,
                    const struct ask_facts *facts, const struct ask_trip *trip, const char *code,
                    struct ask_tokens *ret)
{
    ASSERT_CODE(!call->tx && code);
    struct outbound_answer answer = {0};
    struct buf body = {.arena = call->arena};
    bool secret = provider->client_secret != NULL, by_head = secret && !facts->by_post;
    put_pair(&body, "grant_type", "authorization_code");
    put_pair(&body, "code", code);
    put_pair(&body, "redirect_uri", trip->back);
    put_pair(&body, "code_verifier", trip->verifier);
    if (!by_head) {
        put_pair(&body, "client_id", provider->client_id);
    }
    if (secret && !by_head) {
        put_pair(&body, "client_secret", provider->client_secret);
    }
    const struct outbound_request request = {
        .recipient = recipient,
        .method = "POST",
        .url = facts->token_endpoint,
        .headers = {"Accept: application/json", "Content-Type: application/x-www-form-urlencoded",
                    by_head ? basic(call, provider) : NULL},
        .body = body.at,
        .body_len = body.len,
        .timeout_ms = ASK_MS,
        .answer_max = TOKENS_MAX_,
    };
    TRY(ask(call, &request, &answer));
    return read_tokens(call, &answer, ret);
}
