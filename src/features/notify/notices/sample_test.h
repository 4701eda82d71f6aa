#ifndef FEATURES_NOTICES_SAMPLE_TEST_H
#define FEATURES_NOTICES_SAMPLE_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/notify/mail/mail_topics.h"
#include "features/notify/notices/notices.h"
#include "privacy/keys.h"
#include "store/store.h"
#include "tests/support/world.h"

/* A feature with kinds of notices, as friends and messages have them, instead of the product's. */
extern const struct feature notices_feature, mail_feature, blocks_feature, consents_feature;
static const struct notice_kind sample_kinds[] = {
    {"sample.asked", "friends", "/people/{target}", "somebody asked"},
    {"sample.wrote", "messages", "/messages/{target}", "somebody wrote"},
    {"sample.site", "notices", "/settings", "the site says something"},
    {"sample.letter", "notices", "/settings", "has a mail of its own", .mailed = true},
    {0},
};
static const struct topic_kind sample_topics[] = {
    {"friends", "sample.topic", "sample.why", 10},
    {"messages", "sample.topic", "sample.why", 20},
    {0},
};
static const struct feature sample_feature = {
    .name = "sample", .notices = sample_kinds, .topics = sample_topics};
const struct feature *const features[] = {&notices_feature,  &mail_feature,   &blocks_feature,
                                          &consents_feature, &sample_feature, NULL};

/* ---- posting ---- */

struct sample {
    struct notices_new notice;
    int64_t account_id;
    const char *kind, *target;
    enum { SAMPLE_POST, SAMPLE_READ, SAMPLE_DROP } what;
};

/* What the last of them told, and to whom; the world hears of requests alone. */
static size_t sample_told;

static enum err sample_act(struct call *call, const struct sample *sample)
{
    return sample->what == SAMPLE_POST ? notices_post(call, &sample->notice)
           : sample->what == SAMPLE_READ
               ? notices_read(call, sample->account_id, sample->kind, sample->target)
               : notices_drop(call, sample->account_id, sample->kind, sample->target);
}

static enum err sample_do(struct call *call, void *arg)
{
    const struct sample *sample = arg;
    int64_t whom = sample->what == SAMPLE_POST ? sample->notice.account_id : sample->account_id;
    TRY(sample_act(call, sample));
    sample_told = 0;
    for (const struct event *event = call->events; event; event = event->next) {
        sample_told += event->kind == EVENT_TELL && event->account_id == whom &&
                       strcmp(event->json, "{\"t\":\"notices\"}") == 0;
    }
    return OK;
}

/* Each a millisecond after the one before, so that their order is known. */
static void post(struct world *w, int whom, const char *kind, int about, const char *target)
{
    struct sample sample = {
        .notice = {w->account_ids[whom], kind, about ? w->account_ids[about] : 0, target}};
    w->now_ms++;
    assert_int_equal(world_do(w, ADA, sample_do, &sample), OK);
}

static UNUSED int64_t unread(struct world *w, int who)
{
    assert_int_equal(world_send(w, who, "GET", "/api/notices/count", NULL), 200);
    return atoll(world_field(w, "unread"));
}

#endif
