#include "features/identity/providers/providers.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "call/id.h"
#include "call/json.h"
#include "features/identity/alerts/alerts.h"
#include "features/identity/factors/factors.h"
#include "features/identity/providers/jwt.h"
#include "privacy/keys.h"
#include "store/store.h"

/* sees: own - whoever the provider says this is */
SQL(providers_by_subject, "SELECT i.account_id, a.key_id FROM identity i"
                          " JOIN account a ON a.id = i.account_id WHERE i.subject_bi = $1");
COLUMNS(BY_SUBJECT_ACCOUNT_ID, BY_SUBJECT_KEY_ID);
SQL(providers_insert, "INSERT INTO identity (id, account_id, provider, subject_bi, subject_ct,"
                      " created_at_ms, used_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $6)"
                      " ON CONFLICT DO NOTHING");
SQL(providers_used, "UPDATE identity SET used_at_ms = $2 WHERE subject_bi = $1");

static const char *const purposes[] = {"sign_in", "link", "prove"};

/* ---- setting out ---- */

/* The address that the provider sends the browser back to; it is registered there, letter by
 * letter. */
static const char *back_of(struct call *call)
{
    const char *base = call->settings->public_url;
    if (base && *base) {
        return arena_printf(call->arena, "%s" PROVIDERS_BACK, base);
    }
    const char *port = strrchr(call->settings->listen, ':');
    return arena_printf(call->arena, "http://localhost%s" PROVIDERS_BACK, port ? port : "");
}

/* Only this browser with this state can make it again. */
static const char *made_from(struct call *call, const char *what, const char *cookie,
                             const char *state)
{
    uint8_t key[HASH_BYTES], mac[HASH_BYTES];
    char *text = arena_alloc(call->arena, TICKET_TEXT_MAX);
    const char *message = arena_printf(call->arena, "%s %s", what, state);
    crypto_sha256(cookie, strlen(cookie), key);
    crypto_hmac(key, message, strlen(message), mac);
    crypto_base64url(mac, sizeof(mac), text);
    crypto_wipe(key, sizeof(key));
    return text;
}

static void fill_trip(struct call *call, const char *cookie, const char *state,
                      struct ask_trip *ret)
{
    ret->state = state;
    ret->nonce = made_from(call, "nonce", cookie, state);
    ret->verifier = made_from(call, "verifier", cookie, state);
    ret->back = back_of(call);
}

static const char *binding_of(struct call *call, const char *cookie)
{
    uint8_t hash[HASH_BYTES];
    char *text = arena_alloc(call->arena, 2 * HASH_BYTES + 1);
    const char *message = arena_printf(call->arena, "bauta provider browser %s", cookie);
    crypto_sha256(message, strlen(message), hash);
    crypto_hex(hash, sizeof(hash), text);
    return text;
}

/* One cookie serves several trips, so that two tabs do not disturb each other. */
static const char *cookie_of(struct call *call)
{
    uint8_t secret[SECRET_LEN];
    char text[TICKET_TEXT_MAX];
    const char *old = call_cookie_read(call, PROVIDERS_COOKIE);
    if (old && strlen(old) < sizeof(text) &&
        crypto_base64url_read(old, secret, sizeof(secret)) == SECRET_LEN) {
        return old;
    }
    crypto_random(secret, sizeof(secret));
    crypto_base64url(secret, sizeof(secret), text);
    return arena_text(call->arena, text, strlen(text));
}

enum err providers_set_out(struct call *call, const struct providers_wish *wish,
                           enum providers_purpose purpose, struct providers_start *start,
                           const char **ret_url)
{
    const struct provider *provider = providers_named(call->providers, wish->provider);
    struct ask_facts facts;
    struct ask_trip trip = {.again = purpose == PROVIDERS_PROVE};
    ASSERT_CODE(!call->tx && purpose < COUNT(purposes));
    ASSERT_CODE(purpose == PROVIDERS_SIGN_IN || call->actor.id);
    if (!provider) {
        return call_fail(call, ERR_MISSING, "providers.none");
    }
    TRY(ask_facts(call, provider, &facts));
    tickets_prepare(&start->ticket);
    start->cookie = cookie_of(call);
    start->account_id = purpose == PROVIDERS_SIGN_IN ? 0 : call->actor.id;
    start->note = arena_printf(
        call->arena,
        "{\"provider\":\"%s\",\"purpose\":\"%s\",\"remember\":%s,\"reopen\":%s,\"binding\":\"%s\"}",
        provider->id, purposes[purpose], wish->remember ? "true" : "false",
        wish->reopen ? "true" : "false", binding_of(call, start->cookie));
    fill_trip(call, start->cookie, start->ticket.text, &trip);
    *ret_url = ask_url(call, provider, &facts, &trip);
    call_cookie(call, PROVIDERS_COOKIE, start->cookie, PROVIDERS_NEW_MS / 1000);
    return OK;
}

enum err providers_set_out_apply(struct call *call, const struct providers_start *start)
{
    ASSERT_CODE(start->note && *start->ticket.text);
    const struct ticket_facts facts = {.kind = PROVIDERS_STATE,
                                       .account_id = start->account_id,
                                       .note = start->note,
                                       .life_ms = PROVIDERS_TRIP_MS};
    return tickets_store(call, &start->ticket, &facts);
}

/* ---- coming back ---- */

static const char *text_of(struct call *call, const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return arena_text(call->arena, text ? text : "", text ? strlen(text) : 0);
}

static void read_note(struct call *call, const char *note, struct providers_trip *trip)
{
    json_t *json = json_loads(note, 0, NULL);
    struct arena_hold hold;
    arena_hold(call->arena, &hold, json_release, json);
    const char *purpose = text_of(call, json, "purpose");
    trip->provider_id = text_of(call, json, "provider");
    trip->binding = text_of(call, json, "binding");
    trip->remember = json_is_true(json_object_get(json, "remember"));
    trip->reopen = json_is_true(json_object_get(json, "reopen"));
    trip->purpose = PROVIDERS_SIGN_IN;
    for (size_t i = 0; i < COUNT(purposes); i++) {
        if (strcmp(purpose, purposes[i]) == 0) {
            trip->purpose = (enum providers_purpose)i;
        }
    }
    arena_drop(call->arena);
}

enum err providers_back_look(struct call *call, const struct providers_back *in,
                             struct providers_trip *trip)
{
    TRY(tickets_see(call, PROVIDERS_STATE, in->state, &trip->ticket));
    read_note(call, trip->ticket.note, trip);
    if (trip->ticket.account_id) {
        TRY(sealed_key_of(call, trip->ticket.account_id, &trip->key_id));
    }
    return OK;
}

/* Over the issuer and not our own name for it: a renamed row must not open another's accounts. */
static enum err blind(struct call *call, const struct provider *provider, const char *subject,
                      uint8_t ret[HASH_BYTES])
{
    const char *text = arena_printf(call->arena, "%s %s", provider->issuer, subject);
    return keys_blind(call, "identity.subject", text, ret);
}

/* The key to what the ticket says of somebody unknown: its text, which is nowhere stored. */
static void new_key(const char *ticket, struct arena *arena, uint8_t ret[KEY_BYTES])
{
    const char *text = arena_printf(arena, "bauta provider subject %s", ticket);
    crypto_sha256(text, strlen(text), ret);
}

static const char *new_note(struct call *call, const struct provider *provider, const char *subject,
                            const char *ticket)
{
    uint8_t key[KEY_BYTES], sealed[JWT_SUBJECT_MAX + SEAL_EXTRA];
    char text[(JWT_SUBJECT_MAX + SEAL_EXTRA + 2) / 3 * 4 + 1];
    size_t len = strlen(subject);
    ASSERT_CODE(len <= JWT_SUBJECT_MAX);
    new_key(ticket, call->arena, key);
    crypto_seal(key, PROVIDERS_NEW, subject, len, sealed);
    crypto_base64url(sealed, len + SEAL_EXTRA, text);
    crypto_wipe(key, sizeof(key));
    return arena_printf(call->arena, "{\"provider\":\"%s\",\"subject\":\"%s\"}", provider->id,
                        text);
}

/* The ID token, with keys fetched once more when it names one that we do not know. */
static enum err verify(struct call *call, const struct providers_trip *trip,
                       const struct ask_facts *facts, const char *id_token,
                       const struct jwt_wanted *wanted, const char **ret_subject,
                       const char **ret_fault)
{
    const char *keys = NULL;
    TRY(ask_keys(call, trip->provider, facts, false, &keys));
    *ret_fault = jwt_verify(call->arena, id_token, keys, wanted, ret_subject);
    if (*ret_fault && strcmp(*ret_fault, "providers.key") == 0) {
        TRY(ask_keys(call, trip->provider, facts, true, &keys));
        *ret_fault = jwt_verify(call->arena, id_token, keys, wanted, ret_subject);
    }
    return OK;
}

/* Who it is.  What the provider itself got wrong is a fault, not an error: the trip is over. */
static enum err ask_who(struct call *call, const struct providers_back *in, const char *cookie,
                        struct providers_trip *trip, const char **ret_subject)
{
    struct ask_facts facts;
    struct ask_tokens tokens = {0};
    struct ask_trip ask = {0};
    if (in->error) {
        trip->fault = "providers.cancelled";
        return OK;
    }
    TRY(ask_facts(call, trip->provider, &facts));
    bool named = in->iss && strcmp(in->iss, trip->provider->issuer) == 0;
    if ((in->iss || facts.names_iss) && !named) {
        trip->fault = "providers.issuer";
        return OK;
    }
    fill_trip(call, cookie, in->state, &ask);
    enum err err = ask_tokens(call, trip->provider, &facts, &ask, in->code, &tokens);
    if (err == ERR_DENIED) {
        trip->fault = call->fail_code;
        return OK;
    }
    TRY(err);
    const struct jwt_wanted wanted = {
        .issuer = trip->provider->issuer,
        .client_id = trip->provider->client_id,
        .nonce = ask.nonce,
        .access_token = tokens.access_token,
        .now_ms = call->now_ms,
        .fresh_ms = trip->purpose == PROVIDERS_PROVE ? trip->ticket.created_ms : 0,
    };
    return verify(call, trip, &facts, tokens.id_token, &wanted, ret_subject, &trip->fault);
}

enum err providers_back_prepare(struct call *call, const struct providers_back *in,
                                struct providers_trip *trip)
{
    const char *cookie = call_cookie_read(call, PROVIDERS_COOKIE), *subject = NULL;
    const size_t hex_len = (size_t)2 * HASH_BYTES;
    bool ours = cookie && strlen(trip->binding) == hex_len &&
                crypto_equal(binding_of(call, cookie), trip->binding, hex_len);
    bool same = trip->purpose == PROVIDERS_SIGN_IN ||
                (call->actor.id == trip->ticket.account_id && !call->actor.by_token);
    ASSERT_CODE(!call->tx);
    if (!ours || !same) {
        return call_fail(call, ERR_DENIED, "providers.browser");
    }
    trip->provider = providers_named(call->providers, trip->provider_id);
    if (!trip->provider) {
        return call_fail(call, ERR_MISSING, "providers.none");
    }
    if (!in->error && !in->code) {
        return call_fail_field(call, ERR_INVALID, "input.missing", "code");
    }
    TRY(ask_who(call, in, cookie, trip, &subject));
    if (trip->fault) {
        return OK;
    }
    ASSERT_CODE(subject);
    TRY(blind(call, trip->provider, subject, trip->subject_bi));
    if (trip->purpose == PROVIDERS_LINK) {
        return sealed_text(call, trip->key_id, "identity.subject_ct", subject, &trip->subject_ct);
    }
    sessions_prepare(call, trip->remember, &trip->session);
    trip->session.proof = PROOF_PROVIDER;
    trip->session.reopen = trip->reopen;
    tickets_prepare(&trip->fresh);
    trip->fresh_note = new_note(call, trip->provider, subject, trip->fresh.text);
    return OK;
}

static enum err find(struct call *call, const uint8_t subject_bi[HASH_BYTES], int64_t *ret_account,
                     int64_t *ret_key_id)
{
    struct rows rows;
    TRY(store_run(call, &providers_by_subject, BIND(BYTES(subject_bi, HASH_BYTES)), &rows));
    *ret_account = rows.count ? row_i64(&rows, 0, BY_SUBJECT_ACCOUNT_ID) : 0;
    *ret_key_id = rows.count ? row_i64(&rows, 0, BY_SUBJECT_KEY_ID) : 0;
    return OK;
}

enum err providers_back_look_again(struct call *call, struct providers_trip *trip)
{
    bool in = trip->purpose == PROVIDERS_SIGN_IN && !trip->fault;
    return in ? find(call, trip->subject_bi, &trip->owner, &trip->key_id) : OK;
}

enum err providers_back_prepare_again(struct call *call, struct providers_trip *trip)
{
    ASSERT_CODE(!call->tx);
    return trip->owner ? sessions_place(call, trip->key_id, &trip->session) : OK;
}

static enum err arrive(struct call *call, int64_t account_id, struct providers_trip *trip,
                       struct providers_arrived *ret)
{
    struct sessions_arrival arrival = {0};
    if (account_id != trip->owner) { /* linked anew meanwhile: the town is sealed for another */
        trip->session.place = (struct sealed){0};
    }
    TRY(sessions_arrive(call, account_id, &trip->session, &arrival));
    trip->has_session = arrival.id != NULL;
    ret->status = trip->has_session ? "in" : "second";
    ret->ticket = arrival.ticket;
    ret->ways = arrival.ways;
    return OK;
}

static enum err welcome(struct call *call, const struct providers_trip *trip,
                        struct providers_arrived *ret)
{
    const struct ticket_facts facts = {
        .kind = PROVIDERS_NEW, .note = trip->fresh_note, .life_ms = PROVIDERS_NEW_MS};
    ret->status = "unknown";
    ret->ticket = trip->fresh.text;
    return tickets_store(call, &trip->fresh, &facts);
}

/* Whose it is instead is not said. */
static enum err link_it(struct call *call, const struct providers_trip *trip, int64_t owner,
                        struct providers_arrived *ret)
{
    const struct providers_row row = {
        .account_id = call->actor.id,
        .provider = trip->provider->id,
        .subject_bi = trip->subject_bi,
        .subject_ct = trip->subject_ct,
    };
    ret->status = "linked";
    if (owner == call->actor.id) {
        return OK;
    }
    if (owner) {
        return call_fail(call, ERR_CONFLICT, "providers.taken");
    }
    TRY(providers_link(call, &row));
    return alert_owner(call, "providers.joined", call->actor.id, call->actor.session_id);
}

/* With two steps on, the first alone proves nothing to a session that has not passed both. */
static enum err prove(struct call *call, int64_t owner, struct providers_arrived *ret)
{
    struct factors_facts facts;
    if (owner != call->actor.id) {
        return call_fail(call, ERR_CONFLICT, "providers.other");
    }
    TRY(factors_read(call, call->actor.id, &facts));
    if (!strstr(factors_proof_ways(call, &facts), "provider")) {
        return call_fail(call, ERR_DENIED, "factors.way");
    }
    ret->status = "proved";
    return factors_proved(call, PROOF_PROVIDER);
}

enum err providers_back_apply(struct call *call, const struct providers_back *in,
                              struct providers_trip *trip, struct providers_arrived *ret)
{
    struct ticket ticket;
    int64_t owner = 0, key_id = 0;
    ASSERT_CODE(trip->provider);
    ASSERT_CODE(trip->fault || trip->purpose != PROVIDERS_LINK || trip->subject_ct.at);
    TRY(tickets_take(call, PROVIDERS_STATE, in->state, &ticket));
    ret->provider = trip->provider->id;
    ret->name = trip->provider->name;
    ret->status = "in";
    if (trip->fault) {
        return OK;
    }
    TRY(find(call, trip->subject_bi, &owner, &key_id));
    if (owner) {
        TRY(store_run(call, &providers_used,
                      BIND(BYTES(trip->subject_bi, HASH_BYTES), I64(call->now_ms)), NULL));
    }
    switch (trip->purpose) {
    case PROVIDERS_LINK:
        return link_it(call, trip, owner, ret);
    case PROVIDERS_PROVE:
        return prove(call, owner, ret);
    case PROVIDERS_SIGN_IN:
        break;
    }
    return owner ? arrive(call, owner, trip, ret) : welcome(call, trip, ret);
}

enum err providers_back_finish(struct call *call, const struct providers_trip *trip)
{
    if (trip->fault) {
        return call_fail(call, ERR_DENIED, trip->fault);
    }
    if (trip->has_session) {
        sessions_cookie(call, &trip->session);
    }
    return OK;
}

/* ---- registering ---- */

static enum err join_read(struct call *call, const char *text, const struct ticket *ticket,
                          struct providers_join *ret)
{
    uint8_t key[KEY_BYTES], sealed[JWT_SUBJECT_MAX + SEAL_EXTRA];
    json_t *json = json_loads(ticket->note, 0, NULL);
    struct arena_hold hold;
    arena_hold(call->arena, &hold, json_release, json);
    int len = crypto_base64url_read(text_of(call, json, "subject"), sealed, sizeof(sealed));
    ret->provider_id = text_of(call, json, "provider");
    arena_drop(call->arena);
    if (len <= SEAL_EXTRA) {
        return ERR_BROKEN;
    }
    char *subject = arena_alloc(call->arena, (size_t)len);
    new_key(text, call->arena, key);
    TRY(crypto_open(key, PROVIDERS_NEW, sealed, (size_t)len, (uint8_t *)subject));
    ret->subject = subject;
    return OK;
}

enum err providers_join_look(struct call *call, const char *text, struct providers_join *ret)
{
    struct ticket ticket;
    TRY(tickets_see(call, PROVIDERS_NEW, text, &ticket));
    return join_read(call, text, &ticket, ret);
}

enum err providers_join_prepare(struct call *call, int64_t key_id, struct providers_join *join)
{
    const struct provider *provider = providers_named(call->providers, join->provider_id);
    ASSERT_CODE(!call->tx && join->subject);
    if (!provider) {
        return call_fail(call, ERR_MISSING, "providers.none");
    }
    TRY(blind(call, provider, join->subject, join->subject_bi));
    return sealed_text(call, key_id, "identity.subject_ct", join->subject, &join->subject_ct);
}

enum err providers_join_apply(struct call *call, const char *text, int64_t account_id,
                              const struct providers_join *join)
{
    struct ticket ticket;
    const struct providers_row row = {
        .account_id = account_id,
        .provider = join->provider_id,
        .subject_bi = join->subject_bi,
        .subject_ct = join->subject_ct,
    };
    ASSERT_CODE(account_id && join->subject_ct.at);
    TRY(tickets_take(call, PROVIDERS_NEW, text, &ticket));
    return providers_link(call, &row);
}

enum err providers_link(struct call *call, const struct providers_row *row)
{
    struct rows rows;
    TRY(store_run(call, &providers_insert,
                  BIND(I64(id_new(call)), I64(row->account_id), TEXT(row->provider),
                       BYTES(row->subject_bi, HASH_BYTES), SEALED(row->subject_ct),
                       I64(call->now_ms)),
                  &rows));
    if (rows.changed > 0) {
        return OK;
    }
    int64_t owner = 0, key_id = 0;
    TRY(find(call, row->subject_bi, &owner, &key_id));
    return call_fail(call, ERR_CONFLICT, owner ? "providers.taken" : "providers.linked");
}
