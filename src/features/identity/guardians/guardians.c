#include "features/identity/guardians/guardians.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/settings.h"
#include "base/text.h"
#include "call/id.h"
#include "features/common/consents/consents.h"
#include "features/common/contact/contact.h"
#include "features/identity/ages/ages.h"
#include "features/identity/emails/emails.h"
#include "features/identity/guardians/guardians_inner.h"
#include "features/identity/invites/invites.h"
#include "privacy/keys.h"

/* sees: server - is the parent's address a minor's own */
SQL(guardians_minor,
    "SELECT 1 FROM account WHERE email_bi = $1 AND " AGES_MINOR("account") " LIMIT 1");
SQL(guardians_insert,
    "INSERT INTO guardian (id, public_id, key_id, state, avatar_name, name_skeleton, name_look,"
    " birth_ct, country, language, email_ct, email_bi, link_hash, claim_hash, created_at_ms,"
    " mailed_at_ms, ends_at_ms, until_age) VALUES ($1, $2, $3, 'asked', $4, $5, $6, $7, $8, $9, "
    "$10,"
    " $11, $12, $13, $14, $15, $16, $17)");
SQL(guardians_step_add, "INSERT INTO guardian_step (id, guardian_id, what, officer_id, at_ms)"
                        " VALUES ($1, $2, $3, $4, $5)");
/* sees: own - whoever holds the child's code */
SQL(guardians_claimed, GUARDIANS_COLS " WHERE g.claim_hash = $1 AND g.ends_at_ms > $2");
SQL(guardians_unname, "UPDATE guardian SET avatar_name = NULL, name_skeleton = NULL,"
                      " name_look = NULL WHERE id = $1 AND state = 'granted'");
SQL(guardians_active, "UPDATE guardian SET state = 'active', account_id = $2, birth_ct = NULL,"
                      " claim_hash = NULL, ends_at_ms = NULL WHERE id = $1");

const char *guardians_methods(const struct call *call)
{
    const char *own = ages_parent_methods(call);
    if (strcmp(own, "none") == 0) {
        return call->settings->demo ? "sandbox" : "";
    }
    return call->settings->demo ? arena_printf(call->arena, "%s sandbox", own) : own;
}

enum err guardians_read(struct call *call, const struct sql *sql, const struct val *in,
                        size_t in_count, const char *code, struct guardian *ret)
{
    struct rows rows;
    TRY(store_run(call, sql, in, in_count, &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, code);
    }
    size_t email_bi_len = 0, claim_len = 0;
    int64_t key_id = row_i64(&rows, 0, GUARDIAN_KEY_ID);
    const uint8_t *email_bi = row_bytes(&rows, 0, GUARDIAN_EMAIL_BI, &email_bi_len);
    *ret = (struct guardian){
        .id = row_i64(&rows, 0, GUARDIAN_ID),
        .account_id = row_i64(&rows, 0, GUARDIAN_ACCOUNT_ID),
        .key_id = key_id,
        .page_key_id = row_i64(&rows, 0, GUARDIAN_PAGE_KEY_ID),
        .public_id = row_text(&rows, 0, GUARDIAN_PUBLIC_ID),
        .state = row_text(&rows, 0, GUARDIAN_STATE),
        .avatar_name = row_text(&rows, 0, GUARDIAN_AVATAR_NAME),
        .country = row_text(&rows, 0, GUARDIAN_COUNTRY),
        .language = row_text(&rows, 0, GUARDIAN_LANGUAGE),
        .method = row_text(&rows, 0, GUARDIAN_METHOD),
        .birth = sealed_read(&rows, 0, GUARDIAN_BIRTH_CT, key_id),
        .email = sealed_read(&rows, 0, GUARDIAN_EMAIL_CT, key_id),
        .when = sealed_read(&rows, 0, GUARDIAN_WHEN_CT, key_id),
        .reason = sealed_read(&rows, 0, GUARDIAN_REASON_CT, key_id),
        .shown = sealed_read(&rows, 0, GUARDIAN_SHOWN_CT, key_id),
        .chat = row_i64(&rows, 0, GUARDIAN_CHAT) != 0,
        .marketing = row_i64(&rows, 0, GUARDIAN_MARKETING) != 0,
        .performance = row_i64(&rows, 0, GUARDIAN_PERFORMANCE) != 0,
        .child_here = row_i64(&rows, 0, GUARDIAN_CHILD_HERE) != 0,
        .created_ms = row_i64(&rows, 0, GUARDIAN_CREATED_AT_MS),
        .mailed_ms = row_i64(&rows, 0, GUARDIAN_MAILED_AT_MS),
        .answered_ms = row_i64(&rows, 0, GUARDIAN_ANSWERED_AT_MS),
        .decided_ms = row_i64(&rows, 0, GUARDIAN_DECIDED_AT_MS),
        .ends_ms = row_i64(&rows, 0, GUARDIAN_ENDS_AT_MS),
        .email_bi = email_bi_len == HASH_BYTES ? email_bi : NULL,
        .again_ms = row_i64(&rows, 0, GUARDIAN_AGAIN_AT_MS),
        .now_chat = row_i64(&rows, 0, GUARDIAN_ALLOW_CHAT) != 0,
        .now_marketing = row_i64(&rows, 0, GUARDIAN_ALLOW_MARKETING) != 0,
        .now_performance = row_i64(&rows, 0, GUARDIAN_ALLOW_PERFORMANCE) != 0,
        .words = row_null(&rows, 0, GUARDIAN_WORDS) ? "" : row_text(&rows, 0, GUARDIAN_WORDS),
    };
    const uint8_t *claim = row_bytes(&rows, 0, GUARDIAN_CLAIM_HASH, &claim_len);
    ret->has_claim = claim && claim_len == HASH_BYTES;
    if (ret->has_claim) {
        memcpy(ret->claim_hash, claim, HASH_BYTES);
    }
    bool undecided = strcmp(ret->state, "asked") == 0 || strcmp(ret->state, "proving") == 0;
    ret->raising = ret->account_id && undecided;
    return OK;
}

enum err guardians_note(struct call *call, int64_t id, const char *what, int64_t officer)
{
    return store_run(call, &guardians_step_add,
                     BIND(I64(id_new(call)), I64(id), TEXT(what), officer ? I64(officer) : NIL,
                          I64(call->now_ms)),
                     NULL);
}

enum err guardians_mail(struct call *call, const struct guardian *guardian, const char *kind,
                        const char *path, struct mail_draft *ret)
{
    const char *email = NULL;
    ASSERT_CODE(!call->tx);
    TRY(sealed_open(call, guardian->email, "guardian.email_ct", &email));
    const struct mail_to to = {.key_id = guardian->key_id,
                               .email = email,
                               .language = guardian->language,
                               .name = guardian->avatar_name};
    return mail_prepare(call, &to, kind, path, NULL, 0, ret);
}

/* The same rules as for an account; an invitation is used up when the parent is asked. */
static enum err check_doors(struct call *call, const struct guardians_ask *wish,
                            struct guardians_asking *asking)
{
    const char *mode = call->settings->registration;
    if (strcmp(mode, "closed") == 0) {
        return call_fail(call, ERR_DENIED, "accounts.closed");
    }
    bool invited = wish->invite && *wish->invite;
    if (strcmp(mode, "invite") == 0 && !invited) {
        return call_fail_field(call, ERR_DENIED, "accounts.invite_needed", "invite");
    }
    if (invited) {
        invites_hash(wish->invite, asking->invite_hash);
    }
    return OK;
}

static void make_code(struct guardians_asking *asking)
{
    uint8_t chance[16];
    char text[PUBLIC_ID_LEN + 1];
    crypto_random(chance, sizeof(chance));
    id_public(chance, text);
    memcpy(asking->code, text, GUARDIANS_CODE_LEN);
    asking->code[GUARDIANS_CODE_LEN] = '\0';
    crypto_sha256(asking->code, GUARDIANS_CODE_LEN, asking->claim_hash);
    crypto_random(chance, sizeof(chance));
    id_public(chance, asking->public_id);
}

enum err guardians_ask_prepare(struct call *call, const struct guardians_ask *wish,
                               struct guardians_asking *asking)
{
    const char *email = NULL;
    ASSERT_CODE(!call->tx);
    TRY(check_doors(call, wish, asking));
    asking->until_age = ages_needed(call, wish->country);
    TRY(names_check(call, wish->avatar_name, &asking->forms));
    TRY(emails_check(call, wish->parent_email, "parent_email", &email));
    make_code(asking);
    tickets_prepare(&asking->link);
    asking->language = wish->language ? wish->language : call->actor.language;
    if (!*asking->language) {
        asking->language = "en";
    }
    TRY(keys_take(call->keys, &asking->key_id));
    TRY(sealed_text(call, asking->key_id, "guardian.birth_ct", wish->birth_date, &asking->birth));
    TRY(sealed_text(call, asking->key_id, "guardian.email_ct", email, &asking->email));
    TRY(emails_blind(call, email, asking->email_bi));
    const struct guardian self = {.key_id = asking->key_id,
                                  .email = asking->email,
                                  .language = asking->language,
                                  .avatar_name = asking->forms.name};
    const char *path = arena_printf(call->arena, "/parent#%s", asking->link.text);
    return guardians_mail(call, &self, "guardians.ask", path, &asking->mail);
}

static enum err insert(struct call *call, const struct guardians_ask *wish,
                       const struct guardians_asking *asking, bool later)
{
    return store_run(call, &guardians_insert,
                     BIND(I64(asking->id), TEXT(asking->public_id), I64(asking->key_id),
                          TEXT(asking->forms.name), TEXT(asking->forms.skeleton),
                          TEXT(asking->forms.look), SEALED(asking->birth), TEXT(wish->country),
                          TEXT(asking->language), SEALED(asking->email),
                          BYTES(asking->email_bi, HASH_BYTES), BYTES(asking->link.hash, HASH_BYTES),
                          BYTES(asking->claim_hash, HASH_BYTES), I64(call->now_ms),
                          I64(later ? 0 : call->now_ms),
                          I64(call->now_ms + GUARDIANS_DAYS * TIME_DAY), I64(asking->until_age)),
                     NULL);
}

enum err guardians_ask_apply(struct call *call, const struct guardians_ask *wish,
                             struct guardians_asking *asking)
{
    struct rows rows;
    bool later = false;
    ASSERT_CODE(asking->key_id && asking->birth.at && asking->email.at);
    ASSERT_CODE(*asking->code && *asking->link.text);
    TRY(guardians_mail_full(call, asking->email_bi, true, &later));
    if (wish->invite && *wish->invite) {
        TRY(invites_use(call, asking->invite_hash, "member", asking->forms.name));
    }
    TRY(accounts_name_free(call, &asking->forms));
    asking->id = id_new(call);
    TRY(insert(call, wish, asking, later));
    TRY(guardians_note(call, asking->id, later ? "asked_later" : "asked", 0));
    TRY(store_run(call, &guardians_minor, BIND(BYTES(asking->email_bi, HASH_BYTES)), &rows));
    if (rows.count > 0) {
        TRY(guardians_note(call, asking->id, "minors_address", 0));
    }
    return later ? guardians_mail_later(call, asking->id) : mail_post(call, &asking->mail);
}

const char *guardians_code(struct call *call, const char *given)
{
    const char *code = given && *given ? given : call_cookie_read(call, GUARDIANS_CLAIM_COOKIE);
    if (!code) {
        return NULL;
    }
    struct buf plain = {.arena = call->arena};
    text_code(&plain, code);
    return plain.at;
}

enum err guardians_by_claim(struct call *call, const char *code, struct guardian *ret)
{
    uint8_t hash[HASH_BYTES];
    if (!code) {
        return call_fail(call, ERR_MISSING, "guardians.none");
    }
    crypto_sha256(code, strlen(code), hash);
    return guardians_read(call, &guardians_claimed,
                          BIND(BYTES(hash, HASH_BYTES), I64(call->now_ms)), "guardians.none", ret);
}

static enum err check_granted(struct call *call, const char *code, struct guardian *ret)
{
    TRY(guardians_by_claim(call, code, ret));
    return strcmp(ret->state, "granted") == 0 ? OK
                                              : call_fail(call, ERR_CONFLICT, "guardians.not_yet");
}

enum err guardians_join_look(struct call *call, const char *code, struct guardians_joining *joining)
{
    return check_granted(call, code, &joining->guardian);
}

/* Birth date, country, name and key are the request's; the rest is asked only now. */
enum err guardians_join_prepare(struct call *call, const struct accounts_new *wish,
                                struct guardians_joining *joining)
{
    const struct guardian *guardian = &joining->guardian;
    struct accounts_draft *draft = &joining->draft;
    struct accounts_new *own = &joining->wish;
    const char *email = NULL;
    ASSERT_CODE(!call->tx && strcmp(guardian->state, "granted") == 0);
    *own = *wish;
    TRY(emails_check(call, wish->email, "email", &email));
    own->birth_date = NULL; /* the parent's word, or none */
    TRY(sealed_open(call, guardian->birth, "guardian.birth_ct", &own->birth_date));
    TRY(sealed_open(call, guardian->email, "guardian.email_ct", &joining->parent_email));
    if (!own->birth_date) {
        return ERR_BROKEN;
    }
    if (strcasecmp(email, joining->parent_email) == 0) {
        return call_fail_field(call, ERR_CONFLICT, "guardians.same_email", "email");
    }
    own->avatar_name = guardian->avatar_name;
    own->country = guardian->country;
    own->language = wish->language ? wish->language : guardian->language;
    own->marketing = wish->marketing && guardian->marketing;
    own->invite = NULL; /* used up when the parent was asked */
    draft->key_id = guardian->key_id;
    draft->role = "member";
    draft->state = strcmp(call->settings->registration, "approval") == 0 ? "waiting" : "active";
    return accounts_prepare_any(call, own, draft);
}

/* In the words that the parent answered, whoever makes them count now. */
static enum err record_parts(struct call *call, int64_t account_id, const struct guardian *from)
{
    const char *in = from->words;
    TRY(consents_record_in(call, in, account_id, "parent.account", true, "parent"));
    TRY(consents_record_in(call, in, account_id, "parent.chat", from->chat, "parent"));
    TRY(consents_record_in(call, in, account_id, "parent.marketing", from->marketing, "parent"));
    return consents_record_in(call, in, account_id, "parent.performance", from->performance,
                              "parent");
}

enum err guardians_join_apply(struct call *call, struct guardians_joining *joining)
{
    struct rows rows;
    const struct guardian *guardian = &joining->guardian;
    ASSERT_CODE(joining->draft.id && joining->wish.birth_date);
    TRY(store_run(call, &guardians_unname, BIND(I64(guardian->id)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "guardians.none");
    }
    TRY(accounts_add(call, &joining->wish, &joining->draft));
    TRY(store_run(call, &guardians_active, BIND(I64(guardian->id), I64(joining->draft.id)), NULL));
    TRY(contact_arrived(call, guardian->id, joining->draft.id));
    TRY(guardians_note(call, guardian->id, "joined", 0));
    return record_parts(call, joining->draft.id, guardian);
}
