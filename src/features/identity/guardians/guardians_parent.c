#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "call/id.h"
#include "features/identity/guardians/guardians_inner.h"
#include "privacy/keys.h"
#include "sandbox/sandbox.h"
#include "store/queue.h"

/* sees: own - whoever holds the parent's link */
SQL(guardians_linked, GUARDIANS_COLS " WHERE (g.link_hash = $1 OR g.id = (SELECT l.guardian_id FROM"
                                     " guardian_link l WHERE l.hash = $1))"
                                     " AND (g.ends_at_ms IS NULL OR g.ends_at_ms > $2"
                                     " OR g.account_id IS NOT NULL)");
SQL(guardians_child_seen, "UPDATE guardian SET child_here = 1 WHERE id = $1 AND child_here = 0");
/* sees: server - was it noted before */
SQL(guardians_step_first, "SELECT 1 FROM guardian_step WHERE guardian_id = $1 AND what = $2"
                          " LIMIT 1");
SQL(guardians_answered,
    "UPDATE guardian SET method = COALESCE($2, method), allow_chat = $3, allow_marketing = $4,"
    " allow_performance = $5, words = $6, words_hash = $7, when_ct = $8, upload_hash = $9,"
    " upload_ends_ms = $10, answered_at_ms = " GUARDIANS_ANSWERED("$11") " WHERE id = $1");
/* Staff's turn: they have as long as the parent had. */
SQL(guardians_turn, "UPDATE guardian SET state = 'proving', ends_at_ms = $2 WHERE id = $1"
                    " AND state IN ('asked', 'proving')");
/* sees: own - whoever was given this upload */
SQL(guardians_uploading, GUARDIANS_COLS " WHERE g.upload_hash = $1 AND g.upload_ends_ms > $2"
                                        " AND g.state IN ('asked', 'proving')"
                                        " AND g.ends_at_ms > $2");
SQL(guardians_uploaded, "UPDATE guardian SET page_key_id = $2, upload_hash = NULL,"
                        " upload_ends_ms = NULL, answered_at_ms = " GUARDIANS_ANSWERED(
                            "$4") " WHERE id = $1 AND upload_hash = $3");
SQL(guardians_pages_drop, "DELETE FROM guardian_page WHERE guardian_id = $1");
SQL(guardians_page_add, "INSERT INTO guardian_page (guardian_id, page, picture_ct)"
                        " VALUES ($1, $2, $3)");
SQL(guardians_mine, GUARDIANS_COLS " WHERE g.account_id = $1");
/* sees: own - the parent of this child */
SQL(guardians_child_facts,
    "SELECT a.email_verified, a.marketing, CASE WHEN a.real_name_ct IS NULL THEN 0 ELSE 1 END AS "
    "real_name,"
    " (SELECT count(*) FROM session s WHERE s.account_id = a.id AND s.ends_at_ms > $2) AS sessions,"
    " (SELECT count(*) FROM token t WHERE t.account_id = a.id) AS programs,"
    " (SELECT count(*) FROM room r WHERE r.owner_id = a.id) AS rooms,"
    " a.seen_at_ms, a.country, a.language FROM account a WHERE a.id = $1");
COLUMNS(CHILD_EMAIL_VERIFIED, CHILD_MARKETING, CHILD_REAL_NAME, CHILD_SESSIONS, CHILD_PROGRAMS,
        CHILD_ROOMS, CHILD_SEEN_AT_MS, CHILD_COUNTRY, CHILD_LANGUAGE);
enum err guardians_by_link(struct call *call, const char *link, struct guardian *ret)
{
    uint8_t hash[HASH_BYTES];
    crypto_sha256(link, strlen(link), hash);
    TRY(guardians_read(call, &guardians_linked, BIND(BYTES(hash, HASH_BYTES), I64(call->now_ms)),
                       "guardians.link", ret));
    return guardians_fill_name(call, ret);
}

enum err guardians_own(struct call *call, struct guardian *ret)
{
    ASSERT_CODE(call->actor.id);
    return guardians_read(call, &guardians_mine, BIND(I64(call->actor.id)), "guardians.none", ret);
}

static enum err note_once(struct call *call, int64_t id, const char *what)
{
    struct rows rows;
    TRY(store_run(call, &guardians_step_first, BIND(I64(id), TEXT(what)), &rows));
    return rows.count ? OK : guardians_note(call, id, what, 0);
}

/* The claim's cookie, the child's own session, or any minor's. */
static bool child_browser(struct call *call, const struct guardian *guardian)
{
    uint8_t hash[HASH_BYTES];
    const char *code = guardians_code(call, NULL);
    if (code && guardian->has_claim) {
        crypto_sha256(code, strlen(code), hash);
        if (crypto_equal(hash, guardian->claim_hash, HASH_BYTES)) {
            return true;
        }
    }
    return call->actor.id && (call->actor.minor || call->actor.id == guardian->account_id);
}

enum err guardians_open(struct call *call, const struct guardian *guardian, bool *ret_child)
{
    ASSERT_CODE(call->tx);
    *ret_child = child_browser(call, guardian);
    if (*ret_child) {
        TRY(store_run(call, &guardians_child_seen, BIND(I64(guardian->id)), NULL));
        return note_once(call, guardian->id, "opened_by_child");
    }
    return note_once(call, guardian->id, "opened");
}

static bool one_of(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t own = strcspn(at, " ");
        if (own == len && strncmp(at, word, len) == 0) {
            return true;
        }
        at += own;
    }
    return false;
}

/* Of all sentences that the page showed beside its boxes. */
static void hash_words(const struct call *call, uint8_t ret[HASH_BYTES])
{
    static const char *const keys[] = {"consents.parent.account", "consents.parent.chat",
                                       "consents.parent.marketing", "consents.parent.performance"};
    struct buf all = {.arena = call->arena};
    for (size_t i = 0; i < COUNT(keys); i++) {
        buf_printf(&all, "%s\n", catalogue_text(call->actor.language, keys[i]));
    }
    crypto_sha256(all.at, all.len, ret);
}

enum err guardians_answer_prepare(struct call *call, const struct guardians_answer *answer,
                                  struct guardians_answering *state)
{
    struct guardian *guardian = &state->guardian;
    bool proof = guardians_needs_proof(guardian, answer);
    ASSERT_CODE(!call->tx);
    if (child_browser(call, guardian)) {
        return call_fail(call, ERR_DENIED, "guardians.child");
    }
    if (!answer->account) {
        return call_fail_field(call, ERR_INVALID, "guardians.account", "account");
    }
    if (proof && (!answer->method || !one_of(guardians_methods(call), answer->method))) {
        return call_fail_field(call, ERR_INVALID, "guardians.method", "method");
    }
    hash_words(call, state->words_hash);
    tickets_prepare(&state->upload);
    if (proof && answer->when && *answer->when) {
        TRY(sealed_text(call, guardian->key_id, "guardian.when_ct", answer->when, &state->when));
    }
    const char *kind = guardian->account_id ? "guardians.more_granted" : "guardians.granted";
    return proof && strcmp(answer->method, "sandbox") == 0
               ? guardians_mail(call, guardian, kind, NULL, &state->mail)
               : OK;
}

static enum err store_answer(struct call *call, const struct guardians_answer *answer,
                             const struct guardians_answering *state)
{
    bool form = strcmp(answer->method, "form") == 0;
    return store_run(call, &guardians_answered,
                     BIND(I64(state->guardian.id), TEXT(answer->method), I64(answer->chat),
                          I64(answer->marketing), I64(answer->performance),
                          TEXT(call->actor.language), BYTES(state->words_hash, HASH_BYTES),
                          SEALED(state->when), form ? BYTES(state->upload.hash, HASH_BYTES) : NIL,
                          form ? I64(call->now_ms + GUARDIANS_UPLOAD_MS) : NIL, I64(call->now_ms)),
                     NULL);
}

enum err guardians_answer_apply(struct call *call, const struct guardians_answer *answer,
                                struct guardians_answering *state)
{
    struct guardian now;
    ASSERT_CODE(*state->upload.text);
    TRY(guardians_by_link(call, answer->link, &now));
    bool proof = guardians_needs_proof(&now, answer);
    if (strcmp(now.state, state->guardian.state) != 0 ||
        proof != guardians_needs_proof(&state->guardian, answer)) {
        return call_fail(call, ERR_CONFLICT, "guardians.decided");
    }
    if (strcmp(now.state, "granted") == 0) {
        return call_fail(call, ERR_CONFLICT, "guardians.waits_for_child");
    }
    state->upload_ready = proof && strcmp(answer->method, "form") == 0;
    if (now.account_id) {
        return guardians_more(call, answer, state, &now);
    }
    TRY(store_answer(call, answer, state));
    TRY(guardians_note(call, now.id, "answered", 0));
    if (strcmp(answer->method, "call") == 0) {
        return store_run(call, &guardians_turn,
                         BIND(I64(now.id), I64(call->now_ms + GUARDIANS_DAYS * TIME_DAY)), NULL);
    }
    if (strcmp(answer->method, "sandbox") == 0) {
        TRY(guardians_grant(call, &now, 0));
        return mail_post(call, &state->mail);
    }
    return OK;
}

enum err guardians_form_look(struct call *call, const char *ticket, struct guardians_form *form)
{
    uint8_t hash[HASH_BYTES];
    crypto_sha256(ticket, strlen(ticket), hash);
    return guardians_read(call, &guardians_uploading,
                          BIND(BYTES(hash, HASH_BYTES), I64(call->now_ms)), "guardians.upload",
                          &form->guardian);
}

/* A key of its own: burned with the pictures, so that backups forget them too. */
enum err guardians_form_prepare(struct call *call, struct guardians_form *form)
{
    struct sandbox_pages pages = {0};
    ASSERT_CODE(!call->tx);
    if (child_browser(call, &form->guardian)) {
        return call_fail(call, ERR_DENIED, "guardians.child");
    }
    TRY(sandbox_form(call, call->body, call->body_len, &pages));
    ASSERT_CODE(pages.count <= COUNT(form->pages));
    TRY(keys_take(call->keys, &form->page_key_id));
    for (size_t i = 0; i < pages.count; i++) {
        TRY(sealed_bytes(call, form->page_key_id, "guardian_page.picture_ct", pages.pages[i].jpeg,
                         pages.pages[i].len, &form->pages[i]));
    }
    form->count = pages.count;
    return OK;
}

enum err guardians_form_apply(struct call *call, const char *ticket,
                              const struct guardians_form *form)
{
    struct guardians_form now = {0};
    struct rows rows;
    uint8_t hash[HASH_BYTES];
    ASSERT_CODE(form->page_key_id && form->count <= COUNT(form->pages));
    crypto_sha256(ticket, strlen(ticket), hash);
    TRY(guardians_form_look(call, ticket, &now));
    TRY(store_run(call, &guardians_uploaded,
                  BIND(I64(now.guardian.id), I64(form->page_key_id), BYTES(hash, HASH_BYTES),
                       I64(call->now_ms)),
                  &rows));
    if (now.guardian.page_key_id) {
        TRY(store_run(call, &guardians_pages_drop, BIND(I64(now.guardian.id)), NULL));
        TRY(guardians_burn_later(call, now.guardian.page_key_id));
    }
    for (size_t i = 0; i < form->count; i++) {
        TRY(store_run(call, &guardians_page_add,
                      BIND(I64(now.guardian.id), I64((int64_t)i + 1), SEALED(form->pages[i])),
                      NULL));
    }
    TRY(store_run(call, &guardians_turn,
                  BIND(I64(now.guardian.id), I64(call->now_ms + GUARDIANS_DAYS * TIME_DAY)), NULL));
    return guardians_note(call, now.guardian.id, "form", 0);
}

enum err guardians_child(struct call *call, int64_t account_id, struct guardians_child *ret)
{
    struct rows rows;
    TRY(store_run(call, &guardians_child_facts, BIND(I64(account_id), I64(call->now_ms)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "guardians.link");
    }
    *ret = (struct guardians_child){
        .email_verified = row_i64(&rows, 0, CHILD_EMAIL_VERIFIED) != 0,
        .marketing = row_i64(&rows, 0, CHILD_MARKETING) != 0,
        .real_name = row_i64(&rows, 0, CHILD_REAL_NAME) != 0,
        .sessions = row_i64(&rows, 0, CHILD_SESSIONS),
        .programs = row_i64(&rows, 0, CHILD_PROGRAMS),
        .rooms = row_i64(&rows, 0, CHILD_ROOMS),
        .seen_ms = row_i64(&rows, 0, CHILD_SEEN_AT_MS),
        .country = row_text(&rows, 0, CHILD_COUNTRY),
        .language = row_text(&rows, 0, CHILD_LANGUAGE),
    };
    return OK;
}
