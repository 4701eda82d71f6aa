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
struct list {
    struct json_list items;
};
struct list_state {
    int64_t key_id;
    struct passkeys_passkey *all;
    size_t count;
};
struct change {
    int64_t id;
    const char *label;
};
struct change_state {
    int64_t key_id;
    const uint8_t *label;
    size_t len;
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
           J_OBJECT(struct adding, passkey, &passkeys_new_shape));
JSON_SHAPE(added, "passkey_added", struct added, J_ID(struct added, id));
JSON_SHAPE(passkey, "passkey", struct passkeys_passkey, J_ID(struct passkeys_passkey, id),
           J_TEXT(struct passkeys_passkey, label, 1, PASSKEY_LABEL_MAX),
           J_BOOL(struct passkeys_passkey, synced, .about = "its maker keeps a copy of it"),
           J_BOOL(struct passkeys_passkey, verifies, .about = "it asks for PIN, finger or face"),
           J_TIME(struct passkeys_passkey, created_ms),
           J_TIME(struct passkeys_passkey, used_ms, .flags = JSON_OMIT | JSON_OPTIONAL));
JSON_SHAPE(passkey_list, "passkey_list", struct list,
           J_LIST(struct list, items, &passkey, PASSKEYS_MAX));
JSON_SHAPE(passkey_ref, "passkey_ref", struct change, J_ID(struct change, id));
JSON_SHAPE(renaming, "passkey_renaming", struct change, J_ID(struct change, id),
           J_TEXT(struct change, label, 1, PASSKEY_LABEL_MAX));
JSON_SHAPE(sign_in, "passkey_sign_in", struct sign_in,
           J_OBJECT(struct sign_in, passkey, &passkeys_proof_shape),
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
           J_OBJECT(struct second, passkey, &passkeys_proof_shape));
JSON_SHAPE(proving, "passkey_proving", struct proving,
           J_OBJECT(struct proving, passkey, &passkeys_proof_shape));

/* ---- asking a browser ---- */

static enum err prepare_ask(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return passkeys_prepare(call, call->state);
}

static enum err ask_add(struct call *call, const void *in UNUSED, void *out)
{
    return passkeys_ask(call, PASSKEYS_ADD, call->actor.id, call->state, out);
}

static enum err ask_new(struct call *call, const void *in UNUSED, void *out)
{
    return passkeys_ask(call, PASSKEYS_NEW, 0, call->state, out);
}

static enum err ask_in(struct call *call, const void *in UNUSED, void *out)
{
    return passkeys_ask(call, PASSKEYS_IN, 0, call->state, out);
}

static enum err ask_prove(struct call *call, const void *in UNUSED, void *out)
{
    return passkeys_ask(call, PASSKEYS_PROVE, call->actor.id, call->state, out);
}

static enum err look_ask_second(struct call *call, const void *in, void *out UNUSED)
{
    struct ticket ticket = {0};
    TRY(tickets_see(call, SESSIONS_SECOND, ((const struct second *)in)->ticket, &ticket));
    ((struct asking_second *)call->state)->account_id = ticket.account_id;
    return OK;
}

static enum err prepare_ask_second(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return passkeys_prepare(call, &((struct asking_second *)call->state)->asked);
}

static enum err ask_second(struct call *call, const void *in UNUSED, void *out)
{
    const struct asking_second *state = call->state;
    return passkeys_ask(call, PASSKEYS_SECOND, state->account_id, &state->asked, out);
}

/* ---- a member's own ---- */

static enum err look_add(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    struct adding_state *state = call->state;
    TRY(passkeys_key(call, &state->key_id));
    return mail_to_account(call, call->actor.id, &state->to);
}

static enum err prepare_add(struct call *call, const void *in, void *out UNUSED)
{
    const struct adding *wish = in;
    struct adding_state *state = call->state;
    const struct mail_value values[] = {{"label", wish->passkey.label}};
    TRY(passkeys_check(call, PASSKEYS_ADD, state->key_id, &wish->passkey, &state->made));
    return mail_prepare(call, &state->to, "passkeys.added", "/settings/sign-in", values,
                        COUNT(values), &state->mail);
}

static enum err apply_add(struct call *call, const void *in UNUSED, void *out)
{
    struct adding_state *state = call->state;
    TRY(passkeys_store(call, PASSKEYS_ADD, call->actor.id, &state->made,
                       &((struct added *)out)->id));
    return mail_post(call, &state->mail);
}

static enum err get_list(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    struct list_state *state = call->state;
    TRY(passkeys_key(call, &state->key_id));
    return passkeys_list(call, &state->all, &state->count);
}

static enum err finish_list(struct call *call, const void *in UNUSED, void *out)
{
    struct list_state *state = call->state;
    TRY(passkeys_open(call, state->key_id, state->all, state->count));
    ((struct list *)out)->items = (struct json_list){state->all, state->count};
    return OK;
}

static enum err look_rename(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return passkeys_key(call, &((struct change_state *)call->state)->key_id);
}

static enum err prepare_rename(struct call *call, const void *in, void *out UNUSED)
{
    struct change_state *state = call->state;
    return passkeys_seal(call, state->key_id, ((const struct change *)in)->label, &state->label,
                         &state->len);
}

static enum err apply_rename(struct call *call, const void *in, void *out UNUSED)
{
    const struct change_state *state = call->state;
    return passkeys_rename(call, ((const struct change *)in)->id, state->label, state->len);
}

static enum err look_remove(struct call *call, const void *in, void *out UNUSED)
{
    struct change_state *state = call->state;
    TRY(passkeys_key(call, &state->key_id));
    TRY(passkeys_one(call, ((const struct change *)in)->id, &state->old));
    return mail_to_account(call, call->actor.id, &state->to);
}

static enum err prepare_remove(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    struct change_state *state = call->state;
    TRY(passkeys_open(call, state->key_id, &state->old, 1));
    const struct mail_value values[] = {{"label", state->old.label}};
    return mail_prepare(call, &state->to, "passkeys.removed", "/settings/sign-in", values,
                        COUNT(values), &state->mail);
}

static enum err apply_remove(struct call *call, const void *in, void *out UNUSED)
{
    TRY(passkeys_remove(call, ((const struct change *)in)->id));
    TRY(factors_passkey_gone(call));
    return mail_post(call, &((struct change_state *)call->state)->mail);
}

/* ---- signing in and proving ---- */

static enum err look_sign_in(struct call *call, const void *in, void *out UNUSED)
{
    return passkeys_find(call, &((const struct sign_in *)in)->passkey,
                         &((struct sign_in_state *)call->state)->found);
}

static enum err prepare_sign_in(struct call *call, const void *in, void *out UNUSED)
{
    const struct sign_in *wish = in;
    struct sign_in_state *state = call->state;
    TRY(passkeys_judge(call, PASSKEYS_IN, &wish->passkey, &state->found));
    sessions_prepare(call, wish->remember, &state->session);
    state->session.proof = PROOF_PASSKEY;
    state->session.reopen = wish->reopen;
    return sessions_place(call, state->found.key_id, &state->session);
}

static enum err apply_sign_in(struct call *call, const void *in UNUSED, void *out)
{
    struct sign_in_state *state = call->state;
    TRY(passkeys_use(call, PASSKEYS_IN, &state->found));
    return state->found.refused
               ? OK
               : sessions_arrive(call, state->found.account_id, &state->session, out);
}

static enum err finish_sign_in(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    const struct sign_in_state *state = call->state;
    if (state->found.refused) {
        return passkeys_refuse(call);
    }
    sessions_cookie(call, &state->session);
    return OK;
}

static enum err look_second(struct call *call, const void *in, void *out UNUSED)
{
    return passkeys_find(call, &((const struct second *)in)->passkey,
                         &((struct sign_in_state *)call->state)->found);
}

static enum err prepare_second(struct call *call, const void *in, void *out UNUSED)
{
    struct sign_in_state *state = call->state;
    TRY(passkeys_judge(call, PASSKEYS_SECOND, &((const struct second *)in)->passkey,
                       &state->found));
    sessions_prepare(call, false, &state->session);
    return sessions_place(call, state->found.key_id, &state->session);
}

static enum err apply_second(struct call *call, const void *in, void *out)
{
    const struct second *wish = in;
    struct sign_in_state *state = call->state;
    struct sessions_arrival *arrival = out;
    struct ticket ticket = {0};
    TRY(tickets_see(call, SESSIONS_SECOND, wish->ticket, &ticket));
    if (ticket.account_id != state->found.account_id) {
        return passkeys_refuse(call);
    }
    TRY(passkeys_use(call, PASSKEYS_SECOND, &state->found));
    if (state->found.refused) {
        return OK;
    }
    TRY(sessions_second_pass(call, wish->ticket, &state->session, arrival));
    state->session.remember = arrival->remember;
    return OK;
}

static enum err look_prove(struct call *call, const void *in, void *out UNUSED)
{
    return passkeys_find(call, &((const struct proving *)in)->passkey, call->state);
}

static enum err prepare_prove(struct call *call, const void *in, void *out UNUSED)
{
    return passkeys_judge(call, PASSKEYS_PROVE, &((const struct proving *)in)->passkey,
                          call->state);
}

static enum err apply_prove(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    struct passkeys_found *found = call->state;
    if (found->account_id != call->actor.id) {
        return passkeys_refuse(call);
    }
    TRY(passkeys_use(call, PASSKEYS_PROVE, found));
    return found->refused ? OK : factors_proved(call, PROOF_PASSKEY);
}

static enum err finish_prove(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return ((const struct passkeys_found *)call->state)->refused ? passkeys_refuse(call) : OK;
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"POST", "/api/accounts/passkey/options", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200,
     .out = &passkeys_options_shape, .state_size = sizeof(struct passkeys_asked),
     .prepare = prepare_ask, .apply = ask_new, .limits = {&asks},
     .about = "What a browser needs to make a passkey for a new account."},
    {"POST", "/api/passkeys/options", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY | API_STEP_UP,
     200, .out = &passkeys_options_shape, .state_size = sizeof(struct passkeys_asked),
     .prepare = prepare_ask, .apply = ask_add, .limits = {&changes},
     .about = "What a browser needs to make one more passkey."},
    {"POST", "/api/passkeys", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 201, .in = &adding,
     .out = &added, .state_size = sizeof(struct adding_state), .look = look_add,
     .prepare = prepare_add, .apply = apply_add, .limits = {&changes},
     .about = "Add the passkey that a browser made."},
    {"GET", "/api/passkeys", API_MEMBER, API_TX_READ, 0, 200, .out = &passkey_list,
     .state_size = sizeof(struct list_state), .apply = get_list, .finish = finish_list,
     .about = "Your passkeys, oldest first."},
    {"PATCH", "/api/passkeys/{id}", API_MEMBER, API_TX_WRITE, 0, 204, .in = &renaming,
     .state_size = sizeof(struct change_state), .look = look_rename, .prepare = prepare_rename,
     .apply = apply_rename, .limits = {&changes}, .about = "Give a passkey another name."},
    {"DELETE", "/api/passkeys/{id}", API_MEMBER, API_TX_WRITE, API_STEP_UP, 204, .in = &passkey_ref,
     .state_size = sizeof(struct change_state), .look = look_remove, .prepare = prepare_remove,
     .apply = apply_remove, .limits = {&changes},
     .about = "Remove a passkey; not the last way to sign in."},
    {"POST", "/api/sessions/passkey/options", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200,
     .out = &passkeys_options_shape, .state_size = sizeof(struct passkeys_asked),
     .prepare = prepare_ask, .apply = ask_in, .limits = {&asks},
     .about = "What a browser needs to sign in by a passkey; no account is named."},
    {"POST", "/api/sessions/passkey", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     .in = &sign_in, .out = &arrived, .state_size = sizeof(struct sign_in_state),
     .look = look_sign_in, .prepare = prepare_sign_in, .apply = apply_sign_in,
     .finish = finish_sign_in, .limits = {&sign_ins},
     .about = "Sign in by a passkey that verified its owner; sets the session cookie."},
    {"POST", "/api/sessions/second/passkey/options", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY,
     200, .in = &ticket_ref, .out = &passkeys_options_shape,
     .state_size = sizeof(struct asking_second), .look = look_ask_second,
     .prepare = prepare_ask_second, .apply = ask_second, .limits = {&asks},
     .about = "What a browser needs to take the second step of signing in by a passkey."},
    {"POST", "/api/sessions/second/passkey", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     .in = &second, .out = &arrived, .state_size = sizeof(struct sign_in_state),
     .look = look_second, .prepare = prepare_second, .apply = apply_second,
     .finish = finish_sign_in, .limits = {&sign_ins},
     .about = "The second step of signing in, by a passkey: the ticket and its proof."},
    {"POST", "/api/sessions/current/passkey/options", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY,
     200, .out = &passkeys_options_shape, .state_size = sizeof(struct passkeys_asked),
     .prepare = prepare_ask, .apply = ask_prove, .limits = {&changes},
     .about = "What a browser needs to prove by a passkey that this session is still yours."},
    {"POST", "/api/sessions/current/passkey", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 204,
     .in = &proving, .state_size = sizeof(struct passkeys_found), .look = look_prove,
     .prepare = prepare_prove, .apply = apply_prove, .finish = finish_prove, .limits = {&sign_ins},
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
