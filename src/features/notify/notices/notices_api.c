#include "features/notify/notices/notices.h"

#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/catalogue.h"
#include "base/time.h"
#include "features/notify/notices/notices_choice.h"
#include "features/notify/notices/notices_digest.h"
#include "features/notify/notices/notices_inner.h"
#include "features/notify/notices/push.h"

static const struct api_limit changes = {"notices", 240, TIME_MIN};
static const struct api_limit choices = {"notice choices", 60, 10 * TIME_MIN};
static const struct api_limit pushes = {"push", 30, TIME_H};
static const struct api_limit trials = {"push test", 10, 10 * TIME_MIN};

enum { NAME_MAX_POINTS = 32, WORDS_MAX = 1000, PATH_MAX_POINTS = 200 };

/* ---- the list ---- */

struct page_wish {
    int64_t before;
};
struct page {
    JSON_LIST_OF(struct notices_one) items;
    bool more;
    int64_t unread;
};
struct unread {
    int64_t unread;
};
struct seen {
    int64_t up_to, id;
};
struct ref {
    int64_t id;
};

JSON_SHAPE(one_shape, "notice", struct notices_one,
           J_ID(struct notices_one, id, .about = "another one when it happens again"),
           J_TEXT(struct notices_one, kind, 1, 64),
           J_TEXT(struct notices_one, text, 1, WORDS_MAX, .about = "in the reader's language"),
           J_TEXT(struct notices_one, path, 1, PATH_MAX_POINTS, .about = "where it leads"),
           J_OBJECT(struct notices_one, who, face_shape, .flags = JSON_OPTIONAL | JSON_OMIT,
                    .about = "who did it; absent: the site"),
           J_I64(struct notices_one, count, 1, INT64_C(1) << 53,
                 .about = "how often since it was last read"),
           J_TIME(struct notices_one, at_ms), J_BOOL(struct notices_one, unread));
JSON_SHAPE(page_wish_shape, "notice_page_wish", struct page_wish,
           J_ID(struct page_wish, before, .flags = JSON_OPTIONAL,
                .about = "the id of the last one of the page before"));
JSON_SHAPE(page_shape, "notice_page", struct page,
           J_LIST(struct page, items, one_shape, NOTICES_PAGE),
           J_BOOL(struct page, more, .about = "there are older ones"),
           J_I64(struct page, unread, 0, INT32_MAX));
JSON_SHAPE(unread_shape, "notice_count", struct unread, J_I64(struct unread, unread, 0, INT32_MAX));
JSON_SHAPE(seen_shape, "notices_seen", struct seen,
           J_ID(struct seen, up_to, .flags = JSON_OPTIONAL,
                .about = "this one and all before; absent: all"),
           J_ID(struct seen, id, .flags = JSON_OPTIONAL, .about = "instead: this one alone"));
JSON_SHAPE(ref_shape, "notice_ref", struct ref, J_ID(struct ref, id));

STEPS(get_page, page_wish_shape, page_shape, struct none, apply);
STEP(get_page, apply)
{
    struct notices_one *all = NULL;
    TRY(notices_list(call, in->before, &all, &out->items.count, &out->more));
    out->items.items = all;
    return notices_unread(call, &out->unread);
}

STEPS(get_count, none, unread_shape, struct none, apply);
STEP_IS(get_count, apply, notices_unread(call, &out->unread));

STEPS(post_seen, seen_shape, none, struct none, apply);
STEP(post_seen, apply)
{
    return in->id ? notices_seen_one(call, in->id)
                  : notices_seen_to(call, in->up_to ? in->up_to : INT64_MAX);
}

STEPS(delete_one, ref_shape, none, struct none, apply);
STEP_IS(delete_one, apply, notices_remove(call, in->id));

/* ---- how one wants to be told ---- */

struct topic {
    const char *topic, *text;
    bool push;
};
struct mine {
    JSON_LIST_OF(struct topic) topics;
    struct notices_choice choice;
    bool here;
    int64_t devices;
};
struct topic_wish {
    const char *topic;
    bool push;
};

#define CHOICE(t_)                                                                            \
    J_CHOICE(t_, digest, NOTICES_DIGESTS, .about = "how soon a mail gathers what is unread"), \
        J_BOOL(t_, names, .about = "pushes say who it is about"),                             \
        J_BOOL(t_, quiet, .about = "there are hours without push, and mail waits"),           \
        J_I64(t_, quiet_from, 0, NOTICES_DAY_MIN - 1, .about = "minute of the day"),          \
        J_I64(t_, quiet_to, 0, NOTICES_DAY_MIN - 1),                                          \
        J_TEXT(t_, zone, 1, NOTICES_ZONE_MAX, .about = "IANA, where those hours are")
JSON_SHAPE(choice_shape, "notice_choice", struct notices_choice, CHOICE(struct notices_choice));
JSON_SHAPE(topic_shape, "notice_topic", struct topic,
           J_TEXT(struct topic, topic, 1, MAIL_TOPIC_MAX), J_TEXT(struct topic, text, 1, 200),
           J_BOOL(struct topic, push));
JSON_SHAPE(mine_shape, "notice_settings", struct mine,
           J_LIST(struct mine, topics, topic_shape, MAIL_TOPICS_MAX),
           J_OBJECT(struct mine, choice, choice_shape),
           J_BOOL(struct mine, here, .about = "this session's browser gets pushes"),
           J_I64(struct mine, devices, 0, PUSH_DEVICES_MAX));
JSON_SHAPE(topic_wish_shape, "notice_topic_wish", struct topic_wish,
           J_TEXT(struct topic_wish, topic, 1, MAIL_TOPIC_MAX), J_BOOL(struct topic_wish, push));

STEPS(get_mine, none, mine_shape, struct none, apply);
STEP(get_mine, apply)
{
    struct mail_topics pushed;
    TRY(notices_choice_read(call, call->actor.id, &out->choice));
    TRY(notices_pushed(call, &pushed));
    struct topic *rows = arena_alloc(call->arena, sizeof(*rows) * pushed.count);
    for (size_t i = 0; i < pushed.count; i++) {
        const struct topic_kind *kind = pushed.of[i].kind;
        rows[i] = (struct topic){kind->name, catalogue_text(call->actor.language, kind->text),
                                 pushed.of[i].wanted};
    }
    JSON_LIST_SET(out->topics, rows, pushed.count);
    return push_count(call, &out->here, &out->devices);
}

STEPS(put_choice, choice_shape, none, struct none, prepare, apply);
STEP_IS(put_choice, prepare, notices_choice_check(call, in));
STEP_IS(put_choice, apply, notices_choice_set(call, in));

STEPS(put_topic, topic_wish_shape, none, struct none, apply);
STEP_IS(put_topic, apply, notices_push_switch(call, in->topic, in->push));

/* ---- browsers ---- */

struct key {
    const char *key;
};

JSON_SHAPE(key_shape, "push_key", struct key, J_TEXT(struct key, key, 80, PUSH_KEY_TEXT));
JSON_SHAPE(push_shape, "push_wish", struct push_wish,
           J_TEXT(struct push_wish, endpoint, 1, PUSH_ENDPOINT_MAX, .flags = JSON_SECRET),
           J_TEXT(struct push_wish, p256dh, 1, 100),
           J_TEXT(struct push_wish, auth, 1, 40, .flags = JSON_SECRET));

STEPS(get_key, none, key_shape, struct none, prepare);
STEP(get_key, prepare)
{
    char *key = arena_alloc(call->arena, PUSH_KEY_TEXT);
    out->key = key;
    return push_key(call, key);
}

STEPS(push, push_shape, none, struct push_draft, look, prepare, apply);
STEP_IS(push, look, push_look(call, state));
STEP_IS(push, prepare, push_prepare(call, in, state));
STEP_IS(push, apply, push_add(call, state));

STEPS(delete_push, none, none, struct none, apply);
STEP_IS(delete_push, apply, push_remove(call));

STEPS(post_test, none, none, struct none, apply);
STEP_IS(post_test, apply, push_test(call));

/* ---- inside ---- */

INNER_STEPS(lease, struct none, struct lease, struct none, apply);
STEP_IS(lease, apply, push_lease(call, out));

INNER_STEPS(settle, struct push_results, struct none, struct none, apply);
STEP_IS(settle, apply, push_settle(call, in));

const struct api_route push_lease_route = {.who = API_ADMIN,
                                           .tx = API_TX_WRITE,
                                           .flags = API_BACKGROUND,
                                           .status = 200,
                                           .steps = &lease_steps,
                                           .about = "A batch of pushes for the pusher."};
const struct api_route push_settle_route = {.who = API_ADMIN,
                                            .tx = API_TX_WRITE,
                                            .flags = API_BACKGROUND,
                                            .status = 204,
                                            .steps = &settle_steps,
                                            .about = "What became of them."};

JOB_STEPS(digest, struct digest, look, prepare, apply);
STEP_IS(digest, look, digest_look(call, in->payload, state));
STEP_IS(digest, prepare, digest_prepare(call, state));
STEP_IS(digest, apply, digest_apply(call, state));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/notices", API_MEMBER, API_TX_READ, 0, 200, &get_page_steps,
     .about = "What you were told of, the newest first."},
    {"GET", "/api/notices/count", API_MEMBER, API_TX_READ, 0, 200, &get_count_steps,
     .about = "How many of them are unread."},
    {"POST", "/api/notices/read", API_MEMBER, API_TX_WRITE, 0, 204, &post_seen_steps,
     .limits = {&changes}, .about = "You have seen them."},
    {"DELETE", "/api/notices/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &delete_one_steps,
     .limits = {&changes}, .about = "Remove one."},
    {"GET", "/api/me/notices", API_MEMBER, API_TX_READ, 0, 200, &get_mine_steps,
     .about = "How you want to be told: push, quiet hours, gathered mail."},
    {"PUT", "/api/me/notices", API_MEMBER, API_TX_WRITE, 0, 204, &put_choice_steps,
     .limits = {&choices}, .about = "Choose how you want to be told."},
    {"PUT", "/api/me/notices/{topic}", API_MEMBER, API_TX_WRITE, 0, 204, &put_topic_steps,
     .limits = {&choices}, .about = "Switch a kind of push on or off."},
    {"GET", "/api/push/key", API_MEMBER, API_TX_NONE, 0, 200, &get_key_steps,
     .about = "The site's key for Web Push (VAPID)."},
    {"POST", "/api/push", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 204, &push_steps,
     .limits = {&pushes}, .about = "Send pushes to this browser."},
    {"DELETE", "/api/push", API_MEMBER, API_TX_WRITE, 0, 204, &delete_push_steps,
     .limits = {&pushes}, .about = "No pushes to this browser any more."},
    {"POST", "/api/push/test", API_MEMBER, API_TX_WRITE, 0, 202, &post_test_steps,
     .limits = {&trials}, .about = "A push to yourself, to see whether it arrives."},
    {0},
};

static const struct job_kind jobs[] = {
    {DIGEST_JOB, 0, 10, TIME_MIN, &digest_steps, API_TX_WRITE,
     .about = "Gathers what a member has not read yet in one mail."},
    {0},
};

static const struct mail_kind mails[] = {
    {"notices.digest", "digest", TIME_DAY, "What a member has not read yet, gathered."},
    {0},
};

static const struct topic_kind topics[] = {
    {"notices", "notices.topic", "notices.why", 70},
    {0},
};

static const struct notice_kind kinds[] = {
    {"notices.test", NULL, "/settings/mail#push", "A member tries whether pushes arrive."},
    {0},
};
/* clang-format on */

extern const struct feature notices_feature; /* named in features.gen.c */
const struct feature notices_feature = {.name = "notices",
                                        .routes = routes,
                                        .jobs = jobs,
                                        .mails = mails,
                                        .notices = kinds,
                                        .topics = topics,
                                        .settings = &push_setting_group,
                                        .live = notices_events};
