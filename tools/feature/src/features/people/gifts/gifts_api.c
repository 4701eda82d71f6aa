#include "api/api.h"
#include "base/id.h"
#include "base/time.h"
#include "features/people/gifts/gifts.h"
#include "features/site/mail/mail_topics.h"

static const struct api_limit gives = {"gifts", 30, TIME_H}, reads = {"gifts_list", 300, TIME_H};

struct whom {
    const char *id;
};
JSON_SHAPE(whom_shape, "gifts_whom", struct whom,
           J_TEXT(struct whom, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN));

struct page {
    struct json_list items;
};
JSON_SHAPE(one_shape, "gifts_one", struct gifts_one, J_FACE(struct gifts_one),
           J_TIME(struct gifts_one, at_ms));
JSON_SHAPE(page_shape, "gifts_page", struct page,
           J_LIST(struct page, items, &one_shape, GIFTS_MAX));

static enum err post_gift(struct call *call, const void *in, void *out UNUSED)
{
    return gifts_give(call, ((const struct whom *)in)->id);
}

static enum err get_list(struct call *call, const void *in UNUSED, void *out)
{
    struct page *page = out;
    struct gifts_one *all = NULL;
    size_t count = 0;
    TRY(gifts_list(call, &all, &count));
    page->items = (struct json_list){all, count};
    return OK;
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/gifts", API_MEMBER, API_TX_READ, 0, 200, NULL, &page_shape, .apply = get_list,
     .limits = {&reads}, .about = "What you were given, the newest first."},
    {"POST", "/api/people/{id}/gifts", API_MEMBER, API_TX_WRITE, 0, 204, &whom_shape,
     .apply = post_gift, .limits = {&gives}, .about = "Give something to a friend."},
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
