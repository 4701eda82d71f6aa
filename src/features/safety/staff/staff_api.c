#include "api/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/time.h"
#include "features/common/desks/desks.h"
#include "features/identity/emails/emails.h"
#include "features/identity/guardians/guardians.h"
#include "features/safety/staff/staff.h"
#include "privacy/sealed.h"
#include "sandbox/sandbox.h"

static const struct api_limit roles = {"staff roles", 60, TIME_MIN};
static const struct api_limit officers = {"officers", 300, 5 * TIME_MIN};

struct wish {
    const char *avatar_name, *role;
};
struct role_ref {
    const char *id, *role;
};
struct ref {
    const char *id;
};
struct acts_wish {
    int64_t before;
};
struct cases_wish {
    const char *decided;
};
struct case_view {
    const char *id, *avatar_name, *country, *method, *state, *parent_email, *when, *reason, *shown;
    int64_t age, pages, created_ms, answered_ms, decided_ms, ends_ms;
    bool account, child_here, chat, marketing, performance;
    JSON_LIST_OF(struct guardians_step) steps;
};
struct case_state {
    struct guardian guardian;
};
struct page_ref {
    const char *id;
    int64_t page;
};
struct page_view {
    const char *jpeg;
};
struct page_state {
    struct sealed picture;
};

enum { PICTURE_TEXT_MAX = (SANDBOX_PAGE_MAX + 2) / 3 * 4 };

#define ROLE_NAMES "moderator support privacy payout admin"
JSON_SHAPE(wish, "role_new", struct wish, J_TEXT(struct wish, avatar_name, 1, 128),
           J_CHOICE(struct wish, role, ROLE_NAMES));
JSON_SHAPE(role_ref, "role_ref", struct role_ref, J_TEXT(struct role_ref, id, 26, 26),
           J_CHOICE(struct role_ref, role, ROLE_NAMES));
JSON_SHAPE(ref, "case_ref", struct ref, J_TEXT(struct ref, id, 26, 26));
JSON_SHAPE(person, "staff_person", struct staff_person, J_TEXT(struct staff_person, id, 26, 26),
           J_TEXT(struct staff_person, avatar_name, 3, 32),
           J_TEXTS(struct staff_person, roles, ROLES_MAX, 16),
           J_TIME(struct staff_person, since_ms));
JSON_ITEMS(people, "staff_people", person, STAFF_MAX);
JSON_SHAPE(seen, "own_look", struct staff_seen,
           J_CHOICE(struct staff_seen, what, "report told case request names room",
                    .about = "told: what you reported"),
           J_TIME(struct staff_seen, at_ms, .about = "of a report about you only the month"));
JSON_ITEMS(seens, "own_looks", seen, STAFF_LINES_PAGE);
JSON_SHAPE(head, "log_head", struct staff_head, J_I64(struct staff_head, lines, 0, INT64_MAX),
           J_TEXT(struct staff_head, head, 0, INT64_C(2) * HASH_BYTES,
                  .about = "the hash of the last line, which is of all before it"));

JSON_SHAPE(acts_wish, "staff_acts_wish", struct acts_wish,
           J_I64(struct acts_wish, before, 1, INT64_C(1) << 53, .flags = JSON_OPTIONAL,
                 .about = "those before this one"));
JSON_SHAPE(done, "staff_act", struct staff_done, J_I64(struct staff_done, id, 1, INT64_C(1) << 53),
           J_TEXT(struct staff_done, by, 3, 32, .flags = JSON_OPTIONAL,
                  .about = "whose act; null when erased or at the machine"),
           J_BOOL(struct staff_done, machine),
           J_TEXT(struct staff_done, act, 1, 128, .flags = JSON_OPTIONAL),
           J_BOOL(struct staff_done, look),
           J_TEXT(struct staff_done, about, 8, 8, .flags = JSON_OPTIONAL,
                  .about = "the number of a case or report"),
           J_TEXT(struct staff_done, on, 3, 32, .flags = JSON_OPTIONAL),
           J_TEXT(struct staff_done, reason, 1, 500, .flags = JSON_OPTIONAL),
           J_TEXT(struct staff_done, what, 1, 3000, .flags = JSON_OPTIONAL,
                  .about = "of a setting: its name, what it was and what it is; of a role: which"),
           J_TIME(struct staff_done, at_ms));
JSON_ITEMS(acts, "staff_acts", done, STAFF_LINES_PAGE);

JSON_SHAPE(cases_wish, "cases_wish", struct cases_wish,
           J_CHOICE(struct cases_wish, decided, "yes no", .flags = JSON_OPTIONAL));
JSON_SHAPE(case_row, "case_row", struct guardians_case, J_TEXT(struct guardians_case, id, 26, 26),
           J_TEXT(struct guardians_case, avatar_name, 3, 32, .flags = JSON_OPTIONAL),
           J_TEXT(struct guardians_case, country, 2, 2),
           J_CHOICE(struct guardians_case, method, "form call sandbox", .flags = JSON_OPTIONAL),
           J_CHOICE(struct guardians_case, state, "proving granted active"),
           J_TIME(struct guardians_case, created_ms), J_TIME(struct guardians_case, answered_ms),
           J_TIME(struct guardians_case, ends_ms), J_TIME(struct guardians_case, decided_ms),
           J_BOOL(struct guardians_case, child_here));
JSON_ITEMS(cases, "cases", case_row, GUARDIANS_CASES_MAX);
JSON_SHAPE(step, "case_step", struct guardians_step, J_TEXT(struct guardians_step, what, 1, 40),
           J_TEXT(struct guardians_step, officer, 3, 32, .flags = JSON_OPTIONAL),
           J_TIME(struct guardians_step, at_ms));
JSON_SHAPE(case_view, "case_view", struct case_view, J_TEXT(struct case_view, id, 26, 26),
           J_TEXT(struct case_view, avatar_name, 3, 32, .flags = JSON_OPTIONAL),
           J_TEXT(struct case_view, country, 2, 2),
           J_CHOICE(struct case_view, method, "form call sandbox", .flags = JSON_OPTIONAL),
           J_CHOICE(struct case_view, state, "proving granted active"),
           J_TEXT(struct case_view, parent_email, 3, EMAIL_MAX),
           J_TEXT(struct case_view, when, 0, GUARDIANS_WHEN_MAX, .flags = JSON_OPTIONAL),
           J_TEXT(struct case_view, reason, 0, GUARDIANS_REASON_MAX, .flags = JSON_OPTIONAL),
           J_TEXT(struct case_view, shown, 0, GUARDIANS_REASON_MAX, .flags = JSON_OPTIONAL),
           J_I64(struct case_view, age, 0, 200, .about = "0: not kept here any more"),
           J_I64(struct case_view, pages, 0, SANDBOX_PAGES_MAX),
           J_TIME(struct case_view, created_ms), J_TIME(struct case_view, answered_ms),
           J_TIME(struct case_view, decided_ms), J_TIME(struct case_view, ends_ms),
           J_BOOL(struct case_view, account,
                  .about = "is there already: it is about allowing more than before"),
           J_BOOL(struct case_view, child_here), J_BOOL(struct case_view, chat),
           J_BOOL(struct case_view, marketing), J_BOOL(struct case_view, performance),
           J_LIST(struct case_view, steps, step, GUARDIANS_STEPS_MAX));
JSON_SHAPE(page_ref, "case_page_ref", struct page_ref, J_TEXT(struct page_ref, id, 26, 26),
           J_I64(struct page_ref, page, 1, SANDBOX_PAGES_MAX));
JSON_SHAPE(page_view, "case_page", struct page_view,
           J_TEXT(struct page_view, jpeg, 1, PICTURE_TEXT_MAX, .about = "base64url"));
JSON_SHAPE(decision, "case_decision", struct guardians_decision,
           J_TEXT(struct guardians_decision, id, 26, 26), J_BOOL(struct guardians_decision, grant),
           J_TIME(struct guardians_decision, answered_ms, .about = "of the case as it was seen"),
           J_TEXT(struct guardians_decision, reason, 1, GUARDIANS_REASON_MAX),
           J_TEXT(struct guardians_decision, shown, 0, GUARDIANS_REASON_MAX, .flags = JSON_OPTIONAL,
                  .about = "what was shown in the call"));

STEPS(get_cases, cases_wish, cases, struct none, apply);
STEP(get_cases, apply)
{
    const char *decided = in->decided;
    struct guardians_case *all = NULL;
    TRY(guardians_cases(call, decided && strcmp(decided, "yes") == 0, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(get_case, ref, case_view, struct case_state, apply, finish);
STEP(get_case, apply)
{
    struct guardian *guardian = &state->guardian;
    struct guardians_step *steps = NULL;
    TRY(guardians_by_id(call, in->id, guardian));
    call->acted.on = guardian->id;
    call->acted.subject = guardian->account_id;
    *out = (struct case_view){.id = guardian->public_id,
                              .avatar_name = guardian->avatar_name,
                              .country = guardian->country,
                              .method = guardian->method,
                              .state = guardian->state,
                              .created_ms = guardian->created_ms,
                              .answered_ms = guardian->answered_ms,
                              .decided_ms = guardian->decided_ms,
                              .ends_ms = guardian->ends_ms,
                              .account = guardian->account_id != 0,
                              .child_here = guardian->child_here,
                              .chat = guardian->chat,
                              .marketing = guardian->marketing,
                              .performance = guardian->performance};
    TRY(guardians_pages(call, guardian->id, &out->pages));
    TRY(guardians_steps(call, guardian->id, &steps, &out->steps.count));
    out->steps.items = steps;
    return OK;
}

STEP(get_case, finish)
{
    const struct guardian *guardian = &state->guardian;
    const char *birth = NULL;
    TRY(sealed_open(call, guardian->email, "guardian.email_ct", &out->parent_email));
    TRY(sealed_open(call, guardian->when, "guardian.when_ct", &out->when));
    TRY(sealed_open(call, guardian->reason, "guardian.reason_ct", &out->reason));
    TRY(sealed_open(call, guardian->shown, "guardian.shown_ct", &out->shown));
    TRY(sealed_open(call, guardian->birth, "guardian.birth_ct", &birth));
    out->age = birth ? text_age(birth, call->now_ms) : 0;
    return OK;
}

STEPS(get_page, page_ref, page_view, struct page_state, apply, finish);
STEP(get_page, apply)
{
    struct guardian guardian;
    TRY(guardians_by_id(call, in->id, &guardian));
    call->acted.on = guardian.id;
    call->acted.subject = guardian.account_id;
    return guardians_page(call, &guardian, in->page, &state->picture);
}

STEP(get_page, finish)
{
    const char *bytes = NULL;
    TRY(sealed_open(call, state->picture, "guardian_page.picture_ct", &bytes));
    size_t len = state->picture.len - SEAL_EXTRA;
    char *text = arena_alloc(call->arena, (len + 2) / 3 * 4 + 1);
    crypto_base64url(bytes, len, text);
    out->jpeg = text;
    return OK;
}

STEPS(decision, decision, none, struct guardians_deciding, look, prepare, apply);
STEP_IS(decision, look, guardians_by_id(call, in->id, &state->guardian));
STEP_IS(decision, prepare, guardians_decide_prepare(call, in, state));

STEP(decision, apply)
{
    call->acted.on = state->guardian.id;
    call->acted.subject = state->guardian.account_id;
    return guardians_decide_apply(call, in, state);
}

STEPS(get_people, none, people, struct none, apply);
STEP(get_people, apply)
{
    struct staff_person *all = NULL;
    TRY(staff_list(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(post_role, wish, none, struct name_forms, prepare, apply);
STEP_IS(post_role, prepare, names_forms(call, in->avatar_name, state));
STEP_IS(post_role, apply, staff_add(call, state, in->role));

STEPS(delete_role, role_ref, none, struct none, apply);
STEP_IS(delete_role, apply, staff_end(call, in->id, in->role));

STEPS(own_looks, none, seens, struct none, apply);
STEP(own_looks, apply)
{
    struct staff_seen *all = NULL;
    TRY(staff_seen_by_staff(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(get_head, none, head, struct none, apply);
STEP_IS(get_head, apply, staff_head(call, out));

STEPS(get_acts, acts_wish, acts, struct none, apply);
STEP(get_acts, apply)
{
    struct staff_done *all = NULL;
    TRY(staff_acts(call, in->before, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

static enum err staff_acted(struct call *call, const struct api_route *route)
{
    const char *act = arena_printf(call->arena, "%s %s", route->method, route->path);
    return staff_writes(call, act, route->look);
}

JOB_STEPS(sweep, struct none, apply);
STEP_IS(sweep, apply, staff_sweep(call));

static enum err cases_wait(struct call *call, int64_t *ret_count, int64_t *ret_urgent)
{
    struct guardians_case *all = NULL;
    size_t count = 0;
    TRY(guardians_cases(call, false, &all, &count));
    *ret_count = (int64_t)count;
    *ret_urgent = 0;
    return OK;
}
static const struct desk desks[] = {
    {"officer", "/staff", POWER_CONSENT, .place = 10, .waiting = cases_wait}, {0}};

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/staff/cases", API_CONSENT, API_TX_WRITE, 0, 200, &get_cases_steps,
     .look = "cases", .limits = {&officers},
     .about = "Parents' proofs that wait, the first to end first; or those decided."},
    {"GET", "/api/staff/cases/{id}", API_CONSENT, API_TX_WRITE, 0, 200, &get_case_steps,
     .look = "case", .limits = {&officers}, .about = "One case; the look is written down."},
    {"GET", "/api/staff/cases/{id}/pages/{page}", API_CONSENT, API_TX_WRITE, 0, 200,
     &get_page_steps, .look = "case", .limits = {&officers},
     .about = "A page of the signed form, as a picture; the look is written down."},
    {"POST", "/api/staff/cases/{id}/decision", API_CONSENT, API_TX_WRITE, 0, 204, &decision_steps,
     .limits = {&officers},
     .about = "Accept the proof, or refuse it: then all is erased. With the reason."},
    {"GET", "/api/admin/staff", API_ROLES, API_TX_READ, 0, 200, &get_people_steps,
     .limits = {&roles}, .about = "Who works for the site, and by which roles."},
    {"POST", "/api/admin/staff", API_ROLES, API_TX_WRITE, API_STEP_UP | API_PASSKEY, 204,
     &post_role_steps, .limits = {&roles}, .about = "Give a member a role, by avatar name."},
    {"DELETE", "/api/admin/staff/{id}/{role}", API_ROLES, API_TX_WRITE, API_STEP_UP | API_PASSKEY,
     204, &delete_role_steps, .limits = {&roles}, .about = "Take a role from somebody."},
    {"GET", "/api/admin/acts", API_LOG, API_TX_READ, API_PASSKEY, 200, &get_acts_steps,
     .limits = {&roles}, .about = "What staff did, and at what they looked, the latest first."},
    {"GET", "/api/admin/log", API_LOG, API_TX_READ, 0, 200, &get_head_steps, .limits = {&roles},
     .about = "How many lines the log has, and the hash by which all of them can be checked."},
    {"GET", "/api/me/looks", API_MEMBER, API_TX_READ, API_NO_TOKEN, 200, &own_looks_steps,
     .about = "When staff looked at your data, and why; the latest first."},
    {0},
};

static const struct job_kind jobs[] = {
    {"staff.sweep", TIME_DAY, 5, TIME_MIN, &sweep_steps, API_TX_WRITE,
     .about = "Empties lines of the log after three years; their seals stay."},
    {0},
};

/* clang-format on */

extern const struct feature staff_feature; /* named in features.gen.c */
const struct feature staff_feature = {
    .name = "staff", .routes = routes, .jobs = jobs, .desks = desks, .acted = staff_acted};
