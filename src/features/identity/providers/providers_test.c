#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/identity/providers/providers.h"
#include "outside/outbound.h"

extern const struct feature accounts_feature, sessions_feature, providers_feature, invites_feature;

/*
 * A provider in this program: instead of the real outbound_ask, which would need a network.
 * The journeys over sockets ask real ones; here the clock can be turned.
 */
struct outbound {
    EVP_PKEY *key;
    const char *kid, *subject;
    char nonce[64];
    int64_t now_ms, auth_s;
    int discoveries, keys, tokens;
};
static struct outbound peer = {.kid = "one", .subject = "peer-7"};
static char device[640], session[640];

static const char *encoded(struct arena *arena, const void *bytes, size_t len)
{
    char *text = arena_alloc(arena, (len + 2) / 3 * 4 + 1);
    crypto_base64url(bytes, len, text);
    return text;
}

static const char *number(struct arena *arena, const char *name)
{
    BIGNUM *value = NULL;
    uint8_t bytes[1024];
    assert_int_equal(EVP_PKEY_get_bn_param(peer.key, name, &value), 1);
    int len = BN_bn2bin(value, bytes);
    BN_free(value);
    return encoded(arena, bytes, (size_t)len);
}

static const char *id_token(struct arena *arena)
{
    uint8_t signature[256];
    size_t len = sizeof(signature);
    int64_t now = peer.now_ms / 1000;
    const char *header = arena_printf(arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", peer.kid);
    const char *claims = arena_printf(
        arena,
        "{\"iss\":\"https://peer.example\",\"aud\":\"us\",\"sub\":\"%s\",\"nonce\":\"%s\","
        "\"iat\":%lld,\"exp\":%lld,\"auth_time\":%lld}",
        peer.subject, peer.nonce, (long long)now, (long long)now + 300,
        (long long)(peer.auth_s ? peer.auth_s : now));
    const char *text = arena_printf(arena, "%s.%s", encoded(arena, header, strlen(header)),
                                    encoded(arena, claims, strlen(claims)));
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, peer.key), 1);
    assert_int_equal(EVP_DigestSign(ctx, signature, &len, (const uint8_t *)text, strlen(text)), 1);
    EVP_MD_CTX_free(ctx);
    return arena_printf(arena, "%s.%s", text, encoded(arena, signature, len));
}

enum err outbound_ask(struct call *call, const struct outbound_request *request,
                      struct outbound_answer *ret)
{
    struct arena *arena = call->arena;
    assert_string_equal(request->recipient, "sign_in_provider");
    peer.now_ms = call->now_ms;
    ret->status = 200;
    if (strstr(request->url, "openid-configuration")) {
        peer.discoveries++;
        ret->body = "{\"issuer\":\"https://peer.example\",\"authorization_endpoint\":"
                    "\"https://peer.example/in\",\"token_endpoint\":\"https://peer.example/token\","
                    "\"jwks_uri\":\"https://peer.example/keys\"}";
    } else if (strstr(request->url, "/keys")) {
        peer.keys++;
        ret->body = arena_printf(
            arena, "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}]}",
            peer.kid, number(arena, OSSL_PKEY_PARAM_RSA_N), number(arena, OSSL_PKEY_PARAM_RSA_E));
    } else {
        peer.tokens++;
        ret->body = arena_printf(arena, "{\"id_token\":\"%s\"}", id_token(arena));
    }
    ret->len = strlen(ret->body);
    return OK;
}

static void keep(struct world *w, const char *name, char *ret, size_t cap)
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, name)) {
            snprintf(ret, cap, "%s=%s", w->last.cookies[i].name, w->last.cookies[i].value);
            return;
        }
    }
    fail_msg("no cookie %s: %d %s", name, w->last.status, w->last.body);
}

static void param(const char *url, const char *name, char *ret, size_t cap)
{
    const char *at = strstr(url, name);
    assert_non_null(at);
    at += strlen(name);
    snprintf(ret, cap, "%.*s", (int)strcspn(at, "&"), at);
}

/* Sets out; the browser has both cookies, when it is signed in. */
static int set_out(struct world *w, const char *what, char ret_state[64])
{
    char path[64];
    snprintf(path, sizeof(path), "/api/providers/peer/%s", what);
    w->cookie = *session ? session : NULL;
    int status = world_send(w, NOBODY, "POST", path, "{}");
    if (status == 201) {
        const char *url = world_field(w, "url");
        param(url, "state=", ret_state, 64);
        param(url, "nonce=", peer.nonce, sizeof(peer.nonce));
        keep(w, PROVIDERS_COOKIE, device, sizeof(device));
    }
    return status;
}

static int back(struct world *w, const char *state)
{
    static char both[1400];
    char json[256];
    snprintf(json, sizeof(json), "{\"state\":\"%s\",\"code\":\"c\"}", state);
    snprintf(both, sizeof(both), "%s%s%s", device, *session ? "; " : "", session);
    w->cookie = both;
    return world_send(w, NOBODY, "POST", "/api/providers/back", json);
}

static int trip(struct world *w, const char *what)
{
    char state[64];
    assert_int_equal(set_out(w, what, state), 201);
    return back(w, state);
}

static int registers(struct world *w, const char *name, const char *ticket)
{
    char json[512];
    snprintf(json, sizeof(json),
             "{\"avatar_name\":\"%s\",\"provider_ticket\":\"%s\",\"email\":\"k@example.org\","
             "\"birth_date\":\"1990-01-01\",\"country\":\"ID\",\"marketing\":false}",
             name, ticket);
    w->cookie = NULL;
    return world_send(w, NOBODY, "POST", "/api/accounts", json);
}

static void begin(struct world *w)
{
    static int64_t days; /* each test is a day later: what an earlier one has learnt is over */
    w->now_ms += ++days * TIME_DAY;
    free((char *)(uintptr_t)w->settings.public_url);
    w->settings.public_url = strdup("https://world.example");
    *session = *device = '\0';
    peer.subject = "peer-7";
    peer.auth_s = 0;
}

/* Kartika comes by the peer, and is signed in. */
static void arrives(struct world *w)
{
    char ticket[64];
    begin(w);
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_string_equal(world_field(w, "status"), "unknown");
    snprintf(ticket, sizeof(ticket), "%s", world_field(w, "ticket"));
    assert_int_equal(registers(w, "Kartika", ticket), 201);
    keep(w, SESSION_COOKIE, session, sizeof(session));
}

/* proves: REG-6a */
static void a_newcomer_registers_by_a_provider_and_comes_again(struct world *w)
{
    arrives(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM identity i JOIN account a ON a.id ="
                                    " i.account_id WHERE a.avatar_name = 'Kartika'"
                                    " AND a.password_hash IS NULL AND i.provider = 'peer'"),
                     1);
    *session = '\0';
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_string_equal(world_field(w, "status"), "in");
    keep(w, SESSION_COOKIE, session, sizeof(session));
    w->cookie = session;
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 200);
    assert_true(world_says(w, "Kartika"));
}

static void states_and_tickets_end_by_time(struct world *w)
{
    char state[64], ticket[64];
    begin(w);
    assert_int_equal(set_out(w, "sign-in", state), 201);
    int tokens = peer.tokens;
    w->now_ms += PROVIDERS_TRIP_MS;
    assert_int_equal(back(w, state), 404);
    assert_string_equal(world_code(w), "tickets.gone");
    assert_int_equal(peer.tokens, tokens);
    assert_int_equal(trip(w, "sign-in"), 200);
    snprintf(ticket, sizeof(ticket), "%s", world_field(w, "ticket"));
    w->now_ms += PROVIDERS_NEW_MS;
    assert_int_equal(registers(w, "Kartika", ticket), 404);
    assert_string_equal(world_code(w), "tickets.gone");
    assert_int_equal(world_count(w, "SELECT count(*) FROM identity"), 0);
}

static void the_list_contacts_nobody_and_what_is_learnt_is_kept_for_an_hour(struct world *w)
{
    begin(w);
    int discoveries = peer.discoveries, keys = peer.keys;
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/providers", NULL), 200);
    assert_true(world_says(w, "\"host\":\"peer.example\""));
    assert_int_equal(peer.discoveries, discoveries);
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_int_equal(trip(w, "sign-in"), 200);
    w->now_ms += PROVIDERS_LEARNT_MS - TIME_S;
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_int_equal(peer.discoveries, discoveries + 1);
    assert_int_equal(peer.keys, keys + 1);
    w->now_ms += TIME_S;
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_int_equal(peer.discoveries, discoveries + 2);
    assert_int_equal(peer.keys, keys + 2);
}

static void unknown_keys_are_asked_for_once_a_minute(struct world *w)
{
    begin(w);
    assert_int_equal(trip(w, "sign-in"), 200);
    int keys = peer.keys;
    peer.kid = "two";
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_int_equal(peer.keys, keys + 1);
    peer.kid = "three";
    assert_int_equal(trip(w, "sign-in"), 403);
    assert_string_equal(world_code(w), "providers.key");
    assert_int_equal(peer.keys, keys + 1);
    w->now_ms += PROVIDERS_AGAIN_MS;
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_int_equal(peer.keys, keys + 2);
}

static void linking_and_unlinking_want_a_fresh_proof_which_the_provider_can_give(struct world *w)
{
    char state[64];
    arrives(w);
    w->now_ms += API_PROOF_MS + 1;
    w->cookie = session;
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/me/providers/peer", NULL), 403);
    assert_string_equal(world_code(w), "api.prove");
    assert_int_equal(set_out(w, "link", state), 403);
    assert_string_equal(world_code(w), "api.prove");
    peer.auth_s = w->now_ms / 1000 - 600;
    assert_int_equal(trip(w, "prove"), 403);
    assert_string_equal(world_code(w), "providers.stale");
    peer.auth_s = 0;
    peer.subject = "somebody else";
    assert_int_equal(trip(w, "prove"), 409);
    assert_string_equal(world_code(w), "providers.other");
    peer.subject = "peer-7";
    assert_int_equal(trip(w, "prove"), 200);
    assert_string_equal(world_field(w, "status"), "proved");
    assert_int_equal(set_out(w, "link", state), 201);
    world_script(w, "INSERT INTO second_factor (account_id, since_ms) SELECT id, 1 FROM account"
                    " WHERE avatar_name = 'Kartika'");
    assert_int_equal(trip(w, "prove"), 403);
    assert_string_equal(world_code(w), "factors.way");
    *session = '\0';
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_string_equal(world_field(w, "status"), "second");
    assert_int_equal(world_field(w, "ticket")[0] != '\0', 1);
}

static void the_last_way_in_stays(struct world *w)
{
    arrives(w);
    w->cookie = session;
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/me/providers/peer", NULL), 409);
    assert_string_equal(world_code(w), "providers.last");
    world_script(w, "INSERT INTO passkey (id, account_id, credential_id, algorithm, public_key,"
                    " sign_count, verifies, syncable, synced, transports, label_ct, created_at_ms)"
                    " SELECT 1, id, key_look, -7, key_look, 0, 0, 0, 0, '', key_look, 0 FROM"
                    " (SELECT id, email_bi AS key_look FROM account WHERE avatar_name = 'Kartika')"
                    " AS one");
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/me/providers/peer", NULL), 409);
    world_script(w, "UPDATE passkey SET verifies = 1");
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/me/providers/peer", NULL), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM job WHERE kind = 'sessions.tell'"
                                    " AND payload LIKE '%providers.parted%'"),
                     1);
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/me/providers/peer", NULL), 404);
    *session = '\0';
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_string_equal(world_field(w, "status"), "unknown");
}

static void an_account_that_ended_is_not_entered_by_a_provider(struct world *w)
{
    arrives(w);
    *session = '\0';
    world_script(w, "UPDATE account SET state = 'ended' WHERE avatar_name = 'Kartika'");
    assert_int_equal(trip(w, "sign-in"), 403);
    assert_string_equal(world_code(w), "sessions.ended");
    world_script(w, "DELETE FROM account WHERE avatar_name = 'Kartika'");
    assert_int_equal(world_count(w, "SELECT count(*) FROM identity"), 0);
    assert_int_equal(trip(w, "sign-in"), 200);
    assert_string_equal(world_field(w, "status"), "unknown");
}

static void nothing_of_the_trip_stays(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT count(*) FROM ticket WHERE kind = 'providers.new'"), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM ticket WHERE kind = 'providers.state'"),
                     1);
}

static void whichever_statement_fails_the_trip_can_be_ended_again(struct world *w)
{
    char state[64], json[128];
    begin(w);
    assert_int_equal(set_out(w, "sign-in", state), 201);
    snprintf(json, sizeof(json), "{\"state\":\"%s\",\"code\":\"c\"}", state);
    w->cookie = device;
    world_faults(w, NOBODY, "POST", "/api/providers/back", json, nothing_of_the_trip_stays);
    assert_int_equal(world_count(w, "SELECT count(*) FROM ticket WHERE kind = 'providers.new'"), 1);
}

int main(void)
{
    static const char file[] = "{\"providers\":[{\"id\":\"peer\",\"name\":\"Peer\",\"issuer\":"
                               "\"https://peer.example\",\"client_id\":\"us\"}]}";
    char path[] = "/tmp/bauta-providers.XXXXXX", why[PROVIDERS_WHY_MAX] = "";
    int fd = mkstemp(path); /* for its owner alone */
    assert_true(fd >= 0 && write(fd, file, strlen(file)) == (ssize_t)strlen(file));
    close(fd);
    struct providers *providers = NULL;
    if (providers_open(path, false, 2, &providers, why) != OK) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    unlink(path);
    peer.key = EVP_RSA_gen(2048);
    const struct feature *const features_[] = {&accounts_feature, &sessions_feature,
                                               &invites_feature, &providers_feature, NULL};
    const struct world_options options = {
        .features = features_, .own_sign_in = true, .outbound = &peer, .providers = providers};
    const struct world_test tests[] = {
        WORLD_TEST(a_newcomer_registers_by_a_provider_and_comes_again),
        WORLD_TEST(states_and_tickets_end_by_time),
        WORLD_TEST(the_list_contacts_nobody_and_what_is_learnt_is_kept_for_an_hour),
        WORLD_TEST(unknown_keys_are_asked_for_once_a_minute),
        WORLD_TEST(linking_and_unlinking_want_a_fresh_proof_which_the_provider_can_give),
        WORLD_TEST(the_last_way_in_stays),
        WORLD_TEST(an_account_that_ended_is_not_entered_by_a_provider),
        WORLD_TEST(whichever_statement_fails_the_trip_can_be_ended_again),
    };
    int failed = world_run(&options, tests, COUNT(tests));
    providers_close(providers);
    EVP_PKEY_free(peer.key);
    return failed;
}
