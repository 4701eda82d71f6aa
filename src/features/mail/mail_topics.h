#ifndef FEATURES_MAIL_MAIL_TOPICS_H
#define FEATURES_MAIL_MAIL_TOPICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/call.h"

/*
 * The switches of Account Settings, "Change e-mail preferences": one a topic.  A mail's
 * kind names its topic (struct mail_kind, `group`); a kind without one is always sent.
 *  - "digest" holds mail that gathers what is new of several topics (features/notices).
 *  - All stand on but "news", which is marketing: that one is the consent "marketing", so
 *    that when and to which words somebody said yes can be shown.
 */
enum { MAIL_TOPICS = 8 };

struct mail_topic {
    const char *name; /* "friends": catalogue mail.topic_<name> */
    bool wanted;
};
extern const char *const mail_topic_names[MAIL_TOPICS];

MUST_USE enum err mail_wants(struct call *call, int64_t account_id, const char *topic, bool *ret);
MUST_USE enum err mail_topics(struct call *call, int64_t account_id,
                              struct mail_topic ret[MAIL_TOPICS]);
/* `how`: as of consents_record.  ERR_MISSING mail.topic for a name that is none. */
MUST_USE enum err mail_switch(struct call *call, int64_t account_id, const char *topic, bool wanted,
                              const char *how);

#endif
