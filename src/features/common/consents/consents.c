#include "features/common/consents/consents.h"

#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/crypto.h"
#include "features/common/consents/consents_inner.h"
#include "store/store.h"

const struct consent_purpose consent_purposes[CONSENT_PURPOSES] = {
    {"marketing", "consents.marketing", true},
    {"performance", "consents.performance", true},
    {"parent.account", "consents.parent.account", false},
    {"parent.chat", "consents.parent.chat", false},
    {"parent.marketing", "consents.parent.marketing", false},
    {"parent.performance", "consents.parent.performance", false},
};

SQL(consents_last, "SELECT given, seq FROM consent WHERE account_id = $1 AND purpose = $2"
                   " ORDER BY seq DESC LIMIT 1");
COLUMNS(LAST_GIVEN, LAST_SEQ);
/* A parent's word counts while the parent has one (features/guardians). */
SQL(consents_parent,
    "SELECT given FROM consent WHERE account_id = $1 AND purpose = $2 AND EXISTS"
    " (SELECT 1 FROM guardian g WHERE g.account_id = $1) ORDER BY seq DESC LIMIT 1");
SQL(consents_insert, "INSERT INTO consent (account_id, purpose, seq, given, how, language,"
                     " text_hash, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
/* What other places read quickly; the proof is in `consent`. */
SQL(consents_mirror, "UPDATE account SET marketing = $2, marketing_at_ms = $3 WHERE id = $1");
SQL(consents_own,
    "SELECT purpose, given, how, language, text_hash, at_ms, seq FROM consent WHERE account_id = $1"
    " AND seq > (SELECT MAX(c.seq) FROM consent c WHERE c.account_id = $1"
    " AND c.purpose = consent.purpose) - 80 ORDER BY at_ms DESC, purpose, seq DESC LIMIT 500");
COLUMNS(CONSENT_PURPOSE, CONSENT_GIVEN, CONSENT_HOW, CONSENT_LANGUAGE, CONSENT_TEXT_HASH,
        CONSENT_AT_MS, CONSENT_SEQ);

const struct consent_purpose *consents_purpose(const char *name)
{
    for (size_t i = 0; i < CONSENT_PURPOSES; i++) {
        if (strcmp(consent_purposes[i].name, name) == 0) {
            return &consent_purposes[i];
        }
    }
    return NULL;
}

/* What a consent was given by is evidence: a word that is none of these proves nothing. */
static bool known_how(const char *how)
{
    static const char *const all[] = {"registration", "settings", "unsubscribe", "parent", "staff"};
    for (size_t i = 0; i < COUNT(all); i++) {
        if (strcmp(all[i], how) == 0) {
            return true;
        }
    }
    return false;
}

static void text_hash(const char *language, const struct consent_purpose *purpose,
                      uint8_t ret[HASH_BYTES])
{
    const char *text = catalogue_text(language, purpose->key);
    crypto_sha256(text, strlen(text), ret);
}

/* A parent was asked about it, and it is not allowed. */
static enum err check_parent(struct call *call, int64_t account_id, const char *purpose)
{
    struct rows rows;
    const char *part = arena_printf(call->arena, "parent.%s", purpose);
    TRY(store_run(call, &consents_parent, BIND(I64(account_id), TEXT(part)), &rows));
    return rows.count && row_i64(&rows, 0, ONLY) == 0
               ? call_fail(call, ERR_DENIED, "consents.parent_denied")
               : OK;
}

enum err consents_record(struct call *call, int64_t account_id, const char *purpose, bool given,
                         const char *how)
{
    return consents_record_in(call, call->actor.language, account_id, purpose, given, how);
}

enum err consents_record_in(struct call *call, const char *language, int64_t account_id,
                            const char *purpose, bool given, const char *how)
{
    const struct consent_purpose *row = consents_purpose(purpose);
    language = catalogue_language(language);
    uint8_t hash[HASH_BYTES];
    struct rows rows;
    ASSERT_CODE(row && known_how(how));
    if (given && row->own) {
        TRY(check_parent(call, account_id, purpose));
    }
    TRY(store_run(call, &consents_last, BIND(I64(account_id), TEXT(purpose)), &rows));
    int64_t seq = rows.count ? row_i64(&rows, 0, LAST_SEQ) + 1 : 1;
    text_hash(language, row, hash);
    TRY(store_run(call, &consents_insert,
                  BIND(I64(account_id), TEXT(purpose), I64(seq), I64(given), TEXT(how),
                       TEXT(language), BYTES(hash, HASH_BYTES), I64(call->now_ms)),
                  NULL));
    if (strcmp(purpose, "marketing") == 0) {
        return store_run(call, &consents_mirror,
                         BIND(I64(account_id), I64(given), I64(call->now_ms)), NULL);
    }
    return OK;
}

enum err consents_given(struct call *call, int64_t account_id, const char *purpose, bool *ret)
{
    struct rows rows;
    ASSERT_CODE(consents_purpose(purpose));
    TRY(store_run(call, &consents_last, BIND(I64(account_id), TEXT(purpose)), &rows));
    *ret = rows.count > 0 && row_i64(&rows, 0, LAST_GIVEN) != 0;
    return OK;
}

enum err consents_history(struct call *call, int64_t account_id, struct consent **ret,
                          size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(account_id);
    TRY(store_run(call, &consents_own, BIND(I64(account_id)), &rows));
    struct consent *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        const struct consent_purpose *purpose =
            consents_purpose(row_text(&rows, i, CONSENT_PURPOSE));
        const char *language = row_text(&rows, i, CONSENT_LANGUAGE);
        uint8_t now[HASH_BYTES] = {0};
        size_t len = 0;
        const uint8_t *then = row_bytes(&rows, i, CONSENT_TEXT_HASH, &len);
        if (purpose) {
            text_hash(language, purpose, now);
        }
        bool same = purpose && len == HASH_BYTES && memcmp(then, now, HASH_BYTES) == 0;
        all[i] = (struct consent){.purpose = row_text(&rows, i, CONSENT_PURPOSE),
                                  .given = row_i64(&rows, i, CONSENT_GIVEN) != 0,
                                  .how = row_text(&rows, i, CONSENT_HOW),
                                  .text = same ? catalogue_text(language, purpose->key) : NULL,
                                  .at_ms = row_i64(&rows, i, CONSENT_AT_MS),
                                  .seq = row_i64(&rows, i, CONSENT_SEQ)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}
