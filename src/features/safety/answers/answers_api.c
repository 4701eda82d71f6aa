#include "api/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/time.h"
#include "features/common/desks/desks.h"
#include "features/safety/answers/answers.h"
#include "features/safety/requests/requests.h"

static const struct api_limit officers = {"officers", 300, 5 * TIME_MIN};

enum { TYPED_MAX = 2 * REQUESTS_TEXT_MAX };

struct queue_wish {
    const char *show;
};
struct ref {
    const char *id;
};
struct clock_view {
    const char *name;
    int64_t due_ms;
};
struct answer_text {
    const char *name, *text;
};
struct view {
    struct requests_row row;
    JSON_LIST_OF(struct requests_entry) entries;
    JSON_LIST_OF(struct clock_view) clocks;
    JSON_LIST_OF(struct answer_text) answers;
    bool extendable, releases;
};
struct claim {
    const char *id;
    bool take_over;
};
struct words {
    const char *id, *text;
};
struct reason {
    const char *id, *reason;
};
struct proving {
    const char *id, *how;
};
struct answer {
    const char *id, *outcome, *text;
};

JSON_SHAPE(queue_wish, "request_queue", struct queue_wish,
           J_CHOICE(struct queue_wish, show, "waiting mine answered closed",
                    .flags = JSON_OPTIONAL));
JSON_ITEMS(queue, "requests_queue", requests_row_shape, REQUESTS_LIST_MAX);
JSON_SHAPE(ref, "request_one_ref", struct ref, J_TEXT(struct ref, id, 26, 26));
JSON_SHAPE(clock_view, "request_clock", struct clock_view, J_TEXT(struct clock_view, name, 1, 16),
           J_TIME(struct clock_view, due_ms));
JSON_SHAPE(answer_text, "request_answer_text", struct answer_text,
           J_TEXT(struct answer_text, name, 1, 32),
           J_TEXT(struct answer_text, text, 1, REQUESTS_TEXT_MAX,
                  .about = "in the person's language"));
JSON_SHAPE(view, "request_case", struct view, J_OBJECT(struct view, row, requests_row_shape),
           J_LIST(struct view, entries, requests_entry_shape, REQUESTS_ENTRIES_MAX),
           J_LIST(struct view, clocks, clock_view, CLOCKS_MAX),
           J_LIST(struct view, answers, answer_text, REQUESTS_ANSWERS_MAX),
           J_BOOL(struct view, extendable), J_BOOL(struct view, releases));
JSON_SHAPE(claim, "request_claim", struct claim, J_TEXT(struct claim, id, 26, 26),
           J_BOOL(struct claim, take_over, .about = "from the officer who works on it"));
JSON_SHAPE(words, "request_staff_words", struct words, J_TEXT(struct words, id, 26, 26),
           J_TEXT(struct words, text, 1, TYPED_MAX));
JSON_SHAPE(reason, "request_extension", struct reason, J_TEXT(struct reason, id, 26, 26),
           J_CHOICE(struct reason, reason, REQUESTS_REASONS));
JSON_SHAPE(proving, "request_proof", struct proving, J_TEXT(struct proving, id, 26, 26),
           J_CHOICE(struct proving, how, REQUESTS_PROOFS));
JSON_SHAPE(answer, "request_answer", struct answer, J_TEXT(struct answer, id, 26, 26),
           J_CHOICE(struct answer, outcome, REQUESTS_OUTCOMES),
           J_TEXT(struct answer, text, 1, TYPED_MAX));

STEPS(queue, queue_wish, queue, struct none, apply);
STEP(queue, apply)
{
    struct requests_row *all = NULL;
    TRY(requests_queue(call, in->show ? in->show : "waiting", &all, &out->items.count));
    out->items.items = all;
    return OK;
}

/* Texts to begin an answer with, in the language of whoever reads it. */
static void texts_of(struct call *call, const struct request_kind *kind, const char *language,
                     struct view *out)
{
    struct answer_text *all = arena_alloc(call->arena, REQUESTS_ANSWERS_MAX * sizeof(*all));
    size_t count = 0;
    for (; count < REQUESTS_ANSWERS_MAX && kind->answers[count]; count++) {
        const char *key = kind->answers[count];
        all[count] =
            (struct answer_text){key + strlen("requests.answer_"), catalogue_text(language, key)};
    }
    JSON_LIST_SET(out->answers, all, count);
}

STEPS(one, ref, view, struct requests_one, apply, finish);
STEP(one, apply)
{
    TRY(requests_find(call, in->id, state));
    return requests_looked(call, state);
}

STEP(one, finish)
{
    const struct request_kind *kind = requests_kind(state->row.kind);
    struct clock_due due[CLOCKS_MAX];
    TRY(requests_open(call, state));
    out->row = state->row;
    JSON_LIST_SET(out->entries, state->entries, state->entry_count);
    if (!kind) {
        return OK;
    }
    const struct requests_row *row = &state->row;
    size_t count = clocks_of(kind->clocks, row->country, row->from_ms, row->extended_ms != 0, due);
    struct clock_view *clocks = arena_alloc(call->arena, CLOCKS_MAX * sizeof(*clocks));
    for (size_t i = 0; i < count; i++) {
        clocks[i] = (struct clock_view){due[i].rule->name, due[i].due_ms};
    }
    JSON_LIST_SET(out->clocks, clocks, count);
    texts_of(call, kind, row->language, out);
    out->releases = kind->releases;
    out->extendable = !row->extended_ms &&
                      clocks_extendable(kind->clocks, row->country, row->from_ms, call->now_ms);
    return OK;
}

STEPS(claim, claim, none, struct none, apply);
STEP_IS(claim, apply, requests_claim(call, in->id, in->take_over));

/* Each act is the same three steps with its own words. */
#define ACT(name_, shape_, what_, code_, text_)                               \
    STEPS(name_, shape_, none, struct requests_acting, look, prepare, apply); \
    STEP(name_, look)                                                         \
    {                                                                         \
        const struct requests_act act = {in->id, what_, code_, text_};        \
        return requests_act_look(call, &act, state);                          \
    }                                                                         \
    STEP(name_, prepare)                                                      \
    {                                                                         \
        const struct requests_act act = {in->id, what_, code_, text_};        \
        return requests_act_prepare(call, &act, state);                       \
    }                                                                         \
    STEP(name_, apply)                                                        \
    {                                                                         \
        const struct requests_act act = {in->id, what_, code_, text_};        \
        return requests_act(call, &act, state);                               \
    }                                                                         \
    struct none

ACT(note, words, "note", NULL, in->text);
ACT(question, words, "question", NULL, in->text);
ACT(extension, reason, "extended", in->reason, NULL);
ACT(proof, proving, "proof", in->how, NULL);
ACT(answer, answer, "answer", in->outcome, in->text);
ACT(closure, ref, "closed", NULL, NULL);

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/staff/requests", API_REQUESTS, API_TX_WRITE, 0, 200, &queue_steps,
     .look = "requests", .limits = {&officers}, .about = "Requests, the first to end first."},
    {"GET", "/api/staff/requests/{id}", API_REQUESTS, API_TX_WRITE, 0, 200, &one_steps,
     .look = "request", .limits = {&officers},
     .about = "One request with its clocks and all that was done; the look is written down."},
    {"POST", "/api/staff/requests/{id}/claim", API_REQUESTS, API_TX_WRITE, 0, 204, &claim_steps,
     .limits = {&officers},
     .about = "Work on it; from whom does already it is taken over, which is written down."},
    {"POST", "/api/staff/requests/{id}/note", API_REQUESTS, API_TX_WRITE, 0, 204, &note_steps,
     .limits = {&officers}, .about = "A note that officers read."},
    {"POST", "/api/staff/requests/{id}/question", API_REQUESTS, API_TX_WRITE, 0, 204,
     &question_steps, .limits = {&officers}, .about = "Ask the person back; the clock goes on."},
    {"POST", "/api/staff/requests/{id}/extension", API_REQUESTS, API_TX_WRITE, 0, 204,
     &extension_steps, .limits = {&officers},
     .about = "Take the longer term of the law; the person hears why, before the first is over."},
    {"POST", "/api/staff/requests/{id}/proof", API_REQUESTS, API_TX_WRITE, 0, 204, &proof_steps,
     .limits = {&officers}, .about = "Write down how it was made sure who asks."},
    {"POST", "/api/staff/requests/{id}/answer", API_REQUESTS, API_TX_WRITE, 0, 204, &answer_steps,
     .limits = {&officers}, .about = "Answer it: done, in part, or refused with the reason."},
    {"POST", "/api/staff/requests/{id}/closure", API_REQUESTS, API_TX_WRITE, 0, 204, &closure_steps,
     .limits = {&officers}, .about = "Close what was answered."},
    {0},
};
/* clang-format on */

static const struct desk desks[] = {
    {"requests", "/staff/requests", POWER_REQUESTS, .place = 15, .waiting = requests_waiting}, {0}};

extern const struct feature answers_feature; /* named in features.gen.c */
const struct feature answers_feature = {.name = "answers", .routes = routes, .desks = desks};
