#include "features/common/consents/consents.h"

#include <string.h>

#include "api/api.h"
#include "base/catalogue.h"
#include "base/time.h"
#include "features/common/consents/consents_inner.h"
#include "features/common/consents/performance.h"

static const struct api_limit changes = {"consents", 30, TIME_MIN};
static const struct api_limit changes_a_day = {"consents.day", 200, TIME_DAY};
static const struct api_limit reports = {"performance", 10, TIME_H};
static const struct api_limit staff = {"staff", 300, 5 * TIME_MIN};

struct row {
    const char *purpose, *text, *how;
    bool given, own;
    int64_t at_ms;
};
struct list {
    JSON_LIST_OF(struct row) items;
    JSON_LIST_OF(struct row) history;
};
struct wish {
    const char *purpose;
    bool given;
};

JSON_SHAPE(row, "consent", struct row, J_TEXT(struct row, purpose, 1, CONSENT_PURPOSE_MAX),
           J_BOOL(struct row, given),
           J_BOOL(struct row, own, .about = "the member may give it and take it back"),
           J_TEXT(struct row, text, 1, 500, .flags = JSON_OPTIONAL,
                  .about = "the words that were agreed to; null when they have changed since"),
           J_TEXT(struct row, how, 0, 20), J_TIME(struct row, at_ms));
JSON_SHAPE(list, "consents", struct list,
           J_LIST(struct list, items, row, CONSENT_PURPOSES, .about = "as it stands now"),
           J_LIST(struct list, history, row, 500, .about = "every change, newest first"));
JSON_SHAPE(wish_shape, "consent_wish", struct wish,
           J_TEXT(struct wish, purpose, 1, CONSENT_PURPOSE_MAX), J_BOOL(struct wish, given));

#define OF(member_, choices_) J_CHOICE(struct performance_report, member_, choices_)
JSON_SHAPE(report, "performance_report", struct performance_report, OF(frames, PERFORMANCE_FRAMES),
           OF(load, PERFORMANCE_LOAD), OF(memory, PERFORMANCE_MEMORY),
           OF(network, PERFORMANCE_NETWORK), OF(quality, PERFORMANCE_QUALITY));
JSON_SHAPE(sum, "performance_sum", struct performance_sum,
           J_TEXT(struct performance_sum, metric, 1, 20),
           J_TEXT(struct performance_sum, bucket, 1, 20),
           J_I64(struct performance_sum, count, PERFORMANCE_LEAST, INT64_C(1) << 53));
JSON_ITEMS(sums, "performance_sums", sum, PERFORMANCE_ROWS_MAX);

static struct row row_of(const struct consent *consent)
{
    const struct consent_purpose *purpose = consents_purpose(consent->purpose);
    return (struct row){consent->purpose, consent->text,           consent->how,
                        consent->given,   purpose && purpose->own, consent->at_ms};
}

STEPS(get_list, none, list, struct none, apply);
STEP(get_list, apply)
{
    struct consent *all = NULL;
    size_t count = 0, now = 0;
    TRY(consents_history(call, call->actor.id, &all, &count));
    struct row *items = arena_alloc(call->arena, CONSENT_PURPOSES * sizeof(*items));
    struct row *history = arena_alloc(call->arena, (count + 1) * sizeof(*history));
    for (size_t i = 0; i < count; i++) {
        history[i] = row_of(&all[i]);
    }
    for (size_t i = 0; i < CONSENT_PURPOSES; i++) {
        const struct consent_purpose *purpose = &consent_purposes[i];
        size_t last = count;
        for (size_t at = 0; at < count; at++) {
            if (strcmp(all[at].purpose, purpose->name) == 0 &&
                (last == count || all[at].seq > all[last].seq)) {
                last = at;
            }
        }
        if (last < count) {
            items[now++] = history[last];
        } else if (purpose->own) { /* never asked */
            items[now++] = (struct row){.purpose = purpose->name,
                                        .text = catalogue_text(call->actor.language, purpose->key),
                                        .how = "",
                                        .own = true};
        }
    }
    JSON_LIST_SET(out->items, items, now);
    JSON_LIST_SET(out->history, history, count);
    return OK;
}

STEPS(put_one, wish_shape, none, struct none, apply);
STEP(put_one, apply)
{
    const struct consent_purpose *purpose = consents_purpose(in->purpose);
    bool now = false;
    if (!purpose || !purpose->own) {
        return call_fail_field(call, ERR_MISSING, "consents.none", "purpose");
    }
    TRY(consents_given(call, call->actor.id, purpose->name, &now));
    if (now == in->given) {
        return OK;
    }
    TRY(consents_record(call, call->actor.id, purpose->name, in->given, "settings"));
    call_emit(call, EVENT_ACCOUNT_CHANGED, call->actor.id, 0, NULL);
    return OK;
}

STEPS(post_report, report, none, struct none, apply);
STEP_IS(post_report, apply, performance_add(call, in));

STEPS(get_sums, none, sums, struct none, apply);
STEP(get_sums, apply)
{
    struct performance_sum *all = NULL;
    TRY(performance_sums(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/me/consents", API_MEMBER, API_TX_READ, 0, 200, &get_list_steps,
     .about = "What you agreed to: as it stands, and every change with its words."},
    {"PUT", "/api/me/consents/{purpose}", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204,
     &put_one_steps, .limits = {&changes, &changes_a_day},
     .about = "Give a consent or take it back."},
    {"POST", "/api/performance", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 204,
     &post_report_steps, .limits = {&reports},
     .about = "How the 3D view runs, with your consent; added to sums, without who you are."},
    {"GET", "/api/admin/performance", API_ADMIN, API_TX_READ, 0, 200, &get_sums_steps,
     .limits = {&staff},
     .about = "How the 3D view ran in the last 30 days; small sums are left out."},
    {0},
};

/* clang-format on */

extern const struct feature consents_feature; /* named in features.gen.c */
const struct feature consents_feature = {.name = "consents", .routes = routes};
