#include "features/notify/mail/mail.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/time.h"
#include "call/feature.h"
#include "call/id.h"
#include "features/notify/mail/mail_inner.h"
#include "features/notify/mail/mail_topics.h"
#include "privacy/keys.h"
#include "store/store.h"

SQL(mail_account, "SELECT key_id, language, avatar_name FROM account WHERE id = $1");
COLUMNS(WHOSE_KEY_ID, WHOSE_LANGUAGE, WHOSE_AVATAR_NAME);
SQL(mail_verified, "SELECT email_verified FROM account WHERE id = $1");
SQL(mail_insert,
    "INSERT INTO mail (id, account_id, key_id, kind, topic, language, elsewhere, to_ct, values_ct,"
    " code_hash, state, rank, due_ms, ends_ms, created_ms, to_bi) VALUES ($1, $2, $3, $4, $5, $6,"
    " $7, $8, $9, $10, 'waiting', $11, $12, $13, $12, $14)");
/* sees: server - how much came to one address */
SQL(mail_to_one, "SELECT count(*) FROM mail WHERE to_bi = $1 AND created_ms > $2");
SQL(mail_drop_account, "DELETE FROM mail WHERE account_id = $1 AND state IN ('waiting', 'dead')");
SQL(mail_drop_key, "DELETE FROM mail WHERE key_id = $1 AND state IN ('waiting', 'dead')");

JSON_SHAPE(mail_value, "mail_value", struct mail_value, J_TEXT(struct mail_value, name, 1, 40),
           J_TEXT(struct mail_value, text, 0, MAIL_VALUE_MAX));
JSON_SHAPE_HERE(mail_words_shape, "mail_words", J_TEXT(struct mail_words, name, 0, 200),
                J_TEXT(struct mail_words, path, 0, MAIL_PATH_MAX, .flags = JSON_OPTIONAL),
                J_LIST(struct mail_words, values, mail_value, MAIL_VALUES_MAX));

/* Without 0, O, 1, I and L: it is read from a mail and typed. */
static const char letters[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

enum err mail_code(struct call *call, int64_t id, char ret_code[MAIL_CODE_LEN + 1],
                   uint8_t ret_hash[32])
{
    char text[24];
    uint8_t secret[HASH_BYTES];
    snprintf(text, sizeof(text), "%lld", (long long)id);
    TRY(keys_blind(call, "mail.code", text, secret));
    for (size_t i = 0; i < MAIL_CODE_LEN; i++) {
        ret_code[i] = letters[secret[i] % (sizeof(letters) - 1)];
        if (i % 5 == 4) {
            ret_code[i] = '-';
        }
    }
    ret_code[MAIL_CODE_LEN] = '\0';
    crypto_sha256(ret_code, MAIL_CODE_LEN, ret_hash);
    return OK;
}

enum err mail_proof(struct call *call, const char *context, const char *text,
                    char ret[MAIL_PROOF_LEN + 1])
{
    char all[HASH_BYTES * 2];
    uint8_t mac[HASH_BYTES];
    TRY(keys_blind(call, context, text, mac));
    crypto_base64url(mac, sizeof(mac), all);
    memcpy(ret, all, MAIL_PROOF_LEN);
    ret[MAIL_PROOF_LEN] = '\0';
    return OK;
}

enum err mail_to_account(struct call *call, int64_t account_id, struct mail_to *ret)
{
    struct rows rows;
    TRY(store_run(call, &mail_account, BIND(I64(account_id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    *ret = (struct mail_to){.account_id = account_id,
                            .key_id = row_i64(&rows, 0, WHOSE_KEY_ID),
                            .language = row_text(&rows, 0, WHOSE_LANGUAGE),
                            .name = row_text(&rows, 0, WHOSE_AVATAR_NAME)};
    return OK;
}

/* NULL: no feature has it. */
static const struct mail_kind *kind_of(const char *name)
{
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct mail_kind *row = (*feature)->mails; row && row->name; row++) {
            if (strcmp(row->name, name) == 0) {
                return row;
            }
        }
    }
    return NULL;
}

enum err mail_prepare(struct call *call, const struct mail_to *to, const char *kind,
                      const char *path, const struct mail_value *values, size_t count,
                      struct mail_draft *ret)
{
    char code[MAIL_CODE_LEN + 1];
    ASSERT_CODE(!call->tx && kind_of(kind));
    ASSERT_CODE(count <= MAIL_VALUES_MAX &&
                (!path || (*path == '/' && strlen(path) < MAIL_PATH_MAX)));
    struct mail_draft draft = {.id = id_new(call),
                               .account_id = to->account_id,
                               .key_id = to->key_id,
                               .kind = kind,
                               .language = to->language,
                               .email_bi = to->email_bi};
    const struct mail_words words = {.name = to->name ? to->name : "",
                                     .path = path,
                                     .values = {.items = values, .count = count}};
    struct buf json = {.arena = call->arena};
    json_write(&json, &mail_words_shape, &words);
    TRY(mail_code(call, draft.id, code, draft.code_hash));
    TRY(sealed_text(call, to->key_id, "mail.values_ct", json.at, &draft.values));
    if (to->email) {
        TRY(sealed_text(call, to->key_id, "mail.to_ct", to->email, &draft.to));
    }
    *ret = draft;
    return OK;
}

/* Is there an address for it, and does the member want it? */
static enum err welcome(struct call *call, const struct mail_draft *draft, const char *topic,
                        bool *ret)
{
    struct rows rows;
    *ret = true;
    if (!topic || !draft->account_id) {
        return OK;
    }
    TRY(store_run(call, &mail_verified, BIND(I64(draft->account_id)), &rows));
    if (rows.count == 0 || (!draft->to.at && row_i64(&rows, 0, ONLY) == 0)) {
        *ret = false;
        return OK;
    }
    return mail_wants(call, draft->account_id, topic, ret);
}

enum err mail_post(struct call *call, const struct mail_draft *draft)
{
    const struct mail_kind *kind = kind_of(draft->kind);
    bool wanted = false;
    ASSERT_CODE(call->tx && draft->values.at);
    ASSERT_CODE(kind && (kind->topic || !draft->topic)); /* what is necessary has no switch */
    const char *topic = draft->topic ? draft->topic : kind->topic;
    TRY(welcome(call, draft, topic, &wanted));
    if (!wanted) {
        return OK;
    }
    TRY(store_run(call, &mail_insert,
                  BIND(I64(draft->id), draft->account_id ? I64(draft->account_id) : NIL,
                       I64(draft->key_id), TEXT(draft->kind), TEXT(topic), TEXT(draft->language),
                       I64(draft->to.at != NULL), SEALED(draft->to), SEALED(draft->values),
                       BYTES(draft->code_hash, HASH_BYTES), I64(topic != NULL), I64(call->now_ms),
                       I64(call->now_ms + kind->life_ms),
                       draft->email_bi ? BYTES(draft->email_bi, HASH_BYTES) : NIL),
                  NULL));
    call_emit(call, EVENT_OUTBOX, 0, draft->id, NULL);
    return OK;
}

enum err mail_today(struct call *call, const uint8_t email_bi[32], int64_t *ret)
{
    struct rows rows;
    TRY(store_run(call, &mail_to_one,
                  BIND(BYTES(email_bi, HASH_BYTES), I64(call->now_ms - TIME_DAY)), &rows));
    *ret = row_i64(&rows, 0, ONLY);
    return OK;
}

enum err mail_drop(struct call *call, int64_t account_id, int64_t key_id)
{
    ASSERT_CODE(call->tx);
    if (account_id) {
        TRY(store_run(call, &mail_drop_account, BIND(I64(account_id)), NULL));
    }
    return key_id ? store_run(call, &mail_drop_key, BIND(I64(key_id)), NULL) : OK;
}
