#include "features/identity/factors/factors.h"

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"

static const struct api_limit changes = {"factors", 30, TIME_H};

struct factors_answer {
    bool on, code;
    int64_t since_ms, passkeys, recovery_left, password_min;
};
struct app_answer {
    const char *secret, *uri;
};
struct code_wish {
    const char *code;
};
struct code_item {
    const char *code;
};
struct codes_answer {
    JSON_LIST_OF(struct code_item) codes;
};
struct confirming {
    struct factors_shown shown;
    struct factors_codes codes;
    bool fits;
};

JSON_SHAPE(factors_shape, "factors", struct factors_answer, J_BOOL(struct factors_answer, on),
           J_BOOL(struct factors_answer, code, .about = "there is a code app"),
           J_TIME(struct factors_answer, since_ms), J_I64(struct factors_answer, passkeys, 0, 1000),
           J_I64(struct factors_answer, recovery_left, 0, RECOVERY_CODES),
           J_I64(struct factors_answer, password_min, 1, 64));
JSON_SHAPE(app_shape, "factors_app", struct app_answer,
           J_TEXT(struct app_answer, secret, 32, 32, .flags = JSON_SECRET),
           J_TEXT(struct app_answer, uri, 1, 1000, .flags = JSON_SECRET,
                  .about = "otpauth://…, for a QR code"));
JSON_SHAPE(code_shape, "factors_code", struct code_wish,
           J_TEXT(struct code_wish, code, 6, 12, .flags = JSON_SECRET));
JSON_SHAPE(item_shape, "recovery_code", struct code_item,
           J_TEXT(struct code_item, code, 11, 11, .flags = JSON_SECRET));
JSON_SHAPE(codes_shape, "recovery_codes", struct codes_answer,
           J_LIST(struct codes_answer, codes, item_shape, RECOVERY_CODES,
                  .about = "shown once, never again"));

STEPS(get_factors, none, factors_shape, struct none, apply);
STEP(get_factors, apply)
{
    struct factors_facts facts = {0};
    TRY(factors_read(call, call->actor.id, &facts));
    *out = (struct factors_answer){facts.on,       facts.code,          facts.since_ms,
                                   facts.passkeys, facts.recovery_left, 0};
    out->password_min = (int64_t)factors_password_min(&facts);
    return OK;
}

STEPS(app, none, app_shape, struct factors_app, look, prepare, apply);
STEP_IS(app, look, factors_read(call, call->actor.id, &state->facts));

STEP(app, prepare)
{
    TRY(factors_app_prepare(call, state));
    *out = (struct app_answer){state->secret, state->uri};
    return OK;
}

STEP_IS(app, apply, factors_app_store(call, state));

static void show(struct call *call, const struct factors_codes *codes, struct codes_answer *answer)
{
    struct code_item *items = arena_alloc(call->arena, RECOVERY_CODES * sizeof(*items));
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        items[i].code = codes->text[i];
    }
    JSON_LIST_SET(answer->codes, items, RECOVERY_CODES);
}

STEPS(confirm, code_shape, codes_shape, struct confirming, look, prepare, apply, finish);
STEP(confirm, look)
{
    state->shown.account_id = call->actor.id;
    return factors_read(call, call->actor.id, &state->shown.facts);
}

STEP(confirm, prepare)
{
    TRY(factors_shown_prepare(call, in->code, NULL, &state->shown));
    return factors_codes_prepare(call, call->actor.id, &state->codes);
}

STEP_IS(confirm, apply, factors_app_confirm(call, &state->shown, &state->codes, &state->fits));

STEP(confirm, finish)
{
    if (!state->fits) {
        return call_fail_field(call, ERR_INVALID, "factors.wrong", "code");
    }
    show(call, &state->codes, out);
    return OK;
}

STEPS(on, none, codes_shape, struct factors_codes, prepare, apply, finish);
STEP_IS(on, prepare, factors_codes_prepare(call, call->actor.id, state));
STEP_IS(on, apply, factors_on(call, state));

STEPS(codes, none, codes_shape, struct factors_codes, prepare, apply, finish);
STEP_IS(codes, prepare, factors_codes_prepare(call, call->actor.id, state));
STEP(codes, apply)
{
    struct factors_facts facts = {0};
    TRY(factors_read(call, call->actor.id, &facts));
    if (!facts.on) {
        return call_fail(call, ERR_MISSING, "factors.off");
    }
    return factors_codes_store(call, state);
}

static enum err finish_codes(struct call *call, struct factors_codes *state,
                             struct codes_answer *out)
{
    show(call, state, out);
    return OK;
}

STEP_IS(on, finish, finish_codes(call, state, out));

STEP_IS(codes, finish, finish_codes(call, state, out));

STEPS(delete_app, none, none, struct none, apply);
STEP_IS(delete_app, apply, factors_off(call, false));

STEPS(delete_all, none, none, struct none, apply);
STEP_IS(delete_all, apply, factors_off(call, true));

/* clang-format off: a table reads as a table */
enum { SECRET_ANSWER = API_STEP_UP | API_NO_IDEMPOTENCY };
static const struct api_route routes[] = {
    {"GET", "/api/factors", API_MEMBER, API_TX_READ, 0, 200, &get_factors_steps,
     .about = "Whether your sign-in takes two steps, and by what."},
    {"POST", "/api/factors/app", API_MEMBER, API_TX_WRITE, SECRET_ANSWER, 201, &app_steps,
     .limits = {&changes},
     .about = "A secret for an app that makes codes; counts when its first code has come."},
    {"POST", "/api/factors/app/confirm", API_MEMBER, API_TX_WRITE, SECRET_ANSWER, 200,
     &confirm_steps, .limits = {&changes},
     .about = "The app's first code: from now on your sign-in takes two steps."},
    {"POST", "/api/factors", API_MEMBER, API_TX_WRITE, SECRET_ANSWER, 201, &on_steps,
     .limits = {&changes}, .about = "Two steps with one of your passkeys after the password."},
    {"POST", "/api/factors/recovery", API_MEMBER, API_TX_WRITE, SECRET_ANSWER, 201, &codes_steps,
     .limits = {&changes}, .about = "Ten new recovery codes; the old ones are no longer taken."},
    {"DELETE", "/api/factors/app", API_MEMBER, API_TX_WRITE, API_STEP_UP, 204, &delete_app_steps,
     .limits = {&changes}, .about = "Without the code app."},
    {"DELETE", "/api/factors", API_MEMBER, API_TX_WRITE, API_STEP_UP, 204, &delete_all_steps,
     .limits = {&changes}, .about = "Sign in with one step again."},
    {0},
};
/* clang-format on */

extern const struct feature factors_feature; /* named in features.gen.c */
const struct feature factors_feature = {.name = "factors", .routes = routes};
