#include "features/sessions/sessions.h"

#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"

/* Sign-in: 25 in 5 minutes from one address before a proof of work is asked for, and the
 * same for one name, whoever knocks, so that nobody is locked out by a stranger's guesses. */
static const struct api_limit by_address = {"sign-in", 25, 5 * TIME_MIN, .address = true};
static const struct api_limit by_name = {"sign-in name", 25, TIME_H, .field = "name"};
static const struct api_limit changes = {"sessions", 60, TIME_MIN};
static const struct api_limit tokens = {"tokens", 10, TIME_H};

struct session_ref {
    int64_t id;
};
struct list {
    struct json_list items;
};
struct token_new {
    const char *label;
};
struct token_made {
    int64_t id;
    const char *label, *token;
};
struct token_state {
    uint8_t hash[HASH_BYTES];
};

JSON_SHAPE(sign_in, "sign_in", struct sessions_sign_in,
           J_TEXT(struct sessions_sign_in, name, 1, 128),
           J_TEXT(struct sessions_sign_in, password, 1, 1024, .flags = JSON_SECRET),
           J_BOOL(struct sessions_sign_in, remember, .flags = JSON_OPTIONAL));
/* Either who is signed in now, or a ticket for POST /api/sessions/second. */
JSON_SHAPE(arrival, "arrival", struct sessions_arrival,
           J_TEXT(struct sessions_arrival, id, 26, 26, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TEXT(struct sessions_arrival, avatar_name, 3, 32, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TEXT(struct sessions_arrival, ticket, 43, 43,
                  .flags = JSON_OPTIONAL | JSON_OMIT | JSON_SECRET,
                  .about = "instead: a second factor is wanted, POST /api/sessions/second"),
           J_TEXT(struct sessions_arrival, ways, 4, 64, .flags = JSON_OPTIONAL | JSON_OMIT,
                  .about = "some of: code passkey recovery"));
JSON_SHAPE(session_ref, "session_ref", struct session_ref, J_ID(struct session_ref, id));
JSON_SHAPE(session, "session", struct sessions_session, J_ID(struct sessions_session, id),
           J_BOOL(struct sessions_session, current), J_BOOL(struct sessions_session, remember),
           J_TEXT(struct sessions_session, device, 0, 64),
           J_TEXT(struct sessions_session, country, 2, 2, .flags = JSON_OPTIONAL),
           J_TIME(struct sessions_session, created_ms), J_TIME(struct sessions_session, used_ms));
JSON_SHAPE(session_list, "session_list", struct list,
           J_LIST(struct list, items, &session, SESSIONS_MAX));
JSON_SHAPE(token, "token", struct sessions_token, J_ID(struct sessions_token, id),
           J_TEXT(struct sessions_token, label, 1, TOKEN_LABEL_MAX),
           J_TIME(struct sessions_token, created_ms), J_TIME(struct sessions_token, used_ms));
JSON_SHAPE(token_list, "token_list", struct list, J_LIST(struct list, items, &token, TOKENS_MAX));
JSON_SHAPE(token_new, "token_new", struct token_new,
           J_TEXT(struct token_new, label, 1, TOKEN_LABEL_MAX));
JSON_SHAPE(token_made, "token_made", struct token_made, J_ID(struct token_made, id),
           J_TEXT(struct token_made, label, 1, TOKEN_LABEL_MAX),
           J_TEXT(struct token_made, token, 40, 64, .flags = JSON_SECRET,
                  .about = "shown once, never again"));

static enum err look_sign_in(struct call *call, const void *in, void *out UNUSED)
{
    return sessions_find(call, ((const struct sessions_sign_in *)in)->name, call->state);
}

static enum err prepare_sign_in(struct call *call, const void *in, void *out UNUSED)
{
    const struct sessions_sign_in *wish = in;
    return sessions_prove(call, wish->password, wish->remember, call->state);
}

static enum err apply_sign_in(struct call *call, const void *in UNUSED, void *out)
{
    return sessions_begin(call, call->state, out);
}

static enum err finish_sign_in(struct call *call, const void *in UNUSED, void *out)
{
    if (((const struct sessions_arrival *)out)->id) {
        sessions_cookie(call, &((struct sessions_found *)call->state)->session);
    }
    return OK;
}

static enum err get_sessions(struct call *call, const void *in UNUSED, void *out)
{
    struct list *list = out;
    struct sessions_session *all = NULL;
    TRY(sessions_list(call, &all, &list->items.count));
    list->items.items = all;
    return OK;
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
    return sessions_end(call, ((const struct session_ref *)in)->id);
}

static enum err delete_others(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return sessions_end_all(call, call->actor.id,
                            call->actor.by_token ? 0 : call->actor.session_id);
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
    const struct token_new *wish = in;
    struct token_made *made = out;
    made->label = wish->label;
    return tokens_add(call, wish->label, ((struct token_state *)call->state)->hash, &made->id);
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
     .about = "Sign in with name and password; sets the session cookie."},
    {"GET", "/api/sessions", API_MEMBER, API_TX_READ, 0, 200, .out = &session_list,
     .apply = get_sessions, .about = "Where you are signed in, latest use first."},
    {"DELETE", "/api/sessions", API_MEMBER, API_TX_WRITE, 0, 204, .apply = delete_others,
     .limits = {&changes}, .about = "Sign out everywhere else."},
    {"DELETE", "/api/sessions/current", API_MEMBER, API_TX_WRITE, 0, 204, .apply = delete_current,
     .finish = finish_delete_current, .limits = {&changes}, .about = "Sign out."},
    {"DELETE", "/api/sessions/{id}", API_MEMBER, API_TX_WRITE, 0, 204, .in = &session_ref,
     .apply = delete_session, .limits = {&changes}, .about = "End one of your sessions."},
    {"GET", "/api/tokens", API_MEMBER, API_TX_READ, 0, 200, .out = &token_list, .apply = get_tokens,
     .about = "Your tokens for programs, newest first."},
    {"POST", "/api/tokens", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 201, .in = &token_new,
     .out = &token_made, .state_size = sizeof(struct token_state), .prepare = prepare_token,
     .apply = post_token, .limits = {&tokens},
     .about = "A new token that a program may sign in with as you."},
    {"DELETE", "/api/tokens/{id}", API_MEMBER, API_TX_WRITE, 0, 204, .in = &session_ref,
     .apply = delete_token, .limits = {&changes}, .about = "Take a token back."},
    {0},
};

static const struct job_kind jobs[] = {
    {"sessions.sweep", 10 * TIME_MIN, 5, TIME_MIN, .apply = sweep, .tx = API_TX_WRITE,
     .about = "Removes sessions that ended by time."},
    {0},
};
/* clang-format on */

static const struct api_sign_in sign_in_ops = {.load = sessions_load, .touch = sessions_touch};

extern const struct feature sessions_feature; /* named in features.gen.c */
const struct feature sessions_feature = {
    .name = "sessions", .routes = routes, .jobs = jobs, .sign_in = &sign_in_ops};
