#include "features/identity/passkeys/passkeys_inner.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "base/time.h"
#include "call/id.h"
#include "privacy/keys.h"
#include "store/store.h"

SQL(passkeys_handle, "SELECT handle FROM passkey_user WHERE account_id = $1");
SQL(passkeys_handle_add, "INSERT INTO passkey_user (account_id, handle) VALUES ($1, $2)");
SQL(passkeys_known_of, "SELECT credential_id, transports FROM passkey WHERE account_id = $1"
                       " ORDER BY id LIMIT $2");
COLUMNS(KNOWN_CREDENTIAL_ID, KNOWN_TRANSPORTS);
SQL(passkeys_count_of, "SELECT count(*) FROM passkey WHERE account_id = $1");
SQL(passkeys_insert,
    "INSERT INTO passkey (id, account_id, credential_id, algorithm, public_key, sign_count,"
    " verifies, syncable, synced, transports, label_ct, created_at_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    " ON CONFLICT (credential_id) DO NOTHING");
#define ROW \
    "SELECT id, synced, syncable, verifies, created_at_ms, used_at_ms, label_ct FROM passkey"
COLUMNS(PASSKEY_ID, PASSKEY_SYNCED, PASSKEY_SYNCABLE, PASSKEY_VERIFIES, PASSKEY_CREATED_AT_MS,
        PASSKEY_USED_AT_MS, PASSKEY_LABEL_CT);
SQL(passkeys_of, ROW " WHERE account_id = $1 ORDER BY id LIMIT $2");
SQL(passkeys_own, ROW " WHERE account_id = $1 AND id = $2");
SQL(passkeys_label, "UPDATE passkey SET label_ct = $3 WHERE account_id = $1 AND id = $2");
SQL(passkeys_delete, "DELETE FROM passkey WHERE account_id = $1 AND id = $2");
SQL(passkeys_delete_since, "DELETE FROM passkey WHERE account_id = $1 AND created_at_ms >= $2");
SQL(passkeys_other_way,
    "SELECT 1 FROM account a WHERE a.id = $1 AND (a.password_hash IS NOT NULL"
    " OR EXISTS (SELECT 1 FROM identity i WHERE i.account_id = a.id)"
    " OR EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = a.id AND p.id <> $2"
    " AND p.verifies = 1))");

static const struct {
    const char *ticket;
    const char *verification;
    bool makes;
} purposes[] = {
    /* A key without a PIN is still worth having beside a password. */
    [PASSKEYS_ADD] = {"passkeys.add", "preferred", true},
    [PASSKEYS_NEW] = {"passkeys.new", "required", true},
    [PASSKEYS_IN] = {"passkeys.in", "required", false},
    [PASSKEYS_SECOND] = {"passkeys.second", "preferred", false},
    [PASSKEYS_PROVE] = {"passkeys.prove", "required", false},
};

enum { CHALLENGE_MS = 5 * 60 * 1000 };
#define LABEL_CONTEXT "passkey.label_ct"

bool passkeys_wants_verified(enum passkeys_purpose purpose)
{
    ASSERT_CODE(purpose < COUNT(purposes));
    return strcmp(purposes[purpose].verification, "required") == 0;
}

enum err passkeys_refuse(struct call *call)
{
    return call_fail(call, ERR_DENIED, "passkeys.refused");
}

enum err passkeys_site(struct call *call, struct webauthn_site *ret)
{
    const char *host = call->origin.host ? call->origin.host : "";
    return webauthn_site(call->settings->public_url, host, call->origin.secure, ret)
               ? OK
               : call_fail(call, ERR_DENIED, "passkeys.no_place");
}

bool passkeys_bytes(struct call *call, const char *text, size_t most, struct webauthn_bytes *ret)
{
    size_t cap = strlen(text) / 4 * 3 + 3;
    uint8_t *bytes = arena_alloc(call->arena, cap);
    int len = crypto_base64url_read(text, bytes, cap);
    if (len < 0 || (size_t)len > most) {
        return false;
    }
    *ret = (struct webauthn_bytes){bytes, (size_t)len};
    return true;
}

static const char *text_of(struct call *call, const uint8_t *bytes, size_t len)
{
    char *text = arena_alloc(call->arena, (len + 2) / 3 * 4 + 1);
    crypto_base64url(bytes, len, text);
    return text;
}

/* ---- asking ---- */

enum err passkeys_prepare(struct call *call, struct passkeys_asked *ret)
{
    ASSERT_CODE(!call->tx);
    TRY(passkeys_site(call, &ret->site));
    tickets_prepare(&ret->ticket);
    crypto_random(ret->handle, sizeof(ret->handle));
    return OK;
}

static enum err handle_of(struct call *call, int64_t account_id, const uint8_t *fresh,
                          const char **ret)
{
    struct rows rows;
    size_t len = PASSKEY_HANDLE_LEN;
    TRY(store_run(call, &passkeys_handle, BIND(I64(account_id)), &rows));
    const uint8_t *handle = rows.count ? row_bytes(&rows, 0, ONLY, &len) : fresh;
    if (rows.count == 0) {
        TRY(store_run(call, &passkeys_handle_add,
                      BIND(I64(account_id), BYTES(fresh, PASSKEY_HANDLE_LEN)), NULL));
    }
    *ret = text_of(call, handle, len);
    return OK;
}

static enum err known_of(struct call *call, int64_t account_id, struct passkeys_options *ret)
{
    struct rows rows;
    TRY(store_run(call, &passkeys_known_of, BIND(I64(account_id), I64(PASSKEYS_MAX)), &rows));
    struct passkeys_known *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        size_t len = 0;
        const uint8_t *id = row_bytes(&rows, i, KNOWN_CREDENTIAL_ID, &len);
        all[i] =
            (struct passkeys_known){text_of(call, id, len), row_text(&rows, i, KNOWN_TRANSPORTS)};
    }
    JSON_LIST_SET(ret->keys, all, rows.count);
    return OK;
}

enum err passkeys_ask(struct call *call, enum passkeys_purpose purpose, int64_t account_id,
                      const struct passkeys_asked *asked, struct passkeys_options *ret)
{
    ASSERT_CODE(purpose < COUNT(purposes) && *asked->ticket.text);
    /* Where an account is known the ticket is good for it alone. */
    ASSERT_CODE(!account_id || (purpose != PASSKEYS_NEW && purpose != PASSKEYS_IN));
    ASSERT_CODE(account_id || (purpose != PASSKEYS_ADD && purpose != PASSKEYS_PROVE));
    struct ticket_facts facts = {
        .kind = purposes[purpose].ticket, .account_id = account_id, .life_ms = CHALLENGE_MS};
    if (account_id) {
        TRY(known_of(call, account_id, ret));
    }
    if (purpose == PASSKEYS_ADD) {
        TRY(handle_of(call, account_id, asked->handle, &ret->user));
    } else if (purpose == PASSKEYS_NEW) {
        ret->user = text_of(call, asked->handle, PASSKEY_HANDLE_LEN);
        facts.note = ret->user;
    }
    ret->challenge = arena_text(call->arena, asked->ticket.text, strlen(asked->ticket.text));
    ret->site = arena_text(call->arena, asked->site.id, strlen(asked->site.id));
    ret->site_name = call->settings->site_name;
    ret->verification = purposes[purpose].verification;
    return tickets_store(call, &asked->ticket, &facts);
}

enum err passkeys_challenge(struct call *call, enum passkeys_purpose purpose, const char *challenge,
                            struct ticket *ret)
{
    ASSERT_CODE(purpose < COUNT(purposes));
    enum err err = tickets_take(call, purposes[purpose].ticket, challenge, ret);
    return err == ERR_MISSING ? passkeys_refuse(call) : err;
}

/* ---- a new passkey ---- */

/* Those that we know, in our order; a browser may say anything. */
static const char *transports_of(struct call *call, const char *said)
{
    static const char *const known[] = {"internal", "hybrid", "usb", "nfc", "ble", "smart-card"};
    struct buf list = {.arena = call->arena};
    buf_puts(&list, "");
    for (size_t i = 0; said && i < COUNT(known); i++) {
        size_t len = strlen(known[i]);
        for (const char *at = said; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
            if (strcspn(at, " ") == len && memcmp(at, known[i], len) == 0) {
                buf_printf(&list, "%s%s", list.len ? " " : "", known[i]);
                break;
            }
        }
    }
    return list.at;
}

enum err passkeys_seal(struct call *call, int64_t key_id, const char *label, struct sealed *ret)
{
    return sealed_text(call, key_id, LABEL_CONTEXT, label, ret);
}

enum err passkeys_check(struct call *call, enum passkeys_purpose purpose, int64_t key_id,
                        const struct passkeys_new *wish, struct passkeys_made *ret)
{
    struct webauthn_site site;
    struct webauthn_bytes client, object;
    ASSERT_CODE(!call->tx && purpose < COUNT(purposes) && purposes[purpose].makes);
    TRY(passkeys_site(call, &site));
    if (!passkeys_bytes(call, wish->client_data, WEBAUTHN_CLIENT_MAX, &client) ||
        !passkeys_bytes(call, wish->attestation, WEBAUTHN_OBJECT_MAX, &object) ||
        !webauthn_made(&site, client, object, passkeys_wants_verified(purpose), ret->challenge,
                       &ret->data)) {
        return passkeys_refuse(call);
    }
    ret->transports = transports_of(call, wish->transports);
    return passkeys_seal(call, key_id, wish->label, &ret->label);
}

static enum err insert(struct call *call, int64_t id, int64_t account_id,
                       const struct passkeys_made *made)
{
    const struct webauthn_data *data = &made->data;
    struct rows rows;
    TRY(store_run(call, &passkeys_insert,
                  BIND(I64(id), I64(account_id), BYTES(data->id.at, data->id.len),
                       I64(data->key.algorithm), BYTES(data->key.bytes, data->key.len),
                       I64(data->count), I64((data->flags & WEBAUTHN_VERIFIED) != 0),
                       I64((data->flags & WEBAUTHN_SYNCABLE) != 0),
                       I64((data->flags & WEBAUTHN_SYNCED) != 0), TEXT(made->transports),
                       SEALED(made->label), I64(call->now_ms)),
                  &rows));
    return rows.changed == 1 ? OK : passkeys_refuse(call);
}

enum err passkeys_store(struct call *call, enum passkeys_purpose purpose, int64_t account_id,
                        const struct passkeys_made *made, int64_t *ret_id)
{
    struct ticket ticket;
    int64_t count = 0, id = id_new(call);
    ASSERT_CODE(purpose < COUNT(purposes) && purposes[purpose].makes);
    ASSERT_CODE(account_id && made->label.at && made->data.id.len);
    TRY(passkeys_challenge(call, purpose, made->challenge, &ticket));
    if (purpose == PASSKEYS_NEW) {
        uint8_t handle[PASSKEY_HANDLE_LEN];
        if (crypto_base64url_read(ticket.note, handle, sizeof(handle)) != PASSKEY_HANDLE_LEN) {
            return passkeys_refuse(call);
        }
        TRY(store_run(call, &passkeys_handle_add,
                      BIND(I64(account_id), BYTES(handle, sizeof(handle))), NULL));
    } else if (ticket.account_id != account_id) {
        return passkeys_refuse(call);
    }
    TRY(passkeys_count(call, account_id, &count));
    if (count >= PASSKEYS_MAX) {
        return call_fail(call, ERR_LIMIT, "passkeys.many");
    }
    TRY(insert(call, id, account_id, made));
    *ret_id = id;
    return OK;
}

/* ---- a member's own ---- */

static void read_one(const struct rows *rows, size_t row, int64_t key_id,
                     struct passkeys_passkey *ret)
{
    *ret = (struct passkeys_passkey){
        .id = row_i64(rows, row, PASSKEY_ID),
        .synced = row_i64(rows, row, PASSKEY_SYNCED) != 0,
        .syncable = row_i64(rows, row, PASSKEY_SYNCABLE) != 0,
        .verifies = row_i64(rows, row, PASSKEY_VERIFIES) != 0,
        .created_ms = row_i64(rows, row, PASSKEY_CREATED_AT_MS),
        .used_ms = row_i64(rows, row, PASSKEY_USED_AT_MS),
        .label_ct = sealed_read(rows, row, PASSKEY_LABEL_CT, key_id),
    };
}

enum err passkeys_list(struct call *call, struct passkeys_passkey **ret, size_t *ret_count)
{
    struct rows rows;
    int64_t key_id = 0;
    ASSERT_CODE(call->actor.id);
    TRY(sealed_own_key(call, &key_id));
    TRY(store_run(call, &passkeys_of, BIND(I64(call->actor.id), I64(PASSKEYS_MAX)), &rows));
    struct passkeys_passkey *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        read_one(&rows, i, key_id, &all[i]);
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err passkeys_one(struct call *call, int64_t id, struct passkeys_passkey *ret)
{
    struct rows rows;
    int64_t key_id = 0;
    ASSERT_CODE(call->actor.id);
    TRY(sealed_own_key(call, &key_id));
    TRY(store_run(call, &passkeys_own, BIND(I64(call->actor.id), I64(id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "passkeys.none");
    }
    read_one(&rows, 0, key_id, ret);
    return OK;
}

enum err passkeys_open(struct call *call, struct passkeys_passkey *all, size_t count)
{
    ASSERT_CODE(!call->tx);
    for (size_t i = 0; i < count; i++) {
        TRY(sealed_open(call, all[i].label_ct, LABEL_CONTEXT, &all[i].label));
    }
    return OK;
}

enum err passkeys_rename(struct call *call, int64_t id, struct sealed label)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id && label.at);
    TRY(store_run(call, &passkeys_label, BIND(I64(call->actor.id), I64(id), SEALED(label)), &rows));
    return rows.changed ? OK : call_fail(call, ERR_MISSING, "passkeys.none");
}

enum err passkeys_remove(struct call *call, int64_t id)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &passkeys_other_way, BIND(I64(call->actor.id), I64(id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_CONFLICT, "passkeys.last");
    }
    TRY(store_run(call, &passkeys_delete, BIND(I64(call->actor.id), I64(id)), &rows));
    return rows.changed ? OK : call_fail(call, ERR_MISSING, "passkeys.none");
}

enum err passkeys_count(struct call *call, int64_t account_id, int64_t *ret)
{
    struct rows rows;
    TRY(store_run(call, &passkeys_count_of, BIND(I64(account_id)), &rows));
    *ret = row_i64(&rows, 0, ONLY);
    return OK;
}

enum err passkeys_forget_since(struct call *call, int64_t account_id, int64_t since_ms)
{
    return store_run(call, &passkeys_delete_since, BIND(I64(account_id), I64(since_ms)), NULL);
}
