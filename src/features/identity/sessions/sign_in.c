#include <string.h>

#include "base/arena.h"
#include "features/identity/alerts/alerts.h"
#include "features/identity/emails/emails.h"
#include "features/identity/factors/factors.h"
#include "features/identity/names/names.h"
#include "features/identity/passwords/passwords.h"
#include "features/identity/sessions/guesses.h"
#include "features/identity/sessions/sessions.h"
#include "features/identity/sessions/sessions_inner.h"
#include "store/store.h"

/* Ways in: a password, the second step, and proving a session again. */

/* sees: own - who signs in; two who look alike since an update of the tables have their names */
SQL(sessions_by_typed, "SELECT id, password_hash, password_version, key_id FROM account"
                       " WHERE avatar_name = $2 OR name_skeleton = $1"
                       " OR (email_bi = $3 AND email_verified = 1)"
                       " ORDER BY CASE WHEN avatar_name = $2 THEN 0 ELSE 1 END LIMIT 1");
COLUMNS(BY_TYPED_ID, BY_TYPED_PASSWORD_HASH, BY_TYPED_PASSWORD_VERSION, BY_TYPED_KEY_ID);
SQL(sessions_still, "SELECT 1 FROM account WHERE id = $1 AND password_version = $2");
/* sees: own - who has proved a first factor */
SQL(sessions_account,
    "SELECT public_id, avatar_name, CASE WHEN state = 'ended' AND end_reason IS"
    " NULL AND erase_at_ms > $2 THEN 'closed' ELSE state END AS state FROM account"
    " WHERE id = $1");
COLUMNS(ACCOUNT_PUBLIC_ID, ACCOUNT_AVATAR_NAME, ACCOUNT_STATE);
SQL(sessions_password_of, "SELECT password_hash FROM account WHERE id = $1");
SQL(sessions_reopen, "UPDATE account SET state = 'active', erase_at_ms = NULL WHERE id = $1"
                     " AND state = 'ended' AND end_reason IS NULL AND erase_at_ms > $2");

static bool password_fits(struct call *call, const char *hash, const char *password)
{
    const char *normal = "";
    if (passwords_normal(call, password, &normal) != OK) {
        normal = "";
    }
    return crypto_password_fits(hash, normal);
}

/* An avatar name, or an address, which no name can be: what is not there is nobody's. */
struct typed {
    const char *kind, *name, *skeleton;
    const char *counted; /* the same however it is written */
    uint8_t email_bi[HASH_BYTES];
};

static enum err read_typed(struct call *call, const char *text, struct typed *ret)
{
    struct name_forms forms = {.name = NULL};
    const char *email = NULL;
    bool address = emails_check(call, text, "name", &email) == OK;
    if (!address && names_forms(call, text, &forms) != OK) {
        forms = (struct name_forms){.name = NULL}; /* it costs what others cost */
    }
    call->fail_code = call->fail_field = NULL;
    ret->kind = address ? "address" : "name";
    ret->name = forms.name ? forms.name : "";
    ret->skeleton = forms.skeleton ? forms.skeleton : "";
    TRY(emails_blind(call, address ? email : "", ret->email_bi));
    char *hex = arena_alloc(call->arena, 2 * HASH_BYTES + 1);
    crypto_hex(ret->email_bi, HASH_BYTES, hex);
    ret->counted = address ? hex : *ret->skeleton ? ret->skeleton : text;
    return OK;
}

/*
 * What shows counts by what was typed; the account's own count, over its name and its address,
 * does not.  A device that is known has counts of its own, so that strangers do not keep it out.
 */
static void count_by(struct call *call, const struct typed *typed, struct sessions_found *found)
{
    const char *account = arena_printf(call->arena, "%lld", (long long)found->account_id);
    const char *device = arena_printf(call->arena, "%lld", (long long)found->device_id);
    if (found->device_id) {
        found->guesses = guesses_key(arena_printf(call->arena, "device %s", typed->kind), device);
        found->whole = guesses_key("whole device", device);
    } else {
        found->guesses = guesses_key(typed->kind, typed->counted);
        found->whole = found->account_id ? guesses_key("whole", account) : 0;
    }
    call->counts_as = found->guesses;
}

enum err sessions_find(struct call *call, const char *name, struct sessions_found *ret)
{
    struct typed typed;
    struct rows rows;
    TRY(read_typed(call, name, &typed));
    TRY(store_run(call, &sessions_by_typed,
                  BIND(TEXT(typed.skeleton), TEXT(typed.name), BYTES(typed.email_bi, HASH_BYTES)),
                  &rows));
    if (rows.count == 1) {
        ret->account_id = row_i64(&rows, 0, BY_TYPED_ID);
        ret->hash = row_text(&rows, 0, BY_TYPED_PASSWORD_HASH);
        ret->version = row_i64(&rows, 0, BY_TYPED_PASSWORD_VERSION);
        ret->key_id = row_i64(&rows, 0, BY_TYPED_KEY_ID);
    }
    TRY(devices_known(call, ret->account_id, &ret->device_id));
    count_by(call, &typed, ret);
    return OK;
}

static enum err judge_state(struct call *call, const char *state, bool reopen)
{
    if (strcmp(state, "waiting") == 0) {
        return call_fail(call, ERR_DENIED, "sessions.waiting");
    }
    if (strcmp(state, "closed") == 0) { /* by its owner, and not erased yet */
        return reopen ? OK : call_fail(call, ERR_DENIED, "sessions.closed");
    }
    return strcmp(state, "active") == 0 ? OK : call_fail(call, ERR_DENIED, "sessions.ended");
}

/* ERR_LIMIT while those who guess must wait. */
static enum err wait_for_guesses(struct call *call, struct guesses_by by)
{
    call->retry_ms = guesses_wait_by(&by, call->now_ms);
    return call->retry_ms ? call_fail(call, ERR_LIMIT, "sessions.slow") : OK;
}

static uint64_t told_key(struct call *call, int64_t account_id)
{
    return guesses_key("told", arena_printf(call->arena, "%lld", (long long)account_id));
}

static bool owner_hears(struct call *call, int64_t account_id)
{
    return account_id && guesses_told(told_key(call, account_id), call->now_ms);
}

enum err sessions_prove(struct call *call, const char *password, bool remember,
                        struct sessions_found *found)
{
    ASSERT_CODE(!call->tx && found->guesses);
    TRY(wait_for_guesses(call, (struct guesses_by){found->guesses, 0}));
    bool waits = found->whole && guesses_wait(found->whole, call->now_ms) > 0;
    if (!password_fits(call, found->hash, password) || waits) {
        found->wrong = true;
        found->tell = guesses_wrong(found->guesses, call->now_ms) && !found->device_id;
        if (found->whole && !waits) {
            (void)guesses_wrong(found->whole, call->now_ms);
        }
        found->heard = found->tell && owner_hears(call, found->account_id);
        return OK;
    }
    guesses_right(found->guesses);
    guesses_right(found->whole);
    guesses_right(told_key(call, found->account_id));
    sessions_prepare(call, remember, &found->session);
    return sessions_place(call, found->key_id, &found->session);
}

enum err sessions_begin(struct call *call, const struct sessions_found *found,
                        struct sessions_arrival *ret)
{
    struct rows rows;
    ASSERT_CODE(call->tx && (found->wrong || *found->session.token));
    if (found->wrong) {
        int64_t account_id = found->heard ? found->account_id : 0;
        return found->tell ? alert_owner(call, "sessions.guessed", account_id, 0) : OK;
    }
    /* The password may have changed while it was being hashed. */
    TRY(store_run(call, &sessions_still, BIND(I64(found->account_id), I64(found->version)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_LOGIN, "sessions.wrong");
    }
    return sessions_arrive(call, found->account_id, &found->session, ret);
}

/* For whoever proved to be its owner: it was closed by them, and there is time left. */
static enum err reopen(struct call *call, int64_t account_id)
{
    struct rows rows;
    TRY(store_run(call, &sessions_reopen, BIND(I64(account_id), I64(call->now_ms)), &rows));
    return rows.changed ? OK : call_fail(call, ERR_MISSING, "accounts.none");
}

/* All factors are proved: the session begins, and the one that this browser had ends. */
static enum err enter(struct call *call, int64_t account_id, const struct sessions_new *session,
                      const struct rows *account, struct sessions_arrival *ret)
{
    if (call->actor.id && !call->actor.by_token) { /* a new sign-in, a new secret */
        enum err err = sessions_end(call, call->actor.session_id);
        if (err != OK && err != ERR_MISSING) {
            return err;
        }
        call->fail_code = NULL;
    }
    if (strcmp(row_text(account, 0, ACCOUNT_STATE), "closed") == 0) {
        TRY(reopen(call, account_id));
    }
    TRY(sessions_store(call, account_id, session, &ret->session_id));
    ret->id = row_text(account, 0, ACCOUNT_PUBLIC_ID);
    ret->avatar_name = row_text(account, 0, ACCOUNT_AVATAR_NAME);
    return OK;
}

static enum err account_of(struct call *call, int64_t account_id, bool reopen, struct rows *ret)
{
    TRY(store_run(call, &sessions_account, BIND(I64(account_id), I64(call->now_ms)), ret));
    if (ret->count == 0) {
        return call_fail(call, ERR_MISSING, "sessions.wrong");
    }
    return judge_state(call, row_text(ret, 0, ACCOUNT_STATE), reopen);
}

enum err sessions_arrive(struct call *call, int64_t account_id, const struct sessions_new *session,
                         struct sessions_arrival *ret)
{
    struct rows account;
    struct factors_facts facts = {0};
    ASSERT_CODE(*session->token);
    TRY(account_of(call, account_id, session->reopen, &account));
    TRY(factors_read(call, account_id, &facts));
    if (!facts.on || session->proof >= PROOF_SECOND) {
        return enter(call, account_id, session, &account, ret);
    }
    const struct ticket_facts ticket = {
        .kind = SESSIONS_SECOND,
        .account_id = account_id,
        .note = arena_printf(call->arena, "[%d,%d]", session->remember, session->reopen),
        .life_ms = SESSIONS_SECOND_MS,
        .tries = SESSIONS_SECOND_TRIES};
    TRY(tickets_store(call, &session->second, &ticket));
    ret->ticket = arena_text(call->arena, session->second.text, strlen(session->second.text));
    ret->ways = factors_second_ways(call, &facts);
    return OK;
}

enum err sessions_second_pass(struct call *call, const char *ticket,
                              const struct sessions_new *session, struct sessions_arrival *ret)
{
    struct rows account;
    struct ticket used = {0};
    struct sessions_new passed = *session;
    ASSERT_CODE(*session->token);
    TRY(tickets_take(call, SESSIONS_SECOND, ticket, &used));
    if (!used.note || strlen(used.note) != strlen("[0,0]")) {
        return ERR_BROKEN;
    }
    passed.remember = used.note[1] == '1';
    TRY(account_of(call, used.account_id, used.note[3] == '1', &account));
    passed.proof = PROOF_SECOND;
    TRY(enter(call, used.account_id, &passed, &account, ret));
    ret->remember = passed.remember;
    return OK;
}

enum err sessions_second_look(struct call *call, const struct sessions_second *wish,
                              struct sessions_passing *ret)
{
    struct ticket ticket = {0};
    TRY(tickets_see(call, SESSIONS_SECOND, wish->ticket, &ticket));
    ret->shown.account_id = ticket.account_id;
    int64_t device_id = 0; /* strangers' wrong codes do not keep out a device that is known */
    TRY(devices_known(call, ticket.account_id, &device_id));
    ret->guesses.key = guesses_key(
        device_id ? "second device" : "second",
        arena_printf(call->arena, "%lld", (long long)(device_id ? device_id : ticket.account_id)));
    if (!device_id) {
        ret->guesses.network = guesses_network(ret->guesses.key, call->origin.address);
    }
    return factors_read(call, ticket.account_id, &ret->shown.facts);
}

static enum err one_of(struct call *call, const char *const words[], size_t count)
{
    size_t given = 0;
    for (size_t i = 0; i < count; i++) {
        given += words[i] != NULL;
    }
    return given == 1 ? OK : call_fail(call, ERR_INVALID, "factors.one");
}

enum err sessions_second_prepare(struct call *call, const struct sessions_second *wish,
                                 struct sessions_passing *passing)
{
    const char *const words[] = {wish->code, wish->recovery};
    ASSERT_CODE(!call->tx && passing->guesses.key);
    TRY(one_of(call, words, COUNT(words)));
    TRY(wait_for_guesses(call, passing->guesses));
    sessions_prepare(call, false, &passing->session);
    TRY(sessions_place(call, passing->shown.facts.key_id, &passing->session));
    return factors_shown_prepare(call, wish->code, wish->recovery, &passing->shown);
}

enum err sessions_second_apply(struct call *call, const struct sessions_second *wish,
                               struct sessions_passing *passing, struct sessions_arrival *ret)
{
    ASSERT_CODE(!wish->code != !wish->recovery && *passing->session.token);
    TRY(factors_shown_use(call, &passing->shown, &passing->fits));
    if (!passing->fits) {
        return tickets_miss(call, SESSIONS_SECOND, wish->ticket);
    }
    TRY(sessions_second_pass(call, wish->ticket, &passing->session, ret));
    return wish->recovery ? alert_owner(call, "factors.recovery_used", passing->shown.account_id,
                                        ret->session_id)
                          : OK;
}

enum err sessions_proof_look(struct call *call, struct sessions_proving *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &sessions_password_of, BIND(I64(call->actor.id)), &rows));
    ret->hash = rows.count ? row_text(&rows, 0, ONLY) : NULL;
    ret->shown.account_id = call->actor.id;
    return factors_read(call, call->actor.id, &ret->shown.facts);
}

enum err sessions_proof_prepare(struct call *call, const struct sessions_proof *wish,
                                struct sessions_proving *proving)
{
    const char *const words[] = {wish->code, wish->recovery, wish->password};
    static const char *const ways[] = {"code", "recovery", "password"};
    const char *has = factors_proof_ways(call, &proving->shown.facts);
    ASSERT_CODE(!call->tx && proving->shown.account_id == call->actor.id);
    TRY(one_of(call, words, COUNT(words)));
    for (size_t i = 0; i < COUNT(words); i++) {
        if (words[i] && !strstr(has, ways[i])) {
            return call_fail(call, ERR_DENIED, "factors.way");
        }
    }
    if (wish->password) {
        proving->fits = password_fits(call, proving->hash, wish->password);
        return OK;
    }
    return factors_shown_prepare(call, wish->code, wish->recovery, &proving->shown);
}

enum err sessions_proof_apply(struct call *call, const struct sessions_proof *wish,
                              struct sessions_proving *proving)
{
    ASSERT_CODE(call->actor.id && proving->shown.account_id == call->actor.id);
    if (!wish->password) {
        TRY(factors_shown_use(call, &proving->shown, &proving->fits));
    }
    if (proving->fits && wish->recovery) {
        TRY(alert_owner(call, "factors.recovery_used", call->actor.id, call->actor.session_id));
    }
    return proving->fits ? factors_proved(call, wish->password ? PROOF_PASSWORD : PROOF_SECOND)
                         : OK;
}
