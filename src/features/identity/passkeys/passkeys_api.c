#include "features/identity/passkeys/passkeys.h"

#include "api/api.h"
#include "base/time.h"
#include "features/identity/factors/factors.h"
#include "features/identity/sessions/sessions.h"

/* Each look at the sign-in page asks once, so that its name field can offer passkeys. */
static const struct api_limit asks = {"passkey options", 120, 5 * TIME_MIN, .address = true};
static const struct api_limit sign_ins = {"passkey", 25, 5 * TIME_MIN, .address = true};
static const struct api_limit changes = {"passkeys", 30, TIME_MIN};

struct adding {
    struct passkeys_new passkey;
};
struct added {
    int64_t id;
};
struct adding_state {
    int64_t key_id;
    struct passkeys_made made;
    struct mail_to to;
    struct mail_draft mail;
};
struct list_state {
    struct passkeys_passkey *all;
    size_t count;
};
struct change {
    int64_t id;
    const char *label;
};
struct change_state {
    int64_t key_id;
    struct sealed label;
    struct passkeys_passkey old;
    struct mail_to to;
    struct mail_draft mail;
};
struct sign_in {
    struct passkeys_proof passkey;
    bool remember, reopen;
};
struct sign_in_state {
    struct passkeys_found found;
    struct sessions_new session;
};
struct proving {
    struct passkeys_proof passkey;
};
struct second {
    const char *ticket;
    struct passkeys_proof passkey;
};
struct asking_second {
    int64_t account_id;
    struct passkeys_asked asked;
};

JSON_SHAPE(adding, "passkey_adding", struct adding,
           J_OBJECT(struct adding, passkey, passkeys_new_shape));
JSON_SHAPE(added, "passkey_added", struct added, J_ID(struct added, id));
JSON_SHAPE(passkey, "passkey", struct passkeys_passkey, J_ID(struct passkeys_passkey, id),
           J_TEXT(struct passkeys_passkey, label, 1, PASSKEY_LABEL_MAX),
           J_BOOL(struct passkeys_passkey, synced, .about = "its maker keeps a copy of it"),
           J_BOOL(struct passkeys_passkey, verifies, .about = "it asks for PIN, finger or face"),
           J_TIME(struct passkeys_passkey, created_ms),
           J_TIME(struct passkeys_passkey, used_ms, .flags = JSON_OMIT | JSON_OPTIONAL));
JSON_ITEMS(passkey_list, "passkey_list", passkey, PASSKEYS_MAX);
JSON_SHAPE(passkey_ref, "passkey_ref", struct change, J_ID(struct change, id));
JSON_SHAPE(renaming, "passkey_renaming", struct change, J_ID(struct change, id),
           J_TEXT(struct change, label, 1, PASSKEY_LABEL_MAX));
JSON_SHAPE(sign_in, "passkey_sign_in", struct sign_in,
           J_OBJECT(struct sign_in, passkey, passkeys_proof_shape),
           J_BOOL(struct sign_in, remember, .flags = JSON_OPTIONAL),
           J_BOOL(struct sign_in, reopen, .flags = JSON_OPTIONAL,
                  .about = "after `sessions.closed`: open my account again"));
JSON_SHAPE(arrived, "passkey_arrival", struct sessions_arrival,
           J_TEXT(struct sessions_arrival, id, 26, 26),
           J_TEXT(struct sessions_arrival, avatar_name, 3, 32));
JSON_SHAPE(ticket_ref, "second_ticket", struct second,
           J_TEXT(struct second, ticket, 1, TICKET_TEXT_MAX, .flags = JSON_SECRET));
JSON_SHAPE(second, "passkey_second", struct second,
           J_TEXT(struct second, ticket, 1, TICKET_TEXT_MAX, .flags = JSON_SECRET),
           J_OBJECT(struct second, passkey, passkeys_proof_shape));
JSON_SHAPE(proving, "passkey_proving", struct proving,
           J_OBJECT(struct proving, passkey, passkeys_proof_shape));

/* ---- asking a browser ---- */

STEPS(ask_add, none, passkeys_options_shape, struct passkeys_asked, prepare, apply);
STEP_IS(ask_add, prepare, passkeys_prepare(call, state));
STEP_IS(ask_add, apply, passkeys_ask(call, PASSKEYS_ADD, call->actor.id, state, out));

STEPS(ask_new, none, passkeys_options_shape, struct passkeys_asked, prepare, apply);
STEP_IS(ask_new, prepare, passkeys_prepare(call, state));
STEP_IS(ask_new, apply, passkeys_ask(call, PASSKEYS_NEW, 0, state, out));

STEPS(ask_in, none, passkeys_options_shape, struct passkeys_asked, prepare, apply);
STEP_IS(ask_in, prepare, passkeys_prepare(call, state));
STEP_IS(ask_in, apply, passkeys_ask(call, PASSKEYS_IN, 0, state, out));

STEPS(ask_prove, none, passkeys_options_shape, struct passkeys_asked, prepare, apply);
STEP_IS(ask_prove, prepare, passkeys_prepare(call, state));
STEP_IS(ask_prove, apply, passkeys_ask(call, PASSKEYS_PROVE, call->actor.id, state, out));

STEPS(ask_second, ticket_ref, passkeys_options_shape, struct asking_second, look, prepare, apply);
STEP(ask_second, look)
{
    struct ticket ticket = {0};
    TRY(tickets_see(call, SESSIONS_SECOND, in->ticket, &ticket));
    state->account_id = ticket.account_id;
    return OK;
}

STEP_IS(ask_second, prepare, passkeys_prepare(call, &state->asked));
STEP_IS(ask_second, apply,
        passkeys_ask(call, PASSKEYS_SECOND, state->account_id, &state->asked, out));

/* ---- a member's own ---- */

STEPS(add, adding, added, struct adding_state, look, prepare, apply);
STEP(add, look)
{
    TRY(sealed_own_key(call, &state->key_id));
    return mail_to_account(call, call->actor.id, &state->to);
}

STEP(add, prepare)
{
    const struct mail_value values[] = {{"label", in->passkey.label}};
    TRY(passkeys_check(call, PASSKEYS_ADD, state->key_id, &in->passkey, &state->made));
    return mail_prepare(call, &state->to, "passkeys.added", "/settings/sign-in", values,
                        COUNT(values), &state->mail);
}

STEP(add, apply)
{
    TRY(passkeys_store(call, PASSKEYS_ADD, call->actor.id, &state->made, &out->id));
    return mail_post(call, &state->mail);
}

STEPS(get_list, none, passkey_list, struct list_state, apply, finish);
STEP(get_list, apply)
{
    return passkeys_list(call, &state->all, &state->count);
}

STEP(get_list, finish)
{
    TRY(passkeys_open(call, state->all, state->count));
    JSON_LIST_SET(out->items, state->all, state->count);
    return OK;
}

STEPS(rename, renaming, none, struct change_state, look, prepare, apply);
STEP_IS(rename, look, sealed_own_key(call, &state->key_id));
STEP_IS(rename, prepare, passkeys_seal(call, state->key_id, in->label, &state->label));
STEP_IS(rename, apply, passkeys_rename(call, in->id, state->label));

STEPS(remove, passkey_ref, none, struct change_state, look, prepare, apply);
STEP(remove, look)
{
    TRY(passkeys_one(call, in->id, &state->old));
    return mail_to_account(call, call->actor.id, &state->to);
}

STEP(remove, prepare)
{
    TRY(passkeys_open(call, &state->old, 1));
    const struct mail_value values[] = {{"label", state->old.label}};
    return mail_prepare(call, &state->to, "passkeys.removed", "/settings/sign-in", values,
                        COUNT(values), &state->mail);
}

STEP(remove, apply)
{
    TRY(passkeys_remove(call, in->id));
    TRY(factors_passkey_gone(call));
    return mail_post(call, &state->mail);
}

/* ---- signing in and proving ---- */

STEPS(sign_in, sign_in, arrived, struct sign_in_state, look, prepare, apply, finish);
STEP_IS(sign_in, look, passkeys_find(call, &in->passkey, &state->found));

STEP(sign_in, prepare)
{
    TRY(passkeys_judge(call, PASSKEYS_IN, &in->passkey, &state->found));
    sessions_prepare(call, in->remember, &state->session);
    state->session.proof = PROOF_PASSKEY;
    state->session.reopen = in->reopen;
    return sessions_place(call, state->found.key_id, &state->session);
}

STEP(sign_in, apply)
{
    TRY(passkeys_use(call, PASSKEYS_IN, &state->found));
    return state->found.refused
               ? OK
               : sessions_arrive(call, state->found.account_id, &state->session, out);
}

static enum err finish_sign_in(struct call *call, struct sign_in_state *state)
{
    if (state->found.refused) {
        return passkeys_refuse(call);
    }
    sessions_cookie(call, &state->session);
    return OK;
}

STEP_IS(sign_in, finish, finish_sign_in(call, state));

STEPS(second, second, arrived, struct sign_in_state, look, prepare, apply, finish);
STEP_IS(second, look, passkeys_find(call, &in->passkey, &state->found));

STEP(second, prepare)
{
    TRY(passkeys_judge(call, PASSKEYS_SECOND, &in->passkey, &state->found));
    sessions_prepare(call, false, &state->session);
    return sessions_place(call, state->found.key_id, &state->session);
}

STEP(second, apply)
{
    struct ticket ticket = {0};
    TRY(tickets_see(call, SESSIONS_SECOND, in->ticket, &ticket));
    if (ticket.account_id != state->found.account_id) {
        return passkeys_refuse(call);
    }
    TRY(passkeys_use(call, PASSKEYS_SECOND, &state->found));
    if (state->found.refused) {
        return OK;
    }
    TRY(sessions_second_pass(call, in->ticket, &state->session, out));
    state->session.remember = out->remember;
    return OK;
}

STEP_IS(second, finish, finish_sign_in(call, state));

STEPS(prove, proving, none, struct passkeys_found, look, prepare, apply, finish);
STEP_IS(prove, look, passkeys_find(call, &in->passkey, state));
STEP_IS(prove, prepare, passkeys_judge(call, PASSKEYS_PROVE, &in->passkey, state));

STEP(prove, apply)
{
    if (state->account_id != call->actor.id) {
        return passkeys_refuse(call);
    }
    TRY(passkeys_use(call, PASSKEYS_PROVE, state));
    return state->refused ? OK : factors_proved(call, PROOF_PASSKEY);
}

STEP(prove, finish)
{
    return state->refused ? passkeys_refuse(call) : OK;
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"POST", "/api/accounts/passkey/options", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200,
     &ask_new_steps, .limits = {&asks},
     .about = "What a browser needs to make a passkey for a new account."},
    {"POST", "/api/passkeys/options", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY | API_STEP_UP,
     200, &ask_add_steps, .limits = {&changes},
     .about = "What a browser needs to make one more passkey."},
    {"POST", "/api/passkeys", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 201, &add_steps,
     .limits = {&changes}, .about = "Add the passkey that a browser made."},
    {"GET", "/api/passkeys", API_MEMBER, API_TX_READ, 0, 200, &get_list_steps,
     .about = "Your passkeys, oldest first."},
    {"PATCH", "/api/passkeys/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &rename_steps,
     .limits = {&changes}, .about = "Give a passkey another name."},
    {"DELETE", "/api/passkeys/{id}", API_MEMBER, API_TX_WRITE, API_STEP_UP, 204, &remove_steps,
     .limits = {&changes}, .about = "Remove a passkey; not the last way to sign in."},
    {"POST", "/api/sessions/passkey/options", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200,
     &ask_in_steps, .limits = {&asks},
     .about = "What a browser needs to sign in by a passkey; no account is named."},
    {"POST", "/api/sessions/passkey", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     &sign_in_steps, .limits = {&sign_ins},
     .about = "Sign in by a passkey that verified its owner; sets the session cookie."},
    {"POST", "/api/sessions/second/passkey/options", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY,
     200, &ask_second_steps, .limits = {&asks},
     .about = "What a browser needs to take the second step of signing in by a passkey."},
    {"POST", "/api/sessions/second/passkey", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     &second_steps, .limits = {&sign_ins},
     .about = "The second step of signing in, by a passkey: the ticket and its proof."},
    {"POST", "/api/sessions/current/passkey/options", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY,
     200, &ask_prove_steps, .limits = {&changes},
     .about = "What a browser needs to prove by a passkey that this session is still yours."},
    {"POST", "/api/sessions/current/passkey", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 204,
     &prove_steps, .limits = {&sign_ins},
     .about = "Prove by a passkey that this session is still yours."},
    {0},
};

static const struct mail_kind mails[] = {
    {"passkeys.added", NULL, 7 * TIME_DAY, "Somebody added a passkey to the account."},
    {"passkeys.removed", NULL, 7 * TIME_DAY, "Somebody removed a passkey from the account."},
    {"passkeys.copied", NULL, 7 * TIME_DAY, "A passkey's counter went back: there may be a copy."},
    {0},
};
/* clang-format on */

extern const struct feature passkeys_feature; /* named in features.gen.c */
const struct feature passkeys_feature = {.name = "passkeys", .routes = routes, .mails = mails};
