#include "api/api.h"

#include <string.h>

#include "base/time.h"
#include "features/common/desks/desks.h"
#include "features/safety/reports/reports.h"
#include "features/safety/staff/staff.h"
#include "privacy/keys.h"

static const struct api_limit writes = {"reports", 10, TIME_DAY};
static const struct api_limit officers = {"officers", 300, 5 * TIME_MIN};

/* As typed: what nobody sees is taken out before it is counted. */
enum { WORDS_TYPED_MAX = 2 * REPORTS_WORDS_MAX, WHY_TYPED_MAX = 2 * REPORTS_WHY_MAX };

struct list_wish {
    const char *decided;
};
struct ref {
    const char *id;
};
struct view {
    struct reports_row row;
    const char *reporter, *officer, *words, *why;
    struct captured seen;
    bool last, empties;
};

JSON_SHAPE(new_shape, "report_new", struct reports_new,
           J_TEXT(struct reports_new, kind, 1, REPORTS_KIND_MAX,
                  .about = "what it is: page, room, line, message"),
           J_TEXT(struct reports_new, id, 1, 32,
                  .about = "of whom, of the room or of the conversation"),
           J_I64(struct reports_new, seq, 1, INT64_C(1) << 53, .flags = JSON_OPTIONAL,
                 .about = "of the line or message"),
           J_CHOICE(struct reports_new, reason, REPORTS_REASONS),
           J_TEXT(struct reports_new, text, 0, WORDS_TYPED_MAX, .flags = JSON_OPTIONAL,
                  .about = "what you want to say about it"));
JSON_SHAPE(list_wish, "reports_wish", struct list_wish,
           J_CHOICE(struct list_wish, decided, "yes no", .flags = JSON_OPTIONAL));
JSON_SHAPE(row_shape, "report_row", struct reports_row, J_TEXT(struct reports_row, id, 26, 26),
           J_TEXT(struct reports_row, name, 1, 32, .flags = JSON_OPTIONAL,
                  .about = "whom it is about; null when the account is erased"),
           J_TEXT(struct reports_row, kind, 1, REPORTS_KIND_MAX),
           J_CHOICE(struct reports_row, reason, REPORTS_REASONS),
           J_CHOICE(struct reports_row, outcome, REPORTS_OUTCOMES, .flags = JSON_OPTIONAL),
           J_I64(struct reports_row, others, 0, INT64_C(1) << 53,
                 .about = "open ones about the same person"),
           J_TIME(struct reports_row, at_ms), J_TIME(struct reports_row, decided_ms));
JSON_ITEMS(list_shape, "report_list", row_shape, REPORTS_LIST_MAX);
JSON_SHAPE(ref_shape, "report_ref", struct ref, J_TEXT(struct ref, id, 26, 26));
JSON_SHAPE(view_shape, "report", struct view, J_OBJECT(struct view, row, row_shape),
           J_TEXT(struct view, reporter, 1, 32, .flags = JSON_OPTIONAL),
           J_TEXT(struct view, officer, 1, 32, .flags = JSON_OPTIONAL),
           J_TEXT(struct view, words, 1, REPORTS_WORDS_MAX, .flags = JSON_OPTIONAL),
           J_TEXT(struct view, why, 1, REPORTS_WHY_MAX, .flags = JSON_OPTIONAL),
           J_OBJECT(struct view, seen, captured_shape),
           J_BOOL(struct view, last, .about = "of its entries the last is what was reported"),
           J_BOOL(struct view, empties, .about = "it can be emptied"));
JSON_SHAPE(decision_shape, "report_decision", struct reports_decision,
           J_TEXT(struct reports_decision, id, 26, 26),
           J_CHOICE(struct reports_decision, outcome, REPORTS_OUTCOMES),
           J_TEXT(struct reports_decision, why, 1, WHY_TYPED_MAX,
                  .about = "Whose page is emptied or who is warned reads it."));

STEPS(report, new_shape, none, struct reports_capture, look, prepare, apply);
STEP_IS(report, look, reports_look(call, in, state));
STEP_IS(report, prepare, reports_prepare(call, in->text, state));
STEP_IS(report, apply, reports_add(call, in, state));

STEPS(get_list, list_wish, list_shape, struct none, apply);
STEP(get_list, apply)
{
    const char *decided = in->decided;
    struct reports_row *all = NULL;
    TRY(reports_list(call, decided && strcmp(decided, "yes") == 0, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(get_one, ref_shape, view_shape, struct reports_one, apply, finish);
STEP(get_one, apply)
{
    TRY(reports_find(call, in->id, state));
    call->acted.on = state->id;
    call->acted.subject = state->subject_id;
    call->acted.teller = state->reporter_id;
    return OK;
}

STEP(get_one, finish)
{
    const char *seen = NULL;
    uint64_t fields = 0;
    const struct capture_kind *kind = reports_kind(state->row.kind);
    *out = (struct view){.row = state->row,
                         .reporter = state->reporter,
                         .officer = state->officer,
                         .last = kind && kind->last,
                         .empties = kind && kind->empty};
    TRY(sealed_open(call, state->seen, "report.seen_ct", &seen));
    TRY(json_read(call, &captured_shape, seen, strlen(seen), &out->seen, &fields));
    TRY(sealed_open(call, state->words, "report.words_ct", &out->words));
    return sealed_open(call, state->why, "report.why_ct", &out->why);
}

STEPS(decision, decision_shape, none, struct reports_deciding, look, prepare, apply);
STEP_IS(decision, look, reports_decide_look(call, in, state));
STEP_IS(decision, prepare, reports_decide_prepare(call, in, state));
STEP_IS(decision, apply, reports_decide(call, in, state));

JOB_STEPS(over, struct reports_over, look, prepare, apply);
STEP_IS(over, look, reports_over_look(call, state));
STEP_IS(over, prepare, reports_over_burn(call, state));
STEP_IS(over, apply, reports_over_apply(call, state));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"POST", "/api/reports", API_MEMBER, API_TX_WRITE, 0, 204, &report_steps, .limits = {&writes},
     .about = "Report something to the staff: what you see of it now is kept as evidence; of talk "
              "with ten lines before it and, of a line, what its writer said in the minute up to "
              "it."},
    {"GET", "/api/staff/reports", API_REPORTS, API_TX_WRITE, 0, 200, &get_list_steps,
     .look = "reports", .limits = {&officers},
     .about = "Reports that wait, danger first, then the oldest; or those decided."},
    {"GET", "/api/staff/reports/{id}", API_REPORTS, API_TX_WRITE, 0, 200, &get_one_steps,
     .look = "report", .limits = {&officers},
     .about = "One report with its evidence; the look is written down."},
    {"POST", "/api/staff/reports/{id}/decision", API_REPORTS, API_TX_WRITE, 0, 204, &decision_steps,
     .limits = {&officers},
     .about = "Find nothing wrong, warn who did it, or empty the page. With the reason."},
    {0},
};

static const struct job_kind jobs[] = {
    {"reports.over", TIME_DAY, 5, TIME_MIN, &over_steps, API_TX_WRITE,
     .about = "Burns what was reported: half a year after the decision, a year after it where "
              "there is none."},
    {0},
};

static const struct mail_kind mails[] = {
    {"reports.emptied", NULL, 30 * TIME_DAY, "Staff emptied a member's page, and why."},
    {"reports.warned", NULL, 30 * TIME_DAY, "Staff warned a member, and why."},
    {0},
};

static const struct notice_kind notices[] = {
    {"reports.acted", "notices", "/notices", "What a member reported was taken away."},
    {"reports.spoken", "notices", "/notices", "Whom a member reported was warned."},
    {"reports.nothing", "notices", "/notices", "Staff found nothing wrong with it."},
    {"reports.lapsed", "notices", "/notices", "Nobody decided on it for a year: it is gone."},
    {"reports.emptied", "notices", "/profile/home", "Staff emptied the member's page.",
     .mailed = true},
    {"reports.warned", "notices", "/notices", "Staff warned the member.", .mailed = true},
    {0},
};
/* clang-format on */

static const struct desk desks[] = {
    {"reports", "/staff/reports", POWER_REPORTS, .place = 20, .waiting = reports_waiting}, {0}};

extern const struct feature reports_feature; /* named in features.gen.c */
const struct feature reports_feature = {.name = "reports",
                                        .routes = routes,
                                        .jobs = jobs,
                                        .mails = mails,
                                        .notices = notices,
                                        .desks = desks};
