#include "api/api.h"
#include "base/time.h"
#include "call/id.h"
#include "features/people/gifts/gifts.h"

static const struct api_limit gives = {"gifts", 30, TIME_H}, reads = {"gifts_list", 300, TIME_H};

struct whom {
    const char *id;
};
JSON_SHAPE(whom_shape, "gifts_whom", struct whom,
           J_TEXT(struct whom, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN));

JSON_SHAPE(one_shape, "gifts_one", struct gifts_one, J_FACE(struct gifts_one),
           J_TIME(struct gifts_one, at_ms));
JSON_ITEMS(page_shape, "gifts_page", one_shape, GIFTS_MAX);

STEPS(give, whom_shape, none, struct none, apply);
STEP_IS(give, apply, gifts_give(call, in->id));

STEPS(list, none, page_shape, struct none, apply);
STEP(list, apply)
{
    struct gifts_one *all = NULL;
    TRY(gifts_list(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/gifts", API_MEMBER, API_TX_READ, 0, 200, &list_steps, .limits = {&reads},
     .about = "What you were given, the newest first."},
    {"POST", "/api/people/{id}/gifts", API_MEMBER, API_TX_WRITE, 0, 204, &give_steps,
     .limits = {&gives}, .about = "Give something to a friend."},
    {0},
};

static const struct topic_kind topics[] = {
    {"gifts", "gifts.topic", "gifts.why", 60},
    {0},
};

static const struct notice_kind notices[] = {
    {"gifts.given", "gifts", "/gifts", "A friend gave you something."},
    {0},
};
/* clang-format on */

extern const struct feature gifts_feature; /* named in features.gen.c */
const struct feature gifts_feature = {.name = "gifts",
                                      .routes = routes,
                                      .notices = notices,
                                      .topics = topics,
                                      .live = gifts_events,
                                      .settings = &gifts_setting_group};
