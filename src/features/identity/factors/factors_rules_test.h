#ifndef FEATURES_FACTORS_FACTORS_RULES_TEST_H
#define FEATURES_FACTORS_FACTORS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule factors_rules[] = {
    {"DELETE /api/factors", RULE_APART, RULE_OWN},
    {"GET /api/factors", RULE_APART, RULE_OWN},
    {"POST /api/factors", RULE_APART, RULE_OWN},
    {"DELETE /api/factors/app", RULE_APART, RULE_OWN},
    {"POST /api/factors/app", RULE_APART, RULE_OWN},
    {"POST /api/factors/app/confirm", RULE_APART, RULE_OWN},
    {"POST /api/factors/recovery", RULE_APART, RULE_OWN},
    {NULL},
};

static const struct words_row factors_words[] = {
    {"POST /api/factors/app/confirm", "code", WORDS_NOBODY, WORDS_SECRET},
    {NULL},
};
/* clang-format on */

#endif
