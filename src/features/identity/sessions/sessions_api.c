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
JSON_ITEMS(session_list, "session_list", session, SESSIONS_MAX);
JSON_SHAPE(token, "token", struct sessions_token, J_ID(struct sessions_token, id),
           J_TEXT(struct sessions_token, label, 1, TOKEN_LABEL_MAX),
           J_BOOL(struct sessions_token, read), J_BOOL(struct sessions_token, write),
           J_BOOL(struct sessions_token, live, .about = "may be in rooms, by the socket"),
           J_TIME(struct sessions_token, created_ms), J_TIME(struct sessions_token, used_ms),
           J_TIME(struct sessions_token, ends_ms));
JSON_ITEMS(token_list, "token_list", token, TOKENS_MAX);
JSON_SHAPE(token_new, "token_new", struct tokens_new,
           J_TEXT(struct tokens_new, label, 1, TOKEN_LABEL_MAX), J_BOOL(struct tokens_new, read),
           J_BOOL(struct tokens_new, write),
           J_BOOL(struct tokens_new, live, .about = "may be in rooms, by the socket"),
           J_I64(struct tokens_new, days, 1, TOKEN_DAYS_MAX, .about = "then it ends"));
JSON_SHAPE(token_made, "token_made", struct token_made, J_ID(struct token_made, id),
           J_TEXT(struct token_made, label, 1, TOKEN_LABEL_MAX), J_TIME(struct token_made, ends_ms),
           J_TEXT(struct token_made, token, 40, 64, .flags = JSON_SECRET,
                  .about = "shown once, never again"));

STEPS(sign_in, sign_in, arrival, struct sessions_found, look, prepare, apply, finish);
STEP_IS(sign_in, look, sessions_find(call, in->name, state));

STEP(sign_in, prepare)
{
    TRY(sessions_prove(call, in->password, in->remember, state));
    state->session.reopen = in->reopen;
    return OK;
}

STEP_IS(sign_in, apply, sessions_begin(call, state, out));

STEP(sign_in, finish)
{
    if (state->wrong) {
        return call_fail(call, ERR_LOGIN, "sessions.wrong");
    }
    if (out->id) {
        sessions_cookie(call, &state->session);
    }
    return OK;
}

STEPS(second, second, arrival, struct sessions_passing, look, prepare, apply, finish);
STEP_IS(second, look, sessions_second_look(call, in, state));
STEP_IS(second, prepare, sessions_second_prepare(call, in, state));
STEP_IS(second, apply, sessions_second_apply(call, in, state, out));

STEP(second, finish)
{
    if (!state->fits) {
        guesses_wrong_by(&state->guesses, call->now_ms);
        return call_fail_field(call, ERR_LOGIN, "factors.wrong", in->code ? "code" : "recovery");
    }
    guesses_right_by(&state->guesses);
    state->session.remember = out->remember;
    sessions_cookie(call, &state->session);
    return OK;
}

STEPS(get_proof, none, proof_ways, struct none, apply);
STEP(get_proof, apply)
{
    struct factors_facts facts = {0};
    TRY(factors_read(call, call->actor.id, &facts));
    *out = (struct proof_ways){factors_proof_ways(call, &facts), call->actor.proved_ms};
    return OK;
}

STEPS(proof, proof, none, struct sessions_proving, look, prepare, apply, finish);
STEP_IS(proof, look, sessions_proof_look(call, state));
STEP_IS(proof, prepare, sessions_proof_prepare(call, in, state));
STEP_IS(proof, apply, sessions_proof_apply(call, in, state));

STEP(proof, finish)
{
    if (state->fits) {
        return OK;
    }
    return in->password
               ? call_fail_field(call, ERR_DENIED, "accounts.password_wrong", "password")
               : call_fail_field(call, ERR_DENIED, "factors.wrong", in->code ? "code" : "recovery");
}

STEPS(get_sessions, none, session_list, struct none, apply, finish);
STEP(get_sessions, apply)
{
    struct sessions_session *all = NULL;
    TRY(sessions_list(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEP(get_sessions, finish)
{
    struct sessions_session *all = arena_alloc(call->arena, out->items.count * sizeof(*all) + 1);
    if (out->items.count) {
        memcpy(all, out->items.items, out->items.count * sizeof(*all));
    }
    out->items.items = all;
    return sessions_open(call, all, out->items.count);
}

STEPS(delete_current, none, none, struct none, apply, finish);
STEP(delete_current, apply)
{
    return call->actor.by_token ? tokens_end(call, call->actor.session_id)
                                : sessions_end(call, call->actor.session_id);
}

static enum err finish_delete_current(struct call *call)
{
    call_cookie(call, SESSION_COOKIE, "", 0);
    return OK;
}

STEP_IS(delete_current, finish, finish_delete_current(call));

STEPS(delete_session, session_ref, none, struct none, apply);
STEP_IS(delete_session, apply, sessions_banish(call, in->id));

STEPS(delete_everywhere, none, none, struct none, apply, finish);
STEP(delete_everywhere, apply)
{
    TRY(tokens_end_all(call, call->actor.id));
    return sessions_end_all(call, call->actor.id, 0);
}

STEP_IS(delete_everywhere, finish, finish_delete_current(call));

STEPS(delete_others, none, none, struct none, apply);
STEP(delete_others, apply)
{
    TRY(tokens_end_all(call, call->actor.id));
    return sessions_end_all(call, call->actor.id, call->actor.session_id);
}

STEPS(post_token, token_new, token_made, struct token_state, prepare, apply);
STEP(post_token, prepare)
{
    uint8_t secret[SECRET_LEN];
    char text[64];
    crypto_random(secret, sizeof(secret));
    crypto_base64url(secret, sizeof(secret), text);
    out->token = arena_printf(call->arena, "bauta_%s", text);
    crypto_sha256(out->token, strlen(out->token), state->hash);
    return OK;
}

STEP(post_token, apply)
{
    struct sessions_token one;
    TRY(tokens_add(call, in, state->hash, &one));
    out->id = one.id;
    out->label = one.label;
    out->ends_ms = one.ends_ms;
    return OK;
}

STEPS(get_tokens, none, token_list, struct none, apply);
STEP(get_tokens, apply)
{
    struct sessions_token *all = NULL;
    TRY(tokens_list(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(delete_token, session_ref, none, struct none, apply);
STEP_IS(delete_token, apply, tokens_end(call, in->id));

JOB_STEPS(tell, struct alert, look, prepare, apply);
STEP_IS(tell, look, alert_look(call, in->payload, state));
STEP_IS(tell, prepare, alert_prepare(call, state));
STEP_IS(tell, apply, alert_apply(call, state));

JOB_STEPS(sweep, struct none, apply);
STEP_IS(sweep, apply, tokens_sweep(call));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"POST", "/api/sessions", API_ANYONE, API_TX_WRITE, API_SLOW_POOL | API_NO_IDEMPOTENCY, 201,
     &sign_in_steps, .limits = {&by_address, &by_name},
     .about = "Sign in with name or e-mail address, and password; sets the session cookie."},
    {"POST", "/api/sessions/second", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     &second_steps, .limits = {&seconds},
     .about = "The second step of signing in: the ticket and a code, or a recovery code."},
    {"GET", "/api/sessions/current/proof", API_MEMBER, API_TX_READ, 0, 200, &get_proof_steps,
     .about = "By what you may prove once more that it is you."},
    {"POST", "/api/sessions/current/proof", API_MEMBER, API_TX_WRITE,
     API_SLOW_POOL | API_NO_IDEMPOTENCY | API_NO_TOKEN, 204, &proof_steps, .limits = {&proofs},
     .about = "Prove that it is you: opens what asks for it (`api.prove`) for ten minutes."},
    {"GET", "/api/sessions", API_MEMBER, API_TX_READ, 0, 200, &get_sessions_steps,
     .about = "Where you are signed in, latest use first."},
    {"DELETE", "/api/sessions", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204, &delete_others_steps,
     .limits = {&changes}, .about = "Sign out everywhere else, programs too."},
    {"DELETE", "/api/sessions/current", API_MEMBER, API_TX_WRITE, 0, 204, &delete_current_steps,
     .limits = {&changes}, .about = "Sign out."},
    {"DELETE", "/api/sessions/everywhere", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204,
     &delete_everywhere_steps, .limits = {&changes},
     .about = "Sign out everywhere: here and programs, too."},
    {"DELETE", "/api/sessions/{id}", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204,
     &delete_session_steps, .limits = {&changes}, .about = "End one of your sessions."},
    {"GET", "/api/tokens", API_MEMBER, API_TX_READ, 0, 200, &get_tokens_steps,
     .about = "Your tokens for programs, newest first."},
    {"POST", "/api/tokens", API_MEMBER, API_TX_WRITE, API_STEP_UP | API_NO_IDEMPOTENCY, 201,
     &post_token_steps, .limits = {&tokens},
     .about = "A new token that a program may sign in with as you, for what it says."},
    {"DELETE", "/api/tokens/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &delete_token_steps,
     .limits = {&changes}, .about = "Take a token back."},
    {0},
};

static const struct job_kind jobs[] = {
    {"sessions.sweep", 10 * TIME_MIN, 5, TIME_MIN, &sweep_steps, API_TX_WRITE,
     .about = "Ends tokens by time, and the sockets that came by them."},
    {"sessions.tell", 0, 10, TIME_MIN, &tell_steps, API_TX_WRITE,
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
