#include "api/api.h"

#include <string.h>

#include "features/common/consents/consents.h"
#include "features/safety/requests/requests.h"
#include "features/safety/rights/rights.h"

#define CLOCKS "notice gdpr swiss ccpa_receipt ccpa"
#define CLOCKS_SHORT CLOCKS " pdp"

/* Marketing stops with the objection, and stays off until it is agreed to again. */
static enum err objected(struct call *call, const char *purpose, bool *ret_done)
{
    bool given = false;
    if (strcmp(purpose, "marketing") != 0) {
        return OK;
    }
    TRY(consents_given(call, call->actor.id, "marketing", &given));
    if (given) {
        TRY(consents_record(call, call->actor.id, "marketing", false, "settings"));
    }
    *ret_done = true;
    return OK;
}

/* clang-format off: a table reads as a table */
static const struct request_kind kinds[] = {
    {"access", "privacy", CLOCKS_SHORT, .place = 10, .releases = true,
     .answers = {"requests.answer_access", "requests.answer_who", "requests.answer_unfounded"}},
    {"portability", "privacy", CLOCKS, .place = 20, .releases = true,
     .answers = {"requests.answer_portability", "requests.answer_who",
                 "requests.answer_unfounded"}},
    {"rectify", "privacy", CLOCKS_SHORT, .place = 30, .releases = true,
     .answers = {"requests.answer_rectified", "requests.answer_who", "requests.answer_kept"}},
    {"erase", "privacy", CLOCKS, .place = 40, .releases = true,
     .answers = {"requests.answer_erased", "requests.answer_who", "requests.answer_kept"}},
    {"object", "privacy", CLOCKS_SHORT, .place = 50, .purposes = RIGHTS_PURPOSES,
     .answers = {"requests.answer_stopped", "requests.answer_weighed"}, .asked = objected},
    {"shine", "privacy", "notice shine", .place = 60, .where = "US-CA", .yearly = true,
     .answers = {"requests.answer_shine"}},
    {"complaint", "privacy", "notice", .place = 70, .answers = {"requests.answer_complaint"}},
    {"question", "privacy", "notice", .place = 80, .answers = {"requests.answer_question"}},
    {0},
};
/* clang-format on */

extern const struct feature rights_feature; /* named in features.gen.c */
const struct feature rights_feature = {.name = "rights", .requests = kinds};
