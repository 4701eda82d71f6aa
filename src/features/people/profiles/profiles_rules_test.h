#ifndef FEATURES_PROFILES_PROFILES_RULES_TEST_H
#define FEATURES_PROFILES_PROFILES_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule profiles_rules[] = {
    {"GET /api/me/profile", RULE_APART, RULE_OWN},
    {"PUT /api/me/profile", RULE_APART, RULE_OWN},
    {"GET /api/me/profile/preview", RULE_APART, RULE_OWN},
    {"GET /api/people/{id}", RULE_REFUSED, NULL, "/api/people/{other}", .profile = true},
    {NULL},
};

static const struct words_row profiles_words[] = {
    {"PUT /api/me/profile", "fields.value", WORDS_PLACE, "one's own page",
     .path = "/api/me/profile",
     .json = "{\"version\":0,\"fields\":[{\"name\":\"display_name\","
             "\"value\":\"{words}\",\"audience\":\"everyone\"},{\"name\":\"about\",\"value\":\"{"
             "words}\","
             "\"audience\":\"everyone\"}]}",
     .before = {WORDS_ASKED}, .seen = "GET /api/people/{id}"},
    {NULL},
};
/* clang-format on */

#endif
