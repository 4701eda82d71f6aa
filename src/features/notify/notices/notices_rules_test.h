#ifndef FEATURES_NOTICES_NOTICES_RULES_TEST_H
#define FEATURES_NOTICES_NOTICES_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule notices_rules[] = {
    {"GET /api/me/notices", RULE_APART, RULE_OWN},
    {"PUT /api/me/notices", RULE_APART, RULE_OWN},
    {"PUT /api/me/notices/{topic}", RULE_APART, RULE_OWN},
    {"GET /api/notices", RULE_HIDDEN, NULL, "/api/notices"},
    {"GET /api/notices/count", RULE_HIDDEN, NULL, "/api/notices/count"},
    {"POST /api/notices/read", RULE_APART, "marks the asker's own; what is hidden may be among it"},
    {"DELETE /api/notices/{id}", RULE_REFUSED, NULL, "/api/notices/{notice}"},
    {"DELETE /api/push", RULE_APART, RULE_OWN},
    {"POST /api/push", RULE_APART, RULE_OWN},
    {"GET /api/push/key", RULE_APART, "the site's own key"},
    {"POST /api/push/test", RULE_APART, RULE_OWN},
    {NULL},
};

static const struct words_row notices_words[] = {
    {"PUT /api/me/notices", "zone", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/push", "endpoint p256dh auth", WORDS_OWN, "one's own browser"},
    {NULL},
};
/* clang-format on */

#endif
