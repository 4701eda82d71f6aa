#ifndef FEATURES_PROVIDERS_PROVIDERS_RULES_TEST_H
#define FEATURES_PROVIDERS_PROVIDERS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule providers_rules[] = {
    {"GET /api/me/providers", RULE_APART, RULE_OWN},
    {"DELETE /api/me/providers/{provider}", RULE_APART, RULE_OWN},
    {"GET /api/providers", RULE_APART, "where one may sign in"},
    {"POST /api/providers/back", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/providers/{provider}/link", RULE_APART, RULE_OWN},
    {"POST /api/providers/{provider}/prove", RULE_APART, RULE_OWN},
    {"POST /api/providers/{provider}/sign-in", RULE_APART, RULE_NOBODY_YET},
    {NULL},
};

static const struct words_row providers_words[] = {
    {"POST /api/providers/back", "state code iss error", WORDS_NOBODY, WORDS_SECRET},
    {NULL},
};
/* clang-format on */

#endif
