#include "features/identity/policies/policies.h"

#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"

static const struct api_limit reads = {"policies", 120, TIME_MIN, .address = true};
static const struct api_limit answers = {"policies.answers", 60, TIME_H};
static const struct api_limit staff = {"staff", 300, 5 * TIME_MIN};

#define KINDS "terms notice"
#define KIND(t_) J_CHOICE(t_, kind, KINDS)
#define NUMBER_MAX (INT64_C(1) << 31)
#define NUMBER(t_) J_I64(t_, number, 1, NUMBER_MAX)

struct one {
    const char *kind;
    int64_t number, since_ms;
    const char *changes;
};
struct ref {
    const char *kind;
    int64_t number;
};
struct whole {
    const char *kind;
    int64_t number, since_ms;
    const char *changes, *language, *text;
    JSON_LIST_OF(struct one) versions;
};
struct asked {
    const char *kind;
    int64_t number, since_ms;
    const char *changes, *answer, *language, *how;
    int64_t at_ms;
};
struct said {
    const char *kind;
    int64_t number;
    const char *answer;
};
struct kind_ref {
    const char *kind;
};
struct draft {
    int64_t number, edit;
    JSON_LIST_OF(struct policies_text) texts;
};
struct wish {
    const char *kind, *language, *text, *changes;
    int64_t edit;
};
struct edited {
    int64_t edit;
};
struct issue {
    const char *kind;
    int64_t edit, days;
    bool mail;
};

#define CHANGES(t_) \
    J_TEXT(t_, changes, 0, POLICIES_CHANGES_MAX, .about = "what is new, in a few words")
#define SINCE(t_) J_TIME(t_, since_ms, .about = "in force from then on, until the next one is")
JSON_SHAPE(one, "policy", struct one, KIND(struct one), NUMBER(struct one), SINCE(struct one),
           CHANGES(struct one));
JSON_ITEMS(list, "policies", one, POLICIES_MAX);
JSON_SHAPE(ref, "policy_ref", struct ref, KIND(struct ref),
           J_I64(struct ref, number, 0, NUMBER_MAX, .about = "0: the one in force"));
JSON_SHAPE(whole, "policy_whole", struct whole, KIND(struct whole), NUMBER(struct whole),
           SINCE(struct whole), CHANGES(struct whole),
           J_TEXT(struct whole, language, 2, 8,
                  .about = "of its words: yours, where there are some"),
           J_TEXT(struct whole, text, 1, SETTINGS_TERMS_MAX),
           J_LIST(struct whole, versions, one, POLICIES_MAX,
                  .about = "all of its kind, newest first"));
JSON_SHAPE(asked, "policy_asked", struct asked, KIND(struct asked), NUMBER(struct asked),
           SINCE(struct asked), CHANGES(struct asked),
           J_CHOICE(struct asked, answer, "agreed seen declined", .flags = JSON_OPTIONAL,
                    .about = "null: you are asked and have not answered"),
           J_TEXT(struct asked, language, 2, 8, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_CHOICE(struct asked, how, "registration asked", .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TIME(struct asked, at_ms));
JSON_ITEMS(mine, "policies_asked", asked, POLICIES_MAX);
JSON_SHAPE(said, "policy_answer", struct said, KIND(struct said), NUMBER(struct said),
           J_CHOICE(struct said, answer, "agreed seen declined"));
JSON_SHAPE(kind_ref, "policy_kind", struct kind_ref, KIND(struct kind_ref));
JSON_SHAPE(words, "policy_text", struct policies_text, J_TEXT(struct policies_text, language, 2, 8),
           J_TEXT(struct policies_text, text, 1, SETTINGS_TERMS_MAX),
           CHANGES(struct policies_text));
JSON_SHAPE(draft, "policy_draft", struct draft, NUMBER(struct draft),
           J_I64(struct draft, edit, 0, NUMBER_MAX, .about = "0: nothing is written yet"),
           J_LIST(struct draft, texts, words, POLICIES_LANGUAGES_MAX));
JSON_SHAPE(wish, "policy_wish", struct policies_wish, KIND(struct policies_wish),
           J_CHOICE(struct policies_wish, language, "en id"),
           J_TEXT(struct policies_wish, text, 1, POLICIES_TEXT_MAX), CHANGES(struct policies_wish),
           J_I64(struct policies_wish, edit, 0, NUMBER_MAX,
                 .about = "as it was seen: another one is refused"));
JSON_SHAPE(edited, "policy_edit", struct edited, J_I64(struct edited, edit, 1, NUMBER_MAX));
JSON_SHAPE(issue, "policy_issue", struct issue, KIND(struct issue),
           J_I64(struct issue, edit, 1, NUMBER_MAX),
           J_I64(struct issue, days, 0, POLICIES_DAYS_MAX, .about = "until it is in force"),
           J_BOOL(struct issue, mail, .about = "members are told by mail, too"));

static void put_list(struct call *call, const struct policies_version *all, size_t count,
                     struct one **ret)
{
    *ret = arena_alloc(call->arena, (count + 1) * sizeof(**ret));
    for (size_t i = 0; i < count; i++) {
        (*ret)[i] = (struct one){all[i].kind, all[i].number, all[i].since_ms, all[i].changes};
    }
}

STEPS(get_now, none, list, struct none, apply);
STEP(get_now, apply)
{
    struct policies_version *all = NULL;
    struct one *items = NULL;
    TRY(policies_now(call, &all, &out->items.count));
    put_list(call, all, out->items.count, &items);
    out->items.items = items;
    return OK;
}

STEPS(get_one, ref, whole, struct none, apply);
STEP(get_one, apply)
{
    struct policies_version version, *all = NULL;
    struct policies_text text = {0};
    struct one *items = NULL;
    size_t count = 0;
    TRY(policies_read(call, in->kind, in->number, &version, &text));
    TRY(policies_past(call, in->kind, &all, &count));
    put_list(call, all, count, &items);
    *out = (struct whole){.kind = version.kind,
                          .number = version.number,
                          .since_ms = version.since_ms,
                          .changes = text.changes,
                          .language = text.language,
                          .text = text.text};
    JSON_LIST_SET(out->versions, items, count);
    return OK;
}

STEPS(get_mine, none, mine, struct none, apply);
STEP(get_mine, apply)
{
    struct policies_asked *all = NULL;
    size_t count = 0;
    TRY(policies_mine(call, &all, &count));
    struct asked *items = arena_alloc(call->arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        const struct policies_version *version = &all[i].version;
        items[i] = (struct asked){.kind = version->kind,
                                  .number = version->number,
                                  .since_ms = version->since_ms,
                                  .changes = version->changes,
                                  .answer = all[i].answer,
                                  .language = all[i].language,
                                  .how = all[i].how,
                                  .at_ms = all[i].at_ms};
    }
    JSON_LIST_SET(out->items, items, count);
    return OK;
}

STEPS(put_answer, said, none, struct none, apply);
STEP_IS(put_answer, apply, policies_answer(call, in->kind, in->number, in->answer));

STEPS(get_draft, kind_ref, draft, struct none, apply);
STEP(get_draft, apply)
{
    struct policies_draft *found = arena_alloc(call->arena, sizeof(*found));
    TRY(policies_draft(call, in->kind, found));
    out->number = found->number;
    out->edit = found->edit;
    JSON_LIST_SET(out->texts, found->texts, found->count);
    return OK;
}

STEPS(put_draft, wish, edited, struct policies_wish, prepare, apply);
STEP(put_draft, prepare)
{
    *state = *in;
    return policies_write_prepare(call, state);
}

STEP_IS(put_draft, apply, policies_write(call, state, &out->edit));

STEPS(publish, issue, none, struct none, apply);
STEP_IS(publish, apply, policies_publish(call, in->kind, in->edit, in->days, in->mail));

STEPS(withdraw, ref, none, struct none, apply);
STEP_IS(withdraw, apply, policies_withdraw(call, in->kind, in->number));

JOB_STEPS(first, struct none, apply);
STEP_IS(first, apply, policies_first(call));

JOB_STEPS(tell, struct policies_page, look, prepare, apply);
STEP_IS(tell, look, policies_tell_look(call, in->payload, state));
STEP_IS(tell, prepare, policies_tell_prepare(call, state));
STEP_IS(tell, apply, policies_tell_apply(call, state));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/policies", API_ANYONE, API_TX_READ, 0, 200, &get_now_steps, .limits = {&reads},
     .about = "The terms and the privacy notice that are in force, and those that will be."},
    {"GET", "/api/policies/{kind}/{number}", API_ANYONE, API_TX_READ, 0, 200, &get_one_steps,
     .limits = {&reads}, .about = "One version with its words, and which others there are."},
    {"GET", "/api/me/policies", API_MEMBER, API_TX_READ, 0, 200, &get_mine_steps,
     .about = "What you are asked, and what you answered when."},
    {"PUT", "/api/me/policies/{kind}/{number}", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204,
     &put_answer_steps, .limits = {&answers},
     .about = "Answer: terms are agreed or declined, a notice is seen."},
    {"GET", "/api/admin/policies/{kind}/draft", API_POLICIES, API_TX_READ, 0, 200, &get_draft_steps,
     .limits = {&staff}, .about = "What is being written of the next version."},
    {"PUT", "/api/admin/policies/{kind}/draft/{language}", API_POLICIES, API_TX_WRITE, API_PASSKEY,
     200, &put_draft_steps, .limits = {&staff}, .about = "Write it in one language."},
    {"POST", "/api/admin/policies/{kind}/publish", API_POLICIES, API_TX_WRITE, API_STEP_UP, 204,
     &publish_steps, .limits = {&staff},
     .about = "Publish what is written; members are told and asked."},
    {"DELETE", "/api/admin/policies/{kind}/{number}", API_POLICIES, API_TX_WRITE, 0, 204,
     &withdraw_steps, .limits = {&staff},
     .about = "Take back what is being written, or what is not in force yet."},
    {0},
};

static const struct job_kind jobs[] = {
    {"policies.first", TIME_MIN, 5, TIME_MIN, &first_steps, API_TX_WRITE,
     .about = "Makes what terms_file says the first version of the terms, within a minute."},
    {"policies.tell", 0, 10, TIME_MIN, &tell_steps, API_TX_WRITE,
     .about = "Tells members of a new version, fifty at a time."},
    {0},
};

static const struct mail_kind mails[] = {
    {"policies.changed", NULL, 30 * TIME_DAY, "The terms or the privacy notice will be others."},
    {0},
};

static const struct notice_kind notices[] = {
    {"policies.changed", "notices", "/policies/{target}",
     "There is a new version of the terms or of the privacy notice.", .mailed = true},
    {0},
};
/* clang-format on */

extern const struct feature policies_feature; /* named in features.gen.c */
const struct feature policies_feature = {
    .name = "policies", .routes = routes, .jobs = jobs, .mails = mails, .notices = notices};
