#ifndef FEATURES_MAIL_MAIL_TOPICS_H
#define FEATURES_MAIL_MAIL_TOPICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/feature.h"
#include "store/store.h"

/*
 * What mail and push are about, each with a switch of its own in Account Settings: rows of the
 * features (struct feature).  A kind of mail or notice names its topic; a kind without one is
 * always sent.
 *  - MAIL_DIGEST holds mail that gathers what is new of several topics (features/notices).
 *  - All stand on but MAIL_NEWS, which is marketing: that one is the consent "marketing", so
 *    that when and to which words somebody said yes can be shown.
 */
#define MAIL_DIGEST "digest"
#define MAIL_NEWS "news"
enum { MAIL_TOPICS_MAX = 32, MAIL_TOPIC_MAX = 24 };

struct mail_topic {
    const struct topic_kind *kind;
    bool wanted;
};
struct mail_topics {
    size_t count;
    struct mail_topic of[MAIL_TOPICS_MAX];
};

/* Every feature's, all wanted; the build refuses more than fit. */
void mail_topics_all(struct mail_topics *ret);
/* NULL: there is none of that name. */
const struct topic_kind *mail_topic_of(const char *name);
/* What somebody chose, of mail_choice or a table like it, for mail_topics_chosen. */
#define MAIL_CHOICE "SELECT topic, wanted FROM"
COLUMNS(CHOICE_TOPIC, CHOICE_WANTED);
void mail_topics_chosen(struct mail_topics *topics, const struct rows *rows);

MUST_USE enum err mail_wants(struct call *call, int64_t account_id, const char *topic, bool *ret);
MUST_USE enum err mail_topics(struct call *call, int64_t account_id, struct mail_topics *ret);
/* `how`: as of consents_record.  ERR_MISSING mail.topic for a name that is none. */
MUST_USE enum err mail_switch(struct call *call, int64_t account_id, const char *topic, bool wanted,
                              const char *how);

#endif
