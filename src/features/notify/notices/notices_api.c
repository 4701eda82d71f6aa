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
    struct json_list items;
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
           J_OBJECT(struct notices_one, who, &face_shape, .flags = JSON_OPTIONAL | JSON_OMIT,
                    .about = "who did it; absent: the site"),
           J_I64(struct notices_one, count, 1, INT64_C(1) << 53,
                 .about = "how often since it was last read"),
           J_TIME(struct notices_one, at_ms), J_BOOL(struct notices_one, unread));
JSON_SHAPE(page_wish_shape, "notice_page_wish", struct page_wish,
           J_ID(struct page_wish, before, .flags = JSON_OPTIONAL,
                .about = "the id of the last one of the page before"));
JSON_SHAPE(page_shape, "notice_page", struct page,
           J_LIST(struct page, items, &one_shape, NOTICES_PAGE),
           J_BOOL(struct page, more, .about = "there are older ones"),
           J_I64(struct page, unread, 0, INT32_MAX));
JSON_SHAPE(unread_shape, "notice_count", struct unread, J_I64(struct unread, unread, 0, INT32_MAX));
JSON_SHAPE(seen_shape, "notices_seen", struct seen,
           J_ID(struct seen, up_to, .flags = JSON_OPTIONAL,
                .about = "this one and all before; absent: all"),
           J_ID(struct seen, id, .flags = JSON_OPTIONAL, .about = "instead: this one alone"));
JSON_SHAPE(ref_shape, "notice_ref", struct ref, J_ID(struct ref, id));

static enum err get_page(struct call *call, const void *in, void *out)
{
    struct page *page = out;
    struct notices_one *all = NULL;
    TRY(notices_list(call, ((const struct page_wish *)in)->before, &all, &page->items.count,
                     &page->more));
    page->items.items = all;
    return notices_unread(call, &page->unread);
}

static enum err get_count(struct call *call, const void *in UNUSED, void *out)
{
    return notices_unread(call, &((struct unread *)out)->unread);
}

static enum err post_seen(struct call *call, const void *in, void *out UNUSED)
{
    const struct seen *seen = in;
    return seen->id ? notices_seen_one(call, seen->id)
                    : notices_seen_to(call, seen->up_to ? seen->up_to : INT64_MAX);
}

static enum err delete_one(struct call *call, const void *in, void *out UNUSED)
{
    return notices_remove(call, ((const struct ref *)in)->id);
}

/* ---- how one wants to be told ---- */

struct topic {
    const char *topic, *text;
    bool push;
};
struct mine {
    struct json_list topics;
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
           J_LIST(struct mine, topics, &topic_shape, MAIL_TOPICS_MAX),
           J_OBJECT(struct mine, choice, &choice_shape),
           J_BOOL(struct mine, here, .about = "this session's browser gets pushes"),
           J_I64(struct mine, devices, 0, PUSH_DEVICES_MAX));
JSON_SHAPE(topic_wish_shape, "notice_topic_wish", struct topic_wish,
           J_TEXT(struct topic_wish, topic, 1, MAIL_TOPIC_MAX), J_BOOL(struct topic_wish, push));

static enum err get_mine(struct call *call, const void *in UNUSED, void *out)
{
    struct mine *mine = out;
    struct mail_topics pushed;
    TRY(notices_choice_read(call, call->actor.id, &mine->choice));
    TRY(notices_pushed(call, &pushed));
    struct topic *rows = arena_alloc(call->arena, sizeof(*rows) * pushed.count);
    for (size_t i = 0; i < pushed.count; i++) {
        const struct topic_kind *kind = pushed.of[i].kind;
        rows[i] = (struct topic){kind->name, catalogue_text(call->actor.language, kind->text),
                                 pushed.of[i].wanted};
    }
    mine->topics = (struct json_list){rows, pushed.count};
    return push_count(call, &mine->here, &mine->devices);
}

static enum err prepare_choice(struct call *call, const void *in, void *out UNUSED)
{
    return notices_choice_check(call, in);
}

static enum err put_choice(struct call *call, const void *in, void *out UNUSED)
{
    return notices_choice_set(call, in);
}

static enum err put_topic(struct call *call, const void *in, void *out UNUSED)
{
    const struct topic_wish *wish = in;
    return notices_push_switch(call, wish->topic, wish->push);
}

/* ---- browsers ---- */

struct key {
    const char *key;
};

JSON_SHAPE(key_shape, "push_key", struct key, J_TEXT(struct key, key, 80, PUSH_KEY_TEXT));
JSON_SHAPE(push_shape, "push_wish", struct push_wish,
           J_TEXT(struct push_wish, endpoint, 1, PUSH_ENDPOINT_MAX, .flags = JSON_SECRET),
           J_TEXT(struct push_wish, p256dh, 1, 100),
           J_TEXT(struct push_wish, auth, 1, 40, .flags = JSON_SECRET));

static enum err get_key(struct call *call, const void *in UNUSED, void *out)
{
    char *key = arena_alloc(call->arena, PUSH_KEY_TEXT);
    ((struct key *)out)->key = key;
    return push_key(call, key);
}

static enum err look_push(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return push_look(call, call->state);
}

static enum err prepare_push(struct call *call, const void *in, void *out UNUSED)
{
    return push_prepare(call, in, call->state);
}

static enum err apply_push(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return push_add(call, call->state);
}

static enum err delete_push(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return push_remove(call);
}

static enum err post_test(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return push_test(call);
}

/* ---- inside ---- */

static enum err lease(struct call *call, const void *in UNUSED, void *out)
{
    return push_lease(call, out);
}

static enum err settle(struct call *call, const void *in, void *out UNUSED)
{
    return push_settle(call, in);
}

const struct api_route push_lease_route = {.who = API_ADMIN,
                                           .tx = API_TX_WRITE,
                                           .flags = API_BACKGROUND,
                                           .status = 200,
                                           .apply = lease,
                                           .about = "A batch of pushes for the pusher."};
const struct api_route push_settle_route = {.who = API_ADMIN,
                                            .tx = API_TX_WRITE,
                                            .flags = API_BACKGROUND,
                                            .status = 204,
                                            .apply = settle,
                                            .about = "What became of them."};

static enum err look_digest(struct call *call, const void *in, void *out UNUSED)
{
    return digest_look(call, ((const struct job_in *)in)->payload, call->state);
}

static enum err prepare_digest(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return digest_prepare(call, call->state);
}

static enum err apply_digest(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return digest_apply(call, call->state);
}

static enum err sweep(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    TRY(notices_sweep(call));
    return notices_digest_sweep(call);
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/notices", API_MEMBER, API_TX_READ, 0, 200, .in = &page_wish_shape,
     .out = &page_shape, .apply = get_page, .about = "What you were told of, the newest first."},
    {"GET", "/api/notices/count", API_MEMBER, API_TX_READ, 0, 200, .out = &unread_shape,
     .apply = get_count, .about = "How many of them are unread."},
    {"POST", "/api/notices/read", API_MEMBER, API_TX_WRITE, 0, 204, .in = &seen_shape,
     .apply = post_seen, .limits = {&changes}, .about = "You have seen them."},
    {"DELETE", "/api/notices/{id}", API_MEMBER, API_TX_WRITE, 0, 204, .in = &ref_shape,
     .apply = delete_one, .limits = {&changes}, .about = "Remove one."},
    {"GET", "/api/me/notices", API_MEMBER, API_TX_READ, 0, 200, .out = &mine_shape,
     .apply = get_mine, .about = "How you want to be told: push, quiet hours, gathered mail."},
    {"PUT", "/api/me/notices", API_MEMBER, API_TX_WRITE, 0, 204, .in = &choice_shape,
     .prepare = prepare_choice, .apply = put_choice, .limits = {&choices},
     .about = "Choose how you want to be told."},
    {"PUT", "/api/me/notices/{topic}", API_MEMBER, API_TX_WRITE, 0, 204, .in = &topic_wish_shape,
     .apply = put_topic, .limits = {&choices}, .about = "Switch a kind of push on or off."},
    {"GET", "/api/push/key", API_MEMBER, API_TX_NONE, 0, 200, .out = &key_shape, .prepare = get_key,
     .about = "The site's key for Web Push (VAPID)."},
    {"POST", "/api/push", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 204, .in = &push_shape,
     .state_size = sizeof(struct push_draft), .look = look_push, .prepare = prepare_push,
     .apply = apply_push, .limits = {&pushes}, .about = "Send pushes to this browser."},
    {"DELETE", "/api/push", API_MEMBER, API_TX_WRITE, 0, 204, .apply = delete_push,
     .limits = {&pushes}, .about = "No pushes to this browser any more."},
    {"POST", "/api/push/test", API_MEMBER, API_TX_WRITE, 0, 202, .apply = post_test,
     .limits = {&trials}, .about = "A push to yourself, to see whether it arrives."},
    {0},
};

static const struct job_kind jobs[] = {
    {DIGEST_JOB, 0, 10, TIME_MIN, .look = look_digest, .prepare = prepare_digest,
     .apply = apply_digest, .tx = API_TX_WRITE, .state_size = sizeof(struct digest),
     .about = "Gathers what a member has not read yet in one mail."},
    {"notices.sweep", 5 * TIME_MIN, 5, TIME_MIN, .apply = sweep, .tx = API_TX_WRITE,
     .about = "Removes notices after 90 days."},
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
