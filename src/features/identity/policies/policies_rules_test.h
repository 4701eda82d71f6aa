#ifndef FEATURES_POLICIES_POLICIES_RULES_TEST_H
#define FEATURES_POLICIES_POLICIES_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule policies_rules[] = {
    {"GET /api/policies", RULE_APART, "the operator's words"},
    {"GET /api/policies/{kind}/{number}", RULE_APART, "the operator's words"},
    {"GET /api/me/policies", RULE_APART, RULE_OWN},
    {"PUT /api/me/policies/{kind}/{number}", RULE_APART, RULE_OWN},
    {NULL},
};

static const struct words_row policies_words[] = {
    {"PUT /api/admin/policies/{kind}/draft/{language}", "text changes", WORDS_OF_STAFF,
     "the terms or the notice, which everybody reads"},
    {NULL},
};
/* clang-format on */

#endif
