#include "features/identity/sessions/sessions.h"

#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"
#include "features/identity/alerts/alerts.h"
#include "features/identity/emails/emails.h"
#include "features/identity/sessions/guesses.h"
#include "features/identity/sessions/sessions_inner.h"

/* Sign-in: 25 in 5 minutes from one place before a proof of work is asked for; 25 in an hour for
 * one name or address from devices that it does not know, and the same for each device that it
 * knows: nobody is locked out by a stranger's guesses (see guesses.h, too). */
static const struct api_limit by_address = {"sign-in", 25, 5 * TIME_MIN, .address = true};
static const struct api_limit by_name = {"sign-in name", 25, TIME_H, .field = "name",
                                         .looked = true};
static const struct api_limit seconds = {"second step", 50, 15 * TIME_MIN, .address = true};
static const struct api_limit proofs = {"proof", 10, TIME_H};
static const struct api_limit changes = {"sessions", 60, TIME_MIN};
static const struct api_limit tokens = {"tokens", 10, TIME_H};

struct proof_ways {
    const char *ways;
    int64_t proved_ms;
};
struct session_ref {
    int64_t id;
};
struct list {
    struct json_list items;
};
struct token_made {
    int64_t id, ends_ms;
    const char *label, *token;
};
struct token_state {
    uint8_t hash[HASH_BYTES];
};

JSON_SHAPE(sign_in, "sign_in", struct sessions_sign_in,
           J_TEXT(struct sessions_sign_in, name, 1, EMAIL_MAX,
                  .about = "the avatar name, or an e-mail address that was confirmed"),
           J_TEXT(struct sessions_sign_in, password, 1, 1024, .flags = JSON_SECRET),
           J_BOOL(struct sessions_sign_in, remember, .flags = JSON_OPTIONAL),
           J_BOOL(struct sessions_sign_in, reopen, .flags = JSON_OPTIONAL,
                  .about = "after `sessions.closed`: open my account again"));
/* Either who is signed in now, or a ticket for POST /api/sessions/second. */
JSON_SHAPE(arrival, "arrival", struct sessions_arrival,
           J_TEXT(struct sessions_arrival, id, 26, 26, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TEXT(struct sessions_arrival, avatar_name, 3, 32, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TEXT(struct sessions_arrival, ticket, 43, 43,
                  .flags = JSON_OPTIONAL | JSON_OMIT | JSON_SECRET,
                  .about = "instead: a second factor is wanted, POST /api/sessions/second"),
           J_TEXT(struct sessions_arrival, ways, 4, 64, .flags = JSON_OPTIONAL | JSON_OMIT,
                  .about = "some of: code passkey recovery"));
JSON_SHAPE(second, "second_step", struct sessions_second,
           J_TEXT(struct sessions_second, ticket, 1, 64, .flags = JSON_SECRET),
           J_TEXT(struct sessions_second, code, 1, 16, .flags = JSON_OPTIONAL | JSON_SECRET),
           J_TEXT(struct sessions_second, recovery, 1, 32, .flags = JSON_OPTIONAL | JSON_SECRET));
JSON_SHAPE(proof, "session_proof", struct sessions_proof,
           J_TEXT(struct sessions_proof, password, 1, 1024, .flags = JSON_OPTIONAL | JSON_SECRET),
           J_TEXT(struct sessions_proof, code, 1, 16, .flags = JSON_OPTIONAL | JSON_SECRET),
           J_TEXT(struct sessions_proof, recovery, 1, 32, .flags = JSON_OPTIONAL | JSON_SECRET));
JSON_SHAPE(proof_ways, "proof_ways", struct proof_ways,
           J_TEXT(struct proof_ways, ways, 0, 64,
                  .about = "some of: passkey code password recovery provider"),
           J_TIME(struct proof_ways, proved_ms));
JSON_SHAPE(session_ref, "session_ref", struct session_ref, J_ID(struct session_ref, id));
JSON_SHAPE(session, "session", struct sessions_session, J_ID(struct sessions_session, id),
           J_BOOL(struct sessions_session, current), J_BOOL(struct sessions_session, remember),
           J_TEXT(struct sessions_session, device, 0, 64),
           J_TEXT(struct sessions_session, country, 2, 2, .flags = JSON_OPTIONAL),
           J_TEXT(struct sessions_session, town, 0, 164, .flags = JSON_OPTIONAL | JSON_OMIT,
                  .about = "city and region of the connection, as far as known"),
           J_CHOICE(struct sessions_session, proof, "none password provider second passkey",
                    .about = "by what it was last proved to be yours"),
           J_TIME(struct sessions_session, created_ms), J_TIME(struct sessions_session, used_ms));
JSON_SHAPE(session_list, "session_list", struct list,
           J_LIST(struct list, items, &session, SESSIONS_MAX));
JSON_SHAPE(token, "token", struct sessions_token, J_ID(struct sessions_token, id),
           J_TEXT(struct sessions_token, label, 1, TOKEN_LABEL_MAX),
           J_BOOL(struct sessions_token, read), J_BOOL(struct sessions_token, write),
           J_BOOL(struct sessions_token, live, .about = "may be in rooms, by the socket"),
           J_TIME(struct sessions_token, created_ms), J_TIME(struct sessions_token, used_ms),
           J_TIME(struct sessions_token, ends_ms));
JSON_SHAPE(token_list, "token_list", struct list, J_LIST(struct list, items, &token, TOKENS_MAX));
JSON_SHAPE(token_new, "token_new", struct tokens_new,
           J_TEXT(struct tokens_new, label, 1, TOKEN_LABEL_MAX), J_BOOL(struct tokens_new, read),
           J_BOOL(struct tokens_new, write),
           J_BOOL(struct tokens_new, live, .about = "may be in rooms, by the socket"),
           J_I64(struct tokens_new, days, 1, TOKEN_DAYS_MAX, .about = "then it ends"));
JSON_SHAPE(token_made, "token_made", struct token_made, J_ID(struct token_made, id),
           J_TEXT(struct token_made, label, 1, TOKEN_LABEL_MAX), J_TIME(struct token_made, ends_ms),
           J_TEXT(struct token_made, token, 40, 64, .flags = JSON_SECRET,
                  .about = "shown once, never again"));

static enum err look_sign_in(struct call *call, const void *in, void *out UNUSED)
{
    return sessions_find(call, ((const struct sessions_sign_in *)in)->name, call->state);
}

static enum err prepare_sign_in(struct call *call, const void *in, void *out UNUSED)
{
    const struct sessions_sign_in *wish = in;
    struct sessions_found *found = call->state;
    TRY(sessions_prove(call, wish->password, wish->remember, found));
    found->session.reopen = wish->reopen;
    return OK;
}

static enum err apply_sign_in(struct call *call, const void *in UNUSED, void *out)
{
    return sessions_begin(call, call->state, out);
}

static enum err finish_sign_in(struct call *call, const void *in UNUSED, void *out)
{
    if (((const struct sessions_found *)call->state)->wrong) {
        return call_fail(call, ERR_LOGIN, "sessions.wrong");
    }
    if (((const struct sessions_arrival *)out)->id) {
        sessions_cookie(call, &((struct sessions_found *)call->state)->session);
    }
    return OK;
}

static enum err look_second(struct call *call, const void *in, void *out UNUSED)
{
    return sessions_second_look(call, in, call->state);
}

static enum err prepare_second(struct call *call, const void *in, void *out UNUSED)
{
    return sessions_second_prepare(call, in, call->state);
}

static enum err apply_second(struct call *call, const void *in, void *out)
{
    return sessions_second_apply(call, in, call->state, out);
}

static enum err finish_second(struct call *call, const void *in, void *out)
{
    struct sessions_passing *passing = call->state;
    if (!passing->fits) {
        guesses_wrong_by(&passing->guesses, call->now_ms);
        return call_fail_field(call, ERR_LOGIN, "factors.wrong",
                               ((const struct sessions_second *)in)->code ? "code" : "recovery");
    }
    guesses_right_by(&passing->guesses);
    passing->session.remember = ((const struct sessions_arrival *)out)->remember;
    sessions_cookie(call, &passing->session);
    return OK;
}

static enum err get_proof(struct call *call, const void *in UNUSED, void *out)
{
    struct factors_facts facts = {0};
    TRY(factors_read(call, call->actor.id, &facts));
    *(struct proof_ways *)out =
        (struct proof_ways){factors_proof_ways(call, &facts), call->actor.proved_ms};
    return OK;
}

static enum err look_proof(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return sessions_proof_look(call, call->state);
}

static enum err prepare_proof(struct call *call, const void *in, void *out UNUSED)
{
    return sessions_proof_prepare(call, in, call->state);
}

static enum err apply_proof(struct call *call, const void *in, void *out UNUSED)
{
    return sessions_proof_apply(call, in, call->state);
}

static enum err finish_proof(struct call *call, const void *in, void *out UNUSED)
{
    const struct sessions_proof *wish = in;
    if (((const struct sessions_proving *)call->state)->fits) {
        return OK;
    }
    return wish->password ? call_fail_field(call, ERR_DENIED, "accounts.password_wrong", "password")
                          : call_fail_field(call, ERR_DENIED, "factors.wrong",
                                            wish->code ? "code" : "recovery");
}

static enum err get_sessions(struct call *call, const void *in UNUSED, void *out)
{
    struct list *list = out;
    struct sessions_session *all = NULL;
    TRY(sessions_list(call, &all, &list->items.count));
    list->items.items = all;
    return sessions_key(call, call->state);
}

static enum err finish_sessions(struct call *call, const void *in UNUSED, void *out)
{
    const struct list *list = out;
    struct sessions_session *all = arena_alloc(call->arena, list->items.count * sizeof(*all) + 1);
    if (list->items.count) {
        memcpy(all, list->items.items, list->items.count * sizeof(*all));
    }
    ((struct list *)out)->items.items = all;
    return sessions_open(call, *(const int64_t *)call->state, all, list->items.count);
}

static enum err delete_current(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return call->actor.by_token ? tokens_end(call, call->actor.session_id)
                                : sessions_end(call, call->actor.session_id);
}

static enum err finish_delete_current(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    call_cookie(call, SESSION_COOKIE, "", 0);
    return OK;
}

static enum err delete_session(struct call *call, const void *in, void *out UNUSED)
{
    return sessions_banish(call, ((const struct session_ref *)in)->id);
}

static enum err delete_everywhere(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    TRY(tokens_end_all(call, call->actor.id));
    return sessions_end_all(call, call->actor.id, 0);
}

static enum err delete_others(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    TRY(tokens_end_all(call, call->actor.id));
    return sessions_end_all(call, call->actor.id, call->actor.session_id);
}

static enum err prepare_token(struct call *call, const void *in UNUSED, void *out)
{
    struct token_made *made = out;
    struct token_state *state = call->state;
    uint8_t secret[SECRET_LEN];
    char text[64];
    crypto_random(secret, sizeof(secret));
    crypto_base64url(secret, sizeof(secret), text);
    made->token = arena_printf(call->arena, "bauta_%s", text);
    crypto_sha256(made->token, strlen(made->token), state->hash);
    return OK;
}

static enum err post_token(struct call *call, const void *in, void *out)
{
    struct token_made *made = out;
    struct sessions_token one;
    TRY(tokens_add(call, in, ((struct token_state *)call->state)->hash, &one));
    made->id = one.id;
    made->label = one.label;
    made->ends_ms = one.ends_ms;
    return OK;
}

static enum err get_tokens(struct call *call, const void *in UNUSED, void *out)
{
    struct list *list = out;
    struct sessions_token *all = NULL;
    TRY(tokens_list(call, &all, &list->items.count));
    list->items.items = all;
    return OK;
}

static enum err delete_token(struct call *call, const void *in, void *out UNUSED)
{
    return tokens_end(call, ((const struct session_ref *)in)->id);
}

static enum err look_tell(struct call *call, const void *in, void *out UNUSED)
{
    return alert_look(call, ((const struct job_in *)in)->payload, call->state);
}

static enum err prepare_tell(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return alert_prepare(call, call->state);
}

static enum err apply_tell(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return alert_apply(call, call->state);
}

static enum err sweep(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return sessions_sweep(call);
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"POST", "/api/sessions", API_ANYONE, API_TX_WRITE, API_SLOW_POOL | API_NO_IDEMPOTENCY, 201,
     .in = &sign_in, .out = &arrival, .state_size = sizeof(struct sessions_found),
     .look = look_sign_in, .prepare = prepare_sign_in, .apply = apply_sign_in,
     .finish = finish_sign_in, .limits = {&by_address, &by_name},
     .about = "Sign in with name or e-mail address, and password; sets the session cookie."},
    {"POST", "/api/sessions/second", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     .in = &second, .out = &arrival, .state_size = sizeof(struct sessions_passing),
     .look = look_second, .prepare = prepare_second, .apply = apply_second, .finish = finish_second,
     .limits = {&seconds},
     .about = "The second step of signing in: the ticket and a code, or a recovery code."},
    {"GET", "/api/sessions/current/proof", API_MEMBER, API_TX_READ, 0, 200, .out = &proof_ways,
     .apply = get_proof, .about = "By what you may prove once more that it is you."},
    {"POST", "/api/sessions/current/proof", API_MEMBER, API_TX_WRITE,
     API_SLOW_POOL | API_NO_IDEMPOTENCY | API_NO_TOKEN, 204, .in = &proof,
     .state_size = sizeof(struct sessions_proving), .look = look_proof, .prepare = prepare_proof,
     .apply = apply_proof, .finish = finish_proof, .limits = {&proofs},
     .about = "Prove that it is you: opens what asks for it (`api.prove`) for ten minutes."},
    {"GET", "/api/sessions", API_MEMBER, API_TX_READ, 0, 200, .out = &session_list,
     .state_size = sizeof(int64_t), .apply = get_sessions, .finish = finish_sessions,
     .about = "Where you are signed in, latest use first."},
    {"DELETE", "/api/sessions", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204, .apply = delete_others,
     .limits = {&changes}, .about = "Sign out everywhere else, programs too."},
    {"DELETE", "/api/sessions/current", API_MEMBER, API_TX_WRITE, 0, 204, .apply = delete_current,
     .finish = finish_delete_current, .limits = {&changes}, .about = "Sign out."},
    {"DELETE", "/api/sessions/everywhere", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204,
     .apply = delete_everywhere, .finish = finish_delete_current, .limits = {&changes},
     .about = "Sign out everywhere: here and programs, too."},
    {"DELETE", "/api/sessions/{id}", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204,
     .in = &session_ref, .apply = delete_session, .limits = {&changes},
     .about = "End one of your sessions."},
    {"GET", "/api/tokens", API_MEMBER, API_TX_READ, 0, 200, .out = &token_list, .apply = get_tokens,
     .about = "Your tokens for programs, newest first."},
    {"POST", "/api/tokens", API_MEMBER, API_TX_WRITE, API_STEP_UP | API_NO_IDEMPOTENCY, 201,
     .in = &token_new, .out = &token_made, .state_size = sizeof(struct token_state),
     .prepare = prepare_token, .apply = post_token, .limits = {&tokens},
     .about = "A new token that a program may sign in with as you, for what it says."},
    {"DELETE", "/api/tokens/{id}", API_MEMBER, API_TX_WRITE, 0, 204, .in = &session_ref,
     .apply = delete_token, .limits = {&changes}, .about = "Take a token back."},
    {0},
};

static const struct job_kind jobs[] = {
    {"sessions.sweep", 10 * TIME_MIN, 5, TIME_MIN, .apply = sweep, .tx = API_TX_WRITE,
     .about = "Removes sessions and tokens that ended by time, and devices not seen for long."},
    {"sessions.tell", 0, 10, TIME_MIN, .look = look_tell, .prepare = prepare_tell,
     .apply = apply_tell, .tx = API_TX_WRITE, .state_size = sizeof(struct alert),
     .about = "Mails about signing in: a new device, a second step, many wrong guesses."},
    {0},
};
static const struct mail_kind mails[] = {
    {"sessions.new_device", NULL, 3 * TIME_DAY, "A sign-in from a device not seen before."},
    {"sessions.guessed", NULL, TIME_DAY, "Somebody guesses at the password; once a day."},
    {"tokens.made", NULL, 3 * TIME_DAY, "A token for a program was made."},
    {"tokens.old", NULL, 30 * TIME_DAY, "Tokens from before they had an end got one."},
    {"factors.on", NULL, 3 * TIME_DAY, "A second step was switched on."},
    {"factors.off", NULL, 3 * TIME_DAY, "A second step was switched off."},
    {"factors.recovery_used", NULL, 3 * TIME_DAY, "A recovery code was used."},
    {0},
};
static const struct notice_kind notices[] = {
    {"sessions.new_device", "notices", "/settings/sign-in",
     "A sign-in from a device not seen before.", .mailed = true},
    {"tokens.made", "notices", "/settings/programs", "A token for a program was made.",
     .mailed = true},
    {0},
};
/* clang-format on */

static const struct api_sign_in sign_in_ops = {.load = sessions_load, .touch = sessions_touch};

extern const struct feature sessions_feature; /* named in features.gen.c */
const struct feature sessions_feature = {.name = "sessions",
                                         .routes = routes,
                                         .jobs = jobs,
                                         .mails = mails,
                                         .notices = notices,
                                         .settings = &sessions_setting_group,
                                         .sign_in = &sign_in_ops,
                                         .ending = &sessions_ending};
