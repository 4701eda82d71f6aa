#include "features/identity/accounts/accounts.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "base/text.h"
#include "call/id.h"
#include "features/common/consents/consents.h"
#include "features/common/faces/faces.h"
#include "features/identity/accounts/accounts_inner.h"
#include "features/identity/ages/ages.h"
#include "features/identity/emails/emails.h"
#include "features/identity/factors/factors.h"
#include "features/identity/invites/invites.h"
#include "features/identity/passwords/passwords.h"
#include "features/identity/policies/policies.h"
#include "features/identity/renames/renames.h"
#include "features/notify/mail/mail_topics.h"
#include "privacy/keys.h"
#include "store/queue.h"
#include "store/store.h"

SQL(accounts_insert,
    "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look, skeleton_version,"
    " key_id, email_ct, email_bi, birth_ct, real_name_ct, country, age_band, password_hash,"
    " role, state, language, marketing, marketing_at_ms, avatar, colours, created_at_ms,"
    " seen_at_ms, look) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
    "$16,"
    " $17, $18, CASE $18 WHEN 1 THEN $21 END, $19, $20, $21, $21, $22)");
SQL(accounts_own, "SELECT public_id, avatar_name, role, state, country, language, marketing,"
                  " avatar, colours, created_at_ms, key_id, email_ct, birth_ct, real_name_ct,"
                  " email_verified, look"
                  " FROM account WHERE id = $1");
COLUMNS(OWN_PUBLIC_ID, OWN_AVATAR_NAME, OWN_ROLE, OWN_STATE, OWN_COUNTRY, OWN_LANGUAGE,
        OWN_MARKETING, OWN_AVATAR, OWN_COLOURS, OWN_CREATED_AT_MS, OWN_KEY_ID, OWN_EMAIL_CT,
        OWN_BIRTH_CT, OWN_REAL_NAME_CT, OWN_EMAIL_VERIFIED, OWN_LOOK);
SQL(accounts_change_row,
    "UPDATE account SET language = COALESCE($2, language), country = COALESCE($3, country),"
    " real_name_ct = CASE $4 WHEN 1 THEN $5 ELSE real_name_ct END WHERE id = $1");
SQL(accounts_parent_longer,
    "UPDATE guardian SET until_age = CASE WHEN until_age > $2 THEN until_age"
    " ELSE $2 END WHERE account_id = $1");
SQL(accounts_patched, "SELECT key_id, birth_ct, country FROM account WHERE id = $1");
COLUMNS(PATCHED_KEY_ID, PATCHED_BIRTH_CT, PATCHED_COUNTRY);
SQL(accounts_password_of, "SELECT password_hash, password_version, avatar_name, key_id, email_ct"
                          " FROM account WHERE id = $1");
COLUMNS(PASSWORD_HASH, PASSWORD_VERSION, PASSWORD_AVATAR_NAME, PASSWORD_KEY_ID, PASSWORD_EMAIL_CT);
SQL(accounts_password_set, "UPDATE account SET password_hash = $2,"
                           " password_version = password_version + 1"
                           " WHERE id = $1 AND password_version = $3");

static enum err seal(struct call *call, const struct accounts_draft *draft, const char *context,
                     const char *text, struct sealed *ret)
{
    return sealed_row(call, draft->key_id, context, draft->id, text, ret);
}

/* Who chooses none is somebody all the same, and not the same one as all others who didn't; and
 * nobody is dressed by chance in what says something of health or belief.  tools/data.py sees to it
 * that there is one. */
static const struct data_avatar *by_chance(struct json_numbers *ret_colours)
{
    uint32_t chance[1 + DATA_SLOTS_MAX];
    crypto_random(chance, sizeof(chance));
    size_t count = 0;
    for (const struct data_avatar *one = data_avatars; one->id; one++) {
        count += one->by_chance;
    }
    size_t left = count ? chance[0] % count : 0;
    const struct data_avatar *row = data_avatars;
    while (row->id && (!row->by_chance || left > 0)) {
        left -= row->by_chance;
        row++;
    }
    ret_colours->count = row->slot_count;
    for (size_t i = 0; i < row->slot_count; i++) {
        ret_colours->at[i] = chance[1 + i] % (uint32_t)row->colours[i];
    }
    return row;
}

enum err accounts_avatar_check(struct call *call, const char *avatar,
                               const struct json_numbers *colours, const char **ret_avatar,
                               const char **ret_colours)
{
    struct json_numbers drawn = {0};
    const struct data_avatar *row = avatar ? data_avatars : by_chance(&drawn);
    while (avatar && row->id && strcmp(row->id, avatar) != 0) {
        row++;
    }
    colours = avatar ? colours : &drawn;
    bool first = colours->count == 0;
    if (!row->id || (!first && colours->count != row->slot_count)) {
        return call_fail_field(call, ERR_INVALID, "accounts.avatar", "avatar");
    }
    struct buf json = {.arena = call->arena};
    buf_puts(&json, "[");
    for (size_t i = 0; i < row->slot_count; i++) {
        int64_t colour = first ? row->defaults[i] : colours->at[i];
        if (colour < 0 || colour >= row->colours[i]) {
            return call_fail_field(call, ERR_INVALID, "accounts.avatar", "colours");
        }
        buf_printf(&json, "%s%d", i ? "," : "", (int)colour);
    }
    buf_puts(&json, "]");
    *ret_avatar = row->id;
    *ret_colours = json.at;
    return OK;
}

enum err accounts_look(struct call *call, const struct accounts_new *wish,
                       struct accounts_draft *draft)
{
    return wish->provider_ticket ? providers_join_look(call, wish->provider_ticket, &draft->join)
                                 : OK;
}

/* Who registers with a passkey or an outside account may leave the password out. */
static enum err prepare_password(struct call *call, const struct accounts_new *wish,
                                 const char *email, struct accounts_draft *draft)
{
    const char *password = NULL;
    if (!wish->password) {
        return wish->passkey.client_data || draft->join.subject
                   ? OK
                   : call_fail_field(call, ERR_INVALID, "input.missing", "password");
    }
    const char *local = arena_text(call->arena, email, strcspn(email, "@"));
    const char *own[] = {draft->forms.name, local, call->settings->site_name, "bauta", NULL};
    TRY(passwords_check(call, wish->password, own, &password));
    return crypto_password_hash(password, draft->password_hash);
}

enum err accounts_prepare_any(struct call *call, const struct accounts_new *wish,
                              struct accounts_draft *draft)
{
    const char *email = NULL;
    uint8_t chance[16];
    ASSERT_CODE(!call->tx && draft->role);
    TRY(names_check(call, wish->avatar_name, &draft->forms));
    TRY(emails_check(call, wish->email, "email", &email));
    const char *avatar = NULL, *colours = NULL;
    TRY(accounts_avatar_check(call, wish->avatar, &wish->colours, &avatar, &colours));
    ASSERT_CODE(email);
    TRY(prepare_password(call, wish, email, draft));

    crypto_random(chance, sizeof(chance));
    id_public(chance, draft->public_id);
    if (!draft->key_id) {
        TRY(keys_take(call->keys, &draft->key_id));
    }
    draft->id = id_new(call); /* what is sealed is bound to it */
    draft->look = (struct looks_change){.account_id = draft->id, .key_id = draft->key_id};
    looks_take_ready(avatar, colours, &draft->look.recipe);
    TRY(looks_seal(call, &draft->look));
    TRY(seal(call, draft, "account.email_ct", email, &draft->email));
    TRY(seal(call, draft, "account.birth_ct", wish->birth_date, &draft->birth));
    if (wish->real_name && *wish->real_name) {
        TRY(seal(call, draft, "account.real_name_ct", wish->real_name, &draft->real_name));
    }
    TRY(emails_blind(call, email, draft->email_bi));
    draft->language = wish->language ? wish->language : call->actor.language;
    if (!*draft->language) {
        draft->language = "en";
    }
    sessions_prepare(call, wish->remember, &draft->session);
    TRY(sessions_place(call, draft->key_id, &draft->session));
    if (draft->join.subject) {
        TRY(providers_join_prepare(call, draft->key_id, &draft->join));
        draft->session.proof = PROOF_PROVIDER;
    }
    if (wish->passkey.client_data) {
        TRY(passkeys_check(call, PASSKEYS_NEW, draft->key_id, &wish->passkey, &draft->passkey));
        draft->session.proof = PROOF_PASSKEY;
    }
    return OK;
}

enum err accounts_prepare(struct call *call, const struct accounts_new *wish,
                          struct accounts_draft *draft)
{
    const char *mode = call->settings->registration;
    if (strcmp(mode, "closed") == 0) {
        return call_fail(call, ERR_DENIED, "accounts.closed");
    }
    if (strcmp(mode, "invite") == 0 && (!wish->invite || !*wish->invite)) {
        return call_fail_field(call, ERR_DENIED, "accounts.invite_needed", "invite");
    }
    draft->role = "member";
    draft->state = strcmp(mode, "approval") == 0 ? "waiting" : "active";
    if (wish->invite) {
        invites_hash(wish->invite, draft->invite_hash);
    }
    return accounts_prepare_any(call, wish, draft);
}

enum err accounts_prepare_admin(struct call *call, const struct accounts_new *wish,
                                struct accounts_draft *draft)
{
    if (ages_minor(ages_band(wish->birth_date, call->now_ms))) {
        return call_fail_field(call, ERR_DENIED, "accounts.admin_adult", "birth_date");
    }
    draft->role = "admin";
    draft->state = "active";
    invites_hash(wish->invite, draft->invite_hash);
    return accounts_prepare_any(call, wish, draft);
}

enum err accounts_name_free(struct call *call, const struct name_forms *forms)
{
    ASSERT_CODE(forms->skeleton && forms->look);
    return renames_free(call, forms, call->actor.id);
}

static enum err insert(struct call *call, const struct accounts_new *wish,
                       const struct accounts_draft *draft)
{
    return store_run(
        call, &accounts_insert,
        BIND(I64(draft->id), TEXT(draft->public_id), TEXT(draft->forms.name),
             TEXT(draft->forms.skeleton), TEXT(draft->forms.look), TEXT(names_version()),
             I64(draft->key_id), SEALED(draft->email), BYTES(draft->email_bi, HASH_BYTES),
             SEALED(draft->birth), SEALED(draft->real_name), TEXT(wish->country),
             TEXT(ages_band(wish->birth_date, call->now_ms)),
             TEXT(*draft->password_hash ? draft->password_hash : NULL), TEXT(draft->role),
             TEXT(draft->state), TEXT(draft->language), I64(wish->marketing),
             TEXT(FACE_AVATAR_SEALED), TEXT("[]"), I64(call->now_ms), TEXT(draft->look.id)),
        NULL);
}

/* What the job of letters knows; two of them are about a change. */
static bool known_letter(const char *what, int64_t change_id)
{
    bool changes = strcmp(what, "ask") == 0 || strcmp(what, "changed") == 0;
    return changes ? change_id != 0
                   : !change_id && (strcmp(what, "verify") == 0 || strcmp(what, "reset") == 0);
}

enum err accounts_letter(struct call *call, const char *what, int64_t account_id, int64_t change_id)
{
    ASSERT_CODE(known_letter(what, change_id));
    struct buf payload = {.arena = call->arena};
    buf_printf(&payload, "{\"what\":\"%s\"", what);
    if (account_id) {
        buf_printf(&payload, ",\"account\":\"%lld\"", (long long)account_id);
    }
    if (change_id) {
        buf_printf(&payload, ",\"change\":\"%lld\"", (long long)change_id);
    }
    buf_puts(&payload, "}");
    return job_queue(call, "accounts.letter", payload.at, account_id, 0);
}

enum err accounts_add(struct call *call, const struct accounts_new *wish,
                      struct accounts_draft *draft)
{
    bool admin = strcmp(draft->role, "admin") == 0;
    bool invited = wish->invite && *wish->invite;
    /* Drafted, sealed, and with a way in. */
    ASSERT_CODE(draft->id && draft->key_id && draft->role && draft->state);
    ASSERT_CODE(*draft->password_hash || wish->passkey.client_data || draft->join.subject);
    if (admin || invited) {
        TRY(invites_use(call, draft->invite_hash, admin ? "admin" : "member", draft->forms.name));
    }
    TRY(renames_free(call, &draft->forms, 0));
    TRY(insert(call, wish, draft));
    TRY(looks_first(call, &draft->look));
    if (wish->passkey.client_data) {
        int64_t passkey_id = 0;
        TRY(passkeys_store(call, PASSKEYS_NEW, draft->id, &draft->passkey, &passkey_id));
    }
    if (draft->join.subject) {
        TRY(providers_join_apply(call, wish->provider_ticket, draft->id, &draft->join));
    }
    if (wish->marketing) {
        TRY(consents_record(call, draft->id, "marketing", true, "registration"));
    }
    TRY(policies_joined(call, draft->id, draft->language));
    if (strcmp(draft->state, "active") == 0) {
        TRY(sessions_store(call, draft->id, &draft->session, &draft->session_id));
    }
    return draft->no_letter ? OK : accounts_letter(call, "verify", draft->id, 0);
}

static void put_roles(struct call *call, struct accounts_me *ret)
{
    const char **roles = arena_alloc(call->arena, ROLES_MAX * sizeof(*roles));
    const char **may = arena_alloc(call->arena, POWER_END * sizeof(*may));
    JSON_LIST_SET(ret->roles, roles, roles_list(call->actor.roles, roles));
    JSON_LIST_SET(ret->may, may, roles_powers(call->actor.roles, may));
}

enum err accounts_read(struct call *call, int64_t id, struct accounts_row *row,
                       struct accounts_me *ret)
{
    struct rows rows;
    ASSERT_CODE(id);
    TRY(store_run(call, &accounts_own, BIND(I64(id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    *ret = (struct accounts_me){
        .id = row_text(&rows, 0, OWN_PUBLIC_ID),
        .avatar_name = row_text(&rows, 0, OWN_AVATAR_NAME),
        .role = row_text(&rows, 0, OWN_ROLE),
        .state = row_text(&rows, 0, OWN_STATE),
        .country = row_text(&rows, 0, OWN_COUNTRY),
        .language = row_text(&rows, 0, OWN_LANGUAGE),
        .marketing = row_i64(&rows, 0, OWN_MARKETING) != 0,
        .avatar = row_text(&rows, 0, OWN_AVATAR),
        .look = row_text(&rows, 0, OWN_LOOK),
        .created_ms = row_i64(&rows, 0, OWN_CREATED_AT_MS),
        .demo = call->settings->demo,
        .email_verified = row_i64(&rows, 0, OWN_EMAIL_VERIFIED) != 0,
    };
    if (call->actor.id == id) {
        put_roles(call, ret);
    }
    face_colours(row_text(&rows, 0, OWN_COLOURS), &ret->colours);
    row->id = id;
    row->key_id = row_i64(&rows, 0, OWN_KEY_ID);
    row->email = sealed_read(&rows, 0, OWN_EMAIL_CT, row->key_id);
    row->birth = sealed_read(&rows, 0, OWN_BIRTH_CT, row->key_id);
    row->real_name = sealed_read(&rows, 0, OWN_REAL_NAME_CT, row->key_id);
    return OK;
}

enum err accounts_open(struct call *call, const struct accounts_row *row, struct accounts_me *me)
{
    ASSERT_CODE(!call->tx && row->id);
    TRY(sealed_open_row(call, row->email, "account.email_ct", row->id, &me->email));
    TRY(sealed_open_row(call, row->birth, "account.birth_ct", row->id, &me->birth_date));
    return sealed_open_row(call, row->real_name, "account.real_name_ct", row->id, &me->real_name);
}

enum err accounts_patch_look(struct call *call, struct accounts_change *change)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &accounts_patched, BIND(I64(call->actor.id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    change->key_id = row_i64(&rows, 0, PATCHED_KEY_ID);
    change->birth = sealed_read(&rows, 0, PATCHED_BIRTH_CT, change->key_id);
    if (change->country && strcmp(change->country, row_text(&rows, 0, PATCHED_COUNTRY)) == 0) {
        change->country = NULL; /* nothing changes */
    }
    return OK;
}

enum err accounts_patch_judge(struct call *call, struct accounts_change *change)
{
    const char *birth = NULL;
    int needed = change->country ? ages_needed(call, change->country) : 0;
    ASSERT_CODE(!call->tx);
    if (needed == 0 || !change->birth.at) {
        return OK;
    }
    TRY(sealed_open_row(call, change->birth, "account.birth_ct", call->actor.id, &birth));
    change->parent_until = text_age(birth, call->now_ms) < needed ? needed : 0;
    return OK;
}

enum err accounts_patch(struct call *call, const struct accounts_change *change)
{
    ASSERT_CODE(call->actor.id);
    ASSERT_CODE(!change->parent_until || change->country);
    ASSERT_CODE(!change->sealed.at || change->real_name_set);
    if (change->parent_until) {
        struct rows rows;
        TRY(store_run(call, &accounts_parent_longer,
                      BIND(I64(call->actor.id), I64(change->parent_until)), &rows));
        if (!rows.changed) { /* no parent was ever asked, or they have no say any more */
            return call_fail_field(call, ERR_DENIED, "accounts.country_parent", "country");
        }
    }
    TRY(store_run(call, &accounts_change_row,
                  BIND(I64(call->actor.id), TEXT(change->language), TEXT(change->country),
                       I64(change->real_name_set), SEALED(change->sealed)),
                  NULL));
    if (change->marketing_set) {
        TRY(mail_switch(call, call->actor.id, "news", change->marketing, "settings"));
    }
    call_emit(call, EVENT_ACCOUNT_CHANGED, call->actor.id, 0, NULL);
    return OK;
}

enum err accounts_password_look(struct call *call, struct accounts_password_state *state)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &accounts_password_of, BIND(I64(call->actor.id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    state->hash = row_text(&rows, 0, PASSWORD_HASH);
    state->version = row_i64(&rows, 0, PASSWORD_VERSION);
    state->name = row_text(&rows, 0, PASSWORD_AVATAR_NAME);
    state->row.id = call->actor.id;
    state->row.key_id = row_i64(&rows, 0, PASSWORD_KEY_ID);
    state->row.email = sealed_read(&rows, 0, PASSWORD_EMAIL_CT, state->row.key_id);
    struct factors_facts facts = {0};
    TRY(factors_read(call, call->actor.id, &facts));
    state->least = factors_password_min(&facts);
    return OK;
}

enum err accounts_password_prepare(struct call *call, const struct accounts_password *wish,
                                   struct accounts_password_state *state)
{
    const char *current = NULL;
    if (wish->current) {
        TRY(passwords_normal(call, wish->current, &current));
        if (!state->hash || !crypto_password_fits(state->hash, current)) {
            return call_fail_field(call, ERR_DENIED, "accounts.password_wrong", "current");
        }
    }
    state->end_tokens = wish->end_tokens;
    return accounts_password_make(call, wish->password, state);
}

enum err accounts_password_make(struct call *call, const char *wish,
                                struct accounts_password_state *state)
{
    const char *password = NULL;
    ASSERT_CODE(!call->tx);
    TRY(sealed_open_row(call, state->row.email, "account.email_ct", state->row.id, &state->email));
    const char *email = state->email ? state->email : "";
    const char *local = arena_text(call->arena, email, strcspn(email, "@"));
    const char *own[] = {state->name, local, call->settings->site_name, "bauta", NULL};
    size_t least = state->least ? state->least : PASSWORD_POINTS_MIN;
    TRY(passwords_check_least(call, wish, least, own, &password));
    state->is_short = text_points(password) < PASSWORD_POINTS_MIN;
    return crypto_password_hash(password, state->fresh);
}

enum err accounts_password_apply(struct call *call, const struct accounts_password_state *state)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id && *state->fresh);
    TRY(store_run(call, &accounts_password_set,
                  BIND(I64(call->actor.id), TEXT(state->fresh), I64(state->version)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "accounts.changed");
    }
    TRY(factors_password_set(call, call->actor.id, state->is_short));
    if (state->end_tokens) {
        TRY(tokens_end_all(call, call->actor.id));
    }
    return sessions_end_all(call, call->actor.id,
                            call->actor.by_token ? 0 : call->actor.session_id);
}
