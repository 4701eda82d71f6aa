#include "api/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/common/faces/faces.h"
#include "features/identity/ages/ages.h"
#include "features/identity/emails/emails.h"
#include "features/identity/guardians/guardians.h"
#include "privacy/keys.h"
#include "sandbox/sandbox.h"

/* How often one mailbox is asked is no limit here: it would tell of others who asked (guardians.h).
 */
static const struct api_limit asks = {"guardian asks", 5, 30 * TIME_MIN, .address = true};
static const struct api_limit codes = {"guardian codes", 30, 5 * TIME_MIN, .address = true};
static const struct api_limit links = {"guardian links", 60, 5 * TIME_MIN, .address = true};
static const struct api_limit forms = {"guardian forms", 10, TIME_H, .address = true};
static const struct api_limit agains = {"guardian again", 5, TIME_H, .address = true};
static const struct api_limit again_to = {"guardian again to", 3, TIME_DAY, .field = "email"};

static const struct api_limit reads = {"guardian reads", 120, TIME_MIN};

enum { LINK_MAX = 64, CODE_MAX = 40, CHILD_DAYS = 2 * GUARDIANS_DAYS };

struct asked {
    const char *code;
    int64_t ends_ms;
};
struct claim {
    const char *code;
};
struct waiting {
    const char *state, *avatar_name, *country, *language;
    int64_t ends_ms;
    bool marketing;
};
struct join {
    const char *code, *password, *email, *real_name, *language, *avatar;
    struct json_numbers colours;
    bool marketing, remember;
};
struct joined {
    const char *id, *avatar_name, *state;
};
struct link {
    const char *link;
};
struct more {
    const char *method;
    bool chat, marketing, performance, proving;
};
struct view {
    const char *case_number, *state, *avatar_name, *country, *methods, *method;
    bool child_here, chat, marketing, performance;
    int64_t created_ms, ends_ms, decided_ms, erase_ms, pages;
    JSON_LIST_OF(struct guardians_child) child;
    JSON_LIST_OF(struct more) more;
    JSON_LIST_OF(struct guardians_collected) collected;
};
struct seen {
    bool chat, marketing, performance;
    JSON_LIST_OF(struct guardians_child) child;
};
struct answered {
    const char *upload;
};
struct upload {
    const char *ticket;
};
struct uploaded {
    int64_t pages;
};
struct address {
    const char *email;
};

static enum err judge_ask(struct call *call, const struct guardians_ask *wish)
{
    enum err err = ages_judge(call, wish->birth_date, wish->country);
    if (err == ERR_DENIED && strcmp(call->fail_code, "ages.parent") == 0) {
        call->fail_code = NULL;
        return OK;
    }
    return err == OK ? call_fail(call, ERR_CONFLICT, "guardians.not_needed") : err;
}

#define COUNTRY(t_, m_, ...) J_TEXT(t_, m_, 2, 2, __VA_ARGS__)
#define LINK(t_) J_TEXT(t_, link, 1, LINK_MAX, .flags = JSON_SECRET, .about = "of the mail")
#define CODE(t_)                                                        \
    J_TEXT(t_, code, 0, CODE_MAX, .flags = JSON_SECRET | JSON_OPTIONAL, \
           .about = "the child's; without it the cookie's")

JSON_SHAPE_FIRST(ask, "guardian_ask", struct guardians_ask, judge_ask,
                 J_DATE(struct guardians_ask, birth_date, .flags = JSON_FIRST),
                 COUNTRY(struct guardians_ask, country, .flags = JSON_FIRST),
                 J_TEXT(struct guardians_ask, avatar_name, 1, 128),
                 J_TEXT(struct guardians_ask, parent_email, 3, EMAIL_MAX),
                 J_CHOICE(struct guardians_ask, language, "en id", .flags = JSON_OPTIONAL),
                 J_TEXT(struct guardians_ask, invite, 0, 64, .flags = JSON_OPTIONAL));
JSON_SHAPE(asked_shape, "guardian_asked", struct asked,
           J_TEXT(struct asked, code, GUARDIANS_CODE_LEN, GUARDIANS_CODE_LEN, .flags = JSON_SECRET),
           J_TIME(struct asked, ends_ms));
JSON_SHAPE(claim, "guardian_claim", struct claim, CODE(struct claim));
JSON_SHAPE(waiting, "guardian_waiting", struct waiting,
           J_CHOICE(struct waiting, state, "none asked proving granted"),
           J_TEXT(struct waiting, avatar_name, 3, 32, .flags = JSON_OPTIONAL),
           COUNTRY(struct waiting, country, .flags = JSON_OPTIONAL),
           J_CHOICE(struct waiting, language, "en id", .flags = JSON_OPTIONAL),
           J_TIME(struct waiting, ends_ms),
           J_BOOL(struct waiting, marketing, .about = "the parent allows news by e-mail"));
JSON_SHAPE(join_shape, "guardian_join", struct join, CODE(struct join),
           J_TEXT(struct join, password, 1, 1024, .flags = JSON_SECRET),
           J_TEXT(struct join, email, 3, EMAIL_MAX), J_BOOL(struct join, marketing),
           J_TEXT(struct join, real_name, 0, REAL_NAME_MAX, .flags = JSON_OPTIONAL),
           J_CHOICE(struct join, language, "en id", .flags = JSON_OPTIONAL),
           J_BOOL(struct join, remember, .flags = JSON_OPTIONAL),
           J_TEXT(struct join, avatar, 1, 32, .flags = JSON_OPTIONAL),
           J_NUMBERS(struct join, colours, 0, FACE_COLOUR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(joined, "guardian_joined", struct joined, J_TEXT(struct joined, id, 26, 26),
           J_TEXT(struct joined, avatar_name, 3, 32),
           J_CHOICE(struct joined, state, "active waiting"));
JSON_SHAPE(link, "guardian_link", struct link, LINK(struct link));
JSON_SHAPE(child, "guardian_child", struct guardians_child,
           J_BOOL(struct guardians_child, email_verified),
           J_BOOL(struct guardians_child, marketing), J_BOOL(struct guardians_child, real_name),
           J_I64(struct guardians_child, sessions, 0, 1000),
           J_I64(struct guardians_child, programs, 0, 1000),
           J_I64(struct guardians_child, rooms, 0, 10000), J_TIME(struct guardians_child, seen_ms),
           COUNTRY(struct guardians_child, country),
           J_CHOICE(struct guardians_child, language, "en id"));
JSON_SHAPE(collected, "guardian_collected", struct guardians_collected,
           J_TEXT(struct guardians_collected, data, 1, 200),
           J_TEXT(struct guardians_collected, purpose, 0, 500));
JSON_SHAPE(more, "guardian_more", struct more, J_CHOICE(struct more, method, "form call sandbox"),
           J_BOOL(struct more, chat), J_BOOL(struct more, marketing),
           J_BOOL(struct more, performance),
           J_BOOL(struct more, proving, .about = "an officer decides; else the form is missing"));
JSON_SHAPE(view_shape, "guardian_view", struct view,
           J_TEXT(struct view, case_number, 8, 8, .flags = JSON_OPTIONAL),
           J_CHOICE(struct view, state, "asked proving granted active child"),
           J_TEXT(struct view, avatar_name, 3, 32, .flags = JSON_OPTIONAL),
           COUNTRY(struct view, country, .flags = JSON_OPTIONAL),
           J_TEXT(struct view, methods, 0, 40, .about = "words of: form call sandbox"),
           J_CHOICE(struct view, method, "form call sandbox", .flags = JSON_OPTIONAL),
           J_BOOL(struct view, child_here,
                  .about = "opened in the child's own browser: nothing else is told"),
           J_BOOL(struct view, chat), J_BOOL(struct view, marketing),
           J_BOOL(struct view, performance), J_TIME(struct view, created_ms),
           J_TIME(struct view, ends_ms), J_TIME(struct view, decided_ms),
           J_TIME(struct view, erase_ms, .about = "the parent closed it; until then the way back"),
           J_I64(struct view, pages, 0, SANDBOX_PAGES_MAX), J_LIST(struct view, child, child, 1),
           J_LIST(struct view, more, more, 1,
                  .about = "what the parent of an account wants to allow, until it is proved"),
           J_LIST(struct view, collected, collected, 20));
JSON_SHAPE(seen_shape, "parent_sees", struct seen, J_BOOL(struct seen, chat),
           J_BOOL(struct seen, marketing), J_BOOL(struct seen, performance),
           J_LIST(struct seen, child, child, 1, .about = "none: no parent looks after you"));
JSON_SHAPE(answer_shape, "guardian_answer", struct guardians_answer, LINK(struct guardians_answer),
           J_BOOL(struct guardians_answer, account), J_BOOL(struct guardians_answer, chat),
           J_BOOL(struct guardians_answer, marketing), J_BOOL(struct guardians_answer, performance),
           J_CHOICE(struct guardians_answer, method, "form call sandbox", .flags = JSON_OPTIONAL),
           J_TEXT(struct guardians_answer, when, 0, GUARDIANS_WHEN_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(answered, "guardian_answered", struct answered,
           J_TEXT(struct answered, upload, 43, 43, .flags = JSON_OPTIONAL | JSON_SECRET,
                  .about = "with it one form can be handed in, within an hour"));
JSON_SHAPE(upload, "guardian_upload", struct upload,
           J_TEXT(struct upload, ticket, 1, LINK_MAX, .flags = JSON_SECRET));
JSON_SHAPE(uploaded, "guardian_uploaded", struct uploaded,
           J_I64(struct uploaded, pages, 1, SANDBOX_PAGES_MAX));
JSON_SHAPE(address, "guardian_address", struct address,
           J_TEXT(struct address, email, 3, EMAIL_MAX));

STEPS(ask, ask, asked_shape, struct guardians_asking, prepare, apply, finish);
STEP_IS(ask, prepare, guardians_ask_prepare(call, in, state));

STEP(ask, apply)
{
    TRY(guardians_ask_apply(call, in, state));
    out->code = state->code;
    out->ends_ms = call->now_ms + GUARDIANS_DAYS * TIME_DAY;
    return OK;
}

STEP(ask, finish)
{
    call_cookie(call, GUARDIANS_CLAIM_COOKIE, state->code, CHILD_DAYS * TIME_DAY / TIME_S);
    return OK;
}

STEPS(post_waiting, claim, waiting, struct none, apply);
/* A code that is typed must be right; a browser may just have none. */
STEP(post_waiting, apply)
{
    struct guardian guardian;
    const char *given = in->code;
    const char *code = guardians_code(call, given);
    enum err err = guardians_by_claim(call, code, &guardian);
    if (err == ERR_MISSING && (!given || !*given)) {
        call->fail_code = NULL;
        out->state = "none";
        return OK;
    }
    TRY(err);
    *out = (struct waiting){guardian.state,    guardian.avatar_name, guardian.country,
                            guardian.language, guardian.ends_ms,     guardian.marketing};
    call_cookie(call, GUARDIANS_CLAIM_COOKIE, code, CHILD_DAYS * TIME_DAY / TIME_S);
    return OK;
}

STEPS(join, join_shape, joined, struct guardians_joining, look, prepare, apply, finish);
STEP(join, look)
{
    const char *code = guardians_code(call, in->code);
    return guardians_join_look(call, code, state);
}

STEP(join, prepare)
{
    const struct accounts_new wish = {.password = in->password,
                                      .email = in->email,
                                      .real_name = in->real_name,
                                      .language = in->language,
                                      .avatar = in->avatar,
                                      .colours = in->colours,
                                      .marketing = in->marketing,
                                      .remember = in->remember};
    return guardians_join_prepare(call, &wish, state);
}

STEP(join, apply)
{
    TRY(guardians_join_apply(call, state));
    *out = (struct joined){state->draft.public_id, state->draft.forms.name, state->draft.state};
    return OK;
}

STEP(join, finish)
{
    if (state->draft.session_id) {
        sessions_cookie(call, &state->draft.session);
    }
    call_cookie(call, GUARDIANS_CLAIM_COOKIE, "", 0);
    return OK;
}

STEPS(post_child_again, claim, none, struct guardian, look, apply);
STEP(post_child_again, look)
{
    const char *code = guardians_code(call, in->code);
    return guardians_by_claim(call, code, state);
}

STEP_IS(post_child_again, apply, guardians_again(call, state->id));

static void show_more(struct call *call, const struct guardian *guardian, struct view *view)
{
    if (guardian->raising) {
        struct more *wants = arena_alloc(call->arena, sizeof(*wants));
        *wants = (struct more){.method = guardian->method,
                               .chat = guardian->chat,
                               .marketing = guardian->marketing,
                               .performance = guardian->performance,
                               .proving = strcmp(guardian->state, "proving") == 0};
        JSON_LIST_SET(view->more, wants, 1);
    }
}

STEPS(open_link, link, view_shape, struct none, apply);
STEP(open_link, apply)
{
    struct guardian guardian;
    struct guardians_collected *all = NULL;
    TRY(guardians_by_link(call, in->link, &guardian));
    TRY(guardians_open(call, &guardian, &out->child_here));
    if (out->child_here) {
        out->state = "child";
        out->methods = "";
        return OK;
    }
    *out = (struct view){.case_number = arena_text(call->arena, guardian.public_id, 8),
                         .state = guardian.account_id ? "active" : guardian.state,
                         .avatar_name = guardian.avatar_name,
                         .country = guardian.country,
                         .methods = guardians_methods(call),
                         .method = guardian.method,
                         .chat = guardian.now_chat,
                         .marketing = guardian.now_marketing,
                         .performance = guardian.now_performance,
                         .created_ms = guardian.created_ms,
                         .ends_ms = guardian.ends_ms,
                         .decided_ms = guardian.decided_ms};
    TRY(guardians_pages(call, guardian.id, &out->pages));
    guardians_collected(call, &all, &out->collected.count);
    out->collected.items = all;
    if (guardian.account_id) {
        struct guardians_child *facts = arena_alloc(call->arena, sizeof(*facts));
        TRY(guardians_child(call, guardian.account_id, facts));
        TRY(guardians_ended(call, guardian.account_id, &out->erase_ms));
        JSON_LIST_SET(out->child, facts, 1);
        show_more(call, &guardian, out);
    }
    return OK;
}

STEPS(get_parent, none, seen_shape, struct none, apply);
/* The same of one's own account, as open_link shows it to the parent. */
STEP(get_parent, apply)
{
    struct guardian guardian;
    enum err err = guardians_own(call, &guardian);
    if (err == ERR_MISSING) {
        call->fail_code = NULL;
        return OK;
    }
    TRY(err);
    struct guardians_child *facts = arena_alloc(call->arena, sizeof(*facts));
    TRY(guardians_child(call, guardian.account_id, facts));
    *out = (struct seen){
        guardian.now_chat, guardian.now_marketing, guardian.now_performance, {facts, 1}};
    return OK;
}

STEPS(answer, answer_shape, answered, struct guardians_answering, look, prepare, apply);
STEP_IS(answer, look, guardians_by_link(call, in->link, &state->guardian));
STEP_IS(answer, prepare, guardians_answer_prepare(call, in, state));

STEP(answer, apply)
{
    TRY(guardians_answer_apply(call, in, state));
    out->upload = state->upload_ready ? state->upload.text : NULL;
    return OK;
}

STEPS(form, upload, uploaded, struct guardians_form, look, prepare, apply);
STEP_IS(form, look, guardians_form_look(call, in->ticket, state));
STEP_IS(form, prepare, guardians_form_prepare(call, state));

STEP(form, apply)
{
    TRY(guardians_form_apply(call, in->ticket, state));
    out->pages = (int64_t)state->count;
    return OK;
}

STEPS(end, link, none, struct guardians_ending, look, prepare, apply);
STEP_IS(end, look, guardians_by_link(call, in->link, &state->guardian));
STEP_IS(end, prepare, guardians_end_prepare(call, in->link, state));

STEP(end, apply)
{
    struct guardian now;
    TRY(guardians_by_link(call, in->link, &now));
    if (now.account_id != state->guardian.account_id) { /* the child joined in between */
        return call_fail(call, ERR_CONFLICT, "guardians.decided");
    }
    return guardians_end(call, state);
}

STEPS(post_back, link, none, struct none, apply);
STEP(post_back, apply)
{
    struct guardian guardian;
    TRY(guardians_by_link(call, in->link, &guardian));
    return guardians_end_back(call, &guardian);
}

struct again_state {
    uint8_t email_bi[HASH_BYTES];
};
STEPS(post_parent_again, address, none, struct again_state, prepare, apply);
STEP(post_parent_again, prepare)
{
    const char *email = NULL;
    TRY(emails_check(call, in->email, "email", &email));
    return emails_blind(call, email, state->email_bi);
}

STEP_IS(post_parent_again, apply, guardians_again_to(call, state->email_bi));

extern const struct job_kind guardians_jobs[]; /* guardians_jobs_api.c */

/* clang-format off: a table reads as a table */
static const struct mail_kind mails[] = {
    {"guardians.ask", NULL, GUARDIANS_DAYS *TIME_DAY, "Asks a parent."},
    {"guardians.again", NULL, GUARDIANS_DAYS *TIME_DAY, "The link, once more."},
    {"guardians.granted", NULL, GUARDIANS_DAYS *TIME_DAY, "The consent is there."},
    {"guardians.more_granted", NULL, GUARDIANS_DAYS *TIME_DAY, "More is allowed."},
    {"guardians.more_refused", NULL, GUARDIANS_DAYS *TIME_DAY, "More is not allowed, all stays."},
    {"guardians.ended", NULL, ACCOUNTS_REGRET_MS, "The account was closed, and the way back."},
    {"guardians.refused", NULL, TIME_DAY, "Staff could not accept the proof; all is erased."},
    {0},
};

static const struct api_route routes[] = {
    {"POST", "/api/guardians", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201, &ask_steps,
     .limits = {&asks},
     .about = "Ask a parent for consent, at the age that needs it; there is no account yet."},
    {"POST", "/api/guardians/waiting", API_ANYONE, API_TX_READ, API_NO_IDEMPOTENCY, 200,
     &post_waiting_steps, .limits = {&codes},
     .about = "How far it is, by the child's code or cookie."},
    {"POST", "/api/guardians/join", API_ANYONE, API_TX_WRITE, API_SLOW_POOL | API_NO_IDEMPOTENCY,
     201, &join_steps, .limits = {&codes},
     .about = "The account, once the consent is there; signs in by cookie."},
    {"POST", "/api/guardians/again", API_ANYONE, API_TX_WRITE, 0, 204, &post_child_again_steps,
     .limits = {&agains}, .about = "A new link to the parent's same address, by the child."},
    {"POST", "/api/parents/open", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200,
     &open_link_steps, .limits = {&links},
     .about = "What the parent's link shows: what is asked, what is collected, what is set."},
    {"GET", "/api/me/parent", API_MEMBER, API_TX_READ, API_NO_TOKEN, 200, &get_parent_steps,
     .limits = {&reads},
     .about = "What the parent who consented to your account is shown of it and has allowed."},
    {"POST", "/api/parents/answer", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200,
     &answer_steps, .limits = {&links},
     .about =
         "Consents by part and how to prove being an adult; later: less at once, more by proof."},
    {"POST", "/api/parents/form", API_ANYONE, API_TX_WRITE, API_RAW | API_NO_IDEMPOTENCY, 200,
     &form_steps, .limits = {&forms}, .body_max = SANDBOX_IN_MAX,
     .accept = "application/pdf image/jpeg image/png",
     .about = "The signed form; only pictures of its pages are kept, sealed."},
    {"POST", "/api/parents/end", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 204, &end_steps,
     .limits = {&links},
     .about = "No, or no longer: a request is erased; an account is closed, and erased in 7 days."},
    {"POST", "/api/parents/back", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 204,
     &post_back_steps, .limits = {&links},
     .about = "The account that this parent closed is open again, in those 7 days."},
    {"POST", "/api/parents/again", API_ANYONE, API_TX_WRITE, 0, 204, &post_parent_again_steps,
     .limits = {&agains, &again_to},
     .about = "A new link to that address, if it is a parent's; the answer does not say."},
    {0},
};
/* clang-format on */

extern const struct feature guardians_feature; /* named in features.gen.c */
const struct feature guardians_feature = {
    .name = "guardians", .routes = routes, .jobs = guardians_jobs, .mails = mails};
