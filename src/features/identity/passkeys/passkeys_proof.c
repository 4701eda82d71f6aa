#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "features/identity/passkeys/passkeys_inner.h"
#include "store/store.h"

/* sees: own - who holds the key's other half; the account comes to light by its proof only */
SQL(passkeys_by_id,
    "SELECT p.id, p.account_id, p.algorithm, p.public_key, p.sign_count, p.syncable, u.handle,"
    " a.key_id"
    " FROM passkey p JOIN passkey_user u ON u.account_id = p.account_id"
    " JOIN account a ON a.id = p.account_id WHERE p.credential_id = $1 AND (a.state <> 'ended'"
    " OR (a.end_reason IS NULL AND a.erase_at_ms IS NOT NULL))");
COLUMNS(PROOF_ID, PROOF_ACCOUNT_ID, PROOF_ALGORITHM, PROOF_PUBLIC_KEY, PROOF_SIGN_COUNT,
        PROOF_SYNCABLE, PROOF_HANDLE, PROOF_KEY_ID);
SQL(passkeys_used, "UPDATE passkey SET sign_count = $2, synced = $3, used_at_ms = $4"
                   " WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))");

enum err passkeys_find(struct call *call, const struct passkeys_proof *proof,
                       struct passkeys_found *ret)
{
    struct webauthn_bytes id;
    struct rows rows;
    size_t key_len = 0, handle_len = 0;
    if (!passkeys_bytes(call, proof->id, WEBAUTHN_ID_MAX, &id) || id.len == 0) {
        return OK; /* found by nobody; `judge` refuses */
    }
    TRY(store_run(call, &passkeys_by_id, BIND(BYTES(id.at, id.len)), &rows));
    if (rows.count == 0) {
        return OK;
    }
    const uint8_t *key = row_bytes(&rows, 0, PROOF_PUBLIC_KEY, &key_len);
    if (key_len > WEBAUTHN_KEY_MAX) {
        return ERR_BROKEN;
    }
    *ret = (struct passkeys_found){
        .id = row_i64(&rows, 0, PROOF_ID),
        .account_id = row_i64(&rows, 0, PROOF_ACCOUNT_ID),
        .key = {.algorithm = (enum webauthn_algorithm)row_i64(&rows, 0, PROOF_ALGORITHM),
                .len = key_len},
        .count = row_i64(&rows, 0, PROOF_SIGN_COUNT),
        .syncable = row_i64(&rows, 0, PROOF_SYNCABLE) != 0,
        .key_id = row_i64(&rows, 0, PROOF_KEY_ID),
    };
    memcpy(ret->key.bytes, key, key_len);
    ret->handle = row_bytes(&rows, 0, PROOF_HANDLE, &handle_len);
    return mail_to_account(call, ret->account_id, &ret->to);
}

/* To sign in, the passkey must say whose it is; where we asked for it by name it may. */
static bool user_fits(struct call *call, enum passkeys_purpose purpose, const char *said,
                      const struct passkeys_found *found)
{
    struct webauthn_bytes user;
    if (!said || !*said) {
        return purpose != PASSKEYS_IN;
    }
    return passkeys_bytes(call, said, PASSKEY_HANDLE_LEN, &user) &&
           user.len == PASSKEY_HANDLE_LEN && found->handle &&
           crypto_equal(user.at, found->handle, PASSKEY_HANDLE_LEN);
}

enum err passkeys_judge(struct call *call, enum passkeys_purpose purpose,
                        const struct passkeys_proof *wish, struct passkeys_found *found)
{
    struct webauthn_site site;
    struct webauthn_proof proof;
    ASSERT_CODE(!call->tx && purpose >= PASSKEYS_IN);
    TRY(passkeys_site(call, &site));
    bool known = found->id != 0;
    if (!known) {
        webauthn_nobody(&found->key);
    }
    bool good = passkeys_bytes(call, wish->client_data, WEBAUTHN_CLIENT_MAX, &proof.client) &&
                passkeys_bytes(call, wish->auth_data, WEBAUTHN_OBJECT_MAX, &proof.data) &&
                passkeys_bytes(call, wish->signature, WEBAUTHN_SIGNATURE_MAX, &proof.signature) &&
                webauthn_proved(&site, &proof, &found->key, passkeys_wants_verified(purpose),
                                found->challenge, &found->data);
    if (!good || !known || !user_fits(call, purpose, wish->user, found) ||
        ((found->data.flags & WEBAUTHN_SYNCABLE) != 0) != found->syncable) {
        return passkeys_refuse(call);
    }
    int64_t count = found->data.count;
    found->copied = (count || found->count) && count <= found->count;
    if (!found->copied) {
        return OK;
    }
    return mail_prepare(call, &found->to, "passkeys.copied", "/settings/sign-in", NULL, 0,
                        &found->mail);
}

enum err passkeys_use(struct call *call, enum passkeys_purpose purpose,
                      struct passkeys_found *found)
{
    struct ticket ticket;
    struct rows rows;
    /* A proof that `judge` let through: it found the key and read the challenge. */
    ASSERT_CODE(purpose >= PASSKEYS_IN && found->id && *found->challenge);
    TRY(passkeys_challenge(call, purpose, found->challenge, &ticket));
    if (purpose != PASSKEYS_IN && ticket.account_id != found->account_id) {
        return passkeys_refuse(call);
    }
    if (found->copied) {
        found->refused = true;
        return mail_post(call, &found->mail);
    }
    TRY(store_run(call, &passkeys_used,
                  BIND(I64(found->id), I64(found->data.count),
                       I64((found->data.flags & WEBAUTHN_SYNCED) != 0), I64(call->now_ms)),
                  &rows));
    return rows.changed ? OK : passkeys_refuse(call);
}
