#include "features/identity/accounts/accounts.h"

#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/catalogue.h"
#include "base/text.h"
#include "base/time.h"
#include "features/common/desks/desks.h"
#include "features/common/faces/faces.h"
#include "features/identity/ages/ages.h"
#include "features/identity/emails/emails.h"
#include "features/identity/passwords/passwords.h"
#include "privacy/keys.h"

/* Sign-up: 5 in 30 minutes from one address before a proof of work is asked for. */
static const struct api_limit sign_up = {"sign-up", 5, 30 * TIME_MIN, .address = true};
static const struct api_limit screens = {"age", 20, 30 * TIME_MIN, .address = true};
static const struct api_limit names = {"names", 60, 5 * TIME_MIN, .address = true};
static const struct api_limit phrases = {"passphrase", 60, 5 * TIME_MIN, .address = true};
static const struct api_limit changes = {"account", 30, TIME_MIN};
static const struct api_limit passwords = {"password", 10, TIME_H};
static const struct api_limit staff = {"staff", 300, 5 * TIME_MIN};

struct age {
    const char *birth_date, *country;
};
struct go {
    bool go;
};
struct name_ref {
    const char *name;
};
struct name_state {
    struct name_forms forms;
    bool wrong;
};
struct name_answer {
    bool free;
    const char *code, *text;
};
struct phrase_wish {
    const char *language;
};
struct phrase {
    const char *passphrase;
};
struct patch {
    const char *language, *country, *real_name, *marketing;
};
struct dress {
    const char *avatar;
    struct json_numbers colours;
};
struct people_wish {
    const char *search, *state;
};
struct closed {
    int64_t erase_ms;
};
struct person_ref {
    const char *id, *reason;
};
struct me_state {
    struct accounts_draft draft; /* registering */
    struct accounts_row row;
};

#define COUNTRY(t_, m_, ...) J_TEXT(t_, m_, 2, 2, __VA_ARGS__)
#define COLOURS(t_, ...) J_NUMBERS(t_, colours, 0, FACE_COLOUR_MAX, __VA_ARGS__)

static enum err judge_new(struct call *call, const struct accounts_new *wish)
{
    return ages_judge(call, wish->birth_date, wish->country);
}

static enum err judge_age(struct call *call, const struct age *wish)
{
    return ages_judge(call, wish->birth_date, wish->country ? wish->country : "");
}

JSON_SHAPE_FIRST(age, "age", struct age, judge_age,
                 J_DATE(struct age, birth_date, .flags = JSON_FIRST),
                 COUNTRY(struct age, country, .flags = JSON_FIRST | JSON_OPTIONAL));
JSON_SHAPE(go, "go", struct go, J_BOOL(struct go, go));
JSON_SHAPE_FIRST(
    account_new, "account_new", struct accounts_new, judge_new,
    J_DATE(struct accounts_new, birth_date, .flags = JSON_FIRST),
    COUNTRY(struct accounts_new, country, .flags = JSON_FIRST),
    J_TEXT(struct accounts_new, avatar_name, 1, 128),
    J_TEXT(struct accounts_new, password, 1, 1024, .flags = JSON_SECRET | JSON_OPTIONAL,
           .about = "or a passkey, or both"),
    J_OBJECT(struct accounts_new, passkey, passkeys_new_shape, .flags = JSON_OPTIONAL | JSON_OMIT),
    J_TEXT(struct accounts_new, provider_ticket, 1, 64, .flags = JSON_SECRET | JSON_OPTIONAL,
           .about = "or this, of POST /api/providers/back"),
    J_TEXT(struct accounts_new, email, 3, EMAIL_MAX), J_BOOL(struct accounts_new, marketing),
    J_TEXT(struct accounts_new, real_name, 0, REAL_NAME_MAX, .flags = JSON_OPTIONAL,
           .about = "sealed, never shown to others"),
    J_CHOICE(struct accounts_new, language, "en id", .flags = JSON_OPTIONAL),
    J_TEXT(struct accounts_new, invite, 0, 64, .flags = JSON_OPTIONAL),
    J_BOOL(struct accounts_new, remember, .flags = JSON_OPTIONAL),
    J_TEXT(struct accounts_new, avatar, 1, 32, .flags = JSON_OPTIONAL),
    COLOURS(struct accounts_new, .flags = JSON_OPTIONAL));
JSON_SHAPE_FIRST(claim, "claim", struct accounts_new, judge_new,
                 J_DATE(struct accounts_new, birth_date, .flags = JSON_FIRST),
                 COUNTRY(struct accounts_new, country, .flags = JSON_FIRST),
                 J_TEXT(struct accounts_new, invite, 1, 64, .flags = JSON_SECRET,
                        .about = "the code of the one-time link"),
                 J_TEXT(struct accounts_new, avatar_name, 1, 128),
                 J_TEXT(struct accounts_new, password, 1, 1024, .flags = JSON_SECRET),
                 J_TEXT(struct accounts_new, email, 3, EMAIL_MAX),
                 J_CHOICE(struct accounts_new, language, "en id", .flags = JSON_OPTIONAL));
JSON_SHAPE(me, "me", struct accounts_me, J_TEXT(struct accounts_me, id, 26, 26),
           J_TEXT(struct accounts_me, avatar_name, 3, 32),
           J_CHOICE(struct accounts_me, role, "member admin"),
           J_CHOICE(struct accounts_me, state, "active waiting ended"),
           J_TEXT(struct accounts_me, email, 3, EMAIL_MAX, .flags = JSON_OPTIONAL),
           J_BOOL(struct accounts_me, email_verified), COUNTRY(struct accounts_me, country),
           J_DATE(struct accounts_me, birth_date, .flags = JSON_OPTIONAL),
           J_TEXT(struct accounts_me, real_name, 1, REAL_NAME_MAX, .flags = JSON_OPTIONAL),
           J_CHOICE(struct accounts_me, language, "en id"), J_BOOL(struct accounts_me, marketing),
           J_TEXT(struct accounts_me, avatar, 1, 32,
                  .about = FACE_AVATAR_SEALED ": ask for your look; what you chose is sealed"),
           COLOURS(struct accounts_me),
           J_TEXT(struct accounts_me, look, 1, 32, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TIME(struct accounts_me, created_ms), J_BOOL(struct accounts_me, demo),
           J_TEXTS(struct accounts_me, roles, ROLES_MAX, 16, .about = "of staff"),
           J_TEXTS(struct accounts_me, may, POWER_END, 16,
                   .about = "what these bring: the powers that routes ask for"));
JSON_SHAPE(name_ref, "name_ref", struct name_ref, J_TEXT(struct name_ref, name, 1, 128));
JSON_SHAPE(name_answer, "name_answer", struct name_answer, J_BOOL(struct name_answer, free),
           J_TEXT(struct name_answer, code, 1, 64, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TEXT(struct name_answer, text, 1, 500, .flags = JSON_OPTIONAL | JSON_OMIT));
JSON_SHAPE(phrase_wish, "phrase_wish", struct phrase_wish,
           J_CHOICE(struct phrase_wish, language, "en id", .flags = JSON_OPTIONAL));
JSON_SHAPE(phrase, "phrase", struct phrase,
           J_TEXT(struct phrase, passphrase, 15, 64, .flags = JSON_SECRET));
JSON_SHAPE(patch, "me_change", struct patch,
           J_CHOICE(struct patch, language, "en id", .flags = JSON_OPTIONAL),
           COUNTRY(struct patch, country, .flags = JSON_OPTIONAL),
           J_TEXT(struct patch, real_name, 0, REAL_NAME_MAX, .flags = JSON_OPTIONAL),
           J_CHOICE(struct patch, marketing, "yes no", .flags = JSON_OPTIONAL));
JSON_SHAPE(dress, "dress", struct dress, J_TEXT(struct dress, avatar, 1, 32),
           COLOURS(struct dress));
JSON_SHAPE(password, "password_change", struct accounts_password,
           J_TEXT(struct accounts_password, current, 1, 1024, .flags = JSON_OPTIONAL | JSON_SECRET),
           J_TEXT(struct accounts_password, password, 1, 1024, .flags = JSON_SECRET),
           J_BOOL(struct accounts_password, end_tokens, .flags = JSON_OPTIONAL,
                  .about = "end the tokens of programs, too"));
JSON_SHAPE(closed, "account_closed", struct closed,
           J_TIME(struct closed, erase_ms, .about = "until then signing in offers to open it"));
JSON_SHAPE(people_wish, "people_wish", struct people_wish,
           J_TEXT(struct people_wish, search, 0, 128, .flags = JSON_OPTIONAL),
           J_CHOICE(struct people_wish, state, "active waiting ended", .flags = JSON_OPTIONAL));
JSON_SHAPE(person, "account_person", struct accounts_person,
           J_TEXT(struct accounts_person, id, 26, 26),
           J_TEXT(struct accounts_person, avatar_name, 3, 32),
           J_CHOICE(struct accounts_person, state, "active waiting ended"),
           J_TEXT(struct accounts_person, reason, 1, REASON_MAX, .flags = JSON_OPTIONAL),
           J_TEXT(struct accounts_person, former, 1, 128, .flags = JSON_OPTIONAL),
           J_TIME(struct accounts_person, created_ms), J_TIME(struct accounts_person, seen_ms),
           J_TEXTS(struct accounts_person, roles, ROLES_MAX, 16, .about = "of staff"));
JSON_ITEMS(people, "account_people", person, ACCOUNTS_PAGE);
JSON_SHAPE(person_ref, "person_ref", struct person_ref, J_TEXT(struct person_ref, id, 26, 26));
JSON_SHAPE(ending, "account_ending", struct person_ref, J_TEXT(struct person_ref, id, 26, 26),
           J_TEXT(struct person_ref, reason, 1, REASON_MAX));

STEPS(post_age, age, go, struct none, prepare);
STEP(post_age, prepare)
{
    out->go = true; /* the shape's judge has let it through */
    return OK;
}

STEPS(register, account_new, me, struct me_state, look, prepare, apply, finish);
STEP_IS(register, look, accounts_look(call, in, &state->draft));
STEP_IS(register, prepare, accounts_prepare(call, in, &state->draft));

STEPS(claim, claim, me, struct me_state, prepare, apply, finish);
STEP_IS(claim, prepare, accounts_prepare_admin(call, in, &state->draft));

static enum err apply_register(struct call *call, const struct accounts_new *in,
                               struct me_state *state, struct accounts_me *out)
{
    TRY(accounts_add(call, in, &state->draft));
    return accounts_read(call, state->draft.id, &state->row, out);
}

STEP_IS(register, apply, apply_register(call, in, state, out));

STEP_IS(claim, apply, apply_register(call, in, state, out));

static enum err finish_register(struct call *call, struct me_state *state, struct accounts_me *out)
{
    if (state->draft.session_id) {
        sessions_cookie(call, &state->draft.session);
    }
    return accounts_open(call, &state->row, out);
}

STEP_IS(register, finish, finish_register(call, state, out));

STEP_IS(claim, finish, finish_register(call, state, out));

STEPS(look_name, name_ref, name_answer, struct name_state, apply);
STEP(look_name, apply)
{
    enum err err = names_check(call, in->name, &state->forms);
    err = err == OK ? accounts_name_free(call, &state->forms) : err;
    if (err != OK && err != ERR_INVALID && err != ERR_CONFLICT) {
        return err;
    }
    out->free = err == OK;
    if (err != OK) { /* not a failure of this call: it was asked */
        out->code = call->fail_code;
        out->text = catalogue_text(call->actor.language, call->fail_code);
        call->fail_code = NULL;
        call->fail_field = NULL;
    }
    return OK;
}

STEPS(get_phrase, phrase_wish, phrase, struct none, prepare);
STEP(get_phrase, prepare)
{
    const char *language = in->language;
    out->passphrase = passwords_phrase(call, language ? language : call->actor.language);
    return OK;
}

STEPS(get_me, none, me, struct me_state, apply, finish);
STEP_IS(get_me, apply, accounts_read(call, call->actor.id, &state->row, out));
STEP_IS(get_me, finish, accounts_open(call, &state->row, out));

STEPS(patch, patch, none, struct accounts_change, look, prepare, apply);
STEP(patch, look)
{
    state->country = in->country;
    return accounts_patch_look(call, state);
}

STEP(patch, prepare)
{
    state->language = in->language;
    state->marketing_set = in->marketing != NULL;
    state->marketing = in->marketing && strcmp(in->marketing, "yes") == 0;
    state->real_name_set = in->real_name != NULL;
    TRY(accounts_patch_judge(call, state));
    if (!in->real_name || !*in->real_name) {
        return OK;
    }
    return sealed_row(call, state->key_id, "account.real_name_ct", call->actor.id, in->real_name,
                      &state->sealed);
}

STEP_IS(patch, apply, accounts_patch(call, state));

STEPS(dress, dress, none, struct looks_change, look, prepare, apply);
STEP_IS(dress, look, looks_change_look(call, state));
STEP(dress, prepare)
{
    const char *avatar = NULL, *colours = NULL;
    TRY(accounts_avatar_check(call, in->avatar, &in->colours, &avatar, &colours));
    looks_take_ready(avatar, colours, &state->recipe);
    return looks_seal(call, state);
}

STEP_IS(dress, apply, looks_wear_any(call, state));

STEPS(password, password, none, struct accounts_password_state, look, prepare, apply);
STEP_IS(password, look, accounts_password_look(call, state));
STEP_IS(password, prepare, accounts_password_prepare(call, in, state));
STEP_IS(password, apply, accounts_password_apply(call, state));

STEPS(close, none, closed, struct accounts_closing, look, prepare, apply, finish);
STEP_IS(close, look, accounts_close_look(call, state));
STEP_IS(close, prepare, accounts_close_prepare(call, state));

STEP(close, apply)
{
    out->erase_ms = state->erase_ms;
    return accounts_close_apply(call, state);
}

STEP(close, finish)
{
    call_cookie(call, SESSION_COOKIE, "", 0);
    return OK;
}

STEPS(get_people, people_wish, people, struct none, apply);
STEP(get_people, apply)
{
    struct accounts_person *all = NULL;
    TRY(accounts_people(call, in->search, in->state, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(post_approve, person_ref, none, struct none, apply);
STEP_IS(post_approve, apply, accounts_approve(call, in->id));

STEPS(post_end, ending, none, struct none, apply);
STEP_IS(post_end, apply, accounts_end(call, in->id, in->reason));

/* ---- bauta demo ---- */

struct demo_state {
    struct accounts_demo *demo;
};
INNER_STEPS(demo, struct none, struct none, struct demo_state, prepare, apply);
STEP_IS(demo, prepare, accounts_demo_prepare(call, &state->demo));
STEP_IS(demo, apply, accounts_demo(call, state->demo));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"POST", "/api/age", API_ANYONE, API_TX_NONE, 0, 200, &post_age_steps, .limits = {&screens},
     .about = "The age screen: may this person go on to register?"},
    {"POST", "/api/accounts", API_ANYONE, API_TX_WRITE, API_SLOW_POOL | API_NO_IDEMPOTENCY, 201,
     &register_steps, .limits = {&sign_up},
     .about = "Register; signs in by cookie unless the site approves people first."},
    {"POST", "/api/claims", API_ANYONE, API_TX_WRITE, API_SLOW_POOL | API_NO_IDEMPOTENCY, 201,
     &claim_steps, .limits = {&sign_up},
     .about = "Become an administrator by the one-time link of `bauta admin create`."},
    {"GET", "/api/names/{name}", API_ANYONE, API_TX_READ, 0, 200, &look_name_steps,
     .limits = {&names}, .about = "Could this avatar name be had, and if not, why?"},
    {"GET", "/api/passphrase", API_ANYONE, API_TX_NONE, 0, 200, &get_phrase_steps,
     .limits = {&phrases}, .about = "Four words by chance: a password to remember."},
    {"GET", "/api/me", API_MEMBER, API_TX_READ, 0, 200, &get_me_steps,
     .about = "What the site knows of you."},
    {"PATCH", "/api/me", API_MEMBER, API_TX_WRITE, 0, 204, &patch_steps, .limits = {&changes},
     .about = "Change what you gave."},
    {"PUT", "/api/me/avatar", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 204, &dress_steps,
     .limits = {&changes},
     .about = "Wear the recipe of a ready avatar: for one version more; then PUT /api/me/look."},
    {"PUT", "/api/me/password", API_MEMBER, API_TX_WRITE,
     API_SLOW_POOL | API_NO_IDEMPOTENCY | API_STEP_UP, 204, &password_steps, .limits = {&passwords},
     .about = "A new password; ends your other sessions."},
    {"DELETE", "/api/me", API_MEMBER, API_TX_WRITE, API_STEP_UP | API_NO_IDEMPOTENCY, 200,
     &close_steps, .limits = {&passwords},
     .about = "Close your account: gone at once, erased after 7 days."},
    {"GET", "/api/admin/accounts", API_PEOPLE, API_TX_WRITE, API_PASSKEY, 200, &get_people_steps,
     .look = "people", .limits = {&staff},
     .about = "People by the beginning of their name, newest first."},
    {"POST", "/api/admin/accounts/{id}/approve", API_PEOPLE, API_TX_WRITE, API_PASSKEY, 204,
     &post_approve_steps, .limits = {&staff}, .about = "Let in somebody who waits."},
    {"POST", "/api/admin/accounts/{id}/end", API_ENDINGS, API_TX_WRITE, API_PASSKEY, 204,
     &post_end_steps, .limits = {&staff}, .about = "End an account, with the reason."},
    {0},
};
/* clang-format on */

static const struct mail_kind mails[] = {
    {"accounts.closed", NULL, ACCOUNTS_REGRET_MS, "The account was closed, and the way back."},
    {0},
};

static const struct notice_kind notices[] = {
    {"accounts.name_alike", "notices", "/settings/profile",
     "A name that looks like an older one since an update: please take another.", .mailed = true},
    {0},
};

static const struct desk desks[] = {
    {"accounts", "/admin/people", POWER_PEOPLE, true, .place = 10, .waiting = accounts_wait}, {0}};

extern const struct job_kind accounts_jobs[]; /* accounts_jobs_api.c */
extern const struct feature accounts_feature; /* named in features.gen.c */
const struct feature accounts_feature = {.name = "accounts",
                                         .routes = routes,
                                         .jobs = accounts_jobs,
                                         .mails = mails,
                                         .notices = notices,
                                         .desks = desks,
                                         .settings = &ages_setting_group,
                                         .demo = &demo_steps};
